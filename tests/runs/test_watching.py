"""What is new in real folders and on a real server is read once, whatever is wrong beside it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from read.server import Server

from kgraph.errors import StoreError
from kgraph.model import Article
from kgraph.read import Web
from kgraph.runs.watched import FILE, TRIES, Watched
from kgraph.runs.watching import Watching

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu, und niemand weiß warum."


class Desk:
    """A watch over sources, what it has found, and what it has told."""

    def __init__(self, folder: Path, *sources: str | Path, rest: float = 0.0) -> None:
        self.watched = Watched(folder / "store")
        self.found: list[Article] = []
        self.problems: list[str] = []
        web = Web(allow=("127.0.0.1",), delay=0, timeout=5, retries=0, cache=folder / "cache")
        self.watching = Watching(
            map(str, sources),
            self.watched,
            lambda error: self.problems.append(str(error)),
            lang="de",
            web=web,
            rest=rest,
        )

    def look(self) -> list[str]:
        """The ids of the articles that are found by one look."""
        self.found.clear()
        self.watching.poll(self._add)
        return [article.id for article in self.found]

    def _add(self, articles: Iterable[Article]) -> None:
        self.found += articles


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>Golf</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>Bote</title>{items}</channel></rss>'.encode()


def page(title: str) -> bytes:
    return f"<!doctype html><html lang=de><body><article><h1>{title}</h1><p>{TEXT}</p></article></body></html>".encode()


def test_each_file_is_read_once_and_again_when_it_has_changed(tmp_path: Path, inbox: Path) -> None:
    desk = Desk(tmp_path, inbox)
    assert desk.look() == []
    (inbox / "a.txt").write_text(TEXT, encoding="utf-8")
    (inbox / "deep").mkdir()
    (inbox / "deep" / "b.jsonl").write_text(json.dumps({"doc": "b1", "text": TEXT}), encoding="utf-8")
    assert desk.look() == ["a", "b1"]
    assert desk.look() == []
    (inbox / "a.txt").write_text(TEXT + " Mehr ist nicht bekannt.", encoding="utf-8")
    assert desk.look() == ["a"]
    (inbox / "a.txt").unlink()
    assert desk.look() == []
    assert desk.problems == []


def test_what_was_read_is_remembered_by_the_next_watch(tmp_path: Path, inbox: Path) -> None:
    (inbox / "a.txt").write_text(TEXT, encoding="utf-8")
    first = Desk(tmp_path, inbox)
    assert first.look() == ["a"]
    first.watched.close()
    (inbox / "b.txt").write_text(TEXT, encoding="utf-8")
    assert Desk(tmp_path, inbox).look() == ["b"]


def test_what_was_not_stored_is_read_again(tmp_path: Path, inbox: Path) -> None:
    (inbox / "a.txt").write_text(TEXT, encoding="utf-8")
    desk = Desk(tmp_path, inbox)

    def fail(articles: Iterable[Article]) -> None:
        list(articles)
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        desk.watching.poll(fail)
    assert desk.look() == ["a"]
    assert desk.look() == []


def test_a_file_that_is_being_written_is_not_read_half(tmp_path: Path, inbox: Path) -> None:
    desk = Desk(tmp_path, inbox, rest=0.2)
    with (inbox / "a.txt").open("w", encoding="utf-8") as file:
        for sentence in (TEXT, TEXT, TEXT):
            file.write(sentence)
            file.flush()
            assert desk.look() == []
            assert desk.watching.unsettled
            time.sleep(0.1)
    while not (found := desk.look()):
        time.sleep(0.05)
    assert found == ["a"]
    assert desk.found[0].text == TEXT * 3
    assert not desk.watching.unsettled


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path, inbox: Path) -> None:
    path = inbox / "a.jsonl"
    path.write_text("\n".join(json.dumps({"doc": str(number), "text": TEXT}) for number in range(3)), encoding="utf-8")
    desk = Desk(tmp_path, inbox)

    def append(articles: Iterable[Article]) -> None:
        for article in articles:
            if article.id == "1":
                with path.open("a", encoding="utf-8") as file:
                    file.write("\n" + json.dumps({"doc": "late", "text": TEXT}))

    desk.watching.poll(append)
    assert desk.look() == ["0", "1", "2", "late"]
    assert desk.look() == []


def test_namesakes_of_several_looks_have_ids_of_their_own(tmp_path: Path, inbox: Path) -> None:
    desk = Desk(tmp_path, inbox)
    ids = []
    for folder in ("montag", "dienstag", "mittwoch"):
        (inbox / folder).mkdir()
        (inbox / folder / "lage.txt").write_text(f"{TEXT} {folder}", encoding="utf-8")
        ids += desk.look()
    assert ids == ["lage", "dienstag/lage", "mittwoch/lage"]
    (inbox / "dienstag" / "lage.txt").write_text("Alles ist anders.", encoding="utf-8")
    assert desk.look() == ["dienstag/lage"]


def test_a_bad_file_is_told_of_once(tmp_path: Path, inbox: Path) -> None:
    (inbox / "bad.jsonl").write_text("{", encoding="utf-8")
    (inbox / "good.txt").write_text(TEXT, encoding="utf-8")
    desk = Desk(tmp_path, tmp_path / "missing", inbox, inbox / "*.html")
    assert [desk.look(), desk.look(), desk.look()] == [["good"], [], []]
    assert [problem.split(": ")[1] for problem in desk.problems] == ["there is no such file or folder", "is not JSON"]


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes elsewhere")
def test_strange_names(tmp_path: Path, inbox: Path) -> None:
    for name in (b"\xff.txt", b"neue\nzeile.txt", "größe’.txt".encode()):
        Path(os.fsdecode(bytes(inbox) + b"/" + name)).write_text(TEXT, encoding="utf-8")
    desk = Desk(tmp_path, inbox)
    assert len(desk.look()) == 3
    assert desk.look() == []


def test_a_feed_is_asked_again_and_its_pages_are_not(tmp_path: Path, server: Server) -> None:
    server.pages |= {"/feed": feed("/a"), "/a": page("A"), "/b": page("B")}
    desk = Desk(tmp_path, f"{server.origin}/feed")
    assert desk.look() == [f"{server.origin}/a"]
    server.asked.clear()
    assert desk.look() == []
    assert server.asked == ["/robots.txt", "/feed"]
    server.pages["/feed"] = feed("/b", "/a")
    desk.watched.close()
    again = Desk(tmp_path, f"{server.origin}/feed")
    assert again.look() == [f"{server.origin}/b"]
    assert "/a" not in server.asked


def test_texts_in_a_feed_keep_their_ids_when_it_rolls_on(tmp_path: Path, server: Server) -> None:
    def item(title: str) -> str:
        return f"<item><title>{title}</title><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item>"

    def rss(*titles: str) -> bytes:
        items = "".join(map(item, titles))
        return f'<rss version="2.0"><channel><title>Bote</title>{items}</channel></rss>'.encode()

    server.pages["/feed"] = rss("Eins", "Zwei")
    desk = Desk(tmp_path, f"{server.origin}/feed")
    desk.look()
    before = {article.title: article.id for article in desk.found}
    server.pages["/feed"] = rss("Drei", "Eins", "Zwei")
    desk.look()
    after = {article.title: article.id for article in desk.found}
    assert before.items() <= after.items()
    assert len(set(after.values())) == 3


def test_a_page_that_has_not_changed_is_not_sent_again(tmp_path: Path, server: Server) -> None:
    statuses = []

    def answer(request: Any) -> None:
        known = request.headers.get("If-None-Match") == '"1"'
        statuses.append(304 if known else 200)
        request.send_response(statuses[-1])
        request.send_header("ETag", '"1"')
        request.send_header("Content-Type", "text/html; charset=utf-8")
        body = b"" if known else page("A")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    server.pages["/a"] = answer
    desk = Desk(tmp_path, f"{server.origin}/a")
    assert desk.look() == desk.look() == [f"{server.origin}/a"]  # the store knows that it has not changed
    assert statuses == [200, 304]


def test_one_bad_feed_does_not_stop_the_rest(tmp_path: Path, inbox: Path, server: Server) -> None:
    server.pages |= {"/bad": (500, {}, b""), "/odd": b"<rss><channel>", "/good": feed("/a", "/gone"), "/a": page("A")}
    (inbox / "b.txt").write_text(TEXT, encoding="utf-8")
    desk = Desk(tmp_path, *(f"{server.origin}/{name}" for name in ("bad", "odd", "good")), inbox)
    assert desk.look() == ["b", f"{server.origin}/a"]
    assert len(desk.problems) == 3
    for _ in range(TRIES):
        desk.look()
    assert len(desk.problems) == 3
    assert server.asked.count("/gone") == TRIES  # then it is given up
    server.pages["/bad"] = feed("/b")
    server.pages["/b"] = page("B")
    assert desk.look() == [f"{server.origin}/b"]


def test_a_memory_that_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match="delete it, and what is watched is looked through again"):
        Watched(tmp_path)
