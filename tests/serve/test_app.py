from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import StoreError, UsageError
from kgraph.graph import open_store
from kgraph.serve.app import build
from kgraph.serve.server import run
from kgraph.serve.settings import Settings


def runs(pid: str) -> bool:
    """True while a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_front_page_counts_what_the_store_holds(server: Any) -> None:
    answer = server.get("/")
    assert answer.status_code == 200
    assert "2 Artikel, 5 Aussagen" in answer.text


def test_every_answer_is_locked_up(server: Any) -> None:
    for path in ("/", "/assets/site.css", "/nothing"):
        headers = server.get(path, headers={"Accept": "text/html"}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80", "[::2]"])
def test_a_request_for_another_host_is_refused(server: Any, host: str) -> None:
    assert server.get("/", headers={"Host": host}).status_code in {400, 421}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:80", "LOCALHOST"])
def test_this_machine_has_several_names(server: Any, host: str) -> None:
    assert server.get("/", headers={"Host": host}).status_code == 200


def test_errors_are_pages_for_browsers_and_lines_for_programs(server: Any) -> None:
    page = server.get("/<script>alert(1)</script>", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert server.get("/nothing").text == "Not Found\n"


def test_what_is_added_meanwhile_is_shown(serve: Callable[..., Any], made: Any, eventually: Any) -> None:
    running = serve()
    assert "2 Artikel" in running.get("/").text
    with open_store(running.store) as store:
        store.write(made.attack("another"))
        assert eventually(lambda: "3 Artikel" in running.get("/").text)
        store.remove("another")
    assert eventually(lambda: "2 Artikel" in running.get("/").text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_and_its_workers(serve: Callable[..., Any], number: int) -> None:
    running = serve()
    running.get("/")
    workers = running.workers()
    assert workers
    assert running.stop(number) == 0
    assert not any(map(runs, workers))
    assert list(running.store.glob("served-*")) == []


def test_no_worker_outlives_a_server_that_is_killed(serve: Callable[..., Any], eventually: Any) -> None:
    running = serve()
    running.get("/")
    workers = running.workers()
    running.stop(signal.SIGKILL)
    assert eventually(lambda: not any(map(runs, workers)))
    serve(store=running.store)
    assert len(list(running.store.glob("served-*"))) == 1


def test_writing_and_privacy_need_a_token(template: Path) -> None:
    for settings in (Settings(write=True), Settings(private=True)):
        with pytest.raises(UsageError, match="token"):
            build(template, settings)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "kgraph.example"])
def test_nobody_outside_is_served_without_a_token(template: Path, host: str) -> None:
    with pytest.raises(UsageError, match="from outside"):
        run(template, host=host, port=0)


def elsewhere(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """What a function does in a thread: this one may have the event loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args, **options).result()


def test_a_folder_without_a_store_is_named_and_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="there is no store"):
        elsewhere(run, tmp_path / "nothing", port=0)
    assert (tmp_path / "precious").exists()


def test_other_sites_read_why_they_are_refused(serve: Callable[..., Any]) -> None:
    running = serve("--host", "0.0.0.0", "--origin", "https://lab.example", token="s3cret")
    for origin, readable in (("https://lab.example", "https://lab.example"), ("https://evil.example", None)):
        refused = running.get("/sparql", headers={"Origin": origin})
        assert refused.status_code == 401
        assert refused.headers.get("access-control-allow-origin") == readable
        assert refused.headers["x-content-type-options"] == "nosniff"
        wanted = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
        preflight = running.client.options("/graphs", headers={"Origin": origin, **wanted})
        assert preflight.headers.get("access-control-allow-origin") == readable


def test_a_private_server_answers_only_with_the_token(serve: Callable[..., Any]) -> None:
    running = serve("--host", "0.0.0.0", token="s3cret")
    assert running.get("/").status_code == 401
    assert running.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert running.get("/", headers={"Authorization": "Basic !!"}).status_code == 401
    assert running.get("/", headers={"Authorization": "Bearer s3cret"}).status_code == 200
    assert running.get("/", auth=("anybody", "s3cret")).status_code == 200
