"""A process beside the worker reads the articles: what kills it, hangs it or breaks it costs one article."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgraph.batch import Work
from kgraph.batch.beside import Beside, beside
from kgraph.errors import ArticleError, KgraphError, UsageError
from kgraph.model import Article

BARE = "deadly:Bare"


@pytest.fixture
def reader() -> Iterator[Beside]:
    reader = Beside(Work(maker=BARE))
    yield reader
    reader.close()


def read(reader: Beside, text: str) -> str:
    return str(reader(Article("a", text))["quads"])


def test_one_process_reads_all_articles(reader: Beside) -> None:
    pids = {read(reader, f"Artikel {number}") for number in range(20)}
    assert pids == {str(reader.pid)} != {str(os.getpid())}


def test_an_article_that_always_kills_is_set_aside_and_the_next_is_read(reader: Beside) -> None:
    before = read(reader, "gut")
    with pytest.raises(ArticleError, match=r"^a: the process that reads it was ended by SIGKILL, 2 times; set aside"):
        read(reader, "stirbt immer")
    assert read(reader, "gut") != before


def test_an_article_whose_process_was_killed_once_is_read(reader: Beside, tmp_path: Path) -> None:
    before = read(reader, "gut")
    assert read(reader, f"stirbt einmal {tmp_path}/once") != before


def test_an_article_that_hangs_is_set_aside() -> None:
    reader = Beside(Work(maker=BARE, patience=0.5))
    try:
        with pytest.raises(ArticleError, match=r"^a: reading it took longer than 0\.5 seconds; set aside"):
            read(reader, "hängt")
        pid = reader.pid
        assert pid is None
    finally:
        reader.close()


def test_faults_cost_the_article_and_not_the_process(reader: Beside) -> None:
    before = read(reader, "gut")
    with pytest.raises(ArticleError, match=r"^a: reading it failed: ZeroDivisionError: division by zero; set aside"):
        read(reader, "rechnet falsch")
    with pytest.raises(ArticleError, match=r"^a: is too strange"):
        read(reader, "zu fremd")
    assert read(reader, "gut") == before


def test_a_pipeline_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with pytest.raises(KgraphError, match=r"cannot be loaded: one fault in the data:\nactors\.toml:1: a fault"):
        Beside(Work(maker=BARE, columns={"title": "faulty"}))(Article("a", "gut"))


def test_a_worker_keeps_its_process_while_it_does_the_same_work() -> None:
    first = beside(Work(maker=BARE))
    pid = read(first, "gut")
    assert beside(Work(maker=BARE)) is first
    other = beside(Work(maker=BARE, patience=60))
    assert other is not first
    assert first.pid is None
    assert read(other, "gut") != pid
    other.close()


def test_the_process_ends_with_its_worker() -> None:
    """A worker that is killed cannot tell its process to stop, not even one that is in the middle of an article."""
    import subprocess
    import sys
    import time

    code = (
        f"import sys, threading, time; sys.path[:0] = {sys.path!r}\n"
        "from kgraph.batch import Work; from kgraph.batch.beside import Beside; from kgraph.model import Article\n"
        "reader = Beside(Work(maker='deadly:Bare')); reader(Article('a', 'gut')); print(reader.pid, flush=True)\n"
        "reader(Article('a', 'hängt'))"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    pid = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    worker.stdout.close()
    for _ in range(600):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the process is still there")


@pytest.mark.parametrize("wrong", [{"lang": "xx"}, {"min_confidence": 2.0}, {"patience": 0}])
def test_work_that_cannot_be_done(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Work(**wrong)  # type: ignore[arg-type]
