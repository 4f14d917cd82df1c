"""Pages about what has an IRI of kgraph's: actors and conflicts, claims, articles, and whatever else the store holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.errors import UnknownActor
from kgraph.graph import Ref, Store
from kgraph.graph.vocab import ARTICLES
from kgraph.model import DATA, ActorType
from kgraph.serve import charts, forms, places
from kgraph.serve.forms import Form
from kgraph.serve.index import ask, counts, schema
from kgraph.serve.index.ask import Filter
from kgraph.serve.index.records import ActorRow, ClaimRow
from kgraph.serve.index.rows import Lang
from kgraph.serve.marks import marks_of
from kgraph.serve.pages.common import View, answer, day_of, look, turtle

_CLAIMS = 15
_NAMES = 24
_BREAK = 3  # characters of white space between two sentences
_TEMPLATES = {"article": "article.html", "claim": "claim.html", "actor": "actor.html", "thing": "thing.html"}
_ALT_NAMES = "SELECT ?actor ?name WHERE { ?actor skos:altLabel ?name } ORDER BY ?name LIMIT 200"
_SAME = "SELECT ?actor ?same WHERE { ?actor owl:sameAs ?same }"
_OFFICES = """
SELECT DISTINCT ?person ?of ?title ?from ?to ?former ?source ?day WHERE {
  GRAPH ?source { ?office kg:officeHolder ?person ; kg:officeOf ?of }
  OPTIONAL { ?source schema:datePublished ?day }
  OPTIONAL { ?office skos:prefLabel ?title }
  OPTIONAL { ?office kg:from ?from }
  OPTIONAL { ?office kg:to ?to }
  OPTIONAL { ?office kg:formerOffice ?former }
} ORDER BY DESC(?from) ?of ?title LIMIT 200
"""
_PARTIES = "SELECT ?conflict ?party WHERE { ?conflict kg:conflictParty ?party } ORDER BY ?party"
_TERM = "SELECT ?thing ?from ?to WHERE { OPTIONAL { ?thing kg:from ?from } OPTIONAL { ?thing kg:to ?to } }"
_SENTENCE = (
    "SELECT ?evidence ?article ?start WHERE { ?evidence oa:hasSource ?article ; oa:hasSelector/oa:start ?start }"
)
_ORIGINAL = "SELECT ?article ?first WHERE { ?article kg:copyOf ?first }"


async def page(request: Request) -> Response:
    """Answer with what is known of a thing, in the form that is wanted."""
    given = request.path_params["name"]
    name, suffix = forms.split(given)
    form = forms.wanted(request, suffix)
    iri = places.iri_of(name)
    place = places.path_of(iri)
    if form is Form.TURTLE:
        return await turtle(request, [iri], place)
    view = await look(request, about, iri, day_of(request, "as_of"))
    if "kind" not in view:
        raise HTTPException(404, f"the graph has nothing with the name {iri}")
    if view["kind"] == "evidence":
        return RedirectResponse(view["at"], 303)
    template = _TEMPLATES[view["kind"]]
    return answer(request, template, view, form, place=place, offered=tuple(Form), json_view=view.get("json"))


def about(store: Store, path: Path, lang: Lang, iri: str, as_of: str) -> View:
    """All that a page says of a thing, of an actor as of a day unless that is empty; empty where there is none."""
    if not store.describe(iri, limit=1).triples:
        return {}
    if iri.startswith(f"{DATA}article/"):
        return _article(store, path, lang, iri)
    if iri.startswith(f"{DATA}claim/"):
        return _claim(store, path, lang, iri)
    if iri.startswith(f"{DATA}evidence/"):
        return _evidence(store, iri)
    return _actor(store, path, lang, iri, as_of) or {
        "kind": "thing",
        "iri": iri,
        "turtle": store.describe(iri, limit=500).turtle.decode(),
        "json": {"iri": iri},
    }


def _actor(store: Store, path: Path, lang: Lang, iri: str, as_of: str) -> View:
    with schema.reading(path, as_of) as database:
        row = _row(store, database, iri, lang)
        if not row.type:
            return {}
        wanted = Filter(actor=iri)
        view: View = {
            "kind": "actor",
            "actor": row,
            "names": _names(store, iri, row.label),
            "wikidata": _wikidata(store, iri),
            "offices": _offices(store, database, iri, lang, as_of),
            "officials": counts.officials(database, iri, lang),
            "neighbours": counts.neighbours(database, iri, lang),
            "relations": counts.relations_of(database, iri),
            "chart": charts.chart(counts.by_month(database, wanted)),
            "claims": ask.claims(database, lang, wanted, size=_CLAIMS),
            "conflict": None,
        }
        if row.type == ActorType.CONFLICT.value:
            view["conflict"] = _conflict(store, database, iri, lang)
        return view


def _row(store: Store, database: Any, iri: str, lang: Lang) -> ActorRow:
    """An actor, also one that no claim names; without a type where nothing is known of it."""
    if row := ask.actor(database, iri, lang):
        return row
    try:
        known = store.actor(iri)
    except UnknownActor:
        return ActorRow(iri, store.label(iri, lang), "", None, 0)
    return ActorRow(iri, store.label(iri, lang), known.type.value if known.type else "", known.country, 0)


def _names(store: Store, iri: str, label: str) -> list[str]:
    names = dict.fromkeys(str(row.name) for row in store.select(_ALT_NAMES, actor=Ref(iri, "")))
    return [name for name in names if name != label][:_NAMES]


def _wikidata(store: Store, iri: str) -> str | None:
    same = (row.same.iri for row in store.select(_SAME, actor=Ref(iri, "")) if isinstance(row.same, Ref))
    number = next((iri.rpartition("/")[2] for iri in same if iri.startswith("http://www.wikidata.org/entity/Q")), None)
    return f"https://www.wikidata.org/wiki/{number}" if number else None


def _offices(store: Store, database: Any, iri: str, lang: Lang, as_of: str) -> list[dict[str, Any]]:
    """The offices of a person that lists or articles of the time give it; of those with a title in several languages, the one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in store.select(_OFFICES, person=Ref(iri, "")):
        assert isinstance(row["of"], Ref)
        assert isinstance(row["source"], Ref)
        if as_of and row["source"].iri.startswith(ARTICLES) and not "" < str(row["day"] or "") <= as_of:
            continue
        key = (row["of"].iri, str(row["from"] or row["title"]))
        office = {
            "title": str(row["title"] or ""),
            "of": _row(store, database, row["of"].iri, lang),
            "first": str(row["from"] or ""),
            "last": str(row["to"] or ""),
            "former": bool(row["former"]),
        }
        found.setdefault(key, office)
    return list(found.values())


def _conflict(store: Store, database: Any, iri: str, lang: Lang) -> dict[str, Any]:
    parties = [row.party.iri for row in store.select(_PARTIES, conflict=Ref(iri, "")) if isinstance(row.party, Ref)]
    term = next(iter(store.select(_TERM, thing=Ref(iri, ""))), None)
    rows = [_row(store, database, party, lang) for party in parties]
    pairs = [(one, other) for place, one in enumerate(rows) for other in rows[place + 1 :]]
    counted = [
        (one, other, ask.claims(database, lang, Filter(one.iri, other.iri), size=1).total) for one, other in pairs
    ]
    return {
        "parties": rows,
        "first": str((term and term["from"]) or ""),
        "last": str((term and term["to"]) or ""),
        "pairs": [{"one": one, "other": other, "claims": total} for one, other, total in counted if total],
        "mediators": counts.subjects(database, iri, "mediates", lang),
    }


def _claim(store: Store, path: Path, lang: Lang, iri: str) -> View:
    with schema.reading(path) as database:
        row = ask.claim(database, iri, lang)
        if row is None:
            return {}
        same = ask.alike(database, row, lang)
        stored = next((claim for claim in store.claims(article=row.article.iri) if claim.id == iri), None)
        if stored is None:
            return {}
        ends = [_end(store, database, end, lang) for end in (stored.subject, stored.object)]
    return {
        "kind": "claim",
        "claim": row,
        "ends": ends,
        "rule": stored.rule,
        "origin": stored.when.origin.value if stored.when else "",
        "agreeing": [other for other in same if other.polarity == row.polarity],
        "denying": [other for other in same if other.polarity != row.polarity],
        "json": {**stored.as_dict(), "page": places.path_of(iri), "same": [other.iri for other in same]},
    }


def _end(store: Store, database: Any, end: Any, lang: Lang) -> dict[str, Any]:
    acts_for = end.on_behalf_of if end.on_behalf_of != end.actor.iri else None
    return {
        "words": end.span.text,
        "via": end.via.value,
        "for": _row(store, database, acts_for, lang) if acts_for else None,
    }


def _article(store: Store, path: Path, lang: Lang, iri: str) -> View:
    with schema.reading(path) as database:
        row = ask.article(database, iri)
        if row is None:
            return {}
        claims = ask.claims_of_article(database, iri, lang)
    original = next((found["first"] for found in store.select(_ORIGINAL, article=Ref(iri, ""))), None)
    return {
        "kind": "article",
        "article": row,
        "original": original if isinstance(original, Ref) else None,
        "sentences": _sentences(claims),
        "json": {"article": row, "claims": claims},
    }


def _sentences(claims: list[ClaimRow]) -> list[dict[str, Any]]:
    """Sentences in the order of the text, each with its claims and the marks of them all; `gap` where text lies before it."""
    made: list[dict[str, Any]] = []
    end = 0
    for number, row in enumerate(claims, 1):
        if not made or made[-1]["start"] != row.start:
            made.append(
                {"start": row.start, "text": row.sentence, "gap": row.start > end + _BREAK, "claims": [], "marks": []}
            )
            end = row.start + len(row.sentence)
        made[-1]["claims"].append((number, row))
        made[-1]["marks"] += marks_of(row.marks, number)
    return made


def _evidence(store: Store, iri: str) -> View:
    """Where the sentence of an evidence is shown."""
    row = next(iter(store.select(_SENTENCE, evidence=Ref(iri, ""))), None)
    if row is None or not isinstance(row["article"], Ref):
        return {}
    return {"kind": "evidence", "at": f"{places.path_of(row['article'].iri)}#at-{row['start']}"}
