"""What all pages have in common: asking the index, answering in the form that is wanted, reading parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import UsageError
from kgraph.graph import Store
from kgraph.serve import places
from kgraph.serve.access import access_of
from kgraph.serve.forms import Form
from kgraph.serve.index.keeper import keeper_of
from kgraph.serve.index.rows import Lang
from kgraph.serve.rendering import language, render

_P = ParamSpec("_P")
View = dict[str, Any]
_MOST_PAGES = 100_000
_LONGEST = 500  # characters of a parameter that count


async def look(
    request: Request,
    function: Callable[Concatenate[Store, Path, Lang, _P], View],
    /,
    *args: _P.args,
    **kwargs: _P.kwargs,
) -> View:
    """What a function of a module finds with the store, the index and the page's language, in a worker.

    To the view that it returns `stale` is added: True where the index lags behind the store.
    """
    index = await keeper_of(request).index()
    view = await access_of(request).read(function, index.path, language(request), *args, **kwargs)
    return {**view, "stale": not index.fresh}


def answer(
    request: Request,
    template: str,
    view: View,
    form: Form,
    *,
    place: str | None = None,
    offered: tuple[Form, ...] = (Form.HTML, Form.JSON),
    json_view: View | None = None,
) -> Response:
    """A view as a page or as JSON; `place` is the path of the page without a suffix, that of the request if not given."""
    path = place or request.url.path.removesuffix(f".{form.value}")
    query = f"?{request.url.query}" if request.url.query else ""
    alternates: dict[Form, str] = {other: f"{path}.{other.value}{query}" for other in offered if other is not Form.HTML}
    headers = {
        "Content-Location": f"{path if path != '/' else '/index'}.{form.value}{query}",
        "Link": _links(alternates),
    }
    if form is Form.HTML:
        return render(request, template, alternates=alternates, headers=headers, **view)
    shown = {name: value for name, value in (json_view or view).items() if name != "stale"}
    content = json.dumps(plain(shown), ensure_ascii=False, allow_nan=False)
    return Response(
        content, media_type="application/json", headers={**headers, "Vary": "Accept, Accept-Language, Cookie"}
    )


async def turtle(request: Request, iris: list[str], place: str) -> Response:
    """What the store says of some things, as Turtle. Raises a 404 where it says nothing."""
    described = await access_of(request).read(Store.describe, *iris)
    if not described.triples:
        raise HTTPException(404, "there is nothing in the graph with this name")
    cut = f"# cut off after {described.triples} triples\n".encode() if described.truncated else b""
    headers = {"Content-Location": f"{place}.ttl", "Vary": "Accept"}
    return Response(cut + described.turtle, media_type="text/turtle", headers=headers)


def plain(value: Any) -> Any:
    """A view for JSON; what has an IRI also says where its page is."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        if "iri" in made:
            made["page"] = places.path_of(made["iri"])
        return made
    if isinstance(value, Mapping):
        return {str(name): plain(other) for name, other in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(other) for other in value]
    return value.isoformat() if isinstance(value, date) else value


def text_of(request: Request, name: str) -> str:
    """A parameter of the query string as a text; empty where it is missing."""
    return request.query_params.get(name, "").strip()[:_LONGEST]


def day_of(request: Request, name: str) -> str:
    """A parameter that is a day, in ISO form; empty where it is missing. Raises UsageError."""
    given = text_of(request, name)
    try:
        return date.fromisoformat(given).isoformat() if given else ""
    except ValueError:
        raise UsageError(f"{name} is '{given}', which is no day; write it like 2026-03-02") from None


def share_of(request: Request, name: str) -> float:
    """A parameter that is a number from 0 to 1; 0 where it is missing. Raises UsageError."""
    given = text_of(request, name)
    try:
        value = float(given.replace(",", ".")) if given else 0.0
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"{name} is '{given}'; give a number from 0 to 1, like 0.7")
    return value


def first_of(request: Request, size: int) -> int:
    """The place of the first row of the page that ?page= names. Raises UsageError."""
    given = text_of(request, "page") or "1"
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:9]) <= _MOST_PAGES:
        raise UsageError(f"page is '{given}'; give the number of a page, from 1")
    return (int(given) - 1) * size


def choice_of(request: Request, name: str, known: type) -> str:
    """A parameter that is one of the values of an enum; empty where it is missing. Raises UsageError."""
    given = text_of(request, name)
    values = [str(value) for value in known]  # type: ignore[attr-defined]
    if given and given not in values:
        raise UsageError(f"{name} is '{given}'; choose one of {', '.join(values)}")
    return given


def _links(alternates: Mapping[Form, str]) -> str:
    return ", ".join(f'<{path}>; rel="alternate"; type="{form.media_type}"' for form, path in alternates.items())
