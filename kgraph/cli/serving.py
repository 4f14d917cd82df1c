"""The verb that serves the graph over HTTP."""

from __future__ import annotations

import logging

import click

from kgraph.cli import jobs, options, terminal
from kgraph.cli.options import Place, example
from kgraph.errors import MissingExtra


@click.command(
    epilog=example(
        "kgraph serve",
        "kgraph serve --port 8000 --timeout 10",
        "KGRAPH_TOKEN=$(openssl rand -hex 16) kgraph serve --write",
    )
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; others than this machine's own need a token.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="Port; 0 is any that is free."
)
@click.option("--write", is_flag=True, help="Let those who send the token change the graph.")
@click.option(
    "--token", envvar="KGRAPH_TOKEN", show_envvar=True, help="What changes need, and all requests from outside."
)
@click.option(
    "--host-name", "hosts", multiple=True, metavar="NAME", help="A further name that browsers call this server by."
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="A site whose pages may ask this server, like https://lab.example; * for all.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds that a query may take."
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="Rows or triples that a query may give.",
)
@click.option("--workers", type=click.IntRange(min=1), default=4, show_default=True, help="Queries at once.")
@click.option(
    "--memory",
    type=click.IntRange(min=256),
    default=2048,
    show_default=True,
    help="Megabytes that each of them may need.",
)
@options.labels
@options.store
def serve(
    host: str,
    port: int,
    write: bool,
    token: str | None,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    timeout: float,
    max_rows: int,
    workers: int,
    memory: int,
    lang: str,
    store: Place,
) -> None:
    """Serve the graph: pages to look at, and a SPARQL endpoint.

    Only this machine can reach it, and nobody can change anything, unless asked otherwise. It shows what 'kgraph add'
    adds meanwhile. Stop it with Ctrl-C.
    """
    folder = jobs.folder(store)
    try:
        from kgraph.serve.server import is_loopback, run
        from kgraph.serve.settings import Settings
    except ImportError as error:
        raise MissingExtra("serving the graph", "serve") from error
    settings = Settings(
        lang=lang,
        actors=jobs.actor_folders(),
        write=write,
        token=token or None,
        private=not is_loopback(host) and bool(token),
        hosts=(*hosts, host),
        origins=origins,
        timeout=timeout,
        max_rows=max_rows,
        workers=workers,
        memory=memory << 20,
    )
    logging.basicConfig(format="%(message)s")

    def started(address: str) -> None:
        terminal.words(f"{store} is served at {address} and {address}sparql; Ctrl-C stops it")

    run(folder, settings, host=host, port=port, started=started)
