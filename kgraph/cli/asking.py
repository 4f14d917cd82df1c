"""Verbs that ask the graph, show it, and give it to other programs."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from kgraph.cli import jobs, options, tables, terminal
from kgraph.cli.options import example

EXPORT_FORMATS = (
    *("turtle", "trig", "nquads", "json-ld", "graphml", "gexf"),
    *("csv", "csv-nodes", "csv-edges", "neo4j-nodes", "neo4j-edges"),
)
_PATIENCE = 300  # seconds
_FORM = re.compile(r"(?:\s|#[^\n]*\n|(?:PREFIX|BASE)\s[^\n>]*>)*(?P<form>ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


@click.command(
    epilog=example(
        "kgraph query --list",
        "kgraph query --list balance",
        "kgraph query between Russland USA",
        "kgraph query who-attacks --min-confidence 0.8",
        "kgraph query conflicts --as-of 2026-03-01 --format parquet -o conflicts.parquet",
        "kgraph query 'SELECT ?b WHERE { id:Q30 kg:attacks ?b }'",
    )
)
@click.argument("question", required=False)
@click.argument("values", nargs=-1)
@click.option("--file", type=click.File(encoding="utf-8"), help="A file with SPARQL, or - for standard input.")
@click.option("--list", "listed", is_flag=True, help="List the named queries, or what one of them needs.")
@click.option("--limit", type=click.IntRange(min=1), help="At most that many rows.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help=f"Stop after so long; SPARQL of your own is stopped after {_PATIENCE} s if nothing is said.",
)
@options.min_confidence
@options.as_of
@options.labels
@click.option("--format", "form", type=click.Choice(tables.FORMATS), help="How rows are written; a table if not given.")
@options.as_json
@options.as_csv
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; standard output if not given.",
)
@options.store
def query(
    question: str | None,
    values: tuple[str, ...],
    file: IO[str] | None,
    listed: bool,
    limit: int | None,
    timeout: float | None,
    min_confidence: float,
    as_of: date | None,
    lang: str,
    form: str | None,
    as_json: bool,
    as_csv: bool,
    output: Path | None,
    store: Path,
) -> None:
    """Ask the graph: a named query with its values, or SPARQL.

    Values are names in any language, codes or ids: Russland, Russia, RUS and Q159 are the same. They stand in the
    order of the query's parameters, or as name=value; copies=yes counts copies of agency reports, too. The prefixes kg:
    and id: are known in SPARQL. --min-confidence and --as-of are for named queries; SPARQL of your own has to filter
    kg:confidence and schema:datePublished itself.
    """
    wanted = tables.chosen(form, as_json=as_json, as_csv=as_csv)
    if listed and question:
        tables.show(("value", "is", "needed", "about"), jobs.needed(question, lang), wanted, output)
        return
    if listed:
        tables.show(("name", "values", "answers"), jobs.named(lang), wanted, output)
        return
    if file is not None:
        question, values = file.read(), tuple(filter(None, (question, *values)))
    if not question:
        raise click.UsageError("give a named query, SPARQL in quotes, or --file; --list shows the named queries")
    params = jobs.at_least(min_confidence, question) | jobs.as_of(as_of, question)
    seconds = timeout or (None if jobs.is_named(question) else _PATIENCE)
    with jobs.open_graph(store, read_only=True, lang=lang) as graph:
        if _FORM.match(question):
            tables.put(graph.sparql(question, timeout=seconds)[1] + b"\n", output)
            return
        given = params | jobs.parameters(question, values)
        with terminal.ended_at_once() if seconds is None else nullcontext():
            rows = graph.select(question, limit=limit, timeout=seconds, **given)
        tables.show(rows.columns, rows, wanted, output)
        terminal.words(terminal.plural(len(rows), "row") + (", and there are more" if rows.truncated else ""))


@click.command(
    epilog=example("kgraph explore", "kgraph explore --output graph.html --min-claims 2 --title 'Zwei Jahre'")
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="kgraph.html",
    show_default=True,
    help="The page to write.",
)
@click.option(
    "--min-claims", type=click.IntRange(min=1), default=1, show_default=True, help="Leave out edges said less often."
)
@click.option("--title", help="What stands over it.")
@click.option(
    "--limit", type=click.IntRange(min=2), default=80, show_default=True, help="Actors in the first picture, at most."
)
@click.option("--copies", is_flag=True, help="Count what copies of a report say again.")
@options.min_confidence
@options.as_of
@options.labels
@options.store
def explore(output: Path, store: Path, lang: str, **wanted: Any) -> None:
    """Write the graph as one HTML page that needs no network.

    A large graph opens with its strongest actors; the page's search and its buttons let the others in.
    """
    from kgraph.explore import write_page

    with jobs.open_graph(store, read_only=True, lang=lang) as graph:
        click.echo(write_page(graph, output, lang=lang, **wanted))


@click.command(
    epilog=example(
        "kgraph export --format trig > graph.trig",
        "kgraph export --format nquads -o graph.nq.gz",
        "kgraph export --format gexf -o graph.gexf",
        "kgraph export --format neo4j-nodes -o nodes.csv",
    )
)
@click.option("--format", "form", type=click.Choice(EXPORT_FORMATS), default="trig", show_default=True)
@click.option(
    "-o", "--output", type=click.File("wb"), default="-", help="The file to write; standard output if not given."
)
@click.option("--everything", is_flag=True, help="With the ontology and the lists of actors.")
@options.min_confidence
@options.as_of
@options.labels
@options.store
def export(
    form: str,
    output: IO[bytes],
    everything: bool,
    min_confidence: float,
    as_of: date | None,
    lang: str,
    store: Path,
) -> None:
    """Write the graph in another format.

    Formats of the semantic web, of graph tools like Gephi, and of spreadsheets. A file whose name ends in .gz is packed.
    """
    from kgraph.graph.rdf_files import packing

    with jobs.open_graph(store, read_only=True, lang=lang) as graph, packing(output) as target:
        graph.export(target, form, everything=everything, min_confidence=min_confidence, as_of=as_of)
