"""What kgraph writes of real articles conforms to the shapes, whatever they say."""

from __future__ import annotations

from pathlib import Path

import kgraph
from kgraph.model import Modality, Polarity
from kgraph.resources import seeds_dir

NEWSROOM = Path(__file__).parents[1] / "notebooks" / "newsroom.jsonl"


def test_all_claims_of_the_example_articles_conform(tmp_path: Path) -> None:
    articles = list(kgraph.read([seeds_dir(), NEWSROOM]))
    with kgraph.open_store(tmp_path / "store") as store:
        store.load(kgraph.Pipeline.load("de").run(articles))
        report = store.check()
        assert report.faults == ()
        assert report.articles == len(articles)
        claims = list(store.claims())
    assert report.claims == len(claims) > 400
    assert {claim.modality for claim in claims} == set(Modality)
    assert {claim.polarity for claim in claims} == set(Polarity)
    assert any(claim.attribution and claim.attribution.actor for claim in claims)
    assert any(claim.subject.on_behalf_of != claim.subject.actor.iri for claim in claims)
