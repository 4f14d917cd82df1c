"""German sentences of our own through the real parser; what stands behind "=>" are the mentions that must be there."""

from __future__ import annotations

from datetime import date

import pytest

DAY = date(2015, 6, 1)

# text => label or country code per mention, in order; a person is followed by its office's actor in brackets
CASES = [
    ("Ankara kritisierte das Weiße Haus scharf.", "TUR USA"),
    ("Das Außenministerium in Warschau bestellte den russischen Botschafter ein.", "POL RUS"),
    ("In London regnete es, in Paris schien die Sonne.", ""),
    ("Aus Washington kam scharfe Kritik an Teheran.", "USA IRN"),
    ("Rom, Athen und Madrid verlangen mehr Hilfe von Berlin.", "ITA GRC ESP DEU"),
    ("Nach seinem Besuch in Tokio reiste der Minister nach Seoul.", "JPN KOR"),
    ("Die US-chinesischen Beziehungen sind schlecht.", "USA CHN"),
    ("Die deutsch-französische Freundschaft hält.", "DEU FRA"),
    ("Prowestliche Demonstranten zogen durch Tiflis.", ""),
    ("Die von Saudi-Arabien angeführte Koalition flog Angriffe.", "SAU"),
    ("Die US-geführte Koalition flog Angriffe.", "USA"),
    ("Diplomaten aus Teheran und Washington verhandelten.", "IRN USA"),
    ("Die Regierungen in Rom und Athen einigten sich.", "ITA GRC"),
    ("Die russische und die ukrainische Delegation trafen sich.", "RUS UKR"),
    ("Ein Sprecher des Außenministeriums in Peking äußerte sich.", "CHN CHN"),
    ("Die Außenminister Frankreichs, Italiens und Polens trafen sich.", "FRA ITA POL"),
    ("Die EU-Staaten und die UN-Vollversammlung stimmten zu.", "EU UN"),
    ("Taliban-Kämpfer griffen einen Konvoi der Bundeswehr an.", "Taliban DEU"),
    ("Die Extremistenmiliz IS bekannte sich zu dem Anschlag im Nordirak.", "Islamischer IRQ"),
    ("Die Kurden im Nordirak kämpfen gegen die Miliz.", "irakische"),
    ("Die Schweizer Armee übt mit österreichischen Soldaten.", "CHE AUT"),
    ("Der Vertrag von Lissabon gilt weiter.", ""),
    ("Die russische Zeitung schreibt, das deutsche Unternehmen liefere Turbinen.", ""),
    ("Ein kanadischer Priester und zwei Deutsche wurden befreit.", ""),
    ("Die Washington Post und die New York Times berichten.", ""),
    ("Der Präsident des Fußballverbands trat zurück.", ""),
    (
        "Bundeskanzlerin Angela Merkel (CDU) traf den türkischen Präsidenten Recep Tayyip Erdogan.",
        "Merkel[DEU] Erdogan[TUR]",
    ),
    ("Russlands Präsident, Wladimir Putin, sagte ab.", "Putin[RUS]"),
    ("Putin, der Präsident Russlands, lehnte ab.", "Putin[RUS]"),
    ("Nato-Generalsekretär Jens Stoltenberg dankte Polen.", "Stoltenberg[NATO] POL"),
    ("Der russische UN-Botschafter Jan Muster legte ein Veto ein.", "Muster[RUS]"),
    ("Ex-Kanzler Gerhard Schröder besuchte Moskau.", "Schröder[DEU] RUS"),
    (
        "Die Außenminister Frankreichs und Italiens, Jean Muster und Luca Beispiel, sprachen.",
        "Muster[FRA] Beispiel[ITA]",
    ),
    ("Der Chef der Oppositionspartei HDP, Selahattin Demirtas, sprach.", "Demirtas[HDP]"),
    ("Der Vertreter der EU im Rat, der dänische Diplomat Ole Muster, sprach.", "Muster[EU]"),
    ("Palästinenserpräsident Mahmud Abbas sprach.", "Abbas[PSE]"),
    ("Der schottische Regierungschef Ian Muster warnte London.", "Muster GBR"),
    ("Frankreichs Staatschef François Hollande sagte, er werde Kiew helfen.", "Hollande[FRA] Hollande UKR"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:40] for text, _ in CASES])
def test_mentions(link_text, text: str, expected: str) -> None:
    found = [m for m in link_text(text, DAY) if m.text.lower() not in POSSESSIVES]
    words = expected.split()
    assert len(found) == len(words), [(m.text, m.actor.label) for m in found]
    for mention, word in zip(found, words, strict=True):
        name, _, office = word.rstrip("]").partition("[")
        assert is_called(mention.actor, name), (mention.text, mention.actor.label)
        if office:
            assert mention.role is not None
            assert is_called(mention.role.of.actor, office)


POSSESSIVES = {"sein", "seinem", "seinen", "ihr", "ihre"}
ACRONYMS = {"NATO": "NATO", "EU": "Europäische", "UN": ("Vereinte", "UN-Vollversammlung"), "HDP": "HDP"}


def is_called(actor, name: str) -> bool:
    return actor.country == name or any(word in actor.label for word in wanted(name))


def wanted(name: str) -> tuple[str, ...]:
    known = ACRONYMS.get(name, name)
    return known if isinstance(known, tuple) else (known,)


def test_former_offices(link_text) -> None:
    (mention, *_) = link_text("Der frühere US-Präsident Jimmy Carter vermittelte.")
    assert mention.role is not None
    assert mention.role.former


@pytest.mark.parametrize(
    ("text", "pronoun", "who"),
    [
        ("Kanzlerin Angela Merkel flog nach Kiew. Sie traf dort den Präsidenten.", "Sie", "Angela Merkel"),
        ("Präsident Wladimir Putin wies die Kritik zurück. Er nannte sie absurd.", "Er", "Wladimir Putin"),
        ("Die Türkei warnte Athen. Sie drohte mit einer Blockade.", "Sie", "Türkei"),
        ("Die USA zogen sich zurück. Sie wollen weiter verhandeln.", "Sie", "USA"),
        ("Der Kreml warf Präsident Barack Obama vor, er gefährde den Frieden.", "er", "Barack Obama"),
    ],
)
def test_pronouns(link_text, text: str, pronoun: str, who: str) -> None:
    found = [m.actor.label for m in link_text(text, DAY) if m.text == pronoun]
    assert found == [who]


@pytest.mark.parametrize(
    "text",
    [
        "Angela Merkel traf François Hollande. Der Besucher lobte sie. Es regnete.",
        "Der Mann fiel vom Rad. Er war sofort tot.",
        "Russland und die Ukraine verhandeln. Das Land ist groß.",
    ],
)
def test_what_is_unclear_stays_open(link_text, text: str) -> None:
    assert not [m for m in link_text(text, DAY) if m.text in {"Er", "Es", "Das Land", "Land"}]


def test_both_countries_are_two_mentions(link_text) -> None:
    found = [
        m for m in link_text("China und Indien streiten. Beide Länder verlegen Truppen.") if m.text == "Beide Länder"
    ]
    assert [m.actor.country for m in found] == ["CHN", "IND"]
    assert len({m.token for m in found}) == 1


def test_we_is_whom_the_speaker_acts_for(link_text) -> None:
    found = link_text("„Wir werden antworten“, sagte Irans Außenminister Mohammed Dschawad Sarif.", DAY)
    assert found[0].text == "Wir"
    assert found[0].actor.country == "IRN"


def test_a_group_that_no_list_has(link_text) -> None:
    found = link_text("Die Rebellengruppe Musterbund griff die Stadt an. Musterbund zog sich später zurück.")
    assert [m.actor.label for m in found] == ["Musterbund", "Musterbund"]


def test_a_lead_without_the_name(link_text) -> None:
    text = "Der UN-Sonderbeauftragte hat Israel kritisiert. Die Lage sei schlimm, sagte Jan Muster am Montag."
    found = [m.actor.label for m in link_text(text)]
    assert found == ["Jan Muster", "Israel", "Jan Muster"]


def test_three_countries(link_text) -> None:
    found = link_text("Polen, Litauen und Lettland warnten Minsk. Die drei Länder schließen die Grenze.")
    assert [m.actor.country for m in found if m.text == "drei Länder"] == ["POL", "LTU", "LVA"]
