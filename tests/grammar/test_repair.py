"""Whatever tree comes in, what is mended is a tree."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgraph.grammar.repair import repaired
from kgraph.model import Token

FORMS = [
    "der",
    "den",
    "deren",
    "dessen",
    "sowohl",
    "als",
    "auch",
    "Israels",
    "Angriffe",
    "bedrohte",
    "droht",
    "starken",
    ",",
    "weder",
    "und",
    "zufolge",
    "sagte",
    "ließ",
    "dem",
]
LEMMAS = {"sagte": "sagen", "ließ": "lassen"}
UPOS = ["DET", "NOUN", "PROPN", "VERB", "ADJ", "PRON", "CCONJ", "PUNCT"]
DEPRELS = [
    "nsubj",
    "obj",
    "nmod",
    "amod",
    "det",
    "conj",
    "cc",
    "obl:agent",
    "obl:arg",
    "obl",
    "case",
    "flat",
    "appos",
    "acl",
]
DEPRELS += ["ccomp", "xcomp", "advmod", "compound:prt", "nsubj:pass", "aux:pass"]
FEATS = [(), (("Case", "Gen"),), (("Case", "Nom"),), (("Case", "Dat"),), (("VerbForm", "Fin"),), (("VerbForm", "Inf"),)]


@st.composite
def trees(draw: st.DrawFn) -> tuple[Token, ...]:
    size = draw(st.integers(1, 9))
    order = draw(st.permutations(range(size)))
    heads = {order[0]: order[0], **{order[k]: order[draw(st.integers(0, k - 1))] for k in range(1, size)}}
    tokens, start = [], 0
    for i in range(size):
        form, upos = draw(st.sampled_from(FORMS)), draw(st.sampled_from(UPOS))
        deprel = "root" if heads[i] == i else draw(st.sampled_from(DEPRELS))
        verb = draw(st.sampled_from(["", "bedrohen"]))
        feats = draw(st.sampled_from(FEATS))
        tokens.append(
            Token(i, form, LEMMAS.get(form, form), upos, deprel, heads[i], start, start + len(form), feats, verb)
        )
        start += len(form) + 1
    return tuple(tokens)


def leads_to_a_root(tokens: tuple[Token, ...], i: int) -> bool:
    for _ in tokens:
        if tokens[i].head == i:
            return True
        i = tokens[i].head
    return tokens[i].head == i


WHOSE = (  # the noun behind "deren" hangs on it: to turn the arc round would leave both without a root
    Token(0, "deren", "der", "PRON", "nmod", 2, 0, 5),
    Token(1, "Angriffe", "Angriff", "NOUN", "obj", 0, 6, 14),
    Token(2, "dauern", "dauern", "VERB", "root", 2, 15, 21),
)


@settings(max_examples=500)
@example(WHOSE)
@given(trees())
def test_mended_arcs_never_make_a_circle(tokens: tuple[Token, ...]) -> None:
    mended = repaired(tokens)
    assert [t.form for t in mended] == [t.form for t in tokens]
    assert all(leads_to_a_root(mended, i) for i in range(len(mended)))


def row(i: int, form: str, upos: str, deprel: str, head: int, **feats: str) -> Token:
    return Token(i, form, form.lower(), upos, deprel, head, i * 20, i * 20 + len(form), tuple(sorted(feats.items())))


def arcs(tokens: tuple[Token, ...]) -> list[tuple[str, int]]:
    return [(token.deprel, token.head) for token in repaired(tokens)]


def test_of_two_bare_names_the_first_is_the_subject() -> None:
    tokens = (
        row(0, "Indien", "PROPN", "obj", 1),
        row(1, "lobte", "VERB", "root", 1, VerbForm="Fin"),
        row(2, "Japan", "PROPN", "nsubj", 1),
    )
    assert arcs(tokens) == [("nsubj", 1), ("root", 1), ("obj", 1)]


def test_weder_is_no_preposition() -> None:
    tokens = (
        row(0, "Weder", "ADP", "case", 1),
        row(1, "Athen", "PROPN", "obl", 4),
        row(2, "noch", "CCONJ", "cc", 3),
        row(3, "Nikosia", "PROPN", "conj", 1),
        row(4, "kommt", "VERB", "root", 4, VerbForm="Fin"),
    )
    assert arcs(tokens)[:2] == [("cc", 1), ("nsubj", 4)]


def test_a_perfect_with_sein_is_no_passive() -> None:
    tokens = (
        row(0, "Truppen", "NOUN", "nsubj:pass", 2),
        Token(1, "sind", "sein", "AUX", "aux:pass", 2, 20, 24),
        Token(2, "einmarschiert", "einmarschieren", "VERB", "root", 2, 40, 53),
    )
    assert arcs(tokens) == [("nsubj", 2), ("aux", 2), ("root", 2)]


def test_a_feminine_noun_is_taken_up_by_der_in_the_dative() -> None:
    tokens = (
        row(0, "Union", "NOUN", "root", 0, Gender="Fem", Number="Sing"),
        row(1, "der", "PRON", "nsubj", 3, PronType="Rel"),
        row(2, "Polen", "PROPN", "obj", 3),
        row(3, "angehört", "VERB", "acl", 0, VerbForm="Fin"),
    )
    assert arcs(tokens)[1:3] == [("obl:arg", 3), ("nsubj", 3)]


def test_und_between_two_nouns_makes_a_pair() -> None:
    tokens = (
        row(0, "Treffen", "NOUN", "root", 0),
        row(1, "zwischen", "ADP", "case", 4),
        row(2, "Merz", "PROPN", "nmod", 4),
        row(3, "und", "CCONJ", "cc", 4),
        row(4, "Premierminister", "NOUN", "nmod", 0),
    )
    assert arcs(tokens)[1:] == [("case", 2), ("nmod", 0), ("cc", 4), ("conj", 2)]


def test_der_before_a_masculine_noun_is_a_nominative() -> None:
    tokens = (
        row(0, "Die", "DET", "det", 1),
        row(1, "Reform", "NOUN", "nsubj", 5, Gender="Fem", Number="Sing"),
        row(2, "hat", "AUX", "aux", 5, VerbForm="Fin"),
        row(3, "der", "DET", "det", 4),
        row(4, "Minister", "NOUN", "obl:arg", 5, Gender="Masc", Number="Sing"),
        row(5, "gelobt", "VERB", "root", 5, VerbForm="Part"),
    )
    assert [tokens[k].form for k, (deprel, _) in enumerate(arcs(tokens)) if deprel == "nsubj"] == ["Minister"]
    assert arcs(tokens)[1] == ("obj", 5)


def test_a_preposition_before_der_makes_it_a_relative_pronoun() -> None:
    tokens = (
        row(0, "Union", "NOUN", "root", 0, Gender="Fem", Number="Sing"),
        row(1, ",", "PUNCT", "punct", 5),
        row(2, "aus", "ADP", "case", 4),
        row(3, "der", "DET", "det", 4, PronType="Art"),
        row(4, "Niger", "PROPN", "obl", 5),
        row(5, "austrat", "VERB", "acl", 0, VerbForm="Fin"),
    )
    assert arcs(tokens)[2:5] == [("case", 3), ("obl", 5), ("nsubj", 5)]
    assert repaired(tokens)[3].upos == "PRON"


def test_a_relative_clause_without_a_pronoun_has_it_before_the_name_that_acts() -> None:
    tokens = (
        row(0, "Präsident", "NOUN", "root", 0),
        row(1, ",", "PUNCT", "punct", 4),
        row(2, "den", "DET", "det", 3, PronType="Art"),
        row(3, "Peking", "PROPN", "obj", 4),
        row(4, "rügt", "VERB", "acl", 0, VerbForm="Fin"),
    )
    assert arcs(tokens)[2:4] == [("obj", 4), ("nsubj", 4)]


def test_a_genitive_behind_a_pair_is_that_of_the_noun_before_it() -> None:
    tokens = (
        row(0, "Gefechte", "NOUN", "root", 0),
        row(1, "türkischer", "ADJ", "amod", 2),
        row(2, "Truppen", "NOUN", "nmod", 0),
        row(3, "und", "CCONJ", "cc", 4),
        row(4, "Anhänger", "NOUN", "conj", 2),
        row(5, "der", "DET", "det", 6),
        row(6, "Miliz", "NOUN", "nmod", 2),
    )
    assert arcs(tokens)[6] == ("nmod", 4)
