"""What reads articles, as it can be told to another process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from kgraph.errors import ArticleError
from kgraph.model import Article, Extraction, Problem
from kgraph.pipeline import DEFAULT_LANGUAGE, DEFAULT_READER, Pipeline

_WARM_UP = "Die Boote griffen am Montag den Hafen an."


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A pipeline to be loaded: see `Pipeline.load`."""

    lang: str = DEFAULT_LANGUAGE
    reader: str = DEFAULT_READER
    min_confidence: float = 0.0
    actors: tuple[Path, ...] = ()
    threads: int = 0

    def load(self) -> Pipeline:
        """The pipeline."""
        return Pipeline.load(
            self.lang,
            reader=self.reader,
            min_confidence=self.min_confidence,
            actors=self.actors,
            threads=self.threads,
        )

    def function(self) -> Callable[[Article], Extraction]:
        """What extracts from one article in a process of its own; without trees, which nobody needs elsewhere."""
        pipeline = self.load()
        pipeline.extract(Article("", _WARM_UP, lang=self.lang))  # what is loaded late takes no article's time
        return partial(_extract, pipeline)


def when_needed(load: Callable[[], Pipeline], articles: Iterable[Article]) -> Iterator[Extraction]:
    """Extract from articles with a pipeline that is loaded for the first of them, and not at all where there is none."""
    iterator = iter(articles)
    for first in iterator:
        yield from load().run(chain([first], iterator))


def _extract(pipeline: Pipeline, article: Article) -> Extraction:
    try:
        found = pipeline.extract(article)
    except ArticleError as error:
        return Extraction(article, problems=(Problem(error.where, error.what),))
    return replace(found, sentences=tuple(replace(sentence, tokens=()) for sentence in found.sentences))
