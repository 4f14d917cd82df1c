"""Bars of cooperation and conflict over time, as numbers to be drawn and to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgraph.graph.crosswalk import goldstein
from kgraph.model import Relation
from kgraph.serve.index.counts import is_conflict, is_cooperation
from kgraph.serve.index.records import Tally

_MOST, _LEAST = 60, 6  # columns
_MOSTLY = 0.95  # of all claims
_HEIGHT = 100.0  # units from the middle to the top
_GAP = 0.24  # of a bar's place


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: counts, sums of Goldstein values, and where its bars are drawn (`x` from 0 to the number of columns)."""

    key: str
    cooperation: int
    conflict: int
    states: int
    others: int
    up: float
    down: float

    @property
    def claims(self) -> int:
        """How many claims there are, facts or not."""
        return self.cooperation + self.conflict + self.states + self.others

    @property
    def mean(self) -> float | None:
        """The mean Goldstein value of its facts; None where none has one."""
        counted = self.cooperation + self.conflict
        return round((self.up + self.down) / counted, 1) if counted else None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in units of the drawing: 1 wide per column, from -100 (below) to 100 high."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    column: Column


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns by `step` (month, quarter or year), without gaps; `top` is what the full height stands for.

    `outside` are columns too far off to be drawn, in order.
    """

    step: str
    columns: tuple[Column, ...]
    top: float
    outside: tuple[Column, ...] = ()

    @property
    def left_out(self) -> int:
        """How many claims are not drawn."""
        return sum(column.claims for column in self.outside)

    @property
    def bars(self) -> list[Bar]:
        """What is drawn; y grows downwards."""
        bars = []
        for place, column in enumerate(self.columns):
            for value, kind in ((column.up, "cooperation"), (column.down, "conflict")):
                if value:
                    height = round(abs(value) / self.top * _HEIGHT, 2)
                    y = round(_HEIGHT - height, 2) if value > 0 else _HEIGHT
                    bars.append(Bar(round(place + _GAP / 2, 3), y, 1 - _GAP, height, kind, column))
        return bars

    @property
    def rows(self) -> list[Column]:
        """All columns that hold anything, in order."""
        everything = sorted([*self.outside, *self.columns], key=lambda column: column.key)
        return [column for column in everything if column.claims]

    @property
    def totals(self) -> tuple[int, int]:
        """How many facts of cooperation and of conflict there are."""
        return sum(column.cooperation for column in self.columns), sum(column.conflict for column in self.columns)


def chart(tallies: Iterable[Tally]) -> Chart | None:
    """The chart of some counts by month; None where none of them has a month.

    By quarter or year where months are too many to draw; a few claims far off from all the others do not count for that.
    """
    counted: Counter[int] = Counter()
    dated = [tally for tally in tallies if tally.month]
    if not dated:
        return None
    for tally in dated:
        counted[_months(tally.month)] += tally.facts + tally.others
    for step, size in (("month", 1), ("quarter", 3), ("year", 12)):
        first, last = _window(counted, size)
        drawn = sum(count for month, count in counted.items() if first <= month // size <= last)
        if drawn >= _MOSTLY * counted.total() or step == "year":
            break
    gathered: dict[int, list[Tally]] = {}
    for tally in dated:
        gathered.setdefault(_months(tally.month) // size, []).append(tally)
    made = {number: _column(_key(number, step, size), found) for number, found in gathered.items()}
    start = min(first, last - _LEAST + 1)
    columns = tuple(made.get(number) or _column(_key(number, step, size), ()) for number in range(start, last + 1))
    outside = tuple(made[number] for number in sorted(made) if not start <= number <= last)
    top = max([*(column.up for column in columns), *(-column.down for column in columns), 1.0])
    return Chart(step, columns, top, outside)


def _window(counted: Mapping[int, int], size: int) -> tuple[int, int]:
    """The first and the last column of a stretch that can be drawn and holds most claims; of several the latest."""
    columns: Counter[int] = Counter()
    for month, count in counted.items():
        columns[month // size] += count
    places = sorted(columns)
    best, start, held = (0, 0, 0), 0, 0
    for place in places:
        held += columns[place]
        while place - places[start] >= _MOST:
            held -= columns[places[start]]
            start += 1
        best = max(best, (held, place, places[start]))
    return best[2], best[1]


def _months(iso: str) -> int:
    year, month = iso.split("-")
    return int(year) * 12 + int(month) - 1


def _key(number: int, step: str, size: int) -> str:
    year, month = divmod(number * size, 12)
    if step == "year":
        return f"{year:04}"
    return f"{year:04}-{month + 1:02}" if step == "month" else f"{year:04}-Q{month // 3 + 1}"


def _column(key: str, tallies: Iterable[Tally]) -> Column:
    cooperation = conflict = states = others = 0
    up = down = 0.0
    for tally in tallies:
        value = goldstein().get(Relation(tally.relation), 0.0) * tally.facts
        others += tally.others
        if is_cooperation(tally.relation):
            cooperation, up = cooperation + tally.facts, up + value
        elif is_conflict(tally.relation):
            conflict, down = conflict + tally.facts, down + value
        else:
            states += tally.facts
    return Column(key, cooperation, conflict, states, others, round(up, 1), round(down, 1))
