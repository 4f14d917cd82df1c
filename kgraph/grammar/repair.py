"""What German morphology and word order say against the parser: arcs that are commonly wrong are mended before frames look.

Each repair rests on words that leave no choice: an article that cannot be nominative, "sowohl … als auch".
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgraph.grammar.agreement import agreement
from kgraph.grammar.apposition import appositions
from kgraph.grammar.names import SUBJECTS
from kgraph.grammar.particles import particles
from kgraph.grammar.phrases import halves, judgements, titled
from kgraph.grammar.subjects import subjects
from kgraph.model import Token

_BEHIND = {
    "zufolge",
    "gegenüber",
    "nach",
    "wegen",
    "entlang",
    "halber",
    "entgegen",
    "zuliebe",
    "an",
    "auf",
    "aus",
    "hinaus",
    "über",
    "hinweg",
}
_DAYS = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonnabend", "Sonntag"}
_SAYING = {
    "sagen",
    "erklären",
    "betonen",
    "mitteilen",
    "berichten",
    "behaupten",
    "versichern",
    "hinzufügen",
    "meinen",
    "schreiben",
}
# Participles that name people: written with a capital they are nouns, also before a genitive.
_PEOPLE = {
    "verbündet": "Verbündeter",
    "alliiert": "Alliierter",
    "gesandt": "Gesandter",
    "abgesandt": "Abgesandter",
    "beauftragt": "Beauftragter",
    "delegiert": "Delegierter",
    "abgeordnet": "Abgeordneter",
    "vertraut": "Vertrauter",
    "vorsitzend": "Vorsitzender",
}
# What is given without an article: after a name, whose dative cannot be seen, it is no part of the name.
_GOODS = {"Drohnen": "Drohne", "Kampfjets": "Kampfjet", "Panzer": "Panzer", "Raketen": "Rakete", "Soldaten": "Soldat"}
_GOODS |= {"Truppen": "Truppe", "Waffen": "Waffe", "Haubitzen": "Haubitze", "Milliarden": "Milliarde"}
_GOODS |= {form: form for form in ("Hilfe", "Munition", "Rückendeckung", "Unterstützung", "Vergeltung")}


def repaired(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with mended heads and deprels; the same object where nothing had to be mended."""
    changes: dict[int, Token] = {}
    for mend in _MENDERS:
        changes |= mend(tokens)
    if not changes:
        return tokens
    heads = [token.head for token in tokens]
    for i, change in list(changes.items()):
        if _hangs_below(heads, change.head, i):
            changes[i] = replace(change, head=heads[i])  # two repairs, or one and a strange tree, would make a circle
        heads[i] = changes[i].head
    return tuple(changes.get(token.i, token) for token in tokens)


def _hangs_below(heads: list[int], start: int, i: int) -> bool:
    """True where going up from `start` leads to `i`, which is not its root."""
    if heads[i] == start:
        return False
    node = start
    for _ in heads:
        if node == i:
            return True
        if heads[node] == node:
            return False
        node = heads[node]
    return True


def _agents_without_case(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """An agent needs von or durch: without it the phrase is the object, or the subject where its article is nominative."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.deprel != "obl:agent" or any(t.head == token.i and t.deprel == "case" for t in tokens):
            continue
        articles = [t for t in tokens if t.head == token.i and t.upos == "DET" and t.i < token.i]
        nominative = any(t.feat("Case") == "Nom" for t in articles)
        has_subject = any(t.head == token.head and t.deprel in SUBJECTS for t in tokens)
        changes[token.i] = replace(token, deprel="nsubj" if nominative and not has_subject else "obj")
    return changes


def _stray_participles(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """An attribute stands before its noun: "das von Nordkorea bedrohte Südkorea rüstet auf"."""
    changes: dict[int, Token] = {}
    for token, after in itertools.pairwise(tokens):
        if (
            token.deprel == "amod"
            and token.verb
            and tokens[token.head].upos == "VERB"
            and after.upos in {"NOUN", "PROPN"}
        ):
            changes[token.i] = replace(token, head=after.i)
    return changes


def _behind_the_verb(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A phrase right of the finite verb does not belong to a noun left of it: "Die USA erwarten von Berlin …"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        if (
            token.deprel != "nmod"
            or noun.i > token.i
            or not any(t.head == token.i and t.deprel == "case" for t in tokens)
        ):
            continue
        between = tokens[noun.i + 1 : token.i]
        finite = [t for t in between if t.feat("VerbForm") == "Fin" and t.upos in {"VERB", "AUX"}]
        if len(finite) != 1 or any(t.form == "," for t in between):
            continue
        verb = tokens[finite[0].head] if finite[0].deprel.startswith(("aux", "cop")) else finite[0]
        if noun.head == verb.i:
            changes[token.i] = replace(token, head=verb.i, deprel="obl")
    return changes


def _stray_cases(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A preposition stands before its noun: "die von den USA gegen Kuba verhängte Blockade"."""
    changes: dict[int, Token] = {}
    for token in tokens[:-1]:
        noun = tokens[token.head]
        if token.deprel != "case" or token.upos != "ADP" or noun.i > token.i or token.form.lower() in _BEHIND:
            continue
        own = next((t for t in tokens[token.i + 1 :] if t.upos in {"NOUN", "PROPN", "PRON"}), None)
        if own is None or own.head != noun.head or any(t.head == own.i and t.deprel == "case" for t in tokens):
            continue
        changes[token.i] = replace(token, head=own.i)
    return changes


def _stray_pairs(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Das Angebot Omans, zwischen Kairo und Tunis zu vermitteln": the phrase belongs to the infinitive."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.deprel != "conj" or not any(t.head == token.i and t.form.lower() == "zwischen" for t in tokens):
            continue
        verb = next((t for t in tokens[token.i + 1 :] if t.upos == "VERB"), None)
        if verb is not None and verb.feat("VerbForm") == "Inf":
            changes[token.i] = replace(token, head=verb.i, deprel="obl")
    return changes


def _day_genitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A weekday owns nothing: "beschuldigte ihn am Dienstag des Angriffs" has the genitive with the verb."""
    changes: dict[int, Token] = {}
    for token in tokens:
        day = tokens[token.head]
        verb = tokens[day.head]
        if token.deprel != "nmod" or day.form not in _DAYS or day.i >= token.i or verb.upos != "VERB":
            continue
        if any(t.head == token.i and t.form.lower() in {"des", "der", "eines", "einer"} for t in tokens):
            changes[token.i] = replace(token, head=verb.i, deprel="obl:arg")
    return changes


def _stray_genitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A name in -s right behind a noun is its genitive: "die geforderte Entschuldigung Kampalas steht aus"."""
    changes: dict[int, Token] = {}
    for before, token in itertools.pairwise(tokens):
        if before.upos == "NOUN" and token.upos == "PROPN" and token.feat("Case") == "Gen":
            own = any(t.head == token.i and t.deprel in {"det", "case"} for t in tokens)
            if not own and token.form.endswith("s") and token.head != before.i and before.head != token.i:
                changes[token.i] = replace(token, head=before.i, deprel="nmod")
    return changes


def _late_genitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "die türkische Armee und Anhänger der PKK": the genitive is that of the noun before it, not of the one with an adjective."""
    changes: dict[int, Token] = {}
    for token in tokens:
        first = tokens[token.head]
        if token.deprel != "nmod" or first.upos != "NOUN" or first.i > token.i:
            continue
        if any(t.head == token.i and t.deprel == "case" for t in tokens):
            continue
        last = next(
            (t for t in reversed(tokens[first.i + 1 : token.i]) if t.head == first.i and t.deprel == "conj"), None
        )
        if last is None or last.upos != "NOUN" or any(t.head == last.i and t.deprel == "nmod" for t in tokens):
            continue
        described = [any(t.head == noun.i and t.deprel == "amod" for t in tokens) for noun in (first, last)]
        if described == [True, False] and all(t.upos in {"DET", "ADJ"} for t in tokens[last.i + 1 : token.i]):
            changes[token.i] = replace(token, head=last.i)
    return changes


def _named_objects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A verb has one object: "dass sie Russlands Verbündeten Iran bombardieren" names the ally."""
    changes: dict[int, Token] = {}
    for noun, name in itertools.pairwise(tokens):
        both = noun.deprel == name.deprel == "obj" and noun.head == name.head
        if both and noun.upos == "NOUN" and name.upos == "PROPN" and name.i < name.head:
            changes[name.i] = replace(name, head=noun.i, deprel="appos")
    return changes


def _according_to(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "… sagte er der Agentur zufolge": zufolge is no prefix of the verb but stands behind its noun."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form != "zufolge" or token.deprel == "case":
            continue
        noun = next((t for t in reversed(tokens[: token.i]) if t.upos == "NOUN"), None)
        noun = noun or next((t for t in reversed(tokens[: token.i]) if t.upos == "PROPN"), None)
        verb = tokens[token.head] if token.deprel == "compound:prt" else None
        if noun is None:
            continue
        changes[token.i] = replace(token, head=noun.i, deprel="case")
        if verb is not None and noun.head != verb.i:
            changes[noun.i] = replace(noun, head=verb.i, deprel="obl")
    return changes


def _let(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "… dass sie ihn nicht reisen ließ": the infinitive hangs on lassen, and who goes is the object of lassen."""
    changes: dict[int, Token] = {}
    for verb, let in itertools.pairwise(tokens):
        if (
            let.lemma != "lassen"
            or verb.feat("VerbForm") != "Inf"
            or (verb.head, verb.deprel) != (let.head, let.deprel)
        ):
            continue
        changes[verb.i] = replace(verb, head=let.i, deprel="xcomp")
        goes = next((t for t in tokens[: verb.i] if t.head == verb.i and t.deprel == "obj"), None)
        if goes is not None:
            changes[goes.i] = replace(goes, head=let.i)
    return changes


def _pairs(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "zwischen A und Präsident B": where und stands with the second, the first leads the pair."""
    changes: dict[int, Token] = {}
    for link in tokens:
        second = tokens[link.head]
        if link.deprel != "cc" or link.form not in {"und", "oder"} or second.i < link.i or second.deprel == "conj":
            continue
        first = next((t for t in reversed(tokens[: link.i]) if t.head == second.i and t.deprel != "punct"), None)
        if first is None or first.deprel not in {"nmod", "compound", "appos", "nsubj", "obj", "obl"}:
            continue
        if not (first.upos in {"NOUN", "PROPN"} and second.upos in {"NOUN", "PROPN"}):
            continue
        changes[first.i] = replace(first, head=second.head, deprel=second.deprel)
        changes[second.i] = replace(second, head=first.i, deprel="conj")
        for token in tokens[: first.i]:
            if token.head == second.i and token.deprel in {"case", "det"}:
                changes[token.i] = replace(token, head=first.i)
    return changes


def _reported_clauses(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """What stands right behind "sagte ," is what was said: "X bestritt dies, indem er sagte, Y würde …"."""
    changes: dict[int, Token] = {}
    for comma in tokens[1:-1]:
        says = tokens[comma.i - 1]
        if (
            comma.form != ","
            or says.lemma not in _SAYING
            or any(t.head == says.i and t.deprel == "ccomp" for t in tokens)
        ):
            continue
        clause = tokens[comma.i + 1]
        while clause.head > clause.i:
            clause = tokens[clause.head]
        if clause.deprel == "ccomp" and clause.head < says.i and clause.upos in {"VERB", "AUX", "ADJ", "NOUN"}:
            changes[clause.i] = replace(clause, head=says.i)
    return changes


def _flat_phrases(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A phrase with a preposition is no part of the name before it: "der Besuch von Präsident Vaz in Kairo"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.deprel != "flat" or not any(t.head == token.i and t.deprel == "case" for t in tokens):
            continue
        top = tokens[token.head]
        while top.deprel in {"flat", "appos"} and top.head != top.i:
            top = tokens[top.head]
        above = tokens[top.head]
        if above.i == top.i or above.upos not in {"NOUN", "VERB"}:
            continue
        changes[token.i] = replace(token, head=above.i, deprel="nmod" if above.upos == "NOUN" else "obl")
    return changes


def _whose(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "deren Angriffe …": the pronoun belongs to the noun behind it, and the noun has the role it was given."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() not in {"dessen", "deren"}:
            continue
        noun = next((t for t in tokens[token.i + 1 : token.i + 3] if t.upos == "NOUN"), None)
        if noun is None or token.head == noun.i:
            continue
        changes[token.i] = replace(token, head=noun.i, deprel="nmod")
        if token.deprel in SUBJECTS and noun.head == token.head and noun.deprel in {"obj", "obl"}:
            changes[noun.i] = replace(noun, deprel=token.deprel)
    return changes


def _both_and(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "sowohl A als auch B": B is coordinated with A."""
    forms = [token.form.lower() for token in tokens]
    if "sowohl" not in forms:
        return {}
    start = forms.index("sowohl")
    for i in range(start + 2, len(tokens) - 2):
        if forms[i] == "als" and forms[i + 1] == "auch":
            first = next((t for t in tokens[start + 1 : i] if t.upos in {"NOUN", "PROPN"}), None)
            second = next((t for t in tokens[i + 2 :] if t.upos in {"NOUN", "PROPN"}), None)
            if first is not None and second is not None and second.head != first.i:
                return {second.i: replace(second, head=first.i, deprel="conj")}
    return {}


def _people_of(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "einer der Verbündeten Frankreichs": the noun is no attribute of the name, whose genitive belongs to it."""
    changes: dict[int, Token] = {}
    for token, name in itertools.pairwise(tokens):
        noun = _PEOPLE.get(token.lemma.lower()) if token.upos == "ADJ" and token.form[0].isupper() else None
        if (
            noun is None
            or name.upos != "PROPN"
            or token.head != name.i
            or token.deprel != "amod"
            or name.head == name.i
        ):
            continue
        changes[token.i] = replace(token, upos="NOUN", lemma=noun, verb="", head=name.head, deprel=name.deprel)
        for other in tokens[: token.i]:
            if other.head == name.i and other.deprel in {"det", "amod", "case", "nummod", "det:poss"}:
                changes[other.i] = replace(other, head=token.i)
        changes[name.i] = replace(name, head=token.i, deprel="nmod")
    return changes


def _goods(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Berlin liefert Kiew Panzer": two objects, not one name."""
    changes: dict[int, Token] = {}
    for name, token in itertools.pairwise(tokens):
        if token.form not in _GOODS or name.upos != "PROPN" or any(t.head == name.i and t.i < name.i for t in tokens):
            continue  # "die Firma Kiew Panzer"
        if token.head == name.i and token.deprel == "flat" and name.deprel == "obj":
            changes[token.i] = replace(token, upos="NOUN", lemma=_GOODS[token.form], head=name.head, deprel="obj")
            changes[name.i] = replace(name, deprel="obl:arg")
        elif name.head == token.i and name.deprel == "compound" and token.deprel == "obj":
            changes[name.i] = replace(name, head=token.head, deprel="obl:arg")
    return changes


_MENDERS = (
    *(agreement, subjects, judgements, titled, halves, appositions, particles),
    _goods,
    _people_of,
    _both_and,
    _agents_without_case,
    _stray_participles,
    _behind_the_verb,
    _stray_cases,
    _stray_pairs,
    _day_genitives,
    _stray_genitives,
    _late_genitives,
    _whose,
    _named_objects,
    _according_to,
    _let,
    _pairs,
    _flat_phrases,
    _reported_clauses,
)
