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
    assert min(told["killed during"].get(kind, 0) for kind in ("write", "load")) > 2, told
