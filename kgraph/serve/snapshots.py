"""What is served: snapshots of a store that others go on writing, folders of hard links inside the store's own."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kgraph.apart import is_running
from kgraph.errors import StoreError
from kgraph.graph.folder import StoreFolder
from kgraph.graph.readers import View

_SERVED = "served-"
_PAUSE = 1.0  # seconds between two looks at the store's files
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

    async def open(self) -> None:
        """Take the first snapshot. Raises StoreError where there is no store, or no place for snapshots."""
        await asyncio.to_thread(self._make_root)
        await self.renew()

    async def close(self) -> None:
        """Remove all snapshots."""
        if self._root:
            await asyncio.to_thread(_discard, self._root)

    async def renew(self, *, after: float = 0.0) -> None:
        """Take a new snapshot where the store has changed, and nobody has looked for so many seconds."""
        async with self._turn:
            if time.monotonic() - self._looked >= after:
                snapshot = await asyncio.to_thread(self._take)
                self._looked = time.monotonic()
                if snapshot:
                    self._older += [self._current] if self._current else []
                    self._current = snapshot
                    self._tidy()

    @asynccontextmanager
    async def newest(self) -> AsyncIterator[Snapshot]:
        """The newest snapshot, which stays until the end of the `with`; a change is seen after a second."""
        if time.monotonic() - self._looked > _PAUSE:
            await self.renew(after=_PAUSE)
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
        with self._errors():
            for left_over in self._store.glob(f"{_SERVED}*"):
                if not is_running(left_over.name.removeprefix(_SERVED).partition("-")[0]):
                    _discard(left_over)
            self._root = Path(tempfile.mkdtemp(prefix=f"{_SERVED}{os.getpid()}-", dir=self._store))

    def _take(self) -> Snapshot | None:
        with self._errors():
            version = _version(self._store / "quads")  # read before: what is written meanwhile makes the next snapshot
            if self._current and self._current.version == version:
                return None
            assert self._root is not None
            self._count += 1
            folder = self._root / str(self._count)
            folder.mkdir()
            view = View(self._store / "quads")
            try:
                view.path.rename(folder / "quads")
                shutil.copy2(self._store / "kgraph-store.json", folder)
            finally:
                view.release()
        return Snapshot(folder, version, datetime.now(UTC))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"no snapshot of the store {self._store} can be taken: {error}; serving needs it"
            ) from error

    def _tidy(self) -> None:
        for snapshot in [snapshot for snapshot in self._older if not snapshot.users]:
            self._older.remove(snapshot)
            _discard(snapshot.folder)


def _discard(folder: Path) -> None:
    """Remove a folder of snapshots; no other folder is ever removed."""
    if any(part.startswith(_SERVED) for part in (folder.name, folder.parent.name)):
        shutil.rmtree(folder, ignore_errors=True)


def _version(quads: Path) -> str:
    """A name for the content of an engine's folder, from its files' names, sizes and times."""
    checksum = hashlib.sha256()
    for file in sorted(quads.iterdir()):
        if not file.name.startswith(_NOT_CONTENT):
            with suppress(FileNotFoundError):
                about = file.stat()
                checksum.update(f"{file.name}\x1f{about.st_size}\x1f{about.st_mtime_ns}\x1f".encode())
    return checksum.hexdigest()[:16]
