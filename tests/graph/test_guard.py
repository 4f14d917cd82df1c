from __future__ import annotations

import contextlib
import http.server
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.errors import QueryError, QueryRefused, UnknownActor
from kgraph.graph import Ref, Store
from kgraph.graph.guard import check_elsewhere, check_query

# Each of these makes Oxigraph call the server of the fixture, or would under another reading of the text.
SERVICES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE<URL>{ ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { SERVICESILENT:x{ ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <URL> } ?s a ?t SERVICE?x{ ?a ?b ?c } }",
    "SELECT * { ?s ?p true SERVICE <URL> { ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p trueSERVICE:x{ ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p true.SERVICE:x{ ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p 1.SERVICE:x{ ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p 1.0SERVICE:x{ ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p 1e5SERVICE:x{ ?a ?b ?c } }",
    "SELECT * { ?s kg:a.SERVICE <URL> { ?a ?b ?c } }",
    "SELECT * { VALUES ?x { <URL> } ?s ?p ?o FILTER(?s<?o)SERVICE?x#>\n{ ?a ?b ?c } }",
    "SELECT * { VALUES ?x { <URL> } ?s ?p ?o FILTER(?s<?o&&?p='>')SERVICE?x{ ?a ?b ?c } }#'",
    "SELECT * { VALUES ?x { <URL> } ?s ?p ?o FILTER(?s<kg:f(?o))SERVICE?x#>\n{ ?a ?b ?c } }",
    "SELECT * { ?s ?p <urn:a#b> . SERVICE <URL> { ?a ?b ?c } }",
    'SELECT * { ?s ?p "a" # comment\n SERVICE <URL> { ?a ?b ?c } }',
    'SELECT * { ?s ?p """a"b""c""" SERVICE <URL> { ?a ?b ?c } }',
    "SELECT * { ?s ?p '''a'b''c''' SERVICE <URL> { ?a ?b ?c } }",
    'SELECT * { ?s ?p "\\\\"SERVICE <URL> { ?a ?b ?c } }#"',
    "SELECT * { ?s ?p 'a\\'SERVICE <URL> { ?a ?b ?c } }",
    'SELECT * { ?s ?p "\\u0022 # " . SERVICE <URL> { ?a ?b ?c } }',
    'SELECT * { ?s ?p <http://x/\\u0041#b> . ?s ?p "\\u0022 #" SERVICE <URL> { ?a ?b ?c } }',
    "SELECT * { ?s ?p kg:a\\' . SERVICE <URL> { ?a ?b ?c } }",
    "SELECT * { ?s ?p kg:a\\' . SERVICE <URL> { ?a ?b ?c } }#'",
    "SELECT * { ?s ?p kg:a\\# . SERVICE <URL> { ?a ?b ?c } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <URL> { ?s ?p ?o } }",
    "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
]
LOADS = ["LOAD <http://x/g>", "LOAD SILENT <file:///etc/passwd> INTO GRAPH <http://x/g>"]
FROMS = [
    "SELECT ?s FROM <URL> { ?s a kg:Claim }",
    "SELECT*FROM<URL>{ ?s a kg:Claim }",
    "SELECT (STR(?c) AS ?s)FROM<URL>{ ?c a kg:Claim }",
    "SELECT ?s # all of them\nfrom <URL> { ?s a kg:Claim }",
    "PREFIX g: <URL> SELECT ?s FROM g: { ?s a kg:Claim }",
    "SELECT ?s FROM NAMED <URL> { GRAPH ?g { ?s a kg:Claim } }",
    "CONSTRUCT { ?s a ?t }FROM <URL> WHERE { ?s a ?t }",
    "DESCRIBE ?s FROM <URL> { ?s a kg:Claim }",
]
UNCLEAR = [  # FROM for one reading, part of a name for another
    "SELECT ?x { ?x a kg:Claim . ?x ?y kg:a.from }",
    "SELECT ?a·from { ?a·from a kg:Claim }",
    "PREFIX from: <urn:x> SELECT ?x { ?x a from:y }",
    "SELECT *FROM:x { ?s ?p ?o }",
    "SELECT * FROMNAMED <urn:x> { ?s ?p ?o }",
    "SELECT * \\u0046ROM <urn:x> { ?s ?p ?o }",
]
HARMLESS = [
    "SELECT ?from ?load WHERE { ?s kg:from ?from ; kg:to ?load }",
    'SELECT * { ?s ?p "SERVICE <http://x> FROM LOAD" }',
    "SELECT * { ?s ?p '''it's a SERVICE'''@de }",
    'SELECT * { ?s ?p "a\\"b SERVICE" }',
    "SELECT * { <http://x/service?from=1#load> ?p ?o } # SERVICE here",
    "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o) FILTER(?s<3) }",
    "SELECT * { ?s kg:a/kg:b* ?o ; <urn:x:y> 5 , 1.5 , true }",
    'SELECT * { ?s ?p "\\u0022 text" , "\\u00e4" }',
    "BASE <http://x/> SELECT * { ?s <\\u0078> ?o . FILTER(?o < 3) }",
    "# from here\nPREFIX a: <urn:b> SELECT ?serviceload { ?s a:from _:load }",
]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.path)
            self.send_response(500)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/", calls
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("query", SERVICES)
def test_no_query_reaches_another_server(shared: Store, server: tuple[str, list[str]], query: str) -> None:
    address, calls = server
    text = query.replace("URL", address)
    for ask in (shared.select, shared.ask, shared.sparql):
        with pytest.raises(QueryError, match=r"SERVICE|space|closed"):
            ask(text)
    assert calls == []


@pytest.mark.parametrize("query", LOADS)
def test_load_is_refused(shared: Store, query: str) -> None:
    with pytest.raises(QueryError, match="LOAD"):
        shared.select(query)


@pytest.mark.parametrize("timeout", [None, 60])
@pytest.mark.parametrize("query", FROMS)
def test_from_names_graphs_of_the_store_and_fetches_nothing(
    shared: Store, made: Any, server: tuple[str, list[str]], query: str, timeout: int | None
) -> None:
    def claims(graph: str) -> set[str]:
        body = shared.sparql(query.replace("URL", graph), timeout=timeout)[1].decode().replace("\\/", "/")
        return set(re.findall(r"claim/[0-9a-f]+", body))

    address, calls = server
    extraction = made.attack()
    assert claims(extraction.article.iri) == {claim.id.partition("/id/")[2] for claim in extraction.claims}
    assert claims(address) == set()
    assert calls == []


@pytest.mark.parametrize("query", UNCLEAR)
def test_what_may_be_from_or_a_name_is_refused(shared: Store, query: str) -> None:
    with pytest.raises(QueryRefused, match="FROM"):
        shared.select(query)


@pytest.mark.parametrize("text", ["SELECT * FROM <http://x/g> { ?s ?p ?o }", "ASK FROM NAMED <http://x/g> {}"])
def test_from_is_not_sent_to_servers(text: str) -> None:
    with pytest.raises(QueryRefused, match="FROM"):
        check_elsewhere(text)


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless_queries_pass(shared: Store, query: str) -> None:
    assert shared.select(query).columns


@pytest.mark.parametrize(
    "text",
    ["a-" * 50_000, '"\\' * 50_000, "<a" * 50_000, "?a<b" * 40_000, "''" * 50_000, ":" * 100_000, "@a-" * 40_000],
)
def test_checking_a_long_text_is_quick(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(QueryError):
        check_query(text)
    assert time.process_time() - start < 30  # minutes where a pattern backtracks, however busy the machine is


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> } }",
        "# a comment\nPREFIX kg: <urn:x> DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <urn:g>",
    ],
)
def test_a_query_cannot_change_the_store(filled: Store, update: str) -> None:
    for ask in (filled.select, filled.ask, filled.sparql):
        with pytest.raises(QueryError, match="cannot change"):
            ask(update)
    assert filled.counts().claims == 5


# --- names, parameters and texts are data, whatever is in them

PIECES = [
    *"\"'`\\{}()[]<>#;.,|^@%&?$*+=/-_:~!\t\n\r\0 \x0b\x85\u2028\ufeff\ud800\U0001f600äA1",
    "\\u0022", "\\u003e", "\\", "\\n", "\\'", '\"\"\"', "'''", "> }", "} #", "<urn:a>", "http://a.example/", "https://", "urn:x:",
    "kg:", "id:", "id:Q30", "Q30", "USA", "_:b", "^^xsd:integer", "@de", "?a", "DROP ALL", "; INSERT DATA { <urn:a> <urn:b> 1 } #",
    "SERVICE <http://127.0.0.1:9/> {", "FROM", "UNION", "BIND(1 AS ?x)", "FILTER(true)", "%zz", "%00", "a/../b",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
iris = st.builds("".join, st.tuples(st.sampled_from(["http://", "https://x.example/", "urn:", "kg:", "id:"]), hostile))
names = st.one_of(hostile, iris, st.text(st.characters(codec=None), max_size=20))
PROBE = "SELECT ?value ?fixed { BIND(1 AS ?fixed) }"


@given(value=names)
def test_a_value_comes_back_as_it_was_given(shared: Store, value: str) -> None:
    [row] = shared.select(PROBE, value=value)
    assert row.fixed == 1
    if isinstance(row.value, Ref):
        assert value == row.value.iri or value.startswith(("kg:", "id:"))
    else:
        assert row.value == "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in value)


@settings(max_examples=40)
@given(name=names)
def test_a_name_is_an_actor_s_or_nobody_s(shared: Store, name: str) -> None:
    for ask in (
        lambda: shared.resolve(name),
        lambda: list(shared.select("between", a=name, b="USA")),
        lambda: list(shared.select("timeline", a=name)),
        lambda: list(shared.claims(actor=name)),
    ):
        with contextlib.suppress(UnknownActor):
            assert ask() is not None


@settings(max_examples=40)
@given(name=names)
def test_other_parameters_are_what_they_say_or_refused(shared: Store, name: str) -> None:
    for ask in (
        lambda: shared.select("who-attacks", min_confidence=name),
        lambda: shared.select(name),
        lambda: shared.select("between", **{"a": "USA", "b": "Iran", name: "x"}),
        lambda: shared.select(PROBE, **{name: "x"}),
        lambda: shared.claims(relation=name),
        lambda: shared.ask(name),
    ):
        with contextlib.suppress(QueryError):
            ask()
    assert shared.label(name) is not None
    assert list(shared.claims(article=name)) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.tuples(names, names, names, names))
def test_whatever_an_article_is_called_it_is_stored_replaced_and_removed(
    filled: Store, made: Any, words: tuple[str, str, str, str]
) -> None:
    name, title, publisher, url = words
    before = filled.canonical_hash()
    for fields in ({"title": title}, {"title": publisher, "publisher": publisher, "url": url}):
        extraction = made.attack(name) if name in ("a1", "a2") else made.Text(name, **fields).done()
        filled.write(extraction)
        assert filled.write(extraction) is False
        assert filled.counts().articles == 3 - (name in ("a1", "a2"))
    assert list(filled.claims(article=name)) == []
    assert filled.remove(name)
    if name not in ("a1", "a2"):
        assert filled.canonical_hash() == before
