"""A full disk: how it is told from other errors, and what is said of it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kgraph.errors import StoreError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("no space left", "file too large", "quota exceeded", "disk is full")


def is_full(error: BaseException) -> bool:
    """True where an error says that a disk has no room left, or that a file may not grow."""
    said = str(error).lower()
    return getattr(error, "errno", None) in _FULL or any(words in said for words in _FULL_WORDS)


def disk_full(path: Path) -> StoreError:
    """What is said of a full disk."""
    room = ""
    with suppress(OSError):
        room = f" ({shutil.disk_usage(_place(path)).free // 1_000_000} MB free)"
    return StoreError(
        f"the disk that holds {path} is full{room}, or your share of it; nothing that was stored is lost: "
        "make room, then do the same again"
    )


def _place(path: Path) -> Path:
    return next(place for place in (path, *path.absolute().parents) if place.exists())


@contextmanager
def room_for(output: IO[bytes]) -> Iterator[None]:
    """A full disk during the writing of a file becomes a StoreError that names it, and the file is closed."""
    try:
        yield
        output.flush()
    except OSError as error:
        if is_full(error):
            with suppress(OSError):
                output.close()  # or the rest would be tried again by whoever closes it, and fail there
            name = getattr(output, "name", None)
            raise disk_full(Path(name) if isinstance(name, str) else Path()) from error
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: what was there before stays until all is written. Raises OSError."""
    if path.exists() and not path.is_file():  # a terminal or a pipe
        path.write_bytes(content)
        return
    new = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
