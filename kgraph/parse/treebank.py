"""Treebanks in CoNLL-U as the reader sees text: one word for each of spaCy's tokens, labels of one scheme.

German treebanks split contractions (im = in + dem) and hyphen compounds (US + - + Angriffe). Words that one token
covers are joined; the joined word hangs where its head hung. Labels are the universal ones with a few subtypes.
Source: Universal Dependencies version 2, https://universaldependencies.org/format.html
"""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kgraph.errors import DataError

_COLUMNS = 10
_SUBTYPES = {
    "de": {"nsubj:pass", "aux:pass", "csubj:pass", "compound:prt", "obl:arg", "obl:agent", "expl:pv"},
    "en": {"nsubj:pass", "aux:pass", "csubj:pass", "compound:prt", "obl:agent"},
}
FEATURES = (
    *("Case", "Number", "Gender", "Person", "Tense", "Mood", "VerbForm", "Degree"),
    *("Definite", "PronType", "Poss", "Reflex", "Voice", "NumType", "Polarity"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a treebank; `head` counts words from 1, 0 for the root's. An empty lemma is one that is not known."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: Mapping[str, str]
    head: int
    deprel: str
    spaced: bool
    contracted: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence of a treebank."""

    id: str
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with the spaces that stand between them."""
        return "".join(word.form + " " * word.spaced for word in self.words).strip()


@dataclass(slots=True)
class _Rows:
    """The lines of a sentence: words by number, and the ranges that are written as one word."""

    id: str = ""
    words: dict[int, list[str]] = field(default_factory=dict)
    ranges: dict[int, tuple[int, str, str]] = field(default_factory=dict)


def read_trees(
    path: Path, lang: str, *, tokens: Callable[[str], Iterable[tuple[int, int]]] | None = None
) -> list[Tree]:
    """The sentences of a .conllu file, or of one packed with xz.

    `tokens` gives the (start, end) offsets of a text's tokens; words that one of them covers are joined.
    Raises DataError for a file that is not CoNLL-U, with the line.
    """
    try:
        data = path.read_bytes()
        text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise DataError([f"{path}: cannot be read: {error}"]) from error
    trees = [_tree(rows, lang) for rows in _sentences(text, str(path))]
    return [_joined(tree, tokens) for tree in trees] if tokens else trees


def _sentences(text: str, name: str) -> Iterator[_Rows]:
    rows = _Rows()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if not line.strip():
            if rows.words:
                _check(rows, f"{name}:{number}")
                yield rows
            rows = _Rows()
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            if key.strip() == "sent_id":
                rows.id = value.strip()
        else:
            _add(rows, line.rstrip("\r").split("\t"), f"{name}:{number}")


def _add(rows: _Rows, cells: list[str], where: str) -> None:
    number = cells[0]
    try:
        if len(cells) != _COLUMNS:
            raise ValueError(f"{len(cells)} columns")
        if "-" in number:
            first, last = map(int, number.split("-"))
            rows.ranges[first] = (last, cells[1], cells[9])
        elif "." not in number:
            int(cells[6])
            rows.words[int(number)] = cells
    except ValueError as error:
        raise DataError(
            [f"{where}: not a line of CoNLL-U ({error}); it needs ten columns and numbers in 1 and 7"]
        ) from error


def _check(rows: _Rows, where: str) -> None:
    numbers = set(rows.words)
    if numbers != set(range(1, len(numbers) + 1)):
        raise DataError([f"{where}: the words before this line are not numbered 1 to {len(numbers)}"])
    if lost := [cells[0] for cells in rows.words.values() if int(cells[6]) not in numbers | {0}]:
        raise DataError([f"{where}: the heads of the words {', '.join(lost)} before this line are no words"])
    if not any(cells[6] == "0" for cells in rows.words.values()):
        raise DataError([f"{where}: the sentence before this line has no root"])


def _tree(rows: _Rows, lang: str) -> Tree:
    """The sentence with contractions as one word; English clitics (do + n't) stay apart, as spaCy has them."""
    words: list[Word] = []
    place = {0: 0}
    number = 1
    while number <= len(rows.words):
        last, form, misc = rows.ranges.get(number, (number, "", ""))
        group = [rows.words[k] for k in range(number, last + 1)]
        if len(group) > 1 and lang != "en":
            place.update(dict.fromkeys(range(number, last + 1), len(words) + 1))
            words.append(_contraction(group, form, lang, spaced="SpaceAfter=No" not in misc))
        else:
            for k, cells in enumerate(group):
                place[number + k] = len(words) + 1
                glued = "SpaceAfter=No" in (cells[9] if len(group) == 1 else misc) or k < len(group) - 1
                words.append(_word(cells, lang, spaced=not glued))
        number = last + 1
    placed = [replace(word, head=place[word.head]) for word in words]
    return Tree(rows.id, tuple(replace(w, head=0) if w.head == k else w for k, w in enumerate(placed, start=1)))


def _word(cells: list[str], lang: str, *, spaced: bool) -> Word:
    blank = cells[2] == "_" and cells[1] != "_"
    return Word(
        form=cells[1],
        lemma="" if blank else cells[2],
        upos=cells[3],
        xpos="" if cells[4] == "_" else cells[4],
        feats=_feats(cells[5]),
        head=int(cells[6]),
        deprel=label(cells[7], lang),
        spaced=spaced,
    )


def _contraction(group: list[list[str]], form: str, lang: str, *, spaced: bool) -> Word:
    """One word for preposition and article, with the preposition's place and the article's features."""
    inside = {int(cells[0]) for cells in group}
    top = next((cells for cells in group if int(cells[6]) not in inside), group[0])
    feats: dict[str, str] = {}
    for cells in group:
        for name, value in _feats(cells[5]).items():
            feats.setdefault(name, value)
    word = _word(top, lang, spaced=spaced)
    xpos = "APPRART" if word.xpos == "APPR" else word.xpos
    return replace(word, form=form, xpos=xpos, feats=feats, contracted=True)


def _feats(cell: str) -> dict[str, str]:
    if cell == "_":
        return {}
    pairs = (pair.partition("=") for pair in cell.split("|"))
    return {name: value for name, _, value in pairs if name in FEATURES}


def label(deprel: str, lang: str) -> str:
    """The label of the reader's scheme for one of a treebank."""
    if deprel == "iobj" and lang != "en":
        return "obl:arg"
    return deprel if deprel in _SUBTYPES.get(lang, _SUBTYPES["de"]) else deprel.split(":")[0]


def _joined(tree: Tree, tokens: Callable[[str], Iterable[tuple[int, int]]]) -> Tree:
    """The tree with the words joined that one token covers: US + - + Angriffe."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for k, word in enumerate(tree.words):
        starts[at] = k
        at += len(word.form)
        ends[at] = k
        at += word.spaced
    cover = {starts[b]: ends[e] for b, e in tokens(tree.text) if b in starts and e in ends and ends[e] > starts[b]}
    if not cover:
        return tree
    groups: list[tuple[int, int]] = []
    k = 0
    while k < len(tree.words):
        groups.append((k, cover.get(k, k)))
        k = groups[-1][1] + 1
    place = {0: 0} | {m + 1: n for n, (b, e) in enumerate(groups, start=1) for m in range(b, e + 1)}
    words = [_join(tree.words, b, e) for b, e in groups]
    placed = [replace(word, head=place[word.head]) for word in words]
    return Tree(tree.id, tuple(replace(w, head=0) if w.head == n else w for n, w in enumerate(placed, start=1)))


def _join(words: tuple[Word, ...], first: int, last: int) -> Word:
    if first == last:
        return words[first]
    group = words[first : last + 1]
    outer = [word for word in group if not first < word.head <= last + 1]
    top = ([word for word in outer if word.upos != "PUNCT"] or outer)[-1]
    end = group[-1]
    stem = "".join(word.form for word in group[:-1])
    lemma = stem + (end.lemma if end.upos != "PUNCT" else end.form) if end.lemma else ""
    return replace(top, form=stem + end.form, lemma=lemma, spaced=end.spaced)
