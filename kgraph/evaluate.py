"""Claims against gold: which edges of an annotated article were found, missed or made up.

Gold is two JSON Lines files: articles with the offsets of their sentences, and the edges of each annotated sentence.
An end of an edge is a key: the ISO 3166-1 alpha-3 code of a state, a name, or either with more after a slash
(`RUS/Name of a person`, `SYR/Rebellen`, `conflict/Ukraine`). Edges marked `opt` count neither way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgraph.actors import Registry, load_registry
from kgraph.errors import DataError, UnknownActor
from kgraph.model import ActorType, Modality, Polarity, Relation, checked_confidence

_POLARITY = {"aff": Polarity.AFFIRMED, "neg": Polarity.NEGATED}
_MIN_WORD = 3

ClaimRecord = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GoldEdge:
    """An edge that a careful reader takes from a sentence; `also` are further relations that are fair readings."""

    subject: str
    subject_words: str
    relation: Relation
    also: frozenset[Relation]
    object: str
    object_words: str
    polarity: Polarity
    modality: Modality
    optional: bool
    by_context: bool

    def __str__(self) -> str:
        """Write the edge as a line that a person can compare with the sentence."""
        mark = "" if self.polarity is Polarity.AFFIRMED else " (negated)"
        return f"{self.subject} {self.relation} {self.object}{mark}"


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """An annotated sentence: half-open offsets in the article's text, its words and its edges."""

    doc: str
    start: int
    end: int
    text: str
    edges: tuple[GoldEdge, ...] = ()


@dataclass(frozen=True, slots=True)
class Gold:
    """Annotated articles: all sentences of each, with or without edges."""

    sentences: Mapping[str, tuple[GoldSentence, ...]]

    @classmethod
    def load(cls, gold: Path, docs: Path) -> Gold:
        """Read the edges and the articles' sentences.

        Raises DataError with every fault of both files.
        """
        faults: list[str] = []
        found: dict[str, list[GoldSentence]] = {}
        for where, row in _rows(docs, faults):
            try:
                spans = sorted((span["b"], span["e"]) for span in row["sents"])
                if not _are(str, row["doc"], row["text"]):
                    raise TypeError("its id or its text is no text")
                found[row["doc"]] = [GoldSentence(row["doc"], b, e, row["text"][b:e]) for b, e in spans]
            except (KeyError, TypeError) as error:
                faults.append(f"{where}: an article needs doc, text and sents with b and e ({error!r})")
        for where, row in _rows(gold, faults):
            try:
                sentence = found[row["doc"]][row["sent"]]
                edges = (*sentence.edges, *(_edge(edge) for edge in row["edges"]))
            except (KeyError, IndexError, TypeError, ValueError) as error:
                faults.append(f"{where}: no such sentence in {docs.name}, or an edge that is none ({error!r})")
            else:
                found[row["doc"]][row["sent"]] = GoldSentence(
                    sentence.doc, sentence.start, sentence.end, sentence.text, edges
                )
        if faults:
            raise DataError(faults)
        return cls({doc: tuple(sentences) for doc, sentences in found.items()})


@dataclass(slots=True)
class Counts:
    """How many edges were found, missed and made up."""

    found: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def precision(self) -> float:
        """The share of what was said that is right; 0 where nothing was said."""
        return self.found / (self.found + self.spurious) if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / (2 * self.found + self.missed + self.spurious) if self.found else 0.0


@dataclass(slots=True)
class Score:
    """The figures of one evaluation.

    `strict` asks for both ends, relation and polarity, `relaxed` for both ends and the quad class. `modality` counts
    the found edges whose modality is right. `missed` and `spurious` pair a gold edge or claim with its sentence.
    """

    strict: Counts = field(default_factory=Counts)
    relaxed: Counts = field(default_factory=Counts)
    modality: int = 0
    by_relation: dict[Relation, Counts] = field(default_factory=lambda: defaultdict(Counts))
    missed: list[tuple[GoldSentence, GoldEdge]] = field(default_factory=list)
    spurious: list[tuple[GoldSentence, ClaimRecord]] = field(default_factory=list)
    outside: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON-able data."""
        return {
            "strict": _figures(self.strict),
            "relaxed": _figures(self.relaxed),
            "modality_right": self.modality,
            "outside": self.outside,
            "relations": {relation.value: _figures(counts) for relation, counts in sorted(self.by_relation.items())},
        }


def score(gold: Gold, claims: Iterable[ClaimRecord]) -> Score:
    """Compare claims in the interchange format with gold, sentence by sentence.

    A claim belongs to the sentence that its trigger starts in. Claims of articles that the gold does not have are
    counted as outside and left alone.
    """
    result = Score()
    placed: dict[GoldSentence, list[ClaimRecord]] = defaultdict(list)
    for claim in claims:
        sentence = _sentence(gold, claim)
        if sentence is None:
            result.outside += 1
        else:
            placed[sentence].append(claim)
    judge = _Judge(load_registry())
    for sentences in gold.sentences.values():
        offices = [edge for s in sentences for edge in s.edges if edge.relation is Relation.OFFICIAL_OF]
        for sentence in sentences:
            _score_sentence(result, judge, sentence, placed.get(sentence, []), offices)
    return result


def read_claims(path: Path, *, min_confidence: float = 0.0) -> Iterator[ClaimRecord]:
    """The claims of a JSON Lines file, without those below `min_confidence` (0 to 1).

    Raises DataError with every line that is no claim, or that gives no confidence where one is asked for.
    """
    faults: list[str] = []
    rows = []
    least = checked_confidence(min_confidence)
    for where, row in _rows(path, faults):
        if wrong := _no_claim(row):
            faults.append(f"{where}: is no claim: {wrong}")
        elif least > 0 and not isinstance(row.get("confidence"), int | float):
            faults.append(
                f"{where}: gives no confidence, a number from 0 to 1: leave min_confidence at 0 for this file"
            )
        elif least == 0 or row["confidence"] >= least:
            rows.append(row)
    if faults:
        raise DataError(faults)
    yield from rows


def _no_claim(row: dict[str, Any]) -> str:
    """What is wrong with a record that should be a claim; empty where nothing is."""
    missing = [name for name in ("doc", "sentence", "subject", "relation", "object", "polarity") if name not in row]
    if missing:
        return f"lacks {', '.join(missing)}"
    if row["relation"] not in list(Relation):
        return f"{row['relation']} is no relation"
    sentence, trigger = row["sentence"], row.get("trigger") or {"start": 0}
    if not isinstance(sentence, dict) or not _are(int, sentence.get("start"), sentence.get("end")):
        return "its sentence needs start and end, offsets in the article's text"
    if not isinstance(trigger, dict) or not _are(int, trigger.get("start")):
        return "its trigger needs a start, an offset in the article's text"
    for end in (row["subject"], row["object"]):
        mention = (end.get("mention") or {}) if isinstance(end, dict) else None
        words = [end.get(name) or "" for name in ("id", "label", "type", "country")] if isinstance(end, dict) else []
        if not isinstance(mention, dict) or not _are(str, *words, mention.get("text") or ""):
            return "its ends need id, label, type and country, and a mention with text"
    return "" if _are(str, row["doc"], row["polarity"], row.get("modality") or "") else "its words are no texts"


def _are(kind: type, *values: object) -> bool:
    return all(isinstance(value, kind) for value in values)


def _rows(path: Path, faults: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read: {error}")
        return
    for number, line in enumerate(lines, 1):
        where = f"{path.name}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.append(f"{where}: is not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield where, row
        else:
            faults.append(f"{where}: is not an object")


def _edge(row: Mapping[str, Any]) -> GoldEdge:
    if not _are(str, row["s"], row["o"], row.get("s_surf", ""), row.get("o_surf", "")):
        raise TypeError("its ends are no texts")
    return GoldEdge(
        subject=row["s"],
        subject_words=row.get("s_surf", ""),
        relation=Relation(row["r"]),
        also=frozenset(Relation(name) for name in row.get("alt", [])),
        object=row["o"],
        object_words=row.get("o_surf", ""),
        polarity=_POLARITY[row["pol"]],
        modality=Modality(row["mod"]),
        optional=bool(row.get("opt")),
        by_context=bool(row.get("coref")),
    )


def _sentence(gold: Gold, claim: ClaimRecord) -> GoldSentence | None:
    """The gold sentence of a claim: where its trigger starts, else the one that its sentence overlaps most."""
    sentences = gold.sentences.get(claim["doc"])
    if not sentences:
        return None
    start, end = claim["sentence"]["start"], claim["sentence"]["end"]
    spot = (claim.get("trigger") or {}).get("start", (start + end) // 2)
    inside = next((sentence for sentence in sentences if sentence.start <= spot < sentence.end), None)
    return inside or max(sentences, key=lambda s: min(end, s.end) - max(start, s.start))


def _score_sentence(
    result: Score, judge: _Judge, sentence: GoldSentence, claims: list[ClaimRecord], offices: list[GoldEdge]
) -> None:
    edges = sentence.edges
    hits: dict[int, ClaimRecord] = {}
    for claim in claims:
        same = [i for i, edge in enumerate(edges) if judge.same_ends(edge, claim)]
        strict = [i for i in same if _agrees(edges[i], claim)]
        relaxed = [i for i in same if _quad(edges[i]) == Relation(claim["relation"]).quad]
        if strict:
            hits.setdefault(min(strict, key=lambda i: (i in hits, edges[i].optional)), claim)
        elif claim["relation"] == Relation.OFFICIAL_OF and any(judge.same_ends(edge, claim) for edge in offices):
            continue  # an office counts once in an article, at its first mention
        elif not any(edges[i].optional for i in relaxed):
            result.spurious.append((sentence, claim))
            result.strict.spurious += 1
            result.relaxed.spurious += not relaxed
            result.by_relation[Relation(claim["relation"])].spurious += 1
    for i, edge in enumerate(edges):
        if not edge.optional:
            near = any(judge.same_ends(edge, c) and _quad(edge) == Relation(c["relation"]).quad for c in claims)
            _count(result, sentence, edge, hits.get(i), near=near)


def _count(result: Score, sentence: GoldSentence, edge: GoldEdge, claim: ClaimRecord | None, *, near: bool) -> None:
    counts = result.by_relation[edge.relation]
    if claim is None:
        result.missed.append((sentence, edge))
        result.strict.missed += 1
        counts.missed += 1
    else:
        result.strict.found += 1
        counts.found += 1
        result.modality += claim.get("modality") == edge.modality
    result.relaxed.found += claim is not None or near
    result.relaxed.missed += claim is None and not near


def _agrees(edge: GoldEdge, claim: ClaimRecord) -> bool:
    return claim["relation"] in {edge.relation, *edge.also} and claim["polarity"] == edge.polarity


def _quad(edge: GoldEdge) -> str:
    return edge.relation.quad


class _Judge:
    """Tells whether a gold key and the end of a claim are the same actor."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._ids: dict[str, str | None] = {}

    def same_ends(self, edge: GoldEdge, claim: ClaimRecord) -> bool:
        subject, other = claim["subject"], claim["object"]
        if self._ends(edge, subject, other):
            return True
        symmetric = edge.relation.symmetric or Relation(claim["relation"]).symmetric
        return symmetric and self._ends(edge, other, subject)

    def _ends(self, edge: GoldEdge, subject: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        by_name = edge.relation is Relation.OFFICIAL_OF
        return self._same(edge.subject, edge.subject_words, subject, edge, by_name=by_name) and self._same(
            edge.object, edge.object_words, other, edge, by_name=False
        )

    def _same(self, key: str, words: str, end: Mapping[str, Any], edge: GoldEdge, *, by_name: bool) -> bool:
        label = end.get("label") or ""
        mention = (end.get("mention") or {}).get("text") or label
        head, slash, name = key.partition("/")
        on_the_spot = not edge.by_context and bool(_words(words) & _words(mention))
        if head == "conflict":
            named = _words(name) & _words(f"{label} {mention}") or _words(words) & _words(mention)
            return end.get("type") == ActorType.CONFLICT and bool(named)
        if not slash and self._is_state(head):
            return end.get("country") == head
        if not slash:
            return self._id(key) == end.get("id") or bool(_words(key) & _words(label)) or on_the_spot
        if by_name:
            return bool(_surname(name) & _words(f"{label} {mention}"))
        acts_for = end.get("country") == head if self._is_state(head) else head.casefold() in label.casefold()
        return acts_for or bool(_words(name) & _words(label)) or on_the_spot

    def _is_state(self, key: str) -> bool:
        return re.fullmatch("[A-Z]{3}", key) is not None and self._registry.country(key) is not None

    def _id(self, key: str) -> str | None:
        """The IRI that the name of an organisation or group stands for, or None where no list has it."""
        if key not in self._ids:
            try:
                self._ids[key] = self._registry.resolve(key).actor.id
            except UnknownActor:
                self._ids[key] = None
        return self._ids[key]


def _words(text: str) -> frozenset[str]:
    """The words of a name without accents and case; short ones only where there are no others."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return frozenset(word for word in words if len(word) >= _MIN_WORD) or frozenset(words)


def _surname(name: str) -> frozenset[str]:
    parts = [part for part in name.split() if len(part.strip(".")) >= _MIN_WORD]
    return _words(parts[-1] if parts else name)


def _figures(counts: Counts) -> dict[str, float]:
    return {
        "found": counts.found,
        "missed": counts.missed,
        "spurious": counts.spurious,
        "precision": round(counts.precision, 3),
        "recall": round(counts.recall, 3),
        "f1": round(counts.f1, 3),
    }
