"""PDF and DOCX, messages of agencies, web archives and Parquet become articles; damage and bombs are reported."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from kgraph import MissingExtra, read
from kgraph.model import Article
from kgraph.read import documents
from kgraph.read.newsml import messages
from kgraph.read.parquet import parquet_rows

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu, und niemand sagt warum."


def read_data(path: Path, data: bytes | str, **options: Any) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    options = {"lang": "de", **options}
    return list(read(path, on_problem=lambda error: problems.append(str(error)), **options)), problems


def pdf_of(*pages: list[str], password: str = "", about: dict[str, str] | None = None) -> bytes:
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream.set_data(f"BT /F1 12 Tf 14 TL 50 800 Td {shown} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata(about or {})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_pdf(tmp_path: Path) -> None:
    about = {"/Title": "Oman lädt ein", "/CreationDate": "D:20260409100000+02'00'"}
    data = pdf_of(
        ["Oman will zwischen den Anrainern des Golfs vermit-", "teln, sagte der Minister."], ["Ende."], about=about
    )
    [article], problems = read_data(tmp_path / "oman.pdf", data)
    assert problems == []
    assert (article.id, article.title, article.published) == ("oman", "Oman lädt ein", date(2026, 4, 9))
    assert article.text == "Oman will zwischen den Anrainern des Golfs vermitteln, sagte der Minister.\n\nEnde."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"kein PDF", "is a PDF that cannot be read"),
        (pdf_of([TEXT])[:200], "is a PDF that cannot be read"),
        (pdf_of([]), "holds no text; if it is a scan"),
        (pdf_of([TEXT], password="geheim"), "is encrypted"),
    ],
    ids=range(5),
)
def test_pdfs_that_cannot_be_read(tmp_path: Path, data: bytes, message: str) -> None:
    articles, problems = read_data(tmp_path / "a.pdf", data)
    assert articles == []
    assert message in problems[0]


def docx_of() -> bytes:
    document: Any = docx.Document()
    document.add_heading("Oman lädt ein", 0)
    document.add_paragraph("Maskat (dpa) - " + TEXT)
    document.add_heading("Zweifel", 1)
    document.add_paragraph("Der Nachbar sagt ab. (dpa/AFP)")
    document.core_properties.created = datetime(2026, 4, 9, tzinfo=UTC)
    document.core_properties.title = ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_docx(tmp_path: Path) -> None:
    [article], problems = read_data(tmp_path / "oman.docx", docx_of())
    assert problems == []
    assert (article.id, article.title, article.published) == ("oman", "Oman lädt ein", date(2026, 4, 9))
    assert [(block.kind.value, article.text[block.start : block.end]) for block in article.blocks] == [
        ("title", "Oman lädt ein"),
        ("dateline", "Maskat (dpa) -"),
        ("paragraph", TEXT),
        ("heading", "Zweifel"),
        ("paragraph", "Der Nachbar sagt ab."),
        ("credit", "(dpa/AFP)"),
    ]


def test_docx_files_that_cannot_be_read(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", b"x")
    for data, message in [
        (b"kein DOCX", "is no DOCX file"),
        (docx_of()[:500], "is no DOCX file"),
        (bomb.getvalue(), "grows to 38 MB when unpacked"),
        (other.getvalue(), "is a DOCX file that cannot be read"),
    ]:
        articles, problems = read_data(tmp_path / "a.docx", data)
        assert articles == []
        assert message in problems[0]


NITF = """<?xml version="1.0"?><nitf xml:lang="de-AT"><head><docdata><doc-id id-string="bote-17"/><date.issue norm="20260409T100000+0200"/>
<doc.copyright holder="Beispielbote"/></docdata></head><body><body.head><hedline><hl1>Oman lädt
ein</hl1></hedline><byline>Von Erika Muster</byline><dateline>Maskat</dateline></body.head>
<body.content><p>{text}</p><media><media-caption>Bild</media-caption></media><hl2>Zweifel</hl2><p>Der <em>Nachbar</em> sagt ab.</p>
</body.content></body></nitf>"""
NEWSML = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:bote:1"><itemMeta><provider literal="Beispielbote"/><versionCreated>2026-04-09T10:00:00+02:00</versionCreated></itemMeta>
<contentMeta><language tag="de"/><headline>Oman lädt ein</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>{text}</p><h2>Zweifel</h2><div><p>Der Nachbar<br/>sagt ab.</p></div>
</body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:bote:2"><contentSet><remoteContent href="a.jpg"/></contentSet></newsItem>
<newsItem guid="urn:bote:3"><contentSet><inlineXML>{nitf}</inlineXML></contentSet></newsItem>
<newsItem guid="urn:bote:4"><contentMeta><headline>Kurz</headline></contentMeta><contentSet><inlineData>{text}

Ende.</inlineData></contentSet></newsItem></itemSet></newsMessage>"""


def test_nitf(tmp_path: Path) -> None:
    [article], problems = read_data(tmp_path / "a.xml", NITF.replace("{text}", TEXT), lang=None)
    assert problems == []
    assert (article.id, article.lang, article.title) == ("bote-17", "de", "Oman lädt ein")
    assert (article.published, article.publisher) == (date(2026, 4, 9), "Beispielbote")
    assert [
        (block.kind.value, " ".join(article.text[block.start : block.end].split())) for block in article.blocks
    ] == [
        ("title", "Oman lädt ein"),
        ("dateline", "Maskat"),
        ("paragraph", TEXT),
        ("heading", "Zweifel"),
        ("paragraph", "Der Nachbar sagt ab."),
    ]


def test_newsml(tmp_path: Path) -> None:
    message = NEWSML.replace("{nitf}", NITF.partition("?>")[2]).replace("{text}", TEXT)
    articles, problems = read_data(tmp_path / "a.xml", message)
    assert problems == []
    assert [(article.id, article.title) for article in articles] == [
        ("urn:bote:1", "Oman lädt ein"),
        ("urn:bote:3", "Oman lädt ein"),
        ("urn:bote:4", "Kurz"),
    ]
    assert (articles[0].published, articles[0].publisher) == (date(2026, 4, 9), "Beispielbote")
    assert articles[0].text == f"Oman lädt ein\n\n{TEXT}\n\nZweifel\n\nDer Nachbar\nsagt ab."
    assert articles[2].text == f"Kurz\n\n{TEXT}\n\nEnde."


LAUGHS = '<!DOCTYPE n [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><nitf>&b;</nitf>'
OUTSIDE = '<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LAUGHS, "declares entities of its own"),
        (LAUGHS.encode("utf-16"), "declares entities of its own"),
        (OUTSIDE, "declares entities of its own"),
        ("<nitf>" * 100_000, "is XML that is nested deeper than 200 elements"),
        ("<nitf>\n<p>\n</nitf>", "a.xml:3: is not XML: mismatched tag"),
        ("<nitf/>", "is empty"),
        ("<newsMessage/>", "holds no item with a text"),
        ("<svg/>", "is XML of a kind that kgraph does not read: <svg>"),
        ("kein XML", "a.xml:1: is not XML"),
        ("<urlset><url><loc>https://example.org/</loc></url></urlset>", "is a site map"),
        ("", "is empty"),
    ],
)
def test_messages_that_cannot_be_read(tmp_path: Path, data: bytes | str, message: str) -> None:
    articles, problems = read_data(tmp_path / "a.xml", data)
    assert articles == []
    assert len(problems) == 1
    assert message in problems[0]


def warc_of(*pages: tuple[str, str, str, bytes]) -> bytes:
    records = []
    for url, status, kind, body in pages:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-04-09T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


HTML = (
    f"<html><head><title>Oman</title></head><body><article><h1>Oman</h1><p>{TEXT}</p></article></body></html>".encode()
)
PAGES = [
    ("https://example.org/a", "200 OK", "text/html; charset=utf-8", HTML),
    ("https://example.org/b.png", "200 OK", "image/png", b"\0"),
    ("https://example.org/c", "404 Not Found", "text/html", HTML),
    ("https://example.org/d", "200 OK", "text/html", b"<nav>"),
    ("https://example.org/e", "200 OK", "text/plain", TEXT.encode("cp1252")),
]


@pytest.mark.parametrize("packed", [False, True])
def test_web_archives(tmp_path: Path, packed: bool) -> None:
    data = warc_of(*PAGES)
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    articles, problems = read_data(path, gzip.compress(data) if packed else data)
    assert [(article.id, article.url) for article in articles] == [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org/e", "https://example.org/e"),
    ]
    assert articles[0].text == f"Oman\n\n{TEXT}"
    assert [problem.partition(": ")[0] for problem in problems] == [f"{path}#4"]


def test_web_archives_that_are_none(tmp_path: Path) -> None:
    good = warc_of(PAGES[0])
    for data, ids in [
        (b"kein Archiv\r\n\r\n", []),
        (good + b"WARC/9.9 what\r\n\r\n" * 3, ["https://example.org/a"]),
        (b"", []),
        (warc_of(PAGES[0], PAGES[4])[:-40], ["https://example.org/a"]),
    ]:
        articles, problems = read_data(tmp_path / "a.warc", data)
        assert [article.id for article in articles] == ids
        assert len(problems) == 1, data


def test_parquet(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "Nr": [1, 2, 3],
            "body": [TEXT, None, TEXT],
            "published": [date(2026, 4, 9), None, date(2999, 1, 1)],
            "seen": pyarrow.array([1, 2, 3], pyarrow.timestamp("ns")),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    problems: list[str] = []
    columns = {"text": "body", "id": "Nr"}
    found = list(read(tmp_path, columns=columns, lang="de", on_problem=lambda error: problems.append(str(error))))
    assert [(article.id, article.text, article.published) for article in found] == [
        ("1", TEXT, date(2026, 4, 9)),
        ("3", TEXT, None),
    ]
    assert 'a.parquet:2: has no "body"' in problems[0]
    assert "a.parquet:3: has a date in the future: 2999-01-01" in problems[1]
    problems.clear()
    dated = {**columns, "date": "seen"}
    assert next(read(tmp_path, columns=dated, lang="de", on_problem=lambda error: problems.append(str(error))))
    _, problems = read_data(tmp_path / "a.parquet", (tmp_path / "a.parquet").read_bytes())
    assert "has no column 'text' but 'Nr', 'body', 'published', 'seen'" in problems[0]
    _, problems = read_data(tmp_path / "a.parquet", b"PAR1 no PAR1")
    assert "is no Parquet file" in problems[0]


def test_a_table_that_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pyarrow.table({"text": [TEXT, "Iran " * 4_000_000]})
    parquet.write_table(table, path, compression="zstd", use_dictionary=False)
    articles, problems = read_data(path, path.read_bytes())
    assert articles == []
    assert "a.parquet: grows to more than 200 times its size when unpacked" in problems[0]


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("a.warc", "warcio.archiveiterator", "warc"),
    ],
)
def test_without_the_extra_the_message_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    _, problems = read_data(tmp_path / name, "<nitf/>")
    assert problems[0].endswith(f"pip install 'kgraph[{extra}]'")


@pytest.mark.parametrize(
    ("function", "module", "extra"),
    [
        (lambda: next(parquet_rows("a.parquet", "a.parquet", "text", ())), "pyarrow", "parquet"),
        (lambda: documents.pdf(b"", "a.pdf"), "pypdf", "documents"),
        (lambda: documents.docx(b"", "a.docx"), "docx", "documents"),
        (lambda: list(messages("<nitf/>", "a.xml")), "defusedxml", "agencies"),
    ],
    ids=["parquet", "pdf", "docx", "xml"],
)
def test_without_the_extra_a_parser_names_the_command(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[], object], module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"pip install 'kgraph\[{extra}\]'"):
        function()


SAMPLES = {
    "pdf": pdf_of([TEXT]),
    "docx": docx_of(),
    "xml": NITF.replace("{text}", TEXT).encode(),
    "warc": warc_of(*PAGES[:1]),
}


@given(st.sampled_from(sorted(SAMPLES)), st.binary(max_size=30), st.floats(0, 1))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damaged_files_are_articles_or_problems(tmp_path: Path, kind: str, noise: bytes, where: float) -> None:
    data = SAMPLES[kind]
    place = int(where * len(data))
    articles, problems = read_data(tmp_path / f"a.{kind}", data[:place] + noise + data[place + len(noise) :])
    assert articles or problems
