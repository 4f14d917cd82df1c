"""Which articles may be near-identical to a new one, without a look at all of them: a small index beside the graph.

It can be made again from the store at any time, and holds nothing that the store does not. What it says is checked
against the store, so that a name too many does no harm; a name is therefore entered before the article is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from kgraph.graph.fingerprints import KEYS, Fingerprint, read_fingerprint

WINDOW = 3  # days between the publications of what can be copies of one report
FILE = "copies.sqlite3"
_ENOUGH = 2  # keys in common
_TABLES = """
CREATE TABLE IF NOT EXISTS article (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, day INTEGER, fingerprint TEXT);
CREATE TABLE IF NOT EXISTS key (hash INTEGER, article INTEGER, PRIMARY KEY (hash, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unlinked (iri TEXT PRIMARY KEY);
"""
_NEAR = f"""
SELECT iri, fingerprint FROM (
  SELECT article, COUNT(*) AS common FROM key WHERE hash IN ({", ".join("?" * KEYS)}) GROUP BY article
) JOIN article ON number = article
WHERE common >= {_ENOUGH} AND ((day IS NULL AND ? IS NULL) OR ABS(day - ?) <= {WINDOW}) AND iri != ? ORDER BY iri
"""
Entry = tuple[str, Fingerprint, date | None]


class CopyIndex:
    """The index in a store's folder; `entries` gives all articles, for when it has to be made anew.

    `unlinked` are articles that were stored, or were to be, without what they copy having been written yet.
    """

    def __init__(self, folder: Path, entries: Callable[[], Iterable[Entry]]) -> None:
        self._path = folder / FILE
        self._entries = entries
        try:
            self._file = self._opened()
        except sqlite3.DatabaseError:
            drop(folder)
            self._file = self._opened()

    def near(self, iri: str, text: Fingerprint, day: date | None) -> list[str]:
        """The other articles that copy a text or are copied by it, and are of about the same day, in order."""
        when = day.toordinal() if day else None
        keys = [*text.keys, *([None] * (KEYS - len(text.keys)))]
        found = self._file.execute(_NEAR, (*keys, when, when, iri))
        return [other for other, fingerprint in found if text.copies(read_fingerprint(fingerprint))]

    def put(self, entries: Iterable[Entry], *, unlinked: bool = False) -> list[str]:
        """Enter articles, in the place of what is known of them; those whose text changes are unlinked, and given."""
        with self._file:
            given = [iri for iri, text, day in entries if self._put(iri, text, day) or unlinked]
            if given:
                self._file.executemany("INSERT OR IGNORE INTO unlinked VALUES (?)", [(iri,) for iri in given])
        return given

    def knows(self, iri: str) -> bool:
        """True where an article is in the index."""
        return self._file.execute("SELECT 1 FROM article WHERE iri = ?", (iri,)).fetchone() is not None

    @property
    def unlinked(self) -> list[str]:
        """The articles whose copies have still to be looked for."""
        return [iri for (iri,) in self._file.execute("SELECT iri FROM unlinked ORDER BY iri")]

    def settle(self, linked: Iterable[str], gone: Iterable[str]) -> None:
        """Take note that the links of articles are written, and that some have no text any more."""
        with self._file:
            self._file.executemany("DELETE FROM unlinked WHERE iri = ?", [(iri,) for iri in linked])
            for iri in gone:
                self._forget(iri)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _opened(self) -> sqlite3.Connection:
        new = not self._path.exists()
        file = sqlite3.connect(self._path, check_same_thread=False)
        try:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = OFF")
            with file:
                file.executescript(_TABLES)
            complete: Any = file.execute("PRAGMA user_version").fetchone()[0]
            if new or not complete:
                self._fill(file)
        except BaseException:
            file.close()
            raise
        return file

    def _fill(self, file: sqlite3.Connection) -> None:
        self._file = file
        with file:
            for entry in self._entries():
                self._put(*entry)
        file.execute("PRAGMA user_version = 1")

    def _put(self, iri: str, text: Fingerprint, day: date | None) -> bool:
        """Enter an article; True where another text is known of it."""
        when = day.toordinal() if day else None
        known = self._file.execute("SELECT day, fingerprint FROM article WHERE iri = ?", (iri,)).fetchone()
        if known == (when, str(text)):
            return False
        self._forget(iri)
        number = self._file.execute(
            "INSERT INTO article (iri, day, fingerprint) VALUES (?, ?, ?)", (iri, when, str(text))
        ).lastrowid
        self._file.executemany("INSERT INTO key VALUES (?, ?)", [(key, number) for key in text.keys])
        return known is not None

    def _forget(self, iri: str) -> None:
        known = self._file.execute("SELECT number, fingerprint FROM article WHERE iri = ?", (iri,)).fetchone()
        if known:
            keys = read_fingerprint(known[1]).keys
            self._file.executemany("DELETE FROM key WHERE hash = ? AND article = ?", [(key, known[0]) for key in keys])
            self._file.execute("DELETE FROM article WHERE number = ?", (known[0],))


def drop(folder: Path) -> None:
    """Delete the index of a store that is not open; the next writing makes it again."""
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
