"""Verbs that look after the graph, the lists of actors and the figures."""

from __future__ import annotations

from pathlib import Path

import click

from kgraph.cli import jobs, options, terminal
from kgraph.cli.jobs import Reading
from kgraph.cli.options import example
from kgraph.errors import StoreError

KINDS = ("state", "organisation", "group", "conflict", "person")


@click.command(epilog=example("kgraph remove de-kreml-iran", "kgraph query articles"))
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


@click.command(
    epilog=example("kgraph actors Moskau", "kgraph actors --kind conflict", "kgraph --actors my-actors actors")
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
    terminal.show(jobs.ACTOR_COLUMNS, rows, as_json=as_json, as_csv=as_csv)


@click.command(
    epilog=example(
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


@click.command(epilog=example("kgraph check", "kgraph check --store my-graph", "kgraph check graph.trig claims.ttl"))
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@options.as_json
@options.as_csv
@options.store
def check(files: tuple[Path, ...], as_json: bool, as_csv: bool, store: Path) -> None:
    """Check the graph for faults, or files of RDF.

    A FILE is N-Quads, TriG, JSON-LD, Turtle or N-Triples, by the end of its name, also packed (.nq.gz). The exit status is 1 if
    there are any faults.
    """
    if files and jobs.given("store"):
        raise click.UsageError("name files, or a graph with --store, and not both")
    with terminal.problems() as problems:
        for name, report in jobs.checked(files, store, problems):
            if report.faults:
                rows = [(fault.where, fault.what) for fault in report.faults]
                terminal.show(("where", "what"), rows, as_json=as_json, as_csv=as_csv)
                problems.add(f"{name}: {terminal.plural(len(report.faults), 'fault')} in the graph")
            else:
                counted = f"{terminal.plural(report.articles, 'article')}, {terminal.plural(report.claims, 'claim')}"
                terminal.words(f"{name} is in order: {counted}")


@click.command(epilog=example("kgraph backup graph-monday", "kgraph backup /media/backup/graph.tar.gz"))
@click.argument("target", type=click.Path(path_type=Path))
@options.store
def backup(target: Path, store: Path) -> None:
    """Copy the graph as it is now, also while articles are being added.

    TARGET is a new folder, or a new file that ends in .tar, .tar.gz or .tgz. The copy is read again and compared.
    """
    with jobs.open_graph(store, read_only=True) as graph:
        made = graph.backup(target)
    terminal.words(f"{made.path}: {terminal.plural(made.articles, 'article')}, {made.size / 1e6:.1f} MB, checked")


@click.command(epilog=example("kgraph restore graph-monday --store my-graph", "kgraph restore graph.tar.gz --force"))
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="BACKUP")
@click.option("--force", is_flag=True, help="Replace the graph that is there.")
@options.store
def restore(source: Path, force: bool, store: Path | str) -> None:
    """Make a graph of a backup, which is checked first."""
    if isinstance(store, str):
        raise click.UsageError("a backup becomes a graph in a folder; 'kgraph import' takes files to a server")
    from kgraph.graph.backup import restore

    made = restore(source, jobs.folder(store), overwrite=force)
    jobs.open_graph(store).close()  # brings an old one up to date
    terminal.words(f"{store}: {terminal.plural(made.articles, 'article')} restored from {source}")


@click.command("import", epilog=example("kgraph import graph.nq", "kgraph import theirs.trig --store ours"))
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE...")
@options.store
def import_(files: tuple[Path, ...], store: Path) -> None:
    """Take articles out of files that 'kgraph export' has written.

    N-Quads (.nq), TriG (.trig), JSON-LD (.jsonld) or Turtle (.ttl), also packed (.nq.gz). Each article is checked, and taken
    whole or not at all.
    """
    with terminal.problems() as problems, jobs.open_graph(store) as graph:
        for file in files:
            try:
                found = graph.import_file(file, on_problem=lambda error: problems.add(str(error)))
            except StoreError as error:
                problems.add(str(error))
            else:
                changed = "" if found.changed == found.articles else f", {found.changed} of them new or changed"
                terminal.words(f"{file}: {terminal.plural(found.articles, 'article')}{changed}")
