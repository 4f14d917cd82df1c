"""The flags that come with the page, and who flies them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import networkx as nx
import pytest

from kgraph.actors import load_registry
from kgraph.explore import fragment, put_flags, render_page
from kgraph.model import ActorType

ASSETS = files("kgraph.explore").joinpath("assets")
BUNDLE = json.loads(ASSETS.joinpath("circle-flags.json").read_text(encoding="utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("svg", "g", "clipPath", "path", "circle", "ellipse", "rect")}


def _flown(**actor: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"nodes": [{"key": "x", "label": "X", **actor}]}
    put_flags(data)
    return {"flag": data["nodes"][0].get("flag"), "flags": data["flags"]}


def test_every_state_of_the_lists_has_a_flag() -> None:
    states = [entry for entry in load_registry().actors if entry.type is ActorType.STATE]
    assert {entry.iso3 for entry in states} == set(BUNDLE["State"])
    known = {entry.qid: entry.type for entry in load_registry().actors}
    assert {known[qid] for qid in BUNDLE["Organisation"]} == {ActorType.ORGANISATION}


def test_the_bundle_is_small_and_comes_with_its_licence() -> None:
    assert len(ASSETS.joinpath("circle-flags.json").read_bytes()) < 100_000
    licence = ASSETS.joinpath("circle-flags.LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT License" in licence
    assert "HatScripts" in licence


def test_flags_are_plain_drawings_that_ask_for_nothing() -> None:
    nodes = [
        *({"type": "State", "country": code} for code in BUNDLE["State"]),
        *({"type": "Organisation", "qid": qid} for qid in BUNDLE["Organisation"]),
    ]
    data: dict[str, Any] = {"nodes": nodes}
    put_flags(data)
    assert len(data["flags"]) == len(nodes)
    for key, address in data["flags"].items():
        head, _, picture = address.partition(",")
        assert head == "data:image/svg+xml"
        assert re.fullmatch(r"[\w%/:=,'();.-]+", picture), key
        for element in ET.fromstring(unquote(picture)).iter():
            assert element.tag in SHAPES, key
            assert not re.search(r"href|style|^on", " ".join(element.attrib)), key
            assert all("url" not in value or value == "url(#a)" for value in element.attrib.values()), key


@pytest.mark.parametrize(
    "code",
    ["deu", "DEU ", "DE", "XXX", "", "Q458", "__proto__", "../DEU", "DEU'/><script>alert(1)</script>", "D\u202eEU"],
)
def test_a_code_that_is_not_exactly_one_of_ours_has_no_flag(code: str) -> None:
    assert _flown(type="State", country=code, qid="Q458") == {"flag": None, "flags": {}}


def test_only_states_fly_the_flag_of_a_country() -> None:
    assert _flown(type="State", country="DEU")["flag"] == "DEU"
    assert _flown(type="Organisation", qid="Q7184")["flag"] == "Q7184"
    for kind in [*(kind.value for kind in ActorType if kind is not ActorType.STATE), "state", "", "<b>"]:
        assert _flown(type=kind, country="DEU", qid="Q183")["flag"] is None
    assert _flown()["flag"] is None


def test_a_page_holds_the_flags_of_its_actors_and_no_others(graph: nx.MultiDiGraph) -> None:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', render_page(graph))
    assert found
    data = json.loads(found[1])
    states = {node["country"] for node in data["nodes"] if node.get("type") == "State"}
    assert set(data["flags"]) == states | {"Q458", "Q7184", "Q1065"}
    assert fragment(graph)["flags"] == data["flags"]
    assert fragment([])["flags"] == {}
