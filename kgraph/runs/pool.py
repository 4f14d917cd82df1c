"""Several processes read articles; the results come as they are ready.

An article whose reading crashes a process or takes too long is set aside with a problem that says so, and the process is
replaced. Each process has one article at a time, so that it is known which one it was; a process that was ended from
outside is no fault of its article, which is read once more before it is set aside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import Self

from kgraph.apart import Child, Ended, Failed
from kgraph.errors import ArticleError, KgraphError
from kgraph.model import Article, Extraction, Problem

TIME_LIMIT = 600.0  # seconds for an article; the longest that is read takes about two minutes
_STILLBORN = 3
_TRIES = 2
_Load = Callable[[], Callable[[Article], Extraction]]


@dataclass(slots=True)
class _Task:
    article: Article
    tries: int = 0


@dataclass(slots=True)
class _Worker:
    """A process and what it is at; a process without a task is loading, or waits for one."""

    child: Child
    loading: bool = True
    task: _Task | None = None


class Pool:
    """Reads articles in up to `workers` processes, each within `time_limit` seconds; to be closed.

    `load` gives what extracts from an article, in the process that does it: see `kgraph.apart.Child`. Processes are
    started when there is something for them to do.
    """

    def __init__(self, load: _Load, *, workers: int = 1, time_limit: float = TIME_LIMIT) -> None:
        self._load = load
        self._most = workers
        self._seconds = time_limit
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._stillborn = 0

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [worker.child.pid for worker in self._workers]

    def run(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """Extract from articles; the order is that in which they are done.

        An article that cannot be processed yields an extraction without claims whose `problems` say why. No more
        articles are read ahead than there are processes. Raises KgraphError where processes cannot be started.
        """
        iterator: Iterator[Article] | None = iter(articles)
        try:
            while True:
                self._hand_out()
                if iterator and len(self._waiting) < self._most and not self._ready(0):
                    article = next(iterator, None)
                    if article is None:
                        iterator = None
                    else:
                        self._waiting.append(_Task(article))
                elif any(worker.loading or worker.task for worker in self._workers):
                    done = [self._take(worker) for worker in self._ready(None)]
                    self._hand_out()  # nobody waits for what the caller does with the results
                    yield from (extraction for extraction in done if extraction is not None)
                elif not self._waiting and not iterator:
                    return
        finally:
            self._waiting.clear()
            if any(worker.task for worker in self._workers):  # it was stopped: what they are at is of no use
                self.close()

    def close(self) -> None:
        """End all processes at once."""
        while self._workers:
            self._workers.pop().child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hand_out(self) -> None:
        """Give waiting articles to processes that have none, and start processes for the others."""
        for worker in self._workers:
            if self._waiting and not worker.loading and worker.task is None:
                worker.task = self._waiting.popleft()
                worker.task.tries += 1
                worker.child.send(worker.task.article, seconds=self._seconds)
        loading = sum(worker.loading for worker in self._workers)
        if len(self._waiting) > loading and len(self._workers) < self._most:
            self._workers.append(_Worker(Child(self._load)))

    def _ready(self, timeout: float | None) -> list[_Worker]:
        """The processes that have something to say; waits for one as long as it may."""
        with DefaultSelector() as selector:  # select itself knows no more than 1,024 files, and the store has many open
            for worker in self._workers:
                if worker.loading or worker.task:
                    selector.register(worker.child, EVENT_READ, worker)
            return [key.data for key, _ in selector.select(timeout)]

    def _take(self, worker: _Worker) -> Extraction | None:
        """What a process found in an article, or why nothing; None where no article is done with."""
        task, worker.task = worker.task, None
        try:
            answer = worker.child.answer()
        except Ended as error:
            self._drop(worker)
            if task is None:
                self._not_loaded(error)
            elif not error.late and task.tries < _TRIES:
                self._waiting.appendleft(task)
            else:
                return _set_aside(task.article, _why(error))
        except Failed as error:
            if task is None:
                raise KgraphError(f"the process that reads cannot be started: {error}") from error
            if error.spent:
                self._drop(worker)
            return _set_aside(task.article, f"reading it failed: {error}")
        except ArticleError as error:
            if task is None:
                raise
            return Extraction(task.article, problems=(Problem(error.where, error.what),))
        else:
            self._stillborn = 0
            worker.loading = False
            return answer if task else None
        return None

    def _drop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.child.close()

    def _not_loaded(self, error: Ended) -> None:
        self._stillborn += 1
        if self._stillborn >= _STILLBORN:
            raise KgraphError(
                f"{_STILLBORN} processes in a row could not be started, the last one {error}; "
                "is there enough memory for so many workers?"
            ) from error


def _why(error: Ended) -> str:
    if error.late:
        return f"reading it {error}; --time-limit allows more"
    return f"reading it crashed twice: the process {error}"


def _set_aside(article: Article, what: str) -> Extraction:
    return Extraction(article, problems=(Problem(article.source or article.id, f"{what}; set aside"),))
