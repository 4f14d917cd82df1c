"""Event nouns: who does what to whom in "Kritik Moskaus an den US-Angriffen auf den Iran"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph.extract.ends import End, Ends
from kgraph.extract.mood import rehearses
from kgraph.extract.negation import Negation
from kgraph.extract.pairs import Match, Trial, all_pairs, allowed, pairs, trials
from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.lexicon import Frame, Lexicon, matches, noun_key
from kgraph.model import ActorType, Quad, Relation, Token, Via

_TAKING_PART = {
    Relation.MEETS,
    Relation.NEGOTIATES_WITH,
    Relation.AGREES_WITH,
    Relation.COOPERATES_WITH,
}
_AT_ODDS = {Relation.RIVAL, Relation.AT_WAR_WITH}
_GIVING = {Relation.AIDS, Relation.SUPPLIES_ARMS, Relation.SUPPORTS, Relation.THREATENS, Relation.REJECTS}
_BY_MEANS_OF = {"mit", "dank", "ohne", "durch"}
_BESIDE = {"bei", "nach", "vor", "während", "in", "anlässlich"}  # what is said then is not what is charged
_GIVING_HELP = {Relation.AIDS, Relation.SUPPORTS, Relation.SUPPLIES_ARMS}
_IN_WORDS = {Quad.VERBAL_CONFLICT, Quad.VERBAL_COOPERATION}
_OWNING = {"gen", "adj", "compound", "von", "poss"}


class NounMatcher:
    """Applies the frames of event nouns to one sentence."""

    def __init__(self, tree: Tree, ends: Ends, lexicon: Lexicon) -> None:
        self.tree = tree
        self.ends = ends
        self.lexicon = lexicon

    def trials(self, token: Token) -> Iterator[Trial]:
        """The frames of one noun held against it."""
        yield from trials(
            token,
            self.lexicon.nouns(token.lemma),
            lambda frame: self.unmet(frame, token.i),
            lambda frame: self._frame(frame, token),
        )

    def first(
        self, frame: Frame, i: int, slots: tuple[str, ...], *, act: bool, types: frozenset[ActorType]
    ) -> list[End]:
        """The actors in the first of the slots that has any of the types asked for."""
        for slot in slots:
            ends = self.slot(i, slot, act=act, of=frame.relation)
            if slot == "gen" and "gen" in frame.object and frame.kind == "noun":
                before = slots is frame.subject
                ends = self._genitives(i, before=before, act=act, of=frame.relation)
            if not ends and slot not in _OWNING:
                ends = [end.weaker(0.9) for k in self.fillers(frame, i) for end in self.slot(k, slot, act=act)]
            if slot == "compound":
                ends = [end for end in ends if self._compound_fits(frame, slots, end)]
                if slots is frame.object and frame.relation in _GIVING and self.tree.case(i) in _BY_MEANS_OF:
                    ends = []  # "mit Nato-Hilfe": the Nato helped
            ends = allowed(frame, ends, types)
            if ends:
                return ends
        return []

    def slot(self, i: int, slot: str, *, act: bool, of: Relation | None = None) -> list[End]:
        """The actors in a slot of a noun; `of` as for `Ends.resolve`."""
        tree, ends = self.tree, self.ends
        if "." in slot:
            outer, inner = slot.split(".", 1)
            return [end for child in self.holders(i, outer) for end in self.slot(child.i, inner, act=act)]
        if slot in _OWNING:
            office = [End(m) for m in ends.named(i) if m.via is Via.OFFICE]  # "den russischen Botschafter"
            if office:
                return office
            if slot == "adj" and (roles := ends.roles(i)):  # "den russischen Botschafter Sergej Netschajew"
                return [End(role.of) for role in roles if not role.former]
        if slot == "compound":
            return [End(mention) for mention in ends.parts(i)]
        if slot == "adj":
            found = [k for child in tree.kids(i, "amod") for k in tree.conjuncts(child.i)]
            return [End(m) for k in found for m in ends.named(k) if m.via is Via.ADJECTIVE]
        if slot == "poss":
            return [End(m) for child in tree.kids(i, "det") for m in ends.named(child.i) if m.via is Via.PRONOUN]
        if slot == "gen":
            return self._genitives(i, before=None, act=act, of=of)
        direct, loose = self.phrases(i, slot)
        if direct:
            return [end for child in direct for end in ends.resolve(child.i, act=act, of=of)]
        return [end.weaker(0.9) for child in loose for end in ends.resolve(child.i, act=act)]

    def phrases(self, i: int, case: str) -> tuple[list[Token], list[Token]]:
        """The phrases of a noun with a preposition, and where it has none, those near it that may be its own."""
        tree = self.tree
        heads = [i, tree.tokens[i].head] if base(tree.tokens[i].deprel) == "flat" else [i]
        direct = [c for k in heads for c in tree.kids(k, "nmod", "obl") if tree.case(c.i) == case and c.i > i]
        direct = direct or [c for c in tree.kids(i, "nmod", "obl") if tree.case(c.i) == case]
        if case == "auf":
            direct = [c for c in direct if not self._is_place(c)]
        if direct:
            return direct, []
        owners = [k for c in tree.kids(i, "nmod") if tree.case(c.i) in {"", "von"} for k in tree.conjuncts(c.i)]
        owners = [k for k in owners if not self.lexicon.nouns(tree.tokens[k].lemma)]  # events have phrases of their own
        loose = [c for k in owners for c in tree.kids(k, "nmod") if tree.case(c.i) == case and c.i > k]
        return [], loose or [c for k in self._closing(i) for c in tree.following_pp(k) if tree.case(c.i) == case]

    def _is_place(self, noun: Token) -> bool:
        """True for a dative: "ein Angriff auf syrischem Gebiet" tells where."""
        articles = {d.form.lower() for d in self.tree.kids(noun.i, "det")}
        strong = any(d.form.endswith("em") for d in self.tree.kids(noun.i, "amod"))
        return bool(articles & {"dem", "einem", "diesem"}) or (strong and not articles)

    def _closing(self, i: int) -> Iterator[int]:
        """The noun, and the nouns whose phrases end with it: "die Wiedereinsetzung von Sanktionen gegen …"."""
        tree, end = self.tree, max(self.tree.subtree(i))
        yield i
        while base(tree.tokens[i].deprel) == "nmod" and max(tree.subtree(tree.tokens[i].head)) == end:
            i = tree.tokens[i].head
            yield i

    def holders(self, i: int, slot: str) -> list[Token]:
        """The nouns in a slot of a noun that may have the actor in a slot of theirs."""
        tree = self.tree
        found = [c for c in tree.kids(i, "nmod", "obl") if tree.case(c.i) == ("" if slot == "gen" else slot)]
        return found + [c for c in tree.following_pp(i) if tree.case(c.i) == slot]

    def genitives(self, i: int) -> list[Token]:
        """The genitives of a noun, before and after it."""
        found = [c for c in self.tree.kids(i, "nmod") if not self.tree.case(c.i) and not self._is_loose(i, c)]
        found += [c for c in self.tree.kids(i, "appos") if c.i == i + 1 and c.upos == "PROPN" and c.form[-1:] == "s"]
        misread = self.tree.genitive_before(i)
        return [misread] if misread is not None and not found else found

    def agents(self, i: int) -> list[End]:
        """Who does what an event noun says: for "criticises the attacks of …"."""
        for frame in self.lexicon.nouns(self.tree.tokens[i].lemma):
            if self.unmet(frame, i):
                continue
            ends = self._subjects(frame, i)
            if frame.relation.symmetric:
                # "schließt sich dem Krieg Israels gegen den Iran an": whoever is fought is none
                slots = tuple(slot for slot in frame.object if slot != "gegen" or not ends)
                ends = ends + self.first(frame, i, slots, act=False, types=frame.object_types)
            if ends:
                return ends
        return []

    def unmet(self, frame: Frame, i: int) -> tuple[str, ...]:
        """The slots of the frame's `with` that none of its nouns fills."""
        return tuple(slot for slot, words in frame.needs if not self._filling(slot, words, i))

    def _frame(self, frame: Frame, token: Token) -> Trial:
        objects = self.first(frame, token.i, frame.object, act=frame.act, types=frame.object_types)
        subjects = self._subjects(frame, token.i)
        if frame.relation.symmetric:
            return self._symmetric(frame, token, subjects, objects)
        if not objects:
            objects = self._objects_of_support(frame, token.i)
        if not subjects and objects:
            subjects = self._deciding(frame, token.i) or self._subjects_of_governor(frame, token.i)
            subjects = subjects or self._headline_subjects(frame, token.i)
        return Trial(frame, token, tuple(subjects), tuple(objects), tuple(pairs(frame, token, subjects, objects)))

    def _headline_root(self, frame: Frame, i: int) -> list[End]:
        """ "Brasiliens Außenminister zu Gesprächen in Rom": a headline without a verb is about who it begins with."""
        token = self.tree.tokens[i]
        root = self.tree.tokens[token.head]
        if (
            root.head != root.i
            or root.upos not in {"NOUN", "PROPN"}
            or root.i > i
            or self.tree.case(i) not in {"zu", "auf", "bei"}
        ):
            return []
        return allowed(frame, [End(mention, 0.85) for mention in self.ends.named(root.i)], frame.subject_types)

    def _deciding(self, frame: Frame, i: int) -> list[End]:
        """Who made it by a participle before the noun: "die von Rom ausgesprochene Drohung gegen Tunis"."""
        tree, found = self.tree, []
        for child in tree.kids(i, "amod"):
            if child.verb and (
                self.lexicon.cue("support_verbs", child.verb) or self.lexicon.cue("deciding_verbs", child.verb)
            ):
                agents = [c.i for c in tree.kids(child.i, "obl", "nmod") if tree.case(c.i) in {"von", "durch"}]
                found += [end.weaker(0.9) for k in agents for end in self.ends.resolve(k, act=False)]
        return allowed(frame, found, frame.subject_types)

    def _headline_subjects(self, frame: Frame, i: int) -> list[End]:
        """ "Kreml: Enttäuschung über …": who speaks before the colon, for what is done in words."""
        speaker = self.tree.headline_speaker
        if speaker is None or i <= speaker or frame.relation.quad not in _IN_WORDS:
            return []
        return [End(mention, 0.85) for mention in self.ends.named(speaker)]

    def _filling(self, slot: str, words: frozenset[str], i: int) -> list[int]:
        if slot == "amod":
            return [t.i for t in self._said_of(i) if noun_key(t.lemma) in words]
        tokens = [t for t in self.tree.arg_nouns(i) if slot in {"gen", self.tree.case(t.i)}]
        return [t.i for t in tokens if self.lexicon.fits(t.lemma, words)]

    def _said_of(self, i: int) -> list[Token]:
        """The adjectives of a noun: before it, or predicated of it ("gelten als angespannt", "sind gut")."""
        tree = self.tree
        token, head = tree.tokens[i], tree.tokens[tree.tokens[i].head]
        found = [k for child in tree.kids(i, "amod") for k in tree.conjuncts(child.i)]
        if base(token.deprel) == "nsubj" and head.upos == "ADJ":
            found += tree.conjuncts(head.i)
        elif base(token.deprel) == "nsubj" and head.upos in VERBAL:
            found += [c.i for c in tree.kids(head.i, "xcomp", "advmod", "obl") if c.upos == "ADJ"]
        return [tree.tokens[k] for k in found]

    def fillers(self, frame: Frame, i: int) -> list[int]:
        """The tokens that a noun's frame asks for in its `with`."""
        return [k for slot, words in frame.needs for k in self._filling(slot, words, i)]

    def _symmetric(self, frame: Frame, token: Token, subjects: list[End], objects: list[End]) -> Trial:
        """Talks between A and B, of A and B, of A with B; or with B, where somebody governs the noun."""
        between = allowed(frame, self.slot(token.i, "zwischen", act=False), frame.object_types)
        between = between or allowed(frame, self._between_of_verb(token), frame.object_types)
        if len(between) > 1:
            return Trial(frame, token, tuple(between), tuple(between), tuple(all_pairs(frame, token, between)))
        objects, own = objects or self._objects_of_support(frame, token.i), subjects
        if frame.relation in _AT_ODDS and any(self.phrases(token.i, "zwischen")):
            return Trial(frame, token, tuple(between))  # "im Konflikt zwischen A und B" with one of them unknown
        subjects = subjects or self._subjects_of_governor(frame, token.i) or self._headline_root(frame, token.i)
        subjects = subjects or self.ends.taking_part(token.i)
        found: Iterable[Match]
        if not subjects and not objects:
            found = self._inherited(frame, token)
        elif objects:
            found = pairs(frame, token, subjects, objects)
        elif not own and self.lexicon.cue("vote_nouns", token.lemma):
            found = ()  # "in Abstimmung mit A" they act together, "bei der Abstimmung" anybody may vote
        else:
            found = all_pairs(frame, token, [end.weaker(0.9) for end in subjects])
        return Trial(frame, token, tuple(subjects), tuple(objects), tuple(found))

    def _between_of_verb(self, token: Token) -> list[End]:
        """ "Zwischen A und B schwelt ein Streit": the phrase stands with the verb whose subject the noun is."""
        head = self.tree.tokens[token.head]
        came = base(token.deprel) == "obl" and head.lemma == "kommen" and self.tree.case(token.i) == "zu"
        if head.upos not in VERBAL or not (came or base(token.deprel) in {"nsubj", "obj"}):
            return []
        found = self.tree.slots(head.i).get("zwischen", [])
        return [end.weaker(0.9) for k in found for end in self.ends.resolve(k, act=False)]

    def _inherited(self, frame: Frame, token: Token) -> Iterator[Match]:
        """What an agreement is about has its parties: "ein Abkommen mit X über eine Partnerschaft"."""
        head = self.tree.tokens[token.head]
        if self.tree.case(token.i) != "über" or head.i == token.i:
            return
        for outer in self.lexicon.nouns(head.lemma):
            if outer.relation is Relation.AGREES_WITH:
                for match in self._frame(outer, head).matches:
                    yield Match(frame, token, match.subject.weaker(0.9), match.object.weaker(0.9))

    def _subjects(self, frame: Frame, i: int) -> list[End]:
        if "gen" in frame.subject and "durch" in frame.subject and any(c.i > i for c in self.genitives(i)):
            phrases = self.phrases(i, "durch")[0]
            doers = [end for child in phrases for end in self.ends.resolve(child.i, act=False)]
            if doers := allowed(frame, doers, frame.subject_types):  # "die Unterstützung Perus durch Chile"
                return doers
        return self.first(frame, i, frame.subject, act=False, types=frame.subject_types)

    def _compound_fits(self, frame: Frame, slots: tuple[str, ...], end: End) -> bool:
        """An acronym in front does the deed (US-Sanktionen), a name may undergo it (Iran-Sanktionen)."""
        if not frame.compound_object:
            return True
        doer = end.mention.text.isupper()
        return doer if slots is frame.subject else not doer

    def _genitives(self, i: int, *, before: bool | None, act: bool, of: Relation | None = None) -> list[End]:
        """The actors in the genitives of a noun: those before it ("Israels Bombardierung"), after it, or both (None)."""
        wanted = [c for c in self.genitives(i) if before is None or (c.i < i) == before]
        return [end for child in wanted for end in self.ends.resolve(child.i, act=act, of=of)]

    def _is_loose(self, noun: int, child: Token) -> bool:
        """True for an nmod without preposition that is no genitive: an apposition or a measure."""
        cases = {d.feat("Case") for d in self.tree.kids(child.i, "det")} - {""}
        return bool(cases) and "Gen" not in cases and child.i > noun

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
            ends = [
                end.weaker(0.9) for k in slots.get(slot, []) if k != i for end in self.ends.resolve(k, act=frame.act)
            ]
            ends = allowed(frame, ends, frame.object_types)
            if ends:
                return ends
        return []

    def _support_verb(self, i: int) -> int | None:
        """The support verb whose object (or passive subject) the noun is."""
        token = self.tree.tokens[i]
        while token.deprel == "conj":
            token = self.tree.tokens[token.head]
        verb = self.tree.tokens[token.head]
        supports = (
            self.lexicon.cue("support_verbs", verb.lemma)
            or self.tree.undoes(verb)
            or (
                self.lexicon.cue("announcing_verbs", verb.lemma)
                and matches(self.tree.tokens[i].lemma, self.lexicon.noun_cues("announced_deeds"))
            )
        )
        if verb.upos not in VERBAL or not supports or rehearses(self.tree, verb, self.tree.tokens[i]):
            return None
        kind = base(token.deprel)
        passive_subject = kind == "nsubj" and self.tree.is_passive(verb.i)
        return verb.i if kind == "obj" or passive_subject or (kind == "obl" and not self.tree.case(token.i)) else None

    def _subjects_of_governor(self, frame: Frame, i: int) -> list[End]:
        """Whose event it is by the verb that governs the noun, where that is safe."""
        accused = self._accused(i)
        if accused:
            return allowed(frame, accused, frame.subject_types)
        verb = self._support_verb(i)
        factor = 0.9
        if verb is None:
            verb = self._participation(frame, i)
            factor = 0.75
        if verb is None:
            return []
        slots = self.tree.slots(verb)
        demanded = self.lexicon.cue("demanding_verbs", self.tree.tokens[verb].lemma) and slots.get("von")
        ends = [end for k in demanded or slots.get("subj", []) for end in self.ends.resolve(k, act=False)]
        return allowed(frame, [end.weaker(factor) for end in ends], frame.subject_types)

    def _accused(self, i: int) -> list[End]:
        """Whose deed it is that somebody is accused of: "wirft X einen Angriff vor", "macht X für den Angriff verantwortlich"."""
        tree = self.tree
        verb = tree.tokens[tree.tokens[i].head]
        if verb.upos not in VERBAL or tree.case(i) in _BESIDE:
            return []
        blames = any(self.lexicon.cue("blaming_words", c.lemma) for c in tree.kids(verb.i, "xcomp", "advmod", "obl"))
        if not self.lexicon.cue("alleging_verbs", verb.lemma) and not blames:
            return []
        slots = tree.slots(verb.i)
        told = [k for slot in ("dat", "obj") for k in slots.get(slot, []) if k != i]
        return [end.weaker(0.85) for k in told for end in self.ends.resolve(k, act=False) if end.weight == 1]

    def _participation(self, frame: Frame, i: int) -> int | None:
        token = self.tree.tokens[i]
        while token.deprel == "conj":
            token = self.tree.tokens[token.head]
        case = self.tree.case(token.i)
        verb = self.tree.tokens[token.head]
        if verb.upos == "ADJ" and case in {"für", "zu"} and frame.relation in _TAKING_PART:
            return verb.i
        if verb.upos not in VERBAL or base(token.deprel) not in {"obl", "obj"} or not case:
            return None
        if frame.relation in _TAKING_PART and case in {"für", "zu"} and self._is_willing(verb):
            return verb.i
        if frame.relation is Relation.AT_WAR_WITH and case == "in" and "-" in token.form:
            return None  # "im Ukraine-Krieg" tells where, not who
        if frame.relation in _AT_ODDS and case in {"in", "wegen", "angesichts", "trotz"}:
            if self.strengthens(verb):
                return None  # "unterstützt X im Kampf gegen Y": it is X who fights
            return verb.i if not self.tree.is_passive(verb.i) else None
        if frame.relation is Relation.ATTACKS and case in {"bei", "in"} and self._is_deed(verb):
            return verb.i  # "haben bei einem Überfall auf … getötet"
        if frame.relation in _TAKING_PART and self.lexicon.cue("participation_cases", case):
            if case == "zu" and any(f.relation is Relation.DEMANDS for f in self.lexicon.verbs(verb.lemma)):
                return None  # "riefen zu einer Feuerpause auf": it is others who shall agree
            return verb.i if not self.tree.is_passive(verb.i) else None
        if verb.lemma == "bekennen" and Negation(self.tree).at(verb):
            return None  # who does not own up to it may not have done it
        return verb.i if self.lexicon.cue("support_phrases", f"{verb.lemma} {case}") else None

    def strengthens(self, verb: Token) -> bool:
        """True for verbs of help: unterstützen, helfen, beistehen."""
        return any(frame.relation in _GIVING_HELP for frame in self.lexicon.verbs(verb.lemma) if not frame.needs)

    def _is_deed(self, verb: Token) -> bool:
        """True for an active verb of material conflict."""
        quads = {frame.relation.quad for frame in self.lexicon.verbs(verb.lemma)}
        return Quad.MATERIAL_CONFLICT in quads and not self.tree.is_passive(verb.i)

    def _is_willing(self, verb: Token) -> bool:
        """True for "bleibt offen für …", "ist bereit zu …"."""
        near = self.tree.kids(verb.i, "xcomp", "advmod", "obl")
        return any(self.lexicon.cue("planned_adjectives", child.lemma) for child in near)
