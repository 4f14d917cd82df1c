"""Bringing the articles of a store that an earlier version wrote up to date; each in a transaction of its own.

Format 1 gave an end to a claim's date only where it was another day, and no date to claims that have none of their own.
Fingerprints need the text of an article, which a store does not hold: they come with the next reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from pyoxigraph import NamedNode, Quad

from kgraph.graph.engine import Engine
from kgraph.graph.vocab import ARTICLES, PUBLISHED, TYPE, kg

_DAY, _LAST, _ORIGIN = kg("eventDate"), kg("eventEndDate"), kg("dateOrigin")


def migrate(engine: Engine) -> None:
    """Add what format 2 says of dates, as often as it is called."""
    for name in engine.quads.named_graphs():
        if isinstance(name, NamedNode) and name.value.startswith(ARTICLES):
            quads = engine.graph(name)
            if missing := set(_dates(name, quads)) - quads:
                engine.change(missing)


def _dates(name: NamedNode, quads: Set[Quad]) -> Iterator[Quad]:
    published = next((quad.object for quad in quads if quad.subject == name and quad.predicate == PUBLISHED), None)
    days = {quad.subject: quad.object for quad in quads if quad.predicate == _DAY}
    ended = {quad.subject for quad in quads if quad.predicate == _LAST}
    for claim in {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == kg("Claim")} - ended:
        if claim in days:
            yield Quad(claim, _LAST, days[claim], name)
        elif published is not None:
            yield Quad(claim, _DAY, published, name)
            yield Quad(claim, _LAST, published, name)
            yield Quad(claim, _ORIGIN, kg("published"), name)
