"""Whatever tree comes in, what is mended is a tree."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgraph.extract.repair import repaired
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
]
UPOS = ["DET", "NOUN", "PROPN", "VERB", "ADJ", "PRON", "CCONJ", "PUNCT"]
DEPRELS = ["nsubj", "obj", "nmod", "amod", "det", "conj", "obl:agent", "obl", "case"]
FEATS = [(), (("Case", "Gen"),), (("Case", "Nom"),), (("VerbForm", "Fin"),)]


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
        tokens.append(Token(i, form, form, upos, deprel, heads[i], start, start + len(form), feats, verb))
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
