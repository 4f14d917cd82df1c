"""Sentence -> Mention: the order in which an article's actors are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from kgraph.actors import Registry, load_registry
from kgraph.link.bodies import Bodies
from kgraph.link.both import Both
from kgraph.link.compounds import Splitter
from kgraph.link.conflicts import ConflictFinder
from kgraph.link.context import Context
from kgraph.link.descriptions import Descriptions
from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Gazetteer
from kgraph.link.groups import GroupFinder
from kgraph.link.institutions import InstitutionFinder
from kgraph.link.people import Persons
from kgraph.link.persons import PersonFinder
from kgraph.link.plain import PlainFinder
from kgraph.link.pronouns import Pronouns, is_candidate
from kgraph.link.relatives import Relatives, is_genitive_pronoun
from kgraph.link.roster import Roster
from kgraph.link.sides import Sides
from kgraph.link.speakers import Speakers
from kgraph.link.thread import Thread
from kgraph.link.titles import Titles
from kgraph.link.words import Words
from kgraph.model import Actor, Article, Mention, Sentence, Token, Via


class Linker:
    """Finds the actors that an article's words name."""

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words
        self._gazetteer = Gazetteer(registry, words)
        self._splitter = Splitter(self._gazetteer, words)
        self._persons = PersonFinder(registry, words)
        self._institutions = InstitutionFinder(registry, words)
        self._groups = GroupFinder(registry, words)
        self._conflicts = ConflictFinder(registry, words)
        self._plain = PlainFinder(words)

    @classmethod
    def load(cls, lang: str = "de", registry: Registry | None = None) -> Linker:
        """The linker of a language; without a registry that of the project's own lists, the same object each time."""
        if registry is None:
            return _load(lang)
        return cls(registry, Words.load(lang))

    def link(self, article: Article, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """The mentions of an article, sorted by sentence and start."""
        drafts = [Draft.of(sentence, self._gazetteer, self._splitter) for sentence in sentences]
        context = Context(article, drafts, self._registry, self._words)
        roster = Roster()
        for draft in drafts:
            self._persons.introduce(draft, roster, context)
        self._persons.introduce_late(drafts, roster)
        aliases: dict[str, Actor] = {}
        for draft in drafts:
            self._persons.recall(draft, roster, context)
            self._institutions.find(draft, context)
            aliases |= self._groups.find(draft)
            self._plain.find(draft, aliases)
            self._conflicts.find(draft, context.day)
        self._follow(drafts, context, roster)
        return tuple(mention for draft in drafts for mention in _sorted(draft))

    def _follow(self, drafts: Sequence[Draft], context: Context, roster: Roster) -> None:
        """Resolve pronouns and descriptions in the order of the text."""
        positions = {draft.tree.sentence.index: i for i, draft in enumerate(drafts)}
        thread = Thread(drafts, self._registry, self._words, roster)
        pronouns = (Pronouns(thread), Relatives(thread))
        sides, bodies = Sides(thread), Bodies(thread)
        titles, descriptions = Titles(thread, context), Descriptions(thread, context, sides, bodies)
        speakers = Speakers(thread)
        describing = (
            descriptions.land,
            bodies.body,
            speakers.it,
            Both(thread, sides).pair,
            speakers.we,
            Persons(thread).person,
        )
        for draft in drafts:
            index = positions[draft.tree.sentence.index]
            for _, resolve in sorted(
                _steps(index, draft, *pronouns, titles, descriptions, describing), key=lambda step: step[0]
            ):
                for mention in resolve():
                    if not _known(draft, mention):
                        thread.add(index, mention)


_Describe = Callable[[int, Token], list[Mention]]
_Step = tuple[tuple[int, int], Callable[[], list[Mention]]]


def _steps(
    index: int,
    draft: Draft,
    pronouns: Pronouns,
    relatives: Relatives,
    titles: Titles,
    descriptions: Descriptions,
    describing: tuple[_Describe, ...],
) -> list[_Step]:
    """What there is to resolve in a sentence, each with its place; offices before pronouns before descriptions."""
    steps: list[_Step] = [
        ((0 if use.owners else 3, use.token), partial(titles.office, index, use)) for use in draft.roles
    ]
    steps += [((2, use.token), partial(titles.institution, index, use)) for use in draft.institutions]
    steps += [((2, use.token), partial(descriptions.group, index, use)) for use in draft.groups]
    for token in draft.tree.tokens:
        if is_candidate(token):
            steps += [((when, token.i), partial(_pronoun, index, draft, pronouns, token)) for when in (1, 4)]
        elif is_genitive_pronoun(token):
            steps.append(((1, token.i), partial(_pronoun, index, draft, relatives, token)))
        elif token.i not in draft.taken:
            steps += [((3, token.i), partial(describe, index, token)) for describe in describing]
    return steps


def _pronoun(index: int, draft: Draft, pronouns: Pronouns | Relatives, token: Token) -> list[Mention]:
    """Whom a pronoun means; asked again after the descriptions, which "zwischen ihnen" may take up."""
    if any(mention.token == token.i for mention in draft.mentions):
        return []
    actors = pronouns.resolve(index, token)
    return [draft.mention(actor, Via.PRONOUN, (token.i,), (token.start, token.end)) for actor in actors]


def _known(draft: Draft, mention: Mention) -> bool:
    """True where the token already has a mention of the actor."""
    return any(m.token == mention.token and m.actor == mention.actor for m in draft.mentions)


def _sorted(draft: Draft) -> list[Mention]:
    unique = {(m.actor.id, m.via, m.start, m.end, m.token): m for m in draft.mentions}
    return sorted(unique.values(), key=lambda m: (m.start, m.end, m.token))


@lru_cache(maxsize=4)
def _load(lang: str) -> Linker:
    return Linker(load_registry(lang), Words.load(lang))
