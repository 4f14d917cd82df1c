"""Questions to the index that count: by month, by neighbour, by pair and relation."""

from __future__ import annotations

import sqlite3

from kgraph.graph.crosswalk import goldstein
from kgraph.model import Quad, Relation
from kgraph.serve.index.ask import Filter, source_of
from kgraph.serve.index.records import ActorRow, Neighbour, Tally, Tie
from kgraph.serve.index.rows import SYMMETRIC, Lang, actors_by_number, number_of

_IS_SYMMETRIC = f"c.relation IN ({','.join(repr(name) for name in SYMMETRIC)})"
_POSTS = (Relation.OFFICIAL_OF.value, Relation.MEMBER_OF.value)
_COOPERATION = {Quad.VERBAL_COOPERATION, Quad.MATERIAL_COOPERATION}
_CONFLICT = {Quad.VERBAL_CONFLICT, Quad.MATERIAL_CONFLICT}


def by_month(database: sqlite3.Connection, wanted: Filter) -> list[Tally]:
    """How often which relation is claimed in which month, in the order of months."""
    source, values = source_of(database, wanted)
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
    number = number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri])
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
    known = actors_by_number(database, strongest, lang)
    return [_neighbour(known[other], found[other], last[other]) for other in strongest]


def ties(
    database: sqlite3.Connection, lang: Lang, *, relation: str = "", disputed: bool = False, most: int = 20
) -> list[Tie]:
    """The most frequent facts, of one relation or of all but offices and memberships; or what is both affirmed and denied.

    Disputed ones come in the order of how often they are both.
    """
    turned = f"{_IS_SYMMETRIC} AND c.subject > c.object"
    where = "AND c.relation = ?" if relation else f"AND c.relation NOT IN ({','.join(map(repr, _POSTS))})"
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
    known = actors_by_number(database, {row[end] for row in rows for end in ("one", "other")}, lang)
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
    number = number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    rows = database.execute(
        "SELECT c.relation, SUM(?1 IN (c.subject, c.subject_for)) AS active, SUM(?1 IN (c.object, c.object_for)) AS passive"
        " FROM involved i JOIN claim c ON c.id = i.claim WHERE i.actor = ?1 AND c.fact AND NOT c.repeats"
        " GROUP BY c.relation ORDER BY active + passive DESC, c.relation",
        (number,),
    )
    return [tuple(row) for row in rows]


def officials(database: sqlite3.Connection, iri: str, lang: Lang, most: int = 12) -> list[tuple[ActorRow, int]]:
    """Persons who act for an actor in claims, with the number of these, most first."""
    number = number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    rows = database.execute(
        "SELECT person, COUNT(*) FROM (SELECT c.subject AS person FROM involved i JOIN claim c ON c.id = i.claim"
        " WHERE i.actor = ?1 AND c.subject_for = ?1 AND c.subject <> ?1 UNION ALL"
        " SELECT c.object FROM involved i JOIN claim c ON c.id = i.claim"
        " WHERE i.actor = ?1 AND c.object_for = ?1 AND c.object <> ?1) GROUP BY person ORDER BY 2 DESC, 1 LIMIT ?2",
        (number, most),
    ).fetchall()
    known = actors_by_number(database, (person for person, _ in rows), lang)
    return [(known[person], count) for person, count in rows]


def subjects(database: sqlite3.Connection, iri: str, relation: str, lang: Lang) -> list[tuple[ActorRow, int]]:
    """Whose relation an actor is the object of, as a fact, with the number of claims, most first."""
    rows = database.execute(
        "SELECT c.subject, COUNT(*) FROM claim c JOIN actor a ON a.id = c.object"
        " WHERE a.iri = ? AND c.relation = ? AND c.fact AND NOT c.repeats GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
        (iri, relation),
    ).fetchall()
    known = actors_by_number(database, (subject for subject, _ in rows), lang)
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
    known = actors_by_number(database, {row[end] for row in rows for end in ("one", "other")}, lang)
    return [(known[row["one"]], known[row["other"]], row["claims"], row["last"]) for row in rows]


def is_cooperation(relation: str) -> bool:
    """True for relations of cooperation, in words or deeds."""
    return Relation(relation).quad in _COOPERATION


def is_conflict(relation: str) -> bool:
    """True for relations of conflict, in words or deeds."""
    return Relation(relation).quad in _CONFLICT


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
