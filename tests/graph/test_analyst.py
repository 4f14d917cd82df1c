"""The analyst's queries on articles of our own, with answers worked out by hand."""

from __future__ import annotations

import io
import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rdflib

from kgraph.errors import QueryError
from kgraph.graph import ParameterKind, Store, named_queries, open_store
from kgraph.graph.substitute import substituted
from kgraph.model import DATA, Actor, ActorType, DateOrigin, Extraction, Modality, Polarity, Relation, When
from kgraph.resources import ontology_dir

QATAR = Actor(f"{DATA}Q846", ActorType.STATE, "Katar", "QAT")
ISRAEL = Actor(f"{DATA}Q801", ActorType.STATE, "Israel", "ISR")
TURKEY = Actor(f"{DATA}Q43", ActorType.STATE, "Türkei", "TUR")
TWELVE_DAYS = Actor(f"{DATA}Q134900605", ActorType.CONFLICT, "Zwölf-Tage-Krieg")
WAR = Actor(f"{DATA}Q138503695", ActorType.CONFLICT, "Iran-Krieg")
PLANNED, ALLEGED = {"modality": Modality.PLANNED}, {"modality": Modality.ALLEGED}
NOT = {"polarity": Polarity.NEGATED}


def on(*days: date) -> dict[str, When]:
    return {"when": When(days[0], days[-1], DateOrigin.EXPLICIT)}


def articles(made: Any) -> list[Extraction]:
    """Six articles: three of March, two of April, one that nobody dated."""
    usa, iran, russia, moldova = (
        (made.USA, "USA"), (made.IRAN, "Iran"), (made.RUSSIA, "Russland"), (made.MOLDOVA, "Moldau"),
    )  # fmt: skip
    qatar, israel, turkey = (QATAR, "Katar"), (ISRAEL, "Israel"), (TURKEY, "Türkei")
    minister = (made.UNKNOWN, "Ion Testescu")
    one = (
        made.Text("one", published=date(2026, 3, 2), publisher="Musterblatt")
        .claim("Israel greift den Iran an.", israel, Relation.ATTACKS, "greift", iran, **on(date(2026, 3, 1)))
        .claim("Israel tötet einen Mann im Iran.", israel, Relation.KILLS, "tötet", iran, **on(date(2026, 2, 27), date(2026, 3, 1)))
        .claim("Iran wirft Israel vor, die Moldau zu bombardieren.", iran, Relation.ACCUSES, "wirft", israel)
        .claim("Iran wirft Israel vor, die Moldau zu bombardieren.", israel, Relation.ATTACKS, "bombardieren", moldova,
               **ALLEGED, source=(made.IRAN, "Iran"))
        .claim("Die USA wollen Iran mit Sanktionen belegen.", usa, Relation.SANCTIONS, "belegen", iran, **PLANNED, **on(date(2026, 4, 1)))
    )  # fmt: skip
    two = (
        made.Text("two", published=date(2026, 3, 10), publisher="Beispielpost")
        .claim("Israel hat den Iran nicht angegriffen, so die USA.", israel, Relation.ATTACKS, "angegriffen", iran,
               **NOT, source=(made.USA, "USA"))
        .claim("Katar vermittelt im Zwölf-Tage-Krieg.", qatar, Relation.MEDIATES, "vermittelt", (TWELVE_DAYS, "Zwölf-Tage-Krieg"))
        .claim("Die Türkei vermittelt im Iran-Krieg.", turkey, Relation.MEDIATES, "vermittelt", (WAR, "Iran-Krieg"))
        .claim("Die USA wollen sich mit Iran treffen.", usa, Relation.MEETS, "treffen", iran, **PLANNED)
        .claim("Die USA liefern Israel Waffen.", usa, Relation.SUPPLIES_ARMS, "liefern", israel)
        .claim("Die Türkei soll Katar Waffen liefern.", turkey, Relation.SUPPLIES_ARMS, "liefern", qatar, **ALLEGED)
    )  # fmt: skip
    three = (
        made.Text("three", published=date(2026, 3, 20), publisher="Musterblatt")
        .claim("Die USA und Israel sind verbündet.", usa, Relation.ALLY, "verbündet", israel)
        .claim("Iran greift Israel an.", iran, Relation.ATTACKS, "greift", israel)
        .claim("Russland und der Iran sind Partner.", russia, Relation.PARTNER, "Partner", iran)
    )
    four = (
        made.Text("four", published=date(2026, 4, 2), publisher="Musterblatt")
        .claim("Die USA verhängen Sanktionen gegen Iran.", usa, Relation.SANCTIONS, "verhängen", iran, **on(date(2026, 4, 1)))
        .claim("Die USA griffen den Iran an.", usa, Relation.ATTACKS, "griffen", iran)
        .claim("Israel bestreitet Waffen der USA.", usa, Relation.SUPPLIES_ARMS, "bestreitet", israel,
               **NOT, source=(ISRAEL, "Israel"))
        .claim("Israel ist mit den USA verbündet.", israel, Relation.ALLY, "verbündet", usa)
    )  # fmt: skip
    five = (
        made.Text("five", published=date(2026, 4, 5), publisher="Beispielpost")
        .claim("Iran traf die USA.", iran, Relation.MEETS, "traf", usa, **on(date(2026, 4, 4)))
        .claim("Ion Testescu empfing Russland.", minister, Relation.HOSTS, "empfing", russia, role=None)
        .claim("Die USA griffen erneut den Iran an.", usa, Relation.ATTACKS, "griffen", iran)
    )
    six = made.Text("six", published=None).claim("Die Türkei half Katar.", turkey, Relation.AIDS, "half", qatar)
    return [text.done() for text in (one, two, three, four, five, six)]


@pytest.fixture(scope="module")
def make(template: Path, tmp_path_factory: pytest.TempPathFactory, made: Any) -> Iterator[Callable[[date], Store]]:
    """Stores of the articles that were published by a day, made as if the others had never been read."""
    stores: dict[date, Store] = {}

    def by(day: date) -> Store:
        if day not in stores:
            stores[day] = open_store(Path(shutil.copytree(template, tmp_path_factory.mktemp("by") / "store")))
            for extraction in articles(made):
                if day == date.max or (extraction.article.published and extraction.article.published <= day):
                    stores[day].write(extraction)
        return stores[day]

    yield by
    for store in stores.values():
        store.close()


@pytest.fixture
def news(make: Callable[[date], Store]) -> Store:
    return make(date.max)


def shown(store: Store, query: str, *columns: str, **params: Any) -> list[tuple[str, ...]]:
    return [tuple(str(row[column]) for column in columns) for row in store.select(query, **params)]


def test_who_is_allied_with_whom(news: Store) -> None:
    assert shown(news, "alliances", "one", "relation", "other", "claims", "first", "last") == [
        ("USA", "ist verbündet mit", "Israel", "2", "2026-03-20", "2026-04-02"),
        ("Russland", "ist Partner von", "Iran", "1", "2026-03-20", "2026-03-20"),
    ]


def test_cooperation_minus_conflict(news: Store) -> None:
    """Goldstein: attacks −10, kills −9, sanctions −8, meets 1, supplies arms 8.3, hosts 2.8, accuses −2."""
    rows = shown(
        news, "balance", "month", "one", "other", "cooperation", "conflict", "balance", "claims", a="Iran", b="USA"
    )
    assert rows == [("2026-04", "USA", "Iran", "1.0", "28.0", "-27.0", "4")]
    rows = shown(news, "balance", "month", "cooperation", "conflict", "balance", "claims", a="Israel", b="Iran")
    assert rows == [("2026-03", "0.0", "22.0", "-22.0", "3"), ("2026-02", "0.0", "9.0", "-9.0", "1")]
    assert shown(news, "balance", "month", "one", "other", "balance", a="Moldau") == [
        ("2026-04", "Russland", "Moldau", "2.8")  # the minister counts for his state
    ]
    assert shown(news, "balance", "month", "balance", a="USA", b="Israel") == [("2026-03", "8.3")]  # allies: no value
    assert len(news.select("balance")) == 7  # and two who mediate in a war; the article without a day has no month


def test_what_is_new_since_a_day(news: Store) -> None:
    assert shown(news, "changes", "first", "subject", "relation", "object", "polarity", since="2026-04-01") == [
        ("2026-04-05", "USA", "trifft", "Iran", "bejaht"),  # planned before, and that is no report of it
        ("2026-04-05", "Ion Testescu", "empfängt", "Russland", "bejaht"),
        ("2026-04-02", "USA", "greift an", "Iran", "bejaht"),
        ("2026-04-02", "USA", "verhängt Sanktionen gegen", "Iran", "bejaht"),
        ("2026-04-02", "USA", "liefert Waffen an", "Israel", "verneint"),  # affirmed before, and now denied
    ]


def test_contradictions_between_sources(news: Store) -> None:
    columns = ("subject", "relation", "object", "denied_by", "denials", "affirmed_by", "affirming")
    assert shown(news, "contradictions", *columns) == [
        ("USA", "liefert Waffen an", "Israel", "Israel", "1", "Beispielpost", "1"),
        ("Israel", "greift an", "Iran", "USA", "1", "Musterblatt", "1"),
    ]


def test_who_accuses_whom_of_what(news: Store) -> None:
    assert shown(news, "accusations", "date", "accuser", "accused", "deed", "victim", "quote") == [
        ("2026-03-02", "Iran", "Israel", "greift an", "Moldau", "Iran wirft Israel vor, die Moldau zu bombardieren."),
    ]
    assert len(news.select("accusations", a="Iran", b="Israel")) == 1
    assert len(news.select("accusations", a="Israel")) == len(news.select("accusations", b="Iran")) == 0


def test_mediators_of_a_conflict(news: Store) -> None:
    both = [("Katar", "Zwölf-Tage-Krieg", "1"), ("Türkei", "Iran-Krieg", "1")]
    assert sorted(shown(news, "mediators", "mediator", "conflict", "claims")) == both
    assert shown(news, "mediators", "mediator", "conflict", "claims", a="Zwölf-Tage-Krieg") == both[:1]
    assert shown(news, "mediators", "mediator", "conflict", "claims", a="Israel") == both[:1]  # a party of one war
    assert sorted(shown(news, "mediators", "mediator", "conflict", "claims", a="Iran")) == both  # and of both
    assert shown(news, "mediators", "mediator", a="Russland") == []


def test_the_shortest_chain(news: Store) -> None:
    columns = ("chain", "step", "subject", "relation", "object", "claims")
    assert shown(news, "chain", *columns, a="Russland", b="Israel") == [
        ("1", "1", "Russland", "ist Partner von", "Iran", "1"),
        ("1", "2", "Iran", "greift an", "Israel", "1"),
        ("1", "2", "Iran", "beschuldigt", "Israel", "1"),
        ("1", "2", "Israel", "greift an", "Iran", "1"),
        ("1", "2", "Israel", "tötet", "Iran", "1"),
    ]
    steps = {
        (row["step"], frozenset((str(row["subject"]), str(row["object"]))))
        for row in news.select("chain", a="Russland", b="Israel")
    }
    assert steps == {(1, frozenset(("Russland", "Iran"))), (2, frozenset(("Israel", "Iran")))}
    ways = {str(row["object"]) for row in news.select("chain", a="Moldau", b="USA")}
    assert ways == set()  # only a person acts for Moldova, and nothing is said of the state itself
    assert [row["step"] for row in news.select("chain", a="Ion Testescu", b="Iran")] == [1, 2]
    assert shown(news, "chain", "step", a="Ion Testescu", b="Katar") == []  # no way leads there
    with pytest.raises(QueryError, match="two actors"):
        news.select("chain", a="Iran", b="IRN")


def test_chains_of_one_length_begin_with_the_best_attested(template: Path, tmp_path: Path, made: Any) -> None:
    ways = [(QATAR, "Katar"), (TURKEY, "Türkei"), (TURKEY, "Türkei")]
    with open_store(shutil.copytree(template, tmp_path / "store")) as store:
        for number, over in enumerate(ways):
            text = made.Text(f"way {number}", published=date(2026, 3, 2))
            text.claim(f"USA hilft {over[1]}.", (made.USA, "USA"), Relation.AIDS, "hilft", over)
            text.claim(f"{over[1]} rügt Iran.", over, Relation.CRITICIZES, "rügt", (made.IRAN, "Iran"))
            store.write(text.done())
        assert shown(store, "chain", "chain", "step", "subject", "object", "claims", a="USA", b="Iran") == [
            ("1", "1", "USA", "Türkei", "2"), ("1", "2", "Türkei", "Iran", "2"),
            ("2", "1", "USA", "Katar", "1"), ("2", "2", "Katar", "Iran", "1"),
        ]  # fmt: skip
        rows = store.select("chain", a="USA", b="Iran", limit=3)
        assert (len(rows), rows.truncated) == (3, True)
        assert shown(store, "chain", "chain", "step", a="USA", b="Iran", as_of="2026-03-01") == []


def test_most_attacked(news: Store) -> None:
    assert shown(news, "most-attacked", "attacked", "claims", "attackers", "first", "last") == [
        ("Iran", "4", "2", "2026-02-27", "2026-04-05"),
        ("Israel", "1", "1", "2026-03-20", "2026-03-20"),
    ]


def test_claims_by_source_and_modality(news: Store) -> None:
    assert shown(news, "modalities", "publisher", "modality", "affirmed", "denied", "claims") == [
        ("None", "tatsächlich", "1", "0", "1"),
        ("Beispielpost", "tatsächlich", "6", "1", "7"),
        ("Beispielpost", "behauptet", "1", "0", "1"),
        ("Beispielpost", "geplant", "1", "0", "1"),
        ("Musterblatt", "tatsächlich", "9", "1", "10"),
        ("Musterblatt", "behauptet", "1", "0", "1"),
        ("Musterblatt", "geplant", "1", "0", "1"),
    ]


def test_sanctions(news: Store) -> None:
    columns = ("subject", "object", "modality", "claims", "articles", "first", "last")
    assert sorted(shown(news, "sanctions", *columns)) == [
        ("USA", "Iran", "geplant", "1", "1", "2026-04-01", "2026-04-01"),
        ("USA", "Iran", "tatsächlich", "1", "1", "2026-04-01", "2026-04-01"),
    ]
    assert len(news.select("sanctions", a="Iran")) == 2
    assert len(news.select("sanctions", a="Israel")) == 0


def test_arms(news: Store) -> None:
    assert sorted(shown(news, "arms", "subject", "object", "modality", "claims")) == [
        ("Türkei", "Katar", "behauptet", "1"), ("USA", "Israel", "tatsächlich", "1"),
    ]  # fmt: skip
    assert shown(news, "arms", "subject", a="Katar") == [("Türkei",)]


def test_meetings(news: Store) -> None:
    rows = [
        ("2026-04-05", "Ion Testescu", "empfängt", "Russland", "tatsächlich"),
        ("2026-04-04", "Iran", "trifft", "USA", "tatsächlich"),
        ("2026-03-10", "USA", "trifft", "Iran", "geplant"),
    ]
    columns = ("date", "subject", "relation", "object", "modality")
    assert [row[:2] + row[3:] for row in shown(news, "meetings", *columns)] == [row[:2] + row[3:] for row in rows]
    assert [row[0] for row in shown(news, "meetings", *columns, a="USA", b="Iran")] == ["2026-04-04", "2026-03-10"]
    assert [row[1] for row in shown(news, "meetings", *columns, a="Moldau")] == ["Ion Testescu"]
    assert shown(news, "meetings", *columns, a="Iran", b="Russland") == []


def test_plans_that_became_facts(news: Store) -> None:
    columns = ("subject", "object", "announced", "planned_for", "reported", "articles")
    assert shown(news, "fulfilled", *columns) == [
        ("USA", "Iran", "2026-03-10", "2026-03-10", "2026-04-05", "1"),  # they met, whoever is named first
        ("USA", "Iran", "2026-03-02", "2026-04-01", "2026-04-02", "1"),
    ]
    assert len(news.select("fulfilled", a="Iran")) == 2
    assert len(news.select("fulfilled", a="Israel")) == 0
    assert len(news.select("fulfilled", as_of="2026-04-03")) == 1


def test_a_sure_plan_beside_an_unsure_fact_has_not_come_true(template: Path, tmp_path: Path, made: Any) -> None:
    usa, iran = (made.USA, "USA"), (made.IRAN, "Iran")
    plan = made.Text("plan", published=date(2026, 3, 1)).claim(
        "Die USA wollen den Iran angreifen.", usa, Relation.ATTACKS, "angreifen", iran, **PLANNED, confidence=0.9
    )
    later = (
        made.Text("later", published=date(2026, 3, 5))
        .claim(
            "Die USA wollen den Iran angreifen.", usa, Relation.ATTACKS, "angreifen", iran, **PLANNED, confidence=0.9
        )
        .claim("Die USA griffen den Iran an.", usa, Relation.ATTACKS, "griffen", iran, confidence=0.3)
    )
    with open_store(Path(shutil.copytree(template, tmp_path / "plan"))) as store:
        store.load([plan.done(), later.done()])
        assert len(store.select("fulfilled")) == len(store.select("fulfilled", min_confidence=0.3)) == 1
        assert len(store.select("fulfilled", min_confidence=0.5)) == 0


def test_relations_between_two(news: Store) -> None:
    assert sorted(shown(news, "relations", "subject", "object", "claims", "first", "last", a="USA", b="Iran")) == [
        ("Iran", "USA", "1", "2026-04-04", "2026-04-04"),
        ("USA", "Iran", "1", "2026-04-01", "2026-04-01"),
        ("USA", "Iran", "2", "2026-04-02", "2026-04-05"),
    ]


# --- as of a day

DAYS = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 19), date(2026, 4, 2), date(2026, 12, 31)]


def given(query: Any, *, optional: bool) -> dict[str, str]:
    values = {"a": "Iran", "b": "Israel", "since": "2026-03-10"}
    return {p.name: values[p.name] for p in query.parameters if p.name in values and (p.required or optional)}


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_as_of_a_day_a_query_answers_as_if_what_came_later_had_not_been_read(
    news: Store, make: Callable[[date], Store], query: Any, day: date
) -> None:
    for optional in (False, True):
        values = given(query, optional=optional)
        found, expected = news.select(query.name, as_of=day, **values), make(day).select(query.name, **values)
        assert found.columns == expected.columns
        assert list(found) == list(expected)


def test_as_of_leaves_out_what_no_one_dated_and_keeps_what_is_announced(news: Store) -> None:
    assert len(news.select("timeline", a="Katar")) == 3
    assert len(news.select("timeline", a="Katar", as_of="2026-12-31")) == 2  # without the article that nobody dated
    [plan] = news.select("between", a="USA", b="Iran", as_of="2026-03-02")
    assert plan.date == date(2026, 4, 1)  # announced by then, for later


def test_every_query_about_claims_takes_a_day_and_copies() -> None:
    kinds = {query.name: {p.name: p.kind for p in query.parameters} for query in named_queries()}
    assert {names.get("as_of") for names in kinds.values()} == {ParameterKind.DATE}
    assert {names.get("copies") for names in kinds.values()} == {ParameterKind.FLAG}


@pytest.mark.parametrize("wrong", ["gestern", "2026-13-01", "1.3.2026", "", 5, '2026-03-01" } #'])
def test_what_is_no_day_is_refused(news: Store, wrong: Any) -> None:
    with pytest.raises(QueryError, match=r"as_of.*2026-03-01"):
        news.select("conflicts", as_of=wrong)


@pytest.mark.parametrize("wrong", ["vielleicht", 2, "", "yes } #"])
def test_what_is_neither_yes_nor_no_is_refused(news: Store, wrong: Any) -> None:
    with pytest.raises(QueryError, match=r"copies.*yes or no"):
        news.select("conflicts", copies=wrong)


# --- copies

WIRE = (
    "Die Regierung teilte mit, dass die Gespräche über die Grenze am Abend ohne Ergebnis zu Ende gegangen seien. " * 6
)


def test_copies_count_once_unless_asked_for_and_what_only_the_longer_one_says_counts(
    template: Path, tmp_path: Path, made: Any
) -> None:
    usa, iran, qatar = (made.USA, "USA"), (made.IRAN, "Iran"), (QATAR, "Katar")
    plan = made.Text("plan", published=date(2026, 3, 1), publisher="Andere")
    plan.claim("Katar will Iran helfen.", qatar, Relation.AIDS, "helfen", iran, **PLANNED)
    with open_store(shutil.copytree(template, tmp_path / "store")) as store:
        store.write(plan.done())
        for name, more in (("first", False), ("second", False), ("longer", True)):
            text = made.Text(name, published=date(2026, 3, 2), publisher=name)
            text.text = WIRE
            text.claim("Die USA greifen Iran an.", usa, Relation.ATTACKS, "greifen", iran)
            if more:
                text.claim("Katar hilft Iran.", qatar, Relation.AIDS, "hilft", iran)
            store.write(text.done())
        assert shown(store, "who-attacks", "claims") == shown(store, "most-attacked", "claims") == [("1",)]
        assert shown(store, "who-attacks", "claims", copies=True) == [("3",)]
        assert shown(store, "relations", "claims", a="USA", b="Iran") == [("1",)]
        assert shown(store, "relations", "claims", a="USA", b="Iran", copies="ja") == [("3",)]
        assert len(store.select("between", a="USA", b="Iran")) == 1
        assert sum(row["articles"] for row in store.select("sources")) == 3
        assert sum(row["articles"] for row in store.select("sources", copies=True)) == 4
        assert len(store.select("articles")) == 2
        assert shown(store, "fulfilled", "subject", "object", "articles") == [("Katar", "Iran", "1")]
        assert [row["step"] for row in store.select("chain", a="Katar", b="USA")] == [1, 2]


# --- the texts by themselves


def spelt(term: Any) -> str | None:
    """A term of either library in one spelling."""
    if term is None:
        return None
    text = str(getattr(term, "value", term)) if not isinstance(term, rdflib.term.Node) else str(term)
    try:
        return f"{float(text):g}" if not text.startswith("20") else text
    except ValueError:
        return text


@pytest.fixture(scope="module")
def other(make: Callable[[date], Store]) -> rdflib.Dataset:
    """The same articles in a store of rdflib, with the ontology and the parties of conflicts."""
    lines = io.BytesIO()
    make(date.max).export(lines, "nquads")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # rdflib warns of its own use
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=lines.getvalue(), format="nquads")
        for path in (ontology_dir() / "kgraph.ttl", ontology_dir() / "crosswalk.ttl"):
            dataset.graph(rdflib.URIRef("urn:ontology")).parse(path)
    return dataset


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib warns of its own use
@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_another_engine_answers_the_text_alone_alike(news: Store, other: rdflib.Dataset, query: Any) -> None:
    """The file as it stands, with its required parameters, asked of rdflib's own engine: no word of ours beside it."""
    params = given(query, optional=False)
    text = substituted(query.text, query.bind(params, news.resolve))
    found = other.query(text)
    columns = [str(variable) for variable in found.vars if not str(variable).startswith("given_")]
    theirs = sorted([[spelt(row[column]) or "" for column in columns] for row in found])
    expected = news._engine.query(text)
    ours = sorted([[spelt(row[column]) or "" for column in columns] for row in expected])
    assert theirs == ours
    assert ours or query.name == "evidence"
    assert not re.search(r"^\s*#\?", query.text_for({p.name for p in query.parameters}), re.MULTILINE)
