"""Oxigraph, as the store uses it: its errors become ours, a graph is replaced at once, a query can be given a time limit."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from kgraph.errors import QueryError, QueryRefused, StoreError, StoreLocked
from kgraph.graph import readers, worker
from kgraph.graph.disk import disk_full, is_full
from kgraph.graph.guard import check_query
from kgraph.graph.queries import Bindings
from kgraph.graph.vocab import PREFIXES

_LEFT_OVER = (
    "bulk-*.sst",  # of a loading that was killed
    "*.dbtmp",  # of an opening that was killed
    "LOG.old.*",  # 140 kB of each opening
    "../*.part-*",  # of an import or a restoring that was killed
    "../snapshot-*",  # of queries by earlier versions
)
_LOG = 10_000  # quads, some 5 MB; what is in the log alone has to be read again by the next opening
_PLACE = re.compile(r"error at (\d+):(\d+)")
_SAID, _BEFORE = 160, 40  # characters of an error that are passed on, and of the query before it
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
        self._unflushed = 0
        self._beside: ThreadPoolExecutor | None = None
        self._flushing: Future[None] | None = None
        with storage_errors(path):
            if read_only:
                self._open = pyoxigraph.Store.read_only(str(path))
            else:
                self._open = pyoxigraph.Store(str(path))
                _clean(path)

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    @property
    def quads(self) -> pyoxigraph.Store:
        """Oxigraph's own store."""
        if self._open is None:
            raise StoreError("the store is closed; open it again")
        return self._open

    @property
    def local(self) -> pyoxigraph.Store:
        """Oxigraph's own store, where it is on this machine."""
        return self.quads

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._open is None

    def graph(self, name: NamedNode | DefaultGraph) -> set[Quad]:
        """All quads of a graph."""
        with storage_errors(self._path):
            return set(self.quads.quads_for_pattern(None, None, None, name))

    def is_empty(self, name: NamedNode | DefaultGraph) -> bool:
        """True where a graph has no quads, or is not there."""
        with storage_errors(self._path):
            return next(self.quads.quads_for_pattern(None, None, None, name), None) is None

    def value(self, node: NamedNode, predicate: NamedNode) -> str | None:
        """The words of a property of a node in the graph that has its name; None where there is none."""
        with storage_errors(self._path):
            found = next(self.quads.quads_for_pattern(node, predicate, None, node), None)
        return found.object.value if found and isinstance(found.object, NamedNode | Literal) else None

    def change(self, add: Collection[Quad], remove: Iterable[Quad] = (), *, drop: NamedNode | None = None) -> None:
        """Drop a graph, remove quads, and add others, in one transaction.

        Quads are simply added where that is all. Otherwise it is one update, whose text is what the engine's own
        serializer makes of the terms.
        """
        remove = list(remove)
        with storage_errors(self._path):
            if drop is not None and not self.quads.contains_named_graph(drop):
                drop = None
            if drop is None and not remove:
                self.quads.extend(add)
            else:
                steps = [f"DROP GRAPH {drop}"] if drop is not None else []
                steps += [f"{verb} DATA {{ {_data(quads)} }}" for verb, quads in (("DELETE", remove), ("INSERT", add))]
                self.quads.update(" ; ".join(steps))
        self._wrote(len(add) + len(remove))

    def insert(self, lines: bytes) -> None:
        """Add the quads of our own lines of N-Quads in one transaction."""
        with storage_errors(self._path):
            self.quads.load(lines, RdfFormat.N_QUADS, lenient=True)
        self._wrote(lines.count(b"\n"))

    def load_lines(self, lines: bytes) -> None:
        """Add the quads of our own lines of N-Quads at once, as `load`."""
        with storage_errors(self._path):
            self.quads.bulk_load(lines, RdfFormat.N_QUADS, lenient=True)

    def load(self, quads: Iterable[Quad]) -> None:
        """Add many quads at once: faster than `change`, also in one step, and on disk when this returns."""
        with storage_errors(self._path):
            self.quads.bulk_extend(quads)

    def query(self, text: str, bindings: Bindings | None = None, *, timeout: float | None = None) -> worker.Result:
        """The result of a query over the union of all graphs, or over those that it chooses by FROM.

        With a timeout in seconds it runs in a process of its own on a snapshot, and is killed when the time is over.
        """
        union = not check_query(text)
        if timeout is not None:
            with self._readable() as path, query_errors(text):
                return worker.run(path, text, bindings or {}, timeout, union=union)
        with storage_errors(self._path), query_errors(text):
            return self.quads.query(
                text,
                prefixes=PREFIXES,
                use_default_graph_as_union=union,
                substitutions=dict(bindings) if bindings else None,
            )

    def flush(self) -> None:
        """Have everything written on disk, so that the next opening is quick."""
        if not self._read_only:
            with storage_errors(self._path):
                self._flushed()
                self.quads.flush()
        self._unflushed = 0

    def close(self) -> None:
        """Flush and let go of the folder."""
        if self._open is not None:
            try:
                self.flush()
            finally:
                if self._beside:
                    self._beside.shutdown()
                self._open = self._beside = None

    def _wrote(self, quads: int) -> None:
        """Note how much was written; when it is enough the log is flushed, while the next quads are written."""
        self._unflushed += quads
        if self._unflushed >= _LOG:
            with storage_errors(self._path):
                self._flushed()
            self._unflushed = 0
            self._beside = self._beside or ThreadPoolExecutor(1, "kgraph-flush")
            self._flushing = self._beside.submit(self.quads.flush)

    def _flushed(self) -> None:
        """Wait for the flushing at work; raises what went wrong with it."""
        flushing, self._flushing = self._flushing, None
        if flushing:
            flushing.result()

    @contextmanager
    def _readable(self) -> Iterator[Path]:
        """A folder that another process may read: this one while nobody can write it, otherwise a view."""
        if self._read_only:
            yield self._path
            return
        with storage_errors(self._path):
            view = readers.View(self._path)
        try:
            yield view.path
        finally:
            view.release()


def _clean(path: Path) -> None:
    """Delete what killed processes have left in a store that is open for writing."""
    readers.clear(path)
    for pattern in _LEFT_OVER:
        folder, _, name = pattern.rpartition("/")
        for left_over in (path / folder).glob(name):
            if left_over.is_dir():
                shutil.rmtree(left_over, ignore_errors=True)
            else:
                left_over.unlink(missing_ok=True)


def _data(quads: Iterable[Quad]) -> str:
    """Quads as the data of an update."""
    graphs: dict[str, list[Triple]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(Triple(quad.subject, quad.predicate, quad.object))
    texts = {
        name: (pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
        for name, triples in graphs.items()
    }
    return " ".join(f"GRAPH {name} {{ {text} }}" for name, text in texts.items())


def shown_fault(error: SyntaxError, text: str) -> str:
    """What the engine says of a fault, with the words before it; of all that could stand there only the beginning."""
    words = " ".join(str(error).split())
    words = f"{words[:_SAID]} …" if len(words) > _SAID else words
    lines, place = text.splitlines(), _PLACE.search(words)
    line = lines[int(place[1]) - 1] if place and 0 < int(place[1]) <= len(lines) else ""
    before = line[: int(place[2]) - 1].strip()[-_BEFORE:] if place else ""
    return f"{words} (after '{before}')" if before else words


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """What goes wrong on disk becomes a StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if is_full(error):
            raise disk_full(path) from error
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
        raise QueryError(f"the query is not SPARQL: {shown_fault(error, text)}") from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error
