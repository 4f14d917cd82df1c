"""A server over a store of hostile texts, and a browser that may ask this machine's servers and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from kgraph.graph import open_store
from kgraph.model import DATA, Actor, ActorType, Modality, Polarity, Relation

HOSTILE = {
    "tag": "<img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "quotes": "\"' onmouseover='alert(1)' x=\"",
    "template": "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "bidi": "\u202eNATO\u202c \u0645\u0635\u0631 \u05d9\u05e9\u05e8\u05d0\u05dc",
    "emoji": "👩‍🚀🇩🇪 Ünïcödé",
    "long": "Langwort" * 1250,
}


def hostile_articles(made: Any) -> Iterator[Any]:
    """An article for each hostile text, which stands in every place where a text can stand."""
    names = list(HOSTILE)
    for number, (name, words) in enumerate(HOSTILE.items()):
        evil = Actor(f"{DATA}person/{name}", ActorType.PERSON, words, "MDA")
        other = Actor(f"{DATA}group/{names[number - 1]}", ActorType.ARMED_GROUP, HOSTILE[names[number - 1]])
        text = made.Text(
            f"evil/{name}{words[:40]}", title=words, publisher=words, source=words,
            url=f"javascript:alert('{words[:40]}')", published=date(2026, 1, 1 + number),
        )  # fmt: skip
        sentence = f"Laut {words} traf {words} die Leute von {words} nicht."
        text.claim(
            sentence, (evil, words), Relation.MEETS, "traf", (other, words),
            polarity=Polarity.NEGATED, modality=Modality.ALLEGED, source=(None, f"Laut {words}"),
        )  # fmt: skip
        yield text.done()


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The hostile texts by name."""
    return HOSTILE


@pytest.fixture(scope="session")
def hostile(made: Any, start: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over hostile texts."""
    path = tmp_path_factory.mktemp("hostile") / "store"
    with open_store(path) as store:
        for extraction in hostile_articles(made):
            store.write(extraction)
        for number in range(60):
            store.write(made.attack(f"plain{number}"))
    return start(store=path)


@dataclass
class Visit:
    """An opened page: what it logged, what it asked others for."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """Open a page of a server: visit(server, path, width=…, dark=…); nothing may be logged, or asked of others."""
    visits: list[tuple[Any, Visit]] = []

    def opened(
        server: Any, path: str, *, width: int = 1440, height: int = 900, dark: bool = False, lang: str = "de-DE",
        javascript: bool = True,
    ) -> Visit:  # fmt: skip
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=lang,
            java_script_enabled=javascript,
        )
        page = context.new_page()
        seen = Visit(page)
        own = urlsplit(server.address).netloc

        def guard(route: Any) -> None:
            if urlsplit(route.request.url).netloc == own:
                route.continue_()
            else:
                seen.requests.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        page.on(
            "console",
            lambda message: seen.errors.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("dialog", lambda dialog: (seen.errors.append("dialog: " + dialog.message), dialog.dismiss()))
        page.goto(server.address.rstrip("/") + path)
        visits.append((context, seen))
        return seen

    yield opened
    for context, seen in visits:
        context.close()
        assert seen.requests == []
        assert seen.errors == []
