"""Who there is: states, organisations, groups, conflicts and persons, with the words that name them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from kgraph.actor_files import Entry, Office, read_entries, slugify
from kgraph.errors import UnknownActor
from kgraph.model import DATA
from kgraph.resources import ontology_dir

__all__ = ["Entry", "Office", "Registry", "load_registry", "slugify"]


@lru_cache(maxsize=8)
def load_registry(lang: str = "de", extra: tuple[Path, ...] = ()) -> Registry:
    """The actors of the project and of the folders in `extra`, their labels in `lang`.

    An entry of a later folder replaces the one of the same IRI. The result is shared between callers.
    Raises DataError with all faults of all files.
    """
    return Registry(read_entries((ontology_dir() / "actors", *extra), lang), lang)


class Registry:
    """All actors that the lists know, to be found by code, IRI or name."""

    def __init__(self, actors: Iterable[Entry], lang: str = "de") -> None:
        self.actors: tuple[Entry, ...] = tuple(actors)
        self.lang = lang
        self._by_id = {entry.id: entry for entry in self.actors}
        self._by_country = {entry.iso3: entry for entry in self.actors if entry.iso3}

    def by_id(self, iri: str) -> Entry | None:
        """The entry of an IRI."""
        return self._by_id.get(iri)

    def country(self, iso3: str) -> Entry | None:
        """The state of an ISO 3166-1 alpha-3 code (Kosovo: XKX)."""
        return self._by_country.get(iso3)

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """The entries of a kind: state, organisation, group, conflict or person."""
        return tuple(entry for entry in self.actors if entry.kind == kind)

    def resolve(self, name: str) -> Entry:
        """The actor that a name means, in any language and any case.

        IRIs and Wikidata ids go first, then names and acronyms, then ISO codes, then seats of government, adjectives
        and demonyms, then surnames: "IS" is the armed group, not Iceland. Accents may be left out: Orban is Orbán.
        Raises UnknownActor where no actor has the name, or several have it.
        """
        key = _key(name)
        for tier in self._tiers:
            found = tier.get(key) or tier.get(_plain(key))
            if found and len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(f"{entry.label(self.lang)} ({_code(entry)})" for entry in found)
                raise UnknownActor(f"'{name}' can be {listed}; write the full name or the id")
        raise UnknownActor(f"no actor is called '{name}'; {self._suggest(key)}")

    def holders(self, of: str, day: date | None = None) -> list[tuple[Entry, Office]]:
        """Who holds an office of an actor (IRI or alpha-3 code) on a day, the latest to come into office first.

        Without a day: those whose office has no end.
        """
        state = self._by_country.get(of)
        iri = state.id if state else of
        held = [
            (entry, office)
            for entry, office in self._offices.get(iri, ())
            if (office.held_on(day) if day else office.end is None)
        ]
        return sorted(held, key=lambda pair: pair[1].start or date.min, reverse=True)

    @cached_property
    def _offices(self) -> dict[str, list[tuple[Entry, Office]]]:
        offices: dict[str, list[tuple[Entry, Office]]] = {}
        for entry in self.actors:
            for office in entry.offices:
                offices.setdefault(office.of, []).append((entry, office))
        return offices

    @cached_property
    def _tiers(self) -> tuple[Mapping[str, Sequence[Entry]], ...]:
        return (
            _index((entry, _ids(entry)) for entry in self.actors),
            _index((entry, _flat(entry.names, entry.acronyms)) for entry in self.actors),
            _index((entry, filter(None, (entry.iso3, entry.iso2))) for entry in self.actors),
            _index((entry, _flat(entry.seats, entry.adjectives, entry.demonyms)) for entry in self.actors),
            _index((entry, _surnames(entry)) for entry in self.actors),
            _index((entry, map(_plain, _flat(entry.names, entry.acronyms))) for entry in self.actors),
            _index((entry, map(_plain, _surnames(entry))) for entry in self.actors),
        )

    def _suggest(self, key: str) -> str:
        near = [match for tier in self._tiers[1:] for match in difflib.get_close_matches(key, tier, 5, 0.75)]
        near.sort(key=lambda match: -difflib.SequenceMatcher(None, key, match).ratio())
        entries = [entry for match in near for tier in self._tiers[1:] for entry in tier.get(match, ())]
        labels = list(dict.fromkeys(entry.label(self.lang) for entry in entries))[:5]
        return f"did you mean {', '.join(labels)}?" if labels else "look one up with 'kgraph actors'"


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip()).casefold()


def _plain(name: str) -> str:
    """A name without its accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _surnames(entry: Entry) -> set[str]:
    """The surnames of a person: as listed, and the last words of its other names."""
    if entry.kind != "person":
        return set()
    return {*entry.surnames.values(), *(name.split()[-1] for name in _flat(entry.names))}


def _index(pairs: Iterable[tuple[Entry, Iterable[str]]]) -> dict[str, list[Entry]]:
    index: dict[str, list[Entry]] = {}
    for entry, words in pairs:
        for key in {_key(word) for word in words}:
            index.setdefault(key, []).append(entry)
    return index


def _ids(entry: Entry) -> Iterable[str]:
    yield entry.id
    yield entry.id.removeprefix(DATA)
    if entry.qid:
        yield f"http://www.wikidata.org/entity/{entry.qid}"


def _flat(*tables: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    return (word for table in tables for words in table.values() for word in words)


def _code(entry: Entry) -> str:
    return entry.iso3 or entry.id.removeprefix(DATA)
