"""What a row of an actor file may hold, and what is wrong with one that does not keep to it."""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

Check = Callable[[Any], str]

GROUP_TYPES = ("ArmedGroup", "PoliticalParty", "People")
BODIES = ("IGO", "NGO", "alliance", "court", "agency", "territory")


def check_row(kind: str, row: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a row of `[[kind]]`: what, and what to do."""
    checks = KINDS[kind]
    faults = [f"'{name}' is missing; add it" for name in _REQUIRED[kind] if name not in row]
    for name, value in row.items():
        if name not in checks:
            near = difflib.get_close_matches(name, checks, 1)
            faults.append(f"unknown field '{name}'; {f'write {near[0]!r}' if near else 'remove it'}")
        elif wrong := checks[name](value):
            faults.append(f"'{name}' {wrong}")
    return faults


def day_of(value: Any, *, last: bool = False) -> date | None:
    """The day that a date of a row stands for; of a year or a month the first day, or the last one."""
    if value is None or isinstance(value, date):
        return value
    parts = [int(part) for part in str(value).split("-")]
    year, month, day = [*parts, 0, 0][:3]
    month = month or (12 if last else 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def _text(value: Any) -> str:
    fine = isinstance(value, str) and bool(value) and value == value.strip()
    return "" if fine else f"is {value!r}; write a text without spaces around it"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else f"is {value!r}; write true or false"


def _like(pattern: str, example: str) -> Check:
    def check(value: Any) -> str:
        fine = isinstance(value, str) and re.fullmatch(pattern, value)
        return "" if fine else f"is {value!r}; write it like {example!r}"

    return check


def _one_of(*choices: str) -> Check:
    return lambda value: "" if value in choices else f"is {value!r}; write one of {', '.join(choices)}"


def _list(value: Any) -> str:
    if not isinstance(value, list):
        return f"is {value!r}; write a list of texts"
    return next((wrong for item in value if (wrong := _text(item))), "")


def _by_language(check: Check, example: str) -> Check:
    def check_table(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return f"is {value!r}; write it per language, like {example}"
        if bad := [lang for lang in value if not re.fullmatch("[a-z]{2,3}", lang)]:
            return f"has {bad[0]!r} for a language; write a code like 'de'"
        return next((f"in {lang!r} {wrong}" for lang, item in value.items() if (wrong := check(item))), "")

    return check_table


def _date(value: Any) -> str:
    wrong = f"is {value!r}; write a day like 2024-05-31, a month or a year"
    if isinstance(value, datetime) or not isinstance(value, date | str):
        return wrong
    if isinstance(value, str) and not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return wrong
    try:
        day_of(value)
    except ValueError:
        return wrong
    return ""


def _acronyms(value: Any) -> str:
    return _words(value) if isinstance(value, dict) else _list(value)


def _offices(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(office, dict) for office in value):
        return f"is {value!r}; write a list of tables with of, role, from and to"
    for number, office in enumerate(value, 1):
        if wrong := _office(office):
            return f"number {number}: {wrong}"
    return ""


def _office(office: Mapping[str, Any]) -> str:
    for name in ("of", "role"):
        if name not in office:
            return f"'{name}' is missing; add it"
    for name, value in office.items():
        if name not in _OFFICE:
            return f"unknown field '{name}'; an office has of, role, role_kind, from, to and approx"
        if wrong := _OFFICE[name](value):
            return f"'{name}' {wrong}"
    first, last = day_of(office.get("from")), day_of(office.get("to"), last=True)
    return "ends before it begins; mend from or to" if first and last and last < first else ""


_texts = _by_language(_text, 'name.de = "…"')
_words = _by_language(_list, 'alt.de = ["…"]')

OFFICE_KINDS = (
    "head_of_state", "head_of_government", "foreign_minister", "defence_minister", "interior_minister", "finance_minister",
    "minister", "spokesperson", "secretary_general", "commission_president", "leader", "ambassador", "other",
)  # fmt: skip
_OFFICE: dict[str, Check] = {
    "of": _text,
    "role": _texts,
    "role_kind": _one_of(*OFFICE_KINDS),
    "from": _date,
    "to": _date,
    "approx": _flag,
}

_ALL: dict[str, Check] = {
    "qid": _like(r"Q[1-9]\d*", "Q159"),
    "name": _texts,
    "alt": _words,
    "article": _one_of("der", "die", "das", "pl"),
    "note": _text,
}
_SLUG: dict[str, Check] = {"slug": _like("[a-z0-9]+(-[a-z0-9]+)*", "some-name")}
_NATIONAL: dict[str, Check] = {"adjective": _words, "demonym": _words, "seats": _words, "compound": _words}
_CODES: dict[str, Check] = {"iso2": _like("[A-Z]{2}", "RU"), "iso3": _like("[A-Z]{3}", "RUS")}
_COUNTRY: dict[str, Check] = {"country": _like("[A-Z]{3}", "RUS")}
_TERM: dict[str, Check] = {"from": _date, "to": _date}

KINDS: dict[str, dict[str, Check]] = {
    "state": {
        **_ALL,
        **_NATIONAL,
        **_CODES,
        "capital": _texts,
        "capital_is_seat": _flag,
        "places": _words,
        "parts": _words,
    },
    "organisation": {
        **_ALL,
        **_SLUG,
        **_CODES,
        **_NATIONAL,
        **_COUNTRY,
        "acronym": _acronyms,
        "kind": _one_of(*BODIES),
    },
    "group": {**_ALL, **_SLUG, **_NATIONAL, **_COUNTRY, "acronym": _acronyms, "type": _one_of(*GROUP_TYPES)},
    "conflict": {
        **_ALL,
        **_SLUG,
        **_TERM,
        "acronym": _acronyms,
        "places": _words,
        "compound": _words,
        "parties": _list,
    },
    "person": {
        **_ALL,
        **_SLUG,
        **_COUNTRY,
        "acronym": _acronyms,
        "surname": _texts,
        "gender": _one_of("m", "f"),
        "offices": _offices,
    },
}
_REQUIRED = {
    "state": ("qid", "iso2", "iso3", "name"),
    "organisation": ("name", "kind"),
    "group": ("name", "type"),
    "conflict": ("name",),
    "person": ("name", "gender"),
}
