"""Pages that were fetched before are kept in a folder, so that a server need only say that nothing has changed."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave for an address.

    `url` is where it was in the end, after redirects; `kind` the media type in lower case, `charset` what the server
    says of the encoding; `etag` and `modified` are what it wants to be asked with next time.
    """

    url: str
    data: bytes
    kind: str = ""
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


class Cache:
    """A folder with one file for each address: a line of JSON and the page, compressed. Its loss costs only time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Fetched | None:
        """The page as it was last fetched, or None; a file that cannot be read is as good as none."""
        try:
            with gzip.open(self._path(url)) as file:
                fields = json.loads(file.readline())
                page = Fetched(data=file.read(), **fields)
        except (OSError, EOFError, ValueError, TypeError, RecursionError, zlib.error):
            return None
        fine = isinstance(page.url, str) and isinstance(page.kind, str)
        return page if fine and all(each is None or isinstance(each, str) for each in fields.values()) else None

    def put(self, url: str, page: Fetched) -> None:
        """Keep a page; one that its server would not answer for (no ETag, no Last-Modified) is not worth it.

        Raises OSError where the folder cannot be written.
        """
        path = self._path(url)
        if not (page.etag or page.modified):
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fields = {name: value for name, value in asdict(page).items() if name != "data"}
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            with gzip.open(draft, "wb", compresslevel=5) as file:
                file.write(json.dumps(fields).encode() + b"\n" + page.data)
            draft.replace(path)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.gz"
