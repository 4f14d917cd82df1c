"""Sentences in pieces, each with the roles that its words play."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

ROLES = ("subject", "trigger", "object", "speaker", "found")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a text that play a role in claim `number`; `start` and `end` are half-open, in code points."""

    start: int
    end: int
    role: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text with its roles; `ended` are the marks that end with it, to be named there."""

    text: str
    roles: tuple[str, ...] = ()
    ended: tuple[Mark, ...] = ()


def marks_of(offsets: Sequence[int], number: int = 1) -> list[Mark]:
    """The marks of a claim from its offsets: start and end of subject, trigger, object and, if there is one, source."""
    places = zip(offsets[::2], offsets[1::2], strict=False)
    return [Mark(start, end, role, number) for role, (start, end) in zip(ROLES, places, strict=False)]


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text cut where marks begin and end; marks outside of it are left out."""
    within = sorted(
        {mark for mark in marks if 0 <= mark.start < mark.end <= len(text)}, key=lambda mark: (mark.number, mark.start)
    )
    cuts = sorted({0, len(text), *(place for mark in within for place in (mark.start, mark.end))})
    return [
        Piece(
            text[start:end],
            tuple(role for role in ROLES if any(_covers(mark, start, end) and mark.role == role for mark in within)),
            tuple(mark for mark in within if mark.end == end),
        )
        for start, end in pairwise(cuts)
    ]


def found(text: str, places: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text cut where words stand that were looked for."""
    return pieces(text, [Mark(start, end, "found") for start, end in places])


def _covers(mark: Mark, start: int, end: int) -> bool:
    return mark.start <= start and end <= mark.end
