"""Who took it from whom: how often are we right, how sure, and how much better than simple rules?

Cascades of republication are made up (corpora/synthesis/cascades.py) and scanned; what the report claims is held
against the truth, beside three rules that are told the same families and the same exact figures. benchmarks/lineage.py
says what each figure means. An undetermined edge counts as the guess it shows; `determined` is the share of the edges
that claim a direction, `direction` how many of those do not run backwards. `brier` and `ece` are those of p_parent
unless named otherwise; `risk_at_50` is the share of wrong edges among the surest half.

    python benchmarks/provenance.py [--families 600] [--seeds 101 102] [--only NAME ...] [--check]
    python benchmarks/provenance.py --scale

Outlets, their names and their habits are drawn anew for each seed, and none of these seeds was fitted on. `--scale`
times the decoding alone, in seconds of one core: what is done between the verified matches and the report.
"""

import argparse
import statistics
import sys
import time
from dataclasses import replace
from math import isnan
from unittest.mock import patch

import lineage
import measuring

sys.path.append(str(measuring.HERE.parent / "corpora"))

from synthesis.cascades import CascadeTruth, Plan, cascades

import dedup
from dedup import intake
from dedup.article import Article
from dedup.provenance import families
from dedup.provenance.decision import Case, Decision
from dedup.provenance.rather import rather_unseen
from dedup.report.model import Report

_PLAIN = Plan(0, 0)
SWEEP = {
    "clean clocks": replace(_PLAIN, clocks="clean"),
    "noisy clocks": _PLAIN,
    "lying clocks": replace(_PLAIN, clocks="lying"),
    "noisy, 15 % missing": replace(_PLAIN, missing=0.15),
    "noisy, 30 % missing": replace(_PLAIN, missing=0.3),
    "noisy, 50 % missing": replace(_PLAIN, missing=0.5),
    "noisy, no credits": replace(_PLAIN, credits=False),
    "noisy, 30 % missing, no credits": replace(_PLAIN, missing=0.3, credits=False),
}
# The boilerplate that an outlet repeats is left in the articles; what rules know of it is taken out still.
UNLEARNED = "noisy, no boilerplate learned"
BOUNDED = ("clean clocks", "noisy clocks", "noisy, 30 % missing")
SCALE_FAMILIES, SCALE_COPIES, LARGE = 2_000, 50, 10_000

Table = dict[str, dict[str, dict[str, float]]]


def scanned(plan: Plan, learning: bool = True) -> tuple[Report, dict[str, CascadeTruth]]:
    """Make up a corpus and scan it; without `learning` no boilerplate is learned from recurrence."""
    articles, truths = [], {}
    for page, truth in cascades(plan):
        articles.append(Article(**page))  # type: ignore[arg-type]
        truths[truth.article] = truth
    with patch.object(intake, "LEAST_BODIES", intake.LEAST_BODIES if learning else len(articles) + 1):
        return dedup.scan(articles), truths


def measured(report: Report, truths: dict[str, CascadeTruth]) -> dict[str, dict[str, float]]:
    """Return the figures of a report, and those of the simple rules that it beats or does not."""
    ours = lineage.score(lineage.claimed_by_us(report), truths) | lineage.other_figures(report, truths)
    rules = {name: lineage.score(claims, truths) for name, claims in lineage.baselines(report).items()}
    ours["above_best_rule"] = ours["parent"] - max(figures["parent"] for figures in rules.values())
    return {"dedup": ours} | rules


def trusted(judged: dict[str, list[lineage.Judged]]) -> dict[str, float]:
    """Return how far the probabilities can be trusted."""
    figures = lineage.reliability(judged["p_parent"]) | lineage.risk_coverage(judged["p_parent"])
    for name in ("p_match", "p_direction", "p_origin"):
        figures |= {f"{key}_{name[2:]}": value for key, value in lineage.reliability(judged[name]).items()}
    return figures


def table(stories: int, seeds: list[int], only: list[str]) -> Table:
    """Return the figures of every setting: the means over the seeds, but of probabilities those of all seeds together,
    for in a few bins of few claims chance alone looks like a fault.
    """
    found: Table = {}
    for setting, plan in (SWEEP | {UNLEARNED: _PLAIN}).items():
        if only and setting not in only:
            continue
        runs = []
        judged: dict[str, list[lineage.Judged]] = {}
        for seed in seeds:
            measuring.say(f"{setting}, seed {seed}")
            made = scanned(replace(plan, families=stories, seed=seed), setting != UNLEARNED)
            runs.append(measured(*made))
            for name, claims in lineage.confidence(*made).items():
                judged.setdefault(name, []).extend(claims)
        found[setting] = {
            method: {key: statistics.fmean(run[method][key] for run in runs) for key in runs[0][method]}
            for method in runs[0]
        }
        found[setting]["dedup"] |= trusted(judged)
    measuring.say("")
    return found


def print_table(found: Table) -> None:
    """Print what all methods are measured by, then what only ours says."""
    for setting, methods in found.items():
        shared = list(methods["credits"])
        print(f"\n{setting:34}" + "".join(f"{key:>14}" for key in shared))
        for method, figures in methods.items():
            print(f"  {method:32}" + "".join(f"{figures[key]:14.3f}" for key in shared))
        rest = {key: value for key, value in methods["dedup"].items() if key not in shared}
        print("  " + "  ".join(f"{key} {value:.3f}" for key, value in rest.items()))


def scale() -> dict[str, float]:
    """Time the decoding of 100,000 families, and of one of 10,000 articles."""
    cases = [decision.case for decision in decided(Plan(SCALE_FAMILIES, 201))[0]]
    large = [decision.case for decision in decided(Plan(1, 202, size=LARGE))[0]]
    started = time.process_time()
    for _ in range(SCALE_COPIES):
        for case in cases:
            decision = rather_unseen(families.decide(case))
            families.edges_of(decision, families.Standing(decision))
    figures: dict[str, float] = {
        "families": len(cases) * SCALE_COPIES,
        "median_size": statistics.median(len(case.members) for case in cases),
        "seconds": time.process_time() - started,
    }
    case = max(large, key=lambda one: len(one.members))
    started = time.process_time()
    decision = rather_unseen(families.decide(case))
    families.edges_of(decision, families.Standing(decision))
    seconds = time.process_time() - started
    return figures | {"large_size": len(case.members), "large_seconds": seconds, "large_capped": decision.capped}


def decided(plan: Plan) -> tuple[list[Decision], dict[str, CascadeTruth]]:
    """Make up a corpus, scan it, and return its families as they were decided in."""
    found: list[Decision] = []

    def keeping(case: Case) -> Decision:
        found.append(decide(case))
        return found[-1]

    decide = families.decide
    with patch.object(families, "decide", keeping):
        _, truths = scanned(plan)
    return found, truths


def checked(found: Table) -> list[str]:
    """Return what is beyond its bounds, of the settings that have any."""
    bounded = {setting: methods for setting, methods in found.items() if setting in BOUNDED}
    return [
        f"{setting}: {fault}"
        for setting, methods in bounded.items()
        for fault in measuring.below(f"provenance, {setting}", methods["dedup"])
    ]


def main() -> None:
    """Measure, print, and record or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=600)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102])
    parser.add_argument("--only", nargs="+", default=[], choices=[*SWEEP, UNLEARNED])
    parser.add_argument("--scale", action="store_true")
    parser.add_argument("--check", action="store_true", help="no record, fail below the floors")
    asked = parser.parse_args()
    measuring.refuse_debug_build()
    if asked.scale:
        figures = scale()
        for name, value in figures.items():
            print(f"{name:16}{value:12.2f}")
        measuring.record("provenance", {"scale": figures})
        return
    found = table(asked.families, asked.seeds, asked.only)
    print_table(found)
    if asked.check:
        faults = checked(found)
        print("\n".join(faults) or "no figure is beyond its bounds")
        sys.exit(bool(faults))
    if not asked.only:
        told = {
            setting: {
                method: {key: round(value, 4) for key, value in figures.items() if not isnan(value)}
                for method, figures in methods.items()
            }
            for setting, methods in found.items()
        }
        measuring.record("provenance", {"families": asked.families, "seeds": asked.seeds, "table": told})


if __name__ == "__main__":
    main()
