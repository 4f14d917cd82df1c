"""`kgraph watch` in a process of its own, from its start to SIGTERM."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from read.server import Server

import kgraph
from kgraph.graph import open_store

TEXT = "Frankreich hat Italien am Montag scharf kritisiert. Der Nachbar schweigt dazu, und niemand weiß warum."


@contextmanager
def watch(folder: Path, *sources: str, ended_by: int) -> Iterator[None]:
    words = [
        "--interval",
        "0.2",
        "--reader",
        "fast",
        "--allow-network",
        "127.0.0.1",
        "--delay",
        "0",
        "--report",
        "r.jsonl",
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(kgraph.__file__).parents[1])}
    with (
        (folder / "said").open("a", encoding="utf-8") as said,
        subprocess.Popen(
            [sys.executable, "-m", "kgraph", "watch", *sources, *words], cwd=folder, stderr=said, env=environment
        ) as running,
    ):
        try:
            yield
            assert running.poll() is None
            running.send_signal(ended_by)
            assert running.wait() == 0
        finally:
            running.kill()


def titles(folder: Path) -> list[str]:
    with open_store(folder / "kgraph-store", read_only=True) as store:
        return sorted(article.id for article in store.articles())


def until(folder: Path, wanted: list[str]) -> None:
    """Wait for articles to be in the store; without them the runner's limit ends it."""
    while not (folder / "kgraph-store" / "kgraph-store.json").exists() or titles(folder) != wanted:
        time.sleep(0.3)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_is_new_is_added_once_until_it_is_stopped(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with Server() as server:
        link = f"{server.origin}/a"
        server.pages |= {
            "/feed": f"<rss><channel><title>B</title><item><link>{link}</link></item></channel></rss>".encode(),
            "/a": f"<html lang=de><body><article><p>{TEXT}</p></article></body></html>".encode(),
        }
        with watch(tmp_path, f"{server.origin}/feed", "inbox", "missing.txt", ended_by=signal.SIGTERM):
            until(tmp_path, [link])
            (inbox / "b.txt").write_text(TEXT, encoding="utf-8")
            until(tmp_path, ["b", link])
        with watch(tmp_path, f"{server.origin}/feed", "inbox", ended_by=signal.SIGINT):
            (inbox / "c.txt").write_text(TEXT, encoding="utf-8")
            until(tmp_path, ["b", "c", link])
        assert server.asked.count("/a") == 1
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert said.count("1 article with 1 claim; 1 new or changed") == 3
    assert said.count("missing.txt: there is no such file or folder") == 1
    assert said.count("started again, the watch goes on from here") == 2
