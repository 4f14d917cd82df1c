"""Which frames fire in a sentence: verbs, event nouns, role nouns and adjectives with their two ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgraph.extract.ends import End, Ends
from kgraph.extract.tree import Tree, base
from kgraph.lexicon import Frame, Lexicon, matches, noun_key
from kgraph.model import ActorType, Mention, Quad, Relation, Token, Via

_CONFLICT_RELATIONS = {Relation.MEDIATES, Relation.SUPPORTS, Relation.REJECTS, Relation.CRITICIZES}
_TAKING_PART = {
    Relation.MEETS,
    Relation.NEGOTIATES_WITH,
    Relation.AGREES_WITH,
    Relation.COOPERATES_WITH,
}
_GIVING = {Relation.AIDS, Relation.SUPPLIES_ARMS, Relation.SUPPORTS, Relation.THREATENS, Relation.REJECTS}
_IN_WORDS = {Quad.VERBAL_CONFLICT, Quad.VERBAL_COOPERATION}
_OWNING = {"gen", "adj", "compound", "von", "poss"}
_VERBAL = {"VERB", "AUX"}
_BEARERS_AS_OBJECT = {"bezeichnen", "nennen", "ansehen", "betrachten", "sehen", "einstufen", "einschätzen", "beschreiben"}


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fired: its word, and one pair of ends."""

    frame: Frame
    trigger: Token
    subject: End
    object: End

    @property
    def weight(self) -> float:
        """How sure the ways to both ends were."""
        return self.subject.weight * self.object.weight


class Matcher:
    """Applies the lexicon to one sentence."""

    def __init__(self, tree: Tree, mentions: Iterable[Mention], lexicon: Lexicon) -> None:
        self.tree = tree
        self.lexicon = lexicon
        self.ends = Ends(tree, mentions)
        self.ends.event_agents = self._event_agents
        self._stop = frozenset(noun_key(word) for word in lexicon.cues["compound_stop"])

    def matches(self) -> Iterator[Match]:
        """All matches, in the order of their words; several may say the same."""
        for token in self.tree.tokens:
            if token.upos in _VERBAL or token.verb:
                yield from self._verb(token)
            if token.upos in {"ADJ", "ADV", "VERB"}:
                yield from self._adjective(token)
            if token.upos in {"NOUN", "PROPN", "X"} and noun_key(token.lemma) not in self._stop:
                yield from self._noun(token)
                yield from self._role(token)

    # --- verbs ---------------------------------------------------------------------------------------------

    def _verb(self, token: Token) -> Iterator[Match]:
        frames = self.lexicon.verbs(token.verb or token.lemma)
        if not frames:
            return
        slots = self.tree.slots(token.i)
        fitting = [frame for frame in frames if self._needs_met(frame, slots)]
        most = max((len(frame.needs) for frame in fitting), default=0)
        for frame in fitting:
            if len(frame.needs) < most:
                continue
            yield from self._verb_frame(frame, token, slots)
            for extra in frame.also:
                if self._needs_met(extra, slots):
                    yield from self._verb_frame(extra, token, slots)

    def _verb_frame(self, frame: Frame, token: Token, slots: dict[str, list[int]]) -> Iterator[Match]:
        subjects = self._verb_ends(frame, frame.subject, slots, act=False, types=frame.subject_types)
        doers = frozenset(end.mention for end in subjects)  # a clause without a subject of its own leads back to them
        objects = self._verb_ends(frame, frame.object, slots, act=frame.act, types=frame.object_types, doers=doers)
        if not subjects and objects and frame.relation.quad is Quad.MATERIAL_CONFLICT and self.tree.is_passive(token.i):
            subjects = self._agents_of_attack(slots)
        yield from self._pairs(frame, token, subjects, objects)

    def _filled(self, slot: str, slots: dict[str, list[int]]) -> list[int]:
        """The tokens in a slot; a bare name read as object also fills an empty dative: names show no case."""
        found = slots.get(slot, [])
        if slot != "dat" or found:
            return found
        bare = (i for i in slots.get("obj", []) if self.tree.tokens[i].upos == "PROPN")
        return [i for i in bare if not self.tree.kids(i, "det")]

    def _agents_of_attack(self, slots: dict[str, list[int]]) -> list[End]:
        """Who did what a passive leaves open: "bei einem Angriff Israels getötet"."""
        for case in ("bei", "durch", "in"):
            for i in slots.get(case, []):
                frames = self.lexicon.nouns(self.tree.tokens[i].lemma)
                if any(f.relation in {Relation.ATTACKS, Relation.KILLS} for f in frames):
                    return [end.weaker(0.85) for end in self._event_agents(i)]
        return []

    def _needs_met(self, frame: Frame, slots: dict[str, list[int]]) -> bool:
        if frame.reflexive and "refl" not in slots:
            return False
        return all(self._fillers(slot, words, slots) for slot, words in frame.needs)

    def _fillers(self, slot: str, words: frozenset[str], slots: dict[str, list[int]]) -> list[int]:
        return [
            k
            for i in slots.get(slot, [])
            for k in self.tree.conjuncts(i)
            if matches(self.tree.tokens[k].lemma, words)
        ]

    def _verb_ends(
        self,
        frame: Frame,
        wanted: tuple[str, ...],
        slots: dict[str, list[int]],
        *,
        act: bool,
        types: frozenset[ActorType],
        doers: frozenset[Mention] = frozenset(),
    ) -> list[End]:
        fillers = [k for slot, words in frame.needs for k in self._fillers(slot, words, slots)]
        for slot in wanted:
            ends: list[End] = []
            if "." in slot:
                outer, inner = slot.split(".", 1)
                for i in slots.get(outer, []):
                    for k in self.tree.conjuncts(i):
                        ends.extend(self._inner_slot(k, inner, act=act))
            else:
                for i in self._filled(slot, slots):
                    if i not in fillers:
                        ends.extend(self.ends.resolve(i, act=act or slot == "clause"))
                if not ends and slot not in {"subj", "obj", "dat", "gen", "clause"}:
                    for i in [*fillers, *slots.get("obj", [])]:
                        ends.extend(end.weaker(0.9) for end in self._noun_slot(i, slot, act=act))
            ends = [end for end in _allowed(frame, ends, types) if end.mention not in doers]
            if ends:
                return ends
        return []

    def _inner_slot(self, i: int, slot: str, *, act: bool) -> list[End]:
        """A slot of what fills a slot: of a noun ("obj.gen") or of a clause ("clause.obj")."""
        if self.tree.tokens[i].upos not in _VERBAL:
            return self._noun_slot(i, slot, act=act)
        return [end for k in self.tree.slots(i).get(slot, []) for end in self.ends.resolve(k, act=act)]

    # --- event nouns -----------------------------------------------------------------------------------------

    def _noun(self, token: Token) -> Iterator[Match]:
        fitting = [frame for frame in self.lexicon.nouns(token.lemma) if self._noun_needs_met(frame, token.i)]
        most = max((len(frame.needs) for frame in fitting), default=0)
        for frame in fitting:
            if len(frame.needs) == most:
                yield from self._noun_frame(frame, token)

    def _noun_frame(self, frame: Frame, token: Token) -> Iterator[Match]:
        objects = self._first(frame, token.i, frame.object, act=frame.act, types=frame.object_types)
        subjects = self._noun_subjects(frame, token.i)
        if frame.relation.symmetric:
            yield from self._symmetric_noun(frame, token, subjects, objects)
            return
        if not objects:
            objects = self._objects_of_support(frame, token.i)
        if not subjects and objects:
            subjects = self._subjects_of_governor(frame, token.i) or self._headline_subjects(frame, token.i)
        yield from self._pairs(frame, token, subjects, objects)

    def _headline_subjects(self, frame: Frame, i: int) -> list[End]:
        """ "Kreml: Enttäuschung über …": who speaks before the colon, for what is done in words."""
        speaker = self.tree.headline_speaker
        if speaker is None or i <= speaker or frame.relation.quad not in _IN_WORDS:
            return []
        return [End(mention, 0.85) for mention in self.ends.named(speaker)]

    def _noun_needs_met(self, frame: Frame, i: int) -> bool:
        for slot, words in frame.needs:
            tokens = [t for t in self.tree.arg_nouns(i) if slot in {"gen", self.tree.case(t.i)}]
            if not any(matches(t.lemma, words) for t in tokens):
                return False
        return True

    def _symmetric_noun(self, frame: Frame, token: Token, subjects: list[End], objects: list[End]) -> Iterator[Match]:
        """Talks between A and B, of A and B, of A with B; or with B, where somebody governs the noun."""
        between = _allowed(frame, self._noun_slot(token.i, "zwischen", act=False), frame.object_types)
        if len(between) > 1:
            yield from _all_pairs(frame, token, between)
            return
        if not objects:
            objects = self._objects_of_support(frame, token.i)
        if not subjects:
            subjects = self._subjects_of_governor(frame, token.i)
        if not subjects and not objects:
            yield from self._inherited(frame, token)
        elif objects:
            yield from self._pairs(frame, token, subjects, objects)
        elif len(subjects) > 1:
            yield from _all_pairs(frame, token, [end.weaker(0.9) for end in subjects])

    def _inherited(self, frame: Frame, token: Token) -> Iterator[Match]:
        """What an agreement is about has its parties: "ein Abkommen mit X über eine Partnerschaft"."""
        head = self.tree.tokens[token.head]
        if self.tree.case(token.i) != "über" or head.i == token.i:
            return
        for outer in self.lexicon.nouns(head.lemma):
            if outer.relation is Relation.AGREES_WITH:
                for match in self._noun_frame(outer, head):
                    yield Match(frame, token, match.subject.weaker(0.9), match.object.weaker(0.9))

    def _noun_subjects(self, frame: Frame, i: int) -> list[End]:
        return self._first(frame, i, frame.subject, act=False, types=frame.subject_types)

    def _first(
        self, frame: Frame, i: int, slots: tuple[str, ...], *, act: bool, types: frozenset[ActorType]
    ) -> list[End]:
        for slot in slots:
            ends = self._noun_slot(i, slot, act=act)
            if slot == "gen" and "gen" in frame.object and frame.kind == "noun":
                ends = self._genitives(i, before=slots is frame.subject, act=act)
            if slot == "compound":
                ends = [end for end in ends if self._compound_fits(frame, slots, end)]
            ends = _allowed(frame, ends, types)
            if ends:
                return ends
        return []

    def _compound_fits(self, frame: Frame, slots: tuple[str, ...], end: End) -> bool:
        """An acronym in front does the deed (US-Sanktionen), a name may undergo it (Iran-Sanktionen)."""
        if not frame.compound_object:
            return True
        doer = end.mention.text.isupper()
        return doer if slots is frame.subject else not doer

    def _noun_slot(self, i: int, slot: str, *, act: bool) -> list[End]:
        """The actors in a slot of a noun."""
        tree, ends = self.tree, self.ends
        if slot in _OWNING:
            office = [End(m) for m in ends.named(i) if m.via is Via.OFFICE]  # "den russischen Botschafter"
            if office:
                return office
        if slot == "compound":
            return [End(mention) for mention in ends.parts(i)]
        if slot == "adj":
            found = [k for child in tree.kids(i, "amod") for k in tree.conjuncts(child.i)]
            return [End(m) for k in found for m in ends.named(k) if m.via is Via.ADJECTIVE]
        if slot == "poss":
            return [End(m) for child in tree.kids(i, "det") for m in ends.named(child.i) if m.via is Via.PRONOUN]
        if slot == "gen":
            return self._genitives(i, before=None, act=act)
        heads = [i, tree.tokens[i].head] if base(tree.tokens[i].deprel) == "flat" else [i]
        direct = [c for k in heads for c in tree.kids(k, "nmod", "obl") if tree.case(c.i) == slot and c.i > i]
        direct = direct or [c for c in tree.kids(i, "nmod", "obl") if tree.case(c.i) == slot]
        if direct:
            return [end for child in direct for end in ends.resolve(child.i, act=act)]
        owners = [k for c in tree.kids(i, "nmod") if c.upos == "PROPN" for k in tree.conjuncts(c.i)]
        loose = [c for k in owners for c in tree.kids(k, "nmod") if tree.case(c.i) == slot and c.i > k]  # names have none
        loose = loose or [c for c in tree.following_pp(i) if tree.case(c.i) == slot]
        return [end.weaker(0.9) for child in loose for end in ends.resolve(child.i, act=act)]

    def _genitives(self, i: int, *, before: bool | None, act: bool) -> list[End]:
        """The actors in the genitives of a noun: those before it ("Israels Bombardierung"), after it, or both (None)."""
        tree = self.tree
        found = [c for c in tree.kids(i, "nmod") if not tree.case(c.i) and not self._is_loose(i, c)]
        misread = tree.genitive_before(i)
        if misread is not None and not found:
            found = [misread]
        wanted = [c for c in found if before is None or (c.i < i) == before]
        return [end for child in wanted for end in self.ends.resolve(child.i, act=act)]

    def _is_loose(self, noun: int, child: Token) -> bool:
        """True for an nmod without preposition that is no genitive: an apposition or a measure."""
        cases = {d.feat("Case") for d in self.tree.kids(child.i, "det")} - {""}
        return bool(cases) and "Gen" not in cases and child.i > noun

    def _event_agents(self, i: int) -> list[End]:
        """Who does what an event noun says: for "criticises the attacks of …"."""
        for frame in self.lexicon.nouns(self.tree.tokens[i].lemma):
            if not self._noun_needs_met(frame, i):
                continue
            ends = self._noun_subjects(frame, i)
            if frame.relation.symmetric:
                ends = ends + self._first(frame, i, frame.object, act=False, types=frame.object_types)
            if ends:
                return ends
        return []

    def _objects_of_support(self, frame: Frame, i: int) -> list[End]:
        """Ends that stand with the verb: "verhängt gegen X Sanktionen", "führt mit X Gespräche", "leistet X Hilfe"."""
        verb = self._support_verb(i)
        if verb is None:
            return []
        slots = self.tree.slots(verb)
        wanted = [slot for slot in frame.object if slot not in {"gen", "poss", "adj", "compound"}]
        if frame.relation in _GIVING:
            wanted.append("dat")
        for slot in wanted:
            ends = [end.weaker(0.9) for k in slots.get(slot, []) if k != i for end in self.ends.resolve(k, act=frame.act)]
            ends = _allowed(frame, ends, frame.object_types)
            if ends:
                return ends
        return []

    def _support_verb(self, i: int) -> int | None:
        """The support verb whose object (or passive subject) the noun is."""
        token = self.tree.tokens[i]
        while token.deprel == "conj":
            token = self.tree.tokens[token.head]
        verb = self.tree.tokens[token.head]
        if verb.upos not in _VERBAL or not self.lexicon.cue("support_verbs", verb.lemma):
            return None
        kind = base(token.deprel)
        passive_subject = kind == "nsubj" and self.tree.is_passive(verb.i)
        return verb.i if kind == "obj" or passive_subject or (kind == "obl" and not self.tree.case(token.i)) else None

    def _subjects_of_governor(self, frame: Frame, i: int) -> list[End]:
        """Whose event it is by the verb that governs the noun, where that is safe."""
        verb = self._support_verb(i)
        factor = 0.9
        if verb is None:
            verb = self._participation(frame, i)
            factor = 0.75
        if verb is None:
            return []
        ends = [end for k in self.tree.slots(verb).get("subj", []) for end in self.ends.resolve(k, act=False)]
        return _allowed(frame, [end.weaker(factor) for end in ends], frame.subject_types)

    def _participation(self, frame: Frame, i: int) -> int | None:
        token = self.tree.tokens[i]
        while token.deprel == "conj":
            token = self.tree.tokens[token.head]
        case = self.tree.case(token.i)
        verb = self.tree.tokens[token.head]
        if verb.upos == "ADJ" and case in {"für", "zu"} and frame.relation in _TAKING_PART:
            return verb.i
        if verb.upos not in _VERBAL or base(token.deprel) not in {"obl", "obj"} or not case:
            return None
        if frame.relation in _TAKING_PART and case in {"für", "zu"} and self._is_willing(verb):
            return verb.i
        if frame.relation in _TAKING_PART and self.lexicon.cue("participation_cases", case):
            return verb.i if not self.tree.is_passive(verb.i) else None
        return verb.i if self.lexicon.cue("support_phrases", f"{verb.lemma} {case}") else None

    def _is_willing(self, verb: Token) -> bool:
        """True for "bleibt offen für …", "ist bereit zu …"."""
        near = self.tree.kids(verb.i, "xcomp", "advmod", "obl")
        return any(self.lexicon.cue("planned_adjectives", child.lemma) for child in near)

    # --- role nouns and adjectives -----------------------------------------------------------------------------

    def _role(self, token: Token) -> Iterator[Match]:
        frames = self.lexicon.roles(token.lemma)
        if not frames:
            return
        bearers = self._bearers(token)
        for frame in frames:
            others = self._first(frame, token.i, frame.object, act=False, types=frame.object_types)
            ours = _allowed(frame, bearers, frame.subject_types)
            if frame.inverse:
                yield from self._pairs(frame, token, others, ours)
            elif others:
                yield from self._pairs(frame, token, ours, others)
            elif frame.relation.symmetric and len(ours) > 1:
                yield from _all_pairs(frame, token, ours)

    def _bearers(self, token: Token) -> list[End]:
        """Who is said to be what the role noun says."""
        tree = self.tree
        resolve = self.ends.resolve
        if tree.kids(token.i, "cop"):
            return [end for k in tree.subjects(token.i) for end in resolve(k, act=False)]
        names = [c for c in tree.kids(token.i, "appos", "flat", "compound") if self.ends.named(c.i)]
        if not names and token.i + 1 < len(tree.tokens):
            after = tree.tokens[token.i + 1]
            names = [after] if after.upos == "PROPN" and after.head in {token.i, token.head} else []
        if any(self.ends.named(c.i) for c in names):
            return [End(m) for c in names for m in self.ends.named(c.i)]
        if base(token.deprel) in {"appos", "flat", "compound"}:
            return [end for end in resolve(token.head, act=False) if token.i not in end.mention.tokens]
        head = tree.tokens[token.head]
        if head.upos in _VERBAL and (tree.case(token.i) == "als" or head.lemma in {"werden", "bleiben"}):
            slots = tree.slots(head.i)
            slot = "obj" if head.lemma in _BEARERS_AS_OBJECT or tree.is_passive(head.i) else "subj"
            found = [k for k in slots.get(slot, []) if k != token.i]
            return [end.weaker(0.9) for k in found for end in resolve(k, act=False)]
        if head.upos in {"NOUN", "PROPN"} and tree.case(token.i) == "als":
            return [end.weaker(0.9) for end in resolve(head.i, act=False)]
        return []

    def _adjective(self, token: Token) -> Iterator[Match]:
        frames = self.lexicon.adjectives(token.lemma) or self.lexicon.adjectives(token.form)
        for frame in frames:
            slots = self._adjective_slots(token)
            bearers = [end for k in slots.get("subj", []) for end in self.ends.resolve(k, act=False)]
            for slot in frame.object:
                others = [end for k in slots.get(slot, []) for end in self.ends.resolve(k, act=frame.act)]
                others = _allowed(frame, others, frame.object_types)
                if others:
                    ours = _allowed(frame, bearers, frame.subject_types)
                    yield from self._pairs(frame, token, ours, others)
                    break
            else:
                ours = _allowed(frame, bearers, frame.subject_types)
                if frame.relation.symmetric and len(ours) > 1:
                    yield from _all_pairs(frame, token, ours)

    def _adjective_slots(self, token: Token) -> dict[str, list[int]]:
        """Arguments of an adjective: its own, and those of the copula verb or noun it belongs to."""
        slots = self.tree.slots(token.i)
        if self.tree.kids(token.i, "cop", "nsubj"):
            return slots
        head = self.tree.tokens[token.head]
        if base(token.deprel) == "amod":
            slots["subj"] = [head.i]
        elif head.upos in _VERBAL and base(token.deprel) in {"advmod", "xcomp", "obl"}:
            outer = self.tree.slots(head.i)
            slots["subj"] = outer.get("subj", [])
            for slot, found in outer.items():
                slots.setdefault(slot, []).extend(found)
        return slots

    # --- pairs -----------------------------------------------------------------------------------------------------

    def _pairs(self, frame: Frame, token: Token, subjects: list[End], objects: list[End]) -> Iterator[Match]:
        if frame.relation.symmetric and not objects and len(subjects) > 1:
            yield from _all_pairs(frame, token, subjects)
        for subject in subjects:
            for object_ in objects:
                yield Match(frame, token, subject, object_)


def _all_pairs(frame: Frame, token: Token, ends: list[End]) -> Iterator[Match]:
    for k, first in enumerate(ends):
        for second in ends[k + 1 :]:
            yield Match(frame, token, first, second)


def _allowed(frame: Frame, ends: list[End], types: frozenset[ActorType]) -> list[End]:
    """The ends of the types a frame asks for; conflicts only where the relation can have one."""
    return [
        end
        for end in ends
        if (not types or end.mention.actor.type in types)
        and (end.mention.actor.type is not ActorType.CONFLICT or frame.relation in _CONFLICT_RELATIONS)
    ]
