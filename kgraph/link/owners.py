"""Whose an office or institution is: the national words around a noun."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Hit, Sense
from kgraph.link.tree import DETERMINERS
from kgraph.link.words import Words
from kgraph.model import ActorType

_NAMES = (Sense.NAME, Sense.ACRONYM, Sense.SEAT, Sense.CITY)
_JOINERS = frozenset(("und", "oder", "sowie", ",", "/", "wie", "beziehungsweise"))
_MAX_LEFT = 8
_MAX_RIGHT = 6


class How(Enum):
    """In which way a noun says whose it is."""

    COMPOUND = auto()
    ADJECTIVE = auto()
    GENITIVE = auto()
    AFTER = auto()
    SEAT = auto()


@dataclass(frozen=True, slots=True)
class Owner:
    """An actor that a noun belongs to; `first` to `last` are the tokens of the words that say so."""

    hit: Hit
    how: How
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun with its owners: tokens `first` to `last`; `region` is the state of a sub-state adjective."""

    noun: int
    first: int
    last: int
    owners: tuple[Owner, ...]
    region: str | None = None
    against: bool = False

    def by(self, *hows: How) -> tuple[Owner, ...]:
        """The owners that are named in one of these ways."""
        return tuple(owner for owner in self.owners if owner.how in hows)


def phrase(draft: Draft, noun: int, words: Words, *, seat: bool, origin: bool = False) -> Phrase:
    """The phrase around a noun; with `seat` "in", with `origin` "aus" and a capital or country names its owner too."""
    inside = [Owner(hit, How.COMPOUND, noun, noun) for hit in draft.free(noun) if hit.rest or hit.sense is Sense.FIRST]
    first, left, region, against = _left(draft, noun, words)
    last, right = _right(draft, noun, words, seat=seat, origin=origin)
    return Phrase(noun, first, last, (*inside, *left, *right), region, against)


def _left(draft: Draft, noun: int, words: Words) -> tuple[int, list[Owner], str | None, bool]:
    """Adjectives and a genitive before a noun; the leftmost token of the phrase."""
    tree, owners, region, against = draft.tree, [], None, False
    first, i = noun, noun - 1
    while i >= 0 and noun - i <= _MAX_LEFT:
        token = tree.tokens[i]
        adjectives = [
            hit for hit in draft.free(i) if hit.sense in (Sense.ADJECTIVE, Sense.CITIZEN) or is_undeclined(draft, hit)
        ]
        if adjectives and adjectives[0].first == adjectives[0].last:
            owners += [Owner(hit, How.ADJECTIVE, i, i) for hit in reversed(adjectives)]
        elif token.form in words.regions:
            region = words.regions[token.form]
        elif genitive := _genitive(draft, i):
            owners.append(Owner(genitive, How.GENITIVE, genitive.first, genitive.last))
            first = genitive.first
            break
        elif token.form in _JOINERS:
            if not draft.free(i - 1) or not _is_adjective(draft, i - 1):
                break
        elif token.upos in ("ADJ", "NUM") or (
            token.upos == "VERB" and token.feat("VerbForm") == "Part" and token.deprel == "amod"
        ):
            against = against or _is_against(token.form, words)
        elif _is_second_article(draft, i):
            pass
        else:
            if token.form.lower() in DETERMINERS or token.feat("Poss") == "Yes":
                first = i
            break
        first = i
        i -= 1
    owners.reverse()
    return first, owners, region, against


def _is_second_article(draft: Draft, i: int) -> bool:
    """True for the second article in "die russische und die ukrainische Delegation"."""
    tree = draft.tree
    return tree.lower(i) in DETERMINERS and tree.form(i - 1) in _JOINERS and i >= 2 and _is_adjective(draft, i - 2)


def _is_adjective(draft: Draft, i: int) -> bool:
    return any(hit.sense in (Sense.ADJECTIVE, Sense.CITIZEN) for hit in draft.free(i))


def _is_against(form: str, words: Words) -> bool:
    """True for pro-kurdisch, prorussisch and the like."""
    lower = form.lower()
    return any(
        lower.startswith((prefix + "-", prefix)) and len(lower) > len(prefix) + 3
        for prefix in words.list("private", "against")[:2]
    )


def is_undeclined(draft: Draft, hit: Hit) -> bool:
    """True for a demonym that is an adjective: die Schweizer Armee."""
    tree = draft.tree
    if hit.sense is not Sense.DEMONYM or not tree.form(hit.first).endswith("er") or hit.last + 1 >= len(tree):
        return False
    after = tree.tokens[hit.last + 1]
    return (
        after.upos == "NOUN"
        and after.form[0].isupper()
        and tree.tokens[hit.first].deprel not in ("nsubj", "obj", "root")
    )


def _genitive(draft: Draft, i: int) -> Hit | None:
    """A name in the genitive that ends at a token, right before a noun: Chinas (Präsident)."""
    for hit in draft.free(i):
        if hit.sense in _NAMES and hit.last == i and not hit.rest:
            form = draft.tree.form(i)
            if form.endswith(("s", "'", "’", "′")) and (
                _is_inflected(hit, form) or draft.tree.tokens[i].feat("Case") == "Gen"
            ):
                return hit
    return None


def _is_inflected(hit: Hit, form: str) -> bool:
    if hit.entry is None:
        return False
    known = {
        name.split()[-1]
        for names in (*hit.entry.names.values(), *hit.entry.seats.values(), *hit.entry.acronyms.values())
        for name in names
    }
    return form not in known


def _right(draft: Draft, noun: int, words: Words, *, seat: bool, origin: bool) -> tuple[int, list[Owner]]:
    """A genitive or a phrase with von (with `seat` also in) after a noun; the last token of it."""
    tree = draft.tree
    k = noun + 1
    word = tree.lower(k)
    how = How.AFTER
    if (word in ("in", "im") and seat) or (word == "aus" and origin):
        how = How.SEAT
        k += 1
        if tree.form(k) in words.directions:  # im Nordwesten Pakistans
            k += 2 if tree.lower(k + 1) in ("von", "der", "des") else 1
    elif word in ("von", "vom"):
        k += 1
    elif word not in ("der", "des"):
        direct = [hit for hit in draft.free(k) if hit.sense in _NAMES and hit.first == k and not hit.rest]
        if direct and direct[0].sense is not Sense.CITY and _genitive(draft, direct[0].last):
            return _coordinated(draft, noun, direct[0], How.AFTER)
        return noun, []
    chain = _chain(draft, k, words)
    if chain is None:
        return noun, []
    found, end = chain
    from_state = word == "aus" and found.entry is not None and found.entry.type is ActorType.STATE  # aus den USA
    if found.sense is (Sense.ACRONYM if how is How.SEAT else Sense.CITY) and not from_state:
        return noun, []
    if end != found.last:
        return end, [Owner(found, how, found.first, end)]
    return _coordinated(draft, noun, found, how)


def _chain(draft: Draft, k: int, words: Words) -> tuple[Hit, int] | None:
    """The owner in a noun phrase that begins at k, and the last token of its words.

    (der) Türkei; (der verbotenen Arbeiterpartei) PKK; (des) russischen Außenministeriums.
    """
    tree = draft.tree
    adjective: Hit | None = None
    for i in range(k, min(k + _MAX_RIGHT, len(tree))):
        token = tree.tokens[i]
        hits = draft.free(i)
        name = next((hit for hit in hits if hit.first == i and hit.sense in _NAMES and not hit.rest), None)
        if name is not None:
            return name, name.last
        if any(hit.sense in (Sense.ADJECTIVE, Sense.CITIZEN) for hit in hits):
            adjective = next(hit for hit in hits if hit.sense in (Sense.ADJECTIVE, Sense.CITIZEN))
        elif token.form in words.kinds:
            continue
        elif words.ends_in(token.form.rsplit("-", 1)[-1], words.silent_heads):
            return None
        elif (
            hits
            and hits[0].rest
            and (words.institution(token.form) or words.ends_in(token.form, words.members | words.organs))
        ):
            return hits[0], i
        elif words.institution(token.form):
            seat = _seat_after(draft, i + 1) if adjective is None else None
            return (adjective, i) if adjective is not None else (seat, seat.last) if seat is not None else None
        elif not (token.upos in ("ADJ", "DET", "NUM") or token.form.lower() in DETERMINERS):
            return None
    return None


def _seat_after(draft: Draft, k: int) -> Hit | None:
    """The capital or country after an institution: (des Außenministeriums) in Peking."""
    if draft.tree.lower(k) not in ("in", "im"):
        return None
    return next(
        (hit for hit in draft.free(k + 1) if hit.first == k + 1 and hit.sense in (Sense.CITY, Sense.NAME)), None
    )


def _coordinated(draft: Draft, noun: int, hit: Hit, how: How) -> tuple[int, list[Owner]]:
    """A hit with the names coordinated to it: Frankreichs, Italiens und Österreichs."""
    tree = draft.tree
    owners = [Owner(hit, how, hit.first, hit.last)]
    last = hit.last
    if how is How.SEAT and tree.lower(hit.first - 1) != "aus" and not tree.is_plural(noun):
        return last, owners
    while True:
        k = last + 1
        if tree.form(k) not in _JOINERS:
            return last, owners
        k += 1
        while tree.lower(k) in ("der", "des", "von"):
            k += 1
        more = [h for h in draft.free(k) if h.sense in _NAMES and h.first == k and not h.rest]
        if not more or tree.tokens[k].deprel != "conj":
            return last, owners
        owners.append(Owner(more[0], how, more[0].first, more[0].last))
        last = more[0].last
