"""The pages in a real browser. The `visit` fixture adds: nothing logged, nothing asked of anybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

LISTS = ["/", "/actors", "/articles", "/relations", "/conflicts", "/timeline", "/search?q=traf"]
OTHERS = ["/explore", "/sparql", "/sparql?query=SELECT * WHERE { ?a kg:attacks ?b }"]
LOOKS = [(1440, 900, False), (360, 740, True)]


@pytest.fixture(scope="session")
def axe() -> str:
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def kinds(server: Any) -> list[str]:
    """A page of each kind."""
    row = server.get("/timeline.json?relation=meets").json()["claims"]["rows"][0]
    pair = server.get("/pair", params={"a": row["subject"]["iri"], "b": row["object"]["iri"]}).headers["location"]
    return [*LISTS, row["subject"]["page"], row["article"]["page"], row["page"], pair, "/relation/meets"]


@pytest.mark.parametrize(("width", "height", "dark"), LOOKS)
def test_every_kind_of_page_is_for_everybody(
    visit: Any, server: Any, axe: str, width: int, height: int, dark: bool
) -> None:
    seen = visit(server, "/", width=width, height=height, dark=dark)
    for path in [*kinds(server), *OTHERS]:
        seen.page.goto(server.address.rstrip("/") + path)
        seen.page.evaluate(axe)
        found = seen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == [], path
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_editor_with_rows_is_for_everybody(visit: Any, server: Any, axe: str) -> None:
    page = visit(server, "/sparql", dark=True).page
    page.get_by_role("button", name="Wer wen angreift").click()
    page.locator(".yasr_results table").last.wait_for()
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    page.locator(".tabPanel.active .yasqe textarea").focus()
    for name in ("CodeMirror-scroll", "yasqe_share"):
        page.keyboard.press("Tab")
        assert name in page.evaluate("document.activeElement.className")


def test_hostile_texts_run_nowhere_and_burst_nothing(visit: Any, hostile: Any) -> None:
    seen = visit(hostile, "/", width=360, height=740)
    rows = hostile.get("/timeline.json?relation=meets").json()["claims"]["rows"]
    for path in [*kinds(hostile), *(row["page"] for row in rows), *(row["article"]["page"] for row in rows)]:
        seen.page.goto(hostile.address.rstrip("/") + path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert seen.page.locator("main img:not(.flag), main script, main iframe").count() == 0, path


def test_the_keyboard_finds_its_way(visit: Any, server: Any) -> None:
    page = visit(server, "/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def follow(page: Any, action: Any) -> None:
    """Do what leads to another page, and wait until it is there."""
    with page.expect_navigation():
        action()


def test_everything_works_without_javascript(visit: Any, server: Any) -> None:
    page = visit(server, "/", javascript=False).page
    page.get_by_role("searchbox").fill("bombardiert")
    follow(page, lambda: page.get_by_role("searchbox").press("Enter"))
    assert page.locator("mark.found").all_inner_texts() == ["bombardiert"]
    follow(page, page.get_by_role("link", name="Luftangriffe").click)
    assert page.get_by_role("heading", level=1).inner_text() == "Luftangriffe"
    follow(page, page.get_by_role("link", name="USA").first.click)
    page.get_by_text("Zahlen als Tabelle").click()
    assert page.locator(".figures").get_by_role("row", name="März 2026").is_visible()
    follow(page, page.get_by_role("link", name="English").click)
    assert page.get_by_role("heading", level=1).inner_text() == "United States"
    follow(page, page.get_by_role("link", name="Timeline", exact=True).click)
    page.get_by_label("Relation").select_option("attacks")
    follow(page, page.get_by_role("button", name="Filter").click)
    assert page.get_by_role("heading", name="2 claims").is_visible()
    assert page.locator(".chip.negated").inner_text().endswith("denied")


def test_sparql_is_asked_without_javascript(visit: Any, server: Any) -> None:
    page = visit(server, "/sparql", javascript=False, width=360, height=740).page
    follow(page, page.get_by_role("button", name="Wer wen angreift").click)
    assert "kg:attacks" in page.get_by_label("Abfrage").input_value()
    page.get_by_label("Abfrage").fill("SELECT ?a ?b WHERE { ?a kg:attacks ?b }")
    follow(page, page.get_by_role("button", name="Ausführen").click)
    assert page.get_by_role("heading", level=2).inner_text() == "1 Zeile"
    assert page.get_by_label("Abfrage").input_value() == "SELECT ?a ?b WHERE { ?a kg:attacks ?b }"
    follow(page, page.get_by_role("link", name="USA", exact=True).click)
    assert page.get_by_role("heading", level=1).inner_text() == "USA"


def test_columns_of_tables_keep_their_words_on_a_phone(visit: Any, server: Any) -> None:
    page = visit(server, "/actors", width=360, height=740).page
    lines = page.evaluate("[...document.querySelectorAll('td')].map((cell) => cell.getClientRects()[0].height)")
    assert max(lines) < 60
    assert page.locator("td", has_text="Staat").first.bounding_box()["width"] > 30


def test_two_actors_are_laid_side_by_side(visit: Any, server: Any) -> None:
    page = visit(server, "/", lang="en-GB").page
    page.get_by_label("Actor", exact=True).fill("Vereinigte Staaten")
    page.get_by_label("And", exact=True).fill("Iran")
    follow(page, page.locator("form[action='/pair'] button").click)
    assert page.url.endswith("/pair/Q30/-/Q794")
    assert page.locator("rect.conflict").count() == 1
    assert "conflict 1 fact" in page.get_by_role("img", name="Bar chart").get_attribute("aria-label")
