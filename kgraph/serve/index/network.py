"""Questions to the index for the explorer: the strongest edges, those around an actor, all of one edge, a way between two."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kgraph.model import DATA
from kgraph.serve.index.records import ActorRow, ClaimRow
from kgraph.serve.index.rows import JOINS, SYMMETRIC, Lang, actor_columns, actor_of, claim_columns, claim_of, number_of

_IS_SYMMETRIC = f"c.relation IN ({','.join(map(repr, SYMMETRIC))})"
_TURNED = f"{_IS_SYMMETRIC} AND subject.iri > object.iri"
_ENDS = "JOIN actor subject ON subject.id = c.subject JOIN actor object ON object.id = c.object"
_FARTHEST = 4  # edges that a way may have
_WIDEST = 4_000  # actors that are looked at for a way


@dataclass(frozen=True, slots=True)
class Bundle:
    """An edge of the explorer: its key (subject, relation, object; symmetric ones by IRI), its claims, newest first, and how many."""

    key: tuple[str, str, str]
    claims: tuple[ClaimRow, ...]
    count: int


def strongest(database: sqlite3.Connection, lang: Lang, *, most: int, each: int) -> list[Bundle]:
    """The edges with most claims, with the newest claims of each."""
    return _bundles(database, lang, "", (), most=most, each=each)


def around(database: sqlite3.Connection, iri: str, lang: Lang, *, most: int, each: int) -> list[Bundle]:
    """The edges of an actor to the neighbours that share most claims with it."""
    number = number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri])
    near = [
        other
        for [other] in database.execute(
            "SELECT other FROM (SELECT object AS other FROM claim WHERE subject = ?1 UNION ALL"
            " SELECT subject FROM claim WHERE object = ?1) GROUP BY other ORDER BY COUNT(*) DESC, other LIMIT ?2",
            (number, most),
        )
    ]
    places = ",".join("?" * len(near))
    where = f"AND (c.subject = ? AND c.object IN ({places}) OR c.object = ? AND c.subject IN ({places}))"
    return _bundles(database, lang, where, (number, *near, number, *near), most=4 * most, each=each)


def edge(database: sqlite3.Connection, key: tuple[str, str, str], lang: Lang, *, each: int) -> list[Bundle]:
    """One edge with its claims; none where there is no such edge."""
    subject, relation, other = key
    where = (
        "AND c.relation = ? AND (subject.iri = ? AND object.iri = ?"
        f" OR {_IS_SYMMETRIC} AND subject.iri = ? AND object.iri = ?)"
    )
    values = (relation, subject, other, other, subject)
    return _bundles(database, lang, where, values, most=1, each=each)


def way(database: sqlite3.Connection, one: str, other: str, lang: Lang, *, each: int) -> list[Bundle]:
    """The edges along a shortest way between two actors, whichever way they point; none where it is too far."""
    ends = [number_of(database, "SELECT id FROM actor WHERE iri = ?", [iri]) for iri in (one, other)]
    if not all(ends):
        return []
    actors = _shortest(database, *ends)
    found: list[Bundle] = []
    for here, there in pairwise(actors):
        where = "AND (c.subject = ? AND c.object = ? OR c.subject = ? AND c.object = ?)"
        found += _bundles(database, lang, where, (here, there, there, here), most=20, each=each)
    return found


def names(database: sqlite3.Connection, iris: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The names of actors in German and English."""
    rows = (database.execute("SELECT iri, de, en FROM actor WHERE iri = ?", (iri,)).fetchone() for iri in iris)
    return {row["iri"]: (row["de"], row["en"]) for row in rows if row}


def named(database: sqlite3.Connection, words: Sequence[str], most: int = 20) -> list[ActorRow]:
    """Actors in whose names all words stand (folded), or whose number in Wikidata it is; most claims first."""
    within = " AND ".join(["instr(a.folded, ?) > 0"] * len(words)) or "1"
    where = f"a.claims > 0 AND ({within} OR a.iri = ?)"
    query = f"SELECT {actor_columns('a', 'de')} FROM actor a WHERE {where} ORDER BY a.claims DESC, a.iri LIMIT ?"
    return [actor_of(row, "a") for row in database.execute(query, (*words, DATA + " ".join(words).upper(), most))]


def _bundles(
    database: sqlite3.Connection, lang: Lang, where: str, values: Iterable[object], *, most: int, each: int
) -> list[Bundle]:
    conditions = f"NOT c.repeats {where}"
    rows = database.execute(
        f"SELECT CASE WHEN {_TURNED} THEN c.object ELSE c.subject END AS one,"
        f" CASE WHEN {_TURNED} THEN c.subject ELSE c.object END AS other, c.relation, COUNT(*) AS count"
        f" FROM claim c {_ENDS} WHERE {conditions} GROUP BY 1, 2, 3 ORDER BY count DESC, 1, 2, 3 LIMIT ?",
        (*values, most),
    ).fetchall()
    return [_bundle(database, lang, row, each) for row in rows]


def _bundle(database: sqlite3.Connection, lang: Lang, row: sqlite3.Row, each: int) -> Bundle:
    one, other, relation, count = row
    ends = "c.subject = ? AND c.object = ?"
    values: list[object] = [relation, one, other]
    if relation in SYMMETRIC:
        ends, values = f"({ends} OR {ends})", [*values, other, one]
    claims = database.execute(
        f"SELECT {claim_columns(lang)} FROM claim c {JOINS} WHERE c.relation = ? AND {ends} AND NOT c.repeats"
        " ORDER BY c.day DESC, c.id DESC LIMIT ?",
        (*values, each),
    )
    found = tuple(map(claim_of, claims))
    iris = database.execute(
        "SELECT one.iri, other.iri FROM actor one, actor other WHERE one.id = ? AND other.id = ?", (one, other)
    ).fetchone()
    return Bundle((iris[0], relation, iris[1]), found, count)


def _shortest(database: sqlite3.Connection, start: int, end: int) -> list[int]:
    """The actors of a shortest way, ends included, found in rounds from the start; empty where there is none."""
    before: dict[int, int] = {start: start}
    edge_of_known = [start]
    for _ in range(_FARTHEST):
        reached: list[int] = []
        for here in edge_of_known:
            for [there] in database.execute(
                "SELECT object FROM claim WHERE subject = ?1 UNION SELECT subject FROM claim WHERE object = ?1", (here,)
            ):
                if there not in before:
                    before[there] = here
                    reached.append(there)
            if end in before or len(before) > _WIDEST:
                break
        if end in before:
            return _back(before, end)
        edge_of_known = reached
    return []


def _back(before: dict[int, int], end: int) -> list[int]:
    actors = [end]
    while before[actors[-1]] != actors[-1]:
        actors.append(before[actors[-1]])
    return actors[::-1]
