"""How sure is each edge of a tree of sources, in families of any size?

bounded_marginals   the probability of each edge over all trees, with what could not be weighed counted
"""

from collections.abc import Mapping
from math import exp, inf

from dedup import _core
from dedup.provenance.tree import Scores

# So many nodes that may all be each other's ancestors are weighed together; the cost is the cube of it.
MOST_TOGETHER = 1000
# Of more, sources so many nats below a child's best are left out, one step after the other until they fall apart.
_CUTS = (12.0, 6.0, 3.0, 1.0, 0.3, 0.0, -inf)


def bounded_marginals(scores: Scores, tree: Mapping[int, int]) -> tuple[list[dict[int, float]], int]:
    """Return the probability of each edge over all trees, and how many edges had to be weighed without a look at
    circles.

    That happens only where more than MOST_TOGETHER nodes can all be each other's ancestors. Sources far below a child's
    best are then set aside, the farthest first, until none of the groups into which the rest falls is larger; at last
    all but the sources in the `tree`. Each keeps the share it has among all the child's sources if nobody descends
    from the child; the other sources have the rest, in proportion to their probabilities without those set aside.
    Which of two articles is the source is then not for these probabilities alone to say.
    """
    kept = _thinned(scores, tree)
    shares = _core.marginals(kept)
    aside = 0
    for child, into in enumerate(scores):
        if len(kept[child]) == len(into):
            continue
        top = max(into.values())
        weights = {parent: exp(score - top) for parent, score in into.items()}
        whole = sum(weights.values())
        lost = {parent: weight / whole for parent, weight in weights.items() if parent not in kept[child]}
        rest = 1.0 - sum(lost.values())
        shares[child] = lost | {parent: share * rest for parent, share in shares[child].items()}
        aside += len(lost)
    return shares, aside


def _thinned(scores: Scores, tree: Mapping[int, int]) -> list[Mapping[int, float]]:
    """Return the scores without the sources that are set aside."""
    kept = list(scores)
    if len(kept) <= MOST_TOGETHER:
        return kept
    for cut in _CUTS:
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
