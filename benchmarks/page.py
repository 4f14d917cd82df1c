"""How soon the page of a large graph is there and how fast it answers, beside plain pyvis on the same edges.

    python -m benchmarks.page --claims 1000 20000 --plain-limit 120

All times are the browser's own performance entries, in milliseconds: `ready` and `first picture` count from the start of
the navigation, an interaction from the key or the click to the next frame (Event Timing, in steps of 8 ms; entries below
16 ms are not reported by browsers). `busy` is the processor time of the page's main thread, which other work on the
machine does not lengthen. Plain pyvis is `Network.generate_html()` as it comes, one edge per pair and
relation as on our page; its first picture is there when its layout has settled.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.drawn import extractions
from kgraph.explore import render_page
from kgraph.explore.gather import gather
from kgraph.explore.rows import graph_of_rows
from kgraph.interchange import claim_to_dict

CHROMIUM = os.environ.get("KGRAPH_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OBSERVER = """
window.seenEvents = [];
new PerformanceObserver((list) => window.seenEvents.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "event", durationThreshold: 16, buffered: true });
"""


def claims(number: int) -> list[dict[str, Any]]:
    """Claims drawn by lot, as rows with what the page shows of their articles."""
    return [
        claim_to_dict(claim)
        | {name: str(getattr(drawn.article, name)) for name in ("title", "url", "publisher", "published")}
        for drawn in extractions(number)
        for claim in drawn.claims
    ]


# --- our page


def ours(page: Page, path: Path) -> dict[str, Any]:
    """Open the page and use it; the median of a few tries for each interaction."""
    busy = _clock(page)
    page.goto(path.as_uri())
    page.wait_for_function("performance.getEntriesByName('kgraph-ready').length")
    painted = page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame((now) => done(now))))"
    )
    started = busy()
    ready = page.evaluate("performance.getEntriesByName('kgraph-ready')[0].startTime")
    contentful = page.evaluate("(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime")
    shown = page.evaluate("[kgraph.visible().nodes.length, kgraph.data.nodes.length, kgraph.data.edges.length]")
    times, work = {}, {}
    for name, action in _interactions(page).items():
        before = busy()
        times[name] = [_timed(page, action) for _ in range(3)]
        work[name] = round((busy() - before) / 3)
    return {
        "first contentful paint": contentful,
        "ready": ready,
        "busy until then": round(started),
        "first picture": painted,
        "in the picture": shown,
        "interactions": {name: sorted(found)[1] for name, found in times.items()},
        "busy": work,
        "updates": page.evaluate(
            "performance.getEntriesByName('kgraph-update').map((one) => Math.round(one.duration)).sort((a, b) => b - a).slice(0, 3)"
        ),
    }


def _clock(page: Page) -> Callable[[], float]:
    """How long the main thread of the page has worked, in milliseconds of processor time."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read() -> float:
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return 1000 * float(found["TaskDuration"])

    return read


def _timed(page: Page, action: Callable[[], None]) -> float:
    """The longest event of an interaction, until the frame that shows it; 8 where the browser reports none."""
    page.wait_for_timeout(120)
    page.evaluate("window.seenEvents.length = 0")
    action()
    page.wait_for_timeout(450)
    return float(page.evaluate("Math.max(8, ...window.seenEvents)"))


def _interactions(page: Page) -> dict[str, Callable[[], None]]:
    def click(place: int) -> None:
        point = page.evaluate("(place) => kgraph.nodePoint(kgraph.visible().nodes[place])", place)
        page.mouse.click(point["x"], point["y"])

    def search() -> None:
        page.keyboard.press("/")
        page.keyboard.type("ein")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")

    def chosen(key: str) -> Callable[[], None]:
        def act() -> None:
            page.evaluate("kgraph.select({ kind: 'node', id: kgraph.visible().nodes[3] })")
            page.wait_for_timeout(200)
            page.evaluate("window.seenEvents.length = 0")
            page.keyboard.press(key)

        return act

    def wheel() -> None:
        page.mouse.move(400, 400)
        page.mouse.wheel(0, -120)

    def slide() -> None:
        page.get_by_role("slider", name="von").focus()
        page.keyboard.press("ArrowRight")

    def switch() -> None:
        page.evaluate("Filters.toggle(true)")
        page.wait_for_timeout(200)
        page.evaluate("window.seenEvents.length = 0")
        page.locator("#filters .group > input").first.click()
        page.wait_for_timeout(300)
        page.evaluate("Filters.toggle(false)")

    return {
        "select an actor": lambda: click(2),
        "select nothing": lambda: page.keyboard.press("Escape"),
        "type in the search": search,
        "let neighbours in": chosen("e"),
        "collapse": chosen("c"),
        "undo": lambda: page.keyboard.press("u"),
        "a filter": switch,
        "a handle of time": slide,
        "zoom": wheel,
        "move the picture": lambda: (page.locator("#canvas").focus(), page.keyboard.press("Shift+ArrowLeft")),
    }


# --- plain pyvis


def plain_page(rows: list[dict[str, Any]]) -> str:
    """The same actors and gathered edges as pyvis draws them when nobody tells it anything."""
    from pyvis.network import Network

    picture = gather(graph_of_rows(rows))
    net = Network(directed=True, cdn_resources="in_line")
    for number, node in enumerate(picture.nodes):
        net.add_node(number, label=node.label)
    for edge in picture.edges:
        net.add_edge(edge.source, edge.target, title=edge.relation, value=len(edge.claims))
    return str(net.generate_html(notebook=False))


def plain(page: Page, path: Path, limit: float) -> dict[str, Any]:
    """Open it, wait at most `limit` seconds for its layout, then click, zoom and move."""
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    until = time.monotonic() + limit

    def left() -> float:
        return max(1000 * (until - time.monotonic()), 1)

    try:
        page.goto(path.as_uri(), wait_until="commit", timeout=left())
        page.wait_for_function("typeof network !== 'undefined' && network", timeout=left())
        page.evaluate("void network.once('stabilizationIterationsDone', () => performance.mark('settled'))")
        page.wait_for_function("performance.getEntriesByName('settled').length", timeout=left())
    except Exception as error:  # noqa: BLE001 # a page that hangs fails in many ways; each is the answer
        return {"first picture": f"not within {limit:.0f} s ({str(error)[:200]})"}
    settled = page.evaluate("performance.getEntriesByName('settled')[0].startTime")
    point = page.evaluate(
        "(() => { const id = network.body.nodeIndices[2]; const at = network.canvasToDOM(network.getPosition(id)); const box = document.querySelector('canvas').getBoundingClientRect(); return { x: box.left + at.x, y: box.top + at.y }; })()"
    )
    acts: dict[str, Callable[[], Any]] = {
        "select an actor": lambda: page.mouse.click(point["x"], point["y"]),
        "zoom": lambda: (page.mouse.move(400, 400), page.mouse.wheel(0, -120)),
    }
    return {
        "first picture": settled,
        "interactions": {name: sorted(_timed(page, act) for _ in range(3))[1] for name, act in acts.items()},
    }


def measure(number: int, plain_limit: float, folder: Path) -> dict[str, Any]:
    """Both pages of so many claims, one after the other in fresh browsers."""
    rows = claims(number)
    started = time.perf_counter()
    text = render_page(rows)
    made = time.perf_counter() - started
    path = folder / f"page-{number}.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    result: dict[str, Any] = {"claims": number, "made in s": round(made, 2), "kB": len(text.encode()) // 1024}
    result["kgraph"] = _in_browser(lambda page: ours(page, path))
    if plain_limit:
        other = folder / f"pyvis-{number}.html"
        other.write_text(plain_page(rows), encoding="utf-8", newline="\n")
        result["plain pyvis"] = _in_browser(lambda page: plain(page, other, plain_limit))
    return result


def _in_browser(visit: Callable[[Page], dict[str, Any]]) -> dict[str, Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", reduced_motion="reduce")
        context.add_init_script(OBSERVER)
        page = context.new_page()
        try:
            return visit(page)
        finally:
            browser.close()


def main() -> None:
    """Measure and print as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[1000, 20000])
    parser.add_argument(
        "--plain-limit", type=float, default=120, help="seconds that plain pyvis may take; 0 leaves it out"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number in options.claims:
            print(json.dumps(measure(number, options.plain_limit, Path(folder)), indent=1, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main()
