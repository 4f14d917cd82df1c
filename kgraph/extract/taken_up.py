"""Acts that a noun takes up: "Der Iran griff Israel an. Frankreich verurteilte den Angriff" criticises the Iran."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kgraph.extract.ends import End, same_side
from kgraph.extract.match import Matcher
from kgraph.extract.tree import VERBAL
from kgraph.lexicon import matches
from kgraph.model import ActorType, Claim, Polarity, Quad, Relation, Token, Via

_DOUBT = 0.8
_TAKING = {Relation.CRITICIZES, Relation.SUPPORTS, Relation.REJECTS}
_DEFINITE = {"der", "die", "das", "den", "dem", "diese", "diesen", "dieser", "dieses", "diesem"}
_CHARGES = {Relation.ACCUSES, Relation.CRITICIZES}


class TakenUp:
    """Finds whose act a definite noun names again: an earlier clause of the sentence tells, or the sentence before."""

    def __init__(self, matcher: Matcher, before: Matcher | None, claims: Sequence[Claim]) -> None:
        self.matcher = matcher
        self.before = before
        self.claims = claims
        lexicon = matcher.lexicon
        self._proposals = lexicon.noun_cues("proposal_nouns")
        self._deeds = lexicon.noun_cues("deed_nouns") | self._proposals

    def __call__(self, i: int, of: Relation | None) -> list[End]:
        """The agent of the act that a token names again, as the object of a relation; empty where none is certain."""
        token = self.matcher.tree.tokens[i]
        if of not in _TAKING:
            return []
        if token.upos == "PRON" and token.form.lower() == "was":
            return self._as(i, self._agents_above(i), of)
        if token.upos != "NOUN" or not self._is_bare(i):
            return []
        relations = {frame.relation for frame in self.matcher.lexicon.nouns(token.lemma) if not frame.needs}
        if of is Relation.REJECTS and relations & _CHARGES:
            return []  # who denies a charge turns down nothing
        if not relations and not matches(token.lemma, self._proposals if of is Relation.REJECTS else self._deeds):
            return []
        return self._as(i, self._agents_here(i, relations) or self._agents_before(token, relations, of), of)

    def any(self) -> bool:
        """True where the sentence has a noun that may name again what the one before tells."""
        tokens = self.matcher.tree.tokens if self.before is not None else ()
        return any(token.upos == "NOUN" and self._names_act(token) and self._is_bare(token.i) for token in tokens)

    def _names_act(self, token: Token) -> bool:
        return bool(self.matcher.lexicon.nouns(token.lemma)) or matches(token.lemma, self._deeds)

    def _is_bare(self, i: int) -> bool:
        """True for a definite noun without anything that says whose it is."""
        tree = self.matcher.tree
        if not any(d.form.lower() in _DEFINITE for d in tree.kids(i, "det")) or tree.kids(i, "acl", "appos", "flat"):
            return False
        made = [
            c for c in tree.kids(i, "amod") for c in tree.kids(c.i, "obl", "nmod")
        ]  # "das von Rom erlassene Gesetz"
        return all(tree.case(child.i) not in {"", "von", "durch", "aus"} for child in (*tree.kids(i, "nmod"), *made))

    def _agents_above(self, i: int) -> list[End]:
        """Who does what the clause before "…, was Peking verurteilte" says."""
        verbs = [token for token in self.matcher.tree.ancestors(i) if token.upos in VERBAL]
        return self._doers(self.matcher, verbs[1]) if len(verbs) > 1 else []

    def _agents_here(self, i: int, relations: set[Relation]) -> list[End]:
        """Who does it in a clause before that this one is coordinated with or has as its own."""
        tree = self.matcher.tree
        verb = next((token for token in tree.ancestors(i) if token.upos in VERBAL), None)
        if verb is None:
            return []
        near = [tree.tokens[verb.head]] if verb.deprel == "conj" else []
        near += tree.kids(verb.i, "advcl")
        clauses = [t for t in near if t.upos in VERBAL and t.i < i]
        found = [(t, self._doers(self.matcher, t)) for t in clauses if not relations or self._says(t, relations)]
        return next((ends for _, ends in found if ends), [])

    def _says(self, verb: Token, relations: set[Relation]) -> bool:
        return any(_alike(frame.relation, relations) for frame in self.matcher.lexicon.verbs(verb.lemma))

    def _agents_before(self, token: Token, relations: set[Relation], of: Relation) -> list[End]:
        """Who does it in the sentence before: by its claims, for a noun of any deed by its subject."""
        if self.before is None:
            return []
        if not relations:
            root = next((t for t in self.before.tree.tokens if t.head == t.i and t.upos in VERBAL), None)
            return self._doers(self.before, root) if root is not None and self._may_be(token, root) else []
        told = [c for c in self.claims if _alike(c.relation, relations) and c.polarity is Polarity.AFFIRMED]
        if of is Relation.REJECTS:  # who was asked refuses
            return [End(claim.subject) for claim in told if claim.relation is Relation.DEMANDS]
        return [End(claim.subject) for claim in told if not claim.relation.symmetric]

    def _may_be(self, deed: Token, verb: Token) -> bool:
        """True where what a verb says may be the deed: words are for what was said, a law for one told of before."""
        lexicon = self.matcher.lexicon
        laws = {key for key in lexicon.noun_cues("law_nouns") if matches(deed.lemma, frozenset({key}))}
        if laws:
            before = self.before.tree.tokens if self.before is not None else ()
            return any(matches(token.lemma, frozenset(laws)) for token in before if token.upos == "NOUN")
        said = lexicon.cue("reporting_verbs", verb.lemma) and not lexicon.cue("planned_verbs", verb.lemma)
        said = said and not lexicon.cue("announcing_verbs", verb.lemma)
        return not said or matches(deed.lemma, lexicon.noun_cues("spoken_nouns"))

    def _doers(self, matcher: Matcher, verb: Token) -> list[End]:
        ends = [end for k in matcher.tree.slots(verb.i).get("subj", []) for end in matcher.ends.resolve(k, act=False)]
        return [end for end in ends if end.weight == 1 or end.mention.via is not Via.PRONOUN]

    def _as(self, i: int, ends: Iterable[End], of: Relation) -> list[End]:
        """The one agent with the words of this sentence; none where they are several or whoever speaks here."""
        agents = {end.mention.actor.id: end for end in ends if end.mention.actor.type is not ActorType.CONFLICT}
        if len(agents) != 1:
            return []
        end = next(iter(agents.values()))
        if any(same_side(end, own) for own in self._speaking(i)):
            return []
        token = self.matcher.tree.tokens[i]
        mention = replace(
            end.mention,
            via=Via.DESCRIPTION,
            sentence=self.matcher.tree.sentence.index,
            token=i,
            tokens=(i,),
            start=token.start,
            end=token.end,
            text=token.form,
            role=None,
        )
        return [End(mention, _DOUBT)]

    def _speaking(self, i: int) -> Iterator[End]:
        tree = self.matcher.tree
        verb = next((token for token in tree.ancestors(i) if token.upos in VERBAL), None)
        if verb is not None:
            for k in tree.slots(verb.i).get("subj", []):
                yield from self.matcher.ends.resolve(k, act=False)


def _alike(relation: Relation, relations: set[Relation]) -> bool:
    """True where a noun may stand for a relation: for the same, and for any blow where it means one."""
    blow = relation.quad is Quad.MATERIAL_CONFLICT
    return relation in relations or (blow and any(other.quad is Quad.MATERIAL_CONFLICT for other in relations))
