"""The confidence of claims: fitted weights, within bounds, lower where a reader would be less sure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kgraph import Article, Claim, Pipeline
from kgraph.errors import DataError
from kgraph.extract import confidence
from kgraph.extract.confidence import Confidence
from kgraph.model import Relation


@cache
def claims(text: str) -> tuple[Claim, ...]:
    return Pipeline.load("de").extract(Article("a", text)).claims


def of(text: str, relation: Relation) -> float:
    [found] = [claim.confidence for claim in claims(text) if claim.relation is relation]
    return found


def test_a_description_makes_a_claim_less_sure() -> None:
    named = of("Polen kritisierte Ungarn. Polen griff Ungarn an.", Relation.ATTACKS)
    described = of("Polen kritisierte Ungarn. Das Land griff Serbien an.", Relation.ATTACKS)
    assert 0.5 < described < named < 1


def test_a_plan_is_less_sure_than_a_deed() -> None:
    deed = of("Polen griff Ungarn an.", Relation.ATTACKS)
    assert of("Polen will Ungarn angreifen.", Relation.ATTACKS) < deed


def test_the_value_stays_within_its_bounds() -> None:
    assert Confidence({"bias": 50.0}).value({}) == 0.99
    assert Confidence({"bias": -50.0}).value({}) == 0.05
    assert Confidence({"bias": 0.0, "detour": -1.0}).value({"detour": 1.0, "unknown": 9.0}) == pytest.approx(0.269)


@pytest.mark.parametrize("text", ["", "[weights]\nbias = 'x'", "weights = 3", "[weights\n"])
def test_a_faulty_file_is_named(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "confidence.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(confidence, "lang_dir", lambda _: tmp_path)
    with pytest.raises(DataError, match=r"confidence\.toml"):
        Confidence.load(f"test {text!r}")
