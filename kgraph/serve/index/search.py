"""Full-text search in sentences and titles: words by their beginnings, parts of compounds, phrases, words left out."""

from __future__ import annotations

import sqlite3

from kgraph.serve.index import ask
from kgraph.serve.index.folding import INFIX, Wanted
from kgraph.serve.index.records import ArticleRow, Hit, Part
from kgraph.serve.index.rows import Lang

_COMPOUNDS = 120  # words that hold a wanted part and are looked for in its place
_ROWS = """
SELECT evidence.rowid AS number, COALESCE(s.words, t.title) AS words, s.id AS sentence, t.iri AS iri
FROM evidence
LEFT JOIN sentence s ON evidence.rowid % 2 = 0 AND s.id = evidence.rowid / 2
JOIN article t ON t.id = CASE WHEN evidence.rowid % 2 THEN evidence.rowid / 2 ELSE s.article END
WHERE evidence MATCH ? AND t.published >= ? AND (? = '' OR t.published <= ? AND t.published > '')
"""


def search(
    database: sqlite3.Connection,
    lang: Lang,
    wanted: Wanted,
    *,
    newest: bool = False,
    since: str = "",
    until: str = "",
    first: int = 0,
    size: int = 20,
) -> Part[Hit]:
    """Sentences and titles in which all that is wanted stands: what fits best first, or what is newest.

    `since` and `until` are days of publication in ISO form. Nothing is found where nothing is wanted.
    """
    if not wanted:
        return Part((), first, size, 0)
    values = (_expression(database, wanted), since, until, until)
    total = int(database.execute(f"SELECT COUNT(*) FROM ({_ROWS})", values).fetchone()[0])
    order = "t.published DESC, evidence.rowid" if newest else "bm25(evidence), t.published DESC, evidence.rowid"
    rows = database.execute(f"{_ROWS} ORDER BY {order} LIMIT ? OFFSET ?", (*values, size, first)).fetchall()
    return Part(tuple(_hit(database, row, wanted, lang) for row in rows), first, size, total)


def _hit(database: sqlite3.Connection, row: sqlite3.Row, wanted: Wanted, lang: Lang) -> Hit:
    article: ArticleRow | None = ask.article(database, row["iri"])
    assert article
    sentence = row["sentence"]
    found = ask.claims_of_sentences(database, lang, [sentence])[sentence] if sentence else []
    return Hit(row["words"], tuple(wanted.found_in(row["words"])), sentence is None, article, tuple(found))


def _expression(database: sqlite3.Connection, wanted: Wanted) -> str:
    """The words in the language of FTS5, each in quotation marks, in which nothing has a meaning of its own."""
    parts = []
    for group, whole in zip(wanted.groups, wanted.whole, strict=True):
        if whole or len(group) > 1:
            parts.append(_phrase(group) + ("" if whole else " *"))
        else:
            forms = [f"{_phrase(group)} *", *(_phrase((word,)) for word in _compounds(database, group[0]))]
            parts.append(f"({' OR '.join(forms)})")
    expression = " AND ".join(parts)
    return " NOT ".join([f"({expression})", *(f"({_phrase(group)} *)" for group in wanted.without)])


def _compounds(database: sqlite3.Connection, part: str) -> list[str]:
    """Words of the index that hold a part further in, the most frequent first."""
    if len(part) < INFIX:
        return []
    rows = database.execute(
        "SELECT term FROM vocabulary WHERE instr(term, ?) > 1 ORDER BY doc DESC, term LIMIT ?", (part, _COMPOUNDS)
    )
    return [term for [term] in rows]


def _phrase(words: tuple[str, ...]) -> str:
    return '"' + " ".join(words) + '"'
