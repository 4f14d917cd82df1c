"""The stages in order: an article goes in, an extraction comes out; articles stream, one at a time in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.errors import ArticleError, UsageError
from kgraph.model import Article, Claim, Extraction, Mention, Problem, Sentence, checked_confidence

if TYPE_CHECKING:
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
        cls, lang: str = DEFAULT_LANGUAGE, *, reader: str = DEFAULT_READER, min_confidence: float = 0.0
    ) -> Pipeline:
        """Load all stages of a language; claims below `min_confidence` (0 to 1) are left out.

        `reader` draws the trees: "accurate", or "fast" for bulk work.
        Raises UsageError for a language that kgraph cannot read and for a confidence that is none, DataError where its
        data is faulty.
        """
        if lang not in LANGUAGES:
            raise UsageError(f"kgraph cannot read the language {lang!r} yet; it reads: {', '.join(LANGUAGES)}")
        from kgraph.extract import Extractor
        from kgraph.link import Linker
        from kgraph.parse import Parser

        return cls(
            Parser.load(lang, reader=reader), Linker.load(lang), Extractor.load(lang), min_confidence=min_confidence
        )

    def run(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """Extract from articles one after another.

        An article that cannot be processed yields an extraction without claims whose `problems` say why.
        """
        for article in articles:
            try:
                yield self.extract(article)
            except ArticleError as error:
                yield Extraction(article, problems=(Problem(error.where, error.what),))

    def extract(self, article: Article) -> Extraction:
        """Extract from one article. Raises ArticleError for one that kgraph cannot process."""
        return self.extract_parsed(article, self.parse(article))

    def parse(self, article: Article) -> tuple[Sentence, ...]:
        """The sentences of an article with their trees. Raises ArticleError for one that kgraph cannot process."""
        if article.lang != self.parser.lang:
            raise ArticleError(article.id, f"its language is {article.lang!r}, which kgraph cannot read yet; skipped")
        if len(article.text) > MAX_CHARACTERS:
            raise ArticleError(
                article.id, f"it has {len(article.text):,} characters, more than {MAX_CHARACTERS:,}; split it; skipped"
            )
        return self.parser.parse(article)

    def extract_parsed(self, article: Article, sentences: tuple[Sentence, ...]) -> Extraction:
        """Link and extract from sentences that were parsed before."""
        mentions: tuple[Mention, ...] = self.linker.link(article, sentences)
        claims = self.extractor.extract(article, sentences, mentions)
        kept: tuple[Claim, ...] = tuple(claim for claim in claims if claim.confidence >= self.min_confidence)
        return replace(Extraction(article), sentences=sentences, mentions=mentions, claims=kept)
