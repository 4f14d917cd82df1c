"""Claims as a graph with one edge per claim: from a store, or from rows in the interchange format.

A row is one claim as a mapping, as `kgraph extract --format jsonl` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import networkx as nx

from kgraph.actors import Entry, Registry
from kgraph.errors import UsageError
from kgraph.explore.gather import sign_of

_TAKEN = (
    *("polarity", "modality", "confidence", "rule", "date_end", "date_origin"),
    *("title", "url", "publisher", "published"),
)


class StoredClaim(Protocol):
    """A claim of a store."""

    def as_dict(self) -> dict[str, Any]:
        """The claim as a row."""


class ClaimStore(Protocol):
    """What a page asks of a store."""

    @property
    def registry(self) -> Registry:
        """The actors that the lists know."""

    def claims(self, *, as_of: date | None = None, copies: bool = True) -> Iterable[StoredClaim]:
        """All claims, or those published by a day, or without what copies of a report say again."""

    def label(self, iri: str, lang: str | None = None) -> str:
        """The name of an actor."""


def graph_of_store(store: ClaimStore, *, as_of: date | None = None, copies: bool = False) -> nx.MultiDiGraph:
    """The claims of a store, those published by a day if one is given, its actors with their names in all languages.

    What copies of a report say again counts once, unless `copies` says otherwise.
    """
    graph = graph_of_rows(claim.as_dict() for claim in store.claims(as_of=as_of, copies=copies))
    for iri, actor in graph.nodes(data=True):
        actor.update(label=store.label(iri, "de"), label_en=store.label(iri, "en"))
        entry = store.registry.by_id(iri)
        if entry:
            actor.update(qid=entry.qid, names=entry.sought)
    return graph


def introduce(node: dict[str, Any], entry: Entry | None) -> None:
    """Put what the lists know of an actor into a node of the page's data: its names, its letters, its item in Wikidata."""
    names = [name for name in entry.sought if name != node["label"]] if entry else []
    sign = sign_of(node.get("type", ""), node.get("country", ""), (node["label"], *names))
    known = {"qid": entry.qid if entry else None, "names": sorted(names), "sign": sign}
    node.update({name: value for name, value in known.items() if value})


def graph_of_rows(rows: Iterable[Mapping[str, Any]]) -> nx.MultiDiGraph:
    """The claims of `rows` as a graph with one edge per claim.

    Beyond the interchange format `title`, `url`, `publisher` and `published` of the article are taken over.
    Raises UsageError for a row without subject, relation or object.
    """
    graph = nx.MultiDiGraph()
    for number, row in enumerate(rows, 1):
        try:
            subject, relation, other = row["subject"], str(row["relation"]), row["object"]
            ends = str(subject["id"]), str(other["id"])
        except (KeyError, TypeError) as error:
            what = "a claim needs subject and object with an id, and a relation: see the format of `kgraph extract`"
            raise UsageError(f"row {number}: {what}") from error
        for key, actor in zip(ends, (subject, other), strict=True):
            graph.add_node(key, **{name: actor.get(name) for name in ("label", "type", "country")})
        key = str(row.get("id") or number)
        graph.add_edge(*ends, key=key, id=key, relation=relation, **_attributes(row))
    return graph


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    sentence = row.get("sentence") or {}
    said = row.get("attributed_to")
    said = said if isinstance(said, Mapping) else {"text": said}
    spans = {
        "subject": (row["subject"].get("mention") or {}),
        "trigger": (row.get("trigger") or {}),
        "object": (row["object"].get("mention") or {}),
    }
    attributes = {
        "sentence": sentence.get("text"),
        "sentence_start": sentence.get("start"),
        "article": row.get("article") or row.get("doc"),
        "date_start": row.get("date"),
        "attributed_to": said.get("id"),
        "attributed_label": said.get("label"),
        "attributed_text": (said.get("mention") or said).get("text"),
    }
    for role, span in spans.items():
        attributes[f"{role}_start"], attributes[f"{role}_end"] = span.get("start"), span.get("end")
    return attributes | {name: row.get(name) for name in _TAKEN}
