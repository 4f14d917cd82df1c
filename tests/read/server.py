"""A web server that does what it is told, and remembers what it was asked; for tests only."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Server:
    """Serves on a free port of 127.0.0.1. `pages` maps a path to a page, or to a function that answers by itself."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | tuple[int, dict[str, str], bytes] | Callable[[Request], None]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.stopped = threading.Event()  # what a slow answer waits for, so that no test waits for it
        self._running = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Request,), {"server_of_test": self}))
        self._running.daemon_threads = True
        self._thread = threading.Thread(target=self._running.serve_forever, args=(0.01,), daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._running.server_address[1]}"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._running.shutdown()
        self._running.server_close()
        self._thread.join()


class Request(BaseHTTPRequestHandler):
    server_of_test: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server_of_test
        server.asked.append(self.path)
        server.headers.append(dict(self.headers))
        page = server.pages.get(self.path, (404, {}, b""))
        if callable(page):
            self.close_connection = True
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                page(self)
            return
        status, headers, body = (
            (200, {"Content-Type": "text/html; charset=utf-8"}, page) if isinstance(page, bytes) else page
        )
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def log_message(self, *args: object) -> None:
        pass
