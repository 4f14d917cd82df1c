"""Genitive pronouns before a noun: "Kuba, dessen Soldaten …", "Scholz und dessen Außenministerin"."""

from __future__ import annotations

from kgraph.link.thread import Seen, Thread
from kgraph.link.tree import Tree
from kgraph.model import Actor, Token

_GENDERS = {"dessen": frozenset("mn"), "deren": frozenset("fp")}
_FEATURES = {"Masc": "m", "Fem": "f", "Neut": "n"}
_JOINERS = ("und", "sowie", "oder")
_BEFORE_NOUN = ("ADJ", "NUM", "ADV")


class Relatives:
    """Resolves "dessen" and "deren", which open a relative clause or take up who was named last."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    def resolve(self, index: int, token: Token) -> list[Actor]:
        """Whose the noun after the pronoun is; empty where it stands before no noun, or where that is unclear."""
        tree = self._thread.tree(index)
        if self._noun(tree, token.i) is None:
            return []
        genders = _GENDERS[token.form.lower()]
        if self._opens_clause(tree, token.i):
            return self._antecedent(index, token.i, genders)
        return self._beside(index, token.i, genders) or self._last_named(index, token.i, genders)

    def _noun(self, tree: Tree, i: int) -> int | None:
        """The noun that a genitive stands before, with nothing but its attributes between."""
        for k in range(i + 1, min(i + 5, len(tree))):
            if tree.tokens[k].upos in ("NOUN", "PROPN"):
                return k
            if tree.tokens[k].upos not in _BEFORE_NOUN and tree.tokens[k].deprel != "amod":
                return None
        return None

    def _opens_clause(self, tree: Tree, i: int) -> bool:
        """True after a comma, or a comma and a preposition: ", mit dessen Hilfe"."""
        k = i - 1
        if k >= 0 and tree.tokens[k].upos == "ADP":
            k -= 1
        return tree.form(k) == ","

    def _antecedent(self, index: int, i: int, genders: frozenset[str]) -> list[Actor]:
        """What the relative clause hangs from; where that does not agree, what stands right before the comma."""
        tree = self._thread.tree(index)
        verb = tree.clause(i)
        if tree.tokens[verb].deprel.startswith("acl") and tree.tokens[verb].head < i:
            noun = tree.tokens[verb].head
            found = self._agreeing(self._thread.at(index, noun), genders)
            if found:
                return found
            if self._is_other_noun(index, noun, genders):
                return []
        comma = next(k for k in range(i - 1, -1, -1) if tree.form(k) == ",")
        return self._agreeing(self._thread.at(index, comma - 1), genders)

    def _beside(self, index: int, i: int, genders: frozenset[str]) -> list[Actor]:
        """In "Scholz und dessen Außenministerin" the conjunct before it."""
        tree = self._thread.tree(index)
        return self._agreeing(self._thread.at(index, i - 2), genders) if tree.lower(i - 1) in _JOINERS else []

    def _last_named(self, index: int, i: int, genders: frozenset[str]) -> list[Actor]:
        """The only one named before it who agrees and is not the subject, in the sentence or at the end of the one before."""
        here = [s for s in self._thread.seen(index) if s.mention.token < i]
        if any(self._is_other_noun(index, k, genders) for k in range(i)):
            return []
        if any(s.genders & genders and not s.weak for s in here):
            return self._only([s for s in here if not s.subject], genders)
        return self._only(self._thread.seen(index - 1), genders)

    def _only(self, seen: list[Seen], genders: frozenset[str]) -> list[Actor]:
        actors = list(dict.fromkeys(s.actor for s in seen if s.genders & genders and not s.weak))
        return actors if len(actors) == 1 else []

    def _agreeing(self, seen: list[Seen], genders: frozenset[str]) -> list[Actor]:
        return list(dict.fromkeys(s.actor for s in seen if not s.weak and s.genders & genders))[:1]

    def _is_other_noun(self, index: int, i: int, genders: frozenset[str]) -> bool:
        """True for a noun that agrees and is no actor."""
        token = self._thread.tree(index).tokens[i]
        if token.upos != "NOUN" or self._thread.at(index, i):
            return False
        gender = "p" if token.feat("Number") == "Plur" else _FEATURES.get(token.feat("Gender"), "")
        return bool(gender) and gender in genders


def is_genitive_pronoun(token: Token) -> bool:
    """True for dessen and deren."""
    return token.form.lower() in _GENDERS
