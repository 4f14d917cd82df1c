"""A least confidence: claims below it are nowhere, one that reaches it is there, and nothing is left of those that went."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from kgraph.errors import QueryError, UsageError
from kgraph.explore import write_page
from kgraph.graph import FORMATS, Store, named_queries, open_store
from kgraph.graph.confident import confident
from kgraph.model import DATA, Extraction, Polarity, Relation

AT = 0.7  # the confidence that is asked for, and that some claims have exactly
RDF = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "json-ld": RdfFormat.JSON_LD,
}
OF_CLAIMS = [query for query in named_queries() if query.name != "articles"]


def articles(made: Any) -> list[Extraction]:
    """Surer and less sure claims of the same, in one article and in two, about actors of the lists and others."""
    usa, iran, russia, moldova = (
        (made.USA, "USA"),
        (made.IRAN, "Iran"),
        (made.RUSSIA, "Russland"),
        (made.MOLDOVA, "Moldau"),
    )
    person = (made.UNKNOWN, "Ion Testescu")
    office = {"role": ("Minister", made.MOLDOVA, False)}
    one = (
        made.Text("one", published=date(2026, 3, 1), publisher="Musterblatt", title="Eins")
        .claim("Die USA greifen den Iran an.", usa, Relation.ATTACKS, "greifen", iran, confidence=0.9)
        .claim("Erneut trafen Bomben der USA den Iran.", usa, Relation.ATTACKS, "trafen", iran, confidence=0.4)
        .claim("Russland tötet und verrät den Iran.", russia, Relation.KILLS, "tötet", iran, confidence=AT)
        .claim("Russland tötet und verrät den Iran.", russia, Relation.ACCUSES, "verrät", iran, confidence=0.6999)
        .claim("Der Iran steht zu Russland.", iran, Relation.ALLY, "steht", russia, confidence=0.3)
        .claim("Ein Bund von Russland und Iran.", russia, Relation.ALLY, "Bund", iran, confidence=0.8)
    )
    two = (
        made.Text("two", published=date(2026, 3, 2), publisher="Beispielpost", title="Zwei")
        .claim("Die USA greifen den Iran an.", usa, Relation.ATTACKS, "greifen", iran, confidence=0.2)
        .claim(
            "Die USA töten den Iran nicht.",
            usa,
            Relation.KILLS,
            "töten",
            iran,
            confidence=0.95,
            polarity=Polarity.NEGATED,
        )
        .claim(
            "Russland tötet den Iran nicht.",
            russia,
            Relation.KILLS,
            "tötet",
            iran,
            confidence=0.1,
            polarity=Polarity.NEGATED,
        )
        .claim(
            "Die Moldau rügt die USA, so Ion Testescu.",
            moldova,
            Relation.CRITICIZES,
            "rügt",
            usa,
            confidence=0.75,
            source=person,
        )
        .claim("Ion Testescu regiert die Moldau.", person, Relation.OFFICIAL_OF, "regiert", moldova, confidence=0.5)
    )
    three = made.Text("three", published=date(2026, 3, 3), publisher="Beispielpost", title="Drei").claim(
        "Ion Testescu trifft die USA.", person, Relation.MEETS, "trifft", usa, confidence=0.6
    )
    four = made.Text("four", published=date(2026, 3, 4), title="Vier").claim(
        "Minister Ion Testescu trifft den Iran.", person, Relation.MEETS, "trifft", iran, confidence=0.6, **office
    )
    return [text.done() for text in (one, two, three, four)]  # fmt: skip


@pytest.fixture(scope="module")
def make(template: Path, tmp_path_factory: pytest.TempPathFactory, made: Any) -> Iterator[Callable[[float], Store]]:
    """Stores of the articles that hold no claims below a confidence, since these were never written."""
    stores: dict[float, Store] = {}

    def of(least: float) -> Store:
        if least not in stores:
            path = Path(shutil.copytree(template, tmp_path_factory.mktemp("least") / "store"))
            stores[least] = open_store(path)
            for extraction in articles(made):
                claims = tuple(claim for claim in extraction.claims if claim.confidence >= least)
                stores[least].write(replace(extraction, claims=claims))
        return stores[least]

    yield of
    for store in stores.values():
        store.close()


@pytest.fixture
def whole(make: Callable[[float], Store]) -> Store:
    return make(0.0)


@pytest.fixture
def sure(make: Callable[[float], Store]) -> Store:
    return make(AT)


@cache
def exported(store: Store, form: str, **options: Any) -> bytes:
    """An export, made once: no test changes a store that another one asks."""
    output = io.BytesIO()
    store.export(output, form, **options)
    return output.getvalue()


def sides(made: Any) -> tuple[set[str], set[str]]:
    """The IRIs of the claims that stay, and of those that go."""
    claims = [claim for extraction in articles(made) for claim in extraction.claims]
    return {c.id for c in claims if c.confidence >= AT}, {c.id for c in claims if c.confidence < AT}


def test_claims_at_the_least_confidence_stay_and_those_below_go(whole: Store, made: Any) -> None:
    stay, go = sides(made)
    assert {claim.id for claim in whole.claims(min_confidence=AT)} == stay
    assert {claim.id for claim in whole.claims()} == stay | go
    assert AT in {claim.confidence for claim in whole.claims(min_confidence=AT)}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("least", "everything"), [(AT, False), (AT, True), (1.0, False)])
def test_an_export_is_that_of_a_store_without_them(
    whole: Store, make: Callable[[float], Store], form: str, least: float, everything: bool
) -> None:
    found = exported(whole, form, everything=everything, min_confidence=least)
    assert found == exported(make(least), form, everything=everything)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_of_all_is_the_same_with_and_without_the_option(whole: Store, form: str) -> None:
    assert exported(whole, form, min_confidence=0) == exported(whole, form)


@pytest.mark.parametrize("form", [*RDF, "csv"])
def test_no_line_of_an_export_mentions_a_claim_below(whole: Store, made: Any, form: str) -> None:
    text = exported(whole, form, min_confidence=AT).decode()
    stay, go = sides(made)
    last_parts = [{claim.rpartition("/")[2] for claim in claims} for claims in (stay, go)]
    assert all(name in text for name in last_parts[0])
    assert not any(name in text for name in last_parts[1])
    assert "Russland tötet und verrät den Iran." in text  # a claim of this sentence stays
    assert "Erneut trafen Bomben der USA den Iran." not in text


@pytest.mark.parametrize("form", RDF)
def test_nothing_in_rdf_leads_nowhere(whole: Store, form: str) -> None:
    quads = list(pyoxigraph.parse(exported(whole, form, min_confidence=AT), RDF[form]))
    described = {quad.subject for quad in quads}
    for quad in quads:
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(DATA):
            assert quad.object in described, quad
    used = {quad.object for quad in quads}
    parts = {quad.subject for quad in quads if quad.subject.value.startswith(f"{DATA}evidence/")}
    assert parts <= used


def test_an_export_is_a_graph_in_order(whole: Store, template: Path, tmp_path: Path) -> None:
    with open_store(shutil.copytree(template, tmp_path / "again")) as store:
        data = exported(whole, "nquads", min_confidence=AT)
        quads = (
            q for q in pyoxigraph.parse(data, RdfFormat.N_QUADS) if not q.graph_name.value.endswith("graph/actors")
        )
        store._engine.quads.extend(quads)
        report = store.check()
        assert report.faults == ()
        assert (report.articles, report.claims) == (4, 5)


def test_a_direct_edge_stays_while_a_claim_says_so(whole: Store, made: Any) -> None:
    ids = {extraction.article.iri: extraction.article.id for extraction in articles(made)}

    def said_in(least: float, relation: str) -> list[str]:
        quads = pyoxigraph.parse(exported(whole, "nquads", min_confidence=least), RdfFormat.N_QUADS)
        edges = (quad for quad in quads if quad.predicate.value.endswith(f"ns#{relation}"))
        return sorted(ids[edge.graph_name.value] for edge in edges)

    assert said_in(0, "attacks") == ["one", "two"]
    assert said_in(AT, "attacks") == ["one"]  # by one of its two claims there
    assert said_in(1, "attacks") == []
    assert said_in(AT, "ally") == ["one", "one"]  # a symmetric relation, both ways
    assert said_in(AT, "kills") == ["one"]
    assert said_in(AT, "accuses") == []


def test_a_store_keeps_what_it_holds_and_quads_of_others_are_exported(
    whole: Store, template: Path, tmp_path: Path, made: Any
) -> None:
    before = whole.canonical_hash()
    exported(whole, "trig", min_confidence=1)
    assert whole.canonical_hash() == before
    with open_store(shutil.copytree(template, tmp_path / "own")) as store:
        store.write(articles(made)[2])
        update = f"INSERT DATA {{ GRAPH <{articles(made)[2].article.iri}> {{ <urn:a> <urn:b> <urn:c> }} }}"
        store._engine.quads.update(update)
        assert b"urn:a" in exported(store, "nquads", min_confidence=1)


def test_a_claim_without_confidence_is_below_any(made: Any, whole: Store) -> None:
    graph = whole._engine.graph(NamedNode(articles(made)[0].article.iri))
    damaged = {quad for quad in graph if not quad.predicate.value.endswith("confidence")}
    assert confident(damaged, 0) == damaged
    left = confident(damaged, 0.001)
    assert not [quad for quad in left if "claim/" in str(quad) or "evidence/" in str(quad)]
    assert left


@pytest.mark.parametrize("facts", [True, False])
def test_the_graph_for_networkx_is_that_of_a_store_without_them(whole: Store, sure: Store, facts: bool) -> None:
    graph = whole.to_networkx(facts=facts, min_confidence=AT)
    same = sure.to_networkx(facts=facts)
    assert dict(graph.nodes(data=True)) == dict(same.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(same.edges(keys=True, data=True))
    assert whole.to_networkx(min_claims=2, min_confidence=AT).number_of_edges() == 0  # those below do not count
    assert whole.to_networkx(min_claims=2).number_of_edges() == 2


def given(query: Any, *, optional: bool) -> dict[str, str]:
    values = {"a": "Iran", "b": "Russland", "relation": "kills", "since": "2026-03-02"}
    if query.name == "evidence":
        values = {"a": "Russland", "b": "Iran", "relation": "kills"}
    if query.name in ("who-says", "neighbours"):
        values["a"] = "Moldau"
        values["relation"] = "criticizes"
    return {
        parameter.name: values[parameter.name]
        for parameter in query.parameters
        if parameter.name in values and (parameter.required or optional)
    }


@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.parametrize("least", [AT, 0.95])
@pytest.mark.parametrize("query", OF_CLAIMS, ids=lambda query: query.name)
def test_a_named_query_answers_as_in_a_store_without_them(
    whole: Store, make: Callable[[float], Store], query: Any, least: float, optional: bool
) -> None:
    values = given(query, optional=optional)
    found = whole.select(query.name, min_confidence=least, **values)
    expected = make(least).select(query.name, **values)
    assert found.columns == expected.columns
    assert list(found) == list(expected)


@pytest.mark.parametrize("query", OF_CLAIMS, ids=lambda query: query.name)
def test_a_named_query_for_all_answers_as_without_the_parameter(whole: Store, query: Any) -> None:
    values = given(query, optional=False)
    rows = list(whole.select(query.name, **values))
    assert list(whole.select(query.name, min_confidence=0, **values)) == rows
    assert list(whole.select(query.name, min_confidence=None, **values)) == rows


def test_named_queries_are_sifted(whole: Store) -> None:
    def count(query: str, least: object, **values: str) -> int:
        return len(whole.select(query, min_confidence=least, **values))

    assert [count("timeline", least, a="Iran") for least in (0, 0.3, AT, "0.70001", 0.9, 1)] == [10, 8, 4, 3, 2, 0]
    assert [count("disputed", least) for least in (0, 0.1, 0.11)] == [1, 1, 0]
    assert [count("who-says", least, a="Moldau") for least in (0, 0.5, 0.51, 0.76)] == [1, 1, 0, 0]
    rows = whole.select("sources", min_confidence=AT)
    assert {(str(row.publisher), row.articles, row.claims) for row in rows} == {
        ("Musterblatt", 1, 3), ("Beispielpost", 2, 2), ("None", 1, 0),
    }  # fmt: skip


def test_with_a_timeout_the_answer_is_the_same(whole: Store) -> None:
    params = {"a": "Iran", "min_confidence": AT}
    assert list(whole.select("timeline", timeout=60, **params)) == list(whole.select("timeline", **params))


@pytest.mark.parametrize("wrong", [-1, 2, 1.0001, "abc", "0,7", "", "nan", float("inf"), True])
def test_what_is_no_confidence_is_refused(whole: Store, wrong: Any) -> None:
    with pytest.raises(QueryError, match=r"min_confidence.*0 to 1"):
        whole.select("timeline", a="Iran", min_confidence=wrong)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, 70, float("nan")])
def test_the_library_refuses_it_too(whole: Store, tmp_path: Path, wrong: float) -> None:
    with pytest.raises(UsageError, match="min_confidence"):
        whole.claims(min_confidence=wrong)
    with pytest.raises(UsageError, match="min_confidence"):
        whole.to_networkx(min_confidence=wrong)
    with pytest.raises(UsageError, match="min_confidence"):
        exported(whole, "turtle", min_confidence=wrong)
    with pytest.raises(UsageError, match="min_confidence"):
        write_page(whole, tmp_path / "page.html", min_confidence=wrong)


def test_a_query_that_is_not_about_claims_has_no_such_parameter(whole: Store) -> None:
    with pytest.raises(QueryError, match="no parameter min_confidence"):
        whole.select("articles", min_confidence=AT)


def test_the_page_shows_what_is_sure_enough(whole: Store, sure: Store, tmp_path: Path) -> None:
    def data(store: Store, **options: float) -> dict[str, Any]:
        page = write_page(store, tmp_path / "page.html", **options).read_text(encoding="utf-8")
        return json.loads(page.partition('id="data">')[2].partition("</script>")[0])  # type: ignore[no-any-return]

    found, expected = data(whole, min_confidence=AT), data(sure)
    assert (found.pop("minConfidence"), expected.pop("minConfidence")) == (AT, 0)
    assert found == expected
    assert {claim["confidence"] for claim in found["claims"]} == {AT, 0.75, 0.8, 0.9, 0.95}
