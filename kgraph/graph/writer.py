"""Writing into a store: articles one by one or many at once, and what lies behind them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat

from kgraph.actors import Registry
from kgraph.errors import StoreError
from kgraph.graph.actor_graph import ListedActors, actor_quads, actors_digest
from kgraph.graph.copies import Copies
from kgraph.graph.copy_index import FILE
from kgraph.graph.disk import disk_full, is_full
from kgraph.graph.engine import Engine
from kgraph.graph.folder import StoreFolder
from kgraph.graph.migrate import migrate
from kgraph.graph.rdf import ArticleGraph, article_graph
from kgraph.graph.vocab import ACTORS_GRAPH, ONTOLOGY_GRAPH
from kgraph.model import Extraction
from kgraph.resources import ontology_dir

_BATCH = 200_000  # quads that `load` takes at once, some 40 MB of lines
_AT_WORK = 2  # batches that the engine has at a time: while it reads one, it sorts and writes the other
_ONTOLOGY = ("kgraph.ttl", "crosswalk.ttl")


class Writer:
    """The one writer of a store; `changed` is called after every change."""

    def __init__(
        self, engine: Engine, folder: StoreFolder, registry: Callable[[], Registry], changed: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._registry = registry
        self._changed = changed

    def write(self, extraction: Extraction) -> bool:
        """Put what was found in an article in the place of all that is stored of it; False where nothing has changed."""
        return self.put(article_graph(extraction, self._listed))

    def put(self, graph: ArticleGraph) -> bool:
        """Put a graph in the place of the article's, as `write`."""
        name = graph.name
        there = self._engine.graph(name)
        if there and graph.quads == there:
            return False
        with self._copies_at_work() as copies:
            links = copies.links({name: graph}, fresh=not there)
            if there or links.add or links.remove:
                self._engine.change([*graph.quads, *links.add], links.remove, drop=name)
            else:
                self._engine.insert(graph.lines)
            copies.settle({name: graph})
        self._changed()
        return True

    def load(self, extractions: Iterable[Extraction]) -> int:
        """Write many articles a batch at a time; how many have changed."""
        return self.put_all(article_graph(extraction, self._listed) for extraction in extractions)

    def put_all(self, graphs: Iterable[ArticleGraph]) -> int:
        """Put many graphs in the place of articles', as `load`; while the engine takes two batches, the next is made."""
        changed = 0
        begun: deque[tuple[Set[NamedNode], Callable[[], int]]] = deque()
        with ThreadPoolExecutor(_AT_WORK) as beside:
            try:
                for batch in _batches(graphs):
                    while len(begun) >= _AT_WORK or any(not names.isdisjoint(batch) for names, _ in begun):
                        changed += begun.popleft()[1]()
                    begun.append((batch.keys(), self._put_batch(batch, beside)))
            finally:
                while begun:
                    changed += begun.popleft()[1]()
        return changed

    def remove(self, name: NamedNode) -> bool:
        """Remove an article's graph; False where there is none."""
        if not self._engine.quads.contains_named_graph(name):
            return False
        gone = {name: ArticleGraph(name)}
        with self._copies_at_work() as copies:
            links = copies.links(gone)
            self._engine.change(links.add, links.remove, drop=name)
            copies.settle(gone)
        self._changed()
        return True

    def load_background(self, folders: Sequence[Path]) -> None:
        """Load the ontology and the actor lists where the store has none (an update may remove them) or has others.

        The marker forgets the old hash before and learns the new one after, so that a loading cut short is repeated.
        """
        files = [(ontology_dir() / name).read_bytes() for name in _ONTOLOGY]
        ontology = hashlib.sha256(b"\x1f".join(files)).hexdigest()
        actors = actors_digest((ontology_dir() / "actors", *folders))
        marker = self._folder.marker
        if self._folder.old:
            if marker and self._folder.outdated:
                migrate(self._engine)
            self._folder.mark()
        if marker.get("ontology") != ontology or self._engine.is_empty(ONTOLOGY_GRAPH):
            quads = [quad for content in files for quad in pyoxigraph.parse(content, RdfFormat.TURTLE)]
            self._folder.mark(ontology=None)
            self._load(ONTOLOGY_GRAPH, (Quad(q.subject, q.predicate, q.object, ONTOLOGY_GRAPH) for q in quads))
            self._folder.mark(ontology=ontology)
        if marker.get("actors") != actors or self._engine.is_empty(ACTORS_GRAPH):
            self._folder.mark(actors=None)
            self._load(ACTORS_GRAPH, actor_quads(self._registry()))
            self._folder.mark(actors=actors)

    def finish(self) -> None:
        """Link the articles that a kill has left stored but unlinked."""
        if (self._folder.path / FILE).exists():
            with self._copies_at_work() as copies:
                if unlinked := copies.unlinked:
                    self._link(copies, {name: ArticleGraph.of(name, self._engine.graph(name)) for name in unlinked})

    def close(self) -> None:
        """Let go of the index of copies."""
        if "_copies" in self.__dict__:
            self._copies.close()
            del self._copies

    # --- within

    def _put_batch(self, batch: dict[NamedNode, ArticleGraph], beside: Executor) -> Callable[[], int]:
        """Write a batch: replaced articles in a transaction each, new ones all in one step, their links after that.

        What is given back waits for that step, writes the links, and tells how many articles have changed.
        """
        new: dict[NamedNode, ArticleGraph] = {}
        replaced = 0
        for name, graph in batch.items():
            if self._engine.quads.contains_named_graph(name):
                replaced += self.put(graph)
            else:
                new[name] = graph
        if not new:
            return lambda: replaced
        with self._copies_at_work() as copies:
            copies.enter(new)
        loading = beside.submit(self._engine.load_lines, b"".join([graph.lines for graph in new.values()]))

        def finish() -> int:
            loading.result()
            with self._copies_at_work() as copies:
                self._link(copies, new, fresh=True)
            self._changed()
            return replaced + len(new)

        return finish

    def _link(self, copies: Copies, texts: dict[NamedNode, ArticleGraph], *, fresh: bool = False) -> None:
        links = copies.links(texts, fresh=fresh)
        if links.add or links.remove:
            self._engine.change(links.add, links.remove)
        copies.settle(texts)

    def _load(self, name: NamedNode, quads: Iterable[Quad]) -> None:
        """Make a graph hold just these quads; readers never see it half changed."""
        if there := self._engine.graph(name):
            wanted = set(quads)
            self._engine.change(wanted - there, there - wanted)
        else:
            self._engine.load(quads)

    @contextmanager
    def _copies_at_work(self) -> Iterator[Copies]:
        """The copies; what goes wrong in their index becomes a StoreError."""
        try:
            yield self._copies
        except (sqlite3.Error, OSError) as error:
            if is_full(error):
                raise disk_full(self._folder.path) from error
            where = self._folder.path / FILE
            raise StoreError(f"{where} cannot be used: {error}; delete it, it is made again") from error

    @cached_property
    def _copies(self) -> Copies:
        return Copies(self._engine, self._folder.path)

    @cached_property
    def _listed(self) -> ListedActors:
        return ListedActors(self._registry())


def _batches(graphs: Iterable[ArticleGraph]) -> Iterator[dict[NamedNode, ArticleGraph]]:
    """Graphs in batches of so many quads; of two with one name the later one counts."""
    batch: dict[NamedNode, ArticleGraph] = {}
    size = 0
    for graph in graphs:
        batch[graph.name] = graph
        size += len(graph)
        if size >= _BATCH:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch
