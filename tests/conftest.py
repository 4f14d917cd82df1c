"""For all tests: one browser, and property tests judged by what they find, not by how long a busy machine takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("kgraph", deadline=None)
settings.load_profile("kgraph")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; without it the test is skipped, or fails where KGRAPH_REQUIRE_BROWSER is 1."""
    required = os.environ.get("KGRAPH_REQUIRE_BROWSER") == "1"
    executable = Path(os.environ.get("KGRAPH_CHROMIUM", "/usr/bin/chromium"))
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        if required:
            raise
        pytest.skip("playwright is not installed")
    if not executable.exists():
        if required:
            pytest.fail(f"{executable} is missing and KGRAPH_REQUIRE_BROWSER is 1")
        pytest.skip(f"{executable} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(executable),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
