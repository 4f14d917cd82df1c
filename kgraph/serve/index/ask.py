"""Questions to the index. Each is a function of a worker: the store comes first, and is only asked where the index knows less."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kgraph.graph.crosswalk import goldstein
from kgraph.model import Quad, Relation
from kgraph.serve.index.records import (
    ActorRow,
    ArticleRow,
    ClaimRow,
    Neighbour,
    Part,
    Tally,
    Tie,
    Totals,
)

Lang = Literal["de", "en"]
_SYMMETRIC = tuple(relation.value for relation in Relation if relation.symmetric)
_IS_SYMMETRIC = f"c.relation IN ({','.join(repr(name) for name in _SYMMETRIC)})"
_ENDS = ("subject", "object", "speaker")
_COOPERATION = {Quad.VERBAL_COOPERATION, Quad.MATERIAL_COOPERATION}
_CONFLICT = {Quad.VERBAL_CONFLICT, Quad.MATERIAL_CONFLICT}


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
    row = database.execute(f"SELECT {_actor_columns('a', lang)} FROM actor a WHERE a.iri = ?", (iri,)).fetchone()
    return _actor(row, "a") if row else None


def actors(
    database: sqlite3.Connection, lang: Lang, *, kind: str = "", name: str = "", first: int = 0, size: int = 50
) -> Part[ActorRow]:
    """Actors with claims, most claims first: of one type, and whose names hold the words of `name` (folded)."""
    words = name.split()
    where = " AND ".join(["a.claims > 0", *(["a.type = ?"] if kind else []), *["instr(a.folded, ?) > 0"] * len(words)])
    values = [*([kind] if kind else []), *words]
    total = _number(database, f"SELECT COUNT(*) FROM actor a WHERE {where}", values)
    rows = database.execute(
        f"SELECT {_actor_columns('a', lang)} FROM actor a WHERE {where} ORDER BY a.claims DESC, a.iri LIMIT ? OFFSET ?",
        (*values, size, first),
    )
    return Part(tuple(_actor(row, "a") for row in rows), first, size, total)


def articles(database: sqlite3.Connection, *, publisher: str = "", first: int = 0, size: int = 50) -> Part[ArticleRow]:
    """Articles, newest first; of one publisher, if one is given."""
    where, values = ("WHERE publisher = ?", [publisher]) if publisher else ("", [])
    total = _number(database, f"SELECT COUNT(*) FROM article {where}", values)
    rows = database.execute(
        f"SELECT {_article_columns('t')} FROM article t {where} ORDER BY t.published DESC, t.id LIMIT ? OFFSET ?",
        (*values, size, first),
    )
    return Part(tuple(map(_article, rows)), first, size, total)


def article(database: sqlite3.Connection, iri: str) -> ArticleRow | None:
    """The article of an IRI."""
    row = database.execute(f"SELECT {_article_columns('t')} FROM article t WHERE t.iri = ?", (iri,)).fetchone()
    return _article(row) if row else None


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
    source, values = _source(database, wanted)
    if source is None:
        return Part((), first, size, 0)
    total = _number(database, f"SELECT COUNT(*) {source}", values)
    rows = database.execute(
        f"SELECT {_claim_columns(lang)} FROM (SELECT c.id {source} ORDER BY c.day DESC, c.id DESC LIMIT ? OFFSET ?) page"
        f" JOIN claim c ON c.id = page.id {_JOINS} ORDER BY c.day DESC, c.id DESC",
        (*values, size, first),
    )
    return Part(tuple(map(_claim, rows)), first, size, total)


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
    ends = [_number(database, "SELECT id FROM actor WHERE iri = ?", [iri]) for iri in (row.subject.iri, row.object.iri)]
    same = "c.subject = ? AND c.object = ? AND c.relation = ? AND c.iri <> ?"
    values: list[object] = [*ends, row.relation, row.iri]
    if row.relation in _SYMMETRIC:
        same = f"({same} OR {same})"
        values += [*reversed(ends), row.relation, row.iri]
    return list(_claims_where(database, lang, f"{same} ORDER BY c.day DESC, c.id DESC LIMIT ?", (*values, most)))


def by_month(database: sqlite3.Connection, wanted: Filter) -> list[Tally]:
    """How often which relation is claimed in which month, in the order of months."""
    source, values = _source(database, wanted)
    if source is None:
        return []
    rows = database.execute(
        f"SELECT substr(c.day, 1, 7) AS month, c.relation, SUM(c.fact), SUM(NOT c.fact) {source}"
        " GROUP BY month, c.relation ORDER BY month",
        values,
    )
    return [Tally(*row) for row in rows]


def neighbours(database: sqlite3.Connection, iri: str, lang: Lang, most: int = 30) -> list[Neighbour]:
    """The actors that share most claims with one; what is no fact, and what copies say again, does not count."""
    number = _number(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    found: dict[int, dict[str, int]] = {}
    last: dict[int, str] = {}
    rows = database.execute(
        "SELECT p.other AS other, c.relation, COUNT(*), MAX(c.day) FROM pair p JOIN claim c ON c.id = p.claim"
        " WHERE p.one = ?1 AND c.fact AND NOT c.repeats GROUP BY 1, 2 UNION ALL"
        " SELECT p.one, c.relation, COUNT(*), MAX(c.day) FROM pair_turned p JOIN claim c ON c.id = p.claim"
        " WHERE p.other = ?1 AND c.fact AND NOT c.repeats GROUP BY 1, 2".replace("pair_turned", "pair"),
        (number,),
    )
    for other, relation, count, day in rows:
        found.setdefault(other, {})[relation] = count
        last[other] = max(last.get(other, ""), day)
    strongest = sorted(found, key=lambda other: (-sum(found[other].values()), other))[:most]
    known = _actors_by_number(database, strongest, lang)
    return [_neighbour(known[other], found[other], last[other]) for other in strongest]


def ties(
    database: sqlite3.Connection, lang: Lang, *, relation: str = "", disputed: bool = False, most: int = 20
) -> list[Tie]:
    """The most frequent facts, of one relation if one is given; or what is both affirmed and denied, most contested first."""
    turned = f"{_IS_SYMMETRIC} AND c.subject > c.object"
    where = "AND c.relation = ?" if relation else ""
    counted = "c.modality IN ('actual', 'alleged')" if disputed else "c.fact"
    having = "HAVING affirmed > 0 AND denied > 0" if disputed else ""
    order = "MIN(affirmed, denied) DESC, claims DESC" if disputed else "claims DESC"
    rows = database.execute(
        f"SELECT * FROM (SELECT CASE WHEN {turned} THEN c.object ELSE c.subject END AS one,"
        f" CASE WHEN {turned} THEN c.subject ELSE c.object END AS other, c.relation AS relation, COUNT(*) AS claims,"
        " SUM(c.polarity = 'affirmed') AS affirmed, SUM(c.polarity = 'negated') AS denied, MIN(c.day) AS first,"
        f" MAX(c.day) AS last FROM claim c WHERE NOT c.repeats AND {counted} {where} GROUP BY 1, 2, 3 {having})"
        f" ORDER BY {order}, last DESC, one, other, relation LIMIT ?",
        (*([relation] if relation else []), most),
    ).fetchall()
    known = _actors_by_number(database, {row[end] for row in rows for end in ("one", "other")}, lang)
    return [
        Tie(
            known[row["one"]], row["relation"], known[row["other"]], row["claims"], row["affirmed"], row["denied"],
            row["first"], row["last"],
        )
        for row in rows
    ]  # fmt: skip


def relations(database: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Of each relation that is claimed, how many claims there are, and how many of them are affirmed and actual."""
    rows = database.execute("SELECT relation, COUNT(*), SUM(fact) FROM claim WHERE NOT repeats GROUP BY relation")
    return {relation: (count, facts) for relation, count, facts in rows}


def relations_of(database: sqlite3.Connection, iri: str) -> list[tuple[str, int, int]]:
    """Of an actor's relations, how often it is said to be their subject, and how often their object, as a fact."""
    number = _number(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    rows = database.execute(
        "SELECT c.relation, SUM(?1 IN (c.subject, c.subject_for)) AS active, SUM(?1 IN (c.object, c.object_for)) AS passive"
        " FROM involved i JOIN claim c ON c.id = i.claim WHERE i.actor = ?1 AND c.fact AND NOT c.repeats"
        " GROUP BY c.relation ORDER BY active + passive DESC, c.relation",
        (number,),
    )
    return [tuple(row) for row in rows]


def officials(database: sqlite3.Connection, iri: str, lang: Lang, most: int = 12) -> list[tuple[ActorRow, int]]:
    """Persons who act for an actor in claims, with the number of these, most first."""
    number = _number(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    rows = database.execute(
        "SELECT person, COUNT(*) FROM (SELECT c.subject AS person FROM involved i JOIN claim c ON c.id = i.claim"
        " WHERE i.actor = ?1 AND c.subject_for = ?1 AND c.subject <> ?1 UNION ALL"
        " SELECT c.object FROM involved i JOIN claim c ON c.id = i.claim"
        " WHERE i.actor = ?1 AND c.object_for = ?1 AND c.object <> ?1) GROUP BY person ORDER BY 2 DESC, 1 LIMIT ?2",
        (number, most),
    ).fetchall()
    known = _actors_by_number(database, (person for person, _ in rows), lang)
    return [(known[person], count) for person, count in rows]


def subjects(database: sqlite3.Connection, iri: str, relation: str, lang: Lang) -> list[tuple[ActorRow, int]]:
    """Whose relation an actor is the object of, as a fact, with the number of claims, most first."""
    rows = database.execute(
        "SELECT c.subject, COUNT(*) FROM claim c JOIN actor a ON a.id = c.object"
        " WHERE a.iri = ? AND c.relation = ? AND c.fact AND NOT c.repeats GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
        (iri, relation),
    ).fetchall()
    known = _actors_by_number(database, (subject for subject, _ in rows), lang)
    return [(known[subject], count) for subject, count in rows]


def enmities(database: sqlite3.Connection, lang: Lang, most: int) -> list[tuple[ActorRow, ActorRow, int, str]]:
    """Pairs with most facts of conflict in deeds, war and rivalry: both actors, the number, the last day."""
    names = [relation.value for relation in Relation if relation.quad is Quad.MATERIAL_CONFLICT]
    names += [Relation.AT_WAR_WITH.value, Relation.RIVAL.value]
    rows = database.execute(
        "SELECT MIN(c.subject_for, c.object_for) AS one, MAX(c.subject_for, c.object_for) AS other, COUNT(*) AS claims,"
        f" MAX(c.day) AS last FROM claim c WHERE c.relation IN ({','.join('?' * len(names))}) AND c.fact AND NOT c.repeats"
        " AND c.subject_for <> c.object_for GROUP BY 1, 2 ORDER BY claims DESC, last DESC, one, other LIMIT ?",
        (*names, most),
    ).fetchall()
    known = _actors_by_number(database, {row[end] for row in rows for end in ("one", "other")}, lang)
    return [(known[row["one"]], known[row["other"]], row["claims"], row["last"]) for row in rows]


def between(wanted: Filter, actor: str | None, other: str | None) -> Filter:
    """A filter for the claims of one actor, or between two."""
    return replace(wanted, actor=actor or other, other=other if actor else None)


def is_cooperation(relation: str) -> bool:
    """True for relations of cooperation, in words or deeds."""
    return Relation(relation).quad in _COOPERATION


def is_conflict(relation: str) -> bool:
    """True for relations of conflict, in words or deeds."""
    return Relation(relation).quad in _CONFLICT


_JOINS = (
    "JOIN sentence s ON s.id = c.sentence JOIN article t ON t.id = c.article JOIN actor subject ON subject.id = c.subject"
    " JOIN actor object ON object.id = c.object LEFT JOIN actor speaker ON speaker.id = c.speaker"
)


def _source(database: sqlite3.Connection, wanted: Filter) -> tuple[str | None, list[object]]:
    """The part of a query from FROM on, and its values; None where an actor is named that is in no claim."""
    numbers = [
        _number(database, "SELECT COALESCE((SELECT id FROM actor WHERE iri = ?), 0)", [iri])
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


def _claims_where(
    database: sqlite3.Connection, lang: Lang, condition: str, values: Iterable[object]
) -> Iterable[ClaimRow]:
    order = "" if "ORDER BY" in condition else "ORDER BY c.place, c.id"
    query = f"SELECT {_claim_columns(lang)} FROM claim c {_JOINS} WHERE {condition} {order}"
    return map(_claim, database.execute(query, tuple(values)))


def _actors_by_number(database: sqlite3.Connection, numbers: Iterable[int], lang: Lang) -> dict[int, ActorRow]:
    query = f"SELECT {_actor_columns('a', lang)} FROM actor a WHERE a.id = ?"
    return {number: _actor(database.execute(query, (number,)).fetchone(), "a") for number in numbers}


def _neighbour(row: ActorRow, counts: dict[str, int], last: str) -> Neighbour:
    values = goldstein()
    return Neighbour(
        actor=row,
        claims=sum(counts.values()),
        cooperation=sum(count for relation, count in counts.items() if is_cooperation(relation)),
        conflict=sum(count for relation, count in counts.items() if is_conflict(relation)),
        goldstein=round(sum(values.get(Relation(relation), 0.0) * count for relation, count in counts.items()), 1),
        last=last,
    )


def _number(database: sqlite3.Connection, query: str, values: Iterable[object]) -> int:
    found = database.execute(query, tuple(values)).fetchone()
    return int(found[0]) if found else 0


def _actor_columns(table: str, lang: Lang) -> str:
    label = {"de": "de", "en": "en"}[lang]
    columns = {"iri": "iri", "label": label, "type": "type", "country": "country", "claims": "claims"}
    return ", ".join(f"{table}.{column} AS {table}_{name}" for name, column in columns.items())


def _article_columns(table: str) -> str:
    names = ("iri", "name", "title", "publisher", "published", "url", "lang", "claims", "source")
    return ", ".join(f"{table}.{name} AS {table}_{name}" for name in names)


def _claim_columns(lang: Lang) -> str:
    own = (
        "iri",
        "relation",
        "polarity",
        "modality",
        "confidence",
        "said",
        "day",
        "last",
        "marks",
        "repeats",
        "sentence",
    )
    return ", ".join(
        [
            *(f"c.{name} AS c_{name}" for name in own),
            "s.words AS s_words",
            "s.start AS s_start",
            *(_actor_columns(end, lang) for end in _ENDS),
            _article_columns("t"),
        ]
    )


def _actor(row: sqlite3.Row, table: str) -> ActorRow:
    names = ("iri", "label", "type", "country", "claims")
    return ActorRow(**{name: row[f"{table}_{name}"] for name in names})


def _article(row: sqlite3.Row) -> ArticleRow:
    names = ("iri", "name", "title", "publisher", "published", "url", "lang", "claims", "source")
    return ArticleRow(**{name: row[f"t_{name}"] for name in names})


def _claim(row: sqlite3.Row) -> ClaimRow:
    own: dict[str, Any] = {
        name: row[f"c_{name}"]
        for name in ("iri", "relation", "polarity", "modality", "confidence", "said", "day", "last")
    }
    return ClaimRow(
        **own,
        subject=_actor(row, "subject"),
        object=_actor(row, "object"),
        speaker=_actor(row, "speaker") if row["speaker_iri"] else None,
        sentence=row["s_words"],
        start=row["s_start"],
        marks=tuple(json.loads(row["c_marks"])),
        article=_article(row),
        repeats=bool(row["c_repeats"]),
    )
