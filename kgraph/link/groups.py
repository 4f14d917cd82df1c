"""Armed groups, oppositions and peoples: named ones with the noun before them, and nameless ones of a country."""

from __future__ import annotations

from kgraph.actors import Entry, Registry, slugify
from kgraph.link.draft import Draft, GroupUse
from kgraph.link.gazetteer import Hit, Sense
from kgraph.link.names import NameReader
from kgraph.link.owners import How, Owner, Phrase, phrase
from kgraph.link.words import Words
from kgraph.model import DATA, Actor, ActorType, Via

_BODIES = (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY, ActorType.ORGANISATION, ActorType.PEOPLE)
_QUOTES = ("„", '"', "»", "«", "‚", "“")
_KIND_ENDS = ("miliz", "gruppe", "organisation", "bewegung", "netzwerk")
_COLLECTIVE_SINGULAR = ("Miliz", "Guerilla", "Opposition")


class GroupFinder:
    """Finds groups by the nouns for them."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words
        self._names = NameReader(words)

    def find(self, draft: Draft) -> dict[str, Actor]:
        """Make mentions of groups; returns the names of groups that no list has, for later sentences."""
        new: dict[str, Actor] = {}
        for token in draft.tree.tokens:
            if token.i in draft.taken or not token.form[:1].isupper():
                continue
            if self._is_kind(token.form) and self._named(draft, token.i):
                continue
            if token.form in self._words.armed_kinds | self._words.party_kinds:
                actor = self._unlisted(draft, token.i)
                if actor is not None:
                    new[actor.label] = actor
                    continue
            self._nameless(draft, token.i)
        for hit in draft.hits:
            if (
                hit.sense in (Sense.DEMONYM, Sense.NAME)
                and hit.entry is not None
                and hit.entry.type is ActorType.PEOPLE
            ):
                self._people(draft, hit)
        return new

    def _is_kind(self, form: str) -> bool:
        """True for a word for what a group is, also a compound of one: Schiitenmiliz, Widerstandsgruppe."""
        return form in self._words.kinds or form.lower().endswith(_KIND_ENDS)

    def _named(self, draft: Draft, i: int) -> bool:
        """A listed name in apposition to the noun: die Extremistenmiliz IS, das Nachbarland Tunesien."""
        k = i + 2 if draft.tree.form(i + 1) in _QUOTES else i + 1
        for hit in draft.free(k):
            if hit.first not in (i, k) or hit.rest or hit.entry is None or hit.sense not in (Sense.NAME, Sense.ACRONYM):
                continue
            land = draft.tree.form(i) in self._words.lands
            if (hit.entry.type is ActorType.STATE) != land and hit.entry.type not in _BODIES:
                continue
            via = Via.ACRONYM if hit.sense is Sense.ACRONYM else Via.NAME
            tokens = (i, *range(hit.first, hit.last + 1))
            draft.mentions.append(draft.mention(hit.entry.actor, via, tokens, (hit.start, hit.end)))
            draft.use([hit])
            draft.take(tokens)
            return True
        return False

    def _unlisted(self, draft: Draft, i: int) -> Actor | None:
        """A group that no list has, named after a noun that says what it is: die Rebellengruppe X."""
        k = i + 2 if draft.tree.form(i + 1) in _QUOTES else i + 1
        run = self._names.read(draft, k) if k < len(draft.tree) else None
        if run is None or run.entry is not None or draft.tree.tokens[k].upos != "PROPN":
            return None
        party = draft.tree.form(i) in self._words.party_kinds
        owners = phrase(draft, i, self._words, seat=False).by(How.ADJECTIVE)
        country = next((o.hit.entry.actor.country for o in owners if o.hit.entry), None)
        kind = ActorType.POLITICAL_PARTY if party else ActorType.ARMED_GROUP
        actor = Actor(f"{DATA}group/{slugify(run.text)}", kind, run.text, country)
        tokens = (i, *range(run.first, run.last + 1))
        draft.mentions.append(draft.mention(actor, Via.NAME, tokens, draft.span(run.first, run.last)))
        draft.use(owner.hit for owner in owners)
        draft.take(tokens)
        return actor

    def _nameless(self, draft: Draft, i: int) -> None:
        """Fighters, an opposition or a people by the adjective, compound or country beside the noun."""
        if self._by_own_name(draft, i):
            return
        form = draft.tree.form(i)
        noun = next((h.rest.rsplit("-", 1)[-1] for h in draft.free(i) if h.rest), form)
        fighters = self._words.ends_in(noun, self._words.fighters)
        opposition = noun in self._words.opposition
        if not (fighters or opposition or noun in self._words.peoples):
            return
        found = phrase(draft, i, self._words, seat=True)
        owners = found.by(How.COMPOUND) or found.owners
        for owner in owners:
            if owner.hit.entry is not None and self._owned(
                draft, found, owner, fighters=fighters, opposition=opposition
            ):
                draft.use(o.hit for o in found.owners)
                draft.take((i,))
                return
        if fighters and draft.tree.is_plural(i) and not owners and not found.against:
            draft.groups.append(GroupUse(i, self._plural(noun)))

    def _by_own_name(self, draft: Draft, i: int) -> bool:
        """A listed name that ends in a noun for groups: national words before it only describe (Jemens Huthi-Rebellen)."""
        hit = next((h for h in draft.free(i) if h.first == h.last and not h.rest and h.sense is Sense.NAME), None)
        if hit is None or hit.entry is None or hit.entry.type not in _BODIES[:2] or "-" not in draft.tree.form(i):
            return False
        described = phrase(draft, i, self._words, seat=False).by(How.ADJECTIVE, How.GENITIVE)
        draft.mentions.append(draft.mention(hit.entry.actor, Via.NAME, (i,), (hit.start, hit.end)))
        draft.use([hit, *(owner.hit for owner in described)])
        draft.take((i,))
        return True

    def _owned(self, draft: Draft, found: Phrase, owner: Owner, *, fighters: bool, opposition: bool) -> bool:
        entry = owner.hit.entry
        if entry is None or (owner.how is How.SEAT and owner.hit.sense is Sense.CITY):
            return False
        noun = draft.tree.form(found.noun)
        if entry.type is ActorType.STATE:
            if not (fighters or opposition) or not self._is_collective(draft, found.noun):
                return False
            kind = ActorType.POLITICAL_PARTY if opposition else ActorType.ARMED_GROUP
            actor = self._of_country(entry, self._plural(noun), kind)
        elif entry.type in _BODIES[:2] or entry.type is ActorType.PEOPLE:
            actor = self._in_country(entry, found)
        else:
            return False
        first, last = min(found.noun, owner.first), max(found.noun, owner.last)
        draft.mentions.append(
            draft.mention(actor, Via.OFFICE, {found.noun, owner.first}, draft.span(first, last), head=found.noun)
        )
        return True

    def _is_collective(self, draft: Draft, i: int) -> bool:
        noun = draft.tree.form(i).lower()
        return draft.tree.is_plural(i) or any(noun.endswith(ending.lower()) for ending in _COLLECTIVE_SINGULAR)

    def _plural(self, noun: str) -> str:
        """The plural of a group noun, its last part where it is a compound."""
        if noun in self._words.plurals:
            return self._words.plurals[noun]
        for cut in range(3, len(noun) - 2):
            last = noun[cut:].lstrip("-").capitalize()
            if last in self._words.plurals:
                return self._words.plurals[last]
        return noun

    def _of_country(self, entry: Entry, noun: str, kind: ActorType) -> Actor:
        code = entry.iso3 or ""
        adjective = next(iter(entry.adjectives.get(self._registry.lang, ())), "")
        label = f"{adjective}e {noun}" if adjective else f"{noun} ({entry.label(self._registry.lang)})"
        return Actor(f"{DATA}group/{code}-{slugify(noun)}", kind, label, code)

    def _in_country(self, entry: Entry, found: Phrase) -> Actor:
        """A people or group, narrowed to a country where the phrase names one: die Kurden in Syrien."""
        states = [
            o.hit.entry
            for o in found.owners
            if o.hit.entry and o.hit.entry.type is ActorType.STATE and o.hit.sense is not Sense.CITY
        ]
        if entry.type is not ActorType.PEOPLE or len(states) != 1:
            return entry.actor
        return self._of_country(states[0], entry.label(self._registry.lang), ActorType.PEOPLE)

    def _people(self, draft: Draft, hit: Hit) -> None:
        """A people by its name in the plural: die Kurden, irakische Kurden, Kurden im Nordirak."""
        i = hit.first
        if i in draft.taken or draft.is_used(hit) or hit.entry is None or hit.rest:
            return
        singular = draft.tree.tokens[i].feat("Number") == "Sing" or draft.tree.lower(i - 1) in (
            "ein",
            "eine",
            "einem",
            "einen",
            "einer",
            "eines",
        )
        if singular:
            return
        found = phrase(draft, i, self._words, seat=True)
        actor = self._in_country(hit.entry, found)
        owners = [o for o in found.owners if o.hit != hit]
        narrowed = actor != hit.entry.actor
        first = min([i, *(o.first for o in owners if narrowed)])
        last = max([i, *(o.last for o in owners if narrowed)])
        draft.mentions.append(draft.mention(actor, Via.NAME, (i,), draft.span(first, last)))
        draft.use([hit, *(o.hit for o in owners if narrowed)])
        draft.take((i,))
