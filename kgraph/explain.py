"""Why a sentence gives the claims it gives: its tree, its mentions, and every frame whose word stands in it.

The frames are held against the words by the extractor itself; here it is only told what it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kgraph.extract import Extractor
from kgraph.extract.extractor import Step
from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Match, Trial
from kgraph.extract.standing import places, standing
from kgraph.interchange import claim_to_dict
from kgraph.lexicon import Frame
from kgraph.model import ActorType, Claim, Extraction, Mention, Relation, Sentence, Token, checked_confidence

_SHOWN = 3
_SAID_ELSEWHERE = "another match says the same or more"
_Outcomes = Mapping[Match, Claim | str]


@dataclass(frozen=True, slots=True)
class Place:
    """A slot where a frame looked for one of its ends ("subject" or "object"), and the words that stand in it."""

    end: str
    slot: str
    words: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ends that a frame found, and why they make no claim; `why` is empty where they make one."""

    subject: Mention
    object: Mention
    why: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A frame held against its word: where its ends were looked for, what was found, and what was missing.

    `places` is empty for a frame whose conditions were not met, and for demands that no frame expresses.
    """

    rule: str
    kind: str
    relation: Relation
    word: Token
    places: tuple[Place, ...] = ()
    pairs: tuple[Pair, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def fired(self) -> bool:
        """True where the frame found a pair of ends."""
        return bool(self.pairs)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence explained; `skipped` says why no claims were looked for in it, and is empty where they were."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    skipped: str
    attempts: tuple[Attempt, ...]
    claims: tuple[Claim, ...]


def explain(
    extraction: Extraction, extractor: Extractor | None = None, *, min_confidence: float = 0.0
) -> Iterator[Explanation]:
    """Explain each sentence of an extraction, in order; the extractor is that of the article's language if not given.

    Claims below `min_confidence` (0 to 1) are left out, and their pairs say so. Raises UsageError for another number.
    """
    least = checked_confidence(min_confidence)
    extractor = extractor or Extractor.load(extraction.article.lang)
    for step in extractor.steps(extraction.article, extraction.sentences, extraction.mentions):
        claims = tuple(claim for claim in step.claims if claim.confidence >= least)
        yield Explanation(step.sentence, step.mentions, step.skipped, tuple(_attempts(step, least)), claims)


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """The explanation for JSON; tokens are numbered from 1 as in CoNLL-U, and the root's head is 0."""
    sentence = explanation.sentence
    return {
        "doc": sentence.article_id,
        "sentence": {"start": sentence.start, "end": sentence.end, "text": sentence.text},
        "tokens": [dict(zip(_TOKEN, _token_row(token), strict=True)) for token in sentence.tokens],
        "mentions": [
            {
                "text": mention.text,
                "actor": mention.actor.label,
                "id": mention.actor.id,
                "type": mention.actor.type.value,
                "via": mention.via.value,
                "token": mention.token + 1,
            }
            for mention in explanation.mentions
        ],
        "skipped": explanation.skipped or None,
        "frames": [_attempt_dict(attempt) for attempt in explanation.attempts],
        "claims": [claim_to_dict(claim) for claim in explanation.claims],
    }


def as_lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as lines of text: the sentence, its tree, its mentions, its frames, its claims."""
    sentence = explanation.sentence
    yield f"{sentence.article_id}: {' '.join(sentence.text.split())}"
    yield from _columns(_token_row(token) for token in sentence.tokens)
    if explanation.mentions:
        yield "  mentions"
    for mention in explanation.mentions:
        yield f"    {mention.text} ({mention.token + 1}): {_actor(mention)}, {mention.via}"
    if explanation.skipped:
        yield f"  no claims: {explanation.skipped}"
    if explanation.attempts:
        yield "  frames"
    for attempt in explanation.attempts:
        yield from _attempt_lines(attempt)
    if explanation.claims:
        yield "  claims"
    for claim in explanation.claims:
        yield f"    {_claim_line(claim)}"


# --- what the extractor did -------------------------------------------------------------------------------------------


def _attempts(step: Step, min_confidence: float) -> Iterator[Attempt]:
    """The frames in the order of their words, then the matches that no frame alone made."""
    kept = set(step.claims)
    outcomes = {match: _outcome(said, kept, min_confidence) for match, said in step.found}
    seen: set[Match] = set()
    for trial in step.matcher.trials():
        seen.update(trial.matches)
        yield _attempt(step.matcher, trial, outcomes, step.skipped)
    for match in outcomes:
        if match not in seen:
            yield _of_match(match, outcomes)


def _outcome(said: Claim | str, kept: set[Claim], min_confidence: float) -> Claim | str:
    if isinstance(said, str):
        return said
    if said not in kept:
        return _SAID_ELSEWHERE
    return (
        said if said.confidence >= min_confidence else f"its confidence {said.confidence:g} is below {min_confidence:g}"
    )


def _attempt(matcher: Matcher, trial: Trial, outcomes: _Outcomes, skipped: str) -> Attempt:
    frame = trial.frame
    looked = () if trial.unmet or trial.rival else tuple(_places(matcher, trial))
    pairs = tuple(dict.fromkeys(_pair(match, outcomes, skipped) for match in trial.matches))
    missing = () if pairs else tuple(_missing(matcher, trial, looked))
    return Attempt(frame.rule, frame.kind, frame.relation, trial.token, looked, pairs, missing)


def _of_match(match: Match, outcomes: _Outcomes) -> Attempt:
    frame = match.frame
    return Attempt(frame.rule, frame.kind, frame.relation, match.trigger, pairs=(_pair(match, outcomes, ""),))


def _pair(match: Match, outcomes: _Outcomes, skipped: str) -> Pair:
    said = outcomes.get(match, skipped or _SAID_ELSEWHERE)
    return Pair(match.subject.mention, match.object.mention, said if isinstance(said, str) else "")


def _places(matcher: Matcher, trial: Trial) -> Iterator[Place]:
    tokens = matcher.tree.tokens
    for end, slots in zip(("subject", "object"), places(trial), strict=True):
        for slot in slots:
            yield Place(end, slot, tuple(tokens[i] for i in standing(matcher, trial, slot)))


# --- what was missing -------------------------------------------------------------------------------------------------


def _missing(matcher: Matcher, trial: Trial, looked: Iterable[Place]) -> Iterator[str]:
    frame = trial.frame
    if trial.unmet:
        yield f"needs {_conditions(frame, trial.unmet)}"
        return
    if trial.rival is not None:
        yield f"outdone by the frame with {_conditions(trial.rival)} ({trial.rival.relation})"
        return
    reasons: list[str] = []
    for end, found, types in (
        ("subject", trial.subjects, frame.subject_types),
        ("object", trial.objects, frame.object_types),
    ):
        if not found:
            reasons += _lacking(matcher, frame, [place for place in looked if place.end == end], types)
    yield from reasons or ["its ends make no pair"]


def _conditions(frame: Frame, slots: Iterable[str] | None = None) -> str:
    """The conditions of a frame, or those of the given slots, as its entry has them."""
    asked = dict(frame.asked)
    wanted = list(slots) if slots is not None else [*(["refl"] if frame.reflexive else []), *asked]
    return " and ".join("sich" if slot == "refl" else f"{slot} = {_list(asked[slot])}" for slot in wanted)


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(words[:_SHOWN]) + (", …" if len(words) > _SHOWN else "")


def _lacking(matcher: Matcher, frame: Frame, looked: list[Place], types: frozenset[ActorType]) -> list[str]:
    filled = [(place, word) for place in looked for word in place.words]
    if filled:
        return [_refusal(matcher, frame, place, word, types) for place, word in filled]
    return [f"no {looked[0].end}: {', '.join(place.slot for place in looked)} held nothing"]


def _refusal(matcher: Matcher, frame: Frame, place: Place, word: Token, types: frozenset[ActorType]) -> str:
    """Why a word in a slot is no end: nobody's, the wrong class, or an act where an actor is asked for."""
    where = f"{place.end} in slot {place.slot}"
    resolved = [end.mention for end in matcher.ends.resolve(word.i, act=frame.act)]
    named = matcher.ends.parts(word.i) if place.slot.endswith("compound") else resolved
    if named:
        who = ", ".join(_actor(mention) for mention in named)
        if types and not any(mention.actor.type in types for mention in named):
            return f"{where} is {who}: needs {' or '.join(sorted(types))}"
        if all(mention.actor.type is ActorType.CONFLICT for mention in named):
            return f"{where} is {who}: {frame.relation} takes no conflict"
        return f"{where} is {who}: does not count here"
    if matcher.ends.resolve(word.i, act=True):
        return f"{where} is an act and no actor: {word.form!r}"
    return f"{where} is no actor: {word.form!r}"


# --- as text and as JSON ----------------------------------------------------------------------------------------------

_TOKEN = ("i", "form", "lemma", "upos", "deprel", "head")


def _token_row(token: Token) -> tuple[int, str, str, str, str, int]:
    head = 0 if token.head == token.i else token.head + 1
    return (token.i + 1, token.form, token.lemma, token.upos, token.deprel, head)


def _columns(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for number, *words in cells:
        padded = (word.ljust(width) for word, width in zip(words, widths[1:], strict=True))
        yield f"  {number.rjust(widths[0])}  {'  '.join(padded)}".rstrip()


def _attempt_lines(attempt: Attempt) -> Iterator[str]:
    mark = "+" if attempt.fired else "-"
    yield f"    {mark} {attempt.word.form} ({attempt.word.i + 1}): {attempt.relation}, {attempt.rule}"
    for end in ("subject", "object"):
        looked = [f"{place.slot}{_held(place)}" for place in attempt.places if place.end == end]
        if looked:
            yield f"        {end} in {', '.join(looked)}"
    for pair in attempt.pairs:
        left_out = f"; left out: {pair.why}" if pair.why else ""
        yield f"        {pair.subject.actor.label} {attempt.relation} {pair.object.actor.label}{left_out}"
    for reason in attempt.missing:
        yield f"        {reason}"


def _held(place: Place) -> str:
    return f" ({', '.join(word.form for word in place.words)})" if place.words else ""


def _attempt_dict(attempt: Attempt) -> dict[str, Any]:
    return {
        "rule": attempt.rule,
        "kind": attempt.kind,
        "relation": attempt.relation.value,
        "word": attempt.word.form,
        "token": attempt.word.i + 1,
        "fired": attempt.fired,
        "places": [
            {"end": place.end, "slot": place.slot, "tokens": [word.i + 1 for word in place.words]}
            for place in attempt.places
        ],
        "pairs": [
            {"subject": pair.subject.actor.label, "object": pair.object.actor.label, "left_out": pair.why or None}
            for pair in attempt.pairs
        ],
        "missing": list(attempt.missing),
    }


def _claim_line(claim: Claim) -> str:
    said = [claim.polarity.value, claim.modality.value]
    if claim.attribution is not None:
        who = claim.attribution.actor.label if claim.attribution.actor else claim.attribution.span.text
        said.append(f"said by {who}")
    if claim.when is not None:
        days = f"{claim.when.start}" + (f" to {claim.when.end}" if claim.when.end != claim.when.start else "")
        said.append(f"{days} ({claim.when.origin})")
    ends = f"{claim.subject.actor.label} {claim.relation} {claim.object.actor.label}"
    return f"{ends}: {', '.join(said)}; {claim.rule}, {claim.confidence:.2f}"


def _actor(mention: Mention) -> str:
    return f"{mention.actor.label} ({mention.actor.type})"
