"""What does a page's evidence weigh for each outlet that it names?

Vote       all that one page declares of one outlet, and each act of what it shows
votes_of   the votes of one page
bounded    the sum of what is shown, which is one observation in several places
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.provenance.evidence import Evidence
from dedup.provenance.names import is_agency, same_name
from dedup.provenance.rulebook import Act, EvidenceClass

MOST_OBSERVED = 4.0


@dataclass(frozen=True, slots=True)
class Vote:
    """What a page's evidence for one outlet weighs: all it declares, and each act of what it shows."""

    declared: float
    shown: Mapping[Act, float]
    wire: bool


def votes_of(evidence: Sequence[Evidence], wires: Collection[str]) -> dict[str, Vote]:
    """Return what a page's evidence weighs for each outlet it names: one template is one vote.

    `wires` are the outlets that any page of the family names as a wire: a wire's copies seldom copy each other.
    """
    names: list[str] = []
    for item in evidence:
        if not any(same_name(item.names, name) for name in names):
            names.append(item.names)
    votes = {}
    for name in names:
        mine = [e for e in evidence if same_name(e.names, name)]
        declared = [e for e in mine if e.evidence_class is EvidenceClass.DECLARED]
        wire = max((e.weight for e in declared if e.act is Act.WIRE), default=0.0)
        template = max((e.weight for e in declared if e.act is not Act.WIRE), default=0.0)
        by_act = {e.act: e.weight for e in mine if e.evidence_class is EvidenceClass.OBSERVED}
        best_name = min((e.names for e in mine), key=lambda n: ("." not in n, -len(n), n))
        votes[best_name] = Vote(
            wire + template,
            by_act,
            is_agency(best_name) or any(same_name(best_name, name) for name in wires),
        )
    return votes


def bounded(weights: Iterable[float]) -> float:
    """Return the sum of weights, or the most that all a page shows may weigh."""
    return min(MOST_OBSERVED, sum(weights))
