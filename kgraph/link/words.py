"""The words around names, from `lang/<code>/actors.toml`: offices, institutions, groups, and what is no actor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kgraph.errors import DataError, UsageError
from kgraph.link.forms import adjectival_forms, feminine_forms, fold, noun_forms
from kgraph.resources import DataFile, lang_dir

_SHORTEST_FIRST_PART = 3


@dataclass(frozen=True, slots=True)
class RoleNoun:
    """An office: what it may be called else, whom it is held for, and which states have it."""

    family: frozenset[str]
    scope: str = "state"
    national: tuple[str, ...] = ()
    local: bool = False
    former: bool = False
    suffix: bool = True
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Institution:
    """A kind of organ of a state, or of those states only that `of` lists; `like` is the kind that bare ones go by."""

    like: str
    bare: bool = False
    plural: bool = False
    seat: bool = False
    origin: bool = False
    adjective: bool = False
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleForm:
    """A form of an office noun; `feminine` is None where the form says nothing of it."""

    role: RoleNoun
    base: str
    feminine: bool | None


@dataclass(frozen=True, slots=True)
class InstitutionForm:
    """A form of an institution noun; `last` where the noun may end a longer word."""

    institution: Institution
    base: str
    last: bool


@dataclass(frozen=True, slots=True)
class RoleMatch:
    """An office noun found in a word; `first` is the part of the word before it, without hyphen."""

    form: RoleForm
    first: str

    @property
    def role(self) -> RoleNoun:
        """The office."""
        return self.form.role


@dataclass(frozen=True, slots=True)
class InstitutionMatch:
    """An institution noun found in a word; `first` is the part of the word before it, without hyphen."""

    form: InstitutionForm
    first: str


class Words:
    """The lexicon of one language, its nouns under all their forms."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self._roles = _role_forms(tables["role"])
        self._institutions = _institution_forms(tables["institution"])
        self._not_roles = _all_forms(self.list("private", "roles"))
        self._not_first = frozenset(self.list("private", "prefixes"))
        self._not_state = frozenset(self.list("private", "not_state"))
        self.land_not = frozenset(
            f for stem in self.list("speech", "land_not") for f in (*adjectival_forms(stem), stem + "er")
        )
        self._read_groups(tables["groups"])
        self.conflicts = _all_forms(self.list("conflicts", "nouns"))
        private = self.list("private", "nouns")
        self.private = _all_forms(private) | frozenset(f for noun in private for f in feminine_forms(noun + "in"))
        self.held = frozenset(
            f for n in self.list("private", "held") for f in (*noun_forms(n), *feminine_forms(n + "in"))
        )
        self.business = _all_forms(self.list("private", "business"))
        self.striking = _all_forms(self.list("private", "striking"))
        self.silent_heads = _all_forms(self.list("compounds", "silent")) | self.private
        self.visits = _all_forms(self.list("places", "visits"))
        self.voices = _all_forms(self.list("places", "voices"))
        self.capital = _all_forms(self.list("places", "capital"))
        self.part_nouns = _all_forms(self.list("parts", "nouns"))
        self.towns = _all_forms(self.list("places", "towns"))
        self.person_nouns = _all_forms(self.list("speech", "person_nouns"))
        self.neighbours = _all_forms(self.list("speech", "neighbours"))
        self.side_nouns = _all_forms(self.list("speech", "side_nouns"))
        self.pair_nouns = _all_forms(self.list("speech", "pair_nouns")) | self.side_nouns
        self.common_surnames = frozenset(fold(name) for name in self.list("names", "common"))
        self.directions = frozenset(self.list("national", "directions"))
        self.calendar = _all_forms(self.list("calendar", "words"))
        self.former = frozenset(f for stem in self.list("names", "former") for f in adjectival_forms(stem))
        self.regions = _regions(tables["regions"])
        self.land_kinds = {
            form: frozenset(codes) for noun, codes in tables["land_kinds"].items() for form in noun_forms(noun)
        }

        self.halves = {form: tuple(codes) for noun, codes in tables["halves"].items() for form in noun_forms(noun)}

    @classmethod
    def load(cls, lang: str) -> Words:
        """The lexicon of a language; the same object each time.

        Raises UsageError where the language has none, DataError where the file is faulty.
        """
        return _load(lang)

    def list(self, table: str, name: str) -> tuple[str, ...]:
        """A list of the file as it stands there."""
        return tuple(self._tables[table][name])

    def text(self, table: str, name: str) -> str:
        """A single word of the file."""
        return str(self._tables[table][name])

    def role(self, form: str) -> RoleMatch | None:
        """The office that a word names, alone or as the last part of a longer word."""
        if form in self._not_roles or not form[:1].isupper():
            return None
        for first, last in _cuts(form):
            found = self._roles.get(last)
            if found is None or (first and not found.role.suffix and not form.endswith("-" + last)):
                continue
            return None if self._is_private(first) else RoleMatch(found, first)
        return None

    def institution(self, form: str) -> InstitutionMatch | None:
        """The institution that a word names, alone or as the last part of a longer word."""
        if not form[:1].isupper():
            return None
        for first, last in _cuts(form):
            found = self._institutions.get(last)
            if found is None or (first and not found.last and not form.endswith("-" + last)):
                continue
            private = self._is_private(first) or first.rsplit("-", 1)[-1] in self._not_state
            return None if private else InstitutionMatch(found, first)
        return None

    def ends_in(self, form: str, nouns: frozenset[str]) -> bool:
        """True where a word is one of the nouns' forms, or its last part is."""
        return any(last in nouns for _, last in _cuts(form))

    def is_visit(self, form: str) -> bool:
        """True for a visit: the noun itself, or after a hyphen."""
        return form.rsplit("-", 1)[-1] in self.visits

    def families(self, title: str) -> frozenset[str]:
        """The families of the offices in a title of several words."""
        found = [match.role.family for word in title.split() if (match := self.role(word))]
        return frozenset().union(*found)

    def _read_groups(self, groups: Mapping[str, Any]) -> None:
        """The nouns for groups and for whom one can belong to."""
        self.organs = _all_forms(self.list("organs", "nouns"))
        self.collective_organs = _all_forms(self.list("organs", "plural_only"))
        self.plurals: dict[str, str] = {
            form: plural for noun, plural in self._tables["fighters"].items() for form in noun_forms(noun)
        }
        self.fighters = frozenset(self.plurals)
        self.opposition = _all_forms(groups["opposition"])
        self.members = _all_forms(groups["members"])
        self.armed_kinds = _all_forms(groups["kinds_armed"])
        self.party_kinds = _all_forms(groups["kinds_party"])
        self.bodies = _all_forms(groups["bodies"])
        self.telling_bodies = _all_forms(groups["bodies_telling"])
        self.telling_fighters = _all_forms(groups["fighters_telling"])
        self.lands = _all_forms(self.list("speech", "land_nouns"))
        self.kinds = self.armed_kinds | self.party_kinds | self.lands | _all_forms(groups["kinds_other"])
        self.collective = _all_forms(self.list("collective", "nouns"))
        self.peoples = _all_forms(groups["peoples"])
        self.coalitions = _all_forms(groups["coalitions"])
        self.led = frozenset(form for stem in groups["led"] for form in adjectival_forms(stem))

    def _is_private(self, first: str) -> bool:
        return any(first.rsplit("-", 1)[-1] == prefix for prefix in self._not_first)


@lru_cache(maxsize=4)
def _load(lang: str) -> Words:
    path = lang_dir(lang) / "actors.toml"
    if not path.is_file():
        raise UsageError(
            f"no words around names for the language '{lang}'; there must be a file {path.name} in its folder"
        )
    return Words(_checked(path))


def _checked(path: Path) -> Mapping[str, Any]:
    """The tables of a file, or DataError with all its faults."""
    try:
        file = DataFile(path)
    except tomllib.TOMLDecodeError as error:
        raise DataError([f"{path.name}:1: not TOML: {error}; mend the syntax"]) from error
    faults: list[str] = []
    for table, names in _LISTS.items():
        content = file.tables.get(table)
        if not isinstance(content, dict):
            faults.append(f"{path.name}:1: no table [{table}]; add it")
            continue
        missing = [name for name in names if not _is_words(content.get(name))]
        faults += [f"{path.name}:1: [{table}] {name} must be a list of words; write it so" for name in missing]
    for table, keys in _ENTRIES.items():
        for where, row in file.entries(table):
            faults += [
                f"{where}: unknown key '{key}' in [[{table}]]; use one of {', '.join(keys)}"
                for key in row
                if key not in keys
            ]
            if not _is_words(row.get("nouns", row.get("adjectival"))):
                faults.append(f"{where}: [[{table}]] needs a list of nouns; add nouns = [...]")
    if not all(isinstance(plural, str) for plural in file.tables.get("fighters", {"": None}).values()):
        faults.append(f'{path.name}:1: [fighters] gives each noun its plural; write Rebell = "Rebellen"')
    for table in ("regions", "land_kinds", "halves"):
        rows = file.tables.get(table, {}).items()
        faults += [f"{path.name}:1: [{table}] {name} must list words" for name, words in rows if not _is_words(words)]
    if faults:
        raise DataError(faults)
    return file.tables


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


_LISTS = {
    "organs": ("nouns", "plural_only"),
    "groups": (
        "opposition",
        "members",
        "kinds_armed",
        "kinds_party",
        "kinds_other",
        "bodies",
        "bodies_telling",
        "fighters_telling",
        "peoples",
        "coalitions",
        "led",
    ),
    "conflicts": ("nouns", "prepositions"),
    "collective": ("demonyms", "adjectives", "nouns"),
    "calendar": ("words",),
    "private": ("nouns", "held", "not_state", "prefixes", "roles", "against", "business", "striking"),
    "places": (
        "locative",
        "visits",
        "travel",
        "utterance",
        "voices",
        "reactions",
        "recalling",
        "envoys",
        "towns",
        "cities",
        "not_regions",
        "compass",
        "compass_adjective",
        "capital",
    ),
    "parts": ("verbs", "nouns", "prepositions", "leaving"),
    "compounds": ("heads", "silent"),
    "names": (
        "particles",
        "crowds",
        "honorifics",
        "common",
        "former",
        "deputies",
        "capitals_only",
        "former_prefixes",
        "roman",
        "surname_first",
        "objects",
    ),
    "silent": ("sequences",),
    "gender": ("feminine_nouns", "masculine_nouns", "plural_nouns"),
    "national": ("inside", "unless", "directions"),
    "speech": (
        "one",
        "person_nouns",
        "neighbours",
        "verbs",
        "object_verbs",
        "becoming",
        "we",
        "it_not",
        "both",
        "pair_nouns",
        "side_nouns",
        "land_nouns",
        "land_not",
    ),
}
_ENTRIES = {
    "role": ("nouns", "feminine", "adjectival", "family", "scope", "national", "local", "former", "suffix", "prefix"),
    "institution": ("nouns", "last", "like", "bare", "plural", "seat", "origin", "adjective", "of"),
}


def _role_forms(rows: Iterable[Mapping[str, Any]]) -> dict[str, RoleForm]:
    forms: dict[str, RoleForm] = {}
    for row in rows:
        role = RoleNoun(
            frozenset(row.get("family", ())),
            row.get("scope", "state"),
            tuple(row.get("national", ())),
            row.get("local", False),
            row.get("former", False),
            row.get("suffix", True),
            row.get("prefix", False),
        )
        nouns = row.get("nouns", [])
        for stem in row.get("adjectival", []):
            forms |= {form: RoleForm(role, stem + "er", None) for form in adjectival_forms(stem)}
        for noun in nouns:
            forms |= {form: RoleForm(role, noun, False) for form in noun_forms(noun) if form not in forms}
        for feminine in row.get("feminine", [noun + "in" for noun in nouns]):
            forms |= {form: RoleForm(role, feminine, True) for form in feminine_forms(feminine)}
    return forms


def _institution_forms(rows: Iterable[Mapping[str, Any]]) -> dict[str, InstitutionForm]:
    forms: dict[str, InstitutionForm] = {}
    for row in rows:
        flags = {name: bool(row.get(name, False)) for name in ("bare", "plural", "seat", "origin", "adjective")}
        institution = Institution(row.get("like", row["nouns"][0]), of=tuple(row.get("of", ())), **flags)
        for noun in row["nouns"]:
            for form in noun_forms(noun):
                forms.setdefault(form, InstitutionForm(institution, noun, noun in row.get("last", ())))
    return forms


def _all_forms(nouns: Iterable[str]) -> frozenset[str]:
    return frozenset(form for noun in nouns for form in noun_forms(noun))


def _regions(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Every form of a region's name or adjective, to the code of the state it lies in."""
    forms: dict[str, str] = {}
    for code, words in table.items():
        for word in words:
            forms |= dict.fromkeys((word, word + "s", *(adjectival_forms(word) if word[0].islower() else ())), code)
    return forms


def _cuts(form: str) -> Iterable[tuple[str, str]]:
    """The word whole, then its last parts from the longest on, each as a noun with its capital."""
    yield "", form
    hyphen = form.rfind("-")
    if hyphen >= 0:
        first, last = form[:hyphen], form[hyphen + 1 :]
        yield first, last
        for i in range(_SHORTEST_FIRST_PART, len(last) - 2):
            yield first + "-" + last[:i], last[i:].capitalize()
        return
    for i in range(_SHORTEST_FIRST_PART, len(form) - 2):
        yield form[:i], form[i:].capitalize()
