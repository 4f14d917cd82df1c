"""Making the index of a store, and bringing it up to date: articles that changed are put in anew, the others stay."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgraph.errors import StoreError, UnknownActor
from kgraph.graph import Store, StoredActor, StoredClaim
from kgraph.serve.index import schema
from kgraph.serve.index.folding import plain, spelt

_BATCH = 200  # articles in a transaction
_OF_ARTICLE = "(SELECT id FROM claim WHERE article = ?1)"
_SENTENCE, _TITLE = 0, 1  # what a row of the full text is: twice the number of a sentence, or of an article and one


@dataclass(frozen=True, slots=True)
class Step:
    """How far the index has come: so many articles are still to be put in."""

    left: int


def update(store: Store, path: Path, version: str) -> Step:
    """Put a batch of articles in that are new or changed, and take out those that are gone.

    To be called until nothing is left; then the index says that it is of that version of the store. All that is done is
    kept, also where the next call never comes. An index that is damaged is made anew.
    """
    try:
        return _update(store, path, version)
    except schema.Damaged:
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return _update(store, path, version)


def _update(store: Store, path: Path, version: str) -> Step:
    with schema.writing(path) as database:
        if schema.about(database, "plan") != version:
            _plan(store, database, version)
        stale = [iri for [iri] in database.execute("SELECT iri FROM todo LIMIT ?", (_BATCH,))]
        database.execute("BEGIN IMMEDIATE")
        writer = _Writer(database)
        for iri in stale:
            writer.replace(store, iri)
        database.execute(f"DELETE FROM todo WHERE iri IN ({','.join('?' * len(stale))})", stale)
        left = int(database.execute("SELECT COUNT(*) FROM todo").fetchone()[0])
        database.execute("COMMIT")
        if not left:
            _finish(store, database, version)
        return Step(left)


def version_of(path: Path) -> str:
    """The version of the store that an index is of; empty where there is no whole index."""
    if not path.exists():
        return ""
    try:
        with schema.reading(path) as database:
            return schema.about(database, "version")
    except StoreError:
        return ""


def _plan(store: Store, database: sqlite3.Connection, version: str) -> None:
    """Compare the articles of the store with those of the index, by a sign of each, and note which differ."""
    signs: dict[str, int] = {}
    once = {edge.claim for edge in store.edges(copies=False)}
    repeats: list[tuple[str]] = []
    for edge in store.edges():
        row = f"{edge!r}{edge.claim in once}"
        if edge.claim not in once:
            repeats.append((edge.claim,))
        number = int.from_bytes(hashlib.blake2b(row.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        signs[edge.article] = (signs.get(edge.article, 0) + number) % 2**64
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM todo")
    database.execute("DELETE FROM repeated")
    database.executemany("INSERT INTO repeated VALUES (?)", repeats)
    database.execute("CREATE TEMP TABLE now(iri TEXT PRIMARY KEY, sign TEXT, row TEXT) WITHOUT ROWID")
    database.executemany("INSERT OR REPLACE INTO now VALUES (?, ?, ?)", _signed(store, signs))
    database.execute(
        "INSERT INTO todo SELECT now.iri, now.sign, now.row FROM now LEFT JOIN article USING(iri)"
        " WHERE article.sign IS NOT now.sign"
    )
    database.execute("INSERT INTO todo SELECT iri, NULL, NULL FROM article WHERE iri NOT IN (SELECT iri FROM now)")
    _note(database, "plan", version)
    database.execute("COMMIT")


def _signed(store: Store, signs: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    for article in store.articles():
        said = f"{article!r}{store.reading_of(article.iri)}{signs.get(article.iri, 0)}"
        sign = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        yield article.iri, sign, json.dumps(article.as_dict())


def _finish(store: Store, database: sqlite3.Connection, version: str) -> None:
    """Forget actors that no claim names any more, and write down the names and numbers of the others."""
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "DELETE FROM actor WHERE id NOT IN (SELECT actor FROM involved)"
        " AND id NOT IN (SELECT speaker FROM claim WHERE speaker IS NOT NULL)"
    )
    for number, iri in database.execute("SELECT id, iri FROM actor").fetchall():
        actor = _actor(store, iri)
        de, en = store.label(iri, "de"), store.label(iri, "en")
        folded = " ".join(dict.fromkeys([plain(de), spelt(de), plain(en)]))
        database.execute(
            "UPDATE actor SET type = ?, country = ?, de = ?, en = ?, folded = ?,"
            " claims = (SELECT COUNT(*) FROM claim WHERE id IN"
            " (SELECT id FROM claim WHERE subject = ?6 UNION SELECT id FROM claim WHERE object = ?6)) WHERE id = ?6",
            (actor.type.value if actor.type else "", actor.country, _clean(de), _clean(en), _clean(folded), number),
        )
    _note(database, "version", version)
    database.execute("COMMIT")
    database.execute("PRAGMA optimize")


def _actor(store: Store, iri: str) -> StoredActor:
    try:
        return store.actor(iri)
    except UnknownActor:  # neither lists nor texts say what it is
        return StoredActor(iri, None, store.label(iri))


class _Writer:
    """Puts articles in the place of what the index has of them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._actors: dict[str, int] = {}

    def replace(self, store: Store, iri: str) -> None:
        """Take an article out, and put it in as the store has it now, if it has it."""
        self._remove(iri)
        [sign, row] = self._database.execute("SELECT sign, row FROM todo WHERE iri = ?", (iri,)).fetchone()
        if sign:
            self._insert(json.loads(row), sign, store)

    def _remove(self, iri: str) -> None:
        found = self._database.execute("SELECT id FROM article WHERE iri = ?", (iri,)).fetchone()
        if not found:
            return
        for statement in (
            f"DELETE FROM involved WHERE claim IN {_OF_ARTICLE}",
            f"DELETE FROM pair WHERE claim IN {_OF_ARTICLE}",
            "DELETE FROM claim WHERE article = ?1",
            "DELETE FROM evidence WHERE rowid IN (SELECT 2 * id FROM sentence WHERE article = ?1)",
            "DELETE FROM evidence WHERE rowid = 2 * ?1 + 1",
            "DELETE FROM sentence WHERE article = ?1",
            "DELETE FROM article WHERE id = ?1",
        ):
            self._database.execute(statement, (found[0],))

    def _insert(self, article: dict[str, Any], sign: str, store: Store) -> None:
        values = [article[name] for name in ("iri", "id", "lang", "title", "url", "publisher", "source", "claims")]
        number = self._row(
            "INSERT INTO article(iri, name, lang, title, url, publisher, source, claims, published, sign)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, article["published"] or "", sign),
        )
        if article["title"]:
            self._text(2 * number + _TITLE, article["title"])
        sentences: dict[int, int] = {}
        for claim in store.claims(article=article["iri"]):
            start = claim.sentence.start
            if start not in sentences:
                place = (number, start, claim.sentence.text)
                sentences[start] = self._row("INSERT INTO sentence(article, start, words) VALUES (?, ?, ?)", place)
                self._text(2 * sentences[start] + _SENTENCE, claim.sentence.text)
            self._claim(claim, number, sentences[start])

    def _claim(self, claim: StoredClaim, article: int, sentence: int) -> None:
        published = claim.article.published.isoformat() if claim.article.published else ""
        day, last = (claim.when.start.isoformat(), claim.when.end.isoformat()) if claim.when else (published, published)
        said = claim.attribution
        ends = [claim.subject.actor.iri, claim.object.actor.iri, claim.subject.on_behalf_of, claim.object.on_behalf_of]
        subject, object_, subject_for, object_for = map(self._actor, ends)
        number = self._row(
            "INSERT INTO claim(iri, article, sentence, place, subject, object, subject_for, object_for, relation, polarity,"
            " modality, confidence, said, speaker, day, last, marks, fact, repeats)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, EXISTS (SELECT 1 FROM repeated WHERE iri = ?1))",
            (
                claim.id, article, sentence, claim.trigger.start, subject, object_, subject_for, object_for,
                claim.relation.value, claim.polarity.value, claim.modality.value, claim.confidence,
                said.span.text if said else None, self._actor(said.actor.iri) if said and said.actor else None,
                day, last, json.dumps(_marks(claim)), claim.is_fact,
            ),
        )  # fmt: skip
        for actor in {subject, object_, subject_for, object_for}:
            self._database.execute("INSERT INTO involved VALUES (?, ?, ?)", (actor, day, number))
        for one in {subject, subject_for}:
            for other in {object_, object_for} - {one}:
                self._database.execute(
                    "INSERT OR IGNORE INTO pair VALUES (?, ?, ?, ?)", (min(one, other), max(one, other), day, number)
                )

    def _actor(self, iri: str) -> int:
        if iri not in self._actors:
            found = self._database.execute("SELECT id FROM actor WHERE iri = ?", (iri,)).fetchone()
            self._actors[iri] = found[0] if found else self._row("INSERT INTO actor(iri) VALUES (?)", (iri,))
        return self._actors[iri]

    def _text(self, number: int, text: str) -> None:
        values = (number, _clean(plain(text)), _clean(spelt(text)))
        self._database.execute("INSERT INTO evidence(rowid, plain, spelt) VALUES (?, ?, ?)", values)

    def _row(self, statement: str, values: tuple[object, ...]) -> int:
        values = tuple(_clean(value) if isinstance(value, str) else value for value in values)
        number = self._database.execute(statement, values).lastrowid
        assert number is not None
        return number


def _marks(claim: StoredClaim) -> list[int]:
    """Where in the sentence subject, trigger, object and source stand: start, end, start, end …, in code points."""
    spans = [claim.subject.span, claim.trigger, claim.object.span]
    spans += [claim.attribution.span] if claim.attribution else []
    start = claim.sentence.start
    return [place - start for span in spans for place in (span.start, span.end)]


def _clean(text: str) -> str:
    """A text that SQLite can keep."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def _note(database: sqlite3.Connection, key: str, value: str) -> None:
    database.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))
