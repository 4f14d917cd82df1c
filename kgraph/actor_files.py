"""Reading `ontology/actors/*.toml` and folders of the same format: rows are checked and become entries.

A name stands in the nominative without its article, an adjective in a name in its strong form ("Weißes Haus",
"Vereinte Nationen"); what German makes of it in other cases is the linker's work. Demonyms stand in all their forms.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kgraph.actor_rows import KINDS, check_row, day_of
from kgraph.errors import DataError
from kgraph.model import DATA, Actor, ActorType
from kgraph.resources import DataFile

Words = Mapping[str, tuple[str, ...]]

_TYPES = {
    "state": ActorType.STATE,
    "organisation": ActorType.ORGANISATION,
    "conflict": ActorType.CONFLICT,
    "person": ActorType.PERSON,
}
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
)


@dataclass(frozen=True, slots=True)
class Office:
    """An office of a person: the IRI of the actor it is held for, its words per language, first and last day.

    `start` is None where it is not known, `end` where the person is still in office; `kind` is what holders of an
    office are looked up by, whatever its words are ("head_of_state", "foreign_minister", …).
    """

    of: str
    role: Mapping[str, str]
    start: date | None = None
    end: date | None = None
    kind: str = "other"

    def title(self, lang: str) -> str:
        """The office's words in a language, else in English, else in any."""
        return _in_language(self.role, lang)

    def held_on(self, day: date) -> bool:
        """True where the day lies within the term, first and last day included."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """An actor and everything the lists know of it; mappings go from a language code ("de") to words.

    `kind` is the table it came from: state, organisation, group, conflict or person. `names` begins with the
    preferred name and holds no acronyms of organisations, groups and conflicts: those are in `acronyms`. `seats` are
    words that stand for the actor, the capital among them unless it is also the state's name; `compounds` first parts
    of compounds beside names, acronyms and seats; `parts` regions that stand for the state where they are fought over.
    `article` is "der", "die", "das" or "pl", or empty. `places`, `parties` (IRIs), `start` and `end` belong to conflicts;
    several may share a place. `body` is IGO, NGO, alliance, court, agency or territory (no state of the list, though it
    may have an ISO code or a government of its own).
    """

    actor: Actor
    kind: str
    where: str
    labels: Mapping[str, str]
    names: Words
    acronyms: Words = field(default_factory=dict)
    adjectives: Words = field(default_factory=dict)
    demonyms: Words = field(default_factory=dict)
    capital: Mapping[str, str] = field(default_factory=dict)
    seats: Words = field(default_factory=dict)
    compounds: Words = field(default_factory=dict)
    places: Words = field(default_factory=dict)
    parts: Words = field(default_factory=dict)
    surnames: Mapping[str, str] = field(default_factory=dict)
    qid: str | None = None
    iso2: str | None = None
    iso3: str | None = None
    article: str = ""
    gender: str = ""
    body: str = ""
    parties: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    start: date | None = None
    end: date | None = None
    note: str = ""

    @property
    def id(self) -> str:
        """The actor's IRI."""
        return self.actor.id

    @property
    def type(self) -> ActorType:
        """The actor's class in the ontology."""
        return self.actor.type

    @property
    def sought(self) -> list[str]:
        """What people look for it by, in all languages: names, acronyms, where its government or its office sits."""
        words = [
            word for table in (self.names, self.acronyms, self.seats) for found in table.values() for word in found
        ]
        return list(dict.fromkeys([*words, *self.capital.values()]))

    def label(self, lang: str) -> str:
        """The preferred name in a language, else in English, else in any."""
        return _in_language(self.labels, lang)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a file that passed the checks, where it stands, and the IRI it gets."""

    kind: str
    where: str
    data: dict[str, Any]
    id: str


def read_entries(folders: Sequence[Path], lang: str) -> tuple[Entry, ...]:
    """The entries of all folders, in the order of the files; labels of actors are in `lang`.

    A row of a later folder replaces the row of the same IRI of an earlier one.
    Raises DataError with all faults of all files.
    """
    faults: list[str] = []
    rows: dict[str, _Row] = {}
    for folder in folders:
        rows |= _read_folder(folder, faults)
    faults += _clashes(rows.values())
    keys = _keys(rows.values())
    states = frozenset(row.data["iso3"] for row in rows.values() if row.kind == "state")
    entries = tuple(_entry(row, keys, states, lang, faults) for row in rows.values())
    if faults:
        raise DataError(faults)
    return entries


def slugify(name: str) -> str:
    """The part of an IRI that is made of a name: lower case, no accents, words joined by hyphens."""
    plain = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", bare).strip("-")


def _in_language(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()))


def _read_folder(folder: Path, faults: list[str]) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    files = sorted(folder.glob("*.toml"))
    if not files:
        faults.append(f"{folder}: no actor files (*.toml) here; name a folder that has some")
    for path in files:
        for row in _read_file(path, faults):
            if row.id in rows:
                faults.append(f"{row.where}: same qid, slug or name as {rows[row.id].where}; {_HOW_TO_PART}")
            else:
                rows[row.id] = row
    return rows


def _read_file(path: Path, faults: list[str]) -> Iterable[_Row]:
    try:
        file = DataFile(path)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        faults.append(f"{path.name}:{line[1] if line else 1}: not TOML: {error}; mend the syntax")
        return
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}:1: cannot be read: {error}; it must be a UTF-8 text file")
        return
    for kind in file.tables:
        if kind not in KINDS:
            faults.append(f"{path.name}:1: unknown table '{kind}'; write one of {', '.join(f'[[{k}]]' for k in KINDS)}")
            continue
        try:
            pairs = file.entries(kind)
        except (TypeError, ValueError):
            faults.append(f"{path.name}:1: '{kind}' is not a list of tables; begin each entry with [[{kind}]]")
            continue
        for where, data in pairs:
            wrong = check_row(kind, data)
            faults += [f"{where}: {fault}" for fault in wrong]
            if not wrong:
                yield _Row(kind, where, data, _iri(kind, data))


def _iri(kind: str, data: dict[str, Any]) -> str:
    if "qid" in data:
        return f"{DATA}{data['qid']}"
    slug = data.get("slug") or slugify(data["name"].get("de") or next(iter(data["name"].values())))
    return f"{DATA}{kind}/{slug}"


def _clashes(rows: Iterable[_Row]) -> list[str]:
    """Faults of codes, and of words that would name two actors; persons may share their names."""
    faults: list[str] = []
    seen: dict[tuple[str, str, str], _Row] = {}
    for row in rows:
        for what, lang, word in dict.fromkeys(_unique_words(row)):
            first = seen.setdefault((what, lang, word), row)
            if first is not row:
                language = f" ({lang})" if lang else ""
                faults.append(f"{row.where}: {what} '{word}'{language} is already at {first.where}; keep it at one")
    return faults


def _unique_words(row: _Row) -> Iterable[tuple[str, str, str]]:
    if row.kind == "person":
        return
    for code in ("iso2", "iso3"):
        if code in row.data:
            yield code, "", row.data[code]
    for lang, words in [*_names(row.data).items(), *_acronyms(row.data).items()]:
        for word in words:
            yield "name", lang, word
    for what in ("adjective", "demonym"):
        for lang, words in row.data.get(what, {}).items():
            for word in words:
                yield what, lang, word


def _keys(rows: Iterable[_Row]) -> dict[str, str]:
    """What an office's `of`, a party of a conflict or a group's country may be called, to IRIs; codes go first."""
    rows = list(rows)
    keys: dict[str, str] = {row.data["iso3"]: row.id for row in rows if "iso3" in row.data}
    for row in rows:
        for code in ("qid", "slug"):
            if code in row.data:
                keys.setdefault(row.data[code], row.id)
    for row in rows:
        if row.kind != "person":
            for words in [*_acronyms(row.data).values(), *_names(row.data).values()]:
                for word in words:
                    keys.setdefault(word, row.id)
    return keys


def _entry(row: _Row, keys: Mapping[str, str], states: frozenset[str], lang: str, faults: list[str]) -> Entry:
    data = row.data
    kind = row.kind
    offices = _offices(row, keys, faults)
    return Entry(
        actor=Actor(row.id, _type(row), _in_language(data["name"], lang), _country(row, states, faults)),
        kind=kind,
        where=row.where,
        labels=dict(data["name"]),
        names=_names(data),
        acronyms=_acronyms(data),
        adjectives=_words(data, "adjective"),
        demonyms=_words(data, "demonym"),
        capital=dict(data.get("capital", {})),
        seats=_seats(data),
        compounds=_words(data, "compound"),
        places=_words(data, "places"),
        parts=_words(data, "parts"),
        surnames=_surnames(data) if kind == "person" else {},
        qid=data.get("qid"),
        iso2=data.get("iso2"),
        iso3=data.get("iso3"),
        article=data.get("article", ""),
        gender=data.get("gender", ""),
        body=data.get("kind", ""),
        parties=_parties(row, keys, faults),
        offices=offices,
        start=day_of(data.get("from")),
        end=day_of(data.get("to"), last=True),
        note=data.get("note", ""),
    )


def _type(row: _Row) -> ActorType:
    return ActorType(row.data["type"]) if row.kind == "group" else _TYPES[row.kind]


def _country(row: _Row, states: frozenset[str], faults: list[str]) -> str | None:
    """The alpha-3 code: a state's own, a group's or person's as written, else of the last office held for a state."""
    if row.kind == "state":
        return str(row.data["iso3"])
    if "country" in row.data:
        code = str(row.data["country"])
        if code not in states:
            faults.append(f"{row.where}: no state has the code '{code}'; write an ISO 3166-1 alpha-3 code")
        return code
    for office in reversed(row.data.get("offices", [])):
        if office["of"] in states:
            return str(office["of"])
    return None


def _offices(row: _Row, keys: Mapping[str, str], faults: list[str]) -> tuple[Office, ...]:
    offices = []
    for office in row.data.get("offices", []):
        if office["of"] not in keys:
            faults.append(f"{row.where}: office of unknown '{office['of']}'; {_HOW_TO_REFER}")
        else:
            first, last = day_of(office.get("from")), day_of(office.get("to"), last=True)
            offices.append(
                Office(keys[office["of"]], dict(office["role"]), first, last, office.get("role_kind", "other"))
            )
    return tuple(offices)


def _parties(row: _Row, keys: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    parties = row.data.get("parties", [])
    faults += [f"{row.where}: unknown party '{party}'; {_HOW_TO_REFER}" for party in parties if party not in keys]
    return tuple(keys[party] for party in parties if party in keys)


_HOW_TO_PART = "keep one of them or give it a slug of its own"
_HOW_TO_REFER = "write the alpha-3 code, Q-number, slug, acronym or name of an actor in the lists"


def _words(data: dict[str, Any], what: str) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(dict.fromkeys(words)) for lang, words in data.get(what, {}).items()}


def _names(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    alt = data.get("alt", {})
    langs = dict.fromkeys([*data["name"], *alt])
    first = {lang: [data["name"][lang]] if lang in data["name"] else [] for lang in langs}
    return {lang: tuple(dict.fromkeys([*first[lang], *alt.get(lang, [])])) for lang in langs}


def _acronyms(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Acronyms per language; a plain list counts for every language the actor has a name in."""
    acronyms = data.get("acronym", {})
    table = acronyms if isinstance(acronyms, dict) else dict.fromkeys(data["name"], acronyms)
    return {lang: tuple(dict.fromkeys(words)) for lang, words in table.items()}


def _seats(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    seats = {lang: list(words) for lang, words in data.get("seats", {}).items()}
    if data.get("capital_is_seat", True):
        names = _names(data)
        for lang, capital in data.get("capital", {}).items():
            if capital not in names.get(lang, ()):
                seats[lang] = [capital, *seats.get(lang, [])]
    return {lang: tuple(dict.fromkeys(words)) for lang, words in seats.items()}


def _surnames(data: dict[str, Any]) -> dict[str, str]:
    return {lang: name.split()[-1] for lang, name in data["name"].items()} | dict(data.get("surname", {}))
