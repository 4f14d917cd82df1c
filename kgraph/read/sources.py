"""Paths, folders, patterns and standard input are found, opened and read one article at a time."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from kgraph.errors import ArticleError
from kgraph.model import Article
from kgraph.read.decode import MAX_BYTES, decode
from kgraph.read.records import Maker

_TEXT = {".txt", ".text"}
_MARKDOWN = {".md", ".markdown"}
_LINES = {".jsonl", ".ndjson"}
_KNOWN = _TEXT | _MARKDOWN | _LINES
_STDIN = "-"


def read(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    lang: str | None = None,
    on_problem: Callable[[ArticleError], None] | None = None,
) -> Iterator[Article]:
    """Read articles one after another: from files, folders with all in them, patterns like `news/*.txt`, or `-`.

    A `.txt` or `.md` file is one article, whose id is the file's name without folder and suffix; a `.jsonl` file has
    one on each line, with `text` and, if it likes, `doc` (or `id`), `title`, `date`, `url`, `lang`, `publisher`. The
    article's text is the file's text as it stands, without a byte order mark. Folders are read in sorted order. Where
    `lang` is not given, nor by the article, the language is detected.

    `on_problem` is called with an ArticleError for each article that cannot be read, and the others go on. Without it
    the error is raised.
    """
    given = [sources] if isinstance(sources, str | os.PathLike) else sources
    reader = _Reader(lang, on_problem or _raise)
    for source in given:
        yield from reader.source(os.fspath(source))


class _Reader:
    """Goes through sources; knows which files and which ids it has had."""

    def __init__(self, lang: str | None, on_problem: Callable[[ArticleError], None]) -> None:
        self._report = on_problem
        self._make = Maker(lang, on_problem)
        self._files: set[Path] = set()
        self._ids: set[str] = set()

    def source(self, source: str) -> Iterator[Article]:
        if source == _STDIN:
            yield from self._guarded(self._stream(sys.stdin.buffer, "stdin"))
            return
        try:
            paths = _paths(source)
        except ArticleError as error:
            self._report(error)
            return
        for path in paths:
            resolved = path.resolve()
            if resolved not in self._files:
                self._files.add(resolved)
                yield from self._guarded(self._file(path))

    def _guarded(self, articles: Iterator[Article]) -> Iterator[Article]:
        try:
            yield from articles
        except ArticleError as error:
            self._report(error)

    def _file(self, path: Path) -> Iterator[Article]:
        suffix = path.suffix.lower()
        if suffix and suffix not in _KNOWN and path.is_file():
            raise ArticleError(str(path), f"is no kind of file that kgraph reads ({' '.join(sorted(_KNOWN))})")
        try:
            with path.open("rb") as stream:
                if suffix in _LINES:
                    yield from self._lines(stream, str(path), path.stem)
                else:
                    yield self._whole(stream.read(MAX_BYTES + 1), path, markdown=suffix in _MARKDOWN)
        except OSError as error:
            raise ArticleError(str(path), f"cannot be read: {error.strerror or error}") from error

    def _whole(self, data: bytes, path: Path, *, markdown: bool) -> Article:
        text = decode(data, str(path))
        make = self._make.from_markdown if markdown else self._make.from_text
        return self._unique(make(_readable(path.stem), text), str(path), folder=_readable(path.parent.name))

    def _stream(self, stream: BinaryIO, name: str) -> Iterator[Article]:
        """Standard input: JSON Lines where the first line is an object, else one article of plain text."""
        first = b"\n"
        while first and not first.strip():
            first = stream.readline(MAX_BYTES)
        if first.lstrip().startswith(b"{"):
            yield from self._lines(stream, name, name, first=first)
        else:
            text = decode(first + stream.read(MAX_BYTES + 1), name)
            yield self._unique(self._make.from_text(name, text), name, folder="")

    def _lines(self, stream: BinaryIO, where: str, name: str, *, first: bytes = b"") -> Iterator[Article]:
        number = 0
        for line in _chunks(stream, first):
            number += 1
            if not line.strip():
                continue
            place = f"{where}:{number}"
            try:
                text = decode(line, place)
                article = self._make.from_json(text, where=place, fallback=f"{_readable(name)}:{number}")
                unique = self._unique(article, place, folder="")
            except ArticleError as error:
                self._report(error)
            else:
                yield unique

    def _unique(self, article: Article, where: str, *, folder: str) -> Article:
        """The article under an id that no other has: the second of a name is called after its folder."""
        wanted = article.id
        names = [wanted, f"{folder}/{wanted}"] if folder else [wanted]
        number = 2
        while names[0] in self._ids:
            names.pop(0)
            if not names:
                names.append(f"{wanted}-{number}")
                number += 1
        self._ids.add(names[0])
        if names[0] == wanted:
            return article
        self._report(ArticleError(where, f"another article is called {wanted!r} already; this one is {names[0]!r}"))
        return replace(article, id=names[0])


def _chunks(stream: BinaryIO, first: bytes) -> Iterator[bytes]:
    """Lines of a stream, none longer than one byte more than an article may be."""
    if first:
        yield first
    while line := stream.readline(MAX_BYTES + 1):
        yield line
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):  # the rest of a line that is too long is dropped with it
                line = stream.readline(MAX_BYTES)


def _paths(source: str) -> list[Path]:
    """The files that a source stands for, in sorted order."""
    path = Path(source)
    if path.is_dir():
        found = _inside(path)
        if not found:
            raise ArticleError(source, f"is a folder without articles ({' '.join(sorted(_KNOWN))})")
        return found
    if path.exists():
        return [path]
    if glob.has_magic(source):
        matches = [Path(match) for match in glob.glob(source, recursive=True)]  # noqa: PTH207 (Path.glob refuses absolute patterns)
        found = [file for match in sorted(matches) for file in (_inside(match) if match.is_dir() else [match])]
        if not found:
            raise ArticleError(source, "is a pattern that fits no file")
        return found
    raise ArticleError(source, "there is no such file or folder")


def _inside(folder: Path) -> list[Path]:
    """The articles in a folder and the folders in it, without hidden ones."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(
            Path(place, name) for name in files if not name.startswith(".") and Path(name).suffix.lower() in _KNOWN
        )
    return sorted(found)


def _readable(name: str) -> str:
    """A file's name as text that can be written down; bytes that are none in UTF-8 become a question mark."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _raise(error: ArticleError) -> None:
    raise error
