"""What queries give back: rows with attributes, whose cells are values of Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

_SHOWN = 50  # rows in a notebook


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that has an IRI: an actor, a relation, an article, a claim. As a text it is its label."""

    iri: str
    label: str

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """The last part of the IRI: "attacks", "Q159"."""
        return last_part(self.iri)


Cell = str | int | float | bool | date | Ref | None


class Row:
    """A row of a result; cells by column name, as attributes or keys, or in order."""

    __slots__ = ("_cells",)

    def __init__(self, cells: dict[str, Cell]) -> None:
        self._cells = cells

    def __getattr__(self, column: str) -> Cell:
        if column.startswith("__") or column == "_cells":  # asked for by copying and pickling, before there are cells
            raise AttributeError(column)
        try:
            return self._cells[column]
        except KeyError:
            raise AttributeError(f"no column '{column}'; there are {', '.join(self._cells)}") from None

    def __getitem__(self, column: str) -> Cell:
        return self._cells[column]

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._cells.values())

    def __len__(self) -> int:
        return len(self._cells)

    def __eq__(self, other: object) -> bool:
        return self._cells == other._cells if isinstance(other, Row) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._cells.items()))

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{column}={cell!r}' for column, cell in self._cells.items())})"

    def as_dict(self, *, labels: bool = False) -> dict[str, Any]:
        """The row for JSON: dates in ISO form, and of what has an IRI the IRI, or the label."""
        return {column: _plain(cell, labels=labels) for column, cell in self._cells.items()}


class Rows(Sequence[Row]):
    """The rows of a result, its columns, and whether a limit cut it off."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Row], *, truncated: bool = False) -> None:
        self.columns = tuple(columns)
        self.truncated = truncated
        self._rows = tuple(rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self._rows)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from kgraph.display.html import table

        return table(self.columns, self._rows[:_SHOWN], more=self.truncated or len(self._rows) > _SHOWN)


def last_part(iri: str) -> str:
    """What stands behind the last `#` or `/` of an IRI; all of it where nothing does."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def _plain(cell: Cell, *, labels: bool) -> str | int | float | bool | None:
    if isinstance(cell, Ref):
        return cell.label if labels else cell.iri
    return cell.isoformat() if isinstance(cell, date) else cell
