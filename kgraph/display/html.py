"""How records look in a notebook: small pieces of HTML without scripts, in which every text is only text.

Colours are those of Okabe and Ito, which people who see few colours can tell apart, and each comes with a word. Marked
words bring their own paper and ink, all else takes the colours of the page around it, be that light or dark.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_COLOURS = {"subject": "#56b4e9", "trigger": "#f0c060", "object": "#7fd1b4", "speaker": "#e2a9c8"}
_NEUTRAL = "#c8c8c8"
_INK = "#111"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turns the direction of what follows
_LINE = "border:1px solid rgba(128,128,128,.45);border-radius:4px"
_FADED = "opacity:.75"
_CELL = "padding:.2em .6em;border-bottom:1px solid rgba(128,128,128,.3)"
_SHORT = 28  # characters of a cell that stay on one line


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a text that play a role: `start` and `end` are half-open offsets in it, in code points.

    Roles are subject, trigger, object and speaker; any other word will do, and is shown in grey.
    """

    start: int
    end: int
    role: str
    label: str = ""


def text(value: object) -> str:
    """A value as text that HTML takes for text, and nothing else; what no page can show becomes U+FFFD."""
    shown = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return html.escape(_UNSEEN.sub("\ufffd", shown))


def sentence(words: str, marks: Iterable[Mark]) -> str:
    """A sentence with its marks, which may touch, overlap or lie in one another; those outside of it are left out.

    Words with several roles have the colour of the shortest mark, and a line below for each of the others.
    """
    within = sorted(
        (mark for mark in marks if 0 <= mark.start < mark.end <= len(words)), key=lambda mark: (mark.start, -mark.end)
    )
    cuts = sorted({0, len(words), *(place for mark in within for place in (mark.start, mark.end))})
    parts = []
    for start, end in pairwise(cuts):
        here = [mark for mark in within if mark.start <= start and end <= mark.end]
        parts.append(_piece(words[start:end], here, start, end))
    return f'<div dir="auto" style="line-height:2.1;max-height:24em;overflow:auto;overflow-wrap:anywhere">{"".join(parts)}</div>'


def card(head: str, lines: Mapping[str, object], body: str = "") -> str:
    """A box: `head` and `body` are HTML made by this module, `lines` are texts under their names; None is left out."""
    shown = [
        f'<span><span style="{_FADED}">{text(name)}</span> <bdi>{text(value)}</bdi></span>'
        for name, value in lines.items()
        if value is not None
    ]
    foot = f'<div style="display:flex;flex-wrap:wrap;gap:0 1.2em;font-size:90%">{"".join(shown)}</div>' if shown else ""
    return (
        f'<div style="{_LINE};padding:.5em .8em;margin:.3em 0;max-width:60em;text-align:start;overflow-wrap:anywhere">'
        f"<div>{head}</div>{body}{foot}</div>"
    )


def strong(words: object) -> str:
    """Words that stand out."""
    return f"<b><bdi>{text(words)}</bdi></b>"


def badge(words: object, role: str = "") -> str:
    """Words on a coloured ground, that of a role or grey."""
    return f'<span style="{_ground(role)};border-radius:3px;padding:0 .35em"><bdi>{text(words)}</bdi></span>'


def table(
    columns: Sequence[str],
    rows: Iterable[Iterable[object]],
    *,
    more: bool = False,
    titles: Mapping[str, str] | None = None,
) -> str:
    """A table; `more` says that there are more rows than these, `titles` what columns mean, shown when pointed at."""
    about = titles or {}
    head = "".join(
        f'<th style="{_CELL};text-align:start" title="{text(about.get(name, ""))}">{text(name)}</th>'
        for name in columns
    )
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    rest = f'<div style="{_FADED}">… and more</div>' if more else ""
    style = "border-collapse:collapse;white-space:nowrap"
    return (
        f'<div style="overflow-x:auto"><table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f"{rest}</div>"
    )


def _cell(cell: object) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        shown = f"{cell:g}" if isinstance(cell, float) else str(cell)
        return f'<td style="{_CELL};text-align:end">{shown}</td>'
    words = text("yes" if cell is True else "no" if cell is False else cell)
    if len(words) <= _SHORT:
        return f'<td style="{_CELL};text-align:start"><bdi>{words}</bdi></td>'
    if " " in words:
        style = "text-align:start;white-space:normal;min-width:24em;overflow-wrap:anywhere"
        return f'<td style="{_CELL};{style}"><div style="max-height:12em;overflow:auto" dir="auto">{words}</div></td>'
    style = "text-align:start;max-width:12em;overflow:hidden;text-overflow:ellipsis"
    return f'<td style="{_CELL};{style}" title="{words}"><bdi>{words}</bdi></td>'


def _piece(words: str, marks: Sequence[Mark], start: int, end: int) -> str:
    if not marks:
        return f"<bdi>{text(words)}</bdi>" if _TURNING.search(words) else text(words)
    *around, inner = sorted(marks, key=lambda mark: mark.start - mark.end)
    lines = "".join(f",0 {3 * number}px 0 {_COLOURS.get(mark.role, _NEUTRAL)}" for number, mark in enumerate(around, 1))
    shadow = f";box-shadow:0 0 0 transparent{lines}" if lines else ""
    names = "".join(_name(mark) for mark in marks if mark.end == end)
    left, right = (3 if inner.start == start else 0), (3 if inner.end == end else 0)
    shape = f"border-radius:{left}px {right}px {right}px {left}px;padding:.15em {right and '.25em'} .15em {left and '.25em'}"
    return f'<mark style="{_ground(inner.role)};{shape}{shadow}"><bdi>{text(words)}</bdi>{names}</mark>'


def _name(mark: Mark) -> str:
    label = f" <bdi>{text(mark.label)}</bdi>" if mark.label else ""
    return f'<small style="margin-inline-start:.2em;font-size:65%;color:{_INK}"> <b><bdi>{text(mark.role.upper())}</bdi></b>{label}</small>'


def _ground(role: str) -> str:
    return f"background:{_COLOURS.get(role, _NEUTRAL)};color:{_INK}"
