"""Options that several verbs of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

import click

from kgraph.cli.jobs import Gathering, Reading
from kgraph.cli.running import Working

READERS = ("accurate", "fast")
_Verb = TypeVar("_Verb", bound=Callable[..., Any])

Place = Path | str  # of a store: a folder, or the address of a server


class _Place(click.Path):
    """A folder; an address stays a text, in which // means something."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        address = isinstance(value, str) and value.lower().startswith(("http://", "https://"))
        return value if address else super().convert(value, param, ctx)


store = click.option(
    "--store",
    type=_Place(path_type=Path),
    default="kgraph-store",
    envvar="KGRAPH_STORE",
    show_default=True,
    show_envvar=True,
    help="Folder of the graph, or address of a SPARQL server that keeps it.",
)
_lang = click.option("--lang", metavar="CODE", help="Language of the articles, like de; detected if not given.")
labels = click.option("--lang", default="de", show_default=True, metavar="CODE", help="Language of the labels.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print lines of JSON.")
as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")


def example(*lines: str) -> str:
    """The end of a verb's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


class _Share(click.FloatRange):
    """A number from 0 to 1; "nan" is none, though it is neither below 0 nor above 1."""

    name = "float"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is not in the range {self._describe_range()}.", param, ctx)
        return number


min_confidence = click.option(
    "--min-confidence",
    type=_Share(0, 1),
    default=0.0,
    envvar="KGRAPH_MIN_CONFIDENCE",
    show_default=True,
    show_envvar=True,
    help="Leave out claims with a lower confidence.",
)


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


as_of = click.option(
    "--as-of",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="As of this day, like 2026-03-01: only articles published by then.",
)
sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
reader = click.option(
    "--reader",
    type=click.Choice(READERS),
    default="accurate",
    envvar="KGRAPH_READER",
    show_default=True,
    show_envvar=True,
    help="What draws the trees: the accurate reader, or a fast one for bulk work.",
)


def reading(verb: _Verb) -> _Verb:
    """Give a verb the options of reading articles, as one argument `reading`."""

    @wraps(verb)
    def called(*args: Any, lang: str | None, reader: str, min_confidence: float, **kwargs: Any) -> Any:
        return verb(*args, reading=Reading(lang, reader, min_confidence), **kwargs)

    return _lang(reader(min_confidence(called)))  # type: ignore[return-value]  # the options take the place of `reading`


def _columns(_: click.Context, __: click.Parameter, value: str | None) -> dict[str, str]:
    """The names of `text=body,date=published` by the fields of articles that they stand for."""
    columns: dict[str, str] = {}
    for part in (value or "").split(",") if value else ():
        field, equals, name = (word.strip() for word in part.partition("="))
        if not (field and equals and name):
            raise click.BadParameter(f"{part!r} is no pair; write it like text=body,date=published")
        columns[field] = name
    return columns


columns = click.option(
    "--columns",
    metavar="FIELD=NAME,...",
    callback=_columns,
    help="How tables and JSON call id, text, title, date, lang, url, publisher: text=body,date=published.",
)
_GATHERING = (
    columns,
    click.option("--strict", is_flag=True, help="Stop at the first problem."),
    click.option(
        "--report", type=click.Path(dir_okay=False, path_type=Path), help="Tell of every article in this file, as JSON."
    ),
    click.option(
        "--cache",
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep pages here; only what changed is fetched.",
    ),
    click.option(
        "--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Seconds between pages of a site."
    ),
    click.option(
        "--max-pages",
        type=click.IntRange(min=1),
        default=1000,
        show_default=True,
        help="Pages to read of one feed, site map or list.",
    ),
    click.option(
        "--allow-network",
        metavar="NETWORK",
        multiple=True,
        help="Fetch from a network that is not public: 10.1.0.0/16.",
    ),
    click.option("--user-agent", metavar="NAME", help="What sites are told who asks."),
)


_WORKING = (
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        envvar="KGRAPH_WORKERS",
        show_default=True,
        show_envvar=True,
        help="Processes that read; 1 is this one, if no --time-limit is given.",
    ),
    click.option(
        "--time-limit",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Set an article aside whose reading takes longer; 600 where other processes read.",
    ),
    click.option("--again", is_flag=True, help="Read articles that are in the graph as they would be read again."),
)


def working(verb: _Verb) -> _Verb:
    """Give a verb the options of a long run, as one argument `working`."""

    @wraps(verb)
    def called(*args: Any, workers: int, time_limit: float | None, again: bool, **kwargs: Any) -> Any:
        return verb(*args, working=Working(workers, time_limit, again), **kwargs)

    wrapped: Any = called
    for option in reversed(_WORKING):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]  # the options take the place of `working`


def gathering(verb: _Verb) -> _Verb:
    """Give a verb the options of where articles come from, as one argument `gathering`."""

    @wraps(verb)
    def called(
        *args: Any,
        columns: dict[str, str],
        strict: bool,
        report: Path | None,
        cache: Path | None,
        delay: float,
        max_pages: int,
        allow_network: tuple[str, ...],
        user_agent: str | None,
        **kwargs: Any,
    ) -> Any:
        from kgraph.read import Web

        web = Web(cache=cache, delay=delay, max_pages=max_pages, allow=allow_network)
        web = replace(web, user_agent=user_agent) if user_agent else web
        return verb(*args, gathering=Gathering(columns, web, strict, report), **kwargs)

    wrapped: Any = called
    for option in reversed(_GATHERING):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]  # the options take the place of `gathering`
