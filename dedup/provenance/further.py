"""Which passages of a copy does its source not explain, and which earlier article has them?

A page may be put together from two. Of its second source no more is claimed than what can be seen: the passages, which
the source lacks, stand in both, and that article came earlier, or is named by the copy.

candidates        which articles are worth comparing with a copy
further_sources   which of them hold passages that its source does not explain
"""

from collections.abc import Sequence

from dedup.match import PASSAGE_WORDS
from dedup.provenance.clocks import probability_before
from dedup.provenance.decision import Decision
from dedup.provenance.edges import DIRECTION_CLAIMED, Edge, declares
from dedup.provenance.model import FurtherSource, Passage
from dedup.provenance.pages import covered
from dedup.provenance.passages import LEAST_RUN
from dedup.scheme import SCHEME_V1

# At most so many articles are compared with each copy: those that hold most of what its source lacks.
MOST_FURTHER = 2
_LEAST_SHINGLES = PASSAGE_WORDS - SCHEME_V1.width + 1


def candidates(decision: Decision, edge: Edge) -> list[int]:
    """Return the nodes that may be further sources of an edge's copy, those that hold most of it first.

    What they have in common with the copy beyond all that they have in common with the source is at least a passage:
    of what a source holds too, nobody else need be the source.
    """
    if not (edge.copy and edge.determined):
        return []
    overlaps = decision.case.overlaps
    mine, its = overlaps.shared[edge.copy - 1], overlaps.shared[edge.source - 1]
    if overlaps.sizes[edge.copy - 1] - mine[edge.source - 1] < _LEAST_SHINGLES:
        return []
    alone = {place + 1: both - its.get(place, 0) for place, both in mine.items() if place != edge.source - 1}
    found = [node for node, count in alone.items() if count >= _LEAST_SHINGLES and _precedes(decision, node, edge.copy)]
    return sorted(found, key=lambda node: (-alone[node], node))[:MOST_FURTHER]


def _precedes(decision: Decision, node: int, copy: int) -> bool:
    """Say whether an article of another outlet is no copy of the copy's, and earlier or named by it."""
    members = decision.case.members
    it, me = members[node - 1], members[copy - 1]
    if (it.outlet is not None and it.outlet == me.outlet) or copy in decision.ancestors(node):
        return False
    earlier = probability_before(it.clock, me.clock) >= DIRECTION_CLAIMED
    return earlier or (declares(decision, copy, node) and not declares(decision, node, copy))


def further_sources(
    explained: Sequence[Passage], others: Sequence[tuple[str, Sequence[Passage]]]
) -> tuple[FurtherSource, ...]:
    """Return who else a copy has passages from: of `others`, each an id with the passages that it shares with the copy,
    those of which PASSAGE_WORDS words and more stand neither in the passages `explained` nor in those of one before it.
    """
    known = [passage.copy for passage in explained]
    found = []
    for source, shared in others:
        new = tuple(
            passage
            for passage in shared
            if passage.words >= LEAST_RUN * len(passage.runs)
            and passage.words * (1.0 - covered(passage.copy, known)) >= PASSAGE_WORDS
        )
        if new:
            found.append(FurtherSource(source, new))
            known += [passage.copy for passage in new]
    return tuple(found)
