"""The store: what was read from articles, kept on disk, and everything that is asked of it.

One graph per article, replaced whole; the ontology and the actor lists in graphs of their own. The default graph of
every query is the union of them all.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, Unpack

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from kgraph.actors import Registry, load_registry
from kgraph.errors import ArticleError, QueryError, StoreError
from kgraph.graph import answers
from kgraph.graph.answers import Edge, Selection
from kgraph.graph.cells import Rows
from kgraph.graph.directory import Directory
from kgraph.graph.engine import Engine
from kgraph.graph.folder import StoreFolder
from kgraph.graph.formats import rdf_bytes
from kgraph.graph.named import answer
from kgraph.graph.queries import bind_values, is_name, named_query
from kgraph.graph.stored import StoredActor, StoredArticle, StoredClaim, article_iri, read_claims
from kgraph.graph.vocab import READING
from kgraph.graph.writer import Writer
from kgraph.model import Extraction, checked_confidence

if TYPE_CHECKING:
    from datetime import date

    import networkx
    from rdflib import Dataset

    from kgraph.graph.backup import Backup
    from kgraph.graph.check import Report
    from kgraph.graph.imports import Imported
    from kgraph.graph.things import Description

_SHOWN = 12  # actors that a notebook shows of a store


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds; `facts` are the claims that are affirmed and actual."""

    articles: int
    claims: int
    facts: int
    actors: int


def open_store(
    path: str | os.PathLike[str] = "kgraph-store",
    *,
    read_only: bool = False,
    lang: str = "de",
    actors: Sequence[Path] = (),
    update: str | None = None,
) -> Store:
    """Open the store in a folder, and make one where there is none.

    An address (https://…) opens a store on a SPARQL 1.1 server instead; `update` is where that takes updates, if it is
    not what its address suggests. See `kgraph.graph.endpoint` for passwords.
    `lang` is the language of labels, `actors` names further folders of actor lists. One process may have a store open
    for writing; any number may read it meanwhile, and see it as it was when they opened it.
    Raises StoreError where the folder is no store or there is none to read; StoreLocked while another process writes.
    """
    if isinstance(path, str) and path.lower().startswith(("http://", "https://")):
        from kgraph.graph.endpoint import Endpoint
        from kgraph.graph.remote import RemoteEngine, RemoteFolder

        engine = RemoteEngine(Endpoint(path, update), read_only=read_only)
        try:
            return Store(RemoteFolder(engine, read_only=read_only), lang=lang, actors=actors, engine=engine)
        except BaseException:
            engine.close()
            raise
    folder = StoreFolder(Path(path), read_only=read_only)
    if read_only and folder.outdated:
        folder.release()
        open_store(path, lang=lang, actors=actors).close()
        folder = StoreFolder(Path(path), read_only=True)
    try:
        return Store(folder, lang=lang, actors=actors)
    except BaseException:
        folder.release()
        raise


class Store:
    """A graph of claims on disk; made by `open_store`, to be closed or used in a `with` statement."""

    def __init__(self, folder: StoreFolder, *, lang: str, actors: Sequence[Path], engine: Engine | None = None) -> None:
        self.path = folder.path
        self.read_only = folder.read_only
        self.lang = lang
        self._folder = folder
        self._actor_folders = tuple(actors)
        self._engine = engine or Engine(folder.quads, read_only=self.read_only)
        self._directory = Directory(self._engine, lang, lambda: self.registry)
        self._dataset: Dataset | None = None
        self._writer: Writer | None = None
        if not self.read_only:
            self._writer = Writer(self._engine, folder, lambda: self.registry, self._directory.forget)
            try:
                self._writer.load_background(self._actor_folders)
                self._writer.finish()
            except BaseException:
                self._writer.close()
                self._engine.close()
                raise

    def __repr__(self) -> str:
        state = "closed" if self._engine.closed else "read only" if self.read_only else "open for writing"
        return f"<Store {self.path}, {state}>"

    def _repr_html_(self) -> str:
        from kgraph.display.records import store

        if self._engine.closed:
            return store(self.path, {}, (), state="closed")
        most = [(actor.label, claims) for actor, claims in self.actors()[:_SHOWN]]
        return store(
            self.path, asdict(self.counts()), most, state="read only" if self.read_only else "open for writing"
        )

    # --- writing

    def write(self, extraction: Extraction) -> bool:
        """Store what was found in an article, in the place of all that is stored of it; all or nothing.

        False where nothing has changed: then nothing is written. What is written outlives a killed process at once, and
        a power cut after `flush`. Raises ArticleError where the extraction cannot be written as RDF.
        """
        return self._writing.write(extraction)

    def load(self, extractions: Iterable[Extraction]) -> int:
        """Store many articles, each as `write` does; how many have changed.

        Several times as fast, since new articles are written some hundred at a time. Of the batch at work when the
        process is killed no article, or every one, is stored.
        """
        return self._writing.load(extractions)

    def import_file(
        self, path: str | os.PathLike[str], *, on_problem: Callable[[ArticleError], None] | None = None
    ) -> Imported:
        """Take the articles of a file of N-Quads, TriG, JSON-LD or Turtle that `export` has written, also packed (.nq.gz).

        Each article is checked, and taken whole or not at all; `on_problem` is called for those that are left out, and
        for graphs that are no articles. The ontology, the actor lists and the links of copies are this store's own.
        Raises UsageError for another kind of file, StoreError where it is broken: then nothing is taken.
        """
        from kgraph.graph.imports import import_file

        told = on_problem or (lambda _: None)
        return import_file(self._engine, self._writing, self.path, Path(path), told)

    def remove(self, article: str) -> bool:
        """Remove all that is stored of an article, by its id or IRI; False where there is no such article."""
        return self._writing.remove(NamedNode(article_iri(article)))

    def reading_of(self, article: str) -> str | None:
        """The hash of what read an article (`Extraction.reading`), by its id or IRI; None where none is stored."""
        return self._engine.value(NamedNode(article_iri(article)), READING)

    def flush(self) -> None:
        """Have everything written on disk, safe from a power cut; done by itself now and then, and on closing."""
        self._engine.flush()

    def close(self) -> None:
        """Close the store; what is still open of its results ends with a StoreError."""
        if self._dataset is not None:
            self._dataset.close()
            self._dataset = None
            gc.collect()  # rdflib's graphs refer to each other in circles, which would keep the engine's lock
        try:
            if self._writer:
                self._writer.close()
            self._engine.close()
        finally:
            self._folder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- records

    def articles(self) -> Iterator[StoredArticle]:
        """All articles, by date of publication, then id."""
        return answers.articles(self._engine)

    def claims(self, *, article: str | None = None, **selection: Unpack[Selection]) -> Iterator[StoredClaim]:
        """Claims, article by article in the order of IRIs, within one in the order of the text.

        `article` is an id or IRI; see `Selection` for the rest. Raises UsageError for a confidence that is none.
        """
        wanted = answers.wanted(selection, self.resolve)
        if article is not None:
            graphs = [NamedNode(article_iri(article))]
        else:
            graphs = answers.graphs(self._engine, wanted.actor)
        return self._claims(graphs, wanted)

    def edges(self, *, ordered: bool = False, **selection: Unpack[Selection]) -> Iterator[Edge]:
        """Claims without their sentences, out of one query: several times as fast as `claims`.

        `ordered` by day (those without one first), article and place in the text; otherwise in no order.
        """
        return answers.edges(self._engine, answers.wanted(selection, self.resolve), ordered=ordered)

    def actors(self) -> list[tuple[StoredActor, int]]:
        """Every actor at an end of a claim, with the number of its claims, most first."""
        return [(self._directory.actor(iri), count) for iri, count in answers.actors(self._engine)]

    def actor(self, name: str) -> StoredActor:
        """The actor of a name as for `resolve`."""
        return self._directory.actor(self.resolve(name))

    def resolve(self, name: str) -> str:
        """The IRI of an actor: by a name in any language, a code, a Wikidata id, an IRI, or a label that texts gave.

        Raises UnknownActor where nobody has the name, or several have it.
        """
        return self._directory.resolve(name)

    def label(self, iri: str, lang: str | None = None) -> str:
        """The label of an actor, a relation, a class or an article, in the store's language unless another is given.

        Falls back to English, German, any other language, and at last to the last part of the IRI.
        """
        return self._directory.label(iri, lang)

    def counts(self) -> Counts:
        """How many articles, claims, facts and actors there are."""
        return Counts(*answers.counts(self._engine))

    # --- queries

    def select(
        self, query: str, /, *, limit: int | None = None, timeout: float | None = None, **params: object
    ) -> Rows:
        """The rows of a named query ("between") or of a SELECT query in SPARQL.

        The prefixes of `kgraph.graph.PREFIXES` are known, and the default graph is the union of all graphs, if FROM names
        none. `params` of a named query are names, as for `resolve`; of a SPARQL text they are bound to the variables of
        their names, which must stand in its SELECT clause. Named queries about claims take `min_confidence` (0 to 1), below which claims do
        not count, `as_of` (a day), after which nothing that was published counts, and `copies`. Those whose answers
        can be long give 1,000 rows unless `limit` says otherwise; `truncated` of the rows says whether there are more.
        `timeout` is in seconds.
        Raises QueryError where the query is malformed, refused, or too slow; UnknownActor for a name nobody has.
        """
        if is_name(query):
            named = named_query(query.strip())
            return answer(named, params, self._engine, self._directory, limit=limit, timeout=timeout)
        result = self._engine.query(query, bind_values(params), timeout=timeout)
        if not isinstance(result, QuerySolutions):
            raise QueryError("the query is no SELECT; call ask() for ASK, sparql() for CONSTRUCT and DESCRIBE")
        return answers.rows(result, self._directory.label, limit=limit, hidden=frozenset(), query=query)

    def ask(self, query: str, /, *, timeout: float | None = None, **params: object) -> bool:
        """The answer to an ASK query in SPARQL."""
        result = self._engine.query(query, bind_values(params), timeout=timeout)
        if not isinstance(result, QueryBoolean):
            raise QueryError("the query is no ASK; call select() for SELECT, sparql() for CONSTRUCT and DESCRIBE")
        return bool(result)

    def sparql(
        self, query: str, /, *, media_type: str | None = None, timeout: float | None = None
    ) -> tuple[str, bytes]:
        """The media type and the body that the SPARQL protocol answers a query with.

        SELECT and ASK give SPARQL results in JSON, XML, CSV or TSV, CONSTRUCT and DESCRIBE give Turtle, N-Triples,
        RDF/XML or JSON-LD, the first of each unless `media_type` names another.
        Raises QueryError, also where the media type does not fit the query.
        """
        return answers.body(self._engine.query(query, timeout=timeout), query, media_type)

    def describe(self, *iris: str, limit: int = 10_000) -> Description:
        """What is stored of actors, claims, articles and other things, as Turtle; at most `limit` triples."""
        from kgraph.graph.things import describe

        return describe(self._engine, iris, limit=limit)

    # --- other forms

    @property
    def registry(self) -> Registry:
        """The actor lists, the user's own folders included."""
        return load_registry(self.lang, self._actor_folders)

    @property
    def dataset(self) -> Dataset:
        """The store as an rdflib Dataset, whose default graph is the union of all graphs.

        It works on the same data without copying. Queries through it are not checked for SERVICE and FROM, prepared ones
        run in rdflib's own engine, and `len()` reads everything.
        """
        if self._dataset is None:
            from kgraph.graph.bridge import dataset_of

            self._dataset = dataset_of(self._engine.local)
        return self._dataset

    def to_networkx(self, *, min_claims: int = 1, **selection: Unpack[Selection]) -> networkx.MultiDiGraph:
        """The graph for networkx: one edge per subject, relation and object, with counts, dates and the claims' IRIs.

        Unlike in `claims`, `facts` is True and `copies` is False unless given: what is denied, planned, alleged or
        hypothetical, and what copies of an article say again, is not counted. Edges of fewer than `min_claims` claims
        are left out, and so are nodes without edges. See `kgraph.graph.views` for the attributes, `kgraph.views` for
        other networks. Raises UsageError for a confidence that is none.
        """
        from kgraph.graph.views import build, counted

        return build(self.edges(**counted(selection)), self._directory.actor, self.label, min_claims=min_claims)

    def export(
        self,
        output: IO[bytes],
        format: str,  # noqa: A002 - the field's word
        *,
        everything: bool = False,
        min_confidence: float = 0.0,
        as_of: date | None = None,
    ) -> None:
        """Write the store in one of `kgraph.graph.FORMATS`; the same content always gives the same bytes.

        RDF formats hold the articles and the actors that occur in them, with `everything` also the ontology and all
        listed actors. Claims below `min_confidence` (0 to 1) are left out, as if they had never been written: with
        their evidence, the direct edges that no other claim says, and actors that nothing else names. `as_of` leaves out
        articles that were not published by that day, or on no day that is known.
        Raises UsageError for an unknown format, and for a confidence that is none.
        """
        from kgraph.graph.export import export

        least = checked_confidence(min_confidence)
        export(self, self._engine, output, format, everything=everything, min_confidence=least, as_of=as_of)

    def check(self, *, shapes: bool = True) -> Report:
        """Look for faults in the data; `shapes` also validates every article against `ontology/shapes.ttl`."""
        from kgraph.graph.check import check

        return check(self._engine, self._directory, shapes=shapes)

    def canonical_hash(self) -> str:
        """SHA-256 of all quads in canonical N-Quads, sorted by graph and line; there are no blank nodes."""
        checksum = hashlib.sha256()
        for graph in answers.all_graphs(self._engine):
            for line in sorted(rdf_bytes(self._engine.graph(graph), "nquads").splitlines(keepends=True)):
                checksum.update(line)
        return checksum.hexdigest()

    def backup(self, target: str | os.PathLike[str]) -> Backup:
        """Copy the store as it was opened into a new folder, or a new file that ends in .tar, .tar.gz or .tgz.

        The copy is read again and compared. `kgraph.graph.backup.restore` makes a store of it, and a folder can also be opened
        as it is. A store that is open for writing is copied as it is now.
        Raises UsageError where there is something already, StoreError where the copy fails.
        """
        from kgraph.graph.backup import write_backup

        _ = self._engine.local  # or it says that it is on a server
        return write_backup(self._folder, Path(target))

    # --- within

    @property
    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreError(f"the store {self.path} is open for reading only; open it without read_only")
        return self._writer

    def _claims(self, graphs: Sequence[NamedNode], wanted: answers.Wanted) -> Iterator[StoredClaim]:
        repeated = set() if wanted.copies else answers.repeated(self._engine)
        for graph in graphs:
            if quads := self._engine.graph(graph):
                claims = filter(wanted.fits, read_claims(quads, self._directory.actor))
                yield from (claim for claim in claims if claim.id not in repeated)
