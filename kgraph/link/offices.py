"""Office nouns in a sentence: whose office it is, and the names that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Sense
from kgraph.link.names import NameReader, NameRun
from kgraph.link.owners import How, Owner, Phrase, phrase
from kgraph.link.tree import DEFINITE, Tree
from kgraph.link.words import RoleMatch, Words
from kgraph.model import ActorType

_JOINERS = ("und", "sowie", ",")
_CLOSERS = (",", ")", ".", ";", ":", "–", "-", "", "“", "»", '"')
_HEADS = frozenset(("state head", "government head", "supreme leader", "monarch"))
_SEATED = frozenset(("spokesman",))
_POSTED = frozenset(("diplomat",))
_FELLOW = frozenset(("counterpart",))  # seine Kollegen aus Peru
_SENT = ("beauftragter", "beauftragte", "gesandter", "gesandte", "koordinator", "koordinatorin")
_PRONOUNCED = {"Uno", "Nato", "Bundes"}
_MAX_NAMES = 5


@dataclass(frozen=True, slots=True)
class Office:
    """An office noun at a token, with its owners in the order of preference and the names of its holders."""

    token: int
    match: RoleMatch
    phrase: Phrase
    owners: tuple[Owner, ...]
    names: tuple[NameRun, ...]
    plural: bool
    definite: bool
    former: bool

    @property
    def feminine(self) -> bool | None:
        """Whether the holder is a woman, where the noun says so."""
        return self.match.form.feminine


class OfficeReader:
    """Finds the offices of a sentence."""

    def __init__(self, words: Words, names: NameReader) -> None:
        self._words = words
        self._names = names
        self._former = frozenset(words.list("names", "former_prefixes"))
        self._former_prefixes = tuple(f"{prefix}-" for prefix in words.list("names", "former_prefixes"))

    def read(self, draft: Draft) -> list[Office]:
        """The offices of a sentence from left to right."""
        offices = []
        for token in draft.tree.tokens:
            match = self._words.role(token.form)
            if match is None or token.i in draft.taken or self._is_name(draft, token.i):
                continue
            office = self._office(draft, token.i, match)
            if not self._is_other(office):
                offices.append(office)
        return offices

    def _is_other(self, office: Office) -> bool:
        """True where an unknown first part makes the office another one: Arbeitgeberpräsident."""
        match = office.match
        known = match.first == "" or match.first in self._former or office.phrase.by(How.COMPOUND)
        return not known and not match.role.prefix and bool(match.role.family & _HEADS)

    def _is_name(self, draft: Draft, i: int) -> bool:
        """True where an office noun is part of a listed name, or somebody's surname."""
        for hit in draft.at(i):
            titled = hit.sense is Sense.PERSON and hit.first == i < hit.last
            if not hit.rest and hit.sense is not Sense.FIRST and not titled:
                return True
        token = draft.tree.tokens[i]
        return token.upos == "PROPN" and token.deprel == "flat" and draft.tree.tokens[token.head].upos == "PROPN"

    def _office(self, draft: Draft, i: int, match: RoleMatch) -> Office:
        tree = draft.tree
        rulers = bool(match.role.family & _HEADS) and tree.is_plural(i)  # die Machthaber in Kabul
        found = phrase(
            draft,
            i,
            self._words,
            seat=rulers or bool(match.role.family & _SEATED),
            origin=bool(match.role.family & _FELLOW),
        )
        owners = _preferred(found, match)
        plural = _is_plural(tree, i, match)
        names = self._names_after(draft, found, plural=plural) or self._name_before(draft, found)
        definite = any(
            tree.lower(k) in DEFINITE or tree.lower(k) in ("im", "am", "zum", "zur", "vom", "beim")
            for k in range(found.first, i)
        )
        definite = (
            definite
            or bool(found.by(How.GENITIVE))
            or any(tree.tokens[k].feat("Poss") == "Yes" for k in range(found.first, i))
        )
        return Office(i, match, found, owners, names, plural, definite, self._is_former(tree, found, match))

    def _is_former(self, tree: Tree, found: Phrase, match: RoleMatch) -> bool:
        before = (tree.form(k) for k in range(found.first, found.noun))
        return (
            match.role.former
            or tree.form(found.noun).startswith(self._former_prefixes)
            or match.first in ("Ex", "Alt")
            or any(word in self._words.former for word in before)
        )

    def _names_after(self, draft: Draft, found: Phrase, *, plural: bool) -> tuple[NameRun, ...]:
        tree = draft.tree
        name = self._names.read(draft, found.noun + 1)
        if name is None and found.last > found.noun:
            k = self._skip_acronym(tree, found.last + 1)
            name = self._names.read(draft, k) or self._apposed(draft, k)
        if name is None and (found.owners or plural):
            name = self._apposed(draft, found.noun + 1)
        if name is None:
            return ()
        return self._list(draft, name) if plural else (name,)

    def _skip_acronym(self, tree: Tree, k: int) -> int:
        return k + 3 if tree.form(k) == "(" and tree.form(k + 2) == ")" else k

    def _apposed(self, draft: Draft, k: int) -> NameRun | None:
        """A name between commas after the office: der Sprecher des Außenministeriums, X."""
        if draft.tree.form(k) != ",":
            return None
        name = self._names.read(draft, k + 1)
        if name is None or not (name.full or name.entry) or self._is_office(draft.tree, name):
            return None
        after = draft.tree.form(name.last + 1)
        return name if after in _CLOSERS or after == "(" or after in _JOINERS else None

    def _is_office(self, tree: Tree, name: NameRun) -> bool:
        return any(self._words.role(tree.form(i)) is not None for i in range(name.first, name.last + 1))

    def _list(self, draft: Draft, name: NameRun) -> tuple[NameRun, ...]:
        """The names of several holders: Wladimir Putin, Xi Jinping und Joe Biden."""
        found = [name]
        while len(found) < _MAX_NAMES:
            k = self._skip_bracket(draft.tree, found[-1].last + 1)
            if draft.tree.form(k) not in _JOINERS:
                break
            more = self._names.read(draft, k + 1)
            if more is None:
                break
            found.append(more)
        return tuple(found)

    def _skip_bracket(self, tree: Tree, k: int) -> int:
        return k + 3 if tree.form(k) == "(" and tree.form(k + 2) == ")" else k

    def _name_before(self, draft: Draft, found: Phrase) -> tuple[NameRun, ...]:
        """A name with the office in apposition: X, der Präsident der Türkei."""
        tree = draft.tree
        comma = found.first - 1
        if tree.form(comma) not in (",", "(") or comma < 1:
            return ()
        behind = self._skip_acronym(tree, found.last + 1)
        if (
            behind < len(tree)
            and tree.tokens[behind].upos == "PROPN"
            and tree.tokens[behind].deprel in ("appos", "flat")
        ):
            behind += 1  # "der Chef des israelischen Geheimdienstes Mossad"
        if tree.form(behind) not in _CLOSERS:
            return ()
        role = tree.tokens[found.noun]
        for start in range(max(0, comma - 5), comma):
            name = self._names.read(draft, start)
            if name is None or name.last != comma - 1:
                continue
            if start > 0 and tree.form(start - 1) in self._starts_longer(draft, start):
                continue
            inside = range(name.first, name.last + 1)
            if role.deprel in ("appos", "parataxis", "nmod") and role.head in inside:
                return (name,)
        return ()

    def _starts_longer(self, draft: Draft, start: int) -> tuple[str, ...]:
        """The word before a name, where it belongs to the name too."""
        before = self._names.read(draft, start - 1)
        return (draft.tree.form(start - 1),) if before is not None and before.last >= start else ()


def _preferred(found: Phrase, match: RoleMatch) -> tuple[Owner, ...]:
    """The owners named in the way that counts most for the kind of office; several only where they are coordinated."""
    compound = tuple(o for o in found.by(How.COMPOUND) if o.hit.sense is not Sense.CITY)
    if match.form.base.lower().endswith(_SENT) and not match.first.isupper() and match.first not in _PRONOUNCED:
        compound = ()  # "der Peru-Beauftragte" looks after Peru, the "US-Beauftragte" is sent by the US
    adjective = found.by(How.ADJECTIVE)
    after = found.by(How.AFTER)
    bodies = tuple(o for o in after if o.hit.entry and o.hit.entry.type is not ActorType.STATE)
    genitive = found.by(How.GENITIVE)
    order: tuple[tuple[Owner, ...], ...] = (compound, bodies, genitive, adjective, after, found.by(How.SEAT))
    if match.role.family & _POSTED:
        order = (adjective, compound, genitive, after, (), ())
    elif match.role.scope == "any":
        order = (compound, after, genitive, adjective, found.by(How.SEAT), ())
    if bodies and all(o.hit.entry and o.hit.entry.type is ActorType.STATE for o in compound):
        order = (bodies, *order)  # "die Iran-Beauftragte der EU"
    return next((owners for owners in order if owners), ())


def _is_plural(tree: Tree, i: int, match: RoleMatch) -> bool:
    form, base = tree.form(i), match.form.base
    if form.endswith("innen"):
        return True
    if tree.lower(i - 1) in ("ein", "eine", "einem", "einer", "eines", "dem", "des", "das", "im", "zum", "vom", "beim"):
        return False
    return tree.is_plural(i) and (form != base or tree.is_plural(i))
