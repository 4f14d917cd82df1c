"""The articles that benchmarks are made with."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

PLACE = Path(__file__).parents[1] / "benchmarks" / "articles.py"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = spec_from_file_location("made_articles", PLACE)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_articles_differ_and_are_long_enough(made: ModuleType) -> None:
    articles = list(made.articles(60))
    assert len({article["doc"] for article in articles}) == 60
    assert len({paragraph for article in articles for paragraph in article["text"].split("\n\n")}) > 60 * 9
    assert all(len(article["text"].split()) >= 400 for article in articles)
    assert not [article for article in articles if "{" in article["text"]]


def test_the_same_seed_gives_the_same_articles(made: ModuleType) -> None:
    assert list(made.articles(5, seed=3)) == list(made.articles(5, seed=3))
    assert list(made.articles(1, seed=3)) != list(made.articles(1, seed=4))
    assert list(made.articles(3, seed=3))[2] == made.Writer(seed=3).article(2)
