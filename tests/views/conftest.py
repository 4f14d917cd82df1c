"""A store of articles made by hand, for all tests of views."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from view_articles import SAID, extraction

from kgraph.graph import Store, open_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all of it, open for reading."""
    path = Path(tmp_path_factory.mktemp("views") / "store")
    with open_store(path) as writing:
        for (article, published, publisher), said in SAID.items():
            writing.write(extraction(article, published, publisher, said))
    with open_store(path, read_only=True) as opened:
        yield opened
    shutil.rmtree(path)
