"""The page made from the example articles, judged by axe-core: for eyes, keyboards and screen readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kgraph.explore import write_page
from kgraph.graph import open_store
from kgraph.pipeline import LANGUAGES, Pipeline
from kgraph.read import read
from kgraph.resources import seeds_dir

pytestmark = pytest.mark.browser

VIEWS = {
    "list": "kgraph.select({ kind: 'node', id: 9 }), Actions.only(), Model.select(null), document.querySelector('.list summary').click()",
    "actor": "kgraph.select({ kind: 'node', id: 0 })",
    "edge": "kgraph.select({ kind: 'edge', id: kgraph.data.edges.find((edge) => edge.quad === 'state').id })",
    "denied": "kgraph.select({ kind: 'edge', id: kgraph.data.edges.find((edge) => Model.statusOf(edge).denied === 'all').id })",
    "path": "Actions.path(0, 20)",
    "filters": "Filters.toggle(true)",
    "menu": "Menu.toggle(true)",
    "help": "Help.open()",
    "legend": "document.getElementById('legend').open = true",
    "nothing": "Model.setFilter((filter) => { filter.confidence = 1; })",
    "search": "Search.focus(), document.getElementById('search').value = 'a', document.getElementById('search').dispatchEvent(new Event('input'))",
}
WINDOWS = [
    ((1440, 900), False, ["list", "actor", "edge", "filters", "menu"]),
    ((1440, 900), True, ["actor", "path", "filters", "help"]),
    ((360, 740), False, ["denied", "filters", "menu", "help", "legend"]),
    ((360, 740), True, ["edge", "path", "search", "nothing"]),
]


@pytest.fixture(scope="session")
def page_of_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, read, stored and drawn."""
    folder = tmp_path_factory.mktemp("seeds")
    articles = [article for article in read(seeds_dir()) if article.lang in LANGUAGES]
    with open_store(folder / "store") as store:
        for extraction in Pipeline.load(reader="fast").run(articles):
            store.write(extraction)
        return write_page(store, folder / "page.html")


@pytest.fixture(scope="session")
def axe() -> str:
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("size", "dark", "views"), WINDOWS)
def test_nobody_is_shut_out(
    visit: Any, page_of_seeds: Path, axe: str, size: tuple[int, int], dark: bool, views: list[str]
) -> None:
    seen = visit(page_of_seeds, width=size[0], height=size[1], dark=dark)
    seen.page.evaluate(axe)
    for view in views:
        seen.page.evaluate(
            f"Help.close(), Menu.toggle(false), Filters.toggle(false), Model.select(null), {VIEWS[view]}"
        )
        seen.page.wait_for_timeout(50)
        found = seen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        bad = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
        said = [(one["id"], node["target"], node["failureSummary"]) for one in bad for node in one["nodes"]]
        assert said == [], view


def test_the_examples_are_all_there(visit: Any, page_of_seeds: Path) -> None:
    seen = visit(page_of_seeds)
    assert len(seen.shown()[0]) > 40
    for number in seen.page.evaluate("kgraph.visible().edges"):
        seen.page.evaluate("(id) => kgraph.select({ kind: 'edge', id })", number)
        assert seen.page.locator(".card mark.subject, .card mark.object, .card mark.trigger").count() > 0
    seen.choose("Russia")
    assert seen.heading == "Russland"


def test_tab_goes_through_the_page_in_the_order_of_reading(visit: Any, page_of_seeds: Path) -> None:
    seen = visit(page_of_seeds)
    order = []
    for _ in range(18):
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate("document.activeElement.id || document.activeElement.className"))
    expected = [
        "search",
        "filter-button",
        "menu-button",
        "canvas",
        "zoom-in",
        "zoom-out",
        "zoom-fit",
        "from",
        "to",
        "chip",
    ]
    places = [order.index(name) for name in expected]
    assert places == sorted(places)
