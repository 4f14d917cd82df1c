"""The shortest chains of relations between two actors, found in the pairs that a query gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, pairwise

import networkx as nx
from pyoxigraph import Literal, NamedNode, QuerySolution

from kgraph.errors import QueryError
from kgraph.graph.cells import Cell, Ref, Row, Rows

COLUMNS = ("chain", "step", "subject", "relation", "object", "claims", "first", "last")
CHAINS = 5
_COMPARED = 10_000  # shortest chains between the same two; more are not looked at


def chains(
    pairs: Iterable[QuerySolution],
    ends: Sequence[str],
    relations: Callable[[str, str], Rows],
    *,
    limit: int | None = None,
) -> Rows:
    """The shortest chains between two actors, as rows in their order; none where nothing links the two.

    `pairs` have a subject, an object and the number of articles; `relations` gives the rows of the relations of two.
    Chains are numbered, and so are their steps; a step has a row for every relation between its two actors. Of chains of
    one length those come first whose weakest step has most articles. At most five are given, and `limit` rows.
    Raises QueryError where both ends are the same.
    """
    one, other = ends
    if one == other:
        raise QueryError("a chain needs two actors, and both names mean the same one; name another")
    found = _shortest(pairs, one, other)
    known: dict[frozenset[str], list[Row]] = {}
    rows: list[Row] = []
    for number, chain in enumerate(found[:CHAINS], 1):
        for step, (here, there) in enumerate(pairwise(chain), 1):
            both = frozenset((here, there))
            if both not in known:
                known[both] = [row for row in relations(here, there) if _ends(row) == both]
            rows += [Row({"chain": number, "step": step, **_cells(row)}) for row in known[both]]
    return Rows(COLUMNS, rows[:limit], truncated=len(found) > CHAINS or (limit is not None and len(rows) > limit))


def _shortest(pairs: Iterable[QuerySolution], one: str, other: str) -> list[list[str]]:
    articles: dict[tuple[str, str], int] = {}
    for pair in pairs:
        subject, object_, count = pair["subject"], pair["object"], pair["articles"]
        if isinstance(subject, NamedNode) and isinstance(object_, NamedNode) and isinstance(count, Literal):
            ends = (min(subject.value, object_.value), max(subject.value, object_.value))
            articles[ends] = articles.get(ends, 0) + int(count.value)
    graph = nx.Graph()
    graph.add_edges_from((*ends, {"articles": articles[ends]}) for ends in sorted(articles))
    if one not in graph or other not in graph or not nx.has_path(graph, one, other):
        return []

    def weight(chain: list[str]) -> tuple[int, int, list[str]]:
        steps = [graph.edges[pair]["articles"] for pair in pairwise(chain)]
        return -min(steps), -sum(steps), chain

    return sorted(islice(nx.all_shortest_paths(graph, one, other), _COMPARED), key=weight)


def _ends(row: Row) -> frozenset[str]:
    return frozenset(end.iri for end in (row["subject"], row["object"]) if isinstance(end, Ref))


def _cells(row: Row) -> dict[str, Cell]:
    return {column: row[column] for column in COLUMNS[2:]}
