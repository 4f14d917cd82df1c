from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.errors import DataError, UsageError
from kgraph.lexicon import KINDS, Lexicon, build_lexicon, load_lexicon, matches, noun_key, tails
from kgraph.model import Relation

FEWER = {Relation.HOSTS: (10, 4)}  # the scheme wants two states and who comes to whom: German has few words for that
CUES = 'negators = ["nicht"]\n'


def build(folder: Path, text: str, cues: str = CUES) -> Lexicon:
    (folder / "frames.toml").write_text(text, encoding="utf-8")
    (folder / "cues.toml").write_text(cues, encoding="utf-8")
    return build_lexicon("de", [folder / "frames.toml"], folder / "cues.toml")


def test_the_german_lexicon_loads_and_covers_every_relation() -> None:
    lexicon = load_lexicon("de")
    covered = {frame.relation for frame in lexicon} | {extra.relation for frame in lexicon for extra in frame.also}
    assert covered == set(Relation) - {Relation.OFFICIAL_OF}


@pytest.mark.parametrize("relation", sorted(set(Relation) - {Relation.OFFICIAL_OF}))
def test_every_relation_has_many_words(relation: Relation) -> None:
    frames = [frame for frame in load_lexicon("de") if frame.relation is relation]
    verbs = {(f.lemma, f.needs) for f in frames if f.kind in {"verb", "adjective"}}
    nouns = {f.lemma for f in frames if f.kind in {"noun", "role"}}
    least_verbs, least_nouns = FEWER.get(relation, (15, 8))
    assert len(verbs) >= least_verbs, f"{relation}: {len(verbs)} verbs"
    assert len(nouns) >= least_nouns, f"{relation}: {len(nouns)} nouns"


def test_a_language_without_a_lexicon_is_refused() -> None:
    with pytest.raises(UsageError, match="'xx'"):
        load_lexicon("xx")


def test_all_faults_are_reported_with_their_lines(tmp_path: Path) -> None:
    text = """\
[[verb]]
lemma = "angreifen"
relation = "attaks"

[[verb]]
lemma = "drohen"
relation = "threatens"
object = ["dativ"]
colour = "red"

[[noun]]
relation = "attacks"
modality = "perhaps"
"""
    with pytest.raises(DataError) as caught:
        build(tmp_path, text)
    faults = "\n".join(caught.value.faults)
    for part in (
        "frames.toml:1: unknown relation 'attaks'",
        "frames.toml:5: unknown slot 'dativ'",
        "frames.toml:5: unknown key 'colour'",
        "frames.toml:11: an entry needs a lemma",
        "frames.toml:11: unknown modality 'perhaps'",
    ):
        assert part in faults


def test_a_frame_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    row = '[[verb]]\nlemma = "loben"\nrelation = "supports"\n\n'
    with pytest.raises(DataError, match=r"frames\.toml:5: 'loben' stands already at frames\.toml:1"):
        build(tmp_path, row * 2)


def test_broken_toml_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"frames\.toml: cannot be read"):
        build(tmp_path, "[[verb]\n")


def test_an_unknown_table_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unknown table 'verbs'"):
        build(tmp_path, '[[verbs]]\nlemma = "loben"\n')


def test_a_noun_is_found_as_the_last_part_of_a_compound(tmp_path: Path) -> None:
    lexicon = build(tmp_path, '[[noun]]\nlemma = "Angriff"\nrelation = "attacks"\nobject = ["auf"]\n')
    for lemma in ("Angriff", "Luftangriff", "US-Luftangriff", "US-Angriff"):
        assert [frame.relation for frame in lexicon.nouns(lemma)] == [Relation.ATTACKS]
    assert lexicon.nouns("Riff") == ()


def test_nominalised_adjectives_share_a_key() -> None:
    assert noun_key("Verbündeter") == noun_key("Verbündete") == noun_key("Verbündeten")


def test_tails_end_with_the_whole_word_first() -> None:
    assert next(tails("Drohnenangriff")) == "drohnenangriff"
    assert matches("Militärhilfe", frozenset({"hilfe"}))
    assert not matches("Hilfe", frozenset({"militärhilfe"}))


def test_compounds_of_short_words_are_found() -> None:
    assert "bitte" in tails("US-Bitte")
    assert "spende" in tails("Geldspende")


def test_an_ambassador_is_no_embassy() -> None:
    assert noun_key("Botschafter") != noun_key("Botschaft")


def test_a_compound_with_another_meaning_does_not_fit(tmp_path: Path) -> None:
    rows = [("Krieg", "atWarWith"), ("Luftkrieg", "atWarWith"), ("Handelskrieg", "sanctions")]
    lexicon = build(
        tmp_path, "".join(f'[[noun]]\nlemma = "{lemma}"\nrelation = "{relation}"\n' for lemma, relation in rows)
    )
    words = frozenset({"krieg", "waffe"})
    fitting = [lemma for lemma in ("Krieg", "Luftkrieg", "Stellungskrieg", "Schusswaffe") if lexicon.fits(lemma, words)]
    assert fitting == ["Krieg", "Luftkrieg", "Stellungskrieg", "Schusswaffe"]
    assert not lexicon.fits("Handelskrieg", words)
    assert not lexicon.fits("Frieden", words)


def test_conditions_are_kept_as_they_are_written(tmp_path: Path) -> None:
    [frame] = build(tmp_path, '[[verb]]\nlemma = "üben"\nrelation = "criticizes"\nwith = { obj = ["Kritik"] }\n')
    assert frame.asked == (("obj", ("Kritik",)),)
    assert frame.needs == (("obj", frozenset({"kritik"})),)


def test_rules_name_the_entry() -> None:
    rules = {frame.rule for frame in load_lexicon("de")}
    assert "de/angreifen.verb" in rules
    assert {rule.rsplit(".", 1)[1] for rule in rules} == set(KINDS)
