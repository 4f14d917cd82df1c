"""Appositions that the parser takes for something else: a list, or a genitive."""

from __future__ import annotations

from dataclasses import replace

from kgraph.model import Token

_NAMES = {"PROPN", "NOUN"}
_PLACES = (
    "gebiet", "land", "provinz", "region", "republik", "staat", "territorium",
)  # fmt: skip


def appositions(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """The tokens with mended deprels, by their places."""
    return _closed_by_commas(tokens) | _names_of_places(tokens)


def _closed_by_commas(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """What stands between commas is no member of a list whose und comes behind the second, or came before the first.

    "Polen, ein Partner der USA, und die NATO"; "Polen und die NATO, enge Partner der USA, …".
    """
    changes: dict[int, Token] = {}
    for noun in tokens:
        name = tokens[noun.head]
        if noun.deprel != "conj" or noun.upos != "NOUN" or name.upos not in _NAMES or name.i >= noun.i:
            continue
        phrase = _below(tokens, noun)
        first, last = min(phrase), max(phrase)
        if tokens[first].form == ",":
            first += 1
        if tokens[first].upos not in {"DET", "ADJ"} or any(tokens[i].deprel == "cc" for i in phrase):
            continue
        if first < 2 or tokens[first - 1].form != "," or last + 2 >= len(tokens) or tokens[last + 1].form != ",":
            continue
        ended = [t for t in tokens[name.i : noun.i] if t.deprel == "conj" and t.head == name.i and _is_last(tokens, t)]
        before = tokens[first - 2].i
        goes_on = tokens[last + 2].upos == "CCONJ" and before in _of_name(tokens, name)
        if goes_on or any(before in _of_name(tokens, member) for member in ended):
            changes[noun.i] = replace(noun, deprel="appos")
    return changes


def _names_of_places(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "der Regionen Abchasien und Südossetien": a name without the s of the genitive says which places are meant."""
    changes: dict[int, Token] = {}
    for name in tokens[1:]:
        noun = tokens[name.i - 1]
        if name.deprel != "nmod" or name.upos != "PROPN" or name.head != noun.i or noun.upos != "NOUN":
            continue
        if noun.lemma.lower().endswith(_PLACES) and not name.form.endswith(("s", "ß", "x", "z")):
            changes[name.i] = replace(name, deprel="appos")
    return changes


def _is_last(tokens: tuple[Token, ...], member: Token) -> bool:
    """True for the member of a list that und stands before."""
    return any(token.head == member.i and token.deprel == "cc" for token in tokens)


def _below(tokens: tuple[Token, ...], top: Token) -> set[int]:
    """The places of a token and of all that hangs from it."""
    found = {top.i}
    while more := {token.i for token in tokens if token.head in found} - found:
        found |= more
    return found


def _of_name(tokens: tuple[Token, ...], name: Token) -> set[int]:
    """The places of a name of several words."""
    return {name.i, *(token.i for token in tokens if token.head == name.i and token.deprel in {"flat", "appos"})}
