"""When a capital is only a place: in Genf, nach Moskau, die Stadt Kiew; and when it is the government there."""

from __future__ import annotations

from kgraph.link.draft import Draft
from kgraph.link.forms import noun_forms
from kgraph.link.gazetteer import Hit
from kgraph.link.tree import DETERMINERS, Tree, preposition
from kgraph.link.words import Words

_IT_WAS_SAID = ("heißen", "verlauten")  # hieß es in Moskau


class Places:
    """Tells places from governments."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._locative = frozenset(words.list("places", "locative"))
        self._utterance = frozenset(words.list("places", "utterance"))
        self._reactions = frozenset(words.list("places", "reactions"))
        self._contesting = frozenset(words.list("parts", "verbs"))
        self._leaving = frozenset(words.list("parts", "leaving"))
        self._left = frozenset(form for word in self._leaving if word[0].isupper() for form in noun_forms(word))
        self._contested_in = frozenset(words.list("parts", "prepositions"))
        self._backing = frozenset(words.list("places", "backing"))
        self._receiving = frozenset(words.list("places", "receiving"))
        self._recalling = frozenset(words.list("places", "recalling"))
        self._envoys = frozenset(form for word in words.list("places", "envoys") for form in noun_forms(word))
        self._travel = frozenset(words.list("places", "travel"))

    def is_place(self, draft: Draft, hit: Hit) -> bool:
        """True where a capital's name is used for the town."""
        tree = draft.tree
        if tree.form(hit.first - 1) == "Richtung":
            return False
        case, noun, verb = self._attachment(draft, hit)
        if noun is not None and case in ("in", "aus") and self._is_recalled(tree, noun):
            return False
        if self._is_town(draft, hit):
            return True
        if case in self._locative:
            return not self._stands_for_government(draft, case, noun, verb)
        if case == "durch":
            return verb is not None and not any(tree.tokens[k].deprel == "aux:pass" for k in tree.children(verb))
        if case == "von":
            onward = {tree.lower(hit.last + 1), tree.lower(hit.last + 2)} & {"nach", "aus", "bis"}
            return bool(onward) or (noun is not None and self._words.ends_in(tree.form(noun), self._words.towns))
        return False

    def is_seat(self, draft: Draft, i: int) -> bool:
        """True where a noun for the capital means the government there: ein Besuch in der polnischen Hauptstadt."""
        tree = draft.tree
        case = tree.case(i)
        if tree.form(i) not in self._words.capital or case not in self._locative:
            return False
        cases = (tree.tokens[k].feat("Case") for k in tree.children(i) if tree.tokens[k].deprel == "det")
        if case == "in" and "Acc" in cases:  # the article tells it, the noun has one form
            case = "nach"
        head = tree.tokens[i].head
        nouns = (k for k in (head, _before_phrase(tree, i)) if k >= 0 and tree.tokens[k].upos == "NOUN")
        noun = next(nouns, None)
        verb = head if tree.tokens[head].upos in ("VERB", "AUX") else None
        return self._stands_for_government(draft, case, noun, verb)

    def is_contested(self, draft: Draft, hit: Hit) -> bool:
        """True where a region is occupied, attacked, left or the like: die Annexion der Krim, Truppen im Gazastreifen."""
        tree = draft.tree
        i = tree.leader(hit.first)
        held = (k for k in tree.children(i) if tree.tokens[k].deprel == "amod")
        if any((tree.tokens[k].verb or tree.tokens[k].lemma) in self._contesting for k in held):
            return True
        token = tree.tokens[i]
        head = tree.tokens[token.head]
        case = tree.case(i) or tree.case(hit.first)
        verbs, nouns = self._contesting, self._words.part_nouns
        if case in ("aus", "von"):
            verbs, nouns = self._leaving, self._left
        elif case and case not in self._contested_in:
            return False
        kind = token.deprel.split(":")[0]
        if head.upos == "VERB" and (head.verb or head.lemma) in verbs:
            return kind == "obj" or bool(case) or (kind == "nsubj" and tree.is_passive(head.i))
        around = [head.i] if head.i != i and (case or token.feat("Case") == "Gen") else []
        around += [_before_phrase(tree, hit.first)] if case else []
        return any(self._words.ends_in(tree.form(k), nouns) for k in around)

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
        if verb is not None and case == "hinter" and tree.tokens[verb].lemma in self._backing:
            return True
        if verb is not None and case == "aus" and tree.tokens[verb].lemma in self._receiving:
            objects = (tree.form(k) for k in tree.children(verb) if tree.tokens[k].deprel == "obj")
            return any(self._words.ends_in(form, self._words.voices) for form in objects)
        return verb is not None and case == "nach" and tree.tokens[verb].lemma in self._travel

    def _is_recalled(self, tree: Tree, noun: int) -> bool:
        """True for an envoy who is called home from where he serves: "rief seinen Botschafter in Paris zurück"."""
        calls = tree.tokens[tree.tokens[noun].head]
        return tree.form(noun) in self._envoys and (calls.verb or calls.lemma) in self._recalling

    def _echoes(self, draft: Draft, verb: int) -> bool:
        """True where a verb's object or phrase is a reaction: löste in Moskau Kritik aus, stieß in Berlin auf Ablehnung."""
        tokens = draft.tree.tokens
        return any(t.head == verb and t.upos == "NOUN" and self._words.ends_in(t.form, self._reactions) for t in tokens)


def _before_phrase(tree: Tree, i: int) -> int:
    """The place of the word before the preposition that a phrase begins with; -1 where there is none."""
    k = i - 1
    while k >= 0 and (tree.tokens[k].upos in ("ADJ", "DET") or tree.lower(k) in DETERMINERS):
        k -= 1
    return k - 1 if k > 0 and tree.tokens[k].upos == "ADP" else -1
