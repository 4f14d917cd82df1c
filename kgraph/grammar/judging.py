"""What somebody calls something belongs to the verb: "nannte die Einmischung in ein Land eine Erpressung", "als …"."""

from __future__ import annotations

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
        if token.deprel != "nmod" or noun.upos not in {"NOUN", "PROPN"} or noun.i > token.i:
            continue
        if not any(t.head == token.i and t.i < token.i and t.form.lower() == "als" for t in tokens):
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
