"""Step 7: write what ships: the network as ONNX with 8-bit weights, the word pieces' vectors in 8 bits, the label maps.

    python -m training.export work/accurate.pt --encoder work/encoder --target work/accurate

Weights are quantised in blocks along a row; the products' inputs are quantised row by row as they come, so a
sentence's scores do not depend on the sentences beside it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn

from kgraph.parse.treebank import FEATURES
from training.network import TREEBANKS, Network, load

INPUTS = ("vectors", "mask", "first", "last", "treebank")
OUTPUTS = ("arcs", "heads", "dependents", "upos", "xpos", "feats", "entities")
BLOCK = 64
INT8_PRODUCTS = 4  # MatMulNBits' accuracy level: inputs are quantised to 8 bits too, row by row


class Exported(nn.Module):
    """The network as a function of tensors alone."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, vectors: Tensor, mask: Tensor, first: Tensor, last: Tensor, treebank: Tensor
    ) -> tuple[Tensor, ...]:
        """All scores, in the order of OUTPUTS."""
        scores = self.network(vectors, mask, first, last, treebank)
        return tuple(getattr(scores, name) for name in OUTPUTS)


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network", type=Path)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--target", type=Path, required=True)
    options = arguments.parse_args()
    network, maps = load(options.network)
    options.target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        write_onnx(network, plain)
        quantise(plain, options.target / "reader.onnx")
    write_tables(network, maps, options.encoder, options.target)
    for path in sorted(options.target.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")  # noqa: T201


def write_onnx(network: Network, path: Path) -> None:
    """Write the network in 32 bits; the sizes B, L and N stay open."""
    pieces, words = torch.ones(2, 7, dtype=torch.long), torch.tensor([[1, 2, 4], [1, 3, 5]])
    vectors = torch.zeros(2, 7, network.sizes.width)
    example = (vectors, torch.ones(pieces.shape), words, words, torch.zeros(2, dtype=torch.long))
    axes: dict[str, dict[int, str]] = {name: {0: "B", 1: "L"} for name in INPUTS[:2]}
    axes |= {name: {0: "B", 1: "N"} for name in ("first", "last", "dependents", "upos", "xpos", "feats", "entities")}
    axes |= {"treebank": {0: "B"}, "arcs": {0: "B", 1: "N", 2: "M"}, "heads": {0: "B", 1: "M"}}
    torch.onnx.export(
        Exported(network),
        example,
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantise(plain: Path, target: Path, *, block: int = BLOCK, level: int = INT8_PRODUCTS) -> None:
    """Write the network with the weights of its products in 8 bits."""
    model = onnx.load(str(plain))
    quantiser = MatMulNBitsQuantizer(model, bits=8, block_size=block, is_symmetric=True, accuracy_level=level)
    quantiser.process()
    quantiser.model.save_model_to_file(str(target))


def write_tables(network: Network, maps: dict[str, Any], encoder: Path, target: Path) -> None:
    """Write what the runtime needs beside the network: piece vectors, label weights, label names, the tokenizer."""
    embeddings = np.load(encoder / "embeddings.npy")
    scales = np.abs(embeddings).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    rows = np.round(embeddings / scales).astype(np.int8)
    np.save(target / "pieces.npy", rows)
    np.save(target / "scales.npy", scales.astype(np.float16))
    np.savez_compressed(target / "labels.npz", weights=network.label_weights.detach().numpy().astype(np.float16))
    names = {
        "deprels": list(maps["dep"]),
        "upos": list(maps["pos"]),
        "xpos": list(maps["tag"]),
        "feats": {name: list(maps["feat"][name]) for name in FEATURES},
        "entities": list(maps["ent"]),
        "treebanks": TREEBANKS,
    }
    (target / "labels.json").write_text(json.dumps(names, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.copy(encoder / "tokenizer.json", target)


if __name__ == "__main__":
    main()
