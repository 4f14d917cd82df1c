"""Actors inside a word: US-Angriffe, russisch-iranisch, Nordirak, Kremlchef."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.actors import Entry
from kgraph.link.forms import ADJECTIVE_ENDINGS
from kgraph.link.gazetteer import Gazetteer, Hit, Sense
from kgraph.link.words import Words
from kgraph.model import Token

_MIN_CLOSED = 4
_MIN_REST = 3


class Splitter:
    """Finds the actors that are parts of a word."""

    def __init__(self, gazetteer: Gazetteer, words: Words) -> None:
        self._parts = gazetteer.first_parts
        self._leaders = gazetteer.leaders
        self._governments = frozenset(words.list("compounds", "governments"))
        self._adjectives = gazetteer.adjectives
        self._words = words
        self._against = frozenset(words.list("private", "against"))
        self._former = frozenset(words.list("names", "former_prefixes"))
        self._compass = words.list("places", "compass")
        self._compass_adjective = words.list("places", "compass_adjective")
        self._not_regions = frozenset(words.list("places", "not_regions"))
        self._heads = frozenset(words.list("compounds", "heads"))
        self._longest = max(map(len, self._parts), default=0)

    def split(self, token: Token) -> tuple[Hit, ...]:
        """The actors inside a word from left to right; empty where there are none or they are not the ones that act."""
        form = token.form
        if len(form) < _MIN_CLOSED + 1:
            return ()
        if "-" in form or "–" in form:
            return tuple(self._hyphenated(token))
        found = self._region(token) or self._closed(token)
        return (found,) if found else ()

    def _hyphenated(self, token: Token) -> Iterator[Hit]:
        parts = token.form.replace("–", "-").split("-")
        offsets = [sum(len(part) + 1 for part in parts[:k]) for k in range(len(parts))]
        k = 0
        if parts[0] in self._former and len(parts) > 2:
            k = 1
        elif parts[0].lower() in self._against or parts[0] == "":
            return
        if parts[-1][:1].islower():
            yield from self._adjectival(token, parts, offsets)
            return
        leader = self._leaders.get("-".join(parts[:-1])) or self._leaders.get("-".join(parts[:-1]).split("-")[-1])
        if leader is not None and parts[-1] in self._governments and parts[0] not in self._parts:  # Obama-Regierung
            yield self._hit(token, leader, Sense.FIRST, 0, offsets[-1] - 1, parts[-1])
            return
        found = False
        while k < len(parts):
            size, entry, sense = self._longest_part(parts, k, whole=not found)
            if entry is None:
                if not found:
                    return
                k += 1
                continue
            rest = "-".join(parts[k + size :])
            if rest or (sense is Sense.CITY and found):
                yield self._hit(token, entry, sense, offsets[k], offsets[k + size - 1] + len(parts[k + size - 1]), rest)
            found = True
            k += size

    def _longest_part(self, parts: list[str], k: int, *, whole: bool) -> tuple[int, Entry | None, Sense]:
        """How many parts from k on are one listed word, and which; a part that is the last must not stand alone."""
        for size in range(len(parts) - k, 0, -1):
            if whole and size == len(parts):
                continue
            word = "-".join(parts[k : k + size])
            known = self._parts.get(word) or (self._parts.get(word[:-1]) if word.endswith("s") and k else None)
            if known:
                return size, known[0], known[1]
        return 1, None, Sense.FIRST

    def _adjectival(self, token: Token, parts: list[str], offsets: list[int]) -> Iterator[Hit]:
        """Adjectives of several parts: only where every part is national, or the last says "led by"."""
        last = parts[-1]
        if last in self._words.led:
            size, entry, sense = self._longest_part(parts[:-1], 0, whole=False)
            if entry is not None and size == len(parts) - 1:
                yield self._hit(token, entry, sense, 0, offsets[-1] - 1, last)
            return
        entries = [self._adjectives.get(part.lower()) or self._capital_part(part) for part in parts[:-1]]
        entries.append(self._adjectives.get(_stem(last)))
        if all(entries):
            for entry, part, offset in zip(entries, parts, offsets, strict=True):
                if entry is not None and sum(e is entry for e in entries) == 1:
                    yield self._hit(token, entry, Sense.ADJECTIVE, offset, offset + len(part), "")

    def _capital_part(self, part: str) -> Entry | None:
        known = self._parts.get(part) if part.isupper() else None
        return known[0] if known else None

    def _region(self, token: Token) -> Hit | None:
        """A part of a country: Nordirak, osttürkisch."""
        form = token.form
        for compass in self._compass:
            if form.startswith(compass) and form[len(compass) : len(compass) + 1].islower():
                name = form[len(compass) :].capitalize()
                if name.removesuffix("s") in self._not_regions:
                    return None
                known = self._parts.get(name) or (self._parts.get(name[:-1]) if name.endswith("s") else None)
                if known and known[1] is Sense.FIRST:
                    return self._hit(token, known[0], Sense.NAME, 0, len(form), "")
        for compass in self._compass_adjective:
            lower = form[:1].lower() + form[1:]
            if lower.startswith(compass):
                stem = _stem(lower[len(compass) :])
                entry = self._adjectives.get(stem)
                if entry is not None and stem not in self._not_regions:
                    return self._hit(token, entry, Sense.ADJECTIVE, 0, len(form), "")
        return None

    def _closed(self, token: Token) -> Hit | None:
        """A compound without hyphen, where its last part is a word that names of actors combine with."""
        form = token.form
        if not form[0].isupper():
            return None
        for cut in range(min(len(form) - _MIN_REST, self._longest), _MIN_CLOSED - 2, -1):
            known = self._parts.get(form[:cut])
            if known is None or (cut < _MIN_CLOSED and not form[:cut].isupper()):
                continue
            rest = form[cut:]
            if rest[0].islower() and self._combines(rest):
                return self._hit(token, known[0], known[1], 0, cut, rest.capitalize())
        return None

    def _combines(self, rest: str) -> bool:
        words = self._words
        noun = rest.capitalize()
        return (
            rest in self._heads
            or any(rest.endswith(head) for head in self._heads if len(head) > 4)
            or noun in words.conflicts
            or noun in words.fighters
            or noun in words.party_kinds
            or noun in words.armed_kinds
            or words.role(noun) is not None
            or words.institution(noun) is not None
        )

    @staticmethod
    def _hit(token: Token, entry: Entry, sense: Sense, start: int, end: int, rest: str) -> Hit:
        return Hit(entry, sense, token.i, token.i, token.start + start, token.start + end, rest)


def _stem(word: str) -> str:
    """An inflected adjective without its ending, in lower case."""
    for ending in sorted(ADJECTIVE_ENDINGS, key=len, reverse=True):
        if word.endswith(ending):
            return word[: -len(ending)].lower()
    return word.lower()
