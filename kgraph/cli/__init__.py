"""The command line: each verb calls the library and prints; results on standard output, words on standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kgraph.cli import asking, batching, keeping, reading, serving, terminal, watching
from kgraph.errors import KgraphError, UsageError

__all__ = ["cli", "main"]
_VERBS = (
    *(reading.demo, reading.add, watching.watch, reading.extract, batching.batch),
    *(asking.query, asking.explore, asking.export, serving.serve),
    *(keeping.remove, keeping.actors, keeping.evaluate, keeping.check),
    *(keeping.backup, keeping.restore, keeping.import_),
)


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


for _verb in _VERBS:
    cli.add_command(_verb)


def main() -> None:
    """Run the command line; text goes out as UTF-8 whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="kgraph")
