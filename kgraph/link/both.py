"""Both sides, die drei Staaten, die Kontrahenten: descriptions of several who were named before."""

from __future__ import annotations

from kgraph.link.sides import Sides
from kgraph.link.thread import Seen, Thread
from kgraph.link.tree import DEFINITE, Tree
from kgraph.model import Actor, ActorType, Mention, Token, Via

_EARLY = 3  # sentences
_REACH = 2
_AT_WAR = ("kriegspartei", "konfliktpartei")
_COUNTS = {"drei": 3, "vier": 4}


class Both:
    """Resolves descriptions of two or more."""

    def __init__(self, thread: Thread, sides: Sides) -> None:
        self._thread = thread
        self._sides = sides
        self._words = thread.words
        self._both = frozenset(thread.words.list("speech", "both"))

    def pair(self, index: int, token: Token) -> list[Mention]:
        """Both countries, die beiden Präsidenten, die drei Staaten: those that were named last, if they are as many."""
        word = token.form.lower()
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        sides = self._is_sides(tree, token)
        count = 2 if word in self._both or sides else 0
        count = count or (_COUNTS.get(word, 0) if tree.lower(token.i - 1) in DEFINITE else 0)
        noun = token.i if sides else self._pair_noun(tree, token) if count else None
        if noun is None:
            return []
        if noun == token.i and not sides and tree.lower(token.i - 1) != "die":
            found = self._just_joined(index, token)
        else:
            persons = noun != token.i and self._is_person(tree.form(noun))
            sides = tree.form(noun) in self._words.side_nouns
            opposed = sides and not tree.form(noun).startswith("Seite")
            found = self._named(index, token.i, count, persons=persons, sides=sides, opposed=opposed)
            if tree.lower(noun).startswith(_AT_WAR) and not self._sides_known(index, found):
                found = []
        tokens = sorted({token.i, noun})
        span = draft.span(tokens[0], tokens[-1])
        return [draft.mention(actor, Via.DESCRIPTION, tokens, span) for actor in found]

    def _sides_known(self, index: int, pair: list[Actor]) -> bool:
        """True where two actors are the sides that the text before sets against each other."""
        if not pair or set(pair) == set(self._between(index - 1, opposed=True)):
            return bool(pair)
        return set(pair) == set(self._sides.pair(index)) and self._sides.opposed(index, pair)

    def _is_person(self, noun: str) -> bool:
        return noun in self._words.person_nouns or self._words.role(noun) is not None

    def _is_sides(self, tree: Tree, token: Token) -> bool:
        """True for "die Kontrahenten", "zwischen den Konfliktparteien": the word itself means two."""
        if (
            token.form not in self._words.side_nouns
            or token.feat("Number") != "Plur"
            or token.form.startswith(("Seite", "Partei"))
        ):
            return False
        return tree.lower(token.i - 1) in DEFINITE

    def _just_joined(self, index: int, token: Token) -> list[Actor]:
        """For "beide" alone: the two that were joined just before in the sentence, else in the one before."""
        for i in (index, index - 1):
            before = token.i if i == index else None
            joined = self._joint(i, 2, persons=True, before=before) or self._joint(i, 2, persons=False, before=before)
            if joined:
                return joined
        return []

    def _pair_noun(self, tree: Tree, token: Token) -> int | None:
        """The noun after "both", the word itself where it stands alone; None before any other noun."""
        for k in range(token.i + 1, min(token.i + 4, len(tree))):
            if tree.tokens[k].upos == "NOUN":
                noun = tree.form(k).rsplit("-", 1)[-1]
                return k if noun in self._words.pair_nouns or self._is_person(noun) else None
            if tree.tokens[k].upos not in ("ADJ", "DET"):
                break
        alone = (
            token.upos in ("PRON", "DET", "NUM")
            and (tree.lower(token.i - 1) == "die" or token.deprel in ("obj", "iobj", "nsubj"))
            and tree.tokens[token.head].upos in ("VERB", "AUX")
        )
        return token.i if alone else None

    def _named(self, index: int, before: int, count: int, *, persons: bool, sides: bool, opposed: bool) -> list[Actor]:
        """The states (or persons) that were named last; empty where they are more or fewer than wanted."""
        acting = self._acting(index, before)
        between = self._between(index - 1, opposed=opposed)
        if sides and between and not {actor.id for actor in between} & acting:
            return between
        if sides and (parties := self._sides.here(index, without=acting) or self._sides.pair(index, without=acting)):
            return parties
        joint = [] if sides else self._joint(index - 1, count, persons=persons)
        if joint and not {actor.id for actor in joint} & acting:
            return joint
        tree = self._thread.tree(index)
        clause = tree.clause(before)
        found: list[Actor] = []
        for i in range(index, max(-1, index - _REACH - 1), -1):
            found = [] if sides or count > 2 else found
            for seen in reversed(self._thread.seen(i)):
                place = seen.mention.token
                if i == index and (place >= before or tree.clause(place) == clause):
                    continue
                actor = self._kind(seen, persons=persons)
                if actor is not None and actor not in found and actor.id not in acting:
                    found.append(actor)
            if len(found) >= count and (count == 2 or len(found) == count):
                break
        if sides and (acting & {actor.id for actor in found} or not self._met(index, found)):
            return []
        if len(found) != count and count == 2 and not persons:
            found = self._sides.pair(index, without=acting)[::-1]
            found = found if all(actor.type is ActorType.STATE for actor in found) else []
        return found[::-1] if len(found) == count else []

    def _acting(self, index: int, place: int) -> set[str]:
        """Whoever acts on the description in its clause, and the state it acts for: it cannot be meant itself."""
        acting = self._thread.acting(index, place)
        return {actor.id for s in acting for actor in (s.actor, self._sides.of(s.actor)) if actor is not None}

    def _met(self, index: int, pair: list[Actor]) -> bool:
        """True where two actors stand in more than one sentence together; early in an article once is enough."""
        times = sum(
            set(pair) <= {self._thread.state_of(s.actor) or s.actor for s in self._thread.seen(i)} for i in range(index)
        )
        return times > 1 or index <= _EARLY

    def _joint(self, index: int, count: int, *, persons: bool, before: int | None = None) -> list[Actor]:
        """The members of a coordination in a sentence that are as many as wanted: Polen, Litauen und Lettland."""
        if index < 0:
            return []
        tree = self._thread.tree(index)
        groups: dict[int, list[Actor]] = {}
        for seen in self._thread.seen(index):
            if before is not None and seen.mention.token >= before:
                break
            actor = self._kind(seen, persons=persons)
            group = groups.setdefault(tree.first_conjunct(seen.mention.token), [])
            if actor is not None and actor not in group:
                group.append(actor)
        return next((group for group in groups.values() if len(group) == count), [])

    def _kind(self, seen: Seen, *, persons: bool) -> Actor | None:
        if persons:
            return seen.actor if seen.actor.type is ActorType.PERSON else None
        return self._thread.state_of(seen.actor)

    def _between(self, index: int, *, opposed: bool = False) -> list[Actor]:
        """The two that a sentence names with "between"; with `opposed` not for what only goes on between friends."""
        if index < 0:
            return []
        tree = self._thread.tree(index)
        for seen in self._thread.seen(index):
            if tree.case(seen.mention.token) == "zwischen":
                if opposed and not self._sides.is_dispute(index, seen.mention.token):
                    continue
                pair = [seen.actor]
                for child in tree.children(seen.mention.token):
                    if tree.tokens[child].deprel == "conj":
                        pair += [s.actor for s in self._thread.at(index, child)][:1]
                return pair if len(pair) == 2 else []
        return []
