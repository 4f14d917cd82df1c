"""How a language says a relation: frames from `lang/<code>/relations/*.toml`, and cues from `cues.toml`.

The format is documented in CONTRIBUTING.md. Everything is checked on load; all faults are reported together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kgraph.errors import DataError, UsageError
from kgraph.model import ActorType, Modality, Polarity, Relation
from kgraph.resources import DataFile, lang_dir

_Choice = TypeVar("_Choice", Relation, Modality, Polarity, ActorType)
KINDS = ("verb", "noun", "role", "adjective")
VERB_SLOTS = frozenset({"subj", "obj", "dat", "gen", "clause", "refl"})
NOUN_SLOTS = frozenset({"gen", "poss", "adj", "compound"})
PREPOSITIONS = frozenset(
    "ab an auf aus bei bis durch für gegen gegenüber hinter in mit nach neben ohne seit statt über um unter von vor "
    "wegen während wider zu zwischen zugunsten seitens als trotz angesichts anlässlich entlang innerhalb außerhalb nahe "
    "samt mitsamt laut zufolge".split()
)
ACT_TARGETS = frozenset(
    {
        Relation.CRITICIZES,
        Relation.SUPPORTS,
        Relation.REJECTS,
        Relation.ACCUSES,
        Relation.DEMANDS,
        Relation.PROTESTS,
        Relation.THREATENS,
        Relation.CONCEDES,
    }
)
_DEFAULTS = {
    "verb": (("subj",), ("obj",)),
    "noun": (("gen", "von", "durch", "poss", "adj", "compound"), ()),
    "role": ((), ("gen", "von", "poss", "adj", "compound")),
    "adjective": ((), ("mit",)),
}
_SYMMETRIC = frozenset(relation for relation in Relation if relation.symmetric)
_KEYS = frozenset(
    {
        "lemma",
        "relation",
        "subject",
        "object",
        "with",
        "reflexive",
        "target",
        "modality",
        "polarity",
        "object_types",
        "subject_types",
        "compound",
        "inverse",
        "negated",
        "also",
        "note",
    }
)

_WORD_KEYS = ("lemma", "relation", "target", "modality", "polarity", "compound", "negated", "note")
_FLAGS = ("reflexive", "inverse")


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of saying a relation with one word; slots are tried in order.

    `needs` holds the conditions of `with` as `noun_key`s, `asked` the same as they are written.
    """

    kind: str
    lemma: str
    relation: Relation
    subject: tuple[str, ...]
    object: tuple[str, ...]
    needs: tuple[tuple[str, frozenset[str]], ...] = ()
    reflexive: bool = False
    act: bool = False
    modality: Modality | None = None
    polarity: Polarity | None = None
    object_types: frozenset[ActorType] = frozenset()
    subject_types: frozenset[ActorType] = frozenset()
    compound_object: bool = False
    inverse: bool = False
    negated: Relation | None = None
    also: tuple[Frame, ...] = ()
    rule: str = ""
    asked: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The frames of a language by kind and lemma, and its cues."""

    lang: str
    frames: Mapping[str, Mapping[str, tuple[Frame, ...]]]
    cues: Mapping[str, frozenset[str]]
    _tails: dict[str, str | None] = field(default_factory=dict)
    _keys: dict[str, frozenset[str]] = field(default_factory=dict)

    def verbs(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of a verb."""
        return self.frames["verb"].get(lemma, ())

    def adjectives(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of an adjective."""
        return self.frames["adjective"].get(lemma.lower(), ())

    def nouns(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of an event noun or of the last part of a compound."""
        return self._by_tail("noun", lemma)

    def roles(self, lemma: str) -> tuple[Frame, ...]:
        """The frames of a role noun or of the last part of a compound."""
        return self._by_tail("role", lemma)

    def fits(self, lemma: str, words: frozenset[str]) -> bool:
        """True where a noun is one of the words (given as `noun_key`s), or a compound of one that means the same.

        A compound with entries of its own for other relations does not: a "Handelskrieg" is no "Krieg".
        """
        found = next((tail for tail in tails(lemma) if tail in words), None)
        if found is None:  # a "Botschafterin" is what a "Botschafter" is
            return len(lemma) > 6 and lemma.endswith("in") and matches(lemma[:-2], words)
        own, part = self.nouns(lemma), self.frames["noun"].get(found, ())
        longer = bool(own) and len(noun_key(own[0].lemma)) > len(found)
        return not (longer and part) or not {f.relation for f in own}.isdisjoint(f.relation for f in part)

    def cue(self, name: str, *words: str) -> bool:
        """True where one of the words is in the list `name` of `cues.toml`."""
        listed = self.cues[name]
        return any(word in listed for word in words)

    def noun_cues(self, name: str) -> frozenset[str]:
        """The list `name` of `cues.toml` as `noun_key`s."""
        if name not in self._keys:
            self._keys[name] = frozenset(noun_key(word) for word in self.cues[name])
        return self._keys[name]

    def __iter__(self) -> Iterator[Frame]:
        for kind in KINDS:
            for frames in self.frames[kind].values():
                yield from frames

    def _by_tail(self, kind: str, lemma: str) -> tuple[Frame, ...]:
        table = self.frames[kind]
        key = f"{kind}\x1f{lemma}"
        if key not in self._tails:
            if len(self._tails) > 100_000:
                self._tails.clear()
            self._tails[key] = next((tail for tail in tails(lemma) if tail in table), None)
        found = self._tails[key]
        return table[found] if found else ()


def noun_key(lemma: str) -> str:
    """The key under which a noun is kept: lower case, nominalised adjectives without their ending."""
    key = lemma.lower().replace("ß", "ss").replace("massnehmen", "massnahme")  # Swiss "Massnahmen", read as a verb
    if key.endswith("schafter"):  # a Botschafter is no Botschaft
        return key
    for ending in ("ene", "enen", "ener"):
        if key.endswith(ending) and len(key) > len(ending) + 4:
            return key[: len(key) - len(ending) + 2]
    for ending in ("ter", "nder", "te", "nde", "ten", "nden"):
        if key.endswith(ending) and len(key) > len(ending) + 3:
            return key[: len(key) - len(ending) + (2 if ending.startswith("nd") else 1)]
    return key


def tails(lemma: str) -> Iterator[str]:
    """Keys for a noun and for every last part it may have: "Luftangriff" gives luftangriff … angriff … riff."""
    yield from _tails(lemma)


def matches(lemma: str, words: frozenset[str]) -> bool:
    """True where a noun, or its last part, is one of the words (given as `noun_key`s)."""
    return any(tail in words for tail in tails(lemma))


@lru_cache(maxsize=100_000)
def _tails(lemma: str) -> tuple[str, ...]:
    key = noun_key(lemma)
    found = [key]
    if "-" in key:
        found.append(key.rsplit("-", 1)[1])
    found += [key[start:].lstrip("-") for start in range(3, len(key) - 3)]
    word = lemma.lower().replace("ß", "ss")
    if word != key:  # a short word keeps an ending that a long one loses: "Bitte", but "US-Bitte"
        found += [noun_key(word[start:].lstrip("-")) for start in range(2, len(word) - 3)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8)
def load_lexicon(lang: str = "de") -> Lexicon:
    """The lexicon of a language, checked whole; the same object each time.

    Raises DataError listing every fault, UsageError for a language that has no lexicon.
    """
    folder = lang_dir(lang)
    files = sorted((folder / "relations").glob("*.toml"))
    if not files:
        raise UsageError(f"there is no lexicon for the language {lang!r} in {folder}")
    return build_lexicon(lang, files, folder / "cues.toml")


def build_lexicon(lang: str, files: Iterable[Path], cues: Path) -> Lexicon:
    """Read frames from the files and cues from one more. Raises DataError listing every fault."""
    faults: list[str] = []
    frames: dict[str, dict[str, list[Frame]]] = {kind: {} for kind in KINDS}
    seen: dict[object, str] = {}
    for path in files:
        data = _open(path, faults)
        if data is None:
            continue
        for table in sorted(set(data.tables) - set(KINDS)):
            faults.append(f"{path.name}:1: unknown table {table!r}; use {', '.join(KINDS)}")
        for kind in KINDS:
            for where, row in _entries(data, kind, faults):
                frame = _frame(lang, kind, where, row, faults)
                if frame is None:
                    continue
                same = (kind, frame.lemma, frame.relation, frame.needs, frame.object, frame.reflexive)
                if same in seen:
                    faults.append(f"{where}: {frame.lemma!r} stands already at {seen[same]}; merge the two")
                seen[same] = where
                key = (
                    frame.lemma
                    if kind == "verb"
                    else frame.lemma.lower()
                    if kind == "adjective"
                    else noun_key(frame.lemma)
                )
                frames[kind].setdefault(key, []).append(frame)
    words = _cues(cues, faults)
    if faults:
        raise DataError(faults)
    ordered = {
        kind: {key: tuple(sorted(rows, key=lambda f: -len(f.needs))) for key, rows in table.items()}
        for kind, table in frames.items()
    }
    return Lexicon(lang, ordered, words)


def _open(path: Path, faults: list[str]) -> DataFile | None:
    try:
        return DataFile(path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        faults.append(f"{path.name}: cannot be read ({error}); mend the TOML")
        return None


def _cues(path: Path, faults: list[str]) -> dict[str, frozenset[str]]:
    data = _open(path, faults)
    if data is None:
        return {}
    found: dict[str, frozenset[str]] = {}
    for name, words in data.tables.items():
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            found[name] = frozenset(words)
        else:
            faults.append(f"{path.name}: {name!r} must be a list of words")
    return found


def _entries(data: DataFile, kind: str, faults: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The entries of a kind whose fields are of the right kinds; what is wrong with the others is noted."""
    try:
        rows = data.entries(kind)
    except (TypeError, ValueError):
        faults.append(f"{data.path.name}:1: {kind!r} is not a list of tables; begin each entry with [[{kind}]]")
        return []
    return [(where, row) for where, row in rows if not _misshapen(row, where, faults)]


def _misshapen(row: dict[str, Any], where: str, faults: list[str]) -> bool:
    wrong = [
        f"{name!r} is {row[name]!r}; write a word" for name in _WORD_KEYS if not isinstance(row.get(name, ""), str)
    ]
    wrong += [f"{name!r} is {row[name]!r}; write true" for name in _FLAGS if not isinstance(row.get(name, True), bool)]
    if not isinstance(row.get("with", {}), dict):
        wrong.append(f"'with' is {row['with']!r}; write it like {{ obj = [\"Kritik\"] }}")
    also = row.get("also", [])
    if not isinstance(also, list) or not all(isinstance(each, dict) for each in also):
        wrong.append(f"'also' is {also!r}; write it like [ {{ relation = \"meets\" }} ]")
        also = []
    faults.extend(f"{where}: {each}" for each in wrong)
    inner = [_misshapen(each, where, faults) for each in also]
    return bool(wrong) or any(inner)


def _frame(lang: str, kind: str, where: str, row: dict[str, Any], faults: list[str]) -> Frame | None:
    """The frame of an entry, or None after its faults were noted."""
    before = len(faults)
    for key in sorted(set(row) - _KEYS):
        faults.append(f"{where}: unknown key {key!r}; known are {', '.join(sorted(_KEYS))}")
    lemma = row.get("lemma")
    if not isinstance(lemma, str) or not lemma:
        faults.append(f"{where}: an entry needs a lemma")
        lemma = "?"
    relation = _choice(Relation, row.get("relation"), "relation", where, faults)
    modality = _choice(Modality, row["modality"], "modality", where, faults) if "modality" in row else None
    polarity = _choice(Polarity, row["polarity"], "polarity", where, faults) if "polarity" in row else None
    negated = _choice(Relation, row["negated"], "relation", where, faults) if "negated" in row else None
    compound_object = row.get("compound") == "object"
    subject, object_ = _slots(kind, row, where, faults, compound_object=compound_object)
    asked = tuple((slot, tuple(_words(words, where, faults))) for slot, words in sorted(row.get("with", {}).items()))
    needs = tuple((slot, frozenset(noun_key(word) for word in words)) for slot, words in asked)
    also = tuple(
        frame
        for extra in row.get("also", [])
        if (frame := _frame(lang, kind, where, {"lemma": lemma, **extra}, faults)) is not None
    )
    if len(faults) > before or relation is None:
        return None
    return Frame(
        kind=kind,
        lemma=lemma,
        relation=relation,
        subject=subject,
        object=object_,
        needs=needs,
        reflexive=bool(row.get("reflexive", False)),
        act=row["target"] == "act" if "target" in row else relation in ACT_TARGETS,
        modality=modality,
        polarity=polarity,
        object_types=_types(row.get("object_types", []), where, faults),
        subject_types=_types(row.get("subject_types", []), where, faults),
        compound_object=compound_object,
        inverse=bool(row.get("inverse", False)),
        negated=negated,
        also=also,
        rule=f"{lang}/{lemma}.{kind}",
        asked=asked,
    )


def _slots(
    kind: str, row: dict[str, Any], where: str, faults: list[str], *, compound_object: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default_subject, default_object = _DEFAULTS[kind]
    if kind == "noun" and row.get("relation") in _SYMMETRIC:
        default_subject = tuple(slot for slot in default_subject if slot != "durch")  # "eine Reise durch Polen"
    if kind == "verb" and row.get("target", "act") == "act" and row.get("relation") in ACT_TARGETS:
        default_object = (*default_object, "clause")
    object_ = tuple(_words(row.get("object", list(default_object)), where, faults))
    if compound_object and "compound" not in object_:
        object_ = (*object_, "compound")
    taken = set(object_)
    subject = tuple(_words(row.get("subject", [s for s in default_subject if s not in taken]), where, faults))
    known = PREPOSITIONS | NOUN_SLOTS | (VERB_SLOTS if kind in {"verb", "adjective"} else frozenset())
    conditions = [slot for slot in row.get("with", {}) if not (slot == "amod" and kind == "noun")]
    for slot in (*subject, *object_, *conditions):
        if not set(slot.split(".")) <= known:
            faults.append(f"{where}: unknown slot {slot!r}; known are {', '.join(sorted(known))}")
    if row.get("target", "act") not in {"act", "actor"}:
        faults.append(f"{where}: target is 'act' or 'actor', not {row['target']!r}")
    return subject, object_


def _words(value: Any, where: str, faults: list[str]) -> list[str]:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    faults.append(f"{where}: {value!r} should be a list of words")
    return []


def _types(value: Any, where: str, faults: list[str]) -> frozenset[ActorType]:
    found = (_choice(ActorType, name, "actor type", where, faults) for name in _words(value, where, faults))
    return frozenset(kind for kind in found if kind is not None)


def _choice(kind: type[_Choice], value: Any, what: str, where: str, faults: list[str]) -> _Choice | None:
    try:
        return kind(value)
    except ValueError:
        faults.append(f"{where}: unknown {what} {value!r}; known are {', '.join(kind)}")
        return None
