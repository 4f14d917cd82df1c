"""Frames held against words, and the pairs of ends that those which fit become."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kgraph.extract.ends import End
from kgraph.lexicon import Frame
from kgraph.model import ActorType, Relation, Token

_POSSESSIVES = ("ihr", "sein")
_RECEIVING = {"empfangen", "einladen"}
_CONFLICT_RELATIONS = {Relation.MEDIATES, Relation.SUPPORTS, Relation.REJECTS, Relation.CRITICIZES}


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fired: its word, one pair of ends, and the tokens that its conditions asked for."""

    frame: Frame
    trigger: Token
    subject: End
    object: End
    fillers: tuple[int, ...] = ()

    @property
    def weight(self) -> float:
        """How sure the ways to both ends were."""
        return self.subject.weight * self.object.weight


@dataclass(frozen=True, slots=True)
class Trial:
    """A frame held against a word: the ends and matches that it gave, or what kept it from being tried.

    `unmet` are the slots of its `with` (and "refl") that nothing fits, `rival` is the more special frame that has the
    word instead. Ends are only looked for where nothing kept it.
    """

    frame: Frame
    token: Token
    subjects: tuple[End, ...] = ()
    objects: tuple[End, ...] = ()
    matches: tuple[Match, ...] = ()
    unmet: tuple[str, ...] = ()
    rival: Frame | None = None


def trials(
    token: Token,
    frames: Iterable[Frame],
    unmet: Callable[[Frame], tuple[str, ...]],
    attempt: Callable[[Frame], Trial],
) -> Iterator[Trial]:
    """Hold the frames of a word against it, each with its `also`.

    Of the frames whose conditions are met the more special has the word; one with other object slots may say something
    beside it.
    """
    checked = [(frame, unmet(frame)) for frame in frames]
    fitting = [frame for frame, missing in checked if not missing]
    for frame, missing in checked:
        rivals = (other for other in fitting if _conditions(other) > _conditions(frame))
        rival = next((other for other in rivals if _outer(other) & _outer(frame)), None)
        if missing or rival is not None:
            yield Trial(frame, token, unmet=missing, rival=None if missing else rival)
            continue
        yield attempt(frame)
        for extra in frame.also:
            missing = unmet(extra)
            yield Trial(extra, token, unmet=missing) if missing else attempt(extra)


def _outer(frame: Frame) -> set[str]:
    """The slots of the word itself that a frame looks into for its object."""
    return {slot.partition(".")[0] for slot in frame.object}


def _conditions(frame: Frame) -> int:
    return len(frame.needs) + frame.reflexive


def unlisted(lang: str, lemma: str, relation: Relation) -> Frame:
    """The frame of a construction that no entry of the lexicon stands behind, so that its claims name a rule, too."""
    return Frame("verb", lemma, relation, ("subj",), ("subj",), rule=f"{lang}/{lemma}.verb")


def pairs(
    frame: Frame, token: Token, subjects: list[End], objects: list[End], fillers: tuple[int, ...] = ()
) -> Iterator[Match]:
    """Every subject with every object; several subjects among themselves where a symmetric frame has no object.

    "A und B fordern ihre Bürger auf": what belongs to the subjects themselves is no object.
    """
    own = [end for end in objects if end.mention.text.lower().startswith(_POSSESSIVES)]
    if own and {end.mention.actor.id for end in own} == {end.mention.actor.id for end in subjects}:
        objects = [end for end in objects if end not in own]
    if frame.relation.symmetric and not objects and len(subjects) > 1:
        yield from all_pairs(frame, token, subjects)
    for subject in subjects:
        for object_ in objects:
            yield Match(frame, token, subject, object_, fillers)


def all_pairs(frame: Frame, token: Token, ends: Sequence[End]) -> Iterator[Match]:
    """Every end with every other."""
    for k, first in enumerate(ends):
        for second in ends[k + 1 :]:
            yield Match(frame, token, first, second)


def allowed(frame: Frame, ends: list[End], types: frozenset[ActorType]) -> list[End]:
    """The ends of the types a frame asks for; conflicts only where the relation can have one.

    Who holds an office is a person, too, also where only the state is known.
    """
    return [
        end
        for end in ends
        if (not types or end.mention.actor.type in types or (end.holder and _meets(frame)))
        and (end.mention.actor.type is not ActorType.CONFLICT or frame.relation in _CONFLICT_RELATIONS)
    ]


def _meets(frame: Frame) -> bool:
    """True where persons are asked for, but for verbs that have states receive each other."""
    types = frame.subject_types | frame.object_types
    return ActorType.PERSON in types and frame.lemma not in _RECEIVING
