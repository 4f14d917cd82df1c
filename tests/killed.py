"""Writers that are killed at random moments: `python killed.py STORE EMPTY KILLS SEED`, EMPTY being another, empty store.

This process opens no store. Every writer is forked from it, which spares the imports, opens the store, tells what it
finds, works without end, tells of every step that is done, and is killed. What the next writer finds must be what was
told of; only the one step during which the kill came may be done or not. At last the articles are written once more, in
another order and without kills, into the empty store: it must hold the same. A line of JSON says what was seen.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, serialize

from kgraph.actors import load_registry
from kgraph.graph import Store, open_store
from kgraph.graph.rdf import article_quads
from kgraph.model import DATA, Actor, ActorType, Article, Claim, Extraction, Mention, Relation, Span, Via

STATES = [Actor(f"{DATA}{qid}", ActorType.STATE, qid) for qid in ("Q30", "Q159", "Q794", "Q183")]
WORDS = "Regierung Gespräche Abkommen Grenze Minister Sprecher Truppen Hilfe Handel Bericht Woche Lage Treffen".split()
DAY = date(2026, 3, 1)
ALIKE, ALONE = 6, 14  # articles that copy each other, and articles that do not

Steps = list[tuple[str, int]]  # articles and the versions that they get; version 0 is none


def extraction(name: str, version: int) -> Extraction:
    """A version of an article; those whose names begin with c are near-identical."""
    words = random.Random(7 if name.startswith("c") else name).choices(WORDS, k=80)
    words[version % 80] = f"Fassung{version}"
    text = " ".join(words) + "."
    mentions = [Mention(actor, Via.NAME, 0, 0, (0,), 0, len(words[0]), words[0]) for actor in STATES]
    claims = tuple(
        Claim(name, Span(0, len(text), text), relation, Span(0, len(words[0]), words[0]), f"v{version}", *ends)
        for relation, ends in zip(
            (Relation.ATTACKS, Relation.MEETS, Relation.AIDS), (mentions[:2], mentions[1:3], mentions[2:4]), strict=True
        )
    )
    return Extraction(Article(name, text, published=DAY + timedelta(version % 3)), claims=claims)


def names() -> list[str]:
    return [f"c{number}" for number in range(ALIKE)] + [f"n{number}" for number in range(ALONE)]


def found(store: Store) -> dict[str, int]:
    """The version of every article in the store; -1 for one that is not whole."""
    versions = {}
    for article in store.articles():
        rules = {claim.rule for claim in store.claims(article=article.id)}
        version = int(rules.pop()[1:]) if len(rules) == 1 else -1
        quads = store._engine.graph(NamedNode(article.iri))
        whole = version > 0 and quads == set(article_quads(extraction(article.id, version), store._writing._listed))
        versions[article.id] = version if whole else -1
    return versions


def write(store: Store, steps: Steps, _: Path) -> None:
    store.write(extraction(*steps[0]))


def remove(store: Store, steps: Steps, _: Path) -> None:
    store.remove(steps[0][0])


def load(store: Store, steps: Steps, _: Path) -> None:
    store.load(extraction(*step) for step in steps)


def take(store: Store, steps: Steps, path: Path) -> None:
    file = path.parent / f"{path.name}.nq"
    listed = store._writing._listed
    quads = [quad for step in steps for quad in article_quads(extraction(*step), listed)]
    serialize(quads, str(file), RdfFormat.N_QUADS)
    assert store.import_file(file).articles == len(steps)


WORK: dict[str, Callable[[Store, Steps, Path], None]] = {"write": write, "remove": remove, "load": load, "import": take}


def plan(chance: random.Random, version: int) -> tuple[str, Steps]:
    kind = chance.choice([*WORK, "write", "write", "write", "remove"])
    if kind in ("write", "remove"):
        return kind, [(chance.choice(names()), 0 if kind == "remove" else version)]
    return kind, [(name, version) for name in chance.sample(names(), chance.randrange(2, 12))]


def work(path: Path, seed: int, tell: Callable[[Any], None]) -> None:
    """A writer's life."""
    chance = random.Random(seed)
    with open_store(path) as store:
        tell(["found", found(store)])
        for number in range(1_000_000):
            kind, steps = plan(chance, seed * 1000 + number + 1)
            tell(["begun", kind, steps])
            WORK[kind](store, steps, path)
            tell(["done"])


def survey(path: Path, empty: Path, tell: Callable[[Any], None]) -> None:
    """What is there in the end, and whether a store that saw no kill is the same."""
    with open_store(path) as store:
        versions, checksum, report = found(store), store.canonical_hash(), store.check(shapes=False)
    again = sorted(versions.items(), key=lambda step: random.Random(str(step)).random())
    with open_store(empty) as store:
        store.load(extraction(*step) for step in again[::2])
        for step in again[1::2]:
            store.write(extraction(*step))
        same = store.canonical_hash() == checksum
        copies = len(store.select("SELECT ?a { ?a kg:copyOf ?b }"))
    files = sorted({file.name.rstrip("0123456789") for file in path.iterdir()})
    tables = sorted({re.sub("[0-9]+", "N", file.name) for file in (path / "quads").iterdir()})
    told = {"found": versions, "same": same, "copies": copies, "faults": list(map(str, report.faults))}
    tell(["end", {**told, "files": files, "tables": tables}])


def apart(task: Callable[..., None], *given: Any) -> tuple[int, Pipe]:
    """A task in a process of its own, and the pipe through which it tells."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, Pipe(reading)
    try:
        os.close(reading)
        task(*given, lambda words: os.write(writing, json.dumps(words).encode() + b"\n"))
    except BaseException as error:  # noqa: BLE001 - a forked process must end here
        os.write(writing, json.dumps(["failed", repr(error)]).encode() + b"\n")
    os._exit(1)


class Pipe:
    """What a process tells, line by line."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.rest = b""

    def lines(self, seconds: float = 60) -> Iterator[Any]:
        """What is told within a time, or until the pipe is closed."""
        end = time.monotonic() + seconds
        while True:
            while b"\n" in self.rest:
                line, _, self.rest = self.rest.partition(b"\n")
                yield json.loads(line)
            if not select.select([self.number], [], [], max(end - time.monotonic(), 0))[0]:
                return
            if not (got := os.read(self.number, 1 << 16)):
                return
            self.rest += got


class Expected:
    """What may be found: for each article the version that was told of, and the one that was under way."""

    def __init__(self) -> None:
        self.sure = dict.fromkeys(names(), 0)
        self.kind = ""
        self.open: Steps = []
        self.faults: list[str] = []
        self.kinds: Counter[str] = Counter()

    def hear(self, told: Any) -> None:
        if told[0] == "found":
            self.compare(told[1])
        elif told[0] == "begun":
            self.kinds["under way"] += 1
            self.kind, self.open = told[1], told[2]
        elif told[0] == "done":
            self.sure |= dict(self.open)
            self.open = []
            self.kinds[self.kind] += 1
        else:
            self.faults.append(str(told))

    def compare(self, versions: dict[str, int]) -> None:
        new = dict(self.open)
        for name, sure in self.sure.items():
            seen = versions.get(name, 0)
            if seen not in (sure, new.get(name, sure)):
                self.faults.append(f"{name} is in version {seen}, not in {sure} or {new.get(name, sure)}")
            self.sure[name] = seen
        self.open = []


def main() -> None:
    path, empty, kills, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    load_registry("de", ())  # once, for all writers, like the import of what they need
    chance, expected = random.Random(seed), Expected()
    during: Counter[str] = Counter()
    for number in range(kills):
        process, pipe = apart(work, path, seed + number)
        if chance.random() < 0.1:
            time.sleep(chance.uniform(0, 0.2))  # killed while it opens the store
        else:
            expected.hear(next(pipe.lines()))
            for told in pipe.lines(chance.expovariate(1 / 0.1)):
                expected.hear(told)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        for told in pipe.lines():
            expected.hear(told)
        os.close(pipe.number)
        during[expected.kind if expected.open else "else"] += 1
    process, pipe = apart(survey, path, empty)
    [(how, end_)] = pipe.lines()
    os.waitpid(process, 0)
    if how == "end":
        expected.compare(end_["found"])
        end_["faults"] += expected.faults
    sys.stdout.write(json.dumps({how: end_, "done": expected.kinds, "killed during": during}))


if __name__ == "__main__":
    main()
