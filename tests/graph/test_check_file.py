from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import DataError, UsageError
from kgraph.graph import Store
from kgraph.graph.check_file import check_file

FORMATS = {".ttl": "turtle", ".trig": "trig", ".nq": "nquads", ".jsonld": "json-ld"}
Write = Callable[..., Path]


@pytest.fixture(scope="module")
def texts(shared: Store) -> dict[str, str]:
    """The store of both articles, in each format."""
    found = {}
    for ending, name in FORMATS.items():
        output = io.BytesIO()
        shared.export(output, name)
        found[ending] = output.getvalue().decode()
    return found


@pytest.fixture
def write(texts: dict[str, str], tmp_path: Path) -> Write:
    """Writes the store's file in a format, with what patterns find replaced; each has to be in it."""

    def written(ending: str, changes: dict[str, str] | None = None, *, more: str = "") -> Path:
        text = texts[ending]
        for pattern, by in (changes or {}).items():
            text, count = re.subn(pattern, by, text)
            assert count, pattern
        path = tmp_path / f"graph{ending}"
        path.write_text(text + more, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize("ending", FORMATS)
def test_what_the_store_exports_is_in_order(write: Write, ending: str) -> None:
    report = check_file(write(ending))
    assert report.faults == ()
    assert (report.articles, report.claims) == (2, 5)


def test_a_packed_file_is_looked_through_as_well(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "graph.trig.gz"
    path.write_bytes(gzip.compress(write(".trig").read_bytes()))
    assert (check_file(path).faults, check_file(path).claims) == ((), 5)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"graph\.trig\.gz: .*packing is broken"):
        check_file(path)


def test_the_whole_store_is_in_order(shared: Store, tmp_path: Path) -> None:
    path = tmp_path / "all.ttl"
    with path.open("wb") as output:
        shared.export(output, "turtle", everything=True)
    assert check_file(path).faults == ()


def test_what_two_articles_say_is_one_triple_and_in_order(store: Store, made: Any, tmp_path: Path) -> None:
    store.write(made.attack("a1"))
    store.write(made.attack("b1"))
    path = tmp_path / "two.ttl"
    with path.open("wb") as output:
        store.export(output, "turtle")
    report = check_file(path)
    assert (report.faults, report.articles, report.claims) == ((), 2, 4)


EDGE = "<https://w3id.org/kgraph/id/Q30> <https://w3id.org/kgraph/ns#kills> <https://w3id.org/kgraph/id/Q794> "
ARTICLE = "<https://w3id.org/kgraph/id/article/000000000000000000000000>"


@pytest.mark.parametrize(
    ("ending", "changes", "more", "messages"),
    [
        (
            ".ttl",
            {r"kg:triggerStart \d+": "kg:triggerStart 3", r"kg:confidence 0\.75": "kg:confidence 1.75",
             r'kg:countryCode "MDA"': 'kg:countryCode "Moldova"'},
            EDGE + '. <urn:a> <urn:b> <urn:c> . <urn:actor> a kg:State . [] a kg:Claim ; kg:rule [] .',
            ["its id does not fit", "the confidence is a decimal", "the direct edge Q30 kills Q794 has no affirmed",
             "belongs to no article, and is no actor", "an actor has a name", "ISO 3166-1",
             "its evidence leads to no article", "a claim names one rule"],
        ),
        (
            ".ttl",
            {r"kg:polarity kg:negated": "kg:polarity kg:doubted", r"oa:hasSource id:article\S+(?= .*\n)": "oa:hasSource <urn:x>"},
            "",
            ["the polarity is affirmed or negated", "its evidence leads to no article", "evidence comes from one article"],
        ),
        (".ttl", {"dcterms:identifier": "dcterms:identified"}, "", ["no whole article"]),
        (".trig", {r"kg:polarity kg:negated": "kg:polarity kg:doubted"}, "", ["is not whole"]),
        (
            ".nq",
            {r"(ns#triggerStart> )\"\d+\"": r'\1"3"', r"\"0\.75\"": '"1.75"'},
            f"{EDGE}<urn:strange> .\n{EDGE}.\n<urn:x> <urn:b> <urn:c> {ARTICLE} .",
            ["its id does not fit", "the confidence is a decimal", "did not write; take them out of the file",
             "the default graph", "no whole article"],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(
    write: Write, ending: str, changes: dict[str, str], more: str, messages: list[str]
) -> None:
    report = check_file(write(ending, changes, more=more))
    told = "\n".join(f"{fault.where}: {fault.what}" for fault in report.faults)
    for message in messages:
        assert message in told


def test_actors_that_the_file_does_not_describe_are_those_of_the_lists(write: Write) -> None:
    listed = r"<https://w3id.org/kgraph/id/Q30> <[^>]+> .* <https://w3id.org/kgraph/id/graph/actors> \.\n"
    path = write(".nq", {listed: ""})
    assert check_file(path).faults == ()


@pytest.mark.parametrize(
    ("name", "text", "error", "message"),
    [
        ("a.ttl", "<urn:a> <urn:b> .", DataError, r"a\.ttl:1: is no Turtle"),
        ("a.nq", "\n\nnonsense", DataError, r"a\.nq:3: is no N-Quads"),
        ("a.jsonld", "{", DataError, "is no JSON-LD"),
        ("a.trig", "\x00", DataError, "is no TriG"),
        ("a.rdf", "", UsageError, "no kind of RDF ends in '.rdf'"),
        ("a", "", UsageError, "must end in one of .nq"),
    ],
)
def test_what_is_no_rdf_is_told(tmp_path: Path, name: str, text: str, error: type[Exception], message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(error, match=message):
        check_file(path)


def test_a_context_on_the_web_is_not_fetched(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"@context": "http://127.0.0.1:9/context.jsonld", "name": "x"}')
    with pytest.raises(DataError, match="is no JSON-LD"):
        check_file(path)


def test_an_empty_file_is_in_order(tmp_path: Path) -> None:
    for name in ("a.ttl", "a.nq"):
        (tmp_path / name).write_text("")
        report = check_file(tmp_path / name)
        assert (report.ok, report.articles, report.claims) == (True, 0, 0)


def test_a_file_of_something_else_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.graph.check_file._MOST", 10)
    path = tmp_path / "a.nt"
    path.write_text("".join(f"<urn:a{number}> <urn:b> <urn:c> .\n" for number in range(20)))
    with pytest.raises(UsageError, match="more than 10 triples belong to no article"):
        check_file(path)
