"""Files with many articles: JSON Lines, JSON, CSV. They are read one record at a time, whatever their size."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from kgraph.errors import ArticleError
from kgraph.read.decode import MAX_BYTES, decode_line, encoding_mark
from kgraph.read.records import Maker

_CHUNK = 256 * 1024
_SNIFFED = 64 * 1024
_DELIMITERS = ",;\t|"
_SPACE = " \t\r\n"


def json_lines(stream: io.BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Numbers, from 1, and bytes of the lines that are not blank; none is longer than an article may be, plus one."""
    for number, line in enumerate(_lines(stream), 1):
        if line.strip():
            yield number, line


def _lines(stream: io.BufferedReader) -> Iterator[bytes]:
    while line := stream.readline(MAX_BYTES + 1):
        yield line
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):  # the rest of a line that is too long is dropped with it
                line = stream.readline(MAX_BYTES)


def json_values(stream: io.BufferedReader, where: str) -> Iterator[tuple[int, Any]]:
    """The articles of a JSON file and the lines they start on: the elements of its list, or its one object.

    An object that has a list of objects and is no article itself (`{"articles": […]}`) stands for that list. A list is
    read element by element.

    Raises ArticleError, with the line, where the file stops being JSON; nothing behind that can be trusted.
    """
    text = _Text(stream, where)
    if text.peek() == "[":
        text.take()
        yield from _elements(text, where)
    else:
        line, value = text.value()
        rest = text.peek()
        if rest:
            hint = (
                "a file with an object on each line is called .jsonl" if rest == "{" else "nothing may follow the value"
            )
            raise ArticleError(f"{where}:{text.line}", f"is not JSON: {hint}")
        nested = _nested(value)
        yield from ((line, each) for each in nested) if nested is not None else [(line, value)]


def _elements(text: _Text, where: str) -> Iterator[tuple[int, Any]]:
    if text.peek() == "]":
        return
    while True:
        yield text.value()
        following = text.peek()
        if following == "]":
            return
        if following != ",":
            what = f"has {following!r}" if following else "ends"
            raise ArticleError(f"{where}:{text.line}", f"is not JSON: it {what} where a comma or a bracket should be")
        text.take()


def _nested(value: Any) -> list[Any] | None:
    """The list of objects in an object that holds exactly one."""
    if not isinstance(value, dict) or isinstance(value.get("text"), str):
        return None
    lists = [each for each in value.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
    return lists[0] if len(lists) == 1 else None


class _Text:
    """A stream of JSON in a window that moves; knows the line it is at."""

    def __init__(self, stream: io.BufferedReader, where: str) -> None:
        self._where = where
        self._line = 1
        mark, encoding = encoding_mark(stream.peek(4)[:4])
        stream.read(mark)
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._json = json.JSONDecoder()
        self._window = ""
        self._at = 0
        self._ended = False

    @property
    def line(self) -> int:
        """The number of the line, from 1."""
        return self._line + self._window.count("\n", 0, self._at)

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            while self._at < len(self._window) and self._window[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._window) or not self._more(_CHUNK):
                return self._window[self._at : self._at + 1]

    def take(self) -> None:
        """Go on by one character."""
        self._at += 1

    def value(self) -> tuple[int, Any]:
        """The next value and the line it starts on. Raises ArticleError where it is none, or too large."""
        self.peek()
        self._forget()
        line, size = self.line, _CHUNK
        while True:
            try:
                value, end = self._json.raw_decode(self._window)
            except RecursionError as error:
                raise ArticleError(
                    f"{self._where}:{line}", "is not JSON that can be read: it is nested too deep"
                ) from error
            except ValueError as error:
                if self._more(size):
                    size *= 2  # so that a large value is not tried over and over
                    continue
                place = f"{self._where}:{line + getattr(error, 'lineno', 1) - 1}"
                raise ArticleError(place, f"is not JSON: {getattr(error, 'msg', error)}") from error
            if end < len(self._window) or not self._more(_CHUNK):  # a number may go on
                self._at = end
                return line, value

    def _forget(self) -> None:
        self._line = self.line
        self._window, self._at = self._window[self._at :], 0

    def _more(self, size: int) -> bool:
        if self._ended:
            return False
        if self._at == 0 and len(self._window) > MAX_BYTES:
            raise ArticleError(
                f"{self._where}:{self.line}", f"has a value larger than {MAX_BYTES // 2**20} MB; write JSON Lines"
            )
        if self._at:
            self._forget()
        data = self._stream.read(size)
        self._ended = not data
        try:
            self._window += self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            line = self._line + self._window.count("\n") + data[: error.start].count(b"\n")
            raise ArticleError(f"{self._where}:{line}", "is not UTF-8; convert it, for instance with iconv") from error
        return True


def csv_rows(stream: io.BufferedReader, where: str, make: Maker) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file as mappings from column to cell, and the lines they start on.

    The first line names the columns; comma, semicolon, tab or bar stand between cells. A row with another number of
    cells is reported, and the others go on.

    Raises ArticleError for a file without header, or without the column of the text.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    delimiter = _delimiter(stream.peek(_SNIFFED)[:_SNIFFED], where)
    reader = csv.reader(_csv_lines(stream), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise ArticleError(f"{where}:1", f"is not CSV: {error}; is a quotation mark missing?") from error
    wanted = make.columns.get("text", "text")
    if wanted not in header:
        names = ", ".join(repr(name) for name in header[:20])
        raise ArticleError(f"{where}:1", f"has no column {wanted!r} but {names or 'none'}; say --columns text=NAME")
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            make.report(ArticleError(f"{where}:{line}", f"is not CSV: {error}; is a quotation mark missing?"))
            continue
        if len(row) == len(header):
            yield line, dict(zip(header, row, strict=True))
        elif row:
            make.report(ArticleError(f"{where}:{line}", f"has {len(row)} cells where the header has {len(header)}"))


def _delimiter(head: bytes, where: str) -> str:
    mark, encoding = encoding_mark(head)
    first = head[mark:].decode(encoding, "replace").lstrip("\r\n").split("\n", 1)[0]
    if not first.strip():
        raise ArticleError(where, "is empty")
    return max(_DELIMITERS, key=first.count)


def _csv_lines(stream: io.BufferedReader) -> Iterator[str]:
    """The lines with their ends; each is UTF-8 or else Windows-1252, so that one bad cell costs one cell."""
    mark, encoding = encoding_mark(stream.peek(4)[:4])
    stream.read(mark)
    if encoding == "utf-8":
        yield from (decode_line(line) for line in _lines(stream))
    else:
        yield from codecs.getreader(encoding)(stream, "replace")
