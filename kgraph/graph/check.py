"""Looking for faults in the data: what SHACL can say, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyshacl
from pyoxigraph import DefaultGraph, NamedNode, Quad
from rdflib import RDF, SH, Graph, Node

from kgraph.errors import StoreError
from kgraph.graph.answers import all_graphs, graphs
from kgraph.graph.bridge import graph_of
from kgraph.graph.cells import last_part
from kgraph.graph.directory import Directory
from kgraph.graph.engine import Engine
from kgraph.graph.stored import StoredClaim, read_claims
from kgraph.graph.vocab import ACTORS_GRAPH, ARTICLES, COPIES_GRAPH, COPY_OF, ONTOLOGY_GRAPH, PREFIXES, term
from kgraph.model import DATA, Actor, ActorType, Claim, Mention, Relation, Span
from kgraph.resources import ontology_dir

BATCH = 200  # articles validated at once: pySHACL costs some milliseconds a run
_RELATIONS = frozenset(PREFIXES["kg"] + relation.value for relation in Relation)
_OTHERS = frozenset({ONTOLOGY_GRAPH, ACTORS_GRAPH, COPIES_GRAPH})
_SUBCLASS = term("rdfs:subClassOf")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the store: where (an article's id, a graph, a node), and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what was found."""

    articles: int
    claims: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """True where nothing is wrong."""
        return not self.faults


def check(engine: Engine, directory: Directory, *, shapes: bool, of_file: bool = False) -> Report:
    """All faults of a store, or of one made of a file; see `Store.check`."""
    names = graphs(engine, None)
    faults = list(
        _strange_graphs(engine, "take them out of the file" if of_file else "remove them through store.dataset")
    )
    if not of_file:
        faults += _missing_graphs(engine)
    claims = 0
    for name in names:
        quads = engine.graph(name)
        try:
            found = list(read_claims(quads, directory.actor))
        except StoreError as error:
            faults.append(Fault(name.value, str(error)))
            continue
        claims += len(found)
        faults += [Fault(found[0].article.id, what) for what in article_faults(name, quads, found)]
    if shapes:
        faults += shape_faults(engine, _article_batches(engine, names))
    return Report(len(names), claims, tuple(faults))


def _strange_graphs(engine: Engine, advice: str) -> Iterator[Fault]:
    for graph in all_graphs(engine):
        ours = isinstance(graph, NamedNode) and (graph.value.startswith(ARTICLES) or graph in _OTHERS)
        if not ours and not engine.is_empty(graph):
            name = "the default graph" if isinstance(graph, DefaultGraph) else graph.value
            yield Fault(name, f"holds quads that kgraph did not write; {advice}")


def _missing_graphs(engine: Engine) -> Iterator[Fault]:
    for graph, content in ((ONTOLOGY_GRAPH, "ontology is"), (ACTORS_GRAPH, "actor lists are")):
        if engine.is_empty(graph):
            yield Fault(graph.value, f"the {content} not in the store; the next 'kgraph add' puts that right")


def article_faults(graph: NamedNode, quads: Iterable[Quad], claims: Sequence[StoredClaim]) -> Iterator[str]:
    """What is wrong with the claims of an article's graph, apart from what shapes can say."""
    if not claims:
        return
    if claims[0].article.iri != graph.value:
        yield f"stands in the graph of another article, {graph.value}; read it again"
    for claim in claims:
        yield from _claim_faults(claim)
    direct = {
        (str(quad.subject)[1:-1], quad.predicate.value, str(quad.object)[1:-1])
        for quad in quads
        if quad.predicate.value in _RELATIONS
    }
    expected = set(_direct_edges(claims))
    for edge in sorted(direct - expected):
        yield f"the direct edge {shown(edge)} has no affirmed and actual claim; read the article again"
    for edge in sorted(expected - direct):
        yield f"the direct edge {shown(edge)} is missing; read the article again"


def _claim_faults(claim: StoredClaim) -> Iterator[str]:
    name = f"claim {last_part(claim.id)}"
    ends = [claim.subject.actor, claim.object.actor]
    for actor in [*ends, *([claim.attribution.actor] if claim.attribution and claim.attribution.actor else [])]:
        if actor.type is None:
            yield f"{name}: nobody describes the actor {actor.iri}; read the article again with the lists you use"
    if claim.id != _expected_id(claim) and "\ufffd" not in claim.article.id:
        yield f"{name}: its id does not fit what it says; read the article again"
    spans = {"trigger": claim.trigger, "subject": claim.subject.span, "object": claim.object.span}
    if claim.attribution:
        spans["attribution"] = claim.attribution.span
    if claim.sentence.end - claim.sentence.start != len(claim.sentence.text):
        yield f"{name}: the sentence is not as long as its place says; read the article again"
    for what, span in spans.items():
        if not _in_place(span, claim.sentence):
            yield f"{name}: the words of the {what}, '{span.text}', are not what stands at their place"


def _expected_id(stored: StoredClaim) -> str:
    """The id that the model gives a claim of what is stored; all that does not go into it is left open."""
    subject, object_ = (
        Mention(
            Actor(end.actor.iri, ActorType.STATE, ""), end.via, 0, 0, (), end.span.start, end.span.end, end.span.text
        )
        for end in (stored.subject, stored.object)
    )
    article, sentence = stored.article.id, stored.sentence
    return Claim(article, sentence, stored.relation, stored.trigger, stored.rule, subject, object_).id


def _in_place(span: Span, sentence: Span) -> bool:
    """True where a span is as long as its words, and, inside the sentence, these are the words that stand there."""
    if span.end - span.start != len(span.text):
        return False
    if span.start < sentence.start or span.end > sentence.end:
        return True  # the words are in another sentence, of which the claim keeps no copy
    return sentence.text[span.start - sentence.start : span.end - sentence.start] == span.text


def _direct_edges(claims: Iterable[StoredClaim]) -> Iterator[tuple[str, str, str]]:
    for claim in claims:
        if claim.is_fact:
            ends = claim.subject.actor.iri, claim.object.actor.iri
            relation = PREFIXES["kg"] + claim.relation.value
            yield ends[0], relation, ends[1]
            if claim.relation.symmetric:
                yield ends[1], relation, ends[0]


def is_relation(predicate: NamedNode) -> bool:
    """True for the property of a relation, as direct edges have it."""
    return predicate.value in _RELATIONS


def shown(edge: tuple[str, str, str]) -> str:
    """A direct edge in words: `Q30 attacks Q794`."""
    return " ".join(part.removeprefix(DATA).removeprefix(PREFIXES["kg"]) for part in edge)


def shape_faults(engine: Engine, batches: Iterable[Iterable[Quad]]) -> Iterator[Fault]:
    """What the shapes find in quads, batch by batch; the classes of actors are looked up where a batch names them."""
    shapes = Graph().parse(ontology_dir() / "shapes.ttl", format="turtle")
    background = [quad for quad in engine.graph(ONTOLOGY_GRAPH) if quad.predicate == _SUBCLASS]
    described: dict[str, list[Quad]] = {}
    for quad in engine.graph(ACTORS_GRAPH):
        described.setdefault(str(quad.subject), []).append(quad)
    for quads in map(list, batches):
        named = {str(quad.object) for quad in quads if isinstance(quad.object, NamedNode)}
        listed = [quad for node in named for quad in described.get(node, ())]
        yield from _violations(graph_of([*background, *listed, *quads]), shapes)


def _article_batches(engine: Engine, names: list[NamedNode]) -> Iterator[list[Quad]]:
    """The articles some at a time, each with its copies and with what links them; links of nothing at the end."""
    links: dict[object, list[Quad]] = {}
    groups: dict[object, list[NamedNode]] = {}
    first: dict[object, object] = {}
    for link in engine.graph(COPIES_GRAPH):
        links.setdefault(link.subject, []).append(link)
        if link.predicate == COPY_OF:
            first[link.subject] = link.object
    for name in names:
        groups.setdefault(first.get(name, name), []).append(name)
    batch: list[NamedNode] = []
    for group in groups.values():
        if batch and len(batch) + len(group) > BATCH:
            yield _with_links(engine, batch, links)
            batch = []
        batch += group
    yield _with_links(engine, batch, links)
    yield [link for rest in links.values() for link in rest]


def _with_links(engine: Engine, names: list[NamedNode], links: dict[object, list[Quad]]) -> list[Quad]:
    quads = [quad for name in names for quad in engine.graph(name)]
    linked = {quad.subject for quad in quads} & links.keys()
    return quads + [link for subject in linked for link in links.pop(subject)]


def _violations(data: Graph, shapes: Graph) -> Iterator[Fault]:
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if conforms:
        return
    faults = {
        Fault(
            str(report.value(result, SH.focusNode)),
            f"{report.value(result, SH.resultMessage)}{_value(report.value(result, SH.value))}",
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    yield from sorted(faults, key=lambda fault: (fault.where, fault.what))


def _value(value: Node | None) -> str:
    return "" if value is None else f" (found {value})"
