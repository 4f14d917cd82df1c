"""Phrases that the parser hung onto the wrong word: "als Erpressung" onto a noun, a name beside its title onto the verb."""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgraph.model import Token

_JUDGING = {
    "bezeichnen", "werten", "bewerten", "verurteilen", "kritisieren", "betrachten", "ansehen", "einstufen", "brandmarken", "geißeln",
    "zurückweisen", "loben", "begrüßen", "würdigen", "verstehen", "darstellen", "abtun", "ablehnen", "verspotten", "rügen", "preisen",
}  # fmt: skip


def judgements(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "bezeichnete die Einmischung in ein Land als Erpressung": the phrase with "als" is not the land's."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        if not any(t.head == token.i and t.i < token.i and t.form.lower() == "als" for t in tokens):
            continue
        if token.deprel == "advcl" and token.upos == "ADJ" and noun.lemma in _JUDGING:
            changes[token.i] = replace(token, deprel="obl")
        if token.deprel != "nmod" or noun.upos not in {"NOUN", "PROPN"} or noun.i > token.i:
            continue
        node = noun
        for _ in tokens:
            if node.deprel not in {"nmod", "obj", "conj"} or node.head == node.i:
                break
            node, below = tokens[node.head], node
            if node.lemma in _JUDGING and node.upos == "VERB":
                if below.deprel == "obj":
                    changes[token.i] = replace(token, head=node.i, deprel="obl")
                break
    return changes


def titled(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Kiew hat Kanzlerin Merkel vorgeworfen": the name is one with the title before it, and both are the second argument."""
    changes: dict[int, Token] = {}
    for title, name in itertools.pairwise(tokens):
        if title.upos != "NOUN" or title.deprel != "nsubj" or any(t.head == title.i and t.i < title.i for t in tokens):
            continue
        apart = name.upos == "PROPN" and name.head == title.head and name.deprel in {"obj", "obl:arg"}
        called = name.upos == "PROPN" and name.head == title.i and name.deprel in {"appos", "flat"}
        first = [t for t in tokens[: title.i] if t.head == title.head and t.deprel == "nsubj"]
        if not first or not (apart or called):
            continue
        objects = [t for t in tokens if t.head == title.head and t.deprel == "obj" and t.i != name.i]
        given = [t for t in objects if t.upos == "PROPN"]
        if _disagrees(tokens, first[0]):  # "Die Raketen hatte Präsident Obama Polen versprochen"
            changes[first[0].i] = replace(first[0], deprel="obj")
            changes |= {t.i: replace(t, deprel="obl:arg") for t in given}
        if given or _disagrees(tokens, first[0]):
            continue
        filled = bool(objects)
        changes[title.i] = replace(title, deprel="obl:arg" if filled else "obj")
        if apart:
            changes[name.i] = replace(name, head=title.i, deprel="appos")
    return changes


def halves(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "kritisierte US- und Nato-Manöver": the second word is the verb's object, the first a part of it."""
    changes: dict[int, Token] = {}
    for half, word in zip(tokens, tokens[2:], strict=False):
        if not half.form.endswith("-") or tokens[half.i + 1].upos != "CCONJ":
            continue
        verb = tokens[half.head]
        if half.deprel != "compound" or verb.upos != "VERB" or word.head != half.i or "-" not in word.form:
            continue
        if not any(t.head == verb.i and t.deprel == "obj" for t in tokens):
            changes[word.i] = replace(word, head=verb.i, deprel="obj")
            changes[half.i] = replace(half, head=word.i, deprel="conj")
    return changes


def _disagrees(tokens: tuple[Token, ...], subject: Token) -> bool:
    """True where a finite verb stands in another number than what is read as its subject."""
    verbs = (t for t in tokens if t.i == subject.head or (t.head == subject.head and t.deprel == "aux"))
    numbers = {t.feat("Number") for t in verbs if t.feat("VerbForm") == "Fin"} - {""}
    return bool(numbers) and subject.feat("Number") != "" and subject.feat("Number") not in numbers
