"""Descriptions: the rebels, the country, the neighbour; each only where one reading is left."""

from __future__ import annotations

from kgraph.link.bodies import Bodies
from kgraph.link.context import Context
from kgraph.link.draft import GroupUse
from kgraph.link.sides import Sides
from kgraph.link.thread import Thread
from kgraph.link.tree import CONTRACTED, DEFINITE, Tree
from kgraph.model import Actor, ActorType, Mention, Token, Via

_POSSESSIVE = frozenset("sein seine seinem seinen seines seiner ihr ihre ihrem ihren ihres ihrer".split())
_REACH = 2


class Descriptions:
    """Resolves descriptions along the thread of a text."""

    def __init__(self, thread: Thread, context: Context, sides: Sides, bodies: Bodies) -> None:
        self._thread = thread
        self._context = context
        self._words = thread.words
        self._sides = sides
        self._bodies = bodies
        self._land_nouns = (
            self._words.lands | self._words.neighbours | self._words.land_kinds.keys() | self._words.halves.keys()
        )

    # ------------------------------------------------------------------------------------------ nameless groups

    def group(self, index: int, use: GroupUse) -> list[Mention]:
        """Fighters named only by the noun: of a country that the article has named with the noun, or a group it has named."""
        kin = [
            seen.actor
            for i in range(len(self._thread.drafts))
            for seen in self._thread.seen(i)
            if seen.actor.type is ActorType.ARMED_GROUP
            and seen.actor.country
            and seen.actor.label.split()[-1] == use.noun
        ]
        actors = list(dict.fromkeys(kin))
        if len(actors) == 1:
            return [self._thread.drafts[index].at_token(use.token, actors[0], Via.DESCRIPTION)]
        return [] if actors else self._bodies.fighters(index, use)

    # ------------------------------------------------------------------------------------------ the country

    def land(self, index: int, token: Token) -> list[Mention]:
        """The state of "his country", that of whom "his" means; of "the country", the only one that can be meant."""
        if token.form not in self._land_nouns or token.feat("Number") == "Plur":
            return []
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        if token.i in draft.taken or any(tree.tokens[c].deprel in ("appos", "flat") for c in tree.children(token.i)):
            return []
        if token.form in self._words.neighbours:
            return self._neighbour(index, token)
        if codes := self._words.halves.get(token.form):
            return self._half(index, token, codes)
        if kinds := self._words.land_kinds.get(token.form):
            return self._of_kind(index, token, kinds)
        before = tree.form(token.i - 1)
        if before.lower() in _POSSESSIVE:
            state = self._whose(index, token)
            tokens = (token.i - 1, token.i)
            return [draft.mention(state, Via.DESCRIPTION, tokens, draft.span(*tokens))] if state else []
        k = token.i - 1
        while k > 0 and tree.tokens[k].upos == "ADJ":
            if tree.lower(k) in self._words.land_not or tree.tokens[k].feat("Degree") == "Sup":
                return []
            k -= 1
        if tree.lower(k) not in DEFINITE and tree.lower(k) not in CONTRACTED:
            return []
        actor = self._land(index, token)
        return [draft.at_token(token.i, actor, Via.DESCRIPTION)] if actor else []

    def _whose(self, index: int, token: Token) -> Actor | None:
        """The state of "his country": of the person that "his" means, else of whoever speaks or acts; a state has none."""
        thread, tree = self._thread, self._thread.tree(index)
        meant = [s for s in thread.at(index, token.i - 1) if s.mention.via is Via.PRONOUN]
        for verb in tree.path_up(token.i):
            subject = tree.subject_of(verb)
            if subject is not None and subject not in (token.i, token.i - 1):
                meant += thread.at(index, subject)
        owners = [s for s in meant if s.actor.type is ActorType.PERSON or s.mention.via is Via.OFFICE]
        states = dict.fromkeys(state for s in owners[:1] if (state := thread.state_of(s.actor)))
        return next(iter(states), None)

    def _of_kind(self, index: int, token: Token, kinds: frozenset[str]) -> list[Mention]:
        """The only country of a kind that the article has named so far: die Volksrepublik, das Königreich."""
        tree = self._thread.tree(index)
        words = {tree.lower(k) for k in range(max(0, token.i - 3), token.i)}
        named = {state for i in range(index + 1) for state in self._thread.states(i) if state.country in kinds}
        if len(named) != 1 or not words & (DEFINITE | set(CONTRACTED)):
            return []
        return [self._thread.drafts[index].at_token(token.i, named.pop(), Via.DESCRIPTION)]

    def _half(self, index: int, token: Token, codes: tuple[str, ...]) -> list[Mention]:
        """The South and the North of a divided land, where the article has named both: der Süden warf dem Norden vor."""
        tree = self._thread.tree(index)
        named = {state.country: state for i in range(index + 1) for state in self._thread.states(i)}
        if any(code not in named for code in codes) or tree.case(token.i) in ("in", "aus", "nach", "von"):
            return []
        if tree.lower(token.i - 1) not in DEFINITE or any(c > token.i for c in tree.children(token.i)):
            return []
        return [self._thread.drafts[index].at_token(token.i, named[codes[0]], Via.DESCRIPTION)]

    def _neighbour(self, index: int, token: Token) -> list[Mention]:
        """The other side, where somebody acts on "the neighbour"; else the only other state that was named of late."""
        thread, tree, draft = self._thread, self._thread.tree(index), self._thread.drafts[index]
        words = [tree.lower(k) for k in range(max(0, token.i - 3), token.i)]
        if any(tree.tokens[c].deprel == "nmod" and c > token.i for c in tree.children(token.i)):
            return []  # "der Nachbar Venezuelas"
        if not (_POSSESSIVE | DEFINITE | set(CONTRACTED)) & set(words):
            return []
        acting = [s for s in thread.acting(index, token.i) if s.actor.type in (ActorType.STATE, ActorType.PERSON)]
        own = [state for s in acting if (state := thread.state_of(s.actor))]
        if len(set(own)) != 1:
            return []
        other = self._sides.opponent(index, own[0])
        if other is None or other.type is not ActorType.STATE:
            named = [s for i in (index, index - 1) for s in thread.states(i, persons=False) if s not in own]
            other = named[0] if len(set(named)) == 1 else None
        return [draft.at_token(token.i, other, Via.DESCRIPTION)] if other else []

    def _land(self, index: int, token: Token) -> Actor | None:
        thread, tree = self._thread, self._thread.tree(index)
        rivals = self._rivals(index, token)
        known = {e.actor for e in self._context.adjectives(index)}
        hits = (h for h in thread.drafts[index].hits if h.entry is not None and h.first < token.i)
        described = [h.entry.actor for h in hits if h.entry is not None and h.entry.actor in known]
        named = (*thread.states(index, before=token.i, persons=False), *described)
        here = [s for s in dict.fromkeys(named) if s.id not in rivals]
        if len(here) == 1:
            return here[0]
        if here:
            return None
        first = thread.named_topic(index - 1) if self._opens(tree, token) else None
        if first is not None and first.id not in rivals:
            return first
        for i in range(index - 1, max(-1, index - 1 - _REACH), -1):
            states = [s for s in thread.states(i, persons=False) if s.id not in rivals]
            if len(states) == 1:
                return states[0]
            if states:
                focus = self._context.focus
                described = [
                    s for s in states if any(m.mention.via is Via.DESCRIPTION and m.actor == s for m in thread.seen(i))
                ]
                if len(described) == 1 and i == index - 1:
                    return described[0]
                topic = [s for s in states if (s == focus.actor if focus else s == thread.topic(i))]
                return topic[0] if len(topic) == 1 and self._is_focus(tree, token) else None
        return None

    def _is_focus(self, tree: Tree, token: Token) -> bool:
        """True where "the country" is acted on or is a place: it is then what the article is about."""
        return token.deprel == "obj" or tree.lower(token.i - 1) in ("im", "des")

    def _opens(self, tree: Tree, token: Token) -> bool:
        """True for "the country" as the subject that a sentence begins with: it is then what the last one was about."""
        return token.i <= 1 and tree.is_subject(token.i) and not tree.is_passive(tree.clause(token.i))

    def _rivals(self, index: int, token: Token) -> set[str]:
        """Actors that stand in the same clause or noun phrase on the other side: "the country" is none of them."""
        tree = self._thread.tree(index)
        clause = tree.clause(token.i)
        above = set(tree.path_up(token.i)) - {clause}
        acting = self._thread.acting(index, token.i)
        return {s.id for seen in acting if (s := self._thread.state_of(seen.actor)) is not None} | {
            state.id
            for seen in self._thread.seen(index)
            if (state := self._thread.state_of(seen.actor)) is not None
            and (
                (seen.subject or tree.is_subject(token.i))
                or above & set(tree.path_up(seen.mention.token))
                or self._is_agent(tree, seen.mention.token, token)
            )
            and tree.clause(seen.mention.token) == clause
        }

    def _is_agent(self, tree: Tree, place: int, token: Token) -> bool:
        """True for the genitive in "Israels Angriffe auf das Land", wherever the parser hangs the last part."""
        first = tree.first_conjunct(place)
        noun = tree.tokens[first].head
        genitive = tree.tokens[first].feat("Case") == "Gen" or tree.case(first) in ("von", "durch")
        return (
            genitive and tree.tokens[noun].upos == "NOUN" and noun < token.i and tree.case(token.i) in ("auf", "gegen")
        )
