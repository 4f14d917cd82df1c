"""The listed persons, found by name: whole, with an office, or by surname where the article is about them."""

from __future__ import annotations

import difflib
from datetime import date, timedelta

from kgraph.actors import Entry, Office, Registry
from kgraph.link.context import Context
from kgraph.link.forms import fold
from kgraph.link.names import NameRun, surname_spellings, without_genitive
from kgraph.link.words import RoleNoun, Words
from kgraph.model import Actor, ActorType

_SLACK = timedelta(days=5 * 365)
_SIMILAR = 0.6
_NEARLY = 0.85
_LEADING = frozenset(("state head", "government head", "foreign minister"))


class Directory:
    """The listed persons of a registry by their names in one language."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words
        self._lang = registry.lang
        self._by_name: dict[str, Entry] = {}
        self._by_surname: dict[str, list[Entry]] = {}
        for entry in registry.entries("person"):
            names = entry.names.get(self._lang, ())
            for name in names:
                self._by_name.setdefault(fold(name), entry)
            surname = entry.surnames.get(self._lang)
            last = [name.split()[-1] for name in names]
            surnames = [surname, *(name for name in last if _spelt_like(name, surname))] if surname else last
            for key in {fold(name) for name in surnames}:
                self._by_surname.setdefault(key, []).append(entry)

    def with_office(self, run: NameRun, of: Actor | None, role: RoleNoun, context: Context) -> Entry | None:
        """The listed person that a name with an office means; `of` is the actor the text names as the office's."""
        whole = self.whole(run)
        compound = self._by_surname.get(fold(run.text), [])
        if whole is not None or (run.full and not compound):
            return whole or self._alike(run)
        bearers = compound or self._bearers(run.words[-1])
        if of is None:
            if role.scope == "any" or not any(_in_office(b, context.day, slack=_SLACK) for b in bearers):
                return None
        else:
            bearers = [b for b in bearers if of.id in {term.of for term in b.offices} or _compatriot(b, of)]
        fitting = [b for b in bearers if self._holds(b, role.family)] or bearers
        if len(fitting) > 1:
            fitting = [b for b in fitting if _in_office(b, context.day)] or fitting
        return fitting[0] if len(fitting) == 1 else None

    def alone(self, run: NameRun, context: Context, *, company: bool) -> Entry | None:
        """A listed person by name alone.

        By surname only where it can be nobody else, and the article is about the country; of those who lead a state,
        `company` of other actors in the sentence is enough.
        """
        if run.full:
            return self.whole(run)
        surname = run.words[-1]
        if {fold(surname), fold(without_genitive(surname))} & self._words.common_surnames:
            return None
        listed = self._bearers(surname)
        bearers = [b for b in listed if self._is_about(b, context)]
        if not bearers and company and len(listed) == 1 and self._leads(listed[0], context):
            return listed[0]
        if len(bearers) > 1 and context.day is not None:
            bearers = [b for b in bearers if _in_office(b, context.day)]
        return bearers[0] if len(bearers) == 1 else None

    def is_known(self, word: str) -> bool:
        """True where exactly one listed person has a surname that is no common word."""
        keys = {fold(word), fold(without_genitive(word))}
        return len(self._bearers(word)) == 1 and not keys & self._words.common_surnames

    def whole(self, run: NameRun) -> Entry | None:
        """The listed person of a whole name, also in the genitive and without its accents."""
        bare = " ".join((*run.words[:-1], without_genitive(run.words[-1])))
        return self._by_name.get(fold(run.text)) or self._by_name.get(fold(bare))

    def office(self, entry: Entry, family: frozenset[str], day: date | None) -> Actor | None:
        """The actor for whom a listed person holds an office of a family, else any office, else the country."""
        for term in sorted(entry.offices, key=lambda term: self._fit(term, family, day), reverse=True):
            of = self._registry.by_id(term.of)
            if of is not None:
                return of.actor
        state = self._registry.country(entry.actor.country) if entry.actor.country else None
        return state.actor if state else None

    def offices(self, entry: Entry) -> list[tuple[frozenset[str], str | None]]:
        """The families of a listed person's offices, each with the IRI of the actor it is held for."""
        return [(self._words.families(term.title(self._lang)), term.of) for term in entry.offices]

    def surname(self, entry: Entry) -> str | None:
        """The surname of a listed person as the list gives it."""
        return entry.surnames.get(self._lang)

    def _alike(self, run: NameRun) -> Entry | None:
        """A listed person whose name is spelt a little differently."""
        alike = [b for b in self._bearers(run.words[-1]) if _similar(run.text, b.label(self._lang))]
        alike = alike or [b for b in self._bearers(run.words[0]) if _same(run.text, b.label(self._lang))]
        return alike[0] if len(alike) == 1 else None

    def _bearers(self, surname: str) -> list[Entry]:
        for key in surname_spellings(surname):
            if key in self._by_surname:
                return self._by_surname[key]
        return []

    def _holds(self, entry: Entry, family: frozenset[str]) -> bool:
        return any(held & family for held, _ in self.offices(entry))

    def _fit(self, term: Office, family: frozenset[str], day: date | None) -> tuple[bool, bool, date]:
        in_family = bool(self._words.families(term.title(self._lang)) & family)
        return in_family, day is not None and term.held_on(day), term.start or date.min

    def _leads(self, entry: Entry, context: Context) -> bool:
        """True for heads of state or government and foreign ministers, near their terms."""
        near = _in_office(entry, context.day, slack=_SLACK)
        return near and any(held & _LEADING for held, _ in self.offices(entry))

    def _is_about(self, entry: Entry, context: Context) -> bool:
        """True where the article names the state or body that a person acts for, and its day is near a term."""
        if not _in_office(entry, context.day, slack=_SLACK):
            return False
        state = self._registry.country(entry.actor.country) if entry.actor.country else None
        named = state is not None and context.mentions(state.id)
        return named or any(self._is_named(term.of, context) for term in entry.offices)

    def _is_named(self, iri: str, context: Context) -> bool:
        """True where the article names the actor, or the country of a group that is hardly named itself."""
        held = self._registry.by_id(iri)
        country = held.actor.country if held is not None and held.type is ActorType.ARMED_GROUP else None
        state = self._registry.country(country) if country else None
        return context.mentions(iri) or (state is not None and context.mentions(state.id))


def _compatriot(entry: Entry, of: Actor) -> bool:
    return of.country is not None and entry.actor.country == of.country


def _in_office(entry: Entry, day: date | None, *, slack: timedelta = timedelta(0)) -> bool:
    """True on a day within a term or near it; without a day always."""
    if day is None:
        return True
    terms = ((term.start or date.min + slack, term.end or date.max - slack) for term in entry.offices)
    return any(start - slack <= day <= end + slack for start, end in terms)


def _spelt_like(name: str, surname: str) -> bool:
    """True for other spellings of a surname: Netanyahu, Netanjahu."""
    return name != surname and difflib.SequenceMatcher(None, fold(name), fold(surname)).ratio() >= _SIMILAR


def _similar(a: str, b: str) -> bool:
    """True where two names with the same surname have like given names."""
    left, right = fold(a).split()[:-1], fold(b).split()[:-1]
    return bool(left and right) and difflib.SequenceMatcher(None, " ".join(left), " ".join(right)).ratio() >= _SIMILAR


def _same(a: str, b: str) -> bool:
    """True where two spellings differ in little: Kim Jong-un, Kim Jong Un."""
    return difflib.SequenceMatcher(None, fold(a), fold(b)).ratio() >= _NEARLY
