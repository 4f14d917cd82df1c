"""Pairs of ends: what a frame that fired becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extract.ends import End
from kgraph.lexicon import Frame
from kgraph.model import ActorType, Relation, Token

LAND = frozenset({Relation.OCCUPIES, Relation.WITHDRAWS_FROM, Relation.MOBILIZES})  # may name an end by its territory
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


def pairs(
    frame: Frame, token: Token, subjects: list[End], objects: list[End], fillers: tuple[int, ...] = ()
) -> Iterator[Match]:
    """Every subject with every object; several subjects among themselves where a symmetric frame has no object."""
    if frame.relation.symmetric and not objects and len(subjects) > 1:
        yield from all_pairs(frame, token, subjects)
    for subject in subjects:
        for object_ in objects:
            yield Match(frame, token, subject, object_, fillers)


def all_pairs(frame: Frame, token: Token, ends: list[End]) -> Iterator[Match]:
    """Every end with every other."""
    for k, first in enumerate(ends):
        for second in ends[k + 1 :]:
            yield Match(frame, token, first, second)


def allowed(frame: Frame, ends: list[End], types: frozenset[ActorType]) -> list[End]:
    """The ends of the types a frame asks for; conflicts only where the relation can have one."""
    return [
        end
        for end in ends
        if (not types or end.mention.actor.type in types)
        and (end.mention.actor.type is not ActorType.CONFLICT or frame.relation in _CONFLICT_RELATIONS)
    ]
