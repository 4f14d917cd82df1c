"""The records that pass between the stages, and the words they are made of.

All offsets are half-open and count Unicode code points of `Article.text`; for every record x with a span
`article.text[x.start:x.end] == x.text` holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kgraph.display.shown import ShownClaim, ShownExtraction
from kgraph.errors import UsageError

NAMESPACE = "https://w3id.org/kgraph/ns#"
DATA = "https://w3id.org/kgraph/id/"


class ActorType(StrEnum):
    """The classes of the ontology that an end of an edge may have."""

    STATE = "State"
    ORGANISATION = "Organisation"
    ARMED_GROUP = "ArmedGroup"
    POLITICAL_PARTY = "PoliticalParty"
    PERSON = "Person"
    PEOPLE = "People"
    CONFLICT = "Conflict"


class Via(StrEnum):
    """How words name an actor."""

    NAME = "name"
    ADJECTIVE = "adjective"
    CAPITAL = "capital"
    OFFICE = "office"
    ACRONYM = "acronym"
    COMPOUND = "compound"
    PRONOUN = "pronoun"
    DESCRIPTION = "description"


class Quad(StrEnum):
    """The quad class of a relation, after the CAMEO tradition, and states of affairs beside it."""

    STATE = "state"
    VERBAL_COOPERATION = "verbal cooperation"
    MATERIAL_COOPERATION = "material cooperation"
    VERBAL_CONFLICT = "verbal conflict"
    MATERIAL_CONFLICT = "material conflict"


class Relation(StrEnum):
    """The relations of the ontology; their definitions stand in `ontology/kgraph.ttl`."""

    ALLY = "ally"
    PARTNER = "partner"
    RIVAL = "rival"
    AT_WAR_WITH = "atWarWith"
    MEMBER_OF = "memberOf"
    OFFICIAL_OF = "officialOf"
    MEETS = "meets"
    NEGOTIATES_WITH = "negotiatesWith"
    MEDIATES = "mediates"
    HOSTS = "hosts"
    AGREES_WITH = "agreesWith"
    SUPPORTS = "supports"
    COOPERATES_WITH = "cooperatesWith"
    AIDS = "aids"
    SUPPLIES_ARMS = "suppliesArms"
    CONCEDES = "concedes"
    WITHDRAWS_FROM = "withdrawsFrom"
    DEMANDS = "demands"
    CRITICIZES = "criticizes"
    ACCUSES = "accuses"
    REJECTS = "rejects"
    THREATENS = "threatens"
    PROTESTS = "protests"
    SANCTIONS = "sanctions"
    MOBILIZES = "mobilizes"
    COERCES = "coerces"
    ATTACKS = "attacks"
    KILLS = "kills"
    OCCUPIES = "occupies"

    @property
    def symmetric(self) -> bool:
        """True where A relation B says the same as B relation A."""
        return self in _SYMMETRIC

    @property
    def quad(self) -> Quad:
        """The quad class of the relation."""
        return _QUAD[self]


_SYMMETRIC = frozenset(
    {
        Relation.ALLY,
        Relation.PARTNER,
        Relation.RIVAL,
        Relation.AT_WAR_WITH,
        Relation.MEETS,
        Relation.NEGOTIATES_WITH,
        Relation.AGREES_WITH,
        Relation.COOPERATES_WITH,
    }
)
_QUAD_FIRST = {
    Relation.ALLY: Quad.STATE,
    Relation.MEETS: Quad.VERBAL_COOPERATION,
    Relation.COOPERATES_WITH: Quad.MATERIAL_COOPERATION,
    Relation.DEMANDS: Quad.VERBAL_CONFLICT,
    Relation.PROTESTS: Quad.MATERIAL_CONFLICT,
}


def _quads() -> dict[Relation, Quad]:
    quads: dict[Relation, Quad] = {}
    quad = Quad.STATE
    for relation in Relation:  # the enum is written in the order of the ontology's quad classes
        quad = _QUAD_FIRST.get(relation, quad)
        quads[relation] = quad
    return quads


_QUAD = _quads()


class Polarity(StrEnum):
    """Whether the text asserts or denies the relation."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"


class Modality(StrEnum):
    """What kind of truth the text claims for the relation."""

    ACTUAL = "actual"
    PLANNED = "planned"
    ALLEGED = "alleged"
    HYPOTHETICAL = "hypothetical"


class DateOrigin(StrEnum):
    """Where a claim's date comes from."""

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    PUBLISHED = "published"


class BlockKind(StrEnum):
    """What a stretch of an article is; only those in `PROSE` are split into sentences."""

    TITLE = "title"
    KICKER = "kicker"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    DATELINE = "dateline"
    CREDIT = "credit"
    META = "meta"


PROSE = frozenset({BlockKind.TITLE, BlockKind.KICKER, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CAPTION})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article of one kind; blocks are in order and never overlap."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """A text to be read: exactly as it was given, with what is known about it.

    `blocks` says which stretches are prose, headline, dateline or credit; where it is empty, all of the
    text is one paragraph. `source` is where it was read from, as the user named it: a file, a line of one, an address.
    """

    id: str
    text: str
    lang: str = "de"
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    blocks: tuple[Block, ...] = ()
    source: str | None = None

    @property
    def iri(self) -> str:
        """The article's IRI, which is also the name of its graph; it depends on the id alone."""
        return f"{DATA}article/{digest(self.id)}"


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its tree. `i` and `head` count from 0 within the sentence; the root's head is itself.

    `verb` is the verb of a participle used as an adjective ("bombardierte": bombardieren), else empty. `entity` is
    the IOB tag of a named entity (B-PER, I-LOC, …), empty outside of one.
    """

    i: int
    form: str
    lemma: str
    upos: str
    deprel: str
    head: int
    start: int
    end: int
    feats: tuple[tuple[str, str], ...] = ()
    verb: str = ""
    entity: str = ""

    def feat(self, name: str) -> str:
        """The value of a morphological feature, or the empty string."""
        for key, value in self.feats:
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tree; `index` counts from 0 within the article."""

    article_id: str
    index: int
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    block: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Actor:
    """Who can stand at an end of an edge.

    `id` is an IRI; `label` the preferred name in the language read; `country` the ISO 3166-1 alpha-3 code of
    the state itself, of the state a person acts for or a nameless group belongs to, else None.
    """

    id: str
    type: ActorType
    label: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an actor.

    `sentence` is the index of the sentence; `token` the syntactic head of the whole noun phrase (office and
    name), `tokens` all tokens of it; `start`, `end`, `text` are the naming words themselves, inside a token
    for a compound ("US" in "US-Angriffe"). `role` is set where name and office stand together.
    """

    actor: Actor
    via: Via
    sentence: int
    token: int
    tokens: tuple[int, ...]
    start: int
    end: int
    text: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An office that the text gives a person: its words and the actor it is held for."""

    title: Span
    of: Mention
    former: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says so: the words, and the actor where they name one."""

    span: Span
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The days a claim is dated to, first to last inclusive, and where that comes from."""

    start: date
    end: date
    origin: DateOrigin


@dataclass(frozen=True, slots=True, repr=False)
class Claim(ShownClaim):
    """One reading of one place in one article: subject, relation, object, and what the text makes of it."""

    article_id: str
    sentence: Span
    relation: Relation
    trigger: Span
    rule: str
    subject: Mention
    object: Mention
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.ACTUAL
    attribution: Attribution | None = None
    when: When | None = None
    confidence: float = 0.5

    @property
    def id(self) -> str:
        """The claim's IRI: a hash of what is said (article, place, ends, relation), not of what we think of it."""
        ends = [self.subject.actor.id, self.object.actor.id]
        if self.relation.symmetric:
            ends.sort()
        said = "\x1f".join([self.article_id, str(self.trigger.start), self.relation.value, *ends])
        return f"{DATA}claim/{digest(said)}"

    @property
    def is_fact(self) -> bool:
        """True where the text affirms the relation as actual: only then it becomes a direct edge."""
        return self.polarity is Polarity.AFFIRMED and self.modality is Modality.ACTUAL


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was skipped, where it stood, and why."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, repr=False)
class Extraction(ShownExtraction):
    """All that was found in one article, in the order of the text.

    `reading` is a hash of the article as it was given and of what read it; empty where nobody needs to know it again.
    """

    article: Article
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()
    reading: str = ""


def checked_confidence(value: float) -> float:
    """The least confidence that is asked for, from 0 to 1. Raises UsageError where it is another number, or none."""
    if not 0 <= value <= 1:
        raise UsageError(f"min_confidence is {value}: give a number from 0, for all claims, to 1")
    return value


def digest(text: str) -> str:
    """A short stable hash of a text, for identifiers: 24 hexadecimal digits of SHA-256 over UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
