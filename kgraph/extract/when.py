"""When: German dates in a sentence, explicit ones and those relative to the day the article appeared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kgraph.extract import calendar_words as words
from kgraph.extract.tree import VERBAL
from kgraph.model import DateOrigin, Sentence, Token, When

_AWAY = 1000  # further than any word of a sentence


def date_of(
    sentence: Sentence,
    trigger: int,
    published: date | None,
    *,
    ahead: bool = False,
    saying: frozenset[str] = frozenset(),
) -> When | None:
    """The date of what the word at offset `trigger` (in the article) says: the nearest date of the sentence.

    Near is what is few steps away in the tree. A date beside a verb of saying (lemmas in `saying`) dates the saying,
    not what is said. With `ahead` a bare weekday lies after publication. Without a date it is the day of publication;
    None where that is unknown, too.
    """
    found = [
        (distance, start, when)
        for start, when in _dates(sentence.text, published, ahead=ahead)
        if (distance := _distance(sentence, start + sentence.start, trigger, saying)) is not None
    ]
    if found:
        return min(found, key=lambda row: row[:2])[2]
    return When(published, published, DateOrigin.PUBLISHED) if published is not None else None


def _dates(text: str, published: date | None, *, ahead: bool) -> Iterator[tuple[int, When]]:
    """The dates in a text with their offsets; what an earlier pattern took is not read again."""
    taken: list[tuple[int, int]] = []
    for pattern, read, origin in words.PATTERNS:
        for match in re.finditer(pattern, text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            days = read(match, published, ahead)
            if days is not None and days[0] <= days[1]:
                taken.append(match.span())
                yield match.start(), When(*days, origin)


def _distance(sentence: Sentence, at: int, trigger: int, saying: frozenset[str]) -> int | None:
    """Steps in the tree from a date to the word, letters where there is no tree; None where it dates a saying."""
    word = _token(sentence, trigger)
    day = _token(sentence, at)
    if word is None or day is None:
        return abs(at - trigger)
    above_word, above_day = _path(sentence, word), _path(sentence, day)
    verb = next((t for t in above_day if sentence.tokens[t].upos in VERBAL), None)
    if verb is not None and sentence.tokens[verb].lemma in saying and verb != word.i:
        direct = next((t for t in above_word[1:] if sentence.tokens[t].upos in VERBAL), None)
        if direct != verb or word.upos in VERBAL:
            return None
    for steps, token in enumerate(above_word):
        if token in above_day:
            return steps + above_day.index(token)
    return _AWAY


def _token(sentence: Sentence, at: int) -> Token | None:
    """The content word of a date or the trigger at an offset: the noun of a phrase that begins there."""
    token = next((t for t in sentence.tokens if t.start <= at < t.end), None)
    while token is not None and token.deprel in {"case", "det", "amod", "nummod", "advmod"} and token.head > token.i:
        token = sentence.tokens[token.head]
    return token


def _path(sentence: Sentence, token: Token) -> list[int]:
    """The token and its heads up to the root."""
    path = [token.i]
    while (head := sentence.tokens[path[-1]].head) not in path:
        path.append(head)
    return path
