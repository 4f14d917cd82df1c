"""Lines of a text become paragraphs, whether it is wrapped or has one paragraph a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_WRAP = 120
_SLACK = 12
_MIN_WRAP = 40
_UNFINISHED = re.compile(r"(?<![.!?:…\"“”»«)])$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `gap` is True after a blank line and at the start."""

    start: int
    end: int
    gap: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines that belong together; `alone` is True where blank lines or the text's ends are on both sides."""

    start: int
    end: int
    lines: int
    alone: bool


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    lines: list[Line] = []
    offset, gap = 0, True
    for raw in text.splitlines(keepends=True):
        words = raw.strip()
        if words:
            start = offset + len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(words), gap))
        gap = not words
        offset += len(raw)
    return lines


def units_of(text: str, lines: list[Line]) -> list[Unit]:
    """Gather lines into paragraphs."""
    width = _wrap_width(text, lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not line.gap and _goes_on(text, groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    units: list[Unit] = []
    for place, group in enumerate(groups):
        after = place + 1 == len(groups) or groups[place + 1][0].gap
        units.append(Unit(group[0].start, group[-1].end, len(group), group[0].gap and after))
    return units


def _wrap_width(text: str, lines: list[Line]) -> int:
    """The column at which the text is wrapped by hand, or 0 where it is not: full lines stop in mid-sentence then."""
    width = max((line.end - line.start for line in lines), default=0)
    if not _MIN_WRAP <= width <= _MAX_WRAP:
        return 0
    full = [line for line in lines if line.end - line.start >= width - _SLACK]
    unfinished = sum(bool(_UNFINISHED.search(text[line.start : line.end])) for line in full)
    return width if unfinished >= 2 and 2 * unfinished >= len(full) else 0


def _goes_on(text: str, line: Line, following: Line, width: int) -> bool:
    """True where a line break is only a wrap: the next word had no room, or a sentence is cut in two."""
    words, next_words = text[line.start : line.end], text[following.start : following.end]
    if re.match(r"[-*•–]\s", next_words):
        return False
    if next_words[0].islower() and _UNFINISHED.search(words):
        return True
    if not width:
        return False
    first_word = next_words.split(maxsplit=1)[0]
    return len(words) + 1 + len(first_word) > width - _SLACK // 2
