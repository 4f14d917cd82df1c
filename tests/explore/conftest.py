"""A made-up claim graph, and a real browser that may open the page's file and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

DATA = "https://w3id.org/kgraph/id/"
ACTORS = {
    "RUS": ("Q159", "Russland", "Russia", "State", "RUS", ["Russische Föderation"]),
    "USA": ("Q30", "USA", "United States", "State", "USA", ["Vereinigte Staaten", "US"]),
    "UKR": ("Q212", "Ukraine", "Ukraine", "State", "UKR", []),
    "IRN": ("Q794", "Iran", "Iran", "State", "IRN", []),
    "ISR": ("Q801", "Israel", "Israel", "State", "ISR", []),
    "CHN": ("Q148", "China", "China", "State", "CHN", []),
    "DEU": ("Q183", "Deutschland", "Germany", "State", "DEU", ["Bundesrepublik"]),
    "FRA": ("Q142", "Frankreich", "France", "State", "FRA", []),
    "TUR": ("Q43", "Türkei", "Türkiye", "State", "TUR", ["Turkey"]),
    "QAT": ("Q846", "Katar", "Qatar", "State", "QAT", []),
    "MDA": ("Q217", "Moldau", "Moldova", "State", "MDA", ["Moldawien"]),
    "EU": ("Q458", "Europäische Union", "European Union", "Organisation", None, ["EU"]),
    "NATO": ("Q7184", "NATO", "NATO", "Organisation", None, ["Nato"]),
    "UN": ("Q1065", "Vereinte Nationen", "United Nations", "Organisation", None, ["UN", "UNO"]),
    "HAM": ("Q38799", "Hamas", "Hamas", "ArmedGroup", None, []),
    "HIS": ("Q41053", "Hisbollah", "Hezbollah", "ArmedGroup", None, ["Hizbollah"]),
    "PAS": (None, "PAS", "PAS", "PoliticalParty", "MDA", []),
    "KUR": (None, "Kurden", "Kurds", "People", None, []),
    "MIN": (None, "Elena Codreanu", "Elena Codreanu", "Person", "MDA", []),
    "KRG": (None, "Krieg in der Ukraine", "War in Ukraine", "Conflict", None, []),
}
# Sentences of our own: {s:subject} {t:trigger} {o:object}; then polarity, modality, confidence, who says so.
CLAIMS = """
RUS attacks UKR | {s:Russische} Drohnen haben in der Nacht erneut Umspannwerke in der {o:Ukraine} {t:angegriffen}. | 0.94
RUS attacks UKR | Der {t:Beschuss} des ukrainischen Hafens durch {s:Moskaus} Marine dauerte bis zum Morgen, meldet {o:Kiew}. | 0.81 alleged | UKR
RUS attacks UKR | Bei einem {s:russischen} {t:Luftangriff} auf die {o:ukrainische} Hauptstadt fiel der Strom aus. | 0.9
UKR attacks RUS | {s:Kiew} {t:beschoss} nach eigener Darstellung ein Treibstofflager in {o:Russland}. | 0.77 alleged | UKR
RUS atWarWith UKR | Der {t:Krieg} zwischen {s:Russland} und der {o:Ukraine} geht in sein fünftes Jahr. | 0.95
USA mediates KRG | {s:Washington} bietet sich an, im {o:Ukraine-Krieg} zu {t:vermitteln}. | 0.72 planned
TUR mediates KRG | Ankara will weiter zwischen den Parteien des {o:Krieges} {t:vermitteln}, so das {s:türkische} Außenministerium. | 0.7 planned | TUR
RUS ally IRN | {s:Moskau} nennt {o:Teheran} seinen engsten {t:Verbündeten} in der Region. | 0.88
USA attacks IRN | {s:US-Bomber} {t:griffen} am Sonntag drei Anlagen im {o:Iran} an. | 0.93
USA attacks IRN | Die Wucht der {s:US}-{t:Angriffe} auf den {o:Iran} überraschte selbst Fachleute. | 0.91
USA attacks IRN | Nach den {t:Schlägen} der {s:Amerikaner} meldete {o:Teheran} Schäden an zwei Hallen. | 0.8
USA attacks IRN | {s:Washington} dementierte, noch einmal Ziele im {o:Iran} {t:bombardiert} zu haben. | 0.66 negated alleged | USA
USA sanctions IRN | Die {s:USA} {t:verhängten} neue {t:Sanktionen} gegen Banken im {o:Iran}. | 0.9
USA threatens IRN | {s:Washington} {t:drohte} {o:Teheran} mit „allen Mitteln“. | 0.86
IRN threatens USA | {s:Teheran} {t:warnt} die {o:Amerikaner} vor den Folgen. | 0.79
RUS criticizes USA | {t:Kritik} {s:Moskaus} an den Schlägen {o:Washingtons} kam schon am Abend. | 0.89
RUS criticizes USA | {s:Russland} {t:verurteilte} das Vorgehen der {o:USA} als Bruch des Völkerrechts. | 0.92
CHN criticizes USA | Auch {s:Peking} {t:rügte} {o:Washington}. | 0.84
CHN partner RUS | {s:China} und {o:Russland} {t:pflegen} enge {t:Beziehungen}. | 0.83
CHN cooperatesWith RUS | {s:Chinesische} und {o:russische} Schiffe {t:übten} im Pazifik gemeinsam. | 0.85
CHN suppliesArms RUS | {s:Peking} bestreitet, {o:Moskau} {t:Waffen} zu {t:liefern}. | 0.75 negated alleged | CHN
ISR attacks IRN | {s:Israel} {t:beschoss} eine Radaranlage im {o:Iran}. | 0.9
ISR attacks HIS | {s:Israelische} Jets {t:griffen} Stellungen der {o:Hisbollah} an. | 0.93
HIS attacks ISR | Die {s:Hisbollah} {t:feuerte} Raketen auf den Norden {o:Israels}. | 0.92
ISR atWarWith HAM | Der {t:Krieg} zwischen {s:Israel} und der {o:Hamas} flammt wieder auf. | 0.9
ISR negotiatesWith HAM | {s:Israel} und die {o:Hamas} {t:verhandeln} in Doha über eine Waffenruhe. | 0.82
ISR negotiatesWith HAM | Eine neue Runde der {t:Gespräche} zwischen der {o:Hamas} und {s:Israel} könnte am Montag beginnen. | 0.6 hypothetical
QAT hosts HAM | {s:Katar} {t:empfing} die Unterhändler der {o:Hamas}. | 0.7
IRN suppliesArms HIS | {s:Teheran} soll der {o:Hisbollah} Raketen {t:geliefert} haben. | 0.71 alleged | ISR
USA ally ISR | Die {s:USA} bleiben {o:Israels} wichtigster {t:Verbündeter}. | 0.93
USA suppliesArms ISR | {s:Washington} {t:liefert} {o:Israel} weitere Abwehrraketen. | 0.9
DEU suppliesArms UKR | {s:Berlin} {t:liefert} {o:Kiew} zwei weitere Flugabwehrsysteme. | 0.94
DEU suppliesArms UKR | {s:Deutschland} will der {o:Ukraine} im Herbst Panzer {t:liefern}. | 0.83 planned
DEU supports UKR | {s:Deutschland} {t:steht} „fest an der Seite der {o:Ukraine}“. | 0.85
FRA supports UKR | {s:Paris} {t:sichert} {o:Kiew} Beistand {t:zu}. | 0.8
FRA meets DEU | {s:Französische} und {o:deutsche} Minister {t:trafen} sich in Straßburg. | 0.9
EU sanctions RUS | Die {s:EU} {t:beschloss} ihr nächstes {t:Sanktionspaket} gegen {o:Russland}. | 0.95
EU sanctions RUS | {s:Brüssel} plant weitere {t:Strafmaßnahmen} gegen {o:Moskau}. | 0.8 planned
EU aids UKR | Die {s:EU} {t:überwies} der {o:Ukraine} eine Milliarde Euro. | 0.93
DEU memberOf NATO | Als {t:Mitglied} der {o:Nato} ist {s:Deutschland} gebunden. | 0.88
FRA memberOf NATO | {s:Frankreich} {t:gehört} der {o:Nato} seit der Gründung {t:an}. | 0.87
TUR memberOf NATO | Das {o:Nato}-{t:Mitglied} {s:Türkei} hielt sich zurück. | 0.9
TUR attacks KUR | {s:Ankara} {t:bombardierte} Dörfer der {o:Kurden}, berichten Augenzeugen. | 0.64 alleged
TUR negotiatesWith RUS | {s:Türkische} und {o:russische} Diplomaten {t:berieten} über den Getreidehandel. | 0.78
UN criticizes RUS | Die {s:Vereinten Nationen} {t:verurteilten} den {o:russischen} Angriff. | 0.9
UN demands ISR | Die {s:UNO} {t:fordert} {o:Israel} auf, Hilfsgüter durchzulassen. | 0.91
MIN officialOf MDA | Die {o:moldauische} {t:Außenministerin} {s:Elena Codreanu} reist nach Brüssel. | 0.92
MIN memberOf PAS | {s:Codreanu} {t:gehört} der Regierungspartei {o:PAS} an. | 0.8
MDA rival RUS | Das {t:Verhältnis} zwischen {s:Chisinau} und {o:Moskau} ist zerrüttet. | 0.7
MDA accuses RUS | {s:Moldau} {t:wirft} {o:Russland} Einmischung in die Wahl {t:vor}. | 0.9
RUS accuses MDA | {s:Moskau} {t:beschuldigt} {o:Chisinau}, Truppen zusammenzuziehen. | 0.7 | RUS
MIN meets EU | {s:Codreanu} {t:traf} Vertreter der {o:EU}. | 0.85
"""
ARTICLES = [
    (
        "Angriffe und Angebote: Was in dieser Nacht geschah",
        "https://nachrichten.example/nacht",
        "Tagesbote",
        "2026-03-02",
    ),
    ("Wer spricht noch mit wem?", "http://zeitung.example/gespraeche?id=7&a=b", "Morgenblatt", "2026-03-04"),
    ("Druck aus Brüssel, Zorn in Moskau", None, "Agentur Nord", "2026-02-27"),
]
_MARK = re.compile(r"\{([sto]):([^}]*)\}")
_ROLES = {"s": "subject", "t": "trigger", "o": "object"}


def _iri(code: str) -> str:
    """The IRI of an actor of the made-up graph."""
    return f"{DATA}{ACTORS[code][0] or 'made-up/' + code}"


def _add_actor(graph: nx.MultiDiGraph, key: str, label: str, **more: Any) -> None:
    graph.add_node(key, label=label, **{"label_en": label, "type": "State", "country": None, "qid": None, **more})


def _add_claim(graph: nx.MultiDiGraph, subject: str, relation: str, target: str, marked: str, **more: Any) -> None:
    """Add a claim whose sentence has its words marked; offsets count from the article's start, here 100 before it."""
    plain, spans, read = "", {}, 0
    for found in _MARK.finditer(marked):
        plain += marked[read : found.start()]
        role = _ROLES[found[1]]
        spans.setdefault(f"{role}_start", 100 + len(plain))
        plain += found[2]
        spans[f"{role}_end"] = spans[f"{role}_start"] + len(found[2]) if role != "trigger" else 100 + len(plain)
        read = found.end()
    number = graph.number_of_edges()
    attributes = {
        "id": f"{DATA}claim/{number:04}",
        "relation": relation,
        "sentence": plain + marked[read:],
        "sentence_start": 100,
        "polarity": "affirmed",
        "modality": "actual",
        "confidence": 0.8,
        **spans,
    }
    graph.add_edge(subject, target, key=attributes["id"], **attributes | more)


def _made_up() -> nx.MultiDiGraph:
    """Some twenty actors and fifty claims in sentences of our own."""
    graph = nx.MultiDiGraph()
    for code, (qid, label, label_en, kind, country, names) in ACTORS.items():
        _add_actor(graph, _iri(code), label, label_en=label_en, type=kind, country=country, qid=qid, names=names)
    for number, line in enumerate(CLAIMS.strip().splitlines()):
        head, marked, standing, *said = (part.strip() for part in line.split(" | "))
        subject, relation, target = head.split()
        confidence, *words = standing.split()
        title, url, publisher, published = ARTICLES[number % len(ARTICLES)]
        _add_claim(
            graph,
            _iri(subject),
            relation,
            _iri(target),
            marked,
            confidence=float(confidence),
            polarity="negated" if "negated" in words else "affirmed",
            modality=next((word for word in words if word != "negated"), "actual"),
            attributed_to=_iri(said[0]) if said else None,
            article=f"{DATA}article/{number % len(ARTICLES)}",
            title=title,
            url=url,
            publisher=publisher,
            published=published,
            date_start=f"2026-02-{10 + number % 18:02}",
            date_origin="published",
        )
    return graph


@pytest.fixture
def add_actor() -> Any:
    return _add_actor


@pytest.fixture
def add_claim() -> Any:
    return _add_claim


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    return _made_up()


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Write the page of a graph: written(graph, lang=…)."""
    from kgraph.explore import render_page

    def write(graph: nx.MultiDiGraph, **options: Any) -> Path:
        path = tmp_path / "other.html"
        path.write_text(render_page(graph, **options), encoding="utf-8", newline="\n")
        return path

    return write


@pytest.fixture(scope="session")
def page_of_actors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up graph, for tests that only look at it."""
    from kgraph.explore import render_page

    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(render_page(_made_up()), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="session")
def page_of_crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a graph that is too large to be shown whole: 300 actors, 1,000 claims."""
    from kgraph.explore import render_page

    path = tmp_path_factory.mktemp("page") / "crowd.html"
    path.write_text(render_page(_crowd(300, 1000)), encoding="utf-8", newline="\n")
    return path


def _crowd(actors: int, claims: int) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for number in range(actors):
        _add_actor(graph, f"x{number:04}", f"Akteur {number:04}")
    relations = ["attacks", "criticizes", "meets", "aids", "ally"]
    for number in range(claims):
        one = number % actors
        other = (one + 1 + (number // actors) ** 2 * 7) % actors if number % 3 else one // 10
        if one != other:
            marked = "Der {s:eine} {t:tat} dem {o:anderen} etwas, wie es hieß."
            _add_claim(graph, f"x{one:04}", relations[number % 5], f"x{other:04}", marked)
    return graph


def _until(page: Any, condition: str) -> None:
    """Wait for a condition; Playwright's own way evaluates text in the page, which the page's policy forbids."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


@pytest.fixture
def until() -> Any:
    return _until


@dataclass
class Visit:
    """An opened page: what it logged, what it asked for beyond its own file."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def number(self, script: str) -> Any:
        return self.page.evaluate(script)

    def edge(self, subject: str, relation: str, target: str) -> int:
        """The number of the edge between two labels."""
        found = self.page.evaluate(
            """([subject, relation, target]) => {
                const label = (id) => kgraph.data.nodes[id].label;
                const edge = kgraph.data.edges.find((one) => one.relation === relation
                    && [label(one.from), label(one.to)].sort().join() === [subject, target].sort().join()
                    && (!one.arrows || label(one.from) === subject));
                return edge ? edge.id : null;
            }""",
            [subject, relation, target],
        )
        assert found is not None, f"no edge {subject} {relation} {target}"
        return int(found)

    def click_edge(self, number: int) -> None:
        """Move the mouse to where the edge is drawn, and press it."""
        point = self.page.evaluate("(id) => kgraph.edgePoint(id)", number)
        assert point is not None, f"edge {number} lies under others"
        self.page.mouse.click(point["x"], point["y"])
        self.page.wait_for_timeout(50)

    def click_node(self, number: int) -> None:
        point = self.page.evaluate("(id) => kgraph.nodePoint(id)", number)
        self.page.mouse.click(point["x"], point["y"])
        self.page.wait_for_timeout(50)

    def until(self, condition: str) -> None:
        """Wait for a condition in JavaScript."""
        _until(self.page, condition)

    def node(self, label: str) -> int:
        return int(self.page.evaluate("(label) => kgraph.data.nodes.find((one) => one.label === label).id", label))

    def choose(self, label: str) -> None:
        """Find an actor by the search box, as keys do."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(label)
        self.page.keyboard.press("Enter")

    def shown(self) -> tuple[list[str], int]:
        """The labels of the actors in the picture, sorted, and the number of edges."""
        visible = self.page.evaluate("kgraph.visible()")
        labels = self.page.evaluate("(ids) => ids.map((id) => kgraph.data.nodes[id].label)", visible["nodes"])
        return sorted(labels), len(visible["edges"])

    @property
    def heading(self) -> str:
        return str(self.page.locator("#panel h2").inner_text()).strip()

    @property
    def link(self) -> str:
        """The fragment of the page's address, once it is written."""
        self.page.evaluate("Link.write()")
        return str(self.page.evaluate("location.hash.slice(1)"))

    @property
    def panel(self) -> str:
        return str(self.page.locator("#panel").inner_text())


@pytest.fixture
def visit(chromium: Any) -> Iterator[Any]:
    """Open a page: visit(path, width=…, height=…, dark=…, view=…); at the end nothing may have been logged or asked for.

    `view` is the fragment of a link.
    """
    visits: list[tuple[Any, Visit]] = []

    def opened(
        path: Path, *, width: int = 1440, height: int = 900, dark: bool = False, touch: bool = False, view: str = ""
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            reduced_motion="reduce",
            locale="de-DE",
        )
        page = context.new_page()
        seen = Visit(page)
        own = path.resolve().as_uri()

        def guard(route: Any) -> None:
            if route.request.url.split("#")[0] == own:
                route.continue_()
            else:
                seen.requests.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        page.on(
            "request", lambda request: seen.requests.append(request.url) if request.url.split("#")[0] != own else None
        )
        page.on(
            "console",
            lambda message: seen.errors.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("dialog", lambda dialog: (seen.errors.append("dialog: " + dialog.message), dialog.dismiss()))
        page.goto(f"{own}#{view}" if view else own)
        _until(page, "performance.getEntriesByName('kgraph-ready').length > 0")
        page.wait_for_timeout(60)
        visits.append((context, seen))
        return seen

    yield opened
    for context, seen in visits:
        context.close()
        assert seen.requests == []
        assert seen.errors == []
