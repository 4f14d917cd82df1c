"""Surnames with a particle: in "Von der Leyen kritisierte Ungarn" the von is no preposition, and the name is the subject."""

from __future__ import annotations

from dataclasses import replace

from kgraph.grammar.names import SUBJECTS, is_bare
from kgraph.model import Token

_PARTICLES = {"von", "der", "zu", "van"}
_SURNAMES = {"Leyen", "Weizsäcker", "Notz", "Storch", "Guttenberg", "Rompuy"}  # no places are called so


def particles(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """The tokens with mended deprels, by their places."""
    changes: dict[int, Token] = {}
    for name in tokens:
        own = _particles_of(tokens, name) if name.form in _SURNAMES else []
        if not own:
            continue
        changes |= {token.i: replace(token, head=name.i, deprel="flat", upos="PROPN") for token in own}
        others = [t for t in tokens if t.head == name.i and t.deprel == "case" and t.i < own[0].i]
        if name.deprel == "obl" and not others and tokens[name.head].upos == "VERB":
            changes |= _placed(tokens, name)
    return changes


def _particles_of(tokens: tuple[Token, ...], name: Token) -> list[Token]:
    """The particles right before a surname, in the order of the text; of two von the second: "von von der Leyen"."""
    found: list[Token] = []
    for token in reversed(tokens[: name.i]):
        word = token.form.lower()
        if word not in _PARTICLES or token.head != name.i or word in {t.form.lower() for t in found}:
            break
        found.insert(0, token)
    return found if any(token.deprel == "case" for token in found) else []


def _placed(tokens: tuple[Token, ...], name: Token) -> dict[int, Token]:
    """A name without a preposition is the subject of its verb, unless another is by its article or as the first of two."""
    verb = tokens[name.head]
    near = [t for t in tokens if t.head == verb.i and t.i != name.i]
    passive = any(t.deprel == "aux:pass" for t in near)
    subject = next((t for t in near if t.deprel in SUBJECTS | {"nsubj:pass"}), None)
    if subject is None:
        return {name.i: replace(name, deprel="nsubj:pass" if passive else "nsubj")}
    if subject.i > name.i and is_bare(tokens, subject) and not passive and not any(t.deprel == "obj" for t in near):
        return {name.i: replace(name, deprel="nsubj"), subject.i: replace(subject, deprel="obj")}
    return {name.i: replace(name, deprel="obj")}
