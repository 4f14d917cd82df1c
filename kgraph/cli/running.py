"""Long runs, as the command line has them: what people are told, and in how many processes articles are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kgraph.cli import jobs, terminal
from kgraph.cli.jobs import Gathering, Reading
from kgraph.cli.reports import Report

if TYPE_CHECKING:
    from kgraph.graph import Store
    from kgraph.model import Article, Extraction
    from kgraph.runs.adding import Adding, Run
    from kgraph.runs.pace import Pace
    from kgraph.runs.setup import Setup
    from kgraph.runs.stopping import Stop


@dataclass(frozen=True, slots=True)
class Working:
    """How a long run goes: in how many processes, how many seconds an article may take, whether all is read again."""

    workers: int = 1
    time_limit: float | None = None
    again: bool = False


def add(
    graph: Store,
    sources: tuple[str, ...],
    reading: Reading,
    report: Report,
    *,
    gathering: Gathering,
    working: Working,
) -> None:
    """Read articles into the graph, and say how things are on the way and at the end; can be stopped at any time."""
    from kgraph.read import read
    from kgraph.runs.pace import Pace
    from kgraph.runs.stopping import stoppable

    texts, trees = jobs.by_kind(sources)
    pace = Pace()
    with stoppable() as stop, adder(graph, reading, report, pace, stop, working) as adding:
        adding.add(
            read(
                texts,
                lang=reading.lang,
                columns=gathering.columns,
                web=gathering.web,
                on_problem=report.add,
                on_progress=pace.sources,
                leave_out=[gathering.report] if gathering.report else (),
            )
        )
        for path in trees:
            for extraction in jobs.from_trees(jobs.load_pipeline(reading), path, report):
                adding.write(extraction)


@contextmanager
def adder(
    graph: Store,
    reading: Reading,
    report: Report,
    pace: Pace,
    stop: Stop,
    working: Working,
    told: Callable[[int], None] | None = None,
) -> Iterator[Adding]:
    """What puts articles into the graph, and shows how far it is; at the end it says how many there were.

    `told` says so in another way; it is given how many are new or changed.
    """
    from kgraph.pipeline import check_language
    from kgraph.runs.adding import Adding

    setup = _setup(reading)
    check_language(setup.lang)
    changed = 0
    try:
        with terminal.progress() as show, _reader(reading, working) as run:
            listener = _Listener(report, pace, show)
            adding = Adding(graph, run, setup, listener, again=working.again, held=stop.held)
            try:
                yield adding
            finally:
                changed = adding.changed
    finally:
        (told or partial(_tell, report))(changed)


def _tell(report: Report, changed: int) -> None:
    said = f"{terminal.plural(report.extracted, 'article')} with {terminal.plural(report.claims, 'claim')}"
    left = f"; {report.unchanged:,} unchanged since they were read" if report.unchanged else ""
    terminal.words(f"{said}; {changed:,} new or changed{left}")


class _Listener:
    """Puts what becomes of each article into the report, and tells people how things are."""

    def __init__(self, report: Report, pace: Pace, show: Callable[[Callable[[], str]], None]) -> None:
        self._report, self._pace, self._show = report, pace, show

    def read(self, extraction: Extraction) -> None:
        """An article was read, or could not be."""
        self._pace.read()
        self._show(self._pace.words)
        self._report.read(extraction)

    def leave(self, article: Article) -> None:
        """An article need not be read."""
        self._pace.unchanged()
        self._show(self._pace.words)
        self._report.leave(article)


def _setup(reading: Reading, threads: int = 0) -> Setup:
    from kgraph.pipeline import DEFAULT_LANGUAGE
    from kgraph.runs.setup import Setup

    return Setup(
        lang=reading.lang or DEFAULT_LANGUAGE,
        reader=reading.reader,
        min_confidence=reading.min_confidence,
        actors=tuple(folder.resolve() for folder in jobs.actor_folders()),
        threads=threads,
    )


@contextmanager
def _reader(reading: Reading, working: Working) -> Iterator[Run]:
    """What extracts from articles: a pipeline in this process, or others that share out the cores among them."""
    from kgraph.apart import usable_cores
    from kgraph.runs.pool import TIME_LIMIT, Pool
    from kgraph.runs.setup import when_needed

    if working.workers == 1 and working.time_limit is None:
        yield partial(when_needed, partial(jobs.load_pipeline, reading))
        return
    setup = _setup(reading, max(1, usable_cores() // working.workers))
    with Pool(setup.function, workers=working.workers, time_limit=working.time_limit or TIME_LIMIT) as pool:
        yield pool.run
