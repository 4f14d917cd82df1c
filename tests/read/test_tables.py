"""JSON and CSV files become articles, whatever their columns are called; a bad record costs one record."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import UsageError, read
from kgraph.model import Article

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu."


def read_data(path: Path, data: bytes | str, **options: Any) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    options = {"lang": "de", **options}
    return list(read(path, on_problem=lambda error: problems.append(str(error)), **options)), problems


def csv_text(*rows: list[str], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


RECORD = {"doc": "a", "text": TEXT, "title": "T", "date": "2026-04-09", "publisher": "P", "url": "https://example.org/"}


@pytest.mark.parametrize(
    "value",
    [
        RECORD,
        [RECORD],
        {"articles": [RECORD], "count": 1, "next": None},
        {"status": "ok", "items": [RECORD], "tags": []},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json(tmp_path: Path, value: object, indent: int | None) -> None:
    [article], problems = read_data(tmp_path / "f.json", json.dumps(value, indent=indent))
    assert problems == []
    assert (article.id, article.text, article.title, article.published) == ("a", TEXT, "T", date(2026, 4, 9))
    assert (article.publisher, article.url) == ("P", "https://example.org/")


def test_a_list_says_the_line_of_each_fault(tmp_path: Path) -> None:
    data = json.dumps([RECORD, {"doc": "b"}, 7, {**RECORD, "doc": "c"}], indent=1)
    articles, problems = read_data(tmp_path / "f.json", data)
    assert [article.id for article in articles] == ["a", "c"]
    assert [problem.split(": ")[0].rpartition(":")[2] for problem in problems] == ["10", "13"]


@pytest.mark.parametrize(
    ("data", "ids", "message"),
    [
        ("", [], "is empty"),
        (" \n", [], "is not JSON"),
        ("[", [], "is not JSON"),
        ("[]", [], ""),
        ("{}", [], 'has no "text"'),
        ('"text"', [], "is not an object"),
        (f"[{json.dumps(RECORD)}", ["a"], "it ends where a comma"),
        (f"[{json.dumps(RECORD)} x", ["a"], "it has 'x' where a comma"),
        (f"[{json.dumps(RECORD)},\n\n{{'x': 1}}]", ["a"], "f.json:3: is not JSON"),
        (
            json.dumps(RECORD) + "\n" + json.dumps(RECORD),
            [],
            "f.json:2: is not JSON: a file with an object on each line",
        ),
        ("[" * 100_000, [], "nested too deep"),
        (b'[{"doc": "a", "text": "\xe4"}]', [], "is not UTF-8"),
        ("[" + '"' + "x" * 9_000_000, [], "has a value larger than 8 MB"),
    ],
    ids=range(13),
)
def test_json_that_is_none(tmp_path: Path, data: bytes | str, ids: list[str], message: str) -> None:
    articles, problems = read_data(tmp_path / "f.json", data)
    assert [article.id for article in articles] == ids
    assert len(problems) == bool(message)
    assert all(message in problem for problem in problems)


def test_a_long_list_is_read_through_a_window(tmp_path: Path) -> None:
    records = [{"doc": str(number), "text": f"{TEXT} {'ä' * (number % 7 * 40_000)}"} for number in range(40)]
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = json.dumps(records, ensure_ascii=False).encode(encoding)
        articles, problems = read_data(tmp_path / "f.json", data)
        assert problems == []
        assert [(article.id, article.text) for article in articles] == [(r["doc"], r["text"]) for r in records]


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none()), min_size=1, max_size=5))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_element_of_a_list_is_an_article_or_a_problem(tmp_path: Path, records: list[dict[str, object]]) -> None:
    articles, problems = read_data(tmp_path / "f.json", json.dumps(records))
    assert len(articles) + len(problems) >= len(records)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = 'Die Türkei führt Gespräche.\n\nSie sagte: "Über Öl", auch über Gas; mehr nicht.'
    data = csv_text(["doc", "date", "text"], ["a", "9. April 2026", text], [], ["b", "", TEXT], delimiter=delimiter)
    articles, problems = read_data(tmp_path / "f.csv", data.encode(encoding))
    assert problems == []
    assert [(article.id, article.published, article.text) for article in articles] == [
        ("a", date(2026, 4, 9), text),
        ("b", None, TEXT),
    ]


def test_columns_have_other_names(tmp_path: Path) -> None:
    columns = {
        "text": "Volltext",
        "date": "Erschienen",
        "id": "Nr",
        "publisher": "Zeitung",
        "lang": "Sprache",
        "title": "Kopf",
    }
    row = [TEXT, "09.04.2026", "17", "Beispielbote", "de_AT", "Oman  lädt ein"]
    data = csv_text(list(columns.values()), row)
    [article], problems = read_data(tmp_path / "f.csv", data, columns=columns, lang=None)
    assert problems == []
    assert (article.id, article.lang, article.text, article.title) == ("17", "de", TEXT, "Oman lädt ein")
    assert (article.published, article.publisher) == (date(2026, 4, 9), "Beispielbote")
    nested = json.dumps([{"content": {"body": TEXT}, "meta.id": 3}])
    [article], _ = read_data(tmp_path / "f.json", nested, columns={"text": "content.body", "id": "meta.id"})
    assert (article.id, article.text) == ("3", TEXT)
    [article], _ = read_data(tmp_path / "f.jsonl", '{"body": "Iran"}', columns={"text": "body"})
    assert (article.id, article.text) == ("f:1", "Iran")


def test_a_field_that_articles_do_not_have() -> None:
    with pytest.raises(UsageError, match="articles have no field 'txt'; they have: id, text"):
        read([], columns={"txt": "body"})


@pytest.mark.parametrize(
    ("data", "ids", "messages"),
    [
        ("", [], ["is empty"]),
        ("doc,body\na,b\n", [], ["f.csv:1: has no column 'text' but 'doc', 'body'; say --columns text=NAME"]),
        ("doc,text\na,b,c\nd\ne,f\n", ["e"], ["f.csv:2: has 3 cells where the header has 2", "f.csv:3: has 1 cells"]),
        ("doc,text\na,\nb,c\n", ["b"], ["f.csv:2: is empty"]),
        ("doc,text\na,b\0c\nd,e\n", ["d"], ["f.csv:2: holds a control character"]),
        ('doc,text\na,b\n"c,d\n', ["a"], ["f.csv:3: is not CSV: unexpected end of data; is a quotation mark missing"]),
        (b"doc,text\na,\x81\xff\nb,c\n", ["a", "b"], []),
        ('doc,text\na,"' + "x" * 9_000_000 + "\nb,c\nd,e\n", ["b", "d"], ["f.csv:2: is not CSV: field larger than"]),
        ('doc,text\na,"b\nc,d\ne,"f"\ng,h\n', ["c", "e", "g"], ["f.csv:2: is not CSV: ',' expected after '\"'"]),
        ('doc,text\na,"b\nc,d\ne,f\n', ["c", "e"], ["f.csv:2: is not CSV: unexpected end of data"]),
        ('doc,text\na,"b "c" d\n\ne"\nf,g\n', ["f"], ["f.csv:2: is not CSV"]),
        ("doc,text\ra,b\rc,d\r", ["a", "c"], []),
    ],
    ids=range(12),
)
def test_csv_that_is_none(tmp_path: Path, data: bytes | str, ids: list[str], messages: list[str]) -> None:
    articles, problems = read_data(tmp_path / "f.csv", data)
    assert [article.id for article in articles] == ids
    assert len(problems) == len(messages)
    assert all(message in problem for message, problem in zip(messages, problems, strict=True))
