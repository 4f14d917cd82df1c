"""The extractor against the annotated example articles: figures that only rise, and offsets that always fit."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kgraph import Article, Extraction, Pipeline, read
from kgraph.evaluate import Gold, Score, score
from kgraph.interchange import claim_to_dict, read_conllu, write_conllu
from kgraph.resources import seeds_dir

GOLD = Path(__file__).parent / "gold"
FLOORS = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))


@cache
def pipeline() -> Pipeline:
    return Pipeline.load("de")


@cache
def extractions() -> tuple[Extraction, ...]:
    return tuple(pipeline().run(article for article in read(seeds_dir()) if article.lang == "de"))


@cache
def articles(name: str) -> tuple[Extraction, ...]:
    return tuple(pipeline().run(read([str(GOLD / f"{name}.docs.jsonl")], lang="de")))


@cache
def result(name: str) -> Score:
    gold = Gold.load(GOLD / f"{name}.gold.jsonl", GOLD / f"{name}.docs.jsonl")
    found = extractions() if name == "seeds" else articles(name)
    return score(gold, [claim_to_dict(claim) for each in found for claim in each.claims])


def test_the_gold_is_about_the_seeds_as_they_are() -> None:
    docs = [json.loads(line) for line in (GOLD / "seeds.docs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {doc["doc"]: doc["text"] for doc in docs} == {
        found.article.id: found.article.text for found in extractions()
    }


@pytest.mark.parametrize("figure", ["precision", "recall", "f1"])
@pytest.mark.parametrize("name", ["seeds", "news", "agency"])
def test_no_figure_falls(name: str, figure: str) -> None:
    assert getattr(result(name).strict, figure) >= FLOORS[name][figure]


@pytest.mark.parametrize("name", ["seeds", "news", "agency"])
def test_modality_does_not_fall(name: str) -> None:
    assert result(name).modality >= FLOORS[name]["modality"] * result(name).strict.found


def test_the_speaker_is_the_one_who_is_quoted() -> None:
    quotes = [json.loads(line) for line in (GOLD / "news.quotes.jsonl").read_text(encoding="utf-8").splitlines()]
    docs = [json.loads(line) for line in (GOLD / "news.docs.jsonl").read_text(encoding="utf-8").splitlines()]
    spans = {(doc["doc"], span["i"]): (span["b"], span["e"]) for doc in docs for span in doc["sents"]}
    claims = {found.article.id: found.claims for found in articles("news")}
    right = total = 0
    for quote in quotes:
        begin, end = spans[quote["doc"], quote["sent"]]
        said = [c for c in claims[quote["doc"]] if begin <= c.trigger.start < end and not c.rule.endswith("/office")]
        speakers = [claim.attribution.span for claim in said if claim.attribution]
        speakers += [claim.subject for claim in said]  # who demands is the one who speaks
        total += bool(said)
        right += any(span.start < quote["end"] and quote["start"] < span.end for span in speakers)
    assert total >= FLOORS["quotes"]["found"]
    assert right >= FLOORS["quotes"]["speaker"] * total


def test_every_span_quotes_the_article() -> None:
    for found in extractions():
        assert found.problems == ()
        for claim in found.claims:
            spans = [claim.sentence, claim.trigger, claim.subject, claim.object]
            if claim.attribution:
                spans.append(claim.attribution.span)
            for span in spans:
                quotes(found.article, span)
            assert claim.sentence.start <= claim.trigger.start <= claim.trigger.end <= claim.sentence.end
        for sentence in found.sentences:
            quotes(found.article, sentence)
            for token in sentence.tokens:
                assert found.article.text[token.start : token.end] == token.form
        for mention in found.mentions:
            quotes(found.article, mention)


def quotes(article: Article, span: Any) -> None:
    assert article.text[span.start : span.end] == span.text


def test_trees_survive_conllu_and_give_the_same_claims() -> None:
    for found in extractions():
        [(article, sentences)] = read_conllu(write_conllu(found.article, found.sentences))
        assert sentences == found.sentences
        assert pipeline().extract_parsed(article, sentences).claims == found.claims
