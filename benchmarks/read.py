"""Throughput of the whole of `kgraph add` beside that of parsing alone: `python -m benchmarks.read`.

Both see the same made articles, in turns, so that other work on the machine falls on all alike; the figures are ratios
within one run. "One process" has one thread for the network, as each of several workers has: two processes with a thread
each stand beside one process with one thread. What one process does with all cores is measured, too.
CPU seconds are those of all processes; where the machine is busy they are the better witness: they say what the work costs,
and on idle cores two processes that need as many as one are twice as fast.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from json import dumps
from pathlib import Path
from statistics import median

from benchmarks.articles import articles
from kgraph.apart import usable_cores
from kgraph.graph import open_store
from kgraph.model import PROSE, Article, Extraction
from kgraph.read import read
from kgraph.runs.adding import Adding
from kgraph.runs.pool import Pool
from kgraph.runs.setup import Setup

PARSE, ADD, ADD_TWO = "nlp.pipe, one thread", "add, one process, one thread", "add, two processes, one thread each"
PARSE_ALL, ADD_ALL = "nlp.pipe, all cores", "add, one process, all cores"


@dataclass(slots=True)
class Times:
    """Seconds of each round: of the clock, and of the processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


class Listener:
    """Counts articles that were added."""

    def __init__(self) -> None:
        self.number = 0

    def read(self, extraction: Extraction) -> None:
        """One more, which must have been read."""
        if extraction.problems:
            raise SystemExit(f"{extraction.problems[0]}")
        self.number += 1

    def leave(self, article: Article) -> None:
        """No article is added twice."""
        raise SystemExit(f"{article.id} was added before")


def parsing(setup: Setup) -> Callable[[Path], None]:
    """Parsing alone, of articles that are in memory."""
    nlp = setup.load().parser.nlp

    def parse(file: Path) -> None:
        for _ in nlp.pipe(_blocks(file)):
            pass

    return parse


def adding(setup: Setup, store: Path, stack: ExitStack, pool: Pool | None = None) -> Callable[[Path], None]:
    """The whole: reading a file, extracting, writing into a store; in this process or in those of a pool."""
    graph = stack.enter_context(open_store(store))
    run = pool.run if pool else setup.load().run

    def add(file: Path) -> None:
        listener = Listener()
        Adding(graph, run, setup, listener).add(read(file))

    return add


def measure(options: argparse.Namespace) -> dict[str, Times]:
    """Seconds of each contender in each round; the first round is not counted."""
    one, every = (Setup(reader=options.reader, threads=threads) for threads in (1, usable_cores()))
    times: dict[str, Times] = {}
    with tempfile.TemporaryDirectory(prefix="kgraph-bench-") as place, ExitStack() as stack:
        folder = Path(place)
        pool = stack.enter_context(Pool(one.function, workers=2))
        contenders = {
            PARSE: parsing(one),
            ADD: adding(one, folder / "one", stack),
            ADD_TWO: adding(one, folder / "two", stack, pool),
            PARSE_ALL: parsing(every),
            ADD_ALL: adding(every, folder / "all", stack),
        }
        made = articles(options.articles * (options.rounds + 1), words=options.words)
        for number in range(options.rounds + 1):
            file = folder / f"{number}.jsonl"
            records = [next(made) for _ in range(options.articles)]
            file.write_text("".join(dumps(record) + "\n" for record in records), encoding="utf-8")
            for name, run in contenders.items():
                wall, cpu = time.perf_counter(), _cpu(pool)
                run(file)
                if number:
                    noted = times.setdefault(name, Times())
                    noted.wall.append(time.perf_counter() - wall)
                    noted.cpu.append(_cpu(pool) - cpu)
    return times


def _cpu(pool: Pool) -> float:
    """CPU seconds of this process and of a pool's, as far as the system tells them."""
    seconds = time.process_time()
    for pid in pool.pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def ratio(of: list[float], to: list[float]) -> str:
    """How many times as fast the first is as the second: the median of all rounds, and the least and the most."""
    each = [other / own for own, other in zip(of, to, strict=True)]
    return f"{median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


def _blocks(file: Path) -> Iterator[str]:
    for article in read(file):
        for block in article.blocks:
            if block.kind in PROSE:
                yield article.text[block.start : block.end]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=12, help="in a round")
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reader", default="accurate")
    options = parser.parse_args()
    times = measure(options)
    say = sys.stdout.write
    say(f"{options.reader} reader, {options.rounds} rounds of {options.articles} articles, {usable_cores()} cores, ")
    say(f"load {os.getloadavg()[0]:.1f}\n\nseconds in a round                       wall    CPU of all processes\n")
    for name, noted in times.items():
        say(f"{name:38} {median(noted.wall):6.2f} {median(noted.cpu):6.2f}\n")
    say("\ntimes as fast: the median of all rounds, the least and the most\n")
    one, two, all_cores = times[ADD], times[ADD_TWO], times[ADD_ALL]
    say(f"add / nlp.pipe, one thread              wall {ratio(one.wall, times[PARSE].wall)}")
    say(f", CPU {ratio(one.cpu, times[PARSE].cpu)}; wanted: 0.80\n")
    say(f"add, two processes / add, one           wall {ratio(two.wall, one.wall)}")
    say(f", CPU {ratio(two.cpu, one.cpu)}; wanted: 1.70 by the clock\n")
    say(f"add, two processes / nlp.pipe           wall {ratio(two.wall, times[PARSE].wall)}\n")
    say(f"add / nlp.pipe, all cores               wall {ratio(all_cores.wall, times[PARSE_ALL].wall)}\n")
    say(f"add, two processes / one with all cores wall {ratio(two.wall, all_cores.wall)}\n")


if __name__ == "__main__":
    main()
