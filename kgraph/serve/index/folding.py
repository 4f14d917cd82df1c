"""Words as they are compared: without case and accents, umlauts both as one letter and as two."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PARTS = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
_MOST_WORDS = 16
_LONGEST = 60  # characters of a word that are looked at


def plain(text: str) -> str:
    """A text with "ß" as "ss" and without accents and umlauts: "Außenminister Özdemir" is "aussenminister ozdemir"."""
    folded = text.casefold()
    return folded if folded.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))


def spelt(text: str) -> str:
    """The same with umlauts as two letters, as people type who have none: "ruestung"."""
    return plain(unicodedata.normalize("NFC", text.casefold()).translate(_SPELT))


def words(text: str) -> list[tuple[int, int, str, str]]:
    """The words of a text: where each starts and ends, and its two forms."""
    return [(found.start(), found.end(), plain(found[0]), spelt(found[0])) for found in _WORD.finditer(text)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words that begin so, or several in this order; `without` are not to be there."""

    groups: tuple[tuple[str, ...], ...]
    whole: tuple[bool, ...]
    without: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def found_in(self, text: str) -> list[tuple[int, int]]:
        """Where in a text words stand that were looked for, as half-open offsets in code points."""
        starts = [word for group, whole in zip(self.groups, self.whole, strict=True) if not whole for word in group]
        exact = {word for group, whole in zip(self.groups, self.whole, strict=True) if whole for word in group}
        return [
            (start, end)
            for start, end, *forms in words(text)
            if any(form in exact or any(fits(form, wanted) for wanted in starts) for form in forms)
        ]


def wanted(text: str) -> Wanted:
    """What a line of search means: each word has to be there, "several in quotation marks" one after another, -word not.

    Every other character is none of a word; at most 16 words count.
    """
    groups: list[tuple[str, ...]] = []
    whole: list[bool] = []
    without: list[tuple[str, ...]] = []
    for found in _PARTS.finditer(text):
        quoted, bare = found[2], found[4]
        parts = tuple(plain(word)[:_LONGEST] for word in _WORD.findall(quoted if bare is None else bare))
        if not parts or len(groups) + len(without) >= _MOST_WORDS:
            continue
        if found[1] or found[3]:
            without.append(parts[:_MOST_WORDS])
        else:
            groups.append(parts[:_MOST_WORDS])
            whole.append(bare is None)
    return Wanted(tuple(groups), tuple(whole), tuple(without))


def fits(word: str, wanted: str) -> bool:
    """True where a word begins with what is wanted or, in a compound, holds it: "angriff" in "luftangriffe"."""
    return word.startswith(wanted) or (len(wanted) >= INFIX and wanted in word)


INFIX = 5  # letters that a part of a compound must have to be looked for inside of words
