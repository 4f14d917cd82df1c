"""Files become a table of Spark that knows the place of each row; what they are called is the same as to `read`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kgraph.batch.partitions import BLOCK, COUNTED, DOT, FILE, LINE, NAMELESS, NUMBER, Plan, count_files, shown
from kgraph.batch.spark import errors
from kgraph.batch.work import Work
from kgraph.errors import UsageError
from kgraph.read.records import Ids, Maker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TABLES = ".parquet"
_PACKED = (".gz", ".bz2", ".deflate")  # what Spark unpacks everywhere
_UNREAD = (".xz", ".zst", ".zip", ".csv", ".tsv", ".html", ".htm", ".xml", ".pdf", ".docx", ".warc", ".md", ".rss")


@dataclass(frozen=True, slots=True)
class Archive:
    """The rows of files with the columns FILE, BLOCK, NUMBER (null for lines), and LINE or those of records."""

    rows: DataFrame
    files: tuple[str, ...]


def archive(spark: SparkSession, sources: Sequence[str], work: Work) -> Archive:
    """The rows of all files of the sources: paths, folders, patterns, in any file system that Spark knows.

    Files that end in `.parquet` are tables, all others lines of JSON. Raises UsageError where both are mixed, where a
    file is of another kind, and where a table has no text; BatchError where there is no such file.
    """
    from pyspark.sql import functions

    with errors("the articles cannot be found"):
        lines = spark.read.option("recursiveFileLookup", "true").text(list(sources), lineSep="\n")
        files = tuple(sorted(lines.inputFiles(), key=lambda file: PurePosixPath(shown(file))))
        if not files:
            raise UsageError(f"there are no files in {', '.join(sources)}")
        tables = [file for file in files if file.endswith(_TABLES)]
        for file in files:
            if file.lower().endswith(_UNREAD):
                raise UsageError(
                    f"{shown(file)} is no file of JSON Lines or Parquet (.gz and .bz2 are unpacked); "
                    "leave it out with a pattern like news/*.jsonl, or use 'kgraph add'"
                )
        if tables and len(tables) < len(files):
            other = next(file for file in files if file not in tables)
            raise UsageError(f"{shown(tables[0])} is a table and {shown(other)} is not: read them one after the other")
        place = [
            functions.col("_metadata.file_path").alias(FILE),
            functions.col("_metadata.file_block_start").alias(BLOCK),
        ]
        if not tables:
            line = functions.col("value").cast("binary").alias(LINE)
            number = functions.lit(None).cast("bigint").alias(NUMBER)
            return Archive(lines.select(line, *place, number), files)
        table = spark.read.option("recursiveFileLookup", "true").parquet(*sources)
        number = (functions.col("_metadata.row_index") + 1).alias(NUMBER)
        block = functions.lit(0).cast("bigint").alias(BLOCK)
        return Archive(table.select(*_fields(table, work), place[0], block, number), files)


def plan(given: Archive, work: Work) -> Plan:
    """What has to be known before articles are read: a quick pass over the archive counts its lines and looks at ids.

    Of several articles with one id the first, in the order of files and lines, keeps it.
    """
    from pyspark.sql import functions

    stems = {shown(file): _stem(file) for file in given.files}
    with errors("the articles cannot be counted"):
        counted = given.rows.mapInArrow(partial(count_files, work, arrow_schema(COUNTED)), COUNTED).persist()
        try:
            blocks = counted.groupBy(FILE, BLOCK).agg(functions.max(NUMBER).alias(NUMBER)).collect()
            before = _before((row[FILE], row[BLOCK], row[NUMBER]) for row in blocks)
            named = _named(counted, stems, before)
        finally:
            counted.unpersist()
    return Plan(stems, before, named)


def arrow_schema(columns: str) -> Any:
    """The schema of Arrow for columns as Spark writes them."""
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    schema: Any = StructType.fromDDL(columns)
    return to_arrow_schema(schema)


def _fields(table: DataFrame, work: Work) -> list[Any]:
    """The columns that articles need, under the names that they are looked up by."""
    from pyspark.sql import functions
    from pyspark.sql.types import StructType

    def has(schema: Any, parts: list[str]) -> Any:
        if not isinstance(schema, StructType) or parts[0] not in schema.names:
            return None
        kind = schema[parts[0]].dataType
        return kind if len(parts) == 1 else has(kind, parts[1:])

    make = Maker(None, lambda _: None, work.columns)
    found = []
    for name in dict.fromkeys(make.names()):
        whole = name in table.columns
        kind = table.schema[name].dataType if whole else has(table.schema, name.split("."))
        if kind is None:
            continue
        column = functions.col(f"`{name}`" if whole else ".".join(f"`{part}`" for part in name.split(".")))
        found.append(column.alias(name.replace(".", DOT)))
    text = work.columns.get("text", "text")
    if text not in table.columns and has(table.schema, text.split(".")) is None:
        shown = ", ".join(repr(name) for name in table.columns[:20])
        raise UsageError(f"the table has no column {text!r} but {shown or 'none'}; say --columns text=NAME")
    return found


def _before(blocks: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int], int]:
    """How many lines stand before each block of each file."""
    before: dict[tuple[str, int], int] = {}
    total: dict[str, int] = {}
    for file, block, lines in sorted(blocks):
        before[file, block] = total.get(file, 0)
        total[file] = before[file, block] + lines
    return before


def _named(counted: DataFrame, stems: dict[str, str], before: dict[tuple[str, int], int]) -> dict[tuple[str, int], str]:
    """Ids for the articles whose own is taken by one that stands before them, by file and line.

    Only articles that share an id, and those that are called as they would be then, come to this process.
    """
    from pyspark.sql import functions

    rows = [(file, block, lines, stems[file]) for (file, block), lines in before.items()]
    if not rows:
        return {}
    places = counted.sparkSession.createDataFrame(rows, f"{FILE} STRING, {BLOCK} BIGINT, before BIGINT, stem STRING")
    line = (functions.col(NUMBER) + functions.col("before")).alias("line")
    nameless = functions.concat("stem", functions.lit(":"), functions.col(NUMBER) + functions.col("before"))
    own = functions.when(functions.col("id") == NAMELESS, nameless).otherwise(functions.col("id")).alias("id")
    full = counted.where("id IS NOT NULL").join(functions.broadcast(places), [FILE, BLOCK]).select(FILE, line, own)
    taken = full.groupBy("id").count().where("count > 1").select("id")
    alike = full.withColumn("alike", functions.regexp_replace("id", r"-\d+$", "")).where("alike <> id")
    alike = alike.join(taken.withColumnRenamed("id", "alike"), "alike", "leftsemi").select(FILE, "line", "id")
    involved = full.join(taken, "id", "leftsemi").select(FILE, "line", "id").union(alike).distinct().collect()
    order = {file: place for place, file in enumerate(stems)}
    ids, named = Ids(), {}
    for row in sorted(involved, key=lambda row: (order[row[FILE]], row["line"])):
        given = ids.take(row["id"])
        if given != row["id"]:
            named[row[FILE], row["line"]] = given
    return named


def _stem(file: str) -> str:
    """The name of a file without its suffixes, after which articles without an id are called."""
    name = PurePosixPath(shown(file)).name
    for suffix in _PACKED:
        name = name.removesuffix(suffix)
    return PurePosixPath(name).stem or "article"
