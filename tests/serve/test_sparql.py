from __future__ import annotations

import contextlib
import csv
import io
import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kgraph.graph import open_store

ATTACKS = "SELECT ?a ?b { ?a kg:attacks ?b }"
US_ATTACK = "ASK { id:Q30 kg:attacks id:Q794 }"
EDGES = "CONSTRUCT { ?a kg:attacks ?b } { ?a kg:attacks ?b }"
FOREVER = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) = 1) }"
)
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
SELECTED = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
CONSTRUCTED = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}


def kind(answer: httpx2.Response) -> str:
    return str(answer.headers["content-type"]).partition(";")[0]


def test_a_query_comes_in_three_ways(server: Any) -> None:
    answers = [
        server.query(ATTACKS),
        server.client.post("/sparql", data={"query": ATTACKS}),
        server.client.post("/sparql", content=ATTACKS, headers={"Content-Type": QUERY}),
        server.client.post("/sparql", content=ATTACKS, headers={"Content-Type": f"{QUERY}; charset=UTF-8"}),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    [row] = answers[0].json()["results"]["bindings"]
    assert row["a"]["value"].endswith("Q30")


@pytest.mark.parametrize("media_type", SELECTED)
def test_rows_come_in_each_media_type(server: Any, media_type: str) -> None:
    answer = server.query(ATTACKS, Accept=media_type)
    assert kind(answer) == media_type
    rows = pyoxigraph.parse_query_results(answer.content, SELECTED[media_type])
    assert [row["b"].value.rpartition("/")[2] for row in rows] == ["Q794"]


def test_rows_come_as_csv(server: Any) -> None:
    answer = server.query(ATTACKS, Accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert next(csv.reader(io.StringIO(answer.text))) == ["a", "b"]


@pytest.mark.parametrize("media_type", CONSTRUCTED)
@pytest.mark.parametrize("query", [EDGES, "DESCRIBE id:Q30"])
def test_triples_come_in_each_media_type(server: Any, media_type: str, query: str) -> None:
    answer = server.query(query, Accept=media_type)
    assert kind(answer) == media_type
    assert any(
        quad.predicate.value.endswith("attacks") for quad in pyoxigraph.parse(answer.content, CONSTRUCTED[media_type])
    )


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
        ("application/*;q=0.5, application/sparql-results+json;q=0.1", "application/sparql-results+xml"),
        ("TEXT/CSV ; Q=1.0", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("text/turtle, application/json;q=0.3", "application/json"),
    ],
)
def test_the_accept_header_is_weighed(server: Any, accept: str, media_type: str) -> None:
    assert kind(server.query(ATTACKS, Accept=accept)) == media_type


@pytest.mark.parametrize(
    ("query", "accept"), [(ATTACKS, "text/turtle"), (EDGES, "text/csv"), (US_ATTACK, "image/png"), (ATTACKS, "*/*;q=0")]
)
def test_what_nobody_can_answer_is_not_acceptable(server: Any, query: str, accept: str) -> None:
    answer = server.query(query, Accept=accept)
    assert answer.status_code == 406
    assert "ask for one of" in answer.text


@pytest.mark.parametrize(
    ("status", "query", "words"),
    [
        (400, "SELECT * { ?s ?p }", "error at 1:"),
        (400, "", "not SPARQL"),
        (403, "SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }", "SERVICE"),
        (403, "PREFIX from: <urn:x> SELECT * { ?s from:p ?o }", "FROM"),
        (403, "LOAD <http://192.0.2.1/>", "LOAD"),
        (403, "CLEAR ALL", "cannot change"),
    ],
)
def test_what_is_wrong_with_a_query_is_said(server: Any, status: int, query: str, words: str) -> None:
    answer = server.query(query)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize(
    ("status", "method", "options"),
    [
        (400, "GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}),
        (400, "GET", {"params": {"update": "CLEAR ALL"}}),
        (400, "POST", {"data": {"query": "ASK {}", "update": "CLEAR ALL"}}),
        (400, "POST", {"data": {"nothing": "ASK {}"}}),
        (400, "POST", {"content": "ASK {}".encode("utf-16"), "headers": {"Content-Type": QUERY}}),
        (400, "POST", {"content": b"query=%FF", "headers": {"Content-Type": FORM}}),
        (415, "POST", {"content": b"ASK {}", "headers": {"Content-Type": f"{QUERY};charset=UTF-16"}}),
        (415, "POST", {"content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}),
        (415, "POST", {"content": b"ASK {}"}),
        (403, "POST", {"data": {"update": "CLEAR ALL"}}),
        (403, "POST", {"content": "CLEAR ALL", "headers": {"Content-Type": UPDATE}}),
        (405, "PUT", {"data": {"query": "ASK {}"}}),
        (405, "DELETE", {}),
        (413, "POST", {"content": b"#" * (17 << 20), "headers": {"Content-Type": QUERY}}),
        (413, "POST", {"content": (b"#" * (1 << 20) for _ in range(20)), "headers": {"Content-Type": QUERY}}),
    ],
)
def test_requests_that_are_none_are_refused(server: Any, status: int, method: str, options: dict[str, Any]) -> None:
    try:
        answer = server.client.request(method, "/sparql", **options)
    except (httpx2.WriteError, httpx2.ReadError, httpx2.RemoteProtocolError):
        assert status == 413  # it was hung up on before all of it was sent
        return
    assert answer.status_code == status
    assert answer.text


def test_the_dataset_can_be_chosen(server: Any, made: Any) -> None:
    one, other = made.attack().article.iri, made.full().article.iri
    query = "SELECT (COUNT(*) AS ?n) { ?claim a kg:Claim }"
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?claim a kg:Claim } }"

    def count(query: str, **graphs: Any) -> int:
        [row] = server.get("/sparql", params={"query": query, **graphs}).json()["results"]["bindings"]
        return int(row["n"]["value"])

    assert count(query) == 5
    assert count(query, **{"default-graph-uri": one}) == 2
    assert count(query, **{"default-graph-uri": [one, other]}) == 5
    assert count(query, **{"named-graph-uri": one}) == 0
    assert count(named) == 2
    assert count(named, **{"named-graph-uri": one}) == 1
    assert count(named, **{"default-graph-uri": one}) == 0
    assert server.get("/sparql", params={"query": query, "default-graph-uri": "no iri"}).status_code == 400
    from_one = query.replace("{", f"FROM <{one}> {{")
    assert count(from_one) == 2
    assert count(from_one, **{"default-graph-uri": [one, other]}) == 5  # the protocol's word goes before the query's
    assert count(query.replace("{", f"FROM <{one}> FROM <{other}> {{")) == 5
    assert count(named.replace("{ GRAPH", f"FROM NAMED <{one}> {{ GRAPH")) == 1
    assert count(query.replace("{", "FROM <http://192.0.2.1/> {")) == 0


def test_head_and_options(server: Any) -> None:
    head = server.client.head("/sparql", params={"query": ATTACKS})
    assert (head.status_code, head.content) == (200, b"")
    assert kind(head) == "application/sparql-results+json"
    options = server.client.options("/sparql")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_answer_that_is_still_right_is_not_sent_again(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve("--write", token="s3cret")
    first = running.query(ATTACKS)
    assert "last-modified" in first.headers
    tag = first.headers["etag"]
    again = running.query(ATTACKS, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert running.query(ATTACKS, **{"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    assert running.query(US_ATTACK, **{"If-None-Match": tag}).status_code == 200
    change = running.client.post(
        "/sparql",
        data={"update": "DELETE WHERE { GRAPH ?g { ?a kg:attacks ?b } }"},
        headers={"Authorization": "Bearer s3cret"},
    )
    assert change.status_code == 204
    assert running.query(ATTACKS, **{"If-None-Match": tag}).json()["results"]["bindings"] == []


def test_the_service_describes_itself(server: Any) -> None:
    answer = server.get("/sparql", headers={"Accept": "text/turtle"})
    triples = {str(quad.object) for quad in pyoxigraph.parse(answer.content, RdfFormat.TURTLE)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert {f"<{server.address}sparql>", f"<{sd}SPARQL11Query>", f"<{sd}UnionDefaultGraph>"} <= triples
    assert f"<{sd}SPARQL11Update>" not in triples
    assert kind(server.get("/sparql", headers={"Accept": "application/ld+json"})) == "application/ld+json"
    assert kind(server.get("/sparql", headers={"Accept": "text/html"})) == "text/html"


def test_other_sites_may_ask_where_they_are_named(serve: Callable[..., Any], server: Any) -> None:
    origin = "https://lab.example"
    assert "access-control-allow-origin" not in server.query(ATTACKS, Origin=origin).headers
    running = serve("--origin", origin)
    assert running.query(ATTACKS, Origin=origin).headers["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in running.query(ATTACKS, Origin="https://evil.example").headers
    preflight = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert running.client.options("/sparql", headers=preflight).headers["access-control-allow-origin"] == origin


@pytest.fixture(scope="module")
def hasty(start: Callable[..., Any]) -> Any:
    """A server with so little time that nothing is sure to be answered, except by its limits."""
    return start("--timeout", "2", "--workers", "2")


@pytest.fixture(scope="module")
def narrow(start: Callable[..., Any]) -> Any:
    return start("--max-rows", "50")


def test_a_runaway_query_is_stopped(hasty: Any, eventually: Any) -> None:
    stopped = hasty.query(FOREVER)  # the client would wait for a minute, the query takes days
    assert stopped.status_code == 504
    assert "longer than 2 s" in stopped.text
    assert eventually(lambda: hasty.query(US_ATTACK).text == '{"head":{},"boolean":true}')


def test_others_are_answered_while_queries_run(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve("--timeout", "6000", "--workers", "2")
    running.get("/")  # which has its index made the first time
    before = running.workers()
    ended: list[object] = []

    def ask() -> None:
        with contextlib.suppress(httpx2.TransportError):  # the server is stopped in the end
            ended.append(
                httpx2.get(f"{running.address}sparql", params={"query": FOREVER}, timeout=6000, trust_env=False)
            )

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert eventually(lambda: len(set(running.workers()) - set(before)) > 0)
    assert {running.get(path).status_code for path in ("/", "/id/Q30", "/timeline")} == {200}
    assert ended == []
    running.stop()
    for thread in threads:
        thread.join()


def test_a_query_that_nobody_waits_for_is_stopped(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve("--timeout", "600", "--workers", "1")
    with pytest.raises(httpx2.ReadTimeout):
        running.client.get("/sparql", params={"query": FOREVER}, timeout=1)
    assert running.query(US_ATTACK).json()["boolean"] is True


def test_a_signal_ends_a_server_in_the_middle_of_a_query(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve("--timeout", "600")
    before = len(running.workers())
    told: list[tuple[int, str]] = []

    def ask() -> None:
        answer = httpx2.get(f"{running.address}sparql", params={"query": FOREVER}, timeout=600, trust_env=False)
        told.append((answer.status_code, answer.text))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert eventually(lambda: len(running.workers()) > before)
    workers = running.workers()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    for thread in threads:
        thread.join()
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in workers)
    assert told == [(503, "the server is stopping\n")] * 2
    assert "Traceback" not in running.process.stderr.read()


def test_a_query_may_not_need_all_the_memory(serve: Callable[..., Any]) -> None:
    running = serve("--memory", "256", "--timeout", "100")
    answer = running.query(HUNGRY)
    assert answer.status_code == 422
    assert "memory" in answer.text
    assert running.query(US_ATTACK).json()["boolean"] is True


def test_too_many_queries_at_once_are_turned_away(hasty: Any) -> None:
    answers: list[httpx2.Response] = []

    def ask() -> None:
        with httpx2.Client(base_url=hasty.address, timeout=60, trust_env=False) as client:
            answers.append(client.get("/sparql", params={"query": FOREVER}))

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {503, 504}
    turned_away = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["retry-after"] for answer in turned_away} == {"1"}


@pytest.mark.parametrize("accept", [*SELECTED, "text/csv"])
def test_rows_are_limited(narrow: Any, accept: str) -> None:
    query = "SELECT ?a ?o {{ ?a kg:involves ?x . ?s skos:prefLabel ?o }} LIMIT {}"
    assert narrow.query(query.format(50), Accept=accept).status_code == 200
    answer = narrow.query(query.format(51), Accept=accept)
    assert answer.status_code == 422
    assert "more than 50 rows" in answer.text


def test_triples_are_limited(narrow: Any) -> None:
    query = "CONSTRUCT {{ ?s skos:prefLabel ?o }} {{ ?s skos:prefLabel ?o }} LIMIT {}"
    assert narrow.query(query.format(50)).status_code == 200
    assert narrow.query(query.format(51)).status_code == 422
    assert narrow.get("/graphs").status_code == 422


def test_updates_need_the_token(serve: Callable[..., Any]) -> None:
    running = serve("--write", token="s3cret")
    update = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 'new' } }"

    def send(**headers: str) -> int:
        return int(running.client.post("/sparql", data={"update": update}, headers=headers).status_code)

    assert send() == 401
    assert send(Authorization="Bearer s3cre") == 401
    assert send(Authorization="Bearer s3crets") == 401
    assert send(Authorization="Basic OnMzY3JldA==") == 401  # the right password, but a browser sends it by itself
    assert running.query("ASK { ?s ?p 'new' }").json()["boolean"] is False
    assert send(Authorization="Bearer s3cret") == 204
    assert running.query("ASK { ?s ?p 'new' }").json()["boolean"] is True
    headers = {"Authorization": "Bearer s3cret", "Content-Type": UPDATE}
    for text, status in (("INSERT DATA {", 400), ("LOAD <file:///etc/passwd>", 403), ("CLEAR GRAPH <urn:g>", 204)):
        assert running.client.post("/sparql", content=text, headers=headers).status_code == status
    assert running.query("ASK { ?s ?p 'new' }").json()["boolean"] is False


def test_the_dataset_of_an_update_can_be_chosen(serve: Callable[..., Any], made: Any) -> None:
    running = serve("--write", token="s3cret")
    headers = {"Authorization": "Bearer s3cret"}

    def send(update: str, **graphs: str) -> int:
        data = {"update": update, **{name.replace("_", "-"): iri for name, iri in graphs.items()}}
        return int(running.client.post("/sparql", data=data, headers=headers).status_code)

    update = "INSERT { GRAPH <urn:g> { ?claim <urn:seen> true } } WHERE { ?claim a kg:Claim }"
    count = "SELECT (COUNT(?c) AS ?n) { ?c <urn:seen> true }"
    assert send(update) == 204
    assert running.query(count).json()["results"]["bindings"][0]["n"]["value"] == "0"
    assert send(update, using_graph_uri=made.attack().article.iri) == 204
    assert running.query(count).json()["results"]["bindings"][0]["n"]["value"] == "2"
    assert send(f"WITH <urn:g> {update}", using_graph_uri="urn:x") == 400
    assert send("DELETE WHERE { ?s ?p ?o }", using_named_graph_uri="urn:x") == 400


def test_an_update_that_takes_too_long_changes_nothing(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve("--write", "--timeout", "2", token="s3cret")
    headers = {"Authorization": "Bearer s3cret"}
    many = " ".join(f"GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }}" for i in range(3))
    update = f"INSERT {{ GRAPH <urn:g> {{ ?a1 <urn:new> ?b1 }} }} WHERE {{ {many} }}"
    assert running.client.post("/sparql", data={"update": update}, headers=headers).status_code == 504
    with open_store(running.store, read_only=True) as store:
        assert not store.ask("ASK { ?s <urn:new> ?o }")
    after = {"update": "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:new> 1 } }"}
    # nothing is sure to be done in two seconds on a busy machine; sooner or later it is
    assert eventually(lambda: running.client.post("/sparql", data=after, headers=headers).status_code == 204)
    assert eventually(lambda: running.query("ASK { ?s <urn:new> ?o }").text == '{"head":{},"boolean":true}')


def test_hostile_words_come_back_as_they_are(server: Any) -> None:
    words = "\"'\\ <script> ü 🕊 \u2028 {{7*7}} \n"
    answer = server.client.post(
        "/sparql", data={"query": f"SELECT ({json.dumps(words, ensure_ascii=False)} AS ?w) {{}}"}
    )
    assert answer.json()["results"]["bindings"][0]["w"]["value"] == words
    assert answer.headers["x-content-type-options"] == "nosniff"
