"""Where a person's name stands: runs of name words, with particles, initials and numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kgraph.actors import Entry
from kgraph.link.draft import Draft
from kgraph.link.forms import fold
from kgraph.link.gazetteer import Sense
from kgraph.link.words import Words

_ARABIC_ARTICLE = re.compile(r"^(al|el|as|az|ar|an|at|ad|asch|esch|ash|ul|ur)-", re.IGNORECASE)
_INITIAL = re.compile(r"^[A-ZÄÖÜ]\.(-?[A-ZÄÖÜ]\.)?$")
_NAME_TAGS = ("PROPN", "X")
_FIRM = ("bin", "ibn", "al", "el", "ben")
_NOBLE = ("von", "van", "de")
_MAX_WORDS = 7


@dataclass(frozen=True, slots=True)
class NameRun:
    """A person's name at tokens `first` to `last`; `entry` where the whole name is listed."""

    first: int
    last: int
    words: tuple[str, ...]
    entry: Entry | None = None

    @property
    def full(self) -> bool:
        """True for more than a surname."""
        return len(self.words) > 1

    @property
    def text(self) -> str:
        """The name's words."""
        return " ".join(self.words)


class NameReader:
    """Reads names at given places."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._particles = frozenset(words.list("names", "particles"))
        self._honorifics = frozenset(words.list("names", "honorifics"))
        self._roman = frozenset(words.list("names", "roman"))
        self._objects = frozenset(words.list("names", "objects"))

    def read(self, draft: Draft, k: int) -> NameRun | None:
        """The name that begins at a token, titles such as Dr. passed over; None where there is none."""
        tree = draft.tree
        while tree.form(k) in self._honorifics:
            k += 1
        if k >= len(tree):
            return None
        for hit in draft.at(k):
            if hit.sense is Sense.PERSON and hit.first == k:
                return NameRun(k, hit.last, self._forms(draft, k, hit.last), hit.entry)
        last = k - 1
        i = k
        while i < len(tree) and i - k < _MAX_WORDS:
            if i > k and (tree.form(i) in self._objects or self._words.institution(tree.form(i))):
                break
            if self._is_name(draft, i):
                last = i
            elif tree.form(i) in self._roman and last >= k:
                last = i
                break
            elif not (last >= k and self._leads_on(draft, i, k)):
                break
            i += 1
        return NameRun(k, last, self._forms(draft, k, last)) if last >= k else None

    def _forms(self, draft: Draft, first: int, last: int) -> tuple[str, ...]:
        return tuple(token.form for token in draft.tree.tokens[first : last + 1])

    def _leads_on(self, draft: Draft, i: int, first: int) -> bool:
        """True for a particle with a name word after it: von der Leyen, bin Salman; `first` is where the name begins."""
        tree = draft.tree
        start = i
        while tree.form(i) in self._particles and i + 1 < len(tree):
            i += 1
            if self._is_name(draft, i):
                hung = tree.tokens[i].deprel in ("flat", "appos", "compound")
                return hung or tree.form(i - 1) in _FIRM or (tree.form(start) in _NOBLE and start == first + 1)
        return False

    def _is_name(self, draft: Draft, i: int) -> bool:
        token = draft.tree.tokens[i]
        form = token.form
        if not (form[0].isupper() or _ARABIC_ARTICLE.match(form)):
            return False
        if _INITIAL.match(form):
            return True
        if any(hit.sense is not Sense.PERSON for hit in draft.at(i)) or form in self._words.calendar:
            return False
        if form.isupper() and len(form) > 1:
            return False
        if token.upos in _NAME_TAGS:
            return True
        return token.deprel == "flat" and token.upos in ("NOUN", "ADJ") and self._words.role(form) is None


def surname_keys(words: tuple[str, ...]) -> tuple[str, ...]:
    """What a name may be called by alone, folded: its last word without article, and with it."""
    last = next((word for word in reversed(words) if not re.fullmatch(r"[IVX]+\.?", word)), words[-1])
    keys = [fold(last)]
    bare = _ARABIC_ARTICLE.sub("", last)
    if bare != last:
        keys.append(fold(bare))
    return tuple(keys)


def without_genitive(word: str) -> str:
    """A surname without what may be the ending of the genitive."""
    for ending in ("'s", "’s", "'", "’", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def surname_spellings(word: str) -> tuple[str, ...]:
    """The folded forms under which a word may be found as a surname."""
    bare = _ARABIC_ARTICLE.sub("", word)
    return tuple(dict.fromkeys(fold(form) for form in (word, bare, without_genitive(word), without_genitive(bare))))
