"""The named queries of `ontology/queries/`: SPARQL files whose comment header says what they answer and ask for.

# title: Was zwischen zwei Akteuren geschieht | What happens between two actors
# about: Alle Aussagen … | All claims …
# a: actor | ein Akteur | an actor
# relation: relation, optional | eine Beziehung | a relation
# min_confidence: confidence, optional | nur Aussagen, … | only claims …

A file runs by itself on any SPARQL 1.1 server, and answers as if no optional parameter were given. A line that begins with
`#? name:` is for the parameter of that name, or of all the names, and comes alive when it is given; one that ends in
`#- name` falls away then. `LIMIT` stands once where an answer can be long; `Store.select(limit=…)` takes its place.
A header `# then: chain` says that kgraph goes on with what the text answers, see `kgraph.graph.chains`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Variable

from kgraph.errors import DataError, QueryError, UsageError
from kgraph.graph import terms
from kgraph.graph.cells import Ref
from kgraph.graph.vocab import PREFIXES
from kgraph.model import Relation, checked_confidence
from kgraph.resources import ontology_dir

Bindings = dict[Variable, NamedNode | Literal]
_HEADER = re.compile(r"#\s*([\w-]+):\s*(.*)")
_IRI = re.compile(r"(?:https?|urn):[^\s<>\"{}|\\^`]+")
_ALIVE = re.compile(r"(?P<indent>\s*)#\?(?P<names>(?: \w+)+): (?P<line>.*)")
_FALLEN = re.compile(r"(?P<line>.*?)\s*#- (?P<name>\w+)")
_LIMIT = re.compile(r"\bLIMIT (\d+)")
_YES = {"yes": True, "ja": True, "true": True, "1": True, "no": False, "nein": False, "false": False, "0": False}
_STEPS = ("chain",)
_PREFIXED = re.compile(r"(\w+):([\w/.-]+)")


class ParameterKind(StrEnum):
    """What a parameter of a named query stands for, and so how a given word is understood."""

    ACTOR = "actor"
    RELATION = "relation"
    CONFIDENCE = "confidence"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query; `about` says in German and English what to give."""

    name: str
    kind: ParameterKind
    required: bool
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the collection; `title` and `about` are in German and English, under "de" and "en".

    `text` is the file, `then` what kgraph does with its answer, if anything.
    """

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    text: str
    then: str | None = None

    def bind(self, values: Mapping[str, object], resolve: Callable[[str], str]) -> Bindings:
        """The values as terms by parameter; `resolve` makes the IRI of an actor of a name.

        A flag that is off and a confidence of 0 are as good as not given, and left out.
        Raises QueryError for a parameter that is missing or unknown, and for a value that is no relation, no confidence
        (a number from 0 to 1), no day or no yes or no; UnknownActor comes from `resolve`.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        given = {name: value for name, value in values.items() if value is not None}
        missing = [name for name, parameter in known.items() if parameter.required and name not in given]
        unknown = [name for name in given if name not in known]
        if missing or unknown:
            wrong = f"lacks {', '.join(missing)}" if missing else f"has no parameter {', '.join(unknown)}"
            raise QueryError(f"the query '{self.name}' {wrong}; call it as {self.usage}")
        meant = ((name, _meaning(known[name], value, resolve)) for name, value in given.items())
        return {Variable(name): term for name, term in meant if term is not None}

    def text_for(self, given: Collection[str], *, limit: int | None = None) -> str:
        """The text to run where these parameters are given; with its `LIMIT`, if it has one, replaced by another."""
        lines = (_line(line, given) for line in self.text.splitlines())
        text = "\n".join(line for line in lines if line is not None)
        return text if limit is None else _LIMIT.sub(f"LIMIT {limit:d}", text)

    def variables(self, bindings: Bindings) -> Bindings:
        """The bindings but for the flags, which only choose lines."""
        flags = {parameter.name for parameter in self.parameters if parameter.kind is ParameterKind.FLAG}
        return {variable: term for variable, term in bindings.items() if variable.value not in flags}

    @property
    def limit(self) -> int | None:
        """How many rows the text gives at most; None where all."""
        found = _LIMIT.search(self.text)
        return int(found[1]) if found else None

    @property
    def usage(self) -> str:
        """How it is called, optional parameters in brackets: `timeline a [b]`."""
        words = [parameter.name if parameter.required else f"[{parameter.name}]" for parameter in self.parameters]
        return " ".join([self.name, *words])

    @property
    def hidden(self) -> frozenset[str]:
        """The columns that only repeat what the caller gave."""
        return frozenset(p.name for p in self.parameters if p.kind is not ParameterKind.RELATION)


@cache
def named_queries() -> tuple[NamedQuery, ...]:
    """All named queries, by name. Raises DataError with every fault of every file."""
    faults: list[str] = []
    queries = [_read(path, faults) for path in sorted((ontology_dir() / "queries").glob("*.rq"))]
    if faults:
        raise DataError(faults)
    return tuple(queries)


def named_query(name: str) -> NamedQuery:
    """The named query of a name. Raises QueryError with close matches."""
    queries = {query.name: query for query in named_queries()}
    if name not in queries:
        near = difflib.get_close_matches(name, queries, 3, 0.5) or list(queries)
        raise QueryError(f"there is no query '{name}'; did you mean {', '.join(near)}?")
    return queries[name]


def is_name(query: str) -> bool:
    """True where a text can only be meant as the name of a query, since SPARQL needs more than one word."""
    return re.fullmatch(r"\s*[\w-]+\s*", query) is not None


def bind_values(values: Mapping[str, object]) -> Bindings:
    """Values for the variables of a query text: IRIs and known prefixed names as IRIs, all else as literals."""
    try:
        return {Variable(name): _term(name, value) for name, value in values.items() if value is not None}
    except ValueError as error:
        raise QueryError(f"a value cannot be bound: {error}") from error


def relation_of(name: str) -> Relation:
    """The relation of a name ("attacks", "kg:attacks", its IRI), in any case. Raises QueryError with close matches."""
    bare = name.strip().removeprefix(PREFIXES["kg"]).removeprefix("kg:").casefold()
    for relation in Relation:
        if relation.value.casefold() == bare:
            return relation
    near = difflib.get_close_matches(bare, [relation.value for relation in Relation], 3, 0.5)
    raise QueryError(f"there is no relation '{name}'; did you mean {', '.join(near or Relation)}?")


def expand(name: str) -> str | None:
    """The IRI that a text is, or that it is the prefixed name of; None where it is neither."""
    if _IRI.fullmatch(name):
        return name if _is_iri(name) else None
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed and prefixed[1] in PREFIXES:
        return PREFIXES[prefixed[1]] + prefixed[2]
    return None


def _is_iri(name: str) -> bool:
    try:
        return NamedNode(name).value == name
    except ValueError:  # it begins like one
        return False


def _line(line: str, given: Collection[str]) -> str | None:
    """A line as it is to be run; None where it is not."""
    if alive := _ALIVE.fullmatch(line):
        return alive["indent"] + alive["line"] if all(name in given for name in alive["names"].split()) else None
    if fallen := _FALLEN.fullmatch(line):
        return None if fallen["name"] in given else fallen["line"]
    return line


def _meaning(parameter: Parameter, value: object, resolve: Callable[[str], str]) -> NamedNode | Literal | None:
    """The term of a value; None where it is as good as none."""
    if parameter.kind is ParameterKind.CONFIDENCE:
        return _confidence(parameter.name, value)
    if parameter.kind is ParameterKind.DATE:
        return _day(parameter.name, value)
    if parameter.kind is ParameterKind.FLAG:
        return _flag(parameter.name, value)
    if isinstance(value, Ref):
        return NamedNode(value.iri)
    if parameter.kind is ParameterKind.ACTOR:
        return NamedNode(resolve(str(value)))
    return NamedNode(PREFIXES["kg"] + relation_of(str(value)).value)


def _day(name: str, value: object) -> Literal:
    if isinstance(value, datetime):
        value = value.date()
    try:
        return terms.day(value if isinstance(value, date) else date.fromisoformat(str(value).strip()))
    except ValueError:
        raise QueryError(f"{name} is {value!r}, and a day is written like 2026-03-01") from None


def _flag(name: str, value: object) -> Literal | None:
    wanted = _YES.get(str(value).strip().casefold())
    if wanted is None:
        raise QueryError(f"{name} is {value!r}: give yes or no")
    return terms.boolean(value=True) if wanted else None


def _confidence(name: str, value: object) -> Literal | None:
    try:
        least = checked_confidence(float(str(value)))
        return terms.threshold(least) if least > 0 else None
    except (ValueError, UsageError):
        raise QueryError(f"{name} is {value!r}, and a confidence is a number from 0 to 1, like 0.7") from None


def _term(name: str, value: object) -> NamedNode | Literal:
    if isinstance(value, Ref) and _is_iri(value.iri):
        return NamedNode(value.iri)
    if isinstance(value, str) and (iri := expand(value)):
        return NamedNode(iri)
    if isinstance(value, terms.Value):
        return terms.from_value(value)
    raise QueryError(f"the value of {name} is a {type(value).__name__}; give a text, a number, a date or an IRI")


def _read(path: Path, faults: list[str]) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    for line in text.splitlines():
        found = _HEADER.match(line)
        if not found:
            break
        header[found[1]] = found[2]
    title, about = _pair(header.pop("title", "")), _pair(header.pop("about", ""))
    then = header.pop("then", None)
    if then is not None and then not in _STEPS:
        faults.append(f"{path.name}: there is no step '{then}'; there is {', '.join(_STEPS)}")
    if not title or not about:
        faults.append(f"{path.name}:1: no title or about; begin with '# title: German | English' and '# about: …'")
    return NamedQuery(path.stem, title, about, tuple(_parameters(header, path, faults)), text, then)


def _parameters(header: Mapping[str, str], path: Path, faults: list[str]) -> Iterable[Parameter]:
    for line, (name, words) in enumerate(header.items(), 3):
        kind, _, about = words.partition("|")
        kind, _, optional = kind.partition(",")
        if kind.strip() not in set(ParameterKind) or not (pair := _pair(about)):
            kinds = " or ".join(ParameterKind)
            faults.append(f"{path.name}:{line}: '{words}'; write '# {name}: {kinds}[, optional] | German | English'")
        else:
            yield Parameter(name, ParameterKind(kind.strip()), optional.strip() != "optional", pair)


def _pair(words: str) -> dict[str, str]:
    german, _, english = (part.strip() for part in words.partition("|"))
    return {"de": german, "en": english} if german and english else {}
