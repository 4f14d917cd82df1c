from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from kgraph.errors import DataError, QueryError, QueryRefused, StoreError, UnknownActor
from kgraph.graph import ParameterKind, Ref, Store, named_queries, open_store
from kgraph.graph.guard import check_query
from kgraph.graph.queries import relation_of
from kgraph.model import DATA, NAMESPACE, Modality, Polarity, Relation

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def world(filled: Store, made: Any) -> Store:
    """The two articles and a third one with alliances, a killing, a dispute and words of others."""
    filled.write(
        made.Text("a3", published=date(2026, 5, 1), publisher="Musterblatt")
        .claim("Iran und Russland sind verbündet.", (made.IRAN, "Iran"), Relation.ALLY, "verbündet", (made.RUSSIA, "Russland"))
        .claim("Russland griff den Iran an.", (made.RUSSIA, "Russland"), Relation.ATTACKS, "griff", (made.IRAN, "Iran"))
        .claim("Iran tötete einen Mann der USA.", (made.IRAN, "Iran"), Relation.KILLS, "tötete", (made.USA, "USA"))
        .claim("Laut einem Bericht half Iran Moldau.", (made.IRAN, "Iran"), Relation.AIDS, "half", (made.MOLDOVA, "Moldau"),
               modality=Modality.ALLEGED, source=(None, "Laut einem Bericht"))
        .claim("Die USA sind nicht mit Iran verbündet.", (made.USA, "USA"), Relation.ALLY, "verbündet", (made.IRAN, "Iran"),
               polarity=Polarity.NEGATED)
        .done()
    )  # fmt: skip
    return filled


def shown(store: Store, query: str, *columns: str, **params: Any) -> list[tuple[str, ...]]:
    return [tuple(str(row[column]) for column in columns) for row in store.select(query, **params)]


def test_between(world: Store) -> None:
    rows = shown(world, "between", "date", "subject", "relation", "object", a="USA", b="Iran")
    assert rows == [
        ("2026-05-01", "Iran", "tötet", "USA"),
        ("2026-05-01", "USA", "ist verbündet mit", "Iran"),
        ("2026-04-01", "USA", "verhängt Sanktionen gegen", "Iran"),
        ("2026-03-02", "USA", "greift an", "Iran"),
    ]
    assert shown(world, "between", "date", "subject", "relation", "object", a="Iran", b="USA") == rows


def test_between_counts_persons_for_those_they_act_for(world: Store) -> None:
    for a in ("Moldau", "Ion Testescu"):
        assert shown(world, "between", "subject", "relation", a="USA", b=a) == [("Ion Testescu", "trifft")]


@pytest.mark.parametrize("name", ["USA", "usa", "US", "Q30", f"{DATA}Q30", "United States", "Vereinigte Staaten"])
def test_actors_may_be_named_in_any_way(world: Store, name: str) -> None:
    assert len(world.select("between", a=name, b="IRN")) == 4


def test_timeline(world: Store) -> None:
    rows = shown(world, "timeline", "date", "relation", a="Russland")
    assert rows == [
        ("2026-03-02", "kritisiert"), ("2026-03-03", "greift an"), ("2026-05-01", "ist verbündet mit"), ("2026-05-01", "greift an"),
    ]  # fmt: skip
    assert shown(world, "timeline", "date", "relation", a="Russland", b="USA") == rows[:1]


def test_evidence(world: Store) -> None:
    [row] = world.select("evidence", a="Russland", b="Iran", relation="attacks", limit=1)
    assert (row.quote, row.trigger, row.rule, row.publisher) == (
        "Russland griff den Iran an.", "griff", "de/griff.verb", "Musterblatt",
    )  # fmt: skip
    assert shown(world, "evidence", "polarity", "according_to", a="Russland", b="Iran", relation="kg:attacks") == [
        ("bejaht", "None"), ("verneint", "nach eigenen Angaben"),
    ]  # fmt: skip
    assert len(world.select("evidence", a="Russland", b="Iran")) == 3  # the alliance counts from both sides
    assert len(world.select("evidence", a="Iran", b="Russland")) == 1


def test_neighbours(world: Store) -> None:
    assert sorted(shown(world, "neighbours", "neighbour", "direction", "relation", "claims", a="USA")) == [
        ("Ion Testescu", "↔", "trifft", "1"),
        ("Iran", "←", "tötet", "1"),
        ("Iran", "→", "greift an", "1"),
        ("Russland", "←", "kritisiert", "1"),
    ]
    assert shown(world, "neighbours", "neighbour", "direction", a="Moldau") == [("USA", "↔")]


def test_allies(world: Store) -> None:
    assert shown(world, "allies", "friend", "relation", a="Russland") == [("Iran", "ist verbündet mit")]
    assert shown(world, "allies", "friend", a="Iran") == [("Russland",)]
    assert shown(world, "allies", "friend", a="USA") == []


def test_conflicts(world: Store) -> None:
    assert sorted(shown(world, "conflicts", "subject", "relation", "object")) == [
        ("Iran", "tötet", "USA"),
        ("Russland", "greift an", "Iran"),
        ("USA", "greift an", "Iran"),
    ]
    assert sorted(shown(world, "conflicts", "subject", a="USA")) == [("Iran",), ("USA",)]
    assert shown(world, "conflicts", "subject", a="Moldau") == []


def test_who_attacks_finds_kinds_of_attacks_too(world: Store) -> None:
    assert sorted(shown(world, "who-attacks", "attacker", "relation", "attacked")) == [
        ("Iran", "tötet", "USA"), ("Russland", "greift an", "Iran"), ("USA", "greift an", "Iran"),
    ]  # fmt: skip
    assert shown(world, "who-attacks", "attacker", a="USA") == [("Iran",)]


def test_who_says(world: Store) -> None:
    assert shown(world, "who-says", "words", "speaker", "relation") == [
        ("Laut einem Bericht", "None", "hilft"),
        ("nach eigenen Angaben", "Russland", "greift an"),
    ]
    assert shown(world, "who-says", "words", a="Russland") == [("nach eigenen Angaben",)]
    assert shown(world, "who-says", "words", relation="aids") == [("Laut einem Bericht",)]


def test_disputed(world: Store) -> None:
    assert shown(world, "disputed", "subject", "relation", "object", "affirmed", "denied", "articles") == [
        ("Russland", "greift an", "Iran", "1", "1", "2")
    ]
    assert len(world.select("disputed", a="Iran")) == 1
    assert len(world.select("disputed", a="USA")) == 0
    assert len(world.select("disputed", a="Russland")) == 1


def test_a_symmetric_relation_is_disputed_whichever_way_it_is_told(world: Store, made: Any) -> None:
    text = made.Text("a4")
    text.claim("Iran ist mit den USA verbündet.", (made.IRAN, "Iran"), Relation.ALLY, "verbündet", (made.USA, "USA"))
    world.write(text.done())
    assert shown(world, "disputed", "subject", "relation", "object", a="USA") == [("USA", "ist verbündet mit", "Iran")]


def test_sources_and_articles(world: Store) -> None:
    assert shown(world, "sources", "publisher", "articles", "claims", "first", "last") == [
        ("Musterblatt", "2", "7", "2026-03-02", "2026-05-01"),
        ("Beispielpost", "1", "3", "2026-03-03", "2026-03-03"),
    ]
    assert shown(world, "articles", "id", "claims") == [("a3", "5"), ("a2", "3"), ("a1", "2")]


def test_in_another_language_rows_read_in_it(world: Store, path: Path) -> None:
    world.close()
    with open_store(path, lang="en", read_only=True) as store:
        assert shown(store, "between", "subject", "relation", "object", a="Russia", b="Iran")[0] == (
            "Iran", "is allied with", "Russia",
        )  # fmt: skip


@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_every_named_query_is_described_safe_and_runs(world: Store, query: Any) -> None:
    check_query(query.text)
    assert sorted(query.title) == sorted(query.about) == ["de", "en"]
    given = {ParameterKind.ACTOR: "Iran", ParameterKind.RELATION: "attacks", ParameterKind.CONFIDENCE: "0.7",
             ParameterKind.DATE: date(2026, 3, 31), ParameterKind.FLAG: True}  # fmt: skip
    for parameter in query.parameters:
        assert sorted(parameter.about) == ["de", "en"]
    for wanted in (True, False):
        params = {p.name: given[p.kind] for p in query.parameters if p.required or wanted}
        params |= {"b": "USA"} if "b" in params else {}
        rows = world.select(query.name, **params)
        assert not set(rows.columns) & query.hidden
        json.dumps([row.as_dict() for row in rows])


@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_every_named_query_is_whole_in_itself(query: Any) -> None:
    assert isinstance(pyoxigraph.Store().query(query.text), pyoxigraph.QuerySolutions)


def test_all_named_queries_are_there() -> None:
    of_claims = " [min_confidence] [as_of] [copies]"
    usages = [query.usage for query in named_queries()]
    assert "articles [as_of] [copies]" in usages
    assert [usage.removesuffix(of_claims) for usage in usages if usage.endswith(of_claims)] == [
        "accusations [a] [b]", "alliances", "allies a", "arms [a]", "balance [a] [b]", "between a b", "chain a b",
        "changes since [a]", "conflicts [a]", "contradictions [a]", "disputed [a]", "evidence a b [relation]",
        "fulfilled [a]", "mediators [a]", "meetings [a] [b]", "modalities [relation]", "most-attacked", "neighbours a",
        "relations a b", "sanctions [a]", "sources", "timeline a [b]", "who-attacks [a]", "who-says [a] [relation]",
    ]  # fmt: skip
    assert len(usages) == 25


@pytest.mark.parametrize(
    ("query", "params", "message"),
    [
        ("betwen", {}, "between"),
        ("between", {"a": "USA"}, r"lacks b.*between a b"),
        ("between", {"a": "USA", "b": "Iran", "c": "x"}, "no parameter c"),
        ("evidence", {"a": "USA", "b": "Iran", "relation": "attack"}, "attacks"),
        ("SELECT * { ?s ?p }", {}, "not SPARQL"),
        ("SELECT ?s { ?s ?p ?o }", {"x": 1}, "SELECT"),
        ("SELECT ?s { ?s ?p ?o }", {"s": object()}, "object"),
        ("ASK { ?s ?p ?o }", {}, "ask"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {}, "sparql"),
    ],
)
def test_a_wrong_query_says_what_is_wrong(shared: Store, query: str, params: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        shared.select(query, **params)


@pytest.mark.parametrize("timeout", [None, 60])
def test_a_fault_is_shown_with_what_stands_before_it(shared: Store, timeout: int | None) -> None:
    with pytest.raises(QueryError, match=r"not SPARQL: error at 2:12: expected .{1,200} \(after '\?claim kg:a'\)"):
        shared.select("SELECT ?claim {\n?claim kg:a", timeout=timeout)
    with pytest.raises(QueryRefused, match="cannot change"):
        shared.select("CLEAR ALL", timeout=timeout)


def test_an_unknown_actor_gets_suggestions(shared: Store) -> None:
    with pytest.raises(UnknownActor, match="Russland"):
        shared.select("neighbours", a="Russlnd")


def test_a_newcomers_query_is_one_line(shared: Store) -> None:
    [row] = shared.select("SELECT ?b WHERE { id:Q30 kg:attacks ?b }")
    assert row.b == Ref(f"{DATA}Q794", "Iran")
    assert (str(row.b), row.b.name, row["b"].iri) == ("Iran", "Q794", f"{DATA}Q794")


@pytest.mark.parametrize("value", ["id:Q30", f"{DATA}Q30", Ref(f"{DATA}Q30", "USA")])
def test_parameters_of_a_text_are_bound_to_variables(shared: Store, value: Any) -> None:
    assert [str(row.b) for row in shared.select("SELECT ?a ?b { ?a kg:attacks ?b }", a=value)] == ["Iran"]


@pytest.mark.parametrize("value", ['" } ; DROP ALL #', "\n", "}", "\\", "<urn:x>", "?a", "kg:", "\ud800"])
def test_a_hostile_parameter_is_only_a_value(filled: Store, value: str) -> None:
    before = filled.counts()
    assert list(filled.select("SELECT ?id ?x { ?x dcterms:identifier ?id }", id=value)) == []
    for query in ("between", "neighbours"):
        with pytest.raises(QueryError):
            filled.select(query, a=value, **({"b": value} if query == "between" else {}))
    assert filled.counts() == before


def test_literals_are_values(shared: Store) -> None:
    [row] = shared.select(
        "SELECT ?day ?confidence ?start ?title ?none ?yes { ?c kg:eventDate ?day ; kg:confidence ?confidence ; "
        "kg:triggerStart ?start ; kg:modality kg:planned . BIND('x'@de AS ?title) BIND(true AS ?yes) OPTIONAL { ?c a ?none . "
        "FILTER(false) } }"
    )
    assert (row.day, row.confidence, row.title, row.none, row.yes) == (date(2026, 4, 1), 0.75, "x", None, True)
    assert isinstance(row.start, int)
    assert row.as_dict()["day"] == "2026-04-01"
    assert next(iter(row)) == row.day
    assert len(row) == 6
    with pytest.raises(AttributeError, match="confidence"):
        getattr(row, "confidenc")  # noqa: B009 - a name that is not there


def test_a_limit_says_when_it_cut_off(shared: Store) -> None:
    query = "SELECT ?c { ?c a kg:Claim }"
    assert [(len(rows), rows.truncated) for limit in (None, 9, 5, 4, 0) for rows in [shared.select(query, limit=limit)]] == [
        (5, False), (5, False), (5, False), (4, True), (0, True),
    ]  # fmt: skip


def test_rows_without_rows_still_have_columns(shared: Store) -> None:
    rows = shared.select("SELECT ?x ?y { ?x kg:occupies ?y }")
    assert (rows.columns, len(rows), rows.truncated) == (("x", "y"), 0, False)


def test_as_dict_gives_iris_or_labels(shared: Store) -> None:
    [row] = shared.select("SELECT ?a ?b { ?a kg:attacks ?b }")
    assert row.as_dict() == {"a": f"{DATA}Q30", "b": f"{DATA}Q794"}
    assert row.as_dict(labels=True) == {"a": "USA", "b": "Iran"}


def test_rows_can_be_copied_and_pickled(shared: Store) -> None:
    [row] = rows = shared.select("SELECT ?a ?b { ?a kg:attacks ?b }")
    assert copy.deepcopy(row) == pickle.loads(pickle.dumps(row)) == row
    assert pickle.loads(pickle.dumps(rows))[0] == row


def test_ask(shared: Store) -> None:
    assert shared.ask("ASK { id:Q30 kg:attacks ?b }") is True
    with pytest.raises(QueryError, match="select"):
        shared.ask("SELECT * { ?s ?p ?o }")


def test_the_protocol_s_formats(shared: Store) -> None:
    select = "SELECT ?b { id:Q30 kg:attacks ?b }"
    kind, body = shared.sparql(select)
    assert kind == "application/sparql-results+json"
    assert json.loads(body)["results"]["bindings"][0]["b"]["value"] == f"{DATA}Q794"
    assert shared.sparql(select, media_type="text/csv")[1].split() == [b"b", f"{DATA}Q794".encode()]
    assert json.loads(shared.sparql("ASK { ?s ?p ?o }")[1])["boolean"] is True
    kind, body = shared.sparql("CONSTRUCT { ?a kg:attacks ?b } WHERE { ?a kg:attacks ?b }")
    assert kind == "text/turtle"
    assert b"id:Q30 kg:attacks id:Q794" in body
    with pytest.raises(QueryError, match="text/csv"):
        shared.sparql(select, media_type="text/turtle")


def test_a_query_that_takes_too_long_is_killed_and_the_store_stays_usable(filled: Store, made: Any) -> None:
    with pytest.raises(QueryError, match="longer than 1"):
        filled.select(ENDLESS, timeout=1)
    assert filled.write(made.attack("later")) is True
    assert not list((filled.path / "readers").iterdir())


@pytest.mark.parametrize("read_only", [True, False])
def test_with_a_timeout_results_are_the_same(filled: Store, path: Path, read_only: bool) -> None:
    filled.close()
    with open_store(path, read_only=read_only) as store:
        for query, params in (
            ("between", {"a": "USA", "b": "Iran"}),
            ("SELECT ?x ?id { ?x dcterms:identifier ?id }", {"id": 'a"1'}),
        ):
            assert list(store.select(query, timeout=60, **params)) == list(store.select(query, **params))
        construct = "CONSTRUCT { ?a kg:attacks ?b } WHERE { ?a kg:attacks ?b }"
        assert store.sparql(construct, timeout=60) == store.sparql(construct)
        assert store.ask("ASK { ?s ?p ?o }", timeout=60) is True
        with pytest.raises(QueryError, match="not SPARQL"):
            store.select("SELECT * { ?s }", timeout=60)


def test_relations_are_found_by_name_and_iri() -> None:
    assert {
        relation_of(name) for name in ("attacks", "ATTACKS", "kg:attacks", f"{NAMESPACE}attacks", Relation.ATTACKS)
    } == {Relation.ATTACKS}


def test_a_faulty_query_file_is_reported_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "bad.rq").write_text(
        "# title: Nur deutsch\n# about: a | b\n# a: acter | x | y\nSELECT * {}"
    )
    monkeypatch.setattr("kgraph.graph.queries.ontology_dir", lambda: tmp_path)
    named_queries.cache_clear()
    try:
        with pytest.raises(DataError, match="2 faults") as caught:
            named_queries()
    finally:
        named_queries.cache_clear()
    assert [fault.split(":")[:2] for fault in caught.value.faults] == [["bad.rq", "1"], ["bad.rq", "3"]]


def test_a_damaged_claim_is_a_store_error(filled: Store) -> None:
    filled._engine.quads.update(
        "PREFIX kg: <https://w3id.org/kgraph/ns#> DELETE WHERE { GRAPH ?g { ?c kg:triggerText ?t } }"
    )
    with pytest.raises(StoreError, match="not whole"):
        list(filled.claims())
