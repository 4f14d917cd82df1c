"""Oxigraph, as the store uses it: its errors become ours, a graph is replaced at once, a query can be given a time limit."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from kgraph.errors import QueryError, QueryRefused, StoreError, StoreLocked
from kgraph.graph import worker
from kgraph.graph.guard import check_query
from kgraph.graph.queries import Bindings
from kgraph.graph.vocab import PREFIXES

_SNAPSHOT = "snapshot-"
_UPDATE = re.compile(
    r"(?:\s|#[^\n]*\n|(?:PREFIX\s+[\w-]*:|BASE)\s*<[^>]*>)*(?:INSERT|DELETE|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)


class Engine:
    """An Oxigraph store in a folder. Raises StoreError, StoreLocked and QueryError in place of what Oxigraph raises."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._open: pyoxigraph.Store | None = None
        with storage_errors(path):
            if read_only:
                self._open = pyoxigraph.Store.read_only(str(path))
            else:
                self._open = pyoxigraph.Store(str(path))
                for left_over in path.parent.glob(f"{_SNAPSHOT}*"):
                    shutil.rmtree(left_over)

    @property
    def quads(self) -> pyoxigraph.Store:
        """Oxigraph's own store."""
        if self._open is None:
            raise StoreError("the store is closed; open it again")
        return self._open

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._open is None

    def graph(self, name: NamedNode | DefaultGraph) -> set[Quad]:
        """All quads of a graph."""
        with storage_errors(self._path):
            return set(self.quads.quads_for_pattern(None, None, None, name))

    def value(self, node: NamedNode, predicate: NamedNode) -> str | None:
        """The words of a property of a node in the graph that has its name; None where there is none."""
        with storage_errors(self._path):
            found = next(self.quads.quads_for_pattern(node, predicate, None, node), None)
        return found.object.value if found and isinstance(found.object, NamedNode | Literal) else None

    def replace(self, name: NamedNode, quads: Iterable[Quad]) -> None:
        """Put quads in the place of all that a graph holds, in one transaction.

        A new graph is simply added. An old one is dropped and filled by one update; its text is what the engine's own
        serializer makes of the terms.
        """
        with storage_errors(self._path):
            if not self.quads.contains_named_graph(name):
                self.quads.extend(quads)
                return
            triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
            content = (pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
            self.quads.update(f"DROP GRAPH {name} ; INSERT DATA {{ GRAPH {name} {{ {content} }} }}")

    def load(self, name: NamedNode, quads: Iterable[Quad]) -> None:
        """Put many quads in the place of a graph: fast, but not in one transaction."""
        with storage_errors(self._path):
            self.quads.remove_graph(name)
            self.quads.bulk_extend(quads)

    def remove(self, name: NamedNode) -> bool:
        """Remove a graph; False where there was none."""
        with storage_errors(self._path):
            there = self.quads.contains_named_graph(name)
            if there:
                self.quads.remove_graph(name)
            return there

    def query(self, text: str, bindings: Bindings | None = None, *, timeout: float | None = None) -> worker.Result:
        """The result of a query over the union of all graphs.

        With a timeout in seconds it runs in a process of its own on a snapshot, and is killed when the time is over.
        """
        check_query(text)
        if timeout is not None:
            with self._readable() as path:
                return worker.run(path, text, bindings or {}, timeout)
        with storage_errors(self._path), query_errors(text):
            return self.quads.query(
                text,
                prefixes=PREFIXES,
                use_default_graph_as_union=True,
                substitutions=dict(bindings) if bindings else None,
            )

    def backup(self, path: Path) -> None:
        """Copy the store into a folder that does not exist, by hard links where that is possible."""
        with storage_errors(self._path):
            self.quads.backup(str(path))

    def flush(self) -> None:
        """Have everything written on disk, so that the next opening is quick."""
        if not self._read_only:
            with storage_errors(self._path):
                self.quads.flush()

    def close(self) -> None:
        """Flush and let go of the folder."""
        if self._open is not None:
            try:
                self.flush()
            finally:
                self._open = None

    @contextmanager
    def _readable(self) -> Iterator[Path]:
        """A folder that another process may read: this one while nobody can write it, otherwise a snapshot."""
        if self._read_only:
            yield self._path
            return
        with tempfile.TemporaryDirectory(prefix=_SNAPSHOT, dir=self._path.parent) as directory:
            snapshot = Path(directory) / "quads"
            self.backup(snapshot)
            yield snapshot


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """What goes wrong on disk becomes a StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise StoreLocked(f"the store {path} is open in another program; close that first") from error
        raise StoreError(f"the store {path} cannot be used: {error}; restore it from a copy, or use another") from error


@contextmanager
def query_errors(text: str) -> Iterator[None]:
    """What goes wrong in a query becomes a QueryError."""
    try:
        yield
    except SyntaxError as error:
        if _UPDATE.match(text):
            raise QueryRefused(
                "a query cannot change the store; articles are added and removed with 'kgraph add' and 'kgraph remove'"
            ) from error
        raise QueryError(f"the query is not SPARQL: {error}") from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error
