"""The editor for SPARQL at /sparql: YASGUI with the named queries as examples and the ontology's terms for completion."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import KgraphError
from kgraph.graph import PREFIXES, NamedQuery, ParameterKind, Ref, Store, named_queries
from kgraph.graph.substitute import substituted
from kgraph.serve.access import access_of
from kgraph.serve.rendering import render

_PAIR = """
SELECT ?a ?b ?relation (COUNT(?claim) AS ?claims)
WHERE { ?claim rdf:subject ?a ; rdf:object ?b ; rdf:predicate ?relation FILTER(?a != ?b) }
GROUP BY ?a ?b ?relation ORDER BY DESC(?claims) ?a ?b ?relation LIMIT 1
"""
_TERMS = """
SELECT ?term (SAMPLE(?kind) AS ?of) (SAMPLE(?de_) AS ?label_de) (SAMPLE(?en_) AS ?label_en)
  (SAMPLE(?about_de_) AS ?about_de) (SAMPLE(?about_en_) AS ?about_en)
WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:NamedIndividual }
  ?term a ?kind ; rdfs:label ?de_ , ?en_ ; skos:definition ?about_de_ , ?about_en_ .
  FILTER(STRSTARTS(STR(?term), STR(kg:)))
  FILTER(LANG(?de_) = "de" && LANG(?en_) = "en" && LANG(?about_de_) = "de" && LANG(?about_en_) = "en")
}
GROUP BY ?term ORDER BY ?term
"""
_FIRST = "neighbours"  # the example that the editor opens with
_NOBODY = ("Q159", "Q30", "attacks")  # whom the examples ask for where the store holds no claim


@dataclass(frozen=True, slots=True)
class Example:
    """A named query as SPARQL that runs; `title` and `about` are in German and English."""

    name: str
    title: dict[str, str]
    about: dict[str, str]
    text: str


async def page(request: Request) -> Response:
    """Answer with the editor; ?example= puts a named query into it."""
    found, terms = await access_of(request).read(gathered)
    data = {"prefixes": PREFIXES, "examples": [asdict(example) for example in found], "terms": terms}
    asked = request.query_params.get("example", _FIRST)
    text = next((example.text for example in found if example.name == asked), "SELECT * WHERE { ?s ?p ?o } LIMIT 10\n")
    return render(request, "sparql.html", style_src="'self' 'unsafe-inline'", data=data, query_text=text)


def gathered(store: Store) -> tuple[list[Example], list[dict[str, Any]]]:
    """The examples, and the terms of the ontology with their labels and definitions."""
    terms = [row.as_dict() for row in store.select(_TERMS)]
    return examples(store), terms


def examples(store: Store) -> list[Example]:
    """All named queries, asked for the actors that the store says most about."""
    pair = [str(cell.iri) if isinstance(cell, Ref) else "" for row in store.select(_PAIR) for cell in row]
    a, b, relation = pair[:3] if pair else (PREFIXES["id"] + _NOBODY[0], PREFIXES["id"] + _NOBODY[1], "")
    return [
        Example(query.name, dict(query.title), dict(query.about), _text(query, store, [a, b], relation))
        for query in named_queries()
    ]


def _text(query: NamedQuery, store: Store, actors: list[str], relation: str) -> str:
    """The text of a query with actors for the parameters that it needs, and no comment but who they are."""
    values: dict[str, object] = {}
    said: list[str] = []
    for parameter in query.parameters:
        if parameter.required and parameter.kind is ParameterKind.ACTOR and actors:
            actor, *actors = actors
            values[parameter.name] = Ref(actor, store.label(actor))
            said.append(f"# {parameter.name}: {' '.join(store.label(actor).split())}\n")
        elif parameter.required and parameter.kind is ParameterKind.RELATION:
            values[parameter.name] = Ref(relation or PREFIXES["kg"] + _NOBODY[2], "")
    lines = query.text_for(values).splitlines()
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        del lines[0]
    text = "\n".join(lines)
    try:
        text = substituted(text, query.variables(query.bind(values, store.resolve)))
    except KgraphError:  # a parameter of another kind: whoever tries the query fills it in
        said.append(f"# {query.usage}\n")
    return "".join([f"# {query.title['de']} | {query.title['en']}\n", *said, text, "\n"])
