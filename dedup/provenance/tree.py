"""Which tree of sources fits best, and how sure is each of its edges?

Nodes are numbered; node 0 is the root ("no source is known"). Scores are log-likelihoods of "child took it from
parent"; pairs without a score cannot be edges.
"""

from collections.abc import Mapping, Sequence

import numpy as np

Edge = tuple[int, int]
# At one level of contraction: an edge's parent and child there, its score, and its place in the level below.
_Contracted = tuple[int, int, float, int]

ROOT = 0


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
    top = dict.fromkeys(range(1, nodes), -np.inf)
    for (_, child), score in scores.items():
        top[child] = max(top[child], score)
    # Scaling the scores of one child alike changes no probability, and keeps exp() in range.
    weights = {edge: float(np.exp(max(score - top[edge[1]], -30.0))) for edge, score in scores.items()}
    laplacian = np.zeros((nodes - 1, nodes - 1))
    for (parent, child), weight in weights.items():
        laplacian[child - 1, child - 1] += weight
        if parent != ROOT:
            laplacian[parent - 1, child - 1] -= weight
    inverse = np.linalg.inv(laplacian)

    def share(parent: int, child: int) -> float:
        through = inverse[child - 1, parent - 1] if parent != ROOT else 0.0
        return float(np.clip(weights[parent, child] * (inverse[child - 1, child - 1] - through), 0.0, 1.0))

    return {edge: share(*edge) for edge in scores}
