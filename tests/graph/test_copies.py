from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import StoreError
from kgraph.graph import Store, open_store
from kgraph.graph.fingerprints import Fingerprint, fingerprint, read_fingerprint
from kgraph.graph.vocab import COPIES_GRAPH
from kgraph.model import Actor, Extraction, Relation

DAY = date(2026, 3, 2)
LEAD = "Die USA haben am Montag Stellungen im Iran bombardiert."
REST = """
Nach Angaben des Verteidigungsministeriums richteten sich die Angriffe gegen Lager und Werkstätten im Westen des Landes.
Über Opfer wurde zunächst nichts bekannt, örtliche Medien meldeten jedoch mehrere Explosionen in der Nacht.
Ein Sprecher der Regierung sagte, man werde sich weitere Schritte vorbehalten und stehe mit den Verbündeten in Kontakt.
Bewohner mehrerer Orte berichteten von Stromausfällen, die bis zum frühen Morgen andauerten und auch Kliniken betrafen.
""".strip()
BLAME = "Moskau verurteilte die US-Angriffe."
OTHER = """
Bei einem Treffen in Genf wollen die Außenminister beider Länder in der kommenden Woche über den Austausch von Gefangenen
sprechen, wie aus Kreisen der Delegationen verlautete; zuvor hatten sich die Unterhändler wochenlang nicht auf einen Ort
für die Gespräche einigen können, und auch diesmal steht eine Zusage der zweiten Seite bislang noch aus.
""".strip()


@pytest.fixture
def report(made: Any) -> Any:
    """The same report as a paper prints it: under a headline, perhaps shortened, perhaps with another sentence."""

    def printed(
        name: str, headline: str = "", rest: str = REST, *, blame: bool = False, published: date | None = DAY
    ) -> Extraction:
        text = made.Text(name, published=published, title=headline or "Luftangriffe")
        text.text = f"{headline}\n" if headline else ""
        attack: tuple[Actor, str] = (made.USA, "USA")
        text.claim(LEAD, attack, Relation.ATTACKS, "bombardiert", (made.IRAN, "Iran"))
        text.text += rest + "\n"
        if blame:
            text.claim(BLAME, (made.RUSSIA, "Moskau"), Relation.CRITICIZES, "verurteilte", (made.USA, "US"))
        return text.done()

    return printed


def links(store: Store, relation: str) -> set[tuple[str, str]]:
    """What is linked, by the ids of the articles."""
    ids = {article.iri: article.id for article in store.articles()}
    ids |= {claim.id: claim.article.id for claim in store.claims()}
    rows = store.select(f"SELECT ?a ?b {{ ?a kg:{relation} ?b }}")
    assert all(row.a.iri != row.b.iri for row in rows)
    return {(ids[row.a.iri], ids[row.b.iri]) for row in rows}


KG = "PREFIX kg: <https://w3id.org/kgraph/ns#> PREFIX id: <https://w3id.org/kgraph/id/> "


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("INSERT DATA { GRAPH id:graph\\/copies { <FIRST> kg:copyOf <urn:gone> } }", "a copy of one that is stored"),
        ("INSERT DATA { GRAPH id:graph\\/copies { <FIRST> kg:copyOf <COPY> } }", "no copy itself"),
        ("INSERT DATA { GRAPH id:graph\\/copies { <urn:gone> kg:copyOf <FIRST> } }", "only an article that is stored"),
        ("DROP GRAPH <FIRST>", "a copy of one that is stored"),
        ("DROP GRAPH <FIRST>", "repeats one that is stored"),
        ("DROP GRAPH <COPY>", "only a claim that is stored"),
        ("DELETE WHERE { GRAPH id:graph\\/copies { ?a kg:copyOf ?b } }", "only claims of copies"),
        ("DELETE { GRAPH <COPY> { ?c kg:polarity ?p } } INSERT { GRAPH <COPY> { ?c kg:polarity kg:negated } } "
         "WHERE { GRAPH <COPY> { ?c kg:polarity ?p } }", "of the same polarity"),
        ("INSERT DATA { GRAPH id:graph\\/mine { <urn:a> kg:copyOf <FIRST> } }", "did not write"),
    ],
)  # fmt: skip
def test_links_that_lead_astray_are_found(store: Store, report: Any, update: str, message: str) -> None:
    first, copy = report("p1", published=DAY - timedelta(1)), report("p2", "Wieder Luftangriffe auf den Iran")
    store.load([first, copy])
    assert len(links(store, "repeats")) == len(links(store, "copyOf")) == 1
    assert store.check().faults == ()
    store._engine.quads.update(KG + update.replace("FIRST", first.article.iri).replace("COPY", copy.article.iri))
    assert any(message in fault.what for fault in store.check().faults), store.check().faults


def counted(store: Store, **options: bool) -> dict[str, int]:
    return {edge["relation"]: edge["claims"] for _, _, edge in store.to_networkx(**options).edges(data=True)}


def test_a_report_in_five_papers_is_kept_five_times_and_counted_once(store: Store, report: Any) -> None:
    shortened = "\n".join(REST.splitlines()[:3])
    edited = REST.replace("Über Opfer wurde zunächst nichts bekannt", "Zu Opfern gab es keine Angaben")
    papers = [
        report("p1", published=DAY - timedelta(1)),
        report("p2", "Wieder Luftangriffe auf den Iran"),
        report("p3", "Explosionen in der Nacht", shortened),
        report("p4", "", edited, published=DAY + timedelta(1)),
        report("p5", "Angriffe: Moskau empört", blame=True, published=DAY + timedelta(2)),
    ]
    for paper in papers:
        store.write(paper)
    assert links(store, "copyOf") == {(f"p{number}", "p1") for number in range(2, 6)}
    assert len(links(store, "repeats")) == 4
    assert counted(store) == {"attacks": 1, "criticizes": 1}  # the last paper alone says who was blamed
    assert counted(store, copies=True) == {"attacks": 5, "criticizes": 1}
    assert store.counts().claims == 6
    assert len(list(store.claims())) == 6
    assert store.check().ok


def test_other_articles_of_the_day_are_no_copies(store: Store, report: Any) -> None:
    store.write(report("p1"))
    store.write(report("p2", rest=OTHER))
    store.write(report("short", rest="Mehr in Kürze."))
    store.write(report("brief", rest="Mehr in Kürze."))  # too short to say whether it is the same
    assert not links(store, "copyOf")
    assert not links(store, "repeats")


@pytest.mark.parametrize(
    ("one", "other", "copies"),
    [(DAY, DAY + timedelta(3), True), (DAY, DAY + timedelta(4), False), (None, None, True), (DAY, None, False)],
)
def test_copies_are_of_about_the_same_day(
    store: Store, report: Any, one: date | None, other: date | None, copies: bool
) -> None:
    store.write(report("p1", published=one))
    store.write(report("p2", published=other))
    assert bool(links(store, "copyOf")) is copies


def test_the_first_is_the_earliest_and_not_who_was_read_first(store: Store, report: Any) -> None:
    for name, day in (("c", 1), ("b", 0), ("a", 2), ("d", 1)):
        store.write(report(name, published=DAY + timedelta(day)))
    assert links(store, "copyOf") == links(store, "repeats") == {(name, "b") for name in "acd"}


def chain(report: Any) -> list[Extraction]:
    """Three texts, of which the middle one is like the two others, while these are not alike."""
    words = (REST + " " + OTHER).split()
    cuts = (words[:75], words[20:110], words[50:])
    return [
        report(f"k{number}", rest=" ".join(cut), blame=number == 2, published=DAY + timedelta(number))
        for number, cut in enumerate(cuts)
    ]


def test_the_order_of_writing_does_not_matter(template: Path, tmp_path: Path, report: Any) -> None:
    papers = [*chain(report), report("p1"), report("p2", published=DAY - timedelta(1)), report("x", rest=OTHER)]
    hashes = set()
    chance = random.Random(4)
    for number in range(6):
        with open_store(shutil.copytree(template, tmp_path / str(number))) as store:
            order: Sequence[Extraction] = chance.sample(papers, len(papers))
            if number % 2:
                store.write(report("p1", "Noch eine Fassung", OTHER))
                for paper in order:
                    store.write(paper)
            else:
                store.load(order[:3])
                store.load(order[3:])
                store.write(report("gone"))
                store.remove("gone")
            hashes.add(store.canonical_hash())
            assert links(store, "copyOf")
    assert len(hashes) == 1


def test_what_holds_a_group_together_may_go(store: Store, report: Any) -> None:
    left, middle, right = chain(report)
    store.load([left, right])
    apart = store.canonical_hash()
    assert not links(store, "copyOf")
    store.write(middle)
    assert links(store, "copyOf") == {("k1", "k0"), ("k2", "k0")}
    store.remove("k1")
    assert store.canonical_hash() == apart
    store.write(middle)
    store.write(replace(middle, article=replace(middle.article, text=BLAME), claims=()))
    assert not links(store, "copyOf")


def test_what_one_article_says_twice_counts_twice(store: Store, report: Any, made: Any) -> None:
    for name in ("p1", "p2"):
        text = made.Text(name)
        for sentence in (LEAD, f"Auch am Dienstag haben die USA den Iran bombardiert. {REST}"):
            text.claim(sentence, (made.USA, "USA"), Relation.ATTACKS, "bombardiert", (made.IRAN, "Iran"))
        store.write(text.done())
    assert counted(store) == {"attacks": 2}


def test_removing_all_leaves_nothing(store: Store, report: Any) -> None:
    before = store.canonical_hash()
    for name in "abc":
        store.write(report(name))
    for name in "bac":
        store.remove(name)
    assert store.canonical_hash() == before
    assert not store._engine.graph(COPIES_GRAPH)


@pytest.mark.parametrize("harm", ["delete", "break"])
def test_the_index_is_made_anew_from_the_store(path: Path, report: Any, harm: str) -> None:
    with open_store(path) as store:
        store.write(report("p1"))
    index = path / "copies.sqlite3"
    index.unlink() if harm == "delete" else index.write_bytes(b"no database" * 1000)
    with open_store(path) as store:
        store.write(report("p2"))
        assert {len(names) for names in map(set, links(store, "copyOf"))} == {2}


def test_an_index_that_cannot_be_used_is_named(path: Path, report: Any) -> None:
    with open_store(path) as store:
        before = store.canonical_hash()
        (path / "copies.sqlite3").mkdir()
        with pytest.raises(StoreError, match=r"copies\.sqlite3"):
            store.write(report("p1"))
        assert store.canonical_hash() == before
    with pytest.raises(StoreError, match=r"copies\.sqlite3"):
        open_store(path)


def test_a_loading_killed_before_its_links_is_finished_by_the_next_opening(path: Path, report: Any) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with pytest.raises(Killed), open_store(path) as store:
        store._writing._link = killed  # type: ignore[method-assign, assignment]
        store.load([report("p1"), report("p2")])
    with open_store(path) as store:
        assert {len(names) for names in map(set, links(store, "copyOf"))} == {2}
    with open_store(path) as store:
        assert not store._writing._copies.unlinked


def test_many_that_are_alike_are_no_report(store: Store, report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.graph.copies._LARGEST", 4)
    store.load(report(f"p{number}") for number in range(9))
    sizes = [len(list(group)) for _, group in itertools.groupby(sorted(b for _, b in links(store, "copyOf")))]
    assert max(sizes) == 3


# --- fingerprints


def test_a_fingerprint_is_the_same_everywhere() -> None:
    found = fingerprint(f"{LEAD} {REST}")
    assert found is not None
    assert (found.runs, found.sample[:3]) == (72, (101779528, 117454764, 205111036))


def test_case_signs_and_the_form_of_letters_do_not_matter() -> None:
    assert fingerprint(REST) == fingerprint(REST.upper().replace(",", " –").replace("Ü", "U\u0308"))


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=200))
def test_any_text_has_a_fingerprint_or_none(parts: list[str]) -> None:
    found = fingerprint(" ".join(parts))
    if found:
        assert read_fingerprint(str(found)) == found
        assert found.copies(found)


@given(st.integers(0, 10_000), st.floats(0.75, 1))
def test_a_shortened_text_is_a_copy_both_ways(seed: int, share: float) -> None:
    words = [f"w{random.Random(seed + number).randrange(5000)}" for number in range(400)]
    whole, part = fingerprint(" ".join(words)), fingerprint(" ".join(words[: int(400 * share)]))
    assert whole
    assert part
    assert whole.copies(part)
    assert part.copies(whole)


@given(st.integers(0, 10_000))
def test_texts_with_a_third_in_common_are_no_copies(seed: int) -> None:
    chance = random.Random(seed)
    one, other = ([f"w{chance.randrange(5000)}" for _ in range(400)] for _ in range(2))
    first, second = fingerprint(" ".join(one)), fingerprint(" ".join(one[:130] + other[130:]))
    assert first
    assert second
    assert not first.copies(second)


@pytest.mark.parametrize(
    "text", ["", "3", "3:", ":AAAA", "x:AAAAAA==", "9:AAAA", "9:AAAAAAAAAAA=", "0:AAAAAQ==", "9:ä"]
)
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - from several places
        read_fingerprint(text)


def test_a_hostile_fingerprint_is_no_burden() -> None:
    largest = Fingerprint(10**12, tuple(range(64)))
    assert read_fingerprint(str(largest)) == largest
