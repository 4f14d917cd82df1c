"""Tables of a store's claims, of networks, and of the answers to queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Unpack

import networkx as nx

from kgraph.graph import Ref, Rows
from kgraph.graph.crosswalk import goldstein
from kgraph.model import Polarity
from kgraph.views import columns as known
from kgraph.views.networks import Options, claims
from kgraph.views.table import Cell, Column, Ends, Kind, Table

if TYPE_CHECKING:
    from kgraph.graph import Store
    from kgraph.graph.answers import Edge

_ENDS = ("subject_id", "object_id", "subject", "object")
_Group = tuple[str, str, str, str]


def timeline(store: Store, **options: Unpack[Options]) -> Table:
    """One row per claim, by day (those without one first), then article and place in the text.

    `facts` is True unless given. As a network: one edge per claim, its key the claim's IRI.
    """

    def rows() -> Iterator[tuple[Cell, ...]]:
        articles = {article.iri: article for article in store.articles()}
        label = cache(store.label)
        values = goldstein()
        for edge in claims(store, options, ordered=True):
            article = articles[edge.article]
            yield (
                _day(edge.first),
                _day(edge.last),
                label(edge.subject),
                edge.subject,
                edge.relation.value,
                label(edge.object),
                edge.object,
                edge.subject_for,
                edge.object_for,
                edge.relation.quad.value,
                values.get(edge.relation),
                edge.polarity.value,
                edge.modality.value,
                edge.is_fact,
                edge.words,
                label(edge.speaker) if edge.speaker else None,
                edge.confidence,
                article.id,
                article.publisher,
                article.published,
                edge.claim,
            )

    return Table(known.TIMELINE, rows, name="timeline", ends=Ends(*_ENDS, ("claim",)))


def monthly(store: Store, **options: Unpack[Options]) -> Table:
    """One row per month, pair and relation, in the order of months and IRIs; claims without a day come first.

    A claim counts in the month of its first day. The ends of a symmetric relation are in the order of their IRIs.
    `facts` is True unless given. As a network: one edge per row, its key relation and month.
    """

    def rows() -> Iterator[tuple[Cell, ...]]:
        groups: dict[_Group, _Month] = {}
        for edge in claims(store, options):
            ends = sorted((edge.subject, edge.object)) if edge.relation.symmetric else (edge.subject, edge.object)
            month = f"{edge.first[:7]}-01" if edge.first else ""
            groups.setdefault((month, ends[0], ends[1], edge.relation.value), _Month(edge)).add(edge)
        label = cache(store.label)
        values = goldstein()
        for (month, subject, object_, relation), group in sorted(groups.items()):
            value = values.get(group.relation)
            yield (
                _day(month or None),
                label(subject),
                subject,
                relation,
                label(object_),
                object_,
                group.relation.quad.value,
                group.claims,
                len(group.articles),
                group.denied,
                None if value is None else round(value * (group.claims - group.denied), 4),
                group.confidence,
            )

    return Table(known.MONTHLY, rows, name="monthly", ends=Ends(*_ENDS, ("relation", "month")))


def nodes(graph: nx.Graph) -> Table:
    """The nodes of a network in their order: `id`, then their attributes; those that you have set, too."""
    rows = [{"id": node, **data} for node, data in graph.nodes(data=True)]
    return _attributes(rows, "nodes")


def edges(graph: nx.Graph) -> Table:
    """The edges of a network in their order: `source` and `target` with their labels, then their attributes."""
    label = graph.nodes(data="label", default=None)
    rows = [
        {"source": label[source], "source_id": source, "target": label[target], "target_id": target, **data}
        for source, target, data in graph.edges(data=True)
    ]
    ends = Ends("source_id", "target_id", "source", "target", ("relation",))
    return _attributes(rows, "edges", ends if rows else None)


def table(rows: Rows) -> Table:
    """The answer to a query. A cell that has an IRI is its label, with the IRI in a column of the same name and `_id`."""
    with_iri = {name for name in rows.columns if any(isinstance(row[name], Ref) for row in rows)}
    made = []
    for row in rows:
        cells: dict[str, Any] = {}
        for name in rows.columns:
            cell = row[name]
            cells[name] = cell.label if isinstance(cell, Ref) else cell
            if name in with_iri:
                cells[f"{name}_id"] = cell.iri if isinstance(cell, Ref) else None
        made.append(cells)
    names = [name for column in rows.columns for name in (column, *([f"{column}_id"] if column in with_iri else []))]
    return _made([_column(name, made) for name in names], made, "answer")


def _attributes(rows: list[dict[str, Any]], name: str, ends: Ends | None = None) -> Table:
    """A table of attributes: those that are known in their usual order, then all others in the order of their names."""
    there = {key for row in rows for key in row}
    order = [column for column in known.ATTRIBUTES if column in there]
    columns = [_documented(_column(column, rows)) for column in (*order, *sorted(there.difference(order)))]
    return _made(columns, rows, name, ends)


def _documented(column: Column) -> Column:
    """The known column of that name, unless somebody's own attribute of that name holds something else."""
    usual = known.ATTRIBUTES.get(column.name, column)
    day = usual.kind is Kind.DAY and column.kind is Kind.TEXT
    return usual if day or usual.kind is column.kind else column


def _made(columns: list[Column], rows: list[dict[str, Any]], name: str, ends: Ends | None = None) -> Table:
    cells = [tuple(_cell(row.get(column.name), column.kind) for column in columns) for row in rows]
    return Table(columns, lambda: cells, name=name, ends=ends)


def _column(name: str, rows: list[dict[str, Any]]) -> Column:
    kinds = {_kind(row.get(name)) for row in rows if row.get(name) is not None}
    if kinds == {Kind.COUNT, Kind.NUMBER}:
        kinds = {Kind.NUMBER}
    return Column(name, kinds.pop() if len(kinds) == 1 else Kind.TEXT, "")


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.TRUTH
    if isinstance(value, int):
        return Kind.COUNT
    if isinstance(value, float):
        return Kind.NUMBER
    if isinstance(value, date):
        return Kind.DAY
    return Kind.TEXTS if isinstance(value, list | tuple | set | frozenset) else Kind.TEXT


def _cell(value: Any, kind: Kind) -> Cell:
    if value is None:
        return None
    if kind is Kind.DAY and isinstance(value, str):
        return _day(value)
    if kind is Kind.TEXTS:
        return [str(part) for part in (value if isinstance(value, list | tuple) else sorted(value, key=str))]
    if kind is Kind.NUMBER:
        return float(value)
    return str(value) if kind is Kind.TEXT else value


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


class _Month:
    """The claims of a pair, a relation and a month, while they are counted."""

    __slots__ = ("articles", "claims", "confidence", "denied", "relation")

    def __init__(self, edge: Edge) -> None:
        self.relation = edge.relation
        self.articles: set[str] = set()
        self.claims = self.denied = 0
        self.confidence = 0.0

    def add(self, edge: Edge) -> None:
        """Count a claim."""
        self.claims += 1
        self.denied += edge.polarity is Polarity.NEGATED
        self.articles.add(edge.article)
        self.confidence = max(self.confidence, edge.confidence)
