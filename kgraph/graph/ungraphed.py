"""Triples without graphs, as in Turtle, put back into the graphs of the articles that say them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from pyoxigraph import Store as Quads

from kgraph.graph.rdf import office_iri
from kgraph.graph.vocab import (
    COPY_OF,
    DERIVED_FROM,
    HAS_SELECTOR,
    HAS_SOURCE,
    IDENTIFIER,
    LABEL,
    LANGUAGE,
    OBJECT,
    PREDICATE,
    REPEATS,
    SUBJECT,
    TYPE,
    kg,
)
from kgraph.model import Relation

Text = tuple[NamedNode, Set[Quad]]

_SYMMETRIC = frozenset(kg(relation.value) for relation in Relation if relation.symmetric)
_HERE = DefaultGraph()


def regrouped(quads: Quads, listed: Callable[[NamedNode], bool]) -> Iterator[Text]:
    """The articles of triples that stand in the default graph, in the order of their IRIs.

    An actor that no list knows, and that articles in one language name differently, cannot be told apart again: it gets
    both labels in both articles, which no article has.
    """
    offices = [office for office in _subjects(quads, TYPE, kg("Office")) if _values(quads, office, LABEL)]
    for article in sorted(_subjects(quads, TYPE, kg("Article")), key=lambda node: node.value):
        nodes = [article]
        claims = []
        for evidence in _subjects(quads, HAS_SOURCE, article):
            nodes += [evidence, *_nodes(quads, evidence, HAS_SELECTOR)]
            claims += _subjects(quads, DERIVED_FROM, evidence)
        held = [office for office in offices if _is_of(quads, office, article)]
        found = {quad for node in (*nodes, *claims, *held) for quad in _about(quads, node)}
        found |= {edge for claim in claims for edge in _edges(quads, claim)}
        ends = [*_ends(quads, claims, SUBJECT, OBJECT, kg("attributedTo"))]
        ends += _ends(quads, held, kg("officeHolder"), kg("officeOf"))
        for actor in dict.fromkeys(ends):
            if not listed(actor):
                found |= set(_described(quads, actor, _words(quads, article, LANGUAGE)))
        own = (quad for quad in found if quad.predicate not in (COPY_OF, REPEATS))
        yield article, {Quad(quad.subject, quad.predicate, quad.object, article) for quad in own}


def _is_of(quads: Quads, office: NamedNode, article: NamedNode) -> bool:
    person, of = (_words(quads, office, kg(name)) for name in ("officeHolder", "officeOf"))
    name = _words(quads, article, IDENTIFIER)
    return any(office.value == office_iri(name, person, of, title) for title in _values(quads, office, LABEL))


def _edges(quads: Quads, claim: NamedNode) -> Iterator[Quad]:
    """The direct edges that a claim stands for."""
    if kg("affirmed") in _nodes(quads, claim, kg("polarity")) and kg("actual") in _nodes(quads, claim, kg("modality")):
        for subject in _nodes(quads, claim, SUBJECT):
            for relation in _nodes(quads, claim, PREDICATE):
                for object_ in _nodes(quads, claim, OBJECT):
                    yield Quad(subject, relation, object_, _HERE)
                    if relation in _SYMMETRIC:
                        yield Quad(object_, relation, subject, _HERE)


def _described(quads: Quads, actor: NamedNode, lang: str) -> Iterator[Quad]:
    """What an article in a language says of an actor that no list knows."""
    labels = [quad for quad in _about(quads, actor) if quad.predicate == LABEL and isinstance(quad.object, Literal)]
    fitting = [quad for quad in labels if isinstance(quad.object, Literal) and quad.object.language == lang.lower()]
    yield from fitting or labels
    for quad in _about(quads, actor):
        if quad.predicate in (TYPE, kg("countryCode")):
            yield quad


def _about(quads: Quads, node: NamedNode) -> list[Quad]:
    return list(quads.quads_for_pattern(node, None, None, _HERE))


def _subjects(quads: Quads, predicate: NamedNode, value: NamedNode) -> list[NamedNode]:
    found = quads.quads_for_pattern(None, predicate, value, _HERE)
    return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]


def _nodes(quads: Quads, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
    found = quads.quads_for_pattern(node, predicate, None, _HERE)
    return [quad.object for quad in found if isinstance(quad.object, NamedNode)]


def _values(quads: Quads, node: NamedNode, predicate: NamedNode) -> list[str]:
    found = quads.quads_for_pattern(node, predicate, None, _HERE)
    return [quad.object.value for quad in found if isinstance(quad.object, NamedNode | Literal)]


def _words(quads: Quads, node: NamedNode, predicate: NamedNode) -> str:
    return next(iter(_values(quads, node, predicate)), "")


def _ends(quads: Quads, nodes: Iterable[NamedNode], *predicates: NamedNode) -> list[NamedNode]:
    return [end for node in nodes for predicate in predicates for end in _nodes(quads, node, predicate)]
