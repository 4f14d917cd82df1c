"""The rows of an answer as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any

from kgraph.errors import MissingExtra
from kgraph.graph import Ref, Row


def write_parquet(columns: Sequence[str], rows: Sequence[Row | Sequence[object]], output: IO[bytes]) -> None:
    """Write rows as one table. A column of things of the graph holds their labels, and one called `…_id` their IRIs.

    Days, whole numbers, numbers and truth values keep their types where a column has no other; all else is text.
    Raises MissingExtra without `kgraph[parquet]`.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra("a Parquet file", "parquet") from error
    cells: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    named = dict(_columns(columns, cells))
    arrays = {name: pyarrow.array(values, _type(pyarrow, values)) for name, values in named.items()}
    pyarrow.parquet.write_table(pyarrow.table(arrays), output)


def _columns(names: Sequence[str], cells: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    for name, values in zip(names, cells, strict=True):
        if not any(isinstance(value, Ref) for value in values):
            yield name, list(values)
            continue
        yield name, [value.label if isinstance(value, Ref) else value for value in values]
        beside = f"{name}_id"
        if beside not in names:
            yield beside, [value.iri if isinstance(value, Ref) else None for value in values]


def _type(arrow: Any, values: list[Any]) -> Any:
    """The Arrow type of a column; values of several types become texts in place."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {date}:
        return arrow.date32()
    if kinds == {bool}:
        return arrow.bool_()
    if kinds == {int} and all(-(2**63) <= value < 2**63 for value in values if value is not None):
        return arrow.int64()
    if kinds and kinds <= {int, float}:
        return arrow.float64()
    values[:] = [None if value is None else str(value) for value in values]
    return arrow.string()
