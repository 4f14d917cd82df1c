from __future__ import annotations

from datetime import date

from kgraph.model import ActorType, Via

ISRAEL = """
Israel PROPN nsubj 2
griff VERB root 0 Lemma=angreifen
den DET det 4
Iran PROPN obj 2
an ADP compound:prt 2
"""


def seen(mentions):
    return [(m.text, m.actor.country, m.via) for m in mentions]


def test_names_of_states(link_trees) -> None:
    assert seen(link_trees(ISRAEL)) == [("Israel", "ISR", Via.NAME), ("Iran", "IRN", Via.NAME)]


def test_an_adjective_is_consumed_by_the_institution(link_trees) -> None:
    (mention,) = link_trees("""
die DET det 3
russische ADJ amod 3
Regierung NOUN nsubj 4 Gender=Fem|Number=Sing
schweigt VERB root 0
""")
    assert (mention.text, mention.via, mention.token) == ("russische Regierung", Via.OFFICE, 2)


def test_coordinated_adjectives_are_two_mentions_of_the_noun(link_trees) -> None:
    mentions = link_trees("""
deutsche ADJ amod 4
und CCONJ cc 3
polnische ADJ conj 1
Soldaten NOUN nsubj 5 Number=Plur
üben VERB root 0
""")
    assert [(m.text, m.actor.country, m.token) for m in mentions] == [
        ("deutsche", "DEU", 3),
        ("polnische Soldaten", "POL", 3),
    ]


def test_a_compound_lies_inside_its_word(link_trees) -> None:
    (mention,) = link_trees("US-Angriffe NOUN root 0 Number=Plur")
    assert (mention.text, mention.start, mention.end, mention.via) == ("US", 0, 2, Via.COMPOUND)


def test_an_adjective_of_two_states(link_trees) -> None:
    mentions = link_trees("""
russisch-iranische ADJ amod 2
Gespräche NOUN root 0
""")
    assert seen(mentions) == [("russisch", "RUS", Via.ADJECTIVE), ("iranische", "IRN", Via.ADJECTIVE)]


def test_pro_and_anti_are_not_the_state(link_trees) -> None:
    assert (
        link_trees("""
pro-russische ADJ amod 2
Kundgebung NOUN root 0
""")
        == ()
    )
    assert link_trees("Anti-US-Proteste NOUN root 0") == ()


def test_a_capital_is_a_mention_as_subject_and_a_place_after_in(link_trees) -> None:
    mentions = link_trees("""
Moskau PROPN nsubj 2
bat VERB root 0
in ADP case 4
Genf PROPN obl 2
und CCONJ cc 6
Wien PROPN conj 4
um ADP case 8
Geduld NOUN obl 2
""")
    assert seen(mentions) == [("Moskau", "RUS", Via.CAPITAL)]


def test_a_dateline_is_no_mention(link_trees) -> None:
    mentions = link_trees("""
Moskau PROPN dep 4
~/ SYM cc 3
~Kiew PROPN conj 1
( PUNCT punct 5
~dpa PROPN dep 1
~) PUNCT punct 5
- PUNCT punct 1
Peking PROPN nsubj 9
warnt VERB root 0
""")
    assert seen(mentions) == [("Peking", "CHN", Via.CAPITAL)]


def test_a_person_no_list_knows_is_typed_from_the_text(link_trees) -> None:
    (mention,) = link_trees("""
der DET det 3
moldauische ADJ amod 3
Regierungschef NOUN nsubj 6 Gender=Masc|Number=Sing
Ion PROPN appos 3
Muster PROPN flat 4
schweigt VERB root 0
""")
    assert (mention.text, mention.actor.type, mention.actor.country) == ("Ion Muster", ActorType.PERSON, "MDA")
    assert (mention.token, mention.tokens) == (2, (2, 3, 4))
    assert mention.role is not None
    assert (mention.role.title.text, mention.role.of.text, mention.role.former) == (
        "Regierungschef",
        "moldauische",
        False,
    )


def test_a_surname_is_resolved_before_and_after_its_introduction(link_trees) -> None:
    mentions = link_trees(
        """
Muster PROPN nsubj 2
warnt VERB root 0
Peking PROPN obj 2
""",
        """
Chinas PROPN nmod 2 Case=Gen
Botschafter NOUN nsubj 5 Gender=Masc|Number=Sing
Jan PROPN appos 2
Muster PROPN flat 3
sprach VERB root 0
""",
        """
Musters PROPN nmod 2 Case=Gen
Worte NOUN root 0
""",
    )
    people = [m for m in mentions if m.actor.type is ActorType.PERSON]
    assert [m.text for m in people] == ["Muster", "Jan Muster", "Musters"]
    assert len({m.actor for m in people}) == 1


def test_private_people_are_no_actors(link_trees) -> None:
    assert (
        link_trees("""
Ein DET det 3
französischer ADJ amod 3
Tourist NOUN nsubj 6
Jean PROPN appos 3
Muster PROPN flat 4
fiel VERB root 0
""")
        == ()
    )
    assert (
        link_trees("""
Zwei NUM nummod 2
Serben NOUN nsubj 3 Number=Plur
fielen VERB root 0
""")
        == ()
    )


def test_a_demonym_with_its_article_is_the_state(link_trees) -> None:
    (mention,) = link_trees("""
Die DET det 2
Russen PROPN nsubj 3 Number=Plur
drohen VERB root 0
""")
    assert (mention.actor.country, mention.via) == ("RUS", Via.NAME)


def test_fighters_of_a_country_are_a_group_of_their_own(link_trees) -> None:
    (mention,) = link_trees("""
syrische ADJ amod 2
Rebellen NOUN nsubj 3 Number=Plur
kämpfen VERB root 0
""")
    assert (mention.actor.label, mention.actor.type, mention.actor.country) == (
        "syrische Rebellen",
        ActorType.ARMED_GROUP,
        "SYR",
    )


def test_a_war_is_a_conflict_beside_the_state_in_it(link_trees) -> None:
    mentions = link_trees("Ukraine-Krieg NOUN root 0")
    assert {m.actor.type for m in mentions} == {ActorType.STATE, ActorType.CONFLICT}


def test_a_holder_by_the_lists_needs_the_article_day(link_trees) -> None:
    tree = """
Der DET det 2
US-Präsident NOUN nsubj 3 Gender=Masc|Number=Sing
schweigt VERB root 0
"""
    assert seen(link_trees(tree)) == [("US-Präsident", "USA", Via.OFFICE)]
    (mention,) = link_trees(tree, published=date(2010, 5, 1))
    assert mention.actor.label == "Barack Obama"


def test_media_and_firms_do_not_speak_for_their_state(link_trees) -> None:
    assert (
        link_trees("""
die DET det 3
russische ADJ amod 3
Nachrichtenagentur NOUN nsubj 4
meldet VERB root 0
""")
        == ()
    )


def test_a_bare_government_is_settled_only_by_the_article(link_trees) -> None:
    bare = """
Die DET det 2
Regierung NOUN nsubj 3 Gender=Fem|Number=Sing
schweigt VERB root 0
"""
    assert link_trees(bare) == ()
    named = """
Die DET det 3
türkische ADJ amod 3
Regierung NOUN nsubj 4 Gender=Fem|Number=Sing
warnt VERB root 0
"""
    assert seen(link_trees(named, bare))[-1] == ("Regierung", "TUR", Via.DESCRIPTION)


def test_his_country_is_the_state_of_the_person(link_trees) -> None:
    mentions = link_trees("""
Irans PROPN nmod 2 Case=Gen
Präsident NOUN nsubj 5 Gender=Masc|Number=Sing
Reza PROPN appos 2
Muster PROPN flat 3
sagte VERB root 0 Lemma=sagen
~, PUNCT punct 9
sein DET det 8 Poss=Yes
Land NOUN nsubj 9 Number=Sing
verhandle VERB ccomp 5
""")
    (land,) = [m for m in mentions if m.via is Via.DESCRIPTION]
    assert (land.text, land.actor.country) == ("sein Land", "IRN")
