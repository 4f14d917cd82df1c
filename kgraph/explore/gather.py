"""From a graph of claims to what a page shows: actors, edges gathered with their count, evidence.

A claim graph has one edge per claim. A page has one edge per (subject, relation, object); symmetric
relations have one edge per pair, whichever way the texts put it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kgraph.errors import UsageError
from kgraph.model import Relation

_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,4}")
_ROLES = ("subject", "trigger", "object")
_SYMMETRIC = frozenset(relation.value for relation in Relation if relation.symmetric)
_QID = re.compile(r"Q[1-9][0-9]{0,11}")

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """An actor on the page; `claims` counts the claims it is an end of."""

    key: str
    label: str
    label_en: str
    type: str
    country: str
    qid: str
    names: tuple[str, ...]
    claims: int


@dataclass(frozen=True, slots=True)
class Edge:
    """All claims of one relation between two actors; `source` and `target` are places in `Picture.nodes`."""

    source: int
    target: int
    relation: str
    symmetric: bool
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page shows; nodes and edges are in order of strength, claims newest first, all deterministic.

    A claim refers to its sentence and its article by place. Its `marks` are subject, trigger and object as
    start, end, start, end, … in UTF-16 code units of the sentence, as browsers count; -1 where unknown.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    claims: tuple[dict[str, Any], ...]
    sentences: tuple[str, ...]
    articles: tuple[dict[str, str], ...]
    article_keys: tuple[str, ...] = ()


def gather(graph: nx.MultiDiGraph, *, min_claims: int = 1, min_confidence: float = 0.0) -> Picture:
    """Gather the claims of a graph that are at least as confident as `min_confidence` (0 to 1).

    Edges with fewer than `min_claims` such claims are left out, and actors without edges. A claim that gives no
    confidence counts as 0. Raises UsageError where the graph's edges are no claims.
    """
    if not (graph.is_multigraph() and graph.is_directed()) or _is_gathered(graph):
        raise UsageError("the graph has no evidence on its edges: use write_page(store), or one edge per claim")
    bundles = _bundles(graph, min_claims, min_confidence)
    degree: Counter[str] = Counter()
    for (subject, _, other), found in bundles.items():
        degree.update({end: len(found) for end in {subject, other}})
    nodes = tuple(
        sorted(
            (_node(key, graph.nodes[key], count) for key, count in degree.items()),
            key=lambda node: (-node.claims, node.label.casefold(), node.key),
        )
    )
    place = {node.key: number for number, node in enumerate(nodes)}
    evidence = _Evidence(place, graph)
    edges = []
    for (subject, relation, other), found in sorted(bundles.items(), key=lambda item: _strength(item, degree)):
        symmetric = relation in _SYMMETRIC
        numbers = tuple(evidence.add(key, claim) for key, claim in found)
        edges.append(Edge(place[subject], place[other], relation, symmetric, numbers))
    return Picture(
        nodes,
        tuple(edges),
        tuple(evidence.claims),
        tuple(evidence.sentences),
        tuple(evidence.articles.values()),
        tuple(evidence.articles),
    )


def _is_gathered(graph: nx.MultiDiGraph) -> bool:
    return any("ids" in edge and "sentence" not in edge for _, _, edge in graph.edges(data=True))


def _bundles(
    graph: nx.MultiDiGraph, min_claims: int, min_confidence: float
) -> dict[tuple[str, str, str], list[tuple[str, Attributes]]]:
    bundles: dict[tuple[str, str, str], list[tuple[str, Attributes]]] = {}
    for subject, other, key, claim in graph.edges(keys=True, data=True):
        if _confidence(claim.get("confidence")) < min_confidence:
            continue
        relation = text(claim.get("relation"))
        ends = sorted([subject, other]) if relation in _SYMMETRIC else [subject, other]
        bundles.setdefault((ends[0], relation, ends[1]), []).append((text(claim.get("id")) or str(key), claim))
    for found in bundles.values():
        found.sort(key=lambda pair: pair[0])
        found.sort(key=lambda pair: _day(pair[1]), reverse=True)
    return {ends: found for ends, found in bundles.items() if len(found) >= min_claims}


def _strength(item: tuple[tuple[str, str, str], list[Any]], degree: Mapping[str, int]) -> tuple[Any, ...]:
    """Sort by the number of claims; edges between much named actors before others of the same number."""
    (subject, relation, other), found = item
    return -len(found), -min(degree[subject], degree[other]), subject, relation, other


def _day(claim: Attributes) -> str:
    return text(claim.get("date_start") or claim.get("date") or claim.get("published"))


def _node(key: str, actor: Attributes, claims: int) -> Node:
    label = text(actor.get("label")) or key
    qid = text(actor.get("qid"))
    return Node(
        key=key,
        label=label,
        label_en=text(actor.get("label_en")) or label,
        type=text(actor.get("type")),
        country=text(actor.get("country")),
        qid=qid if _QID.fullmatch(qid) else "",
        names=tuple(sorted({text(name) for name in _names(actor.get("names"))} - {"", label})),
        claims=claims,
    )


def _names(names: object) -> Iterable[object]:
    if isinstance(names, str):
        return [names]
    return names if isinstance(names, Iterable) else []


class _Evidence:
    """The claims of a page, with sentences and articles stored once each."""

    def __init__(self, place: Mapping[str, int], graph: nx.MultiDiGraph) -> None:
        self.claims: list[dict[str, Any]] = []
        self.sentences: list[str] = []
        self.articles: dict[str, dict[str, str]] = {}
        self._place = place
        self._graph = graph
        self._sentence_place: dict[str, int] = {}
        self._article_place: dict[str, int] = {}

    def add(self, key: str, claim: Attributes) -> int:
        row: dict[str, Any] = {
            "id": key,
            "sentence": self._sentence(text(claim.get("sentence"))),
            "marks": marks(claim),
            "article": self._article(claim),
            "polarity": text(claim.get("polarity")) or "affirmed",
            "modality": text(claim.get("modality")) or "actual",
            "confidence": round(_confidence(claim.get("confidence")), 3),
        }
        start = text(claim.get("date_start") or claim.get("date"))
        optional = {
            "from": start,
            "to": text(claim.get("date_end")) if text(claim.get("date_end")) != start else "",
            "origin": text(claim.get("date_origin")),
            "says": text(claim.get("attributed_text")),
            "rule": text(claim.get("rule")),
        }
        row.update({name: value for name, value in optional.items() if value})
        row.update(self._speaker(claim))
        self.claims.append(row)
        return len(self.claims) - 1

    def _sentence(self, sentence: str) -> int:
        if sentence not in self._sentence_place:
            self._sentence_place[sentence] = len(self.sentences)
            self.sentences.append(sentence)
        return self._sentence_place[sentence]

    def _article(self, claim: Attributes) -> int:
        names = ("title", "url", "publisher", "published")
        article = {name: text(claim.get(name)) for name in names}
        key = text(claim.get("article")) or "\x1f".join(article.values())
        if key not in self._article_place:
            self._article_place[key] = len(self.articles)
            self.articles[key] = {name: value for name, value in article.items() if value}
        return self._article_place[key]

    def _speaker(self, claim: Attributes) -> dict[str, Any]:
        key = text(claim.get("attributed_to"))
        if key in self._place:
            return {"speaker": self._place[key]}
        known = self._graph.nodes[key] if key in self._graph else {}
        label = text(known.get("label")) or text(claim.get("attributed_label")) or key
        return {"speakerLabel": label} if label else {}


def marks(claim: Attributes) -> list[int]:
    """Subject, trigger and object within the sentence, in UTF-16 code units; -1, -1 for a span outside it."""
    sentence = text(claim.get("sentence"))
    offset = claim.get("sentence_start")
    found: list[int] = []
    for role in _ROLES:
        start, end = claim.get(f"{role}_start"), claim.get(f"{role}_end")
        if isinstance(start, int) and isinstance(end, int) and isinstance(offset, int):
            start, end = start - offset, end - offset
            if 0 <= start < end <= len(sentence):
                found += [_utf16(sentence, start), _utf16(sentence, end)]
                continue
        found += [-1, -1]
    return found


def _utf16(sentence: str, offset: int) -> int:
    return offset + sum(character > "\uffff" for character in sentence[:offset])


def sign_of(kind: str, country: str, names: Iterable[str]) -> str:
    """The letters inside a node: a state's country code, an organisation's acronym."""
    if kind == "State":
        return country[:3]
    acronyms = [name for name in names if _ACRONYM.fullmatch(name)]
    return min(acronyms, key=lambda name: (len(name), name)) if kind == "Organisation" and acronyms else ""


def text(value: object) -> str:
    """A value as text: enum members and dates by their value, None as the empty string."""
    if value is None:
        return ""
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if callable(isoformat) else str(value)


def _confidence(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return min(max(number, 0.0), 1.0) if math.isfinite(number) else 0.0
