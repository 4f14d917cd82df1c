"""Pages made of templates; everything put into one is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kgraph.model import Relation
from kgraph.serve import marks, places
from kgraph.serve.flags import flag_path
from kgraph.serve.gate import policy
from kgraph.serve.index.rows import Lang
from kgraph.serve.words import LANGUAGES, best_language, words

_TEMPLATES = Path(__file__).parent / "templates"
_COOKIE = "kgraph-language"
_A_YEAR = 365 * 24 * 3600


@cache
def environment() -> Environment:
    """The templates; a name that a page does not give them is an error."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(path=_path, flag=flag_path, web=places.web_address)
    made.globals.update(
        at=_at,
        pair_path=_pair_path,
        pieces=marks.pieces,
        marks_of=marks.marks_of,
        found=marks.found,
        query=_query,
        quads={relation.value: relation.quad.value.replace(" ", "-") for relation in Relation},
        quad_of=lambda name: Relation(name).quad.value,
    )
    return made


def render(
    request: Request,
    template: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    style_src: str = "'self'",
    **context: Any,
) -> HTMLResponse:
    """A page: a template of `templates/` with what it is given; `style_src` is that part of its security policy."""
    lang = language(request)
    about = {"alternates": {}, "stale": False, "as_of": _day(request), **context}
    page = environment().get_template(template).render(request=request, lang=lang, t=words(lang), **about)
    sent = {
        "Content-Language": lang,
        "Vary": "Accept, Accept-Language, Cookie",
        **(headers or {}),
        "Content-Security-Policy": policy(style_src=style_src),
    }
    response = HTMLResponse(page, status_code, sent)
    if request.query_params.get("lang") == lang:
        response.set_cookie(_COOKIE, lang, max_age=_A_YEAR, samesite="lax", httponly=True)
    return response


def prefers_html(request: Request) -> bool:
    """True where a request comes from somebody who looks at pages."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return "text/html" in accepted


def language(request: Request) -> Lang:
    """The language of a page: the one asked for (?lang=), the one chosen before, the one that the browser likes best."""
    for asked in (request.query_params.get("lang"), request.cookies.get(_COOKIE)):
        if asked in LANGUAGES:
            return asked
    return best_language(request.headers.get("accept-language", ""), request.app.state.settings.lang)


def _day(request: Request) -> str:
    """The day as of which a page is asked for, in ISO form; empty where there is none."""
    with suppress(ValueError):
        return date.fromisoformat(request.query_params.get("as_of", "").strip()).isoformat()
    return ""


@pass_context
def _at(context: Context, address: str) -> str:
    """An address of this server, as of the day that the page is asked for, if it is asked for one."""
    return address + (f"{'&' if '?' in address else '?'}as_of={quote(context['as_of'])}" if context["as_of"] else "")


@pass_context
def _path(context: Context, iri: str) -> str:
    return _at(context, places.path_of(iri))


@pass_context
def _pair_path(context: Context, one: str, other: str) -> str:
    return _at(context, places.pair_path(one, other))


def _query(request: Request, **changes: str | int | None) -> str:
    """The request's query string with changes; None takes a parameter out."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes and value]
    return "?" + urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
