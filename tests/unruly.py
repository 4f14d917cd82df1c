"""What parsers do to the process that takes an article apart; in a module that this process can import, too."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from kgraph.errors import ArticleError, MissingExtra


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def die_once(path: Path) -> str:
    if not path.exists():
        path.touch()
        die(signal.SIGKILL)
    return "alive"


def fill() -> int:
    return len(bytearray(1 << 42))


def refuse(what: str) -> None:
    raise MissingExtra(what, "web")


def two_and_a_fault() -> Iterator[int]:
    yield 1
    yield 2
    raise ArticleError("b", "ends here")


def four_in_two_lives(path: Path) -> Iterator[int]:
    yield 1
    yield 2
    die_once(path)
    yield 3
    yield 4


def two_and_the_end() -> Iterator[int]:
    yield 1
    yield 2
    die(signal.SIGABRT)
