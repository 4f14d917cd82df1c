from __future__ import annotations

from typing import Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Variable
from query_examples import example

from kgraph.errors import QueryError
from kgraph.graph import Store, named_queries
from kgraph.graph.guard import check_query
from kgraph.graph.queries import Bindings
from kgraph.graph.substitute import substituted
from kgraph.graph.vocab import PREFIXES

ENGINE = pyoxigraph.Store()


def solved(engine: pyoxigraph.Store, text: str, bindings: Bindings | None = None) -> list[list[str]]:
    result = engine.query(text, prefixes=PREFIXES, use_default_graph_as_union=True, substitutions=bindings)
    assert isinstance(result, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [[f"{name}={solution[name]}" for name in sorted(names)] for solution in result]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_stays_one_literal(words: str) -> None:
    for text in (
        "SELECT ?x { BIND(1 AS ?one) }",
        "SELECT ?x { VALUES ?y { 'a' } FILTER(STR(?x) = STR(?x)) }",
        "SELECT (STRLEN(?x) AS ?n) ?x { } GROUP BY ?x",
    ):
        result = ENGINE.query(substituted(text, {Variable("x"): Literal(words)}))
        assert isinstance(result, pyoxigraph.QuerySolutions)
        assert [solution["x"] for solution in result] == [Literal(words)]


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["urn:", "https://x.example/", "kg:", ""]))
def test_any_iri_stays_one_iri(words: str, scheme: str) -> None:
    try:
        node = NamedNode(scheme + words)
    except ValueError:
        return
    result = ENGINE.query(substituted("SELECT ?x { FILTER(isIRI(?x)) }", {Variable("x"): node}))
    assert isinstance(result, pyoxigraph.QuerySolutions)
    assert [solution["x"] for solution in result] == [node]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x ?y { ?y kg:involves ?x } ORDER BY ?y",
        "SELECT * { ?y kg:involves ?x FILTER(BOUND(?x) && ?x != 3) } ORDER BY ?y",
        "SELECT ?x (COUNT(?y) AS ?n) { ?y kg:involves ?x FILTER(?x IN (?x)) } GROUP BY (1) ?x",
        "SELECT ?x (COUNT(?y) AS ?n) { ?y kg:involves ?x } GROUP BY ?x",
        "SELECT ?x ?z (COUNT(?y) AS ?n) { ?y kg:involves ?x ; rdf:predicate ?z } GROUP BY ?z ?x HAVING(COUNT(?y) > 0) ORDER BY ?x ?z",
        "SELECT ?x ?y { ?y a kg:Claim FILTER EXISTS { ?y kg:involves $x } FILTER(COALESCE(?unset <= 0, true)) } ORDER BY ?y",
        "SELECT ?x ?y { { SELECT ?x ?y { ?y kg:involves ?x } } ?y a kg:Claim } ORDER BY ?y # ?x",
        'SELECT (\'?x \\\'?x\' AS ?s) ?xx $x { BIND(\'?x\' AS ?xx) BIND("""?x""" AS ?t) OPTIONAL { ?y <urn:?x> ?x } }',
    ],
)
def test_a_query_answers_as_with_values_beside_it(shared: Store, text: str) -> None:
    bindings: Bindings = {Variable("x"): NamedNode(f"{PREFIXES['id']}Q30")}
    engine = shared._engine.quads
    expected = [[cell for cell in row if not cell.startswith("x=")] for row in solved(engine, text, bindings)]
    found = [[cell for cell in row if not cell.startswith("x=")] for row in solved(engine, substituted(text, bindings))]
    assert found == expected
    assert found


@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
@pytest.mark.parametrize("every", [False, True])
def test_named_queries_answer_the_same(shared: Store, query: Any, every: bool) -> None:
    values = example(query, every=every)
    bindings = query.variables(query.bind(values, shared.resolve))
    text = query.text_for(values)
    engine, hidden = shared._engine.quads, tuple(f"{name}=" for name in query.hidden)

    def seen(rows: list[list[str]]) -> list[list[str]]:
        found = [[cell for cell in row if not cell.startswith(hidden)] for row in rows]
        return found if "ORDER BY" in text else sorted(found)

    literals = [variable.value for variable, term in bindings.items() if isinstance(term, Literal)]
    for written in (substituted(text, bindings), substituted(text, bindings, hidden=literals)):
        check_query(written)
        assert seen(solved(engine, written)) == seen(solved(engine, text, bindings))


def test_a_variable_that_has_a_value_gets_no_other() -> None:
    with pytest.raises(QueryError, match="itself"):
        substituted("SELECT ?x { BIND(1 AS ?x) }", {Variable("x"): Literal("2")})
