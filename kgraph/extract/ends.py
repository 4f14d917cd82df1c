"""Who stands at an end of an edge: from a token in a frame's slot to the mentions it names or belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kgraph.extract.tree import Tree, base
from kgraph.lexicon import matches
from kgraph.model import ActorType, Mention, Relation, Role, Token, Via

_IDENTITY, _OWNER, _AGENT = 1.0, 0.8, 0.85
_VERBAL = {"VERB", "AUX", "ADJ"}
_DEPTH = 4
_AGAINST_ACTS = (Relation.CRITICIZES, Relation.PROTESTS)  # their object may be where the deed was done
# their object may be named by its territory
LAND = frozenset({Relation.OCCUPIES, Relation.WITHDRAWS_FROM, Relation.MOBILIZES})


@dataclass(frozen=True, slots=True)
class End:
    """A mention at an end, with how sure the way to it was (1 where the slot's own word names the actor).

    `holder` marks a state that is named by whoever holds an office of it: "der russische Außenminister".
    """

    mention: Mention
    weight: float = _IDENTITY
    holder: bool = False

    def weaker(self, factor: float) -> End:
        """The same end, found on a less certain way."""
        return replace(self, weight=self.weight * factor)


class Ends:
    """Finds the actors of one sentence's tokens."""

    def __init__(self, tree: Tree, mentions: Iterable[Mention]) -> None:
        self.tree = tree
        self._names: dict[int, list[Mention]] = {}
        self._parts: dict[int, list[Mention]] = {}
        self._roles: dict[int, list[Role]] = {}
        for mention in mentions:
            if mention.role is not None:
                self._roles.setdefault(mention.role.title.start, []).append(mention.role)
            if mention.via is Via.COMPOUND and mention.actor.type is not ActorType.CONFLICT:
                self._parts.setdefault(mention.token, []).append(mention)
            else:
                for i in {mention.token, *mention.tokens}:
                    self._names.setdefault(i, []).append(mention)
        self._many = tree.lexicon.noun_cues("member_nouns")
        self._acts = tree.lexicon.noun_cues("act_nouns") | tree.lexicon.noun_cues("deed_nouns")
        self._offices = tree.lexicon.noun_cues("office_nouns")
        self._opposite = tree.lexicon.noun_cues("opposite_nouns")
        self._leading = tree.lexicon.cues["leading_nouns"]
        self._private = tree.lexicon.noun_cues("private_nouns")
        self._struck = dict.fromkeys(LAND, tree.lexicon.noun_cues("territory_nouns"))
        self._struck[Relation.ATTACKS] = tree.lexicon.noun_cues("struck_nouns")
        self._coalitions = tree.lexicon.noun_cues("coalition_nouns")
        self._assets = tree.lexicon.noun_cues("group_assets")
        self._proposing = tree.lexicon.cues["proposing_verbs"]
        self._struck |= dict.fromkeys(_AGAINST_ACTS, tree.lexicon.noun_cues("state_acts"))
        self._struck[Relation.SANCTIONS] = tree.lexicon.noun_cues("business_nouns")
        self.event_agents: Callable[[int], list[End]] = lambda _: []  # set by the matcher of event nouns
        self.taken_up: Callable[[int, Relation | None], list[End]] = (
            lambda *_: []
        )  # set by who knows the sentence before

    def named(self, i: int) -> list[Mention]:
        """The mentions whose noun phrase the token belongs to."""
        return self._names.get(i, [])

    def parts(self, i: int) -> list[Mention]:
        """The mentions inside a compound token."""
        return self._parts.get(i, [])

    def roles(self, i: int) -> list[Role]:
        """The offices that a noun names whose holders are named in the sentence."""
        return self._roles.get(self.tree.tokens[i].start, [])

    def resolve(self, i: int, *, act: bool, of: Relation | None = None) -> list[End]:
        """The actors that a token and its conjuncts stand for.

        With `act` also the agents of events; for the object `of` some relations also whose a territory or a firm is.
        """
        found: list[End] = []
        for k in self._members(i):
            ends = self._resolve_one(k, act=act, depth=0)
            if not ends and of in self._struck and matches(self.tree.tokens[k].lemma, self._struck[of]):
                ends = [end.weaker(_OWNER) for end in self._owners(k, 0) or self._lying_in(k)]
            if not ends and of is Relation.ATTACKS and matches(self.tree.tokens[k].lemma, self._assets):
                owners = self._owners(k, 0)  # "zerstörte ein Haus der Miliz": a state's houses are other people's
                ends = [end.weaker(_OWNER) for end in owners if end.mention.actor.type is ActorType.ARMED_GROUP]
            if not ends and matches(self.tree.tokens[k].lemma, self._many) and self.tree.kids(k, "cop"):
                ends = [end for j in self.tree.subjects(k) for end in self._resolve_one(j, act=False, depth=0)]
            if of is Relation.DEMANDS and self._is_taker(k):
                continue
            found.extend(ends or (self.taken_up(k, of) if act else []))
        return _unique(found)

    def _is_taker(self, i: int) -> bool:
        """True for "fordert eine weitere Unterstützung der Ukraine": what it is of gets it, and is not asked for it."""
        tree = self.tree
        if not matches(tree.tokens[i].lemma, tree.lexicon.noun_cues("taking_nouns")):
            return False
        definite = any(d.form.lower() in {"die", "der", "den"} or d.feat("Poss") == "Yes" for d in tree.kids(i, "det"))
        by = any(tree.case(child.i) in {"durch", "von", "aus"} for child in tree.kids(i, "nmod"))
        return not definite and not by and any(child.i > i for child in tree.kids(i, "nmod"))

    def _members(self, i: int) -> list[int]:
        """The token and its conjuncts; what is coordinated with a part of a name is so with the name."""
        members = self.tree.conjuncts(i)
        for k in tuple(members):
            for mention in self.named(k):
                for part in mention.tokens:
                    members.extend(j for j in self.tree.conjuncts(part)[1:] if j not in members)
        return members

    def owners(self, i: int) -> list[End]:
        """Whose a noun is: compound part, adjective, possessive, genitive or "von" phrase."""
        return _unique(self._owners(i, depth=0))

    def _resolve_one(self, i: int, *, act: bool, depth: int) -> list[End]:
        named = self.named(i)
        if named:
            return [End(mention, holder=self._is_holder(mention)) for mention in named]
        token = self.tree.tokens[i]
        if (members := self._among(token)) and depth == 0:
            return members
        if depth > _DEPTH or token.upos in {"PRON", "DET"}:
            return []
        if token.upos == "NUM":  # "20 der 30 russischen Drohnen"
            parts = [c.i for c in self.tree.kids(i, "nmod") if c.i > i and self.tree.case(c.i) in {"", "von"}]
            return [end for k in parts for end in self._sub(k, depth)]
        for child in self.tree.kids(i, "appos", "flat"):
            if self.named(child.i) and not (matches(token.lemma, self._opposite) and self._is_genitive(child)):
                return [End(mention, 0.9) for k in self.tree.conjuncts(child.i) for mention in self.named(k)]
        if token.upos in _VERBAL and base(token.deprel) not in {"obj", "nsubj", "obl", "iobj"}:
            return [end.weaker(_AGENT) for k in self.tree.slots(i).get("subj", []) for end in self._sub(k, depth)]
        if led := self._led(i, depth):
            return led
        is_event = any(not frame.needs for frame in self.tree.lexicon.nouns(token.lemma))
        if is_event:
            agents = (self.event_agents(i) or self._done_by(i, depth) or self.taking_part(i)) if act else []
            return [end.weaker(_AGENT) for end in agents]
        if matches(token.lemma, self._private) or self.is_over(token):
            return []
        return [end.weaker(_OWNER) for end in self._owners(i, depth)]

    def _led(self, i: int, depth: int) -> list[End]:
        """Who leads a coalition that acts: "eine Koalition unter Führung der USA"."""
        if not matches(self.tree.tokens[i].lemma, self._coalitions):
            return []
        near = (*self.tree.kids(i, "nmod"), *self.tree.following_pp(i))
        leads = [c for c in near if self.tree.case(c.i) == "unter" and c.lemma in self._leading]
        return [end.weaker(_OWNER) for child in leads for end in self._sub(child.i, depth + 1)]

    def _is_holder(self, mention: Mention) -> bool:
        return mention.via is Via.OFFICE and matches(self.tree.tokens[mention.token].lemma, self._offices)

    def is_over(self, noun: Token) -> bool:
        """True for who no longer is what the noun says: "die Ex-Präsidentin Malawis", "der frühere Botschafter"."""
        former = self.tree.lexicon.cues["former_adjectives"]
        return noun.form.startswith("Ex-") or any(child.lemma in former for child in self.tree.kids(noun.i, "amod"))

    def _sub(self, i: int, depth: int) -> list[End]:
        return [end for k in self.tree.conjuncts(i) for end in self._resolve_one(k, act=False, depth=depth + 1)]

    def _owners(self, i: int, depth: int) -> list[End]:
        agents = self._done_by(i, depth) if depth == 0 else []
        if agents:
            return agents
        found = [End(mention) for mention in self.parts(i)] or self._attributes(i)
        if found:  # "die Freilassung einer französischen Lehrerin" is not France's: attributes of owners do not count
            return found if depth == 0 else []
        toward = matches(self.tree.tokens[i].lemma, self._opposite)
        for child in self.tree.kids(i, "nmod"):
            case = self.tree.case(child.i)
            if toward and self._is_genitive(child):
                continue  # "der Nachbar Venezuelas" is another one
            if case in {"", "von"} and depth <= _DEPTH:
                found.extend(self._sub(child.i, depth + 1))
            elif case == "unter" and child.lemma in self._leading:  # "eine Delegation unter Leitung der Ministerin"
                found.extend(self._sub(child.i, depth + 1))
        return found

    def _is_genitive(self, noun: Token) -> bool:
        determined = bool(self.tree.kids(noun.i, "det")) or self.tree.case(noun.i) == "von"
        return determined or (noun.form.endswith("s") and not noun.lemma.endswith("s"))

    def _lying_in(self, i: int) -> list[End]:
        """The state that a territory lies in: "aus der Region im Nordirak"."""
        nouns = [i, *(c.i for c in self.tree.kids(i, "nmod") if not self.tree.case(c.i))]
        near = [*(c for k in nouns for c in self.tree.kids(k, "nmod")), *self.tree.following_pp(i)]
        inside = [c for c in near if self.tree.case(c.i) == "in"]
        return [end for child in inside for end in self._sub(child.i, 1) or self._owners(child.i, 1)]

    def _done_by(self, i: int, depth: int) -> list[End]:
        """Who did what a noun says: "die Verletzung des Luftraums durch Russland"."""
        tree = self.tree
        if base(tree.tokens[i].deprel) == "nmod" and tree.lexicon.nouns(tree.tokens[tree.tokens[i].head].lemma):
            return []  # "die Annexion des Gebiets durch Russland": the phrase tells who annexed
        inner = [c for owner in tree.kids(i, "nmod") if not tree.case(owner.i) for c in tree.kids(owner.i, "nmod")]
        above = tree.tokens[tree.tokens[i].head]
        beside = () if tree.lexicon.nouns(above.lemma) else tree.following_pp(i)  # "der Abschuss der Drohne durch …"
        near = [*tree.kids(i, "nmod", "obl"), *inner, *beside]
        phrases = [c for c in near if tree.case(c.i) == "durch"]
        if matches(tree.tokens[i].lemma, self._acts):  # "der von Rom eingebrachte Entwurf"
            made = [c for c in tree.kids(i, "amod") if c.verb]
            phrases += [c for verb in made for c in tree.kids(verb.i, "obl", "nmod") if tree.case(c.i) == "von"]
        else:  # "die von Rom vorgeschlagene Waffenruhe"
            made = [c for c in tree.kids(i, "amod") if c.verb in self._proposing]
            phrases += [c for verb in made for c in tree.kids(verb.i, "obl", "nmod") if tree.case(c.i) == "von"]
        return [end for child in phrases for end in self._sub(child.i, depth + 1)]

    def _among(self, token: Token) -> list[End]:
        """The members that a sentence names of many, further on: "Zwölf Staaten unterhalten …, darunter Paraguay"."""
        tree = self.tree
        if token.feat("Number") != "Plur" or not matches(token.lemma, self._many):
            return []
        for word in tree.tokens[token.i + 1 :]:
            if word.form == "darunter" and word.head != word.i and tree.tokens[word.head].upos == "PROPN":
                return [End(mention, 0.9) for k in tree.conjuncts(word.head) for mention in self.named(k)]
        return []

    def taking_part(self, i: int) -> list[End]:
        """Who takes part in an event by its relative clause: "das Manöver, an dem Soldaten aus Japan teilnehmen"."""
        tree = self.tree
        found: list[End] = []
        for clause in tree.kids(i, "acl"):
            if not tree.lexicon.cue("participation_verbs", clause.lemma) or tree.case(clause.i):
                continue
            for subject in tree.subjects(clause.i):
                own = self._sub(subject, 1)
                phrases = [*tree.subtree(subject), *(c.i for c in tree.kids(clause.i, "obl"))]
                places = [k for k in phrases if tree.case(k) in {"aus", "von"} or tree.tokens[k].deprel == "conj"]
                found += own or [End(mention, _OWNER) for k in sorted(places) for mention in self.named(k)]
        return _unique(found)

    def _attributes(self, i: int) -> list[End]:
        """National adjectives and possessives before a noun."""
        words = [k for child in self.tree.kids(i, "amod", "det") for k in self.tree.conjuncts(child.i)]
        return [End(m) for k in words for m in self.named(k) if m.via in {Via.ADJECTIVE, Via.PRONOUN}]


def same_side(one: End, other: End) -> bool:
    """True for an actor and itself, and for two of the same country."""
    first, second = one.mention.actor, other.mention.actor
    return first.id == second.id or (first.country is not None and first.country == second.country)


def _unique(ends: list[End]) -> list[End]:
    seen: dict[tuple[str, int], End] = {}
    for end in ends:
        key = (end.mention.actor.id, end.mention.start)
        if key not in seen or seen[key].weight < end.weight:
            seen[key] = end
    return list(seen.values())
