"""Which sources may a copy have had, and how well does each explain it?

Every article of a family is a node; so is every outlet that is named as a source but has no article there, and so is
"no source known". Each possible edge gets a score in nats, a sum of terms that are kept apart so that the report can
say what decided. The weights stand here, stated and not yet calibrated.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, log1p

from dedup.provenance.clocks import Date, lag_days, probability_before
from dedup.provenance.evidence import Evidence
from dedup.provenance.model import Figures
from dedup.provenance.names import is_agency, same_name
from dedup.provenance.rulebook import Act, EvidenceClass

# Text: what two bodies share must have been written once. A shared shingle speaks for an edge, one that the copy
# would have had to drop speaks a little against it; dropping is cheap, so that cost is bounded. A source is measured
# against the best one by text; that none of those seen is the source costs as much as the best would explain, up to
# a bound.
MATCHED = 3.0
SHARED_SHINGLE = 0.06
DROPPED_SHINGLE = 0.015
MOST_DROPPED = 2.0
UNEXPLAINED_TEXT = 8.0
# Clocks lie or are misread about once in a thousand copies. Stories are copied while they are new: the share still
# to come falls about as one over the days gone by, down to what is copied for other reasons than its news.
LYING_CLOCK = 0.001
MOST_LAG = 3.0
# Evidence names an ancestor, seldom surely the parent: a page that names the same outlet may have passed it on. What
# it only shows (an appeal, a video) goes on with the text by itself, what it says is sometimes left out.
PASSED_ON = 0.9
PASSED_ON_WIRE = 0.3
HOLDS_THE_TEXT = 0.4
MOST_OBSERVED = 4.0
# An unseen source must be named by more than this much evidence to be preferred over none; an agency sends its text
# to everybody, so that it was not seen is no surprise.
UNSEEN_SOURCE = 2.5
UNSEEN_WIRE = 0.0
# A later version of an article at its own outlet is most likely made from the earlier one.
SAME_OUTLET = 2.0
SAME_HEADLINE = 2.0
RESIDUE_BLOCK = 1.0
MOST_RESIDUE = 3.0
# At most this many sources are weighed for each copy, the best by text; how many were left out is counted.
MOST_SOURCES = 24


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a family, as far as the choice of its source goes."""

    id: str
    outlet: str | None
    headline: str
    clock: Date | None
    evidence: tuple[Evidence, ...]
    boilerplate: frozenset[int]


@dataclass(frozen=True, slots=True)
class Terms:
    """What speaks for one edge, in nats."""

    text: float = 0.0
    clock: float = 0.0
    declared: float = 0.0
    observed: float = 0.0
    outlet: float = 0.0

    @property
    def total(self) -> float:
        """Return the score of the edge."""
        return self.text + self.clock + self.declared + self.observed + self.outlet

    def without(self, term: str) -> float:
        """Return the score had one term said nothing."""
        return self.total - float(getattr(self, term))


TERM_NAMES = ("text", "clock", "declared", "observed", "outlet")


@dataclass(slots=True)
class Candidates:
    """The possible sources of one copy: none, those seen by member index, and outlets not seen by name."""

    none: Terms
    seen: dict[int, Terms] = field(default_factory=dict)
    unseen: dict[str, Terms] = field(default_factory=dict)
    capped: int = 0


def weigh(
    members: Sequence[Member], copy: int, matched: Sequence[int], figures: Mapping[tuple[int, int], Figures]
) -> Candidates:
    """Return every source that member `copy` may have had, each with its terms.

    `matched` are the members it matches; `figures` holds their pairs in both directions, as (source, copy).
    """
    me = members[copy]
    sources = sorted(matched, key=lambda s: (-_text(figures[s, copy]), members[s].id))
    kept = sources[:MOST_SOURCES]
    best, worst = _text(figures[kept[0], copy]), _text(figures[kept[-1], copy])
    # Measured from the worst source and not from the best: what a middleman adds stands in its own copies, and must
    # not speak against the source from which it took the rest. Text has no direction.
    unexplained = worst - best - min(UNEXPLAINED_TEXT, worst)
    found = Candidates(Terms(text=unexplained), capped=len(sources) - len(kept))
    votes = _votes(me.evidence, {e.names for member in members for e in member.evidence if e.act is Act.WIRE})
    for source in kept:
        found.seen[source] = _seen(members, source, copy, figures, votes, best)
    for name, vote in votes.items():
        if any(other.outlet is not None and same_name(other.outlet, name) for other in members):
            continue
        others = [s for s in kept if any(same_name(e.names, name) for e in members[s].evidence)]
        shared = max((_text(figures[s, copy]) - best for s in others), default=unexplained)
        price = UNSEEN_WIRE if vote.wire else UNSEEN_SOURCE
        found.unseen[name] = Terms(text=shared - price, declared=vote.declared, observed=_bounded(vote.shown.values()))
    return found


@dataclass(frozen=True, slots=True)
class _Vote:
    """What a page's evidence for one outlet weighs: all it declares, and each act of what it shows."""

    declared: float
    shown: Mapping[Act, float]
    wire: bool


def _votes(evidence: Sequence[Evidence], wires: Collection[str]) -> dict[str, _Vote]:
    """Sum what a page's evidence weighs for each outlet it names: one template is one vote.

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
        votes[best_name] = _Vote(
            wire + template,
            by_act,
            is_agency(best_name) or any(same_name(best_name, name) for name in wires),
        )
    return votes


def _text(figures: Figures) -> float:
    dropped = figures.source_size - figures.shared
    return MATCHED + SHARED_SHINGLE * figures.shared - min(MOST_DROPPED, DROPPED_SHINGLE * dropped)


def _seen(
    members: Sequence[Member],
    source: int,
    copy: int,
    figures: Mapping[tuple[int, int], Figures],
    votes: Mapping[str, _Vote],
    best: float,
) -> Terms:
    it, me = members[source], members[copy]
    same_outlet = it.outlet is not None and it.outlet == me.outlet
    declared = observed = 0.0
    for name, vote in votes.items():
        said, shown = _explains(members, source, name, vote, figures)
        declared += said * vote.declared
        observed += _bounded(weight * shown[act] for act, weight in vote.shown.items())
    if not same_outlet:
        observed += min(MOST_RESIDUE, RESIDUE_BLOCK * len(it.boilerplate & me.boilerplate))
    before = probability_before(it.clock, me.clock, same_outlet)
    headline = SAME_HEADLINE if it.headline and it.headline == me.headline else 0.0
    return Terms(
        text=_text(figures[source, copy]) - best + headline,
        clock=log(max(before, LYING_CLOCK)) - min(MOST_LAG, log1p(lag_days(it.clock, me.clock))),
        declared=declared,
        observed=observed,
        outlet=SAME_OUTLET if same_outlet else 0.0,
    )


def _explains(
    members: Sequence[Member],
    source: int,
    name: str,
    vote: _Vote,
    figures: Mapping[tuple[int, int], Figures],
) -> tuple[float, Mapping[Act, float]]:
    """Return how far taking the text from `source` explains that the copy declares an outlet, and each act in which
    it shows it.
    """
    it = members[source]
    if it.outlet is not None and same_name(it.outlet, name):
        return 1.0, dict.fromkeys(vote.shown, 1.0)
    told = [e for e in it.evidence if same_name(e.names, name)]
    holders = (m for m, other in enumerate(members) if other.outlet is not None and same_name(other.outlet, name))
    held = HOLDS_THE_TEXT if any((holder, source) in figures for holder in holders) else 0.0
    passed_on = PASSED_ON_WIRE if vote.wire else PASSED_ON
    declares = any(e.evidence_class is EvidenceClass.DECLARED for e in told)
    shown = {act: 1.0 if any(e.act is act for e in told) else held for act in vote.shown}
    return passed_on if declares else held, shown


def _bounded(weights: Iterable[float]) -> float:
    return min(MOST_OBSERVED, sum(weights))
