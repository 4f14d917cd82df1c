"""The folder of a store: who may open it, what wrote it, and where the quads lie.

DIR/kgraph-store.json    what this is: format, version of the engine, hashes of the ontology and the actor lists
DIR/lock                 held by the writer, whom it names
DIR/quads/               the engine's files
DIR/readers/             views of them, one for each reader
DIR/copies.sqlite3       an index of near-identical articles, made anew where it is missing

Format 1 had neither views nor fingerprints of articles. Opened for writing it becomes format 2.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import IO

import pyoxigraph

from kgraph.errors import StoreError, StoreLocked
from kgraph.graph.disk import disk_full, is_full
from kgraph.graph.readers import View

if sys.platform != "win32":
    import fcntl

FORMAT = 2
_READABLE = (1, FORMAT)
MARKER = "kgraph-store.json"
OLD = "quads.old"  # while a backup is put in the place of what is there
PART = ".part-"  # in the names of what is being prepared
_LOCK = "lock"
_WHERE_ELSE = "name another folder with --store"


class StoreFolder:
    """A store's folder, held until `release` is called; `quads` is where the engine opens its files.

    One process may write at a time. A reader gets a view of its own, so that it neither waits for the writer nor keeps
    one out. Only where no view can be made, as in a folder that cannot be written, does it read the files themselves,
    and keeps writers out meanwhile.
    Raises StoreError where there is no store, or one that this version cannot read; StoreLocked where another
    process writes it. A missing or empty folder becomes a new store unless it is opened for reading.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.quads = path / "quads"
        self._view: View | None = None
        self._lock: IO[str] | None = None
        _check_place(path, read_only=read_only)
        try:
            if read_only:
                self._look()
            else:
                path.mkdir(parents=True, exist_ok=True)
                self._lock = _lock(path, read_only=False)
                _recover(self.quads)
        except OSError as error:
            if is_full(error):
                raise disk_full(path) from error
            raise StoreError(f"the store {path} cannot be opened: {error.strerror or error}; {_WHERE_ELSE}") from error
        try:
            self.marker = self._read_marker()
        except BaseException:
            self.release()
            raise

    @property
    def old(self) -> bool:
        """True where an earlier version or an earlier engine has written the store."""
        return self.outdated or self.marker.get("oxigraph") != pyoxigraph.__version__

    @property
    def outdated(self) -> bool:
        """True where the store has an earlier format; opening it for writing brings it up to date."""
        return self.marker.get("format") != FORMAT

    def mark(self, **values: str | None) -> None:
        """Write values into the marker, on disk before this returns; None removes one."""
        marker = {**self.marker, "format": FORMAT, "oxigraph": pyoxigraph.__version__, **values}
        self.marker = {key: value for key, value in marker.items() if value is not None}
        new = self.path / f"{MARKER}.new"
        try:
            with new.open("w", encoding="utf-8") as file:
                json.dump(self.marker, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path / MARKER)
        except OSError as error:
            if is_full(error):
                raise disk_full(self.path) from error
            raise StoreError(f"the store {self.path} cannot be written: {error.strerror or error}") from error

    def release(self) -> None:
        """Let others open the store."""
        if self._view:
            self._view.release()
            self._view = None
        if self._lock:
            if not self.read_only:
                self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def _look(self) -> None:
        try:
            self._view = View(self.quads)
        except OSError:
            self._lock = _lock(self.path, read_only=True)
        else:
            self.quads = self._view.path

    def _read_marker(self) -> dict[str, str | int]:
        try:
            marker: dict[str, str | int] = dict(json.loads((self.path / MARKER).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            raise StoreError(f"{self.path / MARKER} cannot be read: {error}; restore it from a copy") from error
        found = marker.get("format")
        if found not in _READABLE:
            raise StoreError(
                f"the store {self.path} has format {found}, this kgraph reads formats up to {FORMAT}: "
                "pip install --upgrade kgraph, or write 'kgraph export --format nquads' with the version that made it "
                "and 'kgraph import' here"
            )
        engine = str(marker.get("oxigraph", "0"))
        if _release(engine) > _release(pyoxigraph.__version__):
            raise StoreError(
                f"the store {self.path} was written by pyoxigraph {engine}, and {pyoxigraph.__version__} cannot "
                "read it: pip install --upgrade pyoxigraph"
            )
        return marker


def _recover(quads: Path) -> None:
    """Put a store's files back, where the process that was replacing them was killed half way."""
    old = quads.with_name(OLD)
    if old.exists():
        if quads.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(quads)


def _check_place(path: Path, *, read_only: bool) -> None:
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file, and a store is a folder; {_WHERE_ELSE}")
    if (path / MARKER).exists():
        return
    names = {child.name for child in path.iterdir()} if path.is_dir() else set()
    if any(PART not in name for name in names - {_LOCK, "quads", "readers"}):
        raise StoreError(f"{path} is not empty and no store of kgraph; {_WHERE_ELSE}")
    if read_only:
        raise StoreError(f"there is no store at {path}; 'kgraph add' makes one, or {_WHERE_ELSE}")


def _lock(path: Path, *, read_only: bool) -> IO[str] | None:
    """Hold the folder: alone for writing, shared for reading in place. On Windows the engine's own lock has to do."""
    if sys.platform == "win32":
        return None
    try:
        file = (path / _LOCK).open("r" if read_only and (path / _LOCK).exists() else "a+", encoding="utf-8")
    except PermissionError:
        if read_only:  # nobody can write here, so that there is nobody to be kept out
            return None
        raise
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if read_only else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        with file:
            raise StoreLocked(f"the store {path} {_holder(file)}") from error
    if not read_only:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
    return file


def _holder(file: IO[str]) -> str:
    """Who holds the lock: the writer leaves its process id in the file, readers leave nothing."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        pid = file.read()
    else:
        pid = ""  # those who hold it are readers like us; what stands in the file is of a writer long gone
    if pid == str(os.getpid()):
        return "is already open in this process; close it first"
    if pid.isdigit():
        return f"is being written by process {pid}; try again when it is done"
    return "is being read by another process; try again when it is done"


def _release(version: str) -> tuple[int, ...]:
    """The part of a version within which the engine keeps its files' format."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
