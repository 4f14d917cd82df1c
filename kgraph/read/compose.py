"""Pieces of a page, a document or a message become one text with blocks; the offsets are those of that text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kgraph.model import Block, BlockKind
from kgraph.read import agency
from kgraph.read.layout import Copy, Layout, layout_of

_GAP = "\n\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ufffe\uffff\ud800-\udfff]+")
_BLANK = re.compile(r"[^\S\n]+")
_BREAK = re.compile(r" ?\n[ \n]*")
_ENDS = (".", "!", "?", "…", ":", "“", "”", '"', "»", "«")
_MAX_KICKER = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind, as its source had it."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a source says of one article: its pieces in order, and its fields by the names that records have."""

    pieces: tuple[Piece, ...]
    fields: dict[str, str] = field(default_factory=dict)


def compose(pieces: Iterable[Piece]) -> tuple[str, Layout]:
    """The text of all pieces, a blank line between them, and its layout.

    White space is evened out, and what no file of text can hold (zero bytes, other control characters) is left out.
    Paragraphs are searched for datelines, credits and signatures as plain copy is.
    """
    kept = [Piece(piece.kind, words) for piece in pieces if (words := tidy(piece.text))]
    kept = list(_with_kicker(kept))
    text = _GAP.join(piece.text for piece in kept)
    copy, blocks, start = Copy(text), [], 0
    for piece in kept:
        end = start + len(piece.text)
        if piece.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION) and agency.is_credit_line(piece.text):
            blocks.append(Block(BlockKind.CREDIT, start, end))
        elif piece.kind is BlockKind.PARAGRAPH:
            blocks.extend(copy.paragraph(start, end))
        else:
            blocks.append(Block(piece.kind, start, end))
        start = end + len(_GAP)
    return text, layout_of(text, blocks, None)


def tidy(text: str) -> str:
    """The text without control characters, without white space at its ends, and with no more than one blank inside."""
    evened = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BREAK.sub("\n", _BLANK.sub(" ", evened)).strip()


def _with_kicker(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces; a few words above the title that are no sentence are its kicker."""
    for place, piece in enumerate(pieces):
        above = place + 1 < len(pieces) and pieces[place + 1].kind is BlockKind.TITLE
        short = len(piece.text) <= _MAX_KICKER and not piece.text.endswith(_ENDS)
        is_kicker = above and short and piece.kind is BlockKind.PARAGRAPH
        yield Piece(BlockKind.KICKER, piece.text) if is_kicker else piece
