"""The benchmark of the store: what it draws is sound and always the same, and it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kgraph.graph import named_queries, open_store
from kgraph.model import Extraction, Modality, Polarity

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def drawn() -> list[Extraction]:
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.drawn import extractions

        return list(extractions(600))
    finally:
        sys.path.remove(str(ROOT))


def test_what_is_drawn_is_as_many_claims_as_asked_for_whose_words_stand_where_they_say(drawn: list[Extraction]) -> None:
    claims = [(claim, each.article) for each in drawn for claim in each.claims]
    assert len(claims) == len({claim.id for claim, _ in claims}) == 600
    for claim, article in claims:
        spans = [claim.sentence, claim.trigger, claim.subject, claim.object]
        spans += [claim.attribution.span] if claim.attribution else []
        for span in spans:
            assert article.text[span.start : span.end] == span.text
        assert claim.subject.actor.id != claim.object.actor.id
    assert {claim.modality for claim, _ in claims} == set(Modality)
    assert {claim.polarity for claim, _ in claims} == set(Polarity)
    days = [each.article.published for each in drawn]
    assert days == sorted(days, key=str)


def test_the_same_seed_draws_the_same(drawn: list[Extraction]) -> None:
    code = (
        "from benchmarks.drawn import extractions; "
        "print(*(claim.id for each in extractions(600) for claim in each.claims), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "5"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [claim.id for each in drawn for claim in each.claims]


def test_what_is_drawn_can_be_stored_without_faults(drawn: list[Extraction], tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        assert store.load(drawn[:40]) == 40
        assert store.check().faults == ()


def test_the_benchmark_measures_every_query(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.store", "--claims", "60", "--times", "1", "--folder", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert not done.stderr
    assert [line.split()[1] for line in lines if line.startswith("query ")] == [query.name for query in named_queries()]
    for measure in ("bulk load, store to engine", "disk", "add", "opening to write after a kill"):
        assert any(line.startswith(measure) for line in lines)
