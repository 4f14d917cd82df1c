"""Bytes become text, or it is said why not."""

from __future__ import annotations

import codecs
import re

from kgraph.errors import ArticleError

MAX_BYTES = 8 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = re.compile("[\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]+")
_MAX_WESTERN = 0.15


def decode(data: bytes, where: str) -> str:
    """The text of a file, line ends and all as they are.

    A byte order mark says how the file is encoded and is not part of its text. Without one the file is UTF-8, or
    Windows-1252 where it can be nothing else.

    Raises ArticleError for what is empty, too large, or no text.
    """
    if len(data) > MAX_BYTES:
        raise ArticleError(where, f"is larger than {MAX_BYTES // 2**20} MB; split it into articles")
    text = _decoded(data, where)
    if _CONTROL.search(text):
        raise ArticleError(where, "is not text (it holds control characters); give a text file in UTF-8")
    check_text(text, where)
    return text


def check_text(text: str, where: str) -> None:
    """Raises ArticleError for a text that is empty or cannot be written down again as UTF-8."""
    if not text.strip():
        raise ArticleError(where, "is empty")
    if len(text) > MAX_BYTES:
        raise ArticleError(where, f"is longer than {MAX_BYTES // 2**20} million characters; split it into articles")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(where, f"has half a character (a lone surrogate) at offset {error.start}") from error


def _decoded(data: bytes, where: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(where, f"says that it is {encoding} but is not: {error.reason}") from error
    if b"\0" in data:
        raise ArticleError(where, "is not text (it holds zero bytes); give a text file in UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _western(data)
        if text is None:
            raise ArticleError(
                where, f"is not UTF-8 (byte {error.start}); convert it, for instance with iconv"
            ) from error
        return text


def _western(data: bytes) -> str | None:
    """The text in Windows-1252 if that is what it clearly is: Western letters, few of them, no UTF-8 in between."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if any(ord(char) > 127 and char != "\ufffd" for char in data.decode("utf-8", "replace")):
        return None
    western = sum(len(run) for run in _WESTERN.findall(text))
    return text if western <= max(1, len(text) * _MAX_WESTERN) else None
