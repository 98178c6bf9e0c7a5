"""What is known of a claim beside what the tree says?

Surroundings tell how far the tree can be trusted: how well a family keeps time, whether its pages name their sources,
and how many of those nobody gave us. All of it is of one family, so that an answer does not hang on what else was read.

Standing   what is known of one family's claims
"""

from math import log

from dedup.provenance.calibration import ORIGIN, SEEN, UNDETERMINED, UNSEEN, calibrated, log_odds
from dedup.provenance.clocks import SURELY, probability_before
from dedup.provenance.decision import Decision
from dedup.provenance.parents import Terms
from dedup.provenance.rulebook import EvidenceClass
from dedup.provenance.tree import ROOT

# A date is to the minute if its interval is shorter than so many microseconds: two hours.
_PRECISE = 2 * 3_600_000_000


class Standing:
    """What is known of a family's claims, and how probable that makes them."""

    def __init__(self, decision: Decision) -> None:
        """Work out what all claims of the family have in common."""
        self._decision = decision
        members = decision.case.members
        count = len(members)
        spans = [member.clock.microseconds() for member in members if member.clock is not None]
        self._names = [
            any(item.evidence_class is EvidenceClass.DECLARED for item in member.evidence) for member in members
        ]
        into = decision.terms[1 : count + 1]
        absent = sum(any(node > count and term.declared > 0 for node, term in terms.items()) for terms in into)
        self._family = {
            "size": log(count),
            "to the minute": sum(last - first < _PRECISE for first, last in spans) / count,
            "naming": sum(self._names) / count,
            "absent": absent / count,
            "unseen": sum(decision.parents[child] > count for child in range(1, count + 1)) / count,
        }

    def p_parent(self, source: int, copy: int, determined: bool) -> float:
        """Return the probability that `source` is the immediate one. What the marginals rule out stays ruled out."""
        if self._decision.shares[copy].get(source, 0.0) <= 0.0:
            return 0.0
        kind = UNSEEN if self._decision.is_unseen(source) else SEEN if determined else UNDETERMINED
        return calibrated(kind, self.known_of_parent(source, copy))

    def known_of_parent(self, source: int, copy: int) -> dict[str, float]:
        """Return what is known of an edge."""
        decision = self._decision
        shares, terms = decision.shares[copy], decision.terms[copy].get(source, Terms())
        known = {
            **self._family,
            "odds": log_odds(shares.get(source, 0.0)),
            "of none": log_odds(shares.get(ROOT, 0.0)),
            "declared": terms.declared,
        }
        if decision.is_unseen(source):
            known["text"] = terms.text
            return known
        figures = decision.case.overlaps.figures(source - 1, copy - 1)
        known["runner-up"] = log_odds(max([share for node, share in shares.items() if node != source], default=0.0))
        known["clock"] = terms.clock
        known["held of copy"] = figures.containment_of_copy
        known["held of source"] = figures.containment_of_source
        return known

    def p_origin(self, origin: int, share: float) -> float:
        """Return the probability that the family goes back to this node, of which the marginals say `share`."""
        return calibrated(ORIGIN, self.known_of_origin(origin, share))

    def known_of_origin(self, origin: int, share: float) -> dict[str, float]:
        """Return what is known of a family's origin."""
        decision = self._decision
        count, unseen = len(decision.case.members), decision.is_unseen(origin)
        children = list(decision.parents.values())
        known = self._family | {
            "odds": log_odds(share),
            "share": share,
            "is unseen": float(unseen),
            "children": log(1 + children.count(origin)),
            "only root": float(len(decision.roots()) == 1),
            "roots": sum(decision.parents[child] == ROOT for child in range(1, count + 1)) / count,
            "expected roots": min(sum(decision.shares[child][ROOT] for child in range(1, count + 1)), 10.0),
        }
        return known | self._first(origin)

    def _first(self, origin: int) -> dict[str, float]:
        """Return how far the clocks let an article be the first of its family, and whether it names a source."""
        if self._decision.is_unseen(origin):
            return {"first": 0.0, "earlier": 0.0, "names": 0.0}
        members = self._decision.case.members
        mine = members[origin - 1].clock
        before = [probability_before(mine, member.clock) for at, member in enumerate(members) if at != origin - 1]
        return {
            "first": sum(before) / len(before),
            "earlier": sum(share <= 1.0 - SURELY for share in before) / len(before),
            "names": float(self._names[origin - 1]),
        }
