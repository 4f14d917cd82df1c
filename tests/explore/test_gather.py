from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import networkx as nx
import pytest

from kgraph.errors import UsageError
from kgraph.explore.gather import gather, marks
from kgraph.explore.rows import graph_of_rows
from kgraph.model import Modality, Relation


@pytest.fixture
def small(add_actor: Any) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for name in ("A", "B", "C"):
        add_actor(graph, name, f"Land {name}")
    return graph


def _marked(picture: Any, claim: int) -> list[str]:
    row = picture.claims[claim]
    encoded = picture.sentences[row["sentence"]].encode("utf-16-le")
    found = row["marks"]
    return [encoded[2 * found[i] : 2 * found[i + 1]].decode("utf-16-le") for i in (0, 2, 4)]


def test_claims_of_one_relation_between_two_actors_become_one_edge(small: Any, add_claim: Any) -> None:
    add_claim(small, "A", "attacks", "B", "Land A griff Land B an.", date_start="2026-01-01")
    add_claim(small, "A", "attacks", "B", "Erneut griff A an.", date_start="2026-02-01")
    add_claim(small, "B", "attacks", "A", "Land B schlug zurück.")
    picture = gather(small)
    assert [len(edge.claims) for edge in picture.edges] == [2, 1]
    assert [picture.sentences[picture.claims[number]["sentence"]] for number in picture.edges[0].claims] == [
        "Erneut griff A an.",
        "Land A griff Land B an.",
    ]
    assert [(node.key, node.claims) for node in picture.nodes] == [("A", 3), ("B", 3)]


def test_symmetric_relations_have_one_edge_whichever_way_they_are_put(small: Any, add_claim: Any) -> None:
    add_claim(small, "B", "meets", "A", "B traf A.")
    add_claim(small, "A", "meets", "B", "A traf B.")
    picture = gather(small)
    assert [(edge.symmetric, len(edge.claims)) for edge in picture.edges] == [(True, 2)]


def test_rare_edges_and_their_actors_are_left_out(small: Any, add_claim: Any) -> None:
    for _ in range(2):
        add_claim(small, "A", "attacks", "B", "A griff B an.")
    add_claim(small, "A", "meets", "C", "A traf C.")
    assert [node.key for node in gather(small, min_claims=2).nodes] == ["A", "B"]
    assert gather(small, min_claims=3).edges == ()


def test_marks_count_as_browsers_do(small: Any, add_claim: Any) -> None:
    add_claim(small, "A", "attacks", "B", "🕊️🇺🇦 und 𝔖: {s:Land 😀 A} {t:griff} {o:Land B} an.")
    assert _marked(gather(small), 0) == ["Land 😀 A", "griff", "Land B"]


def test_marks_outside_the_sentence_are_dropped() -> None:
    claim = {
        "sentence": "Kurz.",
        "sentence_start": 10,
        "subject_start": 3,
        "subject_end": 9,
        "trigger_start": 10,
        "trigger_end": 99,
    }
    assert marks(claim) == [-1] * 6


def test_values_of_all_kinds_become_text_and_numbers(small: Any, add_claim: Any) -> None:
    add_claim(
        small,
        "A",
        Relation.ATTACKS,
        "B",
        "Satz.",
        modality=Modality.ALLEGED,
        confidence=Decimal("0.5"),
        published=date(2026, 3, 1),
    )
    add_claim(
        small,
        "A",
        "unheard-of",
        "B",
        "Satz.",
        modality=None,
        confidence=float("nan"),
        date_start=date(2026, 1, 2),
        date_end=date(2026, 1, 3),
    )
    picture = gather(small)
    first, second = (picture.claims[edge.claims[0]] for edge in picture.edges)
    assert (first["modality"], first["confidence"]) == ("alleged", 0.5)
    assert (second["modality"], second["confidence"], second["from"], second["to"]) == (
        "actual",
        0.0,
        "2026-01-02",
        "2026-01-03",
    )
    assert {"published": "2026-03-01"} in picture.articles


def test_sentences_and_articles_are_kept_once(small: Any, add_claim: Any) -> None:
    for target in ("B", "C"):
        add_claim(small, "A", "attacks", target, "A griff B und C an.", article="x", title="Nacht")
    picture = gather(small)
    assert picture.sentences == ("A griff B und C an.",)
    assert picture.articles == ({"title": "Nacht"},)


def test_who_says_so_is_an_actor_of_the_page_or_a_name(small: Any, add_claim: Any) -> None:
    add_claim(small, "A", "attacks", "B", "A griff B an.", attributed_to="A", attributed_text="Land A")
    add_claim(small, "A", "meets", "B", "A traf B.", attributed_to="C")
    add_claim(small, "A", "aids", "B", "A half B.", attributed_to="unknown", attributed_label="ein Sprecher")
    claims = {gather(small).edges[number].relation: gather(small).claims[number] for number in range(3)}
    assert (claims["attacks"]["speaker"], claims["attacks"]["says"]) == (0, "Land A")
    assert claims["meets"]["speakerLabel"] == "Land C"
    assert claims["aids"]["speakerLabel"] == "ein Sprecher"


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_a_graph_without_evidence_is_refused(kind: Any) -> None:
    with pytest.raises(UsageError, match="no evidence"):
        gather(kind([("A", "B")]))
    gathered = nx.MultiDiGraph()
    gathered.add_edge("A", "B", "attacks", relation="attacks", claims=2, ids=["x", "y"])
    with pytest.raises(UsageError, match="write_page"):
        gather(gathered)


def test_rows_of_the_interchange_format() -> None:
    row = {
        "doc": "nacht",
        "sentence": {"start": 40, "end": 60, "text": "Ostland griff an."},
        "trigger": {"start": 48, "end": 53, "text": "griff"},
        "subject": {
            "id": "x:ost",
            "label": "Ostland",
            "type": "State",
            "country": "OST",
            "mention": {"start": 40, "end": 47, "text": "Ostland"},
        },
        "relation": "attacks",
        "object": {"id": "x:west", "label": "Westland", "type": "State", "country": None, "mention": None},
        "polarity": "affirmed",
        "modality": "alleged",
        "attributed_to": {
            "id": "x:ost",
            "label": "Ostland",
            "mention": {"start": 0, "end": 1, "text": "das Ministerium"},
        },
        "date": "2026-03-02",
        "confidence": 0.9,
        "rule": "de/angreifen.verb",
    }
    picture = gather(graph_of_rows([row]))
    assert picture.claims[0]["marks"] == [0, 7, 8, 13, -1, -1]
    assert picture.claims[0]["says"] == "das Ministerium"
    assert picture.claims[0]["speaker"] == 0


def test_a_row_that_is_no_claim_is_named() -> None:
    with pytest.raises(UsageError, match="row 1: a claim needs subject and object"):
        graph_of_rows([{"relation": "attacks"}])
