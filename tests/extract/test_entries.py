"""Every entry of the lexicon finds its relation, the right way round, in sentences drawn from its slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from entry_slots import NEUTRAL_NOUN, NEUTRAL_VERB
from entry_trees import DEED, Drawing, drawings
from trees import Drawn, draw

from kgraph.extract import Extractor
from kgraph.extract.match import Matcher
from kgraph.extract.tree import Tree
from kgraph.lexicon import Frame, load_lexicon
from kgraph.model import Actor, Polarity, Relation

LEXICON = load_lexicon("de")
READ_WHOLE = ("active", "negated", "wanted", "phrase", "copula", "predicative")
Ends = tuple[str, str]


def entries() -> Iterator[tuple[str, Frame, Frame]]:
    """Each frame with a name of its own, and the frame to draw it from: an `also` needs its entry's conditions too."""
    seen: Counter[str] = Counter()
    for frame in LEXICON:
        seen[frame.rule] += 1
        name = frame.rule if seen[frame.rule] == 1 else f"{frame.rule}-{seen[frame.rule]}"
        yield name, frame, frame
        for number, extra in enumerate(frame.also, 1):
            needs = dict(frame.needs)
            for slot, listed in extra.needs:
                needs[slot] = needs.get(slot, listed) & listed
            asked = (*extra.asked, *frame.asked)
            reflexive = frame.reflexive or extra.reflexive
            yield (
                f"{name}+{number}",
                extra,
                replace(extra, needs=tuple(needs.items()), asked=asked, reflexive=reflexive),
            )


ENTRIES = list(entries())


def ends(relation: Relation, subject: Actor, object_: Actor) -> Ends:
    """The pair of labels; where the relation is symmetric, in one order."""
    first, second = subject.label, object_.label
    return (second, first) if relation.symmetric and second < first else (first, second)


def misses(frame: Frame, drawing: Drawing, drawn: Drawn) -> str | None:
    """What is wrong with the pairs that the frame finds, or None."""
    wanted = {ends(frame.relation, subject, object_) for subject, object_ in drawing.pairs}
    matcher = Matcher(Tree(drawn.sentences[0], LEXICON), drawn.mentions, LEXICON)
    matches = (match for match in matcher.matches() if match.frame is frame)
    found = {ends(frame.relation, match.subject.mention.actor, match.object.mention.actor) for match in matches}
    turned = {(second, first) for first, second in wanted} & found
    if wanted <= found and not turned and bool(wanted) == bool(found):
        return None
    return f"{drawing.what}: {drawn.article.text!r} gives {sorted(found)}, not {sorted(wanted)}"


def misread(extractor: Extractor, frame: Frame, drawing: Drawing, drawn: Drawn) -> str | None:
    """What is wrong with the claims that are made of it, or None."""
    claims = extractor.extract(drawn.article, drawn.sentences, drawn.mentions)
    found = {
        (ends(claim.relation, claim.subject.actor, claim.object.actor), claim.relation, claim.polarity, claim.modality)
        for claim in claims
    }
    relation, polarity = frame.relation, drawing.polarity(frame)
    if polarity is Polarity.NEGATED and frame.negated is not None:
        relation, polarity = frame.negated, Polarity.AFFIRMED
    said = (relation, polarity, drawing.modality(frame))
    wanted = {(ends(relation, subject, object_), *said) for subject, object_ in drawing.pairs}
    if wanted <= found:
        return None
    return f"{drawing.what}: {drawn.article.text!r} says {sorted(found)}, not {sorted(wanted)}"


def faults(extractor: Extractor, frame: Frame, drawn_from: Frame) -> Iterator[str | None]:
    """One for each sentence, None where all is as it should be; of each kind of sentence the first is read whole."""
    whole: set[str] = set()
    written = dict(reversed(drawn_from.asked))
    plain = {slot: written[slot][0] for slot, _ in drawn_from.needs}
    for drawing in drawings(drawn_from, plain):
        drawn = draw(drawing.root)
        yield misses(frame, drawing, drawn)
        way = next((way for way in READ_WHOLE if drawing.what.startswith(way)), None)
        if way and way not in whole:
            whole.add(way)
            yield misread(extractor, frame, drawing, drawn)
    for slot in plain:
        for word in written[slot]:
            drawing = next(drawings(drawn_from, {**plain, slot: word}))
            yield misses(frame, drawing, draw(drawing.root))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(LEXICON)


@pytest.mark.parametrize(("frame", "drawn_from"), [entry[1:] for entry in ENTRIES], ids=[entry[0] for entry in ENTRIES])
def test_entry(extractor: Extractor, frame: Frame, drawn_from: Frame) -> None:
    found = list(faults(extractor, frame, drawn_from))
    assert found, "no sentence can be drawn for it"
    assert not [fault for fault in found if fault]


def test_the_words_around_an_entry_say_nothing_themselves() -> None:
    assert not LEXICON.verbs(NEUTRAL_VERB)
    assert not LEXICON.nouns(NEUTRAL_NOUN)
    assert not LEXICON.roles(NEUTRAL_NOUN)
    assert {frame.relation for frame in LEXICON.nouns(DEED)} == {Relation.ATTACKS}
