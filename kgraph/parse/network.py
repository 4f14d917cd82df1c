"""The reader's network, run by ONNX Runtime: a small multilingual encoder with heads for trees, tags and entities.

Its files in the package: `reader/` holds what both readers share (pieces.npy, the 8-bit vectors of the word pieces,
scales.npy and tokenizer.json), `reader/accurate` and `reader/fast` their networks (reader.onnx, labels.npz, labels.json).
Every sentence is read by itself, so that its tree does not depend on the sentences beside it; sentences are shared
out over threads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from kgraph.errors import UsageError
from kgraph.parse.decode import Floats, Ints, decode_heads
from kgraph.parse.pieces import BEGIN, END, UNKNOWN, WordPieces
from kgraph.resources import reader_dir

READERS = ("accurate", "fast")
MAX_PIECES = 500
_PART = 4  # sentences that a thread takes at a time
_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of one sentence, an entry per word; `heads` count words from 1, 0 for the root's."""

    heads: list[int]
    deprels: list[str]
    upos: list[str]
    xpos: list[str]
    feats: list[str]
    entities: list[str]  # IOB tags: O, B-PER, I-PER …


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A sentence as the encoder sees it: piece ids, and the first and last piece of each word."""

    ids: list[int] = field(default_factory=lambda: [BEGIN])
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


class Network:
    """A loaded network; safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        names = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.treebanks: dict[str, int] = names["treebanks"]
        self._deprels, self._upos, self._xpos = names["deprels"], names["upos"], names["xpos"]
        self._entities: list[str] = names["entities"]
        self._feats: list[tuple[str, list[str]]] = sorted(names["feats"].items())
        sizes = [len(values) for values in names["feats"].values()]
        ends = dict(zip(names["feats"], np.cumsum(sizes), strict=True))
        self._slices = [slice(ends[name] - len(values), ends[name]) for name, values in self._feats]
        self._feat_strings: dict[bytes, str] = {}
        self._root = self._deprels.index("root")
        self._words = WordPieces(folder.parent / "tokenizer.json")
        mapped = np.load(folder.parent / "pieces.npy", mmap_mode="r")  # processes share the memory
        self._rows: NDArray[np.int8] = mapped.view(np.ndarray)
        self._scales: Floats = np.load(folder.parent / "scales.npy").astype(np.float32)
        with np.load(folder / "labels.npz") as packed:
            weights = packed["weights"].astype(np.float32)
        self._label_count, self._label_size = weights.shape[0], weights.shape[1]
        self._label_weights = np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(self._label_size, -1))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.threads = threads or _cores()
        self._pool: ThreadPoolExecutor | None = None
        self._blas = _OneThread()

    def read(self, sentences: Iterable[list[tuple[str, bool]]], treebank: str) -> Iterator[Reading]:
        """Read sentences of (form, white space stands before it) pairs in the manner of a treebank.

        Where there are several threads they begin at once, and the caller can do something else until it wants the
        readings.
        """
        number = self.treebanks[treebank]
        cut = [self._cut(words) for words in sentences]
        parts = [cut[start : start + _PART] for start in range(0, len(cut), _PART)]
        self._blas.enter()  # our threads already use all cores
        if self.threads == 1:
            return self._readings([partial(self._read_part, part, number) for part in parts])
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="kgraph-reader")
        return self._readings([self._pool.submit(self._read_part, part, number).result for part in parts])

    def _readings(self, parts: list[Callable[[], list[Reading]]]) -> Iterator[Reading]:
        try:
            for part in parts:
                yield from part()
        finally:
            self._blas.leave()

    def _read_part(self, cut: list[_Pieces], treebank: int) -> list[Reading]:
        return [self._read(pieces, treebank) for pieces in cut]

    def _cut(self, words: list[tuple[str, bool]]) -> _Pieces:
        cut = _Pieces()
        for form, spaced in words:
            ids = self._words(form, spaced=spaced)
            if len(cut.ids) + len(ids) > MAX_PIECES:  # sentences are cut before they are so long; the last guard
                ids = [UNKNOWN] if len(cut.ids) < MAX_PIECES + 10 else []
            cut.first.append(min(len(cut.ids), MAX_PIECES))
            cut.ids.extend(ids)
            cut.last.append(min(len(cut.ids) - 1, MAX_PIECES))
        cut.ids.append(END)
        return cut

    def _read(self, cut: _Pieces, treebank: int) -> Reading:
        arcs, heads, deps, upos, xpos, feats, entities = self._session.run(
            None,
            {
                "vectors": (self._rows[cut.ids] * self._scales[cut.ids])[None],
                "mask": np.ones((1, len(cut.ids)), dtype=np.float32),
                "first": np.array([cut.first]),
                "last": np.array([cut.last]),
                "treebank": np.array([treebank]),
            },
        )
        size = len(cut.first)
        scores = arcs[0]
        scores[np.arange(size), np.arange(size) + 1] = _NEVER
        tree = decode_heads(scores)
        labels = self._labels(heads[0][tree], deps[0], tree == 0)
        values = np.stack([feats[0][:, part].argmax(axis=1) for part in self._slices], axis=1).astype(np.int8)
        return Reading(
            tree.tolist(),
            [self._deprels[k] for k in labels],
            [self._upos[k] for k in upos[0].argmax(axis=1)],
            [self._xpos[k] for k in xpos[0].argmax(axis=1)],
            [self._feat_string(row) for row in values],
            [self._entities[k] for k in entities[0].argmax(axis=1)],
        )

    def _labels(self, heads: Floats, deps: Floats, is_root: NDArray[np.bool_]) -> Ints:
        ones = np.ones((len(deps), 1), dtype=np.float32)
        left = np.concatenate([deps, ones], axis=1) @ self._label_weights
        right = np.concatenate([heads, ones], axis=1)
        scores: Floats = (left.reshape(len(deps), self._label_count, -1) @ right[:, :, None])[:, :, 0]
        scores[:, self._root] = np.where(is_root, -_NEVER, _NEVER)
        best: Ints = scores.argmax(axis=1)
        return best

    def _feat_string(self, row: NDArray[np.int8]) -> str:
        key = row.tobytes()
        known = self._feat_strings.get(key)
        if known is None:
            pairs = ((name, values[k]) for (name, values), k in zip(self._feats, row, strict=True))
            known = self._feat_strings[key] = "|".join(f"{name}={value}" for name, value in pairs if value)
        return known


class _OneThread:
    """Keeps numpy to one thread as long as somebody is inside."""

    def __init__(self) -> None:
        self._controller = ThreadpoolController()
        self._lock = Lock()
        self._inside = 0
        self._limit: Any = None

    def enter(self) -> None:
        """Limit the threads, if that is not done yet."""
        with self._lock:
            self._inside += 1
            if self._limit is None:
                self._limit = self._controller.limit(limits=1, user_api="blas")

    def leave(self) -> None:
        """Lift the limit, if nobody else is inside."""
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()
                self._limit = None


@lru_cache(maxsize=4)
def load_network(reader: str, *, threads: int = 0) -> Network:
    """The network of a reader from the package; the same object each time.

    Raises UsageError for a name that is no reader.
    """
    if reader not in READERS:
        raise UsageError(f"there is no reader {reader!r}; one of: {', '.join(READERS)}")
    return Network(reader_dir() / reader, threads=threads)


def _cores() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 8)
