"""Answers to SPARQL as pages, for browsers that ask with a form."""

from __future__ import annotations

from typing import Any

import pytest

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def ask(server: Any, query: str, **headers: str) -> Any:
    return server.get("/sparql", params={"query": query}, headers=HTML | headers)


def test_rows_are_a_table_with_links_to_the_pages(server: Any) -> None:
    page = ask(server, "SELECT ?a ?b ?none WHERE { ?a kg:attacks ?b OPTIONAL { ?b kg:nothing ?none } }")
    assert page.headers["content-type"].startswith("text/html")
    assert '<a href="/id/Q30" title="id:Q30"><bdi>USA</bdi></a>' in page.text
    assert '<h2 id="answer">1 Zeile</h2>' in page.text
    assert "SELECT ?a ?b ?none WHERE" in page.text


def test_a_question_is_answered_and_triples_are_turtle(server: Any) -> None:
    assert "<code>true</code>" in ask(server, "ASK { ?a kg:attacks ?b }").text
    page = ask(server, "CONSTRUCT { ?a kg:attacks ?b } WHERE { ?a kg:attacks ?b }").text
    assert "kg:attacks" in page[page.index("<pre") :]


def test_long_answers_are_cut_and_say_so(server: Any) -> None:
    page = ask(server, "SELECT ?s WHERE { VALUES ?n { 1 2 3 4 5 6 } ?s ?p ?o } LIMIT 501").text
    assert "501 Zeilen" in page
    assert page.count("<tr>") == 501  # the head and the first 500
    assert "Gezeigt sind die ersten 500" in page


@pytest.mark.parametrize(
    "words", ["<img src=x onerror=alert(1)>", "</textarea><script>alert(1)</script>", "{{ 7 * 7 }}"]
)
def test_what_a_query_says_stays_text(server: Any, words: str) -> None:
    page = ask(server, f'SELECT ("{words}" AS ?said) (IRI("javascript:alert(1)") AS ?there) WHERE {{}}').text
    assert words not in page or "<" not in words
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "49" not in page


def test_a_page_depends_on_the_language_and_is_not_sent_twice(server: Any) -> None:
    query = "SELECT ?a WHERE { ?a kg:attacks ?b }"
    german, english = (ask(server, query, **{"Accept-Language": lang}) for lang in ("de", "en"))
    assert "1 Zeile" in german.text
    assert "1 row" in english.text
    assert german.headers["etag"] != english.headers["etag"]
    assert "Accept-Language" in german.headers["vary"]
    assert ask(server, query, **{"Accept-Language": "de", "If-None-Match": german.headers["etag"]}).status_code == 304


def test_a_wrong_query_is_an_error_page(server: Any) -> None:
    page = ask(server, "SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }")
    assert page.status_code == 403
    assert "SERVICE would ask another server" in page.text


def test_an_example_can_be_linked_to(server: Any) -> None:
    page = server.get("/sparql", params={"example": "articles"}, headers=HTML).text
    assert "# Artikel | Articles" in page[page.index("<textarea") :]
    assert "SELECT * WHERE" in server.get("/sparql", params={"example": "<b>"}, headers=HTML).text
