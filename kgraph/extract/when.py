"""When: German dates in a sentence, explicit ones and those relative to the day the article appeared."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from kgraph.model import DateOrigin, Sentence, When

_MONTHS = "januar februar märz april mai juni juli august september oktober november dezember".split()
_MONTH = "|".join([*_MONTHS, "jänner", "feber"])
_DAYS = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
_NUMERIC = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b")
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_DAY = re.compile(rf"\b(\d{{1,2}})\.\s+({_MONTH})(?:\s+((?:19|20)\d\d))?\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(
    rf"\b(?:im|seit|bis|ende|anfang|mitte|vom)\s+({_MONTH})(?:\s+((?:19|20)\d\d))?\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:im Jahr|Jahr|seit|Ende|Anfang|Mitte)\s+((?:19|20)\d\d)\b|\b((?:19|20)\d\d)\b")
_WEEKDAY = re.compile(
    rf"\b(?:am|vom|seit|vergangenen|letzten|vorigen|kommenden|nächsten|gestrigen|heutigen|diesen)\s+"
    rf"(?:(vergangenen|letzten|vorigen|kommenden|nächsten|gestrigen|heutigen|diesen)\s+)?({'|'.join(_DAYS)}|sonnabend)"
    rf"(?:vormittag|nachmittag|abend|morgen|mittag|nacht)?\b",
    re.IGNORECASE,
)
_NEAR = {"gestern": -1, "heute": 0, "morgen": 1, "vorgestern": -2, "übermorgen": 2}
_NEAR_WORD = re.compile(r"(?<!am )(?<!Am )\b(vorgestern|gestern|heute|übermorgen|morgen)\b")
_SPAN = re.compile(
    r"\b(vergangene|letzte|vorige|kommende|nächste|diese)[nmrs]?\s+(Woche|Monat|Jahr)\b", re.IGNORECASE
)  # fmt: skip


def date_of(sentence: Sentence, trigger: int, published: date | None) -> When | None:
    """The date of what the word at offset `trigger` (in the article) says: the nearest date of the sentence.

    Without one it is the day of publication; None where that is unknown, too.
    """
    at = trigger - sentence.start
    found = list(_explicit(sentence.text, published))
    if published is not None:
        found += _relative(sentence.text, published)
    if found:
        _, when = min(found, key=lambda pair: abs(pair[0] - at))
        return when
    return When(published, published, DateOrigin.PUBLISHED) if published is not None else None


def _explicit(text: str, published: date | None) -> list[tuple[int, When]]:
    found: list[tuple[int, When]] = []
    taken: list[tuple[int, int]] = []

    def note(match: re.Match[str], first: date | None, last: date | None) -> None:
        if first is not None and last is not None and not any(a < match.end() and match.start() < b for a, b in taken):
            taken.append(match.span())
            found.append((match.start(), When(first, last, DateOrigin.EXPLICIT)))

    for match in _NUMERIC.finditer(text):
        day = _day(int(match[3]), int(match[2]), int(match[1]))
        note(match, day, day)
    for match in _ISO.finditer(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        note(match, day, day)
    for match in _DAY.finditer(text):
        day = _near_year(match[3], _month(match[2]), int(match[1]), published)
        note(match, day, day)
    for match in _MONTH_ONLY.finditer(text):
        first = _near_year(match[2], _month(match[1]), 1, published)
        note(match, first, _month_end(first))
    for match in _YEAR.finditer(text):
        year = int(match[1] or match[2])
        note(match, date(year, 1, 1), date(year, 12, 31))
    return found


def _relative(text: str, published: date) -> list[tuple[int, When]]:
    found = []
    for match in _WEEKDAY.finditer(text):
        name = match[2].lower().replace("sonnabend", "samstag")
        ahead = bool(re.search(r"kommend|nächst", match[0], re.IGNORECASE))
        day = _weekday(_DAYS.index(name), published, ahead=ahead)
        found.append((match.start(), When(day, day, DateOrigin.RELATIVE)))
    for match in _NEAR_WORD.finditer(text):
        day = published + timedelta(days=_NEAR[match[1]])
        found.append((match.start(), When(day, day, DateOrigin.RELATIVE)))
    for match in _SPAN.finditer(text):
        step = {"vergangene": -1, "letzte": -1, "vorige": -1, "diese": 0}.get(match[1].lower(), 1)
        first, last = _span(match[2].lower(), published, step)
        found.append((match.start(), When(first, last, DateOrigin.RELATIVE)))
    return found


def _month(name: str) -> int:
    name = {"jänner": "januar", "feber": "februar"}.get(name.lower(), name.lower())
    return _MONTHS.index(name) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near_year(year: str | None, month: int, day: int, published: date | None) -> date | None:
    """A date without a year is the one nearest to publication, rather past than future."""
    if year:
        return _day(int(year), month, day)
    if published is None:
        return None
    days = [_day(published.year + step, month, day) for step in (-1, 0, 1)]
    known = [d for d in days if d is not None]
    return min(known, key=lambda d: abs((d - published).days - (60 if d > published else 0)), default=None)


def _month_end(first: date | None) -> date | None:
    if first is None:
        return None
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _weekday(weekday: int, published: date, *, ahead: bool) -> date:
    """The last such day up to publication, or the next one after it."""
    if ahead:
        return published + timedelta(days=(weekday - published.weekday() - 1) % 7 + 1)
    return published - timedelta(days=(published.weekday() - weekday) % 7)


def _span(unit: str, published: date, step: int) -> tuple[date, date]:
    if unit == "woche":
        first = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    if unit == "jahr":
        return date(published.year + step, 1, 1), date(published.year + step, 12, 31)
    months = published.year * 12 + published.month - 1 + step
    first = date(months // 12, months % 12 + 1, 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
