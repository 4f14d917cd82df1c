"""The spaCy component that reads trees: a small multilingual encoder with biaffine heads, run by ONNX Runtime.

It sets upos, xpos, morphology, heads and deprels of documents whose sentence starts are set. Its files:
parser.onnx, embeddings.npz (8-bit word pieces), labels.npz (biaffine label weights), labels.json, tokenizer.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from kgraph.parse.decode import Floats, decode_heads

MAX_PIECES = 500
_MAX_WORD_PIECES = 12
_BATCH_PIECES = 1500
_BEGIN, _PAD, _END, _UNKNOWN = 0, 1, 2, 3
_FILES = ("parser.onnx", "embeddings.npz", "labels.npz", "labels.json", "tokenizer.json")


@dataclass(slots=True)
class _Unit:
    """A sentence as the encoder sees it: piece ids, and the first and last piece of each word."""

    doc: int
    start: int
    pieces: list[int] = field(default_factory=lambda: [_BEGIN])
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Annotation:
    """What is set on one document, a list entry per token."""

    heads: list[int]
    deprels: list[str]
    upos: list[str]
    xpos: list[str]
    feats: list[str]

    @classmethod
    def blank(cls, doc: Doc) -> _Annotation:
        size = len(doc)
        return cls(list(range(size)), ["dep"] * size, ["X"] * size, [""] * size, [""] * size)


class TreeReader:
    """Reads trees; a spaCy pipeline component."""

    def __init__(self, *, treebank: int = 0, threads: int = 0) -> None:
        self.treebank = treebank
        self.threads = threads

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents in batches; the order stays."""
        for docs in _batches(stream, batch_size):
            notes = [_Annotation.blank(doc) for doc in docs]
            units = sorted((u for k, doc in enumerate(docs) for u in self._units(k, doc)), key=lambda u: len(u.pieces))
            for group in _groups(units):
                self._read(group, notes)
            for doc, note in zip(docs, notes, strict=True):
                _annotate(doc, note)
                yield doc

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> TreeReader:
        """Load the model's files; called by spaCy."""
        path = Path(path)
        labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
        maps = labels["maps"]
        self._deprels = _inverse(maps["dep"])
        self._upos = _inverse(maps["pos"])
        self._xpos = _inverse(maps["tag"])
        self._feats = [(name, _inverse(maps["feat"][name])) for name in labels["fe"]]
        self._splits = np.cumsum([len(values) for _, values in self._feats])[:-1]
        self._root = maps["dep"]["root"]
        self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self._vocab = self._tokenizer.get_vocab()
        self._pieces: dict[tuple[str, bool], list[int]] = {}
        with np.load(path / "embeddings.npz") as packed:
            self._embeddings = packed["q"]
            self._scales = packed["s"].astype(np.float32)
        with np.load(path / "labels.npz") as packed:
            weights = packed["U"].astype(np.float32)
        self._label_count, self._label_size = weights.shape[0], weights.shape[1]
        self._label_weights = weights.transpose(1, 0, 2).reshape(self._label_size, -1)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(path / "parser.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._source = path
        return self

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Copy the model's files; called by spaCy."""
        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (path / name).write_bytes((self._source / name).read_bytes())

    def _units(self, number: int, doc: Doc) -> Iterator[_Unit]:
        starts = [token.i for token in doc if token.i == 0 or token.is_sent_start]
        for start, end in zip(starts, [*starts[1:], len(doc)], strict=True):
            unit = _Unit(number, start)
            for i in range(start, end):
                spaced = i == start or bool(doc[i - 1].whitespace_)
                pieces = self._word(doc[i].text, spaced)
                if (
                    len(unit.pieces) + len(pieces) > MAX_PIECES
                ):  # longer sentences are cut before; this is the last guard
                    pieces = [_UNKNOWN] if len(unit.pieces) < MAX_PIECES + 10 else []
                unit.first.append(min(len(unit.pieces), MAX_PIECES))
                unit.pieces += pieces
                unit.last.append(min(len(unit.pieces) - 1, MAX_PIECES))
            unit.pieces.append(_END)
            yield unit

    def _word(self, text: str, spaced: bool) -> list[int]:
        """The piece ids of a word, remembered; `spaced` where white space stands before it."""
        known = self._pieces.get((text, spaced))
        if known is not None:
            return known
        encoding = self._tokenizer.encode(text[:100], add_special_tokens=False)
        ids, tokens = list(encoding.ids), encoding.tokens
        if not spaced and tokens:
            if tokens[0] == "▁" and len(tokens) > 1:
                ids = ids[1:]
            elif tokens[0].startswith("▁") and tokens[0][1:] in self._vocab:
                ids[0] = self._vocab[tokens[0][1:]]
        ids = ids[:_MAX_WORD_PIECES] or [_UNKNOWN]
        if len(self._pieces) > 200_000:
            self._pieces.clear()
        self._pieces[text, spaced] = ids
        return ids

    def _read(self, group: list[_Unit], notes: list[_Annotation]) -> None:
        """Run the encoder over sentences of similar length and note the results."""
        pieces = _padded([u.pieces for u in group], _PAD)
        arcs, heads, deps, upos, xpos, feats = self._session.run(
            None,
            {
                "we": self._embeddings[pieces] * self._scales[pieces],
                "att": (pieces != _PAD).astype(np.float32),
                "fi": _padded([u.first for u in group], 0),
                "la": _padded([u.last for u in group], 0),
                "tb": np.full(len(group), self.treebank),
            },
        )
        for k, unit in enumerate(group):
            size = len(unit.first)
            note = notes[unit.doc]
            scores = arcs[k, :size, : size + 1].astype(np.float32)
            scores[np.arange(size), np.arange(size) + 1] = -1e4
            tree = decode_heads(scores)
            labels = self._labels(heads[k][tree], deps[k, :size], tree == 0)
            chosen = [part.argmax(axis=-1) for part in np.split(feats[k, :size], self._splits, axis=-1)]
            for i in range(size):
                at = unit.start + i
                note.heads[at] = unit.start + int(tree[i]) - 1 if tree[i] else at
                note.deprels[at] = "ROOT" if tree[i] == 0 else self._deprels[int(labels[i])]
                note.upos[at] = self._upos[int(upos[k, i].argmax())]
                note.xpos[at] = self._xpos[int(xpos[k, i].argmax())]
                values = (
                    (name, values[int(part[i])]) for (name, values), part in zip(self._feats, chosen, strict=True)
                )
                note.feats[at] = "|".join(sorted(f"{name}={value}" for name, value in values if value))

    def _labels(self, heads: Floats, deps: Floats, is_root: NDArray[np.bool_]) -> NDArray[np.int64]:
        ones = np.ones((len(deps), 1), dtype=np.float32)
        left = np.concatenate([deps, ones], axis=1) @ self._label_weights
        cube = left.reshape(len(deps), self._label_count, -1)
        scores = np.einsum("nrd,nd->nr", cube, np.concatenate([heads, ones], axis=1), optimize=True)
        scores[:, self._root] = np.where(is_root, 1e4, -1e4)
        best: NDArray[np.int64] = scores.argmax(axis=1)
        return best


@Language.factory("kgraph_tree_reader", default_config={"treebank": 0, "threads": 0})
def _make(nlp: Language, name: str, treebank: int, threads: int) -> TreeReader:
    return TreeReader(treebank=treebank, threads=threads)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    iterator = iter(stream)
    while docs := list(islice(iterator, size)):
        yield docs


def _inverse(mapping: dict[str, int]) -> dict[int, str]:
    return {index: name for name, index in mapping.items()}


def _padded(rows: list[list[int]], filler: int) -> NDArray[np.int64]:
    table = np.full((len(rows), max(map(len, rows))), filler, dtype=np.int64)
    for k, row in enumerate(rows):
        table[k, : len(row)] = row
    return table


def _groups(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Cut sentences sorted by length into batches of about `_BATCH_PIECES` padded pieces."""
    group: list[_Unit] = []
    for unit in units:
        if group and (len(group) + 1) * len(unit.pieces) > _BATCH_PIECES:
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _annotate(doc: Doc, note: _Annotation) -> None:
    attributes: list[Any] = ["HEAD", "DEP", "POS", "TAG", "MORPH"]
    source = Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        heads=note.heads,
        deps=note.deprels,
        pos=note.upos,
        tags=note.xpos,
        morphs=note.feats,
    )
    doc.from_array(attributes, source.to_array(attributes))  # type: ignore[arg-type]  # spaCy's own output
