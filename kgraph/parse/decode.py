"""From a matrix of arc scores to a tree: greedy where that is a tree, Chu-Liu-Edmonds with one root where not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_NEVER = np.float32(-1e9)


def decode_heads(scores: Floats) -> Ints:
    """The best tree with a single root.

    `scores` has the shape (n, n + 1): row i scores the heads of word i + 1, column 0 is the root.
    Returns n heads, 0 for the root's. Source: Chu and Liu 1965, Edmonds 1967.
    """
    heads: Ints = scores.argmax(axis=1)
    if _is_tree(heads):
        return heads
    count = len(scores)
    peak = scores.max(axis=1, keepdims=True)
    log = scores - peak - np.log(np.exp(scores - peak).sum(axis=1, keepdims=True))
    best, best_score = heads, -np.inf
    for root in np.argsort(-log[:, 0])[:2]:  # the two likeliest roots: more were never better
        square = np.full((count + 1, count + 1), _NEVER, dtype=np.float32)
        square[1:] = log
        square[1:, 0] = _NEVER / 1000
        square[root + 1, :] = _NEVER / 10
        square[root + 1, 0] = 0.0
        candidate: Ints = _arborescence(square)[1:]
        score = float(log[np.arange(count), candidate].sum())
        if score > best_score:
            best, best_score = candidate, score
    return best


def _is_tree(heads: Ints) -> bool:
    if (heads == 0).sum() != 1:
        return False
    for start in range(1, len(heads) + 1):
        node, steps = start, 0
        while node and steps <= len(heads):
            node, steps = int(heads[node - 1]), steps + 1
        if node:
            return False
    return True


def _arborescence(scores: Floats) -> Ints:
    """Heads of the maximum spanning arborescence rooted in node 0; scores[dependent, head]."""
    scores = scores.copy()
    scores[0] = _NEVER
    np.fill_diagonal(scores, _NEVER)
    heads: Ints = scores.argmax(axis=1)
    heads[0] = -1
    cycle = _find_cycle(heads)
    if cycle is None:
        return heads
    inside = set(cycle.tolist())
    outside = np.array([node for node in range(len(scores)) if node not in inside])
    size = len(outside)
    kept = scores[cycle, heads[cycle]]
    smaller = np.full((size + 1, size + 1), _NEVER, dtype=np.float32)
    smaller[:size, :size] = scores[np.ix_(outside, outside)]
    entering = scores[np.ix_(cycle, outside)] - kept[:, None]
    smaller[size, :size] = entering.max(axis=0) + kept.sum()
    leaving = scores[np.ix_(outside, cycle)]
    smaller[:size, size] = leaving.max(axis=1)
    solved = _arborescence(smaller)
    result = np.full(len(scores), -1)
    for node in range(1, size):
        head = solved[node]
        result[outside[node]] = cycle[leaving[node].argmax()] if head == size else outside[head]
    result[cycle] = heads[cycle]
    broken = cycle[entering[:, solved[size]].argmax()]
    result[broken] = outside[solved[size]]
    return result


def _find_cycle(heads: Ints) -> Ints | None:
    state = np.zeros(len(heads), dtype=np.int64)
    for start in range(1, len(heads)):
        path: list[int] = []
        node = start
        while node > 0 and state[node] == 0:
            state[node] = start
            path.append(node)
            node = int(heads[node])
        if node > 0 and state[node] == start and node in path:
            return np.array(path[path.index(node) :])
    return None
