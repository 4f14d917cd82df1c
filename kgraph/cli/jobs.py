"""What several verbs of the command line have in common: opening, extracting, writing, looking up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgraph.cli import terminal
from kgraph.cli.reports import Report
from kgraph.errors import KgraphError, UsageError

if TYPE_CHECKING:
    from kgraph.actors import Entry, Registry
    from kgraph.graph import Store
    from kgraph.graph.check import Report as Faults
    from kgraph.model import Extraction
    from kgraph.pipeline import Pipeline
    from kgraph.read import Web

ACTOR_COLUMNS = ("label", "kind", "code", "wikidata", "names", "offices")
_TREES = ".conllu"
_SIFTING = {"min_confidence", "as_of", "copies"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How articles are read: in which language (None: as detected), by which reader, and what is kept of it.

    Claims below `min_confidence` (0 to 1) are left out.
    """

    lang: str | None = None
    reader: str = "accurate"
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where articles come from and what becomes of those that cannot be read.

    `columns` maps the fields of articles to the names that tables have for them; `web` says how pages are fetched
    (None: as usual). `strict` stops at the first problem, `report` is a file that tells of every article as JSON.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    web: Web | None = None
    strict: bool = False
    report: Path | None = None


def actor_folders() -> tuple[Path, ...]:
    """The folders with actors of the user's own, as given to the command line."""
    return click.get_current_context().find_object(tuple) or ()


def folder(store: Path | str) -> Path:
    """The folder of a store, for what cannot be done on a server. Raises UsageError for an address."""
    if isinstance(store, str):
        raise UsageError(f"{store} is a server, and this needs a folder; name one with --store")
    return store


def open_graph(store: Path | str, *, read_only: bool = False, lang: str = "de") -> Store:
    """Open the store of a verb; a context manager. KGRAPH_UPDATE is where a server takes updates, if not where it seems."""
    from kgraph.graph import open_store

    update = os.environ.get("KGRAPH_UPDATE")
    return open_store(store, read_only=read_only, lang=lang, actors=actor_folders(), update=update)


def checked(files: Sequence[Path], store: Path, problems: terminal.Problems) -> Iterator[tuple[Path, Faults]]:
    """What is wrong in files of RDF, or where there are none in the store; a file that cannot be read is a problem."""
    if not files:
        with open_graph(store, read_only=True) as graph:
            yield store, graph.check()
        return
    from kgraph.graph.check_file import check_file

    for path in files:
        try:
            yield path, check_file(path, actors=actor_folders())
        except KgraphError as error:
            problems.add(str(error))


def load_pipeline(reading: Reading = Reading()) -> Pipeline:
    """Load the pipeline of a language, or of the one that kgraph reads if none is asked for."""
    from kgraph.pipeline import DEFAULT_LANGUAGE, Pipeline

    return Pipeline.load(
        reading.lang or DEFAULT_LANGUAGE,
        reader=reading.reader,
        min_confidence=reading.min_confidence,
        actors=actor_folders(),
    )


def extractions(
    sources: tuple[str, ...],
    reading: Reading,
    problems: terminal.Problems,
    *,
    gathering: Gathering = Gathering(),
    silent: bool = False,
) -> Iterator[Extraction]:
    """Extract from sources, trees in CoNLL-U among them; a line on the terminal counts, unless `silent`."""
    from kgraph.read import read

    texts, trees = by_kind(sources)
    columns, web = gathering.columns, gathering.web
    report = [gathering.report] if gathering.report else ()
    articles = read(texts, lang=reading.lang, columns=columns, web=web, on_problem=problems.add, leave_out=report)
    pipeline = load_pipeline(reading)
    yield from watched(pipeline.run(articles), problems, silent=silent)
    for path in trees:
        yield from watched(from_trees(pipeline, path, problems), problems, silent=silent)


def watched(found: Iterable[Extraction], problems: terminal.Problems, *, silent: bool = False) -> Iterator[Extraction]:
    """Pass extractions on, count them on the terminal and gather their problems."""
    for extraction in terminal.counted(found, "article", lambda each: each.article.id, silent=silent):
        if isinstance(problems, Report):
            problems.read(extraction)
        else:
            for problem in extraction.problems:
                problems.add(f"{problem.where}: {problem.what}")
        yield extraction


def by_kind(sources: tuple[str, ...]) -> tuple[list[str], list[Path]]:
    """Sources to be read and parsed, and files that hold trees already."""
    trees = [Path(source) for source in sources if source.endswith(_TREES)]
    return [source for source in sources if not source.endswith(_TREES)], trees


def tell_why(found: Iterable[Extraction], *, min_confidence: float, as_json: bool) -> None:
    """Print why each sentence gives the claims it gives, as text or as lines of JSON."""
    from kgraph.explain import as_dict, as_lines, explain

    for explanation in (each for extraction in found for each in explain(extraction, min_confidence=min_confidence)):
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
    """The named queries with their parameters, those that may be missing in brackets, and their titles.

    What nearly all of them take (`min_confidence`, `as_of`, `copies`) is left out.
    """
    from kgraph.graph import named_queries

    return [
        (
            query.name,
            " ".join(p.name if p.required else f"[{p.name}]" for p in query.parameters if p.name not in _SIFTING),
            query.title.get(lang) or query.title["en"],
        )
        for query in named_queries()
    ]


def needed(name: str, lang: str) -> list[tuple[str, str, str, str]]:
    """The parameters of a named query: name, kind, whether it is needed, and what it means; says what the query answers.

    Raises QueryError where there is no such query.
    """
    from kgraph.graph.queries import named_query

    query = named_query(name)
    terminal.words(f"{query.usage}\n{query.title.get(lang) or query.title['en']}")
    terminal.words(query.about.get(lang) or query.about["en"])
    return [
        (p.name, p.kind.value, "yes" if p.required else "no", p.about.get(lang) or p.about["en"])
        for p in query.parameters
    ]


def is_named(question: str) -> bool:
    """True where a question is the name of a query, or a word that can be none but a misspelt one."""
    from kgraph.graph.queries import is_name

    return is_name(question)


def parameters(question: str, values: tuple[str, ...]) -> dict[str, Any]:
    """The values by name; those without one take the parameters of the named query in order, but for those of most queries."""
    from kgraph.graph import named_queries

    query = next((query for query in named_queries() if query.name == question), None)
    names = [p.name for p in query.parameters if p.name not in _SIFTING] if query else []
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


def at_least(min_confidence: float, question: str) -> dict[str, Any]:
    """The parameter of a named query that leaves out claims below a confidence; none where that is 0.

    Raises UsageError where the question has no such parameter: it would be answered with all claims.
    """
    from kgraph.graph import named_queries
    from kgraph.graph.queries import is_name

    query = next((query for query in named_queries() if query.name == question.strip()), None)
    if not min_confidence or (query and any(parameter.name == "min_confidence" for parameter in query.parameters)):
        return {"min_confidence": min_confidence or None}
    if query is None and is_name(question):
        return {}  # a misspelt name: the store says which there are
    if query:
        raise UsageError(f"the query '{question}' is not about claims: ask it with --min-confidence 0, or without")
    raise UsageError(
        "--min-confidence is for named queries; write it into SPARQL of your own, like\n"
        f"  ?claim kg:confidence ?confidence FILTER(?confidence >= {min_confidence:g})\n"
        "and ask with --min-confidence 0, or without"
    )


def as_of(day: date | None, question: str) -> dict[str, Any]:
    """The parameter of a named query for the state of a day. Raises UsageError for SPARQL."""
    from kgraph.graph.queries import is_name

    if day and not is_name(question):
        raise UsageError(
            "--as-of is for named queries; write it into SPARQL of your own, like\n"
            f'  ?article schema:datePublished ?day FILTER(?day <= "{day}"^^xsd:date)'
        )
    return {"as_of": day}


def given(option: str) -> bool:
    """True where an option stands on the command line; in the environment it is for the verbs that it concerns."""
    return click.get_current_context().get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


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


def from_trees(pipeline: Pipeline, path: Path, problems: terminal.Problems) -> Iterator[Extraction]:
    """Extract from the trees of a CoNLL-U file, as they stand."""
    from kgraph.interchange import read_conllu

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(f"{path}: cannot be read: {error}")
        return
    for article, sentences in read_conllu(text, name=str(path)):
        yield pipeline.extract_parsed(article, sentences)


def score_claims(
    gold: Path,
    docs: Path | None,
    claims: Path | None,
    reading: Reading,
    problems: terminal.Problems,
    *,
    errors: int,
    as_json: bool,
) -> None:
    """Compare claims with annotated articles and print the figures."""
    from kgraph.evaluate import Gold, read_claims, score
    from kgraph.interchange import claim_to_dict

    docs = docs or gold.with_name(gold.name.replace(".gold.", ".docs."))
    annotated = Gold.load(gold, docs)
    found: Iterable[Any] = (
        read_claims(claims, min_confidence=reading.min_confidence)
        if claims
        else (claim_to_dict(claim) for each in extractions((str(docs),), reading, problems) for claim in each.claims)
    )
    result = score(annotated, found)
    if as_json:
        terminal.json_line(result.as_dict())
        return
    for sentence, edge in result.missed[:errors]:
        terminal.lines([f"MISSED   {edge}", f"         {sentence.doc}: {' '.join(sentence.text.split())}"])
    for sentence, claim in result.spurious[:errors]:
        line = f"{claim['subject']['label']} {claim['relation']} {claim['object']['label']}"
        words = " ".join(sentence.text.split())
        terminal.lines([f"SPURIOUS {line} ({claim['polarity']})", f"         {sentence.doc}: {words}"])
    figures = {str(name): counts for name, counts in sorted(result.by_relation.items())}
    figures |= {"all, strict": result.strict, "all, ends and quad class": result.relaxed}
    terminal.table(
        ("relation", "found", "missed", "spurious", "precision", "recall", "F1"),
        [(name, c.found, c.missed, c.spurious, c.precision, c.recall, c.f1) for name, c in figures.items()],
    )
    terminal.lines([f"modality right on {result.modality} of {result.strict.found} found edges"])


def score_trees(gold: Path, reading: Reading, *, as_json: bool) -> None:
    """Compare trees with a treebank and print the figures."""
    from kgraph.parse import Parser
    from kgraph.parse.measure import load_trees, measure
    from kgraph.read import detect

    with gold.open(encoding="utf-8", errors="replace") as file:
        texts = (line[8:] for line in file if line.startswith("# text ="))
        lang = reading.lang or detect(" ".join(text for text, _ in zip(texts, range(100), strict=False)))
    parser = Parser.load(lang, reader=reading.reader)
    result = measure(parser, load_trees(gold, parser))
    if as_json:
        terminal.json_line({"lang": lang, "reader": reading.reader, **result.as_dict()})
        return
    relations = sorted(result.relations.items(), key=lambda item: -item[1].gold)
    terminal.table(
        ("relation", "gold", "read", "right", "precision", "recall"),
        [(name, arcs.gold, arcs.read, arcs.right, arcs.precision, arcs.recall) for name, arcs in relations],
    )
    figures = [(name.upper(), f"{100 * getattr(result, name):.1f} %") for name in ("upos", "lemma", "uas", "las")]
    said = f"{terminal.plural(result.sentences, 'sentence')}, {terminal.plural(result.words, 'word')}"
    terminal.table(("of " + said, "share"), figures)
