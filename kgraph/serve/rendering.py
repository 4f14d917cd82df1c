"""Pages made of templates; everything put into one is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kgraph.serve.gate import policy

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates; a name that a page does not give them is an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


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
    page = environment().get_template(template).render(request=request, lang=_lang(request), **context)
    sent = {**(headers or {}), "Content-Security-Policy": policy(style_src=style_src)}
    return HTMLResponse(page, status_code, sent)


def prefers_html(request: Request) -> bool:
    """True where a request comes from somebody who looks at pages."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return "text/html" in accepted


def _lang(request: Request) -> str:
    asked = request.query_params.get("lang")
    lang: str = request.app.state.settings.lang
    return asked if asked in {"de", "en"} else lang
