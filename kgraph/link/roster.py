"""The persons of one article: who was introduced, under which names, in which offices."""

from __future__ import annotations

from dataclasses import dataclass, field

from kgraph.actors import Entry
from kgraph.link.forms import fold
from kgraph.link.names import surname_keys, surname_spellings
from kgraph.model import Actor


@dataclass(slots=True)
class Person:
    """A person of the article.

    `offices` are pairs of office families and the actor they are held for, as the lists have them; `titles` are those
    that the article gives.
    """

    actor: Actor
    entry: Entry | None
    given: frozenset[str]
    feminine: bool | None = None
    offices: list[tuple[frozenset[str], str | None]] = field(default_factory=list)
    titles: list[tuple[frozenset[str], str | None]] = field(default_factory=list)

    def holds(self, family: frozenset[str], owners: frozenset[str], *, titled: bool) -> bool:
        """True where the article (or, if not `titled`, a list) gives the person an office of a family for one of the owners."""
        held = self.titles if titled else self.offices
        return any(mine & family and (not owners or owner in owners) for mine, owner in held)


class Roster:
    """All persons of an article, found by surname."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._by_id: dict[str, Person] = {}

    def add(self, person: Person, words: tuple[str, ...], *more: str) -> Person:
        """Add a person under a name's surname and further names to call it by; a known one is only given the new names."""
        known = self._by_id.setdefault(person.actor.id, person)
        if known is person:
            self.persons.append(person)
        else:
            known.given |= person.given
        for key in (*surname_keys(words), *map(fold, more)):
            bearers = self._by_surname.setdefault(key, [])
            if known not in bearers:
                bearers.append(known)
        return known

    def by_id(self, iri: str) -> Person | None:
        """The person of an IRI, if the article has it."""
        return self._by_id.get(iri)

    def find(self, words: tuple[str, ...]) -> Person | None:
        """The one person that a name, full or surname alone, can mean; None where there is none or more than one."""
        bearers = self._by_surname.get(fold(" ".join(words)), [])
        if len(bearers) == 1:
            return bearers[0]  # a surname of several words: Le Drian
        for key in surname_spellings(words[-1]):
            bearers = [p for p in self._by_surname.get(key, []) if len(words) == 1 or _compatible(words[:-1], p.given)]
            if bearers:
                break
        return bearers[0] if len(bearers) == 1 else None

    def holders(self, family: frozenset[str], owners: frozenset[str], *, feminine: bool | None = None) -> list[Person]:
        """The persons that hold an office of a family, in the order of the text; not those whose gender is another.

        Those whom the article calls so go before those who only have the office in the lists.
        """
        for titled in (True, False):
            fitting = [p for p in self.persons if p.holds(family, owners, titled=titled)]
            found = [p for p in fitting if feminine is None or p.feminine is None or p.feminine == feminine]
            if found:
                return found
        return []


def given_names(words: tuple[str, ...]) -> frozenset[str]:
    """The folded words of a name before its surname."""
    return frozenset(fold(word) for word in words[:-1] if word[0].isupper())


def _compatible(words: tuple[str, ...], given: frozenset[str]) -> bool:
    """True where given names do not contradict known ones; initials and other spellings count as the same."""
    if not given:
        return True
    mine = {fold(word) for word in words if word[0].isupper()}
    return not mine or any(_alike(a, b) for a in mine for b in given)


def _alike(a: str, b: str) -> bool:
    if a.endswith(".") or b.endswith("."):
        return a[0] == b[0]
    return a == b or (len(a) > 3 and len(b) > 3 and (a[:3] == b[:3] or a[1:] == b[1:]))
