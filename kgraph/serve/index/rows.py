"""The rows of the index as records, and what is selected for them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Literal

from kgraph.model import Relation
from kgraph.serve.index.records import ActorRow, ArticleRow, ClaimRow

Lang = Literal["de", "en"]
SYMMETRIC = tuple(relation.value for relation in Relation if relation.symmetric)
_ENDS = ("subject", "object", "speaker")
JOINS = (
    "JOIN sentence s ON s.id = c.sentence JOIN article t ON t.id = c.article JOIN actor subject ON subject.id = c.subject"
    " JOIN actor object ON object.id = c.object LEFT JOIN actor speaker ON speaker.id = c.speaker"
)


def number_of(database: sqlite3.Connection, query: str, values: Iterable[object]) -> int:
    """The number that a query gives; 0 where it gives none."""
    found = database.execute(query, tuple(values)).fetchone()
    return int(found[0]) if found else 0


def actors_by_number(database: sqlite3.Connection, numbers: Iterable[int], lang: Lang) -> dict[int, ActorRow]:
    """Actors by the numbers that they have in the index."""
    query = f"SELECT {actor_columns('a', lang)} FROM actor a WHERE a.id = ?"
    return {number: actor_of(database.execute(query, (number,)).fetchone(), "a") for number in numbers}


def actor_columns(table: str, lang: Lang) -> str:
    """The columns of an actor in a table, as `actor_of` reads them."""
    label = {"de": "de", "en": "en"}[lang]
    columns = {"iri": "iri", "label": label, "type": "type", "country": "country", "claims": "claims"}
    return ", ".join(f"{table}.{column} AS {table}_{name}" for name, column in columns.items())


def article_columns(table: str) -> str:
    """The columns of an article, as `article_of` reads them."""
    names = ("iri", "name", "title", "publisher", "published", "url", "lang", "claims", "source")
    return ", ".join(f"{table}.{name} AS {table}_{name}" for name in names)


def claim_columns(lang: Lang) -> str:
    """The columns of a claim joined as in `JOINS`, as `claim_of` reads them."""
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
            *(actor_columns(end, lang) for end in _ENDS),
            article_columns("t"),
        ]
    )


def actor_of(row: sqlite3.Row, table: str) -> ActorRow:
    """The actor of a row."""
    names = ("iri", "label", "type", "country", "claims")
    return ActorRow(**{name: row[f"{table}_{name}"] for name in names})


def article_of(row: sqlite3.Row) -> ArticleRow:
    """The article of a row."""
    names = ("iri", "name", "title", "publisher", "published", "url", "lang", "claims", "source")
    return ArticleRow(**{name: row[f"t_{name}"] for name in names})


def claim_of(row: sqlite3.Row) -> ClaimRow:
    """The claim of a row."""
    own: dict[str, Any] = {
        name: row[f"c_{name}"]
        for name in ("iri", "relation", "polarity", "modality", "confidence", "said", "day", "last")
    }
    return ClaimRow(
        **own,
        subject=actor_of(row, "subject"),
        object=actor_of(row, "object"),
        speaker=actor_of(row, "speaker") if row["speaker_iri"] else None,
        sentence=row["s_words"],
        start=row["s_start"],
        marks=tuple(json.loads(row["c_marks"])),
        article=article_of(row),
        repeats=bool(row["c_repeats"]),
    )
