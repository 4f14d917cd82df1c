"""Words cut into the word pieces of the encoder's vocabulary."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
_MAX_WORD_PIECES = 12
_MAX_CHARACTERS = 100
_MAX_KNOWN = 200_000


class WordPieces:
    """Piece ids of words; results are remembered."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._vocab = self._tokenizer.get_vocab()
        self._known: dict[tuple[str, bool], list[int]] = {}

    def __call__(self, word: str, *, spaced: bool) -> list[int]:
        """The piece ids of a word, at most twelve; `spaced` where white space stands before it."""
        known = self._known.get((word, spaced))
        if known is not None:
            return known
        encoding = self._tokenizer.encode(word[:_MAX_CHARACTERS], add_special_tokens=False)
        ids, tokens = list(encoding.ids), encoding.tokens
        if not spaced and tokens:
            if tokens[0] == "▁" and len(tokens) > 1:
                ids = ids[1:]
            elif tokens[0].startswith("▁") and tokens[0][1:] in self._vocab:
                ids[0] = self._vocab[tokens[0][1:]]
        ids = ids[:_MAX_WORD_PIECES] or [UNKNOWN]
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        self._known[word, spaced] = ids
        return ids
