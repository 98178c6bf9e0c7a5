"""Fit how far the probabilities of a report can be trusted, and write dedup/provenance/calibration.json.

    python benchmarks/calibrate.py [--families 300] [--write]

Cascades are made up under every setting of benchmarks/provenance.py, each with several seeds, and what was known of
each claim (dedup/provenance/standing.py) is held against the truth: a logistic regression for each kind of claim. A
family's own surroundings tell the settings apart, but for small ones not well; the two settings in which the plain mean
would be farthest off weigh twice. Outlets, their names, partners and habits are drawn anew for each seed, so that folds
by seed are disjoint in outlets.

What is printed is cross-validated: Brier score and expected calibration error (ten bins of equally many) before and
after, of claims whose outlets nothing was fitted on. Needs the dependency group `train`. The same arguments write the
same bytes. What is fitted on read pairs (`calibrate_matches.py`) stays as it stands.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import lineage
import measuring
import numpy as np
from numpy.typing import NDArray
from provenance import SWEEP, decided
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from synthesis.cascades import CascadeTruth

from dedup.provenance import calibration
from dedup.provenance.calibration import (
    DIRECTION,
    KINDS,
    MATCH,
    ORIGIN,
    SEEN,
    UNDETERMINED,
    UNSEEN,
    Coefficient,
    log_odds,
)
from dedup.provenance.decision import Decision
from dedup.provenance.edges import direction_of, edges_of
from dedup.provenance.standing import Standing
from dedup.provenance.trace import origin_of

SEEDS = (11, 12, 13, 14, 15, 16)
FOLDS = 3
WEIGHS_TWICE = ("clean clocks", "noisy, 30 % missing, no credits")
TARGET = Path(calibration.__file__).with_suffix(".json")

_FAMILY = ("size", "to the minute", "naming", "absent", "unseen")
_TOGETHER = ("odds x to the minute", "odds x naming", "of none x naming", "to the minute x naming")
_TOGETHER += ("to the minute x size", "naming x size")
_EDGE = ("odds", *_FAMILY, "of none", "declared", *_TOGETHER)
_OF_BOTH = ("runner-up", "clock", "held of copy", "held of source")
_ORIGIN = ("odds", "share", *_FAMILY, "is unseen", "children", "only root", "roots", "expected roots")
_ORIGIN += ("first", "earlier", "names", "odds x to the minute", "odds x naming", "odds x is unseen", "odds x size")
_ORIGIN += ("to the minute x naming", "naming x only root", "is unseen x naming", "absent x naming", "size x naming")
_ORIGIN += ("to the minute x size", "first x to the minute", "earlier x to the minute", "first x is unseen")
TERMS: dict[str, tuple[str, ...]] = {
    SEEN: (*_EDGE, *_OF_BOTH),
    UNDETERMINED: (*_EDGE, *_OF_BOTH),
    UNSEEN: (*_EDGE, "text"),
    # Without a constant neither direction is preferred.
    DIRECTION: ("odds",),
    ORIGIN: (*_ORIGIN, "first x size"),
    MATCH: ("shared", "longer", "numbers"),
}


class Claim(NamedTuple):
    """A claim before any calibration: what the marginals say of it, what is known beside, whether it is true, and what
    it weighs. Claims of one `fold` are fitted on together, or not at all.
    """

    setting: str
    fold: int | str
    kind: str
    marginal: float
    known: dict[str, float]
    right: bool
    weight: float = 1.0


def collected(families: int) -> list[tuple[str, int, list[Decision], dict[str, CascadeTruth]]]:
    """Return the families of all settings and seeds as they are decided in."""
    found = []
    for setting, plan in SWEEP.items():
        for seed in SEEDS:
            measuring.say(f"{setting}, seed {seed}")
            found.append((setting, seed, *decided(replace(plan, families=families, seed=seed))))
    measuring.say("")
    return found


def directions(
    decision: Decision, truths: dict[str, CascadeTruth]
) -> Iterator[tuple[str, float, dict[str, float], bool]]:
    """Yield the direction of each edge between an article and one that it goes back to."""
    for child in decision.copies():
        parent = decision.parents[child]
        if decision.is_unseen(parent):
            continue
        above, below = decision.id_of(parent), decision.id_of(child)
        forward = above in truths[below].ancestors
        if forward or below in truths[above].ancestors:
            share = direction_of(decision, parent, child)
            yield DIRECTION, share, {"odds": log_odds(share)}, forward


def others(decision: Decision, truths: dict[str, CascadeTruth]) -> Iterator[tuple[str, float, dict[str, float], bool]]:
    """Yield each edge of a family, and its origin."""
    standing = Standing(decision)
    for edge in edges_of(decision, standing):
        source, copy = (edge.source, edge.copy) if edge.copy else (edge.parent, edge.child)
        nearest = next(iter(truths[decision.id_of(copy)].ancestors), None)
        kind = UNSEEN if not edge.copy else SEEN if edge.determined else UNDETERMINED
        right = nearest == (decision.id_of(source) if edge.copy else None)
        yield kind, decision.shares[copy].get(source, 0.0), standing.known_of_parent(source, copy), right
    origin, share = origin_of(decision, decision.roots())
    right = lineage.origin_is_right(lineage.claimed(decision), [truths[member.id] for member in decision.case.members])
    yield ORIGIN, share, standing.known_of_origin(origin, share), right


def columns(claims: Sequence[Claim], terms: Sequence[str]) -> NDArray[np.float64]:
    """Return what is known of each claim, a column for each term."""
    of = [term.split(" x ") for term in terms]
    return np.array([[np.prod([claim.known[name] for name in names]) for names in of] for claim in claims])


def fitted(claims: Sequence[Claim]) -> dict[str, list[Coefficient]]:
    """Return the coefficients of each kind of claim."""
    found = {}
    for kind, terms in TERMS.items():
        chosen = [claim for claim in claims if claim.kind == kind]
        if not chosen:
            continue
        scaler = StandardScaler(with_mean=kind != DIRECTION)
        known = scaler.fit_transform(columns(chosen, terms))
        model = LogisticRegression(C=1.0, max_iter=5000, fit_intercept=kind != DIRECTION)
        model.fit(known, [claim.right for claim in chosen], [claim.weight for claim in chosen])
        slopes = model.coef_[0] / scaler.scale_
        found[kind] = [Coefficient(term.split(" x "), float(f"{w:.5g}")) for term, w in zip(terms, slopes, strict=True)]
        if kind != DIRECTION:
            constant = model.intercept_[0] - float(slopes @ scaler.mean_)
            found[kind].append(Coefficient([], float(f"{constant:.5g}")))
    return found


def cross_validated(claims: Sequence[Claim], folds: int = FOLDS) -> list[float]:
    """Return the calibrated probability of each claim, by what was fitted without any of its fold."""
    after = [0.0] * len(claims)
    for known, unknown in GroupKFold(folds).split(claims, groups=[claim.fold for claim in claims]):
        coefficients = fitted([claims[at] for at in known])
        for at in unknown:
            after[at] = calibration.probability(coefficients[claims[at].kind], claims[at].known)
    return after


def print_table(claims: Sequence[Claim], after: Sequence[float]) -> None:
    """Print how good the probabilities are before and after, of each setting."""
    for name, kinds in (
        ("p_parent", (SEEN, UNDETERMINED, UNSEEN)),
        ("p_direction", [DIRECTION]),
        ("p_origin", [ORIGIN]),
    ):
        print(f"\n{name:34}{'brier':>10}{'after':>10}{'ece':>10}{'after':>10}")
        for setting in (*SWEEP, "all"):
            chosen = [
                at for at, claim in enumerate(claims) if claim.kind in kinds and setting in ("all", claim.setting)
            ]
            raw = lineage.reliability([(claims[at].marginal, claims[at].right) for at in chosen])
            new = lineage.reliability([(after[at], claims[at].right) for at in chosen])
            print(f"{setting:34}" + "".join(f"{both[key]:10.4f}" for key in ("brier", "ece") for both in (raw, new)))


def write(script: str, fit: Mapping[str, object], told: Mapping[str, Sequence[Coefficient]]) -> None:
    """Write the coefficients that a script fitted, and how; those of the others stay."""
    shipped = json.loads(TARGET.read_text(encoding="utf-8"))
    shipped["fitted"][script] = fit
    for kind, weighed in told.items():
        shipped["log_odds"][kind] = {" x ".join(names): weight for names, weight in weighed}
    TARGET.write_text(json.dumps(shipped, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, print what it is worth, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    shipped: dict[str, list[Coefficient]] = {kind: [] for kind in KINDS}
    calibration.coefficients = lambda: shipped  # type: ignore[assignment]
    found = collected(asked.families)
    claims = [
        Claim(setting, seed, *claim)
        for setting, seed, decisions, truths in found
        for decision in decisions
        for claim in directions(decision, truths)
    ]
    # Whether an edge's direction is determined, and so its kind, is for the calibrated direction to say.
    shipped |= fitted(claims)
    claims += [
        Claim(setting, seed, *claim, 2.0 if setting in WEIGHS_TWICE else 1.0)
        for setting, seed, decisions, truths in found
        for decision in decisions
        for claim in others(decision, truths)
    ]
    print_table(claims, cross_validated(claims))
    if asked.write:
        fit = {"families": asked.families, "seeds": SEEDS, "claims": len(claims)}
        write("benchmarks/calibrate.py", fit, fitted(claims))


if __name__ == "__main__":
    main()
