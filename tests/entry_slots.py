"""Who fills the slots of an entry of the lexicon, and the words that they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from trees import Word, actor, adjective, both, compound, genitive, name, noun, possessive, verb

from kgraph.lexicon import Frame
from kgraph.model import Actor, ActorType, Via

SUBJECTS = {
    ActorType.STATE: actor("Russland", country="RUS"),
    ActorType.PERSON: actor("Orban", ActorType.PERSON, "HUN"),
    ActorType.ORGANISATION: actor("Nato", ActorType.ORGANISATION),
    ActorType.ARMED_GROUP: actor("Hisbollah", ActorType.ARMED_GROUP, "LBN"),
    ActorType.POLITICAL_PARTY: actor("Fidesz", ActorType.POLITICAL_PARTY, "HUN"),
    ActorType.PEOPLE: actor("Kurden", ActorType.PEOPLE),
}
OBJECTS = {
    ActorType.STATE: actor("Iran", country="IRN"),
    ActorType.PERSON: actor("Merz", ActorType.PERSON, "DEU"),
    ActorType.ORGANISATION: actor("Unesco", ActorType.ORGANISATION),
    ActorType.ARMED_GROUP: actor("Hamas", ActorType.ARMED_GROUP, "PSE"),
    ActorType.POLITICAL_PARTY: actor("Akp", ActorType.POLITICAL_PARTY, "TUR"),
    ActorType.PEOPLE: actor("Rohingya", ActorType.PEOPLE),
    ActorType.CONFLICT: actor("Tigraykrieg", ActorType.CONFLICT),
}
SECONDS = {kind: actor(f"Zweit{who.label}", kind, "ESP" if who.country else None) for kind, who in OBJECTS.items()}
NEUTRAL_VERB, NEUTRAL_NOUN = "verwundern", "Sache"
OWNING = {"gen", "poss", "adj", "compound"}
_ORDER = ("dat", "obj", "refl", "gen")


@dataclass
class Phrase:
    """What fills a slot: actors, or a noun (of a clause: none) with actors in slots of its own."""

    actors: tuple[Actor, ...] = ()
    lemma: str = ""
    inner: list[tuple[str, tuple[Actor, ...]]] = field(default_factory=list)


def _choose(kinds: dict[ActorType, Actor], allowed: frozenset[ActorType]) -> Actor:
    return next(who for kind, who in kinds.items() if not allowed or kind in allowed)


def ends(frame: Frame) -> tuple[Actor, Actor, Actor]:
    """A subject, an object and a second object of the types that the frame asks for."""
    return _ends_of_types(frame.subject_types, frame.object_types)


@cache
def _ends_of_types(subject: frozenset[ActorType], object_: frozenset[ActorType]) -> tuple[Actor, Actor, Actor]:
    return _choose(SUBJECTS, subject), _choose(OBJECTS, object_), _choose(SECONDS, object_)


def slot_pairs(frame: Frame, subjects: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every subject slot with the first object slot it goes with, then the first subject slot with every object slot."""
    found: list[tuple[str, str]] = []
    for slot in subjects:
        if slot.endswith("zwischen") and frame.relation.symmetric:  # it holds both ends
            found.append((slot, slot))
            continue
        found += [(slot, other) for other in frame.object if together(frame, slot, other)][:1]
    for other in frame.object:
        found += [(slot, other) for slot in subjects if together(frame, slot, other)][:1]
    yield from dict.fromkeys(found)


def together(frame: Frame, subject: str, object_: str) -> bool:
    """False for two slots that one sentence cannot fill, and for forms that the actors do not have."""
    for slot, who in ((subject, ends(frame)[0]), (object_, ends(frame)[1])):
        inner = slot.rpartition(".")[2]
        if inner == "adj" and who.type is not ActorType.STATE:
            return False
        if inner == "compound" and who.type is ActorType.CONFLICT:
            return False
    if subject.endswith("zwischen") or object_.endswith("zwischen"):
        return subject == object_ or not (subject.endswith("zwischen") and frame.relation.symmetric)
    same_word = subject.partition(".")[0] == object_.partition(".")[0]
    return not same_word or (subject != object_ and "." in subject and "." in object_)


def fill(
    frame: Frame, fillers: dict[str, str], slots: tuple[str, str]
) -> tuple[dict[str, list[Phrase]], tuple[tuple[Actor, Actor], ...]]:
    """The phrases of a clause by slot, and the pairs that they make."""
    subject, object_, second = ends(frame)
    phrases: dict[str, list[Phrase]] = {slot: [Phrase(lemma=lemma)] for slot, lemma in fillers.items()}
    between = slots[1].endswith("zwischen")
    theirs: tuple[Actor, ...] = (object_, second) if between else (object_,)
    wanted: list[tuple[str, tuple[Actor, ...]]] = [(slots[0], (subject,)), (slots[1], theirs)]
    pairs = tuple((subject, other) for other in theirs)
    if between and frame.relation.symmetric:
        wanted, pairs = [(slots[1], theirs)], ((object_, second),)
        if "subj" in frame.subject and slots[1].partition(".")[0] != "subj":
            phrases.setdefault("subj", []).append(Phrase(lemma=NEUTRAL_NOUN))
    for slot, actors in wanted:
        outer, _, inner = slot.partition(".")
        rows = phrases.setdefault(outer, [])
        if not inner:
            rows.insert(0, Phrase(actors))
            continue
        hosts = [phrase for phrase in rows if not phrase.actors]
        if not hosts:
            hosts = [Phrase(lemma=NEUTRAL_NOUN if outer != "clause" else "")]
            rows.extend(hosts)
        hosts[0].inner.append((inner, actors))
    if frame.reflexive:
        phrases["refl"] = [Phrase()]
    return phrases, pairs


# --- phrases as words -------------------------------------------------------------------------------------------------


def names(actors: tuple[Actor, ...], deprel: str, case: str = "") -> Word:
    word = name(actors[0], deprel, case)
    return both(word, name(actors[1])) if len(actors) > 1 else word


def own(host: Word, slot: str, actors: tuple[Actor, ...], *, before: bool = False, part: str = "") -> Word:
    """The noun with actors in one of its own slots."""
    who = actors[0]
    if slot == "gen":
        word = genitive(who)
        if len(actors) > 1:
            word = both(word, genitive(actors[1]))
        if before:
            return replace(host, before=(word, *(w for w in host.before if w.upos != "DET")))
        return replace(host, after=(word, *host.after))  # right behind its noun, or it would belong to another
    if slot == "adj":
        return host.led_by(adjective(who))
    if slot == "poss":
        kept = tuple(possessive(who) if word.upos == "DET" else word for word in host.before)
        return replace(host, before=kept)
    if slot == "compound" and "-" in host.lemma:  # an entry for one actor: "Kuba-Embargo"
        return replace(host, actor=who, via=Via.COMPOUND, part=host.lemma.partition("-")[0])
    if slot == "compound":
        return compound(who, host, part)
    return host.followed_by(names(actors, "nmod", slot))


def phrase_word(slot: str, phrase: Phrase, deprel: str, case: str = "", form: str = "Nom") -> Word:
    """A phrase as a word with what depends on it."""
    if slot == "refl":
        return Word("sich", "PRON", "expl:pv", "sich", feats=(("Reflex", "Yes"),))
    if slot == "clause":
        return _clause(phrase)
    if phrase.actors:
        word = names(phrase.actors, deprel, case)
        if slot == "gen":  # a bare name shows no case
            word = word.led_by(Word("des", "DET", "det", "der", feats=(("Case", "Gen"),)))
        return word
    word = noun(phrase.lemma, deprel, case=case, form=form)
    for inner, actors in phrase.inner:
        word = own(word, inner, actors)
    return word


def _clause(phrase: Phrase) -> Word:
    """ "… dass X verwundert", or with the actors in other slots of that clause."""
    predicate = verb(phrase.lemma or NEUTRAL_VERB, deprel="ccomp")
    if phrase.lemma and not phrase.lemma.endswith("n"):
        predicate = replace(predicate, upos="ADJ")
    args = [argument(slot, Phrase(actors)) for slot, actors in phrase.inner]
    subject = names(phrase.actors, "nsubj") if phrase.actors else noun(NEUTRAL_NOUN)
    return predicate.led_by(Word("dass", "SCONJ", "mark"), subject).followed_by(*args)


_PLAIN = {"subj": ("nsubj", "Nom"), "obj": ("obj", "Acc"), "dat": ("iobj", "Dat"), "gen": ("obl", "Gen")}


def argument(slot: str, phrase: Phrase) -> Word:
    if slot in {"refl", "clause"}:
        return phrase_word(slot, phrase, "")
    if slot in _PLAIN:
        deprel, form = _PLAIN[slot]
        return phrase_word(slot, phrase, deprel, form=form)
    return phrase_word(slot, phrase, "obl", slot, "Dat")


def _rank(slot: str) -> int:
    return _ORDER.index(slot) if slot in _ORDER else len(_ORDER) + (slot == "clause")


def arguments(phrases: dict[str, list[Phrase]], *without: str) -> list[Word]:
    slots = sorted((slot for slot in phrases if slot not in without), key=_rank)
    return [argument(slot, phrase) for slot in slots for phrase in phrases[slot]]
