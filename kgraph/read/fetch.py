"""Pages are fetched from the web: slowly, within limits, and only where their servers' rules allow it."""

from __future__ import annotations

import email.utils
import io
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin

import httpcore2
import httpx2

from kgraph.errors import ArticleError
from kgraph.read import manners
from kgraph.read.cache import Cache, Fetched
from kgraph.read.guard import Expired, Guard, Refused, networks
from kgraph.read.settings import Web
from kgraph.read.unpack import unpacked

_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {429, 500, 502, 503, 504}
_MAX_REDIRECTS = 5
_MAX_URL = 4096
_MAX_WAIT = 60.0
_MAX_ROBOTS = 512 * 1024
_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes = b""


class _Passing(Exception):
    """A failure that may pass; `wait` is how many seconds the server asks for."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


class Fetcher:
    """Fetches one page at a time, and keeps connections open until it is closed."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._guard = Guard(networks(web.allow))
        self._pool = httpcore2.ConnectionPool(network_backend=self._guard, max_connections=4, keepalive_expiry=30)
        self._cache = Cache(web.cache) if web.cache else None
        self._manners = manners.Manners(web.delay, self._robots)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def get(self, url: str) -> Fetched:
        """The page at an address; from the cache where its server says that it has not changed.

        Raises ArticleError where it cannot be had, whatever the reason.
        """
        wanted = normalised(url)
        known = self._cache.get(wanted) if self._cache else None
        final, answer = self._follow(wanted, known)
        if answer.status == HTTPStatus.NOT_MODIFIED and known:
            return known
        if answer.status != HTTPStatus.OK:
            raise ArticleError(url, f"the server answers {_status(answer.status)}")
        kind = answer.headers.get("content-type", "")
        charset = _CHARSET.search(kind)
        page = Fetched(
            url=final,
            data=answer.data,
            kind=kind.partition(";")[0].strip().lower(),
            charset=charset[1] if charset else None,
            etag=answer.headers.get("etag"),
            modified=answer.headers.get("last-modified"),
        )
        if self._cache:
            self._keep(self._cache, wanted, page)
        return page

    def _keep(self, cache: Cache, url: str, page: Fetched) -> None:
        try:
            cache.put(url, page)
        except OSError as error:
            raise ArticleError(
                str(self._web.cache), f"pages cannot be kept there: {error.strerror or error}"
            ) from error

    def _robots(self, url: str) -> bytes | None:
        """What a server's robots.txt says; None where it has none. Raises ArticleError where that cannot be known."""
        _, answer = self._follow(url, None, mannered=False)
        if answer.status == HTTPStatus.OK:
            return answer.data[:_MAX_ROBOTS]
        if 400 <= answer.status < 500 and answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            return None
        raise ArticleError(url, f"the server answers {_status(answer.status)}")

    def _follow(self, url: str, known: Fetched | None, *, mannered: bool = True) -> tuple[str, _Answer]:
        """The last address and answer of a chain of redirects."""
        first = url
        for _ in range(_MAX_REDIRECTS + 1):
            validators = _validators(known) if known and known.url == url else {}
            try:
                if mannered:
                    self._manners.check(url)
                answer = self._insist(url, validators)
            except ArticleError as error:
                if url == first:
                    raise
                raise ArticleError(first, f"redirects to {url}, which {error.what}") from error
            if answer.status not in _REDIRECTS:
                return url, answer
            url = normalised(joined(url, answer.headers.get("location", "")), origin=first)
        raise ArticleError(first, f"redirects more than {_MAX_REDIRECTS} times")

    def _insist(self, url: str, validators: Mapping[str, str]) -> _Answer:
        """The answer to a request that is made again, ever later, where the failure may pass."""
        for attempt in range(self._web.retries + 1):
            self._manners.wait(url)
            try:
                answer = self._once(url, validators)
                if answer.status not in _PASSING or attempt == self._web.retries:
                    return answer
                wait = _retry_after(answer.headers.get("retry-after", ""))
                if wait is not None and wait > _MAX_WAIT:
                    return answer
            except _Passing as error:
                if attempt == self._web.retries:
                    tried = f" ({attempt + 1} times tried)" if attempt else ""
                    raise ArticleError(url, f"cannot be fetched: {error}{tried}") from error
                wait = None
            manners.sleep(wait if wait is not None else float(2**attempt))
        raise AssertionError("unreachable")

    def _once(self, url: str, validators: Mapping[str, str]) -> _Answer:
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._web.timeout)
        headers: dict[bytes | str, bytes | str] = {
            "Host": httpx2.URL(url).netloc,
            "User-Agent": self._web.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
        }
        headers.update(validators)
        self._guard.until = time.monotonic() + self._web.deadline
        try:
            with self._pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                wanted = response.status == HTTPStatus.OK
                data = self._body(response, found, url) if wanted else b""
                return _Answer(response.status, found, data)
        except Refused as error:
            raise ArticleError(url, f"{manners.REFUSED}: {error}; --allow-network allows it") from error
        except (Expired, httpcore2.TimeoutException) as error:
            if time.monotonic() >= self._guard.until:
                raise ArticleError(url, f"takes longer than {self._web.deadline:g} seconds") from error
            raise _Passing(f"the server says nothing for {self._web.timeout:g} seconds") from error
        except (httpcore2.NetworkError, httpcore2.RemoteProtocolError) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise ArticleError(url, f"its certificate is not trusted: {error}") from error
            raise _Passing(str(error) or type(error).__name__) from error
        except (httpcore2.LocalProtocolError, httpcore2.UnsupportedProtocol) as error:
            raise ArticleError(url, f"cannot be asked for: {error}") from error

    def _body(self, response: httpcore2.Response, headers: Mapping[str, str], url: str) -> bytes:
        """The body, unpacked, no longer than is allowed."""
        limit = self._web.max_bytes
        too_large = ArticleError(url, f"is larger than {limit / 2**20:g} MB")
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
            raise too_large
        data = bytearray()
        for chunk in response.iter_stream():
            data += chunk
            if len(data) > limit:
                raise too_large
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding in ("identity", ""):
            return bytes(data)
        if encoding not in ("gzip", "x-gzip"):
            raise ArticleError(url, f"is packed in a way that was not asked for: {encoding!r}")
        body = unpacked(io.BytesIO(data), ".gz", url).read(limit + 1)
        if len(body) > limit:
            raise too_large
        return body


def normalised(url: str, *, origin: str | None = None) -> str:
    """The address as it is asked for: without fragment, its host in ASCII. `origin` is what redirected to it.

    Raises ArticleError for what is no address on the web, or holds a password.
    """
    where, what = (
        (origin, f"redirects to what is no address on the web: {url[:200]!r}")
        if origin
        else (url[:200], "is no address on the web")
    )
    try:
        parts = httpx2.URL(url.strip())
        if parts.scheme not in ("http", "https") or not parts.host or len(url) > _MAX_URL:
            raise ArticleError(where, f"{what}; it must start with http:// or https://")
        if parts.userinfo:
            raise ArticleError(parts.host, "the address holds a password; kgraph does not log in")
        return str(parts.copy_with(fragment=None))
    except (httpx2.InvalidURL, ValueError, UnicodeError) as error:
        raise ArticleError(where, f"{what}: {error}") from error


def joined(base: str, url: str) -> str:
    """An address that stands on the page at another. Raises ArticleError for what cannot be one."""
    try:
        return urljoin(base, url.strip())
    except ValueError as error:
        raise ArticleError(base, f"names what is no address on the web: {url[:200]!r}") from error


def _validators(known: Fetched) -> dict[str, str]:
    said = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in said.items() if value}


def _retry_after(value: str) -> float | None:
    """The seconds that a server asks to be left alone, or None."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _status(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
