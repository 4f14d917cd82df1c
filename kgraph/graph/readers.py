"""What a reader sees of a store that others may be writing: a view of its own, as the store is at that moment.

The engine's tables never change once they are written, so that a view holds them by hard links. Only the list of
tables, which is small, and the log of what is not in tables yet, which the writer keeps small, are copied. The writer is
not asked, does not wait, and may replace or delete files at any time: a view during whose taking the list of tables or
the set of logs has changed is thrown away and taken again.

DIR/readers/NAME/        the files of a view
DIR/readers/NAME.lock    held while somebody reads it; what nobody holds is left over from a killed process
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_FOLDER = "readers"
_TRIES = 200
_PAUSE = 0.005  # seconds, before a view is taken again
_State = tuple[str, int, tuple[str, ...]]


class View:
    """A view of a store's files in the folder `path`, until `release` is called.

    Raises OSError where no view can be taken: the store's folder cannot be written, or its disk is full.
    """

    def __init__(self, quads: Path) -> None:
        readers = quads.parent / _FOLDER
        readers.mkdir(exist_ok=True)
        clear(quads)
        self._lock: IO[bytes] | None
        self.path, self._lock = _place(readers)
        try:
            _take(quads, self.path)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Delete the view."""
        if self._lock is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            Path(self._lock.name).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def clear(quads: Path) -> None:
    """Delete the views that killed readers have left."""
    readers = quads.parent / _FOLDER
    with suppress(FileNotFoundError, NotADirectoryError):
        for place in list(readers.iterdir()):
            if place.suffix == ".lock":
                _clear(place)
            elif not place.with_suffix(".lock").exists():
                shutil.rmtree(place, ignore_errors=True)


def _clear(lock: Path) -> None:
    with suppress(OSError), lock.open("r+b") as file:
        if _hold(file):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def _place(readers: Path) -> tuple[Path, IO[bytes]]:
    """The name for a new view, and its lock, held; between its making and its holding another process may clear it."""
    while True:
        path = readers / f"{os.getpid()}-{secrets.token_hex(4)}"
        lock = path.with_suffix(".lock")
        file = lock.open("xb")
        with suppress(FileNotFoundError):
            if _hold(file) and os.path.samestat(lock.stat(), os.fstat(file.fileno())):
                return path, file
        file.close()


def _hold(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take(quads: Path, view: Path) -> None:
    for _ in range(_TRIES):
        try:
            before = _state(quads)
            view.mkdir()
            _copy(quads, view, before)
            if _state(quads) == before:
                return
        except FileNotFoundError:  # replaced while we looked
            if not quads.is_dir():
                raise
        shutil.rmtree(view, ignore_errors=True)
        time.sleep(_PAUSE)
    raise OSError(f"{quads} has changed {_TRIES} times while it was being opened")


def _state(quads: Path) -> _State:
    """What is not the same before and after a change of the set of files that belong to the store."""
    manifest = (quads / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
    logs = tuple(sorted(file.name for file in quads.iterdir() if file.suffix == ".log"))
    return manifest, (quads / manifest).stat().st_size, logs


def _copy(quads: Path, view: Path, state: _State) -> None:
    manifest, size, logs = state
    (view / "CURRENT").write_text(f"{manifest}\n", encoding="ascii")
    with (quads / manifest).open("rb") as file:
        (view / manifest).write_bytes(file.read(size))
    for log in logs:  # the engine writes old logs over: a link would change under the reader
        shutil.copyfile(quads / log, view / log)
    for table in list(quads.iterdir()):
        if table.suffix == ".sst" and table.stem.isdigit():
            with suppress(FileNotFoundError):  # not among the store's tables any more
                _link(table, view / table.name)


def _link(table: Path, view: Path) -> None:
    try:
        os.link(table, view)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without hard links
        shutil.copyfile(table, view)
