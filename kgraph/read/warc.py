"""Archives of the web (WARC): each page in one is an article, under the address it was found at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from kgraph.errors import ArticleError, MissingExtra
from kgraph.read.cache import Fetched
from kgraph.read.decode import MAX_BYTES
from kgraph.read.html import address

_KINDS = ("text/html", "application/xhtml+xml", "text/plain")
_CHUNK = 64 * 1024


def responses(stream: BinaryIO, where: str) -> Iterator[tuple[int, Fetched | ArticleError]]:
    """The pages in an archive, numbered by their records from 1; an error stands for one that cannot be read.

    Only what servers answered with success is taken, and of that what is text: pictures, scripts, requests and
    metadata are passed over. The archive may be compressed record by record.

    Raises ArticleError where the archive is damaged: what comes after cannot be told from noise. MissingExtra without
    `kgraph[warc]`.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise MissingExtra("reading web archives", "warc") from error
    number = pages = 0
    try:
        for record in ArchiveIterator(stream, no_record_parse=False):
            number += 1
            if record.rec_type not in ("response", "resource", "conversion"):
                continue
            page = _page(record, f"{where}#{number}")
            if page is not None:
                pages += 1
                yield number, page
    except (ArchiveLoadFailed, ValueError, KeyError, AttributeError, TypeError, OSError, EOFError) as error:
        raise ArticleError(
            f"{where}#{number + 1}", f"is no record of a web archive: {error}; the rest is skipped"
        ) from error
    if not pages:
        raise ArticleError(where, f"holds no page (and {number:,} other records)" if number else "is empty")


def _page(record: Any, where: str) -> Fetched | ArticleError | None:
    headers = record.http_headers
    if headers is not None and headers.get_statuscode() != "200":
        return None
    said = (headers or record.rec_headers).get_header("Content-Type") or ""
    kind, _, rest = said.partition(";")
    kind = kind.strip().lower()
    if kind not in _KINDS:
        return None
    url = address((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"))
    if url is None:
        return ArticleError(where, "is a page without an address")
    data = _content(record)
    if len(data) > MAX_BYTES:
        return ArticleError(where, f"{url} is larger than {MAX_BYTES // 2**20} MB")
    if getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1):
        return ArticleError(where, f"{url} is cut off: the archive ends in the middle of it")
    _, _, charset = rest.partition("charset=")
    day = (record.rec_headers.get_header("WARC-Date") or "")[:10]
    return Fetched(url=url, data=data, kind=kind, charset=charset.strip(" \"'") or None, modified=day or None)


def _content(record: Any) -> bytes:
    """The body, unpacked, no further than an article may be long."""
    out = io.BytesIO()
    stream = record.content_stream()
    while out.tell() <= MAX_BYTES and (chunk := stream.read(_CHUNK)):
        out.write(chunk)
    return out.getvalue()
