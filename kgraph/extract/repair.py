"""What German morphology and word order say against the parser: arcs that are commonly wrong are mended before frames look.

Each repair rests on words that leave no choice: an article that cannot be nominative, "sowohl … als auch".
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgraph.model import Token

_ACCUSATIVE = {"den", "einen", "keinen", "diesen", "jenen", "jeden"}
_SUBJECTS = {"nsubj", "csubj"}


def repaired(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with mended heads and deprels; the same object where nothing had to be mended."""
    changes = _wrong_subjects(tokens) | _both_and(tokens) | _agents_without_case(tokens) | _stray_participles(tokens)
    changes |= _behind_the_verb(tokens) | _weak_datives(tokens) | _stray_genitives(tokens)
    changes |= _whose(tokens)
    if not changes:
        return tokens
    heads = [token.head for token in tokens]
    for i, change in list(changes.items()):
        if _hangs_below(heads, change.head, i):
            changes[i] = replace(change, head=heads[i])  # two repairs, or one and a strange tree, would make a circle
        heads[i] = changes[i].head
    return tuple(changes.get(token.i, token) for token in tokens)


def _hangs_below(heads: list[int], start: int, i: int) -> bool:
    """True where going up from `start` leads to `i`, which is not its root."""
    if heads[i] == start:
        return False
    node = start
    for _ in heads:
        if node == i:
            return True
        if heads[node] == node:
            return False
        node = heads[node]
    return True


def _wrong_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Subjects with an accusative article are objects; the relative pronoun that was the object is then the subject."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() not in _ACCUSATIVE or token.upos != "DET":
            continue
        noun = tokens[token.head]
        if noun.deprel != "nsubj" or noun.i < token.i or noun.feat("Number") == "Plur":
            continue
        siblings = [t for t in tokens if t.head == noun.head and t.i not in {noun.i, noun.head}]
        changes[noun.i] = replace(noun, deprel="obj")
        if not any(t.deprel in _SUBJECTS for t in siblings):
            swapped = next((t for t in siblings if t.deprel == "obj" and t.upos == "PRON" and t.i < noun.i), None)
            if swapped is not None:
                changes[swapped.i] = replace(swapped, deprel="nsubj")
    return changes


def _agents_without_case(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """An agent needs von or durch: without it the phrase is the object, or the subject where its article is nominative."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.deprel != "obl:agent" or any(t.head == token.i and t.deprel == "case" for t in tokens):
            continue
        articles = [t for t in tokens if t.head == token.i and t.upos == "DET" and t.i < token.i]
        nominative = any(t.feat("Case") == "Nom" for t in articles)
        has_subject = any(t.head == token.head and t.deprel in _SUBJECTS for t in tokens)
        changes[token.i] = replace(token, deprel="nsubj" if nominative and not has_subject else "obj")
    return changes


def _stray_participles(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """An attribute stands before its noun: "das von Nordkorea bedrohte Südkorea rüstet auf"."""
    changes: dict[int, Token] = {}
    for token, after in itertools.pairwise(tokens):
        if (
            token.deprel == "amod"
            and token.verb
            and tokens[token.head].upos == "VERB"
            and after.upos in {"NOUN", "PROPN"}
        ):
            changes[token.i] = replace(token, head=after.i)
    return changes


def _behind_the_verb(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A phrase right of the finite verb does not belong to a noun left of it: "Die USA erwarten von Berlin …"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        if (
            token.deprel != "nmod"
            or noun.i > token.i
            or not any(t.head == token.i and t.deprel == "case" for t in tokens)
        ):
            continue
        between = tokens[noun.i + 1 : token.i]
        finite = [t for t in between if t.feat("VerbForm") == "Fin" and t.upos in {"VERB", "AUX"}]
        if len(finite) != 1 or any(t.form == "," for t in between):
            continue
        verb = tokens[finite[0].head] if finite[0].deprel.startswith(("aux", "cop")) else finite[0]
        if noun.head == verb.i:
            changes[token.i] = replace(token, head=verb.i, deprel="obl")
    return changes


def _weak_datives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Der … unterstützten Hisbollah droht Israel": der with a weak adjective in -en is no nominative."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() != "der" or token.upos != "DET" or tokens[token.head].deprel != "nsubj":
            continue
        noun = tokens[token.head]
        inner = [t for t in tokens[token.i + 1 : noun.i] if t.head == noun.i and t.deprel == "amod"]
        if noun.feat("Number") == "Plur" or not any(t.form.endswith("en") for t in inner):
            continue
        changes[noun.i] = replace(noun, deprel="obl:arg")
        siblings = [t for t in tokens if t.head == noun.head and t.i != noun.i]
        if not any(t.deprel in _SUBJECTS for t in siblings):
            bare = next((t for t in siblings if t.deprel == "obj" and t.upos == "PROPN"), None)
            if bare is not None:
                changes[bare.i] = replace(bare, deprel="nsubj")
    return changes


def _stray_genitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A name in -s right behind a noun is its genitive: "die geforderte Entschuldigung Kampalas steht aus"."""
    changes: dict[int, Token] = {}
    for before, token in itertools.pairwise(tokens):
        own = any(t.head == token.i and t.deprel in {"det", "case"} for t in tokens)
        if before.upos == "NOUN" and token.upos == "PROPN" and token.feat("Case") == "Gen" and not own:
            if token.form.endswith("s") and token.head != before.i and before.head != token.i:
                changes[token.i] = replace(token, head=before.i, deprel="nmod")
    return changes


def _whose(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "deren Angriffe …": the pronoun belongs to the noun behind it, and the noun has the role it was given."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() not in {"dessen", "deren"}:
            continue
        noun = next((t for t in tokens[token.i + 1 : token.i + 3] if t.upos == "NOUN"), None)
        if noun is None or token.head == noun.i:
            continue
        changes[token.i] = replace(token, head=noun.i, deprel="nmod")
        if token.deprel in _SUBJECTS and noun.head == token.head and noun.deprel in {"obj", "obl"}:
            changes[noun.i] = replace(noun, deprel=token.deprel)
    return changes


def _both_and(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "sowohl A als auch B": B is coordinated with A."""
    forms = [token.form.lower() for token in tokens]
    if "sowohl" not in forms:
        return {}
    start = forms.index("sowohl")
    for i in range(start + 2, len(tokens) - 2):
        if forms[i] == "als" and forms[i + 1] == "auch":
            first = next((t for t in tokens[start + 1 : i] if t.upos in {"NOUN", "PROPN"}), None)
            second = next((t for t in tokens[i + 2 :] if t.upos in {"NOUN", "PROPN"}), None)
            if first is not None and second is not None and second.head != first.i:
                return {second.i: replace(second, head=first.i, deprel="conj")}
    return {}
