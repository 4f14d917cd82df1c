"""Talking to a SPARQL 1.1 server: authentication, time limits, trying again, and its errors as ours.

Name and password come from the address, from KGRAPH_STORE_USER and KGRAPH_STORE_PASSWORD, or from ~/.netrc; a bearer
token from KGRAPH_STORE_TOKEN. They never stand in messages, nor are they sent to another server than the one named.
"""

from __future__ import annotations

import ipaddress
import netrc
import os
import re
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from kgraph.errors import MissingExtra, QueryError, QueryStopped, StoreError

try:
    import httpx2
except ImportError as error:
    raise MissingExtra("a store on a server", "remote") from error

_TIMEOUT = 60.0  # seconds for an answer to begin, and between its parts
_CONNECT = 10.0
_PAUSES = (0.2, 1.0, 3.0)  # seconds, before each further try
_PASSING = {429, 502, 503}
_TOO_SLOW = 504
_SHOWN = 500  # characters of what a server says


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: the media type and the body; `most` is a limit of rows that it says it has."""

    media_type: str
    body: bytes
    most: int | None


class Endpoint:
    """A SPARQL server: `query` is where it answers queries, `update` where it takes updates.

    Raises StoreError where the addresses are none, and from all methods where the server cannot be reached, refuses, or
    fails; QueryError where it says that a query is wrong; QueryStopped where a query takes too long.
    """

    def __init__(self, query: str, update: str | None) -> None:
        self.query_url, found = _without_password(query)
        self.update_url, other = _without_password(update or _guessed(query))
        token = os.environ.get("KGRAPH_STORE_TOKEN")
        name_and_password = found or other or _of_environment() or _of_netrc(self.query_url)
        auth = _Auth(name_and_password, token, self.query_url)
        self._client = httpx2.Client(
            auth=auth,
            timeout=httpx2.Timeout(_TIMEOUT, connect=_CONNECT),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "kgraph"},
        )
        self.closed = False

    def query(self, text: str, accept: str, parameters: Mapping[str, str], *, timeout: float | None = None) -> Reply:
        """The answer to a query in one of the media types asked for."""
        limit = httpx2.Timeout(timeout, connect=_CONNECT) if timeout else self._client.timeout
        response = self._send(
            lambda: self._client.post(
                self.query_url, data={**parameters, "query": text}, headers={"Accept": accept}, timeout=limit
            ),
            timeout,
        )
        if response.status_code in {400, 422}:
            raise QueryError(f"the query cannot be answered: {_said(response)}")
        if response.status_code == _TOO_SLOW:
            raise QueryStopped(f"the query took too long for the server: {_said(response)}", too_slow=True)
        self._check(response)
        most = response.headers.get("x-sparql-maxrows", "")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(media_type, response.content, int(most) if most.isdigit() else None)

    def update(self, text: str, parameters: Mapping[str, str]) -> None:
        """Carry out an update; sent again where it fails in passing, so that it must not matter if that is done twice."""
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        self._check(
            self._send(
                lambda: self._client.post(self.update_url, params=parameters, content=text.encode(), headers=headers),
                None,
            )
        )

    def close(self) -> None:
        """Let go of the connections."""
        self.closed = True
        self._client.close()

    def _send(self, send: Callable[[], httpx2.Response], timeout: float | None) -> httpx2.Response:
        if self.closed:
            raise StoreError("the store is closed; open it again")
        for pause in (*_PAUSES, None):
            try:
                response = send()
            except httpx2.TimeoutException as error:
                if timeout is not None and not isinstance(error, httpx2.ConnectTimeout):
                    words = f"the query took longer than {timeout:g} s and was given up; ask for less"
                    raise QueryStopped(words, too_slow=True) from error
                failure: Exception = error
            except httpx2.TransportError as error:
                failure = error
            else:
                if response.status_code not in _PASSING or pause is None:
                    return response
                failure = StoreError(f"status {response.status_code}")
            if pause is None:
                raise StoreError(
                    f"{self.query_url} does not answer ({type(failure).__name__}: {failure}); is the server running?"
                ) from failure
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _check(self, response: httpx2.Response) -> None:
        if response.is_success:
            return
        where = response.request.url
        if response.status_code in {401, 403}:
            raise StoreError(
                f"{where} refuses ({response.status_code}: {_said(response)}); set KGRAPH_STORE_USER and "
                "KGRAPH_STORE_PASSWORD, KGRAPH_STORE_TOKEN, or ~/.netrc, to what may do this"
            )
        if response.status_code in {404, 405, 301, 302, 307, 308}:
            raise StoreError(f"{where} is no SPARQL endpoint ({response.status_code}); give its exact address")
        raise StoreError(f"{where} fails ({response.status_code}): {_said(response)}")


class _Auth(httpx2.Auth):
    """Bearer, Digest or Basic authentication, as the server asks for; a password goes in clear only to this machine."""

    requires_response_body = True

    def __init__(self, name_and_password: tuple[str, str] | None, token: str | None, url: str) -> None:
        self._known = name_and_password
        self._token = token
        self._may_be_read = urlsplit(url).scheme == "http" and not _is_loopback(urlsplit(url).hostname or "")
        self._chosen: httpx2.Auth | None = None

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        """Send a request, and again with what is asked for."""
        if self._token and not self._may_be_read:
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request
            return
        if self._chosen is None:
            response = yield request
            if response.status_code != 401 or not self._known:
                return
            asked = response.headers.get("www-authenticate", "").lower()
            if "digest" in asked:
                self._chosen = httpx2.DigestAuth(*self._known)
            elif "basic" in asked and not self._may_be_read:
                self._chosen = httpx2.BasicAuth(*self._known)
            else:
                return
        yield from self._chosen.auth_flow(request)


def _guessed(query: str) -> str:
    """Where a server takes updates, by the usual names: /query and /update, /repositories/X and …/statements, one for both."""
    parts = urlsplit(query)
    path = re.sub(r"/query$", "/update", parts.path)
    path = re.sub(r"(/repositories/[^/]+)$", r"\1/statements", path)
    return urlunsplit(parts._replace(path=path))


def _without_password(url: str) -> tuple[str, tuple[str, str] | None]:
    """An address without the name and the password in it, and these."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        place = f"[{host}]" if host and ":" in host else host
        place = f"{place}:{parts.port}" if parts.port else place
    except ValueError:
        host = place = None
    if not host or not place or parts.scheme not in {"http", "https"}:
        raise StoreError("the address of a store begins with http:// or https:// and names a host")
    found = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return urlunsplit(parts._replace(netloc=place, fragment="")), found


def _of_environment() -> tuple[str, str] | None:
    name = os.environ.get("KGRAPH_STORE_USER")
    return (name, os.environ.get("KGRAPH_STORE_PASSWORD", "")) if name else None


def _of_netrc(url: str) -> tuple[str, str] | None:
    try:
        known = netrc.netrc(os.environ.get("NETRC")).hosts.get(urlsplit(url).hostname or "")
    except (OSError, netrc.NetrcParseError):
        return None
    return (known[0], known[2]) if known else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _said(response: httpx2.Response) -> str:
    words = (
        " ".join(re.sub(r"<[^>]*>", " ", response.text).split()) if "html" in _type(response) else response.text.strip()
    )
    return words[:_SHOWN] or response.reason_phrase


def _type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", ""))
