"""Paths, folders, patterns and standard input are found, opened and read one article at a time."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import Article
from kgraph.read.decode import decode_line
from kgraph.read.formats import Input, articles, is_known, known, readable, suffix_of
from kgraph.read.records import Ids, Maker
from kgraph.read.settings import Web
from kgraph.read.unpack import PACKED, unpacked

if TYPE_CHECKING:
    from kgraph.read.web import WebReader

_STDIN = "-"
_STORE = "kgraph-store.json"  # a graph is no news
_LIST = ".urls"
_LINE = 8192
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PAGE_PARTS = ("_files", "_Dateien", "-Dateien", "_fichiers")
_PAGES = (".html", ".htm", ".xhtml")
_FORMS = {
    ".json": re.compile(rb"\[|\{\s*\n"),
    ".jsonl": re.compile(rb"\{"),
    ".html": re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE),
    ".xml": re.compile(rb"<\?xml\b|<(?:rss|feed|rdf:RDF|nitf|newsItem|newsMessage|itemSet)\b", re.IGNORECASE),
    ".pdf": re.compile(rb"%PDF-"),
    ".docx": re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|docProps/|word/)", re.DOTALL),
    ".zip": re.compile(rb"PK\x03\x04"),
    ".parquet": re.compile(rb"PAR1"),
    ".warc": re.compile(rb"WARC/\d"),
    ".gz": re.compile(rb"\x1f\x8b"),
    ".xz": re.compile(rb"\xfd7zXZ\0"),
    ".bz2": re.compile(rb"BZh[1-9]"),
    ".zst": re.compile(rb"\x28\xb5\x2f\xfd"),
}
_XHTML = re.compile(rb"(?:<[?!][^<>]{0,1000}>\s{0,100}){1,9}<html\b", re.IGNORECASE)
_CELLS = re.compile(r"[,;\t|]")
_HEAD = 8192


def read(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    lang: str | None = None,
    columns: Mapping[str, str] | None = None,
    web: Web | None = None,
    on_problem: Callable[[ArticleError], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    ids: Ids | None = None,
    leave_out: Iterable[Path] = (),
) -> Iterator[Article]:
    """Read articles one after another: from files, folders, patterns like `news/*.txt`, addresses on the web, or `-`.

    A `.txt`, `.md` or `.html` file is one article, whose id is the file's name without folder and suffix; a `.jsonl`,
    `.json` or `.csv` file has many, with `text` and, if it likes, `doc` (or `id`), `title`, `date`, `url`, `lang`,
    `publisher`; `columns` says for any of these what the file calls it: `{"text": "body"}`. All of them may be
    compressed (`.gz`, `.xz`, `.bz2`, `.zst`) or in a `.zip`. What comes by `-` is of the kind that its first bytes tell. The text of a plain file or a record stands as it is,
    without a byte order mark; that of a page is its title and main text.

    An address is that of a page, whose id is its address, of a feed or site map, whose pages are read, or of a file; a
    file that ends in `.urls` has one on each line. `web` says how they are fetched. Folders are read in sorted order. Where
    `lang` is not given, nor by the article, the language is detected.

    `on_problem` is called with an ArticleError for each article that cannot be read, and the others go on. Without it
    the error is raised. An error whose `skipped` is False only says what is odd about an article that is read.
    `on_progress` is called with the bytes of files that are behind us, and those of all; all are 0 where nobody knows,
    because some come from the web or by pipe. `ids` gives articles their ids (else no two of these have the same), `leave_out` names
    files that are not read: a report that is written meanwhile. Raises UsageError for an unknown field in `columns`.
    """
    given = [sources] if isinstance(sources, str | os.PathLike) else sources
    make = Maker(lang, on_problem or _raise, columns or {}, ids if ids is not None else Ids())
    reader = _Reader(make, web or Web(), on_progress, leave_out)
    return reader.articles([os.fspath(source) for source in given])


class _Reader:
    """Goes through sources; knows which files it has had."""

    def __init__(
        self,
        make: Maker,
        web: Web,
        on_progress: Callable[[int, int], None] | None,
        leave_out: Iterable[Path],
    ) -> None:
        self._make = make
        self._web = web
        self._on_progress = on_progress
        self._done = self._total = 0
        self._files: set[Path] = {path.resolve() for path in leave_out}
        self._opened: WebReader | None = None

    def articles(self, sources: Sequence[str]) -> Iterator[Article]:
        """The articles of all sources; what cannot be read is reported."""
        if self._on_progress:
            self._total = _size(sources)
        try:
            for source in sources:
                yield from self._source(source)
        finally:
            if self._opened:
                self._opened.close()

    def _source(self, source: str) -> Iterator[Article]:
        if source == _STDIN:
            yield from self._guarded(self._piped())
            return
        if _ADDRESS.match(source):
            yield from self._guarded(self._page(source))
            return
        try:
            paths = _paths(source, self._make.report)
        except ArticleError as error:
            self._make.report(error)
            return
        for path in paths:
            resolved = path.resolve()
            if resolved not in self._files:
                self._files.add(resolved)
                yield from self._guarded(self._file(path))

    def _guarded(self, found: Iterator[Article]) -> Iterator[Article]:
        try:
            yield from found
        except ArticleError as error:
            self._make.report(error)

    def _piped(self) -> Iterator[Article]:
        """Standard input: of the kind that its first bytes tell, packed or not, else plain text."""
        raw: Any = sys.stdin.buffer
        stream = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)
        suffix = self._kind(stream)
        packed = suffix in PACKED
        if packed:
            stream = unpacked(stream, suffix, "stdin")
            suffix = self._kind(stream)
        yield from articles(Input("stdin", f"stdin{suffix}", stream, packed=packed), self._make)

    def _kind(self, stream: io.BufferedReader) -> str:
        """The suffix that a file that begins like this would have."""
        head = stream.peek(_HEAD)[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
        if _XHTML.match(head):
            return ".html"
        cells = [cell.strip(' "') for cell in _CELLS.split(decode_line(head.partition(b"\n")[0]))]
        if len(cells) > 1 and self._make.columns.get("text", "text") in cells:
            return ".csv"
        return next((suffix for suffix, form in _FORMS.items() if form.match(head)), ".txt")

    def _page(self, address: str) -> Iterator[Article]:
        yield from self._reader(address).articles(address)

    def _reader(self, where: str) -> WebReader:
        """What reads from the web, made when it is first needed. Raises ArticleError without `kgraph[web]`."""
        if self._opened is None:
            try:
                from kgraph.read.web import WebReader
            except ImportError as error:
                raise ArticleError(where, str(MissingExtra("reading from the web", "web"))) from error
            self._opened = WebReader(self._web, self._make)
        return self._opened

    def _listed(self, stream: BinaryIO, where: str) -> Iterator[tuple[str, str]]:
        """The addresses in a list with the place of each; blank lines and those that start with # are left out."""
        for number, line in enumerate(iter(lambda: stream.readline(_LINE), b""), 1):
            words = decode_line(line).strip().removeprefix("\ufeff")
            if _ADDRESS.match(words):
                yield f"{where}:{number}", words
            elif words and not words.startswith("#"):
                what = f"is no address on the web: {words[:80]!r}; a list has one on each line"
                self._make.report(ArticleError(f"{where}:{number}", what))

    def _file(self, path: Path) -> Iterator[Article]:
        where = readable(str(path))
        try:
            stream = path.open("rb")
        except OSError as error:
            raise ArticleError(where, f"cannot be read: {error.strerror or error}") from error
        with stream:
            if suffix_of(path.name) == _LIST:
                if not stream.peek(1):
                    raise ArticleError(where, "is empty")
                yield from self._reader(where).listed(self._listed(stream, where))
                return
            for article in articles(Input(where, path.name, stream, folder=readable(path.parent.name)), self._make):
                self._progress(stream)
                yield article
            self._done += os.fstat(stream.fileno()).st_size
            self._progress()

    def _progress(self, stream: BinaryIO | None = None) -> None:
        """Tell how far the reading is, within a file that is open, if there is one."""
        if self._on_progress:
            further = 0
            with contextlib.suppress(OSError, ValueError):  # a pipe has no place, nor has what is closed already
                further = stream.tell() if stream else 0
            self._on_progress(min(self._done + further, self._total), self._total)


def is_address(source: str) -> bool:
    """True for what is asked for on the web."""
    return _ADDRESS.match(source) is not None


def files_of(source: str, report: Callable[[ArticleError], None]) -> list[Path]:
    """The files that a source stands for at present, in sorted order: none for an empty folder, or a pattern that fits none."""
    if Path(source).is_dir():
        return _inside(Path(source), report)
    if glob.has_magic(source) and not glob.glob(source, recursive=True):  # noqa: PTH207 (see `_paths`)
        return []
    try:
        return _paths(source, report)
    except ArticleError as error:
        report(error)
        return []


def _size(sources: Iterable[str]) -> int:
    """The bytes of all files that sources stand for; 0 where one is none."""
    total = 0
    for source in sources:
        if source == _STDIN or _ADDRESS.match(source):
            return 0
        with contextlib.suppress(ArticleError, OSError):  # it is reported when it is its turn
            total += sum(path.stat().st_size for path in _paths(source, lambda error: None))
    return total


def _paths(source: str, report: Callable[[ArticleError], None]) -> list[Path]:
    """The files that a source stands for, in sorted order."""
    path = Path(source)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:  # a part of the path is no folder, too long, or holds a zero byte
        raise ArticleError(
            readable(source), f"cannot be looked at: {getattr(error, 'strerror', None) or error}"
        ) from error
    if is_folder:
        found = _inside(path, report)
        if not found:
            raise ArticleError(source, f"is a folder without articles ({' '.join(known())})")
        return found
    if exists:
        return [path]
    if glob.has_magic(source):
        matches = [Path(match) for match in glob.glob(source, recursive=True)]  # noqa: PTH207 (Path.glob refuses absolute patterns)
        found = [file for match in sorted(matches) for file in (_inside(match, report) if match.is_dir() else [match])]
        if not found:
            raise ArticleError(source, "is a pattern that fits no file")
        return found
    raise ArticleError(source, "there is no such file or folder")


def _inside(folder: Path, report: Callable[[ArticleError], None]) -> list[Path]:
    """The articles in a folder and the folders in it, without hidden ones, the parts of saved pages, and graphs."""

    def unreadable(error: OSError) -> None:
        report(ArticleError(readable(str(error.filename)), f"cannot be read: {error.strerror}"))

    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = [
            name
            for name in folders
            if not (name.startswith(".") or _is_part(name, files) or Path(place, name, _STORE).exists())
        ]
        for name in files:
            if not name.startswith(".") and is_known(name) and _is_file(Path(place, name)):
                found.append(Path(place, name))
    return sorted(found)


def _is_part(folder: str, files: list[str]) -> bool:
    """True for the folder that a browser saves beside a page, with its pictures and scripts."""
    stem = next((folder.removesuffix(end) for end in _PAGE_PARTS if folder.endswith(end)), None)
    return stem is not None and any(f"{stem}{suffix}" in files for suffix in _PAGES)


def _is_file(path: Path) -> bool:
    """False for pipes and devices, which would be waited for; True for what has vanished, which is then reported."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _raise(error: ArticleError) -> None:
    raise error
