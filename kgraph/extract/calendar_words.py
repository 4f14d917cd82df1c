"""German words for days, months, years and spans between them, as patterns and what they mean on a given day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from kgraph.model import DateOrigin

Days = tuple[date, date] | None
Reader = Callable[[re.Match[str], date | None, bool], Days]

_MONTHS = "januar februar märz april mai juni juli august september oktober november dezember".split()
_DAYS = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
_NEAR = {"gestern": -1, "heute": 0, "morgen": 1, "vorgestern": -2, "übermorgen": 2}
_NUMBERS = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
_PARTS = {"anfang": (1, 4), "beginn": (1, 4), "mitte": (5, 8), "ende": (9, 12)}
_SEASONS = {"frühjahr": (3, 5), "frühling": (3, 5), "sommer": (6, 8), "herbst": (9, 11), "winter": (12, 2)}

_MONTH = "|".join([*_MONTHS, "jänner", "feber"])
_YEAR = r"((?:19|20)\d\d)"
_DAY = "|".join([*_DAYS, "sonnabend"])
_SIDE = r"vergangene|letzte|vorige|vorherige|kommende|nächste|gestrige|heutige|diese|selbe"
_NUMBER = "|".join(_NUMBERS[1:]) + r"|\d{1,3}|einig|mehrer|wenig"


def _one(day: date | None) -> Days:
    return (day, day) if day is not None else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _month(name: str) -> int:
    name = {"jänner": "januar", "feber": "februar"}.get(name.lower(), name.lower())
    return _MONTHS.index(name) + 1


def _shift(day: date, months: int) -> date:
    """The first of the month so many months away."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _near_year(year: str | None, month: int, day: int, published: date | None) -> date | None:
    """A date without a year is the one nearest to publication, rather past than future."""
    if year:
        return _day(int(year), month, day)
    if published is None:
        return None
    days = [_day(published.year + step, month, day) for step in (-1, 0, 1)]
    known = [d for d in days if d is not None]
    return min(known, key=lambda d: abs((d - published).days - (60 if d > published else 0)), default=None)


# --- readers: a match, the day of publication, and whether what is dated lies ahead --------------------------------------


def _numeric(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    return _one(_day(int(match[3]), int(match[2]), int(match[1])))


def _iso(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    return _one(_day(int(match[1]), int(match[2]), int(match[3])))


def _between_days(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """ "vom 3. bis 5. Mai", "vom 30. April bis zum 2. Mai"."""
    last = _near_year(match[4], _month(match[3]), int(match[2]), published)
    first = last and _day(last.year, last.month, int(match[1]))
    return (first, last) if first and last else None


def _between_years(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    return date(int(match[1]), 1, 1), date(int(match[2]), 12, 31)


def _written(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    return _since_or_until(match[1], _near_year(match[4], _month(match[3]), int(match[2]), published), published)


def _in_month(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """A month, or its beginning, middle or end."""
    first = _near_year(match[3], _month(match[2]), 1, published)
    if first is None:
        return None
    part, last = match[1].lower(), _month_end(first)
    if part in {"anfang", "beginn"}:
        return first, first.replace(day=10)
    if part == "mitte":
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21) if part == "ende" else first), last


def _in_year(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """A year, or its beginning, middle or end; "bis 2030" reaches from the day of publication."""
    part, year = (match[1] or "").lower(), int(match[2])
    if part in _PARTS:
        first, last = _PARTS[part]
        return date(year, first, 1), _month_end(date(year, last, 1))
    if part == "bis" and published is not None and published.year <= year:
        return published, date(year, 12, 31)
    return date(year, 1, 1), date(year, 12, 31)


def _season(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    first, last = _SEASONS[match[1].lower()]
    start = _near_year(match[2], first, 1, published)
    return (start, _month_end(_shift(start, (last - first) % 12))) if start else None


def _weekday(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """The last such day up to publication, or the next one after it; a night belongs to the day it leads to."""
    if published is None:
        return None
    weekday = _DAYS.index(match["day"].lower().replace("sonnabend", "samstag"))
    side = (match["side"] or "").lower()
    if side.startswith(("kommend", "nächst")) or (ahead and not side):
        return _one(published + timedelta(days=(weekday - published.weekday() - 1) % 7 + 1))
    day = published - timedelta(days=(published.weekday() - weekday) % 7)
    if side.startswith(("vergangen", "letzt", "vorig")) and day == published:
        day -= timedelta(days=7)
    return (day, published) if match[0].lower().startswith("seit") else _one(day)


def _near(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    if published is None:
        return None
    day = published + timedelta(days=_NEAR[match[2].lower()])
    return _since_or_until(match[1], day, published)


def _night(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """ "in der Nacht", "am Abend": the day of publication."""
    return _one(published)


def _week(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """ "in der vergangenen Woche", "im nächsten Jahr", "Ende dieses Monats", "am Wochenende"."""
    if published is None:
        return None
    side, unit = match[1].lower(), match[2].lower()
    step = -1 if side.startswith(("vergangen", "letzt", "vorig", "vorherig")) else int(side[:4] in {"komm", "näch"})
    return _span(unit, published, step)


def _weekend(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    if published is None:
        return None
    side = (match[1] or "").lower()
    saturday = published - timedelta(days=(published.weekday() - 5) % 7)
    if side.startswith(("komm", "näch")) or (ahead and not side):
        saturday += timedelta(days=7)
    return saturday, saturday + timedelta(days=1)


def _ago(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """ "vor drei Tagen", "in zwei Wochen", "seit fünf Jahren"."""
    if published is None:
        return None
    number = _number(match[2])
    if number is None:
        return None
    unit, word = match[3].lower(), match[1].lower()
    sign = 1 if word in {"in", "binnen", "innerhalb"} else -1
    then = _moved(published, unit, sign * number)
    if word in {"vor", "in"}:
        return then
    return (min(then[0], published), max(then[1], published)) if then else None


def _lately(match: re.Match[str], published: date | None, ahead: bool) -> Days:
    """ "zuletzt", "in den vergangenen Tagen": up to the day of publication."""
    if published is None:
        return None
    days = {"tag": 7, "woche": 35, "monat": 183, "jahr": 1826}
    back = next((count for unit, count in days.items() if unit in match[0].lower()), 31)
    return published - timedelta(days=back), published


def _since_or_until(word: str | None, day: date | None, published: date | None) -> Days:
    """One day, or the days from it to publication after "seit", from publication to it after "bis"."""
    if day is None:
        return None
    word = (word or "").lower()
    if word == "seit" and published is not None and day <= published:
        return day, published
    if word.startswith("bis") and published is not None and published <= day:
        return published, day
    return day, day


def _number(word: str) -> int | None:
    word = word.lower()
    if word.isdigit():
        return int(word)
    return _NUMBERS.index(word) if word in _NUMBERS else None


def _moved(day: date, unit: str, count: int) -> Days:
    """The day, week, month or year so many away."""
    try:
        if unit.startswith(("tag", "stunde")):
            return _one(day + timedelta(days=count if unit.startswith("tag") else round(count / 24)))
        if unit.startswith("woche"):
            return _span("woche", day, count)
        if unit.startswith("monat"):
            return _span("monat", day, count)
        return _span("jahr", day, count)
    except (OverflowError, ValueError):
        return None  # "vor 5000 Jahren" is before the calendar


def _span(unit: str, published: date, step: int) -> tuple[date, date]:
    if unit.startswith("woche"):
        first = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    if unit.startswith("jahr"):
        return date(published.year + step, 1, 1), date(published.year + step, 12, 31)
    first = _shift(published, step)
    return first, _month_end(first)


def _compiled(*rows: tuple[str, Reader, DateOrigin]) -> tuple[tuple[re.Pattern[str], Reader, DateOrigin], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), read, origin) for pattern, read, origin in rows)


_EXPLICIT, _RELATIVE = DateOrigin.EXPLICIT, DateOrigin.RELATIVE
PATTERNS = _compiled(
    (r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b", _numeric, _EXPLICIT),
    (r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b", _iso, _EXPLICIT),
    (
        rf"\b(\d{{1,2}})\.\s+(?:bis|und)\s+(?:zum\s+)?(\d{{1,2}})\.\s+({_MONTH})(?:\s+{_YEAR})?\b",
        _between_days,
        _EXPLICIT,
    ),
    (rf"(?:\b(seit|bis)\s+(?:dem\s+|zum\s+)?)?\b(\d{{1,2}})\.\s+({_MONTH})(?:\s+{_YEAR})?\b", _written, _EXPLICIT),
    (
        rf"\b(im|seit|bis|ende|anfang|beginn|mitte|vom)\s+({_MONTH})(?:\s+(?:des\s+Jahres\s+)?{_YEAR})?\b",
        _in_month,
        _EXPLICIT,
    ),
    (rf"\bim\s+({'|'.join(_SEASONS)})\s+{_YEAR}\b", _season, _EXPLICIT),
    (rf"\b{_YEAR}\s*(?:bis|–|-|und)\s*{_YEAR}\b", _between_years, _EXPLICIT),
    (
        rf"\b(?:(ende|anfang|beginn|mitte|bis|seit)\s+)?(?:(?:im|des)\s+)?(?:Jahre?s?\s+)?\b{_YEAR}\b",
        _in_year,
        _EXPLICIT,
    ),
    (
        rf"\b(?:am|vom|zum|auf|den|seit|bis|(?=(?:{_SIDE})))\s*(?:(?P<side>{_SIDE})[nmrs]?\s+)?(?P<day>{_DAY})"
        r"(?:vormittag|nachmittag|abend|morgen|mittag|nacht)?\b",
        _weekday,
        _RELATIVE,
    ),
    (r"(?:\b(seit|bis)\s+)?(?<!am )\b(vorgestern|gestern|heute|übermorgen|morgen)\b", _near, _RELATIVE),
    (rf"\b({_SIDE})[nmrs]?\s+(Woche|Monats?|Jahre?s?)\b", _week, _RELATIVE),
    (rf"\b(?:am|zum)\s+(?:({_SIDE})[nmrs]?\s+)?Wochenende\b", _weekend, _RELATIVE),
    (r"\bin den (?:vergangenen|letzten) (?:\w+ )?(?:Stunden|Tagen|Wochen|Monaten|Jahren)\b", _lately, _RELATIVE),
    (
        rf"\b(vor|in|seit|binnen|innerhalb)\s+(?:rund\s+|etwa\s+|knapp\s+|gut\s+|von\s+)?({_NUMBER})(?:e[mnr]?)?\s+"
        r"(Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?|Jahr(?:en)?)\b",
        _ago,
        _RELATIVE,
    ),
    (r"(?<!nicht )\b(?:zuletzt|kürzlich|unlängst|jüngst)\b", _lately, _RELATIVE),
    (r"\bin der Nacht\b(?! (?:zum|auf|vom)\b)|\bam (?:Abend|Morgen|Vormittag|Nachmittag|Mittag)\b", _night, _RELATIVE),
)
