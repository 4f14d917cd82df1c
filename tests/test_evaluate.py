"""Claims are compared with gold edges, sentence by sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import DataError
from kgraph.evaluate import Counts, Gold, Score, read_claims, score
from kgraph.model import Relation

SENTENCES = [
    "Oman vermittelt im Krieg in der Ukraine.",
    "Der Minister Max Muster traf Vertreter der Beispielmiliz.",
    "Frankreich kritisierte Oman nicht.",
]
TEXT = " ".join(SENTENCES)


def edge(subject: str, relation: str, other: str, **more: Any) -> dict[str, Any]:
    plain = {"s_surf": subject, "o_surf": other, "alt": [], "pol": "aff", "mod": "actual", "opt": False, "coref": False}
    return {"s": subject, "r": relation, "o": other, **plain, **more}


def load(tmp_path: Path, edges: dict[int, list[dict[str, Any]]]) -> Gold:
    sents, start = [], 0
    for i, sentence in enumerate(SENTENCES):
        sents.append({"i": i, "b": start, "e": start + len(sentence)})
        start += len(sentence) + 1
    docs, gold = tmp_path / "x.docs.jsonl", tmp_path / "x.gold.jsonl"
    docs.write_text(json.dumps({"doc": "d", "text": TEXT, "sents": sents}) + "\n", encoding="utf-8")
    rows = [json.dumps({"doc": "d", "sent": i, "edges": found}) for i, found in edges.items()]
    gold.write_text("\n".join(rows), encoding="utf-8")
    return Gold.load(gold, docs)


def end(label: str, *, country: str | None = None, kind: str = "State", words: str | None = None) -> dict[str, Any]:
    return {"id": f"x:{label}", "label": label, "type": kind, "country": country, "mention": {"text": words or label}}


OMAN, FRANCE = end("Oman", country="OMN"), end("Frankreich", country="FRA")
WAR = end("Russisch-Ukrainischer Krieg", kind="Conflict", words="Krieg in der Ukraine")
MINISTER = end("Max Muster", country="OMN", kind="Person")
MILITIA = end("Beispielmiliz", kind="ArmedGroup")


def claim(subject: dict[str, Any], relation: str, other: dict[str, Any], at: int = 0, **more: Any) -> dict[str, Any]:
    start = TEXT.index(SENTENCES[at])
    place = {"sentence": {"start": start, "end": start + len(SENTENCES[at])}, "trigger": {"start": start + 5}}
    said = {"doc": "d", "subject": subject, "relation": relation, "object": other}
    return {**said, **place, "polarity": "affirmed", "modality": "actual", **more}


def figures(result: Score) -> tuple[int, int, int]:
    return result.strict.found, result.strict.missed, result.strict.spurious


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        (edge("OMN", "mediates", "conflict/Ukraine"), claim(OMAN, "mediates", WAR)),
        (edge("OMN", "mediates", "FRA"), claim(OMAN, "mediates", FRANCE)),
        (edge("OMN", "supports", "FRA", alt=["aids"]), claim(OMAN, "aids", FRANCE)),
        (edge("OMN", "meets", "FRA"), claim(FRANCE, "meets", OMAN)),
        (edge("OMN/Max Muster", "meets", "Beispielmiliz"), claim(MINISTER, "meets", MILITIA)),
        (edge("OMN/Max Muster", "officialOf", "OMN"), claim(MINISTER, "officialOf", OMAN)),
        (edge("OMN", "criticizes", "FRA", pol="neg"), claim(OMAN, "criticizes", FRANCE, polarity="negated")),
        (
            edge("UNO", "criticizes", "OMN"),
            claim(end("Vereinte Nationen") | {"id": "https://w3id.org/kgraph/id/Q1065"}, "criticizes", OMAN),
        ),
        (edge("SYR/Rebellen", "attacks", "OMN"), claim(end("Rebellen", kind="ArmedGroup"), "attacks", OMAN)),
    ],
)
def test_an_edge_is_found(tmp_path: Path, gold: dict[str, Any], found: dict[str, Any]) -> None:
    result = score(load(tmp_path, {0: [gold]}), [found])
    assert figures(result) == (1, 0, 0)
    assert result.modality == 1
    assert result.strict.f1 == 1


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        (edge("OMN", "attacks", "FRA"), claim(FRANCE, "attacks", OMAN)),
        (edge("OMN", "attacks", "FRA"), claim(OMAN, "attacks", FRANCE, polarity="negated")),
        (edge("OMN", "attacks", "FRA"), claim(OMAN, "supports", FRANCE)),
        (edge("OMN", "attacks", "FRA"), claim(OMAN, "attacks", FRANCE, at=1)),
        (edge("OMN/Erika Beispiel", "officialOf", "OMN"), claim(MINISTER, "officialOf", OMAN)),
        (edge("OMN", "mediates", "conflict/Jemen"), claim(OMAN, "mediates", WAR)),
    ],
)
def test_an_edge_is_missed_and_the_claim_made_up(tmp_path: Path, gold: dict[str, Any], found: dict[str, Any]) -> None:
    result = score(load(tmp_path, {0: [gold]}), [found])
    assert figures(result) == (0, 1, 1)
    assert [str(missed.relation) for _, missed in result.missed] == [gold["r"]]
    assert [spurious for _, spurious in result.spurious] == [found]


def test_optional_edges_count_neither_way(tmp_path: Path) -> None:
    gold = load(tmp_path, {0: [edge("OMN", "meets", "FRA", opt=True)]})
    assert figures(score(gold, [])) == (0, 0, 0)
    assert figures(score(gold, [claim(OMAN, "meets", FRANCE)])) == (0, 0, 0)
    assert figures(score(gold, [claim(OMAN, "mediates", FRANCE)])) == (0, 0, 0)
    assert figures(score(gold, [claim(OMAN, "attacks", FRANCE)])) == (0, 0, 1)


def test_an_office_counts_once_in_an_article(tmp_path: Path) -> None:
    gold = load(tmp_path, {0: [edge("OMN/Max Muster", "officialOf", "OMN")]})
    again = [claim(MINISTER, "officialOf", OMAN), claim(MINISTER, "officialOf", OMAN, at=1)]
    assert figures(score(gold, again)) == (1, 0, 0)


def test_relaxed_figures_ask_for_the_quad_class_only(tmp_path: Path) -> None:
    gold = load(tmp_path, {0: [edge("OMN", "criticizes", "FRA")]})
    result = score(gold, [claim(OMAN, "accuses", FRANCE)])
    assert figures(result) == (0, 1, 1)
    assert (result.relaxed.found, result.relaxed.missed, result.relaxed.spurious) == (1, 0, 0)
    assert result.by_relation[Relation.ACCUSES].spurious == 1
    assert result.by_relation[Relation.CRITICIZES].missed == 1


def test_claims_about_other_articles_are_outside(tmp_path: Path) -> None:
    result = score(load(tmp_path, {}), [claim(OMAN, "meets", FRANCE) | {"doc": "other"}])
    assert (figures(result), result.outside) == ((0, 0, 0), 1)


def test_figures() -> None:
    counts = Counts(found=3, missed=3, spurious=1)
    assert (counts.precision, counts.recall, round(counts.f1, 3)) == (0.75, 0.5, 0.6)
    assert (Counts().precision, Counts().recall, Counts().f1) == (0, 0, 0)


def test_every_fault_of_the_files_is_listed(tmp_path: Path) -> None:
    docs, gold = tmp_path / "x.docs.jsonl", tmp_path / "x.gold.jsonl"
    docs.write_text('{"doc": "d", "text": "x", "sents": [{"b": 0, "e": 1}]}\n{"doc": "e"}\n{', encoding="utf-8")
    rows = [
        {"doc": "d", "sent": 0, "edges": [edge("A", "hugs", "B")]},
        {"doc": "d", "sent": 5, "edges": []},
        {"doc": "f", "sent": 0, "edges": []},
    ]
    gold.write_text("\n".join(map(json.dumps, rows)) + "\n[]", encoding="utf-8")
    with pytest.raises(DataError) as error:
        Gold.load(gold, docs)
    assert [fault.split(": ")[0] for fault in error.value.faults] == [
        "x.docs.jsonl:2",
        "x.docs.jsonl:3",
        "x.gold.jsonl:1",
        "x.gold.jsonl:2",
        "x.gold.jsonl:3",
        "x.gold.jsonl:4",
    ]


def test_a_file_of_claims(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    good = claim(OMAN, "meets", FRANCE)
    path.write_text(json.dumps(good) + "\n\n", encoding="utf-8")
    assert list(read_claims(path)) == [good]
    path.write_text('{"doc": "d"}\n' + json.dumps({**good, "relation": "hugs"}), encoding="utf-8")
    with pytest.raises(DataError, match=r"claims\.jsonl:2: is no claim: hugs"):
        list(read_claims(path))
