"""The page in a real browser. The `visit` fixture adds: nothing logged, nothing asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kgraph.explore import render_page

pytestmark = pytest.mark.browser

ATTACK = ("USA", "attacks", "Iran")


@pytest.fixture
def path(page_of_actors: Path) -> Path:
    return page_of_actors


def _marked(seen: Any, role: str) -> list[str]:
    return list(seen.page.locator(f".card mark.{role}").all_inner_texts())


def test_the_page_opens_with_everything_in_the_picture(visit: Any, path: Path) -> None:
    seen = visit(path)
    assert seen.page.title() == "Wer mit wem, wer gegen wen"
    visible = seen.page.evaluate("kgraph.visible()")
    assert (len(visible["nodes"]), len(visible["edges"])) == (20, 43)
    assert "20 Akteure" in seen.panel
    assert "52 Aussagen" in seen.panel
    painted = seen.page.evaluate(
        """() => { const canvas = document.querySelector("#canvas canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(Array.from(data).filter((value, place) => place % 4 === 0 && data[place + 3] > 0)).size; }"""
    )
    assert painted > 50


def test_a_click_on_an_edge_shows_its_sentences_with_the_words_marked(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_edge(seen.edge(*ATTACK))
    assert seen.page.locator(".card").count() == 4
    assert "Die Wucht der US-Angriffe auf den Iran überraschte selbst Fachleute." in seen.panel
    assert {"US-Bomber", "US", "Amerikaner", "Washington"} == set(_marked(seen, "subject"))
    assert {"Angriffe", "griffen", "Schlägen", "bombardiert"} == set(_marked(seen, "trigger"))
    assert {"Iran", "Teheran"} == set(_marked(seen, "object"))
    card = seen.page.locator(".card", has_text="dementierte")
    for words in (
        "verneint",
        "behauptet",
        "Konfidenz 0,66",
        "laut",
        "USA",
        "Druck aus Brüssel",
        "Agentur Nord",
        "27. Feb. 2026",
    ):
        assert words in card.inner_text()
    assert card.locator("a").count() == 0
    link = seen.page.locator(".card", has_text="Wucht").locator("a")
    assert link.get_attribute("href") == "https://nachrichten.example/nacht"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"


def test_every_edge_can_be_clicked(visit: Any, path: Path) -> None:
    seen = visit(path)
    for number in seen.page.evaluate("kgraph.visible().edges"):
        seen.click_edge(number)
        assert seen.page.evaluate("Model.selection") == {"kind": "edge", "id": number}
        assert seen.page.locator(".card mark.trigger").count() > 0
        seen.page.keyboard.press("Escape")


def test_a_click_on_an_actor_shows_its_relations(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_node(seen.page.evaluate("kgraph.data.nodes.find((node) => node.label === 'Israel').id"))
    for words in ("Israel", "Staat", "Konflikt in Taten", "Angriff auf Hisbollah", "Hamas", "Wikidata Q801"):
        assert words in seen.panel
    seen.page.get_by_role("button", name="Angriff auf Hisbollah").click()
    assert "Israelische Jets griffen Stellungen der Hisbollah an." in seen.panel
    seen.page.get_by_role("button", name="Zur Übersicht").click()
    assert "Überblick" in seen.panel


def test_a_click_beside_everything_goes_back_to_the_overview(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_edge(seen.edge(*ATTACK))
    seen.page.locator("#canvas").click(position={"x": 5, "y": 5})
    assert "Überblick" in seen.panel


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("russ", "Russland"),
        ("Germany", "Deutschland"),
        ("turkei", "Türkei"),
        ("UNO", "Vereinte Nationen"),
        ("Q148", "China"),
        ("codr", "Elena Codreanu"),
    ],
)
def test_the_search_completes_names_in_german_and_english(visit: Any, path: Path, typed: str, label: str) -> None:
    seen = visit(path)
    seen.page.keyboard.press("/")
    seen.page.keyboard.type(typed)
    assert label in seen.page.locator("#hits [aria-selected=true]").inner_text()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("#panel h2").inner_text().strip() == label


def test_the_search_is_a_combobox(visit: Any, path: Path) -> None:
    seen = visit(path)
    box = seen.page.get_by_role("combobox")
    box.fill("land")
    assert box.get_attribute("aria-expanded") == "true"
    first = box.get_attribute("aria-activedescendant")
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") != first
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.fill("eu")  # too short to be looked for in the middle of words, as in Deutschland
    found = seen.page.locator("#hits").inner_text()
    assert "Europäische Union" in found
    assert "Deutschland" not in found
    box.fill("zzz")
    assert "Kein Akteur heißt so." in seen.page.locator("#hits").inner_text()
    box.fill("Isr")
    seen.page.locator("#hits li").first.click()
    assert seen.page.locator("#panel h2").inner_text().strip() == "Israel"


def test_filters_take_edges_out_and_let_them_in_again(visit: Any, path: Path) -> None:
    seen = visit(path)

    def edges() -> int:
        return len(seen.page.evaluate("kgraph.visible().edges"))

    seen.page.get_by_role("button", name="Filter").click()
    filters = seen.page.locator("#filters")
    filters.get_by_role("checkbox", name="Konflikt in Taten", exact=True).uncheck()
    assert edges() == 34
    filters.locator("summary", has_text="Zustand").click()
    filters.get_by_label("Mitglied von").uncheck()
    assert edges() == 30
    assert seen.page.locator("#filter-count").inner_text() == "1"
    filters.get_by_role("button", name="Zurücksetzen").click()
    assert edges() == 43
    filters.get_by_label("tatsächlich").uncheck()
    assert edges() == 11
    filters.get_by_role("button", name="Zurücksetzen").click()
    filters.get_by_label("bejaht").uncheck()
    assert edges() == 2
    filters.get_by_role("button", name="Zurücksetzen").click()
    filters.get_by_label("Konfidenz mindestens").fill("0.9")
    assert 0 < edges() < 30
    filters.get_by_label("Konfidenz mindestens").fill("1")
    assert edges() == 0
    assert seen.page.locator("#nothing").inner_text() == "Keine Aussage passt zu den Filtern.\nFilter zurücksetzen"
    filters.get_by_role("button", name="Zurücksetzen").click()
    filters.get_by_label("Aussagen je Beziehung mindestens").fill("2")
    assert edges() == 6
    seen.page.keyboard.press("Escape")
    assert filters.is_hidden()


def test_the_filter_of_confidence_begins_where_the_page_does(visit: Any, graph: nx.MultiDiGraph, written: Any) -> None:
    seen = visit(written(graph, min_confidence=0.8))
    least = seen.page.evaluate("Math.min(...kgraph.data.claims.map((claim) => claim.confidence))")
    assert least == 0.8
    assert len(seen.page.evaluate("kgraph.visible()")["edges"]) == seen.page.evaluate("kgraph.data.edges.length")
    assert seen.page.locator("#filter-count").is_hidden()
    seen.page.click("#filter-button")
    slider = seen.page.locator("#filters").get_by_label("Konfidenz mindestens")
    assert (slider.get_attribute("min"), slider.input_value()) == ("0.8", "0.8")
    slider.fill("0.95")
    assert 0 < len(seen.page.evaluate("kgraph.visible()")["edges"]) < seen.page.evaluate("kgraph.data.edges.length")
    seen.page.locator("#filters").get_by_role("button", name="zurücksetzen").click()
    assert seen.page.locator("#filter-count").is_hidden()
    assert len(seen.page.evaluate("kgraph.visible()")["edges"]) == seen.page.evaluate("kgraph.data.edges.length")


def test_filters_count_for_the_overview_and_can_be_reset_where_nothing_is_left(visit: Any, path: Path) -> None:
    seen = visit(path)
    named = seen.page.locator("#panel section").first.locator(".chip")
    before = named.all_inner_texts()
    seen.page.evaluate(
        "Model.setFilter((filter) => { filter.relations = new Set(Data.relations.map(([name]) => name)); })"
    )
    assert seen.page.locator("#panel .chip").count() == 0
    seen.page.evaluate(
        "Model.setFilter((filter) => { filter.relations.delete('aids'); filter.relations.delete('suppliesArms'); })"
    )
    assert set(named.all_inner_texts()) == set(seen.shown()[0])
    seen.page.evaluate("Model.setFilter((filter) => { filter.confidence = 1; })")
    seen.page.get_by_role("button", name="Filter zurücksetzen").click()
    assert named.all_inner_texts() == before
    assert len(seen.page.evaluate("kgraph.visible().edges")) == 43
    assert seen.page.evaluate("document.activeElement.id") == "canvas"


def test_filters_also_count_for_the_evidence(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_edge(seen.edge(*ATTACK))
    assert "umstritten" in seen.panel
    seen.page.get_by_role("button", name="Filter").click()
    seen.page.locator("#filters").get_by_label("verneint").uncheck()
    assert seen.page.locator(".card").count() == 3
    assert "umstritten" not in seen.panel


def test_lines_say_what_is_certain_planned_and_denied(visit: Any, path: Path) -> None:
    seen = visit(path)

    def status(*edge: str) -> dict[str, Any]:
        return dict(seen.page.evaluate("(id) => Model.statusOf(kgraph.data.edges[id])", seen.edge(*edge)))

    assert status("China", "suppliesArms", "Russland") == {"count": 1, "denied": "all", "certain": False}
    assert status(*ATTACK) == {"count": 4, "denied": "some", "certain": True}
    assert status("USA", "mediates", "Krieg in der Ukraine") == {"count": 1, "denied": "none", "certain": False}
    assert status("Deutschland", "suppliesArms", "Ukraine") == {"count": 2, "denied": "none", "certain": True}


def test_the_page_speaks_english(visit: Any, path: Path) -> None:
    seen = visit(path)
    seen.click_edge(seen.edge("Deutschland", "suppliesArms", "Ukraine"))
    seen.page.get_by_role("button", name="EN", exact=True).click()
    assert seen.page.title() == "Who with whom, who against whom"
    assert seen.page.evaluate("document.documentElement.lang") == "en"
    for words in ("Germany", "supplies arms to", "2 claims", "planned", "Confidence 0.83", "4 Mar 2026"):
        assert words in seen.panel
    assert "Deutschland will der Ukraine im Herbst Panzer liefern." in seen.panel
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("Frankreich")
    assert "France" in seen.page.locator("#hits").inner_text()


def test_the_page_opens_in_the_language_asked_for(visit: Any, written: Any, graph: nx.MultiDiGraph) -> None:
    seen = visit(written(graph, lang="en", title="Seven days"))
    assert seen.page.title() == "Seven days"
    assert "Overview" in seen.panel


def test_keys_alone_are_enough(visit: Any, path: Path) -> None:
    seen = visit(path)
    keys = seen.page.keyboard
    for _ in range(60):
        keys.press("Tab")
        if seen.page.evaluate("document.activeElement.classList.contains('edge')"):
            break
    keys.press("Enter")
    assert seen.page.locator(".card").count() > 0
    keys.press("Escape")
    assert "Überblick" in seen.panel
    seen.page.locator("#canvas").focus()
    before = seen.page.evaluate("kgraph.nodePoint(0)")
    keys.press("ArrowRight")
    seen.page.wait_for_timeout(50)
    assert seen.page.evaluate("kgraph.nodePoint(0)")["x"] < before["x"]
    keys.press("+")
    keys.press("f")
    seen.page.wait_for_timeout(50)
    after = seen.page.evaluate("kgraph.nodePoint(0)")
    assert abs(after["x"] - before["x"]) < 2


def test_a_narrow_window_has_room_for_everything(visit: Any, path: Path) -> None:
    seen = visit(path, width=360, height=740, touch=True)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 360
    for name in ("#search", "#filter-button", "#canvas", "#panel"):
        box = seen.page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    for number in seen.page.evaluate("kgraph.visible().nodes"):
        point = seen.page.evaluate("(id) => kgraph.nodePoint(id)", number)
        canvas = seen.page.locator("#canvas").bounding_box()
        assert canvas["x"] <= point["x"] <= canvas["x"] + canvas["width"]
        assert canvas["y"] <= point["y"] <= canvas["y"] + canvas["height"]
    point = seen.page.evaluate("(id) => kgraph.nodePoint(id)", 0)
    seen.page.touchscreen.tap(point["x"], point["y"])
    seen.page.wait_for_timeout(400)
    assert seen.page.locator("#panel h2").inner_text().strip() == "Russland"


def test_only_the_panel_scrolls(visit: Any, path: Path) -> None:
    seen = visit(path, width=360, height=740)
    seen.page.locator("#panel summary").click()
    assert seen.page.evaluate("document.getElementById('panel').scrollHeight") > 900
    assert seen.page.evaluate("document.documentElement.scrollHeight") == 740


def test_help_opens_at_its_beginning(visit: Any, path: Path) -> None:
    seen = visit(path, width=360, height=500)
    seen.page.click("#menu-button")
    seen.page.get_by_role("button", name="Tasten und Hilfe (?)").click()
    assert seen.page.evaluate("[document.activeElement.id, document.getElementById('help').scrollTop]") == [
        "help-title",
        0,
    ]


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_follows_the_systems_colours(visit: Any, path: Path, dark: bool) -> None:
    seen = visit(path, dark=dark)
    red = int(seen.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
    assert (red < 60) == dark
    seen.page.emulate_media(color_scheme="light" if dark else "dark")
    seen.until(f"document.documentElement.classList.contains('dark') === {str(not dark).lower()}")
    red = int(seen.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
    assert (red < 60) != dark


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '<a href="javascript:alert(3)">href</a>',
    "\"'`><svg/onload=alert(4)>",
    "\u202egnp.exe\u202c مرحبا <b>",
    "🕊️" * 40,
    "x" * 10_000,
    "{{data}} ${alert(5)} &lt;b&gt;",
    "\u2028\u2029\u0000\ud800 ende",
    "__proto__",
    "constructor",
]
BAD_ADDRESSES = [
    "javascript:alert(6)",
    " javascript:alert(7)",
    "data:text/html,<script>alert(8)</script>",
    "//evil.example/",
    "file:///etc/passwd",
    "http://",
    "vbscript:x",
    "https:evil",
    "\x01javascript:alert(9)",
]


def test_hostile_texts_are_shown_as_texts(visit: Any, written: Any, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        add_actor(graph, text, text, type=text, country=text[:50], qid=text, names=[text, "toString"])
        add_claim(
            graph,
            text,
            HOSTILE[number - 1] if number % 2 else "attacks",
            HOSTILE[number - 1],
            f"{{s:{text.replace('}', ')')}}} {{t:{text.replace('}', ')')}}}",
            **dict.fromkeys(
                ("title", "publisher", "published", "attributed_text", "date_start", "date_end", "rule", "polarity"),
                text,
            ),
            modality=text if number % 2 else "actual",
            date_origin=text,
            attributed_to=text,
            url=(BAD_ADDRESSES * 2)[number],
        )
    add_claim(
        graph,
        HOSTILE[0],
        "aids",
        HOSTILE[1],
        "Satz.",
        title="gut",
        url='https://ok.example/"><img src=x onerror=alert(1)>',
    )
    seen = visit(written(graph, title=HOSTILE[1]))
    assert seen.page.locator("h1").inner_text() == HOSTILE[1]
    for node in range(len(HOSTILE)):
        seen.page.evaluate("(id) => kgraph.select({ kind: 'node', id })", node)
    for edge in range(graph.number_of_edges()):
        seen.page.evaluate("(id) => kgraph.select({ kind: 'edge', id })", edge)
    seen.page.evaluate(
        "(id) => kgraph.select({ kind: 'edge', id })",
        next(e["id"] for e in seen.page.evaluate("kgraph.data.edges") if e["relation"] == "attacks"),
    )
    assert seen.page.locator(".card blockquote").inner_text() != ""
    assert seen.page.locator("#panel img, #panel script, #panel svg[onload], #panel b").count() == 0
    seen.page.get_by_role("combobox").fill("<img")
    assert HOSTILE[0] in seen.page.locator("#hits").inner_text()
    assert seen.page.locator("#hits img").count() == 0
    seen.page.get_by_role("combobox").press("Enter")
    assert HOSTILE[0] in seen.panel
    seen.page.get_by_role("button", name="Filter").click()
    assert seen.page.locator("#filters img, #filters script").count() == 0
    seen.page.get_by_role("button", name="EN", exact=True).click()
    seen.page.keyboard.press("Escape")
    seen.page.evaluate("Actions.path(0, 5)")
    assert seen.page.locator(".way li").count() > 1
    seen.page.evaluate("Search.pathFrom(1)")
    seen.page.keyboard.press("Escape")
    for step in ("near", "fold", "only"):
        seen.page.evaluate("(step) => Model.act(step, 2)", step)
    assert seen.page.locator("#panel img, #panel script, #panel svg[onload], #panel b, #notice img").count() == 0
    again = visit(written(graph, title=HOSTILE[1]), view=seen.link)
    assert again.shown() == seen.shown()


def test_only_web_addresses_become_links(visit: Any, written: Any, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    for name in "AB":
        add_actor(graph, name, name)
    for number, address in enumerate([*BAD_ADDRESSES, "https://ok.example/a?b=c&d", "HTTP://OK.example/"]):
        add_claim(graph, "A", "attacks", "B", "Satz.", title=f"Titel {number}", article=str(number), url=address)
    seen = visit(written(graph))
    seen.page.evaluate("kgraph.select({ kind: 'edge', id: 0 })")
    links = seen.page.locator(".card a")
    assert sorted(link.get_attribute("href") for link in links.all()) == [
        "http://ok.example/",
        "https://ok.example/a?b=c&d",
    ]


def test_marks_are_right_after_emoji(visit: Any, written: Any, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    for name in "AB":
        add_actor(graph, name, name)
    add_claim(graph, "A", "attacks", "B", "🕊️🇺🇦 sagte: {s:Land 😀 A} {t:griff} {o:Land B} an. שלום")
    seen = visit(written(graph))
    seen.page.evaluate("kgraph.select({ kind: 'edge', id: 0 })")
    assert [_marked(seen, role) for role in ("subject", "trigger", "object")] == [["Land 😀 A"], ["griff"], ["Land B"]]


def test_a_large_graph_opens_with_its_strongest_part_and_lets_others_in(visit: Any, page_of_crowd: Path) -> None:
    seen = visit(page_of_crowd)
    assert len(seen.page.evaluate("kgraph.visible().nodes")) <= 80
    assert "80 am stärksten verbundenen von 300 Akteuren" in seen.page.locator("#notice").inner_text()
    hidden = seen.page.evaluate("kgraph.data.nodes.findLast((node) => !node.shown)")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type(hidden["label"])
    assert "noch nicht im Bild" in seen.page.locator("#hits li").first.inner_text()
    seen.page.keyboard.press("Enter")
    assert hidden["id"] in seen.page.evaluate("kgraph.visible().nodes")
    shown = len(seen.page.evaluate("kgraph.visible().nodes"))
    seen.page.get_by_role("button", name="Nachbarn ins Bild holen").click()
    assert len(seen.page.evaluate("kgraph.visible().nodes")) > shown
    seen.page.locator("#notice-more").click()
    assert len(seen.page.evaluate("kgraph.visible().nodes")) > shown + 30


def test_an_empty_graph_says_so(visit: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text(render_page([]), encoding="utf-8")
    assert "In diesem Graphen steht noch keine Beziehung." in visit(path).panel


def test_an_actor_may_stand_at_both_ends(visit: Any, written: Any, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    add_actor(graph, "A", "Aland")
    add_claim(graph, "A", "attacks", "A", "{s:Aland} {t:bekriegt} sich selbst.")
    seen = visit(written(graph))
    seen.page.evaluate("kgraph.select({ kind: 'edge', id: 0 })")
    assert "Aland bekriegt sich selbst." in seen.panel
