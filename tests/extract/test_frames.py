"""How frames of one word get along with each other and with what stands around the word."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import Word, actor, both, compound, draw, genitive, name, noun, verb

from kgraph.extract.match import Matcher
from kgraph.extract.tree import Tree
from kgraph.lexicon import Lexicon, build_lexicon
from kgraph.resources import lang_dir

RUSSIA, IRAN, CHINA = actor("Russland"), actor("Iran"), actor("China")
ENTRIES = """
[[verb]]
lemma = "schmieden"
relation = "ally"
object = ["mit", "obj.zwischen"]
with = { obj = ["Bündnis"] }

[[verb]]
lemma = "unterwerfen"
relation = "occupies"

[[verb]]
lemma = "unterwerfen"
relation = "concedes"
object = ["dat"]
reflexive = true

[[verb]]
lemma = "treffen"
relation = "sanctions"
subject = ["subj.gen"]
with = { subj = ["Sanktion"] }

[[verb]]
lemma = "treffen"
relation = "criticizes"

[[noun]]
lemma = "Abschuss"
relation = "attacks"
subject = ["durch"]
object = ["gen"]
with = { gen = ["Drohne"] }

[[noun]]
lemma = "Drohung"
relation = "threatens"
object = ["an"]
also = [{ relation = "attacks", modality = "planned", object = ["an"] }]

[[noun]]
lemma = "Aufmarsch"
relation = "mobilizes"
object = ["zu"]
with = { an = ["Grenze"] }

[[noun]]
lemma = "Sanktion"
relation = "sanctions"
object = ["gegen"]
"""


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path: Path = tmp_path_factory.mktemp("lexicon") / "entries.toml"
    path.write_text(ENTRIES, encoding="utf-8")
    return build_lexicon("de", [path], lang_dir("de") / "cues.toml")


def edges(lexicon: Lexicon, root: Word) -> set[tuple[str, str, str]]:
    drawn = draw(root)
    matcher = Matcher(Tree(drawn.sentences[0], lexicon), drawn.mentions, lexicon)
    return {
        (match.subject.mention.actor.label, match.frame.relation.value, match.object.mention.actor.label)
        for match in matcher.matches()
    }


def event(phrase: Word) -> Word:
    return verb("überraschen", subject=phrase)


def test_between_two_are_those_two_and_not_the_subject(lexicon: Lexicon) -> None:
    pact = noun("Bündnis", "obj", both(name(RUSSIA, "nmod", "zwischen"), name(IRAN)), form="Acc")
    assert edges(lexicon, verb("schmieden", pact, subject=name(CHINA))) == {("Russland", "ally", "Iran")}


def test_with_sich_the_name_is_no_accusative(lexicon: Lexicon) -> None:
    sich = Word("sich", "PRON", "expl:pv", "sich", feats=(("Reflex", "Yes"),))
    bowed = verb("unterwerfen", name(IRAN, "iobj"), sich, subject=name(RUSSIA))
    assert edges(lexicon, bowed) == {("Russland", "concedes", "Iran")}


def test_a_subject_that_a_frame_asks_for_is_no_object_put_first(lexicon: Lexicon) -> None:
    sanctions = noun("Sanktion", "nsubj", genitive(RUSSIA))
    assert edges(lexicon, verb("treffen", name(IRAN, "obj"), subject=sanctions)) == {("Russland", "sanctions", "Iran")}


def test_who_does_it_stands_behind_what_it_is_done_to(lexicon: Lexicon) -> None:
    drone = compound(IRAN, noun("Drohne", "nmod", form="Gen"))
    shot = noun("Abschuss", "nsubj", drone, name(RUSSIA, "nmod", "durch"))
    assert edges(lexicon, event(shot)) == {("Russland", "attacks", "Iran")}


def test_a_noun_may_say_two_things(lexicon: Lexicon) -> None:
    threat = noun("Drohung", "nsubj", genitive(RUSSIA), name(IRAN, "nmod", "an"))
    assert edges(lexicon, event(threat)) == {("Russland", "threatens", "Iran"), ("Russland", "attacks", "Iran")}


def test_the_noun_of_a_condition_has_slots_too(lexicon: Lexicon) -> None:
    border = noun("Grenze", "nmod", name(IRAN, "nmod", "zu"), case="an", form="Dat")
    assert edges(lexicon, event(noun("Aufmarsch", "nsubj", genitive(RUSSIA), border))) == {
        ("Russland", "mobilizes", "Iran")
    }
