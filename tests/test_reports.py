"""What is said of articles that cannot be read: to people, to machines, and by the exit status."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kgraph import cli
from kgraph.cli import jobs
from kgraph.model import Article, Extraction, Problem, Sentence

TEXT = "Die USA greifen den Iran an."


class FakePipeline:
    def run(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        for article in articles:
            if article.lang != "de":
                problem = Problem(
                    article.id, f"its language is {article.lang!r}, which kgraph cannot read yet; skipped"
                )
                yield Extraction(article, problems=(problem,))
            else:
                yield Extraction(article, (Sentence(article.id, 0, 0, len(article.text), article.text, ()),))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jobs, "load_pipeline", lambda reading=None: FakePipeline())
    rows = [
        {"doc": "a", "text": TEXT},
        {"doc": "b", "text": ""},
        {"doc": "c", "text": TEXT, "date": "1066-10-14"},
        {"doc": "d", "text": TEXT, "lang": "fr"},
        {"doc": "e", "text": " "},
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return tmp_path


def run(*words: str, status: int) -> Result:
    result = CliRunner().invoke(cli.cli, words, prog_name="kgraph")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


def test_the_rest_goes_on_and_a_summary_says_why(folder: Path) -> None:
    result = run("extract", "news.jsonl", status=1)
    assert result.stderr.splitlines() == [
        "4 problems:",
        "  news.jsonl:2: is empty",
        "  news.jsonl:3: has a date before there were newspapers: 1066-10-14; it is read as an article without one",
        "  d: its language is 'fr', which kgraph cannot read yet; skipped",
        "  news.jsonl:5: is empty",
        "5 read, 2 extracted, 3 skipped:",
        "  2 × is empty",
        "  1 × its language is …, which kgraph cannot read yet",
    ]


def test_a_report_for_machines(folder: Path) -> None:
    run("extract", "news.jsonl", "--report", "report.jsonl", status=1)
    lines = [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["status"] for line in lines] == [
        "extracted",
        "skipped",
        "odd",
        "extracted",
        "skipped",
        "skipped",
        "summary",
    ]
    assert lines[0] == {"status": "extracted", "article": "a", "url": None, "lang": "de", "sentences": 1, "claims": 0}
    assert lines[1] == {"status": "skipped", "where": "news.jsonl:2", "what": "is empty"}
    assert {name: lines[-1][name] for name in ("read", "extracted", "skipped")} == {
        "read": 5,
        "extracted": 2,
        "skipped": 3,
    }


def test_a_report_is_no_source_of_itself(folder: Path) -> None:
    result = run("extract", ".", "--report", "report.jsonl", status=1)
    assert "report.jsonl" not in result.stderr


def test_strict_stops_at_the_first(folder: Path) -> None:
    result = run("extract", "news.jsonl", "--strict", "--report", "report.jsonl", status=1)
    assert result.stderr.endswith("kgraph: news.jsonl:2: is empty\n")
    lines = (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["extracted", "skipped", "summary"]


def test_nothing_is_said_where_nothing_is_wrong(folder: Path) -> None:
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    assert run("extract", "a.txt", "--lang", "de", "--strict", status=0).stderr == ""


def test_a_list_of_problems_has_an_end(folder: Path) -> None:
    (folder / "many.jsonl").write_text("x\n" * 150, encoding="utf-8")
    result = run("extract", "many.jsonl", status=1)
    assert "  … and 50 more; --report FILE has them all\n" in result.stderr
    assert result.stderr.endswith("150 read, 0 extracted, 150 skipped:\n  150 × is not JSON\n")


def test_columns_have_other_names(folder: Path) -> None:
    (folder / "a.csv").write_text(f'Nr,Text\n7,"{TEXT}"\n', encoding="utf-8")
    run("extract", "a.csv", "--columns", "text=Text, id=Nr", "--lang", "de", "--report", "r.jsonl", status=0)
    assert json.loads((folder / "r.jsonl").read_text(encoding="utf-8").splitlines()[0])["article"] == "7"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--columns", "text"), "'text' is no pair; write it like text=body,date=published"),
        (("--columns", "txt=body"), "articles have no field 'txt'"),
        (("--report", "no/such/folder/r.jsonl"), "the report cannot be written there"),
    ],
)
def test_wrong_calls(folder: Path, options: tuple[str, ...], message: str) -> None:
    assert message in run("extract", "news.jsonl", *options, status=2).stderr
