"""What the page saves: pictures, a table, a graph; read back by other programs."""

from __future__ import annotations

import csv
import io
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kgraph.explore import render_page

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</text><script>alert(2)</script>",
    '=HYPERLINK("http://evil.example","a")',
    'x" onload="alert(3)',
    "@SUM(1)\r\n+1",
    "\u202egnp.exe \u0000\u001b\ud800 🕊️ مرحبا",
    "x" * 10_000,
    "]]><b>&amp;",
]


def _saved(seen: Any, name: str) -> bytes:
    seen.page.click("#menu-button")
    with seen.page.expect_download() as download:
        seen.page.locator("#menu").get_by_role("button", name=name).click()
    assert download.value.suggested_filename.startswith("kgraph.")
    return Path(download.value.path()).read_bytes()


@pytest.fixture
def seen(visit: Any, page_of_actors: Path) -> Any:
    return visit(page_of_actors)


def test_the_picture_as_png(seen: Any) -> None:
    png = _saved(seen, "PNG")
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    canvas = seen.page.locator("#canvas").bounding_box()
    assert width == 2 * canvas["width"]
    assert height > 2 * canvas["height"]
    assert len(png) > 50_000


def test_the_picture_as_svg(seen: Any) -> None:
    root = ET.fromstring(_saved(seen, "SVG"))
    texts = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert {"Wer mit wem, wer gegen wen", "Russland", "Konflikt in Taten", "verneint"} <= texts
    assert any("52 Aussagen" in text for text in texts)
    colours = seen.page.evaluate(
        "[...new Set(kgraph.data.edges.map((edge) => edge.quad))].map((quad) => getComputedStyle(document.documentElement).getPropertyValue('--quad-' + quad.replace(' ', '-')).trim())"
    )
    strokes = [path.get("stroke") for path in root.iter(f"{SVG}path")]
    assert set(colours) <= set(strokes)
    dashed = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert len(dashed) >= 5
    lines = [path for path in root.iter(f"{SVG}path") if path.get("opacity") == "0.9" and path.get("stroke")]
    assert len(lines) == len(seen.page.evaluate("kgraph.visible().edges"))


def test_what_is_visible_as_a_table(seen: Any) -> None:
    seen.page.evaluate("Model.setFilter((filter) => { filter.modalities.add('actual'); })")
    text = _saved(seen, "CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    visible = seen.page.evaluate("kgraph.visible().edges.flatMap((id) => Model.claimsOf(Data.edges[id])).length")
    assert len(rows) == visible > 5
    assert {row["modality"] for row in rows} == {"planned", "alleged", "hypothetical"}
    denied = next(row for row in rows if row["polarity"] == "negated" and row["relation"] == "suppliesArms")
    assert (denied["subject_label"], denied["object_label"], denied["trigger"]) == (
        "China",
        "Russland",
        "Waffen zu liefern",
    )
    assert denied["sentence"] == "Peking bestreitet, Moskau Waffen zu liefern."
    assert denied["attributed_to"] == "China"


def test_what_is_visible_as_a_graph(seen: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_bytes(_saved(seen, "GraphML"))
    graph = nx.read_graphml(path, force_multigraph=True)
    labels, edges = seen.shown()
    assert sorted(data["label"] for _, data in graph.nodes(data=True)) == labels
    assert graph.number_of_edges() == edges
    attack = graph.get_edge_data("https://w3id.org/kgraph/id/Q30", "https://w3id.org/kgraph/id/Q794")
    found = next(data for data in attack.values() if data["relation"] == "attacks")
    assert (found["count"], found["denied"], found["quad"], found["symmetric"]) == (4, 1, "material conflict", False)


def test_hostile_texts_stay_texts_in_files(visit: Any, tmp_path: Path, add_actor: Any, add_claim: Any) -> None:
    graph = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        add_actor(graph, text, text, type=text, country=text[:50])
        other = HOSTILE[number - 1]
        fields = dict.fromkeys(("title", "publisher", "published", "attributed_text", "url"), text)
        add_claim(graph, text, "attacks" if number % 2 else text, other, f"{{s:{text}}} {{t:{text}}}", **fields)
    page = tmp_path / "hostile.html"
    page.write_text(render_page(graph, title=HOSTILE[1]), encoding="utf-8", newline="\n")
    seen = visit(page)
    assert _saved(seen, "PNG").startswith(b"\x89PNG")
    root = ET.fromstring(_saved(seen, "SVG"))
    assert {element.tag for element in root.iter()} <= {f"{SVG}{name}" for name in ("svg", "rect", "path", "text")}
    assert not any(key.startswith("on") for element in root.iter() for key in element.attrib)
    assert HOSTILE[1] in {text.text for text in root.iter(f"{SVG}text")}
    rows = list(csv.DictReader(io.StringIO(_saved(seen, "CSV").decode("utf-8-sig"), newline="")))
    assert len(rows) == len(HOSTILE)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert HOSTILE[6] in {row["title"] for row in rows}
    graphml = tmp_path / "hostile.graphml"
    graphml.write_bytes(_saved(seen, "GraphML"))
    read = nx.read_graphml(graphml, force_multigraph=True)
    assert HOSTILE[7] in {data["label"] for _, data in read.nodes(data=True)}


def test_the_link_is_copied_or_said_to_stand_in_the_address(seen: Any) -> None:
    seen.choose("Israel")
    seen.page.click("#menu-button")
    seen.page.get_by_role("button", name="Link kopieren").click()
    seen.until("document.getElementById('notice').textContent.includes('Link')")
    assert "sel=node:~Q801" in seen.page.url
