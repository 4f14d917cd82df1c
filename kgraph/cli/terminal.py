"""What people see: tables and records on standard output, words and progress on standard error."""

from __future__ import annotations

import csv
import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import IO, Any, TypeVar

import click

_Item = TypeVar("_Item")
EVERY = 30.0  # seconds between two lines where there is no terminal
_PIPE_WIDTH = 160
_SHORT = 20
CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")


@contextmanager
def ended_at_once() -> Iterator[None]:
    """Let Ctrl-C end this process itself, for what Python cannot interrupt and what leaves nothing half done."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def words(text: str) -> None:
    """Say something on standard error."""
    click.echo(text.translate(CONTROLS), err=True)


def lines(texts: Iterable[str]) -> None:
    """Print lines of text."""
    for text in texts:
        click.echo(text.translate(CONTROLS))


def json_line(record: object, *, file: IO[str] | None = None) -> None:
    """Print a record as a line of JSON."""
    click.echo(json.dumps(record, ensure_ascii=False, default=_plain), file=file)


def json_records(columns: Sequence[str], rows: Iterable[Iterable[Any]], *, file: IO[str] | None = None) -> None:
    """Print rows as lines of JSON; a thing of the graph is an object with `id` and `label`."""
    for row in rows:
        json_line(dict(zip(columns, row, strict=True)), file=file)


def csv_rows(columns: Sequence[str], rows: Iterable[Iterable[Any]], *, file: IO[str] | None = None) -> None:
    """Print rows as CSV with a header."""
    writer = csv.writer(file or sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)


def table(
    columns: Sequence[str],
    rows: Iterable[Iterable[Any]],
    *,
    title: str | None = None,
    file: IO[str] | None = None,
) -> None:
    """Print rows as a table, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    shown = [[cell(value).translate(CONTROLS) for value in row] for row in rows]
    drawn = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", show_edge=False, pad_edge=False)
    for place, column in enumerate(columns):
        longest = max((len(row[place]) for row in shown), default=0)
        drawn.add_column(column, overflow="fold", no_wrap=longest <= _SHORT)
    for row in shown:
        drawn.add_row(*row)
    width = None if (file or sys.stdout).isatty() else _PIPE_WIDTH
    Console(file=file or sys.stdout, width=width, markup=False, emoji=False, highlight=False).print(drawn)


def counted(
    items: Iterable[_Item], what: str, describe: Callable[[_Item], str], *, silent: bool = False
) -> Iterator[_Item]:
    """Pass items on while a line on the terminal counts them and names the last; no line where there is no terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, markup=False, emoji=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    off = silent or not console.is_terminal
    # Results go on to standard output by themselves: redirected, they would end up on standard error.
    with Progress(
        *columns, console=console, transient=True, disable=off, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        task = progress.add_task("loading", total=None)
        for number, item in enumerate(items, 1):
            progress.update(task, description=f"{plural(number, what)} · {describe(item).translate(CONTROLS)}")
            yield item


@contextmanager
def progress(*, every: float = EVERY) -> Iterator[Callable[[Callable[[], str]], None]]:
    """Keep people informed of a long run: what is yielded takes a function that says how things are.

    On a terminal that is one line that changes, elsewhere a line of its own every so many seconds.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, markup=False, emoji=False)
    if not console.is_terminal:
        yield _Now(every)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as shown:
        task = shown.add_task("loading", total=None)
        yield lambda said: shown.update(task, description=said())


class _Now:
    """Says how things are now and then."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._last = time.monotonic()

    def __call__(self, said: Callable[[], str]) -> None:
        if time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            words(said())


class Problems:
    """What was skipped and why, told at the end."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, problem: object) -> None:
        """Remember a problem; its text says where and what."""
        self.found.append(str(problem))

    def tell(self) -> None:
        """List the problems on standard error."""
        if self.found:
            words(f"{plural(len(self.found), 'problem')}:")
        for problem in self.found:
            words(f"  {problem}")


@contextmanager
def problems(collected: Problems | None = None) -> Iterator[Problems]:
    """Collect problems; at the end they are listed and the exit status is 1, if there were any."""
    collected = collected or Problems()
    try:
        yield collected
    finally:
        collected.tell()
    if collected.found:
        click.get_current_context().exit(1)


def plural(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 claim", "2 claims"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def cell(value: Any) -> str:
    """A value as people read it in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    """JSON for a date, or for a thing of the graph."""
    if isinstance(value, date):
        return value.isoformat()
    return {"id": value.iri, "label": value.label}


def show(columns: tuple[str, ...], rows: Iterable[Any], *, as_json: bool, as_csv: bool) -> None:
    """Print rows as a table, or as the user wants them."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if as_json:
        json_records(columns, rows)
    elif as_csv:
        csv_rows(columns, rows)
    else:
        shown_table(columns, rows)


def shown_table(columns: Sequence[str], rows: Iterable[Any], *, file: IO[str] | None = None) -> None:
    """Print rows as a table without the ids of claims, which are for machines and take the room of their quotations."""
    kept = [place for place, column in enumerate(columns) if column != "claim"]
    table([columns[place] for place in kept], ([tuple(row)[place] for place in kept] for row in rows), file=file)
