"""Predict and score with the network as it trains, on gold tokens and sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from kgraph.parse.decode import decode_heads
from training.data import IGNORED, Example, collate
from training.network import Network


@dataclass(slots=True)
class Prediction:
    """What the network says of one sentence; `sure` is the probability of each arc and label."""

    heads: list[int]
    deprels: list[int]
    upos: list[int]
    xpos: list[int]
    feats: list[list[int]]
    entities: list[int]
    sure: list[float]


@torch.no_grad()
def predict(
    networks: Sequence[Network], embeddings: torch.Tensor, examples: Sequence[Example], *, size: int = 3000
) -> list[Prediction]:
    """Predictions in the order of the examples; several networks vote with the mean of their probabilities."""
    order = sorted(range(len(examples)), key=lambda k: len(examples[k].pieces))
    found: dict[int, Prediction] = {}
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end - start + 1) * len(examples[order[end]].pieces) <= size:
            end += 1
        chosen = order[start:end]
        found.update(zip(chosen, _predict(networks, embeddings, [examples[k] for k in chosen]), strict=True))
        start = end
    return [found[k] for k in range(len(examples))]


def _predict(networks: Sequence[Network], embeddings: torch.Tensor, examples: list[Example]) -> list[Prediction]:
    batch = collate(examples)
    vectors = embeddings[batch.pieces]
    mask = (batch.pieces != 1).float()
    seen = torch.cat([torch.ones(len(examples), 1, dtype=torch.bool), batch.words], dim=1)
    diagonal = torch.arange(batch.words.shape[1])
    scores = []
    arcs = torch.zeros(())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for network in networks:
            score = network(vectors, mask, batch.first, batch.last, batch.treebank)
            one = score.arcs.float().masked_fill(~seen[:, None, :], -1e4)
            one[:, diagonal, diagonal + 1] = -1e4
            arcs = arcs + torch.softmax(one, dim=-1) / len(networks)
            scores.append(score)
    log = torch.log(arcs + 1e-12).numpy()
    heads = torch.zeros(batch.words.shape, dtype=torch.long)
    for k, example in enumerate(examples):
        n = len(example.first)
        heads[k, :n] = torch.from_numpy(decode_heads(log[k, :n, : n + 1]))
    labels = torch.zeros(())
    tags = [torch.zeros(()) for _ in range(3)]
    feats: list[torch.Tensor] = [torch.zeros(()) for _ in networks[0].sizes.feats]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for network, score in zip(networks, scores, strict=True):
            labels = labels + torch.softmax(network.label_scores(score, heads).float(), dim=-1) / len(networks)
            parts = (score.upos, score.xpos, score.entities)
            tags = [total + torch.softmax(part.float(), dim=-1) for total, part in zip(tags, parts, strict=True)]
            split = score.feats.float().split(network.sizes.feats, dim=-1)
            feats = [total + torch.softmax(part, dim=-1) for total, part in zip(feats, split, strict=True)]
    sure_labels, best = labels.max(dim=-1)
    sure = torch.gather(arcs, 2, heads[..., None])[..., 0] * sure_labels
    chosen = [part.argmax(dim=-1) for part in tags]
    values = torch.stack([part.argmax(dim=-1) for part in feats], dim=-1)
    return [
        Prediction(
            heads[k, :n].tolist(),
            best[k, :n].tolist(),
            chosen[0][k, :n].tolist(),
            chosen[1][k, :n].tolist(),
            values[k, :n].tolist(),
            chosen[2][k, :n].tolist(),
            [round(value, 3) for value in sure[k, :n].tolist()],
        )
        for k, n in enumerate(len(example.first) for example in examples)
    ]


def score(examples: Sequence[Example], predictions: Sequence[Prediction], *, punct: int) -> dict[str, float]:
    """UPOS, UAS and LAS in per cent; arcs of punctuation are left out. A label that is not among the numbers is wrong."""
    count: Counter[str] = Counter()
    for example, said in zip(examples, predictions, strict=True):
        assert example.heads is not None
        assert example.deprels is not None
        assert example.upos is not None
        for k, head in enumerate(example.heads):
            count["words"] += 1
            count["upos"] += example.upos[k] == said.upos[k]
            if example.deprels[k] == punct:
                continue
            right = head == said.heads[k]
            count["arcs"] += 1
            count["heads"] += right
            count["labels"] += right and example.deprels[k] == said.deprels[k]
    return {
        "UPOS": round(100 * count["upos"] / count["words"], 2),
        "UAS": round(100 * count["heads"] / count["arcs"], 2),
        "LAS": round(100 * count["labels"] / count["arcs"], 2),
    }


def spans(tags: Sequence[int]) -> set[tuple[int, int, int]]:
    """(start, end, type) of the entities behind tags numbered as in ENTITIES; an I- of another type begins one."""
    found = set()
    start, kind = -1, -1
    for k, tag in enumerate([*tags, 0]):
        if start >= 0 and (tag == 0 or tag % 2 == 1 or tag // 2 - 1 != kind):
            found.add((start, k, kind))
            start = -1
        if tag and start < 0:
            start, kind = k, (tag - 1) // 2
    return found


def score_entities(examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
    """Precision, recall and F1 of entities in per cent."""
    right = said = gold = 0
    for example, prediction in zip(examples, predictions, strict=True):
        truth, found = spans([t for t in example.entities or [] if t != IGNORED]), spans(prediction.entities)
        right, said, gold = right + len(truth & found), said + len(found), gold + len(truth)
    return {
        "P": round(100 * right / max(said, 1), 1),
        "R": round(100 * right / max(gold, 1), 1),
        "F1": round(200 * right / max(said + gold, 1), 1),
    }
