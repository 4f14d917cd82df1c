"""What one does with the picture, and that it can be undone, kept in a link, and done without a mouse."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

AROUND_ISRAEL = ["Hamas", "Hisbollah", "Iran", "Israel", "USA", "Vereinte Nationen"]


@pytest.fixture
def path(page_of_actors: Path) -> Path:
    return page_of_actors


def _state(seen: Any) -> Any:
    return seen.page.evaluate("Model.state()")


# --- time and sources


def test_two_handles_choose_the_time(visit: Any, path: Path) -> None:
    seen = visit(path)
    start, end = seen.page.get_by_role("slider", name="von"), seen.page.get_by_role("slider", name="bis")
    assert seen.page.locator("#time rect").count() > 15
    assert seen.page.locator("#time output").inner_text() == "ganzer Zeitraum"
    start.focus()
    for _ in range(5):
        seen.page.keyboard.press("ArrowRight")
    end.focus()
    seen.page.keyboard.press("ArrowLeft")
    assert start.get_attribute("aria-valuetext") == "15. Feb. 2026"
    assert end.get_attribute("aria-valuetext") == "26. Feb. 2026"
    assert seen.page.locator("#time output").inner_text() == "15. Feb. 2026 – 26. Feb. 2026"
    inside = seen.page.evaluate(
        """kgraph.visible().edges.flatMap((id) => Model.claimsOf(Data.edges[id])).map((number) => Data.claims[number].from)"""
    )
    assert (min(inside), max(inside)) == ("2026-02-15", "2026-02-26")
    assert seen.page.locator("#time rect.out").count() > 0
    assert seen.page.locator("#filter-count").inner_text() == "1"
    start.fill("99")  # the handles never meet
    assert int(start.input_value()) == int(end.input_value()) - 1
    assert len(seen.page.evaluate("kgraph.visible().edges")) > 0


def test_days_stand_under_the_histogram(visit: Any, path: Path) -> None:
    seen = visit(path)
    marks = seen.page.locator("#time .scale span")
    assert marks.all_inner_texts()[:2] == ["10. Feb.", "13. Feb."]
    wide = marks.count()
    frame, last = seen.page.locator("#time .track").bounding_box(), marks.last.bounding_box()
    assert last["x"] + last["width"] <= frame["x"] + frame["width"]
    seen.page.set_viewport_size({"width": 360, "height": 740})
    seen.page.click("#filter-button")
    assert 1 < marks.count() < wide


def test_claims_without_a_date_can_be_left_out(visit: Any, tmp_path: Path, graph: Any) -> None:
    from kgraph.explore import render_page

    for number, (_, _, claim) in enumerate(graph.edges(data=True)):
        if number % 2:
            claim.update(date_start=None, published=None, article="undated")
    page = tmp_path / "undated.html"
    page.write_text(render_page(graph), encoding="utf-8")
    seen = visit(page)
    seen.page.click("#filter-button")
    seen.page.get_by_role("checkbox", name="Aussagen ohne Datum").uncheck()
    assert "26 Aussagen" in seen.panel
    seen.page.get_by_role("slider", name="von").fill("3")
    seen.page.get_by_role("checkbox", name="Aussagen ohne Datum").check()
    assert 26 < int(seen.panel.split(" Aussagen")[0].split()[-1]) < 52


def test_sources_can_be_left_out(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.click("#filter-button")
    filters = seen.page.locator("#filters")
    assert filters.get_by_role("checkbox", name="Tagesbote").count() == 1
    filters.get_by_role("checkbox", name="Agentur Nord").uncheck()
    left = seen.page.evaluate("kgraph.visible().edges.flatMap((id) => Model.claimsOf(Data.edges[id]))")
    publishers = seen.page.evaluate("(ids) => ids.map((id) => Data.articles[Data.claims[id].article].publisher)", left)
    assert set(publishers) == {"Tagesbote", "Morgenblatt"}
    filters.get_by_role("checkbox", name="Alle Quellen").check()
    filters.get_by_role("checkbox", name="Alle Quellen").uncheck()
    assert seen.page.locator("#nothing").is_visible()


# --- the picture


def test_neighbours_come_in_and_go_again(visit: Any, page_of_crowd: Path) -> None:
    seen = visit(page_of_crowd)
    before = seen.shown()
    seen.choose("Akteur 0003")
    seen.page.keyboard.press("e")
    expanded = seen.shown()
    assert set(before[0]) < set(expanded[0])
    seen.page.get_by_role("button", name="Einklappen").click()
    folded = seen.shown()
    assert len(folded[0]) < len(expanded[0])
    assert "Akteur 0003" in folded[0]
    seen.page.keyboard.press("Control+z")
    assert seen.shown() == expanded
    seen.page.get_by_role("button", name="Rückgängig").click()
    assert seen.shown() == before
    seen.page.keyboard.press("Control+y")
    seen.page.keyboard.press("r")
    assert seen.shown() == folded
    assert seen.page.get_by_role("button", name="Wiederholen").is_disabled()


def test_a_double_click_lets_neighbours_in(visit: Any, page_of_crowd: Path) -> None:
    seen = visit(page_of_crowd)
    before, _ = seen.shown()
    point = seen.page.evaluate("kgraph.nodePoint(0)")
    seen.page.mouse.dblclick(point["x"], point["y"])
    seen.page.wait_for_timeout(400)
    assert len(seen.shown()[0]) > len(before)


def test_the_rest_can_be_hidden(visit: Any, path: Path) -> None:
    seen = visit(path)
    before = seen.shown()
    seen.choose("Israel")
    seen.page.get_by_role("button", name="Nur dies zeigen").click()
    assert seen.shown()[0] == AROUND_ISRAEL
    assert "6 von 20 Akteuren im Bild" in seen.page.locator("#notice").inner_text()
    seen.page.keyboard.press("x")
    assert seen.shown()[0] == [
        label for label in AROUND_ISRAEL if label not in {"Israel", "Hamas", "Vereinte Nationen"}
    ]
    assert "Überblick" in seen.panel
    seen.page.locator("#notice").get_by_role("button", name="Anfangsbild").click()
    assert seen.shown() == before


def test_the_way_between_two_actors(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.choose("Elena Codreanu")
    seen.page.keyboard.press("p")
    assert seen.page.get_by_role("combobox").get_attribute("placeholder") == "Weg von Elena Codreanu zu …"
    seen.page.keyboard.type("hezbollah")
    seen.page.keyboard.press("Enter")
    assert seen.heading == "Der kürzeste Weg"
    way = seen.page.locator(".way li").all_inner_texts()
    assert [way[0], way[-1], len(way)] == ["Elena Codreanu", "Hisbollah", 5]
    assert "4 Schritte" in seen.panel
    legs = [
        seen.page.evaluate("(name) => Source.node(Data.nodes.find((one) => one.label === name).key)", one)
        for one in way
    ]
    assert all(
        seen.page.evaluate("([one, two]) => Model.edgesOf[one].some((edge) => Model.other(edge, one) === two)", pair)
        for pair in pairwise(legs)
    )
    seen.page.locator("#panel .edge").first.click()
    assert seen.page.locator(".card").count() > 0
    seen.page.get_by_role("combobox").press("Escape")


def test_where_no_way_leads_the_page_says_so(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.evaluate("Model.setFilter((filter) => { filter.relations.add('memberOf'); })")
    seen.choose("Elena Codreanu")
    seen.page.get_by_role("button", name="Weg zu …").click()
    seen.page.keyboard.type("PAS")
    seen.page.keyboard.press("Enter")
    assert "führt kein Weg von Elena Codreanu zu PAS" in seen.page.locator("#notice").inner_text()
    assert seen.heading == "Elena Codreanu"


def test_an_actor_can_be_moved_and_moved_back(visit: Any, path: Path) -> None:
    seen = visit(path)
    node = seen.node("Kurden")
    start = seen.page.evaluate("(id) => kgraph.nodePoint(id)", node)
    seen.page.mouse.move(start["x"], start["y"])
    seen.page.mouse.down()
    seen.page.mouse.move(start["x"] - 60, start["y"] + 40, steps=4)
    seen.page.mouse.up()
    seen.page.wait_for_timeout(100)
    moved = seen.page.evaluate("(id) => kgraph.nodePoint(id)", node)
    assert abs(moved["x"] - start["x"] + 60) < 4
    assert abs(moved["y"] - start["y"] - 40) < 4
    seen.page.keyboard.press("u")
    back = seen.page.evaluate("(id) => kgraph.nodePoint(id)", node)
    assert abs(back["x"] - start["x"]) < 2


def test_undo_takes_one_step_of_a_slider_back(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.click("#filter-button")
    slider = seen.page.locator("#filters").get_by_label("Konfidenz mindestens")
    for value in ("0.7", "0.8", "0.9"):
        slider.fill(value)
    assert seen.shown()[1] < 43
    seen.page.locator("#undo").click()
    assert seen.shown()[1] == 43
    assert slider.input_value() == "0"
    assert seen.page.locator("#undo").is_disabled()


# --- where one looks


def test_one_can_come_nearer_look_elsewhere_and_see_everything_again(visit: Any, path: Path) -> None:
    seen = visit(path)

    def eye() -> tuple[float, float, float]:
        at = seen.page.evaluate("kgraph.nodePoint(0)")
        return seen.page.evaluate("Canvas.scene().scale"), at["x"], at["y"]

    def inside() -> bool:
        return bool(
            seen.page.evaluate(
                "Canvas.scene().nodes.every(({ x, y }) => x > 0 && y > 0 && x < Canvas.scene().width && y < Canvas.scene().height)"
            )
        )

    scale, x, y = eye()
    assert inside()
    seen.page.locator("#zoom-in").click()
    assert eye()[0] > scale
    seen.page.locator("#zoom-out").click()
    assert abs(eye()[0] - scale) < 0.01
    box = seen.page.locator("#canvas").bounding_box()
    seen.page.mouse.move(box["x"] + 20, box["y"] + 20)
    seen.page.mouse.wheel(0, -400)
    seen.until(f"Canvas.scene().scale > {scale}")
    seen.page.keyboard.press("f")
    assert [round(value) for value in eye()[1:]] == [round(x), round(y)]
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 320, box["y"] + 220, steps=4)
    seen.page.mouse.up()
    assert (round(eye()[1] - x), round(eye()[2] - y)) == (300, 200)
    assert not inside()
    seen.page.locator("#zoom-fit").click()
    assert inside()


def test_a_finger_does_what_a_mouse_does(visit: Any, path: Path) -> None:
    seen = visit(path, width=360, height=740, touch=True)
    node = seen.node("Israel")
    at = seen.page.evaluate("(id) => kgraph.nodePoint(id)", node)
    seen.page.touchscreen.tap(at["x"], at["y"])
    seen.until(f"Model.selection && Model.selection.kind === 'node' && Model.selection.id === {node}")
    assert seen.heading == "Israel"
    seen.page.get_by_role("button", name="Nur dies zeigen").tap()
    seen.until("kgraph.visible().nodes.length === 6")
    seen.page.get_by_role("button", name="Zur Übersicht").tap()
    edge = next(
        number
        for number in seen.number("kgraph.visible().edges")
        if seen.page.evaluate("(id) => kgraph.edgePoint(id)", number)
    )
    at = seen.page.evaluate("(id) => kgraph.edgePoint(id)", edge)
    seen.page.touchscreen.tap(at["x"], at["y"])
    seen.until(f"Model.selection && Model.selection.kind === 'edge' && Model.selection.id === {edge}")
    assert seen.page.locator(".card mark.trigger").count() > 0


def test_the_legend_explains_what_is_drawn(visit: Any, path: Path) -> None:
    seen = visit(path)
    legend = seen.page.locator("#legend")
    said = legend.inner_text()
    for words in (
        "Zusammenarbeit in Worten",
        "Konflikt in Taten",
        "nur geplant, behauptet, hypothetisch",
        "verneint",
        "umstritten",
        "größer, dicker: mehr Aussagen",
        "Staat",
        "Person",
    ):
        assert words in said
    colours = seen.page.evaluate(
        "[...document.querySelectorAll('#legend [data-quad] path')].map((line) => getComputedStyle(line.closest('svg')).stroke)"
    )
    assert len(set(colours)) == 5
    phone = visit(path, width=360, height=740)
    body = phone.page.locator("#legend-body")
    assert body.is_hidden()
    phone.page.locator("#legend summary").click()
    assert body.is_visible()
    box = phone.page.locator("#legend").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


# --- links


def test_a_link_restores_the_whole_view(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.choose("Israel")
    seen.page.keyboard.press("h")
    seen.choose("Türkei")
    seen.page.click("#filter-button")
    seen.page.locator("#filters").get_by_role("checkbox", name="geplant").uncheck()
    seen.page.locator("#filters").get_by_role("checkbox", name="Morgenblatt").uncheck()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("slider", name="bis").fill("14")
    node = seen.page.evaluate("(id) => kgraph.nodePoint(id)", seen.node("Iran"))
    seen.page.mouse.move(node["x"], node["y"])
    seen.page.mouse.down()
    seen.page.mouse.move(node["x"] + 50, node["y"] + 30, steps=3)
    seen.page.mouse.up()
    seen.page.click("#menu-button")
    seen.page.locator("#menu").get_by_role("button", name="Dunkel").click()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("button", name="EN", exact=True).click()
    seen.page.locator("#zoom-in").click()
    seen.page.wait_for_timeout(100)
    again = visit(path, view=seen.link)
    assert _state(again) == _state(seen)
    assert again.shown() == seen.shown()
    assert again.heading == seen.heading == "Türkiye"
    assert again.page.evaluate("document.documentElement.classList.contains('dark')")
    assert again.link == seen.link
    one, two = (view.page.evaluate("(id) => kgraph.nodePoint(id)", seen.node("Iran")) for view in (seen, again))
    assert abs(one["x"] - two["x"]) < 3
    assert abs(one["y"] - two["y"]) < 3


def test_a_link_keeps_who_was_let_in_and_where_they_stand(visit: Any, page_of_crowd: Path) -> None:
    seen = visit(page_of_crowd)
    seen.choose("Akteur 0299")
    seen.page.keyboard.press("e")
    seen.page.locator("#notice-more").click()
    again = visit(page_of_crowd, view=seen.link)
    assert again.shown() == seen.shown()
    places = "kgraph.visible().nodes.map((id) => Places.of(id))"
    assert again.page.evaluate(places) == seen.page.evaluate(places)


def test_links_of_other_pages_and_nonsense_do_no_harm(visit: Any, path: Path) -> None:
    for view in (
        "do=in:~Q999;near:x&sel=node:~Q404",
        "%%%&=&sel=edge:a/b/c&conf=9&at=7:x&eye=a,b",
        "from=x&to=&do=constructor:1",
    ):
        seen = visit(path, view=view)
        assert len(seen.shown()[0]) == 20
        assert "Überblick" in seen.panel


def test_a_link_that_changes_no_picture_leaves_a_phone_its_own(visit: Any, page_of_crowd: Path) -> None:
    phone: dict[str, Any] = {"width": 360, "height": 740, "touch": True}
    usual = visit(page_of_crowd, **phone).shown()
    wide = visit(page_of_crowd)
    assert visit(page_of_crowd, view="lang=en", **phone).shown() == usual != wide.shown()
    wide.page.locator("#notice-more").click()
    assert visit(page_of_crowd, view=wide.link, **phone).shown() == wide.shown()


def test_an_edge_or_a_way_can_be_linked_to(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.evaluate("(id) => kgraph.select({ kind: 'edge', id })", seen.edge("Russland", "ally", "Iran"))
    assert seen.link.endswith("sel=edge:~Q159/ally/~Q794")
    assert "Verbündeten in der Region" in visit(path, view=seen.link).panel
    seen.page.evaluate("Actions.path(0, 9)")
    assert visit(path, view=seen.link).heading == "Der kürzeste Weg"


# --- keys


def test_arrows_go_from_actor_to_actor(visit: Any, path: Path) -> None:
    seen = visit(path)
    keys = seen.page.keyboard
    seen.page.locator("#canvas").focus()
    keys.press("Enter")
    assert seen.heading == "Russland"
    came = set()
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        one = seen.page.evaluate("Model.selection.id")
        before = seen.page.evaluate("(id) => Places.of(id)", one)
        keys.press(key)
        other = seen.page.evaluate("Model.selection.id")
        after = seen.page.evaluate("(id) => Places.of(id)", other)
        if other == one:
            continue
        came.add(key)
        axis, sign = {"ArrowLeft": ("x", -1), "ArrowRight": ("x", 1), "ArrowUp": ("y", -1), "ArrowDown": ("y", 1)}[key]
        assert (after[axis] - before[axis]) * sign > 0
        assert seen.page.evaluate("document.activeElement.id") == "canvas"
    assert len(came) >= 3
    keys.press("Escape")
    assert "Überblick" in seen.panel


def test_a_question_mark_lists_the_keys(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.keyboard.press("?")
    dialog = seen.page.get_by_role("dialog")
    assert "Nachbarn ins Bild holen" in dialog.inner_text()
    seen.page.keyboard.press("x")  # letters do nothing behind it
    seen.page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert len(seen.shown()[0]) == 20


def test_single_keys_can_be_switched_off(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.choose("Israel")
    seen.page.keyboard.press("?")
    seen.page.get_by_role("checkbox", name="Kurzbefehle mit einzelnen Tasten").uncheck()
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("h")
    assert len(seen.shown()[0]) == 20
    again = visit(path, view=seen.link)
    again.page.keyboard.press("x")
    assert len(again.shown()[0]) == 20
    again.page.keyboard.press("Escape")
    assert "Überblick" in again.panel


def test_everything_in_the_picture_stands_in_a_list(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.page.locator(".list summary").focus()
    seen.page.keyboard.press("Enter")
    rows = seen.page.locator(".list li button")
    rows.first.wait_for()
    labels, edges = seen.shown()
    assert rows.count() == len(labels) + edges
    assert set(labels) <= set(rows.all_inner_texts())
    seen.page.locator(".list").get_by_role("button", name="China Waffen für Russland").focus()
    seen.page.keyboard.press("Enter")
    assert "Peking bestreitet" in seen.panel
    assert seen.page.locator("#status").inner_text() == "Ausgewählt: China Waffen für Russland"


def test_an_actor_shows_its_neighbours_and_when_things_happened(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.choose("Israel")
    assert "5 Nachbarn" in seen.panel
    chart = seen.page.locator("#panel .chart svg")
    assert chart.get_attribute("role") == "img"
    assert chart.get_attribute("aria-label").startswith("9 Aussagen im Lauf der Zeit")
    assert chart.locator("rect").count() >= 6
    assert set(seen.page.locator("#panel .chips li").all_inner_texts()) == set(AROUND_ISRAEL) - {"Israel"}


def test_the_theme_can_be_chosen(visit: Any, path: Path) -> None:
    seen = visit(path, dark=True)
    ground = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert seen.page.evaluate(ground) < 60
    seen.page.click("#menu-button")
    seen.page.get_by_role("button", name="Hell").click()
    assert seen.page.evaluate(ground) > 200
    assert seen.page.get_by_role("button", name="Hell").get_attribute("aria-pressed") == "true"
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#menu").is_hidden()
    assert seen.page.evaluate("document.activeElement.id") == "menu-button"
