"""Wire copies: the same agency report in several papers. They are kept, linked, and can so be counted once.

In the graph of copies stand `kg:copyOf`, from every article of a group to its first by day of publication and IRI, and
`kg:repeats`, from a claim of an article to the claim of an earlier one of the group that says the same. What is said
several times in one article counts as often as in the article that says it most often.
Which articles are alike follows from their fingerprints alone, so that the order of writing does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.graph.copy_index import CopyIndex, Entry
from kgraph.graph.engine import Engine
from kgraph.graph.fingerprints import read_fingerprint
from kgraph.graph.rdf import ArticleGraph, known_by
from kgraph.graph.vocab import (
    COPIES_GRAPH,
    COPY_OF,
    FINGERPRINT,
    OBJECT,
    PREDICATE,
    PUBLISHED,
    REPEATS,
    SUBJECT,
    TYPE,
    kg,
)
from kgraph.model import Relation

_CLAIM, _POLARITY, _MODALITY, _PLACE = kg("Claim"), kg("polarity"), kg("modality"), kg("triggerStart")
_SYMMETRIC = frozenset(kg(relation.value) for relation in Relation if relation.symmetric)
_LARGEST = 100  # articles in a group: more that are alike come from a template, like the weather
_Said = tuple[object, ...]
_Graphs = Mapping[NamedNode, ArticleGraph]
_Texts = Mapping[NamedNode, Set[Quad]]
_Known = Mapping[NamedNode, Entry]


@dataclass(frozen=True, slots=True)
class Links:
    """What is to be added to the graph of copies, and what is to be removed from it."""

    add: Set[Quad] = field(default_factory=frozenset)
    remove: Set[Quad] = field(default_factory=frozenset)


class Copies:
    """The copies in a store that is open for writing."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._index = CopyIndex(folder, lambda: _entries(engine))
        self._unsettled = set(self._index.unlinked)
        self._gone: set[str] = set()

    @property
    def unlinked(self) -> list[NamedNode]:
        """Articles that a killed process has stored without their links, or may have."""
        return [NamedNode(iri) for iri in self._index.unlinked]

    def enter(self, texts: _Graphs) -> None:
        """Make new articles known that are about to be written, to be linked afterwards."""
        self._unsettled.update(self._index.put(_entries_of(texts).values(), unlinked=True))

    def settle(self, texts: _Graphs) -> None:
        """Take note that articles are written, and linked."""
        linked = [name.value for name in texts if name.value in self._unsettled]
        gone = [name.value for name in texts if name.value in self._gone]
        if linked or gone:
            self._index.settle(linked, gone)
            self._unsettled.difference_update(linked)

    def links(self, texts: _Graphs, *, fresh: bool = False) -> Links:
        """How the graph of copies changes when graphs are replaced by others, or removed where these are empty.

        `fresh` says that none of them was there before. To be followed by `settle` when all is written.
        """
        entries = _entries_of(texts)
        self._unsettled.update(self._index.put(entries.values()))
        self._gone = {name.value for name in texts.keys() - entries.keys() if self._index.knows(name.value)}
        near = {name: self._near(entries.get(name), texts, entries) for name in texts}
        if fresh and not any(near.values()):
            return Links()
        old = {frozenset(self._group(name)) for one, others in near.items() for name in (one, *others)}
        new = self._joined(old, near, texts, entries)
        changed = {name for group in old | new if group not in old & new or _written(group, texts) for name in group}
        if not changed:
            return Links()
        now = {name: self._engine.graph(name) for name in changed}
        then = {name: texts[name].quads if name in texts else quads for name, quads in now.items()}
        before = {link for name, quads in now.items() for link in self._links(name, quads)}
        after = {link for group in new if group <= changed for link in _links(_in_order(group, then), then)}
        return Links(after - before, before - after)

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def _group(self, name: NamedNode) -> set[NamedNode]:
        """The articles that a stored one is linked with, itself included; it alone where it is no copy."""
        first = next(self._objects(name, COPY_OF), name)
        copies = self._engine.quads.quads_for_pattern(None, COPY_OF, first, COPIES_GRAPH)
        return {name, first} | {quad.subject for quad in copies if isinstance(quad.subject, NamedNode)}

    def _near(self, entry: Entry | None, texts: _Graphs, entries: _Known) -> list[NamedNode]:
        """The articles that are near-identical to one: stored ones, and such as are written along with it."""
        near = [NamedNode(iri) for iri in self._index.near(*entry)] if entry else []
        return [other for other in near if entry and self._alike(entry, other, texts, entries)]

    def _alike(self, entry: Entry, other: NamedNode, texts: _Graphs, entries: _Known) -> bool:
        """True where what the index says holds: a killed process may have written there, and then not in the store."""
        if other in texts:
            return other in entries and entry[1].copies(entries[other][1])
        text = self._engine.value(other, FINGERPRINT)
        return text is not None and entry[1].copies(read_fingerprint(text))

    def _joined(
        self, old: Set[frozenset[NamedNode]], near: Mapping[NamedNode, Iterable[NamedNode]],
        texts: _Graphs, entries: _Known,
    ) -> set[frozenset[NamedNode]]:  # fmt: skip
        """The groups that come of old ones: those with an article that changes are made anew, others can only grow."""
        groups: dict[NamedNode, set[NamedNode]] = {}
        pairs = [(name, other) for name, others in near.items() for other in others]
        for group in old:
            if group.isdisjoint(texts):
                whole = set(group)
                groups |= dict.fromkeys(group, whole)
                continue
            groups |= {name: {name} for name in group}
            for name in group - texts.keys():
                alike = self._near(_entry(name, self._engine.graph(name)), texts, entries)
                pairs += [(name, other) for other in alike if other in group]
        for one, other in sorted(pairs, key=str):
            mine, theirs = groups[one], groups[other]
            if mine is not theirs and len(mine) + len(theirs) <= _LARGEST:
                mine |= theirs
                groups |= dict.fromkeys(theirs, mine)
        return {frozenset(name for name in group if texts.get(name, True)) for group in groups.values()} - {frozenset()}

    def _links(self, name: NamedNode, quads: Set[Quad]) -> Iterator[Quad]:
        """The links of an article and of its claims as they are stored."""
        claims = (quad.subject for quad in quads if quad.predicate == TYPE and quad.object == _CLAIM)
        for subject in (name, *claims):
            if isinstance(subject, NamedNode):
                yield from self._engine.quads.quads_for_pattern(subject, None, None, COPIES_GRAPH)

    def _objects(self, subject: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
        for quad in self._engine.quads.quads_for_pattern(subject, predicate, None, COPIES_GRAPH):
            if isinstance(quad.object, NamedNode):
                yield quad.object


def _links(group: list[NamedNode], texts: _Texts) -> Iterator[Quad]:
    for name in group[1:]:
        yield Quad(name, COPY_OF, group[0], COPIES_GRAPH)
    said: dict[_Said, list[NamedNode]] = {}
    for name in group:
        count: Counter[_Said] = Counter()
        for what, claim in _claims(texts[name]):
            claims = said.setdefault(what, [])
            if count[what] < len(claims):
                yield Quad(claim, REPEATS, claims[count[what]], COPIES_GRAPH)
            else:
                claims.append(claim)
            count[what] += 1


def _claims(quads: Set[Quad]) -> list[tuple[_Said, NamedNode]]:
    """The claims of an article in the order of the text, with what they say."""
    nodes: dict[object, dict[NamedNode, object]] = {}
    claims = []
    for quad in quads:
        if quad.predicate in {SUBJECT, PREDICATE, OBJECT, _POLARITY, _MODALITY, _PLACE}:
            nodes.setdefault(quad.subject, {})[quad.predicate] = quad.object
        elif quad.predicate == TYPE and quad.object == _CLAIM and isinstance(quad.subject, NamedNode):
            claims.append(quad.subject)
    found = [(nodes.get(claim, {}), claim) for claim in claims]
    return [(_said(node), claim) for node, claim in sorted(found, key=lambda each: (_place(each[0]), each[1].value))]


def _said(node: Mapping[NamedNode, object]) -> _Said:
    ends = [str(node.get(SUBJECT)), str(node.get(OBJECT))]
    if node.get(PREDICATE) in _SYMMETRIC:
        ends.sort()
    return (*ends, node.get(PREDICATE), node.get(_POLARITY), node.get(_MODALITY))


def _place(node: Mapping[NamedNode, object]) -> int:
    place = node.get(_PLACE)
    return int(place.value) if isinstance(place, Literal) else 0


def _entries(engine: Engine) -> Iterator[Entry]:
    """All articles of a store that have fingerprints."""
    for found in engine.quads.quads_for_pattern(None, FINGERPRINT, None, None):
        if isinstance(found.subject, NamedNode) and found.subject == found.graph_name:
            published = engine.quads.quads_for_pattern(found.subject, PUBLISHED, None, found.subject)
            if entry := _entry(found.subject, {found, *published}):
                yield entry


def _entries_of(graphs: _Graphs) -> dict[NamedNode, Entry]:
    return {name: (name.value, graph.alike, graph.published) for name, graph in graphs.items() if graph.alike}


def _entry(name: NamedNode, quads: Iterable[Quad]) -> Entry | None:
    alike, published = known_by(name, quads)
    return (name.value, alike, published) if alike else None


def _written(group: Set[NamedNode], texts: _Graphs) -> bool:
    return len(group) > 1 and not group.isdisjoint(texts)


def _in_order(group: Iterable[NamedNode], texts: _Texts) -> list[NamedNode]:
    """The articles of a group by day of publication, then IRI."""
    entries = {name: _entry(name, texts[name]) for name in group}
    days = {name: entry[2] for name, entry in entries.items() if entry}
    return sorted(group, key=lambda name: (days.get(name) or date.max, name.value))
