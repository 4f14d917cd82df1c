"""Rows with columns that say what is in them, as Arrow batches, as pandas frames, as networks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from kgraph.display import html
from kgraph.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import networkx
    import pandas
    import pyarrow

Cell = str | int | float | bool | date | list[str] | None
_SHOWN = 20  # rows that a notebook shows


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    DAY = "day"
    COUNT = "count"
    NUMBER = "number"
    TRUTH = "truth"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its cells are (any may be None), and what they mean, with the unit."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The columns that make a network of a table: the ends of an edge, their labels, and what keeps edges apart."""

    source: str
    target: str
    source_label: str
    target_label: str
    key: tuple[str, ...]


class Table:
    """A table that is made anew, row by row, each time it is gone through; always in the same order.

    Iterating gives tuples in the order of `columns`. Where the rows come from a store, it has to stay open.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Callable[[], Iterable[tuple[Cell, ...]]],
        *,
        name: str,
        ends: Ends | None = None,
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self._rows = rows
        self._ends = ends

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self._rows())

    def __repr__(self) -> str:
        return f"<{self.name}: a table of {', '.join(column.name for column in self.columns)}>"

    def describe(self) -> dict[str, str]:
        """What each column means, with its unit."""
        return {column.name: column.about for column in self.columns}

    def dicts(self) -> Iterator[dict[str, Cell]]:
        """The rows by column name."""
        names = [column.name for column in self.columns]
        return (dict(zip(names, row, strict=True)) for row in self)

    def batches(self, size: int = 10_000) -> pyarrow.RecordBatchReader:
        """The rows as Arrow batches of at most `size` rows: no more than one is in memory.

        Days are date32, counts int64, numbers float64; the meaning of a column is the field's metadata, under "about".
        Raises MissingExtra without `kgraph[notebook]`.
        """
        if size < 1:
            raise UsageError(f"a batch has {size} rows: give 1 or more")
        arrow = _arrow()
        schema = _schema(arrow, self.columns)
        return arrow.RecordBatchReader.from_batches(schema, _batches(arrow, schema, iter(self), size))

    def to_arrow(self) -> pyarrow.Table:
        """The whole table for Arrow, with the types of `batches`. Raises MissingExtra without `kgraph[notebook]`."""
        return self.batches().read_all()

    def to_pandas(self) -> pandas.DataFrame:
        """The whole table for pandas: days are datetime64, counts Int64; `frame.attrs["about"]` is `describe()`.

        Raises MissingExtra without `kgraph[notebook]`.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("a pandas frame", "notebook") from error
        cells: list[list[Cell]] = [[] for _ in self.columns]
        for row in self:
            for column, cell in zip(cells, row, strict=True):
                column.append(cell)
        frame = pandas.DataFrame(
            {
                column.name: _series(pandas, column.kind, values)
                for column, values in zip(self.columns, cells, strict=True)
            }
        )
        frame.attrs["about"] = self.describe()
        return frame

    def to_networkx(self) -> networkx.MultiDiGraph:
        """One edge per row, from subject to object, with the other cells as attributes; days in ISO form, None left out.

        Raises UsageError for a table whose rows are no edges.
        """
        if self._ends is None:
            raise UsageError(f"the rows of '{self.name}' are no edges; a network has such tables: see kgraph.views")
        from kgraph.views.networks import network_of

        return network_of(self.dicts(), self._ends)

    def _repr_html_(self) -> str:
        rows = list(islice(self, _SHOWN + 1))
        return html.table(
            [column.name for column in self.columns], rows[:_SHOWN], more=len(rows) > _SHOWN, titles=self.describe()
        )


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("an Arrow table", "notebook") from error
    return pyarrow


def _schema(arrow: Any, columns: Iterable[Column]) -> pyarrow.Schema:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.DAY: arrow.date32(),
        Kind.COUNT: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.TRUTH: arrow.bool_(),
        Kind.TEXTS: arrow.list_(arrow.string()),
    }
    fields = [arrow.field(column.name, types[column.kind], metadata={"about": column.about}) for column in columns]
    return arrow.schema(fields)


def _batches(
    arrow: Any, schema: pyarrow.Schema, rows: Iterator[tuple[Cell, ...]], size: int
) -> Iterator[pyarrow.RecordBatch]:
    while batch := list(islice(rows, size)):
        columns = zip(*batch, strict=True)
        arrays = [arrow.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
        yield arrow.RecordBatch.from_arrays(arrays, schema=schema)


def _series(pandas: Any, kind: Kind, cells: list[Cell]) -> Any:
    if kind is Kind.DAY:
        return pandas.to_datetime(pandas.Series(cells, dtype="object"), format="%Y-%m-%d")
    types = {Kind.COUNT: "Int64", Kind.NUMBER: "float64", Kind.TRUTH: "boolean", Kind.TEXT: "str", Kind.TEXTS: "object"}
    return pandas.Series(cells, dtype=types[kind])
