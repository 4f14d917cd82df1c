"""Putting articles into the index, and taking them out."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from kgraph.errors import UnknownActor
from kgraph.graph import Store, StoredActor, StoredClaim
from kgraph.serve.index.folding import plain, spelt

_OF_ARTICLE = "(SELECT id FROM claim WHERE article = ?1)"
_SENTENCE, _TITLE = 0, 1  # what a row of the full text is: twice the number of a sentence, or of an article and one


class Writer:
    """Puts articles in the place of what the index has of them."""

    def __init__(self, database: sqlite3.Connection, store: Store) -> None:
        self._database = database
        self._store = store
        self._actors: dict[str, int] = {}
        self._touched: set[int] = set()

    def replace(self, iri: str, row: str | None, look: str) -> None:
        """Take an article out, and put it in as `row` and the store have it now; None where the store has it no more."""
        self._remove(iri)
        if row is not None:
            self._insert(json.loads(row), look)

    def settle(self, *, everybody: bool = False) -> None:
        """Write down names and numbers of claims of the actors that were touched; of `everybody`, and forget those in no claim."""
        if everybody:
            self._database.execute(
                "DELETE FROM actor WHERE id NOT IN (SELECT actor FROM involved)"
                " AND id NOT IN (SELECT speaker FROM claim WHERE speaker IS NOT NULL)"
            )
            self._touched |= {number for [number] in self._database.execute("SELECT id FROM actor")}
        for number in sorted(self._touched):
            found = self._database.execute("SELECT iri FROM actor WHERE id = ?", (number,)).fetchone()
            if found:
                self._describe(number, found[0])
        self._touched.clear()

    def _describe(self, number: int, iri: str) -> None:
        actor = _actor(self._store, iri)
        de, en = self._store.label(iri, "de"), self._store.label(iri, "en")
        entry = self._store.registry.by_id(iri)
        others = entry.sought if entry else []
        folded = "\n".join(dict.fromkeys(form(name) for name in (de, en, *others) for form in (plain, spelt)))
        self._database.execute(
            "UPDATE actor SET type = ?, country = ?, de = ?, en = ?, folded = ?,"
            " claims = (SELECT COUNT(*) FROM (SELECT id FROM claim WHERE subject = ?6 UNION SELECT id FROM claim WHERE object = ?6))"
            " WHERE id = ?6",
            (actor.type.value if actor.type else "", actor.country, clean(de), clean(en), clean(folded), number),
        )

    def _remove(self, iri: str) -> None:
        found = self._database.execute("SELECT id FROM article WHERE iri = ?", (iri,)).fetchone()
        if not found:
            return
        of_article = f"SELECT actor FROM involved WHERE claim IN {_OF_ARTICLE}"
        self._touched |= {number for [number] in self._database.execute(of_article, (found[0],))}
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

    def _insert(self, article: dict[str, Any], look: str) -> None:
        values = [article[name] for name in ("iri", "id", "lang", "title", "url", "publisher", "source", "claims")]
        number = self._row(
            "INSERT INTO article(iri, name, lang, title, url, publisher, source, claims, published, look, sign)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
            (*values, article["published"] or "", look),
        )
        if article["title"]:
            self._text(2 * number + _TITLE, article["title"])
        sentences: dict[int, int] = {}
        sign = 0
        for claim in self._store.claims(article=article["iri"]):
            start = claim.sentence.start
            if start not in sentences:
                place = (number, start, claim.sentence.text)
                sentences[start] = self._row("INSERT INTO sentence(article, start, words) VALUES (?, ?, ?)", place)
                self._text(2 * sentences[start] + _SENTENCE, claim.sentence.text)
            self._claim(claim, number, sentences[start])
            sign = (sign + _sign(claim)) % SIGNS
        self._database.execute("UPDATE article SET sign = ? WHERE id = ?", (f"{sign:x}", number))

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
        self._touched |= {subject, object_, subject_for, object_for}
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
            self._touched.add(self._actors[iri])
        return self._actors[iri]

    def _text(self, number: int, text: str) -> None:
        values = (number, clean(plain(text)), clean(spelt(text)))
        self._database.execute("INSERT INTO evidence(rowid, plain, spelt) VALUES (?, ?, ?)", values)

    def _row(self, statement: str, values: tuple[object, ...]) -> int:
        values = tuple(clean(value) if isinstance(value, str) else value for value in values)
        number = self._database.execute(statement, values).lastrowid
        assert number is not None
        return number


def _marks(claim: StoredClaim) -> list[int]:
    """Where in the sentence subject, trigger, object and source stand: start, end, start, end …, in code points."""
    spans = [claim.subject.span, claim.trigger, claim.object.span]
    spans += [claim.attribution.span] if claim.attribution else []
    start = claim.sentence.start
    return [place - start for span in spans for place in (span.start, span.end)]


def sign(said: tuple[object, ...]) -> int:
    """A number for what a claim says; those of an article are added up, modulo `SIGNS`."""
    words = "\x1f".join("" if value is None else str(value) for value in said)
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest())


SIGNS = 2**64


def _sign(claim: StoredClaim) -> int:
    published = claim.article.published
    first, last = (claim.when.start, claim.when.end) if claim.when else (published, published)
    source = claim.attribution
    return sign(
        (
            claim.id, claim.subject.actor.iri, claim.relation, claim.object.actor.iri, claim.subject.on_behalf_of,
            claim.object.on_behalf_of, claim.polarity, claim.modality, claim.confidence, source and source.span.text,
            source and source.actor and source.actor.iri, first, last, claim.trigger.start,
        )
    )  # fmt: skip


def _actor(store: Store, iri: str) -> StoredActor:
    try:
        return store.actor(iri)
    except UnknownActor:  # neither lists nor texts say what it is
        return StoredActor(iri, None, store.label(iri))


def clean(text: str) -> str:
    """A text that SQLite can keep."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
