"""What an article says of the states it is about: its dateline, and the states of each sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kgraph.actors import Entry, Registry
from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Hit, Sense, unique
from kgraph.link.words import Words
from kgraph.model import Article, BlockKind

_OFTEN, _FAR_MORE = 3, 2
_DASHES = ("–", "-", "—", "--")
_NATIONAL = (
    Sense.NAME,
    Sense.ACRONYM,
    Sense.ADJECTIVE,
    Sense.DEMONYM,
    Sense.SEAT,
    Sense.CITY,
    Sense.FIRST,
    Sense.CITIZEN,
)


class Context:
    """The states of an article, sentence by sentence."""

    def __init__(self, article: Article, drafts: Sequence[Draft], registry: Registry, words: Words) -> None:
        self._registry = registry
        self._drafts = drafts
        self._states = [[hit.entry for hit in draft.hits if _is_state(hit) and hit.entry] for draft in drafts]
        self._adjectives = [
            [hit.entry for hit in draft.hits if _is_state(hit) and hit.sense is Sense.ADJECTIVE and hit.entry]
            for draft in drafts
        ]
        self.counts: Counter[str] = Counter(entry.id for states in self._states for entry in states)
        other = frozenset(words.list("national", "unless"))
        foreign = any(token.form in other for draft in drafts for token in draft.tree.tokens)
        self._default = None if foreign else words.text("national", "state")
        self.home = _dateline(article, drafts)
        self.focus = self.home or self._dominant()
        self.day = article.published

    def mentions(self, iri: str) -> bool:
        """True where the article names a state."""
        return self.counts[iri] > 0

    def states(self, index: int) -> list[Entry]:
        """The states named in a sentence, in the order of the text, each once."""
        return unique(self._states[index]) if 0 <= index < len(self._states) else []

    def adjectives(self, index: int) -> list[Entry]:
        """The states that a sentence names by adjectives, whatever the adjectives describe."""
        return unique(self._adjectives[index])

    def among(self, codes: Sequence[str]) -> Entry | None:
        """The one of some states that the article supports: its dateline's, the only one it names, or the usual one."""
        entries = [entry for code in codes if (entry := self._registry.country(code)) is not None]
        if len(entries) == 1:
            return entries[0]
        if self.home is not None and self.home.id in {entry.id for entry in entries}:
            return self.home
        named = [entry for entry in entries if self.mentions(entry.id)]
        if not named and self._default:
            return next((entry for entry in entries if entry.iso3 == self._default), None)
        return named[0] if len(named) == 1 else None

    def _before(self, index: int, place: int) -> list[Entry]:
        tree = self._drafts[index].tree
        clause = tree.clause(place)
        hits = [
            h for h in self._drafts[index].hits if _is_state(h) and h.first < place and tree.clause(h.first) == clause
        ]
        return unique([hit.entry for hit in hits if hit.entry])

    def _dominant(self) -> Entry | None:
        """The state that an article without a dateline is about: named first, and far more often than any other."""
        named = [unique(states) for states in self._states]
        times = Counter(entry.id for states in named for entry in states).most_common(2)
        first = next((states for states in named if states), [])
        if not times or times[0][1] < _OFTEN or (len(times) > 1 and times[0][1] < _FAR_MORE * times[1][1]):
            return None
        return next((entry for entry in first if entry.id == times[0][0]), None)

    def settle(self, index: int, place: int | None = None) -> Entry | None:
        """The state that a bare title must mean: the dateline's, else the only one before; none if the sentence names others only.

        With the token of the title's `place` those in its clause before it count alone.
        """
        here = self.states(index) if place is None else self._before(index, place)
        before = [entry for i in (index - 1, index - 2) for entry in self.states(i)]
        known = self.home
        if known is None:
            candidates = unique(before)
            known = candidates[0] if len(candidates) == 1 else None
        if known is None or (here and known.id not in {entry.id for entry in here}):
            return None
        return known


def dateline_tokens(draft: Draft) -> range:
    """The tokens of a dateline at the start of a sentence: Moskau (dpa) – ; empty where there is none."""
    tree = draft.tree
    k = 0
    while k < min(len(tree), 12):
        form = tree.form(k)
        if form == "(" and k:
            k = next((j for j in range(k, min(k + 6, len(tree))) if tree.form(j) == ")"), k) + 1
            continue
        if k and (form in _DASHES):
            return range(k + 1)
        if form.endswith(_DASHES) and len(form) > 2 and k < 3:
            return range(k + 1)
        if not (
            form[:1].isupper()
            or form in ("/", ",", "(", ")", ".")
            or form.lower() in ("dpa", "am", "afp", "apa", "rtr")
        ):
            return range(0)
        k += 1
    return range(0)


def _dateline(article: Article, drafts: Sequence[Draft]) -> Entry | None:
    """The state of the first capital in a dateline."""
    for block in article.blocks:
        if block.kind is BlockKind.DATELINE:
            word = article.text[block.start : block.end].strip().split("/")[0].split(" (")[0].split(",")[0]
            for draft in drafts:
                for hit in draft.hits:
                    if hit.sense is Sense.CITY and hit.entry is not None and word in hit.entry.seats.get("de", ()):
                        return hit.entry
    for draft in drafts[:3]:
        tokens = dateline_tokens(draft)
        for hit in draft.hits:
            if hit.sense is Sense.CITY and hit.last in tokens and hit.entry is not None:
                return hit.entry
    return None


def _is_state(hit: Hit) -> bool:
    return hit.entry is not None and hit.entry.kind == "state" and hit.sense in _NATIONAL
