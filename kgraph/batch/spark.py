"""A session of Spark: found, started with what a run needs, and its errors turned into ours."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.errors import BatchError, MissingExtra, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local[*,4]"  # as many workers as there are cores; what a worker that died was doing is tried four times
_LOCAL = re.compile(r"local(?:-cluster)?(?:\[.*\])?$")
_JAVA = "Spark needs Java 17 or later: apt-get install openjdk-17-jre-headless, or set JAVA_HOME to where it is"
_SETTINGS = {
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",  # what is half done is never in its place
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}
_AT_HOME = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


@contextmanager
def session(master: str | None = None, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session of Spark, which is stopped at the end unless it was there before.

    `master` is what Spark calls by that name: `local[4,4]`, `spark://host:7077`, `yarn`; without one it is what
    `spark-submit` or Spark's own files say, and this machine if they say nothing. Nothing listens beyond this machine
    if it is the only one. `settings` are Spark's.

    Raises MissingExtra without `kgraph[spark]`, UsageError without Java, BatchError where Spark does not start.
    """
    try:
        import pyspark
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra("reading archives on Spark", "spark") from error
    active = SparkSession.getActiveSession()
    if active is not None and master is None:
        yield active
        return
    home = os.environ.get("JAVA_HOME")
    if not (home and Path(home, "bin", "java").exists()) and shutil.which("java") is None:
        raise UsageError(_JAVA)
    chosen = {**_SETTINGS, **_local(master, Path(pyspark.__file__).parent), **(settings or {})}
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    builder: Any = SparkSession.builder.appName("kgraph batch")
    for name, value in chosen.items():
        builder = builder.config(name, value)
    interrupted = signal.getsignal(signal.SIGINT)
    with errors("Spark does not start"):
        spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupted)  # Spark puts its own in place and leaves it there


def _local(master: str | None, home: Path) -> dict[str, str]:
    """What Spark must be told where all of it runs on this machine; empty for a cluster."""
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # by spark-submit, which knows its master
    if master is None and submitted:
        return {}
    master = master or MASTER
    if not _LOCAL.match(master):
        return {"spark.master": master}
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    os.environ.setdefault("SPARK_HOME", str(home))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    return {"spark.master": master, "spark.executorEnv.PYTHONPATH": path, **_AT_HOME}


@contextmanager
def errors(what: str) -> Iterator[None]:
    """What goes wrong in Spark becomes a BatchError that says what was being done, and why it failed in a line or two."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise BatchError(f"{what}: {_reason(str(error))}") from error


def _reason(said: str) -> str:
    """The lines that tell a person something, of what Spark and Java say."""
    if "JAVA_GATEWAY_EXITED" in said or "UnsupportedClassVersionError" in said:
        return _JAVA
    ours = re.findall(r"^kgraph\.errors\.\w+: (.+)$", said, re.MULTILINE)
    if ours:
        return str(ours[-1])
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.strip().startswith("at ")]
    causes = [line for line in lines if re.match(r"(?:Caused by: )?[\w.]+(?:Exception|Error)\b", line)]
    return " … ".join(dict.fromkeys([*lines[:1], *causes[-1:]]))[:1000]
