"""The command line: each verb calls the library and prints; results on standard output, words on standard error."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import click

from kgraph import jobs, options, terminal
from kgraph.errors import KgraphError, UsageError
from kgraph.jobs import Gathering, Reading
from kgraph.reports import reporting

EXPORT_FORMATS = ("turtle", "trig", "nquads", "json-ld", "graphml", "gexf", "csv", "csv-nodes", "csv-edges")
KINDS = ("state", "organisation", "group", "conflict", "person")
_FORM = re.compile(r"(?:\s|#[^\n]*\n|(?:PREFIX|BASE)\s[^\n>]*>)*(?P<form>ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


class _Verbs(click.Group):
    """Verbs in the order they are written; an error of kgraph is a message and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgraphError as error:
            terminal.words(f"kgraph: {error}")
            ctx.exit(2 if isinstance(error, UsageError) else 1)


def _example(*lines: str) -> str:
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # slow to import, and wanted here only

        click.echo(f"kgraph {version('kgraph')}")
        ctx.exit()


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
@click.option(
    "--actors",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    envvar="KGRAPH_ACTORS",
    show_envvar=True,
    help="A folder with lists of actors of your own; may be given more than once.",
)
@click.pass_context
def cli(ctx: click.Context, folders: tuple[Path, ...]) -> None:
    """Read news and ask who does what to whom.

    A SOURCE is a file (text, HTML, PDF, DOCX, XML of agencies, tables, archives), a folder, a pattern in quotes, the
    address of a page, feed or site map, or - for standard input.
    """
    ctx.obj = folders


@cli.command(epilog=_example("kgraph demo", "kgraph demo --page example.html"))
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
        readable = [article for article in articles if article.lang in LANGUAGES]
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


@cli.command(
    epilog=_example(
        "kgraph add news/", "kgraph add archive.csv --columns text=body", "kgraph add https://example.org/feed.xml"
    )
)
@options.sources
@options.reading
@options.gathering
@options.store
def add(sources: tuple[str, ...], reading: Reading, gathering: Gathering, store: Path) -> None:
    """Read articles and put what they say into the graph.

    An article that is in the graph already is replaced as a whole.
    """
    with (
        reporting(strict=gathering.strict, path=gathering.report) as problems,
        jobs.open_graph(store) as graph,
    ):
        jobs.write(graph, jobs.extractions(sources, reading, problems, gathering=gathering))


@cli.command(
    epilog=_example(
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


@cli.command(
    epilog=_example(
        "kgraph query --list",
        "kgraph query between Russland USA",
        "kgraph query who-attacks --min-confidence 0.8",
        "kgraph query 'SELECT ?b WHERE { id:Q30 kg:attacks ?b }'",
    )
)
@click.argument("question", required=False)
@click.argument("values", nargs=-1)
@click.option("--file", type=click.File(encoding="utf-8"), help="A file with SPARQL, or - for standard input.")
@click.option("--list", "listed", is_flag=True, help="List the named queries and what they need.")
@click.option("--limit", type=click.IntRange(min=1), help="At most that many rows.")
@options.min_confidence
@options.labels
@options.as_json
@options.as_csv
@options.store
def query(
    question: str | None,
    values: tuple[str, ...],
    file: IO[str] | None,
    listed: bool,
    limit: int | None,
    min_confidence: float,
    lang: str,
    as_json: bool,
    as_csv: bool,
    store: Path,
) -> None:
    """Ask the graph: a named query with its values, or SPARQL.

    Values are names in any language, codes or ids: Russland, Russia, RUS and Q159 are the same. They stand in the
    order of the query's parameters, or as name=value. The prefixes kg: and id: are known in SPARQL. --min-confidence is
    for named queries about claims; in SPARQL of your own, filter kg:confidence.
    """
    if listed:
        _print(("name", "values", "answers"), jobs.named(lang), as_json=as_json, as_csv=as_csv)
        return
    if file is not None:
        question, values = file.read(), tuple(filter(None, (question, *values)))
    if not question:
        raise click.UsageError("give a named query, SPARQL in quotes, or --file; --list shows the named queries")
    params = jobs.at_least(min_confidence, question)
    with jobs.open_graph(store, read_only=True, lang=lang) as graph:
        if _FORM.match(question):
            click.echo(graph.sparql(question)[1])
            return
        rows = graph.select(question, limit=limit, **(params | jobs.parameters(question, values)))
        _print(rows.columns, rows, as_json=as_json, as_csv=as_csv)
        terminal.words(terminal.plural(len(rows), "row") + (", and there are more" if rows.truncated else ""))


@cli.command(epilog=_example("kgraph explore", "kgraph explore --output graph.html --min-claims 2"))
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
@options.min_confidence
@options.labels
@options.store
def explore(output: Path, min_claims: int, min_confidence: float, lang: str, store: Path) -> None:
    """Write the graph as one HTML page that needs no network."""
    from kgraph.explore import write_page

    with jobs.open_graph(store, read_only=True, lang=lang) as graph:
        click.echo(write_page(graph, output, min_claims=min_claims, min_confidence=min_confidence, lang=lang))


@cli.command(epilog=_example("kgraph export --format trig > graph.trig", "kgraph export --format gexf -o graph.gexf"))
@click.option("--format", "form", type=click.Choice(EXPORT_FORMATS), default="trig", show_default=True)
@click.option(
    "-o", "--output", type=click.File("wb"), default="-", help="The file to write; standard output if not given."
)
@click.option("--everything", is_flag=True, help="With the ontology and the lists of actors.")
@options.min_confidence
@options.labels
@options.store
def export(form: str, output: IO[bytes], everything: bool, min_confidence: float, lang: str, store: Path) -> None:
    """Write the graph in another format.

    Formats of the semantic web, of graph tools like Gephi, and of spreadsheets.
    """
    with jobs.open_graph(store, read_only=True, lang=lang) as graph:
        graph.export(output, form, everything=everything, min_confidence=min_confidence)


@cli.command(epilog=_example("kgraph remove de-kreml-iran", "kgraph query articles"))
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@options.store
def remove(articles: tuple[str, ...], store: Path) -> None:
    """Take articles out of the graph, with all they said.

    An ARTICLE is an id; 'kgraph query articles' lists them.
    """
    with terminal.problems() as problems, jobs.open_graph(store) as graph:
        for article in articles:
            if graph.remove(article):
                terminal.words(f"removed {article}")
            else:
                problems.add(f"{article}: there is no such article; 'kgraph query articles' lists them")


@cli.command(
    epilog=_example("kgraph actors Moskau", "kgraph actors --kind conflict", "kgraph --actors my-actors actors")
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--kind", type=click.Choice(KINDS), help="Only actors of this kind.")
@options.labels
@options.as_json
@options.as_csv
def actors(names: tuple[str, ...], kind: str | None, lang: str, as_json: bool, as_csv: bool) -> None:
    """Look up the actors that kgraph knows.

    A NAME is one in any language, a code or an id; all actors are listed without one. CONTRIBUTING.md describes the files for actors of your own.
    """
    from kgraph.actors import load_registry

    registry = load_registry(lang, jobs.actor_folders())
    entries = [registry.resolve(name) for name in names] or registry.actors
    rows = [jobs.actor_row(entry, registry, lang) for entry in entries if kind in (None, entry.kind)]
    _print(jobs.ACTOR_COLUMNS, rows, as_json=as_json, as_csv=as_csv)


@cli.command(
    epilog=_example(
        "kgraph evaluate gold/dev.gold.jsonl",
        "kgraph evaluate dev.gold.jsonl --claims claims.jsonl",
        "kgraph evaluate --parser treebank.conllu",
    )
)
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--parser", "is_treebank", is_flag=True, help="GOLD is a treebank in CoNLL-U: score the trees.")
@click.option(
    "--docs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The articles; X.docs.jsonl beside X.gold.jsonl if not given.",
)
@click.option(
    "--claims",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Claims to score, as extract prints them; else the articles are read now.",
)
@click.option("--errors", type=click.IntRange(min=0), default=0, help="List that many missed and spurious edges.")
@options.reading
@options.as_json
def evaluate(
    gold: Path,
    is_treebank: bool,
    docs: Path | None,
    claims: Path | None,
    errors: int,
    reading: Reading,
    as_json: bool,
) -> None:
    """Compare claims with annotated articles, or trees with a treebank.

    Prints precision, recall and F1 per relation; with --parser UPOS, lemmas, UAS and LAS, and the arcs per relation.
    """
    if is_treebank:
        if docs or claims or errors or jobs.given("min_confidence"):
            wrong = "--docs, --claims, --errors and --min-confidence are for claims; leave them out with --parser"
            raise click.UsageError(wrong)
        jobs.score_trees(gold, reading, as_json=as_json)
        return
    with terminal.problems() as problems:
        jobs.score_claims(gold, docs, claims, reading, problems, errors=errors, as_json=as_json)


@cli.command(epilog=_example("kgraph check", "kgraph check --store my-graph"))
@options.as_json
@options.as_csv
@options.store
def check(as_json: bool, as_csv: bool, store: Path) -> None:
    """Check the graph for faults.

    The exit status is 1 if there are any.
    """
    with terminal.problems() as problems, jobs.open_graph(store, read_only=True) as graph:
        report = graph.check()
        if report.faults:
            _print(("where", "what"), [(f.where, f.what) for f in report.faults], as_json=as_json, as_csv=as_csv)
            problems.add(f"{store}: {terminal.plural(len(report.faults), 'fault')} in the graph")
        else:
            counted = f"{terminal.plural(report.articles, 'article')}, {terminal.plural(report.claims, 'claim')}"
            terminal.words(f"{store} is in order: {counted}")


def main() -> None:
    """Run the command line; text goes out as UTF-8 whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="kgraph")


def _print(columns: tuple[str, ...], rows: Iterable[Any], *, as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if as_json:
        terminal.json_records(columns, rows)
    elif as_csv:
        terminal.csv_rows(columns, rows)
    else:  # a claim's id is for machines, and takes the room that its quotation needs
        kept = [place for place, column in enumerate(columns) if column != "claim"]
        terminal.table([columns[place] for place in kept], ([tuple(row)[place] for place in kept] for row in rows))
