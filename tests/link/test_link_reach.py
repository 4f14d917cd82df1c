"""Who is meant beyond the plain name: genitive pronouns, parts of states, people held, capitals and the thread of reports."""

from __future__ import annotations

from datetime import date

import pytest

from kgraph.actors import load_registry
from kgraph.errors import DataError
from kgraph.model import ActorType, Via

DAY = date(2015, 6, 1)

PRONOUNS = [
    ("Kuba, dessen Soldaten Angola verlassen haben, schweigt.", "dessen", "CUB"),
    ("Delhi rügte Pakistan, dessen Angriffe auf Kaschmir andauern.", "dessen", "PAK"),
    ("Die Führung in Kabul, deren Angriffe auf die Taliban andauern, bat um Hilfe.", "deren", "AFG"),
    ("Die Türkei, mit deren Hilfe Katar baut, liefert Stahl.", "deren", "TUR"),
    ("Ottawa lobt die USA, deren Truppen Kuwait schützen.", "deren", "USA"),
    ("Der Iran warf der Regierung in Riad vor, dass deren Truppen den Jemen bedrohen.", "deren", "SAU"),
    ("Angela Merkel traf Wladimir Putin und dessen Minister.", "dessen", "RUS"),
    ("Barack Obama dankte Angela Merkel. Wladimir Putin habe ihn angerufen.", "ihn", "USA"),
    ("Die Ernte sei gut, sagte Barack Obama. Kenia sei reich. Wladimir Putin habe ihn beraten.", "ihn", "USA"),
    ("Norwegen droht mit Zöllen. Es fordert Schweden zum Einlenken auf.", "Es", "NOR"),
]

OPEN = [
    ("Angela Merkel maß dem Vertrag vor dessen Beginn Gewicht bei.", "dessen"),
    ("Die Firma, deren Fabriken Ghana gehören, schließt.", "deren"),
    (
        "Die Ernte sei gut, sagte Barack Obama zu Wladimir Putin. Kenia sei reich. Angela Merkel habe ihn beraten.",
        "ihn",
    ),
    ("Norwegen droht. Es gibt keinen Ausweg.", "Es"),
    ("Norwegen droht. Es beginnt ein Streit.", "Es"),
    ("Norwegen droht. Es sei wichtig, Schweden zu bremsen.", "Es"),
]


@pytest.mark.parametrize(("text", "word", "country"), PRONOUNS, ids=[text[:40] for text, *_ in PRONOUNS])
def test_pronouns_that_mean_an_actor(link_text, text: str, word: str, country: str) -> None:
    assert [(m.actor.country, m.via) for m in link_text(text, DAY) if m.text == word] == [(country, Via.PRONOUN)]


@pytest.mark.parametrize(("text", "word"), OPEN, ids=[text[:40] for text, _ in OPEN])
def test_pronouns_that_stay_open(link_text, text: str, word: str) -> None:
    assert [m for m in link_text(text, DAY) if m.text == word] == []


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Die libanesische Hisbollah-Miliz lehnt ab.", "Hisbollah"),
        ("Jemens Huthi-Rebellen lehnen ab.", "Huthi"),
        ("Palästinensische Hamas-Kämpfer flohen.", "Hamas"),
    ],
)
def test_a_group_is_called_by_its_own_name_before_its_country(link_text, text: str, group: str) -> None:
    (mention,) = link_text(text, DAY)
    assert (mention.actor.label, mention.actor.type) == (group, ActorType.ARMED_GROUP)


CONTESTED = [
    ("Moskau hat die Krim annektiert.", "Krim", "UKR"),
    ("Die Krim wurde von Moskau annektiert.", "Krim", "UKR"),
    ("Oslo rügt die Annexion der Krim.", "Krim", "UKR"),
    ("Panzer rollten bei der Offensive auf Cherson.", "Cherson", "UKR"),
    ("Israel besetzte 1967 die Golanhöhen.", "Golanhöhen", "SYR"),
    ("Der Abzug aus dem Gazastreifen begann.", "Gazastreifen", "PSE"),
    ("Im besetzten Westjordanland wurde gebaut.", "Westjordanland", "PSE"),
]


@pytest.mark.parametrize(("text", "part", "country"), CONTESTED, ids=[text for text, *_ in CONTESTED])
def test_a_part_of_a_state_that_is_fought_over(link_text, text: str, part: str, country: str) -> None:
    assert [(m.actor.country, m.via) for m in link_text(text, DAY) if m.text == part] == [(country, Via.DESCRIPTION)]


@pytest.mark.parametrize(
    "text",
    [
        "Auf der Krim reift der Wein.",
        "Die Lage im Westjordanland ist ruhig.",
        "Aus dem Gazastreifen flogen Raketen.",
        "Die Grenze zum Gazastreifen ist offen.",
        "Odessa feiert.",
    ],
)
def test_a_part_of_a_state_as_a_mere_place(link_text, text: str) -> None:
    assert link_text(text, DAY) == ()


def test_a_part_inside_the_name_of_a_war_is_only_the_war(link_text) -> None:
    (mention,) = link_text("Der Krieg im Gazastreifen dauert an.", DAY)
    assert mention.actor.type is ActorType.CONFLICT


def test_a_territory_that_is_no_state_has_its_code(link_text) -> None:
    assert load_registry("de").resolve("ESH").label("de") == "Westsahara"
    mentions = link_text("Marokko hat die Westsahara annektiert.", DAY)
    assert [m.actor.type for m in mentions] == [ActorType.STATE, ActorType.ORGANISATION]


HELD = [
    ("Zehn US-Bürger kamen frei.", "US", Via.COMPOUND, "USA"),
    ("Ein US-Journalist wurde verhaftet.", "US", Via.COMPOUND, "USA"),
    ("Israelische Geiseln kamen frei.", "Israelische", Via.ADJECTIVE, "ISR"),
    ("Man ließ zwei britische Gefangene frei.", "britische", Via.ADJECTIVE, "GBR"),
    ("Drei russische Botschaftsmitarbeiter müssen gehen.", "russische", Via.ADJECTIVE, "RUS"),
]


@pytest.mark.parametrize(("text", "word", "via", "country"), HELD, ids=[text for text, *_ in HELD])
def test_people_held_are_their_states_but_not_the_state(
    link_text, text: str, word: str, via: Via, country: str
) -> None:
    (mention,) = link_text(text, DAY)
    assert (mention.text, mention.via, mention.actor.country) == (word, via, country)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nach dem Besuch in der polnischen Hauptstadt flog er heim.", [("polnischen Hauptstadt", Via.OFFICE)]),
        ("Der Minister reiste in die polnische Hauptstadt.", [("polnische Hauptstadt", Via.OFFICE)]),
        ("In der polnischen Hauptstadt regnet es.", [("polnischen", Via.ADJECTIVE)]),
    ],
)
def test_the_capital_by_its_adjective(link_text, text: str, expected: list[tuple[str, Via]]) -> None:
    assert [(m.text, m.via) for m in link_text(text, DAY)] == expected


@pytest.mark.parametrize(
    ("text", "word", "country"),
    [
        ("In Peru ermittelt die Staatsanwaltschaft gegen einen Konzern aus Chile.", "Staatsanwaltschaft", "PER"),
        ("Die peruanische Regierung forderte das Parlament auf, Chile zu danken.", "Parlament", "PER"),
        ("Peru drohte Chile mit Klage. Das Land werde nicht nachgeben.", "Land", "PER"),
        ("Peru verklagte Chile. Das Land forderte von Peru Geduld.", "Land", "CHL"),
    ],
)
def test_organs_and_countries_settled_by_the_sentence(link_text, text: str, word: str, country: str) -> None:
    assert [m.actor.country for m in link_text(text, DAY) if m.text == word] == [country]


@pytest.mark.parametrize(
    "text", ["Peru verklagte Chile. Das Land wird von Kuba beraten.", "Peru und Chile streiten. Das Land ist groß."]
)
def test_a_country_that_may_be_either_stays_open(link_text, text: str) -> None:
    assert [m for m in link_text(text, DAY) if m.text == "Land"] == []


def test_parts_must_be_words_by_language(tmp_path) -> None:
    (tmp_path / "more.toml").write_text(
        '[[state]]\nqid = "Q1"\niso2 = "QQ"\niso3 = "QQQ"\nname.de = "Musterland"\nparts = ["Musterheide"]\n',
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="'parts' is"):
        load_registry("de", (tmp_path,))
