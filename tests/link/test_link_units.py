from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.actors import load_registry
from kgraph.errors import DataError, UsageError
from kgraph.link import words as words_module
from kgraph.link.compounds import Splitter
from kgraph.link.forms import adjectival_forms, fold, genitive_forms, name_forms, noun_forms
from kgraph.link.gazetteer import Gazetteer
from kgraph.link.names import surname_keys, surname_spellings
from kgraph.link.words import Words
from kgraph.model import Article, Sentence, Token


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load("de")


@pytest.fixture(scope="module")
def splitter(words: Words) -> Splitter:
    return Splitter(Gazetteer(load_registry("de"), words), words)


@pytest.mark.parametrize(
    ("noun", "forms"),
    [
        ("Präsident", {"Präsidenten"}),
        ("Ministerium", {"Ministeriums", "Ministerien"}),
        ("Streitkraft", {"Streitkräfte", "Streitkräften"}),
        ("Aufständischer", {"Aufständische", "Aufständischen"}),
        ("Firma", {"Firmen"}),
        ("Land", {"Länder", "Ländern", "Landes"}),
    ],
)
def test_noun_forms(noun: str, forms: set[str]) -> None:
    assert forms <= noun_forms(noun)


def test_other_forms() -> None:
    assert "russischem" in adjectival_forms("russisch")
    assert genitive_forms("Laos") >= {"Laos", "Laos’"}
    assert "Irans" in genitive_forms("Iran")
    first, last = name_forms(("Weißes", "Haus"))
    assert "Weißen" in first
    assert "Hauses" in last
    assert fold("Erdoğan") == fold("Erdogan")


def test_surnames() -> None:
    assert surname_keys(("Muammar", "al-Gaddafi")) == ("al-gaddafi", "gaddafi")
    assert "putin" in surname_spellings("Putins")
    assert surname_keys(("Elisabeth", "II.")) == ("elisabeth",)


@pytest.mark.parametrize(
    ("form", "first", "base"),
    [
        ("Staatspräsidenten", "", "Staatspräsident"),
        ("US-Präsident", "US", "Präsident"),
        ("Umweltministerin", "Umwelt", "Ministerin"),
        ("Sondergesandte", "", "Sondergesandter"),
    ],
)
def test_offices(words: Words, form: str, first: str, base: str) -> None:
    match = words.role(form)
    assert match is not None
    assert (match.first, match.form.base) == (first, base)


@pytest.mark.parametrize("form", ["Firmenchef", "Lautsprecher", "Reiseführer", "präsident", "Haus"])
def test_no_offices(words: Words, form: str) -> None:
    assert words.role(form) is None


@pytest.mark.parametrize("form", ["Rebellentruppen", "Stadtregierung", "Grußbotschaft", "Einführung", "Bankenverband"])
def test_no_institutions(words: Words, form: str) -> None:
    assert words.institution(form) is None


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("US-Angriffe", [("US", "USA")]),
        ("Russland-Ukraine-Krieg", [("Russland", "RUS"), ("Ukraine", "UKR")]),
        ("deutsch-französischer", [("deutsch", "DEU"), ("französischer", "FRA")]),
        ("Ex-US-Präsident", [("US", "USA")]),
        ("Kremlchef", [("Kreml", "RUS")]),
        ("Nordirak", [("Nordirak", "IRQ")]),
        ("südosttürkischen", [("südosttürkischen", "TUR")]),
        ("US-geführte", [("US", "USA")]),
        ("pro-russisch", []),
        ("Anti-US-Protest", []),
        ("Chinakohl", []),
        ("Südamerika", []),
        ("islamisch-konservative", []),
    ],
)
def test_parts_of_words(splitter: Splitter, form: str, parts: list[tuple[str, str]]) -> None:
    token = Token(0, form, form, "NOUN", "root", 0, 10, 10 + len(form))
    found = [(form[hit.start - 10 : hit.end - 10], hit.entry.iso3) for hit in splitter.split(token) if hit.entry]
    assert found == parts


def test_a_language_without_words() -> None:
    with pytest.raises(UsageError):
        Words.load("xx")


def test_all_faults_of_the_file_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = (words_module.lang_dir("de") / "actors.toml").read_text(encoding="utf-8")
    bad = good.replace("[[role]]", "[[role]]\nrank = 1", 1).replace("[calendar]", "[kalender]", 1)
    (tmp_path / "actors.toml").write_text(bad, encoding="utf-8")
    monkeypatch.setattr(words_module, "lang_dir", lambda lang: tmp_path)
    with pytest.raises(DataError) as caught:
        Words.load("faulty")
    assert len(caught.value.faults) == 2


WORDS = st.sampled_from(
    "Russland Irans USA Moskau Washington US-Angriffe russische türkischen Präsident Außenminister Sprecher der die des in von "
    "und , ( ) PKK SPD Regierung Armee Angela Merkel Putins Wladimir er sie sein ihre Land beide Länder Seiten wir sagte IS "
    "Rebellen Kurden Ukraine-Krieg Krieg gegen – - : „ “ Vereinten Nationen Weißen Haus Chef Belgrad– Kim Jong-un II. al-Bagdadi".split()
)
TAGS = st.sampled_from(["NOUN", "PROPN", "ADJ", "VERB", "DET", "PRON", "ADP", "PUNCT"])
RELATIONS = st.sampled_from(
    ["nsubj", "obj", "nmod", "amod", "appos", "flat", "conj", "case", "ccomp", "obl", "acl", "parataxis"]
)
NUMBERS = st.sampled_from(
    [(), (("Number", "Plur"),), (("Number", "Sing"), ("Gender", "Masc")), (("Case", "Gen"),), (("Poss", "Yes"),)]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(WORDS, TAGS, RELATIONS, NUMBERS, st.integers(0, 30)), min_size=1, max_size=18),
        min_size=1,
        max_size=4,
    )
)
def test_any_tree_gives_true_spans(linker, drawn) -> None:
    text, sentences = "", []
    for index, rows in enumerate(drawn):
        begin, tokens = len(text), []
        for i, (form, upos, deprel, feats, head) in enumerate(rows):
            head = head % len(rows)
            root = i == 0 or head >= i  # heads point to the left, so that there is no cycle
            start = len(text)
            text += form + " "
            place = (i, "root") if i == 0 else (0 if root else head, deprel)
            tokens.append(Token(i, form, form.lower(), upos, place[1], place[0], start, start + len(form), feats))
        end = tokens[-1].end
        sentences.append(Sentence("any", index, begin, end, text[begin:end], tuple(tokens)))
    article = Article("any", text)
    for mention in linker.link(article, sentences):
        sentence = sentences[mention.sentence]
        assert article.text[mention.start : mention.end] == mention.text
        assert sentence.start <= mention.start < mention.end <= sentence.end
        assert mention.token in mention.tokens
        if mention.role is not None:
            title = mention.role.title
            assert article.text[title.start : title.end] == title.text
