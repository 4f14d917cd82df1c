"""Charges without a verb for them: "Bolivien habe Kriegsverbrechen begangen, sagte der Präsident" accuses Bolivia."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extract.judged import blaming
from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Match
from kgraph.extract.scope import Scope
from kgraph.extract.tree import VERBAL
from kgraph.model import Modality, Relation, Token


def charged(matcher: Matcher, scope: Scope) -> Iterator[Match]:
    """A speaker says that somebody else commits a crime, breaks an agreement or is to blame."""
    tree = matcher.tree
    for token in tree.tokens:
        if not _is_charge(matcher, token) or tree.is_passive(token.i):
            continue
        reading = scope.read(token.i)
        if reading.negated or reading.modality in {Modality.PLANNED, Modality.HYPOTHETICAL}:
            continue
        told = [end for i in tree.subjects(token.i) for end in matcher.ends.resolve(i, act=False) if end.weight == 1]
        yield from blaming(matcher, reading, token, Relation.ACCUSES, told)


def _is_charge(matcher: Matcher, token: Token) -> bool:
    """True for "begeht Kriegsverbrechen", "verstößt gegen das Abkommen", "ist verantwortlich"."""
    lexicon = matcher.lexicon
    if token.upos == "ADJ":
        return lexicon.cue("blaming_words", token.lemma) and bool(matcher.tree.kids(token.i, "cop"))
    if token.upos not in VERBAL:
        return False
    slots = matcher.tree.slots(token.i)
    for verbs, slot, nouns in (
        ("crime_verbs", "obj", "crime_nouns"),
        ("breaking_verbs", "obj", "rule_nouns"),
        ("offending_verbs", "gegen", "rule_nouns"),
        ("bearing_verbs", "obj", "guilt_nouns"),
    ):
        if lexicon.cue(verbs, token.lemma):
            words = lexicon.noun_cues(nouns)
            if any(lexicon.fits(matcher.tree.tokens[k].lemma, words) for k in slots.get(slot, [])):
                return True
    return False
