"""Articles go into a store, each at once when it is read, and none that stands there already as it would be read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from kgraph.errors import ArticleError
from kgraph.graph import Store
from kgraph.model import Article, Extraction, Problem
from kgraph.pipeline import check_article
from kgraph.runs.fingerprint import article_digest, reading_digest
from kgraph.runs.setup import Setup

Run = Callable[[Iterable[Article]], Iterator[Extraction]]


class Listener(Protocol):
    """Who is told what became of each article."""

    def read(self, extraction: Extraction) -> None:
        """An article was read and stored, or could not be: then its problems say why."""
        ...

    def leave(self, article: Article) -> None:
        """An article stands in the store as it would be read again."""
        ...


class Adding:
    """Puts articles into a store.

    `run` extracts from articles in any order; `setup` is what it reads them with. With `again` articles are read
    whatever the store has of them. `held` keeps a signal out of what must be whole. `changed` counts the articles that
    are new or changed.
    """

    def __init__(
        self,
        store: Store,
        run: Run,
        setup: Setup,
        listener: Listener,
        *,
        again: bool = False,
        held: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._store = store
        self._run = run
        self._lang = setup.lang
        self._reading = reading_digest(setup)
        self._listener = listener
        self._again = again
        self._held = held
        self.changed = 0

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles. What the store has of one that cannot be read stays."""
        for extraction in self._run(self._wanted(articles)):
            self.write(replace(extraction, reading=article_digest(self._reading, extraction.article)))

    def write(self, extraction: Extraction) -> None:
        """Store what was found in an article, unless it could not be read."""
        if extraction.sentences or not extraction.problems:
            try:
                with self._held():
                    self.changed += self._store.write(extraction)
            except ArticleError as error:
                extraction = _refused(extraction.article, error)
        self._listener.read(extraction)

    def _wanted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles that are to be read."""
        for article in articles:
            if not self._again and self._store.reading_of(article.id) == article_digest(self._reading, article):
                self._listener.leave(article)
                continue
            try:
                check_article(article, self._lang)
            except ArticleError as error:
                self._listener.read(_refused(article, error))
            else:
                yield article


def _refused(article: Article, error: ArticleError) -> Extraction:
    return Extraction(article, problems=(Problem(error.where, error.what),))
