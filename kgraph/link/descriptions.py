"""Descriptions: the president, the government, the country, both sides, we; each only where one reading is left."""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.link.context import Context
from kgraph.link.draft import Draft, GroupUse, InstitutionUse, RoleUse
from kgraph.link.gazetteer import Sense, unique
from kgraph.link.thread import Seen, Thread
from kgraph.link.tree import DEFINITE, Tree
from kgraph.model import Actor, ActorType, Mention, Token, Via

_SETTLED = frozenset(("state head", "government head", "foreign minister", "defence minister"))
_UNNAMED = frozenset(("counterpart",))
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
_REACH = 2


class Descriptions:
    """Resolves descriptions along the thread of a text."""

    def __init__(self, thread: Thread, context: Context) -> None:
        self._thread = thread
        self._context = context
        self._words = thread.words
        self._speech = frozenset(thread.words.list("speech", "verbs"))
        self._we = frozenset(thread.words.list("speech", "we"))
        self._both = frozenset(thread.words.list("speech", "both"))
        self._institutions: dict[str, list[Actor]] = {}

    # ------------------------------------------------------------------------------------------ offices

    def office(self, index: int, use: RoleUse) -> list[Mention]:
        """The person who holds an office, where the article or the lists leave one; else the state it is held for."""
        draft = self._thread.drafts[index]
        family = use.match.role.family
        owners = frozenset(actor.id for actor in use.owners)
        singular = not use.plural
        alone = singular and (
            use.definite or self._is_headline(draft, use) or draft.tree.tokens[use.token].deprel == "appos"
        )
        if alone and not family & _UNNAMED:
            person = self._holder(use, family, owners) or self._listed(use, family)
            if person is not None and (use.owners or self._may_name(draft, use)):
                return [draft.mention(person, Via.DESCRIPTION, (use.token,), draft.span(use.token, use.token))]
        if not use.owners and (found := self._of_institution(index, use) or self._of_place(index, use)):
            return [found]
        if not use.owners and use.match.role.national and alone:
            state = self._context.among(use.match.role.national)
            return [self._on(draft, use.token, state.actor, Via.OFFICE)] if state else []
        if use.match.role.former or (family & _UNNAMED and not use.owners):
            return []
        return [
            draft.mention(
                owner, Via.OFFICE, self._tokens(draft, use, owner), self._span(draft, use, owner), head=use.token
            )
            for owner in use.owners
        ]

    def _of_institution(self, index: int, use: RoleUse) -> Mention | None:
        """An office of an institution that is a mention itself: ein Sprecher der Regierung."""
        draft = self._thread.drafts[index]
        tree = draft.tree
        for child in tree.children(use.token):
            if child < use.token or tree.tokens[child].deprel != "nmod" or tree.tokens[child].feat("Case") != "Gen":
                continue
            for seen in self._thread.at(index, child):
                if seen.mention.via in (Via.OFFICE, Via.DESCRIPTION):
                    tokens = (use.token, child)
                    return draft.mention(seen.actor, Via.OFFICE, tokens, draft.span(use.token, child), head=use.token)
        return None

    def _of_place(self, index: int, use: RoleUse) -> Mention | None:
        """A spokesman of the government in the capital where he speaks: in London sagte eine Regierungssprecherin."""
        draft = self._thread.drafts[index]
        if "spokesman" not in use.match.role.family or use.match.role.scope != "state":
            return None
        clause = draft.tree.clause(use.token)
        for hit in draft.hits:
            if hit.sense is Sense.CITY and not hit.rest and hit.entry and draft.tree.case(hit.first) == "in":
                if draft.tree.tokens[hit.first].head == clause:
                    return self._on(draft, use.token, hit.entry.actor, Via.OFFICE)
        return None

    def _holder(self, use: RoleUse, family: frozenset[str], owners: frozenset[str]) -> Actor | None:
        holders = self._thread.roster.holders(family, owners, feminine=use.match.form.feminine)
        return holders[0].actor if len(holders) == 1 else None

    def _listed(self, use: RoleUse, family: frozenset[str]) -> Actor | None:
        """The holder of the office on the article's day, for the offices that lists know."""
        if not family & _SETTLED or self._context.day is None or len(family) > 1:
            return None
        owners: Sequence[Actor] = use.owners
        if not owners and use.match.role.national:
            state = self._context.among(use.match.role.national)
            owners = (state.actor,) if state else ()
        if len(owners) != 1:
            return None
        lang = self._thread.registry.lang
        held = self._thread.registry.holders(owners[0].id, self._context.day)
        fitting = [entry for entry, term in held if self._words.families(term.title(lang)) & family]
        return fitting[0].actor if len(unique(fitting)) == 1 else None

    def _may_name(self, draft: Draft, use: RoleUse) -> bool:
        """False for a bare office with a genitive or adjective that no list knows: der Präsident des Verbandes."""
        tree = draft.tree
        for child in tree.children(use.token):
            token = tree.tokens[child]
            if (
                token.deprel == "nmod"
                and child > use.token
                and (token.feat("Case") == "Gen" or tree.case(child) in ("von", "für", "in"))
            ):
                return False
        return use.match.first == "" or bool(use.match.role.national)

    def _is_headline(self, draft: Draft, use: RoleUse) -> bool:
        """True for an office at the start of a headline, without article."""
        first = use.token == 0 or draft.tree.begins(use.token)
        return first and draft.tree.is_subject(use.token) and draft.tree.sentence.index <= 1

    def _tokens(self, draft: Draft, use: RoleUse, owner: Actor) -> tuple[int, ...]:
        hit = self._hit(draft, use, owner)
        return (use.token, hit) if hit is not None else (use.token,)

    def _hit(self, draft: Draft, use: RoleUse, owner: Actor) -> int | None:
        places = [
            h.first
            for h in draft.hits
            if h.entry and h.entry.id == owner.id and abs(h.first - use.token) <= 8 and draft.is_used(h)
        ]
        return min(places, key=lambda place: abs(place - use.token), default=None)

    def _span(self, draft: Draft, use: RoleUse, owner: Actor) -> tuple[int, int]:
        hit = self._hit(draft, use, owner)
        if len(use.owners) > 1 and hit is not None:
            return draft.span(hit, hit)
        return draft.span(*use.extent)

    # ------------------------------------------------------------------------------------------ institutions

    def institution(self, index: int, use: InstitutionUse) -> list[Mention]:
        """The state of "the government", where the article has named it so, or only one state is about."""
        draft = self._thread.drafts[index]
        actor = self._institution(index, use)
        return [self._on(draft, use.token, actor, Via.DESCRIPTION)] if actor else []

    def _institution(self, index: int, use: InstitutionUse) -> Actor | None:
        thread = self._thread
        known = self._named_before(index, use)
        if known:
            return known[0] if len(known) == 1 else None
        subject = self._subject_person(index, use.token)
        if subject is not None:
            return subject
        around = list(dict.fromkeys(s for i in (index - 1, index) for s in thread.states(i)))
        if len(around) == 1:
            return around[0]
        home = self._context.home
        if home is not None and self._context.counts[home.id] > 1 and (home.actor in around or not around):
            return home.actor
        return None

    def _named_before(self, index: int, use: InstitutionUse) -> list[Actor]:
        """The states whose institution of this kind the article has named up to here."""
        found: list[Actor] = []
        for i in range(index + 1):
            for seen in self._thread.seen(i):
                mention = seen.mention
                if mention.via not in (Via.OFFICE, Via.DESCRIPTION) or seen.actor.type is not ActorType.STATE:
                    continue
                match = self._words.institution(self._thread.tree(i).form(mention.token))
                if (
                    match is not None
                    and match.form.institution.like == use.match.form.institution.like
                    and seen.actor not in found
                ):
                    found.append(seen.actor)
        return found

    def _subject_person(self, index: int, token: int) -> Actor | None:
        """The state of the person who is the subject of the clause or of the one around it, or stands beside the noun."""
        tree = self._thread.tree(index)
        for child in tree.children(token):
            if tree.case(child) in ("um", "unter", "von"):
                states = [
                    state for seen in self._thread.at(index, child) if (state := self._thread.state_of(seen.actor))
                ]
                if states:
                    return states[0]
        clause = tree.clause(token)
        for verb in (clause, tree.clause(tree.tokens[clause].head)):
            subject = tree.subject_of(verb)
            if subject is None or subject == token:
                continue
            for seen in self._thread.at(index, subject):
                if seen.actor.type is ActorType.PERSON:
                    return self._thread.state_of(seen.actor)
        return None

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
        return [self._on(self._thread.drafts[index], use.token, actors[0], Via.DESCRIPTION)] if len(actors) == 1 else []

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
        return [self._on(draft, token.i, actor, Via.DESCRIPTION)] if actor else []

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
        for i in range(index - 1, max(-1, index - 1 - _REACH), -1):
            states = [s for s in thread.states(i, persons=False) if s.id not in rivals]
            if len(states) == 1:
                return states[0]
            if states:
                topic = [s for s in states if s == self._topic(i)]
                return topic[0] if len(topic) == 1 and tree.lower(token.i - 1) in ("im", "des") else None
        return None

    def _topic(self, index: int) -> Actor | None:
        """The state that is the subject of a sentence."""
        tree = self._thread.tree(index)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        subject = tree.subject_of(root)
        seen = self._thread.at(index, subject) if subject is not None else []
        return self._thread.state_of(seen[0].actor) if seen else None

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
                seen.subject
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

    # ------------------------------------------------------------------------------------------ both

    def pair(self, index: int, token: Token) -> list[Mention]:
        """Both countries, die beiden Präsidenten, beide Seiten: the two that were named last."""
        if token.form.lower() not in self._both:
            return []
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        noun = self._pair_noun(tree, token)
        if noun is None:
            return []
        persons = noun != token.i and self._words.role(tree.form(noun)) is not None
        two = self._two(index, token.i, persons=persons, sides=tree.form(noun).startswith("Seite"))
        tokens = sorted({token.i, noun})
        span = draft.span(tokens[0], tokens[-1])
        return [draft.mention(actor, Via.DESCRIPTION, tokens, span) for actor in two]

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

    def _two(self, index: int, before: int, *, persons: bool, sides: bool) -> list[Actor]:
        between = self._between(index - 1)
        if sides and between:
            return between
        found: list[Actor] = []
        for i in range(index, max(-1, index - _REACH - 1), -1):
            found = [] if sides else found
            for seen in reversed(self._thread.seen(i)):
                if i == index and seen.mention.token >= before:
                    continue
                actor = self._kind(seen, persons=persons)
                if actor is not None and actor not in found:
                    found.append(actor)
            if len(found) >= 2:
                break
        return found[::-1] if len(found) == 2 else []

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
        return [self._on(draft, token.i, actor, Via.PRONOUN)] if actor else []

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

    @staticmethod
    def _on(draft: Draft, token: int, actor: Actor, via: Via) -> Mention:
        return draft.mention(actor, via, (token,), draft.span(token, token))
