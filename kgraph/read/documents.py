"""PDF and DOCX files: their text, and what they say of title and date."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import BlockKind
from kgraph.read.compose import Draft, Piece, tidy
from kgraph.read.decode import MAX_BYTES
from kgraph.read.unpack import FREE, MAX_RATIO

MAX_DOCUMENT = 64 * 2**20
MAX_PAGES = 2000
_MAX_MARKUP = 32 * 2**20  # of a DOCX file without its pictures; as a tree it is ten times as large
_HYPHEN = re.compile(r"(?<=[a-zäöüß])[-\xad\u2010]\n(?=[a-zäöüß])")
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_HEADING = re.compile(r"(?:heading|überschrift|berschrift)\s*\d", re.IGNORECASE)
_FILE_NAME = re.compile(r"^(?:microsoft\b|untitled|unbenannt)|\.[a-z]{3,4}$", re.IGNORECASE)  # what programs put there
_TITLE = re.compile(r"(?:title|titel)$", re.IGNORECASE)
_NOTHING = "holds no text; if it is a scan, have its text recognised first"


def pdf(data: bytes, where: str) -> tuple[str, dict[str, str]]:
    """The text of a PDF, pages in order with a blank line between, and what the file says of itself.

    The fields are `title` and `created`; the day it was made is that of the article only where nothing else is said.
    Words that are divided at the end of a line are made whole. A page that cannot be read ends the document.

    Raises ArticleError for a file that is damaged, encrypted with a password, too large, or without text; MissingExtra
    without `kgraph[documents]`.
    """
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise MissingExtra("reading PDF files", "documents") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity; what matters is an error
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError(where, "is encrypted; save it without its password")
        if len(reader.pages) > MAX_PAGES:
            raise ArticleError(where, f"has {len(reader.pages):,} pages, more than {MAX_PAGES:,}; split it")
        pages = [page.extract_text() for page in _pages(reader, where)]
        fields = _pdf_fields(reader)
    except ArticleError:
        raise
    except Exception as error:  # whatever is wrong with a PDF comes as any error at all, assertions among them
        raise ArticleError(where, f"is a PDF that cannot be read: {type(error).__name__}: {error}") from error
    text = "\n\n".join(words for page in pages if (words := tidy(_HYPHEN.sub("", page))))
    if not text:
        raise ArticleError(where, _NOTHING)
    return text, fields


def _pages(reader: Any, where: str) -> Iterator[Any]:
    """The pages of a PDF. Raises ArticleError where their content, unpacked, is larger than any article."""
    unpacked = 0
    for page in reader.pages:
        content = page.get_contents()
        unpacked += len(content.get_data()) if content is not None else 0
        if unpacked > 8 * MAX_BYTES:
            raise ArticleError(where, f"is larger than {8 * MAX_BYTES // 2**20} MB when unpacked; split it")
        yield page


def _pdf_fields(reader: Any) -> dict[str, str]:
    about = reader.metadata or {}
    title = about.get("/Title")
    day = _PDF_DATE.match(str(about.get("/CreationDate", "")))
    fields = {"created": "-".join(day.groups())} if day else {}
    if isinstance(title, str) and (words := tidy(title)) and not _FILE_NAME.search(words):
        fields["title"] = words.replace("\n", " ")
    return fields


def docx(data: bytes, where: str) -> Draft:
    """The pieces of a DOCX file: title, headings and paragraphs by their styles; its fields `title`, `created`, `lang`.

    Raises ArticleError for a file that is damaged, a bomb, or without text; MissingExtra without `kgraph[documents]`.
    """
    try:
        import docx as library
    except ImportError as error:
        raise MissingExtra("reading DOCX files", "documents") from error
    _check_archive(data, where)
    try:
        document: Any = library.Document(io.BytesIO(data))
        pieces = list(_docx_pieces(document))
        fields = _docx_fields(document.core_properties)
    except Exception as error:
        raise ArticleError(where, f"is a DOCX file that cannot be read: {type(error).__name__}: {error}") from error
    if not pieces:
        raise ArticleError(where, _NOTHING)
    return Draft(tuple(pieces), fields)


def _docx_pieces(document: Any) -> Iterator[Piece]:
    names = {style.style_id: style.name for style in document.styles}
    for paragraph in document.paragraphs:
        style = names.get(paragraph._p.style)  # the paragraph's own look-up goes through all styles each time
        words = tidy(paragraph.text)
        if not words:
            continue
        if _TITLE.match(style or ""):
            yield Piece(BlockKind.TITLE, words)
        elif _HEADING.match(style or ""):
            yield Piece(BlockKind.HEADING, words)
        else:
            yield Piece(BlockKind.PARAGRAPH, words)


def _docx_fields(about: Any) -> dict[str, str]:
    created = about.created
    found = {"title": about.title, "lang": about.language, "created": created.date().isoformat() if created else None}
    return {name: value for name, value in found.items() if value}


def _check_archive(data: bytes, where: str) -> None:
    """Raises ArticleError for what is no archive, or grows beyond all measure when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            size = sum(info.file_size for info in infos)
            markup = sum(info.file_size for info in infos if info.filename.lower().endswith((".xml", ".rels")))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise ArticleError(where, f"is no DOCX file: {error}") from error
    if (size > FREE and size > MAX_RATIO * len(data)) or size > 4 * MAX_DOCUMENT or markup > _MAX_MARKUP:
        raise ArticleError(where, f"grows to {size // 2**20:,} MB when unpacked, which is not read")
