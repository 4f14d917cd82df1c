"""Which frames fire in a sentence: verbs here, event nouns, role nouns and adjectives by their own matchers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph.extract.ends import End, Ends, same_side
from kgraph.extract.mood import is_condition
from kgraph.extract.nouns import NounMatcher
from kgraph.extract.pairs import Match, Trial, all_pairs, allowed, pairs, trials
from kgraph.extract.roles import RoleMatcher
from kgraph.extract.tree import VERBAL, Tree
from kgraph.lexicon import Frame, Lexicon, matches, noun_key
from kgraph.model import ActorType, Mention, Quad, Relation, Token

_ALSO_AT = {Relation.THREATENS, Relation.SANCTIONS}  # their object may be that of the verb before
_AIMS = {"an", "auf", "gegen", "gegenüber"}
_TALKING = {Relation.MEETS, Relation.NEGOTIATES_WITH}
_ABSTRACT = ("ung", "heit", "keit", "ion", "schaft", "nis")
_VISITED = {"in", "nach", "bei", "zu", "zu.in", "zu.bei"}
_INTO = {Relation.SUPPLIES_ARMS, Relation.ATTACKS}  # what is sent "in" somewhere goes into it
_SHORT = 6  # "weitergeben", "weitergehen", "weiterleiten" are verbs of their own
_EACH_OTHER = {"dat": "obj", "obj": "dat"}


class Matcher:
    """Applies the lexicon to one sentence."""

    def __init__(self, tree: Tree, mentions: Iterable[Mention], lexicon: Lexicon) -> None:
        self.tree = tree
        self.lexicon = lexicon
        self.ends = Ends(tree, mentions)
        self.nouns = NounMatcher(tree, self.ends, lexicon)
        self.roles = RoleMatcher(tree, self.ends, self.nouns, lexicon)
        self.ends.event_agents = self.nouns.agents
        self._stop = lexicon.noun_cues("compound_stop")

    def matches(self) -> Iterator[Match]:
        """All matches, in the order of their words; several may say the same."""
        for trial in self.trials():
            yield from trial.matches

    def trials(self) -> Iterator[Trial]:
        """Every frame of every word held against it, in the order of the words."""
        for token in self.tree.tokens:
            if token.upos in VERBAL or token.verb:
                yield from self._verb(token)
            if token.upos in {"ADJ", "ADV", "VERB"}:
                yield from self.roles.adjectives(token)
            if token.upos in {"NOUN", "PROPN", "X"} and noun_key(token.lemma) not in self._stop:
                yield from self.nouns.trials(token)
                yield from self.roles.roles(token)

    def slots(self, token: Token) -> dict[str, list[int]]:
        """The slots of a verb as its frames see them."""
        slots = self.tree.slots(token.i)
        keeper = self.tree.tokens[token.head]
        if token.deprel == "xcomp" and keeper.lemma == "halten" and not slots.get("obj"):  # "hält das Gebiet besetzt"
            slots["obj"] = [child.i for child in self.tree.kids(keeper.i, "obj")]
            slots["subj"] = list(self.tree.subjects(keeper.i))
        return self._unscrambled(self._frames(token), token, slots)

    def _frames(self, token: Token) -> tuple[Frame, ...]:
        """The frames of a verb, or of the verb that it makes with an adjective: "macht sich stark" is starkmachen."""
        lemma = token.verb or token.lemma
        for child in self.tree.kids(token.i, "xcomp", "advmod"):
            if child.upos in {"ADJ", "ADV"} and (joined := self.lexicon.verbs(child.form.lower() + lemma)):
                return joined
        return self.lexicon.verbs(lemma) or self._of_past(lemma) or self._going_on(lemma)

    def _going_on(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of a verb that an adverb has been joined to: weiterverschärfen."""
        if lemma == "feststehen":  # "steht weiter fest an der Seite …"
            return self.lexicon.verbs("stehen")
        stem = lemma.removeprefix("weiter")
        plain = stem != lemma and not self.lexicon.cue("light_verbs", stem)
        return self.lexicon.verbs(stem) if plain and len(stem) > _SHORT else ()

    def _of_past(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of a verb whose past tense is taken for its infinitive: umzingelten."""
        stem = lemma.removesuffix("n").removesuffix("te")
        return () if len(stem) > len(lemma) - 2 else self.lexicon.verbs(stem + "n") or self.lexicon.verbs(stem + "en")

    def filled(self, slot: str, slots: dict[str, list[int]]) -> list[int]:
        """The tokens in a slot; a bare name read as object also fills an empty dative and the reverse: names show no case."""
        found = slots.get(slot, [])
        if slot == "gen" and not found:  # "der" may be either
            return slots.get("dat", [])
        if slot not in _EACH_OTHER or found:
            return found
        if slot == "obj" and "refl" in slots:  # "sich" is the object: "unterwirft sich Rom"
            return []
        bare = (i for i in slots.get(_EACH_OTHER[slot], []) if self._is_name(i))
        return [i for i in bare if not self.tree.kids(i, "det")]

    def _is_name(self, i: int) -> bool:
        """True for a name, alone or behind a title: "Kanzlerin Merkel"."""
        return self.tree.tokens[i].upos == "PROPN" or any(c.upos == "PROPN" for c in self.tree.kids(i, "appos"))

    def fillers(self, frame: Frame, slots: dict[str, list[int]]) -> tuple[int, ...]:
        """The tokens that a verb's frame asks for in its `with`."""
        return tuple(k for slot, words in frame.needs for k in self._fillers(slot, words, slots))

    def _verb(self, token: Token) -> Iterator[Trial]:
        frames = self._frames(token)
        if not frames:
            return
        slots = self.slots(token)
        yield from trials(
            token,
            frames,
            lambda frame: self._unmet(frame, slots),
            lambda frame: self._verb_frame(frame, token, slots),
        )

    def _verb_frame(self, frame: Frame, token: Token, slots: dict[str, list[int]]) -> Trial:
        if frame.object == ("subj",) and self._has_own_object(frame, slots):
            return Trial(frame, token)  # "Die Kritik Chinas an den USA wies Japan zurück"
        between = tuple(self._between(frame, slots))
        if len(between) > 1:
            return Trial(frame, token, between, between, tuple(all_pairs(frame, token, between)))
        subjects = self._verb_ends(frame, frame.subject, slots, act=False, types=frame.subject_types)
        if frame.relation is Relation.THREATENS and self._is_of_others(frame, slots, subjects):
            return Trial(frame, token, tuple(subjects))
        fillers = self.fillers(frame, slots)
        doers = frozenset(end.mention for end in subjects)  # a clause without a subject of its own leads back to them
        objects = self._verb_ends(frame, frame.object, slots, act=frame.act, types=frame.object_types, doers=doers)
        if not objects and subjects and frame.relation in _ALSO_AT and not self._has_partner(frame, slots, fillers):
            objects = [end for end in self._told_before(token) if end.mention not in doers]
        if not objects and subjects and frame.relation is Relation.THREATENS:
            objects = self._on_condition(token, subjects)
        if not subjects and objects and frame.relation.quad is Quad.MATERIAL_CONFLICT and self.tree.is_passive(token.i):
            subjects = self._agents_of_attack(slots)
        visits = frame.relation is Relation.MEETS and set(frame.object) <= _VISITED  # several visitors do not meet
        if not objects and len(subjects) > 1 and not visits and self._is_mutual(frame, token, slots):
            found = [Match(frame, token, a, b) for a in subjects for b in subjects if a is not b]
        else:
            fillers = self.fillers(frame, slots)
            if objects or not (visits or self._has_partner(frame, slots, fillers)):
                found = list(pairs(frame, token, subjects, objects, fillers))
            else:
                found = []  # "Estland und Lettland verhandeln mit Investoren": not with each other
        return Trial(frame, token, tuple(subjects), tuple(objects), tuple(found))

    def _is_of_others(self, frame: Frame, slots: dict[str, list[int]], subjects: list[End]) -> bool:
        """True where somebody is warned of a third one's deed: "warnte Polen vor einem Angriff Russlands"."""
        if "vor" not in dict(frame.needs):
            return False
        doers = [end.mention.actor for k in self.fillers(frame, slots) for end in self.nouns.agents(k)]
        told = [
            end for slot in ("obj", "dat") for k in self.filled(slot, slots) for end in self.ends.resolve(k, act=False)
        ]
        ours = {end.mention.actor.country or end.mention.actor.id for end in (*subjects, *told)}
        return any((actor.country or actor.id) not in ours for actor in doers)

    def _has_own_object(self, frame: Frame, slots: dict[str, list[int]]) -> bool:
        """True where the noun whose owner a frame asks for says itself whom it is about."""
        for k in {k for slot in frame.subject for k in slots.get(slot.partition(".")[0], [])}:
            for own in self.lexicon.nouns(self.tree.tokens[k].lemma):
                slots_of_own = tuple(
                    slot for slot in own.object if f"obj.{slot}" not in frame.subject and slot in _AIMS
                )
                if own.relation is frame.relation and self.nouns.first(
                    own, k, slots_of_own, act=True, types=frozenset()
                ):
                    return True
        return False

    def _on_condition(self, token: Token, subjects: list[End]) -> list[End]:
        """Who is threatened for what he may do: "drohte mit Vergeltung, falls Israel angreift"."""
        near = self.tree.kids(token.i, "advcl", "parataxis", "ccomp")
        clauses = [
            c
            for c in near
            if is_condition(self.tree, c)
            or self._is_blow(c, subjects)
            or self.lexicon.cue("suffering_verbs", c.lemma)  # "Sie werden die Rache spüren", drohte der General
        ]
        found = [end for c in clauses for k in self.tree.subjects(c.i) for end in self.ends.resolve(k, act=False)]
        ours = {end.mention.actor.country or end.mention.actor.id for end in subjects}
        others = [e for e in found if e.weight == 1 and (e.mention.actor.country or e.mention.actor.id) not in ours]
        return [end.weaker(0.8) for end in others]

    def _is_blow(self, clause: Token, struck: list[End]) -> bool:
        """True for "nachdem Indien das Land angegriffen hatte": whoever struck one is threatened for it."""
        if not any(mark.form.lower() == "nachdem" for mark in self.tree.kids(clause.i, "mark")):
            return False
        slots = self.tree.slots(clause.i)
        told = [end for k in slots.get("obj", []) for end in self.ends.resolve(k, act=False, of=Relation.ATTACKS)]
        deeds = any(f.relation.quad is Quad.MATERIAL_CONFLICT for f in self.lexicon.verbs(clause.lemma))
        return deeds and any(same_side(end, own) for end in told for own in struck)

    def _told_before(self, token: Token) -> list[End]:
        """Whom the verb before is about: "forderte Indien auf … und drohte mit Sanktionen"."""
        head = self.tree.tokens[token.head]
        if token.deprel != "conj" or head.upos not in VERBAL or self.tree.is_passive(head.i):
            return []
        slots = self.tree.slots(head.i)
        told = [end for slot in ("obj", "dat") for k in slots.get(slot, []) for end in self.ends.resolve(k, act=False)]
        return [end.weaker(0.8) for end in told] if len(told) == 1 and told[0].weight == 1 else []

    def _between(self, frame: Frame, slots: dict[str, list[int]]) -> list[End]:
        """Both ends of a symmetric relation: "schmiedet ein Bündnis zwischen A und B"."""
        wanted = tuple(slot for slot in frame.object if slot.rpartition(".")[2] == "zwischen")
        if not frame.relation.symmetric or not wanted:
            return []
        return self._verb_ends(frame, wanted, slots, act=False, types=frame.object_types)

    def _has_partner(self, frame: Frame, slots: dict[str, list[int]], fillers: tuple[int, ...]) -> bool:
        """True where an object slot is filled by somebody or something that is no actor we know."""
        plain = [slot for slot in frame.object if "." not in slot and slot not in {"subj", "clause"}]
        found = [k for slot in plain for k in slots.get(slot, []) if k not in fillers]
        owned = {"obj", "dat", "gen", "refl"}
        found += [c.i for slot in plain if slot not in owned for k in fillers for c in self.nouns.phrases(k, slot)[0]]
        return any(not self.lexicon.cue("time_nouns", self.tree.tokens[k].lemma) for k in found)

    def _unscrambled(self, frames: Iterable[Frame], token: Token, slots: dict[str, list[int]]) -> dict[str, list[int]]:
        """Object first: in "Die Forderung Roms wies Malta zurück" the act before the verb is not who acts."""
        if self.tree.is_passive(token.i):
            return slots
        as_it_is = any("subj" in dict(frame.needs) and not self._unmet(frame, slots) for frame in frames)
        if not as_it_is and any(self._swapped(frame, token, slots) for frame in frames):
            return {**slots, "subj": slots["obj"], "obj": slots["subj"]}
        if not any(frame.act for frame in frames):
            return slots
        tokens = self.tree.tokens
        subjects = slots.get("subj", [])
        verb = self._finite(token)
        objects = slots.get("obj", [])
        if (
            [tokens[k].form.lower() for k in subjects] == ["was"]
            and len(objects) == 1
            and self._is_bare_actor(objects[0])
        ):
            return {**slots, "subj": objects, "obj": subjects}  # "…, was die Regierung verurteilte"
        behind = [k for slot in ("obj", "dat") for k in slots.get(slot, []) if k > verb and self._is_bare_actor(k)]
        if len(subjects) != 1 or len(behind) != 1 or subjects[0] > verb or self.ends.named(subjects[0]):
            return slots
        act = tokens[subjects[0]]
        if act.upos != "NOUN" or not (self.lexicon.nouns(act.lemma) or self.lexicon.cue("act_nouns", act.lemma)):
            return slots
        if as_it_is:
            return slots  # "Die Sanktionen der EU treffen Russland" is as it should be
        return {**slots, "subj": behind, "obj": subjects, "dat": []}

    def _swapped(self, frame: Frame, token: Token, slots: dict[str, list[int]]) -> bool:
        """ "Beziehungen unterhalten beide nicht": what the frame asks for as object stands first, read as the subject."""
        needs = dict(frame.needs)
        first, behind = slots.get("subj", []), slots.get("obj", [])
        if "obj" not in needs or "subj" in needs or len(first) != 1 or len(behind) != 1 or frame.subject != ("subj",):
            return False
        if (
            not first[0] < self._finite(token) < behind[0]
            or self.ends.named(first[0])
            or not self._is_bare_actor(behind[0])
        ):
            return False
        articles = {d.form.lower() for d in self.tree.kids(first[0], "det")}
        nominative = {"der", "ein", "kein"} if self.tree.tokens[first[0]].feat("Gender") == "Masc" else {"der"}
        return not articles & nominative and bool(self._fillers("subj", needs["obj"], slots))

    def _finite(self, token: Token) -> int:
        """Where the finite part of a verb stands: the auxiliary, in a main clause the second place."""
        return next((a.i for a in self.tree.kids(token.i, "aux") if a.feat("VerbForm") == "Fin"), token.i)

    def _is_bare_actor(self, i: int) -> bool:
        articles = {d.form.lower() for d in self.tree.kids(i, "det")}
        return bool(self.ends.named(i)) and not articles & {"den", "dem", "des", "einen", "einem"}

    def _is_mutual(self, frame: Frame, token: Token, slots: dict[str, list[int]]) -> bool:
        """True for "beschießen einander", "beschuldigen sich gegenseitig"; and of a blow, for "sich" alone."""
        own = any(
            other.reflexive or other.relation.symmetric for other in self.lexicon.verbs(token.verb or token.lemma)
        )
        if frame.relation.quad is Quad.MATERIAL_CONFLICT and "refl" in slots and not own:
            return frame.object[0] in {"obj", "dat"}
        words = {t.form.lower() for t in self.tree.kids(token.i)}
        return "einander" in words or ("refl" in slots and bool(words & {"gegenseitig", "wechselseitig"}))

    def _agents_of_attack(self, slots: dict[str, list[int]]) -> list[End]:
        """Who did what a passive leaves open: "bei einem Angriff Israels getötet"."""
        for case in ("bei", "durch", "in"):
            for i in slots.get(case, []):
                frames = self.lexicon.nouns(self.tree.tokens[i].lemma)
                if any(f.relation in {Relation.ATTACKS, Relation.KILLS} for f in frames):
                    return [end.weaker(0.85) for end in self.nouns.agents(i)]
                if case == "durch" and self.lexicon.cue("fire_nouns", self.tree.tokens[i].lemma):
                    return [end.weaker(0.85) for end in self.ends.owners(i)]  # "durch peruanisches Feuer getötet"
        return []

    def _unmet(self, frame: Frame, slots: dict[str, list[int]]) -> tuple[str, ...]:
        missing = ["refl"] if frame.reflexive and "refl" not in slots else []
        return (*missing, *(slot for slot, words in frame.needs if not self._fillers(slot, words, slots)))

    def _fillers(self, slot: str, words: frozenset[str], slots: dict[str, list[int]]) -> list[int]:
        tokens, measures = self.tree.tokens, self.lexicon.noun_cues("measure_nouns")
        found: list[int] = []
        for noun in (k for i in slots.get(slot, []) for k in self.tree.conjuncts(i)):
            parts = [noun]
            if matches(tokens[noun].lemma, measures):  # "eine Reihe von Sanktionen"
                inside = (c for c in self.tree.kids(noun, "nmod") if self.tree.case(c.i) in {"", "von", "an"})
                parts += [k for c in inside for k in self.tree.conjuncts(c.i)]
            found += [k for k in parts if self.lexicon.fits(tokens[k].lemma, words)]
        return found

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
        fillers = self.fillers(frame, slots)
        for slot in wanted:
            ends: list[End] = []
            if "." in slot:
                outer, inner = slot.split(".", 1)
                inside = (c.i for k in fillers for c in self.nouns.phrases(k, outer)[0])  # "Zölle auf Waren aus China"
                for i in slots.get(outer) or inside:
                    for k in self.tree.conjuncts(i):
                        ends.extend(self._inner_slot(k, inner, act=act))
            else:
                for i in self.filled(slot, slots):
                    if slot == "in" and frame.relation in _INTO and "obj" in dict(frame.needs) and self._is_place(i):
                        continue
                    if slot == "mit" and frame.relation in _TALKING and self._is_abstract(i):
                        continue
                    if i not in fillers and not (slot == "clause" and self._is_told(frame, i)):
                        ends.extend(self.ends.resolve(i, act=act or slot == "clause", of=frame.relation))
                if not ends and slot not in {"subj", "obj", "dat", "gen", "clause"}:
                    near = [] if slot == "in" and frame.relation in _INTO else [*fillers, *slots.get("obj", [])]
                    for i in near:
                        ends.extend(end.weaker(0.9) for end in self.nouns.slot(i, slot, act=act, of=frame.relation))
            ends = [end for end in allowed(frame, ends, types) if end.mention not in doers]
            if ends:
                return ends
        if fillers and set(wanted) <= {slot for slot, _ in frame.needs}:  # the object is whose the filler is
            owners = [end.weaker(0.85) for k in fillers for end in self.ends.owners(k)]
            if not owners and act:
                owners = [end for k in fillers for end in self.ends.taken_up(k, frame.relation)]
            return [end for end in allowed(frame, owners, types) if end.mention not in doers]
        return []

    def _is_abstract(self, i: int) -> bool:
        """True for "sprach von Männern mit peruanischen Verbindungen": nobody talks with that."""
        return not self.ends.named(i) and self.tree.tokens[i].lemma.endswith(_ABSTRACT)

    def _is_place(self, i: int) -> bool:
        """True for "im Libanon", "in der Region": where it happens, not where it goes."""
        cases = [c.form.lower() for c in self.tree.kids(i, "case")]
        return "im" in cases or ("ins" not in cases and self.tree.case_form(self.tree.tokens[i]) == "Dat")

    def _is_told(self, frame: Frame, i: int) -> bool:
        """True for a clause that tells and asks nothing: forderte Geduld: „Die Ukraine hat ein Recht …“."""
        if frame.relation is not Relation.DEMANDS or self.tree.kids(i, "mark"):
            return False
        verbs = [self.tree.tokens[i], *self.tree.kids(i, "aux", "cop")]
        asks = any(self.lexicon.cue("ordering_modals", t.lemma) for t in verbs)
        return not asks and any(t.feat("VerbForm") == "Fin" and t.feat("Mood") == "Ind" for t in verbs)

    def _inner_slot(self, i: int, slot: str, *, act: bool) -> list[End]:
        """A slot of what fills a slot: of a noun ("obj.gen") or of a clause ("clause.obj")."""
        if self.tree.tokens[i].upos not in VERBAL:
            return self.nouns.slot(i, slot, act=act)
        return [end for k in self.tree.slots(i).get(slot, []) for end in self.ends.resolve(k, act=act)]
