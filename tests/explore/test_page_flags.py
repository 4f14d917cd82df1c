"""Flags in the picture, in lists and in what the page saves, in a real browser."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
GERMANY = {"black": [51, 51, 51], "red": [216, 0, 39], "gold": [255, 218, 68]}
PAINTED = """(label) => {
    const one = Canvas.scene().nodes.find(({ node }) => node.label === label);
    const drawn = document.querySelector("#canvas canvas");
    const ratio = drawn.width / drawn.clientWidth;
    const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width, height: drawn.height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = "white"; // the ground is not the canvas's own
    pen.fillRect(0, 0, drawn.width, drawn.height);
    pen.drawImage(drawn, 0, 0);
    return [-0.6, 0, 0.6].map((part) =>
        [...pen.getImageData(ratio * one.x, ratio * (one.y + part * one.r), 1, 1).data.slice(0, 3)]);
}"""
SAVED = """async ([label, address]) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    const one = Canvas.scene().nodes.find(({ node }) => node.label === label);
    const head = 46;
    return [-0.6, 0, 0.6].map((part) => [...pen.getImageData(2 * one.x, 2 * (head + one.y + part * one.r), 1, 1).data.slice(0, 3)]);
}"""


def _near(found: list[list[int]], wanted: list[list[int]]) -> bool:
    return all(
        abs(a - b) <= 3
        for one, other in zip(found, wanted, strict=True)
        for a, b in zip(one, other, strict=True)
    )  # fmt: skip


def _until_painted(seen: Any, label: str, wanted: list[list[int]]) -> None:
    for _ in range(100):
        found = seen.page.evaluate(PAINTED, label)
        if _near(found, wanted):
            return
        seen.page.wait_for_timeout(50)
    pytest.fail(f"{label}: {found}")


def _file(seen: Any, name: str) -> bytes:
    seen.page.click("#menu-button")
    with seen.page.expect_download() as download:
        seen.page.locator("#menu").get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("dark", [False, True])
def test_states_are_drawn_with_their_flags(visit: Any, page_of_actors: Path, dark: bool) -> None:
    seen = visit(page_of_actors, dark=dark)
    _until_painted(seen, "Deutschland", list(GERMANY.values()))
    _until_painted(seen, "Ukraine", [[51, 138, 243], seen.page.evaluate(PAINTED, "Ukraine")[1], [255, 218, 68]])


def test_a_flag_that_comes_later_is_drawn_as_soon_as_it_is_read(
    visit: Any, written: Any, graph: nx.MultiDiGraph
) -> None:
    seen = visit(written(graph, limit=3))
    assert "Deutschland" not in seen.shown()[0]
    seen.page.evaluate(
        "void (window.Image = class extends Image { set src(to) { setTimeout(() => { super.src = to; }, 700); } })"
    )
    seen.page.evaluate("Model.act('only', ...kgraph.data.nodes.map((one) => one.id))")
    _until_painted(seen, "Deutschland", list(GERMANY.values()))


def test_a_flag_fades_with_its_actor_and_comes_back(visit: Any, page_of_actors: Path) -> None:
    seen = visit(page_of_actors)
    _until_painted(seen, "Deutschland", list(GERMANY.values()))
    seen.page.evaluate("kgraph.select({ kind: 'node', id: kgraph.data.nodes.find((one) => one.label === 'Katar').id })")
    seen.page.wait_for_timeout(100)
    faded = seen.page.evaluate(PAINTED, "Deutschland")
    assert all(min(colour) > 180 for colour in faded), faded
    seen.page.evaluate("kgraph.select(null)")
    _until_painted(seen, "Deutschland", list(GERMANY.values()))


def test_a_flag_stands_in_the_page_once_however_many_fly_it(
    visit: Any, written: Any, add_actor: Any, add_claim: Any
) -> None:
    graph = nx.MultiDiGraph()
    for number in range(30):
        add_actor(graph, f"x{number}", f"Land {number:02}", country=("DEU", "FRA")[number % 2])
        if number:
            add_claim(graph, f"x{number}", "meets", "x0", "{s:Einer} {t:traf} {o:einen}.")
    path = written(graph)
    assert path.read_text(encoding="utf-8").count("data:image/svg+xml,%3Csvg") == 2
    seen = visit(path)
    for number in (0, 8, 28):
        _until_painted(seen, f"Land {number:02}", list(GERMANY.values()))


def test_lists_show_flags_to_eyes_and_to_nobody_else(visit: Any, page_of_actors: Path) -> None:
    seen = visit(page_of_actors)
    chip = seen.page.locator("#panel .chip", has_text="Russland").first
    flag = chip.locator("img")
    assert flag.get_attribute("alt") == ""
    assert flag.get_attribute("aria-hidden") == "true"
    seen.until("[...document.querySelectorAll('#panel img')].every((one) => one.naturalWidth === 512)")
    seen.choose("Elena Codreanu")
    assert seen.page.locator("#panel h2 img").count() == 0
    assert seen.page.locator("#panel h2 svg").count() == 1
    seen.choose("Europäische Union")
    assert seen.page.locator("#panel h2 img").count() == 1


def test_the_legend_says_it_in_both_languages(visit: Any, page_of_actors: Path) -> None:
    seen = visit(page_of_actors)
    legend = seen.page.locator("#legend-body")
    assert "Staat (Flagge oder Ländercode)" in legend.inner_text()
    seen.page.click("[data-lang=en]")
    assert "State (flag or country code)" in legend.inner_text()


def test_an_actor_with_a_strange_code_keeps_its_disc(visit: Any, written: Any, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    codes = ["DEU", "deu", "__proto__", "constructor", "data:,", "<svg onload=alert(1)>", "https://evil.example/x.svg"]
    for code in codes:
        add_actor(graph, code, code, country=code)
        add_claim(graph, code, "meets", "DEU", "{s:Einer} {t:traf} {o:einen}.")
    seen = visit(written(graph))
    _until_painted(seen, "DEU", list(GERMANY.values()))
    assert seen.page.evaluate("kgraph.data.nodes.filter((one) => Flags.of(one)).map((one) => one.label)") == ["DEU"]
    root = ET.fromstring(_file(seen, "SVG"))
    assert len(list(root.iter(f"{SVG}image"))) == 1
    assert {"deu", "con"} <= {text.text for text in root.iter(f"{SVG}text")}


def test_the_saved_svg_holds_the_flags(visit: Any, page_of_actors: Path) -> None:
    seen = visit(page_of_actors)
    images = list(ET.fromstring(_file(seen, "SVG")).iter(f"{SVG}image"))
    flags = seen.page.evaluate("kgraph.data.flags")
    assert sorted(str(image.get("href")) for image in images) == sorted(flags.values())
    assert all(float(str(image.get("width"))) > 8 for image in images)


def test_the_saved_png_holds_the_flags(visit: Any, page_of_actors: Path) -> None:
    seen = visit(page_of_actors)
    png = base64.b64encode(_file(seen, "PNG")).decode("ascii")
    found = seen.page.evaluate(SAVED, ["Deutschland", f"data:image/png;base64,{png}"])
    assert _near(found, list(GERMANY.values())), found
