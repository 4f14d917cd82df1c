"""The pipelines that ship: tokens, sentences, lemmas, trees, entities."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import UsageError
from kgraph.model import Article, Block, BlockKind, Sentence
from kgraph.parse import Parser
from kgraph.parse.network import READERS

UNIVERSAL = set(
    "nsubj obj iobj csubj ccomp xcomp obl vocative expl dislocated advcl advmod discourse aux cop mark nmod appos nummod "
    "acl amod det clf case conj cc fixed flat list parataxis compound orphan goeswith reparandum punct root dep".split()
)


@cache
def parser(lang: str = "de", reader: str = "accurate") -> Parser:
    return Parser.load(lang, reader=reader)


def parse(text: str, lang: str = "de", reader: str = "accurate") -> tuple[Sentence, ...]:
    return parser(lang, reader).parse(Article("a", text))


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
        ["US-Präs. a. D. Carter reiste an.", "Er blieb drei Tage."],
        ["»Wir warten ab.«", "So endete der Abend."],
        ['"Das wird dauern!"', "Er lachte."],
        ["GENF (dpa) – Die Gespräche ruhen.", "Das teilte die UNO mit."],
        ["Am 12. u. 13. Mai tagt der Rat.", "Danach berät er am 1. Juni."],
        ["Die Fa. Krupp GmbH & Co. KG lieferte nicht.", "Der Vertrag endete Ende 2024."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    assert [s.text for s in parse(" ".join(sentences))] == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Okafor met Gen. Ruiz on Jan. 5.", "They talked for hours."],
        ["The U.S. envoy left.", "Nobody saw him off."],
        ["“We will not wait.”", "The minister said so twice."],
        ["GENEVA (Reuters) - Talks have stalled.", "Both sides blame each other."],
        ["Prices rose 3.5 percent in Sept. and fell later.", "Why?", "No one knows."],
    ],
)
def test_english_sentences(sentences: list[str]) -> None:
    assert [s.text for s in parse(" ".join(sentences), "en")] == sentences


def test_headlines_without_a_full_stop_are_sentences_of_their_own() -> None:
    text = "Türkei lädt zu Gesprächen ein\nAnkara will vermitteln."
    blocks = (Block(BlockKind.TITLE, 0, 29), Block(BlockKind.PARAGRAPH, 30, len(text)))
    assert [s.text for s in parser().parse(Article("a", text, blocks=blocks))] == text.split("\n")


@pytest.mark.parametrize("reader", READERS)
def test_who_does_what_in_both_languages(reader: str) -> None:
    for lang, text, verb, doer, done_to in (
        ("de", "Der Minister hat die Nachbarin gestern besucht.", "besuchen", "Minister", "Nachbarin"),
        ("en", "The old minister has visited the town.", "visit", "minister", "town"),
    ):
        tokens = parse(text, lang, reader)[0].tokens
        root = next(token for token in tokens if token.head == token.i)
        found = {token.deprel: token.form for token in tokens if token.head == root.i}
        assert root.lemma == verb
        assert (found["nsubj"], found["obj"]) == (doer, done_to)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "In Kairo traf Johanna Lindqvist am Montag Vertreter der Arabischen Liga."),
        ("en", "In Cairo Johanna Lindqvist met officials of the Arab League on Monday."),
    ],
)
def test_entities(lang: str, text: str, reader: str) -> None:
    doc = parser(lang, reader).nlp(text)
    found = {(entity.text.removeprefix("the "), entity.label_) for entity in doc.ents}
    assert {("Johanna Lindqvist", "PER"), (text.split()[1], "LOC")} <= found
    assert any(label == "ORG" for _, label in found)
    [sentence] = parse(text, lang, reader)
    assert [t.entity for t in sentence.tokens if "Johanna" in t.form or "Lindqvist" in t.form] == ["B-PER", "I-PER"]


@pytest.mark.parametrize("reader", READERS)
def test_a_tree_does_not_depend_on_what_is_read_beside_it(reader: str) -> None:
    text = "Der Rat, der seit Mai tagt, lehnte den Antrag ab. Es regnet. " * 4
    alone = parse("Der Rat, der seit Mai tagt, lehnte den Antrag ab.", reader=reader)[0]
    for sentence in parse(text, reader=reader)[::2]:
        assert [(t.form, t.upos, t.head, t.deprel) for t in sentence.tokens] == [
            (t.form, t.upos, t.head, t.deprel) for t in alone.tokens
        ]


def test_a_pipeline_is_an_ordinary_spacy_pipeline() -> None:
    docs = list(parser().nlp.pipe(["Es regnet. Die Sonne scheint.", "", "Er ging."]))
    assert [len(list(doc.sents)) for doc in docs] == [2, 0, 1]
    assert [token.lemma_ for token in docs[2]][:2] == ["er", "gehen"]


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
@given(st.text(alphabet=st.sampled_from("aBäß .,!?–-«»„“\n\t 123éΩ"), max_size=200), st.sampled_from(["de", "en"]))
def test_offsets_quote_the_text(text: str, lang: str) -> None:
    for sentence in parse(text, lang):
        assert text[sentence.start : sentence.end] == sentence.text
        for token in sentence.tokens:
            assert text[token.start : token.end] == token.form


def test_a_language_without_a_pipeline_is_refused() -> None:
    with pytest.raises(UsageError, match="'xx'; there is one for: de, en"):
        Parser.load("xx")


def test_an_unknown_reader_is_refused() -> None:
    with pytest.raises(UsageError, match="'slow'; one of: accurate, fast"):
        Parser.load("de", reader="slow")


def test_no_torch_at_run_time() -> None:
    parse("Es regnet.")
    assert "torch" not in sys.modules
