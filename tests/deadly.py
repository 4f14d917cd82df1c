"""What reads articles in the tests of kgraph.batch: it does what some articles would do to it, for real."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from kgraph.batch.reading import Reading
from kgraph.batch.work import Work
from kgraph.errors import ArticleError, DataError
from kgraph.model import Article


class Bare:
    """Reads nothing, so that it starts at once; says which process it is."""

    def __init__(self, work: Work) -> None:
        if work.columns.get("title") == "faulty":
            raise DataError(["actors.toml:1: a fault"])

    def __call__(self, article: Article) -> dict[str, Any]:
        _harm(article)
        print("a library that prints")  # noqa: T201
        return {"quads": str(os.getpid())}


class Deadly(Reading):
    """The pipeline; some articles kill the process that reads them, or, once, the executor of Spark above it."""

    def __call__(self, article: Article) -> dict[str, Any]:
        _harm(article)
        return super().__call__(article)


def _harm(article: Article) -> None:
    words = article.text
    if "stirbt immer" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    if "stirbt einmal" in words and _first(words):
        os.kill(os.getpid(), signal.SIGKILL)
    if "hängt" in words:
        time.sleep(600)
    if "rechnet falsch" in words:
        raise ZeroDivisionError("division by zero")
    if "zu fremd" in words:
        raise ArticleError(article.id, "is too strange")
    if "Executor" in words and _first(words):
        os.kill(_above("CoarseGrainedExecutorBackend"), signal.SIGKILL)
        time.sleep(600)


def _first(words: str) -> bool:
    """True where the file that the words name was not there yet; it is made."""
    try:
        Path(words.split()[-1]).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _above(name: str) -> int:
    """The process of that name among those that this one came from."""
    pid = os.getpid()
    while pid > 1:
        if name in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    raise LookupError(name)
