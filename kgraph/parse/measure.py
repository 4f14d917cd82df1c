"""How well a parser does on a treebank: parts of speech, lemmas, arcs and labels on gold tokens and sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kgraph.parse.parser import Parser
from kgraph.parse.treebank import Tree, Word, read_trees

_NO_LEMMA = {"PUNCT", "SYM"}


@dataclass(slots=True)
class Arcs:
    """Arcs of one relation: in the treebank, read by the parser, and read with the right head and label."""

    gold: int = 0
    read: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of the arcs read that are right."""
        return self.right / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        """The share of the treebank's arcs that were read."""
        return self.right / self.gold if self.gold else 0.0


@dataclass(slots=True)
class ParserScore:
    """Counts over a treebank; the shares are between 0 and 1.

    UAS and LAS leave punctuation aside; lemmas leave aside punctuation, symbols, contracted prepositions (im, zum)
    and words whose lemma the treebank does not give.
    """

    sentences: int = 0
    words: int = 0
    upos_right: int = 0
    lemmas: int = 0
    lemmas_right: int = 0
    arcs: int = 0
    heads_right: int = 0
    labels_right: int = 0
    relations: dict[str, Arcs] = field(default_factory=lambda: defaultdict(Arcs))

    @property
    def upos(self) -> float:
        """The share of words with the right part of speech."""
        return self.upos_right / max(self.words, 1)

    @property
    def lemma(self) -> float:
        """The share of words with the right lemma."""
        return self.lemmas_right / max(self.lemmas, 1)

    @property
    def uas(self) -> float:
        """The share of words with the right head: unlabelled attachment score."""
        return self.heads_right / max(self.arcs, 1)

    @property
    def las(self) -> float:
        """The share of words with the right head and label: labelled attachment score."""
        return self.labels_right / max(self.arcs, 1)

    def as_dict(self) -> dict[str, float | int]:
        """The figures by name, shares rounded to four digits."""
        shares = {name: round(getattr(self, name), 4) for name in ("upos", "lemma", "uas", "las")}
        return {"sentences": self.sentences, "words": self.words, **shares}


def load_trees(path: Path, parser: Parser) -> list[Tree]:
    """The sentences of a .conllu file in the tokens of a parser. Raises DataError with the line of a fault."""

    def tokens(text: str) -> Iterator[tuple[int, int]]:
        return ((token.idx, token.idx + len(token)) for token in parser.nlp.make_doc(text))

    return read_trees(path, parser.lang, tokens=tokens)


def measure(parser: Parser, trees: Iterable[Tree]) -> ParserScore:
    """Parse the sentences of a treebank and compare."""
    score = ParserScore()
    kept = list(trees)
    reader = parser.nlp.get_pipe("kgraph_tree_reader")
    docs = (_blank(parser.nlp, tree) for tree in kept)
    for tree, doc in zip(kept, reader.pipe(docs), strict=True):  # type: ignore[attr-defined]  # it has one
        score.sentences += 1
        for i, word in enumerate(tree.words):
            _compare(score, word, doc, i)
    return score


def _blank(nlp: Language, tree: Tree) -> Doc:
    starts: list[bool | int | None] = [i == 0 for i in range(len(tree.words))]
    forms, spaces = [word.form for word in tree.words], [word.spaced for word in tree.words]
    return Doc(nlp.vocab, words=forms, spaces=spaces, sent_starts=starts)


def _compare(score: ParserScore, word: Word, doc: Doc, i: int) -> None:
    token = doc[i]
    score.words += 1
    score.upos_right += token.pos_ == word.upos
    if word.lemma and word.upos not in _NO_LEMMA and not word.contracted:
        score.lemmas += 1
        score.lemmas_right += token.lemma_ == word.lemma
    head = 0 if token.head.i == i else token.head.i + 1
    label = "root" if head == 0 else token.dep_
    right = head == word.head and label == word.deprel
    score.relations[word.deprel].gold += 1
    score.relations[label].read += 1
    score.relations[label].right += right
    if word.deprel != "punct":
        score.arcs += 1
        score.heads_right += head == word.head
        score.labels_right += right
