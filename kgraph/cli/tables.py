"""Rows in the formats that a user may want them in."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click

from kgraph.cli import terminal
from kgraph.errors import UsageError

FORMATS = ("table", "json", "csv", "tsv", "markdown", "parquet")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")
_BETWEEN = str.maketrans(dict.fromkeys("\t\r\n", " "))


def chosen(form: str | None, *, as_json: bool, as_csv: bool) -> str:
    """The format that the options ask for. Raises click's UsageError where they ask for several."""
    asked = {form for form, wanted in ((form, form), ("json", as_json), ("csv", as_csv)) if form and wanted}
    if len(asked) > 1:
        raise click.UsageError("--format, --json and --csv exclude each other")
    return next(iter(asked), "table")


def show(columns: Sequence[str], rows: Sequence[Any], form: str, path: Path | None) -> None:
    """Write rows in one of `FORMATS` into a file, whole or not at all; None is standard output."""
    if path is None and form == "table":
        terminal.shown_table(columns, rows)  # as wide as the terminal
        return
    body = io.BytesIO()
    write(columns, rows, form, body)
    put(body.getvalue(), path)


def put(body: bytes, path: Path | None) -> None:
    """Write bytes into a file, or on standard output. Raises UsageError where the file cannot be written."""
    if path is None:
        click.echo(body, nl=False)
        return
    try:
        path.write_bytes(body)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}): choose another place") from error


def write(columns: Sequence[str], rows: Sequence[Any], form: str, output: IO[bytes]) -> None:
    """Write rows in one of `FORMATS`; all of them but Parquet are text in UTF-8."""
    if form == "parquet":
        from kgraph.views.parquet import write_parquet

        write_parquet(columns, rows, output)
        return
    text = io.TextIOWrapper(output, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
    try:
        _write_text(columns, rows, form, text)
    finally:
        text.detach()


def _write_text(columns: Sequence[str], rows: Sequence[Any], form: str, text: IO[str]) -> None:
    if form == "json":
        terminal.json_records(columns, rows, file=text)
    elif form == "csv":
        terminal.csv_rows(columns, rows, file=text)
    elif form == "tsv":
        for cells in (columns, *rows):
            text.write("\t".join(terminal.cell(cell).translate(_BETWEEN) for cell in cells) + "\n")
    elif form == "markdown":
        for place, cells in enumerate((columns, *rows)):
            text.write(f"| {' | '.join(_marked(cell) for cell in cells)} |\n")
            if place == 0:
                text.write(f"|{' --- |' * len(columns)}\n")
    else:
        terminal.shown_table(columns, rows, file=text)


def _marked(cell: object) -> str:
    """A cell of a Markdown table, in which nothing is a mark, a pipe or HTML."""
    text = terminal.cell(cell).translate(_BETWEEN).translate(terminal.CONTROLS)
    return _MARKS.sub(r"\\\1", text).replace("&", "&amp;")
