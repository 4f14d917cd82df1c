"""The page of a real store."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kgraph.explore import write_page
from kgraph.graph import open_store
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Attribution,
    Claim,
    DateOrigin,
    Extraction,
    Mention,
    Modality,
    Relation,
    Span,
    Via,
    When,
)

RUSSIA = Actor(f"{DATA}Q159", ActorType.STATE, "Russland", "RUS")
MOLDOVA = Actor(f"{DATA}Q217", ActorType.STATE, "Moldau", "MDA")
MINISTER = Actor(f"{DATA}person/erika-mustermann", ActorType.PERSON, "Erika Mustermann", "MDA")
FIRST = "Nach Angaben aus Chisinau hat Moskau 🇲🇩 die Republik bedroht."
TEXT = f"Chisinau. {FIRST} Erika Mustermann ist Ministerin der Republik Moldau."


def _span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words), words)


def _mention(actor: Actor, words: str, sentence: int) -> Mention:
    span = _span(words)
    return Mention(actor, Via.NAME, sentence, 0, (0,), span.start, span.end, span.text)


@pytest.fixture
def extraction() -> Extraction:
    article = Article("a1", TEXT, "de", "Drohung", "https://nachrichten.example/a1", "Bote", date(2026, 3, 2))
    threat = Claim(
        article.id,
        _span(FIRST),
        Relation.THREATENS,
        _span("bedroht"),
        "de/bedrohen.verb",
        _mention(RUSSIA, "Moskau", 1),
        _mention(MOLDOVA, "die Republik", 1),
        modality=Modality.ALLEGED,
        attribution=Attribution(_span("Nach Angaben aus Chisinau"), MOLDOVA),
        when=When(date(2026, 3, 1), date(2026, 3, 2), DateOrigin.RELATIVE),
        confidence=0.75,
    )
    office = Claim(
        article.id,
        _span("Erika Mustermann ist Ministerin der Republik Moldau."),
        Relation.OFFICIAL_OF,
        _span("Ministerin"),
        "de/amt.noun",
        _mention(MINISTER, "Erika Mustermann", 2),
        _mention(MOLDOVA, "Republik Moldau", 2),
    )
    return Extraction(article, claims=(threat, office))


@pytest.fixture
def path(extraction: Extraction, tmp_path: Path) -> Path:
    with open_store(tmp_path / "store") as store:
        store.write(extraction)
        return write_page(store, tmp_path / "page.html")


def test_the_page_holds_what_the_store_knows(path: Path) -> None:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text(encoding="utf-8"))
    assert found
    data = json.loads(found[1])
    nodes = {node["key"]: node for node in data["nodes"]}
    assert {node["label"] for node in nodes.values()} == {"Russland", "Moldau", "Erika Mustermann"}
    assert nodes[RUSSIA.id]["labelEn"] == "Russia"
    assert nodes[RUSSIA.id]["qid"] == "Q159"
    assert nodes[RUSSIA.id]["sign"] == "RUS"
    assert {"Russia", "Moskau"} <= set(nodes[RUSSIA.id]["names"])
    claim = next(claim for claim in data["claims"] if claim["modality"] == "alleged")
    assert data["nodes"][claim["speaker"]]["label"] == "Moldau"
    assert (claim["from"], claim["to"], claim["origin"], claim["confidence"]) == (
        "2026-03-01",
        "2026-03-02",
        "relative",
        0.75,
    )
    assert data["articles"] == [
        {
            "title": "Drohung",
            "url": "https://nachrichten.example/a1",
            "publisher": "Bote",
            "published": "2026-03-02",
        }
    ]


@pytest.mark.browser
def test_an_edge_from_the_store_shows_its_sentence(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_edge(seen.edge("Russland", "threatens", "Moldau"))
    card = seen.page.locator(".card")
    assert card.locator("blockquote").inner_text() == FIRST
    assert [card.locator(f"mark.{role}").inner_text() for role in ("subject", "trigger", "object")] == [
        "Moskau",
        "bedroht",
        "die Republik",
    ]
    for words in ("laut", "Nach Angaben aus Chisinau", "behauptet", "1. März 2026 – 2. März 2026", "Bote"):
        assert words in card.inner_text()


@pytest.mark.browser
def test_a_page_as_of_a_day_says_so_and_copies_count_once(visit: Any, extraction: Extraction, tmp_path: Path) -> None:
    words = " ".join(f"Wort{number}" for number in range(60))
    copies = []
    for number in (1, 2, 3):
        article = replace(
            extraction.article,
            id=f"a{number}",
            text=f"{TEXT} {words}",
            url=f"https://nachrichten.example/a{number}",
            published=date(2026, 3, 1 + number),
        )
        claims = tuple(replace(claim, article_id=article.id) for claim in extraction.claims)
        copies.append(replace(extraction, article=article, claims=claims))
    with open_store(tmp_path / "store") as store:
        for copy in copies:
            store.write(copy)
        once = write_page(store, tmp_path / "once.html", as_of=date(2026, 3, 3))
        every = write_page(store, tmp_path / "every.html", as_of=date(2026, 3, 3), copies=True)
    seen = visit(once)
    assert "Stand: 3. März 2026" in seen.panel
    assert "2 Aussagen" in seen.panel
    assert "4 Aussagen" in visit(every).panel
