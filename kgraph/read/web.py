"""Addresses that the user names become articles: pages, feeds, site maps, files."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from kgraph.errors import ArticleError
from kgraph.model import Article, digest
from kgraph.read.cache import Fetched
from kgraph.read.decode import decode_markup
from kgraph.read.elsewhere import each_elsewhere, elsewhere
from kgraph.read.feeds import Entry, entry_draft, feed_entries, is_feed, is_sitemap, sitemap_entries
from kgraph.read.fetch import Fetcher, joined, normalised
from kgraph.read.formats import Input, articles, is_known, suffix_of
from kgraph.read.records import Maker
from kgraph.read.settings import Web

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "application/warc": ".warc",
}
_XML = re.compile(r"(?:text|application)/(?:[\w.-]+\+)?xml")
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
_MAX_DEPTH = 2


class WebReader:
    """Reads addresses one after another; none twice."""

    def __init__(self, web: Web, make: Maker) -> None:
        self._web = web
        self._make = make
        self._fetcher = Fetcher(web)
        self._pages = web.pages or _Nothing()
        self._seen: set[str] = set()

    def close(self) -> None:
        """Close the connections."""
        self._fetcher.close()

    def articles(self, url: str, *, fields: dict[str, str] | None = None, depth: int = 0) -> Iterator[Article]:
        """The articles at an address; `fields` is what is known of them, if they do not say so themselves.

        Raises ArticleError where there are none; what cannot be read of many is reported.
        """
        wanted = normalised(url)
        if wanted in self._seen:
            return
        self._seen.add(wanted)
        page = self._fetcher.get(wanted)
        if page.url != wanted and page.url in self._seen:
            return
        self._seen.add(page.url)
        text = _markup(page)
        if text is not None and is_sitemap(text):
            yield from self._sitemap(text, page.url, depth)
        elif text is not None and is_feed(text):
            yield from self._feed(text, page.url)
        else:
            yield from articles(_input(page, fields or {}), self._make)

    def listed(self, lines: Iterable[tuple[str, str]]) -> Iterator[Article]:
        """The articles at addresses of a list, each with the place it stands at; at most `max_pages` are read."""
        yield from self._all((Entry(url), where) for where, url in lines)

    def _feed(self, text: str, url: str) -> Iterator[Article]:
        """The pages that a feed links to; an entry without link is an article itself."""
        entries = each_elsewhere(partial(feed_entries, url=url), text, url, where=url)
        yield from self._all((entry, url) for entry in entries)

    def _sitemap(self, text: str, url: str, depth: int) -> Iterator[Article]:
        if depth > _MAX_DEPTH:
            raise ArticleError(url, "is a site map that is nested too deep")
        host = urlsplit(url).hostname
        entries = list(each_elsewhere(sitemap_entries, text, url, where=url))
        own = [entry for entry in entries if _host(url, entry) == host]
        if len(own) < len(entries):
            self._make.report(ArticleError(url, f"lists {len(entries) - len(own)} pages of other sites; left out"))
        yield from self._all(((entry, url) for entry in own), depth=depth + 1)

    def _all(self, entries: Iterable[tuple[Entry, str]], *, depth: int = 0) -> Iterator[Article]:
        """The articles of entries; a fault in one is reported, and the others go on."""
        number = 0
        for entry, where in entries:
            address = _address(where, entry)
            if address and self._pages.known(address):
                continue
            number += 1
            if number > self._web.max_pages:
                what = f"lists more than {self._web.max_pages:,} pages; the rest is left out; --max-pages allows more"
                self._make.report(ArticleError(where, what))
                return
            try:
                if entry.url is not None:
                    yield from self.articles(joined(where, entry.url), fields=entry.fields, depth=depth)
                elif entry.html:
                    draft = elsewhere(entry_draft, entry, where=where)
                    yield self._make.from_draft(f"{where}#{digest(repr(draft.pieces))}", draft, where)
            except ArticleError as error:
                if address:
                    self._pages.failed(address)
                self._make.report(error)
            else:
                if address:
                    self._pages.done(address)


class _Nothing:
    """Remembers no page."""

    def known(self, address: str) -> bool:
        return False

    def done(self, address: str) -> None:
        pass

    def failed(self, address: str) -> None:
        pass


def _address(base: str, entry: Entry) -> str:
    """The address of an entry's page; empty where it has none, or one that is none, or that of another site map."""
    try:
        return normalised(joined(base, entry.url)) if entry.url and not entry.deeper else ""
    except ArticleError:
        return ""


def _host(base: str, entry: Entry) -> str | None:
    """The host of an entry's address; None where that is no address."""
    try:
        return urlsplit(joined(base, entry.url or "")).hostname
    except (ArticleError, ValueError):
        return None


def _input(page: Fetched, fields: dict[str, str]) -> Input:
    """A page as something to be read, called after its address."""
    path = urlsplit(page.url).path
    named = suffix_of(path) if is_known(path) else ""
    kind = _KINDS.get(page.kind, named if page.kind in _UNSAID else "")
    if kind in (".txt", ".json", ".gz") and named:
        kind = named  # servers know JSON Lines, Markdown and what is packed by no name of their own
    if _XML.fullmatch(page.kind) and not kind:
        kind = ".xml"
    if not kind:
        raise ArticleError(page.url, f"is {page.kind or 'of no kind that its server names'}, which is not read")
    raw: Any = io.BytesIO(page.data)
    name = path.rpartition("/")[2] if kind == named else f"page{kind}"
    return Input(
        page.url, name, io.BufferedReader(raw), url=page.url, charset=page.charset, fields=fields, identity=page.url
    )


def _markup(page: Fetched) -> str | None:
    """The text of a page that may be a feed or a site map, packed or not."""
    data = page.data
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(data)) as file:
                data = file.read(8 * len(data) + 2**20)
        except (OSError, EOFError, zlib.error):
            return None
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return decode_markup(data, page.url, charset=page.charset)
    except ArticleError:
        return None
