"""What a governing word says of its content: plans it, fears it, denies it, ends it, claims it."""

from __future__ import annotations

from kgraph.extract.mood import Mood, is_indefinite, mood_of, rehearses
from kgraph.extract.negation import Negation
from kgraph.extract.reading import Reading
from kgraph.extract.speech import Speech
from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.lexicon import tails
from kgraph.model import Modality, Quad, Relation, Token

_NOMINAL = {"NOUN", "PROPN"}
_CONTENT_CASES = {"mit", "zu", "auf", "vor", "für", "um", "über", "von", "gegen"}
_NOUN_CASES = {"", "von", "nach", "auf", "zu", "für", "mit", "über", "vor", "um"}
_MODALITIES = (
    ("planned", Modality.PLANNED),
    ("hypothetical", Modality.HYPOTHETICAL),
    ("alleging", Modality.ALLEGED),
)
_ADJECTIVES = (
    ("planned_adjectives", Modality.PLANNED),
    ("hypothetical_adjectives", Modality.HYPOTHETICAL),
    ("alleged_adjectives", Modality.ALLEGED),
)
_MAKING = (  # lists of verbs that plan, fear, claim, prevent what they govern, or lend it a verb
    "support_verbs",
    "existence_verbs",
    "planned_verbs",
    "hypothetical_verbs",
    "negating_verbs",
    "alleging_verbs",
    "asserting_verbs",
    "implicative_verbs",
    "light_verbs",
)
_THE = {"der", "die", "das", "den", "dem", "des", "dieser", "diesen", "diesem", "diese", "dieses"}
_AT_ODDS = {Relation.RIVAL, Relation.AT_WAR_WITH}
_LASTING = {Quad.MATERIAL_CONFLICT, Quad.VERBAL_CONFLICT}


class Governors:
    """Applies governors to readings in one sentence."""

    def __init__(self, tree: Tree, speech: Speech) -> None:
        self.tree = tree
        self.speech = speech
        self.negation = Negation(tree)
        self.cues = tree.lexicon.cues
        names = ("planned", "hypothetical", "alleging", "negating", "denying", "ending", "report")
        self._nouns = {name: tree.lexicon.noun_cues(f"{name}_nouns") for name in names}

    def apply(self, node: Token, head: Token, reading: Reading) -> bool:
        """Apply what a governor says of its content; True where it only lends the noun a verb."""
        if not self.is_content(node, head):
            return base(node.deprel) == "nsubj" and self._of_subject(node, head, reading)
        if base(node.deprel) == "conj":
            return False  # "forderte Hilfe und kritisierte Rom": what is coordinated says nothing of each other
        if head.upos in VERBAL:
            lends = node.upos in _NOMINAL and self._lends(head)
            self._verb(node, head, reading, lends=lends)
            return lends
        if head.upos in _NOMINAL:
            self._noun(head, reading)
            self._told_of(node, head, reading)
        elif head.upos in {"ADJ", "ADV"}:
            return self._adjective(node, head, reading)
        return False

    def presupposes(self, node: Token, head: Token, trigger: Token) -> bool:
        """True where the head takes the event for granted: "verurteilt den Angriff", "fordert ein Ende der Angriffe"."""
        if node.upos not in _NOMINAL or not self.is_content(node, head):
            return False
        quads = {frame.relation.quad for frame in self.tree.lexicon.nouns(trigger.lemma)}
        if head.upos == "NOUN":
            at_odds = any(frame.relation in _AT_ODDS for frame in self.tree.lexicon.nouns(trigger.lemma))
            return bool(set(tails(head.lemma)) & self._nouns["ending"]) and (at_odds or bool(quads & _LASTING))
        if head.upos not in VERBAL:
            return False
        if self.tree.undoes(head):
            return bool(quads & _LASTING)
        if head.lemma in self.cues["denying_verbs"] | {"ablehnen"}:
            return Quad.VERBAL_CONFLICT in quads
        if any(head.lemma in self.cues[name] for name in _MAKING):
            return False
        if any(frame.act for frame in self.tree.lexicon.verbs(head.lemma)):
            return True
        phrase = f"{head.lemma} {self.tree.case(node.i)}"
        lent = phrase in self.cues["support_phrases"] | self.cues["hypothetical_verbs"]
        return quads == {Quad.MATERIAL_CONFLICT} and not lent and head.lemma not in self.cues["reporting_verbs"]

    def is_content(self, node: Token, head: Token) -> bool:
        """True where the head speaks about the node: its object, clause, passive subject or governed phrase."""
        kind = base(node.deprel)
        case = self.tree.case(node.i)
        marks = {m.form.lower() for m in self.tree.kids(node.i, "mark")}
        if kind in {"ccomp", "xcomp", "csubj", "conj"}:
            return True
        if kind == "advcl":
            return bool(marks & {"dass", "zu", "ob"}) or not marks
        if kind == "acl":
            return head.upos in _NOMINAL and bool(marks & {"zu", "dass", "ob"})
        if head.upos in VERBAL:
            if kind == "nsubj":
                return self.tree.is_passive(head.i) or head.lemma in self.cues["negating_verbs"]
            if f"{head.lemma} {case}" in self.cues["support_phrases"] | self.cues["hypothetical_verbs"]:
                return True
            return (
                kind == "obj"
                or node.deprel == "obl:arg"
                or (kind == "obl" and case in _CONTENT_CASES and node.deprel != "obl:agent")
            )
        if head.upos == "ADJ":
            return kind in {"nmod", "obl", "nsubj"} and case in {"für", "zu", "über", "mit", ""}
        return kind in {"nmod", "obl"} and case in _NOUN_CASES

    def is_finite(self, node: Token) -> bool:
        """True for a predicate with a finite form of its own."""
        return node.feat("VerbForm") == "Fin" or any(
            a.feat("VerbForm") == "Fin" for a in self.tree.kids(node.i, "aux", "cop")
        )

    def _lends(self, head: Token) -> bool:
        """True for a verb that only says with an event noun what the noun says, or that there is such an event."""
        turning = self.cues["denying_verbs"] | self.cues["negating_verbs"] | self.cues["undoing_verbs"]
        return head.lemma in self.cues["support_verbs"] | self.cues["existence_verbs"] and head.lemma not in turning

    def _of_subject(self, node: Token, head: Token, reading: Reading) -> bool:
        """True where the head says of its subject that there is such an event, or how likely it is."""
        said_of = head.upos in {"ADJ", "NOUN"} or head.form.endswith("end")
        for verb in self.tree.kids(head.i, "cop", "aux") if said_of else ():
            if verb.feat("Mood") == "Sub" and verb.form.lower().startswith(("wär", "würd")):
                reading.at_least(Modality.HYPOTHETICAL)  # "eine Invasion wäre verheerend"
                return True
        unreal = mood_of(self.tree, head)[0] is Mood.UNREAL and not self.tree.is_passive(head.i)
        if unreal and is_indefinite(self.tree, node):
            reading.at_least(Modality.HYPOTHETICAL)  # "ein Angriff hätte schwere Folgen"
            return False
        for child in self.tree.kids(head.i, "xcomp", "advmod", "obl", "advcl"):
            if head.upos in VERBAL and {child.lemma, child.form.lower()} & self.cues["hypothetical_adjectives"]:
                reading.at_least(Modality.HYPOTHETICAL)
                return True
        if self._is_ahead(head, reading):
            return True
        if head.lemma in self.cues["proving_verbs"]:
            self._judged(head, reading)
            return True
        if any({child.lemma, child.form.lower()} & self.cues["progress_words"] for child in self.tree.kids(head.i)):
            return False  # "die Gespräche kommen nicht voran": they are held
        return head.lemma in self.cues["existence_verbs"]

    def _is_ahead(self, head: Token, reading: Reading) -> bool:
        """ "ein Krieg droht", "ein Austritt steht nicht zur Debatte", "ist vom Tisch": there is no such event, or not yet."""
        if head.lemma in self.cues["coming_verbs"] and not self.tree.kids(head.i, "xcomp", "ccomp"):
            reading.at_least(Modality.PLANNED)
            return True
        is_noun = head.upos == "NOUN" and bool(self.tree.kids(head.i, "cop"))
        for word in [head] if is_noun else self.tree.kids(head.i, "obl", "xcomp", "advmod"):
            phrase = " ".join(filter(None, ("sein" if is_noun else head.lemma, self.tree.case(word.i), word.lemma)))
            if phrase in self.cues["open_phrases"] | self.cues["closed_phrases"]:
                reading.at_least(Modality.HYPOTHETICAL)
                reading.flip(phrase in self.cues["closed_phrases"])
                return True
        return False

    def _verb(self, node: Token, head: Token, reading: Reading, *, lends: bool) -> None:
        lemma, cues = head.lemma, self.cues
        refused = self.negation.at(head, node)
        phrase = f"{lemma} {self.tree.case(node.i)}".strip()
        if lemma in cues["denying_verbs"] and not refused:
            reading.flip()
            reading.at_least(Modality.ALLEGED)
        if lemma == "sein" and any(c.lemma == "Rede" for c in self.tree.kids(head.i, "nsubj")):
            reading.flip(refused)  # "von einem Angriff kann keine Rede sein"
        elif lemma in cues["negating_verbs"] and phrase not in cues["barring_phrases"]:
            reading.flip(not refused)
            reading.failed = reading.failed or (lemma in cues["failing_verbs"] and not refused)
        elif lemma in cues["ceasing_verbs"] and (node.upos in VERBAL or phrase in cues["forgoing_phrases"]):
            reading.flip(not refused)
        elif refused and not lends and self._raises(head):
            reading.flip()
        reading.undone = reading.undone or (self.tree.undoes(head) and not refused)
        decides = lemma in cues["deciding_verbs"] and node.upos in VERBAL
        if (
            lemma in cues["planned_verbs"]
            or decides
            or any(self._is_ready(c, head) for c in self.tree.kids(head.i, "xcomp", "advmod"))
        ):
            reading.at_least(Modality.PLANNED)
        if {lemma, phrase} & cues["hypothetical_verbs"] or rehearses(self.tree, head, node):
            reading.at_least(Modality.HYPOTHETICAL)
        self._judged(head, reading)
        if node.upos in VERBAL and node.feat("VerbForm") == "Inf":
            self._aimed(node, head, reading)
        if lemma in cues["alleging_verbs"]:
            reading.at_least(Modality.ALLEGED)
            reading.say(self.speech.speakers(head))
        elif node.upos in _NOMINAL and {lemma, phrase} & cues["asserting_verbs"]:
            reading.say(self.speech.speakers(head))

    def _aimed(self, node: Token, head: Token, reading: Reading) -> None:
        """ "bekräftigte das Ziel, … zu …": the infinitive is what the noun plans; "hat keinen Sinn, … zu …" denies it."""
        for noun in self.tree.kids(head.i, "obj"):
            if set(tails(noun.lemma)) & self._nouns["planned"] and noun.i < node.i:
                reading.at_least(Modality.PLANNED)
            if noun.lemma in self.cues["sense_nouns"] and head.lemma in self.cues["light_verbs"]:
                reading.flip(self._is_absent(noun))

    def _is_ready(self, word: Token, head: Token) -> bool:
        """True for "zeigt sich bereit", "ist offen für", "war kurz davor"; not for "brach offen aus"."""
        open_to = word.lemma not in {"offen", "davor"} or head.lemma in self.cues["light_verbs"] | {"zeigen"}
        return word.lemma in self.cues["planned_adjectives"] and open_to

    def _judged(self, head: Token, reading: Reading) -> None:
        """ "hält einen Angriff für möglich", "nannte ein Abkommen denkbar"; "für ausgeschlossen" denies it besides."""
        for child in self.tree.kids(head.i, "obl", "xcomp", "advmod"):
            words = {child.lemma, child.form.lower()}
            if words & (self.cues["hypothetical_adjectives"] | self.cues["negating_adjectives"]):
                reading.at_least(Modality.HYPOTHETICAL)
                reading.flip(bool(words & self.cues["negating_adjectives"]))

    def _raises(self, head: Token) -> bool:
        """True for a verb whose "nicht" belongs to its content: "plant nicht", "gelang es nicht", "glaubt nicht"."""
        names = ("planned_verbs", "implicative_verbs", "alleging_verbs", "hypothetical_verbs")
        return any(head.lemma in self.cues[name] for name in names)

    def _noun(self, head: Token, reading: Reading) -> None:
        keys = set(tails(head.lemma))
        if keys & self._nouns["negating"]:
            reading.flip()
        if keys & self._nouns["denying"]:
            reading.flip()
            reading.at_least(Modality.ALLEGED)
        for name, modality in _MODALITIES:
            if keys & self._nouns[name]:
                reading.at_least(modality)
                reading.flip(self._is_absent(head))
                break
        if keys & self._nouns["alleging"]:
            reading.say(self.speech.speakers(head))

    def _told_of(self, node: Token, head: Token, reading: Reading) -> None:
        """ "Berichte über einen Angriff": only claimed; not "Berichte über den Angriff", which everybody knows."""
        definite = any(d.feat("Definite") == "Def" or d.form.lower() in _THE for d in self.tree.kids(node.i, "det"))
        if (
            set(tails(head.lemma)) & self._nouns["report"]
            and self.tree.case(node.i) in {"über", "von"}
            and not definite
        ):
            reading.at_least(Modality.ALLEGED)

    def _is_absent(self, noun: Token) -> bool:
        """True for "keine Absicht", also where the verb has the negation: "hat nicht die Absicht"."""
        return any(d.form.lower().startswith("kein") for d in self.tree.kids(noun.i, "det"))

    def _adjective(self, node: Token, head: Token, reading: Reading) -> bool:
        form = head.form.lower()
        for name, modality in _ADJECTIVES:
            if {head.lemma, form} & self.cues[name]:
                reading.at_least(modality)
                reading.flip(self.negation.at(head, node))
                return True
        if {head.lemma, form} & self.cues["negating_adjectives"]:
            reading.flip(not self.negation.at(head, node))
        return False
