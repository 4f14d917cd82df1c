"""The index by itself: what is searched for and how, and that it follows the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.graph import Store, open_store
from kgraph.model import Relation
from kgraph.serve.index import ask, build, schema, search
from kgraph.serve.index.folding import wanted

SENTENCES = [
    "Die USA und der Iran weisen Kritik an den Luftangriffen zurück.",
    "Außenminister aus den USA trafen im Iran ihre Kollegen zu Rüstungsfragen.",
    "Die USA liefern dem Iran keine Waffen, heißt es in Straßburg.",
    "Die USA warnen den Iran vor einer Übernahme; Café und Señor bleiben.",
]
WORDS = {*SENTENCES, *(f"Bericht {n}" for n in range(9)), "Rüstung für alle"}


@pytest.fixture(scope="module")
def index(made: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    with open_store(folder / "store") as store:
        for number, sentence in enumerate(SENTENCES):
            text = made.Text(f"s{number}", title=f"Bericht {number}" if number else "Rüstung für alle")
            text.claim(sentence, (made.USA, "USA"), Relation.MEETS, sentence.split()[3], (made.IRAN, "Iran"))
            store.write(text.done())
        update(store, folder / "cache" / "index.sqlite")
    return folder / "cache" / "index.sqlite"


def update(store: Store, path: Path, version: str = "1", *, thorough: bool = True) -> None:
    while build.update(store, path, version, thorough=thorough).left:
        pass


def found(index: Path, query: str, **options: Any) -> list[str]:
    with schema.reading(index) as database:
        return [hit.words for hit in search.search(database, "de", wanted(query), **options).rows]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("kritik", [0]),
        ("KRITIK luft", [0]),
        ("angriff", [0]),
        ("luftangriffen iran", [0]),
        ("aussenminister", [1]),
        ("Außenminister", [1]),
        ("strassburg", [2]),
        ("uebernahme", [3]),
        ("Übernahme", [3]),
        ("ubernahme", [3]),
        ("cafe senor", [3]),
        ('"keine Waffen"', [2]),
        ('"Waffen keine"', []),
        ("waffen -straßburg", []),
        ("usa -kritik -waffen -café", [1]),
        ("griff", [0]),
        ("ngr", []),
        ("", []),
        ("-kritik", []),
    ],
)
def test_sentences_are_found_as_german_wants_it(index: Path, query: str, places: list[int]) -> None:
    assert [words for words in found(index, query) if words in SENTENCES] == [SENTENCES[place] for place in places]


def test_titles_are_found_too(index: Path) -> None:
    assert set(found(index, "ruestung")) == {"Rüstung für alle", SENTENCES[1]}


def test_a_hit_brings_its_claims_and_where_the_words_stand(index: Path) -> None:
    with schema.reading(index) as database:
        [hit] = search.search(database, "de", wanted("angriff kritik")).rows
    assert [hit.words[start:end] for start, end in hit.places] == ["Kritik", "Luftangriffen"]
    assert [(claim.subject.label, claim.object.label) for claim in hit.claims] == [("USA", "Iran")]


@pytest.mark.parametrize(
    "query",
    ['"', '""', "'", "*", "a*", "NEAR(usa iran)", "usa OR iran", "plain:usa", "usa AND", "^usa", "(usa", ")", "-", "--", "\\",
     "usa; DROP TABLE claim", "{usa}", "%", "\x00", "\ud800", "usa " * 500, "x" * 10_000, '"' + "usa " * 200],
)  # fmt: skip
def test_what_stands_in_a_query_is_data(index: Path, query: str) -> None:
    assert set(found(index, query, size=50)) <= WORDS
    with schema.reading(index) as database:
        assert ask.totals(database).claims == len(SENTENCES)


@settings(max_examples=100, deadline=None)
@given(query=st.text(max_size=40))
def test_any_text_can_be_searched_for(index: Path, query: str) -> None:
    assert set(found(index, query, size=50)) <= WORDS


def test_days_and_order(index: Path) -> None:
    assert found(index, "bericht", since="2026-03-03") == []
    assert found(index, "bericht", until="2026-03-01") == []
    assert len(found(index, "bericht", since="2026-03-02", until="2026-03-02", newest=True)) == 3
    assert found(index, "bericht", first=2, newest=True) == found(index, "bericht", newest=True)[2:]


def rows(path: Path) -> dict[str, list[Any]]:
    """What the index says, without its own numbers."""
    with schema.reading(path) as database:
        everything = ask.claims(database, "en", ask.Filter(copies=True), size=1000).rows
        return {
            "claims": sorted(map(repr, everything)),
            "actors": sorted(map(repr, ask.actors(database, "de", size=1000).rows)),
            "articles": sorted(map(repr, ask.articles(database, size=1000).rows)),
            "words": sorted(tuple(row) for row in database.execute("SELECT plain, spelt FROM evidence")),
            "pairs": [database.execute("SELECT COUNT(*) FROM pair").fetchone()[0]],
            "involved": [database.execute("SELECT COUNT(*) FROM involved").fetchone()[0]],
        }


CHANGES: list[Callable[[Store, Any], object]] = [
    lambda store, made: store.write(made.attack("b1")),
    lambda store, made: store.write(made.full("a1")),
    lambda store, made: store.remove("a2"),
    lambda store, made: store.write(made.attack("a2", lang="en")),
    lambda store, made: store.write(made.Text("empty", title="Leer").done()),
    lambda store, made: [store.remove(article.iri) for article in list(store.articles())],
]


def test_an_index_that_follows_is_like_one_made_anew(made: Any, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.write(made.attack())
        store.write(made.full())
        for number, change in enumerate(CHANGES):
            change(store, made)
            update(store, tmp_path / "cache" / "kept.sqlite", str(number))
            update(store, tmp_path / "cache" / f"new{number}.sqlite", str(number))
            assert rows(tmp_path / "cache" / "kept.sqlite") == rows(tmp_path / "cache" / f"new{number}.sqlite")


@pytest.mark.parametrize("content", [b"no index at all, but long enough to be looked at" * 50, b""])
def test_a_damaged_index_is_made_anew(made: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache" / "index.sqlite"
    path.parent.mkdir()
    path.write_bytes(content)
    assert build.version_of(path) == ""
    with open_store(tmp_path / "store") as store:
        store.write(made.attack())
        update(store, path)
    assert len(rows(path)["claims"]) == 2
    assert build.version_of(path) == "1"


def test_an_index_of_another_kgraph_is_made_anew(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "pages-9.sqlite"
    path.parent.mkdir()
    older = path.with_name("pages-8.sqlite")
    older.touch()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE article(id INTEGER PRIMARY KEY, iri TEXT)")
    database.close()
    with open_store(tmp_path / "store") as store:
        store.write(made.attack())
        update(store, path)
    assert len(rows(path)["claims"]) == 2
    assert not older.exists()


def test_a_quick_look_sees_what_was_read_again(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "index.sqlite"
    with open_store(tmp_path / "store") as store:
        store.write(made.attack())
        store.write(made.full())
        update(store, path, "1", thorough=False)
        store.write(replace(made.attack(), reading="another", claims=made.attack().claims[:1]))
        store.remove("a2")
        store.write(made.attack("new"))
        update(store, path, "2", thorough=False)
        update(store, tmp_path / "cache" / "anew.sqlite", "2")
        assert rows(path)["claims"] == rows(tmp_path / "cache" / "anew.sqlite")["claims"]
        update(store, path, "3")
        assert rows(path) == rows(tmp_path / "cache" / "anew.sqlite")


def test_a_thorough_look_sees_what_was_changed_by_hand(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "index.sqlite"
    with open_store(tmp_path / "store") as store:
        store.write(made.attack())
        update(store, path, "1")
        store.write(replace(made.attack(), claims=tuple(replace(c, confidence=0.25) for c in made.attack().claims)))
        update(store, path, "2")
    with schema.reading(path) as database:
        assert {claim.confidence for claim in ask.claims(database, "de", ask.Filter()).rows} == {0.25}


def test_what_copies_repeat_is_counted_once(made: Any, tmp_path: Path) -> None:
    text = " ".join(f"Wort{number}" for number in range(80))
    with open_store(tmp_path / "store") as store:
        for name in ("first", "second"):
            article = made.Text(name).claim(
                "Die USA haben den Iran bombardiert.", (made.USA, "USA"), Relation.ATTACKS, "bombardiert", (made.IRAN, "Iran")
            )  # fmt: skip
            article.text += text
            store.write(article.done())
        update(store, tmp_path / "cache" / "index.sqlite")
    with schema.reading(tmp_path / "cache" / "index.sqlite") as database:
        assert ask.claims(database, "de", ask.Filter()).total == 1
        assert ask.claims(database, "de", ask.Filter(copies=True)).total == 2
