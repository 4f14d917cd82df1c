"""What is served: snapshots of a store that others go on writing.

A snapshot is a folder inside the store's, of hard links to the engine's files, which never change once written, and
copies of the few that do. It is taken while nobody writes; while somebody does, the last one serves.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kgraph.errors import StoreLocked
from kgraph.graph.folder import StoreFolder

_SERVED = "served-"
_PAUSE = 0.5  # seconds between two looks at the store's files
_UNCHANGING = ".sst"
_NOT_CONTENT = ("LOCK", "LOG", "IDENTITY")


@dataclass(slots=True, eq=False)
class Snapshot:
    """A folder with a store that nobody writes; `version` names its content, `time` is when it was taken."""

    folder: Path
    version: str
    time: datetime
    users: int = 0


class Snapshots:
    """The snapshots of a store; the newest is given out, the older ones go when nobody uses them any more."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._root: Path | None = None
        self._current: Snapshot | None = None
        self._older: list[Snapshot] = []
        self._looked = 0.0
        self._turn = asyncio.Lock()
        self._count = 0

    async def open(self, *, written: bool = False) -> None:
        """Take the first snapshot, unless the store is `written` through `published`.

        Raises StoreError where there is no store, StoreLocked while another process writes it.
        """
        await asyncio.to_thread(self._make_root)
        if not written:
            await asyncio.to_thread(self._take)

    async def close(self) -> None:
        """Remove all snapshots."""
        if self._root:
            await asyncio.to_thread(_discard, self._root)

    def new_folder(self) -> Path:
        """Where the next snapshot can be put by somebody else, to be announced by `published`."""
        assert self._root is not None
        self._count += 1
        return self._root / str(self._count)

    def published(self, folder: Path) -> None:
        """Give out a snapshot that was made in a folder."""
        self._replace(Snapshot(folder, _version(folder / "quads"), datetime.now(UTC)))

    @asynccontextmanager
    async def newest(self, *, look: bool = True) -> AsyncIterator[Snapshot]:
        """The newest snapshot, which stays until the end of the `with`; `look` for changes by other processes first."""
        if look and time.monotonic() - self._looked > _PAUSE:
            async with self._turn:
                if time.monotonic() - self._looked > _PAUSE:
                    with suppress(StoreLocked):
                        await asyncio.to_thread(self._take)
                    self._looked = time.monotonic()
        snapshot = self._current
        assert snapshot is not None
        snapshot.users += 1
        try:
            yield snapshot
        finally:
            snapshot.users -= 1
            self._tidy()

    def _make_root(self) -> None:
        StoreFolder(self._store, read_only=True).release()  # says so where there is no store
        for left_over in self._store.glob(f"{_SERVED}*"):
            if not _runs(left_over.name):
                _discard(left_over)
        self._root = Path(tempfile.mkdtemp(prefix=f"{_SERVED}{os.getpid()}-", dir=self._store))

    def _take(self) -> None:
        source = self._store / "quads"
        if self._current and self._current.version == _version(source):
            return
        folder = StoreFolder(self._store, read_only=True)  # keeps writers out
        try:
            version = _version(source)
            target = self.new_folder()
            _link(source, target / "quads")
            shutil.copy2(self._store / "kgraph-store.json", target)
        finally:
            folder.release()
        self._replace(Snapshot(target, version, datetime.now(UTC)))

    def _replace(self, snapshot: Snapshot) -> None:
        if self._current:
            self._older.append(self._current)
        self._current = snapshot
        self._tidy()

    def _tidy(self) -> None:
        for snapshot in [snapshot for snapshot in self._older if not snapshot.users]:
            self._older.remove(snapshot)
            _discard(snapshot.folder)


def _discard(folder: Path) -> None:
    """Remove a folder of snapshots; no other folder is ever removed."""
    if any(part.startswith(_SERVED) for part in (folder.name, folder.parent.name)):
        shutil.rmtree(folder, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.suffix == _UNCHANGING:
            os.link(file, target / file.name)
        elif file.name != "LOCK":
            shutil.copy2(file, target)


def _version(quads: Path) -> str:
    """A name for the content of an engine's folder, from its files' names, sizes and times."""
    checksum = hashlib.sha256()
    for file in sorted(quads.iterdir()):
        if not file.name.startswith(_NOT_CONTENT):
            with suppress(FileNotFoundError):
                about = file.stat()
                checksum.update(f"{file.name}\x1f{about.st_size}\x1f{about.st_mtime_ns}\x1f".encode())
    return checksum.hexdigest()[:16]


def _runs(name: str) -> bool:
    """True where the process that a folder of snapshots is named after is still there."""
    pid = name.removeprefix(_SERVED).partition("-")[0]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
