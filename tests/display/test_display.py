from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kgraph import views
from kgraph.display import html, picture
from kgraph.display.html import Mark
from kgraph.graph import Store, open_store
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Attribution,
    Claim,
    DateOrigin,
    Extraction,
    Mention,
    Modality,
    Polarity,
    Problem,
    Relation,
    Span,
    Via,
    When,
)

HOSTILE = [
    '<img src=x onerror="document.title=1">',
    "</script></style></title></div></mark><script>document.title=1</script>",
    "\" onmouseover='document.title=1' x=\"",
    "javascript:document.title=1",
    "\u202egnirts\u2066 \u05d0\u05d1\u05d2 مرحبا",
    "x" * 10_000,
    "👩‍👩‍👧‍👦 🇩🇪 𝔘𝔫𝔦",
    "\x00\x08 \ud83d \ufffe \x9f",
    "&lt;b&gt;&#60;i&#62;",
]
SENTENCE = "Nach russischen Angaben haben US-Kampfjets den Iran nicht angegriffen."


def made(words: str = SENTENCE, label: str = "USA", article: str = "a1", **fields: Any) -> Claim:
    """A claim about whatever sentence, its words at the usual places."""
    actor = Actor(f"{DATA}Q30", ActorType.STATE, label, "USA")
    other = Actor(f"{DATA}Q794", ActorType.STATE, label if label != "USA" else "Iran", "IRN")
    span = Span(100, 100 + len(words), words)

    def at(start: int, end: int) -> Span:
        return Span(100 + start, 100 + end, words[start:end])

    source = Attribution(at(0, 23), Actor(f"{DATA}Q159", ActorType.STATE, "Russland", "RUS"))
    subject, object_ = (
        Mention(of, Via.NAME, 0, 0, (0,), 100 + start, 100 + end, words[start:end])
        for of, start, end in ((actor, 30, 32), (other, 47, 51))
    )
    claim = Claim(article, span, Relation.ATTACKS, at(58, 69), "de/angreifen.verb", subject, object_,
                  Polarity.NEGATED, Modality.ALLEGED, source, None, 0.75)  # fmt: skip
    return replace(claim, **fields)


class _Reader(HTMLParser):
    """The words of a page, the elements in it, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.marks: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        if "mark" in self.open and "small" not in self.open:
            self.marks[-1] += data


def read(page: str) -> _Reader:
    found = _Reader(page)
    assert found.open == []
    return found


def shown(words: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", words)


def test_a_claim_shows_its_sentence_with_the_words_marked() -> None:
    page = read(made()._repr_html_())
    assert page.marks == ["Nach russischen Angaben", "US", "Iran", "angegriffen"]
    assert "SUBJECT USA" in page.words
    assert "SPEAKER Russland" in page.words
    assert "OBJECT Iran" not in page.words  # its name stands there already
    for words in ("alleged", "denied", "attacks", "0.75", "de/angreifen.verb", "a1"):
        assert words in page.words


def test_a_day_and_days() -> None:
    day = date(2026, 3, 1)
    assert "2026-03-01" in made(when=When(day, day, DateOrigin.EXPLICIT))._repr_html_()
    assert "2026-03-01 – 2026-03-04" in made(when=When(day, date(2026, 3, 4), DateOrigin.EXPLICIT))._repr_html_()


def test_a_symmetric_fact_is_shown_as_one() -> None:
    fact = made(relation=Relation.MEETS, polarity=Polarity.AFFIRMED, modality=Modality.ACTUAL, attribution=None)
    words = read(fact._repr_html_()).words
    assert "↔" in words
    assert not re.search("denied|actual|SPEAKER|says", words)


def test_printed_records_are_one_line() -> None:
    assert repr(made()) == "<Claim USA attacks Iran, negated, alleged, 0.75: 'angegriffen' in a1[158:169]>"
    article = Article("a1", SENTENCE)
    assert (
        repr(Extraction(article, claims=(made(),))) == "<Extraction a1: 0 sentences, 0 mentions, 1 claims, 0 problems>"
    )


def test_records_stay_records() -> None:
    claim = made()
    assert pickle.loads(pickle.dumps(claim)) == claim
    assert copy.deepcopy(claim) == claim
    assert not hasattr(claim, "__dict__")
    assert hash(claim) == hash(made())


def test_an_extraction_shows_claims_and_problems() -> None:
    claims = tuple(made(rule=f"rule{number}") for number in range(25))
    problems = (Problem("a1:3", "too long"),)
    page = read(
        Extraction(Article("a1", "", title="Titel", publisher="Blatt"), claims=claims, problems=problems)._repr_html_()
    )
    assert all(f"rule{number}" in page.words for number in range(20))
    assert "rule20" not in page.words
    for words in ("5 more claims", "Titel", "Blatt", "a1:3: too long"):
        assert words in page.words


@pytest.mark.parametrize(
    ("marks", "pieces"),
    [
        ([(0, 4, "subject"), (4, 8, "trigger")], ["abcd", "efgh"]),
        ([(0, 8, "speaker"), (2, 4, "subject")], ["ab", "cd", "efgh"]),
        ([(0, 5, "subject"), (3, 8, "object")], ["abc", "de", "fgh"]),
        ([(2, 4, "subject"), (2, 4, "object")], ["cd"]),
        ([(-1, 4, "subject"), (3, 3, "object"), (5, 99, "trigger")], []),
        ([], []),
    ],
)
def test_marks_may_touch_and_overlap(marks: list[tuple[int, int, str]], pieces: list[str]) -> None:
    page = read(html.sentence("abcdefghij", [Mark(*mark) for mark in marks]))
    assert page.marks == pieces
    assert re.sub("[A-Z ]", "", page.words) == "abcdefghij"
    for start, end, role in marks:
        assert (role.upper() in page.words) is (0 <= start < end <= 10)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_text_holds_is_shown_as_text(hostile: str) -> None:
    claim = made(SENTENCE + hostile, label=hostile, article=hostile, rule=hostile)
    article = Article(hostile, hostile, title=hostile, publisher=hostile, lang=hostile)
    extraction = Extraction(article, claims=(claim,), problems=(Problem(hostile, hostile),))
    points = [picture.Point(0, 0, hostile), picture.Point(1, 1, hostile)]
    pages = [
        claim._repr_html_(),
        extraction._repr_html_(),
        html.table([hostile], [[hostile]], titles={hostile: hostile}),
        picture.network(points, [picture.Line(0, 1, hostile, 1, hostile)], caption=hostile),
    ]
    for page in pages:
        found = read(page)
        assert found.tags <= {
            "div", "span", "bdi", "b", "mark", "small", "ul", "li", "table", "thead", "tbody", "tr", "th", "td",
            "figure", "figcaption", "svg", "g", "path", "circle", "rect", "polygon", "text", "title",
        }  # fmt: skip
        assert not [name for name, _ in found.attributes if name.startswith("on") or name in {"href", "src"}]
        if len(hostile) < 1000:
            assert shown(hostile) in found.words
        page.encode("utf-8")
    assert "".join(html.text(hostile)) in pages[0]


def test_whatever_a_text_holds_runs_nowhere_in_a_browser(tmp_path: Path, chromium: Any) -> None:
    cards = "".join(made(SENTENCE + words, label=words, article=words)._repr_html_() for words in HOSTILE)
    tables = "".join(html.table([words], [[words]], titles={words: words}) for words in HOSTILE)
    points = [picture.Point(number, number % 3, words) for number, words in enumerate(HOSTILE)]
    lines = [picture.Line(0, number, words, 1, words) for number, words in enumerate(HOSTILE) if number]
    tables += picture.network(points, lines, caption="".join(HOSTILE))
    file = tmp_path / "cards.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><title>calm</title>{cards}{tables}", encoding="utf-8")
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.mouse.move(200, 200)
    assert page.title() == "calm"
    assert page.locator("img, script, iframe").count() == 0
    assert page.locator("mark").count() == 4 * len(HOSTILE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (said, asked) == ([], [file.as_uri()])
    page.close()


def test_marked_words_can_be_read_on_their_ground() -> None:
    for colour in (*html._COLOURS.values(), html._NEUTRAL):
        assert _contrast(colour, "#111111") >= 4.5


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    text = "a" * 100 + SENTENCE
    fact = made(polarity=Polarity.AFFIRMED, modality=Modality.ACTUAL)
    with open_store(tmp_path_factory.mktemp("display") / "store") as opened:
        opened.write(Extraction(Article("a1", text, published=date(2026, 3, 1), publisher="<b>Blatt"), claims=(fact,)))
        yield opened


def test_a_store_shows_what_is_in_it(store: Store) -> None:
    assert repr(store) == f"<Store {store.path}, open for writing>"
    words = read(store._repr_html_()).words
    for part in (str(store.path), "open for writing", "articles 1", "claims 1", "USA 1", "Iran 1"):
        assert part in words


def test_a_closed_store_shows_itself_too(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    store.close()
    assert repr(store).endswith("closed>")
    assert "closed" in store._repr_html_()


def test_a_stored_claim_looks_like_one_just_read(store: Store) -> None:
    [claim] = store.claims()
    page = read(claim._repr_html_())
    assert page.marks == ["Nach russischen Angaben", "US", "Iran", "angegriffen"]
    assert "<b>Blatt" in page.words
    assert repr(claim) == "<StoredClaim USA attacks Iran, affirmed, actual, 0.75: 'angegriffen' in a1[158:169]>"


def test_results_are_tables(store: Store) -> None:
    page = read(store.select("who-attacks")._repr_html_())
    assert "greift an" in page.words
    assert "table" in page.tags
    many = store.select("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 60")
    assert many._repr_html_().count("<tr>") == 51
    assert "… and more" in many._repr_html_()
    table = views.timeline(store)
    assert "estimated probability" in table._repr_html_()


def test_networks_are_pictures(store: Store) -> None:
    for graph in (views.entities(store), views.signed(store), views.articles(store), views.ego(store, "USA")):
        page = read(graph._repr_html_())
        assert "svg" in page.tags
        assert "Iran" in page.words
        assert graph._repr_html_() == graph._repr_html_()
        assert isinstance(graph.copy(), type(graph))
    assert "greift an 1" in read(views.entities(store)._repr_html_()).words
    assert "svg" in read(views.entities(store, as_of=date(1990, 1, 1))._repr_html_()).tags


def test_a_picture_of_many_shows_the_strongest() -> None:
    graph = views.PairGraph()
    for number in range(50):
        graph.add_edge("centre", f"n{number:02}", weight=100 - number, sign=(1, -1, 0)[number % 3])
    words = read(graph._repr_html_()).words
    assert "n28" in words
    assert "n29" not in words
    assert "30 of 51 nodes, 50 edges" in words
    assert "cooperation" in words
    nx.set_edge_attributes(graph, None, "sign")
    assert "30 of 51 nodes" in graph._repr_html_()


def test_records_are_made_without_what_shows_them() -> None:
    code = (
        "import sys, kgraph.model; loaded = {'html', 'kgraph.display.html', 'kgraph.display.records'} & set(sys.modules);"
        "print(sorted(loaded))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
