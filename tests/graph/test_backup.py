from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import StoreError, StoreLocked, UsageError
from kgraph.graph import Store, backup, open_store
from kgraph.graph.backup import restore

TARGETS = ["copy", "copy.tar", "copy.tar.gz", "copy.tgz"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_backup_restores_the_same_graph(filled: Store, tmp_path: Path, made: Any, target: str) -> None:
    made_now = filled.backup(tmp_path / target)
    assert (made_now.path, made_now.articles) == (tmp_path / target, 2)
    before = filled.canonical_hash()
    filled.write(made.attack("later"))  # a store that goes on is no matter
    assert restore(tmp_path / target, tmp_path / "new" / "store").articles == 2
    with open_store(tmp_path / "new" / "store") as store:
        assert store.canonical_hash() == before
        assert store.write(made.attack("b")) is True
        assert store.check().ok
    assert {path.name for path in tmp_path.iterdir()} == {"store", "new", target}
    assert not list(filled.path.glob("readers/*"))


def test_a_backup_is_of_the_moment_a_reader_opened_the_store(filled: Store, tmp_path: Path, made: Any) -> None:
    with open_store(filled.path, read_only=True) as reading:
        filled.write(made.attack("later"))
        assert reading.backup(tmp_path / "copy").articles == 2
    assert filled.backup(tmp_path / "copy2").articles == 3


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_there_is_not_overwritten(filled: Store, tmp_path: Path, target: str) -> None:
    (tmp_path / target).write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        filled.backup(tmp_path / target)
    assert (tmp_path / target).read_text() == "mine"


def test_a_store_is_replaced_only_where_that_is_said(filled: Store, path: Path, tmp_path: Path, made: Any) -> None:
    filled.backup(tmp_path / "copy.tar")
    before = filled.canonical_hash()
    filled.write(made.attack("later"))
    with pytest.raises(UsageError, match="--force"):
        restore(tmp_path / "copy.tar", path)
    with pytest.raises(StoreLocked):
        restore(tmp_path / "copy.tar", path, overwrite=True)
    with open_store(path, read_only=True) as reading:
        filled.close()
        restore(tmp_path / "copy.tar", path, overwrite=True)
        assert reading.counts().articles == 3  # as when it was opened
    with open_store(path) as store:
        assert store.canonical_hash() == before
        assert store.write(made.attack("later")) is True
    assert {child.name for child in path.iterdir()} <= {
        "copies.sqlite3",
        "kgraph-store.json",
        "lock",
        "quads",
        "readers",
    }


def test_nothing_but_a_store_is_replaced(filled: Store, tmp_path: Path) -> None:
    filled.backup(tmp_path / "copy.tar")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text.txt").write_text("mine")
    with pytest.raises(StoreError, match="not empty"):
        restore(tmp_path / "copy.tar", tmp_path / "thesis", overwrite=True)
    assert [child.name for child in (tmp_path / "thesis").iterdir()] == ["text.txt"]


@pytest.mark.parametrize("target", ["copy", "copy.tar"])
@pytest.mark.parametrize("harm", ["flip", "cut", "lose", "add", "list", "foreign"])
def test_a_damaged_backup_is_refused_and_nothing_lost(
    filled: Store, path: Path, tmp_path: Path, target: str, harm: str
) -> None:
    source = tmp_path / target
    filled.backup(source)
    before = filled.canonical_hash()
    filled.close()
    if source.is_dir():
        table = max((source / "quads").glob("*.sst"), key=lambda file: file.stat().st_size)
        if harm == "lose":
            table.unlink()
        elif harm == "add":
            (source / "quads" / "999999.sst").write_bytes(b"x")
        elif harm == "list":
            (source / "kgraph-backup.json").write_text("[]")
        elif harm == "foreign":
            shutil.rmtree(source)
            source.mkdir()
        else:
            damage(table, harm)
    elif harm in ("flip", "cut"):
        damage(source, harm)
    else:
        source.write_bytes(b"" if harm == "foreign" else archive(harm))
    with pytest.raises(StoreError, match=r"copy(\.tar)? is (no backup|damaged)"):
        restore(source, path, overwrite=True)
    with open_store(path, read_only=True) as store:
        assert store.canonical_hash() == before
    assert not list(path.glob("*.part-*"))


def damage(file: Path, harm: str) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 255
    file.write_bytes(content if harm == "flip" else content[:middle])


def archive(harm: str) -> bytes:
    """An archive that would write outside of its folder, that has no list, or whose list is no list."""
    output = io.BytesIO()
    names = {"lose": ["quads/1.sst"], "add": ["../../outside", "kgraph-backup.json"], "list": ["kgraph-backup.json"]}
    with tarfile.open(fileobj=output, mode="w") as file:
        for name in names[harm]:
            content = json.dumps({"files": {}} if harm == "add" else "x").encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return output.getvalue()


def test_a_replacement_that_was_killed_half_way_is_taken_back(path: Path, made: Any) -> None:
    with open_store(path) as store:
        store.write(made.attack())
        before = store.canonical_hash()
    (path / "quads").rename(path / "quads.old")
    (path / "restored.part-1").mkdir()
    with open_store(path) as store:
        assert store.canonical_hash() == before
    assert not list(path.glob("*.part-*"))
    shutil.copytree(path / "quads", path / "quads.old")
    with open_store(path) as store:
        assert store.canonical_hash() == before
    assert not (path / "quads.old").exists()


def test_there_must_be_a_backup(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no backup at"):
        restore(tmp_path / "nothing", path, overwrite=True)


@pytest.mark.parametrize("target", ["backup", "backup.tar"])
def test_of_two_backups_to_one_name_one_is_refused_and_the_other_whole(
    filled: Store, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / target
    check = backup._check

    def meanwhile(content: Path, path: Path) -> backup.Backup:
        monkeypatch.setattr(backup, "_check", check)
        filled.backup(there)
        return check(content, path)

    monkeypatch.setattr(backup, "_check", meanwhile)
    with pytest.raises(UsageError, match="is there by now"):
        filled.backup(there)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == [target]
    assert restore(there, tmp_path / "again").articles == 2
