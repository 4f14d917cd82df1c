"""Offices and institutions without a name: the president, a spokesman of the army, the government."""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.link.context import Context
from kgraph.link.draft import Draft, InstitutionUse, RoleUse
from kgraph.link.gazetteer import Sense, unique
from kgraph.link.thread import Thread
from kgraph.model import Actor, ActorType, Mention, Via

_SETTLED = frozenset(("state head", "government head", "foreign minister", "defence minister"))
_PARLIAMENT = "Parlament"
_UNNAMED = frozenset(("counterpart",))
_REACH = 5  # sentences


class Titles:
    """Settles who is meant by an office or institution alone."""

    def __init__(self, thread: Thread, context: Context) -> None:
        self._thread = thread
        self._context = context
        self._words = thread.words
        self._deputies = thread.words.list("names", "deputies")
        self._inside = frozenset(thread.words.list("national", "inside"))

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
        if alone and not family & _UNNAMED and not self._is_deputy(draft, use):
            person = self._holder(use, family, owners) or (None if use.former else self._listed(use, family))
            if person is not None and self._is_named_here(index, use, person):
                person = None
            if person is not None and (use.owners or self._may_name(draft, use)):
                return [draft.mention(person, Via.DESCRIPTION, (use.token,), draft.span(use.token, use.token))]
        if use.former:
            return []
        if not use.owners and use.definite and singular and (again := self._again(index, use)):
            return [draft.at_token(use.token, again, Via.DESCRIPTION)]
        if not use.owners and (found := self._of_institution(index, use) or self._of_place(index, use)):
            return [found]
        if not use.owners and use.match.role.national and alone:
            state = self._context.among(use.match.role.national)
            return [draft.at_token(use.token, state.actor, Via.OFFICE)] if state else []
        if use.match.role.former or (family & _UNNAMED and not use.owners):
            return []
        return [
            draft.mention(
                owner, Via.OFFICE, self._tokens(draft, use, owner), self._span(draft, use, owner), head=use.token
            )
            for owner in use.owners
        ]

    def _is_named_here(self, index: int, use: RoleUse, person: Actor) -> bool:
        """True where the sentence names the person elsewhere: the office without a name is then somebody else's."""
        token = self._thread.tree(index).tokens[use.token]
        return token.deprel != "appos" and any(
            seen.actor == person and seen.mention.via is Via.NAME for seen in self._thread.seen(index)
        )

    def _is_deputy(self, draft: Draft, use: RoleUse) -> bool:
        """True for "der Vize-Verteidigungsminister", "der stellvertretende Außenminister": not who holds the office."""
        first = use.match.first.rsplit("-", 1)[-1]
        before = (draft.tree.lower(k) for k in draft.tree.children(use.token) if k < use.token)
        return first in self._deputies or any(word.startswith(self._deputies) for word in before)

    def _again(self, index: int, use: RoleUse) -> Actor | None:
        """Whose spokesman was heard before, for "der Sprecher" alone; none where there were several."""
        if "spokesman" not in use.match.role.family or use.match.first or not self._is_plain(index, use.token):
            return None
        heard: list[Actor] = []
        for i in range(max(0, index - _REACH), index):
            tree = self._thread.tree(i)
            for seen in self._thread.seen(i):
                match = self._words.role(tree.form(seen.mention.token)) if seen.mention.via is Via.OFFICE else None
                if match is not None and "spokesman" in match.role.family and seen.actor not in heard:
                    heard.append(seen.actor)
        return heard[0] if len(heard) == 1 else None

    def _is_plain(self, index: int, token: int) -> bool:
        tree = self._thread.tree(index)
        return all(tree.tokens[c].upos in ("DET", "PUNCT") for c in tree.children(token))

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
                    return draft.at_token(use.token, hit.entry.actor, Via.OFFICE)
        return None

    def _holder(self, use: RoleUse, family: frozenset[str], owners: frozenset[str]) -> Actor | None:
        holders = self._thread.roster.holders(family, owners, feminine=use.match.form.feminine)
        if use.match.role.national and not owners:  # "der Kanzler" is none of Israel
            holders = [holder for holder in holders if holder.actor.country in use.match.role.national]
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
        return [draft.at_token(use.token, actor, Via.DESCRIPTION)] if actor else []

    def _institution(self, index: int, use: InstitutionUse) -> Actor | None:
        thread = self._thread
        met = self._met(index, use.token)
        known = [state for state in self._named_before(index, use) if state.id not in met]
        if known:
            return known[0] if len(known) == 1 else None
        subject = self._subject_person(index, use.token)
        if subject is not None and subject.id not in met:
            return subject
        place = self._place(index, use) or self._of_government(index, use)
        if place is not None:
            return place
        others = self._outsiders(index, use.token) | met
        around = list(dict.fromkeys(s for i in (index - 1, index) for s in thread.states(i) if s.id not in others))
        if len(around) == 1:
            return around[0]
        home = self._context.focus
        if (
            home is not None
            and home.id not in met
            and self._context.counts[home.id] > 1
            and (home.actor in around or not around)
        ):
            return home.actor
        return None

    def _outsiders(self, index: int, token: int) -> set[str]:
        """The states that stand between the two of "zwischen der Armee und ihren Gegnern": they have neither."""
        tree = self._thread.tree(index)
        if tree.case(tree.first_conjunct(token)) != "zwischen":
            return set()
        return {s.id for seen in self._thread.seen(index) if seen.subject and (s := self._thread.state_of(seen.actor))}

    def _met(self, index: int, token: int) -> set[str]:
        """Who acts, where the noun is whom he acts with: "Phee sprach mit Vertretern der Militärs"."""
        tree = self._thread.tree(index)
        place = tree.first_conjunct(token)
        while tree.tokens[place].deprel == "nmod" and tree.tokens[tree.tokens[place].head].upos == "NOUN":
            place = tree.tokens[place].head
        if tree.case(place) not in ("mit", "gegen"):
            return set()
        return {s.id for seen in self._thread.acting(index, place) if (s := self._thread.state_of(seen.actor))}

    def _place(self, index: int, use: InstitutionUse) -> Actor | None:
        """The only country in which the organ is said to act: in der Türkei ermittelt die Staatsanwaltschaft."""
        tree = self._thread.tree(index)
        if use.match.form.institution.like not in self._inside or not tree.is_subject(use.token):
            return None
        clause = tree.clause(use.token)
        found = [
            seen.actor
            for seen in self._thread.seen(index)
            if seen.actor.type is ActorType.STATE
            and seen.mention.via is Via.NAME
            and seen.mention.token < use.token
            and tree.tokens[seen.mention.token].head == clause
            and tree.case(seen.mention.token) == "in"
        ]
        return found[0] if len(found) == 1 else None

    def _of_government(self, index: int, use: InstitutionUse) -> Actor | None:
        """The state whose government is the subject, for a parliament: die türkische Regierung forderte das Parlament auf."""
        tree = self._thread.tree(index)
        subject = tree.subject_of(tree.clause(use.token))
        if use.match.form.institution.like != _PARLIAMENT or subject is None or subject == use.token:
            return None
        seen = [s for s in self._thread.at(index, subject) if s.mention.via is Via.OFFICE]
        return self._thread.state_of(seen[0].actor) if len(seen) == 1 else None

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
