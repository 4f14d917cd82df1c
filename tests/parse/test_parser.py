"""The German pipeline that ships: tokens, sentences, lemmas, trees."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import UsageError
from kgraph.model import Article, Block, BlockKind, Sentence
from kgraph.parse import Parser

UNIVERSAL = set(
    "nsubj obj iobj csubj ccomp xcomp obl vocative expl dislocated advcl advmod discourse aux cop mark nmod appos nummod "
    "acl amod det clf case conj cc fixed flat list parataxis compound orphan goeswith reparandum punct root dep".split()
)


@cache
def parser() -> Parser:
    return Parser.load("de")


def parse(text: str) -> tuple[Sentence, ...]:
    return parser().parse(Article("a", text))


@pytest.mark.parametrize(
    "sentences",
    [
        ["Das Treffen fand am 3. März statt.", "Danach reiste er ab."],
        ["Z. B. Dr. Meier und Prof. Huber kamen.", "Sie blieben bis 2024.", "Dann gingen sie."],
        ["Der Ex-General a. D. widersprach.", "«Das ist falsch», sagte er."],
        ["„Wir verhandeln nicht.“", "Das sagte der Minister am Abend."],
        ["Papst Johannes Paul II. reiste ab.", "Es regnete."],
        ["Etwa 3,5 Mio. Menschen flohen.", "Die Lage bleibt ernst!", "Wie geht es weiter?"],
        ["Die Waffenruhe gilt seit dem 60. Jahrestag.", "Sie hielt bis zum 5. August."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    assert [s.text for s in parse(" ".join(sentences))] == sentences


def test_labels_are_universal_and_every_sentence_has_one_root() -> None:
    text = (
        "Die Außenministerin kündigte am Dienstag an, das Abkommen, das im Mai ausläuft, nicht zu verlängern. "
        "Sie wolle, hieß es, zuerst mit den Nachbarn sprechen und dann entscheiden."
    )
    for sentence in parse(text):
        assert {token.deprel.split(":")[0] for token in sentence.tokens} <= UNIVERSAL
        assert sum(token.deprel == "root" for token in sentence.tokens) == 1
        assert all(0 <= token.head < len(sentence.tokens) for token in sentence.tokens)


def test_lemmas_join_separable_prefixes() -> None:
    tokens = {token.form: token for token in parse("Die Armee griff den Hafen an und zog danach ab.")[0].tokens}
    assert tokens["griff"].lemma == "angreifen"
    assert tokens["zog"].lemma == "abziehen"
    assert tokens["Hafen"].lemma == "Hafen"


def test_a_participle_before_a_noun_knows_its_verb() -> None:
    tokens = {
        token.form: token for token in parse("Die angegriffene Stadt und das verbündete Land schwiegen.")[0].tokens
    }
    assert tokens["angegriffene"].verb == "angreifen"
    assert tokens["Land"].verb == ""


def test_only_prose_is_read() -> None:
    text = "Foto: Huber\nEs regnet."
    article = Article("a", text, blocks=(Block(BlockKind.CREDIT, 0, 11), Block(BlockKind.PARAGRAPH, 12, 22)))
    sentences = parser().parse(article)
    assert [(s.text, s.start) for s in sentences] == [("Es regnet.", 12)]


def test_a_very_long_sentence_is_cut() -> None:
    sentences = parse("Er sah " + ", ".join(["Bäume"] * 2000) + ".")
    assert max(len(s.tokens) for s in sentences) < 400
    assert sum(len(s.tokens) for s in sentences) == 4002


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b", "???", "\x00\x01", "🙂" * 50, "a" * 5000])
def test_strange_texts_do_no_harm(text: str) -> None:
    for sentence in parse(text):
        assert text[sentence.start : sentence.end] == sentence.text


@settings(deadline=None, max_examples=30)
@given(st.text(alphabet=st.sampled_from("aBäß .,!?–-«»„“\n\t 123éΩ"), max_size=200))
def test_offsets_quote_the_text(text: str) -> None:
    for sentence in parse(text):
        assert text[sentence.start : sentence.end] == sentence.text
        for token in sentence.tokens:
            assert text[token.start : token.end] == token.form


def test_a_language_without_a_pipeline_is_refused() -> None:
    with pytest.raises(UsageError, match="'xx'"):
        Parser.load("xx")


def test_no_torch_at_run_time() -> None:
    parse("Es regnet.")
    assert "torch" not in sys.modules
