"""Saved and fetched web pages: main text, title, date, publisher, canonical address and language."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import BlockKind
from kgraph.read.compose import Draft, Piece, tidy

_LANGUAGE = re.compile(r"<html\b[^>]{0,2000}?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_PARAGRAPHS = {"p", "item", "cell", "ab", "code"}
_HEAD_SAMPLE = 20_000
_MAX_TITLE = 300
_MIN_LETTERS = 40  # less is a menu, or a notice that the page has moved
_BREAK = "\u2028"
_PARAGRAPH = "\u2029"
_INLINE = set(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strong sub sup time u var".split()
)
_UNSHOWN = set("figure iframe noscript script style template".split())
_XML_HEAD = re.compile(r"<\?[^<>]*>")


def page(text: str, where: str, *, url: str | None = None) -> Draft:
    """The article on a page of HTML; `url` is where it was found, if it was on the web.

    Menus, comments, tables and what else stands around an article are left out. The fields are `title`, `date`,
    `publisher`, `url` (what the page says its address is) and `declared` (the language that the page claims to be in:
    templates lie, so the text has the first word) and `site` (its host, for want of a publisher).

    Raises ArticleError where there is no article to be found, MissingExtra without `kgraph[web]`.
    """
    found = _extracted(text, where, url)
    title = tidy(found.title or "").replace("\n", " ")[:_MAX_TITLE]
    pieces = list(_pieces(found.body, title)) if found.body is not None else []
    letters = sum(char.isalpha() for piece in pieces for char in piece.text if piece.kind is BlockKind.PARAGRAPH)
    if letters < _MIN_LETTERS:
        raise _nothing(where)
    if title and not any(piece.kind is BlockKind.TITLE for piece in pieces):
        pieces.insert(0, Piece(BlockKind.TITLE, title))
    language = _LANGUAGE.search(text[:_HEAD_SAMPLE])
    fields = {
        "title": title,
        "date": found.date,
        "publisher": found.sitename if not _is_host(found.sitename) else None,
        "site": found.hostname,
        "url": address(found.url),
        "declared": language[1] if language else None,
    }
    return Draft(tuple(pieces), {name: value for name, value in fields.items() if value})


def fragment(markup: str) -> list[str]:
    """The paragraphs of a piece of HTML, all of them: what a feed carries is the article and nothing else."""
    try:
        from lxml import etree, html
    except ImportError as error:
        raise MissingExtra("reading web pages", "web") from error
    try:
        root = html.fromstring(f"<div>{_XML_HEAD.sub('', markup)}</div>")
    except (etree.ParserError, ValueError):
        return []
    words: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            words.append(element.tail or "")
            continue
        shown = element.tag not in _UNSHOWN
        inline = element.tag in _INLINE
        words.append("" if inline else _BREAK if element.tag == "br" else _PARAGRAPH)
        if event == "start":
            words.append(element.text or "" if shown else "")
        elif element is not root:
            words.append(element.tail or "")
    return [flat for part in "".join(words).split(_PARAGRAPH) if (flat := tidy(_flat(part)))]


def address(url: str | None) -> str | None:
    """The address without its fragment, or None for what is none on the web."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return None
    return parts._replace(fragment="").geturl()


def _extracted(text: str, where: str, url: str | None) -> Any:
    """What trafilatura makes of the page: an object with body (a tree), title, date, sitename, url."""
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise MissingExtra("reading web pages", "web") from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it tells is told by the error below
    try:
        found = bare_extraction(text, url=url, include_comments=False, include_tables=False, with_metadata=True)
    except Exception as error:
        raise ArticleError(where, f"is a page that cannot be taken apart: {type(error).__name__}: {error}") from error
    if found is None:
        raise _nothing(where)
    return found


def _nothing(where: str) -> ArticleError:
    return ArticleError(where, "has no article that could be told from menus and notices; save its text as .txt")


def _pieces(body: Any, title: str) -> Iterator[Piece]:
    """The pieces of the body in order; the heading that repeats the title, or else the first at the top, is the title."""
    titled = False
    for kind, words in _walk(body):
        if kind is BlockKind.HEADING and not titled and _same(words, title):
            titled = True
            yield Piece(BlockKind.TITLE, words)
        else:
            yield Piece(kind, words)


def _walk(body: Any) -> Iterator[tuple[BlockKind, str]]:
    """Headings and paragraphs; what stands loose between them is a paragraph, too. Walks without recursion."""
    loose: list[str] = []
    stack: list[tuple[Any, bool]] = [(body, False)]
    while stack:
        element, done = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if done:
            loose.append(element.tail or "")
            continue
        nested = tag in _PARAGRAPHS and any(child.tag in {*_PARAGRAPHS, "head", "list"} for child in element)
        if tag == "head" or (tag in _PARAGRAPHS and not nested):
            yield from _loose(loose)
            yield BlockKind.HEADING if tag == "head" else BlockKind.PARAGRAPH, _words(element)
            loose = [element.tail or ""]
        elif tag == "lb":
            loose.append(_BREAK + (element.tail or ""))
        else:
            if tag not in ("hi", "ref", "del"):
                yield from _loose(loose)
                loose = []
            loose.append(element.text or "" if tag else "")
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
    yield from _loose(loose)


def _loose(words: list[str]) -> Iterator[tuple[BlockKind, str]]:
    joined = _flat("".join(words))
    if any(char.isalnum() for char in joined):
        yield BlockKind.PARAGRAPH, joined


def _words(element: Any) -> str:
    """All text in an element, line breaks included."""
    for node in element.iter("lb"):
        node.text = _BREAK
    return _flat("".join(element.itertext()))


def _flat(text: str) -> str:
    """The text with line ends only where the page breaks a line."""
    return text.replace("\r", " ").replace("\n", " ").replace(_BREAK, "\n")


def _is_host(name: str | None) -> bool:
    """True for a publisher's name that is only the address of the site: trafilatura takes it where there is none."""
    return bool(name) and re.fullmatch(r"[\w.-]+\.[\w-]+(?::\d+)?", name or "") is not None


def _same(heading: str, title: str) -> bool:
    """True where a heading says what the title says, or nearly: titles lose their ends to the site's name."""
    one, other = ("".join(char for char in words.casefold() if char.isalnum()) for words in (heading, title))
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and longer.startswith(shorter) and 2 * len(shorter) >= len(longer)
