"""The moods of a clause: whether its verb reports (Konjunktiv I and what stands in for it) or supposes."""

from __future__ import annotations

from enum import Enum

from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.model import Token

_SEIN = {"sei", "seien", "seiest", "seist"}
_UNREAL = ("hätt", "wär", "würd", "könnt", "müsst", "sollt", "dürft", "möcht", "käm", "gäb", "ging", "ließ", "bräucht")
_PERFECT = ("hätt", "wär")
_OPENERS = {"doch", "aber", "also", "und", "oder", "nun"}  # before the verb of a question


class Mood(Enum):
    """What the form of a clause's verb says."""

    PLAIN = "plain"
    REPORTED = "reported"  # Konjunktiv I
    EITHER = (
        "either"  # a perfect or future in Konjunktiv II: reported in the plural or with a speaker near, else unreal
    )
    UNREAL = "unreal"


def mood_of(tree: Tree, node: Token) -> tuple[Mood, Token]:
    """The mood of the clause of a predicate, and the word that shows it."""
    for verb in (node, *tree.kids(node.i, "aux", "cop")):
        if verb.upos not in VERBAL:
            continue
        if _is_reporting_form(tree, verb):
            return Mood.REPORTED, verb
        if verb.feat("Mood") != "Sub":
            continue
        form = verb.form.lower()
        if verb.feat("Tense") != "Past" and not form.startswith(_UNREAL):
            return Mood.REPORTED, verb
        if form.startswith(_PERFECT) and (node.feat("VerbForm") == "Part" or verb is not node):
            return Mood.EITHER, verb
        if form == "würden" and verb is not node:
            return Mood.EITHER, verb
        return Mood.UNREAL, verb
    return Mood.PLAIN, node


def is_plural(verb: Token) -> bool:
    """True for a plural, where Konjunktiv I looks like the indicative and Konjunktiv II stands in for it."""
    return verb.feat("Number") == "Plur" or verb.form.lower().endswith("en")


def _is_reporting_form(tree: Tree, verb: Token) -> bool:
    """True for the third person of Konjunktiv I: the infinitive's stem and -e ("greife", "habe", "sei")."""
    form, lemma = verb.form.lower(), verb.lemma.lower()
    if form in _SEIN:
        return True
    if not form.endswith("e") or verb.feat("VerbForm") in {"Inf", "Part"} or lemma == form:
        return False
    stem = lemma[:-2] if lemma.endswith("en") else lemma[:-1]
    separated = bool(tree.kids(verb.i, "compound")) and (stem + "e").endswith(form) and len(form) > 3
    if form != stem + "e" and not separated:
        return False
    head = verb.head if verb.deprel.startswith(("aux", "cop")) else verb.i
    subjects = {child.form.lower() for child in tree.kids(head, "nsubj")}
    return bool(subjects) and "ich" not in subjects


def rehearses(tree: Tree, verb: Token, noun: Token) -> bool:
    """True for "übte die Abwehr eines Angriffs"; not for "übte Vergeltung"."""
    return tree.lexicon.cue("rehearsing_verbs", verb.lemma) and tree.lexicon.cue("rehearsed_nouns", noun.lemma)


def is_indefinite(tree: Tree, noun: Token) -> bool:
    """True for a noun with "ein"."""
    return any(article.form.lower().startswith("ein") for article in tree.kids(noun.i, "det"))


def asks(tree: Tree, node: Token) -> bool:
    """True for a question to be answered by yes or no: "Greift Israel an?"; not for "Warum greift Israel an?"."""
    kids = tree.kids(node.i)
    if not any(child.form == "?" for child in kids):
        return False
    words = [t for t in (node, *kids) if t.upos not in {"PUNCT", "CCONJ"} and t.form.lower() not in _OPENERS]
    first = min(words, key=lambda t: t.i)
    return first.upos in VERBAL and (first is node or base(first.deprel) in {"aux", "cop"})


def is_condition(tree: Tree, verb: Token) -> bool:
    """True for a clause that says on what condition: "falls Israel angreift", "sollte Israel angreifen"."""
    if any(m.form.lower() in tree.lexicon.cues["hypothetical_marks"] for m in tree.kids(verb.i, "mark")):
        return True
    kids = [t for t in tree.kids(verb.i) if t.upos != "PUNCT"]
    return bool(kids) and min(kids, key=lambda t: t.i).form.lower() in {"sollte", "sollten"}
