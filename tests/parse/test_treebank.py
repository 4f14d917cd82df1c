"""The readers against our own treebank sample, and treebanks with faults."""

from __future__ import annotations

import lzma
import tomllib
from functools import cache
from pathlib import Path

import pytest

from kgraph.errors import DataError
from kgraph.parse import Parser
from kgraph.parse.measure import ParserScore, load_trees, measure
from kgraph.parse.treebank import read_trees

SAMPLE = Path(__file__).parents[1] / "treebank"
FLOORS = tomllib.loads((SAMPLE / "floors.toml").read_text(encoding="utf-8"))
SPLIT = """# sent_id = 1
1\tWir\twir\tPRON\tPPER\tCase=Nom\t2\tnsubj\t_\t_
2\tfliegen\tfliegen\tVERB\tVVFIN\t_\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\tAPPR\t_\t7\tcase\t_\t_
4\tdem\tder\tDET\tART\tCase=Dat\t7\tdet\t_\t_
5\tEU\tEU\tPROPN\tNE\t_\t7\tcompound\t_\tSpaceAfter=No
6\t-\t-\tPUNCT\t$(\t_\t7\tpunct\t_\tSpaceAfter=No
7\tGipfel\tGipfel\tNOUN\tNN\tCase=Dat\t2\tobl:tmod\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t$.\t_\t2\tpunct\t_\t_

"""


@cache
def score(lang: str, reader: str) -> ParserScore:
    parser = Parser.load(lang, reader=reader)
    return measure(parser, load_trees(SAMPLE / f"{lang}.conllu", parser))


@pytest.mark.parametrize("figure", ["upos", "lemma", "uas", "las"])
@pytest.mark.parametrize("reader", ["accurate", "fast"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_figure_falls(lang: str, reader: str, figure: str) -> None:
    assert getattr(score(lang, reader), figure) >= FLOORS[lang][reader][figure]


@pytest.mark.parametrize(("lang", "least"), [("de", 60), ("en", 40)])
def test_the_sample_is_whole(lang: str, least: int) -> None:
    parser = Parser.load(lang)
    trees = load_trees(SAMPLE / f"{lang}.conllu", parser)
    assert len(trees) >= least
    for tree in trees:
        assert sum(word.head == 0 for word in tree.words) == 1
        assert [word.form for word in tree.words] == [token.text for token in parser.nlp.make_doc(tree.text)], tree.id


def test_the_score_knows_right_from_wrong() -> None:
    exact = score("de", "accurate")
    assert exact.words > exact.arcs > exact.heads_right > exact.labels_right > 0
    assert sum(arcs.gold for arcs in exact.relations.values()) == exact.words
    assert 0 < exact.relations["nsubj"].right <= exact.relations["nsubj"].gold


def test_contractions_and_hyphen_compounds_become_one_word(tmp_path: Path) -> None:
    path = tmp_path / "split.conllu.xz"
    path.write_bytes(lzma.compress(SPLIT.encode()))
    [tree] = load_trees(path, Parser.load("de"))
    assert tree.text == "Wir fliegen zum EU-Gipfel."
    assert [(w.form, w.lemma, w.upos, w.head, w.deprel) for w in tree.words[2:4]] == [
        ("zum", "zu", "ADP", 4, "case"),
        ("EU-Gipfel", "EU-Gipfel", "NOUN", 2, "obl"),
    ]
    assert tree.words[2].xpos == "APPRART"
    assert tree.words[2].feats == {"Case": "Dat"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\tADP\tAPPR\t_\t7\t", "\tADP\tAPPR\t_\tx\t", ":5: not a line of CoNLL-U"),
        ("2\tfliegen", "9\tfliegen", ":11: the words before this line are not numbered"),
        ("\t7\tcompound", "\t17\tcompound", "the heads of the words 5"),
        ("\t0\troot", "\t1\troot", "has no root"),
        ("\tPRON\t", "\t", ":2: not a line of CoNLL-U (9 columns)"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "broken.conllu"
    path.write_text(SPLIT.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_trees(path, "de")
    assert says in str(caught.value)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "binary.conllu"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(DataError, match="cannot be read"):
        read_trees(path, "de")
