from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kgraph.actors import Entry, Registry, load_registry, slugify
from kgraph.errors import DataError, UnknownActor
from kgraph.model import DATA, ActorType

# The Republic's adjective and demonym are those of the larger Congo; "salomonisch" is King Solomon's; Palestinians are a people.
NO_ADJECTIVE = {"COG", "SLB"}
NO_DEMONYM = {"COG", "PSE"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry("de")


@pytest.fixture(scope="module")
def states(registry: Registry) -> tuple[Entry, ...]:
    return registry.entries("state")


def write(folder: Path, text: str, name: str = "more.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        load_registry("de", (folder,))
    return list(caught.value.faults)


def test_there_are_enough_actors_of_every_kind(registry: Registry) -> None:
    count = Counter(entry.type for entry in registry.actors)
    assert count[ActorType.STATE] == 197
    assert count[ActorType.ORGANISATION] >= 65
    assert count[ActorType.ARMED_GROUP] + count[ActorType.POLITICAL_PARTY] + count[ActorType.PEOPLE] >= 90
    assert count[ActorType.CONFLICT] >= 25
    assert min(count[kind] for kind in (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY, ActorType.PEOPLE)) >= 25


def test_no_two_actors_share_an_iri_a_code_or_a_wikidata_id(registry: Registry, states: tuple[Entry, ...]) -> None:
    for values in (
        [entry.id for entry in registry.actors],
        [entry.qid for entry in registry.actors if entry.qid],
        [state.iso2 for state in states],
        [state.iso3 for state in states],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_every_state_has_its_german_words(states: tuple[Entry, ...]) -> None:
    assert {state.iso3 for state in states if not state.adjectives.get("de")} == NO_ADJECTIVE
    assert {state.iso3 for state in states if not state.demonyms.get("de")} == NO_DEMONYM
    assert [state.iso3 for state in states if not (state.capital.get("de") and state.capital.get("en"))] == []
    assert [state.iso3 for state in states if not (state.names.get("de") and state.names.get("en"))] == []
    assert [state.iso3 for state in states if state.actor.country != state.iso3] == []


def test_codes_are_those_of_the_standard(states: tuple[Entry, ...]) -> None:
    pycountry = pytest.importorskip("pycountry")
    for state in states:
        country = pycountry.countries.get(alpha_3=state.iso3)
        assert (country.alpha_2 if country else "XK") == state.iso2


def test_every_german_name_of_the_common_locale_data_is_known(states: tuple[Entry, ...]) -> None:
    babel = pytest.importorskip("babel")
    territories = babel.Locale("de").territories
    assert [state.iso3 for state in states if territories[state.iso2] not in state.names["de"]] == []


def test_a_seat_speaks_for_one_actor(registry: Registry) -> None:
    for lang in ("de", "en"):
        seats = Counter(seat for entry in registry.actors for seat in entry.seats.get(lang, ()))
        assert [seat for seat, count in seats.items() if count > 1] == []


def test_parties_and_holders_are_actors_of_the_lists(registry: Registry) -> None:
    for entry in registry.actors:
        for iri in (*entry.parties, *(office.of for office in entry.offices)):
            assert registry.by_id(iri) is not None
    assert [
        entry.label("de")
        for entry in registry.entries("conflict")
        if entry.start and entry.end and entry.end < entry.start
    ] == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Russland", "Russland"),
        ("russland", "Russland"),
        ("  Vereinigte   Staaten ", "USA"),
        ("United States", "USA"),
        ("USA", "USA"),
        ("US", "USA"),
        ("Q30", "USA"),
        (f"{DATA}Q30", "USA"),
        ("http://www.wikidata.org/entity/Q30", "USA"),
        ("GBR", "Großbritannien"),
        ("England", "Großbritannien"),
        ("Weißrussland", "Belarus"),
        ("Burma", "Myanmar"),
        ("Elfenbeinküste", "Elfenbeinküste"),
        ("VAE", "Vereinigte Arabische Emirate"),
        ("Türkiye", "Türkei"),
        ("XKX", "Kosovo"),
        ("Heiliger Stuhl", "Vatikan"),
        ("Kongo", "Demokratische Republik Kongo"),
        ("Republik Kongo", "Republik Kongo"),
        ("Niger", "Niger"),
        ("Moskau", "Russland"),
        ("Kreml", "Russland"),
        ("White House", "USA"),
        ("israelisch", "Israel"),
        ("Brüssel", "Europäische Union"),
        ("EU", "Europäische Union"),
        ("Nato", "NATO"),
        ("Sicherheitsrat", "UN-Sicherheitsrat"),
        ("IAEO", "IAEA"),
        ("Hizbollah", "Hisbollah"),
        ("Houthis", "Huthi"),
        ("IS", "Islamischer Staat"),
        ("NLD", "Nationale Liga für Demokratie"),
        ("Palästinenser", "Palästinenser"),
        ("Irakkrieg", "Irak-Krieg"),
    ],
)
def test_a_name_finds_its_actor(registry: Registry, name: str, label: str) -> None:
    assert registry.resolve(name).label("de") == label


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Rusland", "Russland"), ("Vereinigte Staten", "USA"), ("Hisbolah", "Hisbollah"), ("Natto", "NATO")],
)
def test_an_unknown_name_brings_suggestions(registry: Registry, name: str, meant: str) -> None:
    with pytest.raises(UnknownActor, match=meant):
        registry.resolve(name)


def test_a_name_like_no_other_says_where_to_look(registry: Registry) -> None:
    with pytest.raises(UnknownActor, match="kgraph actors"):
        registry.resolve("Xqzwvy")


def test_a_name_of_several_lists_them(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine",
        '[[person]]\nname.de = "Anna Xaver"\ngender = "f"\n[[person]]\nname.de = "Otto Xaver"\ngender = "m"\n',
    )
    registry = load_registry("de", (folder,))
    assert registry.resolve("anna xaver").label("de") == "Anna Xaver"
    with pytest.raises(UnknownActor, match=r"Anna Xaver \(person/anna-xaver\), Otto Xaver \(person/otto-xaver\)"):
        registry.resolve("Xaver")


def test_lookups_by_code_and_iri(registry: Registry) -> None:
    germany = registry.country("DEU")
    assert germany is not None
    assert registry.by_id(germany.id) is germany
    assert (germany.iso2, germany.qid, germany.type) == ("DE", "Q183", ActorType.STATE)
    assert registry.country("ZZZ") is None
    assert registry.by_id(f"{DATA}Q0") is None


def test_labels_follow_the_language_asked_for() -> None:
    english = load_registry("en").country("DEU")
    assert english is not None
    assert english.actor.label == "Germany"
    assert english.label("de") == "Deutschland"
    assert english.label("fr") == "Germany"


def test_capitals_that_stand_for_others_are_no_seats(registry: Registry) -> None:
    belgium, yemen, russia = (registry.country(code) for code in ("BEL", "YEM", "RUS"))
    assert belgium
    assert yemen
    assert russia
    assert "Brüssel" not in belgium.seats.get("de", ())
    assert belgium.capital["de"] == "Brüssel"
    assert "de" not in yemen.seats
    assert russia.seats["de"][:2] == ("Moskau", "Kreml")


def test_terms_of_office_decide_who_holds_it(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine",
        """
[[person]]
name.de = "Anna Xaver"
gender = "f"
offices = [{ of = "TUV", role = { de = "Präsidentin", en = "President" }, from = 2001-02-03, to = "2005" }]

[[person]]
name = { de = "Otto Yps-Meier", en = "Otto Yps-Meier" }
surname.de = "Yps"
gender = "m"
offices = [{ of = "TUV", role.de = "Präsident", from = "2006-01" }, { of = "Nato", role.de = "Sprecher" }]
""",
    )
    registry = load_registry("de", (folder,))

    def names(of: str, day: date | None) -> list[str]:
        return [entry.surnames["de"] for entry, _ in registry.holders(of, day)]

    assert names("TUV", date(2001, 2, 2)) == []
    assert names("TUV", date(2005, 12, 31)) == ["Xaver"]
    assert names("TUV", date(2020, 1, 1)) == ["Yps"]
    assert names("TUV", None) == ["Yps"]
    office = registry.resolve("Otto Yps-Meier").offices[0]
    assert (office.start, office.end, office.title("en")) == (date(2006, 1, 1), None, "Präsident")
    assert "Yps" in names(f"{DATA}Q7184", None)
    assert registry.resolve("Anna Xaver").actor.country == "TUV"


def test_an_entry_of_a_later_folder_replaces_the_earlier_one(tmp_path: Path, registry: Registry) -> None:
    folder = write(
        tmp_path / "mine",
        '[[organisation]]\nqid = "Q7184"\nkind = "alliance"\nname.de = "Nordatlantikpakt"\nacronym = ["NATO"]\n',
    )
    mine = load_registry("de", (folder,))
    assert mine.resolve("NATO").label("de") == "Nordatlantikpakt"
    assert len(mine.actors) == len(registry.actors)
    assert registry.resolve("NATO").label("de") == "NATO"


def test_all_faults_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "broken",
        """
[[state]]
qid = "30"
iso2 = "QQ"
iso3 = "QQQ"
name = { de = "Nirgendland" }
adjektive.de = ["nirgendländisch"]

[[organisation]]
name.de = "Rat der Fünf"
kind = "club"

[[group]]
name.de = "Niemande"
type = "People"
country = "QQR"

[[group]]
type = "People"

[[conflict]]
name.de = "Nichts-Krieg"
parties = ["Niemand"]
from = "2024-13-01"

[[conflict]]
name.de = "Niemands-Krieg"
parties = ["Niemand"]

[[person]]
name.de = "Anna Xaver"
gender = "x"
offices = [{ of = "RUS", role.de = "Präsidentin", from = "2005", to = "2004" }]

[[person]]
name.de = "Otto Xaver"
gender = "m"
offices = [{ of = "Nirgendland", role.de = "König" }]

[[village]]
name.de = "Hintertupfing"
""",
    )
    assert faults(folder) == [
        "more.toml:2: 'qid' is '30'; write it like 'Q159'",
        "more.toml:2: unknown field 'adjektive'; write 'adjective'",
        "more.toml:9: 'kind' is 'club'; write one of IGO, NGO, alliance, court, agency, territory",
        "more.toml:18: 'name' is missing; add it",
        "more.toml:21: 'from' is '2024-13-01'; write a day like 2024-05-31, a month or a year",
        "more.toml:30: 'gender' is 'x'; write one of m, f",
        "more.toml:30: 'offices' number 1: ends before it begins; mend from or to",
        "more.toml:1: unknown table 'village'; write one of [[state]], [[organisation]], [[group]], [[conflict]], [[person]]",
        "more.toml:13: no state has the code 'QQR'; write an ISO 3166-1 alpha-3 code",
        "more.toml:26: unknown party 'Niemand'; write the alpha-3 code, Q-number, slug, acronym or name of an actor in the lists",
        "more.toml:35: office of unknown 'Nirgendland'; write the alpha-3 code, Q-number, slug, acronym or name of an actor in the lists",
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('qid = "Q1"\nname = "X"', "'name' is 'X'; write it per language, like name.de = \"…\""),
        ('name.DE = "X"', "'name' has 'DE' for a language; write a code like 'de'"),
        ('name.de = " X"', "'name' in 'de' is ' X'; write a text without spaces around it"),
        ('name.de = "X"\nalt.de = "Y"', "'alt' in 'de' is 'Y'; write a list of texts"),
        ('name.de = "X"\narticle = "den"', "'article' is 'den'; write one of der, die, das, pl"),
        ('name.de = "X"\nparties = ["RUS", 3]', "'parties' is 3; write a text without spaces around it"),
        ('name.de = "X"\nfrom = 2024', "'from' is 2024; write a day like 2024-05-31, a month or a year"),
        ('name.de = "X"\ncapital_is_seat = true', "unknown field 'capital_is_seat'; remove it"),
    ],
)
def test_a_fault_says_what_to_do(tmp_path: Path, row: str, fault: str) -> None:
    folder = write(tmp_path / "broken", f"[[conflict]]\n{row}\n")
    assert f"more.toml:1: {fault}" in faults(folder)


def test_a_word_names_one_actor_only(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "broken",
        '[[group]]\nname.de = "Moskowiter"\ntype = "People"\nadjective.de = ["russisch"]\nalt.de = ["USA"]\n',
    )
    found = faults(folder)
    assert len(found) == 2
    assert found[0].startswith("more.toml:1: name 'USA' (de) is already at states.toml:")
    assert found[1].startswith("more.toml:1: adjective 'russisch' (de) is already at states.toml:")


def test_two_entries_of_one_name_need_ids_of_their_own(tmp_path: Path) -> None:
    row = '[[person]]\nname.de = "Anna Xaver"\ngender = "f"\n'
    assert faults(write(tmp_path / "broken", row + row)) == [
        "more.toml:4: same qid, slug or name as more.toml:1; keep one of them or give it a slug of its own"
    ]


def test_what_is_no_toml_or_no_folder_of_toml(tmp_path: Path) -> None:
    assert faults(write(tmp_path / "a", "[[state]\n"))[0].startswith("more.toml:1: not TOML: ")
    assert faults(write(tmp_path / "b", '[state]\nname.de = "X"\n')) == [
        "more.toml:1: 'state' is not a list of tables; begin each entry with [[state]]"
    ]
    assert len(faults(write(tmp_path / "d", "state = 5\n"))) == 1
    empty = tmp_path / "c"
    empty.mkdir()
    assert "no actor files" in faults(empty)[0]


def test_faults_of_several_files_come_together(tmp_path: Path) -> None:
    folder = write(tmp_path / "broken", "[[state]\n", "a.toml")
    write(folder, '[[group]]\nname.de = "X"\n', "b.toml")
    assert [fault.split(":")[0] for fault in faults(folder)] == ["a.toml", "b.toml"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Recep Tayyip Erdoğan", "recep-tayyip-erdogan"),
        ("Jürgen Weiß-Müller", "juergen-weiss-mueller"),
        ("N'Djamena", "n-djamena"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_the_registry_is_loaded_once_and_shared() -> None:
    assert load_registry("de") is load_registry("de")
