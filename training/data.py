"""What the network learns from: treebanks, named entities and trees that another reader has drawn, as batches."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from torch import Tensor

from kgraph.parse.pieces import BEGIN, END, PAD, UNKNOWN, WordPieces
from kgraph.parse.treebank import FEATURES, Tree, Word, read_trees
from training.files import ENTITIES
from training.network import TREEBANKS

IGNORED = -100
_MAX_PIECES = 250
_RARE_LABEL, _RARE_VALUE = 20, 10


@dataclass(slots=True)
class Example:
    """A sentence as numbers; what is not annotated is None. `weights` (one per word) count arcs and labels."""

    pieces: list[int]
    first: list[int]
    last: list[int]
    treebank: int
    heads: list[int] | None = None
    deprels: list[int] | None = None
    upos: list[int] | None = None
    xpos: list[int] | None = None
    feats: list[list[int]] | None = None
    entities: list[int] | None = None


@dataclass(slots=True)
class Batch:
    """Padded tensors of some examples."""

    pieces: Tensor
    first: Tensor
    last: Tensor
    words: Tensor  # (B, N), true where a word stands
    treebank: Tensor
    gold: dict[str, Tensor] = field(default_factory=dict)


def trees(path: Path, lang: str) -> list[Tree]:
    """The sentences of a treebank in spaCy's tokens."""
    nlp = spacy.blank(lang)

    def tokens(text: str) -> list[tuple[int, int]]:
        return [(token.idx, token.idx + len(token)) for token in nlp.make_doc(text)]

    found = read_trees(path, lang, tokens=tokens if lang in ("de", "en") else None)
    if "hdt" in path.name:
        found = [Tree(tree.id, tuple(map(_hdt_word, tree.words))) for tree in found]
    return [tree for tree in found if sum(word.head == 0 for word in tree.words) == 1]


def _hdt_word(word: Word) -> Word:
    """HDT's habits brought near to GSD's: dative objects, indefinite pronouns, prepositions without Case."""
    dative = word.deprel == "obj" and word.feats.get("Case") == "Dat"
    return replace(
        word,
        lemma="",
        deprel="obl:arg" if dative else word.deprel,
        upos="PRON" if word.xpos == "PIS" and word.upos == "DET" else word.upos,
        feats={} if word.upos == "ADP" else word.feats,
    )


def label_maps(annotated: Sequence[tuple[str, list[Tree]]]) -> dict[str, Any]:
    """The numbers of all labels, from pairs of a treebank's name and its trees."""
    words = [(name, word) for name, found in annotated for tree in found for word in tree.words]
    deprels = Counter(word.deprel for _, word in words)
    feats = Counter((name, value) for _, word in words for name, value in word.feats.items())
    values: dict[str, dict[str, int]] = {name: {"": 0} for name in FEATURES}
    for (name, value), count in feats.most_common():
        if count >= _RARE_VALUE:
            values[name].setdefault(value, len(values[name]))
    return {
        "dep": _numbered(label for label, count in deprels.most_common() if count >= _RARE_LABEL),
        "pos": _numbered(sorted({word.upos for _, word in words})),
        "tag": _numbered(sorted({word.xpos for name, word in words if name in ("gsd", "hdt") and word.xpos})),
        "feat": values,
        "ent": _numbered(ENTITIES),
    }


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: k for k, name in enumerate(names)}


class Encoder:
    """Makes examples."""

    def __init__(self, pieces: WordPieces, maps: Mapping[str, Any]) -> None:
        self.pieces = pieces
        self.maps = maps

    def tree(self, tree: Tree, treebank: str) -> Example | None:
        """An example with a tree; None where it is too long."""
        example = self.words([(word.form, word.spaced) for word in tree.words], treebank)
        if example is None:
            return None
        maps, german = self.maps, treebank in ("gsd", "hdt")
        example.heads = [word.head for word in tree.words]
        example.deprels = [maps["dep"].get(word.deprel, IGNORED) for word in tree.words]
        example.upos = [maps["pos"].get(word.upos, IGNORED) for word in tree.words]
        example.xpos = [maps["tag"].get(word.xpos, IGNORED) if german else IGNORED for word in tree.words]
        example.feats = [[maps["feat"][f].get(word.feats.get(f, ""), 0) for f in FEATURES] for word in tree.words]
        return example

    def named(self, words: Sequence[tuple[str, bool]], tags: Sequence[str], treebank: str) -> Example | None:
        """An example with entities."""
        example = self.words(words, treebank)
        if example is not None:
            example.entities = [self.maps["ent"][tag] for tag in tags]
        return example

    def words(self, words: Sequence[tuple[str, bool]], treebank: str) -> Example | None:
        """An example without annotation, from (form, is followed by a space) pairs."""
        example = Example([BEGIN], [], [], TREEBANKS[treebank])
        for k, (form, _) in enumerate(words):
            ids = self.pieces(form, spaced=k == 0 or words[k - 1][1])
            example.first.append(len(example.pieces))
            example.pieces += ids
            example.last.append(len(example.pieces) - 1)
        example.pieces.append(END)
        return example if len(example.pieces) <= _MAX_PIECES else None


def read_drawn(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that `training.silver` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Shuffle examples into batches of about `size` padded pieces and similar length."""
    shuffled = list(examples)
    rng.shuffle(shuffled)
    made: list[list[Example]] = []
    for start in range(0, len(shuffled), 600):
        group: list[Example] = []
        for example in sorted(shuffled[start : start + 600], key=lambda e: len(e.pieces)):
            if group and (len(group) + 1) * len(example.pieces) > size:
                made.append(group)
                group = []
            group.append(example)
        if group:
            made.append(group)
    rng.shuffle(made)
    return made


def collate(examples: Sequence[Example], *, masked: float = 0.0, rng: random.Random | None = None) -> Batch:
    """Pad examples; a share `masked` of the words is hidden from the encoder."""
    pieces = [list(example.pieces) for example in examples]
    if masked and rng is not None:
        for row, example in zip(pieces, examples, strict=True):
            for first, last in zip(example.first, example.last, strict=True):
                if rng.random() < masked:
                    row[first : last + 1] = [UNKNOWN] * (last + 1 - first)
    length = max(len(example.first) for example in examples)
    batch = Batch(
        pieces=_padded(pieces, PAD),
        first=_padded([e.first for e in examples], 0),
        last=_padded([e.last for e in examples], 0),
        words=_padded([[1] * len(e.first) for e in examples], 0).bool(),
        treebank=torch.tensor([e.treebank for e in examples]),
    )
    getters: dict[str, Callable[[Example], list[int] | None]] = {
        "heads": lambda e: e.heads,
        "deprels": lambda e: e.deprels,
        "upos": lambda e: e.upos,
        "xpos": lambda e: e.xpos,
        "entities": lambda e: e.entities,
    }
    for name, get in getters.items():
        batch.gold[name] = _padded([get(e) or [] for e in examples], IGNORED, length)
    feats = np.full((len(examples), length, len(FEATURES)), IGNORED, dtype=np.int64)
    for k, example in enumerate(examples):
        if example.feats:
            feats[k, : len(example.feats)] = example.feats
    batch.gold["feats"] = torch.from_numpy(feats)
    return batch


def _padded(rows: Sequence[Sequence[int]], filler: int, length: int = 0) -> Tensor:
    table = np.full((len(rows), length or max(map(len, rows))), filler, dtype=np.int64)
    for k, row in enumerate(rows):
        table[k, : len(row)] = row
    return torch.from_numpy(table)
