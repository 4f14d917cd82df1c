"""Adding articles by the form, read by the real pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TOKEN = "s3cret"
TEXT = (
    "Die Türkei hat am Montag syrische Stellungen angegriffen. Frankreich verurteilte den Angriff der Türkei scharf.\n"
)


@pytest.fixture(scope="module")
def writing(start: Callable[..., Any]) -> Any:
    return start("--write", token=TOKEN)


def send(server: Any, *, headers: dict[str, str] | None = None, file: Any = None, **fields: str) -> Any:
    fields = {"token": TOKEN, **fields}
    files = {"file": file} if file else {"file": ("", b"")}
    return server.client.post("/add", data=fields, files=files, headers=headers or {})


def test_a_server_that_only_reads_has_no_form(server: Any) -> None:
    answer = server.get("/add", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "--write" in answer.text
    assert 'href="/add"' not in server.get("/").text
    assert send(server, text=TEXT).status_code == 403


def test_a_text_becomes_claims(writing: Any) -> None:
    assert 'href="/add"' in writing.get("/").text
    answer = send(
        writing, text=TEXT, title="Angriff <b>heute</b>", published="2026-03-04", url="https://news.example/x"
    )
    assert answer.status_code == 200
    assert "1 Artikel gelesen" in answer.text
    assert "Angriff &lt;b&gt;heute&lt;/b&gt;" in answer.text
    page = answer.text.partition("<main")[2].partition('href="')[2].partition('"')[0]
    article = writing.get(page).text
    assert "verurteilte" in article
    assert "4. März 2026" in article
    found = writing.get("/pair", params={"a": "Frankreich", "b": "Türkei"}).headers["location"]
    assert [row["relation"] for row in writing.get(f"{found}.json").json()["claims"]["rows"]] == ["criticizes"]
    assert "unverändert" in send(writing, text=TEXT, title="Angriff <b>heute</b>", published="2026-03-04",
                                 url="https://news.example/x").text  # fmt: skip


def test_a_file_is_read_by_its_kind(writing: Any) -> None:
    page = f"<html><body><article><h1>Angriff</h1><p>{TEXT * 4}</p></article></body></html>"
    answer = send(writing, file=("../../etc/bericht.html", page.encode(), "text/html"))
    assert answer.status_code == 200
    assert "1 Artikel gelesen" in answer.text
    assert writing.get("/articles.json").json()["articles"]["rows"]
    for name, content in (("liste.urls", b"http://127.0.0.1:1/"), ("x.zip", b"PK"), ("x", b"x"), ("x.exe", b"MZ")):
        refused = send(writing, file=(name, content))
        assert refused.status_code == 400, name
        assert "liest dieses Formular nicht" in refused.text
    broken = send(writing, file=("bericht.pdf", b"no pdf"))
    assert broken.status_code == 200
    assert "Nichts hinzugefügt" in broken.text
    assert "Was nicht gelesen wurde" in broken.text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(writing: Any) -> None:
    for fields, status, words in (
        ({"text": TEXT, "token": "guess"}, 401, "nicht der Token"),
        ({"text": TEXT, "token": ""}, 401, "nicht der Token"),
        ({"text": " \n"}, 400, "Geben Sie einen Text ein"),
        ({"text": TEXT, "published": "gestern"}, 400, "kein Tag"),
    ):
        answer = send(writing, title="</textarea><script>", **fields)
        assert answer.status_code == status
        assert words in answer.text
        assert 'role="alert"' in answer.text
        assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text
        assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused(writing: Any, headers: dict[str, str]) -> None:
    before = writing.get("/index.json").json()["totals"]
    assert send(writing, text=TEXT, headers=headers).status_code == 403
    assert writing.get("/index.json").json()["totals"] == before


def test_too_much_is_refused(writing: Any) -> None:
    assert send(writing, text="x" * (17 << 20)).status_code == 413


def test_another_language_is_not_read_and_said_so(writing: Any) -> None:
    answer = send(writing, text="The United States attacked Iran on Monday, and Russia condemned the strikes. " * 3)
    assert "Nichts hinzugefügt" in answer.text
    assert "cannot read" in answer.text
