"""Fingerprints of texts, by which near-identical ones are found: the same agency report in several papers.

A text is taken as the set of its runs of three words. The smallest hashes of that set are a fair sample of it, so that
two samples tell how much two texts have in common (bottom-k sketches; Broder 1997). Nothing but the text is in it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass

KEYS = 16  # of the smallest hashes; texts without two of these in common are not compared
_SAMPLE = 64  # hashes
_LEAST = 40  # words; what is shorter says little
_CONTAINED, _ALIKE = 0.7, 0.2  # of the shorter text in the longer one, and of both in common
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many different runs of words a text has, and the smallest of their hashes in order."""

    runs: int
    sample: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.runs}:{b64encode(struct.pack(f'>{len(self.sample)}I', *self.sample)).decode()}"

    @property
    def keys(self) -> tuple[int, ...]:
        """The hashes to look for others by."""
        return self.sample[:KEYS]

    def copies(self, other: Fingerprint) -> bool:
        """True where one text is mostly the other, perhaps shortened; the same both ways."""
        mine, theirs = set(self.sample), set(other.sample)
        both = sorted(mine | theirs)[:_SAMPLE]
        alike = len(mine & theirs & set(both)) / len(both)
        common = alike * (self.runs + other.runs) / (1 + alike)
        return alike >= _ALIKE and common >= _CONTAINED * min(self.runs, other.runs)


def fingerprint(text: str) -> Fingerprint | None:
    """The fingerprint of a text; None where it has fewer than 40 words."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) < _LEAST:
        return None
    runs = zip(words, words[1:], words[2:], strict=False)
    hashes = {zlib.crc32(f"{one} {two} {three}".encode()) for one, two, three in runs}
    return Fingerprint(len(hashes), tuple(sorted(hashes)[:_SAMPLE]))


def read_fingerprint(text: str) -> Fingerprint:
    """A fingerprint from its text form. Raises ValueError where it is none."""
    runs, _, sample = text.partition(":")
    packed = b64decode(sample, validate=True)
    hashes = struct.unpack(f">{len(packed) // 4}I", packed) if len(packed) % 4 == 0 else ()
    if not hashes or len(hashes) > _SAMPLE or list(hashes) != sorted(set(hashes)) or int(runs) < len(hashes):
        raise ValueError(f"{text[:40]!r} is no fingerprint")
    return Fingerprint(int(runs), hashes)
