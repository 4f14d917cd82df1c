"""How fast the store is, as ratios to the engine beneath it and to rdflib in one run: `python -m benchmarks.store`.

It draws claims, loads them, adds articles one by one, asks every named query, opens the store (also after its writer was
killed) and weighs it. A line is printed for each measure, with what is wanted of it. rdflib in memory needs some 3 GB
at 100,000 claims: it is asked only with `--rdflib`, and stopped after `--patience` seconds a query.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph

from benchmarks.drawn import extractions
from kgraph.errors import KgraphError
from kgraph.graph import NamedQuery, ParameterKind, Ref, Store, named_queries, open_store
from kgraph.graph.actor_graph import ListedActors
from kgraph.graph.rdf import article_graph
from kgraph.graph.vocab import PREFIXES

HEAVY = {"balance", "contradictions"}  # the two that may take longer than a second
SINCE = "2025-11-01"
_PAIR = """
SELECT ?a ?b (COUNT(?claim) AS ?claims)
WHERE { { SELECT ?claim ?a { ?claim rdf:subject ?a } } { SELECT ?claim ?b { ?claim rdf:object ?b } } }
GROUP BY ?a ?b ORDER BY DESC(?claims) LIMIT 1
"""
_KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from benchmarks.drawn import extractions
from kgraph.graph import open_store
store = open_store(sys.argv[1])
for extraction in extractions(600, seed=2):
    store.write(extraction)
os.kill(os.getpid(), signal.SIGKILL)
"""


class Table:
    """The measures: printed one by one, and whether all are as wanted."""

    def __init__(self) -> None:
        self.good = True

    def row(self, what: str, value: float, unit: str, wanted: str = "", *, good: bool = True) -> None:
        self.good &= good
        line = f"{what:44} {value:12,.3f} {unit:14} {wanted:22} {'' if good else 'NOT REACHED'}"
        sys.stdout.write(line.rstrip() + "\n")
        sys.stdout.flush()


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def busy(work: Callable[[], Any]) -> float:
    """The seconds of processor time that something takes, the same on a machine that others use."""
    start = time.process_time()
    work()
    return time.process_time() - start


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def load(claims: int, work: Path, table: Table) -> Path:
    """Load the claims in both ways; the path of our store."""
    drawn = list(extractions(claims))
    path = work / "store"
    with open_store(path) as store:
        listed = ListedActors(store.registry)
        lines = work / "claims.nq"
        with lines.open("wb") as file:
            for extraction in drawn:
                file.write(article_graph(extraction, listed).lines)
        theirs, quads = _bulk_load(work / "engine", lines)
        before = size(path)
        ours = seconds(lambda: (store.load(drawn), store.flush()))
    table.row("articles", len(drawn), "")
    table.row("quads a claim", quads / claims, "quads")
    table.row("bulk load, the engine alone", quads / theirs / 1000, "1,000 quads/s")
    table.row("bulk load, the store", quads / ours / 1000, "1,000 quads/s")
    table.row("bulk load, store to engine", theirs / ours, "ratio", "at least 0.8", good=theirs / ours >= 0.8)
    disk = (size(path) - before) / claims / 1000
    table.row("disk", disk, "kB a claim", "under 3", good=disk < 3)
    shutil.rmtree(work / "engine")
    return path


def _bulk_load(folder: Path, lines: Path) -> tuple[float, int]:
    """The seconds that the engine alone takes for a file of N-Quads, and how many quads there are."""
    engine = pyoxigraph.Store(str(folder))
    taken = seconds(partial(engine.bulk_load, path=str(lines), format=pyoxigraph.RdfFormat.N_QUADS))
    return taken, len(engine)


def add(work: Path, articles: int, table: Table) -> None:
    """Add articles one by one to an empty store."""
    drawn = list(islice(extractions(6 * articles, seed=3), articles))
    with open_store(work / "added") as store:
        taken = seconds(lambda: ([store.write(extraction) for extraction in drawn], store.flush()))
    rate = len(drawn) / taken
    table.row("add, one article at a time", rate, "articles/s", "at least 500", good=rate >= 500)


def opening(path: Path, table: Table) -> None:
    """Open for reading, for writing, and after the writer was killed."""

    def opened(*, read_only: bool) -> float:
        return seconds(lambda: open_store(path, read_only=read_only).close())

    opened(read_only=True)
    for what, read_only in (("opening to read", True), ("opening to write", False)):
        taken = min(opened(read_only=read_only) for _ in range(3))
        table.row(what, taken, "s", "under 0.3", good=taken < 0.3)
    for what, read_only in (("opening to write after a kill", False), ("opening to read after a kill", True)):
        subprocess.run([sys.executable, "-c", _KILLED, str(path), str(Path(__file__).parents[1])], check=False)
        start = time.perf_counter()
        store = open_store(path, read_only=read_only)
        taken = time.perf_counter() - start
        store.close()
        table.row(what, taken, "s", "under 0.3", good=taken < 0.3)


def given(query: NamedQuery, pair: Sequence[Ref]) -> dict[str, Any]:
    values: dict[str, Any] = {"a": pair[0], "b": pair[1]}
    kinds = {ParameterKind.DATE: SINCE}
    return {p.name: values.get(p.name) or kinds[p.kind] for p in query.parameters if p.required}


def direct(store: Store, name: str, values: dict[str, Any]) -> Callable[[], int]:
    """The engine, asked directly with all texts and values that it is asked for a named query; all cells are read."""
    engine, asked = store._engine, list[tuple[str, dict[pyoxigraph.Variable, Any] | None]]()
    through = engine.query

    def noting(text: str, bindings: Any = None, *, timeout: float | None = None) -> Any:
        asked.append((text, dict(bindings) if bindings else None))
        return through(text, bindings, timeout=timeout)

    engine.query = noting  # type: ignore[method-assign]
    try:
        store.select(name, **values)
    finally:
        del engine.query

    def ask() -> int:
        rows = 0
        for text, substitutions in asked:
            result = engine.quads.query(
                text, prefixes=PREFIXES, use_default_graph_as_union=True, substitutions=substitutions
            )
            variables = result.variables
            rows += sum(1 for row in result if [row[variable] for variable in variables])
        return rows

    return ask


def ask(path: Path, table: Table, *, times: int) -> dict[str, float]:
    """Every named query, ours and the engine's in turn; the best of each in processor time, and ours by query in seconds."""
    taken: dict[str, float] = {}
    with open_store(path, read_only=True) as store:
        pair = [cell for cell in store.select(_PAIR)[0] if isinstance(cell, Ref)]
        for query in named_queries():
            values = given(query, pair)
            theirs, ours = direct(store, query.name, values), _select(store, query.name, values)
            runs = [(busy(ours), busy(theirs)) for _ in range(times + 1)][1:]  # the first warms up
            mine, other = (min(column) for column in zip(*runs, strict=True))
            taken[query.name] = mine
            ratio = mine / other
            good = ratio <= 1.3 and (mine < 1 or query.name in HEAVY)
            wanted = f"{ratio:.2f} (1.3), " + ("heavy" if query.name in HEAVY else "under 1")
            table.row(f"query {query.name}", mine, "s, to engine", wanted, good=good)
    return taken


def _select(store: Store, name: str, values: dict[str, Any]) -> Callable[[], Any]:
    return lambda: store.select(name, **values)


@contextmanager
def patience(limit: float) -> Iterator[None]:
    """Raise TimeoutError after some seconds of processor time."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def compare(path: Path, taken: dict[str, float], table: Table, *, limit: float) -> None:
    """The same texts and values for rdflib's own store and engine in memory."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    with open_store(path, read_only=True) as store:
        lines = pyoxigraph.serialize(store._engine.quads, format=pyoxigraph.RdfFormat.N_QUADS) or b""
        table.row("rdflib, loading", seconds(partial(dataset.parse, data=lines, format="nquads")), "s")
        pair = [cell for cell in store.select(_PAIR)[0] if isinstance(cell, Ref)]
        ratios = []
        for query in named_queries():
            bindings = query.bind(given(query, pair), store.resolve)
            text = query.text_for({variable.value for variable in bindings})
            terms = {variable.value: _rdflib(term) for variable, term in query.variables(bindings).items()}
            start, stopped = time.process_time(), ""
            try:
                with patience(limit):
                    list(dataset.query(text, initNs=PREFIXES, initBindings=terms))
            except TimeoutError:
                stopped = "at least: stopped"
            ratios.append((time.process_time() - start) / taken[query.name])
            table.row(
                f"rdflib to store, {query.name}", ratios[-1], "times", stopped or "at least 1", good=ratios[-1] >= 1
            )
    mean = math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
    table.row("rdflib to store, geometric mean", mean, "times", "at least 5", good=mean >= 5)


def _rdflib(term: pyoxigraph.NamedNode | pyoxigraph.Literal) -> Any:
    import rdflib

    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def _ask(asked: argparse.Namespace, path: Path, table: Table) -> int:
    taken = ask(path, table, times=asked.times)
    if asked.rdflib:
        compare(path, taken, table, limit=asked.patience)
    return 0 if table.good else 1


def main() -> int:
    """Run the benchmark; the exit status is 1 where something is not as wanted."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--claims", type=int, default=100_000, help="how many claims are drawn")
    options.add_argument("--times", type=int, default=3, help="how often each query is asked; the best counts")
    options.add_argument("--rdflib", action="store_true", help="ask rdflib in memory, too")
    options.add_argument("--patience", type=float, default=20, help="seconds that rdflib has for a query")
    options.add_argument("--store", type=Path, help="ask the queries of this store, and measure nothing else")
    options.add_argument("--folder", type=Path, help="where the store is made, and kept; else a temporary folder")
    asked = options.parse_args()
    if asked.store:
        return _ask(asked, asked.store, Table())
    work = asked.folder or Path(tempfile.mkdtemp(prefix="kgraph-benchmark-"))
    table = Table()
    try:
        work.mkdir(parents=True, exist_ok=True)
        path = load(asked.claims, work, table)
        add(work, min(5000, asked.claims // 3), table)
        _ask(asked, path, table)
        opening(path, table)
    except KgraphError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        if not asked.folder:
            shutil.rmtree(work, ignore_errors=True)
    return 0 if table.good else 1


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    os.environ.pop("KGRAPH_STORE", None)
    sys.exit(main())
