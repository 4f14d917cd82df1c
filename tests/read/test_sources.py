"""Files, folders, patterns, standard input and JSON Lines become articles, and what cannot is reported."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph import ArticleError, read
from kgraph.model import Article
from kgraph.read.decode import _CONTROL

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu.\n"


def read_all(sources: str | Path | Iterable[str | Path], *, lang: str | None = "de") -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    return list(read(sources, lang=lang, on_problem=lambda error: problems.append(str(error)))), problems


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_where_an_article_came_from_is_kept_as_the_user_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("news/a.txt"), TEXT)
    write(Path("news/b.jsonl"), "\n" + json.dumps({"doc": "b", "text": TEXT}))
    assert [article.source for article in read_all("news")[0]] == ["news/a.txt", "news/b.jsonl:2"]
    assert [article.source for article in read_all(tmp_path / "news" / "a.txt")[0]] == [f"{tmp_path}/news/a.txt"]


def test_a_graph_in_a_folder_is_no_news_nor_is_what_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "graph" / "kgraph-store.json", "{}")
    write(tmp_path / "graph" / "b.txt", TEXT)
    report = write(tmp_path / "report.jsonl", "{")
    assert [article.id for article in read([tmp_path], lang="de", leave_out=[report])] == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Die Türkei führt Gespräche über Öl.\r\nDie Ukraine schweigt – vorerst.\r\n"
    write(tmp_path / "a.txt", text.encode(encoding))
    articles, problems = read_all(tmp_path)
    assert [article.text for article in articles] == [text]
    assert problems == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"MZ\x90\0\x03", "zero bytes"),
        (b"PK\x03\x04\0\0", "it is a ZIP archive or an office document"),
        (b"%PDF-1.7\n", "it is a PDF; give it a name that ends in .pdf"),
        (b"Text\0Text", "zero bytes"),
        (b"\x89PNG\r\n\x1a\n\x01", "is not text"),
        ("Größe ".encode() + b"\xff\xfe\xe4", "is not UTF-8"),
        (b"\xff\xfea", "says that it is utf-16-le but is not"),
        (b"a" * (8 * 2**20 + 1), "is larger than 8 MB"),
        (b"\xe4\xf6\xfc\xdf\xe9" * 20, "is not UTF-8 (byte 0)"),
    ],
)
def test_what_is_no_text_is_reported_and_the_rest_goes_on(tmp_path: Path, data: bytes, message: str) -> None:
    write(tmp_path / "a.txt", data)
    write(tmp_path / "b.txt", TEXT)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["b"]
    assert len(problems) == 1
    assert message in problems[0]
    assert "a.txt" in problems[0]


def test_without_a_listener_a_problem_is_raised(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such file"):
        list(read(tmp_path / "none.txt"))


def test_folders_are_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/x.txt", "a/z.md", "a/y.txt", ".git/h.txt", "a/.hidden.txt", "a/picture.png", "c.jsonl"):
        write(tmp_path / name, json.dumps({"doc": "line", "text": TEXT}) if name.endswith("jsonl") else TEXT)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["y", "z", "x", "line"]
    assert problems == []


def test_patterns_and_files_given_twice(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "n/c.txt", "[1].txt"):
        write(tmp_path / name, TEXT)
    articles, problems = read_all(
        [f"{tmp_path}/[ab].txt", tmp_path / "a.txt", f"{tmp_path}/**/c.txt", tmp_path / "[1].txt"]
    )
    assert [article.id for article in articles] == ["a", "b", "c", "[1]"]
    assert problems == []


def test_nothing_found_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "picture.png", TEXT)
    _, problems = read_all([f"{tmp_path}/*.txt", tmp_path / "none.txt", tmp_path / "picture.png", tmp_path])
    assert [problem.partition(": ")[2].split(" (")[0] for problem in problems] == [
        "is a pattern that fits no file",
        "there is no such file or folder",
        "is no kind of file that kgraph reads",
        "is a folder without articles",
    ]


def test_two_files_of_one_name_get_two_ids(tmp_path: Path) -> None:
    for name in ("north/a.txt", "south/a.txt", "x/south/a.txt"):
        write(tmp_path / name, TEXT)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["a", "south/a", "a-2"]
    assert len(problems) == 2


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {
            "doc": "a",
            "text": TEXT,
            "title": "T\n t",
            "date": "2026-04-09T10:00:00Z",
            "url": "https://example.org/",
            "lang": "de-AT",
        },
        {"id": 7, "text": TEXT, "publisher": "P", "language": "en"},
        {"text": "Ein Titel\n\nDer Text dazu ist kurz. (dpa, 9.4.2026)"},
    ]
    path = write(tmp_path / "f.jsonl", "\n".join([json.dumps(row) for row in rows[:2]] + ["", json.dumps(rows[2])]))
    articles, problems = read_all(path, lang=None)
    assert problems == []
    assert [(a.id, a.lang, a.title, a.published, a.url, a.publisher) for a in articles] == [
        ("a", "de", "T t", date(2026, 4, 9), "https://example.org/", None),
        ("7", "en", None, None, None, "P"),
        ("f:4", "de", "Ein Titel", date(2026, 4, 9), None, None),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not an object"),
        ('{"doc": "x"}', 'has no "text"'),
        ('{"doc": "x", "text": 1}', 'has no "text"'),
        ('{"doc": "x", "text": "  "}', "is empty"),
        ('{"doc": "x", "text": "a\\ud800b"}', "half a character"),
        ('{"doc": "x\\ud800", "text": "a"}', "half a character"),
        ('{"doc": ["x"], "text": "a"}', "that is no text"),
        ('{"doc": "x", "text": "a\\u0000b"}', "holds a control character (U+0000) at offset 1"),
        ('{"text": "a", "n": ' + "1" * 5000 + "}", "is not JSON"),
        (b"\xff\xfe\x80", "is not"),
    ],
)
def test_bad_lines_are_reported_with_their_number(tmp_path: Path, line: str | bytes, message: str) -> None:
    data = line.encode() if isinstance(line, str) else line
    good = json.dumps({"doc": "good", "text": TEXT}).encode()
    path = write(tmp_path / "f.jsonl", good.replace(b"good", b"first") + b"\n" + data + b"\n" + good)
    articles, problems = read_all(path)
    assert [article.id for article in articles] == ["first", "good"]
    assert len(problems) == 1
    assert "f.jsonl:2: " in problems[0]
    assert message in problems[0]


def test_a_date_that_is_none_is_reported_and_the_article_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "f.jsonl", json.dumps({"doc": "a", "text": TEXT, "date": "gestern"}))
    articles, problems = read_all(path)
    assert [article.published for article in articles] == [None]
    assert "write it like 2026-03-02" in problems[0]


def test_front_matter(tmp_path: Path) -> None:
    text = f"---\ntitle: Oman lädt ein\ndate: 9. April 2026\nurl: https://example.org/\npublisher: P\nlang: de\n---\n\n{TEXT}"
    [article], problems = read_all(write(tmp_path / "m.md", text), lang=None)
    assert problems == []
    assert (article.id, article.title, article.published) == ("m", "Oman lädt ein", date(2026, 4, 9))
    assert (article.url, article.publisher, article.lang, article.text) == ("https://example.org/", "P", "de", text)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (TEXT, ["stdin"]),
        (json.dumps({"doc": "a", "text": TEXT}) + "\n" + json.dumps({"text": TEXT}), ["a", "stdin:2"]),
        (json.dumps([{"doc": "a", "text": TEXT}]), ["a"]),
        (f'doc;"text"\na;"{TEXT}"\n', ["a"]),
        (f"<nitf><body><body.content><p>{TEXT}</p></body.content></body></nitf>", ["stdin"]),
        (f'<?xml version="1.0"?><nitf><body><body.content><p>{TEXT}</p></body.content></body></nitf>', ["stdin"]),
        (gzip.compress(json.dumps({"doc": "a", "text": TEXT}).encode()), ["a"]),
        (lzma.compress(TEXT.encode()), ["stdin"]),
        (bz2.compress(TEXT.encode()), ["stdin"]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: str | bytes, ids: list[str]) -> None:
    raw = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    articles, problems = read_all("-")
    assert [article.id for article in articles] == ids
    assert [article.text.strip() for article in articles] == [TEXT.strip()] * len(ids)
    assert problems == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Die Regierung in Berlin hat den Angriff auf das Nachbarland am Montag scharf verurteilt.", "de"),
        ("The government in London has strongly condemned the attack on the neighbouring country.", "en"),
        ("Le gouvernement français a condamné lundi l'attaque contre le pays voisin.", "fr"),
        ("Iran", "de"),
    ],
)
def test_language_is_detected(tmp_path: Path, text: str, lang: str) -> None:
    [article], _ = read_all(write(tmp_path / "a.txt", text), lang=None)
    assert article.lang == lang


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not _CONTROL.search(text)))
def test_json_lines_keep_every_text_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any.jsonl", json.dumps({"doc": "a", "text": text}))
    articles, problems = read_all(path)
    assert [article.text for article in articles] == ([text] if text.strip() else [])
    assert bool(problems) == (not text.strip())
