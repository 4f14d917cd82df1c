from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KGRAPH_KILLS", "70"))  # two hundred and more before a release
ALLOWED = {"copies.sqlite", "copies.sqlite3-shm", "copies.sqlite3-wal", "kgraph-store.json", "lock", "quads"}
TABLES = {"N.log", "N.sst", "CURRENT", "IDENTITY", "LOCK", "LOG", "MANIFEST-N", "OPTIONS-N"}


def python(*args: object, **environment: str) -> subprocess.Popen[str]:
    """A process with a clean environment, in the checkout."""
    return subprocess.Popen(
        [sys.executable, *map(str, args)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


def test_killed_at_any_moment_a_writer_leaves_every_finished_article_whole_and_no_half_one(
    path: Path, template: Path, tmp_path: Path
) -> None:
    empty = shutil.copytree(template, tmp_path / "empty")
    with python("tests/killed.py", path, empty, KILLS, 1) as killing:
        told = json.loads(killing.communicate()[0])
    end = told["end"]
    assert not end["faults"], end["faults"][:5]
    assert end["same"]
    assert set(end["files"]) <= ALLOWED
    assert set(end["tables"]) <= TABLES
    assert sum(told["killed during"].values()) == KILLS
    assert min(told["killed during"].get(kind, 0) for kind in ("write", "load", "import")) > 2, told


ADD = """
import sys
from killed import extraction
from kgraph.graph import open_store
with open_store(sys.argv[1]) as store:
    for number in range(int(sys.argv[2])):
        store.write(extraction(f"n{number}", 1 + number % 2))
        if number % 5 == 0:
            store.write(extraction("n0", 1 + number // 5))
            store.remove("gone") or store.write(extraction("gone", 1))
"""
ASK = """
import sys
from killed import found
from kgraph.graph import open_store
path, wanted = sys.argv[1], int(sys.argv[2])
seen, opened = 0, 0
while seen < wanted:
    with open_store(path, read_only=True) as store:
        for _ in range(3):
            articles = {row.iri: row.claims for row in store.articles()}
            assert set(articles.values()) <= {3}, articles
            rows = store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?g a kg:Article . ?s ?p ?o } } GROUP BY ?g")
            assert set(articles) == {row.g.iri for row in rows}
            assert store.counts().claims == 3 * len(articles)
            assert len(articles) >= seen, (len(articles), seen)
        seen = sum(article.id != "gone" for article in store.articles())
        opened += 1
print(opened)
"""


def test_one_process_adds_500_articles_and_another_asks_all_the_while(path: Path) -> None:
    tests = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    with python("-c", ADD, path, 500, **tests) as adding, python("-c", ASK, path, 500, **tests) as asking:
        opened = asking.communicate()[0]
        assert asking.returncode == 0
        assert adding.wait() == 0
    assert int(opened) > 5
    assert not list((path / "readers").iterdir())


CONTENT = """
import sys
from killed import extraction
from kgraph.graph import open_store
with open_store(sys.argv[1]) as store:
    for name in sys.argv[2:]:
        store.write(extraction(name, 7))
    print(store.canonical_hash())
"""


def test_the_graph_is_the_same_on_every_machine(template: Path, tmp_path: Path) -> None:
    names = ["c1", "c2", "c3", "n1", "n2"]
    machines: list[tuple[dict[str, str], list[str]]] = [
        ({"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"}, names),
        ({"PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8", "TZ": "America/Adak"}, names[::-1]),
    ]
    hashes = set()
    for number, (environment, order) in enumerate(machines):
        store = shutil.copytree(template, tmp_path / ("ä" * number) / "store")
        tests = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), **environment}
        with python("-c", CONTENT, store, *order, **tests) as writing:
            hashes.add(writing.communicate()[0])
            assert writing.returncode == 0
    assert len(hashes) == 1
