"""Files of RDF: which format the name stands for, and what is packed with gzip (`graph.nq.gz`) on the way in and out."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat

from kgraph.errors import StoreError
from kgraph.graph.disk import room_for

SUFFIXES = {
    ".nq": RdfFormat.N_QUADS,
    ".nquads": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
}
NAMES = f"{', '.join(SUFFIXES)}, or in one of these and .gz"
_PACKED = ".gz"
_TIMES, _ANYWAY = (
    200,
    100_000_000,
)  # how much larger than the file its content may be, and how many bytes it always may have


def format_of(path: Path) -> RdfFormat | None:
    """The format that a file's name stands for, packed or not; None where that is none."""
    name = path.with_suffix("") if _is_packed(path) else path
    return SUFFIXES.get(name.suffix.lower())


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, unpacked where its name says that it is packed.

    Raises OSError where it cannot be opened; reading it raises ValueError where the packing is broken, or holds far more
    than an export does.
    """
    with path.open("rb") as file:
        if _is_packed(path):
            with _Unpacked(file, path.stat().st_size) as content:
                yield cast("IO[bytes]", content)
        else:
            yield file


@contextmanager
def packing(output: IO[bytes]) -> Iterator[IO[bytes]]:
    """Where to write what is to stand in a file: into the file itself, or through gzip where its name ends in .gz.

    The same content always gives the same bytes. Raises StoreError where the disk is full.
    """
    name = getattr(output, "name", None)
    if not isinstance(name, str) or not _is_packed(Path(name)):
        yield output
        return
    try:
        with room_for(output), gzip.GzipFile(name, "wb", fileobj=output, mtime=0) as packed:
            yield cast("IO[bytes]", packed)
    except StoreError:
        with suppress(OSError):
            output.close()
        raise


class _Unpacked(gzip.GzipFile):
    """What a packed file holds; not more than so many times its size."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._left = _TIMES * size + _ANYWAY

    def read(self, size: int | None = -1) -> bytes:
        try:
            content = super().read(size)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"its gzip packing is broken: {error}") from error
        self._left -= len(content)
        if self._left < 0:
            raise ValueError(f"it holds more than {_TIMES} times what it is packed to")
        return content


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == _PACKED
