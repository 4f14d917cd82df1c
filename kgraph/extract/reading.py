"""What was found out about one word's relation: polarity, modality, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field

from kgraph.model import Attribution, Modality, Polarity

_RANK = (Modality.ACTUAL, Modality.ALLEGED, Modality.PLANNED, Modality.HYPOTHETICAL)


@dataclass(slots=True)
class Reading:
    """What was found on the way up; `speakers` are the tokens of who says so, `source` who spoke before the sentence.

    `undone` where a verb ends it, `failed` where one says that it came to nothing; `unsure` while a Konjunktiv II waits for a speaker that would make it a report.
    """

    negated: bool = False
    modality: Modality = Modality.ACTUAL
    reported: bool = False
    undone: bool = False
    failed: bool = False
    unsure: bool = False
    speakers: list[int] = field(default_factory=list)
    source: Attribution | None = None

    def at_least(self, modality: Modality) -> None:
        """Raise the modality, never lower it."""
        if _RANK.index(modality) > _RANK.index(self.modality):
            self.modality = modality

    def flip(self, really: bool = True) -> None:
        """Turn the polarity round, where `really`."""
        self.negated = self.negated != really

    def say(self, speakers: list[int]) -> None:
        """Note that it is reported, and by whom."""
        self.reported = True
        self.speakers.extend(speakers)

    @property
    def polarity(self) -> Polarity:
        """The polarity as the records have it."""
        return Polarity.NEGATED if self.negated else Polarity.AFFIRMED
