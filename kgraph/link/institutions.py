"""Organs of states and organisations: ministries, armies, delegations, and coalitions that somebody leads."""

from __future__ import annotations

from kgraph.actors import Registry
from kgraph.link.context import Context
from kgraph.link.draft import Draft, InstitutionUse
from kgraph.link.gazetteer import Hit, Sense
from kgraph.link.owners import How, Owner, Phrase, phrase
from kgraph.link.tree import CONTRACTED, DEFINITE
from kgraph.link.words import InstitutionMatch, Words
from kgraph.model import ActorType, Via

_GROUPS = (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY, ActorType.PEOPLE)
_COUNTED = ("beide", "beiden", "beider", "zwei", "drei")


class InstitutionFinder:
    """Finds institutions and settles whose they are where words beside them say so."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words

    def find(self, draft: Draft, context: Context) -> None:
        """Make mentions of institutions with an owner; note those without one."""
        for token in draft.tree.tokens:
            if token.i in draft.taken:
                continue
            if token.form in self._words.coalitions and self._led(draft, token.i):
                continue
            match = self._words.institution(token.form)
            if match is not None and not self._is_named(draft, token.i):
                self._institution(draft, token.i, match, context)
            elif match is None:
                self._organ(draft, token.i)

    def _is_named(self, draft: Draft, i: int) -> bool:
        """True where the noun is part of a listed name, such as a seat of government."""
        return any(not hit.rest and hit.sense is not Sense.FIRST for hit in draft.at(i))

    def _institution(self, draft: Draft, i: int, match: InstitutionMatch, context: Context) -> None:
        institution = match.form.institution
        found = phrase(draft, i, self._words, seat=institution.seat, origin=institution.origin)
        owners = self._preferred(found)
        if institution.of:
            owners = tuple(owner for owner in owners if _type(owner) is ActorType.STATE)
        if institution.adjective:
            owners = tuple(owner for owner in owners if owner.how in (How.ADJECTIVE, How.COMPOUND))
        if owners:
            self._owned(draft, found, owners)
        elif found.region is not None or found.against:
            return
        elif institution.of and not match.first:
            state = context.among(institution.of)
            if state is not None:
                draft.mentions.append(draft.mention(state.actor, Via.OFFICE, (i,), draft.span(i, i)))
                draft.take((i,))
        elif self._is_bare(draft, match, found):
            draft.institutions.append(InstitutionUse(i, match))

    def _is_bare(self, draft: Draft, match: InstitutionMatch, found: Phrase) -> bool:
        """True where a bare institution may be settled by the article."""
        institution = match.form.institution
        if not institution.bare or match.first or (institution.plural and not draft.tree.is_plural(found.noun)):
            return False
        return self._may_stand_alone(draft, found)

    def _preferred(self, found: Phrase) -> tuple[Owner, ...]:
        compound = tuple(o for o in found.by(How.COMPOUND) if o.hit.sense is not Sense.CITY)
        adjective = found.by(How.ADJECTIVE)
        if compound and adjective and all(_type(o) is ActorType.ORGANISATION for o in compound):
            return adjective
        order = (compound, adjective, found.by(How.GENITIVE), found.by(How.AFTER), found.by(How.SEAT))
        return next((owners for owners in order if owners), ())

    def _owned(self, draft: Draft, found: Phrase, owners: tuple[Owner, ...]) -> None:
        """A mention per owner on the institution; further words that name the same owner are used up too."""
        ids = {owner.hit.entry.id for owner in owners if owner.hit.entry}
        for owner in owners:
            entry = owner.hit.entry
            if entry is None:
                continue
            tokens = {found.noun, *range(owner.first, owner.last + 1)}
            first, last = min(tokens), max(tokens)
            others = [o for o in owners if o is not owner and first <= o.first <= last]
            span = (owner.hit.start, owner.hit.end) if others else draft.span(first, last)
            draft.mentions.append(draft.mention(entry.actor, Via.OFFICE, tokens, span, head=found.noun))
        draft.use(o.hit for o in found.owners if o in owners or (o.hit.entry and o.hit.entry.id in ids))
        draft.take((found.noun,))

    def _may_stand_alone(self, draft: Draft, found: Phrase) -> bool:
        """True where "the government" may be settled by context: definite, without another owner after it."""
        tree = draft.tree
        before = tree.lower(found.noun - 1)
        if before not in DEFINITE and before not in CONTRACTED:
            return False
        after = tree.lower(found.noun + 1)
        return after not in ("der", "des", "von", "vom", "in", "im", "aus") or (
            tree.tokens[found.noun + 1].deprel != "case"
            and after in ("der", "des")
            and not self._has_genitive(draft, found.noun)
        )

    def _has_genitive(self, draft: Draft, noun: int) -> bool:
        tree = draft.tree
        return any(
            tree.tokens[c].deprel == "nmod" and tree.tokens[c].feat("Case") == "Gen" and c > noun
            for c in tree.children(noun)
        )

    def _organ(self, draft: Draft, i: int) -> None:
        """An organ of an organisation or a part of a group: EU-Kommission, EU-Staaten, PKK-Führung, Staaten der EU."""
        tree = draft.tree
        for hit in draft.free(i):
            if not hit.rest or hit.entry is None:
                continue
            noun = hit.rest.rsplit("-", 1)[-1]
            if hit.entry.type is ActorType.ORGANISATION:
                collective = noun in self._words.collective_organs
                counted = tree.lower(i - 1) in _COUNTED
                fits = self._words.ends_in(noun, self._words.organs) and (
                    not collective or (tree.is_plural(i) and not counted)
                )
            else:
                fits = hit.entry.type in _GROUPS and self._words.ends_in(
                    noun, self._words.members | self._words.fighters
                )
            if fits:
                draft.mentions.append(draft.mention(hit.entry.actor, Via.OFFICE, (i,), draft.span(i, i)))
                draft.use([hit])
                draft.take((i,))
                return

    def _led(self, draft: Draft, i: int) -> bool:
        """A coalition led by somebody: die US-geführte Koalition, das von den USA angeführte Bündnis."""
        tree = draft.tree
        for k in range(max(0, i - 3), i):
            if not (tree.form(k) in self._words.led or any(hit.rest in self._words.led for hit in draft.free(k))):
                continue
            hit = next((h for h in draft.free(k) if h.rest in self._words.led), None) or self._leader(draft, k)
            if hit is not None and hit.entry is not None:
                tokens = {i, *range(hit.first, hit.last + 1)}
                span = (hit.start, tree.tokens[i].end)
                draft.mentions.append(draft.mention(hit.entry.actor, Via.OFFICE, tokens, span, head=i))
                draft.use([hit])
                draft.take((i,))
                return True
        return False

    def _leader(self, draft: Draft, k: int) -> Hit | None:
        """The name before "angeführt", with von or unter: unter Führung is left to others."""
        tree = draft.tree
        for i in range(k - 1, max(-1, k - 4), -1):
            for hit in draft.free(i):
                if hit.last == i and hit.sense in (Sense.NAME, Sense.ACRONYM):
                    before = {tree.lower(hit.first - 1), tree.lower(hit.first - 2)}
                    return hit if before & {"von", "vom"} else None
        return None


def _type(owner: Owner) -> ActorType | None:
    return owner.hit.entry.type if owner.hit.entry else None
