"""Had a copy its text rather from an outlet that is named and not seen than from the article that the tree gives it?

Copies of one unseen text are alike, so that trees make them each other's. How often such claims come true is known
(`calibration.py`), and where an edge is hardly ever right the outlet that is named may be the better answer.
"""

from dataclasses import replace

from dedup.provenance.decision import Decision
from dedup.provenance.standing import Standing
from dedup.provenance.tree import ROOT

# Below this probability a source is doubted.
_DOUBTFUL = 0.3


def rather_unseen(decision: Decision) -> Decision:
    """Return a family with the unseen outlet as the source of each copy whose source is less likely than it, and
    doubtful.
    """
    if not decision.unseen:
        return decision
    standing, parents = Standing(decision), dict(decision.parents)
    for copy in decision.copies():
        source = decision.parents[copy]
        likely = 1.0 if decision.is_unseen(source) else standing.p_parent(source, copy, True)
        if likely < _DOUBTFUL:
            others = [
                (standing.p_parent(node, copy, True), node)
                for node in decision.shares[copy]
                if decision.is_unseen(node)
            ]
            probability, node = max(others, default=(0.0, ROOT))
            parents[copy] = node if probability > likely else source
    return replace(decision, parents=parents)
