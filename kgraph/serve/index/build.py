"""Making the index of a store, and bringing it up to date: articles that changed are put in anew, the others stay.

What has changed is seen in two ways: by looking at the articles alone (what is known of each, how many claims it has, the
hash of what read it), and by reading all claims, which also finds what somebody changed by hand, and takes its time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import StoreError
from kgraph.graph import Store
from kgraph.serve.index import schema
from kgraph.serve.index.writer import SIGNS, Writer, sign

_BATCH = 100  # articles in a transaction
_REPEATS = "SELECT ?claim WHERE { ?claim kg:repeats ?earlier }"


@dataclass(frozen=True, slots=True)
class Step:
    """How far the index has come: so many articles are still to be put in."""

    left: int


def update(store: Store, path: Path, version: str, *, thorough: bool = True) -> Step:
    """Put a batch of articles in that are new or changed, and take out those that are gone.

    To be called until nothing is left; then the index says that it is of that version of the store. All that is done is
    kept, also where the next call never comes. `thorough` reads all claims to see what has changed. An index that is
    damaged is made anew.
    """
    try:
        return _update(store, path, version, thorough=thorough)
    except schema.Damaged:
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return _update(store, path, version, thorough=thorough)


def version_of(path: Path) -> str:
    """The version of the store that an index is of; empty where there is no whole index."""
    if not path.exists():
        return ""
    try:
        with schema.reading(path) as database:
            return schema.about(database, "version")
    except StoreError:
        return ""


def _update(store: Store, path: Path, version: str, *, thorough: bool) -> Step:
    plan = f"{version} {'thorough' if thorough else 'quick'}"
    with schema.writing(path) as database:
        if schema.about(database, "plan") != plan:
            _plan(store, database, plan, thorough=thorough)
        stale = database.execute("SELECT iri, row, look FROM todo LIMIT ?", (_BATCH,)).fetchall()
        database.execute("BEGIN IMMEDIATE")
        writer = Writer(database, store)
        for iri, row, look in stale:
            writer.replace(iri, row, look)
        database.executemany("DELETE FROM todo WHERE iri = ?", [(iri,) for iri, *_ in stale])
        left = int(database.execute("SELECT COUNT(*) FROM todo").fetchone()[0])
        writer.settle(everybody=thorough and not left)
        if not left:
            _note(database, "version", version)
        database.execute("COMMIT")
        if not left:
            database.execute("PRAGMA optimize")
        return Step(left)


def _plan(store: Store, database: sqlite3.Connection, plan: str, *, thorough: bool) -> None:
    """Compare the articles of the store with those of the index, and note which differ."""
    signs = _signs(store) if thorough else {}
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM todo")
    database.execute("CREATE TEMP TABLE now(iri TEXT PRIMARY KEY, row TEXT, look TEXT, sign TEXT) WITHOUT ROWID")
    database.executemany("INSERT OR REPLACE INTO now VALUES (?, ?, ?, ?)", _looks(store, signs))
    differs = "article.look IS NOT now.look" + (" OR article.sign IS NOT now.sign" if thorough else "")
    database.execute(
        f"INSERT INTO todo SELECT now.iri, now.row, now.look FROM now LEFT JOIN article USING(iri) WHERE {differs}"
    )
    database.execute("INSERT INTO todo SELECT iri, NULL, NULL FROM article WHERE iri NOT IN (SELECT iri FROM now)")
    _note_repeats(store, database)
    _note(database, "plan", plan)
    database.execute("COMMIT")


def _signs(store: Store) -> dict[str, int]:
    """Of each article with claims a number that stands for all that these say."""
    signs: dict[str, int] = {}
    for edge in store.edges():
        said = sign(
            (
                edge.claim, edge.subject, edge.relation, edge.object, edge.subject_for, edge.object_for, edge.polarity,
                edge.modality, edge.confidence, edge.words, edge.speaker, edge.first, edge.last, edge.place,
            )
        )  # fmt: skip
        signs[edge.article] = (signs.get(edge.article, 0) + said) % SIGNS
    return signs


def _looks(store: Store, signs: dict[str, int]) -> Iterator[tuple[str, str, str, str]]:
    for article in store.articles():
        said = f"{article!r}{store.reading_of(article.iri)}"
        look = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        yield article.iri, json.dumps(article.as_dict()), look, f"{signs.get(article.iri, 0):x}"


def _note_repeats(store: Store, database: sqlite3.Connection) -> None:
    """Which claims say again what an earlier article says can change without a change of their own articles."""
    _, lines = store.sparql(_REPEATS, media_type="text/tab-separated-values")
    claims = [(line.decode().strip("<>"),) for line in lines.splitlines()[1:]]
    database.execute("DELETE FROM repeated")
    database.executemany("INSERT OR IGNORE INTO repeated VALUES (?)", claims)
    database.execute("UPDATE claim SET repeats = 1 WHERE NOT repeats AND iri IN (SELECT iri FROM repeated)")
    database.execute("UPDATE claim SET repeats = 0 WHERE repeats AND iri NOT IN (SELECT iri FROM repeated)")


def _note(database: sqlite3.Connection, key: str, value: str) -> None:
    database.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))
