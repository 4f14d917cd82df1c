"""What a sentence makes of a relation: affirmed or denied, actual, planned, alleged or hypothetical, and who says so.

The way goes from the frame's word up to the root. As long as each word is governed for its content (an object, a
clause, "Plan für …"), what stands above it counts for it; past that, only reported speech still does, and for an event
noun nothing: the writer takes it for granted.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kgraph.extract.ends import Ends
from kgraph.extract.governors import Governors
from kgraph.extract.mood import Mood, asks, is_condition, is_indefinite, is_plural, mood_of
from kgraph.extract.pairs import Match
from kgraph.extract.reading import Reading
from kgraph.extract.speech import Speech
from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.extract.voices import Voice
from kgraph.model import Actor, Attribution, Modality, Token

__all__ = ["Reading", "Scope"]

_ENDING = re.compile("e[rsnm]?$")  # some lemmas keep it: drohender
_NEVER_WAS = {"ohne", "beinahe", "fast", "sonst", "andernfalls", "ansonsten"}


class Scope:
    """Reads the scope of words in one sentence, given what its neighbours say of it."""

    def __init__(self, tree: Tree, ends: Ends, voice: Voice | None = None) -> None:
        self.tree = tree
        self.ends = ends
        self.voice = voice or Voice(Speech(tree, ends))
        self.speech = self.voice.speech
        self.governors = Governors(tree, self.speech)
        self.negation = self.governors.negation
        self.cues = tree.lexicon.cues
        self._readings: dict[int, Reading] = {}

    def of(self, match: Match) -> Reading:
        """The reading of a match: that of its word, turned round where just one of its ends is negated."""
        trigger = match.trigger
        if trigger.i not in self._readings:
            self._readings[trigger.i] = self.read(trigger.i)
        reading = self._readings[trigger.i]
        ends = (match.subject.mention.token, match.object.mention.token)
        if any(self.negation.of_end(i, trigger) for i in ends):
            return replace(reading, negated=not reading.negated)
        return reading

    def read(self, trigger: int) -> Reading:
        """The reading of the relation that the word at `trigger` expresses."""
        reading = Reading()
        tokens = self.tree.tokens
        node = tokens[trigger]
        is_noun = node.upos in {"NOUN", "PROPN"}
        self._inside(node, reading, below=None, is_trigger=True, is_open=True)
        is_open, granted = True, False
        for head in self.tree.ancestors(trigger):
            granted = is_open and is_noun and self.governors.presupposes(node, head, tokens[trigger])
            if granted:
                break
            self._shared_modals(node, head, reading)
            transparent = is_open and self.governors.apply(node, head, reading)
            is_open = is_open and (
                transparent or self.governors.is_content(node, head) or self._is_headline(node, head)
            )
            granted = not is_open and is_noun
            if granted:
                self._supposed(node, head, reading)
                break  # "ungeachtet der Angriffe …": taken for granted by whoever writes, whatever is said above
            told = self.speech.governor(node, head)
            if told is not None:
                reading.say(told)
            self._inside(head, reading, below=node, is_trigger=transparent, is_open=is_open)
            node = head
        if not granted:
            self._around(tokens[trigger], reading, is_open=is_open)
        self._decide(reading)
        return reading

    def attribution(self, reading: Reading) -> Attribution | None:
        """Who says so, as a record; None where nobody is named."""
        if not reading.reported:
            return None
        own = self.speech.attribution(reading.speakers)
        if own is None or (own.actor is None and reading.source is not None and not reading.speakers):
            return reading.source
        return own

    def is_own(self, reading: Reading, match: Match) -> bool:
        """True where who speaks tells of its own side."""
        source = self.attribution(reading)
        speakers = self.speech.actors(reading.speakers) or ([source.actor] if source and source.actor else [])
        ends = [match.subject.mention.actor]
        if match.frame.relation.symmetric:
            ends.append(match.object.mention.actor)
        return any(_same_side(speaker, end) for speaker in speakers for end in ends)

    # --- who says so ----------------------------------------------------------------------------------------------

    def _around(self, trigger: Token, reading: Reading, *, is_open: bool) -> None:
        """What is said by "…, so X", by a headline's colon, by quotation marks, or by the speaker of before."""
        direct = self.voice.direct
        told = is_open and (trigger.upos in VERBAL or self._has_verb(trigger))
        for speaker in (*self.speech.afterword, *(self.speech.headline if told else ())):
            if speaker != trigger.i and speaker not in direct and trigger.i not in self.tree.subtree(speaker):
                reading.say([speaker])
            elif speaker in self.speech.headline and trigger.i > speaker:
                reading.say([speaker])
        if trigger.i in direct:
            reading.reported = True
            reading.source = direct[trigger.i] or self.voice.last
        elif reading.reported or reading.unsure:
            reading.source = self.voice.last

    def _has_verb(self, noun: Token) -> bool:
        """True for an event that a clause is about, not one in a bare noun phrase."""
        return any(head.upos in VERBAL for head in self.tree.ancestors(noun.i))

    def _is_headline(self, node: Token, head: Token) -> bool:
        """True for what a headline hangs onto the name before its colon."""
        return base(node.deprel) == "parataxis" and head.i in self.speech.headline

    def _supposed(self, event: Token, head: Token, reading: Reading) -> None:
        """ "Bei einem Angriff würden …": the clause supposes what the writer seems to take for granted."""
        if (
            is_indefinite(self.tree, event)
            and self.tree.case(event.i) == "bei"
            and mood_of(self.tree, head)[0] in {Mood.UNREAL, Mood.EITHER}
        ):
            reading.at_least(Modality.HYPOTHETICAL)

    def _decide(self, reading: Reading) -> None:
        """A Konjunktiv II that somebody could have said is a report, else a supposition."""
        if not reading.unsure:
            return
        if reading.reported or reading.source is not None:
            reading.reported = True
        else:
            reading.at_least(Modality.HYPOTHETICAL)

    # --- cues at a word -------------------------------------------------------------------------------------------

    def _inside(self, node: Token, reading: Reading, *, below: Token | None, is_trigger: bool, is_open: bool) -> None:
        """Cues among a word's own children; `below` is the child that the way came from."""
        if is_trigger:
            reading.flip(self.negation.at(node, below))
        for child in self.tree.kids(node.i):
            if is_open:
                self._weaken(node, child, reading)
            told = self.speech.aside(child)
            if told is None:
                told = self.speech.phrase(child)
            if told is not None:
                reading.say(told)
        if is_open and self.tree.case(node.i) in self.cues["negating_cases"]:
            reading.negated = True
        if node.upos in VERBAL | {"ADJ", "NOUN"}:
            self._mood(node, reading, is_open=is_open)
            if is_open and asks(self.tree, node):
                reading.at_least(Modality.HYPOTHETICAL)

    def _weaken(self, node: Token, child: Token, reading: Reading) -> None:
        kind, word, cues = base(child.deprel), child.lemma.lower(), self.cues
        if kind == "aux" and child.deprel != "aux:pass":
            self._modal(node, child, reading)
        elif kind == "amod":
            for name, modality in (
                ("planned_adjectives", Modality.PLANNED),
                ("hypothetical_adjectives", Modality.HYPOTHETICAL),
                ("alleged_adjectives", Modality.ALLEGED),
            ):
                if cues[name] & {word, _ENDING.sub("", word)}:
                    reading.at_least(modality)
        elif kind == "advmod" and child.upos in {"ADJ", "ADV", "VERB"} and word in cues["hypothetical_adverbs"]:
            reading.at_least(Modality.HYPOTHETICAL)
        elif kind == "mark" and (child.form.lower() in cues["hypothetical_marks"] or self._is_ahead(child, node)):
            reading.at_least(Modality.HYPOTHETICAL)
        if kind in {"amod", "advmod"} and word in cues["alleged_adverbs"]:
            reading.at_least(Modality.ALLEGED)

    def _is_ahead(self, mark: Token, verb: Token) -> bool:
        """True for "bevor Russland angreift", "bis die USA einlenken"; not for "bevor Russland angriff"."""
        return mark.form.lower() in self.cues["marks_ahead"] and verb.feat("Tense") == "Pres"

    def _shared_modals(self, node: Token, head: Token, reading: Reading) -> None:
        """The auxiliaries that a predicate shares with the one it is coordinated with."""
        if base(node.deprel) != "conj" or self.governors.is_finite(node):
            return
        for aux in self.tree.kids(head.i, "aux"):
            if aux.deprel != "aux:pass":
                self._modal(node, aux, reading)

    def _modal(self, node: Token, aux: Token, reading: Reading) -> None:
        word, form = aux.lemma.lower(), aux.form.lower()
        perfect = any(
            a.lemma in {"haben", "sein"} and a.feat("VerbForm") == "Inf"
            for a in self.tree.kids(node.i, "aux", "aux:pass")
        )
        if perfect and word in {"sollen", "wollen"}:
            reading.at_least(Modality.ALLEGED)
        elif form.startswith(("konnte", "durfte", "musste")):
            return  # "konnte nicht verhindern": it came about, or it did not
        elif word == "sollen" and is_condition(self.tree, node):
            reading.at_least(Modality.HYPOTHETICAL)
        elif word in self.cues["planned_modals"]:
            reading.at_least(Modality.HYPOTHETICAL if form in {"müsste", "müssten"} else Modality.PLANNED)
        elif word in self.cues["hypothetical_modals"]:
            reading.at_least(Modality.HYPOTHETICAL)
        elif word == "werden" and node.feat("VerbForm") != "Part" and not self.tree.is_passive(node.i):
            unreal = aux.feat("Mood") == "Sub" and form.startswith("würd") and not is_plural(aux)
            reading.at_least(Modality.HYPOTHETICAL if unreal else Modality.PLANNED)
        elif word == "werden" and node.feat("VerbForm") == "Inf":
            reading.at_least(Modality.PLANNED)

    def _mood(self, node: Token, reading: Reading, *, is_open: bool) -> None:
        """Konjunktiv I reports; Konjunktiv II supposes, but for the perfect and future that stand in for it."""
        mood, verb = mood_of(self.tree, node)
        if mood is Mood.REPORTED:
            reading.reported = True
        elif mood is Mood.EITHER and not self._never_was(node):
            if is_plural(verb):
                reading.reported = True
            else:
                reading.unsure = True
        elif mood is not Mood.PLAIN and is_open:
            reading.at_least(Modality.HYPOTHETICAL)

    def _never_was(self, node: Token) -> bool:
        """True beside a condition that was not met: "ohne den Vertrag hätte …", "beinahe hätte …"."""
        for child in self.tree.kids(node.i):
            case = self.tree.case(child.i)
            if child.lemma.lower() in _NEVER_WAS or case == "ohne" or (case, child.lemma) == ("um", "Haar"):
                return True
            marks = {m.form.lower() for m in self.tree.kids(child.i, "mark")}
            if base(child.deprel) == "advcl" and marks & {"wenn", "falls", "sofern"}:
                return True
        return False


def _same_side(speaker: Actor, end: Actor) -> bool:
    return speaker.id == end.id or (speaker.country is not None and speaker.country == end.country)
