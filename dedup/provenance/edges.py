"""What is known of one edge: its kind, its direction, what the copy credits, and what would change the answer."""

from dataclasses import dataclass
from math import exp, log

from dedup.provenance.calibration import DIRECTION, calibrated, log_odds
from dedup.provenance.clocks import probability_before
from dedup.provenance.decision import Decision
from dedup.provenance.evidence import WEAK, Evidence
from dedup.provenance.matched import p_match, p_match_unseen
from dedup.provenance.model import Credit, Edits, Figures, FurtherSource, Passage, Republication, RepublicationKind
from dedup.provenance.names import same_name
from dedup.provenance.parents import LYING_CLOCK, Member, Terms
from dedup.provenance.passages import changed_numbers
from dedup.provenance.rulebook import EvidenceClass
from dedup.provenance.standing import Standing
from dedup.provenance.tree import ROOT

# Below this probability no direction is claimed.
DIRECTION_CLAIMED = 0.75
UNDECIDED = 0.5
# A copy that holds this share of its source reprints it; one that is shorter than that abridges it.
_REPRINT_SHARE = 0.8
_HALF = 0.5
_LEAST_ALTERNATIVE = 0.01
_MOST_ALTERNATIVES = 3
# Scores that differ by less nats are equal but for the order in which they were added up.
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Edge:
    """The edge of a tree that leads into `child`, its direction, and how probable its source is the immediate one.

    Where none is claimed and the clocks are against it, `source` and `copy` are the other way round; both are 0 where
    the parent is an outlet nobody gave us.
    """

    parent: int
    child: int
    source: int
    copy: int
    p_direction: float
    determined: bool
    p_parent: float


def edges_of(decision: Decision, standing: Standing) -> list[Edge]:
    """Return the edges of a tree that lead into the members that have a source."""
    return [_edge(decision, standing, decision.parents[child], child) for child in decision.copies()]


def _edge(decision: Decision, standing: Standing, parent: int, child: int) -> Edge:
    members = decision.case.members
    if decision.is_unseen(parent):
        direction = 1.0 - decision.shares[child][ROOT]
        likely = standing.p_parent(parent, child, True)
        return Edge(parent, child, ROOT, ROOT, direction, direction >= DIRECTION_CLAIMED, likely)
    direction = calibrated(DIRECTION, {"odds": log_odds(direction_of(decision, parent, child))})
    if contradicted(decision, parent, child):
        direction = min(direction, UNDECIDED)
    determined = direction >= DIRECTION_CLAIMED
    source, copy = parent, child
    if not determined and _later(members[parent - 1], members[child - 1]):
        source, copy, direction = child, parent, 1.0 - direction
    return Edge(parent, child, source, copy, direction, determined, standing.p_parent(source, copy, determined))


def direction_of(decision: Decision, source: int, copy: int) -> float:
    """Return what the marginals say of an edge's direction. Of a family too large for exact ones, and of an edge whose
    other direction was not weighed, since the source has too many others like the copy, clocks and evidence have to say
    the same.
    """
    forward, backward = decision.shares[copy][source], decision.shares[source].get(copy, 0.0)
    direction = forward / (forward + backward) if forward + backward > 0 else 0.5
    weighed = not decision.bounded and copy in decision.terms[source]
    return direction if weighed else min(direction, _told_direction(decision, source, copy))


def republication(
    decision: Decision, edge: Edge, passages: tuple[Passage, ...], edits: Edits, further: tuple[FurtherSource, ...]
) -> Republication:
    """Return what is known of an edge, whose source and copy share these passages, all but for these edits and what
    the copy has from `further` sources.
    """
    parent, child, source, copy = edge.parent, edge.child, edge.source, edge.copy
    if decision.is_unseen(parent):
        return _from_unseen(decision, edge)
    members = decision.case.members
    figures = decision.case.overlaps.figures(source - 1, copy - 1)
    texts = [decision.case.articles[node - 1].text for node in (source, copy)]
    return Republication(
        source=decision.id_of(source),
        copy=decision.id_of(copy),
        kind=kind_of(figures, _of_one_outlet(members[source - 1], members[copy - 1])),
        figures=figures,
        determined=edge.determined,
        p_match=p_match(figures, changed_numbers(passages, *texts)),
        p_direction=edge.p_direction,
        p_parent=edge.p_parent,
        credit=_credit(decision, child),
        passages=passages,
        evidence=_supporting(decision, source, copy),
        alternatives=_alternatives(decision, source, copy, edge.p_parent),
        flips_if=_flips(decision, parent, child),
        edits=edits,
        further=further,
    )


def _told_direction(decision: Decision, source: int, copy: int) -> float:
    """Return the probability of an edge's direction by clocks and evidence; the text has none."""
    members = decision.case.members
    before = probability_before(members[source - 1].clock, members[copy - 1].clock)
    forward, backward = (decision.terms[to].get(node, Terms()) for node, to in ((source, copy), (copy, source)))
    told = log(max(before, LYING_CLOCK)) - log(max(1.0 - before, LYING_CLOCK))
    told += forward.declared + forward.observed - backward.declared - backward.observed
    return 1.0 / (1.0 + exp(-told))


def contradicted(decision: Decision, source: int, copy: int) -> bool:
    """Say whether the source itself declares the copy's outlet as its own source, or every clock is against the edge
    and the copy declares nothing for it.
    """
    members = decision.case.members
    mine, its = members[copy - 1].clock, members[source - 1].clock
    later = mine is not None and its is not None and its.not_before >= mine.not_after
    against = later and not declares(decision, copy, source)
    return against or declares(decision, source, copy)


def declares(decision: Decision, node: int, other: int) -> bool:
    """Say whether a page declares another's outlet as its source."""
    outlet = decision.outlet_of(other)
    if outlet is None or outlet == decision.outlet_of(node):
        return False
    evidence = decision.case.readings[node - 1].evidence
    return any(e.evidence_class is EvidenceClass.DECLARED and same_name(e.names, outlet) for e in evidence)


def _from_unseen(decision: Decision, edge: Edge) -> Republication:
    """Return an edge from a text nobody gave us: it is not known, so nothing is compared."""
    source, copy = edge.parent, edge.child
    outlet, told = decision.outlet_of(source), decision.case.readings[copy - 1].evidence
    evidence = tuple(e for e in told if outlet is not None and same_name(e.names, outlet))
    return Republication(
        source=decision.id_of(source),
        copy=decision.id_of(copy),
        kind=RepublicationKind.REPRINT,
        figures=None,
        determined=edge.determined,
        p_match=p_match_unseen(),
        p_direction=edge.p_direction,
        p_parent=edge.p_parent,
        credit=_credit(decision, copy),
        passages=(),
        evidence=evidence,
        alternatives=_alternatives(decision, source, copy, edge.p_parent),
        flips_if=_flips(decision, source, copy),
        edits=Edits(),
    )


def _later(source: Member, copy: Member) -> bool:
    before = probability_before(source.clock, copy.clock)
    return before < 0.5 or (before == 0.5 and copy.id < source.id)


def _of_one_outlet(source: Member, copy: Member) -> bool:
    return source.outlet is not None and source.outlet == copy.outlet


def kind_of(figures: Figures, one_outlet: bool) -> RepublicationKind:
    """Return what a copy did with its source, by how much of each stands in the other."""
    if one_outlet:
        return RepublicationKind.REVISION
    if figures.containment_of_source >= _REPRINT_SHARE:
        return RepublicationKind.REPRINT
    # An edit spoils five shingles, so what was left out is told by length and not by what still agrees.
    if figures.containment_of_copy >= _HALF and figures.copy_size < _REPRINT_SHARE * figures.source_size:
        return RepublicationKind.ABRIDGEMENT
    held = max(figures.containment_of_source, figures.containment_of_copy)
    return RepublicationKind.REPRINT if held >= _HALF else RepublicationKind.EXCERPT


def _alternatives(decision: Decision, source: int, copy: int, probability: float) -> tuple[tuple[str, float], ...]:
    """Return the likeliest other sources. They share what the probability of the source leaves, as by the marginals."""
    shares = decision.shares[copy]
    rest = 1.0 - shares.get(source, 0.0)
    scale = (1.0 - probability) / rest if rest > 0 else 0.0
    others = [(node, share * scale) for node, share in shares.items() if node not in (source, ROOT)]
    others = [(node, share) for node, share in others if share >= _LEAST_ALTERNATIVE]
    others.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple((decision.id_of(node), share) for node, share in others[:_MOST_ALTERNATIVES])


def _flips(decision: Decision, source: int, copy: int) -> tuple[tuple[str, str], ...]:
    """Return which single term, had it said nothing, would have made another source the best for this copy."""
    nodes = [node for node in decision.terms[copy] if node != ROOT]
    if len(nodes) == 1:
        return ()
    terms = [decision.terms[copy][node] for node in nodes]
    totals = [decision.scores[copy][node] for node in nodes]
    chosen = nodes.index(source)
    found = []
    for name, said in zip(Terms._fields, zip(*terms, strict=True), strict=True):
        if not any(said):
            continue  # what says nothing of any source decides nothing
        without = [total - part for total, part in zip(totals, said, strict=True)]
        most = max(without)
        if most <= without[chosen] + _HAIR:
            continue
        best = next(at for at, total in enumerate(without) if total >= most - _HAIR)
        if totals[best] <= totals[chosen] + _HAIR:
            found.append((name, decision.id_of(nodes[best])))
    return tuple(found)


def _credit(decision: Decision, copy: int) -> Credit:
    """Return what a copy itself says of its origin; only what it declares counts, and a name that nobody knows for
    an outlet's only where it is right: a chart's source is no wrong credit.
    """
    *between, origin = decision.ancestors(copy)
    if decision.outlet_of(origin) is not None and decision.outlet_of(origin) == decision.outlet_of(copy):
        return Credit.SELF
    evidence = decision.case.readings[copy - 1].evidence
    stated = [e for e in evidence if e.evidence_class is EvidenceClass.DECLARED]
    declared = {e.names for e in stated}

    def named(node: int) -> bool:
        outlet = decision.outlet_of(node)
        return outlet is not None and any(same_name(name, outlet) for name in declared)

    if named(origin):
        return Credit.LATENT if decision.is_unseen(origin) else Credit.CREDITED
    if any(named(node) for node in between):
        return Credit.MIDDLEMAN
    return Credit.MISCREDITED if any(e.weight >= WEAK for e in stated) else Credit.UNCREDITED


def _supporting(decision: Decision, source: int, copy: int) -> tuple[Evidence, ...]:
    """Return the copy's evidence that names its source or anyone the source goes back to."""
    outlets = [decision.outlet_of(node) for node in (source, *decision.ancestors(source))]
    return tuple(
        e
        for e in decision.case.readings[copy - 1].evidence
        if any(outlet is not None and same_name(e.names, outlet) for outlet in outlets)
    )
