"""The stages in order: an article goes in, an extraction comes out; articles stream, one at a time in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kgraph.errors import ArticleError, UsageError
from kgraph.model import Article, Claim, Extraction, Mention, Problem, Sentence, checked_confidence

if TYPE_CHECKING:
    from pathlib import Path

    from kgraph.extract import Extractor
    from kgraph.link import Linker
    from kgraph.parse import Parser

MAX_CHARACTERS = 2_000_000
LANGUAGES = ("de",)
DEFAULT_LANGUAGE = "de"
DEFAULT_READER = "accurate"


class Pipeline:
    """Parser, linker and extractor of one language."""

    def __init__(self, parser: Parser, linker: Linker, extractor: Extractor, *, min_confidence: float = 0.0) -> None:
        self.parser = parser
        self.linker = linker
        self.extractor = extractor
        self.min_confidence = checked_confidence(min_confidence)

    @classmethod
    def load(
        cls,
        lang: str = DEFAULT_LANGUAGE,
        *,
        reader: str = DEFAULT_READER,
        min_confidence: float = 0.0,
        actors: Sequence[Path] = (),
        threads: int = 0,
    ) -> Pipeline:
        """Load all stages of a language; claims below `min_confidence` (0 to 1) are left out.

        `reader` draws the trees: "accurate", or "fast" for bulk work; `actors` names further folders of actor lists;
        `threads` is how many read (0: as many as there are cores).
        Raises UsageError for a language that kgraph cannot read and for a confidence that is none, DataError where its
        data is faulty.
        """
        check_language(lang)
        from kgraph.actors import load_registry
        from kgraph.extract import Extractor
        from kgraph.link import Linker
        from kgraph.parse import Parser

        parser = Parser.load(lang, reader=reader, threads=threads)
        linker = Linker.load(lang, load_registry(lang, tuple(actors)) if actors else None)
        return cls(parser, linker, Extractor.load(lang), min_confidence=min_confidence)

    def run(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """Extract from articles one after another; a few are read ahead.

        An article that cannot be processed yields an extraction without claims whose `problems` say why.
        """
        ahead = _Ahead(articles, self._check)
        while True:
            taken = ahead.taken
            try:
                for sentences in self.parser.pipe(ahead):
                    yield from ahead.refused()
                    article = ahead.pop()
                    yield _guarded(article, partial(self.extract_parsed, article, sentences))
            except Exception:  # it is told of the article that it comes from, when that is read alone
                if ahead.taken == taken:  # it comes from none
                    raise
                while ahead:
                    yield from ahead.refused()
                    if ahead:
                        article = ahead.pop()
                        yield _guarded(article, partial(self.extract, article))
            else:
                yield from ahead.refused()
                ahead.end()
                return

    def extract(self, article: Article) -> Extraction:
        """Extract from one article. Raises ArticleError for one that kgraph cannot process."""
        return self.extract_parsed(article, self.parse(article))

    def parse(self, article: Article) -> tuple[Sentence, ...]:
        """The sentences of an article with their trees. Raises ArticleError for one that kgraph cannot process."""
        self._check(article)
        return self.parser.parse(article)

    def extract_parsed(self, article: Article, sentences: tuple[Sentence, ...]) -> Extraction:
        """Link and extract from sentences that were parsed before."""
        mentions: tuple[Mention, ...] = self.linker.link(article, sentences)
        claims = self.extractor.extract(article, sentences, mentions)
        kept: tuple[Claim, ...] = tuple(claim for claim in claims if claim.confidence >= self.min_confidence)
        return replace(Extraction(article), sentences=sentences, mentions=mentions, claims=kept)

    def _check(self, article: Article) -> None:
        check_article(article, self.parser.lang)


def check_language(lang: str) -> None:
    """Raises UsageError for a language that kgraph cannot read."""
    if lang not in LANGUAGES:
        raise UsageError(f"kgraph cannot read the language {lang!r} yet; it reads: {', '.join(LANGUAGES)}")


def check_article(article: Article, lang: str) -> None:
    """Raises ArticleError for an article that a pipeline of that language does not read."""
    where = article.source or article.id
    if article.lang != lang:
        raise ArticleError(where, f"its language is {article.lang!r}, which kgraph cannot read yet; skipped")
    if len(article.text) > MAX_CHARACTERS:
        raise ArticleError(
            where, f"it has {len(article.text):,} characters, more than {MAX_CHARACTERS:,}; split it; skipped"
        )


class _Ahead:
    """Articles on their way through the parser, which takes some ahead; those that it is not to have are kept in order."""

    def __init__(self, articles: Iterable[Article], check: Callable[[Article], None]) -> None:
        self._articles = iter(articles)
        self._check = check
        self._begun: deque[tuple[Article, Problem | None]] = deque()
        self.taken = 0
        self._failure: Exception | None = None

    def __iter__(self) -> Iterator[Article]:
        while self._failure is None:
            try:
                article = next(self._articles, None)
            except Exception as error:  # noqa: BLE001 (raised by `end`: it is not the parser's)
                self._failure = error
                return
            if article is None:
                return
            self.taken += 1
            try:
                self._check(article)
            except ArticleError as error:
                self._begun.append((article, Problem(error.where, error.what)))
            else:
                self._begun.append((article, None))
                yield article

    def __len__(self) -> int:
        return len(self._begun)

    def refused(self) -> Iterator[Extraction]:
        """What is said of the next articles, as far as the parser is not given them."""
        while self._begun and (problem := self._begun[0][1]):
            yield Extraction(self._begun.popleft()[0], problems=(problem,))

    def pop(self) -> Article:
        """The next article that the parser is given."""
        return self._begun.popleft()[0]

    def end(self) -> None:
        """Raise what ended the articles before their time, if something did."""
        if self._failure is not None:
            raise self._failure


def _guarded(article: Article, extract: Callable[[], Extraction]) -> Extraction:
    """What is found in an article, or why nothing is."""
    try:
        return extract()
    except ArticleError as error:
        problem = Problem(error.where, error.what)
    except Exception as error:  # noqa: BLE001 (one bad article does not end the others)
        said = f"reading it failed: {type(error).__name__}: {error}"[:500]
        problem = Problem(article.source or article.id, f"{said}; set aside")
    return Extraction(article, problems=(problem,))
