"""How right is it about who took what from whom?

Claims     what a method says of a corpus: each article's source, each family's origin
score      the figures of some claims against the truth
reliability, risk_coverage   how far probabilities can be trusted

`claimed_by_us` reads a report; `baselines` says the same by three simple rules over the same families.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parent.parent / "corpora"))

from synthesis.cascades import CascadeTruth

from dedup.provenance.clocks import parse_stamp
from dedup.provenance.decision import Decision
from dedup.provenance.evidence import Reading
from dedup.provenance.model import Family, Republication
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import EvidenceClass
from dedup.provenance.trace import origin_of
from dedup.report.model import Report

BINS = 10

Truths = Mapping[str, CascadeTruth]
# A probability, and whether what it was given for is true.
Judged = tuple[float, bool]


@dataclass(slots=True)
class Claims:
    """What a method says: the source of each article, None where none of those seen is said to be it; for each
    article the id or the outlet (if nobody gave it us) that its family goes back to.
    """

    sources: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def ancestors(self, article: str) -> list[str]:
        """Return the sources above an article, nearest first."""
        above: list[str] = []
        source = self.sources.get(article)
        while source is not None and source != article and source not in above:
            above.append(source)
            source = self.sources.get(source)
        return above


def claimed_by_us(report: Report) -> Claims:
    """Return what a report says when it must choose: of an undetermined edge the likelier direction."""
    claims = Claims()
    for family in report.families:
        best: dict[str, tuple[float, str]] = {}
        for edge in family.republications:
            source, copy = (edge.source, edge.copy) if edge.p_direction >= 0.5 else (edge.copy, edge.source)
            best[copy] = max(best.get(copy, (-1.0, "")), (edge.p_parent, source))
        articles = set(family.articles)
        claims.sources |= {copy: source for copy, (_, source) in best.items() if source in articles}
        named = {latent.id: latent.outlet for latent in family.latent_sources}
        claims.origins |= dict.fromkeys(family.articles, named.get(family.origin) or family.origin)
    return claims


def claimed(decision: Decision) -> Claims:
    """Return what the tree of one family says."""
    seen = [child for child in decision.copies() if not decision.is_unseen(decision.parents[child])]
    origin, _ = origin_of(decision, decision.roots())
    named = decision.outlet_of(origin) if decision.is_unseen(origin) else decision.id_of(origin)
    return Claims(
        {decision.id_of(child): decision.id_of(decision.parents[child]) for child in seen},
        {member.id: named or "" for member in decision.case.members},
    )


def baselines(report: Report) -> dict[str, Claims]:
    """Return what simple rules say, each told the families and the exact figures of every pair:

    `earliest` has everything from the earliest; `similar earlier` each from the most similar one that is dated
    earlier; `credits` each from the article of the outlet it names in so many words, and nothing else.
    """
    readings = {article.article.id: article.reading for article in report.articles}
    stamps = {article.article.id: _stamp(article.article.published) for article in report.articles}
    found = {name: Claims() for name in ("earliest", "similar earlier", "credits")}
    for family in report.families:
        alike: dict[str, dict[str, float]] = {article: {} for article in family.articles}
        for pair in family.pairs:
            alike[pair.left][pair.right] = alike[pair.right][pair.left] = pair.figures.resemblance
        order = sorted(family.articles, key=lambda article: (stamps[article], article))
        said = {
            "earliest": dict.fromkeys(order[1:], order[0]),
            "similar earlier": _similar_earlier(order, alike, stamps),
            "credits": _credited(order, readings),
        }
        for name, sources in said.items():
            claims = found[name]
            claims.sources |= sources
            below = Counter(claims.ancestors(a)[-1] if claims.ancestors(a) else a for a in family.articles)
            origin = min(below, key=lambda article: (-below[article], stamps[article], article))
            claims.origins |= dict.fromkeys(family.articles, origin)
    return found


def _stamp(published: str | None) -> float:
    """Return the moment a stamp names as most tools read it: in UTC, at the beginning of the day. None comes last."""
    date = parse_stamp(published, "published") if published else None
    if date is None:
        return float("inf")
    if date.precision == "day" or not date.zone_known:
        return date.not_before.timestamp() + 14 * 3600
    return date.not_before.timestamp()


def _similar_earlier(
    order: Sequence[str], alike: Mapping[str, Mapping[str, float]], stamps: Mapping[str, float]
) -> dict[str, str]:
    said = {}
    for copy in order:
        earlier = [(alike[copy][other], -stamps[other], other) for other in alike[copy] if stamps[other] < stamps[copy]]
        if earlier:
            said[copy] = max(earlier)[2]
    return said


def _credited(order: Sequence[str], readings: Mapping[str, Reading]) -> dict[str, str]:
    said: dict[str, str] = {}
    for copy in order:
        evidence = readings[copy].evidence
        names = [e.names for e in evidence if e.evidence_class is EvidenceClass.DECLARED]
        named = [a for a in order if a != copy and any(same_name(readings[a].host or "", name) for name in names)]
        if named:
            said[copy] = named[0]
    return said


def score(claims: Claims, truths: Truths) -> dict[str, float]:
    """Return the figures of some claims.

    `parent`: of all copies, the share whose nearest ancestor in the corpus is the one named; where none is, that no
    article is named. `parent_seen` is the same of copies whose true source is in the corpus. `ancestor_f1`: of all
    pairs of an article and one it goes back to. `root_seen`: of the families whose origin is in the corpus, the share
    where it is the one named; `root_latent`: of the others, the share where exactly the articles without an ancestor
    in the corpus are said to have none, or the missing origin is named; `named_latent`: of those whose missing origin
    a page names that was made from it, the share where it is the one named. `root` takes each family once.
    """
    told = {id_: truth for id_, truth in truths.items() if truth.family is not None}
    copies = {id_: truth for id_, truth in told.items() if truth.parent is not None}
    seen = [id_ for id_, truth in copies.items() if truth.parent in told]
    right = {id_ for id_, truth in copies.items() if claims.sources.get(id_) == next(iter(truth.ancestors), None)}
    true_pairs = {(above, id_) for id_, truth in told.items() for above in truth.ancestors}
    said_pairs = {(above, id_) for id_ in truths for above in claims.ancestors(id_)}
    return {
        "parent": _share(id_ in right for id_ in copies),
        "parent_seen": _share(id_ in right for id_ in seen),
        "ancestor_f1": 2 * len(true_pairs & said_pairs) / (len(true_pairs) + len(said_pairs)),
        **_roots(claims, told),
    }


def origin_is_right(claims: Claims, members: Sequence[CascadeTruth]) -> bool:
    """Say whether a family's origin is the one named, or is rightly said to be nowhere in the corpus."""
    first = members[0]
    if first.origin is not None:
        return claims.origins.get(first.article) == first.origin
    if any(_names_origin(claims, m) for m in members):
        return True
    return all((claims.sources.get(m.article) is None) == (not m.ancestors) for m in members)


def _names_origin(claims: Claims, truth: CascadeTruth) -> bool:
    return truth.latent is not None and same_name(claims.origins.get(truth.article, truth.article), truth.latent)


def families_of(truths: Iterable[CascadeTruth]) -> list[list[CascadeTruth]]:
    """Return the true families of two and more articles."""
    grouped: dict[str, list[CascadeTruth]] = {}
    for truth in truths:
        if truth.family is not None:
            grouped.setdefault(truth.family, []).append(truth)
    return [members for members in grouped.values() if len(members) > 1]


def _roots(claims: Claims, told: Truths) -> dict[str, float]:
    families = families_of(told.values())
    here = [members for members in families if members[0].origin is not None]
    elsewhere = [members for members in families if members[0].origin is None]
    named = [members for members in elsewhere if any(m.named and not m.ancestors for m in members)]
    return {
        "root": _share(origin_is_right(claims, members) for members in families),
        "root_seen": _share(origin_is_right(claims, members) for members in here),
        "root_latent": _share(origin_is_right(claims, members) for members in elsewhere),
        "named_latent": _share(any(_names_origin(claims, m) for m in members) for members in named),
    }


def judged_edges(report: Report, truths: Truths) -> Iterator[tuple[Republication, bool]]:
    """Yield each edge with whether its source is the copy's nearest ancestor in the corpus; of an unseen source,
    whether the copy has none there.
    """
    for family in report.families:
        for edge in family.republications:
            nearest = next(iter(truths[edge.copy].ancestors), None)
            yield edge, nearest is None if edge.figures is None else edge.source == nearest


def confidence(report: Report, truths: Truths) -> dict[str, list[Judged]]:
    """Return what probabilities the report gives, and what came true.

    `p_parent` of every edge; `p_match` of those from an article; `p_direction` of those between an article and one it
    really goes back to; `p_origin` of every family.
    """
    claims = claimed_by_us(report)
    judged: dict[str, list[Judged]] = {"p_parent": [], "p_match": [], "p_direction": [], "p_origin": []}
    for edge, right in judged_edges(report, truths):
        judged["p_parent"].append((edge.p_parent, right))
        if edge.figures is not None:
            related = truths[edge.source].family, truths[edge.copy].family
            judged["p_match"].append((edge.p_match, related[0] is not None and related[0] == related[1]))
            forward = edge.source in truths[edge.copy].ancestors
            if forward or edge.copy in truths[edge.source].ancestors:
                judged["p_direction"].append((edge.p_direction, forward))
    for family in report.families:
        members = [truths[id_] for id_ in family.articles]
        judged["p_origin"].append((family.p_origin, origin_is_right(claims, members)))
    return judged


def reliability(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the Brier score and the expected calibration error over ten bins of equally many."""
    if not judged:
        return {"brier": float("nan"), "ece": float("nan")}
    told = np.array([p for p, _ in judged])
    came = np.array([float(true) for _, true in judged])
    order = np.argsort(told, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    gaps = [abs(told[part].mean() - came[part].mean()) * len(part) for part in bins]
    return {"brier": float(((told - came) ** 2).mean()), "ece": float(sum(gaps) / len(told))}


def risk_coverage(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the share of wrong edges among the surest half and four fifths, and the area under that curve."""
    ordered = sorted(judged, key=lambda pair: -pair[0])
    wrong = np.cumsum([not true for _, true in ordered]) / np.arange(1, len(ordered) + 1)
    half, most = (max(0, int(share * len(wrong)) - 1) for share in (0.5, 0.8))
    return {"risk_at_50": float(wrong[half]), "risk_at_80": float(wrong[most]), "area": float(wrong.mean())}


def other_figures(report: Report, truths: Truths) -> dict[str, float]:
    """Return what only a report says: direction, credit labels, false matches."""
    claimed, right_way, labelled, label_right = 0, 0, 0, 0
    for family in report.families:
        for edge in family.republications:
            truth = truths[edge.copy]
            if edge.determined and edge.figures is not None:
                claimed += 1
                right_way += edge.copy not in truths[edge.source].ancestors
            if truth.credit is not None and (truth.ancestors or truth.named):
                labelled += 1
                label_right += edge.credit == truth.credit
    edges = sum(len(family.republications) for family in report.families)
    strangers = sum(_strange(family, truths) for family in report.families)
    return {
        "determined": claimed / max(1, edges),
        "direction": right_way / max(1, claimed),
        "credit": label_right / max(1, labelled),
        "false_families": strangers / max(1, len(report.families)),
    }


def _strange(family: Family, truths: Truths) -> bool:
    return len({truths[id_].family or id_ for id_ in family.articles}) > 1


def _share(right: Iterable[bool]) -> float:
    found = list(right)
    return sum(found) / len(found) if found else float("nan")
