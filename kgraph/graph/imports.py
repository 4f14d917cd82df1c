"""Importing what `kgraph export` has written, or whoever claims so: every article is checked before it is taken.

An article is taken whole or not at all. Its graph must say what kgraph would have written: of the article, its claims,
their evidence, the offices in the text, and actors that no list describes; and of nothing else.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kgraph.errors import ArticleError, StoreError
from kgraph.graph.check import BATCH, article_faults, shape_faults
from kgraph.graph.engine import Engine, storage_errors
from kgraph.graph.fingerprints import read_fingerprint
from kgraph.graph.folder import PART
from kgraph.graph.foreign import read_foreign
from kgraph.graph.rdf import ArticleGraph, evidence_iri, office_iri
from kgraph.graph.stored import StoredActor, StoredClaim, read_article, read_claims
from kgraph.graph.terms import to_value
from kgraph.graph.ungraphed import Text, regrouped
from kgraph.graph.vocab import ACTORS_GRAPH, ARTICLES, COPY_OF, LABEL, PREFIXES, REPEATS, TYPE, kg
from kgraph.graph.writer import Writer
from kgraph.model import DATA, ActorType, Article, Relation

_NAMESPACES = tuple(PREFIXES[prefix] for prefix in ("kg", "rdf", "dcterms", "oa", "prov", "schema", "skos"))
_RELATIONS = frozenset(kg(relation.value) for relation in Relation)
_CLASSES = {kg(kind.value): kind for kind in ActorType}
_OFFICE = f"{DATA}office/"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many articles a file holds, and how many of them were new or changed."""

    articles: int
    changed: int


def import_file(
    engine: Engine, writer: Writer, folder: Path, path: Path, on_problem: Callable[[ArticleError], None]
) -> Imported:
    """Take the articles of an RDF file into a store; see `Store.import_file`."""
    work = folder / f"import{PART}work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        with storage_errors(folder):
            work.mkdir()
            found = read_foreign(path, work / "quads.nq")
            quads = pyoxigraph.Store(str(work / "quads"))
            quads.bulk_load(path=work / "quads.nq", format=RdfFormat.N_QUADS)
        for graph, count in found.others.items():
            what = f"{graph} is no article of kgraph; what stands there ({count}) is left out"
            on_problem(ArticleError(str(path), what, skipped=False))
        if found.ungraphed and found.strange:
            raise StoreError(f"{path}: has blank nodes or statements about statements, which kgraph does not write")
        texts = regrouped(quads, _listed(engine)) if found.ungraphed else _graphs(quads)
        check = _Check(engine, path, {name[1:-1] for name in found.strange}, on_problem)
        changed = writer.put_all(ArticleGraph.of(*text) for text in check.passed(texts))
        del quads
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Imported(check.seen, changed)


def _graphs(quads: pyoxigraph.Store) -> Iterator[Text]:
    for name in sorted((name for name in quads.named_graphs() if isinstance(name, NamedNode)), key=str):
        yield name, set(quads.quads_for_pattern(None, None, None, name))


def _listed(engine: Engine) -> Callable[[NamedNode], bool]:
    """Whether the actor lists of a store describe an actor."""
    return lambda iri: any(True for _ in engine.quads.quads_for_pattern(iri, TYPE, None, ACTORS_GRAPH))


class _Check:
    """What is looked at before an article is taken; `seen` counts all articles."""

    def __init__(
        self, engine: Engine, path: Path, strange: Set[str], on_problem: Callable[[ArticleError], None]
    ) -> None:
        self._engine = engine
        self._path = path
        self._strange = strange
        self._on_problem = on_problem
        self._listed = _listed(engine)
        self.seen = 0

    def passed(self, texts: Iterable[Text]) -> Iterator[Text]:
        """The texts without faults; what is wrong with the others is told."""
        rest = iter(texts)
        while batch := dict(islice(rest, BATCH)):
            self.seen += len(batch)
            faults = {name: next(self._faults(name, quads), "") for name, quads in batch.items()}
            fit = {name: quads for name, quads in batch.items() if not faults[name]}
            nodes = {str(quad.subject)[1:-1]: name for name, quads in fit.items() for quad in quads}
            for fault in shape_faults(self._engine, [[quad for quads in fit.values() for quad in quads]]):
                if fault.where in nodes:
                    faults[nodes[fault.where]] = f"{fault.where.removeprefix(DATA)}: {fault.what}"
            for name, what in faults.items():
                if what:
                    self._tell(name, what)
                else:
                    yield name, batch[name]

    def _tell(self, name: NamedNode, what: str) -> None:
        where = f"{self._path}: article {name.value.removeprefix(ARTICLES)}"
        self._on_problem(ArticleError(where, f"{what}; the article is left out"))

    def _faults(self, name: NamedNode, quads: Set[Quad]) -> Iterator[str]:
        if name.value in self._strange:
            yield "holds blank nodes or statements about statements, which kgraph does not write"
        try:
            article = read_article(quads)
            claims = list(read_claims(quads, lambda iri: self._actor(iri, quads)))
        except (StoreError, ValueError) as error:
            yield str(error)
            return
        if article.iri != name.value or Article(article.id, "").iri != name.value:
            yield "its IRI is not that of its id"
        yield from article_faults(name, quads, claims)
        yield from _strangers(name, quads, self._known(article.id, name, quads, claims), self._listed)

    def _actor(self, iri: str, quads: Set[Quad]) -> StoredActor:
        node = NamedNode(iri)
        said = [quad.object for quad in quads if quad.subject == node and quad.predicate == TYPE]
        said += [quad.object for quad in self._engine.quads.quads_for_pattern(node, TYPE, None, ACTORS_GRAPH)]
        kinds = [kind for name, kind in _CLASSES.items() if name in said]
        return StoredActor(iri, kinds[0] if kinds else None, iri)

    @staticmethod
    def _known(article: str, name: NamedNode, quads: Set[Quad], claims: Iterable[StoredClaim]) -> dict[str, str]:
        """The nodes that belong to an article, with what they are."""
        nodes = {name.value: "article"}
        for claim in claims:
            nodes[claim.id] = "claim"
            evidence = evidence_iri(article, claim.sentence.start, claim.sentence.end)
            nodes |= {evidence: "evidence", f"{evidence}/position": "evidence", f"{evidence}/quote": "evidence"}
            ends = [claim.subject, claim.object]
            nodes |= dict.fromkeys([end.actor.iri for end in ends] + [end.on_behalf_of for end in ends], "actor")
            if claim.attribution and claim.attribution.actor:
                nodes[claim.attribution.actor.iri] = "actor"
        for office, said in _offices(quads).items():
            person, of, title = (said.get(part, "") for part in (kg("officeHolder"), kg("officeOf"), LABEL))
            if office == office_iri(article, person, of, title):
                nodes |= {office: "office", person: "actor", of: "actor"}
        return nodes


def _offices(quads: Iterable[Quad]) -> dict[str, dict[NamedNode, str]]:
    offices: dict[str, dict[NamedNode, str]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_OFFICE):
            if isinstance(quad.object, NamedNode | Literal):
                offices.setdefault(quad.subject.value, {})[quad.predicate] = quad.object.value
    return offices


def _strangers(
    name: NamedNode, quads: Iterable[Quad], nodes: dict[str, str], listed: Callable[[NamedNode], bool]
) -> Iterator[str]:
    """What an article says that is not its own business."""
    named: set[tuple[object, NamedNode]] = set()
    for quad in quads:
        subject, predicate = quad.subject, quad.predicate
        what = nodes.get(subject.value) if isinstance(subject, NamedNode) else None
        if what is None:
            yield f"says something of {subject}, which is no part of it"
        elif not predicate.value.startswith(_NAMESPACES) or not _fits(what, quad):
            yield f"has {predicate} on {subject}, which kgraph does not write"
        elif what == "actor" and predicate not in _RELATIONS and isinstance(subject, NamedNode) and listed(subject):
            yield f"describes {subject}, which the actor lists do; leave these lists out with --actors, or it"
        elif what == "actor" and predicate == LABEL and (subject, LABEL) in named:
            yield f"names {subject} in two ways; another format than Turtle keeps apart which article says what"
        elif predicate == kg("fingerprint"):
            try:
                read_fingerprint(str(to_value(quad.object)) if isinstance(quad.object, Literal) else "")
            except ValueError as error:
                yield str(error)
        named.add((subject, predicate))


def _fits(what: str, quad: Quad) -> bool:
    relation = quad.predicate in _RELATIONS
    if what != "actor":
        return not relation and quad.predicate not in (COPY_OF, REPEATS)
    if quad.predicate == TYPE:
        return quad.object in _CLASSES
    return relation or quad.predicate in (LABEL, kg("countryCode"))
