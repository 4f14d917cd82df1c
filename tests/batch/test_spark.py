"""Archives on a cluster of two executors: the same claims as one process, whatever dies on the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow
import pyoxigraph
import pytest
from pyarrow import parquet

from kgraph import ArticleError, BatchError, UsageError, open_store, read
from kgraph.batch import EXTRACTED, Result, Work, extract_partitions, problems, run
from kgraph.model import Article, Extraction
from kgraph.pipeline import Pipeline

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
WORK = Work(reader="fast", maker="deadly:Deadly")  # the pipeline, loaded once for all tests
STATES = ("Russland", "Frankreich", "Israel", "Japan", "Kanada", "Polen", "Mexiko", "Indien")


def article(number: int) -> dict[str, Any]:
    one, other = STATES[number % 8], STATES[(number * 3 + 1) % 8]
    text = f"{one} droht {other} mit Sanktionen. {other} kritisierte die USA am {number % 28 + 1}. März."
    return {"doc": f"a{number}", "text": text, "date": "2026-04-09", "title": f"Nummer {number}"}


def lines_of(records: list[Any]) -> str:
    return "".join(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) + "\n" for each in records)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load(reader="fast")


def in_one_process(pipeline: Pipeline, source: Path) -> tuple[list[Extraction], set[str]]:
    """What one process makes of the source, and what it says of it."""
    said: list[ArticleError] = []
    found = list(pipeline.run(read(source, on_problem=said.append)))
    return found, {str(error) for error in said}


def claims_of(output: Path) -> set[str]:
    return set(parquet.read_table(output / "claims", columns=["id"])["id"].to_pylist())


def test_the_same_as_one_process_though_an_executor_is_killed(
    spark: SparkSession, pipeline: Pipeline, tmp_path: Path
) -> None:
    archive, output = tmp_path / "archive", tmp_path / "out"
    (archive / "b").mkdir(parents=True)
    records: list[Any] = [article(number) for number in range(24)]
    records[3] = {"doc": "zweimal", **{k: v for k, v in records[3].items() if k != "doc"}}
    records[5] = {**records[5], "doc": "zweimal"}
    records[7].pop("doc")
    records[9] = "\n{ kein JSON\n\n"
    records[11] = {"doc": "nur Titel"}
    records[13] = {**records[13], "doc": "zweimal-2"}
    (archive / "a ä.jsonl").write_text(lines_of(records[:16]), encoding="utf-8")
    (archive / "b" / "c.jsonl.gz").write_bytes(gzip.compress(lines_of([{**records[0]}, *records[16:]]).encode()))
    expected, said = in_one_process(pipeline, archive)
    (archive / "d.jsonl").write_text(
        lines_of(
            [
                {"doc": "fehler", "text": "Wer das liest, rechnet falsch."},
                {"doc": "tod", "text": f"Wer das liest, dessen Executor stirbt: {tmp_path}/once"},
            ]
        ),
        encoding="utf-8",
    )
    result = run(spark, str(archive), str(output), WORK, split=2000)

    assert (tmp_path / "once").exists()
    whole = [found for found in expected if found.sentences]
    assert claims_of(output) == {claim.id for found in whole for claim in found.claims}
    assert result.claims == len(claims_of(output)) > 40
    assert result.articles == len(whole) + 1
    with open_store(tmp_path / "store") as store:
        for each in whole:
            store.write(each)
        stored = set(store._engine.quads)
    read_again = pyoxigraph.Store()
    for path in (*output.glob("quads/*.nq"), output / "background.nq"):
        read_again.load(path=str(path))
    assert {quad for quad in read_again if quad.graph_name.value != Article("tod", "").iri} == stored
    told = problems(spark, str(output))
    assert said <= set(told)
    assert {f"{archive}/d.jsonl:1"} == {each.partition(": ")[0] for each in set(told) - said}
    assert (output / "_SUCCESS").exists()
    assert not list(output.glob("**/_temporary"))
    assert not (output / "_extracted").exists()


def test_tables_in_parquet(spark: SparkSession, pipeline: Pipeline, tmp_path: Path) -> None:
    rows = [article(number) for number in range(6)]
    for row in rows:
        row["meta"] = {"body": row.pop("text")}
        row["doc"] = int(row["doc"][1:])
    rows[2]["doc"] = None
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "in.parquet")
    work = replace(WORK, columns={"text": "meta.body"})
    with pytest.raises(UsageError, match=r"the table has no column 'text' but 'doc', 'date', 'title', 'meta'"):
        run(spark, str(tmp_path / "in.parquet"), str(tmp_path / "out"), WORK)
    output = tmp_path / "out"
    (output / "_extracted" / "_temporary").mkdir(parents=True)  # a run that was killed left these behind
    (output / "quads").mkdir()
    (output / "quads" / "part-half.nq").write_text("<half", encoding="utf-8")
    result = run(spark, str(tmp_path / "in.parquet"), str(output), work)
    found = list(pipeline.run(read(tmp_path / "in.parquet", columns=work.columns)))
    assert claims_of(output) == {claim.id for each in found for claim in each.claims}
    assert result == Result(6, 12, len(claims_of(output)), 0, 0)
    assert json.loads((output / "summary.json").read_text()) == {
        "articles": 6, "sentences": 12, "claims": result.claims, "problems": 0, "skipped": 0,
    }  # fmt: skip
    assert not (output / "quads" / "part-half.nq").exists()
    articles = parquet.read_table(output / "articles").to_pylist()
    assert {each["id"] for each in articles} == {"0", "1", "in:3", "3", "4", "5"}
    row = next(each for each in parquet.read_table(output / "claims").to_pylist() if each["relation"] == "threatens")
    assert row["subject_for"] == row["subject_id"]
    assert row["sentence"][row["subject_start"] - row["sentence_start"] :].startswith(row["subject_text"])
    with pytest.raises(UsageError, match="holds a result: name another folder, or say --overwrite"):
        run(spark, str(tmp_path / "in.parquet"), str(output), work)
    assert claims_of(output)


def test_frames_of_the_users_own(spark: SparkSession, pipeline: Pipeline) -> None:
    rows = [(f"a{number}", article(number)["text"]) for number in range(4)]
    frame = spark.createDataFrame([*rows, ("leer", None)], "id STRING, text STRING")
    found = frame.mapInPandas(extract_partitions(WORK), EXTRACTED).collect()
    [single] = pipeline.run(read_text(*rows[1]))
    by_id = {row["article"]["id"]: row for row in found if row["article"]}
    assert {claim["id"] for claim in by_id["a1"]["claims"]} == {claim.id for claim in single.claims}
    assert {row["problems"][0]["place"] for row in found if row["article"] is None} == {"leer"}


def read_text(name: str, text: str) -> Iterator[Any]:
    from kgraph.read.records import Maker

    yield Maker(None, lambda _: None).from_record({"id": name, "text": text}, where=name, fallback=name)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"there are no files in|the articles cannot be found"),
        ({"a.jsonl": "{}", "b.csv": "text"}, r"b\.csv is no file of JSON Lines or Parquet"),
        ({"a.jsonl": "{}", "b.parquet": "PAR1"}, r"b\.parquet is a table and .*a\.jsonl is not"),
        ({"a.parquet": "no table"}, r"the articles cannot be found: "),
    ],
)
def test_archives_that_cannot_be_read(spark: SparkSession, tmp_path: Path, files: dict[str, str], message: str) -> None:
    (tmp_path / "in").mkdir()
    for name, text in files.items():
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    with pytest.raises((UsageError, BatchError), match=message):
        run(spark, str(tmp_path / "in"), str(tmp_path / "out"), WORK)
    assert not (tmp_path / "out" / "_SUCCESS").exists()


def test_what_is_not_ours_stays(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds something else \(letters\.txt\): name a new folder"):
        run(spark, str(tmp_path), str(tmp_path), WORK, overwrite=True)
    assert (tmp_path / "letters.txt").read_text() == "mine"


@pytest.mark.usefixtures("spark")
def test_nothing_listens_beyond_this_machine() -> None:
    """Sockets of Java that listen, by their local address in /proc: 0100007F is 127.0.0.1."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"java" in (process / "cmdline").read_bytes().split(b"\0")[0]:
                inodes |= {link.readlink().name for link in (process / "fd").iterdir()}
        except OSError:
            continue
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in inodes:
                listening.append(cells[1].rpartition(":")[0])
    assert listening
    assert set(listening) <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
