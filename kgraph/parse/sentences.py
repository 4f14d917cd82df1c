"""Where sentences end in German and English news: rules over tokens, with the abbreviations as data in cues.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, an ordinal or a Roman numeral, or
the text goes on in lower case. Closing quotes and brackets stay with the sentence they close.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Token

MAX_TOKENS = 180
_ENDS = {".", "!", "?", "…", "...", "?!", "!!", "!?"}
_CLOSERS = {'"', "“", "”", "»", "«", "’", "‘", "'", ")", "]", "›", "‹", "''"}
_OPENERS = {'"', "„", "“", "»", "«", "‚", "‘", "'", "(", "[", "›", "‹", "``", "–", "-", "—"}
_ORDINAL = re.compile(r"\d{1,3}\.")
_NUMBER_STOP = re.compile(r"\d[\d.,:]*\.")
_ROMAN = re.compile(r"[IVX]+\.?")
_INITIAL = re.compile(r"[A-Za-zÄÖÜ]\.?(-[A-ZÄÖÜ]\.)?")


@Language.factory("kgraph_sentences", default_config={"abbreviations": [], "starters": []})
def _make(nlp: Language, name: str, abbreviations: list[str], starters: list[str]) -> SentenceSplitter:
    return SentenceSplitter(abbreviations, starters)


class SentenceSplitter:
    """Sets sentence starts; a spaCy pipeline component.

    `abbreviations` are given without their final full stop; `starters` are lower-case function words that, with a
    capital, begin a sentence even after an ordinal or an abbreviation.
    """

    def __init__(self, abbreviations: list[str], starters: list[str]) -> None:
        self._abbreviations = frozenset(word.lower() for word in abbreviations)
        self._starters = frozenset(starters)

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts of one document."""
        starts = self._starts(doc)
        since = 0
        for token in doc:
            token.is_sent_start = token.i == 0 or token.i in starts or self._is_too_long(doc, token.i, since)
            since = 1 if token.is_sent_start else since + 1
        return doc

    def _is_too_long(self, doc: Doc, i: int, since: int) -> bool:
        """True where a sentence of `since` tokens must be cut: at a comma past the limit, anywhere past twice the limit."""
        return since >= 2 * MAX_TOKENS or (since >= MAX_TOKENS and doc[i - 1].text in {",", ";", ":", "–"})

    def _starts(self, doc: Doc) -> set[int]:
        starts: set[int] = set()
        i = 0
        while i < len(doc):
            token = doc[i]
            i += 1
            if not self._may_end(token):
                continue
            while i < len(doc) and self._closes(doc, i):
                i += 1
            if i < len(doc) and self._begins(doc, i, token):
                starts.add(i)
        return starts

    def _may_end(self, token: Token) -> bool:
        text = token.text
        return text in _ENDS or (len(text) > 1 and text.endswith(".") and text[-2].isalnum())

    def _closes(self, doc: Doc, i: int) -> bool:
        """True where token i closes what the sentence before it opened: no space before it."""
        return (doc[i].text in _CLOSERS or doc[i].text in _ENDS) and not doc[i - 1].whitespace_

    def _begins(self, doc: Doc, i: int, stop: Token) -> bool:
        first = doc[i]
        while first.text in _OPENERS and first.i + 1 < len(doc):
            first = doc[first.i + 1]
        if not (first.text[:1].isupper() or first.text[:1].isdigit() or first.is_space):
            return False
        if stop.text in _ENDS and stop.text != ".":
            return not doc[i].text.startswith(",")
        return first.text.lower() in self._starters or not self._is_abbreviation(doc, stop)

    def _is_abbreviation(self, doc: Doc, stop: Token) -> bool:
        """True where the full stop belongs to the word before it."""
        if stop.text == ".":
            if stop.i == 0 or doc[stop.i - 1].whitespace_:
                return False
            word = doc[stop.i - 1].text
        else:
            word = stop.text[:-1]
        if _ORDINAL.fullmatch(word + "."):
            return int(word) <= 150
        if _INITIAL.fullmatch(word) or (_ROMAN.fullmatch(word) and stop.i > 0):
            return True
        return word.lower() in self._abbreviations or "." in word.strip(".")


@Language.factory("kgraph_number_stops")
def _make_number_stops(nlp: Language, name: str) -> NumberStops:
    return NumberStops()


class NumberStops:
    """Splits the full stop off a number that ends a sentence; German keeps both together for ordinals."""

    def __call__(self, doc: Doc) -> Doc:
        """Split the final full stops of one document."""
        last = [
            token
            for token in doc
            if len(token) > 1
            and _NUMBER_STOP.fullmatch(token.text)
            and (token.i + 1 == len(doc) or doc[token.i + 1].is_sent_start)
        ]
        if not last:
            return doc
        starts = {token.idx for token in doc if token.is_sent_start}
        with doc.retokenize() as retokenizer:
            for token in last:
                retokenizer.split(token, [token.text[:-1], "."], heads=[(token, 0), (token, 0)])
        for token in doc:
            token.is_sent_start = token.idx in starts
        return doc
