"""Looking actors up in the store: their labels, classes and codes, and the names that only texts gave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import Literal, NamedNode

from kgraph.actors import Registry
from kgraph.errors import UnknownActor
from kgraph.graph.cells import Ref, last_part
from kgraph.graph.engine import Engine
from kgraph.graph.queries import expand
from kgraph.graph.stored import StoredActor
from kgraph.graph.vocab import ACTORS_GRAPH, LABEL, RDFS_LABEL, TITLE, TYPE, kg
from kgraph.model import DATA, NAMESPACE, ActorType

_NAMES = (LABEL, RDFS_LABEL, TITLE)
_TYPES = {NAMESPACE + kind.value: kind for kind in ActorType}


class Directory:
    """Labels and actors of a store, remembered until `forget` is called."""

    def __init__(self, engine: Engine, lang: str, registry: Callable[[], Registry]) -> None:
        self._engine = engine
        self._lang = lang
        self._registry = registry
        self._labels: dict[tuple[str, str], str] = {}
        self._actors: dict[str, StoredActor] = {}
        self._by_name: dict[str, set[str]] | None = None

    def forget(self) -> None:
        """Forget what was looked up, because the store has changed."""
        self._labels.clear()
        self._actors.clear()
        self._by_name = None

    def label(self, iri: str, lang: str | None = None) -> str:
        """The label in a language, else in another, else the last part of an IRI of ours; what is no IRI as it is."""
        key = (iri, lang or self._lang)
        if key not in self._labels:
            try:
                self._labels[key] = self._find_label(NamedNode(iri), key[1])
            except ValueError:
                return iri
        return self._labels[key]

    def ref(self, iri: str) -> Ref:
        """What has an IRI, with its label."""
        return Ref(iri, self.label(iri))

    def actor(self, iri: str) -> StoredActor:
        """An actor by its IRI."""
        if iri not in self._actors:
            node = NamedNode(iri)
            kinds = sorted(_TYPES[kind] for kind in self._objects(node, TYPE) if kind in _TYPES)
            country = min(self._objects(node, kg("countryCode")), default=None)
            self._actors[iri] = StoredActor(iri, kinds[0] if kinds else None, self.label(iri), country)
        return self._actors[iri]

    def resolve(self, name: str) -> str:
        """The IRI of an actor by a name that the lists know, by IRI, or by the label that texts gave it."""
        iri = expand(name.strip())
        if iri and iri.startswith(DATA) and any(True for _ in self._objects(NamedNode(iri), TYPE)):
            return iri
        try:
            return self._registry().resolve(name).id
        except UnknownActor:
            found = sorted(self._texts_names().get(_key(name), ()))
            if len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(f"id:{iri.removeprefix(DATA)}" for iri in found)
                raise UnknownActor(f"'{name}' can be {listed}; write one of these") from None
            raise

    def _find_label(self, node: NamedNode, lang: str) -> str:
        labels: dict[str, str] = {}
        for predicate in _NAMES:
            for quad in self._engine.quads.quads_for_pattern(node, predicate, None, None):
                if isinstance(quad.object, Literal):
                    tag = (quad.object.language or "").split("-")[0]
                    labels[tag] = min(quad.object.value, labels.get(tag, quad.object.value))
            if labels:
                break
        chosen = next((labels[tag] for tag in (lang, "en", "de", *sorted(labels)) if tag in labels), None)
        return chosen or (last_part(node.value) if node.value.startswith((DATA, NAMESPACE)) else node.value)

    def _objects(self, node: NamedNode, predicate: NamedNode) -> Iterable[str]:
        for quad in self._engine.quads.quads_for_pattern(node, predicate, None, None):
            if isinstance(quad.object, NamedNode | Literal):
                yield quad.object.value

    def _texts_names(self) -> dict[str, set[str]]:
        """The labels of actors that no list knows, folded, to their IRIs."""
        if self._by_name is None:
            self._by_name = {}
            for kind in ActorType:
                for quad in self._engine.quads.quads_for_pattern(None, TYPE, kg(kind.value), None):
                    if quad.graph_name != ACTORS_GRAPH and isinstance(quad.subject, NamedNode):
                        for label in self._objects(quad.subject, LABEL):
                            self._by_name.setdefault(_key(label), set()).add(quad.subject.value)
        return self._by_name


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
