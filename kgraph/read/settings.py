"""What a user can say about reading from the web."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol


def _agent() -> str:
    try:
        return f"kgraph/{version('kgraph')} (reads news articles, slowly)"
    except PackageNotFoundError:  # a checkout that is not installed
        return "kgraph (reads news articles, slowly)"


class Pages(Protocol):
    """Which of the pages that feeds, site maps and lists name were read before."""

    def known(self, address: str) -> bool:
        """True for a page that need not be asked for again."""
        ...

    def done(self, address: str) -> None:
        """A page was read."""
        ...

    def failed(self, address: str) -> None:
        """A page could not be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """How pages are fetched.

    `delay` is the pause between two requests to one server, in seconds; `timeout` how long a server may say nothing,
    `deadline` how long a page may take as a whole; `max_bytes` how large it may be, unpacked; `retries` how often a
    failure that may pass is tried again, with pauses of 1, 2, 4 … seconds or what the server asks for; `max_pages` how
    many pages of one feed, site map or list are read. `allow` names networks that are not public and may be read
    all the same, like `10.1.0.0/16`. `cache` is a folder that keeps pages, so that only what has changed is sent again.
    `pages` knows which pages of feeds, site maps and lists are not to be read again.
    """

    user_agent: str = field(default_factory=_agent)
    delay: float = 1.0
    timeout: float = 20.0
    deadline: float = 120.0
    max_bytes: int = 32 * 2**20
    retries: int = 3
    max_pages: int = 1000
    allow: tuple[str, ...] = ()
    cache: Path | None = None
    pages: Pages | None = None
