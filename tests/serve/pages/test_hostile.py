"""Hostile labels, sentences, titles, names and addresses are text on every kind of page, and in every form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from rdflib import Graph

PAGES = ["/", "/actors", "/articles?page=1", "/timeline", "/conflicts", "/relations", "/relation/meets"]
PLACED = {"src", "action", "href"}
FLAG = re.compile(r"/flag/(?:State/[A-Z]{3}|Organisation/Q\d+)\.svg")


class Seen(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def harmless(page: str) -> Seen:
    """The page, taken apart, after a look at what could do harm."""
    seen = Seen(page)
    assert not seen.elements & {"script", "iframe", "object", "embed", "style", "base", "template"}
    for tag, name, value in seen.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style", (tag, value)
        if tag == "img":
            assert name != "src" or FLAG.fullmatch(value), value
        if name in PLACED:
            outside = tag == "a" and value.startswith(("https://news.example/", "https://www.wikidata.org/"))
            assert (value.startswith(("/", "?", "#")) and not value.startswith("//")) or outside, (tag, name, value)
    return seen


def rows(server: Any) -> list[dict[str, Any]]:
    found = server.get("/timeline.json?relation=meets").json()["claims"]["rows"]
    assert len(found) == 7
    return list(found)


@pytest.mark.parametrize("path", PAGES)
def test_lists(hostile: Any, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code == 200
    harmless(answer.text)


def test_each_thing(hostile: Any) -> None:
    for row in rows(hostile):
        label, title = row["subject"]["label"], row["article"]["title"]
        assert label == title
        pair = hostile.get("/pair", params={"a": row["subject"]["iri"], "b": row["object"]["iri"]}).headers["location"]
        for path in (row["subject"]["page"], row["article"]["page"], row["page"], pair):
            answer = hostile.get(path)
            assert answer.status_code == 200, path
            seen = harmless(answer.text)
            assert label in seen.text, path
            assert hostile.get(f"{path}.json").status_code == 200
            assert len(Graph().parse(data=hostile.get(f"{path}.ttl").text, format="turtle")) > 2


def test_sentences_are_whole_though_marked(hostile: Any) -> None:
    for row in rows(hostile):
        page = hostile.get(row["page"]).text
        quoted = page.partition("<blockquote")[2].partition("</blockquote>")[0]
        assert row["sentence"] in Seen(f"<blockquote{quoted}").text


def test_addresses_of_articles_are_linked_to_only_on_the_web(hostile: Any) -> None:
    for row in rows(hostile):
        assert row["article"]["url"].startswith("javascript:")
        page = hostile.get(row["article"]["page"]).text
        assert "javascript:" in Seen(page).text
        assert 'href="javascript' not in page


@pytest.mark.parametrize("name", ["tag", "script", "quotes", "template", "bidi", "emoji", "long"])
def test_what_is_typed_stays_text(hostile: Any, texts: dict[str, str], name: str) -> None:
    words = texts[name]
    for path in ("/search?q=", "/actors?name=", "/articles?publisher=", "/timeline?publisher=", "/timeline?actor=", "/pair?b=x&a=",
                 "/timeline?since=", "/id/", "/relation/", "/search?q=%22", "/?lang="):  # fmt: skip
        answer = hostile.get(path + quote(words, safe=""), headers={"Accept": "text/html"})
        assert answer.status_code in {200, 303, 400, 404}, path
        if answer.status_code != 303:
            harmless(answer.text)
