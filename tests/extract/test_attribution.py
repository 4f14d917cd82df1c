"""Who says so, in passages of our own: the share of right speakers is a floor, and what misses it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph import Article, Claim, Pipeline
from kgraph.actors import load_registry
from kgraph.errors import UnknownActor
from kgraph.model import Actor

CASES = Path(__file__).parents[1] / "cases" / "attribution.txt"
FLOOR = 0.85


@dataclass(frozen=True)
class Said:
    """An edge of a passage, and who should say it."""

    passage: str
    subject: str
    relation: str
    object: str
    speaker: str


def read(path: Path) -> Iterator[Said]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        passage, _, edges = line.partition("=>")
        for edge in edges.split(";"):
            found = re.fullmatch(r"(.+?) ([a-z]+[A-Za-z]*) (.+?) by (.+)", edge.strip())
            assert found, f"not an edge: {edge!r}"
            yield Said(passage.strip(), *found.groups())


@cache
def claims(passage: str) -> tuple[Claim, ...]:
    return pipeline().extract(Article("passage", passage)).claims


@cache
def pipeline() -> Pipeline:
    return Pipeline.load("de")


def is_named(name: str, actor: Actor) -> bool:
    if name in {actor.label, actor.country} or name in actor.label:
        return True
    try:
        return load_registry("de").resolve(name).id == actor.id
    except UnknownActor:
        return False


def is_edge(said: Said, claim: Claim) -> bool:
    ends = (claim.subject.actor, claim.object.actor)
    return said.relation == claim.relation and all(map(is_named, (said.subject, said.object), ends))


def speaker_fits(said: Said, claim: Claim) -> bool:
    source = claim.attribution
    if said.speaker == "nobody":
        return source is None
    if source is None:
        return False
    if said.speaker.startswith('"'):
        return source.actor is None and said.speaker.strip('"') in source.span.text
    return source.actor is not None and is_named(said.speaker, source.actor)


def miss(said: Said) -> str:
    found = [claim for claim in claims(said.passage) if is_edge(said, claim)]
    if any(speaker_fits(said, claim) for claim in found):
        return ""
    heard = [claim.attribution.span.text if claim.attribution else "nobody" for claim in found]
    return f"{said.passage}\n    {said.subject} {said.relation} {said.object} by {said.speaker}, not {heard or 'found'}"


def test_who_says_so() -> None:
    edges = list(read(CASES))
    misses = [text for text in map(miss, edges) if text]
    share = 1 - len(misses) / len(edges)
    print(f"right speaker on {share:.1%} of {len(edges)} edges; missed:", *misses, sep="\n")  # noqa: T201
    assert len({said.passage for said in edges}) >= 100
    assert share >= FLOOR, "\n".join([f"right speaker on {share:.1%} only; missed:", *misses])


def test_attributions_quote_the_text() -> None:
    for said in read(CASES):
        for claim in claims(said.passage):
            if claim.attribution is not None:
                span = claim.attribution.span
                assert said.passage[span.start : span.end] == span.text
