"""The alliance, the militia: nouns that take up an organisation or an armed group by what it is."""

from __future__ import annotations

from kgraph.link.draft import GroupUse
from kgraph.link.thread import Thread
from kgraph.link.tree import CONTRACTED, DEFINITE, Tree
from kgraph.model import Actor, ActorType, Mention, Token, Via

_ARMED = (ActorType.ARMED_GROUP,)
_ORGANISED = (ActorType.ORGANISATION,)
_BODIES = (*_ARMED, *_ORGANISED)
_CALLED = (Via.NAME, Via.ACRONYM, Via.OFFICE)
_REACH = 3  # sentences


class Bodies:
    """Resolves descriptions of organisations and armed groups, each only where one reading is left."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._words = thread.words

    def body(self, index: int, token: Token) -> list[Mention]:
        """Whom the noun means: what the last sentence is about, or, for a telling noun, the only one of its kind so far."""
        words, form = self._words, token.form
        if (named := self._named_so(index, token)) is not None:
            return self._mention(index, token, named)
        kinds = _BODIES if form in words.bodies else _ARMED if form in words.armed_kinds else _ORGANISED
        telling = form in words.armed_kinds or form in words.telling_bodies
        if not (telling or form in words.bodies) or token.feat("Number") == "Plur" or not self._is_plain(index, token):
            return []
        return self._mention(
            index,
            token,
            self._speaking(index, token, kinds)
            or self._topic(index - 1, kinds)
            or (self._only(index, kinds) if telling else None),
        )

    def _named_so(self, index: int, token: Token) -> Actor | None:
        """The only organisation named before whose name ends with the noun: die EU-Kommission … die Kommission."""
        if token.upos != "NOUN" or not self._is_plain(index, token):
            return None
        seen = (s.actor for i in range(index) for s in self._thread.seen(i) if s.mention.via is Via.NAME)
        found = {actor for actor in seen if actor.type in _ORGANISED and actor.label.endswith(f"-{token.form}")}
        return found.pop() if len(found) == 1 else None

    def fighters(self, index: int, use: GroupUse) -> list[Mention]:
        """Fighters in the plural: the group whose name has the noun, the one just spoken of, or the only one so far."""
        token = self._thread.tree(index).tokens[use.token]
        if not self._is_plain(index, token) or token.form not in (use.noun, f"{use.noun}n"):  # Kämpfe are no Kämpfer
            return []
        seen = (s for i in range(index + 1) for s in self._thread.seen(i) if s.actor.type in _ARMED)
        called = {s.actor for s in seen if s.mention.text.endswith(f"-{use.noun}")}
        actor = next(iter(called)) if len(called) == 1 else self._topic(index - 1, _ARMED)
        telling = use.noun in self._words.telling_fighters
        return self._mention(index, token, actor or (self._only(index, _ARMED) if telling else None))

    def _mention(self, index: int, token: Token, actor: Actor | None) -> list[Mention]:
        if actor is None or self._stands_beside(index, token, actor):
            return []
        return [self._thread.drafts[index].at_token(token.i, actor, Via.DESCRIPTION)]

    def _is_plain(self, index: int, token: Token) -> bool:
        """True for a noun with a definite article and without anything that says which one is meant."""
        tree = self._thread.tree(index)
        if any(tree.tokens[c].deprel.split(":")[0] in ("nmod", "appos", "flat", "acl") for c in tree.children(token.i)):
            return False
        before = tree.lower(token.i - 1)
        return token.i > 0 and (before in DEFINITE or before in CONTRACTED)

    def _topic(self, index: int, kinds: tuple[ActorType, ...]) -> Actor | None:
        """The only subject of the main clause of a sentence, where it is of the kind and called by its name or by an organ's."""
        if index < 0:
            return None
        tree = self._thread.tree(index)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        subject = tree.subject_of(root)
        if subject is None or _is_joined(tree, subject):
            return None
        seen = [s for s in self._thread.at(index, subject) if s.actor.type in kinds and s.mention.via in _CALLED]
        return seen[0].actor if len(seen) == 1 else None

    def _speaking(self, index: int, token: Token, kinds: tuple[ActorType, ...]) -> Actor | None:
        """Whose organ tells of the noun: "ein Vertreter der Hamas sagte, die Organisation habe …"."""
        tree = self._thread.tree(index)
        clause = tree.clause(token.i)
        if not tree.is_subject(token.i) or tree.tokens[clause].deprel != "ccomp":
            return None
        subject = tree.subject_of(tree.clause(tree.tokens[clause].head))
        seen = [s for s in self._thread.at(index, subject) if s.actor.type in kinds] if subject is not None else []
        return seen[0].actor if len(seen) == 1 else None

    def _only(self, index: int, kinds: tuple[ActorType, ...]) -> Actor | None:
        """The only one of its kind that the article has named up to here, if that was not long ago."""
        named: dict[Actor, int] = {}
        for i in range(index + 1):
            named |= {seen.actor: i for seen in self._thread.seen(i) if seen.actor.type in kinds}
        [actor, last] = next(iter(named.items())) if len(named) == 1 else (None, 0)
        return actor if index - last <= _REACH else None

    def _stands_beside(self, index: int, token: Token, actor: Actor) -> bool:
        """True where the clause names the actor besides: it would act on itself."""
        tree = self._thread.tree(index)
        clause = tree.clause(token.i)
        return any(s.actor == actor and tree.clause(s.mention.token) == clause for s in self._thread.seen(index))


def _is_joined(tree: Tree, i: int) -> bool:
    return any(tree.tokens[k].deprel == "conj" for k in tree.children(i))
