"""Markdown is taken apart: front matter, headings, lists, quotations; the marks inside a paragraph stay in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kgraph.model import Block, BlockKind
from kgraph.read.dates import parse_date
from kgraph.read.layout import Copy, Layout, layout_of
from kgraph.read.lines import Line, lines_of

_FRONT = re.compile(r"\s*---[ \t]*\r?\n(?P<fields>.*?)(?:\r?\n)?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t\r]*$", re.MULTILINE)
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<words>.*?)(?:[ \t]+#+)?$")
_RULE = re.compile(r"(?:[-*_=][ \t]*){3,}$|=+$|--+$")
_FENCE = re.compile(r"(?:```|~~~)")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)$|\[[^\]]+\]:\s*\S+.*$|<!--.*-->$|<[^>]+>$|\|.*\|$")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+|(?:>[ \t]?)+")
_MARKS = re.compile(r"(?:\*{1,3}|_{1,3})(?=\w)")


def segment_markdown(text: str) -> tuple[Layout, dict[str, str]]:
    """The layout of a Markdown text, and the plain `name: value` fields of its front matter in lower case."""
    front = _FRONT.match(text)
    fields = _fields(front["fields"]) if front else {}
    blocks: list[Block] = []
    if front:
        start = front.start() + len(front[0]) - len(front[0].lstrip())
        blocks.append(Block(BlockKind.META, start, front.end()))
    body = [line for line in lines_of(text) if not front or line.start >= front.end()]
    blocks.extend(_Body(text).blocks(body))
    layout = layout_of(text, blocks, _published(fields))
    return Layout(layout.blocks, fields.get("title") or layout.title, layout.published), fields


class _Body:
    """The lines of a Markdown text on their way into blocks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._copy = Copy(text)
        self._titled = False

    def blocks(self, lines: list[Line]) -> Iterator[Block]:
        open_lines: list[Line] = []
        fenced = False
        for place, line in enumerate(lines):
            words = self._text[line.start : line.end]
            fence = bool(_FENCE.match(words))
            alone = fence or fenced or self._is_mark(words) or self._is_underlined(lines, place)
            if alone or line.gap or _ITEM.match(words):
                yield from self._paragraph(open_lines)
                open_lines = []
            if fence:
                fenced = not fenced
            if not alone:
                open_lines.append(line)
            elif fence or fenced:
                yield Block(BlockKind.META, line.start, line.end)
            else:
                yield from self._mark(line, words)
        yield from self._paragraph(open_lines)

    def _is_underlined(self, lines: list[Line], place: int) -> bool:
        """True for a heading that is marked by the line below it."""
        if place + 1 == len(lines) or lines[place + 1].gap or not lines[place].gap:
            return False
        below = self._text[lines[place + 1].start : lines[place + 1].end]
        return re.fullmatch(r"=+|-+", below) is not None

    def _is_mark(self, words: str) -> bool:
        return any(form.match(words) for form in (_HEADING, _RULE, _IMAGE))

    def _mark(self, line: Line, words: str) -> Iterator[Block]:
        heading = _HEADING.match(words)
        if _IMAGE.match(words):
            yield Block(BlockKind.META, line.start, line.end)
        elif heading or not _RULE.match(words):
            start, end = heading.span("words") if heading else (0, len(words))
            kind = BlockKind.HEADING if self._titled else BlockKind.TITLE
            self._titled = True
            if start < end:
                yield Block(kind, line.start + start, line.start + end)

    def _paragraph(self, lines: list[Line]) -> Iterator[Block]:
        if not lines:
            return
        start, end = lines[0].start, lines[-1].end
        item = _ITEM.match(self._text, start, end)
        start = item.end() if item else start
        emphasis = _MARKS.match(self._text, start, end)
        start = emphasis.end() if emphasis else start
        if start < end:
            self._titled = True
            yield from self._copy.paragraph(start, end)


def _fields(front: str) -> dict[str, str]:
    return {field["name"].lower(): field["value"].strip("\"'") for field in _FIELD.finditer(front) if field["value"]}


def _published(fields: dict[str, str]) -> date | None:
    return next((day for name in ("date", "published") if (day := parse_date(fields.get(name, "")))), None)
