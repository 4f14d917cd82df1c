"""Names that the parser took for one: "lud die Nato Mazedonien ein", "hat Peskow Warschau Erpressung vorgeworfen".

Only who knows the actors can see that two names beside each other are two: the second is then the verb's own argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kgraph.model import Mention, Sentence, Token, Via

_NAMES = {Via.NAME, Via.ACRONYM, Via.CAPITAL}
_LOOSE = {"flat", "appos"}
_VERBAL = {"VERB", "AUX"}


def untangled(sentence: Sentence, mentions: Iterable[Mention]) -> Sentence:
    """The sentence with each name that hangs on the subject's name as an argument of the verb; itself where none does."""
    named: dict[int, Mention] = {}
    for mention in mentions:
        for i in (mention.token, *mention.tokens):
            named.setdefault(i, mention)
    tokens = list(sentence.tokens)
    for token in sentence.tokens:
        own, before = named.get(token.i), named.get(token.i - 1)
        if own is None or before is None or own is before or own.actor.id == before.actor.id:
            continue
        if token.deprel not in _LOOSE or token.upos != "PROPN" or own.via not in _NAMES or named.get(token.head) is own:
            continue
        subject = _top(sentence.tokens, token)
        verb = sentence.tokens[subject.head]
        if subject.deprel == "nsubj" and verb.upos in _VERBAL and _follows(sentence.tokens, token, subject, verb):
            filled = any(t.head == verb.i and t.deprel == "obj" for t in sentence.tokens)
            tokens[token.i] = replace(token, head=verb.i, deprel="obl:arg" if filled else "obj")
    return sentence if tokens == list(sentence.tokens) else replace(sentence, tokens=tuple(tokens))


def _top(tokens: tuple[Token, ...], token: Token) -> Token:
    """The head of the name phrase that a token hangs in."""
    for _ in tokens:
        if token.deprel not in _LOOSE:
            break
        token = tokens[token.head]
    return token


def _follows(tokens: tuple[Token, ...], name: Token, subject: Token, verb: Token) -> bool:
    """True where the finite verb stands before the subject, so that an object may follow it at once."""
    finite = next((t for t in tokens if t.head == verb.i and t.deprel == "aux" and t.feat("VerbForm") == "Fin"), verb)
    return finite.i < name.i and not any(t.form == "," for t in tokens[subject.i : name.i])
