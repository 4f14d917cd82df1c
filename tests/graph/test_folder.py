from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from kgraph.errors import StoreError, StoreLocked
from kgraph.graph import open_store
from kgraph.graph.vocab import kg
from kgraph.model import Relation

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sys
from kgraph.graph import open_store
with open_store(sys.argv[1], read_only=sys.argv[2] == "read"):
    print("open", flush=True)
    sys.stdin.read()
"""
WRITE = """
import sys
from datetime import date
from kgraph.graph import open_store
from kgraph.model import *
states = [Actor(f"{DATA}{qid}", ActorType.STATE, qid) for qid in ("Q30", "Q159")]
store = open_store(sys.argv[1])
number = 0
while True:
    for version in range(2):
        text = f"Satz {number} und {version}."
        mentions = [Mention(actor, Via.NAME, 0, 0, (0,), 0, 4, "Satz") for actor in states]
        claims = tuple(
            Claim(f"n{number % 10}", Span(0, len(text), text), relation, Span(0, 4, "Satz"), f"v{version}", *mentions)
            for relation in (Relation.ATTACKS, Relation.MEETS, Relation.AIDS)
        )
        store.write(Extraction(Article(f"n{number % 10}", text), claims=claims))
        print(number, flush=True)
    number += 1
"""


def run(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def held(path: Path, how: str) -> subprocess.Popen[str]:
    process = run(HOLD, str(path), how)
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def test_a_second_writer_is_told_who_is_writing(path: Path) -> None:
    with held(path, "write") as first:
        with pytest.raises(StoreLocked, match=f"process {first.pid};"):
            open_store(path)
        first.communicate()
    with open_store(path) as store:
        assert store.counts().articles == 0


def test_readers_and_a_writer_do_not_wait_for_each_other(path: Path, made: Any) -> None:
    with held(path, "read") as first, open_store(path) as writing:
        writing.write(made.attack())
        with open_store(path, read_only=True) as store:
            writing.write(made.full())
            assert store.counts().articles == 1  # as it was when it was opened
        with open_store(path, read_only=True) as store:
            assert store.counts().articles == 2
        first.communicate()
    assert not list((path / "readers").iterdir())


def test_a_reader_outlives_all_that_the_writer_does(path: Path, made: Any) -> None:
    with open_store(path) as writing:
        writing.write(made.attack())
        with open_store(path, read_only=True) as store:
            before = store.canonical_hash()
            for number in range(3):
                writing.write(made.attack(f"b{number}"))
                writing.remove("a1")
                writing.flush()
                writing._engine.quads.optimize()
            assert store.canonical_hash() == before
            assert store.select("who-attacks", timeout=60).columns


def test_what_killed_readers_leave_is_cleared(path: Path) -> None:
    with held(path, "read") as first:
        first.kill()
    assert list((path / "readers").iterdir())
    with open_store(path, read_only=True):
        assert len(list((path / "readers").iterdir())) == 2
    assert not list((path / "readers").iterdir())


def test_the_same_process_cannot_write_a_store_twice(path: Path) -> None:
    with open_store(path) as store:
        with pytest.raises(StoreLocked, match="this process"):
            open_store(path)
        assert store.counts().articles == store.counts().claims == 0  # the first one goes on


def test_a_writer_that_was_killed_leaves_the_store_free(path: Path, made: Any) -> None:
    with held(path, "write") as first:
        first.kill()
    with open_store(path) as store:
        assert store.write(made.attack()) is True
        assert (path / "lock").read_text() == str(os.getpid())


def test_where_no_view_can_be_made_readers_keep_writers_out(path: Path) -> None:
    (path / "readers").write_text("not a folder")
    readers = open_store(path, read_only=True), open_store(path, read_only=True)
    with pytest.raises(StoreLocked, match="being read"):
        open_store(path)
    for store in readers:
        store.close()
    (path / "readers").unlink()
    with open_store(path):
        (path / "readers").write_text("not a folder")
        with pytest.raises(StoreLocked, match="this process"):
            open_store(path, read_only=True)


def test_killing_a_writer_loses_no_article_that_was_written_and_leaves_none_half_written(path: Path) -> None:
    with run(WRITE, str(path)) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline() for _ in range(60)]  # by now articles are being replaced
        time.sleep(0.05)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.readlines()
    last = max(int(line) for line in lines if line.strip())
    with open_store(path) as store:
        articles = {article.id: article.claims for article in store.articles()}
        assert set(articles) >= {f"n{number % 10}" for number in range(last)}
        assert set(articles.values()) == {3}
        for article in articles:
            assert len({claim.rule for claim in store.claims(article=article)}) == 1
        report = store.check(shapes=False)
        assert report.ok, report.faults[:3]


def test_a_missing_or_empty_folder_becomes_a_store(tmp_path: Path) -> None:
    open_store(tmp_path / "a" / "b").close()
    assert (tmp_path / "a" / "b" / "kgraph-store.json").is_file()


def test_there_must_be_a_store_to_read(tmp_path: Path) -> None:
    for place in (tmp_path / "nothing", tmp_path):
        with pytest.raises(StoreError, match="no store"):
            open_store(place, read_only=True)
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("do not touch")
    with pytest.raises(StoreError, match="not empty"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="is a file"):
        open_store(tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format 99"),
        ({"oxigraph": "99.1"}, "pip install --upgrade pyoxigraph"),
    ],
)
def test_a_store_of_a_later_version_is_refused(path: Path, change: dict[str, Any], message: str) -> None:
    marker = path / "kgraph-store.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), **change}))
    for _ in range(2):  # the second time shows that the first let go of the folder
        with pytest.raises(StoreError, match=message):
            open_store(path)


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "\x00"])
def test_a_broken_marker_is_named(path: Path, content: str) -> None:
    (path / "kgraph-store.json").write_text(content)
    with pytest.raises(StoreError, match=r"kgraph-store|format None"):
        open_store(path)


def test_broken_files_of_the_engine_are_a_store_error(path: Path) -> None:
    for manifest in (path / "quads").glob("MANIFEST-*"):
        manifest.write_bytes(b"broken")
    with pytest.raises(StoreError):
        open_store(path)
    with pytest.raises(StoreError):
        open_store(path)


def test_a_store_can_be_read_where_nothing_can_be_written(path: Path) -> None:
    if os.geteuid() == 0:
        (path / "lock").unlink()  # root may write anywhere: the folder is at least as one that was copied without it
        with open_store(path, read_only=True) as store:
            assert store.counts().articles == 0
        return
    path.chmod(0o555)
    try:
        with open_store(path, read_only=True) as store:
            assert store.counts().articles == 0
    finally:
        path.chmod(0o755)


def of_format_1(path: Path, made: Any) -> list[str]:
    """A store as the first version wrote it: dates without ends, no fingerprints. What it holds, sorted."""
    text = "Ein Bericht über die Lage im Osten, der in mehreren Zeitungen steht, mit vielen Worten. " * 4
    report = made.Text("long")
    report.text = text
    with open_store(path) as store:
        store.write(made.full())
        store.write(report.claim("I tut B.", (made.IRAN, "I"), Relation.AIDS, "tut", (made.USA, "B")).done())
    quads = pyoxigraph.Store(str(path / "quads"))
    whole = sorted(str(quad) for quad in quads if FINGERPRINT not in str(quad))
    ends = {quad.subject: quad.object for quad in quads.quads_for_pattern(None, kg("eventEndDate"), None)}
    days = {quad.subject: quad.object for quad in quads.quads_for_pattern(None, kg("eventDate"), None)}
    origins = {quad.subject: quad.object for quad in quads.quads_for_pattern(None, kg("dateOrigin"), None)}
    for quad in list(quads):
        own = origins.get(quad.subject) != kg("published")
        if FINGERPRINT in str(quad) or (
            quad.predicate == kg("eventEndDate") and ends[quad.subject] == days[quad.subject]
        ):
            quads.remove(quad)
        elif quad.predicate in (kg("eventDate"), kg("dateOrigin")) and not own:
            quads.remove(quad)
    quads.flush()
    del quads
    (path / "copies.sqlite3").unlink()
    marker = path / "kgraph-store.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "format": 1}))
    return whole


FINGERPRINT = f"<{kg('fingerprint').value}>"


@pytest.mark.parametrize("read_only", [True, False])
def test_a_store_of_the_first_format_is_brought_up_to_date(path: Path, made: Any, read_only: bool) -> None:
    whole = of_format_1(path, made)
    (path / "snapshot-left-over").mkdir()
    with open_store(path, read_only=read_only) as store:
        assert sorted(map(str, store._engine.quads)) == whole
        assert store.check().ok
        assert not store._folder.outdated
    assert not (path / "snapshot-left-over").exists()


def test_a_store_of_the_first_format_that_another_writes_is_not_touched(path: Path, made: Any) -> None:
    of_format_1(path, made)
    with (path / "lock").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreLocked):
            open_store(path, read_only=True)
    open_store(path, read_only=True).close()
