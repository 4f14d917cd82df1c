"""The page over a store that it does not hold: a real server on loopback answers what it asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import networkx as nx
import pytest

from kgraph.explore import fragment, page_policy, render_page

pytestmark = pytest.mark.browser


class _Graph:
    """What the server knows; it answers in the form that `kgraph.explore.data` describes."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self.graph = graph
        self.asked: list[dict[str, str]] = []

    def only(self, wanted: Any) -> nx.MultiDiGraph:
        return self.graph.edge_subgraph([edge[:3] for edge in self.graph.edges(keys=True, data=True) if wanted(*edge)])

    def label(self, name: str) -> str:
        return next(key for key, data in self.graph.nodes(data=True) if data["label"] == name)

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        self.asked.append(asked)
        if "q" in asked:
            found = self.graph.subgraph(
                [key for key, data in self.graph.nodes(data=True) if asked["q"] in data["label"]]
            )
            nodes = [
                {"key": key, "label": data["label"], "type": data["type"], "claims": 1}
                for key, data in found.nodes(data=True)
            ]
            return {"nodes": nodes, "edges": [], "claims": [], "sentences": [], "articles": []}
        if "actor" in asked:
            return self.short(fragment(self.only(lambda one, two, *_: asked["actor"] in (one, two))))
        if "relation" in asked:
            ends = (asked["subject"], asked["object"])
            return fragment(
                self.only(lambda one, two, _, claim: (one, two) == ends and claim["relation"] == asked["relation"])
            )
        way = nx.shortest_path(self.graph.to_undirected(), asked["from"], asked["to"])
        return fragment(self.graph.subgraph(way))

    @staticmethod
    def short(found: dict[str, Any]) -> dict[str, Any]:
        """With one claim for each edge, and the number of all."""
        for edge in found["edges"]:
            edge.update(count=len(edge["claims"]), claims=edge["claims"][:1])
        for node in found["nodes"]:
            node["page"] = "/id/" + node["key"].rsplit("/", 1)[-1]
        return found


@pytest.fixture
def known(graph: nx.MultiDiGraph) -> _Graph:
    return _Graph(graph)


@pytest.fixture
def address(known: _Graph) -> Iterator[str]:
    russia = known.label("Russland")
    text = render_page(known.only(lambda one, two, *_: russia in (one, two)), api="/api/graph", home="/")
    page, policy = text.encode(), page_policy(text)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            answers = asked.path == "/api/graph"
            body = (
                json.dumps(known.answer({k: v[0] for k, v in parse_qs(asked.query).items()})).encode()
                if answers
                else page
            )
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if answers else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/explore"
        server.shutdown()


@pytest.fixture
def page(chromium: Any, address: str, until: Any) -> Iterator[Any]:
    context = chromium.new_context(locale="de-DE", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda one: wrong.append(one.url) if not one.url.startswith((address.rsplit("/", 1)[0], "data:")) else None,
    )
    page.goto(address)
    until(page, "performance.getEntriesByName('kgraph-ready').length")
    yield page
    context.close()
    assert wrong == []


def _choose(page: Any, name: str, until: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.locator("#hits li:not(.none)").first.wait_for()
    page.keyboard.press("Enter")
    until(page, f"document.querySelector('#panel h2').textContent === {json.dumps(name)}")


def test_who_is_not_on_the_page_is_found_on_the_server(until: Any, page: Any, known: _Graph) -> None:
    assert page.evaluate("kgraph.data.nodes.every((node) => node.label !== 'Hisbollah')")
    _choose(page, "Hisbollah", until)
    until(page, "kgraph.visible().edges.some((id) => Data.nodes[Data.edges[id].to].label === 'Hisbollah')")
    assert {"q": "Hisbollah"} in known.asked
    assert {"actor": known.label("Hisbollah")} in known.asked
    assert "3 Beziehungen" in page.locator("#panel").inner_text()
    assert page.get_by_role("link", name="Alles über diesen Akteur").get_attribute("href") == "/id/Q41053"


def test_neighbours_and_their_evidence_come_from_the_server(until: Any, page: Any, known: _Graph) -> None:
    bars = page.locator("#time rect").count()
    _choose(page, "USA", until)
    until(page, "Model.hiddenNeighbours(Model.selection.id).length > 0")
    until(page, f"document.querySelectorAll('#time rect').length > {bars}")
    page.keyboard.press("e")
    until(page, "kgraph.visible().nodes.some((id) => Data.nodes[id].label === 'Israel')")
    attack = "Data.edges.findIndex((edge) => edge.relation === 'attacks' && Data.nodes[edge.from].label === 'USA')"
    page.evaluate(f"kgraph.select({{ kind: 'edge', id: {attack} }})")

    until(page, "document.querySelectorAll('.card').length === 4")
    assert "Die Wucht der US-Angriffe" in page.locator("#panel").inner_text()
    assert page.locator(".card mark.trigger").count() == 4
    assert [asked["relation"] for asked in known.asked if "relation" in asked] == ["attacks"]


def test_a_way_leads_over_actors_that_only_the_server_knows(until: Any, page: Any) -> None:
    _choose(page, "Russland", until)
    page.keyboard.press("p")
    page.keyboard.type("Hamas")
    until(page, "document.querySelector('#hits li.none') === null && document.querySelector('#hits li')")
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('.way li').length > 1")
    assert page.locator(".way li").all_inner_texts()[-1] == "Hamas"


def test_a_link_speaks_of_actors_that_only_the_server_knows(until: Any, page: Any, address: str) -> None:
    page.goto("about:blank")
    page.goto(f"{address}#do=in:~Q801&sel=node:~Q801")
    until(page, "document.querySelector('#panel h2') && document.querySelector('#panel h2').textContent === 'Israel'")
    assert page.evaluate("kgraph.visible().nodes.some((id) => Data.nodes[id].label === 'Israel')")


def test_a_server_that_is_gone_is_no_fault_of_the_page(until: Any, page: Any) -> None:
    page.route("**/api/graph**", lambda route: route.fulfill(status=200, body="no JSON"))
    _choose(page, "Iran", until)
    until(page, "document.getElementById('status').textContent === 'Der Server antwortet nicht.'")
    assert "Iran" in page.locator("#panel h2").inner_text()
