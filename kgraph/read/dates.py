"""Dates as newspapers and data files write them, in German and English."""

from __future__ import annotations

import re
from datetime import date

_NAMES = (
    "januar jänner jan january",
    "februar feber feb february",
    "märz maerz mär mrz march mar",
    "april apr",
    "mai may",
    "juni jun june",
    "juli jul july",
    "august aug",
    "september sept sep",
    "oktober okt october oct",
    "november nov",
    "dezember dez december dec",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_FORMS = (
    r"(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})",
    r"(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>\d{4})",
    rf"(?P<d3>\d{{1,2}})\.?\s+(?P<m3>{MONTH})\s+(?P<y3>\d{{4}})",
    rf"(?P<m4>{MONTH})\s+(?P<d4>\d{{1,2}}),?\s+(?P<y4>\d{{4}})",
)
_DATE = re.compile("(?<![\\d.])(?:" + "|".join(_FORMS) + r")(?!\d)", re.IGNORECASE)
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,?\s+(?:den\s+)?)?"
_TIME = r"(?:(?:T|,?\s+(?:um\s+|at\s+)?|\s*[-–|]\s*)\d{1,2}[:.]\d{2}\S{0,20}(?:\s?(?:Uhr|h|[AP]M|UTC|GMT|[+-]\d{4}|[A-Z]{3,4})){0,3})?"
_FIELD = re.compile(rf"\s*{_WEEKDAY}(?P<date>{_DATE.pattern}){_TIME}\s*", re.IGNORECASE)


def find_date(text: str) -> date | None:
    """The first full date in a text, or None."""
    return next((day for found in _DATE.finditer(text) if (day := _day(found))), None)


def parse_date(text: str) -> date | None:
    """The date that a text consists of, with or without a weekday and a time, or None."""
    found = _FIELD.fullmatch(text)
    return _day(found) if found else None


def leading_date(text: str) -> tuple[date, int] | None:
    """The date, weekday and time included, that a text starts with, and where it ends."""
    found = _FIELD.match(text)
    day = _day(found) if found else None
    return (day, found.end()) if found and day else None


def _day(found: re.Match[str]) -> date | None:
    for form in "1234":
        year, month, day = found[f"y{form}"], found[f"m{form}"], found[f"d{form}"]
        if year:
            number = int(month) if month.isdigit() else _MONTHS[month.lower().rstrip(".")]
            try:
                return date(int(year), number, int(day))
            except ValueError:
                return None
    return None
