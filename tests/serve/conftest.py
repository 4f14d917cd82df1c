"""A server as people start it: the verb in a process of its own, over a store with two articles, on a free port."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

from kgraph.graph import open_store

ROOT = Path(__file__).resolve().parents[2]


def _articles() -> ModuleType:
    """The articles that the tests of the store are made of."""
    name = "tests_graph_conftest"
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "graph" / "conftest.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ARTICLES = _articles()


@dataclass
class Server:
    """A running server; `client` asks it."""

    process: subprocess.Popen[str]
    address: str
    store: Path
    client: httpx2.Client

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.client.get(path, **options)

    def query(self, text: str, **headers: str) -> httpx2.Response:
        return self.client.get("/sparql", params={"query": text}, headers=headers)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it, and give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.client.close()
        with self.process:
            return self.process.wait(60)

    def workers(self) -> list[str]:
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _start(store: Path, *options: str, token: str | None = None) -> Server:
    """Start the verb and wait for the line that names its address."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if token:
        environment["KGRAPH_TOKEN"] = token
    process = subprocess.Popen(
        [sys.executable, "-m", "kgraph", "serve", "--store", str(store), "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=store.parent,
    )
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"http://[^ ]+/", said)
    if not found:
        process.kill()
        with process:
            raise AssertionError(said + process.stderr.read())
    address = found[0].replace("0.0.0.0", "127.0.0.1")
    return Server(process, address, store, httpx2.Client(base_url=address, timeout=60, trust_env=False))


def until(condition: Callable[[], bool]) -> bool:
    """True once a condition holds; False where it does not for a minute."""
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """Wait for a condition."""
    return until


@pytest.fixture(scope="session")
def made() -> Any:
    """Actors, articles and the class to build more."""
    return ARTICLES.Made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with both articles."""
    path = tmp_path_factory.mktemp("template") / "store"
    with open_store(path) as store:
        store.write(ARTICLES.attack())
        store.write(ARTICLES.full())
    return path


@contextmanager
def servers(template: Path, place: Path) -> Iterator[Callable[..., Server]]:
    """What starts servers, each over its own copy of a store, and ends them all."""
    running: list[Server] = []

    def started(*options: str, token: str | None = None, store: Path | None = None) -> Server:
        folder = store or Path(shutil.copytree(template, place / f"store{len(running)}"))
        running.append(_start(folder, *options, token=token))
        return running[-1]

    yield started
    for each in running:
        each.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def start(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start servers that stay to the end."""
    with servers(template, tmp_path_factory.mktemp("served")) as started:
        yield started


@pytest.fixture(scope="session")
def server(start: Callable[..., Server]) -> Server:
    """A server that only reads, for all tests that change nothing."""
    return start()


@pytest.fixture
def serve(template: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers for one test."""
    with servers(template, tmp_path) as started:
        yield started
