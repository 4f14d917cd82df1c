"""What the store says of single things, as Turtle: an actor, a claim with its evidence, an article with all its claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kgraph.graph.engine import Engine, storage_errors
from kgraph.graph.vocab import ARTICLES, DERIVED_FROM, HAS_SELECTOR, PREFIXES, kg

_FOLLOWED = (DERIVED_FROM, HAS_SELECTOR)


@dataclass(frozen=True, slots=True)
class Description:
    """Turtle with so many triples; `truncated` where there are more than were asked for."""

    turtle: bytes
    triples: int
    truncated: bool


def describe(engine: Engine, iris: Iterable[str], *, limit: int) -> Description:
    """All triples with the things as subjects, and what belongs to them, at most `limit`.

    To a claim belongs its evidence, to an actor its offices; an article comes with its whole graph. An IRI that is none,
    and one that the store does not know, has no triples.
    """
    seen: dict[Triple, None] = {}
    with storage_errors(engine.path):
        for quad in islice(_all(engine, iris), 20 * limit):
            seen[Triple(quad.subject, quad.predicate, quad.object)] = None
            if len(seen) > limit:
                break
    kept = list(seen)[:limit]
    turtle = pyoxigraph.serialize(kept, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    return Description(turtle, len(kept), truncated=len(kept) < len(seen))


def _all(engine: Engine, iris: Iterable[str]) -> Iterator[Quad]:
    for iri in iris:
        try:
            node = NamedNode(iri)
        except ValueError:
            continue
        if iri.startswith(ARTICLES):
            yield from engine.quads.quads_for_pattern(None, None, None, node)
            continue
        yield from _with_parts(engine, node)
        for link in (kg("officeHolder"), kg("officeOf")):
            for office in engine.quads.quads_for_pattern(None, link, node, None):
                if isinstance(office.subject, NamedNode):
                    yield from engine.quads.quads_for_pattern(office.subject, None, None, None)


def _with_parts(engine: Engine, node: NamedNode) -> Iterator[Quad]:
    for quad in engine.quads.quads_for_pattern(node, None, None, None):
        yield quad
        if quad.predicate in _FOLLOWED and isinstance(quad.object, NamedNode):
            yield from _with_parts(engine, quad.object)
