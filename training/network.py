"""The reader's network: an encoder over word pieces, and heads for trees, tags, features and entities.

Word piece vectors come in from outside, so that their table can be stored apart in 8 bits. A word is the pair of
its first and last piece, taken from learnt mixes of all layers, one for trees, one for tags, one for entities.
Arcs and labels are scored by biaffine products. Source: Dozat and Manning 2017, arXiv:1611.01734.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

TREEBANKS = {"gsd": 0, "hdt": 1, "en": 2, "nl": 3, "sv": 4}
MIXES = ("tree", "tag", "entity")
_HEADS = 12
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the network; `feats` counts the values of each feature."""

    layers: int
    deprels: int
    upos: int
    xpos: int
    feats: tuple[int, ...]
    entities: int
    width: int = 384
    inner: int = 1536
    arc: int = 384
    label: int = 128


@dataclass(slots=True)
class Scores:
    """What the network says of a batch: B sentences of at most N words; column and row 0 of M = N + 1 is the root."""

    arcs: Tensor  # (B, N, M)
    heads: Tensor  # (B, M, label): each word as a head, for the labels
    dependents: Tensor  # (B, N, label)
    upos: Tensor
    xpos: Tensor
    feats: Tensor
    entities: Tensor


class SharedDropout(nn.Module):
    """Dropout with one mask for all words of a sentence. Source: Gal and Ghahramani 2016, arXiv:1512.05287."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Drop a share of the numbers of (B, N, width) vectors while training."""
        if not self.training or not self.share:
            return x
        mask = torch.rand(x.shape[0], 1, x.shape[2]) >= self.share
        return x * (mask.to(x.dtype) / (1 - self.share))


class Layer(nn.Module):
    """One layer of the encoder, as BERT has it."""

    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.ao = nn.Linear(width, width)
        self.aln = nn.LayerNorm(width, eps=_EPSILON)
        self.fi = nn.Linear(width, inner)
        self.fo = nn.Linear(inner, width)
        self.oln = nn.LayerNorm(width, eps=_EPSILON)
        self.dropout = SharedDropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Transform (B, L, width) vectors; `mask` is added to the attention's scores."""
        batch, length, width = x.shape
        parts = self.qkv(x).view(batch, length, 3, _HEADS, width // _HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        # Written out: short sentences gain nothing from fused attention, whose way back is slow in 16 bits.
        scores = query @ key.transpose(-1, -2) * (width // _HEADS) ** -0.5 + mask
        context = torch.softmax(scores, dim=-1).to(value.dtype) @ value
        x = self.aln(x + self.dropout(self.ao(context.transpose(1, 2).reshape(batch, length, width))))
        normed: Tensor = self.oln(x + self.dropout(self.fo(functional.gelu(self.fi(x)))))
        return normed


class Network(nn.Module):
    """The whole network."""

    positions: Tensor

    def __init__(self, sizes: Sizes, *, dropout: float = 0.1, head_dropout: float = 0.3) -> None:
        super().__init__()
        self.sizes = sizes
        width = sizes.width
        self.register_buffer("positions", torch.zeros(512, width))
        self.norm = nn.LayerNorm(width, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer(width, sizes.inner, dropout) for _ in range(sizes.layers))
        self.dropout = SharedDropout(dropout)
        self.head_dropout = SharedDropout(head_dropout)
        self.mixes = nn.Parameter(torch.zeros(len(MIXES), sizes.layers + 1))
        self.scales = nn.Parameter(torch.ones(len(MIXES)))
        self.words = nn.ModuleList(nn.Linear(2 * width, width) for _ in MIXES)
        self.treebanks = nn.ModuleList(nn.Embedding(len(TREEBANKS), width) for _ in MIXES)
        for table in self.treebanks:
            nn.init.normal_(table.weight, std=0.02)  # type: ignore[arg-type]  # a tensor
        self.tree_norm = nn.LayerNorm(width)
        self.root = nn.Parameter(torch.randn(width) * 0.02)
        self.arc_head, self.arc_dependent = nn.Linear(width, sizes.arc), nn.Linear(width, sizes.arc)
        self.label_head, self.label_dependent = nn.Linear(width, sizes.label), nn.Linear(width, sizes.label)
        self.arc_weights = nn.Parameter(torch.randn(sizes.arc, sizes.arc) * 0.01)
        self.arc_bias = nn.Parameter(torch.zeros(sizes.arc))
        self.label_weights = nn.Parameter(torch.randn(sizes.deprels, sizes.label + 1, sizes.label + 1) * 0.01)
        self.upos = nn.Linear(width, sizes.upos)
        self.xpos = nn.Linear(width, sizes.xpos)
        self.feats = nn.Linear(width, sum(sizes.feats))
        self.entities = nn.Linear(width, sizes.entities)

    def load_encoder(self, path: Path) -> None:
        """Take the encoder's weights from the file of step 1: its first layers where this network has fewer."""
        with np.load(path) as tensors:
            state = {name: torch.from_numpy(tensors[name]) for name in tensors.files}
        wanted = self.state_dict()
        self.load_state_dict({name: value for name, value in state.items() if name in wanted}, strict=False)

    def mixed(self, vectors: Tensor, mask: Tensor) -> list[Tensor]:
        """The mixes of all layers, each (B, L, width), from (B, L, width) piece vectors and a (B, L) mask of 0 and 1."""
        x = self.dropout(self.norm(vectors + self.positions[: vectors.shape[1]]))
        added = (1.0 - mask)[:, None, None, :] * -1e4
        weights = torch.softmax(self.mixes, dim=1) * self.scales[:, None]
        sums = [weights[k, 0] * x for k in range(len(MIXES))]
        for depth, layer in enumerate(self.layers, start=1):
            x = layer(x, added)
            sums = [total + weights[k, depth] * x for k, total in enumerate(sums)]
        return sums

    def forward(self, vectors: Tensor, mask: Tensor, first: Tensor, last: Tensor, treebank: Tensor) -> Scores:
        """Score a batch; `first` and `last` (B, N) are the places of each word's first and last piece."""
        pooled = [self._word(k, mix, first, last, treebank) for k, mix in enumerate(self.mixed(vectors, mask))]
        tree, tag, entity = self.tree_norm(pooled[0]), self.head_dropout(pooled[1]), self.head_dropout(pooled[2])
        rooted = torch.cat([self.root.expand(tree.shape[0], 1, -1).to(tree.dtype), tree], dim=1)
        heads, dependents = self._part(self.arc_head, rooted), self._part(self.arc_dependent, tree)
        arcs = (dependents @ self.arc_weights) @ heads.transpose(1, 2) / self.sizes.arc**0.5 * 4
        arcs = arcs + (heads @ self.arc_bias)[:, None, :]
        return Scores(
            arcs,
            self._part(self.label_head, rooted),
            self._part(self.label_dependent, tree),
            self.upos(tag),
            self.xpos(tag),
            self.feats(tag),
            self.entities(entity),
        )

    def _word(self, k: int, mix: Tensor, first: Tensor, last: Tensor, treebank: Tensor) -> Tensor:
        size = (-1, -1, mix.shape[-1])
        ends = [torch.gather(mix, 1, place[..., None].expand(*size)) for place in (first, last)]
        word = functional.gelu(self.words[k](self.head_dropout(torch.cat(ends, dim=-1))))
        placed: Tensor = word + self.treebanks[k](treebank)[:, None]
        return placed

    def _part(self, linear: nn.Module, x: Tensor) -> Tensor:
        part: Tensor = self.head_dropout(functional.gelu(linear(x)))
        return part

    def label_scores(self, scores: Scores, heads: Tensor) -> Tensor:
        """Scores (B, N, deprels) of the labels, given each word's head (B, N), 0 for the root's."""
        size = (-1, -1, scores.heads.shape[-1])
        chosen = torch.gather(scores.heads, 1, heads[..., None].expand(*size))
        left, right = _with_one(scores.dependents), _with_one(chosen)
        count, width, _ = self.label_weights.shape
        product = left @ self.label_weights.permute(1, 0, 2).reshape(width, count * width)
        cube = product.view(*left.shape[:2], count, width)
        return torch.einsum("bnrd,bnd->bnr", cube, right)


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)


def shortened(teacher: Network, layers: int, *, dropout: float) -> Network:
    """A network with the teacher's heads and its first layers."""
    network = Network(replace(teacher.sizes, layers=layers), dropout=dropout)
    wanted, state = network.state_dict(), teacher.state_dict()
    state["mixes"] = state["mixes"][:, : layers + 1]
    network.load_state_dict({name: value for name, value in state.items() if name in wanted})
    return network


def save(path: Path, network: Network, maps: dict[str, Any]) -> None:
    """Write weights, sizes and label maps."""
    torch.save({"sizes": network.sizes, "maps": maps, "state": network.state_dict()}, path)


def load(path: Path) -> tuple[Network, dict[str, Any]]:
    """Read what `save` wrote; the network is set to reading."""
    stored = torch.load(path, weights_only=False)
    network = Network(stored["sizes"])
    network.load_state_dict(stored["state"])
    return network.eval(), stored["maps"]
