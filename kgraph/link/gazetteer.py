"""Where listed actors are named: an index of surface forms by their first word, and the search along a sentence."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from kgraph.actors import Entry, Registry
from kgraph.link.forms import adjectival_forms, name_forms
from kgraph.link.tree import Tree
from kgraph.link.words import Words
from kgraph.model import ActorType


class Sense(Enum):
    """What kind of word names the actor."""

    NAME = auto()
    ACRONYM = auto()
    ADJECTIVE = auto()
    DEMONYM = auto()
    SEAT = auto()
    CITY = auto()  # a capital: a seat of government, but also a mere place
    CITIZEN = auto()  # an adjective in -er made of a capital: Moskauer
    PART = auto()  # a region of a state: the state where it is fought over
    PERSON = auto()
    FIRST = auto()  # the first part of a compound
    SILENT = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Words that name a listed actor: tokens first to last, characters start to end of the article.

    For a part of a word `first` and `last` are that word, and `rest` is what follows the part in it.
    """

    entry: Entry | None
    sense: Sense
    first: int
    last: int
    start: int
    end: int
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    forms: tuple[frozenset[str], ...]
    sense: Sense
    entry: Entry | None


_ORDER = [
    Sense.SILENT,
    Sense.PERSON,
    Sense.NAME,
    Sense.ACRONYM,
    Sense.SEAT,
    Sense.CITY,
    Sense.PART,
    Sense.DEMONYM,
    Sense.ADJECTIVE,
    Sense.CITIZEN,
]


_LEADING = {"head_of_state", "head_of_government", "leader"}


def unique(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in their order, each once."""
    return list({entry.id: entry for entry in entries}.values())


class Gazetteer:
    """The surface forms of all listed actors of one language."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._lang = registry.lang
        self._words = words
        self._cities = frozenset(words.list("places", "cities"))
        self._index: dict[str, list[_Pattern]] = {}
        self.first_parts: dict[str, tuple[Entry, Sense]] = {}
        self.adjectives: dict[str, Entry] = {}
        self.leaders = _leaders(registry)
        for sequence in words.list("silent", "sequences"):
            self._add(sequence, Sense.SILENT, None)
        self._add_collective(registry)
        for entry in registry.actors:
            if entry.kind == "person":
                for name in entry.names.get(self._lang, ()):
                    self._add(name, Sense.PERSON, entry)
            elif entry.kind != "conflict":
                self._add_actor(entry)
        for patterns in self._index.values():
            patterns.sort(key=lambda p: (-len(p.forms), _ORDER.index(p.sense)))

    def scan(self, tree: Tree) -> Iterator[Hit]:
        """The hits of a sentence from left to right, the longest at each place; none overlap."""
        i = 0
        while i < len(tree):
            hit = self._match(tree, i)
            if hit is None:
                i += 1
            else:
                yield hit
                i = hit.last + 1

    def _match(self, tree: Tree, i: int) -> Hit | None:
        bare = _undashed(tree.form(i))
        for pattern in self._index.get(bare, ()):
            last = i + len(pattern.forms) - 1
            if last >= len(tree) or (last > i and bare != tree.form(i)):
                continue
            if last == i:
                start = tree.tokens[i].start
                return Hit(pattern.entry, pattern.sense, i, i, start, start + len(bare))
            if all(tree.form(i + k) in forms for k, forms in enumerate(pattern.forms)):
                return Hit(pattern.entry, pattern.sense, i, last, tree.tokens[i].start, tree.tokens[last].end)
        return None

    def _add_collective(self, registry: Registry) -> None:
        """Words for all members of an organisation: die Europäer, die europäischen Verbündeten."""
        name = self._words.text("collective", "organisation")
        for entry in registry.entries("organisation"):
            if name in entry.acronyms.get(self._lang, ()):
                for demonym in self._words.list("collective", "demonyms"):
                    self._put((frozenset((demonym,)),), Sense.DEMONYM, entry)
                for stem in self._words.list("collective", "adjectives"):
                    self._add_adjective(stem, entry)

    def _add_actor(self, entry: Entry) -> None:
        lang = self._lang
        acronyms = tuple(_with_title_case(entry.acronyms.get(lang, ()), self._words.list("names", "capitals_only")))
        self._add_names(entry)
        for word in acronyms:
            self._add(word, Sense.ACRONYM, entry)
        for seat, sense in self._seats(entry):
            self._add(seat, sense, entry)
            self._first(seat, entry, sense)
            if sense is Sense.CITY:
                for form in _citizens(seat):
                    self._put((frozenset((form,)),), Sense.CITIZEN, entry)
        for part in entry.parts.get(lang, ()):
            self._add(part, Sense.PART, entry)
        for demonym in entry.demonyms.get(lang, ()):
            self._put((frozenset((demonym,)),), Sense.DEMONYM, entry)
            if entry.type is ActorType.PEOPLE:
                self._first(demonym, entry, Sense.FIRST)
        for stem in entry.adjectives.get(lang, ()):
            self._add_adjective(stem, entry)
        for word in (*entry.names.get(lang, ()), *acronyms, *entry.compounds.get(lang, ())):
            self._first(word, entry, Sense.FIRST)

    def _seats(self, entry: Entry) -> Iterator[tuple[str, Sense]]:
        """Seats of government, told apart from towns; words that several states have are left to the institutions."""
        for seat in entry.seats.get(self._lang, ()):
            match = self._words.institution(seat)
            if match is not None and not match.first and len(match.form.institution.of) > 1:
                continue
            city = seat in self._cities or seat == entry.capital.get(self._lang)
            yield seat, Sense.CITY if city else Sense.SEAT

    def _add_adjective(self, stem: str, entry: Entry) -> None:
        self.adjectives.setdefault(stem.lower(), entry)
        for form in adjectival_forms(stem):
            self._put((frozenset((form,)),), Sense.ADJECTIVE, entry)
            if form[0].islower():
                self._put((frozenset((form.capitalize(),)),), Sense.ADJECTIVE, entry)

    def _first(self, word: str, entry: Entry, sense: Sense) -> None:
        if " " not in word:
            self.first_parts.setdefault(word, (entry, sense))

    def _add_names(self, entry: Entry) -> None:
        for name in entry.names.get(self._lang, ()):
            if entry.type is ActorType.POLITICAL_PARTY and name.endswith("e") and " " not in name:
                self._put((frozenset((name, name + "n")),), Sense.NAME, entry)  # an adjective: die Grüne, der Grünen
                continue
            self._add(name, Sense.ACRONYM if name.isupper() and len(name) <= 5 else Sense.NAME, entry)

    def _add(self, name: str, sense: Sense, entry: Entry | None) -> None:
        words = name.split()
        forms = name_forms(words)
        if entry is not None and entry.article == "pl" and name.endswith("e"):
            forms = (*forms[:-1], forms[-1] | {words[-1] + "n"})  # die Emirate, den Emiraten
        self._put(forms, sense, entry)

    def _put(self, forms: tuple[frozenset[str], ...], sense: Sense, entry: Entry | None) -> None:
        pattern = _Pattern(forms, sense, entry)
        for form in forms[0]:
            self._index.setdefault(form, []).append(pattern)


def _leaders(registry: Registry) -> dict[str, Entry]:
    """The states by the surnames of those who lead or led them, for "die Obama-Regierung"; no name of several states."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in registry.entries("person"):
        surname = entry.surnames.get(registry.lang)
        names = {name.split()[-1] for name in entry.names.get(registry.lang, ())} if surname is None else {surname}
        for term in entry.offices:
            state = registry.by_id(term.of)
            if term.kind in _LEADING and state is not None and state.type is ActorType.STATE:
                for name in names:
                    found.setdefault(name, {})[state.id] = state
    return {name: next(iter(states.values())) for name, states in found.items() if len(states) == 1}


def _with_title_case(acronyms: Iterable[str], capitals_only: Container[str]) -> Iterator[str]:
    """Acronyms, and those one can pronounce also as German papers write them: NATO and Nato."""
    for acronym in acronyms:
        yield acronym
        if acronym in capitals_only:
            continue
        if acronym.isupper() and len(acronym) >= 4 and acronym.isalpha() and any(c in "AEIOU" for c in acronym):
            yield acronym.capitalize()


def _undashed(form: str) -> str:
    """A word without a dash that was set close to it: Belgrad–."""
    return form.rstrip("–—-") or form


def _citizens(city: str) -> Iterator[str]:
    """The undeclined adjective of a town: Moskauer, Wiener, Londoner, Pekinger."""
    if " " in city:
        return
    if city.endswith("en") and len(city) > 4:
        yield city[:-2] + "er"
    elif city.endswith("e"):
        yield city + "r"
    elif city.endswith("a"):
        yield city[:-1] + "er"
    yield city + "er"
