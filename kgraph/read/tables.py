"""Files with many articles: JSON Lines, JSON, CSV. They are read one record at a time, whatever their size."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from kgraph.errors import ArticleError
from kgraph.read.decode import MAX_BYTES, decode_line, encoding_mark
from kgraph.read.records import Maker

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 256 * 1024
_SNIFFED = 64 * 1024
_MARKS = "is a quotation mark missing, or one inside a cell not written twice?"
_DELIMITERS = ",;\t|"
_SPACE = " \t\r\n"
_CARRIAGE = re.compile(r"(?<=\r)(?!\n|$)")  # ends a line on its own, as old programs write it


def json_lines(stream: io.BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Numbers, from 1, and bytes of the lines that are not blank; none is longer than an article may be, plus one."""
    for number, line in enumerate(_lines(_in_utf8(stream)), 1):
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
    cells is reported, and the others go on; so do those that a stray quotation mark has swallowed.

    Raises ArticleError for a file without header, or without the column of the text.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    delimiter = _delimiter(stream.peek(_SNIFFED)[:_SNIFFED], where)
    feed = _Feed(_csv_lines(stream))
    rows = csv.reader(feed, delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise ArticleError(f"{where}:1", f"is not CSV: {error}; {_MARKS}") from error
    wanted = make.columns.get("text", "text")
    if wanted not in header:
        names = ", ".join(repr(name) for name in header[:20])
        raise ArticleError(f"{where}:1", f"has no column {wanted!r} but {names or 'none'}; say --columns text=NAME")
    broken = False
    while (line := feed.next_row()) is not None:
        try:
            row = next(rows)
        except csv.Error as error:
            feed.again()
            broken = True
            make.report(ArticleError(f"{where}:{line}", f"is not CSV: {error}; {_MARKS}"))
            continue
        if len(row) == len(header):
            broken = False
            yield line, dict(zip(header, row, strict=True))
        elif row and not broken:  # else it is a line of the broken one
            make.report(ArticleError(f"{where}:{line}", f"has {len(row)} cells where the header has {len(header)}"))


class _Feed:
    """Gives the lines of a file to a reader of CSV, and again those that a stray quotation mark has swallowed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._number += 1
        self._row.append(line)
        return line

    def next_row(self) -> int | None:
        """The number of the line that the next row starts on; None at the end."""
        self._row.clear()
        if not self._again:
            self._again.extend(islice(self._lines, 1))
        return self._number + 1 if self._again else None

    def again(self) -> None:
        """Have the lines of this row come again, but for the first."""
        others = self._row[1:]
        self._again.extendleft(reversed(others))
        self._number -= len(others)


def _delimiter(head: bytes, where: str) -> str:
    mark, encoding = encoding_mark(head)
    first = head[mark:].decode(encoding, "replace").lstrip("\r\n").split("\n", 1)[0]
    if not first.strip():
        raise ArticleError(where, "is empty")
    return max(_DELIMITERS, key=first.count)


def _csv_lines(stream: io.BufferedReader) -> Iterator[str]:
    """The lines with their ends; each is UTF-8 or else Windows-1252, so that one bad cell costs one cell."""
    for line in _lines(_in_utf8(stream)):
        yield from _CARRIAGE.split(decode_line(line))


def _in_utf8(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream behind its byte order mark, in UTF-8 where that says something else."""
    mark, encoding = encoding_mark(stream.peek(4)[:4])
    stream.read(mark)
    if encoding == "utf-8":
        return stream
    recoded: Any = _Recoded(stream, encoding)
    return io.BufferedReader(recoded, _CHUNK)


class _Recoded(io.RawIOBase):
    """A stream of text in UTF-8, whatever it was in; what is no text becomes a replacement character."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._left:
            data = self._stream.read(_CHUNK)
            self._left = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            if not data:
                break
        given, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(given)] = given
        return len(given)
