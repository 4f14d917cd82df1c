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
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_CHARSETS = re.compile(r"utf-?(8|16|32)|iso8859|cp\d|koi8|mac-?|gb|big5|euc|shift_jis|iso2022|tis")
_KINDS = (
    (b"%PDF-", "a PDF", ".pdf"),
    (b"PK\x03\x04", "a ZIP archive or an office document", ".zip or .docx"),
    (b"\x1f\x8b", "compressed by gzip", ".gz"),
    (b"\xfd7zXZ\0", "compressed by xz", ".xz"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", ".zst"),
    (b"PAR1", "a Parquet file", ".parquet"),
)


def decode(data: bytes, where: str) -> str:
    """The text of a file, line ends and all as they are.

    A byte order mark says how the file is encoded and is not part of its text. Without one the file is UTF-8, or
    Windows-1252 where it can be nothing else.

    Raises ArticleError for what is empty, too large, or no text.
    """
    check_size(data, where)
    for magic, what, suffix in _KINDS:
        if data.startswith(magic):
            raise ArticleError(where, f"is not text: it is {what}; give it a name that ends in {suffix}")
    text = _decoded(data, where)
    if _CONTROL.search(text):
        raise ArticleError(where, "is not text (it holds control characters); give a text file in UTF-8")
    check_text(text, where)
    return text


def decode_markup(data: bytes, where: str, *, charset: str | None = None) -> str:
    """The text of a page of HTML or XML, whatever it says of its encoding; `charset` is what its server says.

    A byte order mark has the first word. What is UTF-8 and not plain ASCII is UTF-8, whoever says something else;
    then server and page are believed, then it is Windows-1252, which is what browsers do.

    Raises ArticleError for what is empty, too large, or binary.
    """
    check_size(data, where)
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return _decoded(data, where)
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    inside = (found[1] or found[2]).decode("ascii") if found else None
    said = [name for label in (charset, inside) if label and (name := _charset(label))]
    names = [*said, "utf-8", "cp1252"] if data.isascii() else ["utf-8", *said, "cp1252"]
    if said and said[0].startswith(("utf-16", "utf-32")) and b"\0" in data:
        names.insert(0, said[0])
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    if b"\0" in data:
        raise ArticleError(where, "is not text (it holds zero bytes)")
    return data.decode("cp1252", "replace")


def decode_line(line: bytes) -> str:
    """The text of a line: UTF-8, or else Windows-1252 with a replacement for what is not even that."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def encoding_mark(head: bytes) -> tuple[int, str]:
    """The length of the byte order mark that data starts with, and the encoding it stands for; 0 and UTF-8 for none."""
    return next(((len(mark), encoding) for mark, encoding in _MARKS if head.startswith(mark)), (0, "utf-8"))


def check_size(data: bytes, where: str) -> None:
    """Raises ArticleError for data that is empty or too large for one article."""
    if not data.strip():
        raise ArticleError(where, "is empty")
    if len(data) > MAX_BYTES:
        raise ArticleError(where, f"is larger than {MAX_BYTES // 2**20} MB; split it into articles")


def check_text(text: str, where: str) -> None:
    """Raises ArticleError for a text that is empty, or that cannot be written down again as text in UTF-8."""
    if not text.strip():
        raise ArticleError(where, "is empty")
    if len(text) > MAX_BYTES:
        raise ArticleError(where, f"is longer than {MAX_BYTES // 2**20} million characters; split it into articles")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(where, f"has half a character (a lone surrogate) at offset {error.start}") from error
    if control := _CONTROL.search(text):
        code = f"U+{ord(control[0]):04X}"
        raise ArticleError(where, f"holds a control character ({code}) at offset {control.start()}; remove it")


def _charset(label: str) -> str | None:
    """The codec of a label if it is one of text; ASCII and Latin-1 mean Windows-1252, as they do for browsers."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name in ("ascii", "iso8859-1"):
        return "cp1252"
    return name if _CHARSETS.match(name) else None


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
