"""Role nouns and adjectives: "Russland ist Verbündeter des Iran", "das mit Russland verbündete Belarus"."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extract.ends import End, Ends
from kgraph.extract.nouns import NounMatcher
from kgraph.extract.pairs import Trial, allowed, pairs, trials
from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.lexicon import Frame, Lexicon
from kgraph.model import ActorType, Token, Via

_ONE = {"einer", "eine", "eines"}
_BEARERS_AS_OBJECT = {
    "bezeichnen",
    "nennen",
    "ansehen",
    "betrachten",
    "sehen",
    "einstufen",
    "einschätzen",
    "beschreiben",
}


class RoleMatcher:
    """Applies the frames of role nouns and adjectives to one sentence."""

    def __init__(self, tree: Tree, ends: Ends, nouns: NounMatcher, lexicon: Lexicon) -> None:
        self.tree = tree
        self.ends = ends
        self.nouns = nouns
        self.lexicon = lexicon

    def roles(self, token: Token) -> Iterator[Trial]:
        """The frames of one role noun held against it."""
        frames = self.lexicon.roles(token.lemma)
        if not frames or self.ends.is_over(token):
            return
        described = [End(m) for m in self.ends.named(token.i) if m.token == token.i]
        bearers = self.bearers(token) or (
            described if len(described) == 1 else []
        )  # "die Kriegsparteien" tells of no war
        yield from trials(
            token,
            frames,
            lambda frame: self.nouns.unmet(frame, token.i),
            lambda frame: self._role(frame, token, bearers),
        )

    def adjectives(self, token: Token) -> Iterator[Trial]:
        """The frames of one adjective held against it."""
        frames = self.lexicon.adjectives(token.lemma) or self.lexicon.adjectives(token.form)
        if not frames:
            return
        slots = self.slots(token)
        yield from trials(
            token,
            frames,
            lambda frame: tuple(s for s, words in frame.needs if not self._is_filled(slots.get(s, []), words)),
            lambda frame: self._adjective(frame, token, slots),
        )

    def _role(self, frame: Frame, token: Token, bearers: list[End]) -> Trial:
        ours = allowed(frame, bearers, frame.subject_types)
        if not bearers and frame.relation.symmetric and self.nouns.slot(token.i, "poss", act=False):
            ours = allowed(frame, self.nouns.slot(token.i, "adj", act=False), frame.subject_types)
        bearing = {end.mention for end in ours}
        others: list[End] = []
        for slot in frame.object:  # a bearer's name may be read as a genitive of the role
            found = self.nouns.first(frame, token.i, (slot,), act=False, types=frame.object_types)
            others = others or [end for end in found if end.mention not in bearing]
        if frame.inverse:
            return Trial(frame, token, tuple(others), tuple(ours), tuple(pairs(frame, token, others, ours)))
        return Trial(frame, token, tuple(ours), tuple(others), tuple(pairs(frame, token, ours, others)))

    def _adjective(self, frame: Frame, token: Token, slots: dict[str, list[int]]) -> Trial:
        ours = self._adjective_ends(frame, frame.subject or ("subj",), slots, act=False, types=frame.subject_types)
        others = self._adjective_ends(frame, frame.object, slots, act=frame.act, types=frame.object_types)
        return Trial(frame, token, tuple(ours), tuple(others), tuple(pairs(frame, token, ours, others)))

    def _adjective_ends(
        self,
        frame: Frame,
        wanted: tuple[str, ...],
        slots: dict[str, list[int]],
        *,
        act: bool,
        types: frozenset[ActorType],
    ) -> list[End]:
        for slot in wanted:
            outer, _, inner = slot.partition(".")
            filled = slots.get(outer, [])
            if inner:
                found = [end for k in filled for end in self.nouns.slot(k, inner, act=act)]
            else:
                found = [end for k in filled for end in self.ends.resolve(k, act=act)]
            found = allowed(frame, found, types)
            if found:
                return found
        return []

    def _is_filled(self, tokens: list[int], words: frozenset[str]) -> bool:
        found = (self.tree.tokens[k].lemma for i in tokens for k in self.tree.conjuncts(i))
        return any(self.lexicon.fits(lemma, words) for lemma in found)

    def is_predicate(self, token: Token) -> bool:
        """True where the role is what the clause says; elsewhere it is taken for granted."""
        head = self.tree.tokens[token.head]
        becomes = head.upos in VERBAL and head.lemma in {"werden", "bleiben"}
        return (
            bool(self.tree.kids(token.i, "cop"))
            or self.tree.case(token.i) == "als"
            or becomes
            or token.deprel == "root"
        )

    def _is_named_by_predicate(self, token: Token) -> bool:
        """True for "Sein Gegner ist Bolivien": the predicate says who bears the role."""
        head = self.tree.tokens[token.head]
        named = any(mention.via is not Via.PRONOUN for mention in self.ends.named(head.i))
        return base(token.deprel) == "nsubj" and named and bool(self.tree.kids(head.i, "cop")) and not self._is_of(head)

    def _is_of(self, noun: Token) -> bool:
        """True where a noun does not name an actor but belongs to one: "ist Teil der Nato"."""
        return bool(self.lexicon.roles(noun.lemma) or self.tree.case(noun.i))

    def bearers(self, token: Token) -> list[End]:
        """Who is said to be what the role noun says, or one of those whom it names: "einer der Verbündeten Belgiens"."""
        tree = self.tree
        one = tree.tokens[token.head]
        if base(token.deprel) == "nmod" and one.form.lower() in _ONE and one.upos != "NUM" and not tree.case(token.i):
            return self.bearers(one)
        resolve = self.ends.resolve
        if tree.kids(token.i, "cop"):
            return [end for k in tree.subjects(token.i) for end in resolve(k, act=False)]
        if self._is_named_by_predicate(token):
            return [End(mention) for k in tree.conjuncts(one.i) for mention in self.ends.named(k)]
        names = [c for c in tree.kids(token.i, "appos", "flat", "compound") if self.ends.named(c.i)]
        if not names and token.i + 1 < len(tree.tokens):
            after, near = tree.tokens[token.i + 1], {token.i, token.head}
            names = [after] if after.upos == "PROPN" and after.feat("Case") != "Gen" and after.head in near else []
        if any(self.ends.named(c.i) for c in names):
            return [End(m) for c in names for k in tree.conjuncts(c.i) for m in self.ends.named(k)]
        if base(token.deprel) in {"appos", "flat", "compound"}:
            before = token.i if token.head < token.i else len(tree.tokens)  # "Polen, ein Partner der USA, und die NATO"
            described = resolve(token.head, act=False)
            return [end for end in described if token.i not in end.mention.tokens and end.mention.token < before]
        head = tree.tokens[token.head]
        if head.upos in VERBAL and (tree.case(token.i) == "als" or head.lemma in {"werden", "bleiben"}):
            slots = tree.slots(head.i)
            of_object = head.lemma in _BEARERS_AS_OBJECT and "refl" not in slots  # "sieht sich als Partner"
            slot = "obj" if of_object or tree.is_passive(head.i) else "subj"
            found = [k for k in slots.get(slot, []) if k != token.i]
            return [end.weaker(0.9) for k in found for end in resolve(k, act=False)]
        if tree.case(token.i) == "zu" and token.lemma == "Gast" and head.head == head.i:  # "Scholz zu Gast bei Modi"
            return [End(mention, 0.85) for mention in self.ends.named(head.i)]
        if head.upos in {"NOUN", "PROPN"} and tree.case(token.i) == "als":
            return [end.weaker(0.9) for end in resolve(head.i, act=False)]
        return []

    def slots(self, token: Token) -> dict[str, list[int]]:
        """Arguments of an adjective: its own, and those of the copula verb or noun it belongs to."""
        slots = self.tree.slots(token.i)
        if self.tree.kids(token.i, "cop", "nsubj"):
            return slots
        head = self.tree.tokens[token.head]
        if base(token.deprel) == "amod":
            slots["subj"] = [head.i]
        elif head.upos in VERBAL and base(token.deprel) in {"advmod", "xcomp", "obl"}:
            outer = self.tree.slots(head.i)
            slots["subj"] = outer.get("subj", [])
            for slot, found in outer.items():
                slots.setdefault(slot, []).extend(found)
        return slots
