"""The tables of the index, and opening it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kgraph.errors import StoreError

_VERSION = 2  # to be raised when the tables or what is in them change; an index of another version is not read
_OTHER_TABLES = ("no such table", "no such column", "table ")
_BUSY = 20.0  # seconds that one writer waits for another
_TABLES = """
CREATE TABLE IF NOT EXISTS about(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS article(
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, name TEXT NOT NULL, lang TEXT NOT NULL, title TEXT, url TEXT,
  publisher TEXT, published TEXT NOT NULL, source TEXT, claims INTEGER NOT NULL, look TEXT NOT NULL,
  sign TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS article_day ON article(published DESC, id);
CREATE INDEX IF NOT EXISTS article_publisher ON article(publisher, published DESC);
CREATE TABLE IF NOT EXISTS actor(
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL DEFAULT '', country TEXT,
  de TEXT NOT NULL DEFAULT '', en TEXT NOT NULL DEFAULT '', folded TEXT NOT NULL DEFAULT '', claims INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS actor_claims ON actor(claims DESC, iri);
CREATE TABLE IF NOT EXISTS sentence(id INTEGER PRIMARY KEY, article INTEGER NOT NULL, start INTEGER NOT NULL, words TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sentence_place ON sentence(article, start);
CREATE TABLE IF NOT EXISTS claim(
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, article INTEGER NOT NULL, sentence INTEGER NOT NULL, place INTEGER NOT NULL,
  subject INTEGER NOT NULL, object INTEGER NOT NULL, subject_for INTEGER NOT NULL, object_for INTEGER NOT NULL,
  relation TEXT NOT NULL, polarity TEXT NOT NULL, modality TEXT NOT NULL, confidence REAL NOT NULL,
  said TEXT, speaker INTEGER, day TEXT NOT NULL, last TEXT NOT NULL, marks TEXT NOT NULL,
  fact INTEGER NOT NULL, repeats INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS claim_article ON claim(article, place);
CREATE INDEX IF NOT EXISTS claim_sentence ON claim(sentence);
CREATE INDEX IF NOT EXISTS claim_day ON claim(day DESC, id);
CREATE INDEX IF NOT EXISTS claim_relation ON claim(relation, day DESC, id);
CREATE INDEX IF NOT EXISTS claim_edge ON claim(subject, object, relation);
CREATE INDEX IF NOT EXISTS claim_object ON claim(object);
CREATE TABLE IF NOT EXISTS involved(
  actor INTEGER NOT NULL, day TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY(actor, day, claim)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS involved_claim ON involved(claim);
CREATE TABLE IF NOT EXISTS pair(
  one INTEGER NOT NULL, other INTEGER NOT NULL, day TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY(one, other, day, claim)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pair_claim ON pair(claim);
CREATE TABLE IF NOT EXISTS todo(iri TEXT PRIMARY KEY, row TEXT, look TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS repeated(iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS evidence USING fts5(plain, spelt, tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab(evidence, 'row');
"""


_AS_OF = (
    "CREATE TEMP VIEW article AS SELECT * FROM main.article WHERE published > '' AND published <= (SELECT day FROM as_of)",
    "CREATE TEMP VIEW claim AS SELECT c.* FROM main.claim c WHERE EXISTS (SELECT 1 FROM article t WHERE t.id = c.article)",
    "CREATE TEMP TABLE actor AS SELECT a.id, a.iri, a.type, a.country, a.de, a.en, a.folded, COALESCE(n.claims, 0) AS claims"
    " FROM main.actor a LEFT JOIN (SELECT actor, COUNT(*) AS claims FROM"
    " (SELECT id, subject AS actor FROM claim UNION SELECT id, object FROM claim) GROUP BY actor) n ON n.actor = a.id",
    "CREATE UNIQUE INDEX temp.actor_number ON actor(id)",
    "CREATE UNIQUE INDEX temp.actor_name ON actor(iri)",
)


class Damaged(StoreError):
    """The file is no index, or not a whole one."""


def place(store: Path) -> Path:
    """Where the index of the store in a folder lies."""
    return store / "cache" / f"pages-{_VERSION}.sqlite"


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """The index open for writing, made where there is none; what is not committed by then is not kept."""
    path.parent.mkdir(exist_ok=True)
    for other in path.parent.glob("pages-*.sqlite*"):
        if not other.name.startswith(path.name):
            other.unlink(missing_ok=True)
    with _opened(f"{path.resolve().as_uri()}", path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.executescript(_TABLES)
        yield database


@contextmanager
def reading(path: Path, as_of: str = "") -> Iterator[sqlite3.Connection]:
    """The index open for reading, as it is at the first question.

    With a day in ISO form it looks as if only the articles published by then had been read: views that exist for this
    connection alone stand before the tables of their names.
    """
    with _opened(f"{path.resolve().as_uri()}?mode=ro", path) as database:
        if as_of:
            database.execute("PRAGMA temp_store=MEMORY")
        database.execute("BEGIN")
        if as_of:
            database.execute("CREATE TEMP TABLE as_of AS SELECT ? AS day", (date.fromisoformat(as_of).isoformat(),))
            for statement in _AS_OF:
                database.execute(statement)
        yield database


def about(database: sqlite3.Connection, key: str) -> str:
    """A note that the index keeps of itself; empty where it has none."""
    found = database.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
    return str(found[0]) if found else ""


@contextmanager
def _opened(address: str, path: Path) -> Iterator[sqlite3.Connection]:
    try:
        database = sqlite3.connect(address, uri=True, timeout=_BUSY, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreError(f"the index {path} cannot be opened: {error}") from error
    try:
        database.row_factory = sqlite3.Row
        yield database
    except sqlite3.OperationalError as error:
        if str(error).startswith(_OTHER_TABLES):
            raise Damaged(f"the index {path} has other tables: {error}; remove it, and it is made again") from error
        raise StoreError(f"the index {path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise Damaged(f"the index {path} cannot be used: {error}; remove it, and it is made again") from error
    finally:
        database.close()
