"""What is left of an article's graph without the claims that are not confident enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.graph.vocab import OBJECT, PREDICATE, SUBJECT, TYPE, kg
from kgraph.model import Relation

_CLAIM, _ARTICLE, _OFFICE = kg("Claim"), kg("Article"), kg("Office")
_CONFIDENCE = kg("confidence")
_FACT = ((kg("polarity"), kg("affirmed")), (kg("modality"), kg("actual")))
_SYMMETRIC = frozenset(kg(relation.value) for relation in Relation if relation.symmetric)
_Node = Mapping[NamedNode, Set[object]]
_Edge = tuple[object, object, object]


def confident(quads: Set[Quad], min_confidence: float) -> Set[Quad]:
    """The quads of a graph as they would be if its claims below a confidence (0 to 1) had never been written.

    With a claim go its direct edges, unless another claim of the graph says the same, and all that only it leads to:
    its evidence, and descriptions of actors. A claim that gives no confidence is below any but 0.
    """
    if min_confidence <= 0:
        return quads
    nodes = _nodes(quads)
    claims = {iri for iri, node in nodes.items() if _CLAIM in node.get(TYPE, ())}
    low = {iri for iri in claims if not _reaches(nodes[iri], min_confidence)}
    if not low:
        return quads
    edges = _direct_edges(nodes[iri] for iri in low) - _direct_edges(nodes[iri] for iri in claims - low)
    said = {quad for quad in quads if (quad.subject, quad.predicate, quad.object) not in edges}
    nodes = _nodes(said)
    doubtful = _led_to(nodes, low)
    roots = {iri for iri, node in nodes.items() if iri not in doubtful or node.get(TYPE, set()) & {_ARTICLE, _OFFICE}}
    dropped = doubtful - _led_to(nodes, roots | (claims - low))
    return {quad for quad in said if quad.subject not in dropped}


def direct_edges(quads: Iterable[Quad]) -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    """The direct edges that the claims among quads stand for, in both directions where the relation is symmetric."""
    claims = (node for node in _nodes(quads).values() if _CLAIM in node.get(TYPE, ()))
    for subject, relation, object_ in _direct_edges(claims):
        if isinstance(subject, NamedNode) and isinstance(relation, NamedNode) and isinstance(object_, NamedNode):
            yield subject, relation, object_


def _nodes(quads: Iterable[Quad]) -> dict[object, dict[NamedNode, set[object]]]:
    nodes: dict[object, dict[NamedNode, set[object]]] = {}
    for quad in quads:
        nodes.setdefault(quad.subject, {}).setdefault(quad.predicate, set()).add(quad.object)
    return nodes


def _reaches(claim: _Node, min_confidence: float) -> bool:
    values = [float(term.value) for term in claim.get(_CONFIDENCE, ()) if isinstance(term, Literal)]
    return bool(values) and max(values) >= min_confidence


def _direct_edges(claims: Iterable[_Node]) -> set[_Edge]:
    return {edge for claim in claims for edge in _edges_of(claim)}


def _edges_of(claim: _Node) -> Iterator[_Edge]:
    if all(value in claim.get(name, ()) for name, value in _FACT):
        for subject in claim.get(SUBJECT, ()):
            for relation in claim.get(PREDICATE, ()):
                for object_ in claim.get(OBJECT, ()):
                    yield subject, relation, object_
                    if relation in _SYMMETRIC:
                        yield object_, relation, subject


def _led_to(nodes: Mapping[object, _Node], start: Iterable[object]) -> set[object]:
    """The nodes that a way leads to from some of them, these included."""
    found: set[object] = set()
    ahead = list(start)
    while ahead:
        node = ahead.pop()
        if node in nodes and node not in found:
            found.add(node)
            ahead += [other for values in nodes[node].values() for other in values]
    return found
