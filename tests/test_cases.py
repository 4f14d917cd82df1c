"""The marked-up cases, read by the whole pipeline: parser, linker, extractor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kgraph import Article, Claim, Pipeline
from kgraph.actors import load_registry
from kgraph.errors import UnknownActor

CASES = Path(__file__).parent / "cases"
WORDS = {"negated", "planned", "alleged", "hypothetical"}


@dataclass(frozen=True)
class Edge:
    subject: str
    relation: str
    object: str
    polarity: str = "affirmed"
    modality: str = "actual"
    source: str | None = None
    optional: bool = False


def parse_edge(text: str) -> Edge:
    optional = text.endswith("?")
    found = re.fullmatch(
        r"(.+?) ([a-z]+[A-Za-z]*) (.+?)((?: (?:negated|planned|alleged|hypothetical))*)(?: by (.+?))?\s*\??", text
    )
    assert found, f"not an edge: {text!r}"
    marks = set(found[4].split())
    modality = next(iter(marks & {"planned", "alleged", "hypothetical"}), "actual")
    return Edge(
        found[1], found[2], found[3], "negated" if "negated" in marks else "affirmed", modality, found[5], optional
    )


def read_cases(path: Path) -> list[tuple[str, tuple[Edge, ...]]]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        sentence, _, edges = line.partition("=>")
        cases.append((sentence.strip(), tuple(parse_edge(e.strip()) for e in edges.split(";") if e.strip())))
    return cases


@cache
def pipeline() -> Pipeline:
    return Pipeline.load("de")


def is_named(name: str, claim_end: object, label: str, country: str | None, iri: str) -> bool:
    if name in {label, country} or name in label:
        return True
    try:
        return load_registry("de").resolve(name).id == iri
    except UnknownActor:
        return False


def agrees(edge: Edge, claim: Claim) -> bool:
    def ends(first: str, second: str) -> bool:
        return all(
            is_named(name, end, end.actor.label, end.actor.country, end.actor.id)
            for name, end in ((first, claim.subject), (second, claim.object))
        )

    same = edge.relation == claim.relation and (edge.polarity, edge.modality) == (claim.polarity, claim.modality)
    said = claim.attribution.actor if claim.attribution else None
    by = edge.source is None or (said is not None and is_named(edge.source, None, said.label, said.country, said.id))
    return (
        same
        and by
        and (ends(edge.subject, edge.object) or (claim.relation.symmetric and ends(edge.object, edge.subject)))
    )


ALL = [case for path in sorted(CASES.glob("de*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize(("sentence", "edges"), ALL, ids=lambda value: value if isinstance(value, str) else "")
def test_case(sentence: str, edges: tuple[Edge, ...]) -> None:
    claims = pipeline().extract(Article("case", sentence)).claims
    missed = [edge for edge in edges if not edge.optional and not any(agrees(edge, claim) for claim in claims)]
    spurious = [
        f"{c.subject.actor.label} {c.relation} {c.object.actor.label} {c.polarity} {c.modality}"
        for c in claims
        if not any(agrees(edge, c) for edge in edges)
    ]
    assert not missed
    assert not spurious
