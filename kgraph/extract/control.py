"""Who does what a verb without a subject of its own says: "fordert X auf, … zu tun", "setzt X eine Frist, um … zu tun"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.lexicon import matches
from kgraph.model import Token

if TYPE_CHECKING:
    from kgraph.extract.tree import Tree

_VERBAL = {"VERB", "AUX"}
_ARGUMENTS = ("obj", "iobj", "obl")


def controller(tree: Tree, verb: int) -> list[int]:
    """The tokens of who does what an infinitive says: the governor's subject, or its object."""
    head = tree.tokens[verb].head
    governor = tree.tokens[head]
    if governor.upos in {"NOUN", "PROPN"}:
        return noun_controller(tree, head)
    if _is_ordered(tree, governor):
        asked = _asked(tree, head)
        if not asked and (tree.is_passive(head) or governor.lemma == "lassen"):
            return list(tree.subjects(head))  # "ließ den Diplomaten festnehmen": has it done
        return tree.conjuncts(asked[0]) if asked else []
    if tree.is_passive(head):
        return []
    return _minded(tree, verb, head) or list(tree.subjects(head))


def noun_controller(tree: Tree, noun: int) -> list[int]:
    """Whose plan, threat or readiness it is: the noun's genitive or possessive, else its verb's subject."""
    found = _owner(tree, noun)
    if found:
        return found
    head = tree.tokens[noun]
    if matches(head.lemma, tree.lexicon.noun_cues("deadline_nouns")):
        return [k for i in _asked(tree, head.head) for k in tree.conjuncts(i)]
    if head.deprel.split(":")[0] in {"obj", "obl"} and tree.tokens[head.head].upos in _VERBAL:
        return list(tree.subjects(head.head)) if not tree.is_passive(head.head) else []
    return [noun] if head.upos == "PROPN" else []


def _owner(tree: Tree, noun: int) -> list[int]:
    for child in tree.kids(noun, "nmod", "det"):
        if child.feat("Poss") == "Yes" or (child.deprel.startswith("nmod") and tree.case(child.i) in {"", "von"}):
            return tree.conjuncts(child.i)
    return []


def _is_ordered(tree: Tree, governor: Token) -> bool:
    """True for verbs whose object is to do it, also by what they give: a deadline, an ultimatum."""
    deadlines = tree.lexicon.noun_cues("deadline_nouns")
    return tree.lexicon.cue("object_control", governor.lemma) or any(
        matches(child.lemma, deadlines) for child in tree.kids(governor.i, "obj")
    )


def _asked(tree: Tree, head: int) -> list[int]:
    deadlines = tree.lexicon.noun_cues("deadline_nouns")
    return [
        child.i
        for child in tree.kids(head, *_ARGUMENTS)
        if not tree.case(child.i) and child.feat("Reflex") != "Yes" and not matches(child.lemma, deadlines)
    ]


def _minded(tree: Tree, verb: int, head: int) -> list[int]:
    """Whose readiness it is that a speaker confirms: "hat die Bereitschaft Malis bekräftigt, Waffen abzugeben"."""
    minds = tree.lexicon.noun_cues("minded_nouns")
    nouns = [child for child in tree.kids(head, "obj") if child.i < verb and matches(child.lemma, minds)]
    return _owner(tree, nouns[-1].i) if nouns else []
