"""Serving the application until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from kgraph.errors import UsageError
from kgraph.serve.app import build
from kgraph.serve.settings import DEFAULTS, Settings

_GRACE = 3  # seconds that requests under way may take to end


def run(
    store: Path,
    settings: Settings = DEFAULTS,
    *,
    host: str = "127.0.0.1",
    port: int = 7878,
    started: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve a store until SIGINT or SIGTERM; `started` is called with the server's address once it answers.

    Port 0 is any that is free. Raises UsageError where the place is taken, or where others than this machine could
    reach a server that wants no token; StoreError where the store cannot be opened, StoreLocked where it cannot be written.
    """
    if not is_loopback(host) and not settings.private:
        wanted = "give a token with --token or KGRAPH_TOKEN, which everybody then has to send"
        raise UsageError(f"{host} can be reached from outside: {wanted}")
    app = build(store, settings)
    with _bound(host, port) as place:
        asyncio.run(_serve(app, place, started))


def is_loopback(host: str) -> bool:
    """True for the names and addresses by which only this machine reaches itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves signals to us: it would raise them again, before the workers are ended."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _serve(app: Starlette, place: socket.socket, started: Callable[[str], None]) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        lifespan="off",
    )
    async with app.router.lifespan_context(app):
        host, port = place.getsockname()[:2]
        started(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        await _Server(config).serve(sockets=[place])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be used: {error.strerror or error}; choose another port") from error
