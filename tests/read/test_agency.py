"""Datelines, credits, signatures and bylines are told from prose."""

from __future__ import annotations

import time

import pytest

from kgraph.read import agency, segment


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("Moskau (dpa) - Der Kreml schweigt.", "Moskau (dpa) -"),
        ("Wien/Berlin – Beide Kanzler trafen sich.", "Wien/Berlin –"),
        ("Belgrad– Serbien protestiert.", "Belgrad–"),
        ("Ankara –  In der Türkei wird gewählt.", "Ankara –"),
        ("BERLIN (AP) – Die Regierung berät.", "BERLIN (AP) –"),
        ("Washington, 3. März (Reuters) - Das Weiße Haus droht.", "Washington, 3. März (Reuters) -"),
        ("PARIS, March 3 (Reuters) — France objects.", "PARIS, March 3 (Reuters) —"),
        ("Genf, 02.03.2026 (AFP) – Die Gespräche beginnen.", "Genf, 02.03.2026 (AFP) –"),
        ("Tel Aviv/Gaza (dpa/AFP) - Israel greift an.", "Tel Aviv/Gaza (dpa/AFP) -"),
        ("Frankfurt am Main (epd). Die Kirchen mahnen.", "Frankfurt am Main (epd)."),
        ("Frankfurt am Main – Die Kirchen mahnen.", "Frankfurt am Main –"),
        ("Den Haag (dpa): «Wir klagen», sagte er.", "Den Haag (dpa):"),
        ("BERLIN taz | Die Grünen fordern mehr.", "BERLIN taz |"),
        ("Kiew (Ukraine) – Die Armee zieht sich zurück.", "Kiew (Ukraine) –"),
        ("New York - Der Sicherheitsrat tagt.", "New York -"),
        ("Washington D.C. – Der Kongress stimmt ab.", "Washington D.C. –"),
        ("**Riad (dpa)** – Der Prinz reist ab."[2:], "Riad (dpa)** –"),
        ("Scharm el Scheich (dpa/Reuters) - Der Gipfel tagt.", "Scharm el Scheich (dpa/Reuters) -"),
        ("Genf (epd).** Die Kirchen mahnen.", "Genf (epd).**"),
        ("Moskau – so der Sprecher – bleibe dabei.", ""),
        ("Putin – Präsident seit vielen Jahren – lehnt ab.", ""),
        ("Russland greift die Ukraine an.", ""),
        ("Die USA (und Israel) – Der Iran antwortet.", ""),
        ("Tel-Aviv-Gespräche enden. Der Rest folgt.", ""),
        ("Die Nato (Nordatlantikpakt) Streitkräfte üben.", ""),
        ("", ""),
    ],
)
def test_dateline(line: str, dateline: str) -> None:
    assert line[: agency.dateline(line, bare=True)] == dateline


def test_a_dateline_without_agency_is_taken_only_where_expected() -> None:
    assert agency.dateline("Belgrad – Serbien protestiert.", bare=False) == 0
    assert agency.dateline("Belgrad (APA) – Serbien protestiert.", bare=False) == len("Belgrad (APA) –")


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Kreml weist Kritik zurück. Moskau – Der Sprecher verneint.", "Moskau –"),
        ("Kreml weist Kritik zurück Moskau (dpa) - Der Sprecher verneint.", "Moskau (dpa) -"),
        ("Treffen in Genf – Thema ist der Krieg. Genf – Die Minister beraten.", "Genf –"),
        ("Nur ein Satz ohne alles. Und noch einer.", None),
    ],
)
def test_a_dateline_after_a_headline_on_the_same_line(text: str, dateline: str | None) -> None:
    found = agency.inner_dateline(text, 300)
    assert (text[slice(*found)] if found else None) == dateline


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Der Minister kommt an. (Archivbild) Foto: Erika Muster/dpa", "(Archivbild) Foto: Erika Muster/dpa"),
        ("Der Minister kommt an. Foto: Erika Muster/dpa", "Foto: Erika Muster/dpa"),
        ("Der Minister kommt an (Archivfoto).", "(Archivfoto)."),
        ("Der Minister kommt an. (Foto: Reuters)", "(Foto: Reuters)"),
        ("Panzer an der Grenze. (Symbolbild)", "(Symbolbild)"),
        ("Panzer an der Grenze. Bild: AFP", "Bild: AFP"),
        ("Panzer an der Grenze. © dpa", "© dpa"),
        ("Panzer an der Grenze. Foto: -/Kreml/dpa", "Foto: -/Kreml/dpa"),
        ("Tanks at the border. (file photo) Photo: John Doe via AP", "(file photo) Photo: John Doe via AP"),
        ("Er sagte der Bild: Wir werden weiter verhandeln.", ""),
        ("Der Minister kommt an.", ""),
    ],
)
def test_trailing_credit(caption: str, credit: str) -> None:
    assert caption[agency.trailing_credit(caption) :] == credit


@pytest.mark.parametrize(
    ("paragraph", "signature"),
    [
        ("Das war es. (APA/dpa)", "(APA/dpa)"),
        ("Das war es. (APA, Reuters, 2.8.2015)", "(APA, Reuters, 2.8.2015)"),
        ("Das war es. (ab/dpa)", "(ab/dpa)"),
        ("Das war es. (AFP, red, 3. März 2026)", "(AFP, red, 3. März 2026)"),
        ("Das sagte der Minister (CDU).", ""),
        ("Das sagte die Arbeiterpartei (PKK)", ""),
        ("Das war es.", ""),
    ],
)
def test_trailing_signature(paragraph: str, signature: str) -> None:
    assert paragraph[agency.trailing_signature(paragraph) :] == signature


@pytest.mark.parametrize(
    "line",
    [
        "(dpa)",
        "(APA/dpa)",
        "dpa",
        "dpa-infocom, dpa:260302-930-752123/2",
        "© dpa-infocom, dpa:260302-930-752123/2",
        "Foto: Erika Muster/dpa",
        "(Symbolbild)",
        "Mit Material von dpa und AFP",
        "Von Erika Muster und Max Beispiel, dpa",
        "Von Erika Muster",
        "By Jane Doe",
    ],
)
def test_a_line_that_is_only_a_credit(line: str) -> None:
    assert agency.is_credit_line(line)


@pytest.mark.parametrize(
    "line", ["Von Moskau nach Kiew", "Von Putin", "Die Lage", "Quelle der Gewalt", "Bild des Tages"]
)
def test_a_line_that_is_no_credit(line: str) -> None:
    assert not agency.is_credit_line(line)


def test_hostile_text_takes_no_time() -> None:
    for text in (
        "Foto: " + "A-A/" * 5000,
        "Wien " * 5000,
        "(" * 20000,
        "Wien/" * 5000,
        "Von " + "A B, " * 5000,
        "© " + "a/" * 9000,
    ):
        start = time.process_time()
        agency.dateline(text, bare=True)
        agency.inner_dateline(text, 300)
        agency.trailing_credit(text)
        list(agency.inner_credits(text))
        agency.is_credit_line(text)
        assert time.process_time() - start < 30  # minutes where a pattern backtracks


@pytest.mark.parametrize(
    "text",
    [
        "dpa/" * 5000 + "<",
        "(dpa, " * 5000 + "<",
        "Foto: " + "AP.DE " * 5000 + "!",
        "Foto: " + "Van Van Van/" * 2000 + "x",
        "Foto: " + "Sankt Sankt/" * 2000 + "x y",
        "Von " + "Und " * 5000 + "!",
        "dpa-infocom" + " " * 100_000 + "!",
    ],
)
def test_words_that_could_be_read_in_two_ways_are_not_tried_in_all(text: str) -> None:
    """Each of these would take longer than the sun shines if its parts were tried in every combination."""
    assert not agency.is_credit_line(text)
    assert not list(agency.inner_credits(text))
    assert sum(block.end - block.start for block in segment(text).blocks) <= len(text)


def test_a_paragraph_of_photo_credits() -> None:
    text = "Ein Boot. Foto: A/dpa " * 5000 + "Ende."
    assert len(segment(text).blocks) == 10_001
