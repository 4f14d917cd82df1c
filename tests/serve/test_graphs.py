from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

TOKEN = {"Authorization": "Bearer s3cret"}


def test_a_graph_is_given_by_its_name(server: Any, made: Any) -> None:
    iri = made.attack().article.iri
    answer = server.get("/graphs", params={"graph": iri}, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    subjects = {str(quad.subject) for quad in pyoxigraph.parse(answer.content, RdfFormat.N_TRIPLES)}
    assert f"<{iri}>" in subjects
    assert f"<{made.full().article.iri}>" not in subjects
    again = server.get(
        "/graphs",
        params={"graph": iri},
        headers={"Accept": "application/n-triples", "If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    head = server.client.head("/graphs", params={"graph": iri})
    assert (head.status_code, head.content) == (200, b"")


def test_the_default_graph_is_the_union_and_no_name_means_all_graphs(server: Any, made: Any) -> None:
    union = server.get("/graphs?default", headers={"Accept": "application/n-triples"})
    whole = server.get("/graphs", headers={"Accept": "application/n-quads"})
    triples = {str(quad).removesuffix(" .") for quad in pyoxigraph.parse(union.content, RdfFormat.N_TRIPLES)}
    quads = list(pyoxigraph.parse(whole.content, RdfFormat.N_QUADS))
    assert {str(pyoxigraph.Triple(quad.subject, quad.predicate, quad.object)) for quad in quads} == triples
    assert {made.attack().article.iri, made.full().article.iri} <= {str(quad.graph_name)[1:-1] for quad in quads}
    assert server.get("/graphs", headers={"Accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize(
    ("status", "query"),
    [(404, "graph=urn:nothing"), (400, "graph=no iri"), (400, "graph=urn:a&graph=urn:b"), (400, "graph=urn:a&default")],
)
def test_what_is_no_graph_is_refused(server: Any, status: int, query: str) -> None:
    assert server.get(f"/graphs?{query}").status_code == status


def test_only_articles_are_removed_and_only_with_the_token(serve: Callable[..., Any], server: Any, made: Any) -> None:
    iri = made.attack().article.iri
    assert server.client.delete("/graphs", params={"graph": iri}).status_code == 403
    assert server.client.put("/graphs", params={"graph": iri}, content=b"").status_code == 403
    assert server.client.options("/graphs").headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
    running = serve("--write", token="s3cret")
    delete = running.client.delete
    assert delete("/graphs", params={"graph": iri}).status_code == 401
    assert (
        delete("/graphs", params={"graph": "https://w3id.org/kgraph/id/graph/actors"}, headers=TOKEN).status_code == 400
    )
    refused = delete("/graphs?default", headers=TOKEN)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert delete("/graphs", headers=TOKEN).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    post = running.client.post("/graphs", params={"graph": iri}, headers=TOKEN)
    assert (post.status_code, post.headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, PUT")
    assert delete("/graphs", params={"graph": iri}, headers=TOKEN).status_code == 204
    assert delete("/graphs", params={"graph": iri}, headers=TOKEN).status_code == 404
    assert running.get("/graphs", params={"graph": iri}).status_code == 404
    assert "1 Artikel" in running.get("/").text


def test_an_article_is_put_whole_and_checked(serve: Callable[..., Any], made: Any) -> None:
    running = serve("--write", token="s3cret")
    iri = made.attack().article.iri
    triples = {"Content-Type": "application/n-triples", **TOKEN}
    kept = running.get("/graphs", params={"graph": iri}, headers={"Accept": "application/n-triples"}).content

    def put(content: bytes, name: str = iri, **headers: str) -> int:
        return int(running.client.put("/graphs", params={"graph": name}, content=content, headers=headers).status_code)

    assert put(kept, **{"Content-Type": "application/n-triples"}) == 401
    assert put(kept, **triples) == 204
    running.client.delete("/graphs", params={"graph": iri}, headers=TOKEN)
    assert put(kept, **triples) == 201
    assert (
        running.get("/graphs", params={"graph": iri}, headers={"Accept": "application/n-triples"}).content.split() != []
    )
    for content in (b"<urn:a> <urn:b> <urn:c> .", kept.replace(b"bombardiert", b"gelobt"), kept[:-200], b"", b"no RDF"):
        assert put(content, **triples) == 400
    relative = kept.replace(f"<{iri}>".encode(), b"<>")
    assert put(relative, **{"Content-Type": "text/turtle", **TOKEN}) == 204
    assert put(kept, name="https://w3id.org/kgraph/id/graph/actors", **triples) == 400
    assert put(kept, **{"Content-Type": "text/html", **TOKEN}) == 415
    assert (
        running.query("SELECT (COUNT(*) AS ?n) { ?c a kg:Claim }").json()["results"]["bindings"][0]["n"]["value"] == "5"
    )


def test_many_articles_are_taken_at_once(serve: Callable[..., Any], server: Any) -> None:
    running = serve("--write", token="s3cret")
    whole = server.get("/graphs", headers={"Accept": "application/n-quads"}).content
    articles = b"".join(line for line in whole.splitlines(keepends=True) if b"/id/article/" in line.rpartition(b"<")[2])
    headers = {"Content-Type": "application/n-quads", **TOKEN}
    running.client.post("/sparql", data={"update": "DELETE WHERE { GRAPH ?g { ?c a kg:Claim } }"}, headers=TOKEN)
    assert running.client.post("/graphs", content=articles, headers=headers).status_code == 204
    assert (
        running.query("SELECT (COUNT(*) AS ?n) { ?c a kg:Claim }").json()["results"]["bindings"][0]["n"]["value"] == "5"
    )
    assert running.client.post("/graphs?default", content=articles, headers=headers).status_code == 405
