"""Names, adjectives, capitals and compounds that stand by themselves: which of them name an actor here."""

from __future__ import annotations

from collections.abc import Mapping

from kgraph.link.context import dateline_tokens
from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Hit, Sense
from kgraph.link.owners import is_undeclined
from kgraph.link.places import Places
from kgraph.link.tree import CONTRACTED, DEFINITE
from kgraph.link.words import Words
from kgraph.model import Actor, ActorType, Via

_NOT_THE_STATE = frozenset(
    ("beiden", "zwei", "drei", "vier", "vielen", "meisten", "ersten", "anderen", "festgenommenen", "getöteten")
)


class PlainFinder:
    """Turns what is left of the hits into mentions."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._places = Places(words)
        self._crowds = frozenset(words.list("names", "crowds"))

    def find(self, draft: Draft, aliases: Mapping[str, Actor]) -> None:
        """Make mentions of all hits that no other mention has used, and of names the article itself explained."""
        dateline = dateline_tokens(draft)
        for hit in draft.hits:
            if draft.is_used(hit) or hit.entry is None or hit.first in draft.taken:
                continue
            if hit.sense is Sense.CITY and not hit.rest and hit.last in dateline:
                continue
            if self._names_actor(draft, hit):
                self._add(draft, hit)
        for token in draft.tree.tokens:
            actor = aliases.get(token.form) or (aliases.get(token.form[:-1]) if token.form.endswith("s") else None)
            if actor is not None and token.i not in draft.taken and not draft.at(token.i):
                draft.mentions.append(draft.mention(actor, Via.NAME, (token.i,), draft.span(token.i, token.i)))
                draft.take((token.i,))

    def _add(self, draft: Draft, hit: Hit) -> None:
        if hit.entry is None:
            return
        noun = self._noun(draft, hit.first) if hit.sense is Sense.ADJECTIVE and not hit.rest else None
        if noun is not None and hit.entry.type is ActorType.STATE and self._places.is_seat(draft, noun):
            tokens = range(hit.first, noun + 1)
            span = draft.span(hit.first, noun)
            draft.mentions.append(draft.mention(hit.entry.actor, Via.OFFICE, tokens, span, head=noun))
            draft.take(tokens)
            return
        if hit.sense is Sense.DEMONYM and (first := self._held_by(draft, hit)):
            inside = (hit.start, hit.start + len(first))
            draft.mentions.append(draft.mention(hit.entry.actor, Via.COMPOUND, (hit.first,), inside))
            return
        mention = draft.mention_of(hit, hit.entry.actor)
        draft.mentions.append(mention)
        if not hit.rest and hit.sense is not Sense.ADJECTIVE:
            draft.take(mention.tokens)

    def _names_actor(self, draft: Draft, hit: Hit) -> bool:
        if hit.rest or hit.sense is Sense.FIRST:
            return self._compound(draft, hit)
        if hit.sense in (Sense.SILENT, Sense.PERSON, Sense.CITIZEN):
            return False
        if hit.sense is Sense.ADJECTIVE:
            return self._adjective(draft, hit)
        if hit.sense is Sense.PART:
            return self._places.is_contested(draft, hit)
        if is_undeclined(draft, hit):
            noun = draft.tree.form(hit.last + 1).rsplit("-", 1)[-1]
            return not self._words.ends_in(noun, self._words.private)
        if hit.sense is Sense.DEMONYM:
            return self._held_by(draft, hit) != "" or self._demonym(draft, hit)
        if self._is_part_of_name(draft, hit) or self._repeats(draft, hit) or self._is_national(draft, hit):
            return False
        if hit.sense is Sense.CITY:
            return not self._places.is_place(draft, hit)
        return not (hit.sense is Sense.SEAT and self._is_common_word(draft, hit))

    def _compound(self, draft: Draft, hit: Hit) -> bool:
        """True unless the compound names a private thing, or a capital only as a place."""
        noun = hit.rest.rsplit("-", 1)[-1]
        if hit.sense is Sense.CITY:
            pair = hit.rest == "" or any(other is not hit for other in draft.at(hit.first))
            return pair or self._words.is_visit(noun)
        held = hit.entry is not None and hit.entry.type is ActorType.STATE and noun in self._words.held
        return held or not self._words.ends_in(noun, self._words.silent_heads)

    def _adjective(self, draft: Draft, hit: Hit) -> bool:
        """True where a national adjective stands before a noun that is not private, and is no part of a proper name."""
        tree = draft.tree
        i = hit.first
        form = tree.form(i)
        if form[0].isupper() and not tree.begins(i) and "-" not in form:
            return False
        noun = self._noun(draft, i)
        if noun is None:
            return False
        if any(h.sense is Sense.PERSON for h in draft.at(noun)) and noun == i + 1:
            return False
        if any(h.sense is Sense.DEMONYM and h.entry is not hit.entry and not h.rest for h in draft.at(noun)):
            return False  # die griechischen Zyprer
        last = tree.form(noun).rsplit("-", 1)[-1]
        if hit.entry is not None and hit.entry.type is ActorType.ORGANISATION:
            return last in self._words.collective
        if noun in draft.taken and self._is_actor(draft, noun):
            return False
        if last in self._words.held or self._is_struck(draft, noun, last):
            return True
        return not (last in self._words.private or self._words.ends_in(last, self._words.private))

    def _is_struck(self, draft: Draft, noun: int, last: str) -> bool:
        """True for firms and goods that sanctions strike for the state they belong to: Sanktionen gegen chinesische Banken."""
        if not self._words.ends_in(last, self._words.business):
            return False
        return any(
            self._words.ends_in(token.form, self._words.striking) for token in draft.tree.tokens if token.i != noun
        )

    def _is_actor(self, draft: Draft, noun: int) -> bool:
        """True where a noun already names a group or person: an adjective before it is then only a description."""
        kinds = (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY, ActorType.PERSON, ActorType.ORGANISATION)
        return any(noun in m.tokens and m.actor.type in kinds for m in draft.mentions)

    def _noun(self, draft: Draft, i: int) -> int | None:
        """The noun that an adjective belongs to."""
        tree = draft.tree
        lead = tree.first_conjunct(i)
        head = tree.tokens[lead].head
        if head > i and tree.tokens[head].upos in ("NOUN", "PROPN"):
            return head
        for k in range(i + 1, min(i + 6, len(tree))):
            if tree.tokens[k].upos in ("NOUN", "PROPN") and tree.form(k)[:1].isupper():
                return k
        return None

    def _demonym(self, draft: Draft, hit: Hit) -> bool:
        """True for the definite plural in the sense of the state: die Russen; not for people: zwei Serben, ein Franzose."""
        tree = draft.tree
        i = hit.first
        if hit.entry is None or hit.entry.type is ActorType.PEOPLE:
            return False
        if hit.entry.type in (ActorType.ARMED_GROUP, ActorType.POLITICAL_PARTY):
            return True
        if tree.tokens[i].feat("Number") == "Sing" or self._words.role(tree.form(i + 1)) is not None:
            return False
        before = tree.lower(i - 1)
        if before in self._crowds:
            return True
        if before not in DEFINITE and before not in CONTRACTED:
            return False
        if before in ("das", "dem", "des"):
            return False
        return not (set(map(tree.lower, (i - 1, i - 2))) & _NOT_THE_STATE) and tree.tokens[i].deprel not in (
            "flat",
            "appos",
        )

    def _held_by(self, draft: Draft, hit: Hit) -> str:
        """The state's part of a demonym like US-Bürger, which names people but not the state; else empty."""
        first, _, last = draft.tree.form(hit.first).rpartition("-")
        return first if last in self._words.held else ""

    def _is_part_of_name(self, draft: Draft, hit: Hit) -> bool:
        """True where the words belong to a longer proper name: Rosa Luxemburg, Jordan Henderson."""
        tree = draft.tree
        after = hit.last + 1
        if after < len(tree) and not draft.at(after) and after not in draft.taken:
            token = tree.tokens[after]
            inside = range(hit.first, hit.last + 1)
            if token.deprel == "flat" and token.head in inside and token.upos == "PROPN" and token.form[0].isupper():
                return True
        first = tree.tokens[hit.first]
        if first.deprel != "flat" or first.head >= hit.first or tree.tokens[first.head].upos != "PROPN":
            return False
        between = range(first.head, hit.first)
        return all(tree.form(k)[:1].isupper() and not draft.at(k) and k not in draft.taken for k in between)

    def _is_national(self, draft: Draft, hit: Hit) -> bool:
        """True for a body of a state that is called like an organisation: der weißrussische Sicherheitsrat."""
        if hit.entry is None or hit.entry.type is not ActorType.ORGANISATION or hit.first != hit.last:
            return False
        before = draft.at(hit.first - 1)
        return any(h.sense is Sense.ADJECTIVE and h.entry and h.entry.type is ActorType.STATE for h in before)

    def _repeats(self, draft: Draft, hit: Hit) -> bool:
        """True in brackets: the acronym of what was just named, or the party of the person just named."""
        tree = draft.tree
        if tree.form(hit.first - 1) != "(" or tree.form(hit.last + 1) not in (")", ",", "/"):
            return False
        before = draft.at(hit.first - 2)
        if any(h.entry is hit.entry for h in before):
            return True
        party = hit.entry is not None and hit.entry.type is ActorType.POLITICAL_PARTY
        return (
            party
            and tree.tokens[max(hit.first - 2, 0)].upos == "PROPN"
            and all(h.sense is Sense.PERSON for h in before)
        )

    def _is_common_word(self, draft: Draft, hit: Hit) -> bool:
        """True where a seat's name is written like it but tagged as something else than a noun."""
        return hit.first == hit.last and draft.tree.tokens[hit.first].upos in ("VERB", "ADV", "ADP", "AUX")
