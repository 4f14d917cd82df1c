"""The stages together: order, and articles that are bad for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from kgraph.errors import KgraphError
from kgraph.model import Article, Block, BlockKind, Extraction
from kgraph.pipeline import Pipeline

TEXT = "Russland kritisiert die USA. Israel greift Stellungen der Hamas an."


@cache
def pipeline(threads: int = 2) -> Pipeline:
    return Pipeline.load("de", reader="fast", threads=threads)


def gist(extractions: list[Extraction]) -> list[tuple[object, ...]]:
    return [(found.article.id, found.sentences, found.claims, found.problems) for found in extractions]


@pytest.mark.parametrize("threads", [1, 2])
def test_many_articles_give_what_each_gives_alone(threads: int) -> None:
    credit = (Block(BlockKind.CREDIT, 0, len(TEXT)),)
    texts = [TEXT, f"{TEXT} " * 40, "dpa", TEXT, f"{TEXT}\n\n" * 30]
    articles = [Article(f"a{number}", text) for number, text in enumerate(texts)]
    articles.insert(0, Article("nothing first", TEXT, blocks=credit))
    articles.insert(3, Article("nothing between", TEXT, blocks=credit))
    articles.append(Article("nothing last", TEXT, blocks=credit))
    alone = [pipeline(1).extract(article) for article in articles]
    assert gist(list(pipeline(threads).run(articles))) == gist(alone)
    assert [found.article.id for found in alone if not found.sentences] == [
        "nothing first", "nothing between", "nothing last",
    ]  # fmt: skip


def test_articles_that_cannot_be_read_keep_their_places() -> None:
    articles = [Article(str(number), TEXT, lang="de" if number % 3 else "en") for number in range(8)]
    found = list(pipeline().run(articles))
    assert [extraction.article.id for extraction in found] == [str(number) for number in range(8)]
    assert [bool(extraction.problems) for extraction in found] == [not number % 3 for number in range(8)]
    assert list(pipeline().run([])) == []


def test_an_article_that_the_parser_fails_on_is_named_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline().parser.nlp, "max_length", 500)
    articles = [Article(str(number), TEXT if number != 3 else TEXT * 10, source=f"{number}.txt") for number in range(7)]
    found = list(pipeline().run(articles))
    assert [extraction.article.id for extraction in found] == [str(number) for number in range(7)]
    assert [bool(extraction.claims) for extraction in found] == [number != 3 for number in range(7)]
    [problem] = found[3].problems
    assert problem.where == "3.txt"
    assert problem.what.startswith("reading it failed: ValueError: ")


def test_a_parser_that_fails_on_no_article_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(articles: object) -> Iterator[object]:
        raise RuntimeError("it cannot start")

    broken = pipeline()
    monkeypatch.setattr(type(broken.parser), "pipe", staticmethod(pipe))
    with pytest.raises(RuntimeError, match="it cannot start"):
        list(broken.run([Article("a", TEXT)]))


def test_what_ends_the_articles_before_their_time_is_raised_after_those_before_it() -> None:
    def articles() -> Iterator[Article]:
        yield Article("a", TEXT)
        raise KgraphError("no more")

    found = pipeline().run(articles())
    assert next(found).article.id == "a"
    with pytest.raises(KgraphError, match="no more"):
        next(found)


def test_a_block_of_more_than_a_million_characters_is_read() -> None:
    text = f"{TEXT}{' ' * 1_000_000}{TEXT}"
    assert len(pipeline().extract(Article("a", text)).sentences) == 4
