"""`kgraph add` over many articles: stopped, killed and gone on with, in real processes with a real reader."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph.cli import terminal
from kgraph.graph import open_store

ROOT = Path(kgraph.__file__).parents[1]
STATES = "Frankreich Italien Spanien Polen Norwegen Schweden Finnland Dänemark Portugal Ungarn Serbien Japan".split()
COUNT = 36


def texts() -> list[dict[str, str]]:
    found = []
    for number in range(COUNT):
        a, b = STATES[number % 12], STATES[(number * 5 + 1) % 12 - 1]
        words = f"{a} hat {b} am {number % 28 + 1}. März kritisiert. {b} verhängt Sanktionen gegen {a}. "
        found.append({"doc": f"a{number}", "date": "2026-03-02", "lang": "de", "text": words * 5})
    return found


def command(*options: str) -> list[str]:
    given = ["add", "news.jsonl", "--reader", "fast", *options]
    return [sys.executable, "-m", "kgraph", *given]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def add(folder: Path, *options: str, status: int = 0) -> str:
    done = subprocess.run(command(*options), cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stderr


def lines(report: Path) -> list[dict[str, Any]]:
    """The whole lines of a report, as far as it is written."""
    if not report.exists():
        return []
    return [
        json.loads(line) for line in report.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]


def content(store: Path) -> str:
    with open_store(store, read_only=True) as opened:
        return opened.canonical_hash()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, texts())), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content of the store after a run that nothing disturbed, in one process."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, texts())), encoding="utf-8")
    said = add(folder, "--store", "store")
    assert f"{COUNT} articles with" in said
    assert f"{COUNT} new or changed\n" in said
    assert f"0 new or changed; {COUNT} unchanged since they were read" in add(folder, "--store", "store")
    return content(folder / "store")


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def disturbed(folder: Path, report: Path, after: int, disturb: Callable[[int], None]) -> int:
    """The exit status of a run that is disturbed after so many articles."""
    with subprocess.Popen(
        command("--store", "store", "--workers", "2", "--report", report.name),
        cwd=folder,
        env=environment(),
        stderr=subprocess.DEVNULL,
    ) as running:
        while running.poll() is None and len(lines(report)) < after:
            time.sleep(0.03)
        if running.poll() is None:
            disturb(running.pid)
        return running.wait()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
def test_what_is_stopped_goes_on_and_the_store_is_the_same(folder: Path, whole: str) -> None:
    def kill_worker(process: int) -> None:
        os.kill(children(process)[0], signal.SIGKILL)

    reports = [folder / f"r{number}.jsonl" for number in range(3)]
    ended = [
        disturbed(folder, reports[0], 8, lambda process: os.kill(process, signal.SIGTERM)),
        disturbed(folder, reports[1], 16, lambda process: os.kill(process, signal.SIGKILL)),
        disturbed(folder, reports[2], 24, kill_worker),
    ]
    assert ended == [143, -9, 0]
    assert content(folder / "store") == whole
    done = Counter(line["article"] for report in reports for line in lines(report) if line["status"] == "extracted")
    assert set(done.values()) == {1}  # none was read twice
    assert len(done) >= COUNT - 1  # the line of one may be missing, because its writer was killed
    last = Counter(line["status"] for line in lines(reports[2]))
    assert last["extracted"] + last["unchanged"] == COUNT
    assert lines(reports[0])[-1]["stopped"] == "SIGTERM"


def test_ctrl_c_says_how_to_go_on(folder: Path) -> None:
    """The signal goes to all processes of the terminal; only one of them says something."""
    with subprocess.Popen(
        command("--time-limit", "600", "--report", "r.jsonl"),
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        while running.poll() is None and len(lines(folder / "r.jsonl")) < 3:
            time.sleep(0.03)
        os.killpg(running.pid, signal.SIGINT)
        said = running.communicate()[1]
    assert running.returncode == 130
    counted, stopped = said.splitlines()[-2:]
    assert "new or changed" in counted
    assert stopped == "stopped by SIGINT; what is stored stays, and the same command goes on from here"
    with open_store(folder / "kgraph-store", read_only=True) as store:
        assert 3 <= len(list(store.articles())) < COUNT


def test_an_article_that_takes_too_long_is_set_aside_and_named(folder: Path) -> None:
    long = json.dumps({"doc": "long", "lang": "de", "text": "Frankreich hat Italien kritisiert. " * 50_000})
    short = json.dumps(texts()[1])
    (folder / "news.jsonl").write_text(f"{long}\n{short}\n", encoding="utf-8")
    said = add(folder, "--time-limit", "6", "--report", "r.jsonl", status=1)
    assert "news.jsonl:1: reading it took longer than 6 seconds; --time-limit allows more; set aside" in said
    assert "2 read, 1 extracted, 1 skipped" in said
    by_status = {line["status"]: line for line in lines(folder / "r.jsonl")}
    assert by_status["extracted"]["article"] == "a1"
    assert (by_status["skipped"]["where"], by_status["skipped"]["article"]) == ("news.jsonl:1", "long")


def test_a_terminal_shows_how_far_it_is(folder: Path) -> None:
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, texts()[:4])), encoding="utf-8")
    main, end = pty.openpty()
    with subprocess.Popen(
        command(), cwd=folder, env=environment(TERM="xterm", COLUMNS="100"), stderr=end, stdout=end
    ) as running:
        os.close(end)
        shown = b""
        while True:
            try:
                data = os.read(main, 65536)
            except OSError:  # what Linux says at the end of a terminal
                break
            if not data:
                break
            shown += data
    os.close(main)
    assert running.returncode == 0
    assert b"articles, " in shown
    assert b" a second, " in shown
    assert b" %" in shown
    assert b"4 articles with" in shown


def test_elsewhere_a_line_says_so_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress(every=0) as show:
        show(lambda: "1 article, 2.0 a second")
    assert capsys.readouterr().err == "1 article, 2.0 a second\n"
    with terminal.progress() as show:
        show(lambda: "1 article, 2.0 a second")
    assert capsys.readouterr().err == ""
