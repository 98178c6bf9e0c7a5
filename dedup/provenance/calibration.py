"""How often is a claim of such a probability true?

The marginals of the tree are sure of what the model assumes, and the model knows nothing of a source that nobody saw
and nobody names. `calibration.json` says how often claims of a kind came true, by what was known of them: logistic
regressions, fitted by `benchmarks/calibrate.py` on made-up cascades. Whether two articles hold the same text at all was
read of real pairs, and fitted by `benchmarks/calibrate_matches.py`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import exp, log
from typing import NamedTuple

# The kinds of claims: that a source seen, or seen but of undetermined direction, or unseen, is the immediate one; that
# a direction is not the other way round; that an article, or an unseen outlet, had it first; that two articles, or one
# and that of an unseen outlet, hold the same text.
SEEN, UNDETERMINED, UNSEEN = "parent seen", "parent undetermined", "parent unseen"
DIRECTION, ORIGIN = "direction", "origin"
MATCH, MATCH_UNSEEN = "match", "match unseen"
KINDS = (SEEN, UNDETERMINED, UNSEEN, DIRECTION, ORIGIN, MATCH, MATCH_UNSEEN)
# Probabilities beyond these are as good as sure.
_LEAST, _MOST = 0.0025, 0.9975


class Coefficient(NamedTuple):
    """What one thing known, or two of them multiplied, or nothing at all, adds to the log-odds of a claim."""

    of: Sequence[str]
    weight: float


@lru_cache(maxsize=1)
def coefficients() -> Mapping[str, Sequence[Coefficient]]:
    """Return what is shipped for each of the `KINDS`."""
    shipped = json.loads((files("dedup.provenance") / "calibration.json").read_text(encoding="utf-8"))
    return {
        kind: [Coefficient(names.split(" x ") if names else [], weight) for names, weight in weights.items()]
        for kind, weights in shipped["log_odds"].items()
    }


def calibrated(kind: str, known: Mapping[str, float]) -> float:
    """Return the probability that a claim of one of the `KINDS` is true, by what is known of it (`standing.py`,
    `matched.py`)."""
    return probability(coefficients()[kind], known)


def probability(weighed: Sequence[Coefficient], known: Mapping[str, float]) -> float:
    """Return the probability whose log-odds are the sum of what is known, each weighted.

    >>> probability([Coefficient(["size"], 0.5), Coefficient(["size", "share"], 1.0)], {"size": 2.0, "share": -0.5})
    0.5
    """
    told = 0.0
    for names, weight in weighed:
        for name in names:
            weight *= known[name]
        told += weight
    return 1.0 / (1.0 + exp(-told))


def log_odds(share: float) -> float:
    """Return the log-odds of a probability, or those of the nearest that is not as good as sure."""
    share = min(max(share, _LEAST), _MOST)
    return log(share / (1.0 - share))
