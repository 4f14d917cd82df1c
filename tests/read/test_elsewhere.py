"""Parsers that take too long, crash or eat memory, in the process that they run in."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from unruly import die, die_once, fill, four_in_two_lives, refuse, two_and_a_fault, two_and_the_end

from kgraph import read
from kgraph.errors import ArticleError, MissingExtra
from kgraph.read.elsewhere import each_elsewhere, parts_elsewhere
from kgraph.read.elsewhere import elsewhere as run


def test_it_runs_in_another_process_which_stays() -> None:
    first = run(os.getpid, where="a")
    assert first != os.getpid()
    assert run(os.getpid, where="a") == first


def test_a_parser_that_takes_too_long_costs_its_file() -> None:
    with pytest.raises(ArticleError, match=r"a.pdf: took longer than 0.2 seconds to be taken apart; it is left alone"):
        run(time.sleep, 60, where="a.pdf", limit=0.2)
    assert run(abs, -1, where="b.pdf") == 1


def test_a_parser_that_crashes_costs_its_file() -> None:
    with pytest.raises(ArticleError, match=r"a.pdf: crashes what takes it apart: the process was ended by SIGSEGV"):
        run(die, signal.SIGSEGV, where="a.pdf")
    assert run(abs, -1, where="b.pdf") == 1


def test_a_parser_that_eats_memory_costs_its_file() -> None:
    with pytest.raises(ArticleError, match=r"a.pdf: needs more memory"):
        run(fill, where="a.pdf")
    assert run(abs, -1, where="b.pdf") == 1


def test_a_process_that_is_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    assert run(die_once, tmp_path / "once", where="a.pdf") == "alive"


def test_what_a_parser_raises_is_raised_here() -> None:
    with pytest.raises(MissingExtra, match=r"kgraph\[web\]"):
        run(refuse, "reading", where="a")
    with pytest.raises(ArticleError, match="a: cannot be taken apart: ZeroDivisionError"):
        run(divmod, 1, 0, where="a")


def test_what_was_found_before_a_fault_is_kept() -> None:
    found = each_elsewhere(two_and_a_fault, where="a")
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(ArticleError, match="b: ends here"):
        next(found)


def test_parts_come_one_by_one_and_go_on_in_a_new_process(tmp_path: Path) -> None:
    assert list(parts_elsewhere(four_in_two_lives, tmp_path / "once", where="a")) == [1, 2, 3, 4]
    found = parts_elsewhere(two_and_a_fault, where="a")
    other = parts_elsewhere(range, 3, where="b")
    assert [next(found), next(other), next(found), next(other)] == [1, 0, 2, 1]
    with pytest.raises(ArticleError, match="b: ends here"):
        next(found)
    assert list(other) == [2]
    ended = parts_elsewhere(two_and_the_end, where="c")
    assert [next(ended), next(ended)] == [1, 2]
    with pytest.raises(ArticleError, match="c: crashes what takes it apart: the process was ended by SIGABRT"):
        next(ended)
    assert run(abs, -1, where="d") == 1


def test_ctrl_c_leaves_no_answer_for_the_next_request() -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            run(time.sleep, 60, where="a")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert run(abs, -1, where="b") == 1


def test_a_process_that_was_forked_off_has_one_of_its_own() -> None:
    mine = run(os.getpid, where="a")
    end, start = os.pipe()
    forked = os.fork()
    if not forked:
        try:
            os.write(start, str(run(os.getpid, where="a")).encode())
        finally:
            os._exit(0)
    os.waitpid(forked, 0)
    os.close(start)
    assert int(os.read(end, 100)) != mine
    os.close(end)
    assert run(os.getpid, where="a") == mine


def test_a_page_whose_parser_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(abs, -1, where="b")  # the process is there
    (tmp_path / "a.html").write_text("<p>" * 100_000 + "Oman will vermitteln. " * 100, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Oman will vermitteln.", encoding="utf-8")
    monkeypatch.setitem(run.__kwdefaults__, "limit", 0.001)
    problems: list[str] = []
    articles = list(read(tmp_path, lang="de", on_problem=lambda error: problems.append(str(error))))
    assert [article.id for article in articles] == ["b"]
    assert problems == [f"{tmp_path}/a.html: took longer than 0.001 seconds to be taken apart; it is left alone"]
