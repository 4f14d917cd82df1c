"""What is known of a sentence while it is linked: hits not yet used, mentions found, words left for the thread of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kgraph.link.compounds import Splitter
from kgraph.link.gazetteer import Gazetteer, Hit, Sense
from kgraph.link.tree import Tree
from kgraph.link.words import InstitutionMatch, RoleMatch
from kgraph.model import Actor, Mention, Role, Sentence, Via

_VIA = {
    Sense.NAME: Via.NAME,
    Sense.ACRONYM: Via.ACRONYM,
    Sense.ADJECTIVE: Via.ADJECTIVE,
    Sense.DEMONYM: Via.NAME,
    Sense.SEAT: Via.CAPITAL,
    Sense.CITY: Via.CAPITAL,
    Sense.CITIZEN: Via.CAPITAL,
    Sense.PART: Via.DESCRIPTION,
    Sense.PERSON: Via.NAME,
    Sense.FIRST: Via.COMPOUND,
}


@dataclass(frozen=True, slots=True)
class RoleUse:
    """An office without a name: who holds it is settled by the thread of the text.

    `extent` are the first and last token of the office with its owner's words, where it has one owner. `former` where
    it is over: who held it no longer acts for the owner.
    """

    token: int
    match: RoleMatch
    owners: tuple[Actor, ...]
    extent: tuple[int, int]
    definite: bool
    plural: bool
    former: bool


@dataclass(frozen=True, slots=True)
class InstitutionUse:
    """An institution whose state is not named beside it."""

    token: int
    match: InstitutionMatch


@dataclass(frozen=True, slots=True)
class GroupUse:
    """Nameless fighters of no country: "die Rebellen" may be those named before."""

    token: int
    noun: str


@dataclass(slots=True)
class Draft:
    """The state of one sentence."""

    tree: Tree
    hits: list[Hit]
    mentions: list[Mention] = field(default_factory=list)
    roles: list[RoleUse] = field(default_factory=list)
    institutions: list[InstitutionUse] = field(default_factory=list)
    groups: list[GroupUse] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    _at: dict[int, list[Hit]] = field(default_factory=dict)
    _used: set[Hit] = field(default_factory=set)

    @classmethod
    def of(cls, sentence: Sentence, gazetteer: Gazetteer, splitter: Splitter) -> Draft:
        """Look up a sentence's words in the lists."""
        tree = Tree(sentence)
        hits: list[Hit] = []
        covered: set[int] = set()
        for hit in gazetteer.scan(tree):
            hits.append(hit)
            covered.update(range(hit.first, hit.last + 1))
        for token in sentence.tokens:
            if token.i not in covered:
                hits.extend(splitter.split(token))
        draft = cls(tree, hits)
        for hit in hits:
            for i in range(hit.first, hit.last + 1):
                draft._at.setdefault(i, []).append(hit)
            if hit.sense is Sense.SILENT:
                draft.taken.update(range(hit.first, hit.last + 1))
        return draft

    def at(self, i: int) -> list[Hit]:
        """The hits that cover a token, used or not."""
        return self._at.get(i, [])

    def free(self, i: int) -> list[Hit]:
        """The hits that cover a token and are not used by an office or institution."""
        return [hit for hit in self._at.get(i, []) if hit not in self._used]

    def use(self, hits: Iterable[Hit]) -> None:
        """Take hits out: their words are part of another mention."""
        self._used.update(hits)

    def is_used(self, hit: Hit) -> bool:
        """True where a hit's words are part of another mention."""
        return hit in self._used

    def take(self, tokens: Iterable[int]) -> None:
        """Mark tokens as part of a mention, so that nothing else is made of them."""
        self.taken.update(tokens)

    def mention(
        self,
        actor: Actor,
        via: Via,
        tokens: Iterable[int],
        span: tuple[int, int],
        *,
        role: Role | None = None,
        head: int | None = None,
    ) -> Mention:
        """A mention on tokens, its naming words at characters `span` of the article; `head` is found in the tree if not given."""
        tree = self.tree
        inside = tuple(sorted(set(tokens)))
        start, end = span
        text = tree.sentence.text[start - tree.sentence.start : end - tree.sentence.start]
        token = tree.top(inside) if head is None else head
        return Mention(actor, via, tree.sentence.index, token, inside, start, end, text, role)

    def mention_of(self, hit: Hit, actor: Actor) -> Mention:
        """The mention of a hit by itself; a compound's span stays inside the word."""
        via = Via.COMPOUND if hit.rest else _VIA[hit.sense]
        return self.mention(actor, via, range(hit.first, hit.last + 1), (hit.start, hit.end))

    def at_token(self, token: int, actor: Actor, via: Via) -> Mention:
        """A mention on one token, its words the token's."""
        return self.mention(actor, via, (token,), self.span(token, token))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters from the start of one token to the end of another."""
        return self.tree.tokens[first].start, self.tree.tokens[last].end
