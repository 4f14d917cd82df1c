"""What the columns of the tables mean, with their units."""

from __future__ import annotations

from types import MappingProxyType

from kgraph.views.table import Column, Kind

_SUBJECT = (
    Column("subject", Kind.TEXT, "label of who acts, in the store's language"),
    Column("subject_id", Kind.TEXT, "IRI of who acts"),
)
_OBJECT = (
    Column("object", Kind.TEXT, "label of who is acted upon, in the store's language"),
    Column("object_id", Kind.TEXT, "IRI of who is acted upon"),
)
_RELATION = Column("relation", Kind.TEXT, "name of the relation in the ontology")
_QUAD = Column("quad", Kind.TEXT, "quad class of the relation")
_CONFIDENCE = "from 0 to 1, the estimated probability of being read right"

TIMELINE = (
    Column("date", Kind.DAY, "first day the claim is dated to, else the day its article appeared"),
    Column("date_end", Kind.DAY, "last day, the first one where there is only one"),
    *_SUBJECT,
    _RELATION,
    *_OBJECT,
    Column("subject_for", Kind.TEXT, "IRI of the actor that a person at this end acts for, else of the end itself"),
    Column("object_for", Kind.TEXT, "IRI of the actor that a person at this end acts for, else of the end itself"),
    _QUAD,
    Column("goldstein", Kind.NUMBER, "value of the relation on Goldstein's scale, from -10 to 10; none for states of affairs"),
    Column("polarity", Kind.TEXT, "affirmed or negated"),
    Column("modality", Kind.TEXT, "actual, planned, alleged or hypothetical"),
    Column("fact", Kind.TRUTH, "whether the claim is affirmed and actual"),
    Column("attributed_to", Kind.TEXT, "the words by which the text names its source"),
    Column("speaker", Kind.TEXT, "label of the actor that these words name"),
    Column("confidence", Kind.NUMBER, _CONFIDENCE),
    Column("article", Kind.TEXT, "id of the article"),
    Column("publisher", Kind.TEXT, "publisher of the article"),
    Column("published", Kind.DAY, "day the article appeared"),
    Column("claim", Kind.TEXT, "IRI of the claim"),
)  # fmt: skip

MONTHLY = (
    Column("month", Kind.DAY, "first day of the month"),
    *_SUBJECT,
    _RELATION,
    *_OBJECT,
    _QUAD,
    Column("claims", Kind.COUNT, "number of claims"),
    Column("articles", Kind.COUNT, "number of articles that make them"),
    Column("denied", Kind.COUNT, "how many of the claims deny the relation"),
    Column("goldstein", Kind.NUMBER, "sum of the values on Goldstein's scale (-10 to 10 each) of the claims that affirm it"),
    Column("confidence", Kind.NUMBER, f"the highest of the claims: {_CONFIDENCE}"),
)  # fmt: skip

# Attributes of nodes and edges, in the order in which tables show them.
ATTRIBUTES = MappingProxyType(
    {
        column.name: column
        for column in (
            Column("id", Kind.TEXT, "IRI of the node"),
            Column("article", Kind.TEXT, "id of the article"),
            Column("source", Kind.TEXT, "label of the node where the edge starts"),
            Column("source_id", Kind.TEXT, "node where the edge starts"),
            _RELATION,
            Column("target", Kind.TEXT, "label of the node where the edge ends"),
            Column("target_id", Kind.TEXT, "node where the edge ends"),
            Column("label", Kind.TEXT, "name for people, in the store's language"),
            Column("type", Kind.TEXT, "class of the actor in the ontology"),
            Column("country", Kind.TEXT, "ISO 3166-1 alpha-3 code of the state it is, or belongs to"),
            Column("bipartite", Kind.COUNT, "0 for articles, 1 for actors"),
            Column("publisher", Kind.TEXT, "publisher of the article"),
            Column("published", Kind.DAY, "day the article appeared"),
            _QUAD,
            Column("symmetric", Kind.TRUTH, "whether the relation holds in both directions"),
            Column("claims", Kind.COUNT, "number of claims"),
            Column("articles", Kind.COUNT, "number of articles that make them"),
            Column("subject", Kind.COUNT, "in how many of the claims the actor is the subject"),
            Column("object", Kind.COUNT, "in how many of the claims the actor is the object"),
            Column("affirmed", Kind.COUNT, "claims that affirm the relation"),
            Column("negated", Kind.COUNT, "claims that deny it"),
            Column("actual", Kind.COUNT, "claims of a fact"),
            Column("planned", Kind.COUNT, "claims of a plan"),
            Column("alleged", Kind.COUNT, "claims that only somebody in the text makes"),
            Column("hypothetical", Kind.COUNT, "claims of a mere possibility"),
            Column("disputed", Kind.TRUTH, "whether some affirm and others deny"),
            Column("first", Kind.DAY, "first day of the claims"),
            Column("last", Kind.DAY, "last day of the claims"),
            Column("cooperation", Kind.COUNT, "claims of cooperation"),
            Column("conflict", Kind.COUNT, "claims of conflict"),
            Column("weight", Kind.COUNT, "number of claims that count"),
            Column("balance", Kind.NUMBER, "from -1, all conflict, to 1, all cooperation"),
            Column("sign", Kind.COUNT, "1 where cooperation outweighs conflict, -1 the other way, else 0"),
            Column("goldstein", Kind.NUMBER, "sum of the values on Goldstein's scale (-10 to 10 each)"),
            Column("tone", Kind.NUMBER, "mean value on Goldstein's scale, from -10 to 10"),
            Column("confidence", Kind.NUMBER, f"the highest of the claims: {_CONFIDENCE}"),
            Column("ids", Kind.TEXTS, "IRIs of the claims"),
        )
    }
)
