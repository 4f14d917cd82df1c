"""Pages are fetched from a real server that misbehaves in every way, politely and within limits."""

from __future__ import annotations

import gzip
import json
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from kgraph import UsageError, read
from kgraph.model import Article
from kgraph.read import Web, guard, manners
from kgraph.read.cache import Cache, Fetched
from kgraph.read.fetch import normalised

spec = spec_from_file_location("server", Path(__file__).with_name("server.py"))
assert spec
assert spec.loader
server_module = module_from_spec(spec)
spec.loader.exec_module(server_module)
Server, Request = server_module.Server, server_module.Request

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu, und niemand weiß warum."
LOCAL = ("127.0.0.1",)


def page(title: str = "Oman lädt ein", *, extra: str = "") -> bytes:
    head = f'<meta charset="utf-8"><title>{title}</title><meta property="og:title" content="{title}">{extra}'
    return f"<!doctype html><html lang=de><head>{head}</head><body><article><h1>{title}</h1><p>{TEXT}</p></article></body></html>".encode()


@pytest.fixture
def server() -> Iterator[Any]:
    with Server() as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long kgraph would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(manners, "sleep", waited.append)
    return waited


@pytest.fixture(autouse=True)
def at_once(pauses: list[float]) -> None:
    """No test waits."""


def read_web(*sources: str | Path, **settings: Any) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    web = Web(**{"allow": LOCAL, "delay": 0, "timeout": 5, "retries": 0, **settings})
    return list(read(sources, lang="de", web=web, on_problem=lambda error: problems.append(str(error)))), problems


def test_a_page(server: Any) -> None:
    dated = '<meta property="article:published_time" content="2026-04-09">'
    server.pages["/oman"] = page(extra=dated)
    [article], problems = read_web(f"{server.origin}/oman#top", f"{server.origin}/oman")
    assert problems == []
    assert (article.id, article.url) == (f"{server.origin}/oman", f"{server.origin}/oman")
    assert (article.title, article.published) == ("Oman lädt ein", date(2026, 4, 9))
    assert article.text == f"Oman lädt ein\n\n{TEXT}"
    assert server.asked == ["/robots.txt", "/oman"]
    assert server.headers[1]["User-Agent"].startswith("kgraph")


def test_a_page_names_itself_but_not_as_a_page_of_another_site(server: Any) -> None:
    link = '<link rel="canonical" href="{}">'
    server.pages["/a?from=feed"] = page(extra=link.format(f"{server.origin}/a"))
    server.pages["/b"] = page(extra=link.format("https://www.example.org/b"))
    articles, _ = read_web(f"{server.origin}/a?from=feed", f"{server.origin}/b")
    assert [article.id for article in articles] == [f"{server.origin}/a", f"{server.origin}/b"]


@pytest.mark.parametrize(
    ("path", "kind", "data", "texts"),
    [
        ("/a", "text/plain", TEXT.encode(), [TEXT]),
        ("/a.md", "text/plain", f"# Titel\n\n{TEXT}".encode(), [f"# Titel\n\n{TEXT}"]),
        ("/a.jsonl", "application/octet-stream", json.dumps({"text": TEXT}).encode(), [TEXT]),
        ("/a.jsonl.gz", "application/gzip", gzip.compress(json.dumps({"text": TEXT}).encode()), [TEXT]),
        ("/a", "application/json", json.dumps([{"text": TEXT}, {"text": TEXT}]).encode(), [TEXT, TEXT]),
        ("/a.csv", "text/csv", f'text\n"{TEXT}"\n'.encode(), [TEXT]),
    ],
)
def test_files_on_the_web(server: Any, path: str, kind: str, data: bytes, texts: list[str]) -> None:
    server.pages[path] = (200, {"Content-Type": kind}, data)
    articles, problems = read_web(server.origin + path)
    assert problems == []
    assert [article.text for article in articles] == texts


@pytest.mark.parametrize("path", ["/a.txt", "/a.md"])
def test_a_text_on_the_web_has_an_address_and_cannot_say_another(server: Any, path: str) -> None:
    server.pages[path] = (
        200,
        {"Content-Type": "text/plain"},
        f"---\nurl: https://other.example/\n---\n{TEXT}".encode(),
    )
    [article], _ = read_web(server.origin + path)
    assert article.url == article.id == server.origin + path


@pytest.mark.parametrize("kind", ["image/png", "", "video/mp4"])
def test_what_is_no_article(server: Any, kind: str) -> None:
    server.pages["/a"] = (200, {"Content-Type": kind}, b"\x89PNG")
    _, problems = read_web(f"{server.origin}/a")
    assert problems[0].endswith("which is not read")


ROBOTS = "User-agent: *\nDisallow: /private\n\nUser-agent: kgraph\nDisallow: /no*.html$\nCrawl-delay: 7\n"


def test_robots(server: Any, pauses: list[float]) -> None:
    server.pages["/robots.txt"] = ROBOTS.encode()
    server.pages |= {path: page(path) for path in ("/private", "/notes.html", "/notes", "/sent")}
    server.pages["/sent"] = (302, {"Location": "/nothing.html"}, b"")
    articles, problems = read_web(*(server.origin + path for path in ("/private", "/notes.html", "/notes", "/sent")))
    assert [article.id for article in articles] == [f"{server.origin}/private", f"{server.origin}/notes"]
    refusal = "is not fetched: the site's robots.txt keeps programs from it"
    assert problems == [
        f"{server.origin}/notes.html: {refusal}",
        f"{server.origin}/sent: redirects to {server.origin}/nothing.html, which {refusal}",
    ]
    assert "/notes.html" not in server.asked
    assert "/nothing.html" not in server.asked
    assert [round(pause) for pause in pauses] == [7, 7, 7]


@pytest.mark.parametrize(
    ("robots", "message"),
    [
        ((404, {}, b""), None),
        ((403, {}, b""), None),
        (b"\xff\xfe\x00 no rules at all", None),
        ((500, {}, b""), "/robots.txt allows cannot be known: the server answers 500 (Internal Server Error)"),
        ((429, {}, b""), "cannot be known: the server answers 429"),
        ((302, {"Location": "/robots.txt"}, b""), "cannot be known: redirects more than 5 times"),
        (b"User-agent: *\nCrawl-delay: 3600\n", "the site asks for 3600 seconds between pages"),
    ],
)
def test_a_site_whose_rules_are_odd(server: Any, robots: Any, message: str | None) -> None:
    server.pages |= {"/robots.txt": robots, "/a": page()}
    articles, problems = read_web(f"{server.origin}/a")
    assert len(articles) == (message is None)
    assert all(message and message in problem for problem in problems)


def test_requests_come_one_after_another_with_pauses(server: Any, pauses: list[float]) -> None:
    server.pages |= {"/a": page("A"), "/b": page("B")}
    read_web(f"{server.origin}/a", f"{server.origin}/b", delay=100)
    assert len(pauses) == 2
    assert all(90 < pause <= 100 for pause in pauses)


def test_what_has_not_changed_is_not_sent_again(server: Any, tmp_path: Path) -> None:
    sent: list[str] = []

    def answer(request: Any) -> None:
        if request.headers["If-None-Match"] == '"v1"' and request.headers["If-Modified-Since"]:
            request.send_response(304)
            request.end_headers()
            return
        sent.append(request.path)
        request.send_response(200)
        for name, value in {
            "Content-Type": "text/html",
            "ETag": '"v1"',
            "Last-Modified": "Thu, 09 Apr 2026 10:00:00 GMT",
            "Content-Length": str(len(page())),
        }.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(page())

    server.pages |= {"/a": answer, "/old": (301, {"Location": "/a"}, b"")}
    cache = tmp_path / "cache"
    first, _ = read_web(f"{server.origin}/a", f"{server.origin}/old", cache=cache)
    again, _ = read_web(f"{server.origin}/old", cache=cache)
    assert [article.text for article in first] == [article.text for article in again]
    assert len(sent) == 2
    for file in cache.rglob("*.gz"):
        file.write_bytes(b"torn")
    torn, _ = read_web(f"{server.origin}/a", cache=cache)
    assert [article.text for article in torn] == [article.text for article in first]
    assert len(sent) == 3


def test_a_cache_that_cannot_be_written_is_reported(server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.pages["/a"] = (200, {"Content-Type": "text/html", "ETag": "x"}, page())
    _, problems = read_web(f"{server.origin}/a", cache=tmp_path / "file")
    assert "pages cannot be kept there" in problems[0]


def test_the_cache_keeps_only_what_a_server_would_answer_for(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("u", Fetched("u", b"data\n\0", kind="text/html", etag="x"))
    assert cache.get("u") == Fetched("u", b"data\n\0", kind="text/html", etag="x")
    cache.put("u", Fetched("u", b"data"))
    assert cache.get("u") is None


def failing(*statuses: int, headers: dict[str, str] | None = None) -> Callable[[Any], None]:
    left = list(statuses)

    def answer(request: Any) -> None:
        status = left.pop(0) if left else 200
        request.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(page())), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(page())

    return answer


@pytest.mark.parametrize(
    ("statuses", "headers", "expected", "message"),
    [
        ([500, 503], {}, [1, 2], None),
        ([500] * 9, {}, [1, 2, 4], "the server answers 500 (Internal Server Error)"),
        ([429], {"Retry-After": "30"}, [30], None),
        ([503], {"Retry-After": "Thu, 09 Apr 2015 10:00:00 GMT"}, [0], None),
        ([503], {"Retry-After": "soon"}, [1], None),
        ([503], {"Retry-After": "86400"}, [], "the server answers 503"),
        ([403], {}, [], "the server answers 403 (Forbidden)"),
        ([404], {}, [], "the server answers 404 (Not Found)"),
        ([299], {}, [], "the server answers 299"),
        ([304], {}, [], "the server answers 304 (Not Modified)"),
    ],
)
def test_what_may_pass_is_tried_again_ever_later(
    server: Any,
    pauses: list[float],
    statuses: list[int],
    headers: dict[str, str],
    expected: list[int],
    message: str | None,
) -> None:
    server.pages["/a"] = failing(*statuses, headers=headers)
    articles, problems = read_web(f"{server.origin}/a", retries=3)
    assert pauses == expected
    assert len(articles) == (message is None)
    assert [problem.split(": ", 1)[1].startswith(message or "") for problem in problems] == [True] * (
        message is not None
    )


def raw(*parts: bytes, wait: bool = False) -> Callable[[Any], None]:
    """An answer that is sent as it stands, and then perhaps nothing more is said."""

    def answer(request: Any) -> None:
        for part in parts:
            request.wfile.write(part)
        if wait:
            request.server_of_test.stopped.wait(60)

    return answer


def dripping(start: bytes, drop: bytes) -> Callable[[Any], None]:
    """An answer that never ends, and never rests for long."""

    def answer(request: Any) -> None:
        request.wfile.write(start)
        while not request.server_of_test.stopped.wait(0.05):
            request.wfile.write(drop)

    return answer


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (raw(wait=True), "the server says nothing for 0.3 seconds"),
        (raw(OK, wait=True), "the server says nothing for 0.3 seconds"),
        (raw(OK + b"Content-Length: 500\r\n\r\n<p>", wait=True), "the server says nothing for 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "takes longer than 1 seconds"),
        (dripping(OK + b"Content-Length: 500000\r\n\r\n", b"<"), "takes longer than 1 seconds"),
        (raw(OK + b"Content-Length: 500\r\n\r\n<p>"), "cannot be fetched"),
        (raw(), "cannot be fetched"),
        (raw(b"\0\1\2 what is this\r\n\r\n"), "cannot be fetched"),
        (raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 200_000 + b"\r\n\r\n"), "cannot be fetched"),
        (raw(OK + b"Content-Length: 9999999999\r\n\r\n"), "is larger than 1 MB"),
        (raw(OK + b"\r\n", *[b"<p>" * 50_000] * 20), "is larger than 1 MB"),
        (raw(OK + b"Content-Encoding: br\r\n\r\nxxx"), "is packed in a way that was not asked for: 'br'"),
        (raw(OK + b"Content-Encoding: gzip\r\n\r\nxxx"), "is damaged and cannot be unpacked"),
        (raw(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(page())[:-9]), "is damaged and cannot be unpacked"),
        (raw(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b" " * 90_000_000)), "is larger than 1 MB"),
        (raw(OK + b"\r\n"), "is empty"),
    ],
    ids=range(16),
)
def test_servers_that_misbehave(server: Any, answer: Any, message: str) -> None:
    server.pages |= {"/a": answer, "/b": page()}
    articles, problems = read_web(f"{server.origin}/a", f"{server.origin}/b", timeout=0.3, deadline=1, max_bytes=2**20)
    assert [article.id for article in articles] == [f"{server.origin}/b"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{server.origin}/a: ")
    assert message in problems[0]


def test_a_packed_page_and_one_with_the_wrong_encoding(server: Any) -> None:
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    server.pages["/packed"] = (200, headers, gzip.compress(page()))
    server.pages["/wrong"] = (200, {"Content-Type": "text/html; charset=iso-8859-1"}, page())
    server.pages["/old"] = (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        page().decode().replace('<meta charset="utf-8">', "").encode("cp1252"),
    )
    articles, problems = read_web(*(f"{server.origin}/{name}" for name in ("packed", "wrong", "old")))
    assert problems == []
    assert [article.text for article in articles] == [f"Oman lädt ein\n\n{TEXT}"] * 3


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("/b", None),
        ("b", None),
        ("/a", "redirects more than 5 times"),
        ("http://127.0.0.2:{port}/b", "which is not fetched: 127.0.0.2 is at 127.0.0.2, an address that is not public"),
        ("http://[::1]:{port}/b", "an address that is not public"),
        ("http://2130706434/", "an address that is not public"),
        ("http://169.254.169.254/latest/meta-data/", "an address that is not public"),
        ("http://10.0.0.1/", "an address that is not public"),
        ("http://user:secret@127.0.0.1/", "the address holds a password"),
        ("file:///etc/passwd", "redirects to what is no address on the web"),
        ("gopher://127.0.0.1/", "redirects to what is no address on the web"),
        ("http://[", "names what is no address on the web"),
    ],
)
def test_redirects(server: Any, location: str, message: str | None) -> None:
    port = server.origin.rpartition(":")[2]
    server.pages |= {"/a": (302, {"Location": location.replace("{port}", port)}, b""), "/b": page()}
    articles, problems = read_web(f"{server.origin}/a")
    assert [article.id for article in articles] == ([f"{server.origin}/b"] if message is None else [])
    assert all(message and message in problem for problem in problems)
    assert not any("secret" in problem for problem in problems)


def test_addresses_that_are_not_public_are_not_even_asked(server: Any) -> None:
    server.pages["/a"] = page()
    articles, problems = read_web(f"{server.origin}/a", allow=())
    assert (articles, server.asked) == ([], [])
    assert "127.0.0.1 is at 127.0.0.1, an address that is not public; --allow-network allows it" in problems[0]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert guard.is_public(ip_address(address)) is public


def test_a_name_with_two_faces_is_connected_to_its_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in ("10.0.0.1", "fe80::1%eth0", "93.184.216.34")]

    class Backend:
        def connect_tcp(self, host: str, *_: Any) -> Any:
            connected.append(host)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    watch = guard.Guard(())
    monkeypatch.setattr(watch, "_backend", Backend())
    watch.connect_tcp("two.example", 80)
    assert connected == ["93.184.216.34"]


def test_networks_are_checked_at_once() -> None:
    assert guard.networks(["10.0.0.0/8", "::1"])[0].prefixlen == 8
    with pytest.raises(UsageError, match=r"write a network like 10\.1\.0\.0/16"):
        guard.networks(["localhost"])


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Example.ORG:80/a b#c", "http://example.org/a%20b"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
    ],
)
def test_addresses_are_written_in_one_way(url: str, normal: str) -> None:
    assert normalised(url) == normal


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "http://", "https://u:p@example.org/", "http://a/" + "b" * 5000, "http://a\n/"],
)
def test_what_is_no_address_on_the_web(url: str) -> None:
    articles, problems = read_web(url)
    assert articles == []
    assert "no address on the web" in problems[0] or "holds a password" in problems[0]


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    _, problems = read_web(f"http://127.0.0.1:{port}/", retries=1)
    assert "cannot be known: cannot be fetched" in problems[0]
    _, problems = read_web("http://no-such-host.invalid/")
    assert "its name cannot be resolved" in problems[0]


def test_a_list_of_addresses(server: Any, tmp_path: Path) -> None:
    server.pages |= {"/a": page("A"), "/b": page("B")}
    lines = [
        "# morgens",
        f"{server.origin}/a",
        "",
        "kein Ort",
        f"{server.origin}/none",
        f"  {server.origin}/b",
        f"{server.origin}/a",
    ]
    (tmp_path / "press.urls").write_text("\n".join(lines), encoding="utf-8-sig")
    articles, problems = read_web(tmp_path / "press.urls")
    assert [article.title for article in articles] == ["A", "B"]
    assert "press.urls:4: is no address on the web: 'kein Ort'" in problems[0]
    assert "the server answers 404" in problems[1]
    _, problems = read_web(tmp_path / "press.urls", max_pages=1)
    assert "lists more than 1 pages" in problems[-1]


RSS = """<?xml version="1.0" encoding="utf-8"?><!-- x --><rss version="2.0"><channel><title>Beispielbote</title>
<item><title>Oman &amp;amp; der Golf</title><link>/a</link><pubDate>Thu, 09 Apr 2026 10:00:00 +0200</pubDate></item>
<item><title>Nur hier</title><description>&lt;p&gt;{text}&lt;/p&gt;&lt;p&gt;Ende &lt;b&gt;gut&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>Weg</title><link>/gone</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Beispielbote</title><entry><title>Golf</title>
<link href="{origin}/a"/><updated>2026-04-09T10:00:00Z</updated></entry></feed>"""


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "text/xml; charset=iso-8859-1", "text/html", "application/octet-stream"]
)
def test_a_feed_gives_the_pages_that_it_links_to(server: Any, kind: str) -> None:
    server.pages["/a"] = f"<html><body><article><p>{TEXT}</p></article></body></html>".encode()
    server.pages["/feed"] = (200, {"Content-Type": kind}, RSS.replace("{text}", TEXT).encode())
    articles, problems = read_web(f"{server.origin}/feed")
    assert [(article.id.removeprefix(server.origin), article.title, article.publisher) for article in articles] == [
        ("/a", "Oman & der Golf", "Beispielbote"),
        (f"/feed#{articles[1].id[-24:]}", "Nur hier", "Beispielbote"),  # its text gives it its number
    ]
    assert articles[0].published == date(2026, 4, 9)
    assert articles[1].text == f"Nur hier\n\n{TEXT}\n\nEnde gut."
    assert problems == [f"{server.origin}/gone: the server answers 404 (Not Found)"]


def test_an_atom_feed(server: Any) -> None:
    server.pages |= {"/a": page(), "/feed": ATOM.replace("{origin}", server.origin).encode()}
    [article], problems = read_web(f"{server.origin}/feed")
    assert (article.id, article.published, problems) == (f"{server.origin}/a", date(2026, 4, 9), [])


def test_a_feed_does_not_lead_inside(server: Any) -> None:
    server.pages["/feed"] = ATOM.replace("{origin}", "http://169.254.169.254").encode()
    articles, problems = read_web(f"{server.origin}/feed")
    assert articles == []
    assert "an address that is not public" in problems[0]


def test_a_saved_feed_gives_the_texts_in_it_and_asks_nobody(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS.replace("{text}", TEXT), encoding="utf-8")
    articles, problems = read_web(tmp_path)
    assert [(article.id, article.title) for article in articles] == [("/a", "Oman & der Golf"), ("feed:2", "Nur hier")][
        1:
    ] or articles
    assert all("feed.xml" in problem for problem in problems)


URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
NEWS = """<url><loc>{url}</loc><n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication><n:name>Beispielbote
</n:name></n:publication><n:publication_date>2026-04-09</n:publication_date></n:news></url>"""


def test_site_maps(server: Any) -> None:
    urls = [NEWS.replace("{url}", f"{server.origin}/a"), "<url><loc>https://example.org/</loc></url>", "<url/>"]
    server.pages |= {
        "/map.xml": (200, {"Content-Type": "application/xml"}, URLSET.format("".join(urls)).encode()),
        "/packed.xml.gz": (200, {"Content-Type": "application/gzip"}, gzip.compress(URLSET.format(urls[0]).encode())),
        "/index.xml": f"<sitemapindex><sitemap><loc>{server.origin}/map.xml</loc></sitemap></sitemapindex>".encode(),
        "/loop.xml": f"<sitemapindex><sitemap><loc>{server.origin}/loop.xml</loc></sitemap></sitemapindex>".encode(),
        "/a": f"<html><body><article><p>{TEXT}</p></article></body></html>".encode(),
    }
    mapped = f"{server.origin}/map.xml: lists 1 pages of other sites; left out"
    for start in ("/map.xml", "/index.xml"):
        [article], problems = read_web(server.origin + start)
        assert (article.publisher, article.published) == ("Beispielbote", date(2026, 4, 9))
        assert problems == [mapped]
    [article], problems = read_web(f"{server.origin}/packed.xml.gz")
    assert problems == []
    assert read_web(f"{server.origin}/loop.xml") == ([], [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<rss><channel>" * 3, "lists nothing"),
        ("<urlset/>", "lists nothing"),
        ('<!DOCTYPE rss [<!ENTITY a "x">]><rss><channel/></rss>', "declares entities"),
        ('<!DOCTYPE u [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>', "declares entities"),
        ("<urlset><url><loc>", "is not XML"),
        ("<urlset>" * 300, "nested deeper than 200"),
        ("<other/>", "is XML of a kind that kgraph does not read"),
    ],
)
def test_feeds_and_site_maps_that_are_none(server: Any, data: str, message: str) -> None:
    server.pages["/feed"] = (200, {"Content-Type": "application/xml"}, data.encode())
    articles, problems = read_web(f"{server.origin}/feed")
    assert articles == []
    assert len(problems) == bool(message)
    assert all(message in problem for problem in problems)


def test_without_the_extra_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("kgraph.read.web", "kgraph.read.fetch", "kgraph.read.guard"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpcore2", None)
    _, problems = read_web("http://127.0.0.1/")
    assert problems[0].endswith("pip install 'kgraph[web]'")
