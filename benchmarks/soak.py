"""A long run through `kgraph add`: `python -m benchmarks.soak`.

Many made articles are added twice: once undisturbed, with the memory of all processes watched, and once interrupted at
random (Ctrl-C, kill -9 of the run or of one of its workers) and gone on with. Both stores must be equal, no article may be
read twice, and memory must be flat from a quarter of the way on. Needs Linux, whose /proc tells the memory.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.articles import articles
from kgraph.graph import open_store

_ROOT = Path(__file__).parents[1]
_MB = 1024


@dataclass(slots=True)
class Memory:
    """The memory (PSS in kB) of a run with all its processes, by the number of articles that were done."""

    samples: list[tuple[int, int]] = field(default_factory=list)

    def sample(self, process: int, done: int) -> None:
        """Take a sample."""
        self.samples.append((done, sum(_pss(each) for each in _tree(process))))

    def peak(self, first: int, last: int) -> int:
        """The most between two numbers of articles, in MB."""
        return max((kilobytes for done, kilobytes in self.samples if first <= done <= last), default=0) // _MB


class Run:
    """A run of `kgraph add` in a folder with `news.jsonl`."""

    def __init__(self, folder: Path, store: str, options: argparse.Namespace, number: int = 0) -> None:
        self._report = folder / f"{store}-{number}.jsonl"
        words = ["add", "news.jsonl", "--store", store, "--report", str(self._report)]
        words += ["--workers", str(options.workers), "--reader", options.reader]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kgraph", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stderr=subprocess.DEVNULL,
        )
        self.status: Counter[str] = Counter()
        self.extracted: list[str] = []
        self._read = 0

    def watch(self) -> Iterator[int]:
        """The number of articles that are done, again and again until the run has ended."""
        try:
            while self.process.poll() is None:
                self._take()
                yield self.status["extracted"] + self.status["unchanged"]
                time.sleep(0.1)
            self._take()
        finally:
            self.process.kill()

    def _take(self) -> None:
        if not self._report.exists():
            return
        with self._report.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if line.endswith(b"\n"):
                    self._read += len(line)
                    self._count(json.loads(line))

    def _count(self, record: dict[str, Any]) -> None:
        self.status[record["status"]] += 1
        if record["status"] == "extracted":
            self.extracted.append(record["article"])


def _undisturbed(folder: Path, options: argparse.Namespace) -> Memory:
    memory = Memory()
    start = time.monotonic()
    run = Run(folder, "whole", options)
    for done in run.watch():
        memory.sample(run.process.pid, done)
    _say(f"undisturbed: {run.status['extracted']:,} articles in {time.monotonic() - start:.0f} s")
    _must(run.process.returncode == 0, "the undisturbed run ends with status 0")
    return memory


def _disturbed(folder: Path, options: argparse.Namespace) -> None:
    random = Random(options.seed)
    points = sorted(random.sample(range(options.articles // 20, options.articles * 19 // 20), options.interruptions))
    extracted: Counter[str] = Counter()
    for number in range(options.interruptions + 1):
        run = Run(folder, "stopped", options, number)
        told = []
        for done in run.watch():
            if points and done >= points[0] and (not told or told[-1] == _WORKER):
                told.append(_NAMES[(options.interruptions - len(points)) % len(_NAMES)])
                del points[0]
                _DISTURBANCES[told[-1]](run.process.pid)
        extracted.update(run.extracted)
        read, unchanged = len(run.extracted), run.status["unchanged"]
        _say(f"  run {number + 1}: {', '.join(told) or 'to the end'}; read {read:,}, unchanged {unchanged:,}")
        if run.process.returncode == 0:
            break
    _must(not points, f"the run is interrupted {options.interruptions} times")
    twice = sum(count - 1 for count in extracted.values())
    _must(twice == 0, f"no article is read twice ({twice})")
    _must(run.process.returncode == 0, "the last run ends with status 0")


def _kill_worker(process: int) -> None:
    for child in _children(process)[-1:]:
        os.kill(child, signal.SIGKILL)


_WORKER = "kill -9 of a worker"
_DISTURBANCES: dict[str, Callable[[int], None]] = {
    "Ctrl-C": lambda process: os.kill(process, signal.SIGINT),
    "kill -9": lambda process: os.kill(process, signal.SIGKILL),
    _WORKER: _kill_worker,
}
_NAMES = ("Ctrl-C", _WORKER, "kill -9")


def _tree(process: int) -> list[int]:
    children = _children(process)
    return [process, *(each for child in children for each in _tree(child))]


def _children(process: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _content(store: Path) -> str:
    with open_store(store, read_only=True) as opened:
        return opened.canonical_hash()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _must(fulfilled: bool, what: str) -> None:
    _say(f"{'yes' if fulfilled else 'NO '}  {what}")
    _failed.extend([] if fulfilled else [what])


_failed: list[str] = []


def main() -> None:
    """Run both, print what was found, and end with status 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--reader", default="fast")
    parser.add_argument("--interruptions", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="kgraph-soak-") as place:
        folder = Path(place)
        records = articles(options.articles, seed=options.seed, words=options.words)
        (folder / "news.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
        memory = _undisturbed(folder, options)
        step = options.articles // 4
        peaks = [memory.peak(first, first + step) for first in range(0, options.articles, step)]
        _say("peak memory in MB, a quarter of the articles each: " + ", ".join(map(str, peaks)))
        growth = max(peaks[1:]) / peaks[0]
        _must(growth <= 1.1, f"memory is flat after the first quarter (at most {growth:.2f} times as much)")
        _disturbed(folder, options)
        _must(_content(folder / "whole") == _content(folder / "stopped"), "both stores are equal")
    sys.exit(1 if _failed else 0)


if __name__ == "__main__":
    main()
