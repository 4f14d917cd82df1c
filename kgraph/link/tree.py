"""A sentence's tree with the questions that the linker asks of it."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.grammar import repaired
from kgraph.model import Sentence, Token

_CONTRACTIONS = {
    "im": "in", "ins": "in", "am": "an", "ans": "an", "zum": "zu", "zur": "zu", "vom": "von", "beim": "bei",
    "aufs": "auf", "fürs": "für", "ums": "um", "durchs": "durch", "vors": "vor", "übers": "über", "gegens": "gegen",
}  # fmt: skip
_SUBJECTS = ("nsubj", "nsubj:pass")
_OPENERS = frozenset("\"„“”»«‚'‘’(–-—:›‹")
DEFINITE = frozenset("der die das des dem den dieser diese dieses diesem diesen jener jene jenes jenem jenen".split())
CONTRACTED = ("im", "am", "zum", "zur", "vom", "beim", "ins", "ans")
DETERMINERS = DEFINITE | frozenset("ein eine eines einem einen einer kein keine keinem keinen keiner".split())


class Tree:
    """The tokens of a sentence by position, with their children; made once per sentence."""

    __slots__ = ("_children", "sentence", "tokens")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens = repaired(sentence.tokens)
        self._children: list[list[int]] = [[] for _ in sentence.tokens]
        for token in self.tokens:
            if token.head != token.i:
                self._children[token.head].append(token.i)

    def __len__(self) -> int:
        return len(self.tokens)

    def form(self, i: int) -> str:
        """The word at a place, or the empty string outside the sentence."""
        return self.tokens[i].form if 0 <= i < len(self.tokens) else ""

    def lower(self, i: int) -> str:
        """The word at a place in lower case, or the empty string outside the sentence."""
        return self.form(i).lower()

    def children(self, i: int) -> list[int]:
        """The places of a token's dependents, left to right."""
        return self._children[i]

    def top(self, tokens: Iterable[int]) -> int:
        """The token of a chunk that the others hang from: the first whose head is outside."""
        inside = sorted(tokens)
        for i in inside:
            head = self.tokens[i].head
            if head == i or head not in inside:
                return i
        return inside[0]

    def case(self, i: int) -> str:
        """The preposition of a noun phrase, contractions resolved; empty where it has none."""
        for child in self._children[i]:
            if self.tokens[child].deprel == "case" and child < i:
                return preposition(self.tokens[child])
        return ""

    def leader(self, i: int) -> int:
        """The first member of the coordination or the head of the name that a token belongs to."""
        seen = 0
        while self.tokens[i].deprel.split(":")[0] in ("conj", "flat", "appos") and seen < len(self.tokens):
            i = self.tokens[i].head
            seen += 1
        return i

    def first_conjunct(self, i: int) -> int:
        """The first member of the coordination that a token belongs to."""
        seen = 0
        while self.tokens[i].deprel == "conj" and seen < len(self.tokens):
            i = self.tokens[i].head
            seen += 1
        return i

    def is_subject(self, i: int) -> bool:
        """True where a token is the subject of a clause, itself or as a conjunct or apposition."""
        return self.tokens[self.leader(i)].deprel in _SUBJECTS

    def subject_of(self, verb: int) -> int | None:
        """The subject of a verb, or None."""
        for child in self._children[verb]:
            if self.tokens[child].deprel in _SUBJECTS:
                return child
        return None

    def is_relative(self, i: int) -> bool:
        """True for a relative pronoun; "der" may be read as one and as a demonstrative alike (Dem,Rel)."""
        return "Rel" in self.tokens[i].feat("PronType").split(",")

    def is_passive(self, verb: int) -> bool:
        """True for a verb with a passive auxiliary or subject."""
        return any(self.tokens[k].deprel in ("aux:pass", "nsubj:pass") for k in self._children[verb])

    def is_plural(self, i: int) -> bool:
        """True where the morphology says plural."""
        return self.tokens[i].feat("Number") == "Plur"

    def begins(self, i: int) -> bool:
        """True where a word opens the sentence, or a quotation or the like within it."""
        return i == 0 or self.tokens[i - 1].form in _OPENERS or (self.tokens[i - 1].form == ":")

    def clause(self, i: int) -> int:
        """The verb (or other predicate) of the clause that a token stands in."""
        seen = 0
        while seen < len(self.tokens):
            token = self.tokens[i]
            if token.head == i or token.deprel.split(":")[0] in ("ccomp", "advcl", "acl", "xcomp", "parataxis", "root"):
                return i
            if token.deprel == "conj" and token.upos in ("VERB", "AUX"):
                return i
            i = token.head
            seen += 1
        return i

    def path_up(self, i: int) -> list[int]:
        """The heads of a token up to the root, nearest first."""
        path: list[int] = []
        while self.tokens[i].head != i and len(path) < len(self.tokens):
            i = self.tokens[i].head
            path.append(i)
        return path


def preposition(token: Token) -> str:
    """The preposition that a token is, contractions resolved."""
    word = token.form.lower()
    return _CONTRACTIONS.get(word, word)
