"""Compressed files are read through, within limits: one that grows beyond all measure is a bomb and no archive."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from kgraph.errors import ArticleError, MissingExtra

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PACKED = (".gz", ".xz", ".bz2", ".zst")
MAX_RATIO = 200  # text rarely shrinks to a twentieth; a bomb to a thousandth
MAX_MEMBERS = 100_000
FREE = 16 * 2**20  # so much may come out of anything
GROWS = f"grows to more than {MAX_RATIO} times its size when unpacked"
_CHUNK = 64 * 1024
_MAX_MEMORY = 256 * 2**20
_ZSTD_WINDOW_LOG = 27


class _Decompressor(Protocol):
    """What bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def unpacked(packed: BinaryIO, suffix: str, where: str) -> io.BufferedReader:
    """A stream of what a compressed stream holds; `suffix` is one of `PACKED`.

    Reading from it raises ArticleError where the data is damaged, cut off, or grows by more than `MAX_RATIO`.
    """
    return io.BufferedReader(_Unpacked(packed, _maker(suffix), where), _CHUNK)


def members(
    archive: BinaryIO, where: str, report: Callable[[ArticleError], None]
) -> Iterator[tuple[str, io.BufferedReader]]:
    """The files in a ZIP archive in the order of their names: name and stream, which is open until the next is asked for.

    Nothing is written to the disk. Folders and hidden files are left out; a member that is encrypted, damaged, or whose
    name leads out of the archive is reported, and the others go on.

    Raises ArticleError for what is no archive.
    """
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise ArticleError(where, f"is a damaged ZIP archive: {error}") from error
    with opened:
        found = (info for info in opened.infolist() if info.filename and not info.is_dir())
        infos = sorted(found, key=lambda info: info.filename)
        if len(infos) > MAX_MEMBERS:
            raise ArticleError(where, f"holds {len(infos):,} files, more than {MAX_MEMBERS:,}; split it")
        if sum(info.compress_size for info in infos) > archive.seek(0, io.SEEK_END):
            raise ArticleError(where, "is a damaged ZIP archive: its files lie over each other, as they do in a bomb")
        for info in infos:
            name = info.filename
            if _is_hidden(name):
                continue
            try:
                if _leads_out(name):
                    raise ArticleError(f"{where}/{name}", "has a name that leads out of the archive; skipped")
                if info.flag_bits & 1:
                    raise ArticleError(f"{where}/{name}", "is encrypted; unpack it first")
                stream = opened.open(info)
            except ArticleError as error:
                report(error)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
                report(ArticleError(f"{where}/{name}", f"cannot be unpacked: {error}"))
            else:
                limited: Any = _Member(stream, info.compress_size, f"{where}/{name}")
                with io.BufferedReader(limited, _CHUNK) as buffered:
                    yield name, buffered


class _Raw(io.RawIOBase, ABC):
    """Counts what comes out and compares it with what went in."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._pull(len(view))
        self._out += len(data)
        if self._out > FREE and self._out > MAX_RATIO * self._taken():
            raise ArticleError(
                self._where,
                f"{GROWS}; unpack it yourself to be sure",
            )
        view[: len(data)] = data
        return len(data)

    @abstractmethod
    def _pull(self, size: int) -> bytes:
        """At most so many bytes of what comes out; none at the end."""

    @abstractmethod
    def _taken(self) -> int:
        """How many bytes went in so far."""


class _Unpacked(_Raw):
    """One compressed stream after another, as `cat a.gz b.gz` makes them."""

    def __init__(self, packed: BinaryIO, new: Callable[[], _Decompressor], where: str) -> None:
        super().__init__(where)
        self._packed, self._new = packed, new
        self._current: _Decompressor | None = None
        self._in = 0

    def _taken(self) -> int:
        return self._in

    def _pull(self, size: int) -> bytes:
        try:
            return self._next(size)
        except _damage() as error:
            raise ArticleError(self._where, f"is damaged and cannot be unpacked: {error}") from error

    def _next(self, size: int) -> bytes:
        while True:
            if self._current is None or self._current.eof:
                data = (self._current.unused_data if self._current else b"").lstrip(b"\0") or self._more().lstrip(b"\0")
                if not data:
                    return b""
                self._current = self._new()
            else:
                data = self._more() if self._current.needs_input else b""
                if not data and self._current.needs_input:
                    out = self._current.decompress(b"", size)
                    if not out and not self._current.eof:
                        raise EOFError("its end is missing")
                    return out
            out = self._current.decompress(data, size)
            if out:
                return out

    def _more(self) -> bytes:
        data = self._packed.read(_CHUNK)
        self._in += len(data)
        return data


class _Member(_Raw):
    """A file in a ZIP archive."""

    def __init__(self, stream: Any, packed_size: int, where: str) -> None:
        super().__init__(where)
        self._stream, self._size = stream, packed_size

    def _taken(self) -> int:
        return self._size

    def _pull(self, size: int) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except _damage() as error:
            raise ArticleError(self._where, f"is damaged and cannot be unpacked: {error}") from error
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Gzip:
    """zlib with the face of the other decompressors."""

    def __init__(self, bits: int = 31) -> None:
        self._zlib = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._zlib.eof and not self._zlib.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _maker(suffix: str) -> Callable[[], _Decompressor]:
    makers: dict[str, Callable[[], _Decompressor]] = {
        ".gz": _Gzip,
        ".bz2": bz2.BZ2Decompressor,
        ".xz": lambda: lzma.LZMADecompressor(memlimit=_MAX_MEMORY),
    }
    return makers[suffix] if suffix in makers else _zstd_maker()


def _zstd_maker() -> Callable[[], _Decompressor]:
    try:
        zstd = _zstd()
    except ImportError as error:
        raise MissingExtra("reading .zst files", "zstd") from error
    options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    return lambda: zstd.ZstdDecompressor(options=options)


def _zstd() -> Any:
    """The module for zstd: part of Python 3.14, and a package with the same face before."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _damage() -> tuple[type[Exception], ...]:
    """What the libraries raise for data that is not what it should be."""
    zstd = sys.modules.get("backports.zstd") or sys.modules.get("compression.zstd")
    errors = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
    return (*errors, zstd.ZstdError) if zstd else errors


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name[:3] or ".." in name.replace("\\", "/").split("/")


def _is_hidden(name: str) -> bool:
    """Hidden files, and the folder of resource forks that macOS packs with every archive."""
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in PurePosixPath(name).parts)
