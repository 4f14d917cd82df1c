"""What German morphology and word order say against the parser: arcs that are commonly wrong are mended before frames look.

Each repair rests on words that leave no choice: an article that cannot be nominative, "sowohl … als auch".
"""

from __future__ import annotations

from dataclasses import replace

from kgraph.model import Token

_ACCUSATIVE = {"den", "einen", "keinen", "diesen", "jenen", "jeden"}
_SUBJECTS = {"nsubj", "csubj"}


def repaired(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with mended heads and deprels; the same object where nothing had to be mended."""
    changes = _wrong_subjects(tokens) | _both_and(tokens) | _agents_without_case(tokens) | _stray_participles(tokens)
    if not changes:
        return tokens
    return tuple(changes.get(token.i, token) for token in tokens)


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
    for token, after in zip(tokens, tokens[1:], strict=False):
        if token.deprel == "amod" and token.verb and tokens[token.head].upos == "VERB" and after.upos in {"NOUN", "PROPN"}:
            changes[token.i] = replace(token, head=after.i)
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
