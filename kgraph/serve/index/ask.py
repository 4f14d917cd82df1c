"""Questions to the index for records: actors, articles, claims of a filter, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kgraph.model import Relation
from kgraph.serve.index.records import ActorRow, ArticleRow, ClaimRow, Part, Totals
from kgraph.serve.index.rows import (
    JOINS,
    SYMMETRIC,
    Lang,
    actor_columns,
    actor_of,
    article_columns,
    article_of,
    claim_columns,
    claim_of,
    number_of,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims; None and empty do not matter.

    `actor` and `other` are IRIs of actors that take part in a claim, one at each end where both are given; claims that a
    copy of an article says again are left out unless `copies` is True. `since` and `until` are days in ISO form.
    """

    actor: str | None = None
    other: str | None = None
    relation: str = ""
    quad: str = ""
    polarity: str = ""
    modality: str = ""
    since: str = ""
    until: str = ""
    publisher: str = ""
    min_confidence: float = 0.0
    copies: bool = False


def totals(database: sqlite3.Connection) -> Totals:
    """How much the index holds."""
    row = database.execute(
        "SELECT (SELECT COUNT(*) FROM article) AS articles, (SELECT COUNT(*) FROM claim) AS claims,"
        " (SELECT COUNT(*) FROM claim WHERE fact) AS facts, (SELECT COUNT(*) FROM actor WHERE claims > 0) AS actors,"
        " (SELECT MIN(day) FROM claim WHERE day > '') AS first, (SELECT MAX(day) FROM claim) AS last"
    ).fetchone()
    return Totals(row["articles"], row["claims"], row["facts"], row["actors"], row["first"] or "", row["last"] or "")


def actor(database: sqlite3.Connection, iri: str, lang: Lang) -> ActorRow | None:
    """The actor of an IRI, if any claim names it."""
    row = database.execute(f"SELECT {actor_columns('a', lang)} FROM actor a WHERE a.iri = ?", (iri,)).fetchone()
    return actor_of(row, "a") if row else None


def actors(
    database: sqlite3.Connection, lang: Lang, *, kind: str = "", name: str = "", first: int = 0, size: int = 50
) -> Part[ActorRow]:
    """Actors with claims, most claims first: of one type, and whose names hold the words of `name` (folded)."""
    words = name.split()
    where = " AND ".join(["a.claims > 0", *(["a.type = ?"] if kind else []), *["instr(a.folded, ?) > 0"] * len(words)])
    values = [*([kind] if kind else []), *words]
    total = number_of(database, f"SELECT COUNT(*) FROM actor a WHERE {where}", values)
    rows = database.execute(
        f"SELECT {actor_columns('a', lang)} FROM actor a WHERE {where} ORDER BY a.claims DESC, a.iri LIMIT ? OFFSET ?",
        (*values, size, first),
    )
    return Part(tuple(actor_of(row, "a") for row in rows), first, size, total)


def articles(database: sqlite3.Connection, *, publisher: str = "", first: int = 0, size: int = 50) -> Part[ArticleRow]:
    """Articles, newest first; of one publisher, if one is given."""
    where, values = ("WHERE publisher = ?", [publisher]) if publisher else ("", [])
    total = number_of(database, f"SELECT COUNT(*) FROM article {where}", values)
    rows = database.execute(
        f"SELECT {article_columns('t')} FROM article t {where} ORDER BY t.published DESC, t.id LIMIT ? OFFSET ?",
        (*values, size, first),
    )
    return Part(tuple(map(article_of, rows)), first, size, total)


def article(database: sqlite3.Connection, iri: str) -> ArticleRow | None:
    """The article of an IRI."""
    row = database.execute(f"SELECT {article_columns('t')} FROM article t WHERE t.iri = ?", (iri,)).fetchone()
    return article_of(row) if row else None


def publishers(database: sqlite3.Connection, most: int = 200) -> list[tuple[str, int]]:
    """Publishers with the number of their articles, most first."""
    rows = database.execute(
        "SELECT publisher, COUNT(*) FROM article WHERE publisher > '' GROUP BY publisher ORDER BY 2 DESC, 1 LIMIT ?",
        (most,),
    )
    return [(name, count) for name, count in rows]


def claims(
    database: sqlite3.Connection, lang: Lang, wanted: Filter, *, first: int = 0, size: int = 25
) -> Part[ClaimRow]:
    """The claims of a filter, newest first."""
    source, values = source_of(database, wanted)
    if source is None:
        return Part((), first, size, 0)
    total = number_of(database, f"SELECT COUNT(*) {source}", values)
    rows = database.execute(
        f"SELECT {claim_columns(lang)} FROM (SELECT c.id {source} ORDER BY c.day DESC, c.id DESC LIMIT ? OFFSET ?) page"
        f" JOIN claim c ON c.id = page.id {JOINS} ORDER BY c.day DESC, c.id DESC",
        (*values, size, first),
    )
    return Part(tuple(map(claim_of, rows)), first, size, total)


def claim(database: sqlite3.Connection, iri: str, lang: Lang) -> ClaimRow | None:
    """The claim of an IRI."""
    return next(iter(_claims_where(database, lang, "c.iri = ?", (iri,))), None)


def claims_of_sentences(
    database: sqlite3.Connection, lang: Lang, sentences: Sequence[int]
) -> dict[int, list[ClaimRow]]:
    """The claims of some sentences, by the numbers that these have in the index."""
    found: dict[int, list[ClaimRow]] = {number: [] for number in sentences}
    for number in sentences:
        found[number] = list(_claims_where(database, lang, "c.sentence = ?", (number,)))
    return found


def claims_of_article(database: sqlite3.Connection, iri: str, lang: Lang) -> list[ClaimRow]:
    """The claims of an article in the order of the text."""
    return list(_claims_where(database, lang, "t.iri = ?", (iri,)))


def alike(database: sqlite3.Connection, row: ClaimRow, lang: Lang, most: int = 20) -> list[ClaimRow]:
    """Other claims with the same ends and relation, newest first; symmetric relations either way round."""
    ends = [
        number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri]) for iri in (row.subject.iri, row.object.iri)
    ]
    same = "c.subject = ? AND c.object = ? AND c.relation = ? AND c.iri <> ?"
    values: list[object] = [*ends, row.relation, row.iri]
    if row.relation in SYMMETRIC:
        same = f"({same} OR {same})"
        values += [*reversed(ends), row.relation, row.iri]
    return list(_claims_where(database, lang, f"{same} ORDER BY c.day DESC, c.id DESC LIMIT ?", (*values, most)))


def between(wanted: Filter, actor: str | None, other: str | None) -> Filter:
    """A filter for the claims of one actor, or between two."""
    return replace(wanted, actor=actor or other, other=other if actor else None)


def _claims_where(
    database: sqlite3.Connection, lang: Lang, condition: str, values: Iterable[object]
) -> Iterable[ClaimRow]:
    order = "" if "ORDER BY" in condition else "ORDER BY c.place, c.id"
    query = f"SELECT {claim_columns(lang)} FROM claim c {JOINS} WHERE {condition} {order}"
    return map(claim_of, database.execute(query, tuple(values)))


def source_of(database: sqlite3.Connection, wanted: Filter) -> tuple[str | None, list[object]]:
    """The part of a query from FROM on, and its values; None where an actor is named that is in no claim."""
    numbers = [
        number_of(database, "SELECT COALESCE((SELECT id FROM actor WHERE iri = ?), 0)", [iri])
        for iri in (wanted.actor, wanted.other)
        if iri
    ]
    if 0 in numbers:
        return None, []
    source, conditions, values = "FROM claim c", list[str](), list[object]()
    if len(numbers) == 2:
        source, conditions = "FROM pair p JOIN claim c ON c.id = p.claim", ["p.one = ? AND p.other = ?"]
        values += sorted(numbers)
    elif numbers:
        source, conditions = "FROM involved i JOIN claim c ON c.id = i.claim", ["i.actor = ?"]
        values += numbers
    if wanted.publisher:
        source += " JOIN article t ON t.id = c.article"
    if wanted.quad:
        names = [relation.value for relation in Relation if relation.quad.value == wanted.quad]
        conditions.append(f"c.relation IN ({','.join('?' * len(names))})")
        values += names
    for condition, value in (
        ("c.relation = ?", wanted.relation),
        ("c.polarity = ?", wanted.polarity),
        ("c.modality = ?", wanted.modality),
        ("c.last >= ?", wanted.since),
        ("c.day > '' AND c.day <= ?", wanted.until),
        ("t.publisher = ?", wanted.publisher),
        ("c.confidence >= ?", wanted.min_confidence),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    if not wanted.copies:
        conditions.append("NOT c.repeats")
    return f"{source} WHERE {' AND '.join(conditions or ['1'])}", values
