"""What `kgraph watch` has read before, on disk: files as they were, pages by their addresses, whose ids are whose."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from kgraph.errors import StoreError
from kgraph.read.records import Ids
from kgraph.read.sources import is_address

FILE = "watch.sqlite"
TRIES = 3
_TABLES = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, look TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (address TEXT PRIMARY KEY, failures INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ids (id TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
"""


class Watched:
    """The memory of a watch, in a store's folder. Its loss costs time and nothing else.

    What is noted counts when the articles are stored: see `kept`. Raises StoreError where the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        with self._errors():
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._path)
            self._base.executescript(_TABLES)
        self._pages: dict[str, bool] = {}

    def unchanged(self, path: Path, look: str) -> bool:
        """True for a file that was read when it looked like this."""
        return self._one("SELECT look FROM files WHERE path = ?", _plain(str(path))) == look

    def note_file(self, path: Path, look: str) -> None:
        """A file was read, looking like this."""
        self._do("INSERT OR REPLACE INTO files VALUES (?, ?)", _plain(str(path)), look)

    def known(self, address: str) -> bool:
        """True for a page that was read, or has failed so often that it is given up."""
        return int(self._one("SELECT failures FROM pages WHERE address = ?", _plain(address)) or 0) in (-1, TRIES)

    def done(self, address: str) -> None:
        """A page was read."""
        self._do("INSERT OR REPLACE INTO pages VALUES (?, -1)", _plain(address))

    def failed(self, address: str) -> None:
        """A page could not be read."""
        self._do("INSERT INTO pages VALUES (?, 1) ON CONFLICT DO UPDATE SET failures = failures + 1", _plain(address))

    def ids_of(self, owner: str) -> Ids:
        """The ids of the articles of a file or an address: its own of before, and those that nobody has."""
        return _Ids(self._owner, owner)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What is noted in this block is on disk at its end, and forgotten where that is not reached."""
        try:
            yield
        except BaseException:
            self._base.rollback()
            raise
        with self._errors():
            self._base.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _owner(self, article: str, owner: str) -> str:
        """Whose an id is; the one that asks becomes its owner where it has none."""
        self._do("INSERT OR IGNORE INTO ids VALUES (?, ?)", _plain(article), _plain(owner))
        return str(self._one("SELECT owner FROM ids WHERE id = ?", _plain(article)))

    def _one(self, question: str, *values: str) -> str | int | None:
        with self._errors():
            row: tuple[str | int] | None = self._base.execute(question, values).fetchone()
        return row[0] if row else None

    def _do(self, statement: str, *values: str) -> None:
        with self._errors():
            self._base.execute(statement, values)

    def _errors(self) -> _Errors:
        return _Errors(self._path)


class _Errors:
    """What goes wrong on disk becomes a StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error | OSError):
            what = f"{self._path} cannot be used: {error}; delete it, and what is watched is looked through again"
            raise StoreError(what) from error


class _Ids(Ids):
    """Ids that no two owners share, in whatever run they come."""

    def __init__(self, owner_of: Callable[[str, str], str], owner: str) -> None:
        super().__init__()
        self._owner_of, self._owner = owner_of, _plain(owner)

    def free(self, name: str) -> bool:
        """True for an id that is not taken in this run, and is nobody else's; an address is that of one page for all."""
        return super().free(name) and (is_address(name) or self._owner_of(name, self._owner) == self._owner)


def _plain(text: str) -> str:
    """A text that can be written down; half characters, as file names may have them, are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()
