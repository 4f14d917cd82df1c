"""A run: articles are read once, and what was found is written in tables that are whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from kgraph.batch.inputs import archive, arrow_schema, plan
from kgraph.batch.partitions import extract_files
from kgraph.batch.spark import errors
from kgraph.batch.tables import EXTRACTED
from kgraph.batch.work import Work
from kgraph.errors import BatchError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SPLIT = 16 * 2**20
_ROWS = 64
_DONE, _SUMMARY, _BACKGROUND, _RAW = "_SUCCESS", "summary.json", "background.nq", "_extracted"
_TABLES = ("articles", "claims", "quads", "problems")
_OURS = {_DONE, _SUMMARY, _BACKGROUND, _RAW, *_TABLES}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found: how many articles, sentences and claims; `problems` of articles, of which some were `skipped`."""

    articles: int
    sentences: int
    claims: int
    problems: int
    skipped: int


def run(
    spark: SparkSession,
    sources: str | Sequence[str],
    output: str,
    work: Work = Work(),  # noqa: B008 - frozen
    *,
    overwrite: bool = False,
    split: int = SPLIT,
) -> Result:
    """Read all articles of the sources and write what they say into the folder `output`; both may be in any file system.

    The folder then holds the tables `articles`, `claims` and `problems` in Parquet, the graphs of the articles in
    `quads/*.nq`, the actor lists and the ontology in `background.nq`, `summary.json`, and last of all `_SUCCESS`: without
    that the run has not come to its end. A machine works at `split` bytes of a file at a time.

    Raises UsageError where a finished result is there already, unless it is to be overwritten, or where something else
    is; BatchError where Spark fails, DataError where the actor lists have faults.
    """
    given = [sources] if isinstance(sources, str) else list(sources)
    background = _background(work)
    files = _Files(spark, output)
    files.prepare(overwrite=overwrite)
    with _settings(spark, split):
        found = archive(spark, given, work)
        extract = partial(extract_files, work, plan(found, work), arrow_schema(EXTRACTED))
        with errors("the articles cannot be read"):
            raw = files.path(_RAW)
            found.rows.mapInArrow(extract, EXTRACTED).write.mode("overwrite").parquet(raw)
            result = _write(spark.read.schema(EXTRACTED).parquet(raw), files)
        with errors("the result cannot be finished"):
            files.write(_BACKGROUND, background)
            files.write(_SUMMARY, json.dumps(asdict(result), indent=1).encode() + b"\n")
            files.remove(_RAW)
            files.write(_DONE, b"")
    return result


def problems(spark: SparkSession, output: str, limit: int = 100) -> list[str]:
    """Some of the problems of a result that is finished, in words, those of skipped articles first."""
    with errors("the problems cannot be read"):
        table = spark.read.parquet(f"{output.rstrip('/')}/problems")
        rows = table.orderBy("skipped", "place", ascending=[False, True]).limit(limit).collect()
    return [f"{row['place']}: {row['what']}" for row in rows]


def _write(found: DataFrame, files: _Files) -> Result:
    from pyspark.sql import functions

    articles = found.where("article IS NOT NULL").select("article.*", functions.size("claims").alias("claims"))
    claims = found.select(functions.explode("claims").alias("claim")).select("claim.*")
    problems = found.select(functions.explode("problems").alias("problem")).select("problem.*")
    for name, table in (("articles", articles), ("claims", claims), ("problems", problems)):
        table.write.mode("overwrite").parquet(files.path(name))
    _texts(found.where("quads IS NOT NULL").select("quads"), files, "quads")
    skipped = functions.size(functions.filter("problems", lambda problem: problem["skipped"]))
    numbers = ("article.sentences", functions.size("claims"), functions.size("problems"), skipped)
    counted = found.agg(functions.count("article"), *(functions.sum(number) for number in numbers)).first()
    return Result(*(int(number or 0) for number in counted or ()))


def _texts(quads: DataFrame, files: _Files, name: str) -> None:
    """Write a column of N-Quads as files; Spark has no suffix for them."""
    quads.write.mode("overwrite").option("lineSep", "\n").text(files.path(name))
    files.rename(name, ".txt", ".nq")


def _background(work: Work) -> bytes:
    """The actor lists and the ontology as N-Quads, which claims refer to. Raises DataError."""
    from kgraph.actors import load_registry
    from kgraph.graph.background import background_quads
    from kgraph.graph.formats import rdf_bytes

    quads = background_quads(load_registry(work.language, work.actors))
    return rdf_bytes(quads, "nquads")


@contextmanager
def _settings(spark: SparkSession, split: int) -> Iterator[None]:
    """Spark's settings for a run: little in memory at a time, work for all cores; afterwards they are as before."""
    wanted = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_ROWS),
        "spark.sql.files.maxPartitionBytes": str(split),
        "spark.sql.files.openCostInBytes": str(min(split, 64 * 1024)),
        "spark.sql.session.timeZone": "UTC",
    }
    before = {name: spark.conf.get(name, None) for name in wanted}
    for name, value in wanted.items():
        spark.conf.set(name, value)
    try:
        yield
    finally:
        for name, old in before.items():
            spark.conf.unset(name) if old is None else spark.conf.set(name, old)


class _Files:
    """The folder of a result, in whatever file system it is."""

    def __init__(self, spark: SparkSession, output: str) -> None:
        java: Any = spark._jvm
        self._hadoop = java.org.apache.hadoop.fs
        with errors(f"{output} is no place for a result"):
            root = self._hadoop.Path(output)
            self._system = root.getFileSystem(spark._jsc.hadoopConfiguration())
            self._root = self._system.makeQualified(root)

    def path(self, name: str) -> str:
        """The address of something in the folder."""
        return str(self._at(name).toString())

    def prepare(self, *, overwrite: bool) -> None:
        """Make the folder ready. Raises UsageError where it holds something that must not be lost."""
        with errors(f"{self._root.toString()} cannot be looked at"):
            there = (
                [name for name in self._names(self._root) if not name.startswith(".")]
                if self._system.exists(self._root)
                else []
            )
            if strange := sorted(set(there) - _OURS):
                raise UsageError(f"{self._root.toString()} holds something else ({strange[0]}): name a new folder")
            if _DONE in there and not overwrite:
                raise UsageError(f"{self._root.toString()} holds a result: name another folder, or say --overwrite")
            for name in (_DONE, _SUMMARY, _BACKGROUND, _RAW):
                self.remove(name)

    def remove(self, name: str) -> None:
        """Remove a file or folder, if it is there."""
        self._system.delete(self._at(name), True)

    def write(self, name: str, data: bytes) -> None:
        """Write a small file, which is whole when it can be seen under its name."""
        draft = self._at(f"_{name}.draft")
        stream = self._system.create(draft, True)
        try:
            stream.write(bytearray(data))
        finally:
            stream.close()
        if not self._system.rename(draft, self._at(name)):
            raise BatchError(f"{self.path(name)} cannot be written")

    def rename(self, folder: str, old: str, new: str) -> None:
        """Give the files of a folder another suffix."""
        for name in self._names(self._at(folder)):
            if name.endswith(old):
                to = name.removesuffix(old) + new
                if not self._system.rename(self._at(f"{folder}/{name}"), self._at(f"{folder}/{to}")):
                    raise BatchError(f"{self.path(folder)}/{to} cannot be written")

    def _names(self, folder: Any) -> list[str]:
        return [str(status.getPath().getName()) for status in self._system.listStatus(folder)]

    def _at(self, name: str) -> Any:
        return self._hadoop.Path(self._root, name)
