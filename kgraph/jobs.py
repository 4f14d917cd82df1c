"""What several verbs of the command line have in common: opening, extracting, writing, looking up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgraph import terminal
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.actors import Entry, Registry
    from kgraph.graph import Store
    from kgraph.model import Extraction
    from kgraph.pipeline import Pipeline

ACTOR_COLUMNS = ("label", "kind", "code", "wikidata", "names", "offices")
_TREES = ".conllu"


def actor_folders() -> tuple[Path, ...]:
    """The folders with actors of the user's own, as given to the command line."""
    return click.get_current_context().find_object(tuple) or ()


def open_graph(store: Path, *, read_only: bool = False, lang: str = "de") -> Store:
    """Open the store of a verb; a context manager."""
    from kgraph.graph import open_store

    return open_store(store, read_only=read_only, lang=lang, actors=actor_folders())


def load_pipeline(lang: str | None = None) -> Pipeline:
    """Load the pipeline of a language, or of the one that kgraph reads if none is asked for."""
    from kgraph.pipeline import Pipeline

    pipeline = Pipeline.load(lang) if lang else Pipeline.load()
    if folders := actor_folders():
        from kgraph.actors import load_registry
        from kgraph.link import Linker

        code = pipeline.parser.lang
        pipeline.linker = Linker.load(code, load_registry(code, folders))
    return pipeline


def extractions(
    sources: tuple[str, ...], lang: str | None, problems: terminal.Problems, *, silent: bool = False
) -> Iterator[Extraction]:
    """Extract from sources, trees in CoNLL-U among them; a line on the terminal counts, unless `silent`."""
    from kgraph.read import read

    pipeline = load_pipeline(lang)
    trees = [Path(source) for source in sources if source.endswith(_TREES)]
    texts = [source for source in sources if not source.endswith(_TREES)]
    found = pipeline.run(read(texts, lang=lang, on_problem=problems.add))
    yield from watched(found, problems, silent=silent)
    for path in trees:
        yield from watched(_from_trees(pipeline, path, problems), problems, silent=silent)


def watched(found: Iterable[Extraction], problems: terminal.Problems, *, silent: bool = False) -> Iterator[Extraction]:
    """Pass extractions on, count them on the terminal and gather their problems."""
    for extraction in terminal.counted(found, "article", lambda each: each.article.id, silent=silent):
        for problem in extraction.problems:
            problems.add(f"{problem.where}: {problem.what}")
        yield extraction


def tell_why(found: Iterable[Extraction], *, as_json: bool) -> None:
    """Print why each sentence gives the claims it gives, as text or as lines of JSON."""
    from kgraph.explain import as_dict, as_lines, explain

    for explanation in (each for extraction in found for each in explain(extraction)):
        if as_json:
            terminal.json_line(as_dict(explanation))
        else:
            terminal.lines([*as_lines(explanation), ""])


def write(graph: Store, found: Iterable[Extraction]) -> None:
    """Write extractions into the graph and say how many there were."""
    articles = changed = claims = 0
    for extraction in found:
        if extraction.problems and not extraction.sentences:
            continue  # it was skipped: what the graph may have of it stays
        changed += graph.write(extraction)
        articles += 1
        claims += len(extraction.claims)
    said = f"{terminal.plural(articles, 'article')} with {terminal.plural(claims, 'claim')}"
    terminal.words(f"{said}; {changed:,} new or changed")


def named(lang: str) -> list[tuple[str, str, str]]:
    """The named queries with their parameters, those that may be missing in brackets, and their titles."""
    from kgraph.graph import named_queries

    return [
        (
            query.name,
            " ".join(p.name if p.required else f"[{p.name}]" for p in query.parameters),
            query.title.get(lang) or query.title["en"],
        )
        for query in named_queries()
    ]


def parameters(question: str, values: tuple[str, ...]) -> dict[str, Any]:
    """The values by name; those without one take the parameters of the named query in order."""
    from kgraph.graph import named_queries

    query = next((query for query in named_queries() if query.name == question), None)
    names = [parameter.name for parameter in query.parameters] if query else []
    given: dict[str, Any] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if equals and name.isidentifier():
            given[name] = rest
            continue
        free = [name for name in names if name not in given]
        if not free:
            raise UsageError(f"there is no parameter for the value {value!r}; write name=value, or fewer values")
        given[free[0]] = value
    return given


def actor_row(entry: Entry, registry: Registry, lang: str) -> tuple[str | None, ...]:
    """What the lists know of an actor, in the order of `ACTOR_COLUMNS`; present offices stand first."""
    names = [*entry.names.get(lang, ()), *entry.acronyms.get(lang, ())]
    held = sorted(entry.offices, key=lambda office: office.end is not None)
    offices = [(office.title(lang), registry.by_id(office.of)) for office in held]
    return (
        entry.label(lang),
        entry.kind,
        entry.iso3,
        entry.qid,
        "; ".join(names),
        "; ".join(f"{title} ({of.label(lang)})" if of else title for title, of in offices),
    )


def _from_trees(pipeline: Pipeline, path: Path, problems: terminal.Problems) -> Iterator[Extraction]:
    from kgraph.interchange import read_conllu

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(f"{path}: cannot be read: {error}")
        return
    for article, sentences in read_conllu(text, name=str(path)):
        yield pipeline.extract_parsed(article, sentences)
