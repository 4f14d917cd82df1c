"""The kinds of files that kgraph reads, and how each becomes articles."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import Article
from kgraph.read.decode import MAX_BYTES, decode, decode_markup
from kgraph.read.elsewhere import each_elsewhere, elsewhere, parts_elsewhere
from kgraph.read.records import Maker
from kgraph.read.tables import csv_rows, json_lines, json_values
from kgraph.read.unpack import PACKED, members, unpacked

MAX_ARCHIVE = 64 * 2**20  # of an archive that has to be held in memory, because it comes by pipe or from the web

if TYPE_CHECKING:
    from kgraph.read.feeds import Entry


@dataclass(frozen=True, slots=True)
class Input:
    """Bytes to be read, and what is known of them.

    `where` is what a person looks up; `name` has the suffix that tells the kind; `folder` tells namesakes apart; `url`
    and `charset` are what the web says of a page; `packed` is True for what was in an archive or compressed;
    `fields` is what a feed says of it, and `identity` its id where its name is none.
    """

    where: str
    name: str
    stream: io.BufferedReader
    folder: str = ""
    url: str | None = None
    charset: str | None = None
    packed: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    identity: str = ""

    @property
    def stem(self) -> str:
        """The id of what the input says, if it says one thing: the name without suffix, if it has none of its own."""
        return self.identity or readable(PurePosixPath(self.name).stem) or "article"


def articles(given: Input, make: Maker) -> Iterator[Article]:
    """The articles in an input; those that cannot be read are reported to `make`, and the others go on.

    Raises ArticleError where that is all of them, or where a library is missing that the kind of file needs.
    """
    suffix = suffix_of(given.name)
    try:
        if given.packed and suffix in (*PACKED, ".zip"):
            raise ArticleError(given.where, "is packed inside a packed file; unpack the outer one first")
        if not given.stream.peek(1):
            raise ArticleError(given.where, "is empty")
        if suffix in PACKED:
            stream = unpacked(given.stream, suffix, given.where)
            inner = given.name[: -len(suffix)]
            yield from articles(replace(given, name=inner, stream=stream, packed=True), make)
        elif suffix in KINDS:
            yield from KINDS[suffix](given, make)
        else:
            raise ArticleError(given.where, f"is no kind of file that kgraph reads ({' '.join(known())})")
    except OSError as error:
        raise ArticleError(given.where, f"cannot be read: {error.strerror or error}") from error
    except MissingExtra as error:
        raise ArticleError(given.where, str(error)) from error


def known() -> list[str]:
    """The suffixes of all kinds that are read, sorted."""
    return sorted((KINDS.keys() | set(PACKED)) - {""})


def is_known(name: str) -> bool:
    """True for the name of a file that a folder is searched for: of a known kind, compressed or not."""
    suffix = suffix_of(name)
    if suffix in PACKED:
        inner = suffix_of(name[: -len(suffix)])
        return inner != "" and is_known(name[: -len(suffix)])
    return suffix in KINDS and suffix != ""


def suffix_of(name: str) -> str:
    """The suffix in lower case, with its dot; empty where there is none."""
    return PurePosixPath(name).suffix.lower()


def readable(name: str) -> str:
    """A file's name as text that can be written down; bytes that are none in UTF-8 become a question mark."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _text(given: Input, make: Maker) -> Iterator[Article]:
    text = decode(_whole(given), given.where)
    yield make.from_text(given.stem, text, given.where, folder=given.folder, fields=_about(given))


def _markdown(given: Input, make: Maker) -> Iterator[Article]:
    text = decode(_whole(given), given.where)
    yield make.from_markdown(given.stem, text, given.where, folder=given.folder, fields=_about(given))


def _html(given: Input, make: Maker) -> Iterator[Article]:
    from kgraph.read.html import page

    text = decode_markup(_whole(given), given.where, charset=given.charset)
    draft = elsewhere(partial(page, url=given.url), text, given.where, where=given.where)
    fields = {**given.fields, **draft.fields}
    article_id = given.stem
    if given.url:  # a page may say what its own site calls it, and not pass for one of another site
        own = urlsplit(fields.get("url", "")).hostname == urlsplit(given.url).hostname
        article_id = fields["url"] = fields["url"] if own else given.url
    yield make.from_draft(article_id, replace(draft, fields=fields), given.where, folder=given.folder)


def _xml(given: Input, make: Maker) -> Iterator[Article]:
    """A message of an agency, or a feed that was saved: the texts in it, and nothing that it only links to."""
    from kgraph.read import feeds

    text = decode_markup(_whole(given), given.where, charset=given.charset)
    if feeds.is_feed(text):
        yield from _entries(each_elsewhere(feeds.feed_entries, text, given.where, where=given.where), given, make)
    elif feeds.is_sitemap(text):
        raise ArticleError(given.where, "is a site map, which holds no texts; give its address on the web")
    else:
        from kgraph.read.newsml import messages

        found = each_elsewhere(messages, text, given.where, where=given.where)
        for number, (guid, draft) in enumerate(found, 1):
            place = f"{given.where}#{number}"
            yield make.from_draft(guid or (given.stem if number == 1 else f"{given.stem}:{number}"), draft, place)


def _entries(entries: Iterator[Entry], given: Input, make: Maker) -> Iterator[Article]:
    from kgraph.read import feeds

    for number, entry in enumerate(entries, 1):
        place = f"{given.where}#{number}"
        try:
            draft = elsewhere(feeds.entry_draft, entry, where=place)
            article = make.from_draft(entry.url or f"{given.stem}:{number}", draft, place)
        except ArticleError as error:
            make.report(error)
        else:
            yield article


def _json_lines(given: Input, make: Maker) -> Iterator[Article]:
    for number, line in json_lines(given.stream):
        place = f"{given.where}:{number}"
        try:
            article = make.from_json(decode(line, place).rstrip(), where=place, fallback=f"{given.stem}:{number}")
        except ArticleError as error:
            make.report(error)
        else:
            yield article


def _json(given: Input, make: Maker) -> Iterator[Article]:
    yield from _records(json_values(given.stream, given.where), given, make, numbered=True)


def _csv(given: Input, make: Maker) -> Iterator[Article]:
    yield from _records(csv_rows(given.stream, given.where, make), given, make)


def _pdf(given: Input, make: Maker) -> Iterator[Article]:
    from kgraph.read.documents import MAX_DOCUMENT, pdf

    text, fields = elsewhere(pdf, _bounded(given, MAX_DOCUMENT), given.where, where=given.where)
    yield make.from_text(given.stem, text, given.where, folder=given.folder, fields={**_about(given), **fields})


def _docx(given: Input, make: Maker) -> Iterator[Article]:
    from kgraph.read.documents import MAX_DOCUMENT, docx

    draft = elsewhere(docx, _bounded(given, MAX_DOCUMENT), given.where, where=given.where)
    draft = replace(draft, fields={**_about(given), **draft.fields})
    yield make.from_draft(given.stem, draft, given.where, folder=given.folder)


def _warc(given: Input, make: Maker) -> Iterator[Article]:
    """Each page in the archive, under its address."""
    from kgraph.read.warc import responses

    for number, page in responses(given.stream, given.where):
        try:
            if isinstance(page, ArticleError):
                raise page
            place = f"{given.where}#{number}"
            name = "page.txt" if page.kind == "text/plain" else "page.html"
            data: Any = io.BytesIO(page.data)
            inside = Input(place, name, io.BufferedReader(data), url=page.url, charset=page.charset, identity=page.url)
            yield from articles(inside, make)
        except ArticleError as error:
            make.report(error)


def _parquet(given: Input, make: Maker) -> Iterator[Article]:
    from kgraph.read.parquet import parquet_rows

    wanted = (given.where, make.columns.get("text", "text"), tuple(make.names()))
    with _as_file(given) as path:
        parts = parts_elsewhere(parquet_rows, path, *wanted, where=given.where)
        yield from _records((row for part in parts for row in part), given, make)


@contextmanager
def _as_file(given: Input) -> Iterator[str]:
    """The path of a file that holds what is given: the one it is read from, or a copy for the time."""
    raw = given.stream.raw
    if isinstance(raw, io.FileIO) and isinstance(raw.name, str) and Path(raw.name).is_file():
        if os.path.samestat(os.fstat(raw.fileno()), Path(raw.name).stat()):
            yield str(Path(raw.name).resolve())
            return
    with tempfile.TemporaryDirectory(prefix="kgraph-") as folder:
        copy = Path(folder) / "copy"
        try:
            with copy.open("wb") as file:
                if given.stream.seekable():
                    shutil.copyfileobj(given.stream, file)
                else:
                    file.write(_bounded(given, MAX_ARCHIVE))
        except OSError as error:
            raise ArticleError(
                given.where, f"cannot be copied to {folder} to be read: {error.strerror or error}"
            ) from error
        yield str(copy)


def _records(
    rows: Iterator[tuple[int, object]], given: Input, make: Maker, *, numbered: bool = False
) -> Iterator[Article]:
    """Articles from records with their lines; those without id are called after line or, where several may share one, number."""
    for number, (line, record) in enumerate(rows, 1):
        place = f"{given.where}:{line}"
        try:
            article = make.from_record(record, where=place, fallback=f"{given.stem}:{number if numbered else line}")
        except ArticleError as error:
            make.report(error)
        else:
            yield article


def _zip(given: Input, make: Maker) -> Iterator[Article]:
    """Each file in the archive as if it stood in a folder; a fault in one is reported, and the others go on."""
    stream = given.stream if given.stream.seekable() else io.BytesIO(_bounded(given, MAX_ARCHIVE))
    for name, member in members(stream, given.where, make.report):
        where = f"{given.where}/{readable(name)}"
        inside = Input(where, name, member, folder=given.stem, packed=True)
        if not is_known(name):
            continue
        try:
            yield from articles(inside, make)
        except ArticleError as error:
            make.report(error)


def _about(given: Input) -> dict[str, str]:
    """What is known of an article from elsewhere: what a feed says of it, and its address."""
    return {**given.fields, **({"url": given.url} if given.url else {})}


def _whole(given: Input) -> bytes:
    """All bytes of what is one article, or one more than that may have: what decodes them reports it."""
    return given.stream.read(MAX_BYTES + 1)


def _bounded(given: Input, limit: int) -> bytes:
    data = given.stream.read(limit + 1)
    if not data:
        raise ArticleError(given.where, "is empty")
    if len(data) > limit:
        raise ArticleError(given.where, f"is larger than {limit // 2**20} MB; split it")
    return data


KINDS: dict[str, Callable[[Input, Maker], Iterator[Article]]] = {
    "": _text,
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".tsv": _csv,
    ".xml": _xml,
    ".rss": _xml,
    ".atom": _xml,
    ".pdf": _pdf,
    ".docx": _docx,
    ".warc": _warc,
    ".parquet": _parquet,
    ".zip": _zip,
}
