"""The same articles by one process and on a small cluster of Spark: `python -m benchmarks.spark --articles 500`.

Fails where the sets of claim ids differ. Needs Java 17.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.articles import articles
from kgraph import Pipeline, read
from kgraph.batch import Work, run, session


def main() -> None:
    """Read twice, compare, and say how long each took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=500)
    options.add_argument("--words", type=int, default=400)
    options.add_argument("--reader", default="fast")
    options.add_argument("--master", default="local-cluster[2,1,1024]")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kgraph-spark-") as folder:
        source, output = Path(folder, "articles.jsonl"), Path(folder, "out")
        with source.open("w", encoding="utf-8") as file:
            for record in articles(given.articles, words=given.words):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        start = time.monotonic()
        pipeline = Pipeline.load(reader=given.reader)
        alone = {claim.id for found in pipeline.run(read(source)) for claim in found.claims}
        one = time.monotonic() - start
        with session(given.master) as spark:
            start = time.monotonic()
            result = run(spark, str(source), str(output), Work(reader=given.reader), split=64 * 1024)
            many = time.monotonic() - start
            together = {row["id"] for row in spark.read.parquet(str(output / "claims")).select("id").collect()}
    print(f"{result.articles} articles, {len(alone)} claims by one process in {one:.0f} s")  # noqa: T201
    print(f"{len(together)} claims on {given.master} in {many:.0f} s, {one / many:.2f} times as fast")  # noqa: T201
    print(f"the same: {alone == together}")  # noqa: T201
    raise SystemExit(alone != together)


if __name__ == "__main__":
    main()
