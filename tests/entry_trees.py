"""The sentences that an entry of the lexicon must understand, drawn from its slots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from trees import Word, actor, adjective, behind, both, compound, genitive, name, noun, possessive, verb

from kgraph.lexicon import Frame
from kgraph.model import Actor, ActorType, Modality, Polarity, Via

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
BYSTANDER = actor("Frankreich", country="FRA")
ACRONYM = actor("USA", country="USA")
NEUTRAL_VERB, NEUTRAL_NOUN, DEED = "verwundern", "Sache", "Angriff"
_OWNING = {"gen", "poss", "adj", "compound"}
_ORDER = ("dat", "obj", "refl", "gen")
_FINITE = (("VerbForm", "Fin"), ("Mood", "Ind"))


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


@dataclass
class Phrase:
    """What fills a slot: actors, or a noun (of a clause: none) with actors in slots of its own."""

    actors: tuple[Actor, ...] = ()
    lemma: str = ""
    inner: list[tuple[str, tuple[Actor, ...]]] = field(default_factory=list)


def drawings(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """All sentences for a frame; `fillers` is the noun for each slot that must be filled by one of some nouns."""
    if frame.kind == "verb":
        yield from _verb(frame, fillers)
    elif frame.kind == "noun":
        yield from _noun(frame, fillers)
    elif frame.kind == "role":
        yield from _role(frame)
    else:
        yield from _adjective(frame)


# --- who, and in which slots ------------------------------------------------------------------------------------------


def _choose(kinds: dict[ActorType, Actor], allowed: frozenset[ActorType]) -> Actor:
    return next(who for kind, who in kinds.items() if not allowed or kind in allowed)


def _ends(frame: Frame) -> tuple[Actor, Actor, Actor]:
    """A subject, an object and a second object of the types that the frame asks for."""
    return _ends_of_types(frame.subject_types, frame.object_types)


@cache
def _ends_of_types(subject: frozenset[ActorType], object_: frozenset[ActorType]) -> tuple[Actor, Actor, Actor]:
    return _choose(SUBJECTS, subject), _choose(OBJECTS, object_), _choose(SECONDS, object_)


def _slot_pairs(frame: Frame, subjects: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every subject slot with the first object slot it goes with, then the first subject slot with every object slot."""
    found: list[tuple[str, str]] = []
    for slot in subjects:
        if slot.endswith("zwischen") and frame.relation.symmetric:  # it holds both ends
            found.append((slot, slot))
            continue
        found += [(slot, other) for other in frame.object if _together(frame, slot, other)][:1]
    for other in frame.object:
        found += [(slot, other) for slot in subjects if _together(frame, slot, other)][:1]
    yield from dict.fromkeys(found)


def _together(frame: Frame, subject: str, object_: str) -> bool:
    """False for two slots that one sentence cannot fill, and for forms that the actors do not have."""
    for slot, who in ((subject, _ends(frame)[0]), (object_, _ends(frame)[1])):
        inner = slot.rpartition(".")[2]
        if inner == "adj" and who.type is not ActorType.STATE:
            return False
        if inner == "compound" and who.type is ActorType.CONFLICT:
            return False
    if subject.endswith("zwischen") or object_.endswith("zwischen"):
        return subject == object_ or not (subject.endswith("zwischen") and frame.relation.symmetric)
    same_word = subject.partition(".")[0] == object_.partition(".")[0]
    return not same_word or (subject != object_ and "." in subject and "." in object_)


def _fill(
    frame: Frame, fillers: dict[str, str], slots: tuple[str, str]
) -> tuple[dict[str, list[Phrase]], tuple[tuple[Actor, Actor], ...]]:
    """The phrases of a clause by slot, and the pairs that they make."""
    subject, object_, second = _ends(frame)
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


def _names(actors: tuple[Actor, ...], deprel: str, case: str = "") -> Word:
    word = name(actors[0], deprel, case)
    return both(word, name(actors[1])) if len(actors) > 1 else word


def _own(host: Word, slot: str, actors: tuple[Actor, ...], *, before: bool = False, part: str = "") -> Word:
    """The noun with actors in one of its own slots."""
    who = actors[0]
    if slot == "gen":
        word = genitive(who)
        if len(actors) > 1:
            word = both(word, genitive(actors[1]))
        if before:
            return replace(host, before=(word, *(w for w in host.before if w.upos != "DET")))
        return host.followed_by(word)
    if slot == "adj":
        return host.led_by(adjective(who))
    if slot == "poss":
        kept = tuple(possessive(who) if word.upos == "DET" else word for word in host.before)
        return replace(host, before=kept)
    if slot == "compound" and "-" in host.lemma:  # an entry for one actor: "Kuba-Embargo"
        return replace(host, actor=who, via=Via.COMPOUND, part=host.lemma.partition("-")[0])
    if slot == "compound":
        return compound(who, host, part)
    return host.followed_by(_names(actors, "nmod", slot))


def _phrase_word(slot: str, phrase: Phrase, deprel: str, case: str = "", form: str = "Nom") -> Word:
    """A phrase as a word with what depends on it."""
    if slot == "refl":
        return Word("sich", "PRON", "expl:pv", "sich", feats=(("Reflex", "Yes"),))
    if slot == "clause":
        return _clause(phrase)
    if phrase.actors:
        word = _names(phrase.actors, deprel, case)
        if slot == "gen":  # a bare name shows no case
            word = word.led_by(Word("des", "DET", "det", "der", feats=(("Case", "Gen"),)))
        return word
    word = noun(phrase.lemma, deprel, case=case, form=form)
    for inner, actors in phrase.inner:
        word = _own(word, inner, actors)
    return word


def _clause(phrase: Phrase) -> Word:
    """ "… dass X verwundert", or with the actors in other slots of that clause."""
    predicate = verb(phrase.lemma or NEUTRAL_VERB, deprel="ccomp")
    if phrase.lemma and not phrase.lemma.endswith("n"):
        predicate = replace(predicate, upos="ADJ")
    args = [_argument(slot, Phrase(actors)) for slot, actors in phrase.inner]
    subject = _names(phrase.actors, "nsubj") if phrase.actors else noun(NEUTRAL_NOUN)
    return predicate.led_by(Word("dass", "SCONJ", "mark"), subject).followed_by(*args)


_PLAIN = {"subj": ("nsubj", "Nom"), "obj": ("obj", "Acc"), "dat": ("iobj", "Dat"), "gen": ("obl", "Gen")}


def _argument(slot: str, phrase: Phrase) -> Word:
    if slot in {"refl", "clause"}:
        return _phrase_word(slot, phrase, "")
    if slot in _PLAIN:
        deprel, form = _PLAIN[slot]
        return _phrase_word(slot, phrase, deprel, form=form)
    return _phrase_word(slot, phrase, "obl", slot, "Dat")


def _rank(slot: str) -> int:
    return _ORDER.index(slot) if slot in _ORDER else len(_ORDER) + (slot == "clause")


def _arguments(phrases: dict[str, list[Phrase]], *without: str) -> list[Word]:
    slots = sorted((slot for slot in phrases if slot not in without), key=_rank)
    return [_argument(slot, phrase) for slot in slots for phrase in phrases[slot]]


# --- verbs ------------------------------------------------------------------------------------------------------------


def _verb(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    for number, slots in enumerate(_slot_pairs(frame, frame.subject)):
        phrases, pairs = _fill(frame, fillers, slots)
        where = f"{slots[0]}/{slots[1]}"
        subjects = [_argument("subj", phrase) for phrase in phrases.get("subj", [])]
        subject = subjects[0] if subjects else None
        rest = _arguments(phrases, "subj")
        yield Drawing(f"active, {where}", verb(frame.lemma, *rest, subject=subject), pairs)
        yield from _passives(frame, phrases, pairs, where)
        if number:
            continue
        negation = Word("nicht", "PART", "advmod")
        yield Drawing(f"negated, {where}", verb(frame.lemma, *rest, negation, subject=subject), pairs, negated=True)
        will = Word("will", "AUX", "aux", "wollen", feats=_FINITE)
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
        rest = _arguments(phrases, "subj")
        clause = verb(frame.lemma, *rest, deprel="acl", subject=relative)
        root = verb(NEUTRAL_VERB, subject=_argument("subj", phrases["subj"][0]).followed_by(clause))
        yield Drawing(f"relative clause of the subject, {where}", root, pairs)
        second = verb(frame.lemma, *rest, deprel="conj").led_by(Word("und", "CCONJ", "cc"))
        root = verb(NEUTRAL_VERB, second, subject=_argument("subj", phrases["subj"][0]))
        yield Drawing(f"shared subject, {where}", root, pairs)
    if _is_actor(phrases, "subj") and _is_actor(phrases, "obj"):
        rest = [
            replace(relative, deprel="obj"),
            _argument("subj", phrases["subj"][0]),
            *_arguments(phrases, "subj", "obj"),
        ]
        clause = replace(verb(frame.lemma, deprel="acl"), before=tuple(rest))
        antecedent = _phrase_word("subj", phrases["obj"][0], "nsubj").followed_by(clause)
        yield Drawing(f"relative clause of the object, {where}", verb(NEUTRAL_VERB, subject=antecedent), pairs)


def _passives(
    frame: Frame, phrases: dict[str, list[Phrase]], pairs: tuple[tuple[Actor, Actor], ...], where: str
) -> Iterator[Drawing]:
    if not _is_actor(phrases, "subj") or len(phrases.get("obj", [])) != 1 or {"refl", "von", "durch"} & set(phrases):
        return
    agent = _phrase_word("von", phrases["subj"][0], "obl:agent", "von")
    undergone = _phrase_word("obj", phrases["obj"][0], "nsubj:pass")
    was = Word("wurde", "AUX", "aux:pass", "werden", feats=_FINITE)
    rest = [was, *_arguments(phrases, "subj", "obj")]
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
        phrases, pairs = _fill(frame, fillers, ("subj", slot))
        phrases[slot] = [Phrase(lemma=DEED, inner=[("gen", phrase.actors)]) for phrase in phrases[slot]]
        subject = _argument("subj", phrases["subj"][0])
        root = verb(frame.lemma, *_arguments(phrases, "subj"), subject=subject)
        yield Drawing(f"deed in {slot}", root, pairs if frame.act else ())


def _strangers(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """An object of a class that the frame does not take is passed over."""
    for slots in _slot_pairs(frame, frame.subject):
        others = [who for kind, who in OBJECTS.items() if kind not in frame.object_types]
        if not frame.object_types or not others or "." in slots[1] or slots[1] == "zwischen":
            continue
        phrases, _ = _fill(frame, fillers, slots)
        phrases[slots[1]][0] = Phrase((others[0],))
        subject = _argument("subj", phrases["subj"][0]) if "subj" in phrases else None
        root = verb(frame.lemma, *_arguments(phrases, "subj"), subject=subject)
        yield Drawing(f"{others[0].type} in {slots[1]}", root, ())


# --- nouns ------------------------------------------------------------------------------------------------------------


def _noun(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    for slots in _slot_pairs(frame, frame.subject):
        for what, phrase, pairs in _noun_phrases(frame, fillers, slots):
            yield Drawing(f"{what}, {slots[0]}/{slots[1]}", verb(NEUTRAL_VERB, subject=phrase), pairs)
    subject, object_, second = _ends(frame)
    if frame.relation.symmetric and object_.type == subject.type:
        for slot in frame.subject:
            if slot in {"gen", "von"} and slot not in frame.object:
                phrase = _own(_hosted(frame, fillers), slot, (object_, second))
                yield Drawing(f"both in {slot}", verb(NEUTRAL_VERB, subject=phrase), ((object_, second),))
    yield from _supported(frame, fillers)


def _hosted(frame: Frame, fillers: dict[str, str], deprel: str = "nsubj") -> Word:
    """The noun with the nouns that its entry asks for."""
    word = noun(frame.lemma, deprel, form="Acc" if deprel == "obj" else "Nom")
    for slot, lemma in fillers.items():
        word = word.followed_by(
            noun(lemma, "nmod", case="" if slot == "gen" else slot, form="Gen" if slot == "gen" else "Dat")
        )
    return word


def _put(
    frame: Frame,
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
        return _own(host, slot, actors, before=before, part=part)
    if outer not in fillers:
        host = host.followed_by(
            noun(NEUTRAL_NOUN, "nmod", case="" if outer == "gen" else outer, form="Gen" if outer == "gen" else "Dat")
        )
    lemma = fillers.get(outer, NEUTRAL_NOUN)
    return replace(host, after=tuple(_own(w, inner, actors) if w.lemma == lemma else w for w in host.after))


def _noun_phrases(
    frame: Frame, fillers: dict[str, str], slots: tuple[str, str], deprel: str = "nsubj"
) -> Iterator[tuple[str, Word, tuple[tuple[Actor, Actor], ...]]]:
    subject, object_, second = _ends(frame)
    if slots[0] == "compound" and subject.type is ActorType.STATE:
        subject = ACRONYM  # what stands in full before an event noun may be whom it hits: "Iran-Sanktionen"
    between = slots[1] == "zwischen"
    theirs = (object_, second) if between else (object_,)
    base = _hosted(frame, fillers, deprel)
    if between and frame.relation.symmetric:
        yield "between", _own(base, slots[1], theirs), ((object_, second),)
        return
    part = "US" if subject is ACRONYM else ""
    pairs = tuple((subject, other) for other in theirs)
    ways = (True, False) if slots[0] == "gen" and "gen" not in frame.object else (slots[0] == "gen",)
    for before in ways:
        host = _own(base, slots[0], (subject,), before=before, part=part)
        phrase = _put(frame, host, slots[1], theirs, fillers)
        yield "genitive before" if before else "phrase", phrase, pairs
        if fillers and not {slots[1], slots[1].partition(".")[0]} & {*fillers, *_OWNING}:
            nested = next(iter(fillers))
            yield "in the other noun", _put(frame, host, f"{nested}.{slots[1]}", theirs, fillers), pairs
    if frame.act and slots[1] not in {*_OWNING, "zwischen"} and "." not in slots[1]:
        deed = noun(DEED, "nmod", genitive(object_), case=slots[1], form="Dat")
        yield "deed", _own(base, slots[0], (subject,), before=slots[0] == "gen").followed_by(deed), pairs


def _supported(frame: Frame, fillers: dict[str, str]) -> Iterator[Drawing]:
    """With a verb that lends it a subject: "führte Gespräche mit X", "führte mit X Gespräche"."""
    subject, object_, second = _ends(frame)
    for slot in frame.object:
        between = slot == "zwischen"
        if (between and frame.relation.symmetric) or not _together(frame, "durch", slot):
            continue
        theirs = (object_, second) if between else (object_,)
        pairs = tuple((subject, other) for other in theirs)
        phrase = _put(frame, _hosted(frame, fillers, "obj"), slot, theirs, fillers)
        yield Drawing(f"support verb, {slot}", verb("führen", phrase, subject=name(subject)), pairs)
        if slot not in _OWNING and "." not in slot:
            root = verb("führen", _names(theirs, "obl", slot), _hosted(frame, fillers, "obj"), subject=name(subject))
            yield Drawing(f"support verb with the phrase, {slot}", root, pairs)


# --- roles and adjectives ---------------------------------------------------------------------------------------------


def _role(frame: Frame) -> Iterator[Drawing]:
    bearer, other, second = _ends(frame)
    for slot in frame.object:
        if not _together(frame, "subj", slot):
            continue
        others = (other, second) if slot == "zwischen" else (other,)
        pairs = tuple((each, bearer) if frame.inverse else (bearer, each) for each in others)
        phrase = _own(noun(frame.lemma), slot, others)
        cop = Word("ist", "AUX", "cop", "sein", feats=_FINITE)
        predicate = replace(phrase, deprel="root", before=(name(bearer), cop, *phrase.before))
        yield Drawing(f"copula, {slot}", predicate, pairs)
        beside = name(bearer).followed_by(phrase.as_("appos"))
        yield Drawing(f"apposition, {slot}", verb(NEUTRAL_VERB, subject=beside), pairs)
        named = phrase.followed_by(name(bearer, "appos"))
        yield Drawing(f"named, {slot}", verb(NEUTRAL_VERB, subject=named), pairs)
        counted = behind("als", phrase.as_("obl"))
        yield Drawing(f"als, {slot}", verb("gelten", counted, subject=name(bearer)), pairs)


def _adjective(frame: Frame) -> Iterator[Drawing]:
    for slots in _slot_pairs(frame, frame.subject or ("subj",)):
        phrases, pairs = _fill(frame, {}, slots)
        where = f"{slots[0]}/{slots[1]}"
        subject = _argument("subj", phrases["subj"][0])
        rest = _arguments(phrases, "subj")
        cop = Word("ist", "AUX", "cop", "sein", feats=_FINITE)
        root = Word(frame.lemma, "ADJ", "root", frame.lemma, (subject, cop, *rest))
        yield Drawing(f"predicative, {where}", root, pairs)
        shown = verb("zeigen", *rest, Word(frame.lemma, "ADJ", "advmod", frame.lemma), subject=subject)
        yield Drawing(f"with a verb, {where}", shown, pairs)
        if _is_actor(phrases, "subj"):
            attribute = Word(frame.lemma, "ADJ", "amod", frame.lemma, tuple(rest))
            yield Drawing(f"attributive, {where}", verb(NEUTRAL_VERB, subject=subject.led_by(attribute)), pairs)
