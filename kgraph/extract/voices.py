"""Who goes on speaking from sentence to sentence: quotations, and chains of sentences in Konjunktiv I.

A sentence in Konjunktiv I that names nobody continues the last speaker; a sentence in the indicative ends the chain. A
quotation has the speaker named beside it, in whichever of its sentences, else in the sentence before or behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kgraph.extract.ends import Ends
from kgraph.extract.mood import Mood, is_plural, mood_of
from kgraph.extract.quotes import quoted_regions
from kgraph.extract.speech import Speech
from kgraph.extract.tree import Tree
from kgraph.model import ActorType, Article, Attribution, BlockKind, Quad

_POINTING = {"das", "dies", "so", "damit", "dieses"}
_HEADLINES = {BlockKind.TITLE, BlockKind.KICKER, BlockKind.HEADING}


@dataclass(frozen=True, slots=True)
class Voice:
    """What a sentence needs to know of those around it.

    `direct` gives the speaker of each token in direct speech (None: unknown); `last` is who spoke before and may still.
    """

    speech: Speech
    direct: Mapping[int, Attribution | None] = field(default_factory=dict)
    last: Attribution | None = None


def voices(article: Article, parts: Sequence[tuple[Tree, Ends]]) -> list[Voice]:
    """The voice of each sentence of an article, given its trees and ends in order."""
    regions = [_tokens_of(region, parts) for region in quoted_regions(article)]
    spoken = [tokens for tokens in regions if _is_clause(tokens, parts)]
    speeches = [
        Speech(tree, ends, frozenset(i for tokens in spoken for i in tokens.get(k, ())))
        for k, (tree, ends) in enumerate(parts)
    ]
    last = _last_speakers(speeches)
    direct: list[dict[int, Attribution | None]] = [{} for _ in parts]
    for tokens in spoken:
        speaker = _quoted_speaker(tokens, speeches, last)
        for k, inside in tokens.items():
            direct[k].update(dict.fromkeys(inside, speaker))
    return [Voice(speech, direct[k], last[k]) for k, speech in enumerate(speeches)]


def _tokens_of(region: tuple[int, int], parts: Sequence[tuple[Tree, Ends]]) -> dict[int, list[int]]:
    """The tokens in a stretch of text, by sentence."""
    start, end = region
    found: dict[int, list[int]] = {}
    for k, (tree, _) in enumerate(parts):
        if tree.sentence.start < end and start < tree.sentence.end:
            inside = [t.i for t in tree.tokens if start <= t.start and t.end <= end]
            if inside:
                found[k] = inside
    return found


def _is_clause(tokens: Mapping[int, Sequence[int]], parts: Sequence[tuple[Tree, Ends]]) -> bool:
    """True for what is said, false for names and single words in quotation marks."""
    return any(
        parts[k][0].tokens[i].feat("VerbForm") == "Fin" and len(inside) > 2
        for k, inside in tokens.items()
        for i in inside
    ) or any(len(inside) > 3 and len(inside) + 3 >= len(parts[k][0].tokens) for k, inside in tokens.items())


def _last_speakers(speeches: Sequence[Speech]) -> list[Attribution | None]:
    """For each sentence who spoke before it, or does in it where its own words only point back ("sagte er")."""
    found: list[Attribution | None] = []
    last: Attribution | None = None
    for speech in speeches:
        if speech.tree.sentence.block in _HEADLINES:
            found.append(None)
            continue
        found.append(last)
        own = speech.attribution(speech.own)
        if own is not None and not (own.actor is None and last is not None and _points_back(speech, own)):
            last = own
        elif own is None and not is_reported(speech.tree) and not _is_all_direct(speech):
            last = _candidate(speech) or last
    return found


def _candidate(speech: Speech) -> Attribution | None:
    """The subject of a sentence that may go on speaking: a person, or an actor that does something in words."""
    named = speech.attribution(speech.subject)
    if named is None or named.actor is None:
        return None
    root = next(t for t in speech.tree.tokens if t.head == t.i)
    frames = speech.tree.lexicon.verbs(root.lemma)
    in_words = any(frame.relation.quad is Quad.VERBAL_CONFLICT for frame in frames)
    objects = speech.tree.slots(root.i).get("obj", [])
    telling = root.lemma in speech.cues["denying_verbs"] or any(speech.says(speech.tree.tokens[i]) for i in objects)
    return named if named.actor.type is ActorType.PERSON or in_words or telling else None


def _points_back(speech: Speech, own: Attribution) -> bool:
    """True where the words for the speaker are only a title: "der Minister", "die Sprecherin"."""
    token = next((t for t in speech.tree.tokens if t.start == own.span.start), None)
    if token is None or token.upos != "NOUN" or own.span.text != token.form:
        return False
    titles = speech.tree.lexicon.cues["speaker_nouns"]
    definite = any(d.form.lower() in {"der", "die", "das", "dieser", "diese"} for d in speech.tree.kids(token.i, "det"))
    return definite and any(token.lemma.lower().endswith(word.lower()) for word in titles)


def _quoted_speaker(
    tokens: Mapping[int, Sequence[int]], speeches: Sequence[Speech], last: Sequence[Attribution | None]
) -> Attribution | None:
    """Who says a quotation: named in one of its sentences, behind it ("Das sagte X"), or before it."""
    for k in sorted(tokens, reverse=True):
        own = speeches[k].attribution(speeches[k].own)
        if own is not None:
            return last[k] if own.actor is None and last[k] and _points_back(speeches[k], own) else own
    first, final = min(tokens), max(tokens)
    if not _is_all_direct(speeches[first]):
        named = speeches[first].attribution(speeches[first].subject)
        if named is not None:
            return named
    if final + 1 < len(speeches) and _is_all_direct(speeches[final]):
        behind = speeches[final + 1]
        if _refers_to_words(behind):
            return behind.attribution(behind.own) or behind.attribution(behind.subject)
    return last[first]


def _refers_to_words(speech: Speech) -> bool:
    words = [t.form.lower() for t in speech.tree.tokens[:4]]
    return bool(words) and not speech.direct and (words[0] in _POINTING or "worten" in words)


def _is_all_direct(speech: Speech) -> bool:
    """True where nothing but punctuation stands outside the quotation marks."""
    return bool(speech.direct) and all(t.i in speech.direct for t in speech.tree.tokens if t.upos != "PUNCT")


def is_reported(tree: Tree) -> bool:
    """True for a sentence whose main clause is in Konjunktiv I, or in the Konjunktiv II that stands in for it."""
    root = next((t for t in tree.tokens if t.head == t.i), None)
    if root is None:
        return False
    mood, verb = mood_of(tree, root)
    return mood is Mood.REPORTED or (mood is Mood.EITHER and is_plural(verb))
