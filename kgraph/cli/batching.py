"""The verb that reads archives on Spark."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kgraph.cli import jobs, options, terminal
from kgraph.cli.jobs import Reading
from kgraph.cli.options import example

_SHOWN = 100


def _settings(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The settings of `spark.executor.memory=4g` by their names."""
    settings: dict[str, str] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not (equals and name.startswith("spark.")):
            raise click.BadParameter(f"{value!r} is no setting of Spark; write it like spark.executor.memory=4g")
        settings[name] = rest
    return settings


@click.command(
    epilog=example(
        "kgraph batch archive/ result/",
        "kgraph batch 'archive/2026-*.jsonl.gz' result/ --reader fast",
        "kgraph batch hdfs:///news/ hdfs:///claims/ --master yarn --conf spark.executor.instances=20",
    )
)
@click.argument("sources", nargs=-1, required=True, metavar="IN...")
@click.argument("output", metavar="OUT")
@click.option(
    "--master",
    envvar="KGRAPH_MASTER",
    show_envvar=True,
    help="Where Spark runs: local[4,4], spark://host:7077, yarn; all cores of this machine if not given.",
)
@click.option("--conf", "settings", metavar="NAME=VALUE", multiple=True, callback=_settings, help="A setting of Spark.")
@click.option("--overwrite", is_flag=True, help="Replace the result that OUT holds.")
@click.option(
    "--split",
    type=click.IntRange(1, 1024),
    default=16,
    show_default=True,
    metavar="MB",
    help="How much of a file a worker takes at a time.",
)
@click.option(
    "--patience",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="An article that takes longer is set aside.",
)
@options.columns
@options.reading
def batch(
    sources: tuple[str, ...],
    output: str,
    master: str | None,
    settings: dict[str, str],
    overwrite: bool,
    split: int,
    patience: float,
    columns: dict[str, str],
    reading: Reading,
) -> None:
    """Read an archive of JSON Lines or Parquet on Apache Spark.

    IN is files, folders or patterns in quotes, OUT a new folder, in any file system that Spark knows. OUT gets claims,
    articles and problems as tables in Parquet, the graphs of the articles as N-Quads, and _SUCCESS when all is there.
    'kgraph import OUT/quads/*.nq' puts them into a graph. Needs Java 17.
    """
    from kgraph.batch import Work, problems, run, session

    work = Work(
        lang=reading.lang,
        reader=reading.reader,
        min_confidence=reading.min_confidence,
        columns=columns,
        actors=tuple(Path(folder).resolve() for folder in jobs.actor_folders()),
        patience=patience,
    )
    shown = {"spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    with session(master, {**shown, **settings}) as spark, terminal.problems() as told:
        result = run(spark, list(sources), output, work, overwrite=overwrite, split=split * 2**20)
        for problem in problems(spark, output, _SHOWN):
            told.add(problem)
        more = f"; {output}/problems has all {result.problems:,}" if result.problems > _SHOWN else ""
        counted = terminal.plural(result.articles, "article"), terminal.plural(result.claims, "claim")
        terminal.words(f"{counted[0]} with {counted[1]}, {result.skipped:,} skipped: {output}{more}")
