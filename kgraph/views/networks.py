"""Networks of a store's claims, for networkx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack, cast

import networkx as nx

from kgraph.errors import UsageError
from kgraph.graph import views
from kgraph.graph.answers import Edge, Selection
from kgraph.graph.crosswalk import goldstein
from kgraph.model import Polarity, Quad, Relation

if TYPE_CHECKING:
    from kgraph.graph import Store
    from kgraph.views.table import Cell, Ends

# States of affairs have no value on Goldstein's scale, yet say on which side two actors stand. `officialOf` says nothing
# of the kind.
_STANDING = {
    Relation.ALLY: 1,
    Relation.PARTNER: 1,
    Relation.MEMBER_OF: 1,
    Relation.RIVAL: -1,
    Relation.AT_WAR_WITH: -1,
}
_SIDES = {
    Quad.VERBAL_COOPERATION: 1,
    Quad.MATERIAL_COOPERATION: 1,
    Quad.VERBAL_CONFLICT: -1,
    Quad.MATERIAL_CONFLICT: -1,
}


class Options(Selection, total=False):
    """A selection of claims, and how to count them.

    `facts` is True and `copies` is False unless given, unlike in `Store.claims`: a view holds what is affirmed and
    actual, and what several copies of a report say counts once. `acting_for` puts
    the state or organisation in the place of a person who acts for it; what then joins an actor with itself is left out.
    """

    acting_for: bool


def entities(store: Store, *, min_claims: int = 1, **options: Unpack[Options]) -> nx.MultiDiGraph:
    """The actors and their relations: one edge per subject, relation and object, as `Store.to_networkx` describes it."""
    return views.build(claims(store, options), store.actor, store.label, min_claims=min_claims)


def ego(
    source: Store | nx.MultiDiGraph, centre: str, *, radius: int = 1, **options: Unpack[Options]
) -> nx.MultiDiGraph:
    """What lies within `radius` edges of an actor in either direction, and all edges between what lies there.

    Out of a store, `centre` is a name as for `Store.resolve`, and only this part of the graph is built; out of a graph
    made by `entities` it is a node. Raises UnknownActor; UsageError for a node that is not in the graph.
    """
    if isinstance(source, nx.Graph):
        if centre not in source:
            raise UsageError(f"'{centre}' is no node of the graph; nodes are the IRIs of actors")
        return views.ego(source, centre, radius=radius)
    iri = source.resolve(centre)
    links = nx.Graph()
    links.add_node(iri)
    links.add_edges_from((edge.subject, edge.object) for edge in claims(source, options))
    within = nx.single_source_shortest_path_length(links, iri, cutoff=radius).keys()
    inside = (edge for edge in claims(source, options) if edge.subject in within and edge.object in within)
    return views.build(inside, source.actor, source.label)


def articles(store: Store, **options: Unpack[Options]) -> nx.Graph:
    """Articles and the actors at the ends of their claims: a bipartite graph.

    Nodes are IRIs; `bipartite` is 0 for articles, with `article` (its id), `label` (the title), `publisher` and `published` where known,
    and 1 for actors, with `label`, `type` and `country`. Edges count: `claims`, and `subject` and `object`, in how many
    of them the actor is which end.
    """
    graph = views.PairGraph()
    counts: dict[tuple[str, str], list[int]] = {}
    for edge in claims(store, options):
        for end, place in ((edge.subject, 1), (edge.object, 2)):
            count = counts.setdefault((edge.article, end), [0, 0, 0])
            count[0] += place == 1 or edge.subject != edge.object
            count[place] += 1
    read = {article for article, _ in counts}
    for article in sorted((one for one in store.articles() if one.iri in read), key=lambda one: one.iri):
        known = {
            "label": article.title,
            "publisher": article.publisher,
            "published": article.published.isoformat() if article.published else None,
        }
        graph.add_node(
            article.iri, bipartite=0, article=article.id, **{key: value for key, value in known.items() if value}
        )
    for iri in sorted({end for _, end in counts}):
        graph.add_node(iri, bipartite=1, **views.described(store.actor(iri)))
    for (read_in, end), (number, subject, object_) in sorted(counts.items()):
        graph.add_edge(read_in, end, claims=number, subject=subject, object=object_)
    return graph


def signed(store: Store, *, min_claims: int = 1, **options: Unpack[Options]) -> nx.Graph:
    """Cooperation and conflict: one edge for each two actors, whichever of them acts.

    `cooperation` and `conflict` count claims, `weight` both together; `balance` is their difference divided by their sum,
    from -1 to 1, `sign` is 1, -1, or 0 where both are as many. `goldstein` is the sum of the values of those claims that
    have one, `tone` their mean. Of the states of affairs, ally, partner and memberOf count as cooperation, rival and
    atWarWith as conflict, officialOf not at all. What a text denies does not count, whatever is asked for. Edges of
    fewer than `min_claims` claims are left out, and nodes without edges.
    """
    values = goldstein()
    pairs: dict[tuple[str, str], _Pair] = {}
    for edge in claims(store, options):
        side = side_of(edge.relation)
        if side and edge.polarity is Polarity.AFFIRMED and edge.subject != edge.object:
            ends = (min(edge.subject, edge.object), max(edge.subject, edge.object))
            pairs.setdefault(ends, _Pair()).add(side, values.get(edge.relation))
    kept = {ends: pair for ends, pair in sorted(pairs.items()) if pair.weight >= min_claims}
    graph = views.PairGraph()
    for iri in sorted({end for ends in kept for end in ends}):
        graph.add_node(iri, **views.described(store.actor(iri)))
    for ends, pair in kept.items():
        graph.add_edge(*ends, **pair.attributes())
    return graph


def side_of(relation: Relation) -> int:
    """1 where a relation is cooperation, -1 where it is conflict, 0 where it is neither."""
    return _SIDES.get(relation.quad) or _STANDING.get(relation, 0)


def claims(store: Store, options: Mapping[str, Any], *, ordered: bool = False) -> Iterator[Edge]:
    """The claims that the options select, as edges between the actors they put there."""
    selection: dict[str, Any] = dict(options)
    acting_for = selection.pop("acting_for", False)
    for edge in store.edges(ordered=ordered, **views.counted(cast(Selection, selection))):
        if not acting_for:
            yield edge
        elif edge.subject_for != edge.object_for:
            yield replace(edge, subject=edge.subject_for, object=edge.object_for)


def network_of(rows: Iterable[dict[str, Cell]], ends: Ends) -> nx.MultiDiGraph:
    """One edge for each row of a table; see `Table.to_networkx`."""
    graph = views.ActorGraph()
    for row in rows:
        source, target = row.pop(ends.source), row.pop(ends.target)
        for node, label in ((source, row.pop(ends.source_label)), (target, row.pop(ends.target_label))):
            graph.add_node(node, label=label)
        values = {
            name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in row.items() if cell is not None
        }
        graph.add_edge(source, target, key=" ".join(str(values.get(name, "")) for name in ends.key), **values)
    return graph


class _Pair:
    """What happens between two actors, while it is counted."""

    __slots__ = ("_sum", "_valued", "conflict", "cooperation")

    def __init__(self) -> None:
        self.cooperation = self.conflict = self._valued = 0
        self._sum = 0.0

    def add(self, side: int, value: float | None) -> None:
        """Count a claim."""
        if side > 0:
            self.cooperation += 1
        else:
            self.conflict += 1
        if value is not None:
            self._sum += value
            self._valued += 1

    @property
    def weight(self) -> int:
        """How many claims there are."""
        return self.cooperation + self.conflict

    def attributes(self) -> dict[str, int | float]:
        """What an edge says."""
        difference = self.cooperation - self.conflict
        return {
            "cooperation": self.cooperation,
            "conflict": self.conflict,
            "weight": self.weight,
            "balance": round(difference / self.weight, 4),
            "sign": (difference > 0) - (difference < 0),
            "goldstein": round(self._sum, 4),
            "tone": round(self._sum / self._valued, 4) if self._valued else 0.0,
        }
