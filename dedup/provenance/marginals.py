"""How sure is each edge of a tree of sources?

marginals           the probability of each edge over all trees
bounded_marginals   the same for families of any size, with what could not be weighed counted
"""

from collections.abc import Mapping, Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.provenance.tree import ROOT, Scores

# More than this many nats below a child's best source, a source is as good as none.
_LEAST_SCORE = -300.0
# Entries of the inverse as large as this leave seven of a float's digits.
_MOST_LOSS = 1e9
# So many nodes that may all be each other's ancestors are weighed together; the cost is the cube of it.
MOST_TOGETHER = 1000
# Of more, sources so many nats below a child's best are left out, one step after the other until they fall apart.
_CUTS = (12.0, 6.0, 3.0, 1.0, 0.3, 0.0)


def marginals(scores: Scores) -> list[dict[int, float]]:
    """Return the probability of each edge over all spanning arborescences, each weighted by the exponential of its
    total score: the directed matrix-tree theorem (Tutte 1948; Koo, Globerson, Carreras and Collins 2007).

    The determinant it takes is the product of those of the groups of nodes that can be each other's ancestors, where
    every source outside a group is as good as the root: so each group is worked out by itself, and exactly.
    """
    shares, larger = _core.marginals(list(scores))
    for group in larger:
        weights = [_weights(scores[child]) for child in group]
        for child, weighed, freed in zip(group, weights, _free_within(group, weights), strict=True):
            parts = [weight * part for weight, part in zip(weighed.values(), freed, strict=True)]
            whole = sum(parts)
            shares[child] = {parent: part / whole for parent, part in zip(weighed, parts, strict=True)}
    return shares


def _weights(into: Mapping[int, float]) -> dict[int, float]:
    """Return the exponentials of one child's scores. Scaling them all alike changes no probability, and keeps exp() in
    range.
    """
    top = max(into.values())
    return {parent: exp(max(score - top, _LEAST_SCORE)) for parent, score in into.items()}


def _free_within(group: Sequence[int], weights: Sequence[Mapping[int, float]]) -> list[list[float]]:
    """Return for each node of a group and each of its sources the probability that the source's line of sources, drawn
    by weight, leaves the group without passing the node (Wilson 1996): in proportion to that may it be the source.
    """
    place = {node: at for at, node in enumerate(group, start=1)}
    onward = [[0.0] * (len(group) + 1) for _ in range(len(group) + 1)]
    for row, into in zip(onward[1:], weights, strict=True):
        for parent, weight in into.items():
            row[place.get(parent, ROOT)] += weight
    walk = np.array(onward)
    free = _free_by_inversion(walk)
    rows = (_free_by_elimination(walk) if free is None else free).T.tolist()
    return [[row[place.get(parent, ROOT)] for parent in into] for row, into in zip(rows, weights, strict=True)]


def _free_by_inversion(walk: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return what `_free_by_elimination` returns, or None where too many digits would be lost."""
    laplacian = np.diag(walk[1:].sum(axis=1)) - walk[1:, 1:]
    try:
        inverse = np.linalg.inv(laplacian)
    except np.linalg.LinAlgError:
        return None
    passed = inverse.diagonal()
    if not (np.abs(inverse).max() < _MOST_LOSS and (passed > 0).all()):
        return None
    free = np.ones((len(walk), len(walk) - 1))
    free[1:] = np.clip(1.0 - inverse / passed, 0.0, 1.0)
    return free


def _free_by_elimination(walk: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that a walk from each node (row) ends at the root without passing each other (column).

    Half of the nodes are eliminated to work out the columns of the other half, and so on. No step subtracts (Grassmann,
    Taksar and Heyman 1985), so that circles which hardly anything leaves lose no digit.
    """
    count = len(walk) - 1
    if count == 1:
        return np.array([[1.0], [0.0]])
    free = np.empty((count + 1, count))
    nodes = np.arange(1, count + 1)
    for kept, gone in ((nodes[: count // 2], nodes[count // 2 :]), (nodes[count // 2 :], nodes[: count // 2])):
        order = np.concatenate(([ROOT], kept, gone))
        left = walk[order[:, None], order]
        for node in range(count, len(kept), -1):
            gone_on = left[node, :node]
            gone_on /= np.add.reduce(gone_on)
            left[1:node, :node] += left[1:node, node, None] * gone_on
        found = np.empty((count + 1, len(kept)))
        found[: len(kept) + 1] = _free_by_elimination(left[: len(kept) + 1, : len(kept) + 1])
        for node in range(len(kept) + 1, count + 1):
            found[node] = left[node, :node] @ found[:node]
        free[order[:, None], kept - 1] = found
    return free


def bounded_marginals(scores: Scores, tree: Mapping[int, int]) -> tuple[list[dict[int, float]], int]:
    """Return what `marginals` returns, and how many edges had to be weighed without a look at circles.

    That happens only where more than MOST_TOGETHER nodes can all be each other's ancestors. Sources far below a child's
    best are then set aside, the farthest first, until none of the groups into which the rest falls is larger; at last
    all but the sources in the `tree`. Each keeps the share it has among all the child's sources if nobody descends
    from the child; the other sources have the rest, in proportion to their probabilities without those set aside.
    Which of two articles is the source is then not for these probabilities alone to say.
    """
    kept = _thinned(scores, tree)
    shares = marginals(kept)
    aside = 0
    for child, into in enumerate(scores):
        if len(kept[child]) == len(into):
            continue
        weights = _weights(into)
        whole = sum(weights.values())
        lost = {parent: weight / whole for parent, weight in weights.items() if parent not in kept[child]}
        rest = 1.0 - sum(lost.values())
        shares[child] = lost | {parent: share * rest for parent, share in shares[child].items()}
        aside += len(lost)
    return shares, aside


def _thinned(scores: Scores, tree: Mapping[int, int]) -> Scores:
    """Return the scores without the sources that are set aside."""
    if len(scores) <= MOST_TOGETHER:
        return scores
    kept = list(scores)
    for cut in (*_CUTS, -np.inf):
        large = [group for group in _core.groups(kept) if len(group) > MOST_TOGETHER]
        if not large:
            break
        for group in large:
            members = set(group)
            for child in group:
                least = max(scores[child].values()) - cut
                kept[child] = {
                    parent: score
                    for parent, score in kept[child].items()
                    if score >= least or parent == tree[child] or parent not in members
                }
    return kept
