"""Which tree of sources fits best, and how sure is each of its edges?

Nodes are numbered; node 0 is the root ("no source is known"). Scores are log-likelihoods of "child took it from
parent"; pairs without a score cannot be edges.
"""

from collections.abc import Mapping

import numpy as np

Edge = tuple[int, int]


def best_tree(nodes: int, scores: Mapping[Edge, float]) -> dict[int, int]:
    """Return the parent of each node but the root in the spanning arborescence of greatest total score
    (Chu and Liu 1965, Edmonds 1967). Every node must be reachable from the root.
    """
    children = range(1, nodes)
    greedy = {
        child: max((parent for parent in range(nodes) if (parent, child) in scores), key=lambda p: scores[p, child])
        for child in children
    }
    if _reaches_root(greedy):
        return greedy
    import networkx

    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(nodes))
    for (parent, child), score in sorted(scores.items()):
        graph.add_edge(parent, child, weight=score)
    tree = networkx.maximum_spanning_arborescence(graph)
    return {child: parent for parent, child in tree.edges}


def _reaches_root(parents: Mapping[int, int]) -> bool:
    """Say whether no node's path of parents runs in a circle."""
    safe = {0}
    for start in parents:
        path = []
        node = start
        while node not in safe:
            if node in path:
                return False
            path.append(node)
            node = parents[node]
        safe.update(path)
    return True


def marginals(nodes: int, scores: Mapping[Edge, float]) -> dict[Edge, float]:
    """Return the probability of each edge over all spanning arborescences, each weighted by the exponential of its
    total score: the directed matrix-tree theorem (Tutte 1948; Koo, Globerson, Carreras and Collins 2007).
    """
    top = dict.fromkeys(range(1, nodes), -np.inf)
    for (_, child), score in scores.items():
        top[child] = max(top[child], score)
    # Scaling the scores of one child alike changes no probability, and keeps exp() in range.
    weights = {edge: float(np.exp(max(score - top[edge[1]], -60.0))) for edge, score in scores.items()}
    laplacian = np.zeros((nodes - 1, nodes - 1))
    for (parent, child), weight in weights.items():
        laplacian[child - 1, child - 1] += weight
        if parent != 0:
            laplacian[parent - 1, child - 1] -= weight
    inverse = np.linalg.inv(laplacian)

    def share(parent: int, child: int) -> float:
        through = inverse[child - 1, parent - 1] if parent else 0.0
        return float(np.clip(weights[parent, child] * (inverse[child - 1, child - 1] - through), 0.0, 1.0))

    return {edge: share(*edge) for edge in scores}
