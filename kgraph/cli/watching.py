"""The verb that waits for news."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli import jobs, options, running, terminal
from kgraph.cli.jobs import Gathering, Reading
from kgraph.cli.options import example
from kgraph.cli.reports import Report, report_file
from kgraph.cli.running import Working
from kgraph.errors import StoreLocked

if TYPE_CHECKING:
    from kgraph.model import Article
    from kgraph.runs.stopping import Stop
    from kgraph.runs.watching import Watching

_SOON = 0.5


@click.command(
    epilog=example(
        "kgraph watch inbox/", "kgraph watch https://example.org/feed.xml inbox/ --interval 60 --report log.jsonl"
    )
)
@options.sources
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="The time between two looks.",
)
@options.reading
@options.gathering
@options.working
@options.store
def watch(
    sources: tuple[str, ...],
    interval: float,
    reading: Reading,
    gathering: Gathering,
    working: Working,
    store: Path,
) -> None:
    """Look through folders and feeds now and then, and add what is new.

    Runs until it is stopped, by Ctrl-C or SIGTERM. What was read is remembered beside the graph: each article is added
    once, also when the watch is started again. The graph can be asked, and written by others, between two looks.
    """
    from kgraph.runs.stopping import Interrupted, stoppable
    from kgraph.runs.watched import Watched
    from kgraph.runs.watching import Watching

    if gathering.strict:
        raise click.UsageError("--strict is for runs with an end; leave it out with watch")
    with jobs.open_graph(store):
        terminal.words(f"watching {terminal.plural(len(sources), 'source')} for {store}; Ctrl-C ends it")
    with report_file(gathering.report) as file, Watched(store) as watched, stoppable() as stop:
        diary = _Diary(file=file)
        web = gathering.web and replace(gathering.web, cache=gathering.web.cache or store / "watch-cache")
        watching = Watching(
            sources,
            watched,
            diary.add,
            lang=reading.lang,
            columns=dict(gathering.columns),
            web=web,
            leave_out=[gathering.report] if gathering.report else (),
        )
        try:
            while True:
                _look(watching, diary, reading, working, store, stop)
                time.sleep(min(interval, _SOON) if watching.unsettled else interval)
        except Interrupted as signal:
            terminal.words(f"stopped by {signal}; started again, the watch goes on from here")


def _look(watching: Watching, diary: _Diary, reading: Reading, working: Working, store: Path, stop: Stop) -> None:
    """Look through all sources once; the graph is open for as long as there are articles."""
    from kgraph.runs.pace import Pace

    def add(articles: Iterable[Article]) -> None:
        iterator = iter(articles)
        for first in iterator:
            with (
                jobs.open_graph(store) as graph,
                running.adder(graph, reading, diary, Pace(), stop, working, told=diary.tell_new) as adding,
            ):
                adding.add(_chained(first, iterator))

    try:
        watching.poll(add)
    except StoreLocked as error:
        terminal.words(f"{error}; what is new waits for the next look")


def _chained(first: Article, others: Iterable[Article]) -> Iterable[Article]:
    yield first
    yield from others


class _Diary(Report):
    """A report that has no end: problems are told as they come, and counts are those of one look."""

    def add(self, problem: object, *, article: Article | None = None) -> None:
        """Tell a problem."""
        super().add(problem, article=article)
        self.found.clear()
        terminal.words(f"  {problem}")

    def tell_new(self, changed: int) -> None:
        """Tell what was added since it was told last."""
        if changed:
            words = f"{terminal.plural(self.extracted, 'article')} with {terminal.plural(self.claims, 'claim')}"
            terminal.words(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {words}; {changed:,} new or changed")
        self.extracted = self.claims = self.unchanged = 0
