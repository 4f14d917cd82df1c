"""Descriptions: the rebels, the country, both sides, we; each only where one reading is left."""

from __future__ import annotations

from collections import Counter

from kgraph.link.context import Context
from kgraph.link.draft import GroupUse
from kgraph.link.thread import Seen, Thread
from kgraph.link.tree import DEFINITE, Tree
from kgraph.model import Actor, ActorType, Mention, Token, Via

_CONTRACTED = ("im", "am", "zum", "zur", "vom", "beim", "ins", "ans")
_POSSESSIVE = (
    "sein",
    "seine",
    "seinem",
    "seinen",
    "seines",
    "seiner",
    "ihr",
    "ihre",
    "ihrem",
    "ihren",
    "ihres",
    "ihrer",
)
_NAMED = (Via.NAME, Via.ACRONYM)
_EARLY = 3  # sentences
_REACH = 2
_COUNTS = {"drei": 3, "vier": 4}


class Descriptions:
    """Resolves descriptions along the thread of a text."""

    def __init__(self, thread: Thread, context: Context) -> None:
        self._thread = thread
        self._context = context
        self._words = thread.words
        self._speech = frozenset(thread.words.list("speech", "verbs"))
        self._we = frozenset(thread.words.list("speech", "we"))
        self._it_not = frozenset(thread.words.list("speech", "it_not"))
        self._both = frozenset(thread.words.list("speech", "both"))

    # ------------------------------------------------------------------------------------------ nameless groups

    def group(self, index: int, use: GroupUse) -> list[Mention]:
        """Fighters named only by the noun: those of a country that the article has named with the same noun."""
        kin = [
            seen.actor
            for i in range(len(self._thread.drafts))
            for seen in self._thread.seen(i)
            if seen.actor.type is ActorType.ARMED_GROUP
            and seen.actor.country
            and seen.actor.label.split()[-1] == use.noun
        ]
        actors = list(dict.fromkeys(kin))
        return [self._thread.drafts[index].at_token(use.token, actors[0], Via.DESCRIPTION)] if len(actors) == 1 else []

    # ------------------------------------------------------------------------------------------ the country

    def land(self, index: int, token: Token) -> list[Mention]:
        """The state of "his country", that of whom "his" means; of "the country", the only one that can be meant."""
        if token.form not in self._words.lands or token.feat("Number") == "Plur":
            return []
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        if token.i in draft.taken or any(tree.tokens[c].deprel in ("appos", "flat") for c in tree.children(token.i)):
            return []
        before = tree.form(token.i - 1)
        if before.lower() in _POSSESSIVE:
            owners = {s.actor: s for s in self._thread.at(index, token.i - 1) if s.mention.via is Via.PRONOUN}
            states = [state for actor in owners if (state := self._thread.state_of(actor))]
            if len(states) == 1:
                return [
                    draft.mention(states[0], Via.DESCRIPTION, (token.i - 1, token.i), draft.span(token.i - 1, token.i))
                ]
            return []
        k = token.i - 1
        while k > 0 and tree.tokens[k].upos == "ADJ":
            if tree.lower(k) in self._words.land_not or tree.tokens[k].feat("Degree") == "Sup":
                return []
            k -= 1
        if tree.lower(k) not in DEFINITE and tree.lower(k) not in _CONTRACTED:
            return []
        actor = self._land(index, token)
        return [draft.at_token(token.i, actor, Via.DESCRIPTION)] if actor else []

    def _land(self, index: int, token: Token) -> Actor | None:
        thread, tree = self._thread, self._thread.tree(index)
        rivals = self._rivals(index, token)
        described = [e.actor for e in self._context.adjectives(index)]
        named = (*thread.states(index, before=token.i, persons=False), *described)
        here = [s for s in dict.fromkeys(named) if s.id not in rivals]
        if len(here) == 1:
            return here[0]
        if here:
            return None
        first = self._named_topic(index - 1) if self._opens(tree, token) else None
        if first is not None and first.id not in rivals:
            return first
        for i in range(index - 1, max(-1, index - 1 - _REACH), -1):
            states = [s for s in thread.states(i, persons=False) if s.id not in rivals]
            if len(states) == 1:
                return states[0]
            if states:
                topic = [s for s in states if s == self._topic(i)]
                return topic[0] if len(topic) == 1 and tree.lower(token.i - 1) in ("im", "des") else None
        return None

    def _opens(self, tree: Tree, token: Token) -> bool:
        """True for "the country" as the subject that a sentence begins with: it is then what the last one was about."""
        return token.i <= 1 and tree.is_subject(token.i) and not tree.is_passive(tree.clause(token.i))

    def _topic(self, index: int) -> Actor | None:
        """The state that is the subject of a sentence; none outside the article."""
        if index < 0:
            return None
        tree = self._thread.tree(index)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        subject = tree.subject_of(root)
        seen = self._thread.at(index, subject) if subject is not None else []
        return self._thread.state_of(seen[0].actor) if seen else None

    def _named_topic(self, index: int) -> Actor | None:
        """The state that is the subject of a sentence, alone and by its own name."""
        topic = self._topic(index)
        seen = [s for s in self._thread.seen(index) if s.actor == topic and s.subject and s.mention.via in _NAMED]
        tree = self._thread.tree(max(index, 0))
        joined = any(tree.tokens[k].deprel == "conj" for s in seen for k in tree.children(s.mention.token))
        return topic if seen and not joined else None

    def _rivals(self, index: int, token: Token) -> set[str]:
        """Actors that stand in the same clause or noun phrase on the other side: "the country" is none of them."""
        tree = self._thread.tree(index)
        clause = tree.clause(token.i)
        above = set(tree.path_up(token.i)) - {clause}
        return {
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

    def it(self, index: int, token: Token) -> list[Mention]:
        """The state that "Es" takes up at the start of a sentence, where it acts on something and may not be a dummy."""
        tree = self._thread.tree(index)
        if token.form != "Es" or not tree.begins(token.i) or token.deprel != "nsubj":
            return []
        verb = tree.tokens[token.head]
        kinds = [tree.tokens[k].deprel.split(":")[0] for k in tree.children(verb.i)]
        dummy = (verb.verb or verb.lemma) in self._it_not or {"ccomp", "csubj", "xcomp", "expl"} & set(kinds)
        if verb.upos != "VERB" or dummy or kinds.count("nsubj") > 1 or "obj" not in kinds:
            return []
        topic = self._named_topic(index - 1)
        here = {s.actor for s in self._thread.seen(index) if tree.clause(s.mention.token) == tree.clause(token.i)}
        if topic is None or topic in here or "n" not in self._gender(index - 1, topic):
            return []
        return [self._thread.drafts[index].at_token(token.i, topic, Via.PRONOUN)]

    def _gender(self, index: int, actor: Actor) -> frozenset[str]:
        return frozenset().union(*(s.genders for s in self._thread.seen(index) if s.actor == actor))

    # ------------------------------------------------------------------------------------------ both

    def pair(self, index: int, token: Token) -> list[Mention]:
        """Both countries, die beiden Präsidenten, die drei Staaten: those that were named last, if they are as many."""
        word = token.form.lower()
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        count = 2 if word in self._both else _COUNTS.get(word, 0) if tree.lower(token.i - 1) in DEFINITE else 0
        noun = self._pair_noun(tree, token) if count else None
        if noun is None:
            return []
        persons = noun != token.i and self._words.role(tree.form(noun)) is not None
        found = self._named(index, token.i, count, persons=persons, sides=tree.form(noun).startswith("Seite"))
        tokens = sorted({token.i, noun})
        span = draft.span(tokens[0], tokens[-1])
        return [draft.mention(actor, Via.DESCRIPTION, tokens, span) for actor in found]

    def _pair_noun(self, tree: Tree, token: Token) -> int | None:
        """The noun after "both", the word itself where it stands alone; None before any other noun."""
        for k in range(token.i + 1, min(token.i + 4, len(tree))):
            if tree.tokens[k].upos == "NOUN":
                noun = tree.form(k).rsplit("-", 1)[-1]
                return k if noun in self._words.pair_nouns or self._words.role(noun) else None
            if tree.tokens[k].upos not in ("ADJ", "DET"):
                break
        alone = (
            token.upos in ("PRON", "DET", "NUM")
            and tree.lower(token.i - 1) == "die"
            and tree.tokens[token.head].upos in ("VERB", "AUX")
        )
        return token.i if alone else None

    def _named(self, index: int, before: int, count: int, *, persons: bool, sides: bool) -> list[Actor]:
        """The states (or persons) that were named last; empty where they are more or fewer than wanted."""
        between = self._between(index - 1)
        if sides and between:
            return between
        if sides and (parties := self._parties(index)):
            return parties
        joint = [] if sides else self._joint(index - 1, count, persons=persons)
        if joint:
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
                if actor is not None and actor not in found:
                    found.append(actor)
            if len(found) >= count and (count == 2 or len(found) == count):
                break
        if sides and not self._met(index, found):
            return []
        return found[::-1] if len(found) == count else []

    def _met(self, index: int, pair: list[Actor]) -> bool:
        """True where two actors stand in more than one sentence together; early in an article once is enough."""
        times = sum(
            set(pair) <= {self._thread.state_of(s.actor) or s.actor for s in self._thread.seen(i)} for i in range(index)
        )
        return times > 1 or index <= _EARLY

    def _parties(self, index: int) -> list[Actor]:
        """The two that the article so far names together most often: "zwischen A und B" counts twice, "A und B" once."""
        counts: Counter[tuple[Actor, Actor]] = Counter()
        for i in range(index):
            pairs = [(self._between(i), 2), (self._joint(i, 2, persons=False), 1)]
            for pair, weight in pairs:
                if len(pair) == 2:
                    first, second = sorted(pair, key=lambda actor: actor.id)
                    counts[first, second] += weight
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return []
        return list(ranked[0][0])

    def _joint(self, index: int, count: int, *, persons: bool) -> list[Actor]:
        """The members of a coordination in a sentence that are as many as wanted: Polen, Litauen und Lettland."""
        if index < 0:
            return []
        tree = self._thread.tree(index)
        groups: dict[int, list[Actor]] = {}
        for seen in self._thread.seen(index):
            actor = self._kind(seen, persons=persons)
            group = groups.setdefault(tree.first_conjunct(seen.mention.token), [])
            if actor is not None and actor not in group:
                group.append(actor)
        return next((group for group in groups.values() if len(group) == count), [])

    def _kind(self, seen: Seen, *, persons: bool) -> Actor | None:
        if persons:
            return seen.actor if seen.actor.type is ActorType.PERSON else None
        return self._thread.state_of(seen.actor)

    def _between(self, index: int) -> list[Actor]:
        """The two that a sentence names with "between"."""
        if index < 0:
            return []
        tree = self._thread.tree(index)
        for seen in self._thread.seen(index):
            if tree.case(seen.mention.token) == "zwischen":
                pair = [seen.actor]
                for child in tree.children(seen.mention.token):
                    if tree.tokens[child].deprel == "conj":
                        pair += [s.actor for s in self._thread.at(index, child)][:1]
                return pair if len(pair) == 2 else []
        return []

    # ------------------------------------------------------------------------------------------ we

    def we(self, index: int, token: Token) -> list[Mention]:
        """The state or organisation that the speaker of a quotation acts for, where it says "we"."""
        if token.form.lower() not in self._we:
            return []
        draft = self._thread.drafts[index]
        speaker = self._speaker(index, token)
        if speaker is None:
            return []
        actor = self._side(speaker)
        return [draft.at_token(token.i, actor, Via.PRONOUN)] if actor else []

    def _speaker(self, index: int, token: Token) -> Actor | None:
        """The actor who says the words that a token stands in."""
        tree = self._thread.tree(index)
        verbs = [
            v
            for v in (*tree.path_up(token.i), *range(len(tree)))
            if tree.tokens[v].lemma in self._speech and tree.tokens[v].upos == "VERB"
        ]
        for verb in dict.fromkeys(verbs):
            subject = tree.subject_of(verb)
            if subject is None or subject == token.i:
                continue
            seen = [s for s in self._thread.at(index, subject) if not s.weak]
            return seen[0].actor if seen else None
        return None

    def _side(self, speaker: Actor) -> Actor | None:
        if speaker.type is not ActorType.PERSON:
            return speaker
        person = self._thread.roster.by_id(speaker.id)
        owners = list(dict.fromkeys(owner for _, owner in person.titles or person.offices if owner)) if person else []
        for i in range(len(self._thread.drafts)):
            for seen in self._thread.seen(i):
                if seen.actor == speaker and seen.mention.role is not None:
                    return seen.mention.role.of.actor
        entry = self._thread.registry.by_id(owners[0]) if len(owners) == 1 else None
        return entry.actor if entry else self._thread.state_of(speaker)
