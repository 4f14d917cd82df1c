"""Verbs that read articles."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from kgraph.cli import jobs, options, running, terminal
from kgraph.cli.jobs import Gathering, Reading
from kgraph.cli.options import example
from kgraph.cli.reports import reporting
from kgraph.cli.running import Working


@click.command(epilog=example("kgraph demo", "kgraph demo --page example.html"))
@options.store
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    default="kgraph.html",
    show_default=True,
    help="The page.",
)
@options.reader
@options.min_confidence
def demo(store: Path, page: Path, reader: str, min_confidence: float) -> None:
    """Read the example articles, answer a question, draw the graph."""
    from kgraph.explore import write_page
    from kgraph.pipeline import LANGUAGES
    from kgraph.read import read
    from kgraph.resources import seeds_dir

    with terminal.problems() as problems, jobs.open_graph(store) as graph:
        articles = list(read(seeds_dir(), on_problem=problems.add))
        readable = [
            replace(article, source=Path(article.source or "").name)
            for article in articles
            if article.lang in LANGUAGES
        ]
        later = len(articles) - len(readable)
        terminal.words(f"reading {terminal.plural(len(readable), 'example article')} into {store}")
        if later:
            terminal.words(
                f"({terminal.plural(later, 'more is', 'more are')} in languages that kgraph cannot read yet)"
            )
        pipeline = jobs.load_pipeline(Reading(None, reader, min_confidence))
        jobs.write(graph, jobs.watched(pipeline.run(readable), problems))
        rows = graph.select("who-attacks", **jobs.at_least(min_confidence, "who-attacks"))
        terminal.table(rows.columns, rows, title="Who attacks whom?")
        terminal.words(f"the graph to look at: {write_page(graph, page, min_confidence=min_confidence)}")
        terminal.words(f"more: kgraph query --list --store {store}")


@click.command(
    epilog=example(
        "kgraph add news/",
        "kgraph add archive.jsonl.gz --workers 4",
        "kgraph add archive.csv --columns text=body",
        "kgraph add https://example.org/feed.xml",
    )
)
@options.sources
@options.reading
@options.gathering
@options.working
@options.store
def add(sources: tuple[str, ...], reading: Reading, gathering: Gathering, working: Working, store: Path) -> None:
    """Read articles and put what they say into the graph.

    Each article is stored as soon as it is read, and replaced as a whole if it is there already. One that has not
    changed since the same reader read it is not read again: a run that was stopped goes on with the same command.
    """
    with reporting(strict=gathering.strict, path=gathering.report) as report, jobs.open_graph(store) as graph:
        running.add(graph, sources, reading, report, gathering=gathering, working=working)


@click.command(
    epilog=example(
        "kgraph extract article.txt",
        "kgraph extract news/ --format jsonl > claims.jsonl",
        "kgraph extract article.txt --explain",
    )
)
@options.sources
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "table", "conllu", "trig"]),
    default="table",
    show_default=True,
    help="Claims as lines of JSON or a table, trees as CoNLL-U, RDF as TriG.",
)
@click.option("--explain", "why", is_flag=True, help="Tell for each sentence what was found in it, and why or why not.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: print lines of JSON.")
@options.reading
@options.gathering
def extract(
    sources: tuple[str, ...], form: str, why: bool, as_json: bool, reading: Reading, gathering: Gathering
) -> None:
    """Print what articles say, without storing it.

    A SOURCE may also be a .conllu file that this verb wrote: its trees are taken as they stand. With --explain each
    sentence comes with its tree, its mentions, every entry of the lexicon whose word stands in it, what was found for
    it or what was missing, and its claims.
    """
    from kgraph.interchange import COLUMNS, claim_to_dict, claim_to_row, write_conllu

    if as_json and not why:
        raise click.UsageError("--json goes with --explain; --format jsonl prints claims as lines of JSON")
    with reporting(strict=gathering.strict, path=gathering.report) as problems:
        streams = why or form in ("jsonl", "conllu")  # a counting line would run into the results
        silent = streams and sys.stdout.isatty()
        extractions = jobs.extractions(sources, reading, problems, gathering=gathering, silent=silent)
        if why:
            jobs.tell_why(extractions, min_confidence=reading.min_confidence, as_json=as_json)
        elif form == "table":
            terminal.table(COLUMNS, [claim_to_row(claim) for found in extractions for claim in found.claims])
        elif form == "trig":
            from kgraph.graph import serialize

            click.echo(serialize(extractions, format="trig"), nl=False)
        else:
            for found in extractions:
                if form == "conllu":
                    click.echo(write_conllu(found.article, found.sentences), nl=False)
                else:
                    for claim in found.claims:
                        terminal.json_line(claim_to_dict(claim))
