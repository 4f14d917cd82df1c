"""A verb agrees with its subject in number: what cannot be the subject for that is the object, and the reverse."""

from __future__ import annotations

from dataclasses import replace

from kgraph.model import Token

_PLURAL_NAMES = {
    "USA",
    "VAE",
    "Niederlande",
    "Philippinen",
    "Emirate",
    "Taliban",
    "Huthi",
    "Huthis",
    "Staaten",
    "Nationen",
}
_MANY = {"Reihe", "Mehrzahl", "Mehrheit", "Hälfte", "Teil", "Dutzend", "Million", "Anzahl", "Zahl", "Paar", "Großteil"}
_NOMINAL = {"NOUN", "PROPN", "PRON"}
_OBLIQUE = {"den", "dem", "des", "einen", "einem", "einer"}
_SUBJECT_ONLY = {"der", "ein", "kein", "er", "wir", "ich", "man"}


def agreement(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Swap subject and object where the number of the verb fits the other one alone."""
    changes: dict[int, Token] = {}
    for verb in tokens:
        number = _number_of_verb(tokens, verb)
        if not number:
            continue
        kids = [t for t in tokens if t.head == verb.i and t.i != verb.i and t.upos in _NOMINAL]
        subjects = [t for t in kids if t.deprel == "nsubj"]
        wrong = [t for t in subjects if _number(tokens, t) not in {"", number} and _may_be_object(tokens, t)]
        right = [t for t in subjects if _number(tokens, t) == number]
        if len(wrong) != 1 or len(subjects) != len(wrong) + len(right):
            continue
        others = [t for t in kids if t.deprel == "obj" or (t.deprel == "ccomp" and t.upos == "PROPN")]
        if right and not others:
            changes[wrong[0].i] = replace(wrong[0], deprel="obj")
        elif not right and len(others) == 1 and _may_be_subject(tokens, others[0], number):
            changes[wrong[0].i] = replace(wrong[0], deprel="obj")
            changes[others[0].i] = replace(others[0], deprel="nsubj")
    return changes


def _number_of_verb(tokens: tuple[Token, ...], verb: Token) -> str:
    """The number of a verb's finite form; empty where it has none or is passive."""
    if verb.upos != "VERB":
        return ""
    auxiliaries = [t for t in tokens if t.head == verb.i and t.deprel.startswith("aux")]
    if any(t.deprel == "aux:pass" for t in auxiliaries):
        return ""
    finite = [t for t in (verb, *auxiliaries) if t.feat("VerbForm") == "Fin" and t.feat("Person") in {"3", ""}]
    if len(finite) != 1:
        return ""
    number, plural = finite[0].feat("Number"), finite[0].form.lower().endswith(("en", "ern", "eln", "ind"))
    return number if plural == (number == "Plur") else ""


def _number(tokens: tuple[Token, ...], noun: Token) -> str:
    """Sing or Plur where the words show it, else empty."""
    kids = [t for t in tokens if t.head == noun.i and t.i != noun.i]
    if noun.upos == "PRON":
        head = tokens[tokens[noun.head].head]
        relative = "Rel" in noun.feat("PronType") and tokens[noun.head].deprel.startswith("acl")
        return _number(tokens, head) if relative and head.upos in {"NOUN", "PROPN"} else ""
    if noun.form in _PLURAL_NAMES and any(t.deprel == "amod" and t.form.endswith("e") and t.i < noun.i for t in kids):
        return ""  # "die radikale Taliban hat …": also meant as one
    if any(t.deprel == "conj" for t in kids) or noun.form in _PLURAL_NAMES:
        return "Plur"
    if noun.upos == "PROPN":
        unclear = noun.form.startswith(("Vereinigte", "Vereinte")) or any(t.form.lower() == "die" for t in kids)
        return "" if unclear or any(t.upos == "NUM" for t in kids) else "Sing"
    listed = any(t.deprel == "amod" and t.upos == "PROPN" and t.i > noun.i for t in kids)  # one of several
    if noun.lemma in _MANY or listed or any(t.deprel in {"appos", "flat", "nummod"} for t in kids):
        return ""
    return noun.feat("Number")


def _may_be_object(tokens: tuple[Token, ...], noun: Token) -> bool:
    words = {t.form.lower() for t in tokens if t.head == noun.i and t.upos == "DET"} | {noun.form.lower()}
    feminine = noun.feat("Gender") == "Fem"
    return not words & (_SUBJECT_ONLY if not feminine else _SUBJECT_ONLY - {"der"})


def _may_be_subject(tokens: tuple[Token, ...], noun: Token, number: str) -> bool:
    words = {t.form.lower() for t in tokens if t.head == noun.i and t.upos in {"DET", "ADP"}}
    cased = any(t.head == noun.i and t.deprel == "case" for t in tokens)
    return _number(tokens, noun) == number and not words & _OBLIQUE and not cased
