"""Parquet files: a row is a record, and only the columns that articles need are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from kgraph.errors import ArticleError, MissingExtra
from kgraph.read.records import Maker

_ROWS = 64  # at a time: what they say is in memory at once


def parquet_rows(stream: BinaryIO, where: str, make: Maker) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a Parquet file as mappings from column to value, numbered from 1; the stream must be seekable.

    Raises ArticleError for a file that is damaged or has no column for the text; MissingExtra without
    `kgraph[parquet]`.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra("reading Parquet files", "parquet") from error
    number = 0
    try:
        file = parquet.ParquetFile(stream, pre_buffer=False)
        names = set(file.schema_arrow.names)
        text = make.columns.get("text", "text")
        if text not in names and text.partition(".")[0] not in names:
            shown = ", ".join(repr(name) for name in file.schema_arrow.names[:20])
            raise ArticleError(where, f"has no column {text!r} but {shown or 'none'}; say --columns text=NAME")
        wanted = sorted(names & {part for name in make.names() for part in (name, name.partition(".")[0])})
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
            for row in _plain(batch, pyarrow).to_pylist():
                number += 1
                yield number, row
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        place = f"{where}:{number + 1}" if number else where
        raise ArticleError(place, f"is no Parquet file that can be read: {str(error)[:200]}") from error


def _plain(batch: Any, pyarrow: Any) -> Any:
    """The batch with its times in microseconds: those in nanoseconds cannot become Python's."""
    for place, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type):
            kind = pyarrow.timestamp("us", field.type.tz)
            batch = batch.set_column(place, field.name, batch.column(place).cast(kind, safe=False))
    return batch
