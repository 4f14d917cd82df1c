"""The sentences that an entry of the lexicon must understand, drawn from its slots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entry_slots import (
    NEUTRAL_NOUN,
    NEUTRAL_VERB,
    OBJECTS,
    OWNING,
    Phrase,
    argument,
    arguments,
    ends,
    fill,
    names,
    own,
    phrase_word,
    slot_pairs,
    together,
)
from trees import Word, actor, behind, genitive, name, noun, verb

from kgraph.lexicon import Frame
from kgraph.model import Actor, ActorType, Modality, Polarity

BYSTANDER = actor("Frankreich", country="FRA")
ACRONYM = actor("USA", country="USA")
DEED = "Angriff"
FINITE = (("VerbForm", "Fin"), ("Mood", "Ind"))


@dataclass(frozen=True)
class Drawing:
    """A sentence and the pairs of actors that the entry must find in it; none where it must be silent."""

    what: str
    root: Word
    pairs: tuple[tuple[Actor, Actor], ...]
    negated: bool = False
    planned: bool = False

    def polarity(self, frame: Frame) -> Polarity:
        """The polarity that the frame gives the sentence."""
        return Polarity.NEGATED if self.negated != (frame.polarity is Polarity.NEGATED) else Polarity.AFFIRMED

    def modality(self, frame: Frame) -> Modality:
        """The modality that the frame gives the sentence; a modal verb above it counts more."""
        return Modality.PLANNED if self.planned else frame.modality or Modality.ACTUAL


def drawings(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """All sentences for a frame; `fillers` is the noun for each slot that must be filled by one of some nouns."""
    if frame.kind == "verb":
        yield from _verb(frame, fillers)
    elif frame.kind == "noun":
        yield from _noun(frame, fillers)
    elif frame.kind == "role":
        yield from _role(frame, fillers)
    else:
        yield from _adjective(frame, fillers)


# --- verbs ------------------------------------------------------------------------------------------------------------


def _verb(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    for number, slots in enumerate(slot_pairs(frame, frame.subject)):
        phrases, pairs = fill(frame, fillers, slots)
        where = f"{slots[0]}/{slots[1]}"
        subjects = [argument("subj", phrase) for phrase in phrases.get("subj", [])]
        subject = subjects[0] if subjects else None
        rest = arguments(phrases, "subj")
        yield Drawing(f"active, {where}", verb(frame.lemma, *rest, subject=subject), pairs)
        yield from _passives(frame, phrases, pairs, where)
        if number:
            continue
        negation = Word("nicht", "PART", "advmod")
        yield Drawing(f"negated, {where}", verb(frame.lemma, *rest, negation, subject=subject), pairs, negated=True)
        will = Word("will", "AUX", "aux", "wollen", feats=FINITE)
        wanted = verb(frame.lemma, will, *rest, form="Inf", subject=subject)
        yield Drawing(f"wanted, {where}", wanted, pairs, planned=True)
        yield from _joined(frame, phrases, pairs, where)
    yield from _deeds(frame, fillers)
    yield from _strangers(frame, fillers)


def _is_actor(phrases: dict[str, list[Phrase]], slot: str) -> bool:
    return slot in phrases and len(phrases[slot]) == 1 and bool(phrases[slot][0].actors)


def _joined(
    frame: Frame, phrases: dict[str, list[Phrase]], pairs: tuple[tuple[Actor, Actor], ...], where: str
) -> Iterator[Drawing]:
    """Relative clauses of the subject and of the object, and a subject shared with another verb."""
    relative = Word("der", "PRON", "nsubj", "der", feats=(("PronType", "Rel"),))
    if _is_actor(phrases, "subj"):
        rest = arguments(phrases, "subj")
        clause = verb(frame.lemma, *rest, deprel="acl", subject=relative)
        root = verb(NEUTRAL_VERB, subject=argument("subj", phrases["subj"][0]).followed_by(clause))
        yield Drawing(f"relative clause of the subject, {where}", root, pairs)
        second = verb(frame.lemma, *rest, deprel="conj").led_by(Word("und", "CCONJ", "cc"))
        root = verb(NEUTRAL_VERB, second, subject=argument("subj", phrases["subj"][0]))
        yield Drawing(f"shared subject, {where}", root, pairs)
    if _is_actor(phrases, "subj") and _is_actor(phrases, "obj"):
        rest = [
            replace(relative, deprel="obj"),
            argument("subj", phrases["subj"][0]),
            *arguments(phrases, "subj", "obj"),
        ]
        clause = replace(verb(frame.lemma, deprel="acl"), before=tuple(rest))
        antecedent = phrase_word("subj", phrases["obj"][0], "nsubj").followed_by(clause)
        yield Drawing(f"relative clause of the object, {where}", verb(NEUTRAL_VERB, subject=antecedent), pairs)


def _passives(
    frame: Frame, phrases: dict[str, list[Phrase]], pairs: tuple[tuple[Actor, Actor], ...], where: str
) -> Iterator[Drawing]:
    if not _is_actor(phrases, "subj") or len(phrases.get("obj", [])) != 1 or {"refl", "von", "durch"} & set(phrases):
        return
    agent = phrase_word("von", phrases["subj"][0], "obl:agent", "von")
    undergone = phrase_word("obj", phrases["obj"][0], "nsubj:pass")
    was = Word("wurde", "AUX", "aux:pass", "werden", feats=FINITE)
    rest = [was, *arguments(phrases, "subj", "obj")]
    yield Drawing(f"passive, {where}", verb(frame.lemma, *rest, agent, form="Part", subject=undergone), pairs)
    if frame.subject == ("subj",) and "subj" not in frame.object:
        said = verb("mitteilen", name(BYSTANDER), deprel="parataxis")
        silent = verb(frame.lemma, *rest, said, form="Part", subject=undergone)
        yield Drawing(f"passive without agent, {where}", silent, ())


def _deeds(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """The object named by what it does: found for target = "act", else passed over."""
    for slot in frame.object:
        if frame.subject[0] != "subj" or "." in slot or slot in {"subj", "clause", "zwischen", *fillers}:
            continue
        if any(other.startswith(f"{slot}.") for other in frame.object):  # whose deed it is counts there
            continue
        phrases, pairs = fill(frame, fillers, ("subj", slot))
        phrases[slot] = [Phrase(lemma=DEED, inner=[("gen", phrase.actors)]) for phrase in phrases[slot]]
        subject = argument("subj", phrases["subj"][0])
        root = verb(frame.lemma, *arguments(phrases, "subj"), subject=subject)
        yield Drawing(f"deed in {slot}", root, pairs if frame.act else ())


def _strangers(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """An object of a class that the frame does not take is passed over."""
    for slots in slot_pairs(frame, frame.subject):
        others = [who for kind, who in OBJECTS.items() if kind not in frame.object_types]
        if not frame.object_types or not others or "." in slots[1] or slots[1] == "zwischen":
            continue
        phrases, _ = fill(frame, fillers, slots)
        phrases[slots[1]][0] = Phrase((others[0],))
        subject = argument("subj", phrases["subj"][0]) if "subj" in phrases else None
        root = verb(frame.lemma, *arguments(phrases, "subj"), subject=subject)
        yield Drawing(f"{others[0].type} in {slots[1]}", root, ())


# --- nouns ------------------------------------------------------------------------------------------------------------


def _noun(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    for slots in slot_pairs(frame, frame.subject):
        for what, phrase, pairs in _noun_phrases(frame, fillers, slots):
            yield Drawing(f"{what}, {slots[0]}/{slots[1]}", verb(NEUTRAL_VERB, subject=phrase), pairs)
    subject, object_, second = ends(frame)
    if frame.relation.symmetric and object_.type == subject.type:
        for slot in frame.subject:
            if slot in {"gen", "von"} and slot not in frame.object:
                phrase = own(_hosted(frame, fillers), slot, (object_, second))
                yield Drawing(f"both in {slot}", verb(NEUTRAL_VERB, subject=phrase), ((object_, second),))
    yield from _supported(frame, fillers)


def _hosted(frame: Frame, fillers: dict[str, str], deprel: str = "nsubj") -> Word:
    """The noun with the nouns that its entry asks for."""
    word = noun(frame.lemma, deprel, form="Acc" if deprel == "obj" else "Nom")
    for slot, lemma in fillers.items():
        if slot == "amod":
            word = word.led_by(Word(lemma, "ADJ", "amod", lemma))
            continue
        word = word.followed_by(
            noun(lemma, "nmod", case="" if slot == "gen" else slot, form="Gen" if slot == "gen" else "Dat")
        )
    return word


def _put(
    host: Word,
    slot: str,
    actors: tuple[Actor, ...],
    fillers: dict[str, str],
    *,
    part: str = "",
    before: bool = False,
) -> Word:
    """The noun with actors in a slot, or in a slot of the noun in that slot."""
    outer, _, inner = slot.partition(".")
    if outer in fillers and not inner:  # "der Abschuss einer Drohne Irans"
        inner = "gen"
    if not inner:
        return own(host, slot, actors, before=before, part=part)
    if outer not in fillers:
        host = host.followed_by(
            noun(NEUTRAL_NOUN, "nmod", case="" if outer == "gen" else outer, form="Gen" if outer == "gen" else "Dat")
        )
    lemma = fillers.get(outer, NEUTRAL_NOUN)
    return replace(host, after=tuple(own(w, inner, actors) if w.lemma == lemma else w for w in host.after))


def _noun_phrases(
    frame: Frame, fillers: dict[str, str], slots: tuple[str, str], deprel: str = "nsubj"
) -> Iterator[tuple[str, Word, tuple[tuple[Actor, Actor], ...]]]:
    subject, object_, second = ends(frame)
    if slots[0] == "compound" and subject.type is ActorType.STATE:
        subject = ACRONYM  # what stands in full before an event noun may be whom it hits: "Iran-Sanktionen"
    between = slots[1] == "zwischen"
    theirs = (object_, second) if between else (object_,)
    base = _hosted(frame, fillers, deprel)
    if between and frame.relation.symmetric:
        yield "between", own(base, slots[1], theirs), ((object_, second),)
        return
    part = "US" if subject is ACRONYM else ""
    pairs = tuple((subject, other) for other in theirs)
    is_first = slots[0] == frame.subject[0]
    ways = (True, False) if slots[0] == "gen" and "gen" not in frame.object else (slots[0] == "gen",)
    for before in ways:
        host = own(base, slots[0], (subject,), before=before, part=part)
        phrase = _put(host, slots[1], theirs, fillers)
        yield "genitive before" if before else "phrase", phrase, pairs
        hosts = [slot for slot in fillers if slot != "amod"]
        if hosts and is_first and not {slots[1], slots[1].partition(".")[0]} & {*hosts, *OWNING}:
            nested = hosts[0]
            yield "in the other noun", _put(host, f"{nested}.{slots[1]}", theirs, fillers), pairs
    if frame.act and is_first and slots[1] not in {*OWNING, "zwischen"} and "." not in slots[1]:
        deed = noun(DEED, "nmod", genitive(object_), case=slots[1], form="Dat")
        yield "deed", own(base, slots[0], (subject,), before=slots[0] == "gen").followed_by(deed), pairs


def _supported(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """With a verb that lends it a subject: "führte Gespräche mit X", "führte mit X Gespräche"."""
    subject, object_, second = ends(frame)
    for slot in frame.object:
        between = slot == "zwischen"
        if (between and frame.relation.symmetric) or not together(frame, "durch", slot):
            continue
        theirs = (object_, second) if between else (object_,)
        pairs = tuple((subject, other) for other in theirs)
        phrase = _put(_hosted(frame, fillers, "obj"), slot, theirs, fillers)
        yield Drawing(f"support verb, {slot}", verb("führen", phrase, subject=name(subject)), pairs)
        if slot not in OWNING and "." not in slot:
            root = verb("führen", names(theirs, "obl", slot), _hosted(frame, fillers, "obj"), subject=name(subject))
            yield Drawing(f"support verb with the phrase, {slot}", root, pairs)


# --- roles and adjectives ---------------------------------------------------------------------------------------------


def _role(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    bearer, other, second = ends(frame)
    for slot in frame.object:
        if not together(frame, "subj", slot):
            continue
        others = (other, second) if slot == "zwischen" else (other,)
        pairs = tuple((each, bearer) if frame.inverse else (bearer, each) for each in others)
        phrase = _put(_hosted(frame, fillers), slot, others, fillers)
        cop = Word("ist", "AUX", "cop", "sein", feats=FINITE)
        predicate = replace(phrase, deprel="root", before=(name(bearer), cop, *phrase.before))
        yield Drawing(f"copula, {slot}", predicate, pairs)
        beside = name(bearer).followed_by(phrase.as_("appos"))
        yield Drawing(f"apposition, {slot}", verb(NEUTRAL_VERB, subject=beside), pairs)
        named = phrase.followed_by(name(bearer, "appos"))
        yield Drawing(f"named, {slot}", verb(NEUTRAL_VERB, subject=named), pairs)
        counted = behind("als", phrase.as_("obl"))
        yield Drawing(f"als, {slot}", verb("gelten", counted, subject=name(bearer)), pairs)


def _adjective(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    for slots in slot_pairs(frame, frame.subject or ("subj",)):
        phrases, pairs = fill(frame, fillers, slots)
        where = f"{slots[0]}/{slots[1]}"
        subject = argument("subj", phrases["subj"][0])
        rest = arguments(phrases, "subj")
        cop = Word("ist", "AUX", "cop", "sein", feats=FINITE)
        root = Word(frame.lemma, "ADJ", "root", frame.lemma, (subject, cop, *rest))
        yield Drawing(f"predicative, {where}", root, pairs)
        shown = verb("zeigen", *rest, Word(frame.lemma, "ADJ", "advmod", frame.lemma), subject=subject)
        yield Drawing(f"with a verb, {where}", shown, pairs)
        if _is_actor(phrases, "subj"):
            attribute = Word(frame.lemma, "ADJ", "amod", frame.lemma, tuple(rest))
            yield Drawing(f"attributive, {where}", verb(NEUTRAL_VERB, subject=subject.led_by(attribute)), pairs)
