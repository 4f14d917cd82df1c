"""One session of Spark for all tests: a small cluster on this machine, whose executors are processes of their own."""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kgraph
from kgraph.batch import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Needs Java; without it the test is skipped, or fails where KGRAPH_REQUIRE_JAVA is 1."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        if os.environ.get("KGRAPH_REQUIRE_JAVA") == "1":
            pytest.fail("there is no Java and KGRAPH_REQUIRE_JAVA is 1")
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = os.pathsep.join(map(str, (Path(__file__).parents[1], Path(kgraph.__file__).parents[1])))
        settings = {"spark.sql.shuffle.partitions": "2", "spark.executorEnv.PYTHONPATH": path}
        started = session("local-cluster[2,1,1024]", settings)
        interrupted = signal.getsignal(signal.SIGINT)
        running = started.__enter__()
        signal.signal(signal.SIGINT, interrupted)  # that of Spark is not for the tests after these
    yield running
    started.__exit__(None, None, None)
