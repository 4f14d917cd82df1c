"""Backups: a store as it is at one moment, in a folder or in one file, with the checksum of everything in it.

A backup in a folder is laid out as a store. One in a file (.tar, .tar.gz, .tgz) is an archive of such a folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kgraph.apart import is_running
from kgraph.errors import StoreError, UsageError
from kgraph.graph import copy_index
from kgraph.graph.disk import disk_full, is_full
from kgraph.graph.engine import storage_errors
from kgraph.graph.folder import MARKER, OLD, PART, StoreFolder
from kgraph.graph.vocab import TYPE, kg

_LIST = "kgraph-backup.json"
_ARCHIVES = (".tar", ".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was checked: where it is, its files' size in bytes, and the articles in it."""

    path: Path
    size: int
    articles: int


def write_backup(folder: StoreFolder, target: Path) -> Backup:
    """Copy an open store into a new folder or file, read that again, and compare.

    Raises UsageError where there is something already, StoreError where it cannot be written or is not the same.
    """
    if not folder.read_only:
        reading = StoreFolder(folder.path, read_only=True)
        try:
            return write_backup(reading, target)
        finally:
            reading.release()
    if target.exists():
        raise UsageError(f"{target} is there already; name a new folder, or a new file that ends in .tar or .tar.gz")
    with _errors(target), _part(target) as part:
        content = part / "content"
        sums = _copy(folder.quads, content / "quads")
        _write(content / MARKER, json.dumps(folder.marker, indent=1, sort_keys=True))
        sums[MARKER] = _sum(content / MARKER)
        _write(content / _LIST, json.dumps({"files": sums}, indent=1, sort_keys=True))
        done = content
        if target.name.endswith(_ARCHIVES):
            done = _pack(content, part / target.name)
            shutil.rmtree(content)
            _unpack(done, content)
        found = _check(content, target)
        _move(done, target)
    return Backup(target, found.size, found.articles)


def restore(source: Path, store: Path, *, overwrite: bool = False) -> Backup:
    """Make a store of a backup, which is checked first.

    An existing store is replaced only where `overwrite` says so, at once, and not while another process writes it.
    Raises UsageError where there is a store and `overwrite` is False, StoreError where the backup is damaged.
    """
    if not source.exists():
        raise UsageError(f"there is no backup at {source}")
    if store.exists() and any(store.iterdir()) and not overwrite:
        raise UsageError(f"{store} is not empty; --force replaces the store there, or name another with --store")
    with _errors(store):
        folder = StoreFolder(store, read_only=False)
        try:
            with _part(store / "restored") as part:
                _unpack(source, part / "content")
                found = _check(part / "content", source)
                _replace(folder, part / "content")
        finally:
            folder.release()
    return Backup(store, found.size, found.articles)


def _replace(folder: StoreFolder, content: Path) -> None:
    """Exchange the engine's files; what the marker says of them is forgotten before, so that it is made out again."""
    copy_index.drop(folder.path)
    marker = json.loads((content / MARKER).read_text(encoding="utf-8"))
    folder.mark(**dict.fromkeys(folder.marker.keys() - {"format", "oxigraph"}))
    old = folder.path / OLD
    if folder.quads.exists():
        folder.quads.rename(old)
    (content / "quads").rename(folder.quads)
    folder.mark(**{key: value for key, value in marker.items() if isinstance(value, str)})
    shutil.rmtree(old, ignore_errors=True)


def _check(content: Path, backup: Path) -> Backup:
    """Compare the files of a backup with its list; open them, and count the articles."""
    try:
        listed: Mapping[str, str] = json.loads((content / _LIST).read_text(encoding="utf-8"))["files"]
        there = {path.relative_to(content).as_posix(): path for path in content.rglob("*") if path.is_file()}
        wrong = [name for name, checksum in listed.items() if name not in there or _sum(there[name]) != checksum]
        wrong += there.keys() - listed.keys() - {_LIST}
        size = sum(path.stat().st_size for path in there.values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{backup} is no backup of a store, or damaged: {error}; use another") from error
    if wrong:
        raise StoreError(f"the backup {backup} is damaged: {wrong[0]} is not what was written; use another")
    folder = StoreFolder(content, read_only=True)
    try:
        with storage_errors(backup):
            quads = pyoxigraph.Store.read_only(str(folder.quads))
            articles = sum(1 for _ in quads.quads_for_pattern(None, TYPE, kg("Article"), None))
            del quads
    finally:
        folder.release()
        shutil.rmtree(content / "readers", ignore_errors=True)
    return Backup(backup, size, articles)


def _unpack(source: Path, target: Path) -> None:
    """The files of a backup in a folder of their own. Raises StoreError where it is none."""
    try:
        if source.is_dir():
            (target / "quads").mkdir(parents=True)
            for path in (source / _LIST, source / MARKER, *sorted((source / "quads").iterdir())):
                shutil.copyfile(path, target / path.relative_to(source))
        else:
            with tarfile.open(source) as archive:
                archive.extractall(target, filter="data")
        (target / _LIST).stat()
    except (OSError, ValueError, tarfile.TarError, EOFError, zlib.error) as error:
        if is_full(error):
            raise
        raise StoreError(f"{source} is no backup of a store, or damaged: {error}; use another") from error


def _copy(quads: Path, target: Path) -> dict[str, str]:
    target.mkdir(parents=True)
    sums = {}
    for path in sorted(quads.iterdir()):
        if path.is_file() and not path.name.startswith(("LOG", "LOCK")):
            shutil.copyfile(path, target / path.name)
            _sync(target / path.name)
            sums[f"quads/{path.name}"] = _sum(path)
    return sums


def _pack(content: Path, archive: Path) -> Path:
    with tarfile.open(archive, "w:gz" if archive.name.endswith("gz") else "w") as file:
        for name in (_LIST, MARKER, "quads"):
            file.add(content / name, name)
    _sync(archive)
    return archive


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """A folder beside a target to prepare it in; nothing is left of it in the end."""
    for left_over in target.parent.glob(f"{target.name}{PART}*"):
        process, token, _ = left_over.name.rpartition(PART)[2].partition("-")
        if not (token and is_running(process)):
            shutil.rmtree(left_over, ignore_errors=True)
    part = target.with_name(f"{target.name}{PART}{os.getpid()}-{secrets.token_hex(4)}")
    part.mkdir(parents=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _move(done: Path, target: Path) -> None:
    """Put what is ready in its place; never in that of what another process has put there meanwhile."""
    try:
        if done.is_dir():
            done.rename(target)
        else:
            os.link(done, target)
    except OSError as error:
        if target.exists():
            raise UsageError(f"{target} is there by now: another backup has written it; name another") from error
        if done.is_dir():
            raise
        done.rename(target)  # the file system has no links


@contextmanager
def _errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise disk_full(target) from error
        raise StoreError(f"{target} cannot be written: {error.strerror or error}") from error
