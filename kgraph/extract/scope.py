"""What a sentence makes of a relation: affirmed or denied, actual, planned, alleged or hypothetical, and who says so.

The way goes from the frame's word up to the root. As long as each word is governed for its content (an object, a
clause, "Plan für …"), what stands above it counts for it; past that, only reported speech still does, and for an event
noun nothing: the writer takes it for granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kgraph.extract.ends import Ends
from kgraph.extract.tree import Tree, base
from kgraph.lexicon import tails
from kgraph.model import Attribution, Modality, Polarity, Span, Token

_VERBAL = {"VERB", "AUX"}
_CONTENT_CASES = {"mit", "zu", "auf", "vor", "für", "um", "über", "von", "gegen"}
_NOUN_CASES = {"", "von", "nach", "auf", "zu", "für", "mit", "über"}
_NOT_ONLY = {"nur", "allein", "zuletzt", "bloß", "lediglich"}
_RANK = (Modality.ACTUAL, Modality.ALLEGED, Modality.PLANNED, Modality.HYPOTHETICAL)


@dataclass(slots=True)
class Reading:
    """What was found on the way up; `speakers` are the tokens of who says so; `undone` where a verb ends it."""

    negated: bool = False
    modality: Modality = Modality.ACTUAL
    reported: bool = False
    undone: bool = False
    speakers: list[int] = field(default_factory=list)

    def at_least(self, modality: Modality) -> None:
        """Raise the modality, never lower it."""
        if _RANK.index(modality) > _RANK.index(self.modality):
            self.modality = modality

    @property
    def polarity(self) -> Polarity:
        """The polarity as the records have it."""
        return Polarity.NEGATED if self.negated else Polarity.AFFIRMED


class Scope:
    """Reads the scope of words in one sentence."""

    def __init__(self, tree: Tree, ends: Ends) -> None:
        self.tree = tree
        self.ends = ends
        self.cues = tree.lexicon.cues
        self._nouns = {
            name: tree.lexicon.noun_cues(f"{name}_nouns")
            for name in ("planned", "hypothetical", "alleging", "negating", "denying", "source")
        }

    def read(self, trigger: int) -> Reading:
        """The reading of the relation that the word at `trigger` expresses."""
        reading = Reading()
        tokens = self.tree.tokens
        node = tokens[trigger]
        self._inside(node, reading, is_trigger=True, is_open=True)
        is_open = True
        for head in self.tree.ancestors(trigger):
            transparent = is_open and self._govern(node, head, reading)
            is_open = is_open and (transparent or self._is_content(node, head))
            if not is_open and tokens[trigger].upos in {"NOUN", "PROPN"}:
                break  # "ungeachtet der Angriffe …": taken for granted by whoever writes, whatever is said above
            self._report(node, head, reading)
            self._inside(head, reading, is_trigger=transparent, is_open=is_open)
            node = head
        speaker = self.tree.headline_speaker
        if is_open and speaker is not None and speaker < trigger and self.ends.named(speaker):
            reading.reported = True
            reading.speakers.append(speaker)
        return reading

    def attribution(self, reading: Reading) -> Attribution | None:
        """Who says so, as a record; None where nobody is named."""
        for i in reading.speakers:
            named = self.ends.resolve(i, act=False)
            if named:
                mention = named[0].mention
                return Attribution(Span(mention.start, mention.end, mention.text), mention.actor)
        for i in reading.speakers:
            token = self.tree.tokens[i]
            if token.upos in {"NOUN", "PROPN", "ADJ"}:
                return Attribution(Span(token.start, token.end, token.form))
        return None

    # --- cues at a word -------------------------------------------------------------------------------------------

    def _inside(self, node: Token, reading: Reading, *, is_trigger: bool, is_open: bool) -> None:
        """Cues among a word's own children."""
        for child in self.tree.kids(node.i):
            word = child.lemma.lower()
            if is_trigger and self._negates(child):
                reading.negated = not reading.negated
            if is_open:
                self._weaken(node, child, word, reading)
            if word == "wie" or child.deprel in {"advcl", "parataxis", "ccomp"}:
                self._aside(child, reading)
            if base(child.deprel) in {"obl", "nmod", "advmod"}:
                self._source_phrase(child, reading)
        if is_open and self.tree.case(node.i) in self.cues["negating_cases"]:
            reading.negated = True
        if (
            is_trigger
            and node.upos in _VERBAL
            and any(self._has_kein(c) or self._has_neither(c) for c in self.tree.kids(node.i, "obj", "nsubj"))
        ):
            reading.negated = True
        if node.upos in _VERBAL | {"ADJ", "NOUN"}:
            self._mood(node, reading, is_open=is_open)

    def _negates(self, child: Token) -> bool:
        word = child.form.lower() if child.upos != "DET" else child.lemma.lower()
        if word.startswith("kein"):
            return True
        if word not in self.cues["negators"] or base(child.deprel) not in {"advmod", "cc", "det", "obl", "case"}:
            return False
        after = self.tree.tokens[child.i + 1].lemma.lower() if child.i + 1 < len(self.tree.tokens) else ""
        return after not in _NOT_ONLY

    def _has_kein(self, noun: Token) -> bool:
        return any(d.form.lower().startswith("kein") for d in self.tree.kids(noun.i, "det"))

    def _has_neither(self, noun: Token) -> bool:
        return any(c.form.lower() == "weder" for c in self.tree.kids(noun.i))

    def _weaken(self, node: Token, child: Token, word: str, reading: Reading) -> None:
        kind = base(child.deprel)
        cues = self.cues
        if kind == "aux" and child.deprel != "aux:pass":
            self._modal(node, child, word, reading)
        elif kind == "amod" or (kind == "advmod" and child.upos in {"ADJ", "ADV", "VERB"}):
            for name, modality in (
                ("planned_adjectives", Modality.PLANNED),
                ("hypothetical_adjectives", Modality.HYPOTHETICAL),
                ("alleged_adjectives", Modality.ALLEGED),
            ):
                if kind == "amod" and word in cues[name]:
                    reading.at_least(modality)
            if kind == "advmod" and word in cues["hypothetical_adverbs"]:
                reading.at_least(Modality.HYPOTHETICAL)
            if word in cues["alleged_adverbs"]:
                reading.at_least(Modality.ALLEGED)
        elif kind == "mark" and child.form.lower() in cues["hypothetical_marks"]:
            reading.at_least(Modality.HYPOTHETICAL)

    def _modal(self, node: Token, aux: Token, word: str, reading: Reading) -> None:
        perfect = any(
            a.lemma in {"haben", "sein"} and a.feat("VerbForm") == "Inf"
            for a in self.tree.kids(node.i, "aux", "aux:pass")
        )
        subjunctive = aux.feat("Mood") == "Sub"
        if word == "sollen" and perfect:
            reading.at_least(Modality.ALLEGED)
        elif word in self.cues["planned_modals"]:
            reading.at_least(Modality.HYPOTHETICAL if aux.form.lower() in {"müsste", "müssten"} else Modality.PLANNED)
        elif word in self.cues["hypothetical_modals"]:
            reading.at_least(Modality.HYPOTHETICAL)
        elif word == "werden" and node.feat("VerbForm") != "Part" and not self.tree.is_passive(node.i):
            reading.at_least(
                Modality.HYPOTHETICAL if subjunctive and aux.form.lower().startswith("würd") else Modality.PLANNED
            )
        elif word == "werden" and node.feat("VerbForm") == "Inf":
            reading.at_least(Modality.PLANNED)

    def _mood(self, node: Token, reading: Reading, *, is_open: bool) -> None:
        """Konjunktiv I reports; so does Konjunktiv II of the perfect where no condition stands beside it."""
        finite = [
            t for t in (node, *self.tree.kids(node.i, "aux", "cop")) if t.feat("VerbForm") == "Fin" or t.feat("Mood")
        ]
        for verb in finite:
            if verb.feat("Mood") != "Sub" or verb.upos not in _VERBAL:
                continue
            form = verb.form.lower()
            if form in _PRESENT_SUBJUNCTIVE or (
                verb.feat("Tense") != "Past" and not form.startswith(_PAST_SUBJUNCTIVE)
            ):
                reading.reported = True
            elif form.startswith(("hätt", "wär")) and (node.feat("VerbForm") == "Part" or verb is not node):
                reading.reported = True
            elif is_open:
                reading.at_least(Modality.HYPOTHETICAL)

    # --- governors ------------------------------------------------------------------------------------------------

    def _govern(self, node: Token, head: Token, reading: Reading) -> bool:
        """Apply what a governor says of its content; True where the governor only lends the noun a verb."""
        kind = base(node.deprel)
        if kind == "conj":
            if not self._finite(node):
                for aux in self.tree.kids(head.i, "aux"):
                    if aux.deprel != "aux:pass":
                        self._modal(node, aux, aux.lemma.lower(), reading)
            return False
        if not self._is_content(node, head):
            return kind == "nsubj" and head.lemma in self.cues["existence_verbs"]
        if head.upos in _VERBAL:
            self._verb_governor(head, reading)
            return (
                node.upos in {"NOUN", "PROPN"}
                and head.lemma in self.cues["support_verbs"] | self.cues["existence_verbs"]
            )
        if head.upos in {"NOUN", "PROPN"}:
            self._noun_governor(head, reading)
        elif head.lemma in self.cues["planned_adjectives"]:
            reading.at_least(Modality.PLANNED)
            return True
        return False

    def _is_content(self, node: Token, head: Token) -> bool:
        """True where the head speaks about the node: its object, clause, passive subject or governed phrase."""
        kind = base(node.deprel)
        case = self.tree.case(node.i)
        if kind in {"ccomp", "xcomp", "csubj"}:
            return True
        if kind == "conj":
            return True
        if kind == "advcl":
            marks = {m.form.lower() for m in self.tree.kids(node.i, "mark")}
            return bool(marks & {"dass", "zu", "ob"}) or not marks
        if kind == "acl":
            return (
                not self._finite(node)
                and head.upos in {"NOUN", "PROPN"}
                and any(m.form.lower() == "zu" for m in self.tree.kids(node.i, "mark"))
            )
        if head.upos in _VERBAL:
            if kind == "nsubj":
                return self.tree.is_passive(head.i)
            if f"{head.lemma} {case}" in self.cues["support_phrases"]:
                return True
            return kind == "obj" or (kind == "obl" and case in _CONTENT_CASES and node.deprel != "obl:agent")
        if head.upos == "ADJ":
            return kind in {"nmod", "obl", "advcl", "xcomp"} and case in {"für", "zu", "über", "mit", ""}
        return kind in {"nmod", "obl"} and case in _NOUN_CASES

    def _verb_governor(self, head: Token, reading: Reading) -> None:
        lemma, cues = head.lemma, self.cues
        if lemma in cues["denying_verbs"]:
            reading.negated = not reading.negated
            reading.at_least(Modality.ALLEGED)
        if lemma in cues["negating_verbs"]:
            reading.negated = not reading.negated
        reading.undone = reading.undone or lemma in cues["undoing_verbs"]
        if lemma in cues["planned_verbs"]:
            reading.at_least(Modality.PLANNED)
        if any(c.lemma in cues["planned_adjectives"] for c in self.tree.kids(head.i, "xcomp", "advmod")):
            reading.at_least(Modality.PLANNED)
        if lemma in cues["hypothetical_verbs"]:
            reading.at_least(Modality.HYPOTHETICAL)
        if lemma in cues["alleging_verbs"]:
            reading.at_least(Modality.ALLEGED)
            reading.speakers.extend(self.tree.slots(head.i).get("subj", []))

    def _noun_governor(self, head: Token, reading: Reading) -> None:
        keys = set(tails(head.lemma))
        if keys & self._nouns["negating"]:
            reading.negated = not reading.negated
        if keys & self._nouns["denying"]:
            reading.negated = not reading.negated
            reading.at_least(Modality.ALLEGED)
        for name, modality in (
            ("planned", Modality.PLANNED),
            ("hypothetical", Modality.HYPOTHETICAL),
            ("alleging", Modality.ALLEGED),
        ):
            if keys & self._nouns[name]:
                reading.at_least(modality)

    def _finite(self, node: Token) -> bool:
        return node.feat("VerbForm") == "Fin" or any(
            a.feat("VerbForm") == "Fin" for a in self.tree.kids(node.i, "aux", "cop")
        )

    # --- reported speech ------------------------------------------------------------------------------------------

    def _report(self, node: Token, head: Token, reading: Reading) -> None:
        """The head reports the clause of the node."""
        if base(node.deprel) not in {"ccomp", "parataxis", "xcomp", "csubj", "obj", "advcl", "conj"}:
            return
        if (
            head.upos in _VERBAL
            and head.lemma in self.cues["reporting_verbs"]
            and node.upos in _VERBAL | {"ADJ", "NOUN"}
        ):
            if base(node.deprel) in {"obj", "conj", "advcl"} and not (self.tree.quoted & {node.i}):
                return
            if any(t.form.lower() in _QUESTIONS for t in self.tree.kids(node.i)):
                return
            self._add_speaker(head, reading)

    def _aside(self, child: Token, reading: Reading) -> None:
        """A reporting verb below the clause it reports: "…, sagte X", "…, wie X mitteilte"."""
        if child.upos in _VERBAL and child.lemma in self.cues["reporting_verbs"]:
            marks = {m.form.lower() for m in self.tree.kids(child.i, "mark", "advmod", "case")}
            if child.deprel == "parataxis" or "wie" in marks:
                self._add_speaker(child, reading)

    def _add_speaker(self, verb: Token, reading: Reading) -> None:
        reading.reported = True
        slots = self.tree.slots(verb.i)
        reading.speakers.extend(slots.get("subj", []))

    def _source_phrase(self, child: Token, reading: Reading) -> None:
        """ "nach Angaben von X", "laut X", "X zufolge", "nach Kremlangaben", "so X"."""
        case = self.tree.case(child.i)
        if case in self.cues["source_prepositions"]:
            reading.reported = True
            reading.speakers.append(child.i)
        elif case == "nach" and set(tails(child.lemma)) & self._nouns["source"]:
            reading.reported = True
            owners = self.ends.owners(child.i)
            reading.speakers.append(
                owners[0].mention.token if owners and owners[0].mention.token != child.i else child.i
            )


_QUESTIONS = {"was", "wer", "wie", "warum", "weshalb", "wann", "wo", "welche", "welcher", "inwieweit"}
_PRESENT_SUBJUNCTIVE = {
    "habe",
    "sei",
    "seien",
    "werde",
    "wolle",
    "könne",
    "müsse",
    "solle",
    "dürfe",
    "möge",
    "gebe",
    "stehe",
}
_PAST_SUBJUNCTIVE = ("hätt", "wär", "würd", "könnt", "müsst", "sollt", "dürft", "möcht")
