"""What is told about a sentence: every frame whose word stands in it, what it found, and what was missing."""

from __future__ import annotations

import json

import pytest
from trees import Word, actor, behind, draw, genitive, name, noun, verb

from kgraph.errors import UsageError
from kgraph.explain import Attempt, Explanation, as_dict, as_lines, explain
from kgraph.extract import Extractor
from kgraph.lexicon import build_lexicon
from kgraph.model import ActorType, Extraction, Relation
from kgraph.read import read
from kgraph.resources import lang_dir, seeds_dir

RUSSIA = actor("Russland", country="RUS")
IRAN = actor("Iran", country="IRN")
HAMAS = actor("Hamas", ActorType.ARMED_GROUP)
WAR = actor("Tigraykrieg", ActorType.CONFLICT)
ENTRIES = """
[[verb]]
lemma = "angreifen"
relation = "attacks"

[[verb]]
lemma = "angreifen"
relation = "criticizes"
with = { mit = ["Wort", "Rede", "Spott", "Hohn"] }

[[verb]]
lemma = "bekämpfen"
relation = "attacks"
object_types = ["ArmedGroup"]

[[verb]]
lemma = "rügen"
relation = "criticizes"
object = ["obj"]
target = "actor"

[[verb]]
lemma = "treffen"
relation = "meets"
object = ["mit"]
reflexive = true

[[noun]]
lemma = "Angriff"
relation = "attacks"
object = ["auf"]

[[role]]
lemma = "Verbündeter"
relation = "ally"

[[adjective]]
lemma = "verbündet"
relation = "ally"
object = ["mit"]
"""


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    path = tmp_path_factory.mktemp("lexicon") / "entries.toml"
    path.write_text(ENTRIES, encoding="utf-8")
    return Extractor(build_lexicon("de", [path], lang_dir("de") / "cues.toml"))


def told(extractor: Extractor, root: Word) -> Explanation:
    drawn = draw(root)
    [explanation] = explain(Extraction(drawn.article, drawn.sentences, drawn.mentions), extractor)
    return explanation


def about(explanation: Explanation, relation: Relation) -> Attempt:
    [attempt] = [attempt for attempt in explanation.attempts if attempt.relation is relation]
    return attempt


def attack(*args: Word) -> Word:
    return verb("angreifen", *args, subject=name(RUSSIA))


def test_a_frame_that_fires_tells_where_its_ends_were(extractor: Extractor) -> None:
    explanation = told(extractor, attack(name(IRAN, "obj")))
    attempt = about(explanation, Relation.ATTACKS)
    assert attempt.fired
    assert (attempt.rule, attempt.kind, attempt.word.form) == ("de/angreifen.verb", "verb", "angreifen")
    places = [(place.end, place.slot, [word.form for word in place.words]) for place in attempt.places]
    assert places == [("subject", "subj", ["Russland"]), ("object", "obj", ["Iran"])]
    assert [(pair.subject.text, pair.object.text, pair.why) for pair in attempt.pairs] == [("Russland", "Iran", "")]
    assert [claim.rule for claim in explanation.claims] == ["de/angreifen.verb"]


def test_a_condition_that_is_not_met(extractor: Extractor) -> None:
    attempt = about(told(extractor, attack(name(IRAN, "obj"))), Relation.CRITICIZES)
    assert attempt.missing == ("needs mit = Wort, Rede, Spott, …",)
    assert attempt.places == ()


def test_a_frame_outdone_by_a_more_special_one(extractor: Extractor) -> None:
    explanation = told(extractor, attack(name(IRAN, "obj"), noun("Wort", "obl", case="mit", form="Dat")))
    assert about(explanation, Relation.CRITICIZES).fired
    missing = about(explanation, Relation.ATTACKS).missing
    assert missing == ("outdone by the frame with mit = Wort, Rede, Spott, … (criticizes)",)


def test_sich_is_missing(extractor: Extractor) -> None:
    met = verb("treffen", name(IRAN, "obl", "mit"), subject=name(RUSSIA))
    assert about(told(extractor, met), Relation.MEETS).missing == ("needs sich",)


def test_slots_that_held_nothing(extractor: Extractor) -> None:
    phrase = noun("Angriff", "nsubj", name(IRAN, "nmod", "auf"))
    attempt = about(told(extractor, verb("überraschen", phrase)), Relation.ATTACKS)
    assert attempt.missing == ("no subject: gen, von, durch, poss, adj, compound held nothing",)


def test_a_word_that_is_no_actor(extractor: Extractor) -> None:
    phrase = noun("Angriff", "nsubj", genitive(RUSSIA), noun("Stellung", "nmod", case="auf", form="Dat"))
    attempt = about(told(extractor, verb("überraschen", name(IRAN, "obj"), subject=phrase)), Relation.ATTACKS)
    assert attempt.missing == ("object in slot auf is no actor: 'Stellung'",)


def test_an_actor_of_another_class(extractor: Extractor) -> None:
    explanation = told(extractor, verb("bekämpfen", name(IRAN, "obj"), subject=name(RUSSIA)))
    missing = about(explanation, Relation.ATTACKS).missing
    assert missing == ("object in slot obj is Iran (State): needs ArmedGroup",)
    assert about(told(extractor, verb("bekämpfen", name(HAMAS, "obj"), subject=name(RUSSIA))), Relation.ATTACKS).fired


def test_a_conflict_where_none_can_be(extractor: Extractor) -> None:
    explanation = told(extractor, verb("angreifen", name(WAR, "obj"), subject=name(RUSSIA)))
    missing = about(explanation, Relation.ATTACKS).missing
    assert missing == ("object in slot obj is Tigraykrieg (Conflict): attacks takes no conflict",)


def test_an_act_where_an_actor_is_asked_for(extractor: Extractor) -> None:
    phrase = noun("Angriff", "obj", genitive(IRAN), form="Acc")
    attempt = about(told(extractor, verb("rügen", phrase, subject=name(RUSSIA))), Relation.CRITICIZES)
    assert attempt.missing == ("object in slot obj is an act and no actor: 'Angriff'",)


def test_roles_and_adjectives(extractor: Extractor) -> None:
    role = noun("Verbündeter", "appos", genitive(IRAN))
    attempt = about(told(extractor, verb("überraschen", subject=name(RUSSIA).followed_by(role))), Relation.ALLY)
    assert [place.slot for place in attempt.places if place.words] == ["bearer", "gen"]
    assert attempt.fired
    lone = noun("Verbündeter", "nsubj", genitive(IRAN))
    attempt = about(told(extractor, verb("überraschen", name(RUSSIA, "obj"), subject=lone)), Relation.ALLY)
    assert attempt.missing == ("no subject: bearer held nothing",)
    cop = Word("ist", "AUX", "cop", "sein")
    root = Word("verbündet", "ADJ", before=(name(RUSSIA), cop, name(IRAN, "obl", "mit")))
    assert about(told(extractor, root), Relation.ALLY).fired


def test_sentences_that_are_skipped(extractor: Extractor) -> None:
    sport = told(extractor, attack(name(IRAN, "obj"), behind("in", noun("Halbfinale", "obl", form="Dat"))))
    assert sport.skipped == "a sentence about sport or fiction"
    assert [pair.why for pair in about(sport, Relation.ATTACKS).pairs] == [sport.skipped]
    assert sport.claims == ()
    assert told(extractor, attack()).skipped == "fewer than two mentions"


def test_pairs_that_make_no_claim(extractor: Extractor) -> None:
    twice = told(extractor, attack(name(RUSSIA, "obj")))
    assert [pair.why for pair in about(twice, Relation.ATTACKS).pairs] == ["both ends are the same actor"]
    again = noun("Angriff", "obl", genitive(RUSSIA), name(IRAN, "nmod", "auf"), case="nach", form="Dat")
    explanation = told(extractor, attack(name(IRAN, "obj"), again))
    outcomes = {attempt.rule: [pair.why for pair in attempt.pairs] for attempt in explanation.attempts if attempt.fired}
    assert outcomes == {"de/angreifen.verb": [""], "de/Angriff.noun": ["another match says the same or more"]}


def test_claims_below_the_least_confidence_say_so(extractor: Extractor) -> None:
    drawn = draw(attack(name(IRAN, "obj")))
    extraction = Extraction(drawn.article, drawn.sentences, drawn.mentions)
    [whole] = explain(extraction, extractor)
    [claim] = whole.claims
    assert list(explain(extraction, extractor, min_confidence=claim.confidence)) == [whole]
    [below] = explain(extraction, extractor, min_confidence=1)
    assert below.claims == ()
    assert [pair.why for pair in about(below, Relation.ATTACKS).pairs] == [
        f"its confidence {claim.confidence:g} is below 1"
    ]
    with pytest.raises(UsageError, match="min_confidence"):
        next(explain(extraction, extractor, min_confidence=9))


def test_as_text(extractor: Extractor) -> None:
    text = "\n".join(as_lines(told(extractor, attack(name(IRAN, "obj")))))
    assert (
        text
        == """\
drawn: Russland angreifen Iran
  1  Russland   Russland   PROPN  nsubj  2
  2  angreifen  angreifen  VERB   root   0
  3  Iran       Iran       PROPN  obj    2
  mentions
    Russland (1): Russland (State), name
    Iran (3): Iran (State), name
  frames
    - angreifen (2): criticizes, de/angreifen.verb
        needs mit = Wort, Rede, Spott, …
    + angreifen (2): attacks, de/angreifen.verb
        subject in subj (Russland)
        object in obj (Iran)
        Russland attacks Iran
  claims
    Russland attacks Iran: affirmed, actual; de/angreifen.verb, 0.99"""
    )


def test_as_json(extractor: Extractor) -> None:
    record = json.loads(json.dumps(as_dict(told(extractor, attack(name(IRAN, "obj"))))))
    assert [(token["i"], token["head"]) for token in record["tokens"]] == [(1, 2), (2, 0), (3, 2)]
    assert [frame["fired"] for frame in record["frames"]] == [False, True]
    assert record["frames"][1]["places"][1] == {"end": "object", "slot": "obj", "tokens": [3]}
    assert record["claims"][0]["relation"] == "attacks"


def test_it_tells_of_every_claim_of_parsed_articles() -> None:
    from kgraph import Pipeline

    pipeline = Pipeline.load("de")
    articles = [article for article in read(seeds_dir()) if article.lang == "de"]
    assert articles
    for extraction in pipeline.run(articles):
        explanations = list(explain(extraction, pipeline.extractor))
        assert [each.sentence for each in explanations] == list(extraction.sentences)
        assert {claim.id for each in explanations for claim in each.claims} == {claim.id for claim in extraction.claims}
        for each in explanations:
            said = {
                (attempt.rule, pair.subject, pair.object)
                for attempt in each.attempts
                for pair in attempt.pairs
                if not pair.why
            }
            claims = [claim for claim in each.claims if claim.relation is not Relation.OFFICIAL_OF]
            assert said == {(claim.rule, claim.subject, claim.object) for claim in claims}
            assert all(attempt.fired != bool(attempt.missing) for attempt in each.attempts)
            assert list(as_lines(each))
            assert json.dumps(as_dict(each))


def test_the_lexicon_is_that_of_the_article() -> None:
    drawn = draw(verb("bombardieren", name(IRAN, "obj"), subject=name(RUSSIA)))
    [explanation] = explain(Extraction(drawn.article, drawn.sentences, drawn.mentions))
    assert about(explanation, Relation.ATTACKS).fired
