"""Wars and disputes: Ukraine-Krieg, Krieg in der Ukraine, der syrische Bürgerkrieg."""

from __future__ import annotations

from datetime import date

from kgraph.actors import Entry, Registry, slugify
from kgraph.link.draft import Draft
from kgraph.link.forms import name_forms
from kgraph.link.gazetteer import Sense, unique
from kgraph.link.tree import DETERMINERS, preposition
from kgraph.link.words import Words
from kgraph.model import DATA, Actor, ActorType, Via

_Index = dict[str, list[tuple[tuple[frozenset[str], ...], Entry]]]
_NAMES = (Sense.NAME, Sense.ACRONYM, Sense.FIRST)


class ConflictFinder:
    """Finds conflicts by the noun and the place it names."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words
        self._prepositions = frozenset(words.list("conflicts", "prepositions"))
        self._by_place: _Index = {}
        self._by_name: _Index = {}
        self._by_part: dict[str, list[Entry]] = {}
        lang = registry.lang
        for entry in registry.entries("conflict"):
            for place in entry.places.get(lang, ()):
                _index(self._by_place, place, entry)
            for part in (*entry.places.get(lang, ()), *entry.compounds.get(lang, ())):
                self._by_part.setdefault(part, []).append(entry)
            for name in (*entry.names.get(lang, ()), *entry.acronyms.get(lang, ())):
                _index(self._by_name, name, entry)

    def find(self, draft: Draft, day: date | None) -> None:
        """Make mentions of conflicts, in addition to those of the states that their names contain."""
        i = 0
        while i < len(draft.tree):
            i = self._listed(draft, i) or self._built(draft, i, day) or i + 1

    def _listed(self, draft: Draft, i: int) -> int | None:
        """A conflict by its listed name; returns the token after it."""
        found = _match(draft, i, self._by_name)
        if not found:
            return None
        entry, last = found[0]
        self._add(draft, entry.actor, i, last)
        return last + 1

    def _built(self, draft: Draft, i: int, day: date | None) -> int | None:
        """A conflict by its noun with a place before or after it; returns the token after the noun."""
        tree = draft.tree
        form = tree.form(i)
        noun = form.rsplit("-", 1)[-1]
        if not form[:1].isupper() or not self._words.ends_in(noun, self._words.conflicts):
            return None
        inside = self._inside(draft, i, day)
        if inside is not None:
            self._add(draft, inside, i, i)
            return i + 1
        after = self._after(draft, i, day)
        if after is not None:
            actor, last = after
            self._add(draft, actor, i, last)
            return i + 1
        for child in range(max(0, i - 3), i):
            for hit in draft.at(child):
                if hit.sense is Sense.ADJECTIVE and hit.entry is not None and tree.tokens[child].head == i:
                    entry = self._of_state(hit.entry, day)
                    if entry is not None:
                        self._add(draft, entry.actor, child, i)
                        return i + 1
        return None

    def _inside(self, draft: Draft, i: int, day: date | None) -> Actor | None:
        """The conflict of a compound: Ukraine-Krieg, Irakkrieg, Nahostkonflikt."""
        form = draft.tree.form(i)
        part, _, rest = form.rpartition("-")
        parts = [part] if rest else []
        if not part:
            parts = [
                form[:cut] for cut in range(len(form) - 4, 2, -1) if form[cut:].capitalize() in self._words.conflicts
            ]
        for first in parts:
            found = self._pick(self._by_part.get(first, []), day)
            if found is not None:
                return found.actor
        hits = [
            hit
            for hit in draft.at(i)
            if hit.rest and hit.entry is not None and hit.entry.kind == "state" and hit.sense in _NAMES
        ]
        if len(hits) == 1 and hits[0].entry is not None:
            return self._unlisted(hits[0].entry)
        return None

    def _after(self, draft: Draft, i: int, day: date | None) -> tuple[Actor, int] | None:
        """The conflict of a phrase: Krieg in der Ukraine, Konflikt um Bergkarabach; with the last token of the place."""
        tree = draft.tree
        k = i + 1
        if k >= len(tree) or preposition(tree.tokens[k]) not in self._prepositions:
            return None
        k += 1
        while tree.lower(k) in DETERMINERS:
            k += 1
        found = _match(draft, k, self._by_place)
        longest = max((last for _, last in found), default=k)
        entry = self._pick([entry for entry, last in found if last == longest], day)
        if entry is not None:
            return entry.actor, longest
        country = self._country_name(draft, k)
        entry = self._pick(self._by_part.get(country, []), day) if country else None
        return (entry.actor, k) if entry is not None else None

    def _country_name(self, draft: Draft, k: int) -> str:
        """The name of the country that a region's name contains (Ostukraine)."""
        hits = [
            hit
            for hit in draft.at(k)
            if hit.sense is Sense.NAME and hit.entry is not None and hit.entry.kind == "state"
        ]
        return hits[0].entry.label(self._registry.lang) if hits and hits[0].entry else ""

    def _of_state(self, state: Entry, day: date | None) -> Entry | None:
        name = state.label(self._registry.lang)
        return self._pick(self._by_part.get(name, []), day)

    def _pick(self, entries: list[Entry], day: date | None) -> Entry | None:
        """The conflict of a place that goes on at a day, else the latest; None where two go on."""
        found = unique(entries)
        if len(found) > 1 and day is not None:
            current = [e for e in found if (e.start is None or e.start <= day) and (e.end is None or day <= e.end)]
            found = current or [e for e in found if e.start is None or e.start <= day] or found
        return max(found, key=lambda e: e.start or date.min, default=None)

    def _unlisted(self, state: Entry) -> Actor:
        name = state.label(self._registry.lang)
        return Actor(f"{DATA}conflict/{slugify(name)}", ActorType.CONFLICT, f"Konflikt: {name}")

    def _add(self, draft: Draft, actor: Actor, first: int, last: int) -> None:
        tree = draft.tree
        nouns = [
            k
            for k in range(first, last + 1)
            if self._words.ends_in(tree.form(k).rsplit("-", 1)[-1], self._words.conflicts)
        ]
        head = nouns[0] if nouns else tree.top(range(first, last + 1))
        draft.mentions.append(draft.mention(actor, Via.NAME, (head,), draft.span(first, last)))


def _index(index: _Index, name: str, entry: Entry) -> None:
    forms = name_forms(name.split())
    for form in forms[0]:
        index.setdefault(form, []).append((forms, entry))


def _match(draft: Draft, i: int, index: _Index) -> list[tuple[Entry, int]]:
    """The entries whose words stand at a token, with the last token of each, the longest first."""
    tree = draft.tree
    found = []
    for forms, entry in index.get(tree.form(i), ()):
        last = i + len(forms) - 1
        if last < len(tree) and all(tree.form(i + k) in part for k, part in enumerate(forms)):
            found.append((entry, last))
    return sorted(found, key=lambda pair: -pair[1])
