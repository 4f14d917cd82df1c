"""Pictures of the page as people see it: wide and narrow, light and dark.

    python -m benchmarks.screenshots OUT [--store STORE] [--picture docs/explorer.webp]

Without `--store` the example articles are read first. `--picture` writes the one that the README shows.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from kgraph.explore import write_page
from kgraph.graph import open_store
from kgraph.pipeline import LANGUAGES, Pipeline
from kgraph.read import read
from kgraph.resources import seeds_dir

CHROMIUM = os.environ.get("KGRAPH_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WINDOWS = {"wide": (1440, 900), "narrow": (360, 740)}
VIEWS = {
    "first": "null",
    "actor": "kgraph.select({ kind: 'node', id: 0 }, 'panel')",
    "edge": "kgraph.select({ kind: 'edge', id: kgraph.data.edges.find((edge) => edge.quad === 'material conflict').id }, 'panel')",
    "filters": "Filters.toggle(true)",
}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--store", type=Path, help="a store; without it the example articles are read")
    parser.add_argument("--picture", type=Path, help="also write the README's picture there, as WebP")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = _page(options.store, Path(folder))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name in WINDOWS:
                for dark in (False, True):
                    _take(browser, page, name, dark=dark, out=options.out)
            if options.picture:
                _for_readme(browser, page, options.picture)
            browser.close()


def _page(store: Path | None, folder: Path) -> Path:
    if store is None:
        store = folder / "store"
        articles = [article for article in read(seeds_dir()) if article.lang in LANGUAGES]
        with open_store(store) as graph:
            for extraction in Pipeline.load().run(articles):
                graph.write(extraction)
    with open_store(store, read_only=True) as graph:
        return write_page(graph, folder / "page.html")


def _opened(browser: Browser, page: Path, size: tuple[int, int], *, dark: bool, zoom: float = 1) -> Any:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=zoom,
        has_touch=size[0] < 500,
        reduced_motion="reduce",
        locale="de-DE",
    )
    opened = context.new_page()
    opened.goto(page.resolve().as_uri())
    opened.wait_for_timeout(400)
    return opened


def _take(browser: Browser, page: Path, name: str, *, dark: bool, out: Path) -> None:
    for view, script in VIEWS.items():
        opened = _opened(browser, page, WINDOWS[name], dark=dark)
        opened.evaluate(script)
        opened.wait_for_timeout(400)
        opened.screenshot(path=out / f"{name}-{'dark' if dark else 'light'}-{view}.png")
        opened.context.close()


def _for_readme(browser: Browser, page: Path, path: Path) -> None:
    """The first picture; Pillow makes a WebP of it that is small enough for a repository."""
    from PIL import Image

    opened = _opened(browser, page, (1280, 800), dark=False, zoom=1.5)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(opened.screenshot())).save(path, "WEBP", quality=82, method=6)


if __name__ == "__main__":
    main()
