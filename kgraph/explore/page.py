"""The page itself: a template, a style, scripts and the data, all in one file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kgraph.errors import UsageError
from kgraph.explore.data import Claims, asset, page_data
from kgraph.explore.flags import put_flags
from kgraph.explore.rows import ClaimStore, graph_of_store

LANGUAGES = ("de", "en")
_SCRIPTS = (
    *("dom.js", "source.js", "words.js", "theme.js"),
    *("places.js", "model.js", "paths.js", "history.js", "link.js"),
    *("labels.js", "flags.js", "shapes.js", "overlay.js", "canvas.js"),
    *("pen.js", "picture.js", "export.js"),
    *("rows.js", "evidence.js", "time.js", "panel.js", "search.js", "filters.js"),
    *("notice.js", "menu.js", "actions.js", "keys.js", "page.js"),
)
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def write_page(
    store: ClaimStore,
    path: str | Path,
    *,
    min_claims: int = 1,
    min_confidence: float = 0.0,
    as_of: date | None = None,
    copies: bool = False,
    title: str | None = None,
    lang: str = "de",
    limit: int = 80,
) -> Path:
    """Write the page of a store's claims, and return its path.

    `as_of` leaves out what was not published by that day, and the page says so; `copies` counts what a copy of a report
    says again as well. Raises UsageError where the file cannot be written; see `render_page` for the other options.
    """
    page = render_page(
        graph_of_store(store, as_of=as_of, copies=copies),
        min_claims=min_claims,
        min_confidence=min_confidence,
        as_of=as_of,
        title=title,
        lang=lang,
        limit=limit,
    )
    from kgraph.graph.disk import write_whole  # with the engine, which a page alone does not need

    path = Path(path)
    try:
        write_whole(path, page.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: the page cannot be written ({error.strerror}): choose another place") from error
    return path


def render_page(
    claims: Claims,
    *,
    min_claims: int = 1,
    min_confidence: float = 0.0,
    as_of: date | None = None,
    title: str | None = None,
    lang: str = "de",
    limit: int = 80,
    api: str = "",
    home: str = "",
    complete: Callable[[dict[str, Any]], None] | None = None,
) -> str:
    """The page as HTML text, the same for the same claims.

    `claims` are a graph with one edge per claim, or rows in the interchange format. Claims below `min_confidence`
    (0 to 1) are left out, and so are edges gathered from fewer than `min_claims` claims. `limit` is the number of actors
    in the first picture, the strongest; the page's search lets the others in. `lang` ("de" or "en") is the language it
    opens in. `as_of` is the day that it says its claims were known by. With `api`, a path of the server that sends the
    page, the page asks there for more (`kgraph.explore.data` has the form of the answers); `home` is a path that its title
    leads to; `complete` may put into the data what `fragment` says that a server may add. Raises UsageError.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"language {lang!r}: the page speaks {' and '.join(LANGUAGES)}")
    data = page_data(
        claims,
        min_claims=min_claims,
        min_confidence=min_confidence,
        limit=limit,
        facts={
            "lang": lang,
            "title": title or "",
            "asOf": as_of.isoformat() if as_of else "",
            "api": api,
            "home": home,
        },
    )
    if complete:
        complete(data)
    put_flags(data)
    return _fill(title or data["words"][lang]["title"], lang, data)


def page_policy(page: str) -> str:
    """The content security policy of a page, for the header of a server that sends it."""
    found = _POLICY.search(page)
    return html.unescape(found[1]) if found else "default-src 'none'"


def _fill(title: str, lang: str, data: Mapping[str, Any]) -> str:
    library = _SOURCE_MAP.sub("", asset("vis-network.min.js"))
    script = "\n".join(asset(name) for name in _SCRIPTS)
    parts = {
        "lang": lang,
        "title": html.escape(_printable(title)),
        "policy": _policy(library, script, served=bool(data.get("api"))),
        "style": asset("page.css"),
        "data": embed(data),
        "library": library,
        "script": script,
    }
    return _SLOT.sub(lambda slot: parts[slot[1]], asset("page.html"))


def _policy(*scripts: str, served: bool) -> str:
    """A content security policy that runs exactly these scripts and forbids the network, save for the page's own server."""
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    own = "connect-src 'self'; " if served else ""
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        f"{own}base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def embed(data: object) -> str:
    """Data as JSON that is safe inside a script element and, lone surrogates included, in a UTF-8 file."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
