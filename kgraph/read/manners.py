"""How a guest behaves on other people's servers: robots.txt is kept, and requests come one after another with pauses."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from kgraph.errors import ArticleError
from kgraph.read.decode import decode_line

AGENT = "kgraph"
REFUSED = "is not fetched"
_MAX_PAUSE = 60.0


class Manners:
    """The rules of each server, asked for once, and when it was last disturbed.

    `delay` is the pause in seconds between two requests to one server; its robots.txt can only lengthen it. `fetch`
    gives the robots.txt at an address or None, and raises ArticleError where that cannot be known.
    """

    def __init__(self, delay: float, fetch: Callable[[str], bytes | None]) -> None:
        self._delay = delay
        self._fetch = fetch
        self._rules: dict[str, Protego | ArticleError | None] = {}
        self._last: dict[str, float] = {}

    def check(self, url: str) -> None:
        """Raises ArticleError for an address that its server's robots.txt keeps programs from, or that is unknown.

        A server without robots.txt allows everything; one whose robots.txt cannot be had allows nothing (RFC 9309).
        """
        rules = self._rules_for(url)
        if isinstance(rules, ArticleError):
            if rules.what.startswith(REFUSED):
                raise ArticleError(url, rules.what)
            raise ArticleError(url, f"{REFUSED}: what {rules.where} allows cannot be known: {rules.what}")
        if rules is None:
            return
        if not rules.can_fetch(url, AGENT):
            raise ArticleError(url, f"{REFUSED}: the site's robots.txt keeps programs from it")
        pause = rules.crawl_delay(AGENT)
        if pause is not None and pause > _MAX_PAUSE:
            raise ArticleError(url, f"{REFUSED}: the site asks for {pause:g} seconds between pages")

    def wait(self, url: str) -> None:
        """Wait until the server of an address may be disturbed again."""
        origin = _origin(url)
        rules = self._rules.get(origin)
        asked = rules.crawl_delay(AGENT) if isinstance(rules, Protego) else None
        rest = self._last.get(origin, -_MAX_PAUSE) + max(self._delay, asked or 0.0) - time.monotonic()
        if rest > 0:
            sleep(rest)
        self._last[origin] = time.monotonic()

    def _rules_for(self, url: str) -> Protego | ArticleError | None:
        origin = _origin(url)
        if origin not in self._rules:
            self._rules[origin] = None
            try:
                data = self._fetch(f"{origin}/robots.txt")
            except ArticleError as error:
                self._rules[origin] = error
            else:
                self._rules[origin] = Protego.parse(decode_line(data)) if data is not None else None
        return self._rules[origin]


def sleep(seconds: float) -> None:
    """Wait; a name of its own, so that tests need not."""
    time.sleep(seconds)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
