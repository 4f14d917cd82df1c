"""Sentences and mentions -> claims: matches become claims, read in their scope, dated, weighed and made unique."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kgraph.extract.accession import accessions
from kgraph.extract.charges import charged
from kgraph.extract.company import backing, beside, including, likewise, strengthening, together
from kgraph.extract.confidence import Confidence
from kgraph.extract.judged import judged
from kgraph.extract.match import Matcher
from kgraph.extract.orders import told_to, urged
from kgraph.extract.pairs import Match
from kgraph.extract.scope import Reading, Scope
from kgraph.extract.taken_up import TakenUp
from kgraph.extract.tree import Tree
from kgraph.extract.untangle import untangled
from kgraph.extract.voices import Voice, voices
from kgraph.extract.when import date_of
from kgraph.lexicon import Lexicon, load_lexicon, matches
from kgraph.model import (
    ActorType,
    Article,
    Claim,
    DateOrigin,
    Mention,
    Modality,
    Polarity,
    Quad,
    Relation,
    Sentence,
    Span,
    Via,
    When,
)

_OVERRULES = {
    Relation.KILLS: Relation.ATTACKS,
    Relation.SUPPLIES_ARMS: Relation.AIDS,
    Relation.OCCUPIES: Relation.ATTACKS,
}
_LASTING = {Quad.MATERIAL_CONFLICT, Quad.VERBAL_CONFLICT}  # to end a war or a quarrel is to say that there was one
_TALKS = {Relation.NEGOTIATES_WITH, Relation.MEDIATES, Relation.MEETS}
_UNDOING = {Relation.CONCEDES, Relation.WITHDRAWS_FROM}
_SCORE = re.compile(r"(?<!um )(?<!gegen )(?<!ab )(?<!bis )\b\d{1,3}:\d{1,3}\b(?! Uhr)")  # 3:1
_KIND = {"verb": 0.9, "noun": 0.85, "role": 0.9, "adjective": 0.85}
_DOUBT = {Via.PRONOUN: 0.8, Via.DESCRIPTION: 0.75}
_WITHIN = {Relation.MEETS, Relation.ALLY, Relation.PARTNER, Relation.AGREES_WITH, Relation.NEGOTIATES_WITH, Relation.MEMBER_OF,
           Relation.COOPERATES_WITH, Relation.AT_WAR_WITH, Relation.HOSTS, Relation.ATTACKS, Relation.OCCUPIES}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one sentence: each match with its claim or with why it has none, and the claims that stayed.

    `skipped` says why no matches were looked for; it is empty where they were.
    """

    sentence: Sentence
    mentions: tuple[Mention, ...]
    matcher: Matcher
    skipped: str
    found: tuple[tuple[Match, Claim | str], ...]
    claims: tuple[Claim, ...]


class Extractor:
    """Finds the claims of an article."""

    def __init__(self, lexicon: Lexicon, confidence: Confidence | None = None) -> None:
        self.lexicon = lexicon
        self.confidence = confidence or Confidence.load(lexicon.lang)

    @classmethod
    def load(cls, lang: str = "de") -> Extractor:
        """An extractor with the lexicon of a language. Raises DataError where the lexicon is faulty."""
        return cls(load_lexicon(lang))

    def extract(
        self, article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention]
    ) -> tuple[Claim, ...]:
        """All claims of the article, in the order of the text."""
        claims = (claim for step in self.steps(article, sentences, mentions) for claim in step.claims)
        return tuple(sorted(claims, key=_order))

    def steps(self, article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[Step]:
        """What becomes of each sentence, in order."""
        by_sentence: dict[int, list[Mention]] = {}
        for mention in mentions:
            by_sentence.setdefault(mention.sentence, []).append(mention)
        offices: set[str] = set()
        sentences = [untangled(sentence, by_sentence.get(sentence.index, ())) for sentence in sentences]
        matchers = [
            Matcher(Tree(sentence, self.lexicon), by_sentence.get(sentence.index, []), self.lexicon)
            for sentence in sentences
        ]
        heard = voices(article, [(matcher.tree, matcher.ends) for matcher in matchers])
        before: Matcher | None = None
        claims: tuple[Claim, ...] = ()
        for sentence, matcher, voice in zip(sentences, matchers, heard, strict=True):
            taken_up = TakenUp(matcher, before, claims)
            matcher.ends.taken_up = taken_up
            named = tuple(by_sentence.get(sentence.index, []))
            offices_held = self._officials(article, sentence, named, offices)
            skipped = self._skipped(sentence, len(named) + taken_up.any())
            found = () if skipped else tuple(self._relations(article, sentence, matcher, voice))
            relations = _unique([(_rank(match), claim) for match, claim in found if isinstance(claim, Claim)])
            before, claims = matcher, tuple(relations)
            yield Step(sentence, named, matcher, skipped, found, (*offices_held, *relations))

    def _officials(
        self, article: Article, sentence: Sentence, mentions: Iterable[Mention], seen: set[str]
    ) -> Iterator[Claim]:
        """One officialOf per person and article, where name and office first stand together."""
        for mention in mentions:
            role = mention.role
            if role is None or role.former or mention.actor.id in seen or mention.actor.type is not ActorType.PERSON:
                continue  # "Ex-Präsident" says that the office is over
            seen.add(mention.actor.id)
            yield Claim(
                article_id=article.id,
                sentence=Span(sentence.start, sentence.end, sentence.text),
                relation=Relation.OFFICIAL_OF,
                trigger=role.title,
                rule=f"{self.lexicon.lang}/office",
                subject=mention,
                object=role.of,
                when=When(article.published, article.published, DateOrigin.PUBLISHED) if article.published else None,
                confidence=self.confidence.of_office(),
            )

    def _skipped(self, sentence: Sentence, mentions: int) -> str:
        if mentions < 2:
            return "fewer than two mentions"
        return "a sentence about sport or fiction" if self._is_sport(sentence) else ""

    def _is_sport(self, sentence: Sentence) -> bool:
        """True where states are teams, or play a part in a novel or a game."""
        teams = self.lexicon.noun_cues("sport_words") | self.lexicon.noun_cues("fiction_words")
        nouns = [token for token in sentence.tokens if token.upos in {"NOUN", "PROPN"}]
        if _SCORE.search(sentence.text) or any(matches(token.lemma, teams) for token in nouns):
            return True
        staged = self.lexicon.noun_cues("staged_words")  # "In der Simulation greift A an"; but: "kritisiert den Film"
        inside = {token.head for token in sentence.tokens if token.form.lower() in {"in", "im"} and token.upos == "ADP"}
        return any(token.i in inside and matches(token.lemma, staged) for token in nouns)

    def _relations(
        self, article: Article, sentence: Sentence, matcher: Matcher, voice: Voice
    ) -> Iterator[tuple[Match, Claim | str]]:
        """Every match with its claim, or with why it makes none."""
        scope = Scope(matcher.tree, matcher.ends, voice)
        found = [
            *matcher.matches(),
            *together(matcher),
            *backing(matcher),
            *strengthening(matcher),
            *accessions(matcher),
        ]
        found += [*including(matcher, found), *beside(matcher, found), *likewise(matcher, found)]
        undone = {k for match in found if match.frame.relation in _UNDOING for k in match.fillers}
        for match in found:
            objection = _objection(match)
            if not objection and match.frame.kind == "noun" and match.trigger.i in undone:
                objection = "the verb takes it back"  # "hebt die Sanktionen auf": they are not imposed
            yield match, objection or self._claim(article, sentence, match, _reading(match, matcher, scope), scope)
        spoken = (*told_to(matcher, scope), *urged(matcher), *charged(matcher, scope), *judged(matcher, scope))
        for match in spoken:
            yield match, _objection(match) or self._claim(article, sentence, match, Reading(), scope)

    def _claim(self, article: Article, sentence: Sentence, match: Match, reading: Reading, scope: Scope) -> Claim:
        frame, trigger = match.frame, match.trigger
        attribution = scope.attribution(reading)
        undone = reading.undone and frame.kind == "noun" and frame.relation.quad not in _LASTING
        negated = (reading.negated or undone) != (frame.polarity is Polarity.NEGATED)
        if reading.failed and frame.relation in _TALKS:
            negated = not negated  # talks that failed were held
        relation = frame.relation
        if negated and frame.negated is not None:  # "erkennt … nicht an" is a deed of its own
            relation, negated = frame.negated, False
        modality = _modality(match, reading, own=scope.is_own(reading, match))
        claim = Claim(
            article_id=article.id,
            sentence=Span(sentence.start, sentence.end, sentence.text),
            relation=relation,
            trigger=Span(trigger.start, trigger.end, trigger.form),
            rule=frame.rule,
            subject=match.subject.mention,
            object=match.object.mention,
            polarity=Polarity.NEGATED if negated else Polarity.AFFIRMED,
            modality=modality,
            attribution=attribution,
            when=date_of(
                sentence,
                trigger.start,
                article.published,
                ahead=modality is Modality.PLANNED,
                saying=self.lexicon.cues["reporting_verbs"],
            ),
        )
        return replace(claim, confidence=self.confidence.of(match, claim))


def _modality(match: Match, reading: Reading, *, own: bool) -> Modality:
    """A frame's own modality comes first; what is reported is alleged, unless the speaker tells of its own side."""
    modality = reading.modality
    if match.frame.modality is not None and modality in {Modality.ACTUAL, Modality.ALLEGED}:
        return match.frame.modality
    if modality is not Modality.ACTUAL or not reading.reported:
        return modality
    return Modality.ACTUAL if own else Modality.ALLEGED


def _reading(match: Match, matcher: Matcher, scope: Scope) -> Reading:
    """The reading of a match; a role that is not predicated ("seinen Verbündeten Belarus schützen") is a plain fact."""
    if match.frame.kind == "role" and not matcher.roles.is_predicate(match.trigger):
        return Reading()
    reading = scope.of(match)
    objects = {t.i for t in matcher.tree.kids(match.trigger.i, "obj", "nsubj")}
    denied = (k for k in match.fillers if k not in objects)
    if any(d.form.lower().startswith("kein") for k in denied for d in matcher.tree.kids(k, "det")):
        return replace(reading, negated=not reading.negated)  # "kam mit X zu keiner Einigung"
    return reading


def _objection(match: Match) -> str:
    """What speaks against an actor with itself, or a state with its own people in a relation between states."""
    subject, object_ = match.subject.mention, match.object.mention
    if subject.actor.id == object_.actor.id:
        return "both ends are the same actor"
    same_country = subject.actor.country is not None and subject.actor.country == object_.actor.country
    kinds = {end.actor.type for end in (subject, object_)}
    within = match.frame.relation in _WITHIN or (match.frame.relation is Relation.RIVAL and match.frame.kind == "noun")
    if same_country and within and kinds == {ActorType.PERSON, ActorType.STATE}:
        return "a state and one of its own people"
    return ""


def _order(claim: Claim) -> tuple[int, int, int, str, str, str]:
    subject, object_ = claim.subject, claim.object
    return (claim.trigger.start, subject.start, object_.start, claim.relation, subject.actor.id, object_.actor.id)


def _rank(match: Match) -> float:
    """Which of two ways to the same claim is the better: verbs say more than nouns, names more than pronouns."""
    factors = (_DOUBT.get(end.mention.via, 1.0) for end in (match.subject, match.object))
    return math.prod(factors) * match.weight * _KIND[match.frame.kind]


def _unique(ranked: Sequence[tuple[float, Claim]]) -> list[Claim]:
    """One claim per subject, relation, object and polarity of a sentence; the specific relation beats the general."""
    best: dict[tuple[str, str, str, str], tuple[float, Claim]] = {}
    for rank, claim in ranked:
        ends = [claim.subject.actor.id, claim.object.actor.id]
        if claim.relation.symmetric:
            ends.sort()
        key = (ends[0], claim.relation.value, ends[1], claim.polarity.value)
        known = best.get(key)
        if known is None or (rank, -claim.trigger.start) > (known[0], -known[1].trigger.start):
            best[key] = (rank, claim)
    specific = {
        (c.subject.actor.id, _OVERRULES[c.relation], c.object.actor.id)
        for _, c in best.values()
        if c.relation in _OVERRULES
    }
    return [c for _, c in best.values() if (c.subject.actor.id, c.relation, c.object.actor.id) not in specific]
