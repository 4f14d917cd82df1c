"""Saved pages become their main text, with title, date, publisher, address and language."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import MissingExtra, read
from kgraph.model import Article, BlockKind
from kgraph.read import html
from kgraph.read.compose import Piece, compose, tidy

HEAD = """<meta charset="{charset}"><title>Oman lädt ein | Beispielbote</title>
<link rel="canonical" href="https://www.example.org/politik/oman.html">
<meta property="og:title" content="Oman lädt beide Seiten ein"><meta property="og:site_name" content="Beispielbote">
<meta property="article:published_time" content="2026-04-09T10:00:00+02:00">"""
BODY = """<nav><a href="/">Start</a><a href="/p">Politik</a></nav><article><p>Krise am Golf</p><h1>Oman lädt beide Seiten ein</h1>
<p><b>Maskat (dpa)</b> - Oman will zwischen den Anrainern&nbsp;des Golfs vermitteln. &bdquo;Wir reden mit
<a href="/a">allen</a>&ldquo;, sagte der Minister am Donnerstag in der Hauptstadt.<br>Mehr sagte er nicht dazu.</p>
<h2>Zweifel bleiben</h2><p>Der Nachbar lehnte die Einladung ab. Er verlangt einen anderen Ort für die Gespräche.</p>
<ul><li>Der Rat tagt am Freitag in Genf.</li></ul><blockquote><p>Wir reden mit allen.</p></blockquote>
<p>Die Lage bleibt angespannt, und niemand rechnet mit einem schnellen Ende. (dpa/AFP)</p></article>
<aside><a href="/x">Mehr zum Thema</a></aside><footer>Impressum Datenschutz</footer>"""


def page(*, charset: str = "utf-8", lang: str = "de-DE", head: str = HEAD, body: str = BODY) -> str:
    head = head.replace("{charset}", charset)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def read_page(path: Path, data: bytes | str, *, lang: str | None = None) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read(path, lang=lang, on_problem=lambda error: problems.append(str(error)))), problems


def test_a_saved_page(tmp_path: Path) -> None:
    [article], problems = read_page(tmp_path / "oman.html", page())
    assert problems == []
    assert (article.id, article.lang, article.title) == ("oman", "de", "Oman lädt beide Seiten ein")
    assert (article.publisher, article.published) == ("Beispielbote", date(2026, 4, 9))
    assert article.url == "https://www.example.org/politik/oman.html"
    assert [(block.kind.value, article.text[block.start : block.end]) for block in article.blocks] == [
        ("kicker", "Krise am Golf"),
        ("title", "Oman lädt beide Seiten ein"),
        ("dateline", "Maskat (dpa) -"),
        (
            "paragraph",
            "Oman will zwischen den Anrainern des Golfs vermitteln. „Wir reden mit allen“, sagte der Minister am Donnerstag in"
            " der Hauptstadt.\nMehr sagte er nicht dazu.",
        ),
        ("heading", "Zweifel bleiben"),
        ("paragraph", "Der Nachbar lehnte die Einladung ab. Er verlangt einen anderen Ort für die Gespräche."),
        ("paragraph", "Der Rat tagt am Freitag in Genf."),
        ("paragraph", "Wir reden mit allen."),
        ("paragraph", "Die Lage bleibt angespannt, und niemand rechnet mit einem schnellen Ende."),
        ("credit", "(dpa/AFP)"),
    ]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),  # the page is wrong
        ("utf-8-sig", "windows-1252"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "utf-8"),  # the page is wrong
        ("iso8859-15", "iso-8859-15"),
        ("utf-16", "utf-8"),
        ("utf-8", "no-such-charset"),
        ("utf-8", "zlib_codec"),
    ],
)
def test_what_a_page_says_of_its_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    body = BODY.replace("&bdquo;", '"').replace("&ldquo;", '"')
    [article], problems = read_page(tmp_path / "a.html", page(charset=declared, body=body).encode(encoding))
    assert problems == []
    assert "Der Nachbar lehnte die Einladung ab. Er verlangt einen anderen Ort für die Gespräche." in article.text


def test_a_template_lies_about_the_language(tmp_path: Path) -> None:
    [article], _ = read_page(tmp_path / "a.html", page(lang="en"))
    assert article.lang == "de"


def test_the_title_stands_in_the_text_even_if_the_body_has_none(tmp_path: Path) -> None:
    [article], _ = read_page(tmp_path / "a.html", page(body=BODY.replace("<h1>Oman lädt beide Seiten ein</h1>", "")))
    assert article.text.startswith("Oman lädt beide Seiten ein\n\nKrise am Golf\n\n")
    assert article.blocks[0].kind is BlockKind.TITLE


@pytest.mark.parametrize(
    "data",
    [
        "<html><body></body></html>",
        "<html><body><nav><a href='/'>Start</a></nav></body></html>",
        "<!-- nur ein Kommentar -->",
        "kein HTML",
        "<div>" * 100_000,
        "<p>" * 20_000,
        "<a " + 'x="1" ' * 50_000,
        "<![CDATA[" * 1000,
        "&" * 10_000,
    ],
)
def test_pages_without_an_article_are_reported(tmp_path: Path, data: str) -> None:
    articles, problems = read_page(tmp_path / "a.html", data)
    assert articles == []
    assert len(problems) == 1
    assert problems[0].startswith(f"{tmp_path}/a.html: ")


def test_broken_markup_is_read(tmp_path: Path) -> None:
    broken = page().replace("</p>", "").replace("</article>", "</b></div>").replace("</html>", "<p <<>")
    [article], problems = read_page(tmp_path / "a.html", broken)
    assert problems == []
    assert "Der Nachbar lehnte die Einladung ab." in article.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://user:secret@example.org/", "//", "http://[", ""])
def test_an_address_that_is_none_is_left_out(tmp_path: Path, address: str) -> None:
    head = HEAD.replace("https://www.example.org/politik/oman.html", address)
    [article], _ = read_page(tmp_path / "a.html", page(head=head))
    assert article.url is None


def test_the_parts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "oman_files").mkdir()
    (tmp_path / "other_files").mkdir()
    for path in ("oman.html", "oman_files/frame.html", "other_files/a.html"):
        (tmp_path / path).write_text(page(), encoding="utf-8")
    assert [article.id for article in read(tmp_path)] == ["oman", "a"]


def test_without_the_extra_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kgraph\[web\]'"):
        html.page(page(), "a.html")


KINDS = [BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.META]


@given(st.lists(st.builds(Piece, st.sampled_from(KINDS), st.text(max_size=80)), max_size=8))
@settings(max_examples=50)
def test_blocks_of_pieces_are_in_order_inside_the_text(pieces: list[Piece]) -> None:
    text, layout = compose(pieces)
    end = 0
    for block in layout.blocks:
        assert end <= block.start < block.end <= len(text)
        end = block.end
    letters = [char for piece in pieces for char in tidy(piece.text) if char.isalnum()]
    assert [char for b in layout.blocks for char in text[b.start : b.end] if char.isalnum()] == letters


TAGS = st.sampled_from(
    ["<p>", "</p>", "<h1>", "</article>", "<ul><li>", "<table>", "<br>", "<script>", "&#0;", "\0", "<!--", "x" * 300]
)


@given(st.lists(st.one_of(TAGS, st.text(max_size=20)), max_size=20).map("".join))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_page_is_an_article_or_a_problem(tmp_path: Path, markup: str) -> None:
    data = page(body="<article>" + markup + BODY).encode("utf-8", "replace")
    articles, problems = read_page(tmp_path / "a.html", data, lang="de")
    assert len(articles) + len(problems) == 1
    for article in articles:
        assert all(article.text[b.start : b.end].strip() for b in article.blocks)
