"""German articles made from templates: `python -m benchmarks.articles 2000 > articles.jsonl`.

Every article differs from every other: actors come from the project's lists, and sentences, places, numbers and days are
drawn anew. The same seed always gives the same articles.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from kgraph.actors import load_registry

_WITH_ARTICLE = {  # states whose names have one: nominative, genitive, dative, accusative
    "die USA": ("die USA", "der USA", "den USA", "die USA"),
    "der Iran": ("der Iran", "des Iran", "dem Iran", "den Iran"),
    "der Irak": ("der Irak", "des Irak", "dem Irak", "den Irak"),
    "der Libanon": ("der Libanon", "des Libanon", "dem Libanon", "den Libanon"),
    "der Sudan": ("der Sudan", "des Sudan", "dem Sudan", "den Sudan"),
    "der Jemen": ("der Jemen", "des Jemen", "dem Jemen", "den Jemen"),
    "die Türkei": ("die Türkei", "der Türkei", "der Türkei", "die Türkei"),
    "die Ukraine": ("die Ukraine", "der Ukraine", "der Ukraine", "die Ukraine"),
    "die Schweiz": ("die Schweiz", "der Schweiz", "der Schweiz", "die Schweiz"),
    "die EU": ("die EU", "der EU", "der EU", "die EU"),
    "die Nato": ("die Nato", "der Nato", "der Nato", "die Nato"),
    "die Hamas": ("die Hamas", "der Hamas", "der Hamas", "die Hamas"),
}
_PLAIN = (
    "Ägypten Algerien Argentinien Armenien Aserbaidschan Äthiopien Australien Brasilien Chile China Dänemark Deutschland "
    "Estland Finnland Frankreich Georgien Griechenland Großbritannien Indien Indonesien Irland Israel Italien Japan "
    "Jordanien Kanada Kasachstan Katar Kenia Kolumbien Kroatien Kuba Lettland Libyen Litauen Malaysia Marokko Mexiko "
    "Myanmar Nigeria Nordkorea Norwegen Österreich Pakistan Peru Polen Portugal Ruanda Rumänien Russland Saudi-Arabien "
    "Schweden Serbien Singapur Slowenien Spanien Südafrika Südkorea Syrien Taiwan Thailand Tunesien Uganda Ungarn "
    "Usbekistan Venezuela Vietnam"
).split()
_CLAIMS = (
    "{A} hat {b4} am {day} scharf kritisiert",
    "{A} greift seit {weekday} Stellungen im Grenzgebiet zu {b3} an",
    "{A} und {b} haben in {place} über {topic} verhandelt",
    "{A} verhängt neue Sanktionen gegen {b4}",
    "{A} liefert {b3} {number} Fahrzeuge und {topic2}",
    "{A} fordert {b4} auf, {demand}",
    "{A} wirft {b3} vor, {blame}",
    "{A} droht {b3} mit {threat}",
    "Nach Angaben aus {place} unterstützt {a} {b4} mit {number} Millionen Euro",
    "{A} vermittelt zwischen {b3} und {c3}",
    "Die Regierung {b2} weist die Vorwürfe {a2} zurück",
    "In {place} kamen Vertreter {a2} und {b2} zusammen",
    "{A} hat nach Berichten aus {place} Truppen an der Grenze zu {b3} zusammengezogen",
    "{A} will {b3} im kommenden Jahr {topic2} liefern",
    "{A} hat {b4} nicht angegriffen, heißt es in {place}",
    "Der Außenminister {a2} empfing in {place} den Botschafter {b2}",
    "{A} und {b} unterzeichneten ein Abkommen über {topic}",
    "{A} zieht seine Beobachter aus {b3} ab",
    "{A} erkennt die Zuständigkeit des Gerichts an, {b} lehnt sie ab",
    "Die Präsidentin {a2} lud die Nachbarn zu Gesprächen nach {place} ein",
)
_OTHERS = (
    "Beobachter rechnen damit, dass die Lage in {place} noch {number} Tage lang angespannt bleibt",
    "Auf den Märkten von {place} stiegen die Preise für {goods} um {percent} Prozent",
    "Die Verhandlungen über {topic} waren im {month} unterbrochen worden",
    "Ein Sprecher sagte, man werde die Ergebnisse bis zum {day} prüfen",
    "Rund {number} Menschen nahmen an einer Kundgebung in {place} teil",
    "„Wir brauchen Geduld“, sagte eine Diplomatin, die an den Gesprächen über {topic} beteiligt ist",
    "Hilfsorganisationen melden, dass es in {number} Dörfern an {goods} fehlt",
    "Der Hafen von {place} wurde nach {number} Stunden wieder geöffnet",
    "Wie es weitergeht, hängt nach Ansicht von Fachleuten vor allem von {goods} ab",
    "Im vergangenen Jahr waren über {place} {number} Tonnen {goods} ausgeführt worden",
    "Für {weekday} ist eine weitere Sitzung angesetzt, zu der {number} Abgesandte erwartet werden",
    "Die Straße zwischen {place} und {place2} bleibt wegen der Kämpfe gesperrt",
)
_OPENINGS = ("", "", "", "", "Am {weekday} wurde bekannt: ", "Zuletzt hieß es: ", "Aus {place} verlautete: ")
_WORDS: dict[str, tuple[str, ...]] = {
    "topic": (
        "die Fischerei", "den Gefangenenaustausch", "die Waffenruhe", "die Wasserrechte", "den Grenzverlauf",
        "die Gaspreise", "die Rückkehr der Flüchtlinge", "den Luftraum", "die Schulden", "das Atomprogramm",
    ),
    "topic2": ("Luftabwehrsysteme", "Munition", "Ersatzteile", "Hubschrauber", "Medikamente", "Drohnen", "Getreide"),
    "demand": (
        "die Gefangenen freizulassen", "die Angriffe einzustellen", "die Grenze zu öffnen",
        "seine Truppen abzuziehen", "an den Verhandlungstisch zurückzukehren", "die Zölle zu senken",
    ),
    "blame": (
        "die Waffenruhe verletzt zu haben", "Wahlen zu beeinflussen", "Rebellen auszurüsten",
        "den Luftraum verletzt zu haben", "die Ermittlungen zu behindern",
    ),
    "threat": ("Vergeltung", "neuen Zöllen", "einem Lieferstopp", "dem Abbruch der Beziehungen", "einer Klage"),
    "goods": ("Weizen", "Öl", "Dünger", "Strom", "Trinkwasser", "Kupfer", "Reis", "Treibstoff", "Medikamenten"),
    "weekday": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "month": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
}  # fmt: skip


class Writer:
    """Writes articles of at least `words` words."""

    def __init__(self, *, seed: int = 0, words: int = 400) -> None:
        self._seed = seed
        self._words = words
        states = load_registry("de").entries("state")
        self._places = sorted({seat for state in states for seat in state.seats.get("de", ())[:1]})

    def article(self, number: int) -> dict[str, Any]:
        """The article of a number, as a record of JSON Lines."""
        random = Random(f"{self._seed}:{number}")
        actors = [self._cases(random) for _ in range(random.randint(3, 7))]
        paragraphs: list[str] = []
        words = 0
        while words < self._words:
            sentences = [self._sentence(random, actors) for _ in range(random.randint(2, 5))]
            paragraphs.append(" ".join(sentences))
            words += len(paragraphs[-1].split())
        title = self._sentence(random, actors).removesuffix(".")
        day = date(2024, 1, 1) + timedelta(days=random.randrange(900))
        text = "\n\n".join([title, *paragraphs]) + "\n"
        return {"doc": f"made-{self._seed}-{number}", "date": day.isoformat(), "lang": "de", "text": text}

    def _cases(self, random: Random) -> tuple[str, str, str, str]:
        """A name in nominative, genitive, dative and accusative."""
        if random.random() < 0.4:
            return random.choice(list(_WITH_ARTICLE.values()))
        name = random.choice(_PLAIN)
        return name, f"von {name}" if name.endswith("s") else f"{name}s", name, name

    def _sentence(self, random: Random, actors: list[tuple[str, str, str, str]]) -> str:
        template = random.choice(_OPENINGS) + random.choice(_CLAIMS if random.random() < 0.5 else _OTHERS)
        words = {name: random.choice(choices) for name, choices in _WORDS.items()}
        words |= {"place": random.choice(self._places), "place2": random.choice(self._places)}
        words |= {
            "number": str(random.randint(2, 9_000)),
            "percent": f"{random.randint(1, 300) / 10:.1f}".replace(".", ","),
        }
        words["day"] = f"{random.randint(1, 28)}. {words['month']}"
        for letter, cases in zip("abc", random.sample(actors, 3), strict=True):
            words |= {letter: cases[0], **{f"{letter}{case}": cases[case - 1] for case in (2, 3, 4)}}
        words["A"] = words["a"] if ": " in template else words["a"][:1].upper() + words["a"][1:]
        sentence = template.format_map(words)
        return f"{sentence}."


def articles(count: int, *, seed: int = 0, words: int = 400) -> Iterator[dict[str, Any]]:
    """So many articles of at least so many words, as records of JSON Lines."""
    writer = Writer(seed=seed, words=words)
    return (writer.article(number) for number in range(count))


def main() -> None:
    """Write articles to the standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--words", type=int, default=400, help="at least that many in each")
    options = parser.parse_args()
    for record in articles(options.count, seed=options.seed, words=options.words):
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
