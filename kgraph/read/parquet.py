"""Parquet files: a row is a record, and only the columns that articles need are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from kgraph.errors import ArticleError, MissingExtra
from kgraph.read.unpack import FREE, GROWS, MAX_RATIO

Row = tuple[int, dict[str, Any]]

_ROWS = 16  # at a time: what they say is in memory at once
_FREE_REPEATED = 16 * FREE
_BUFFER = 2**20  # bytes of a column that are read at a time; without it a column comes whole


def parquet_rows(path: str, where: str, text: str, names: Collection[str]) -> Iterator[list[Row]]:
    """The rows of a Parquet file, a few at a time, as mappings from column to value, each with its number from 1.

    `text` is the column of the text, `names` all that are wanted. To be run in a process of its own: pyarrow ends the
    process that it is in where a file contradicts itself in some ways.

    Raises ArticleError for a file that is damaged, a bomb, or has no column for the text; MissingExtra without
    `kgraph[parquet]`.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra("reading Parquet files", "parquet") from error
    number = 0
    try:
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER, memory_map=False)
        there = set(file.schema_arrow.names)
        if text not in there and text.partition(".")[0] not in there:
            shown = ", ".join(repr(name) for name in file.schema_arrow.names[:20])
            raise ArticleError(where, f"has no column {text!r} but {shown or 'none'}; say --columns text=NAME")
        wanted = sorted(there & {part for name in names for part in (name, name.partition(".")[0])})
        _check_sizes(file.metadata, text, where)
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
            rows = _plain(batch, pyarrow).to_pylist()
            yield list(enumerate(rows, number + 1))
            number += len(rows)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        place = f"{where}:{number + 1}" if number else where
        raise ArticleError(place, f"is no Parquet file that can be read: {str(error)[:200]}") from error


def _check_sizes(metadata: Any, text: str, where: str) -> None:
    """Raises ArticleError where a column grows beyond all measure when unpacked; few values over and over may more."""
    for group in range(metadata.num_row_groups):
        for place in range(metadata.num_columns):
            column = metadata.row_group(group).column(place)
            size, free = column.total_uncompressed_size, FREE if column.path_in_schema == text else _FREE_REPEATED
            if size > free and size > MAX_RATIO * column.total_compressed_size:
                raise ArticleError(where, f"{GROWS}; write it as JSON Lines to be sure")


def _plain(batch: Any, pyarrow: Any) -> Any:
    """The batch with its times in microseconds: those in nanoseconds cannot become Python's."""
    for place, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type):
            kind = pyarrow.timestamp("us", field.type.tz)
            batch = batch.set_column(place, field.name, batch.column(place).cast(kind, safe=False))
    return batch
