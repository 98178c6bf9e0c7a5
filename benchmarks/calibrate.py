"""Fit how far p_parent can be trusted, and write dedup/provenance/calibration.json.

    python benchmarks/calibrate.py [--families 300] [--write]

Cascades are made up under every setting of benchmarks/provenance.py, each with several seeds; the harshest two are
kept out of the fit, so that what is printed of them is true of settings it has not seen. Outlets, their names,
partners and habits are drawn anew for each seed, so that folds by seed are disjoint in outlets. For each kind of edge
(its source seen, seen but of undetermined direction, unseen) the edges are put into bins of equally many by their
marginal, and a rising curve is laid through the bins' means (isotonic regression).

What is printed is cross-validated: Brier score and expected calibration error (ten bins of equally many) before and
after, of edges whose outlets the curve was not fitted on. p_direction and p_origin are left as they are: one curve
for all settings makes p_direction a little better under noisy clocks and worse under clean ones, and so p_origin.
Needs the dependency group `calibrate`. The same arguments write the same bytes.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import lineage
import measuring
import numpy as np
from provenance import SWEEP, scanned
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from dedup.provenance import calibration, edges
from dedup.provenance.calibration import SEEN, UNDETERMINED, UNSEEN, Curve

SEEDS = (11, 12, 13, 14, 15, 16)
HARSHEST = ("noisy, 50 % missing", "noisy, 30 % missing, no credits")
FOLDS = 3
BINS = 15
TARGET = Path(calibration.__file__).with_suffix(".json")


class Edge(NamedTuple):
    """An edge as a report gives it, before any calibration."""

    setting: str
    seed: int
    kind: str
    marginal: float
    right: bool


def collected(families: int) -> list[Edge]:
    """Return the edges of all settings and seeds with their marginals."""
    edges.parent_probability = lambda marginal, kind: marginal  # type: ignore[assignment]
    found = []
    for setting, plan in SWEEP.items():
        for seed in SEEDS:
            measuring.say(f"{setting}, seed {seed}")
            report, truths = scanned(replace(plan, families=families, seed=seed))
            for edge, right in lineage.judged_edges(report, truths):
                kind = UNSEEN if edge.figures is None else SEEN if edge.determined else UNDETERMINED
                found.append(Edge(setting, seed, kind, edge.p_parent, right))
    measuring.say("")
    return found


def fitted(found: Sequence[Edge]) -> dict[str, Curve]:
    """Return a curve for each kind of edge."""
    curves = {}
    for kind in (SEEN, UNDETERMINED, UNSEEN):
        chosen = [edge for edge in found if edge.kind == kind and edge.setting not in HARSHEST]
        of_kind = sorted((edge.marginal, edge.right) for edge in chosen)
        bins = np.array_split(np.array(of_kind, dtype=float), BINS)
        marginals, shares = np.array([part.mean(axis=0) for part in bins]).T
        rising = IsotonicRegression(y_min=0, y_max=1).fit(marginals, shares, [len(part) for part in bins])
        curves[kind] = (marginals.round(4).tolist(), rising.predict(marginals).round(4).tolist())
    return curves


def cross_validated(found: Sequence[Edge]) -> list[float]:
    """Return the calibrated probability of each edge, by curves fitted without its seed."""
    after = [0.0] * len(found)
    for known, unknown in GroupKFold(FOLDS).split(found, groups=[edge.seed for edge in found]):
        curves = fitted([found[at] for at in known])
        for at in unknown:
            after[at] = calibration.interpolated(curves[found[at].kind], found[at].marginal)
    return after


def main() -> None:
    """Fit, print what it is worth, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found = collected(asked.families)
    after = cross_validated(found)
    print(f"{'':34}{'brier':>10}{'after':>10}{'ece':>10}{'after':>10}")
    for setting in (*SWEEP, "all"):
        chosen = [at for at, edge in enumerate(found) if setting in ("all", edge.setting)]
        raw = lineage.reliability([(found[at].marginal, found[at].right) for at in chosen])
        new = lineage.reliability([(after[at], found[at].right) for at in chosen])
        print(f"{setting:34}" + "".join(f"{both[key]:10.4f}" for key in ("brier", "ece") for both in (raw, new)))
    if asked.write:
        curves = fitted(found)
        told = {kind: {"marginal": list(x), "came_true": list(y)} for kind, (x, y) in curves.items()}
        fit = {"script": "benchmarks/calibrate.py", "families": asked.families, "seeds": SEEDS, "edges": len(found)}
        TARGET.write_text(json.dumps({"fitted": fit, "p_parent": told}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
