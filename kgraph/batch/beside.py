"""A process beside a worker of Spark that reads its articles, so that what crashes or hangs it costs one article.

A worker that died with its article would be started again by Spark, meet the same article, and die until the whole run
is given up. The pipeline is loaded once for as long as the process lives.
"""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any

from kgraph.apart import Child, Ended, Failed, Function
from kgraph.batch.work import Work
from kgraph.errors import ArticleError, BatchError
from kgraph.model import Article

_TRIES = 2  # a process may also be killed for reasons that are not its article's
_OF_THIS_WORKER: list[Beside] = []


def beside(work: Work) -> Beside:
    """The reading process of this worker, the same for all its tasks as long as they do the same work."""
    if not (_OF_THIS_WORKER and _OF_THIS_WORKER[0].work == work):
        while _OF_THIS_WORKER:
            _OF_THIS_WORKER.pop().close()
        _OF_THIS_WORKER.append(Beside(work))
    return _OF_THIS_WORKER[0]


class Beside:
    """Has articles read by another process, which is started when it is first needed, and again when it has died."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._child: Child | None = None

    def __call__(self, article: Article) -> dict[str, Any]:
        """What `Reading` finds in the article.

        Raises ArticleError where that fails, and where the process dies or takes too long; BatchError where nothing can
        be read at all.
        """
        how, where = "", article.source or article.id
        for _ in range(_TRIES):
            child = self._loaded()
            child.send(article, seconds=self.work.patience)
            try:
                return dict(child.answer())
            except Failed as error:
                if error.spent:
                    self.close()
                raise ArticleError(where, f"reading it failed: {error}; set aside") from error
            except Ended as error:
                self.close()
                if error.late:
                    raise ArticleError(where, f"reading it {error}; set aside") from error
                how = str(error)
        raise ArticleError(where, f"the process that reads it {how}, {_TRIES} times; set aside")

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the process; the next article starts another."""
        if self._child:
            self._child.close()
        self._child = None

    def _loaded(self) -> Child:
        if self._child is None:
            self._child = Child(partial(_load, self.work))
            try:
                self._child.answer()
            except Exception as error:
                self.close()
                raise BatchError(f"the pipeline cannot be loaded: {error}") from error
        return self._child


def _load(work: Work) -> Function:
    module, _, name = work.maker.partition(":")
    maker: Function = getattr(importlib.import_module(module), name)
    read: Function = maker(work)
    return read
