"""A child process: what it answers, what ends it, and that nothing of it is left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from operator import add, itemgetter
from pathlib import Path

import poison
import pytest

import kgraph
from kgraph.apart import Child, Ended, Failed
from kgraph.errors import ArticleError, UsageError
from kgraph.model import Article


@contextmanager
def child(load: object = poison.load) -> Iterator[Child]:
    running = Child(load)  # type: ignore[arg-type]
    try:
        yield running
    finally:
        running.close()


def test_requests_are_answered_one_after_another() -> None:
    with child() as running:
        assert running.answer() is None
        for text in ("eins", "zwei \ud800", "drei" * 100_000):
            running.send(Article("a", text))
            assert running.answer().article.text == text


def test_a_function_can_come_with_arguments() -> None:
    with child(partial(itemgetter, 1)) as running:
        running.answer()
        running.send("abc")
        assert running.answer() == "b"


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("ERROR", Failed, "ValueError: no such luck"),
        ("REFUSE", ArticleError, "a: is refused"),
        ("MEMORY", Failed, "more memory"),
    ],
)
def test_what_a_function_raises_is_raised_here(text: str, error: type[Exception], message: str) -> None:
    with child() as running:
        running.answer()
        running.send(Article("a", text))
        with pytest.raises(error, match=message):
            running.answer()
        running.send(Article("a", "weiter"))
        assert running.answer().sentences


@pytest.mark.parametrize(
    ("text", "message"),
    [("SEGFAULT", "was ended by SIGSEGV"), ("EXIT", "ended with status 3"), ("HANG", "0.5 seconds")],
)
def test_what_ends_a_child_is_said(text: str, message: str) -> None:
    with child() as running:
        running.answer()
        running.send(Article("a", text), seconds=0.5)
        with pytest.raises(Ended, match=re.escape(message)) as caught:
            running.answer()
        assert caught.value.late is (text == "HANG")
        running.send(Article("a", "weiter"))
        with pytest.raises(Ended):
            running.answer()


def test_a_time_limit_is_for_one_request() -> None:
    with child(partial(partial, time.sleep)) as running:
        running.answer()
        running.send(0, seconds=0.2)
        running.answer()
        running.send(0.4)
        assert running.answer() is None


def test_what_cannot_be_loaded() -> None:
    with child(poison.load_nothing) as running, pytest.raises(UsageError, match="no such reader"):
        running.answer()
    with child(poison.load_and_die) as running, pytest.raises(Ended, match="status 7"):
        running.answer()
    with child(partial(add, 1)) as running, pytest.raises(Failed, match="TypeError"):
        running.answer()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for a process in /proc")
@pytest.mark.parametrize("text", ["weiter", "HANG"])
def test_a_child_ends_with_its_parent(text: str) -> None:
    code = f"""
import os, signal
import poison
from kgraph.apart import Child
from kgraph.model import Article
running = Child(poison.load)
running.answer()
running.send(Article("a", "{text}"), seconds=2)
print(running.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    paths = [str(Path(kgraph.__file__).parents[1]), str(Path(poison.__file__).parent)]
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    assert done.returncode == -9
    place = Path("/proc", done.stdout.strip())
    while place.exists() and "State:\tZ" not in (place / "status").read_text():
        time.sleep(0.05)  # without an end it waits for the runner's limit
