"""Who does it and to whom it is done: subjects and objects that the parser confuses, mended by what German shows."""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgraph.grammar.names import (
    SUBJECTS,
    agents_of_names,
    among_others,
    bare_names,
    called,
    halves,
    infinitives,
    is_bare,
    listed,
    named_adverbs,
    second_genitives,
    shares_subject,
    stray_nominatives,
)
from kgraph.model import Token

_ACCUSATIVE = {"den", "einen", "keinen", "diesen", "jenen", "jeden"}
_RELATIVE = {"der", "dem", "denen", "die", "den", "das"}
_GOING = (
    "marschieren",
    "reisen",
    "rücken",
    "dringen",
    "kommen",
    "gehen",
    "treten",
    "fliehen",
    "fliegen",
    "fahren",
    "ziehen",
)
# names whose gender is often read wrong: "der" before them is a dative or genitive
_FEMININE = frozenset(
    "Nato NATO EU Uno UNO OSZE AU Ecowas WHO WTO Unesco Asean Opec Hamas Hisbollah Fatah PKK YPG Türkei Ukraine Schweiz "
    "Slowakei Mongolei CDU SPD AfD FDP ÖVP SPÖ FPÖ".split()
)


def subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """The tokens to change, by place."""
    changes: dict[int, Token] = {}
    for mend in _MENDERS:
        changes |= mend(tokens)
    return changes


def _wrong_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Subjects with an accusative article are objects; the relative pronoun that was the object is then the subject."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() not in _ACCUSATIVE or token.upos != "DET":
            continue
        noun = tokens[token.head]
        if noun.deprel != "nsubj" or noun.i < token.i or noun.feat("Number") == "Plur":
            continue
        siblings = [t for t in tokens if t.head == noun.head and t.i not in {noun.i, noun.head}]
        changes[noun.i] = replace(noun, deprel="obj")
        if not any(t.deprel in SUBJECTS for t in siblings):
            swapped = next((t for t in siblings if t.deprel == "obj" and t.upos == "PRON" and t.i < noun.i), None)
            if swapped is not None:
                changes[swapped.i] = replace(swapped, deprel="nsubj")
    return changes


def _nominative_objects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Die Initiative hat der Minister begrüßt": der before a masculine noun is a nominative; what was the subject is not."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        if token.form.lower() != "der" or token.upos != "DET" or noun.i < token.i:
            continue
        if noun.deprel not in {"obj", "obl:arg"} or noun.feat("Gender") != "Masc" or noun.feat("Number") != "Sing":
            continue
        if noun.form in _FEMININE:
            continue
        siblings = [t for t in tokens if t.head == noun.head and t.i != noun.i]
        wrong = next((t for t in siblings if t.deprel == "nsubj"), None)
        if wrong is None or noun.form.endswith("en") or any(t.deprel in {"obj", "aux:pass"} for t in siblings):
            continue
        if any(t.head == wrong.i and t.form.lower() in {"der", "ein", "kein"} for t in tokens):
            continue
        changes[noun.i] = replace(noun, deprel="nsubj")
        changes[wrong.i] = replace(wrong, deprel="obj")
    return changes


def _weak_datives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Der … unterstützten Hisbollah droht Israel": der with a weak adjective in -en is no nominative."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() != "der" or token.upos != "DET" or tokens[token.head].deprel != "nsubj":
            continue
        noun = tokens[token.head]
        inner = [t for t in tokens[token.i + 1 : noun.i] if t.head == noun.i and t.deprel == "amod"]
        if noun.feat("Number") == "Plur" or not any(t.form.endswith("en") for t in inner):
            continue
        changes[noun.i] = replace(noun, deprel="obl:arg")
        siblings = [t for t in tokens if t.head == noun.head and t.i != noun.i]
        if not any(t.deprel in SUBJECTS for t in siblings):
            bare = next((t for t in siblings if t.deprel == "obj" and t.upos == "PROPN"), None)
            if bare is not None:
                changes[bare.i] = replace(bare, deprel="nsubj")
    return changes


def _relative_datives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "die Gemeinschaft, der das Land angehört": der is no subject after a feminine noun, dem and denen never are."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        noun = tokens[verb.head]
        if (
            token.upos != "PRON"
            or verb.deprel != "acl"
            or token.i > verb.i
            or token.form not in {"der", "dem", "denen"}
        ):
            continue
        if token.form == "der" and (noun.feat("Gender") != "Fem" or noun.feat("Number") != "Sing"):
            continue
        siblings = [t for t in tokens if t.head == verb.i and t.i != token.i]
        if any(t.deprel == "case" and t.head == token.i for t in tokens):
            continue
        if token.deprel in {"nsubj", "obj", "obl"}:
            changes[token.i] = replace(token, deprel="obl:arg")
        lone = [t for t in siblings if t.deprel == "obj" and t.upos in {"NOUN", "PROPN"}]
        if len(lone) == 1 and not any(t.deprel.startswith(("nsubj", "csubj", "expl")) for t in siblings):
            changes[lone[0].i] = replace(lone[0], deprel="nsubj")
    return changes


def _prepositional_relatives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ ", aus der Mali ausgetreten ist": "der" is a pronoun of its own, and the noun behind it the subject."""
    changes: dict[int, Token] = {}
    for case, pronoun, noun in zip(tokens[1:], tokens[2:], tokens[3:], strict=False):
        verb = tokens[noun.head]
        if pronoun.form not in _RELATIVE or pronoun.head != noun.i or case.head != noun.i or case.deprel != "case":
            continue
        if (
            tokens[case.i - 1].form != ","
            or verb.deprel != "acl"
            or noun.deprel not in {"obl", "nmod"}
            or verb.i < noun.i
        ):
            continue
        wrong = [t for t in tokens if t.head == verb.i and t.deprel.startswith(("nsubj", "csubj"))]
        if noun.upos != "PROPN" or any(t.i != noun.i + 1 or not is_bare(tokens, t) for t in wrong):
            continue
        changes[pronoun.i] = replace(pronoun, upos="PRON", head=verb.i, deprel="obl", feats=_relative(pronoun))
        changes[case.i] = replace(case, head=pronoun.i)
        changes[noun.i] = replace(noun, deprel="nsubj")
        changes |= {t.i: replace(t, deprel="obj") for t in wrong}  # "für den Peru Bolivien verantwortlich macht"
    return changes


def _hidden_relatives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ ", den Peking verurteilt": a relative clause without a relative pronoun has it before the name that acts."""
    changes: dict[int, Token] = {}
    for pronoun, name in itertools.pairwise(tokens[1:]):
        verb = tokens[name.head]
        if pronoun.form not in _RELATIVE or pronoun.head != name.i or name.upos != "PROPN" or name.deprel != "obj":
            continue
        if tokens[pronoun.i - 1].form != "," or verb.deprel != "acl" or verb.feat("VerbForm") not in {"Fin", "Part"}:
            continue
        clause = [t for t in tokens if t.head == verb.i]
        if verb.i < name.i or any(
            t.deprel.startswith(("nsubj", "csubj")) or "Rel" in t.feat("PronType") for t in clause
        ):
            continue
        changes[pronoun.i] = replace(pronoun, upos="PRON", head=verb.i, deprel="obj", feats=_relative(pronoun))
        changes[name.i] = replace(name, deprel="nsubj")
    return changes


def _relative(pronoun: Token) -> tuple[tuple[str, str], ...]:
    """The features of an article that is a relative pronoun after all."""
    return (*(pair for pair in pronoun.feats if pair[0] != "PronType"), ("PronType", "Rel"))


def _lost_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A relative clause without a subject, with a bare name: "die Gemeinschaft, der Guyana angehört"."""
    changes: dict[int, Token] = {}
    for name in tokens:
        verb = tokens[name.head]
        if name.deprel not in {"obj", "obl:arg"} or not is_bare(tokens, name) or verb.deprel != "acl":
            continue
        siblings = [t for t in tokens if t.head == verb.i and t.i != name.i]
        relative = any(t.i < name.i and t.upos == "PRON" and t.deprel in {"obj", "obl:arg"} for t in siblings)
        if relative and not any(t.deprel.startswith(("nsubj", "csubj", "expl")) for t in siblings):
            changes[name.i] = replace(name, deprel="nsubj")
    return changes


def _nominal_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A noun that is no predicate has a genitive, not a subject: "Kritik Moskaus an …"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        if token.deprel != "nsubj" or noun.upos != "NOUN" or noun.i != token.i - 1:
            continue
        if token.feat("Case") != "Gen" and not (token.upos == "PROPN" and token.form.endswith("s")):
            continue
        if not any(t.head == noun.i and t.deprel in {"cop", "aux"} for t in tokens):
            changes[token.i] = replace(token, deprel="nmod")
    return changes


def _second_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Of two subjects the one with a dative article is none: "Ungarn verweigerte einer Delegation die Einreise"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        articles = [t.form.lower() for t in tokens if t.head == token.i and t.upos == "DET"]
        dative = any(word.endswith(("em", "einer")) for word in articles)
        if token.deprel != "nsubj" or token.head == token.i or not (dative or token.feat("Case") == "Dat"):
            continue
        others = [t for t in tokens if t.head == token.head and t.deprel == "nsubj" and t.i != token.i]
        if any(dative or t.feat("Case") == "Nom" for t in others):
            changes[token.i] = replace(token, deprel="obl:arg")
    return changes


def _inverted_subjects(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Of two objects around the finite verb, with no subject, the one right behind it acts: "Exporte will die Schweiz …"."""
    changes: dict[int, Token] = {}
    for verb in tokens:
        siblings = [t for t in tokens if t.head == verb.i and t.i != verb.i]
        if verb.upos != "VERB" or any(t.deprel.startswith(("nsubj", "csubj", "expl")) for t in siblings):
            continue
        finite = next((t for t in (verb, *siblings) if t.feat("VerbForm") == "Fin" and t.upos in {"VERB", "AUX"}), None)
        objects = [t for t in siblings if t.deprel == "obj" and t.upos in {"NOUN", "PROPN"}]
        if finite is None or len(objects) != 2 or not objects[0].i < finite.i < objects[1].i:
            continue
        between = tokens[finite.i + 1 : objects[1].i]
        articles = {t.form.lower() for t in between}
        if all(t.head == objects[1].i for t in between) and not articles & (_ACCUSATIVE | {"dem", "einem"}):
            changes[objects[1].i] = replace(objects[1], deprel="nsubj")
    return changes


def _neither(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Weder is no preposition: "Weder Athen noch Nikosia wollen zustimmen" has a subject."""
    changes: dict[int, Token] = {}
    for token in tokens:
        if token.form.lower() != "weder" or token.deprel != "case":
            continue
        noun = tokens[token.head]
        changes[token.i] = replace(token, deprel="cc")
        if noun.deprel != "obl":
            continue
        siblings = [t for t in tokens if t.head == noun.head and t.i != noun.i]
        found = next((t for t in siblings if t.deprel in SUBJECTS), None)
        if found is None:
            changes[noun.i] = replace(noun, deprel="nsubj")
        elif found.i > noun.head > noun.i and is_bare(tokens, found) and found.feat("Number") != "Plur":
            changes[noun.i] = replace(noun, deprel="nsubj")  # "Weder Athen noch Rom kritisierten Kairo"
            given = any(t.deprel == "obj" for t in siblings)
            changes[found.i] = replace(found, deprel="obl:arg" if given else "obj")
    return changes


def _articles(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Der Ukraine lieferte Polen …" begins with a dative, "Den Iran griff …" with an accusative."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun, form = tokens[token.head], token.form.lower()
        if (
            token.deprel != "det"
            or noun.i < token.i
            or noun.feat("Number") == "Plur"
            or noun.deprel not in {"nsubj", "obl"}
        ):
            continue
        siblings = [t for t in tokens if t.head == noun.head and t.i != noun.i]
        others = [t for t in siblings if t.i > noun.head and t.upos in {"NOUN", "PROPN"}]
        subject = next((t for t in others if t.deprel in SUBJECTS), None)
        if form == "der" and noun.deprel == "nsubj" and _is_feminine(noun):
            shared = noun.i > noun.head and shares_subject(tokens, tokens[noun.head])
            subject = subject or next((t for t in others if t.deprel == "obj"), None)
            if subject is not None:
                changes[noun.i] = replace(noun, deprel="obl:arg")
                if not shared:
                    changes[subject.i] = replace(subject, deprel="nsubj")
        elif form == "den" and noun.deprel == "obl" and noun.upos == "PROPN" and subject is not None:
            cased = any(t.head == noun.i and t.deprel == "case" for t in tokens)
            if not cased and noun.i < noun.head and not any(t.deprel == "obj" for t in siblings):
                changes[noun.i] = replace(noun, deprel="obj")
    return changes


def _is_feminine(noun: Token) -> bool:
    return noun.form in _FEMININE or (noun.upos == "NOUN" and noun.feat("Gender") == "Fem")


def _gone(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "sind einmarschiert" is a perfect, not a passive."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        if token.deprel != "aux:pass" or token.lemma != "sein" or not verb.lemma.endswith(_GOING):
            continue
        changes[token.i] = replace(token, deprel="aux")
        for subject in tokens:
            if subject.head == verb.i and subject.deprel == "nsubj:pass":
                changes[subject.i] = replace(subject, deprel="nsubj")
    return changes


_MENDERS = (
    halves,
    _wrong_subjects,
    _nominative_objects,
    _weak_datives,
    infinitives,
    bare_names,
    _neither,
    _articles,
    _gone,
    _relative_datives,
    _prepositional_relatives,
    _hidden_relatives,
    _lost_subjects,
    _nominal_subjects,
    _second_subjects,
    _inverted_subjects,
    named_adverbs,
    called,
    listed,
    second_genitives,
    agents_of_names,
    stray_nominatives,
    among_others,
)
