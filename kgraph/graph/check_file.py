"""Looking for faults in a file of RDF as in a store: it is sorted into the graphs of a store that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat

from kgraph.actors import Registry, load_registry
from kgraph.errors import DataError, UsageError
from kgraph.graph.background import background_quads
from kgraph.graph.cells import last_part
from kgraph.graph.check import Fault, Report, check, is_relation, shape_faults, shown
from kgraph.graph.confident import direct_edges
from kgraph.graph.directory import Directory
from kgraph.graph.engine import Engine, storage_errors
from kgraph.graph.rdf_files import NAMES, format_of, opened
from kgraph.graph.vocab import (
    ACTORS_GRAPH,
    COPIES_GRAPH,
    DERIVED_FROM,
    HAS_SELECTOR,
    HAS_SOURCE,
    ONTOLOGY_GRAPH,
    TYPE,
    kg,
)
from kgraph.model import NAMESPACE, ActorType

_MOST = 100_000  # triples that belong to no article, which are held in memory
_BATCH = 10_000  # quads written, actors validated at once
_DEFAULT = DefaultGraph()
_ARTICLE, _OFFICE, _OFFICIAL = kg("Article"), kg("Office"), kg("officialOf")
_COPIES = frozenset({kg("copyOf"), kg("repeats")})
_DESCRIBED = frozenset({_OFFICE, *(kg(kind.value) for kind in ActorType)})
_Node = NamedNode | BlankNode


def check_file(path: Path, *, lang: str = "de", actors: Sequence[Path] = ()) -> Report:
    """All faults of a file of N-Quads, TriG, JSON-LD, Turtle or N-Triples, by the end of its name.

    The ontology and the actor lists (with those in the folders `actors`) stand in for what the file has not of its own.
    In a file without graphs a triple belongs to the article that its evidence leads to. Raises UsageError for another
    kind of file, DataError where it is not what its name says.
    """
    kind = format_of(path)
    if kind is None:
        raise UsageError(f"{path}: no kind of RDF ends in '{path.suffix}'; the name must end in one of {NAMES}")
    registry = load_registry(lang, actors)
    with tempfile.TemporaryDirectory(prefix="kgraph-check-") as folder:
        engine = Engine(Path(folder) / "quads", read_only=False)
        try:
            rest: list[Quad] = []
            if kind.supports_datasets:
                _load(engine.quads, path, kind)
            else:
                source = pyoxigraph.Store(str(Path(folder) / "file"))
                _load(source, path, kind)
                rest = _sort(source, engine)
                del source
            own = engine.graph(ACTORS_GRAPH)
            _stand_in(engine, registry, {quad.subject for quad in own})
            return _report(engine, Directory(engine, lang, lambda: registry), rest, own)
        finally:
            engine.close()


def _report(engine: Engine, directory: Directory, rest: list[Quad], own: set[Quad]) -> Report:
    report = check(engine, directory, shapes=True, of_file=True)
    faults = [*report.faults, *_homeless(rest)]
    if rest:
        faults += shape_faults(engine, [set(rest)])
    faults += shape_faults(engine, _batches(own))
    return Report(report.articles, report.claims, tuple(dict.fromkeys(faults)))


def _load(store: pyoxigraph.Store, path: Path, kind: RdfFormat) -> None:
    with storage_errors(path):
        try:
            with opened(path) as content:
                store.bulk_load(content, kind)
        except SyntaxError as error:
            line = f":{error.lineno}" if error.lineno else ""
            raise DataError([f"{path}{line}: is no {kind.name}: {error.msg}"]) from error
        except ValueError as error:
            raise DataError([f"{path}: is no {kind.name}: {error}"]) from error


def _stand_in(engine: Engine, registry: Registry, described: set[object]) -> None:
    """Give the store what the file only names: the ontology, and what the lists say of actors that it does not describe."""
    ontology = bool(engine.graph(ONTOLOGY_GRAPH))
    named = {
        entry.id
        for entry in registry.actors
        if next(engine.quads.quads_for_pattern(None, None, NamedNode(entry.id), None), None)
    }
    needed = {NamedNode(iri) for iri in named}.difference(described)
    engine.load(
        quad
        for quad in background_quads(registry)
        if (not ontology if quad.graph_name == ONTOLOGY_GRAPH else quad.subject in needed)
    )


def _sort(source: pyoxigraph.Store, engine: Engine) -> list[Quad]:
    """Put the triples of a file into the graphs of a store; what belongs in none of them is given back.

    Raises UsageError where that is more than would fit into memory.
    """
    articles = [article for article in _subjects(source, TYPE, _ARTICLE) if isinstance(article, NamedNode)]
    engine.load(quad for article in articles for quad in _article(source, article))
    rest: list[Quad] = []
    known: list[Quad] = []
    for quad in source.quads_for_pattern(None, None, None, _DEFAULT):
        graph = _graph_of(source, engine, quad)
        if graph is None:
            rest.append(quad)
        elif graph != quad.graph_name:
            known.append(Quad(quad.subject, quad.predicate, quad.object, graph))
        if len(known) >= _BATCH:
            engine.load(known)
            known = []
        if len(rest) > _MOST:
            raise UsageError(f"more than {_MOST:,} triples belong to no article; is this what kgraph wrote?")
    engine.load(known)
    return rest


def _article(source: pyoxigraph.Store, article: NamedNode) -> Iterator[Quad]:
    """What belongs to an article: itself, its evidence, its claims, and their direct edges as far as they are there."""
    nodes: dict[_Node, None] = {article: None}
    for evidence in _subjects(source, HAS_SOURCE, article):
        nodes[evidence] = None
        for quad in source.quads_for_pattern(evidence, HAS_SELECTOR, None, _DEFAULT):
            if isinstance(quad.object, NamedNode | BlankNode):
                nodes[quad.object] = None
        nodes.update(dict.fromkeys(_subjects(source, DERIVED_FROM, evidence)))
    quads = [
        Quad(quad.subject, quad.predicate, quad.object, article)
        for node in nodes
        for quad in source.quads_for_pattern(node, None, None, _DEFAULT)
        if quad.predicate not in _COPIES
    ]
    yield from quads
    for subject, relation, object_ in direct_edges(quads):
        if Quad(subject, relation, object_, _DEFAULT) in source:
            yield Quad(subject, relation, object_, article)


def _graph_of(source: pyoxigraph.Store, engine: Engine, quad: Quad) -> NamedNode | DefaultGraph | None:
    """Where a triple belongs that is of no single article; the default graph where it is in place already."""
    if quad.predicate in _COPIES:
        return COPIES_GRAPH
    if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(NAMESPACE.rstrip("#")):
        return ONTOLOGY_GRAPH
    if next(engine.quads.quads_for_pattern(quad.subject, quad.predicate, quad.object, None), None):
        return _DEFAULT
    if is_relation(quad.predicate):
        held = quad.predicate == _OFFICIAL and any(
            Quad(office, kg("officeOf"), quad.object, _DEFAULT) in source
            for office in _subjects(source, kg("officeHolder"), quad.subject)
        )
        return ACTORS_GRAPH if held else None
    kinds = (found.object for found in source.quads_for_pattern(quad.subject, TYPE, None, _DEFAULT))
    return ACTORS_GRAPH if any(kind in _DESCRIBED for kind in kinds) else None


def _subjects(source: pyoxigraph.Store, predicate: NamedNode, value: object) -> Iterator[_Node]:
    for quad in source.quads_for_pattern(None, predicate, value, _DEFAULT):  # type: ignore[arg-type]  # a term it is
        if isinstance(quad.subject, NamedNode | BlankNode):
            yield quad.subject


def _homeless(rest: list[Quad]) -> Iterator[Fault]:
    """What the triples that belong to no article are, once for each edge and each subject."""
    claims = {quad.subject for quad in rest if quad.predicate == TYPE and quad.object == kg("Claim")}
    for subject in dict.fromkeys(quad.subject for quad in rest if not is_relation(quad.predicate)):
        name = str(subject).strip("<>")
        if subject in claims:
            yield Fault(name, f"claim {last_part(name)}: its evidence leads to no article; read the article again")
        else:
            yield Fault(name, "belongs to no article, and is no actor; take it out of the file")
    for quad in rest:
        if is_relation(quad.predicate):
            edge = shown((str(quad.subject).strip("<>"), quad.predicate.value, str(quad.object).strip("<>")))
            yield Fault(str(quad.subject).strip("<>"), f"the direct edge {edge} has no affirmed and actual claim")


def _batches(actors: set[Quad]) -> Iterator[set[Quad]]:
    """The actors of a file, some at a time, each with all that is said of it."""
    batch: set[Quad] = set()
    last = None
    for quad in sorted(actors, key=lambda quad: str(quad.subject)):
        if len(batch) >= _BATCH and quad.subject != last:
            yield batch
            batch = set()
        batch.add(quad)
        last = quad.subject
    if batch:
        yield batch
