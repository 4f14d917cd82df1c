"""Adding an article by text or file, on servers that write."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import KgraphError
from kgraph.model import Extraction
from kgraph.serve.faults import status_of
from kgraph.serve.gate import same_token
from kgraph.serve.reading import KINDS, Given, reading_of
from kgraph.serve.rendering import language, render
from kgraph.serve.words import words

_FIELDS = ("title", "publisher", "published", "url", "text")
_LONGEST = 2_000  # characters of what is said about an article


class _Wrong(Exception):
    """What was sent cannot be read; the text tells the person who sent it."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.status = status


async def form(request: Request) -> Response:
    """Answer with the form. Raises a 403 where the server only reads."""
    _check_writes(request)
    return _form(request, dict.fromkeys(_FIELDS, ""))


async def add(request: Request) -> Response:
    """Read what was sent and store it; answer with what was found, or with the form and what is wrong with it."""
    _check_writes(request)
    async with request.form(max_files=1, max_fields=20, max_part_size=request.app.state.settings.max_body) as sent:
        kept = {name: str(sent.get(name) or "") for name in _FIELDS}
        try:
            given = await _given(request, sent)
            found, changed = await reading_of(request).add(given)
        except _Wrong as wrong:
            return _form(request, kept, str(wrong), wrong.status)
        except KgraphError as error:
            return _form(request, kept, str(error), status_of(error))
    added = [_row(extraction, new) for extraction, new in zip(found.extractions, changed, strict=True)]
    claims = sum(row["claims"] for row in added)
    return render(request, "added.html", added=added, claims=claims, problems=found.problems)


def _check_writes(request: Request) -> None:
    if not request.app.state.settings.write:
        raise HTTPException(403, words(language(request))("not_writing"))


def _form(request: Request, kept: dict[str, str], wrong: str = "", status: int = 200) -> Response:
    size = f"{request.app.state.settings.max_body >> 20} MB"
    return render(
        request, "add.html", status_code=status, headers={"Cache-Control": "no-store"},
        kept=kept, wrong=wrong, size=size, kinds=",".join(KINDS),
    )  # fmt: skip


async def _given(request: Request, sent: FormData) -> Given:
    """What a form gives. Raises _Wrong where it did not come from here, without the token, or without an article."""
    t = words(language(request))
    if not _from_here(request):
        raise _Wrong(t("foreign_form"), 403)
    if not same_token(str(sent.get("token") or ""), request.app.state.settings):
        raise _Wrong(t("wrong_token"), 401)
    known = {name: str(sent.get(name) or "").strip()[:_LONGEST] or None for name in ("title", "publisher", "url")}
    published = _day(str(sent.get("published") or "").strip(), t)
    file = sent.get("file")
    if isinstance(file, UploadFile) and file.filename:
        name = PurePath(file.filename.replace("\\", "/"))
        suffix = name.suffix.lower()
        if suffix not in KINDS:
            raise _Wrong(t("wrong_kind", given=suffix or name.name, kinds=" ".join(KINDS)))
        return Given(name.stem or "article", suffix, await file.read(), published=published, **known)
    text = str(sent.get("text") or "").replace("\r\n", "\n")
    if not text.strip():
        raise _Wrong(t("nothing_given"))
    content = text.encode("utf-8", "replace")
    name_of_text = f"text-{hashlib.sha256(content).hexdigest()[:12]}"
    return Given(name_of_text, ".txt", content, published=published, **known)


def _day(given: str, t: Any) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise _Wrong(t("wrong_day", given=given[:40])) from None


def _from_here(request: Request) -> bool:
    """True where a form was sent by a page of this server: browsers say so, and cannot be made to lie by other sites."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _row(extraction: Extraction, new: bool) -> dict[str, Any]:
    article = extraction.article
    return {
        "iri": article.iri,
        "title": article.title,
        "name": article.id,
        "claims": len(extraction.claims),
        "new": new,
    }
