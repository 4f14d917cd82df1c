"""The tables of a run: what their columns are called, and what is in them. Types are written as Spark writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kgraph.graph.rdf import Known
from kgraph.model import Article, Claim, Mention

_END = "{0} STRING, {0}_id STRING, {0}_type STRING, {0}_country STRING, {0}_for STRING, {0}_via STRING, {0}_text STRING, {0}_start INT, {0}_end INT"
CLAIM = ", ".join(
    (
        "id STRING, article STRING, article_iri STRING, date DATE, date_end DATE, date_origin STRING",
        _END.format("subject"),
        "relation STRING, quad STRING",
        _END.format("object"),
        "polarity STRING, modality STRING, attributed_to STRING, attributed_to_id STRING, confidence DOUBLE, rule STRING",
        "sentence STRING, sentence_start INT, sentence_end INT, trigger STRING, trigger_start INT, trigger_end INT",
        "title STRING, publisher STRING, published DATE, url STRING",
    )
)
ARTICLE = (
    "id STRING, iri STRING, lang STRING, title STRING, publisher STRING, published DATE, url STRING, sentences INT"
)
PROBLEM = "place STRING, what STRING, skipped BOOLEAN"
EXTRACTED = f"article STRUCT<{ARTICLE}>, claims ARRAY<STRUCT<{CLAIM}>>, quads STRING, problems ARRAY<STRUCT<{PROBLEM}>>"
"""A row for each row that was read: its article (null where there is none), the claims, the article's graph in N-Quads
(null where nothing was read), and what was wrong."""


def names(columns: str) -> list[str]:
    """The names of the columns of a table."""
    return [column.split()[0] for column in columns.split(", ")]


def article_row(article: Article, sentences: int) -> dict[str, Any]:
    """The row of an article that was read."""
    fields = ("id", "iri", "lang", "title", "publisher", "published", "url")
    return {**{name: getattr(article, name) for name in fields}, "sentences": sentences}


def claim_row(claim: Claim, article: Article, known: Known) -> dict[str, Any]:
    """The row of a claim."""
    said, when = claim.attribution, claim.when
    return {
        "id": claim.id,
        "article": article.id,
        "article_iri": article.iri,
        "date": when.start if when else None,
        "date_end": when.end if when else None,
        "date_origin": when.origin.value if when else None,
        **dict(_end("subject", claim.subject, known.on_behalf_of(claim.subject, article, claim))),
        "relation": claim.relation.value,
        "quad": claim.relation.quad.value,
        **dict(_end("object", claim.object, known.on_behalf_of(claim.object, article, claim))),
        "polarity": claim.polarity.value,
        "modality": claim.modality.value,
        "attributed_to": said.span.text if said else None,
        "attributed_to_id": said.actor.id if said and said.actor else None,
        "confidence": claim.confidence,
        "rule": claim.rule,
        "sentence": claim.sentence.text,
        "sentence_start": claim.sentence.start,
        "sentence_end": claim.sentence.end,
        "trigger": claim.trigger.text,
        "trigger_start": claim.trigger.start,
        "trigger_end": claim.trigger.end,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "url": article.url,
    }


def _end(name: str, end: Mention, acts_for: str) -> Iterator[tuple[str, Any]]:
    yield name, end.actor.label
    yield f"{name}_id", end.actor.id
    yield f"{name}_type", end.actor.type.value
    yield f"{name}_country", end.actor.country
    yield f"{name}_for", acts_for
    yield f"{name}_via", end.via.value
    yield f"{name}_text", end.text
    yield f"{name}_start", end.start
    yield f"{name}_end", end.end
