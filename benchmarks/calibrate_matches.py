"""Fit how probable a match is on the pairs that people read, and write it into dedup/provenance/calibration.json.

    python benchmarks/calibrate_matches.py [--write]

What is known of a pair when a report is made is held against what the reader saw (`matches.py`): a logistic regression
whose terms help on corpora that it was not fitted on. What is printed is of such corpora: each is told by what was
fitted on the others, which have other outlets and in part other languages. How far clocks are apart, whether both are
of one outlet or of two, how much of one stands in the other, in how many pieces, and whether it is a link, made nothing
better there.

Of a source that nobody gave us no text is known: what is said of it is how often that was true.

Needs the dependency group `train`. The same pairs write the same bytes.
"""

import argparse
from collections.abc import Sequence

import matches
from calibrate import Claim, cross_validated, fitted, write
from matches import CORPORA, EDGE, LINK, UNSEEN, Judged

from dedup.provenance.calibration import MATCH, MATCH_UNSEEN, Coefficient, log_odds


def claims_of(sample: Sequence[Judged]) -> list[Claim]:
    """Return the pairs as claims of a match, weights of 1 in the mean."""
    mean = sum(item.weight for item in sample) / len(sample)
    return [
        Claim(pair.key.corpus, pair.key.corpus, MATCH, pair.before, pair.known, right, weight / mean)
        for pair, right, weight in sample
    ]


def of_unseen(sample: Sequence[Judged]) -> float:
    """Return how often an article held the text of the unseen one that it was said to be a copy of."""
    return sum(item.weight * item.is_match for item in sample) / sum(item.weight for item in sample)


def print_table(sample: Sequence[Judged], after: Sequence[float]) -> None:
    """Print how good the probabilities are before and after, of each corpus."""
    print(f"{'p_match':34}{'brier':>10}{'after':>10}{'ece':>10}{'after':>10}")
    rows: list[tuple[str, Sequence[str], Sequence[str]]] = [(corpus, [corpus], (EDGE, LINK)) for corpus in CORPORA]
    rows += [("all", CORPORA, (EDGE, LINK)), *((f"all {kind}s", CORPORA, (kind,)) for kind in (EDGE, LINK))]
    for name, corpora, kinds in rows:
        at = [i for i, item in enumerate(sample) if item.pair.key.corpus in corpora and item.pair.kind in kinds]
        chosen = [sample[i] for i in at]
        before = matches.reliability([item.pair.before for item in chosen], chosen)
        later = matches.reliability([after[i] for i in at], chosen)
        print(f"{name:34}" + "".join(f"{both[key]:10.4f}" for key in ("brier", "ece") for both in (before, later)))


def main() -> None:
    """Fit, print what it is worth, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    pairs, said = matches.collected(), matches.verdicts()
    seen = matches.judged([pair for pair in pairs if pair.kind != UNSEEN], said)
    unseen = matches.judged([pair for pair in pairs if pair.kind == UNSEEN], said)
    claims = claims_of(seen)
    print_table(seen, cross_validated(claims, len(CORPORA)))
    told = fitted(claims) | {MATCH_UNSEEN: [Coefficient([], float(f"{log_odds(of_unseen(unseen)):.5g}"))]}
    for kind, weighed in told.items():
        print(kind, {" x ".join(names): weight for names, weight in weighed})
    if asked.write:
        write("benchmarks/calibrate_matches.py", {"pairs": len(seen), "unseen sources": len(unseen)}, told)


if __name__ == "__main__":
    main()
