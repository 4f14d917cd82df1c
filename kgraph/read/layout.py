"""Plain newspaper copy is taken apart: what is headline, prose, caption, dateline or credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kgraph.model import Block, BlockKind
from kgraph.read import agency
from kgraph.read.dates import find_date, leading_date
from kgraph.read.lines import Line, Unit, lines_of, units_of

_LABEL = re.compile(r"(?:date|datum|stand|published|veröffentlicht)(?:\s+(?:am|on))?\s*:?\s+", re.IGNORECASE)
_ENDS = ".!?…"
_CLOSERS = "\"'“”«»‘’›‹)]*_"
_MAX_TITLE = 200
_MAX_HEADING = 110
_MAX_CROWDED_HEADING = 80
_MAX_KICKER = 60
_MAX_CAPTION = 500
_INNER_DATELINE = 300
_BARE_DATELINES = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text, and what the text itself says about its title and date."""

    blocks: tuple[Block, ...]
    title: str | None = None
    published: date | None = None


def segment(text: str) -> Layout:
    """Take plain agency or newspaper copy apart into blocks, which are in order and never overlap."""
    lines = lines_of(text)
    head, published, rest = _date_line(text, lines)
    blocks = [
        *head,
        *Copy(text, kicker=any(block.kind is BlockKind.KICKER for block in head)).blocks(units_of(text, rest)),
    ]
    return layout_of(text, blocks, published)


def layout_of(text: str, blocks: list[Block], published: date | None) -> Layout:
    """Gather blocks into a layout; the title and, failing a date line, the date of a credit are read from them."""
    words = {
        kind: [text[b.start : b.end] for b in blocks if b.kind is kind] for kind in (BlockKind.TITLE, BlockKind.CREDIT)
    }
    title = next((" ".join(title.split()) for title in words[BlockKind.TITLE]), None)
    signed = next((day for credit in reversed(words[BlockKind.CREDIT]) if (day := find_date(credit))), None)
    return Layout(tuple(blocks), title, published or signed)


class Copy:
    """One text on its way into blocks: remembers whether title, dateline and body have been seen."""

    def __init__(self, text: str, *, kicker: bool = False) -> None:
        self._text = text
        self._kicker = kicker
        self._titled = False
        self._paragraphs = 0
        self._dated = False

    def blocks(self, units: list[Unit]) -> Iterator[Block]:
        """The blocks of paragraphs in the order of the text."""
        for place, unit in enumerate(units):
            following = units[place + 1] if place + 1 < len(units) else None
            words = self._words(unit.start, unit.end)
            if agency.is_credit_line(words):
                yield Block(BlockKind.CREDIT, unit.start, unit.end)
            elif not any(char.isalpha() for char in words):
                yield Block(BlockKind.META, unit.start, unit.end)
            elif kind := self._headline(unit, words, following):
                self._titled = self._titled or kind is BlockKind.TITLE
                self._kicker = self._kicker or kind is BlockKind.KICKER
                yield Block(kind, unit.start, unit.end)
            else:
                yield from self.paragraph(unit.start, unit.end)

    def paragraph(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of one paragraph: its dateline, prose, caption and credits."""
        rest = start
        for credit, after in agency.inner_credits(self._words(start, end)):
            if start + after < end:
                yield from self._prose(rest, start + credit, caption=True)
                yield from self._block(BlockKind.CREDIT, start + credit, start + after)
                rest = start + after
        start, end = self._trimmed(rest, end)
        credit = start + agency.trailing_credit(self._words(start, end))
        if credit < end:
            yield from self._prose(start, credit, caption=True)
        else:
            credit = start + agency.trailing_signature(self._words(start, end))
            yield from self._body(start, credit)
        yield from self._block(BlockKind.CREDIT, credit, end)

    def _body(self, start: int, end: int) -> Iterator[Block]:
        """A paragraph without its credits: a headline run into it, its dateline, its prose."""
        words = self._words(start, end)
        bare = not self._dated and self._paragraphs < _BARE_DATELINES
        length = agency.dateline(words, bare=bare)
        inner = None if length or not bare else agency.inner_dateline(words, _INNER_DATELINE)
        if inner:
            kind = BlockKind.PARAGRAPH if self._titled or self._paragraphs else BlockKind.TITLE
            self._titled = True
            yield from self._block(kind, start, start + inner[0])
            start, length = start + inner[0], inner[1] - inner[0]
        if length:
            self._dated = True
            yield from self._block(BlockKind.DATELINE, start, start + length)
        yield from self._prose(start + length, end, caption=False)

    def _prose(self, start: int, end: int, *, caption: bool) -> Iterator[Block]:
        if caption and end - start <= _MAX_CAPTION:
            yield from self._block(BlockKind.CAPTION, start, end)
        else:
            self._paragraphs += 1
            yield from self._block(BlockKind.PARAGRAPH, start, end)

    def _headline(self, unit: Unit, words: str, following: Unit | None) -> BlockKind | None:
        """Title, kicker or heading, or None for anything that reads like a paragraph."""
        if following is None or unit.lines > 1 or not _may_head(words):
            return None
        if self._titled or self._paragraphs:
            limit = _MAX_HEADING if unit.alone else _MAX_CROWDED_HEADING
            return BlockKind.HEADING if len(words) <= limit and not words.endswith((":", ",", ";")) else None
        next_words = self._words(following.start, following.end)
        opens = not self._kicker and len(words) <= _MAX_KICKER and following.lines == 1 and len(words) < len(next_words)
        if opens and len(next_words) <= _MAX_TITLE and _may_head(next_words):
            return BlockKind.KICKER
        return BlockKind.TITLE if len(words) <= _MAX_TITLE else None

    def _block(self, kind: BlockKind, start: int, end: int) -> Iterator[Block]:
        start, end = self._trimmed(start, end)
        if start < end:
            yield Block(kind, start, end)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        words = self._text[start:end]
        return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))

    def _words(self, start: int, end: int) -> str:
        return self._text[start:end]


def _date_line(text: str, lines: list[Line]) -> tuple[list[Block], date | None, list[Line]]:
    """The first line where it gives the date, perhaps with a kicker: its blocks, the date, and the other lines."""
    if not lines:
        return [], None, lines
    first = lines[0]
    words = text[first.start : first.end]
    label = _LABEL.match(words)
    dated = leading_date(words[label.end() :] if label else words)
    if dated is None:
        return [], None, lines
    day, length = dated
    length += label.end() if label else 0
    rest = words[length:].lstrip(" \t|·–-")
    if rest and not (label or re.match(r"\s*\d{4}-", words)):
        return [], None, lines
    if len(rest) > _MAX_KICKER or _is_sentence(rest):
        return [], day if label else None, lines
    split = first.end - len(rest)
    date_end = first.start + len(text[first.start : split].rstrip(" \t|·–-"))
    blocks = [Block(BlockKind.META, first.start, date_end)]
    if rest:
        blocks.append(Block(BlockKind.KICKER, split, first.end))
    return blocks, day, lines[1:]


def _is_sentence(words: str) -> bool:
    """True where the words end like a sentence of prose; a headline may end with ? or !."""
    bare = words.rstrip(_CLOSERS)
    return bare.endswith((".", "…")) or (bare.endswith(tuple(_ENDS)) and len(words) > _MAX_HEADING)


def _may_head(words: str) -> bool:
    """False where a full stop, a dateline, a credit or a signature shows that the words are a paragraph."""
    ends = agency.trailing_credit(words), agency.trailing_signature(words)
    return not _is_sentence(words) and min(ends) == len(words) and not agency.dateline(words, bare=False)
