"""The way to the network: to public addresses only, unless others are allowed, and never for longer than agreed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore2

from kgraph.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """A host has no address that may be connected to."""


class Expired(Exception):
    """An answer took longer than a page may take as a whole."""


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """The networks of texts like `10.1.0.0/16` or `127.0.0.1`. Raises UsageError."""
    try:
        return tuple(ipaddress.ip_network(name, strict=False) for name in names)
    except ValueError as error:
        raise UsageError(f"{error}; write a network like 10.1.0.0/16, or an address") from error


def is_public(address: Address) -> bool:
    """True for an address of the open internet; False for those of machines, networks, carriers and clouds at home.

    An IPv6 address that wraps one of IPv4 is as public as what it wraps.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if any(each is not None and not is_public(each) for each in inner):
            return False
        if address.is_site_local:
            return False
        if address.ipv4_mapped or address in _NAT64:
            return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Guard(httpcore2.NetworkBackend):
    """Connects by TCP after a look at the address itself, so that no name and no redirect leads astray.

    A name is resolved once, and the connection goes to an address that was looked at: a name server that answers
    differently the second time is not asked again. `until` is when the present exchange must be over, on the
    monotonic clock, in seconds.
    """

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._backend = httpcore2.SyncBackend()
        self.until = float("inf")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of the host that may be and answers. Raises Refused where none may be."""
        addresses = _resolved(host, port)
        permitted = [address for address in addresses if self.permits(address)]
        if not permitted:
            shown = ", ".join(str(address) for address in addresses[:3])
            raise Refused(f"{host} is at {shown}, an address that is not public")
        failure: Exception | None = None
        for address in permitted:
            try:
                stream = self._backend.connect_tcp(
                    str(address), port, left(self.until, timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure or httpcore2.ConnectError(f"{host} cannot be reached")

    def permits(self, address: Address) -> bool:
        """True for an address that is public, or in a network that the user allowed."""
        plain = address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
        return is_public(address) or any(plain in network for network in self._allowed)


class _Stream(httpcore2.NetworkStream):
    """A connection that ends when its guard's time is up, however slowly it drips."""

    def __init__(self, stream: httpcore2.NetworkStream, guard: Guard) -> None:
        self._stream, self._guard = stream, guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._guard.until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._guard.until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, left(self._guard.until, timeout)), self._guard
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def left(until: float, timeout: float | None) -> float:
    """The seconds that one step may take. Raises Expired where no time is left."""
    rest = until - time.monotonic()
    if rest <= 0:
        raise Expired
    return min(rest, timeout) if timeout is not None else rest


def _resolved(host: str, port: int) -> list[Address]:
    """The addresses of a host, without doubles, in the resolver's order."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(
            f"its name cannot be resolved: {getattr(error, 'strerror', None) or error}"
        ) from error
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
