"""When a capital is only a place: in Genf, nach Moskau, die Stadt Kiew; and when it is the government there."""

from __future__ import annotations

from kgraph.link.draft import Draft
from kgraph.link.gazetteer import Hit
from kgraph.link.tree import preposition
from kgraph.link.words import Words

_IT_WAS_SAID = ("heißen", "verlauten")  # hieß es in Moskau


class Places:
    """Tells places from governments."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._locative = frozenset(words.list("places", "locative"))
        self._utterance = frozenset(words.list("places", "utterance"))
        self._reactions = frozenset(words.list("places", "reactions"))
        self._travel = frozenset(words.list("places", "travel"))

    def is_place(self, draft: Draft, hit: Hit) -> bool:
        """True where a capital's name is used for the town."""
        tree = draft.tree
        if tree.form(hit.first - 1) == "Richtung":
            return False
        if self._is_town(draft, hit):
            return True
        case, noun, verb = self._attachment(draft, hit)
        if case in self._locative:
            return not self._stands_for_government(draft, case, noun, verb)
        if case == "durch":
            return verb is not None and not any(tree.tokens[k].deprel == "aux:pass" for k in tree.children(verb))
        if case == "von":
            onward = {tree.lower(hit.last + 1), tree.lower(hit.last + 2)} & {"nach", "aus", "bis"}
            return bool(onward) or (noun is not None and self._words.ends_in(tree.form(noun), self._words.towns))
        return False

    def _is_town(self, draft: Draft, hit: Hit) -> bool:
        """True beside a town noun, or where the name is set after a noun like a label: Messe Berlin."""
        tree = draft.tree
        before = tree.form(hit.first - 1)
        if before in self._words.towns or tree.form(hit.last + 1) in self._words.towns:
            return True
        token = tree.tokens[hit.first]
        head = tree.tokens[token.head]
        if token.deprel in ("nmod", "obl") and head.form in self._words.towns and abs(head.i - hit.first) <= 3:
            return True
        labelled = token.head == hit.first - 1 and token.deprel in ("appos", "flat", "nmod", "compound")
        return (
            labelled
            and head.upos in ("NOUN", "PROPN")
            and token.feat("Case") != "Gen"
            and not token.form.endswith("s")
            and not draft.at(head.i)
        )

    def _attachment(self, draft: Draft, hit: Hit) -> tuple[str, int | None, int | None]:
        """The preposition of a name or of the coordination it is in, and the noun or verb that the phrase hangs from."""
        tree = draft.tree
        before = hit.first - 1
        case = ""
        if before >= 0 and tree.tokens[before].upos == "ADP":
            case = preposition(tree.tokens[before])
        lead = tree.leader(hit.first)
        case = case or tree.case(hit.first) or tree.case(lead)
        if tree.lower(hit.last + 1) in ("gegenüber", "zufolge"):
            case = tree.lower(hit.last + 1)
        head = tree.tokens[lead].head
        if head == lead:
            return case, None, None
        upos = tree.tokens[head].upos
        noun = head if upos in ("NOUN", "PROPN") else None
        if noun is None and before >= 1 and tree.tokens[before - 1].upos == "NOUN":
            noun = before - 1
        return case, noun, head if upos in ("VERB", "AUX") else None

    def _stands_for_government(self, draft: Draft, case: str, noun: int | None, verb: int | None) -> bool:
        """True for a visit in, or a voice from, a capital."""
        tree = draft.tree
        if noun is not None:
            form = tree.form(noun)
            if case in ("in", "nach") and self._words.is_visit(form):
                return True
            above = tree.form(tree.tokens[noun].head) if tree.tokens[noun].upos == "PROPN" else form
            if case == "aus" and any(self._words.ends_in(word, self._words.voices) for word in (form, above)):
                return True
        if verb is not None and case in ("aus", "in") and tree.tokens[verb].lemma in _IT_WAS_SAID:
            return True
        if verb is not None and case == "aus" and tree.tokens[verb].lemma in self._utterance:
            subject = tree.subject_of(verb)
            return subject is not None and self._words.ends_in(tree.form(subject), self._words.voices)
        if verb is not None and case == "in" and self._echoes(draft, verb):
            return True
        return verb is not None and case == "nach" and tree.tokens[verb].lemma in self._travel

    def _echoes(self, draft: Draft, verb: int) -> bool:
        """True where a verb's object or phrase is a reaction: löste in Moskau Kritik aus, stieß in Berlin auf Ablehnung."""
        tokens = draft.tree.tokens
        return any(t.head == verb and t.upos == "NOUN" and self._words.ends_in(t.form, self._reactions) for t in tokens)
