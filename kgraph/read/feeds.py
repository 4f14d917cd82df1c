"""RSS and Atom feeds and site maps: what they list, and what they say of it."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import BlockKind
from kgraph.read.compose import Draft, Piece
from kgraph.read.html import fragment
from kgraph.read.xml import local_name, parse_xml

_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_SITEMAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_HEAD = 4096
MAX_ENTRIES = 50_000  # what the protocol of site maps allows in one


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed or site map: where its article is, what is known of it, and its own text as HTML, if any.

    `deeper` is True for a site map in a site map.
    """

    url: str | None
    fields: dict[str, str] = field(default_factory=dict)
    html: str = ""
    deeper: bool = False


def is_feed(text: str) -> bool:
    """True for text that begins like a feed."""
    return _begins(text, _FEED)


def is_sitemap(text: str) -> bool:
    """True for text that begins like a site map."""
    return _begins(text, _SITEMAP)


def feed_entries(text: str, where: str, *, url: str | None = None) -> Iterator[Entry]:
    """The entries of a feed, broken or not, in its order; `url` is what links are relative to.

    Raises ArticleError for a feed that declares entities (they are how small files become large), MissingExtra.
    """
    if "<!entity" in text.lower():
        raise ArticleError(where, "declares entities of its own, which are not read")
    try:
        import feedparser
    except ImportError as error:
        raise MissingExtra("reading feeds", "web") from error
    headers = {"content-type": "application/xml; charset=utf-8", **({"content-location": url} if url else {})}
    try:
        feed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers, sanitize_html=False
        )
    except Exception as error:
        raise ArticleError(where, f"is a feed that cannot be taken apart: {type(error).__name__}: {error}") from error
    if not feed.entries:
        raise ArticleError(where, f"is a feed that lists nothing{_fault(feed)}")
    publisher = feed.feed.get("title")
    for entry in feed.entries[:MAX_ENTRIES]:
        title = " ".join(fragment(entry.get("title") or ""))
        fields = {"title": title, "date": _day(entry), "publisher": publisher}
        known = {name: value for name, value in fields.items() if isinstance(value, str) and value}
        yield Entry(entry.get("link"), known, _longest(entry))


def entry_draft(entry: Entry) -> Draft:
    """The text that an entry carries itself, under its title. Raises MissingExtra."""
    title = entry.fields.get("title")
    headline = [Piece(BlockKind.TITLE, title)] if title else []
    body = [Piece(BlockKind.PARAGRAPH, words) for words in fragment(entry.html)]
    return Draft((*headline, *body), {**entry.fields, **({"url": entry.url} if entry.url else {})})


def sitemap_entries(text: str, where: str) -> Iterator[Entry]:
    """The addresses in a site map, or those of the site maps in it. Raises ArticleError for XML that is none, or unsafe."""
    root = parse_xml(text, where)
    if not len(root):
        raise ArticleError(where, "is a site map that lists nothing")
    deeper = local_name(root) == "sitemapindex"
    for number, element in enumerate(root):
        if number >= MAX_ENTRIES:
            return
        said = {local_name(each): (each.text or "").strip() for each in element.iter()}
        fields = {"title": said.get("title"), "date": said.get("publication_date"), "publisher": said.get("name")}
        if said.get("loc"):
            yield Entry(said["loc"], {name: value for name, value in fields.items() if value}, deeper=deeper)


def _begins(text: str, form: re.Pattern[str]) -> bool:
    head = re.sub(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", "", text[:_HEAD], flags=re.DOTALL).lstrip(
        "\ufeff \t\r\n"
    )
    return form.match(head) is not None


def _fault(feed: Any) -> str:
    """What is wrong with a feed that cannot be read as XML."""
    return f" (it is no XML: {feed.get('bozo_exception')})" if feed.get("bozo") else ""


def _day(entry: Any) -> str | None:
    """The day of an entry as it writes it; feedparser knows forms that are rarer."""
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    if isinstance(parsed, time.struct_time):
        return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
    said = entry.get("published") or entry.get("updated")
    return said if isinstance(said, str) else None


def _longest(entry: Any) -> str:
    """The longest text that the entry carries."""
    texts = [each.get("value") or "" for each in entry.get("content", [])]
    return max([*texts, entry.get("summary") or ""], key=len)
