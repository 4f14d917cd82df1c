"""A full disk: how it is told from other errors, and what is said of it."""

from __future__ import annotations

import errno
import shutil
from contextlib import suppress
from pathlib import Path

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
