"""Linking of hand-drawn trees (no model) and of parsed sentences (the real parser)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from kgraph.link import Linker
from kgraph.model import Article, Mention, Sentence, Token

Link = Callable[..., tuple[Mention, ...]]


def draw(*trees: str, published: date | None = None) -> tuple[Article, list[Sentence]]:
    """An article and its sentences, one per tree.

    A tree has a line per word: form, part of speech, relation, head (counted from 1; 0 for the root), features;
    a word that is set close to the one before begins with "~".
    """
    text = ""
    sentences = []
    for index, tree in enumerate(trees):
        rows = [line.split() for line in tree.strip().splitlines()]
        if text:
            text += " "
        begin = len(text)
        tokens = []
        for i, (form, upos, deprel, head, *more) in enumerate(rows):
            close = form.startswith("~")
            form = form.removeprefix("~")
            if i and not close:
                text += " "
            start = len(text)
            text += form
            feats = tuple((k, v) for k, _, v in (pair.partition("=") for part in more for pair in part.split("|")))
            lemma = dict(feats).get("Lemma", form)
            tokens.append(
                Token(i, form, lemma, upos, deprel, int(head) - 1 if head != "0" else i, start, len(text), feats)
            )
        sentences.append(Sentence("drawn", index, begin, len(text), text[begin:], tuple(tokens)))
    return Article("drawn", text, published=published), sentences


@pytest.fixture(scope="session")
def linker() -> Linker:
    return Linker.load("de")


@pytest.fixture(scope="session")
def link_trees(linker: Linker) -> Link:
    def link(*trees: str, published: date | None = None) -> tuple[Mention, ...]:
        article, sentences = draw(*trees, published=published)
        return linker.link(article, sentences)

    return link


@pytest.fixture(scope="session")
def link_text(linker: Linker) -> Link:
    from kgraph.parse import Parser

    parser = Parser.load("de")

    def link(text: str, published: date | None = None) -> tuple[Mention, ...]:
        article = Article("text", text, published=published)
        sentences = parser.parse(article)
        mentions = linker.link(article, sentences)
        check(article, sentences, mentions)
        return mentions

    return link


def check(article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:
    """What must hold of all mentions: true spans, tokens of the sentence, the order of the text."""
    for mention in mentions:
        sentence = sentences[mention.sentence]
        assert article.text[mention.start : mention.end] == mention.text
        assert sentence.start <= mention.start < mention.end <= sentence.end
        assert mention.token in mention.tokens
        assert all(0 <= i < len(sentence.tokens) for i in mention.tokens)
    assert list(mentions) == sorted(mentions, key=lambda m: (m.sentence, m.start, m.end, m.token))
