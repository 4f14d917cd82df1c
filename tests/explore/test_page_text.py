from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import UsageError
from kgraph.explore import render_page, write_page
from kgraph.explore.page import embed
from kgraph.model import ActorType, DateOrigin, Modality, Polarity, Quad, Relation

ASSETS = files("kgraph.explore").joinpath("assets")
WORDS = json.loads(ASSETS.joinpath("words.json").read_text(encoding="utf-8"))


class _Reader(HTMLParser):
    """The page as a browser splits it: attributes, and the contents of script elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


@pytest.fixture
def page(graph: nx.MultiDiGraph) -> str:
    return render_page(graph)


def test_no_address_stands_in_the_page(page: str) -> None:
    for tag, attributes in _Reader(page).tags:
        for name in ("src", "href", "action", "srcset", "poster", "data", "background"):
            assert attributes.get(name, "data:,") == "data:,", (tag, attributes)
    assert "url(" not in ASSETS.joinpath("page.css").read_text(encoding="utf-8")
    assert "@import" not in page
    assert "sourceMappingURL" not in page


def test_the_policy_allows_exactly_the_scripts_of_the_page(page: str) -> None:
    reader = _Reader(page)
    policy = next(str(attributes["content"]) for _, attributes in reader.tags if attributes.get("http-equiv"))
    digests = [
        "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in reader.scripts[1:]
    ]
    assert len(reader.scripts) == 3
    assert re.findall(r"'(sha256-[^']+)'", policy) == digests
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_the_same_claims_give_the_same_page(graph: nx.MultiDiGraph, page: str) -> None:
    assert render_page(graph) == page
    turned = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert render_page(turned) == page


def test_the_callers_graph_stays_as_it_is(graph: nx.MultiDiGraph) -> None:
    before = nx.node_link_data(graph)
    render_page(graph)
    assert nx.node_link_data(graph) == before


@given(st.text(st.characters(), max_size=60))
def test_any_text_survives_inside_a_script_element(text: str) -> None:
    embedded = embed({text: [text]})
    assert not set("<>&\u2028\u2029") & set(embedded)
    assert json.loads(embedded.encode("utf-8")) == {text: [text]}


def test_half_a_character_survives_as_well() -> None:
    assert embed("\ud800").encode("utf-8") == b'"\\ud800"'


def test_nothing_in_the_data_ends_the_script(graph: nx.MultiDiGraph, add_actor: Any) -> None:
    for _, actor in graph.nodes(data=True):
        actor["label"] = "</script><script>alert(1)</script><!--<script>"
    reader = _Reader(render_page(graph, title="</title><script>alert(2)</script>{{data}}"))
    assert len(reader.scripts) == 3
    assert json.loads(reader.scripts[0])["nodes"][0]["label"].startswith("</script>")


def test_a_template_slot_in_the_title_is_not_filled(graph: nx.MultiDiGraph) -> None:
    assert "<title>{{data}} &lt;b&gt; ?</title>" in render_page(graph, title="{{data}} <b> \ud800")


def test_everything_has_words_in_both_languages() -> None:
    def shape(entry: Any) -> Any:
        if isinstance(entry, dict):
            return {key: shape(value) for key, value in entry.items()}
        return len(entry) if isinstance(entry, list) else "text"

    assert shape(WORDS["de"]) == shape(WORDS["en"])
    for group, members in (
        ("relation", Relation),
        ("quads", Quad),
        ("types", ActorType),
        ("modalities", Modality),
        ("polarities", Polarity),
        ("origins", DateOrigin),
    ):
        assert set(WORDS["de"][group]) - {""} == {member.value for member in members}


def test_every_word_that_the_page_asks_for_exists() -> None:
    sources = [
        asset.read_text(encoding="utf-8")
        for asset in ASSETS.iterdir()
        if asset.name.endswith((".js", ".html")) and "vis" not in asset.name
    ]
    asked = {
        key
        for source in sources
        for key in re.findall(r'(?:say\("|data-(?:text|label|title|placeholder)=")([a-zA-Z]+)', source)
    }
    assert asked <= set(WORDS["de"])
    assert len(asked) > 20


def test_our_scripts_never_parse_text_as_markup() -> None:
    for asset in ASSETS.iterdir():
        if asset.name.endswith(".js") and "vis" not in asset.name:
            source = asset.read_text(encoding="utf-8")
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|XMLHttp",
                source,
            ), asset.name
            assert ("fetch(" in source) == (asset.name == "source.js"), asset.name


def test_the_drawing_library_comes_with_its_licence() -> None:
    library = ASSETS.joinpath("vis-network.min.js").read_text(encoding="utf-8")
    assert "@version 10." in library[:600]
    assert "</script" not in library.lower()
    assert "<!--" not in library
    assert "MIT" in ASSETS.joinpath("vis-network.LICENSE-MIT.txt").read_text(encoding="utf-8")
    assert "Apache License" in ASSETS.joinpath("vis-network.LICENSE-APACHE-2.0.txt").read_text(encoding="utf-8")


# --- colours

_SIGHT = {  # how reds, greens and blues are seen: Machado, Oliveira and Fernandes (2009), severity 1
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def _times(matrix: Any, vector: Any) -> list[float]:
    return [sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix]


def _linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _lab(linear: list[float]) -> tuple[float, float, float]:
    scaled = [
        value / white
        for value, white in zip(
            _times(_XYZ, [min(max(part, 0), 1) for part in linear]), (0.9505, 1, 1.089), strict=True
        )
    ]
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _luminance(colour: str) -> float:
    return _times(_XYZ, _linear(colour))[1]


def _palettes() -> list[dict[str, str]]:
    style = ASSETS.joinpath("page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root(?:\.dark)? \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark"])
@pytest.mark.parametrize("sight", _SIGHT)
def test_quad_classes_differ_for_every_eye(palette: dict[str, str], sight: str) -> None:
    colours = [
        _lab(_times(_SIGHT[sight], _linear(colour))) for name, colour in palette.items() if name.startswith("quad-")
    ]
    assert len(colours) == len(Quad)
    distances = [
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        for n, one in enumerate(colours)
        for other in colours[:n]
    ]
    assert min(distances) > 18  # CIE76; about 2 is the least that can be told


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark"])
def test_lines_and_texts_stand_out_from_their_ground(palette: dict[str, str]) -> None:
    def contrast(one: str, other: str) -> float:
        high, low = sorted((_luminance(palette[one]), _luminance(palette[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for name in palette:
        if name.startswith("quad-"):
            assert contrast(name, "ground") >= 3, name
    for text, ground in [
        ("ink", "surface"),
        ("muted", "surface"),
        ("muted", "soft"),
        ("ink", "ground"),
        ("focus", "surface"),
        ("on-node", "node"),
    ]:
        assert contrast(text, ground) >= 4.5, (text, ground)


# --- the functions


def test_a_store_without_claims_gives_a_page() -> None:
    assert '"nodes":[]' in render_page([])


def test_an_unknown_language_is_refused(graph: nx.MultiDiGraph) -> None:
    with pytest.raises(UsageError, match="'fr': the page speaks de and en"):
        render_page(graph, lang="fr")


def test_a_page_that_cannot_be_written_says_so(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    class Store:
        registry = None

        def claims(self, **_: Any) -> list[Any]:
            return []

    with pytest.raises(UsageError, match="the page cannot be written"):
        write_page(Store(), tmp_path / "missing" / "page.html")  # type: ignore[arg-type]
    path = write_page(Store(), str(tmp_path / "page.html"))  # type: ignore[arg-type]
    assert path.read_bytes().startswith(b"<!doctype html>")
