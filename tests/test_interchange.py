"""Claims as JSON and rows; trees as CoNLL-U and back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import DataError
from kgraph.interchange import COLUMNS, claim_to_dict, claim_to_row, read_conllu, write_conllu
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Attribution,
    BlockKind,
    Claim,
    DateOrigin,
    Mention,
    Modality,
    Polarity,
    Relation,
    Sentence,
    Span,
    Token,
    Via,
    When,
)

TEXT = "Laut Kiew droht\nOman dem Jemen."


def mention(actor: Actor, word: str) -> Mention:
    start = TEXT.index(word)
    return Mention(actor, Via.NAME, 0, 0, (0,), start, start + len(word), word)


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words), words)


UKRAINE = Actor(f"{DATA}Q212", ActorType.STATE, "Ukraine", "UKR")
OMAN = Actor(f"{DATA}Q842", ActorType.STATE, "Oman", "OMN")
YEMEN = Actor(f"{DATA}Q805", ActorType.STATE, "Jemen", "YEM")
CLAIM = Claim(
    article_id="a",
    sentence=span(TEXT),
    relation=Relation.THREATENS,
    trigger=span("droht"),
    rule="de/drohen.verb",
    subject=mention(OMAN, "Oman"),
    object=mention(YEMEN, "Jemen"),
    polarity=Polarity.NEGATED,
    modality=Modality.ALLEGED,
    attribution=Attribution(span("Kiew"), UKRAINE),
    when=When(date(2026, 4, 9), date(2026, 4, 10), DateOrigin.RELATIVE),
    confidence=0.71234,
)


def test_a_claim_as_json() -> None:
    record = json.loads(json.dumps(claim_to_dict(CLAIM), ensure_ascii=False))
    assert record == {
        "id": CLAIM.id,
        "doc": "a",
        "sentence": {"start": 0, "end": 31, "text": TEXT},
        "trigger": {"start": 10, "end": 15, "text": "droht"},
        "subject": {
            "id": f"{DATA}Q842",
            "label": "Oman",
            "type": "State",
            "country": "OMN",
            "mention": {"start": 16, "end": 20, "text": "Oman"},
        },
        "relation": "threatens",
        "object": {
            "id": f"{DATA}Q805",
            "label": "Jemen",
            "type": "State",
            "country": "YEM",
            "mention": {"start": 25, "end": 30, "text": "Jemen"},
        },
        "polarity": "negated",
        "modality": "alleged",
        "attributed_to": {
            "id": f"{DATA}Q212",
            "label": "Ukraine",
            "mention": {"start": 5, "end": 9, "text": "Kiew"},
        },
        "date": "2026-04-09",
        "date_end": "2026-04-10",
        "date_origin": "relative",
        "confidence": 0.712,
        "rule": "de/drohen.verb",
    }


def test_a_claim_as_a_row() -> None:
    row = dict(zip(COLUMNS, claim_to_row(CLAIM), strict=True))
    assert row["said"] == "negated, alleged"
    assert row["sentence"] == "Laut Kiew droht Oman dem Jemen."
    assert (row["date"], row["subject"], row["relation"], row["object"]) == ("2026-04-09", "Oman", "threatens", "Jemen")


def sentence_of(words: list[tuple[str, str]], *, start: int, index: int, draw: st.DataObject) -> Sentence:
    """A sentence of words and the gaps between them, with a random tree."""
    text, tokens = "", []
    order = draw.draw(st.permutations(range(len(words))))
    for i, (word, gap) in enumerate(words):
        begin = start + len(text)
        text += word + (gap if i + 1 < len(words) else "")
        head = order[draw.draw(st.integers(0, order.index(i)))]  # no circles: heads stand before in the drawn order
        feats = draw.draw(st.sampled_from([(), (("Case", "Gen"),), (("Case", "Nom"), ("Number", "Sing"))]))
        lemma = draw.draw(st.sampled_from([word, "", "_", "sein"])) if word != "_" else "_"
        verb = draw.draw(st.sampled_from(["", "an|greifen", "teil nehmen"]))
        lemma = "" if lemma == "_" and word != "_" else lemma
        tokens.append(
            Token(i, word, lemma, "NOUN", "root" if head == i else "nmod", head, begin, begin + len(word), feats, verb)
        )
    return Sentence("a b", index, start, start + len(text), text, tuple(tokens), draw.draw(st.sampled_from(BlockKind)))


WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)
GAP = st.text(st.sampled_from(" \n\t\r\xa0\u2028|\\x"), max_size=3)


@given(st.lists(st.lists(st.tuples(WORD, GAP), min_size=1, max_size=6), min_size=1, max_size=4), st.data())
def test_conllu_gives_back_the_sentences(sentences: list[list[tuple[str, str]]], data: st.DataObject) -> None:
    trees: list[Sentence] = []
    start = 0
    for index, words in enumerate(sentences):
        start += data.draw(st.integers(0, 5))
        trees.append(sentence_of(words, start=start, index=index, draw=data))
        start = trees[-1].end
    article = Article("a b", "?" * start, title="Ein  Titel", published=date(2026, 4, 9), url="https://example.org/")
    [(again, read)] = read_conllu(write_conllu(article, trees))
    assert list(read) == trees
    assert (again.id, again.title, again.published, again.url) == ("a b", "Ein Titel", article.published, article.url)
    assert all(again.text[tree.start : tree.end] == tree.text for tree in read)
    for tree in read:
        assert all(again.text[token.start : token.end] == token.form for token in tree.tokens)


TREEBANK = """# sent_id = 1
# text = Er reist zum Rat.
1	Er	er	PRON	_	Case=Nom	2	nsubj	_	_
2	reist	reisen	VERB	_	_	0	root	_	_
3-4	zum	_	_	_	_	_	_	_	_
3	zu	zu	ADP	_	_	5	case	_	_
4	dem	der	DET	_	_	5	det	_	_
4.1	x	_	_	_	_	_	_	_	_
5	Rat	Rat	NOUN	_	_	2	obl	_	SpaceAfter=No
6	.	.	PUNCT	_	_	2	punct	_	_

# sent_id = 2
1	Ende	Ende	NOUN	_	_	0	root	_	_
"""


def test_a_treebank_is_read() -> None:
    [(article, (first, second))] = read_conllu(TREEBANK)
    assert article.text == "Er reist zum Rat. Ende"
    assert (first.text, second.text, second.start) == ("Er reist zum Rat.", "Ende", 18)
    assert [(token.form, article.text[token.start : token.end]) for token in first.tokens[2:5]] == [
        ("zu", "zum"),
        ("dem", "zum"),
        ("Rat", "Rat"),
    ]
    assert [token.head for token in first.tokens] == [1, 1, 4, 4, 1, 1]


def test_documents_are_told_apart() -> None:
    text = "# newdoc id = x\n" + TREEBANK + "\n# newdoc id = y\n# lang = en\n1\tEnd\t_\tNOUN\t_\t_\t0\troot\t_\t_\n"
    articles = [article for article, _ in read_conllu(text)]
    assert [(article.id, article.lang) for article in articles] == [("x", "de"), ("y", "en")]


def test_every_fault_is_listed() -> None:
    text = "\n".join(
        [
            "1\tWort\tWort\tNOUN",
            "2\tWort\tWort\tNOUN\t_\t_\t0\troot\t_\t_",
            "",
            "1\tWort\tWort\tNOUN\t_\tCase\t0\troot\t_\t_",
            "",
            "1\tWort\tWort\tNOUN\t_\t_\tx\troot\t_\t_",
            "",
            "1\tWort\tWort\tNOUN\t_\t_\t7\tdep\t_\t_",
            "",
            "# start = x",
            "1\tWort\tWort\tNOUN\t_\t_\t0\troot\t_\t_",
            "",
            "# block = x",
            "1\tWort\tWort\tNOUN\t_\t_\t0\troot\t_\t_",
            "",
            "1\t\tWort\tNOUN\t_\t_\t0\troot\t_\t_",
        ]
    )
    with pytest.raises(DataError) as error:
        list(read_conllu(text, name="f.conllu"))
    assert [fault.split(": ")[0] for fault in error.value.faults] == [
        f"f.conllu:{line}" for line in (1, 2, 4, 6, 8, 10, 13, 16)
    ]


def test_heads_that_go_round_in_a_circle_are_a_fault() -> None:
    rows = [
        "1\tA\tA\tPROPN\t_\t_\t2\tnsubj\t_\t_",
        "2\tb\tb\tVERB\t_\t_\t1\tconj\t_\t_",
        "3\tC\tC\tPROPN\t_\t_\t0\troot\t_\t_",
    ]
    with pytest.raises(DataError, match=r"circle\.conllu:1: the heads of word \d go round in a circle"):
        list(read_conllu("\n".join(rows) + "\n\n", name="circle.conllu"))
