"""Processes that read: their results, and articles that are bad for them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import poison
import pytest

from kgraph.errors import KgraphError, UsageError
from kgraph.model import Article, Extraction
from kgraph.runs.pool import Pool


def run(texts: Iterable[str], **settings: Any) -> dict[str, Extraction]:
    """What became of each text, in a pool whose processes are all gone afterwards."""
    with Pool(poison.load, **{"workers": 2, "time_limit": 30.0, **settings}) as pool:
        found = list(pool.run(Article(str(number), text) for number, text in enumerate(texts)))
        pids = pool.pids
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    by_text = {extraction.article.text: extraction for extraction in found}
    assert len(found) == len(by_text)
    return by_text


def test_every_article_is_read_once() -> None:
    texts = [f"Text {number}" for number in range(40)]
    found = run(texts, workers=3)
    assert found.keys() == set(texts)
    assert all(extraction.sentences and not extraction.problems for extraction in found.values())


def test_bad_articles_are_set_aside_and_the_others_are_read() -> None:
    bad = {
        "SEGFAULT": "reading it crashed twice: the process was ended by SIGSEGV; set aside",
        "EXIT": "reading it crashed twice: the process ended with status 3; set aside",
        "HANG": "reading it took longer than 1 seconds; --time-limit allows more; set aside",
        "MEMORY": "reading it failed: needs more memory than it may have; set aside",
        "ERROR": "reading it failed: ValueError: no such luck; set aside",
        "REFUSE": "is refused",
    }
    good = [f"Text {number}" for number in range(12)]
    found = run([*good[:6], *bad, *good[6:]], time_limit=1.0)
    assert found.keys() == {*good, *bad}
    assert {text: found[text].problems[0].what for text in bad} == bad
    assert all(found[text].sentences and not found[text].problems for text in good)


def test_an_article_whose_process_is_killed_from_outside_is_read_again(tmp_path: Path) -> None:
    found = run([f"ONCE {tmp_path / str(number)}" for number in range(3)])
    assert all(extraction.sentences for extraction in found.values())


def test_processes_are_killed_at_random_and_nothing_is_lost() -> None:
    texts = [f"Text {number}" for number in range(300)]
    with Pool(poison.load, workers=2, time_limit=30.0) as pool:
        killed = 0
        seen = set()
        for extraction in pool.run(Article(text, text) for text in texts):
            assert extraction.sentences
            seen.add(extraction.article.text)
            if len(seen) % 60 == 0:
                os.kill(pool.pids[killed % len(pool.pids)], signal.SIGKILL)
                killed += 1
    assert seen == set(texts)
    assert killed == 5


def test_no_more_is_read_ahead_than_there_are_processes() -> None:
    ahead = 0
    most = 0

    def articles() -> Iterator[Article]:
        nonlocal ahead, most
        for number in range(30):
            ahead += 1
            most = max(most, ahead)
            yield Article(str(number), "Text")

    with Pool(poison.load, workers=2) as pool:
        for _ in pool.run(articles()):
            ahead -= 1
    assert most <= 5  # two that are read, two that wait, one that is done


def test_a_run_that_is_given_up_leaves_no_process() -> None:
    with Pool(poison.load, workers=2) as pool:
        running = pool.run(Article(str(number), "Text") for number in range(100))
        next(running)
        assert pool.pids
        running.close()  # type: ignore[attr-defined]  # it is a generator
        assert not pool.pids or list(pool.run([Article("a", "Text")]))


def test_processes_are_kept_for_the_next_run() -> None:
    with Pool(poison.load, workers=1) as pool:
        list(pool.run([Article("a", "Text")]))
        first = pool.pids
        list(pool.run([Article("b", "Text")]))
        assert pool.pids == first


def test_nothing_is_started_for_no_articles() -> None:
    with Pool(poison.load) as pool:
        assert list(pool.run([])) == []
        assert pool.pids == []


def test_processes_that_cannot_be_started() -> None:
    with Pool(poison.load_nothing) as pool, pytest.raises(UsageError, match="no such reader"):
        list(pool.run([Article("a", "Text")]))
    with Pool(poison.load_and_die) as pool, pytest.raises(KgraphError, match=r"3 processes in a row .* status 7"):
        list(pool.run([Article("a", "Text")]))


def test_what_goes_wrong_with_the_articles_themselves_is_raised() -> None:
    def articles() -> Iterator[Article]:
        yield Article("a", "Text")
        raise KgraphError("no more")

    with Pool(poison.load) as pool, pytest.raises(KgraphError, match="no more"):
        list(pool.run(articles()))


def test_it_works_in_any_thread() -> None:
    found: list[dict[str, Extraction]] = []
    thread = threading.Thread(target=lambda: found.append(run(["Text"])))
    thread.start()
    thread.join()
    assert found[0]["Text"].sentences
