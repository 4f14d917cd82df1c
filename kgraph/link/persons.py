"""People who act: introduced by an office and a name, then called by surname."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgraph.actors import Entry, Registry, slugify
from kgraph.link.context import Context
from kgraph.link.directory import Directory
from kgraph.link.draft import Draft, RoleUse
from kgraph.link.gazetteer import Hit, Sense
from kgraph.link.names import NameReader, NameRun, without_genitive
from kgraph.link.offices import Office, OfficeReader
from kgraph.link.owners import How, Owner
from kgraph.link.roster import Person, Roster, given_names
from kgraph.link.words import Words
from kgraph.model import DATA, Actor, ActorType, Mention, Role, Span, Via

_ACTORS = (Sense.NAME, Sense.ACRONYM, Sense.SEAT, Sense.CITY, Sense.FIRST, Sense.ADJECTIVE, Sense.PERSON)
_NO_GENITIVE = ("ss", "is", "us", "as", "os", "es")


class PersonFinder:
    """Finds the persons of articles."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words
        self._names = NameReader(words)
        self._offices = OfficeReader(words, self._names)
        self._directory = Directory(registry, words)
        self._becoming = frozenset(words.list("speech", "becoming"))
        self._speech = frozenset(words.list("speech", "verbs"))

    # ------------------------------------------------------------------------------------------ introductions

    def introduce(self, draft: Draft, roster: Roster, context: Context) -> None:
        """Make mentions of the names that stand with an office or are listed whole; note offices without a name."""
        for office in _merged(draft, self._offices.read(draft)):
            if any(i in draft.taken for name in office.names for i in range(name.first, name.last + 1)):
                continue
            office = self._within(draft, office)
            apposed = None if office.names else self._apposed(draft, office)
            if apposed is not None:
                self._named(draft, replace(office, names=(apposed,)), roster, context, apart=True)
                continue
            name = None if office.names else self._predicated(draft, office)
            if name is not None:
                self._named(draft, replace(office, names=(name,)), roster, context, apart=True)
            elif office.names:
                self._named(draft, office, roster, context)
            else:
                self._nameless(draft, office)
        for hit in draft.hits:
            if hit.sense is Sense.PERSON and hit.entry and hit.first < hit.last and hit.first not in draft.taken:
                run = NameRun(
                    hit.first, hit.last, tuple(draft.tree.form(i) for i in range(hit.first, hit.last + 1)), hit.entry
                )
                self._add(draft, run, hit.entry.actor, hit.entry, roster)
                self._mention(draft, run, hit.entry.actor)

    def _nameless(self, draft: Draft, office: Office) -> None:
        owners = _owner_actors(office.owners)
        words = [office.token]
        if len(office.owners) == 1:
            words += [office.owners[0].first, office.owners[0].last]
        extent = (min(words), max(words))
        then = any(draft.tree.lower(k).startswith("damalig") for k in range(max(0, office.token - 3), office.token))
        former = office.former and not then
        draft.roles.append(RoleUse(office.token, office.match, owners, extent, office.definite, office.plural, former))
        draft.use(owner.hit for owner in office.owners)
        if office.owners:
            draft.use(owner.hit for owner in office.phrase.by(How.COMPOUND, How.ADJECTIVE))
            draft.take((office.token,))

    def _within(self, draft: Draft, office: Office) -> Office:
        """An office inside an organ: der Staatssekretär im indischen Außenministerium, Ravi Sharma, …"""
        tree = draft.tree
        if office.owners or office.names or office.plural:
            return office
        names = [k for k in tree.children(office.token) if tree.tokens[k].deprel == "appos" and tree.form(k - 1) == ","]
        if not names or any(tree.form(k) == "," for k in range(office.token, names[0] - 1)):
            return office
        inside = [
            hit for hit in draft.hits if office.token < hit.first and hit.last < names[0] and self._is_organ(draft, hit)
        ]
        if len({hit.entry.id for hit in inside if hit.entry}) != 1:
            return office
        return replace(office, owners=(Owner(inside[0], How.AFTER, inside[0].first, inside[0].last),))

    def _is_organ(self, draft: Draft, hit: Hit) -> bool:
        """True for words of a state that name an organ of it: the Bundestag, or the adjective of a ministry."""
        if hit.entry is None or hit.entry.type is not ActorType.STATE or hit.rest:
            return False
        named = hit.sense is Sense.ADJECTIVE and self._words.institution(draft.tree.form(hit.last + 1)) is not None
        return named or hit.sense is Sense.SEAT

    def _apposed(self, draft: Draft, office: Office) -> NameRun | None:
        """The full name between commas behind an office and its place: Russlands Botschafter in Kairo, Igor Orlow, …"""
        tree = draft.tree
        if not office.owners or office.plural:
            return None
        for k in tree.children(office.token):
            if (
                tree.tokens[k].deprel != "appos"
                or tree.tokens[k].upos != "PROPN"
                or k < office.token + 2
                or k in draft.taken
            ):
                continue
            name = self._names.read(draft, k) if tree.form(k - 1) == "," else None
            closed = name is not None and (
                name.last + 1 >= len(tree) or tree.form(name.last + 1) in {",", ".", ":", "–", "("}
            )
            if name is not None and name.full and closed:
                return name
        return None

    def _predicated(self, draft: Draft, office: Office) -> NameRun | None:
        """The one full name in a clause that says who gets or has an office: X wurde zum Präsidenten gewählt."""
        tree = draft.tree
        clause = tree.clause(office.token)
        verbs = {tree.tokens[k].lemma for k in (clause, *tree.children(clause))}
        if not office.owners or office.plural or not verbs & self._becoming:
            return None
        names: list[NameRun] = []
        for token in tree.tokens:
            if token.upos != "PROPN" or token.i in draft.taken or tree.clause(token.i) != clause:
                continue
            if names and token.i <= names[-1].last:
                continue
            name = self._names.read(draft, token.i)
            if name is not None and name.full and tree.case(tree.leader(name.first)) == "":
                names.append(name)
        return names[0] if len(names) == 1 else None

    def _named(self, draft: Draft, office: Office, roster: Roster, context: Context, *, apart: bool = False) -> None:
        """The mentions of the holders of an office; with `apart` the name stands away from the office."""
        for k, run in enumerate(office.names):
            owner = None
            if office.owners:
                owner = office.owners[k if len(office.owners) == len(office.names) else 0]
            held, actor = self._holder(draft, office, run, owner, roster, context)
            if actor is not None:
                tokens = [*([] if apart else [office.token]), *range(run.first, run.last + 1)]
                self._mention(draft, run, actor, role=self._role(draft, office, owner, held), tokens=tokens)
                draft.take((office.token,))
        draft.use(owner.hit for owner in office.owners)

    def _holder(
        self, draft: Draft, office: Office, run: NameRun, owner: Owner | None, roster: Roster, context: Context
    ) -> tuple[Actor | None, Actor | None]:
        """Whom an office is held for, and the person who holds it, now in the roster; the latter None for strangers."""
        role = office.match.role
        of = self._acts_for(owner.hit.entry) if owner is not None and owner.hit.entry else None
        known = roster.find(run.words) if run.entry is None and not run.full else None
        entry = run.entry or (known.entry if known else self._directory.with_office(run, of, role, context))
        if known is None and entry is None:
            known = roster.find(run.words)
        held = of or self._held_for(draft, office, entry, run, context)
        official = run.full and role.scope == "state" and not office.match.first
        if held is None and entry is None and known is None and not official:
            return None, None
        actor = entry.actor if entry else known.actor if known else self._new(draft, run, held, office)
        person = self._add(draft, run, actor, entry, roster)
        person.feminine = office.feminine if office.feminine is not None else person.feminine
        person.titles.append((role.family, held.id if held else None))
        return held, actor

    def _acts_for(self, owner: Entry) -> Actor:
        """The actor an office is held for: the state of a people that has one (Palästinenserpräsident)."""
        state = (
            self._registry.country(owner.actor.country)
            if owner.type is ActorType.PEOPLE and owner.actor.country
            else None
        )
        return state.actor if state else owner.actor

    def _held_for(
        self, draft: Draft, office: Office, entry: Entry | None, run: NameRun, context: Context
    ) -> Actor | None:
        """Whom an office without owner's words is held for: as the lists say, as the party in brackets says, or by context."""
        if office.phrase.region is not None:
            state = self._registry.country(office.phrase.region)
            return state.actor if state else None
        if entry is not None:
            return self._directory.office(entry, office.match.role.family, context.day)
        role = office.match.role
        party = self._party(draft, run)
        if party is not None:
            return party
        if role.national:
            state = context.among(role.national)
        elif role.scope == "state" and not office.phrase.against:
            index = draft.tree.sentence.index
            state = context.settle(index) or self._of_place(draft, run, context) or context.settle(index, office.token)
        else:
            state = None
        return state.actor if state else None

    def _of_place(self, draft: Draft, run: NameRun, context: Context) -> Entry | None:
        """The state in whose capital somebody speaks, where the article is about it: in Baku sagte Präsidentenberater X."""
        tree = draft.tree
        subject = tree.leader(run.first)
        verb = tree.tokens[subject].head
        if tree.subject_of(verb) != subject or tree.tokens[verb].lemma not in self._speech:
            return None
        for hit in draft.hits:
            if hit.sense is Sense.CITY and hit.entry is not None and not hit.rest and tree.case(hit.first) == "in":
                about = hit.entry.type is ActorType.STATE and context.counts[hit.entry.id] > 1
                return hit.entry if about and tree.tokens[hit.first].head == verb else None
        return None

    def _party(self, draft: Draft, run: NameRun) -> Actor | None:
        """The state of the party in brackets after a name: X (FDP)."""
        tree = draft.tree
        if tree.form(run.last + 1) != "(":
            return None
        for hit in draft.at(run.last + 2):
            if hit.entry is not None and hit.entry.type is ActorType.POLITICAL_PARTY and hit.entry.actor.country:
                draft.use([hit])
                state = self._registry.country(hit.entry.actor.country)
                return state.actor if state else None
        return None

    def _role(self, draft: Draft, office: Office, owner: Owner | None, held: Actor | None) -> Role | None:
        if held is None or office.match.role.local or office.phrase.region is not None:
            return None
        token = draft.tree.tokens[office.token]
        title = Span(token.start, token.end, token.form)
        whole = (token.start, token.end)
        if owner is None:
            of = draft.mention(held, Via.OFFICE, (office.token,), whole)
        elif owner.hit.first == office.token:
            of = draft.mention(held, Via.COMPOUND, (office.token,), whole)
        else:
            of = draft.mention_of(owner.hit, held)
        return Role(title, of, office.former)

    def introduce_late(self, drafts: Sequence[Draft], roster: Roster) -> None:
        """Find whom a lead means that names only the office, where a sentence after it lets one full name speak."""
        for k, draft in enumerate(drafts):
            for use in draft.roles:
                if use.plural or len(use.owners) != 1 or use.match.role.local or not draft.tree.is_subject(use.token):
                    continue
                if roster.holders(use.match.role.family, frozenset(o.id for o in use.owners)):
                    continue
                self._late(drafts[k : k + 3], use, roster)

    def _late(self, drafts: Sequence[Draft], use: RoleUse, roster: Roster) -> None:
        runs = [(draft, run) for draft in drafts for run in self._speakers(draft)]
        if len({run.text for _, run in runs}) != 1:
            return
        draft, run = runs[0]
        of = use.owners[0]
        actor = Actor(f"{DATA}person/{slugify(run.text)}", ActorType.PERSON, run.text, of.country)
        person = self._add(draft, run, actor, None, roster)
        person.feminine = use.match.form.feminine
        person.titles.append((use.match.role.family, of.id))

    def _speakers(self, draft: Draft) -> list[NameRun]:
        """Full names that no office or list introduces and that say something in a sentence."""
        tree = draft.tree
        speech = self._words.list("speech", "verbs")
        found = []
        for token in tree.tokens:
            if token.lemma not in speech or token.upos != "VERB":
                continue
            subject = tree.subject_of(token.i)
            if subject is None or subject in draft.taken or tree.tokens[subject].upos != "PROPN":
                continue
            run = self._names.read(draft, subject)
            if run is not None and run.full and not set(range(run.first, run.last + 1)) & draft.taken:
                found.append(run)
        return found

    # ------------------------------------------------------------------------------------------ who it is

    def _new(self, draft: Draft, run: NameRun, held: Actor | None, office: Office) -> Actor:
        """A person that no list has, typed from the text."""
        words = run.words
        genitive = draft.tree.tokens[run.last].feat("Case") == "Gen" and not words[-1].endswith(_NO_GENITIVE)
        if genitive and words[-1].endswith("s"):
            words = (*words[:-1], without_genitive(words[-1]))
        label = " ".join(words)
        return Actor(f"{DATA}person/{slugify(label)}", ActorType.PERSON, label, held.country if held else None)

    def _add(self, draft: Draft, run: NameRun, actor: Actor, entry: Entry | None, roster: Roster) -> Person:
        feminine = {"f": True, "m": False}.get(entry.gender) if entry else None
        offices = self._directory.offices(entry) if entry else []
        person = Person(actor, entry, given_names(run.words), feminine, offices)
        words = run.words if entry else tuple(actor.label.split())
        surname = self._directory.surname(entry) if entry else None
        more = [surname] if surname else []
        if run.full and actor.country in self._words.list("names", "surname_first"):
            more.append(run.words[0])
        return roster.add(person, words, *more)

    def _mention(
        self, draft: Draft, run: NameRun, actor: Actor, *, role: Role | None = None, tokens: Sequence[int] = ()
    ) -> Mention:
        inside = tokens or range(run.first, run.last + 1)
        mention = draft.mention(actor, Via.NAME, inside, draft.span(run.first, run.last), role=role)
        draft.mentions.append(mention)
        draft.take(inside)
        return mention

    # ------------------------------------------------------------------------------------------ called by surname

    def recall(self, draft: Draft, roster: Roster, context: Context) -> None:
        """Make mentions of names that were introduced elsewhere in the article, or are listed and fit the article."""
        tree = draft.tree
        i = 0
        while i < len(tree):
            run = None if i in draft.taken or not tree.form(i)[:1].isalpha() else self._run(draft, i, roster)
            if run is None:
                i += 1
                continue
            i = run.last + 1
            known = roster.find(run.words)
            if known is not None:
                self._mention(draft, self._with_particles(draft, run, known.actor.label), known.actor)
            elif (entry := self._directory.alone(run, context, company=self._has_company(draft, run))) is not None:
                self._add(draft, run, entry.actor, entry, roster)
                self._mention(draft, run, entry.actor)

    def _has_company(self, draft: Draft, run: NameRun) -> bool:
        """True where the sentence has another actor, or another surname that only one listed person has."""
        if any(hit.sense in _ACTORS for hit in draft.hits) or draft.mentions:
            return True
        others = (t for t in draft.tree.tokens if t.upos == "PROPN" and not run.first <= t.i <= run.last)
        return any(self._directory.is_known(token.form) for token in others)

    def _run(self, draft: Draft, i: int, roster: Roster) -> NameRun | None:
        """A name at a token; a surname known from the article counts whatever the parser calls it."""
        tree = draft.tree
        run = self._names.read(draft, i)
        if run is not None:
            return run
        token = tree.tokens[i]
        if token.upos not in ("NOUN", "ADJ") or not token.form[0].isupper() or draft.at(i):
            return None
        opening = tree.begins(i) and token.upos == "ADJ" and not token.form.endswith("s")
        if tree.lower(i - 1) in _ARTICLES or opening:
            return None
        if self._words.role(token.form) is not None or roster.find((token.form,)) is None:
            return None
        return NameRun(i, i, (token.form,))

    def _with_particles(self, draft: Draft, run: NameRun, label: str) -> NameRun:
        """A surname with the particles of the full name before it, capital or not: Von der Leyen."""
        words = label.split()
        first = run.first
        while first > 0 and draft.tree.lower(first - 1) in words and first - 1 not in draft.taken:
            first -= 1
        return run if first == run.first else NameRun(first, run.last, run.words, run.entry)


def _merged(draft: Draft, offices: list[Office]) -> list[Office]:
    """Two offices in apposition are one: "der Vertreter der EU, der dänische Diplomat X" speaks for the EU."""
    tree = draft.tree
    found: list[Office] = []
    for office in offices:
        before = found[-1] if found else None
        if before is not None and not before.names and before.owners and not before.plural and office.names:
            inside = {office.token, *range(office.names[0].first, office.names[0].last + 1)}
            top = tree.tokens[tree.top(inside)]
            between = range(before.token + 1, office.token)
            if top.deprel == "appos" and top.head == before.token and any(tree.form(k) == "," for k in between):
                found[-1] = replace(before, names=office.names)
                draft.use(owner.hit for owner in office.owners)
                continue
        found.append(office)
    return found


_ARTICLES = frozenset("der die das des dem den ein eine einen einem einer eines kein keine".split())


def _owner_actors(owners: Sequence[Owner]) -> tuple[Actor, ...]:
    return tuple(dict.fromkeys(owner.hit.entry.actor for owner in owners if owner.hit.entry is not None))
