"""What agencies deliver: NewsML-G2 messages and NITF articles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgraph.errors import ArticleError
from kgraph.model import BlockKind
from kgraph.read.compose import Draft, Piece
from kgraph.read.xml import local_name, parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEADLINES = {"hl1": BlockKind.TITLE, "hl2": BlockKind.HEADING}
_HTML_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PARAGRAPHS = {"p", "li", "blockquote", "dt", "dd", "pre"}
_UNREAD = {
    "head",
    "media",
    "figure",
    "table",
    "script",
    "style",
    "byline",
    "tagline",
    "copyrite",
    "bibliography",
    "series",
}


def messages(text: str, where: str) -> Iterator[tuple[str | None, Draft]]:
    """The articles in a message with the ids that the agency gives them: one of NITF, any number of NewsML-G2.

    Pictures, packages and other items without text are left out; the fields are `title`, `date`, `lang`, `publisher`.

    Raises ArticleError for XML that is none, unsafe, of another kind, or without any article; MissingExtra.
    """
    root = parse_xml(text, where, extra="agencies")
    kind = local_name(root)
    if kind == "nitf":
        yield _nitf(root)
        return
    if kind not in ("newsItem", "newsMessage", "itemSet"):
        raise ArticleError(
            where, f"is XML of a kind that kgraph does not read: <{kind}>; it reads RSS, Atom, NewsML-G2, NITF"
        )
    found = False
    for item in [root] if kind == "newsItem" else _all(root, "newsItem"):
        draft = _item(item)
        if draft.pieces:
            found = True
            yield item.get("guid"), draft
    if not found:
        raise ArticleError(where, "holds no item with a text")


def _item(item: Element) -> Draft:
    """What a newsItem says: its metadata, and its text from NITF or XHTML inside it."""
    meta = next(_all(item, "contentMeta"), None)
    about = {
        "title": _first(meta, "headline"),
        "lang": _attribute(meta, "language", "tag"),
        "date": _first(meta, "contentModified") or _first(meta, "contentCreated") or _first(item, "versionCreated"),
        "publisher": _publisher(item),
    }
    inner = next((each for name in ("nitf", "html") for each in _all(item, name)), None)
    pieces: list[Piece] = []
    if inner is not None and local_name(inner) == "nitf":
        _, draft = _nitf(inner)
        pieces, about = list(draft.pieces), {**draft.fields, **{name: value for name, value in about.items() if value}}
    elif inner is not None:
        pieces = list(_html(inner))
    else:
        plain = next(_all(item, "inlineData"), None)
        paragraphs = _words(plain).split("\n\n") if plain is not None else []
        pieces = [Piece(BlockKind.PARAGRAPH, words) for words in paragraphs if words.strip()]
    if pieces and about.get("title") and not any(piece.kind is BlockKind.TITLE for piece in pieces):
        pieces.insert(0, Piece(BlockKind.TITLE, about["title"] or ""))
    return Draft(tuple(pieces), {name: " ".join(value.split()) for name, value in about.items() if value})


def _nitf(root: Element) -> tuple[str | None, Draft]:
    """An article in NITF: headlines, dateline, paragraphs; credits and bylines are not its text."""
    pieces: list[Piece] = []
    head = next(_all(root, "body.head"), None)
    for element in head.iter() if head is not None else ():
        name = local_name(element)
        if name in _HEADLINES:
            pieces.append(Piece(_HEADLINES[name], _words(element)))
        elif name == "dateline":
            pieces.append(Piece(BlockKind.DATELINE, _words(element)))
        elif name == "abstract":
            pieces.extend(_html(element))
    body = next(_all(root, "body.content"), None)
    pieces.extend(_html(body) if body is not None else ())
    fields = {
        "title": _first(root, "hl1") or _first(root, "title"),
        "date": _attribute(root, "date.issue", "norm") or _attribute(root, "story.date", "norm"),
        "publisher": _attribute(root, "doc.copyright", "holder"),
        "lang": root.get("{http://www.w3.org/XML/1998/namespace}lang"),
    }
    given = {name: " ".join(value.split()) for name, value in fields.items() if value}
    if given.get("date"):
        given["date"] = _day(given["date"])
    return _attribute(root, "doc-id", "id-string"), Draft(tuple(pieces), given)


def _html(element: Element) -> Iterator[Piece]:
    """Headings and paragraphs of marked-up content. Its depth is bounded by `parse_xml`."""
    for child in element:
        name = local_name(child)
        if name in _UNREAD:
            continue
        if name in _HTML_HEADINGS or name in _HEADLINES:
            yield Piece(BlockKind.TITLE if name in ("h1", "hl1") else BlockKind.HEADING, _words(child))
        elif name in _PARAGRAPHS and not any(local_name(each) in _PARAGRAPHS for each in child):
            yield Piece(BlockKind.PARAGRAPH, _words(child))
        else:
            yield from _html(child)


def _words(element: Element) -> str:
    """All text of an element; a line break in the markup is one in the text."""
    parts: list[str] = []
    for each in element.iter():
        if local_name(each) == "br":
            parts.append("\n")
        parts.append(each.text or "")
    if len(element) == 0:
        return "".join(parts)
    return "".join(_flow(element))


def _flow(element: Element) -> Iterator[str]:
    yield " ".join((element.text or "").split("\n"))
    for child in element:
        if local_name(child) == "br":
            yield "\n"
        yield from _flow(child)
        yield " ".join((child.tail or "").split("\n"))


def _all(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if local_name(each) == name)


def _first(element: Element | None, name: str) -> str | None:
    found = next(_all(element, name), None) if element is not None else None
    return _words(found).strip() or None if found is not None else None


def _attribute(element: Element | None, name: str, attribute: str) -> str | None:
    found = (each.get(attribute) for each in _all(element, name)) if element is not None else ()
    return next((value for value in found if value), None)


def _publisher(item: Element) -> str | None:
    """The copyright holder, or else the provider, by name."""
    for name in ("copyrightHolder", "provider"):
        for holder in _all(item, name):
            if said := _first(holder, "name") or holder.get("literal"):
                return said
    return None


def _day(value: str) -> str:
    """NITF writes 20260409T100000+0200 where others write 2026-04-09."""
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}" if value[:8].isdigit() else value
