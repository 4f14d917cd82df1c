"""The formats of `kgraph query`: what is written is read back by a reader of that format."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from kgraph.cli import cli, tables
from kgraph.graph import Ref, Row, open_store
from kgraph.views.parquet import write_parquet

NASTY = 'a|b\\c\n<script>alert("1")</script>\t*x* _y_ [z](http://w) `q` &amp; ~'
SPARQL = (
    "SELECT ?text ?day ?number ?share ?yes ?thing ?claim { VALUES (?text ?day ?number ?share ?yes ?thing ?claim) {"
    f" ({json.dumps(NASTY)} '2026-03-01'^^xsd:date 7 0.5 true kg:attacks kg:Claim) (UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF) }} }}"
)
COLUMNS = ["text", "day", "number", "share", "yes", "thing", "claim"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("formats") / "store"
    open_store(path).close()
    return path


def run(store: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["query", *words, "--store", str(store)], prog_name="kgraph")


def test_json(store: Path) -> None:
    first, second = map(json.loads, run(store, SPARQL, "--format", "json").stdout.splitlines())
    assert first["text"] == NASTY
    assert (first["day"], first["number"], first["yes"], first["thing"]["label"]) == (
        "2026-03-01",
        7,
        True,
        "greift an",
    )
    assert list(second) == COLUMNS
    assert set(second.values()) == {None}
    assert run(store, SPARQL, "--json").stdout == run(store, SPARQL, "--format", "json").stdout


def test_csv(store: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(store, SPARQL, "--format", "csv").stdout, newline="")))
    assert rows[0]["text"] == NASTY
    assert (rows[0]["thing"], rows[0]["day"], rows[1]["day"]) == ("greift an", "2026-03-01", "")
    assert run(store, SPARQL, "--csv").stdout == run(store, SPARQL, "--format", "csv").stdout


def test_tsv(store: Path) -> None:
    header, first, second = run(store, SPARQL, "--format", "tsv").stdout.splitlines()
    assert header.split("\t") == COLUMNS
    assert first.split("\t")[0] == NASTY.replace("\n", " ").replace("\t", " ")
    assert second == "\t" * 6


def test_markdown_is_a_table_in_which_nothing_is_a_mark(store: Path) -> None:
    header, rule, first, second = run(store, SPARQL, "--format", "markdown").stdout.splitlines()
    assert header == f"| {' | '.join(COLUMNS)} |"
    assert rule == f"|{' --- |' * 7}"
    cells = re.split(r"(?<!\\)\|", first)  # the pipes that are no data
    assert len(cells) == len(re.split(r"(?<!\\)\|", second)) == 9
    assert cells[1].strip().startswith(r"a\|b\\c \<script\>alert\(")
    assert "&amp;amp;" in cells[1]
    assert not re.search(r"(?<!\\)[<>*_`\[\]]", cells[1])


def test_a_table_leaves_out_the_ids_of_claims(store: Path) -> None:
    assert "claim" not in run(store, SPARQL).stdout.splitlines()[0]
    assert run(store, SPARQL).stdout == run(store, SPARQL, "--format", "table").stdout


def test_parquet_keeps_types_and_iris(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    result = run(store, SPARQL, "--format", "parquet", "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    table = pyarrow.parquet.read_table(path)
    assert [str(kind) for kind in table.schema.types] == [
        "string", "date32[day]", "int64", "double", "bool", "string", "string", "string", "string",
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert (first["text"], first["day"], first["number"], first["share"]) == (NASTY, date(2026, 3, 1), 7, 0.5)
    assert (first["thing"], first["thing_id"]) == ("greift an", "https://w3id.org/kgraph/ns#attacks")
    assert set(second.values()) == {None}


def test_a_parquet_column_of_several_types_is_text() -> None:
    output = io.BytesIO()
    ref = Ref("urn:x", "X")
    rows = [Row({"a": 1, "b": 1, "c": ref, "c_id": "mine"}), Row({"a": "x", "b": 2.5, "c": 3, "c_id": None})]
    write_parquet(["a", "b", "c", "c_id"], rows, output)
    assert pyarrow.parquet.read_table(io.BytesIO(output.getvalue())).to_pydict() == {
        "a": ["1", "x"], "b": [1.0, 2.5], "c": ["X", "3"], "c_id": ["mine", None],
    }  # fmt: skip
    empty = io.BytesIO()
    write_parquet(["a", "b"], [], empty)
    assert pyarrow.parquet.read_table(io.BytesIO(empty.getvalue())).column_names == ["a", "b"]


@pytest.mark.parametrize("form", tables.FORMATS)
def test_every_format_can_be_written_to_a_file(store: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    result = run(store, SPARQL, "--format", form, "--output", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    printed = run(store, SPARQL, "--format", form).stdout_bytes
    assert path.read_bytes() == printed or form == "parquet"
    assert path.stat().st_size > 0


def test_a_file_is_only_touched_by_an_answer(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("kept")
    assert run(store, "SELECT nothing", "-o", str(path)).exit_code == 1
    assert run(store, "between", "Nirgendwo", "Nirgends", "-o", str(path)).exit_code == 1
    assert path.read_text() == "kept"
    result = run(store, SPARQL, "-o", str(tmp_path / "no" / "where"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("words", [("--format", "csv", "--json"), ("--json", "--csv")])
def test_one_format_at_a_time(store: Path, words: tuple[str, ...]) -> None:
    result = run(store, SPARQL, *words)
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def test_as_of_a_day_on_the_command_line(store: Path) -> None:
    assert run(store, "conflicts", "--as-of", "2026-03-01").exit_code == 0
    assert run(store, "conflicts", "--as-of", "gestern").exit_code == 2
    result = run(store, SPARQL, "--as-of", "2026-03-01")
    assert (result.exit_code, "schema:datePublished" in result.stderr) == (2, True)
    assert run(store, "conflikts", "--as-of", "2026-03-01").exit_code == 1  # a misspelt name says which there are
