"""Which tree of sources fits best, and how sure is each of its edges?

Nodes are numbered; node 0 is the root ("no source is known"). Scores are log-likelihoods of "child took it from
parent"; pairs without a score cannot be edges.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Edge = tuple[int, int]
# At one level of contraction: an edge's parent and child there, its score, and its place in the level below.
_Contracted = tuple[int, int, float, int]

ROOT = 0

# More than this many nats below a child's best source, a source is as good as none.
_LEAST_SCORE = -300.0
# Entries of the inverse as large as this leave half of a float's digits.
_MOST_LOSS = 1e7
# Up to so many nodes every probability is then worked out without a subtraction; beyond, at the fourth power of the
# nodes, that takes too long, and scores are raised to where inversion is safe.
_MOST_ELIMINATED = 120
_SAFE_SCORE = -12.0


def best_tree(nodes: int, scores: Mapping[Edge, float]) -> dict[int, int]:
    """Return the parent of each node but the root in the spanning arborescence of greatest total score (Chu and Liu
    1965, Edmonds 1967): each node's best edge is taken, circles are drawn together into one node, and so on until
    there is none. Every node must be reachable from the root; of equal trees the one of lower parents is returned.
    """
    ordered = sorted(scores)
    level: list[_Contracted] = [(p, c, scores[p, c], place) for place, (p, c) in enumerate(ordered)]
    levels = []
    while True:
        best = _best_edges(level)
        circles = _circles({child: edge[0] for child, edge in best.items()})
        levels.append((level, best, circles))
        if not circles:
            break
        level = _contracted(level, best, circles)
    chosen = {edge[3] for edge in levels.pop()[1].values()}
    while levels:
        level, best, circles = levels.pop()
        taken = [level[place] for place in chosen]
        entered = {edge[1] for edge in taken}
        taken += [best[node] for circle in circles for node in circle if node not in entered]
        chosen = {edge[3] for edge in taken}
    return {ordered[place][1]: ordered[place][0] for place in chosen}


def _best_edges(level: Sequence[_Contracted]) -> dict[int, _Contracted]:
    best: dict[int, _Contracted] = {}
    for edge in level:
        if edge[1] != ROOT and (edge[1] not in best or edge[2] > best[edge[1]][2]):
            best[edge[1]] = edge
    return best


def _circles(parents: Mapping[int, int]) -> list[list[int]]:
    """Return the circles that paths of parents run in."""
    seen: dict[int, int] = {ROOT: ROOT}
    found = []
    for start in parents:
        path = []
        node = start
        while node not in seen:
            seen[node] = start
            path.append(node)
            node = parents[node]
        if node != ROOT and seen[node] == start:
            found.append(path[path.index(node) :])
    return found


def _contracted(
    level: Sequence[_Contracted], best: Mapping[int, _Contracted], circles: Sequence[Sequence[int]]
) -> list[_Contracted]:
    """Return the edges between circles and the rest; an edge into a circle costs the edge it would replace there."""
    home = {node: min(circle) for circle in circles for node in circle}
    edges = []
    for place, (parent, child, score, _) in enumerate(level):
        source, target = home.get(parent, parent), home.get(child, child)
        if source != target:
            edges.append((source, target, score - best[child][2] if child in home else score, place))
    return edges


def marginals(nodes: int, scores: Mapping[Edge, float]) -> dict[Edge, float]:
    """Return the probability of each edge over all spanning arborescences, each weighted by the exponential of its
    total score: the directed matrix-tree theorem (Tutte 1948; Koo, Globerson, Carreras and Collins 2007).
    """
    top: dict[int, float] = dict.fromkeys(range(1, nodes), -np.inf)
    for (_, child), score in scores.items():
        top[child] = max(top[child], score)
    # Scaling the scores of one child alike changes no probability, and keeps exp() in range.
    weights = np.zeros((nodes, nodes))
    for (parent, child), score in scores.items():
        weights[child, parent] = np.exp(max(score - top[child], _LEAST_SCORE))
    free = _free_by_inversion(weights)
    if free is None and nodes <= _MOST_ELIMINATED:
        free = np.array([_free_of(child, weights) for child in range(nodes)])
    elif free is None:
        weights = np.where(weights > 0, np.maximum(weights, np.exp(_SAFE_SCORE)), 0.0)
        free = _free_by_inversion(weights, np.inf)
    if free is None:
        raise ArithmeticError(f"the probabilities of a family of {nodes - 1} cannot be worked out")
    parts = weights * free
    return {(parent, child): float(parts[child, parent] / parts[child].sum()) for parent, child in scores}


def _free_by_inversion(weights: NDArray[np.float64], most: float = _MOST_LOSS) -> NDArray[np.float64] | None:
    """Return what `_free_of` returns for each child, all at once, or None where too many digits would be lost."""
    laplacian = np.diag(weights[1:].sum(axis=1)) - weights[1:, 1:]
    try:
        inverse = np.linalg.inv(laplacian)
    except np.linalg.LinAlgError:
        return None
    if not (np.abs(inverse).max(initial=0.0) < most and (np.diag(inverse) > 0).all()):
        return None
    free = np.ones_like(weights)
    free[1:, 1:] = np.clip(1.0 - inverse.T / np.diag(inverse)[:, None], 0.0, 1.0)
    return free


def _free_of(child: int, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each node the probability that its line of sources, drawn by weight, ends at the root without
    passing `child` (Wilson 1996): in proportion to that may it be the child's source.
    Nodes are eliminated without a subtraction (Grassmann, Taksar and Heyman 1985), so that circles which hardly
    anything leaves lose no digit.
    """
    walk = weights.copy()
    np.fill_diagonal(walk, 0.0)
    others = [node for node in range(1, len(walk)) if node != child]
    left = np.ones(len(walk), dtype=bool)
    for node in others:
        left[node] = False
        walk[node, left] /= walk[node, left].sum()
        rest = np.flatnonzero(left & (walk[:, node] > 0))
        walk[np.ix_(rest, left)] += np.outer(walk[rest, node], walk[node, left])
        walk[rest, rest] = 0.0
    free = np.zeros(len(walk))
    free[0] = 1.0
    for node in reversed(others):
        free[node] = walk[node, left] @ free[left]
        left[node] = True
    return free
