"""The explorer over a store that a real server holds."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from kgraph.model import DATA

USA, IRAN, RUSSIA, MOLDOVA = (f"{DATA}{name}" for name in ("Q30", "Q794", "Q159", "Q217"))


def ask(server: Any, **asked: str) -> dict[str, Any]:
    answer = server.get("/api/graph", params=asked)
    assert answer.status_code == 200
    return dict(answer.json())


def edges(part: dict[str, Any]) -> set[tuple[str, str, str]]:
    names = [node["label"] for node in part["nodes"]]
    return {(names[edge["from"]], edge["relation"], names[edge["to"]]) for edge in part["edges"]}


def ready(page: Any, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids that the browser does so."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def test_actors_are_found_by_any_name_of_theirs(server: Any) -> None:
    for name in ("vereinigte", "united", "UNITED sta"):
        assert [node["label"] for node in ask(server, q=name)["nodes"]] == ["USA"]
    assert ask(server, q="uni sta x")["nodes"] == []
    assert [node["label"] for name in ("rus", "Moskau", "Q159") for node in ask(server, q=name)["nodes"]] == [
        "Russland"
    ] * 3
    [node] = ask(server, q="russ")["nodes"]
    names = node.pop("names")
    assert {"Russia", "Russische Föderation", "Moskau"} <= set(names)
    assert node == {
        "key": RUSSIA, "label": "Russland", "labelEn": "Russia", "type": "State", "country": "RUS", "claims": 2,
        "page": "/id/Q159", "qid": "Q159", "sign": "RUS", "flag": "RUS",
    }  # fmt: skip


def test_what_is_around_an_actor_comes_with_evidence(server: Any) -> None:
    part = ask(server, actor=IRAN)
    assert set(part["flags"]) == {"IRN", "RUS", "USA"}
    assert edges(part) == {("USA", "attacks", "Iran"), ("USA", "sanctions", "Iran"), ("Russland", "attacks", "Iran")}
    denied = next(claim for claim in part["claims"] if claim["polarity"] == "negated")
    assert (denied["modality"], denied["says"]) == ("alleged", "nach eigenen Angaben")
    sentence = part["sentences"][denied["sentence"]]
    marks = denied["marks"]
    assert [sentence[start:end] for start, end in zip(marks[::2], marks[1::2], strict=True)] == [
        "Russland", "angegriffen", "Iran",
    ]  # fmt: skip


def test_an_edge_comes_whole_and_a_way_leads_from_one_to_the_other(hostile: Any, server: Any) -> None:
    part = ask(hostile, subject=USA, relation="attacks", object=IRAN)
    assert edges(part) == {("USA", "attacks", "Iran")}
    assert len(part["edges"][0]["claims"]) == 60
    few = ask(hostile, actor=IRAN)["edges"][0]
    assert (few["count"], len(few["claims"])) == (60, 4)
    way = ask(server, **{"from": f"{DATA}person/ion-testescu", "to": IRAN})
    assert edges(way) == {("USA", "meets", "Ion Testescu"), ("USA", "attacks", "Iran"), ("USA", "sanctions", "Iran")}
    for asked in (
        {"from": MOLDOVA, "to": f"{DATA}Q1"},
        {"actor": "x"},
        {"q": "%"},
        {"subject": USA, "relation": "x", "object": IRAN},
    ):
        assert ask(server, **asked)["edges"] == []


def test_as_of_a_day_nothing_later_counts(server: Any) -> None:
    assert edges(ask(server, as_of="2026-03-02")) == {("USA", "attacks", "Iran"), ("Russland", "criticizes", "USA")}
    assert edges(ask(server, as_of="2026-03-01")) == set()
    assert server.get("/api/graph?as_of=x").status_code == 400


def test_an_unchanged_page_is_not_sent_again(server: Any) -> None:
    first = server.get("/explore")
    again = server.get("/explore", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "unsafe-inline" not in first.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert server.get("/explore?lang=en").headers["etag"] != first.headers["etag"]


@pytest.mark.browser
def test_the_network_leads_to_the_pages_and_they_to_it(visit: Any, server: Any) -> None:
    page = visit(server, "/id/Q794").page
    with page.expect_navigation():
        page.get_by_role("link", name="Im Netz zeigen").click()
    ready(page, "performance.getEntriesByName('kgraph-ready').length")
    ready(page, "document.querySelector('#panel h2').textContent === 'Iran'")
    with page.expect_navigation():
        page.get_by_role("link", name="Alles über diesen Akteur").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Iran"


@pytest.mark.browser
def test_the_search_of_the_network_knows_all_names(visit: Any, server: Any) -> None:
    page = visit(server, "/explore").page
    ready(page, "performance.getEntriesByName('kgraph-ready').length")
    for typed, label in (("Vereinigte Staaten", "USA"), ("Teheran", "Iran"), ("Q159", "Russland")):
        page.get_by_role("combobox").fill(typed)
        ready(page, f"document.querySelector('#hits').innerText.startsWith({json.dumps(label)})")
    assert page.evaluate("Data.nodes.find((node) => node.label === 'Iran').qid") == "Q794"


@pytest.mark.browser
def test_flags_come_with_the_page_and_with_answers(visit: Any, server: Any) -> None:
    page = visit(server, "/explore").page
    ready(page, "performance.getEntriesByName('kgraph-ready').length")
    page.evaluate("Object.keys(Data.flags).forEach((key) => delete Data.flags[key])")
    assert page.evaluate("Flags.of(Data.nodes.find((node) => node.label === 'Iran'))") is None
    page.evaluate(f"location.hash = {json.dumps('#sel=node:~Q794')}")
    ready(page, "Flags.of(Data.nodes.find((node) => node.label === 'Iran'))")
    ready(page, "[...document.querySelectorAll('#panel h2 img')].some((image) => image.naturalWidth === 512)")


@pytest.mark.browser
def test_hostile_names_are_text_in_the_network_too(visit: Any, hostile: Any, texts: dict[str, str]) -> None:
    page = visit(hostile, "/explore").page
    ready(page, "performance.getEntriesByName('kgraph-ready').length")
    labels = page.evaluate("Data.nodes.map((node) => node.label)")
    assert set(texts.values()) <= set(labels)
    for name in ("tag", "script"):
        page.evaluate(f"location.hash = {json.dumps('#sel=node:~person/' + quote(name))}")
        ready(page, f"document.querySelector('#panel h2').textContent === {json.dumps(texts[name])}")
        assert page.locator("#panel img, #panel script").count() == 0
