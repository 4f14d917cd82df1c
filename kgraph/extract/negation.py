"""Whether a word is negated: "nicht", "kein", "weder … noch", "in keiner Weise", but not "nicht nur"."""

from __future__ import annotations

from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.model import Token

_NOT_ONLY = {"nur", "allein", "zuletzt", "bloß", "lediglich", "ohne"}
_LONGER = {
    "mehr",
    "länger",
    "einmal",
    "gut",
    "besonders",
    "sonderlich",
    "wirklich",
    "genug",
    "ausreichend",
    "hinreichend",
}
_ALWAYS = {"mitnichten", "keineswegs", "keinesfalls"}  # whatever the reader takes them for
_MANNER = {"Weise", "Fall", "Umstand", "Zeitpunkt", "Art", "Form", "Moment"}
_NOBODY = {"niemand", "nichts", "keiner", "keine", "keines"}


class Negation:
    """Finds the negations of one sentence."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.cues = tree.lexicon.cues

    def at(self, node: Token, below: Token | None = None) -> bool:
        """True where an odd number of words among the node's own negates it, leaving out the branch of `below`."""
        kids = [child for child in self.tree.kids(node.i) if child is not below]
        count = sum(self._negates(child, node) for child in kids)
        arguments = [child for child in kids if base(child.deprel) in {"obj", "nsubj", "expl"}]
        if node.upos in VERBAL and any(self._is_void(child) for child in arguments):
            count += 1
        return count % 2 == 1

    def of_end(self, i: int, trigger: Token) -> bool:
        """True where just this end of an edge is negated: "nicht A, sondern B"."""
        for child in self.tree.kids(i, "advmod"):
            if child.form.lower() == "nicht" and child.i < i and not self._only(child) and trigger.i != i:
                return True
        return False

    def _negates(self, child: Token, node: Token) -> bool:
        word = child.form.lower() if child.upos != "DET" else child.lemma.lower()
        kind = base(child.deprel)
        if kind in {"advmod", "obl"} and child.form.lower() in _LONGER:
            return any(c.form.lower() == "nicht" for c in self.tree.kids(child.i))
        if word == "noch" and kind == "advmod":
            return any(c.form.lower() == "kaum" for c in self.tree.kids(child.i))
        if word == "erst":
            return self._is_never_even(child)
        if word == "noch" and kind == "cc" and node.upos in VERBAL:
            return any(t.form.lower() == "weder" for t in self.tree.tokens[: child.i])
        if word in _ALWAYS and child.deprel != "root":
            return True
        if kind == "obl" and child.lemma in _MANNER:
            return self._has_kein(child)
        if word.startswith("kein") and kind in {"det", "advmod", "cc"}:
            return True
        if kind == "mark" and node.upos in VERBAL and word in self.cues["negating_cases"]:
            return True
        if word not in self.cues["negators"] or kind not in {"advmod", "cc", "det", "obl", "case", "mark"}:
            return False
        return not self._only(child) and not self._of_a_part(child, node)

    def _is_never_even(self, erst: Token) -> bool:
        """True for "gar nicht erst"; but not for "nicht erst seit gestern"."""
        before = [t.form.lower() for t in self.tree.tokens[: erst.i][-2:]]
        mine = any(child.form.lower() == "nicht" for child in self.tree.kids(erst.i))
        return mine and before == ["gar", "nicht"]

    def _only(self, word: Token) -> bool:
        """True for "nicht" in "nicht nur", "nicht zuletzt", "nicht ohne"."""
        after = self.tree.tokens[word.i + 1] if word.i + 1 < len(self.tree.tokens) else word
        return after.form.lower() in _NOT_ONLY or after.lemma.lower() in _NOT_ONLY

    def _of_a_part(self, word: Token, node: Token) -> bool:
        """True where a contrast takes the negation away from the verb: "nicht im Osten, sondern im Westen"."""
        after = self.tree.tokens[word.i + 1 :]
        contrast = next((t for t in after if t.form.lower() == "sondern"), None)
        if contrast is None or node.upos not in VERBAL or word.i + 1 == node.i:
            return False
        opposed = self.tree.tokens[contrast.head]
        return opposed.upos not in VERBAL

    def _is_void(self, noun: Token) -> bool:
        """True for "keine Gespräche", "weder A noch B", "niemand", "nichts"."""
        void = noun.upos == "PRON" and noun.form.lower() in _NOBODY
        return void or self._has_kein(noun) or any(c.form.lower() == "weder" for c in self.tree.kids(noun.i))

    def _has_kein(self, noun: Token) -> bool:
        return any(d.form.lower().startswith("kein") for d in self.tree.kids(noun.i, "det", "advmod"))
