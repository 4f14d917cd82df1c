"""Persons described by their age or origin: der 55-Jährige, die Estin."""

from __future__ import annotations

import re

from kgraph.link.gazetteer import Sense
from kgraph.link.thread import Seen, Thread
from kgraph.model import Actor, ActorType, Mention, Token, Via

_AGE = re.compile(r"\d{2}-[Jj]ährigen?")
_ARTICLES = {"der": "mf", "die": "f", "dem": "m", "den": "m", "des": "m"}
_REACH = 3  # sentences


class Persons:
    """Resolves descriptions of persons along the thread of a text."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread

    def person(self, index: int, token: Token) -> list[Mention]:
        """The person that a description means: the only one of that gender and origin in the sentence that named one last."""
        tree, draft = self._thread.tree(index), self._thread.drafts[index]
        genders = _ARTICLES.get(tree.lower(token.i - 1))
        if tree.lower(token.i - 1) == "den" and token.form.endswith("ern"):
            return []  # a dative plural: "wirft den Palästinensern vor"
        if genders is None or token.feat("Number") == "Plur" or tree.form(token.i + 1)[:1].isupper():
            return []
        origin = next((hit.entry for hit in draft.at(token.i) if hit.sense is Sense.DEMONYM and not hit.rest), None)
        if origin is None and not _AGE.fullmatch(token.form):
            return []
        gender = "f" if token.feat("Gender") == "Fem" or token.form.endswith("in") else "m"
        if gender not in genders and _AGE.fullmatch(token.form) is None:
            return []
        wanted = genders if origin is None else gender
        for i in range(index - 1, max(-1, index - 1 - _REACH), -1):
            people = [s for s in self._thread.seen(i) if s.actor.type is ActorType.PERSON and s.genders & set(wanted)]
            found = list(dict.fromkeys(s.actor for s in people if origin is None or self._is_from(s, origin.actor)))
            if found:
                return [draft.at_token(token.i, found[0], Via.DESCRIPTION)] if len(found) == 1 else []
        return []

    def _is_from(self, seen: Seen, state: Actor) -> bool:
        """True for a person of a state, or one who acts for an organisation and may be of any."""
        country = seen.actor.country
        return country == state.country or country is None
