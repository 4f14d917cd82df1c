"""The parser: a spaCy pipeline of our own per language, and the way from its documents to our records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Token as SpacyToken

from kgraph.errors import UsageError
from kgraph.model import PROSE, Article, Block, BlockKind, Sentence, Token
from kgraph.parse import component as _component  # noqa: F401  (registers the factory)
from kgraph.parse import sentences as _sentences  # noqa: F401  (registers the factories)
from kgraph.parse.lemmas import Lemmatizer
from kgraph.resources import lang_dir

DEFAULT_READER = "accurate"
_MAX_CHARACTERS = 10_000_000  # of a block; articles have a limit of their own
_PREFIX = "compound:prt"
_NO_PREFIX = {
    "zufolge",
    "wegen",
    "halber",
    "miteinander",
    "untereinander",
    "gegeneinander",
}  # words that stand by themselves
_VERBS = {"VERB", "AUX"}
_LABEL_OF_WORD = {
    "DET": "det",
    "ADV": "advmod",
    "ADP": "case",
    "ADJ": "amod",
    "PUNCT": "punct",
}  # where the reader says "dep"


class Parser:
    """Reads articles of one language into sentences with trees."""

    def __init__(self, nlp: Language, lang: str) -> None:
        self.nlp = nlp
        self.lang = lang
        self._lemmatizer = Lemmatizer(lang)

    @classmethod
    def load(cls, lang: str = "de", *, reader: str = DEFAULT_READER, threads: int = 0) -> Parser:
        """Load the pipeline of a language from the package; the same object each time.

        `reader` is "accurate" or "fast", `threads` how many read (0: as many as there are cores). Raises UsageError for a language or reader that there is not.
        """
        return _load(lang, reader, threads)

    def parse(self, article: Article) -> tuple[Sentence, ...]:
        """The sentences of the article's prose in the order of the text."""
        return next(self.pipe([article]))

    def pipe(self, articles: Iterable[Article]) -> Iterator[tuple[Sentence, ...]]:
        """Parse articles; the order stays, and about a hundred sentences of the next ones are read ahead."""
        begun: deque[tuple[Article, list[Block]]] = deque()

        def texts() -> Iterator[str]:
            for article in articles:
                blocks = [block for block in _blocks(article) if article.text[block.start : block.end].strip()]
                begun.append((article, blocks))
                yield from (article.text[block.start : block.end] for block in blocks)

        docs = self.nlp.pipe(texts())
        first: Doc | None = None
        while True:
            if not begun:
                first = next(docs, None)
            if not begun:
                return
            article, blocks = begun.popleft()
            sentences: list[Sentence] = []
            for block in blocks:
                doc, first = next(docs) if first is None else first, None
                self._collect(article, block, doc, sentences)
            yield tuple(sentences)

    def _collect(self, article: Article, block: Block, doc: Doc, sentences: list[Sentence]) -> None:
        """Put the sentences of a block to those of the blocks before it."""
        for span in doc.sents:
            sentence = self._sentence(article, block, doc, span.start, span.end, len(sentences))
            if sentence is not None:
                sentences.append(sentence)

    def _sentence(self, article: Article, block: Block, doc: Doc, start: int, end: int, index: int) -> Sentence | None:
        """The record of a spaCy span, without its white-space tokens; None where nothing else is left."""
        words = [token for token in doc[start:end] if not token.is_space]
        if not any(token.text[0].isalnum() for token in words):
            return None
        place = {token.i: k for k, token in enumerate(words)}
        tokens = tuple(self._token(token, place, block.start) for token in words)
        tokens = _join_prefixes(tokens)
        first, last = tokens[0].start, tokens[-1].end
        return Sentence(article.id, index, first, last, article.text[first:last], tokens, block.kind)

    def _token(self, token: SpacyToken, place: dict[int, int], offset: int) -> Token:
        head = token.head
        while head.is_space and head.head.i != head.i:
            head = head.head
        lemma = token.lemma_
        deprel = _label(token) if token.dep_ == "dep" else token.dep_
        root = token.dep_ == "ROOT" or head.i == token.i or head.i not in place
        return Token(
            i=place[token.i],
            form=token.text,
            lemma=lemma,
            upos=token.pos_,
            deprel="root" if root else deprel,
            head=place[token.i] if root else place[head.i],
            start=offset + token.idx,
            end=offset + token.idx + len(token.text),
            feats=tuple(sorted(token.morph.to_dict().items())),
            verb=self._lemmatizer.verb(token.text, lemma, token.pos_),
            entity=f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "",
        )


@lru_cache(maxsize=4)
def _load(lang: str, reader: str, threads: int) -> Parser:
    path: Path = lang_dir(lang) / "pipeline"
    if not path.is_dir():
        languages = ", ".join(sorted(found.parent.name for found in lang_dir("").glob("*/pipeline")))
        raise UsageError(f"there is no parsing pipeline for the language {lang!r}; there is one for: {languages}")
    settings = {"reader": reader, "threads": threads}
    config = {f"components.kgraph_tree_reader.{name}": value for name, value in settings.items()}
    nlp = spacy.load(path, config=config)
    nlp.max_length = _MAX_CHARACTERS  # spaCy's own limit is for parsers that read a text as a whole
    return Parser(nlp, lang)


def _blocks(article: Article) -> Iterator[Block]:
    if not article.blocks:
        yield Block(BlockKind.PARAGRAPH, 0, len(article.text))
    for block in article.blocks:
        if block.kind in PROSE:
            yield block


def _label(token: SpacyToken) -> str:
    """A deprel for a token whose deprel the reader left open, most often the first word of a sentence."""
    if token.pos_ in {"NOUN", "PROPN"}:
        return "compound" if token.head.i == token.i + 1 and "Gen" not in str(token.morph) else "nmod"
    return _LABEL_OF_WORD.get(token.pos_, "dep")


def _join_prefixes(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Put separable prefixes to their verbs' lemmas: "griff … an" is angreifen."""
    prefix = {
        token.head: token.form.lower()
        for token in tokens
        if token.deprel == _PREFIX and token.head != token.i and token.form not in _NO_PREFIX
    }
    return tuple(
        replace(t, lemma=prefix[t.i] + t.lemma)
        if t.i in prefix and t.upos in _VERBS and not t.lemma.startswith(prefix[t.i])
        else t
        for t in tokens
    )
