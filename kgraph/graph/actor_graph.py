"""The actor lists as RDF, and what writing an article needs to know of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.actors import Entry, Office, Registry
from kgraph.graph import terms
from kgraph.graph.rdf import office_in_text
from kgraph.graph.vocab import ACTORS_GRAPH, ALT_LABEL, LABEL, SAME_AS, TYPE, WIKIDATA, kg
from kgraph.model import DATA, ActorType, Article, Claim, Mention, digest

_FORMAT = "1"  # to be raised when the quads made of the same lists change
_Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


class ListedActors:
    """The actors of a registry, as `kgraph.graph.rdf.Known` wants them."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and self._registry.by_id(iri) is not None

    def on_behalf_of(self, end: Mention, article: Article, claim: Claim) -> str:
        """Whom a person acts for: by the office beside the name, else by the lists on that day, else by its country.

        A person of the lists without an office on that day, or called a former holder, acts for nobody else.
        """
        actor = end.actor
        in_text = office_in_text(end)
        if in_text or actor.type is not ActorType.PERSON or end.role:
            return in_text or actor.id
        entry = self._registry.by_id(actor.id)
        if entry:
            return self._office_on(entry, claim.when.start if claim.when else article.published) or actor.id
        state = self._registry.country(actor.country) if actor.country else None
        return state.id if state else actor.id

    def _office_on(self, entry: Entry, day: date | None) -> str | None:
        held = [office.of for office in entry.offices if (office.held_on(day) if day else office.end is None)]
        states = [of for of in held if (actor := self._registry.by_id(of)) and actor.type is ActorType.STATE]
        return next(iter([*states, *held]), None)


def actors_digest(folders: Sequence[Path]) -> str:
    """A hash of the files of actor folders, to see whether the store's copy is the current one.

    A folder that is not there counts as empty: reading it is what reports it.
    """
    checksum = hashlib.sha256(_FORMAT.encode())
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            content = path.read_bytes()
            checksum.update(f"\x1f{path.name}\x1f{len(content)}\x1f".encode())
            checksum.update(content)
    return checksum.hexdigest()


def actor_quads(registry: Registry) -> Iterator[Quad]:
    """The graph of all listed actors: class, names, codes, offices, parties to conflicts."""
    for entry in registry.actors:
        for triple in dict.fromkeys(_entry(entry)):
            yield Quad(*triple, ACTORS_GRAPH)


def _entry(entry: Entry) -> Iterator[_Triple]:
    node = NamedNode(entry.id)
    yield node, TYPE, kg(entry.type.value)
    for lang, label in entry.labels.items():
        yield node, LABEL, terms.text(label, lang)
    for words in (entry.names, entry.acronyms):
        yield from _other_names(node, words, entry.labels)
    if entry.qid:
        yield node, SAME_AS, NamedNode(WIKIDATA + entry.qid)
    if entry.actor.country:
        yield node, kg("countryCode"), terms.text(entry.actor.country)
    if entry.iso2:
        yield node, kg("alpha2Code"), terms.text(entry.iso2)
    for lang, capital in entry.capital.items():
        yield node, kg("capital"), terms.text(capital, lang)
    for party in entry.parties:
        yield node, kg("conflictParty"), NamedNode(party)
    yield from _term(node, entry.start, entry.end)
    for office in entry.offices:
        yield from _office(entry, office)


def _other_names(node: NamedNode, words: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> Iterator[_Triple]:
    for lang, names in words.items():
        for name in names:
            if name != labels.get(lang):
                yield node, ALT_LABEL, terms.text(name, lang)


def _office(entry: Entry, office: Office) -> Iterator[_Triple]:
    said = "\x1f".join([entry.id, office.of, str(office.start), *office.role.values()])
    node = NamedNode(f"{DATA}office/{digest(said)}")
    yield node, TYPE, kg("Office")
    yield node, kg("officeHolder"), NamedNode(entry.id)
    yield node, kg("officeOf"), NamedNode(office.of)
    for lang, title in office.role.items():
        yield node, LABEL, terms.text(title, lang)
    yield from _term(node, office.start, office.end)
    if office.end is None:
        yield NamedNode(entry.id), kg("officialOf"), NamedNode(office.of)


def _term(node: NamedNode, start: date | None, end: date | None) -> Iterator[_Triple]:
    if start:
        yield node, kg("from"), terms.day(start)
    if end:
        yield node, kg("to"), terms.day(end)
