"""German word forms: what becomes of a name, a noun or an adjective in other cases; generous, since only listed words are sought."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

ADJECTIVE_ENDINGS = ("e", "er", "es", "en", "em")
_NOUN_ENDINGS = ("", "s", "es", "e", "n", "en", "er", "ern", "se", "ses", "sen", "nen")
_APOSTROPHES = ("'", "’", "′", "ʼ")
_UMLAUT = {"a": "ä", "o": "ö", "u": "ü"}


def noun_forms(noun: str) -> frozenset[str]:
    """A noun with every ending that German has, and with umlaut before plural endings."""
    forms = {noun + ending for ending in _NOUN_ENDINGS}
    if noun.endswith(("um", "us")):
        forms |= {noun[:-2] + "en"}
    if noun.endswith("a"):
        forms |= {noun[:-1] + "en"}
    if noun.endswith("er"):
        forms |= adjectival_forms(noun[:-2])  # Aufständischer, ein nominalised adjective; harmless for Sprecher
    changed = _umlaut(noun)
    if changed != noun:
        forms |= {changed + ending for ending in ("", "e", "en", "er", "ern", "n")}
    return frozenset(forms)


def feminine_forms(feminine: str) -> frozenset[str]:
    """A feminine noun in -in, singular and plural."""
    return frozenset((feminine, feminine + "nen", feminine + "n"))


def adjectival_forms(stem: str) -> frozenset[str]:
    """An adjective, or a noun inflected like one, with all endings but none."""
    return frozenset(stem + ending for ending in ADJECTIVE_ENDINGS)


def genitive_forms(name: str) -> frozenset[str]:
    """The last word of a name, bare and in the genitive."""
    if name[-1:] in "sßxz":
        return frozenset((name, *(name + mark for mark in _APOSTROPHES)))
    return frozenset((name, name + "s", *(name + mark + "s" for mark in _APOSTROPHES)))


def name_forms(words: Iterable[str]) -> tuple[frozenset[str], ...]:
    """For each word of a name, the forms it takes: adjectives inflect, the last word takes noun endings."""
    words = tuple(words)
    if len(words) == 1:
        return (genitive_forms(words[0]),)
    return tuple(_word_forms(word, last=i == len(words) - 1) for i, word in enumerate(words))


def fold(word: str) -> str:
    """A word without accents and in lower case, to compare spellings of names."""
    plain = unicodedata.normalize("NFKD", word.replace("ß", "ss").replace("ı", "i").replace("ł", "l").replace("ø", "o"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _word_forms(word: str, *, last: bool) -> frozenset[str]:
    forms = {word}
    stem = _adjective_stem(word)
    if stem and not last:
        forms |= adjectival_forms(stem)
    elif last or word[:1].isupper():
        forms |= genitive_forms(word) | {word + "es", word + "n"}
    return frozenset(forms)


def _adjective_stem(word: str) -> str:
    """The stem of a word that may be an adjective in its strong form; empty where it cannot be one."""
    for ending in ("es", "er", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return ""


def _umlaut(noun: str) -> str:
    """The noun with the last of its vowels that can take an umlaut changed: Macht, Mächte."""
    for i in range(len(noun) - 1, -1, -1):
        letter = noun[i].lower()
        if letter not in "aou":
            continue
        before = noun[i - 1].lower() if i else ""
        if letter == "u" and before == "e":
            return noun
        if letter == "u" and before == "a":
            return noun[: i - 1] + _like("äu", noun[i - 1]) + noun[i + 1 :]
        return noun[:i] + _like(_UMLAUT[letter], noun[i]) + noun[i + 1 :]
    return noun


def _like(replacement: str, original: str) -> str:
    return replacement.capitalize() if original.isupper() else replacement
