"""The explorer over the store: the page with the strongest edges in it, and what it asks for."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.explore import fragment, introduce, page_policy, put_flags, render_page
from kgraph.graph import Store
from kgraph.model import DATA
from kgraph.serve import places
from kgraph.serve.index import network, schema
from kgraph.serve.index.folding import plain
from kgraph.serve.index.network import Bundle
from kgraph.serve.index.records import ActorRow, ClaimRow
from kgraph.serve.index.rows import Lang
from kgraph.serve.pages.common import View, day_of, look, text_of

_EDGES, _EACH = 150, 12  # in the page itself; claims of an edge
_NEIGHBOURS, _NEAR = 30, 4
_ALL = 500  # claims of one edge


async def page(request: Request) -> Response:
    """Answer with the explorer; ?actor= leads to it with an actor chosen."""
    actor = text_of(request, "actor")
    if actor:
        name = f"~{actor.removeprefix(DATA)}" if actor.startswith(DATA) else actor
        return RedirectResponse(f"/explore#sel=node:{quote(name, safe='~')}", 303)
    view = await look(request, rendered)
    tag = f'"{view["digest"]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Security-Policy"] = view["policy"]
    return Response(view["page"], media_type="text/html", headers=headers)


async def graph(request: Request) -> Response:
    """Answer what the page asks: actors of a name, what is around one, all of an edge, a way between two."""
    asked = {name: text_of(request, name) for name in ("q", "actor", "subject", "relation", "object", "from", "to")}
    view = await look(request, part, asked, day_of(request, "as_of"))
    content = json.dumps(view["part"], ensure_ascii=False, separators=(",", ":"))
    return Response(content, media_type="application/json", headers={"Vary": "Accept-Language, Cookie"})


def rendered(store: Store, path: Path, lang: Lang) -> View:
    """The page with the strongest edges of the index."""
    with schema.reading(path) as database:
        bundles = network.strongest(database, "de", most=_EDGES, each=_EACH)
        made = render_page(
            [_row(claim) for bundle in bundles for claim in bundle.claims],
            lang=lang,
            api="/api/graph",
            home="/",
            complete=lambda data: _complete(store, database, data, bundles),
        )
    content = made.encode("utf-8", "replace")
    return {"page": content, "policy": page_policy(made), "digest": hashlib.sha256(content).hexdigest()[:24]}


def part(store: Store, path: Path, lang: Lang, asked: dict[str, str], as_of: str) -> View:
    """A part of the graph, in the form that the page knows."""
    with schema.reading(path, as_of) as database:
        if asked["q"]:
            nodes = [_node(row) for row in network.named(database, plain(asked["q"]).split())]
            found = {"nodes": nodes, "edges": [], "claims": [], "sentences": [], "articles": []}
            _complete(store, database, found, [])
            put_flags(found)
            return {"part": found}
        if asked["actor"]:
            bundles = network.around(database, asked["actor"], "de", most=_NEIGHBOURS, each=_NEAR)
        elif asked["subject"] and asked["relation"] and asked["object"]:
            key = (asked["subject"], asked["relation"], asked["object"])
            bundles = network.edge(database, key, "de", each=_ALL)
        elif asked["from"] and asked["to"]:
            bundles = network.way(database, asked["from"], asked["to"], "de", each=_NEAR)
        else:
            bundles = network.strongest(database, "de", most=_EDGES, each=_NEAR)
        made = fragment([_row(claim) for bundle in bundles for claim in bundle.claims])
        _complete(store, database, made, bundles)
    put_flags(made)
    return {"part": made}


def _complete(store: Store, database: sqlite3.Connection, data: dict[str, Any], bundles: Iterable[Bundle]) -> None:
    """Put in all names of actors, where their pages are, and how many claims nodes and edges have in all."""
    counts = {bundle.key: bundle.count for bundle in bundles}
    claims = {end.iri: end.claims for bundle in bundles for row in bundle.claims for end in (row.subject, row.object)}
    nodes = data["nodes"]
    names = network.names(database, [node["key"] for node in nodes])
    for node in nodes:
        node.update(page=places.path_of(node["key"]), claims=claims.get(node["key"], node["claims"]))
        german, english = names.get(node["key"], (node["label"], node["label"]))
        node["label"] = german
        if english != german:
            node["labelEn"] = english
        introduce(node, store.registry.by_id(node["key"]))
    for edge in data["edges"]:
        count = counts.get((nodes[edge["from"]]["key"], edge["relation"], nodes[edge["to"]]["key"]), 0)
        if count > len(edge["claims"]):
            edge["count"] = count


def _node(row: ActorRow) -> dict[str, Any]:
    node = {"key": row.iri, "label": row.label, "type": row.type, "claims": row.claims}
    return {**node, "country": row.country} if row.country else node


def _row(claim: ClaimRow) -> dict[str, Any]:
    """The claim in the interchange format; offsets count from the start of its sentence."""
    spans = [{"start": start, "end": end} for start, end in zip(claim.marks[::2], claim.marks[1::2], strict=False)]
    said: dict[str, Any] = {"mention": {"text": claim.said}} if claim.said else {}
    if claim.speaker:
        said |= {"id": claim.speaker.iri, "label": claim.speaker.label}
    return {
        "id": claim.iri,
        "sentence": {"start": 0, "text": claim.sentence},
        "subject": {**_actor(claim.subject), "mention": spans[0]},
        "trigger": spans[1],
        "object": {**_actor(claim.object), "mention": spans[2]},
        "relation": claim.relation,
        "polarity": claim.polarity,
        "modality": claim.modality,
        "confidence": claim.confidence,
        "attributed_to": said or None,
        "date": claim.day or None,
        "date_end": claim.last or None,
        "article": claim.article.iri,
        "title": claim.article.title or claim.article.name,
        "url": places.web_address(claim.article.url),
        "publisher": claim.article.publisher,
        "published": claim.article.published or None,
    }


def _actor(row: ActorRow) -> dict[str, Any]:
    return {"id": row.iri, "label": row.label, "type": row.type, "country": row.country}
