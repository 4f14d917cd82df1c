"""What is fuzzed: for each reader a function of bytes, which raises only where the reader breaks a promise.

A promise is: a KgraphError or nothing for any input whatever; articles that can be written down again as text, under ids
that fit on one line, with blocks in order inside their text.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kgraph.errors import ArticleError, KgraphError
from kgraph.model import Article
from kgraph.read.formats import Input, articles
from kgraph.read.records import Maker

NASTY = Path(__file__).parents[1] / "nasty"
SEEDS = Path(__file__).parent / "seeds"
TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu, und niemand sagt warum."
_MAX_ARTICLES = 2000
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MAX_LINE = 4096
_DOCS = '{"doc": "a", "text": "Iran droht Oman.", "sents": [{"b": 0, "e": 16}]}\n'
_GOLD = (
    '{"doc": "a", "sent": 0, "edges": [{"s": "IRN", "r": "threatens", "o": "OMN", "pol": "aff", "mod": "actual"}]}\n'
)


def in_this_process() -> None:
    """Have parsers run where they are watched: else a process beside this one has them, and its limits."""
    from kgraph.read import formats

    formats.elsewhere = lambda function, *args, where: function(*args)
    formats.each_elsewhere = lambda function, *args, where: function(*args)


class BrokenPromise(AssertionError):
    """A reader let something through that no later stage may get."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader under test: what it does with bytes, what to begin with, and words that its inputs are made of."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...] = ()


def check_article(article: Article) -> None:
    """Raises BrokenPromise for an article that later stages cannot rely on."""
    for name in ("id", "text", "title", "url", "publisher", "lang"):
        value = getattr(article, name)
        if value is not None and not isinstance(value, str):
            raise BrokenPromise(f"{name} is no text: {type(value)}")
        if value and any("\ud800" <= char <= "\udfff" for char in value):
            raise BrokenPromise(f"{name} holds half a character")
        if value and name != "text" and (_NO_LINE.search(value) or len(value) > _MAX_LINE):
            raise BrokenPromise(f"{name} does not fit on a line: {value[:80]!r}")
    if not article.text.strip() or not article.id.strip():
        raise BrokenPromise("an article without text or id")
    end = 0
    for block in article.blocks:
        if not end <= block.start < block.end <= len(article.text):
            raise BrokenPromise(f"the block {block} is not after {end} and inside the text")
        end = block.end
    article.iri.encode()


def _file(name: str) -> Callable[[bytes], None]:
    """Reading bytes as a file of that name."""

    def run(data: bytes) -> None:
        reported: list[ArticleError] = []
        make = Maker("de", reported.append)
        raw: Any = io.BytesIO(data)
        try:
            for number, article in enumerate(articles(Input(name, name, io.BufferedReader(raw)), make)):
                check_article(article)
                if number > _MAX_ARTICLES:
                    break
        except ArticleError as error:
            reported.append(error)
        for error in reported:
            str(error).encode("utf-8", "surrogatepass")

    return run


def _forgiven(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def forgiving(data: bytes) -> None:
        try:
            run(data)
        except KgraphError as error:
            str(error).encode("utf-8", "surrogatepass")

    return forgiving


def _markup(data: bytes) -> None:
    """Decoding: the first byte chooses what the server says of the encoding."""
    from kgraph.read.decode import decode, decode_line, decode_markup

    charsets = (None, "utf-8", "utf-16", "latin-1", "cp1252", "koi8-r", "gb18030", "utf-7", "idna", "x\0", "iso2022_jp")
    decode_line(data)
    for call in (lambda: decode(data[1:], "a"), lambda: decode_markup(data[1:], "a", charset=_pick(charsets, data))):
        try:
            text = call()
        except KgraphError:
            continue
        if not isinstance(text, str):
            raise BrokenPromise("no text")


def _pick(choices: tuple[Any, ...], data: bytes) -> Any:
    return choices[data[0] % len(choices)] if data else choices[0]


def _robots(data: bytes) -> None:
    from kgraph.read.manners import Manners

    rules = Manners(0.0, lambda _: data)
    rules.check("https://example.org/a/b?c=d")
    rules.check("https://example.org/%FF%00/ä")


def _sitemap(data: bytes) -> None:
    from kgraph.read.decode import decode_markup
    from kgraph.read.feeds import sitemap_entries
    from kgraph.read.fetch import joined, normalised

    for entry in sitemap_entries(decode_markup(data, "a"), "https://example.org/sitemap.xml"):
        normalised(joined("https://example.org/", entry.url or ""))


def _addresses(data: bytes) -> None:
    """A list of addresses, one a line, as far as it goes without asking for them."""
    from kgraph.read.fetch import joined, normalised
    from kgraph.read.html import address
    from kgraph.read.settings import Web
    from kgraph.read.sources import _Reader

    reported: list[ArticleError] = []
    reader = _Reader(Maker("de", reported.append), Web(), None, ())
    stream: Any = io.BytesIO(data)
    for _, line in reader._listed(stream, "a.urls"):
        address(line)
        try:
            normalised(joined("https://example.org/", line)).encode("ascii")
        except ArticleError:
            continue


def _conllu(data: bytes) -> None:
    from kgraph.interchange import read_conllu, write_conllu

    for article, sentences in read_conllu(data.decode("utf-8", "surrogateescape"), name="a"):
        for sentence in sentences:
            if article.text[sentence.start : sentence.end] != sentence.text:
                raise BrokenPromise("a sentence is not where it says")
            for token in sentence.tokens:
                if not 0 <= token.head < len(sentence.tokens):
                    raise BrokenPromise("a head that is not there")
        again = write_conllu(article, sentences)
        [(same, kept)] = read_conllu(again, name="b")
        if [s.text for s in kept] != [s.text for s in sentences]:
            raise BrokenPromise("written and read again, the sentences are others")
        if len(same.text) > 10 * len(data) + 1000:
            raise BrokenPromise("the text is far longer than the file")


def _on_disk(name: str, run: Callable[[Path], None]) -> Callable[[bytes], None]:
    def written(data: bytes) -> None:
        path = _folder() / name
        path.write_bytes(data)
        run(path)

    return written


@lru_cache(maxsize=1)
def _folder() -> Path:
    base = Path("/dev/shm")
    return Path(tempfile.mkdtemp(dir=base if base.is_dir() else None))


def _claims(path: Path) -> None:
    from kgraph.evaluate import Gold, read_claims, score

    records = list(read_claims(path))
    gold, docs = path.with_name("gold.jsonl"), path.with_name("docs.jsonl")
    gold.write_text(_GOLD, encoding="utf-8")
    docs.write_text(_DOCS, encoding="utf-8")
    score(Gold.load(gold, docs), records)


def _gold(path: Path) -> None:
    from kgraph.evaluate import Gold, score

    docs = path.with_name("docs.jsonl")
    docs.write_text(_DOCS, encoding="utf-8")
    score(Gold.load(path, docs), [])
    Gold.load(path, path)


def _lexicon(path: Path) -> None:
    from kgraph.lexicon import build_lexicon

    cues = path.with_name("cues.toml")
    cues.write_text("a = ['b']\n", encoding="utf-8")
    try:
        lexicon = build_lexicon("de", [path], cues)
    except KgraphError:
        build_lexicon("de", [], path)
        return
    for frame in lexicon:
        lexicon.nouns(frame.lemma)
    build_lexicon("de", [], path)


def _actors(path: Path) -> None:
    from kgraph.actor_files import read_entries
    from kgraph.actors import Registry

    registry = Registry(read_entries([path.parent], "de"), "de")
    for entry in registry.actors:
        registry.resolve(entry.label("de"))


def _sparql(data: bytes) -> None:
    """What the guard lets pass is answered without a look outside: Oxigraph's own errors would tell of one."""
    import pyoxigraph

    from kgraph.graph.guard import check_query
    from kgraph.graph.vocab import PREFIXES

    text = data.decode("utf-8", "replace")
    chooses = check_query(text)
    if len(text) > 3000:
        return
    try:
        result = _empty_store().query(text, prefixes=PREFIXES, use_default_graph_as_union=not chooses)
        if not isinstance(result, pyoxigraph.QueryBoolean):
            for _ in zip(result, range(50), strict=False):
                pass
    except SyntaxError:
        return
    except (ValueError, RuntimeError, OSError) as error:
        said = str(error).lower()
        if any(word in said for word in ("http", "connect", "service", "network", "file:")):
            raise BrokenPromise(f"the query reached out: {error}") from error


@lru_cache(maxsize=1)
def _empty_store() -> Any:
    import pyoxigraph

    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(*[pyoxigraph.NamedNode("http://e/a")] * 3))
    return store


def _cached(data: bytes) -> None:
    from kgraph.read.cache import Cache

    cache = Cache(_folder() / "cache")
    path = cache._path("https://example.org/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data[1:], 1) if data[:1] > b"\x20" else data[1:])
    cache.get("https://example.org/")


def _docx_parts(data: bytes) -> None:
    """The parts of a DOCX file, which random changes to the archive around them would hardly reach."""
    which, rest = data[:1], data[1:]
    names = ("word/document.xml", "word/styles.xml", "docProps/core.xml", "[Content_Types].xml", "_rels/.rels")
    _file("a.docx")(_repacked(_docx(), {_pick(names, which): rest}))


def _repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(info.filename, parts.get(info.filename, old.read(info.filename)))
    return out.getvalue()


def _pdf_content(data: bytes) -> None:
    """The content of a page, in a PDF that is fine around it."""
    _file("a.pdf")(_pdf(data))


@lru_cache(maxsize=1)
def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = "Oman"
    document.add_heading("Oman lädt ein", 1)
    document.add_paragraph(TEXT)
    document.add_table(1, 2)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _pdf(content: bytes) -> bytes:
    head = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/MediaBox[0 0 595 842]>>endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
    )
    body = b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(content), content)
    return head + body + b"trailer<</Root 1 0 R/Info<</Title(Oman)>>>>\nstartxref\n0\n%%EOF\n"


def _parquet() -> list[bytes]:
    import pyarrow
    from pyarrow import parquet

    found = []
    for options in ({}, {"compression": "none"}, {"compression": "zstd", "use_dictionary": False}, {"version": "1.0"}):
        table = pyarrow.table(
            {"doc": ["a", "b"], "text": [TEXT, "Iran"], "date": ["2026-04-09", None], "more": [{"n": [1]}, {"n": None}]}
        )
        file = io.BytesIO()
        parquet.write_table(table, file, **options)
        found.append(file.getvalue())
    return found


def _zips() -> list[bytes]:
    found = []
    for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", kind) as archive:
            for name, text in (("a.txt", TEXT), ("b/c.jsonl", '{"text": "Iran"}\n'), ("d.html", f"<p>{TEXT}</p>")):
                archive.writestr(name, text)
        found.append(file.getvalue())
    return found


def _warc() -> list[bytes]:
    page = f"<html><body><article><p>{TEXT}</p></article></body></html>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: identity\r\n\r\n" + page
    plain = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Date: 2026-04-09T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nContent-Type: application/http; "
        b"msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    )
    arc = (
        b"filedesc://a.arc 0.0.0.0 20260409000000 text/plain 75\n1 0 X\nURL IP-address Archive-date Content-type "
        b"Archive-length\n\nhttps://example.org/a 127.0.0.1 20260409000000 text/html %d\n%s\n" % (len(http), http)
    )
    return [plain, gzip.compress(plain) + gzip.compress(plain), arc, plain * 2]


def _packed(pack: Callable[[bytes], bytes]) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        text = TEXT.encode()
        return [
            pack(text),
            pack(text) + pack(text),
            pack(text)[:-4],
            pack(b""),
            pack(b"\0" * 100_000),
            pack(text) + b"\0\0x",
        ]

    return seeds


def _zstd(data: bytes) -> bytes:
    from kgraph.read.unpack import _zstd as module

    return bytes(module().compress(data))


def _seeds(*patterns: str, more: Callable[[], list[bytes]] = list) -> Callable[[], list[bytes]]:
    """Seeds from the nasty files and the folder of seeds, and what is made on the spot."""

    def seeds() -> list[bytes]:
        paths = [path for folder in (NASTY, SEEDS) for pattern in patterns for path in sorted(folder.glob(pattern))]
        return [path.read_bytes() for path in paths] + more()

    return seeds


def _encoded() -> list[bytes]:
    text = "Die Türkei führt Gespräche über Öl. Größe – „so“."
    names = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-be", "koi8-r")
    heads = ("", "<meta charset='utf-8'>", "<?xml version='1.0' encoding='iso-8859-1'?>", "<meta charset=utf-7>")
    return [b"\1" + (head + text).encode(name, "replace") for name in names for head in heads]


_XML = (
    b"<p>",
    b"</p>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?xml ",
    b"<!DOCTYPE ",
    b"<!ENTITY ",
    b"&amp;",
    b"xmlns=",
)
READERS: dict[str, Reader] = {
    "text": Reader(_file("a.txt"), _seeds("*.txt", "*.md"), (b"(dpa) - ", b"Foto: ", b"(Archiv)", b"\n\n", b"Von ")),
    "markdown": Reader(_file("a.md"), _seeds("*.md", "*.txt"), (b"---\n", b"# ", b"```", b"![](", b"|", b"> ", b"\n===\n")),
    "html": Reader(_file("a.html"), _seeds("*.html"), (*_XML, b"<meta property=", b"<article>", b"<script>", b"<table>")),
    "json": Reader(_file("a.json"), _seeds("*.json", "*.jsonl"), (b'{"text": "', b'"}', b"[[", b"\\ud800", b"1e999", b"NaN")),
    "jsonl": Reader(_file("a.jsonl"), _seeds("*.jsonl"), (b'{"text": "', b'"doc":', b'"date":', b"\\u0000", b"\n", b"1" * 20)),
    "csv": Reader(_file("a.csv"), _seeds("*.csv"), (b"text,doc\n", b'"', b'""', b";", b"\t", b"\r", b"\xef\xbb\xbf")),
    "parquet": Reader(_file("a.parquet"), _seeds("*.parquet", more=_parquet), (b"PAR1", b"\x15\x00", b"text")),
    "pdf": Reader(_file("a.pdf"), _seeds("*.pdf", more=lambda: [_pdf(_PAGE)]), (b" obj", b"stream", b"/Kids[", b" 0 R", b"<<")),
    "pdf-content": Reader(_pdf_content, lambda: [_PAGE], (b"BT ", b" Tj", b"TJ", b" Td", b"q ", b"BI ", b" ID ", b" EI", b"Do")),
    "docx": Reader(_file("a.docx"), _seeds("*.docx", more=lambda: [_docx()]), (b"PK\x03\x04", b"PK\x01\x02", b"word/")),
    "docx-parts": Reader(_docx_parts, _seeds("*.docx.xml"), (*_XML, b"<w:p>", b"<w:t>", b"<w:tbl>", b"w:pStyle")),
    "agency": Reader(_file("a.xml"), _seeds("*.xml"), (*_XML, b"<nitf>", b"<body.content>", b"<newsItem>", b"<inlineXML>")),
    "feed": Reader(_file("a.rss"), _seeds("*.rss", "*.atom"), (*_XML, b"<item>", b"<entry>", b"<content:encoded>", b"<pubDate>")),
    "sitemap": Reader(_forgiven(_sitemap), _seeds("*.sitemap"), (*_XML, b"<url><loc>", b"<sitemap>", b"http://", b"<news:news>")),
    "warc": Reader(_file("a.warc"), _seeds("*.warc", more=_warc), (b"WARC/1.0\r\n", b"Content-Length: ", b"HTTP/1.1 200 OK\r\n")),
    "gz": Reader(_file("a.txt.gz"), _seeds("*.gz", more=_packed(gzip.compress)), (b"\x1f\x8b\x08",)),
    "bz2": Reader(_file("a.txt.bz2"), _packed(bz2.compress), (b"BZh9", b"1AY&SY")),
    "xz": Reader(_file("a.txt.xz"), _packed(lzma.compress), (b"\xfd7zXZ\0", b"YZ")),
    "zst": Reader(_file("a.txt.zst"), _packed(_zstd), (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18")),
    "zip": Reader(_file("a.zip"), _seeds("*.zip", more=_zips), (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"../a.txt")),
    "addresses": Reader(_addresses, _seeds("*.urls"), (b"http://", b"https://[::1]", b"@", b"%00", b"xn--", b":99999", b"\n")),
    "robots": Reader(_forgiven(_robots), _seeds("*.robots"), (b"User-agent: *\n", b"Disallow: /", b"*", b"$", b"Crawl-delay: 9")),
    "encodings": Reader(_markup, _encoded, (b"charset=", b"encoding='", b"\xff\xfe", b"\xef\xbb\xbf", b"utf-16", b"\x1b$B")),
    "cache": Reader(_cached, lambda: [b'A{"url": "https://example.org/", "kind": "text/html"}\nabc'], (b'"url"', b"{", b"}\n")),
    "conllu": Reader(_forgiven(_conllu), _seeds("*.conllu"), (b"# newdoc id = ", b"# start = ", b"SpacesAfter=\\u", b"1-2\t")),
    "claims": Reader(_forgiven(_on_disk("a.jsonl", _claims)), _seeds("claims*.seed"), (b'"relation": "attacks"', b'"sentence": {')),
    "gold": Reader(_forgiven(_on_disk("g.jsonl", _gold)), _seeds("gold*.seed"), (b'"doc": "a"', b'"sent": 0', b'"edges": [')),
    "lexicon": Reader(_forgiven(_on_disk("l.toml", _lexicon)), _seeds("lexicon*"), (b"[[verb]]\n", b"lemma = ", b"with = {")),
    "actors": Reader(_forgiven(_on_disk("actors/a.toml", _actors)), _seeds("actors*"), (b"[[state]]\n", b"name = {", b"offices = [")),
    "sparql": Reader(_forgiven(_sparql), _seeds("*.rq"), (b"SERVICE ", b"FROM ", b"LOAD ", b"\\u0053", b"<http://127.0.0.1:9/>", b"#")),
}  # fmt: skip
_PAGE = b"BT /F1 12 Tf 50 800 Td (Oman will vermit-) Tj T* [(teln, sa) -20 (gt er.)] TJ <4f6d> Tj ET q 1 0 0 1 0 0 cm Q"


def of(name: str) -> Reader:
    """The reader of a name; ends the program with the list of names where there is none."""
    in_this_process()
    if name not in READERS:
        sys.exit(f"there is no reader {name!r}; there are: {' '.join(READERS)}")
    (_folder() / "actors").mkdir(exist_ok=True)
    return READERS[name]
