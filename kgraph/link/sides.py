"""The sides of a conflict or of talks: the two that an article sets against each other most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import combinations

from kgraph.link.thread import Seen, Thread
from kgraph.model import Actor, ActorType, Via

_BETWEEN, _JOINED, _FACING = 3, 2, 1
_ENOUGH = 2
_LEAD = 1.5  # times the score of the next pair
_GROUPS = (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY, ActorType.PEOPLE)
_FACED = ("obj", "iobj", "obl", "nmod")


class Sides:
    """Scores the pairs of an article: named with "zwischen", joined by "und", or one acting on the other."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._disputes = tuple(noun.lower() for noun in thread.words.list("speech", "disputes"))
        self._scores: list[Counter[tuple[Actor, Actor]] | None] = [None] * len(thread.drafts)

    def pair(self, index: int, *, without: Set[str] = frozenset()) -> list[Actor]:
        """The two sides, by the sentences before one; empty where no pair stands out.

        `without` are the IRIs of those who cannot be meant, like the subject of "ruft beide Seiten auf".
        """
        counts: Counter[tuple[Actor, Actor]] = Counter()
        for i in range(index):
            counts.update(self._sentence(i))
        ranked = [item for item in counts.most_common() if not without & {actor.id for actor in item[0]}]
        if not ranked or ranked[0][1] < _ENOUGH:
            return []
        if len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]:
            return []
        return list(ranked[0][0])

    def opposed(self, index: int, pair: Sequence[Actor]) -> bool:
        """True where a sentence before does more than join the two by "und" or by what goes on between friends."""
        return any(
            score != _JOINED and set(pair) == set(known)
            for i in range(index)
            for known, score in self._sentence(i).items()
        )

    def here(self, index: int, *, without: Set[str] = frozenset()) -> list[Actor]:
        """The only two that a sentence itself has set against each other so far: "nachdem Israel den Iran angriff …"."""
        pairs = [pair for pair in self._count(index) if not without & {actor.id for actor in pair}]
        return list(pairs[0]) if len(pairs) == 1 else []

    def opponent(self, index: int, side: Actor) -> Actor | None:
        """The other side of the pair that an actor belongs to, where that is the pair of the article."""
        pair = self.pair(index)
        if side not in pair:
            return None
        return next(actor for actor in pair if actor != side)

    def of(self, actor: Actor) -> Actor | None:
        """The side that an actor is or acts for: a state or a group."""
        return actor if actor.type in _GROUPS else self._thread.state_of(actor)

    def _sentence(self, index: int) -> Counter[tuple[Actor, Actor]]:
        """The pairs of a sentence with their scores; sentences do not change once later ones are asked about."""
        known = self._scores[index]
        if known is None:
            known = self._scores[index] = self._count(index)
        return known

    def _count(self, index: int) -> Counter[tuple[Actor, Actor]]:
        counts: Counter[tuple[Actor, Actor]] = Counter()
        tree = self._thread.tree(index)
        placed = [(seen, side) for seen in self._thread.seen(index) if (side := self.of(seen.actor)) is not None]
        for (one, first), (other, second) in combinations(placed, 2):
            if first == second:
                continue
            heads = [tree.first_conjunct(seen.mention.token) for seen in (one, other)]
            if heads[0] == heads[1]:
                between = tree.case(heads[0]) == "zwischen" and self.is_dispute(index, heads[0])
                score = _BETWEEN if between else _JOINED
            elif self._face(index, one, other):
                score = _FACING
            else:
                continue
            pair = (first, second) if first.id < second.id else (second, first)
            counts[pair] = max(counts[pair], score)
        return counts

    def is_dispute(self, index: int, first: int) -> bool:
        """True unless "zwischen" belongs to a noun that has no sides: "der Handel zwischen A und B"."""
        tree = self._thread.tree(index)
        above = tree.tokens[tree.tokens[first].head]
        return above.upos != "NOUN" or above.lemma.lower().endswith(self._disputes)

    def _face(self, index: int, one: Seen, other: Seen) -> bool:
        """True where one is the subject of a clause and the other stands further on in it, or is whose the subject is."""
        tree = self._thread.tree(index)
        if tree.clause(one.mention.token) != tree.clause(other.mention.token):
            return False
        if one.subject == other.subject or Via.COMPOUND in (one.mention.via, other.mention.via):
            return False
        behind = other if one.subject else one
        return tree.tokens[behind.mention.token].deprel.split(":")[0] in _FACED
