"""What a full disk does: on a small file system of its own where one can be made, else under a limit of file size."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import StoreError, UsageError
from kgraph.explore import write_page
from kgraph.graph import open_store
from kgraph.graph.backup import restore

ROOT = Path(__file__).resolve().parents[2]
WRITE = """
import sys
from killed import extraction
from kgraph.errors import StoreError, UsageError
from kgraph.explore import write_page
from kgraph.graph import open_store
said, told = "", ""
try:
    with open_store(sys.argv[1]) as store:
        for number in range(100_000):
            if sys.argv[2] == "load":
                store.load(extraction(f"n{number}-{part}", 1) for part in range(200))
            else:
                store.write(extraction(f"n{number}", 1))
            told = str(number)
except StoreError as error:
    said = str(error)
print(f"{told}\\t{said}")
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a file system")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def written(store: Path, how: str, *before: str) -> tuple[str, str]:
    """The last step that was done, and what was said when the disk was full."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    done = subprocess.run(
        [*before, sys.executable, "-c", WRITE, str(store), how],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    told, _, said = done.stdout.strip("\n").partition("\t")
    return told, said


@pytest.mark.parametrize("how", ["write", "load"])
def test_a_full_disk_is_named_and_loses_nothing(disk: Path, template: Path, how: str) -> None:
    store = Path(shutil.copytree(template, disk / "store"))
    told, said = written(store, how)
    assert "is full" in said
    assert str(disk) in said
    with open_store(store, read_only=True) as reading:  # also while there is no room
        there = {article.id: article.claims for article in reading.articles()}
    assert set(there.values()) <= {3}
    done = range(int(told) + 1)
    names = (
        [f"n{number}" for number in done] if how == "write" else [f"n{n}-{part}" for n in done for part in range(200)]
    )
    assert set(names) <= there.keys()
    subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
    with open_store(store) as again:
        assert {article.id for article in again.articles()} >= set(names)
        assert again.check(shapes=False).ok
        assert not list((store / "quads").glob("bulk-*"))


def test_backups_exports_and_restored_stores_need_room(disk: Path, path: Path, tmp_path: Path, made: Any) -> None:
    with open_store(path) as store:
        for number in range(300):
            store.write(made.attack(f"n{number}"))
    with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
        for _ in range(26_000):
            ballast.write(bytes(1000))
    with (disk / "ballast").open("r+b") as ballast:
        ballast.truncate((disk / "ballast").stat().st_size - 20_000)  # room for 20 kB
    with open_store(path, read_only=True) as store:
        for target in ("copy", "copy.tar", "copy.tar.gz"):
            with pytest.raises(StoreError, match="is full") as error:
                store.backup(disk / target)
            assert str(disk) in str(error.value)
        for form, name in (("nquads", "graph"), ("csv", "graph"), ("nquads", "graph.nq.gz")):
            command = ["export", "--format", form, "--output", str(disk / name), "--store", str(path)]
            done = subprocess.run(
                [sys.executable, "-m", "kgraph", *command], capture_output=True, text=True, cwd=ROOT, check=False
            )
            assert done.returncode == 1
            assert f"kgraph: the disk that holds {disk}/{name} is full" in done.stderr
            assert "Traceback" not in done.stderr
            (disk / name).unlink()
        (disk / "page.html").write_text("the page of yesterday")
        with pytest.raises(UsageError, match="No space left"):
            write_page(store, disk / "page.html")
        assert (disk / "page.html").read_text() == "the page of yesterday"
        (disk / "page.html").unlink()
        store.backup(tmp_path / "copy")
        assert [place.name for place in disk.iterdir()] == ["ballast"]
    with pytest.raises(StoreError, match="is full"):
        restore(tmp_path / "copy", disk / "store")
    with pytest.raises(StoreError, match="is full"):
        open_store(disk / "other")


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit")
def test_a_limit_of_file_size_is_named_and_loses_nothing(path: Path) -> None:
    told, said = written(path, "write", "prlimit", "--fsize=3000000")
    assert "is full" in said
    with open_store(path) as store:
        assert {article.id for article in store.articles()} >= {f"n{number}" for number in range(int(told) + 1)}
        assert store.check(shapes=False).ok
