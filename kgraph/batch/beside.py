"""A process beside a worker of Spark that reads its articles, so that what crashes or hangs it costs one article.

A worker that died with its article would be started again by Spark, meet the same article, and die until the whole run
is given up. The pipeline is loaded once for as long as the process lives.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kgraph.batch.work import Work
from kgraph.errors import ArticleError, KgraphError
from kgraph.model import Article

_TRIES = 2  # a process may also be killed for reasons that are not its article's
_START = 300.0  # seconds that loading may take


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
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __call__(self, article: Article) -> dict[str, Any]:
        """What `Reading` finds in the article.

        Raises ArticleError where that fails, and where the process dies or takes too long; UsageError or DataError where
        nothing can be read at all.
        """
        how = ""
        for _ in range(_TRIES):
            line = self._opened()
            try:
                line.send(article)
                if not line.poll(self.work.patience):
                    self.close()
                    patience = f"{self.work.patience:g} seconds"
                    raise ArticleError(article.id, f"takes longer to read than {patience}; set aside")
                answer = line.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                how = self._ended()
                continue
            if isinstance(answer, str):
                raise ArticleError(article.id, answer)
            return dict(answer)
        raise ArticleError(article.id, f"the process that reads it {how}, {_TRIES} times; set aside")

    def close(self) -> None:
        """End the process; the next article starts another."""
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._line = None

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return self._process.pid if self._process else None

    def _opened(self) -> Connection:
        if self._line and self._process and self._process.poll() is None:
            return self._line
        self.close()
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),  # a worker of Spark speaks with Spark on its standard output
                env=environment,
            )
        self._line = Connection(ours.detach())
        try:
            self._line.send(self.work)
            trouble = self._line.recv() if self._line.poll(_START) else f"takes longer than {_START:g} seconds"
        except (EOFError, OSError) as error:
            raise KgraphError(f"the process that reads articles {self._ended()} while it was loading") from error
        if trouble:
            self.close()
            raise KgraphError(f"the pipeline cannot be loaded: {trouble}")
        return self._line

    def _ended(self) -> str:
        """How the process ended, in words; it is gone after that."""
        process = self._process
        if process is None:
            return "was not there"
        try:
            status = process.wait(10)
        except subprocess.TimeoutExpired:
            status = 0
        self.close()
        return f"was killed ({signal.Signals(-status).name})" if status < 0 else f"ended with status {status}"


def main(number: int) -> None:
    """Read the articles that come by the line of that number, until nobody is at its other end."""
    line = Connection(number)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        work: Work = line.recv()
        module, _, name = work.maker.partition(":")
        try:
            read = getattr(importlib.import_module(module), name)(work)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told where the run can be ended
            line.send(str(error) if isinstance(error, KgraphError) else f"{type(error).__name__}: {error}")
            return
        line.send("")
        while True:
            line.send(_answer(read, line.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _answer(read: Callable[[Article], dict[str, Any]], article: Article) -> dict[str, Any] | str:
    """What was found in an article, or what is wrong with it."""
    try:
        return read(article)
    except ArticleError as error:
        return error.what
    except Exception as error:  # noqa: BLE001 - a fault of ours, which is told and costs one article
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return f"cannot be read: {type(error).__name__}: {error} ({place}); set aside"


def _end_with(parent: int) -> None:
    """End this process when the worker that it belongs to is gone, even in the middle of an article."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
