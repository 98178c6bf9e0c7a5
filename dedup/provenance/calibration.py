"""How often is an edge of such a probability the right one?

The marginals of the tree are sure of what the model assumes, and the model knows nothing of a source that nobody saw
and nobody names. `calibration.json` says how often edges of a kind came true by their marginal: knots of a rising
curve, fitted by `benchmarks/calibrate.py` on made-up cascades.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

# Of a curve: marginals, and the shares that came true, both ascending.
Curve = tuple[Sequence[float], Sequence[float]]

SEEN, UNDETERMINED, UNSEEN = "seen", "undetermined", "unseen"


@lru_cache(maxsize=1)
def _curves() -> Mapping[str, Curve]:
    shipped = json.loads((files("dedup.provenance") / "calibration.json").read_text(encoding="utf-8"))
    return {kind: (knots["marginal"], knots["came_true"]) for kind, knots in shipped["p_parent"].items()}


def parent_probability(marginal: float, kind: str) -> float:
    """Return the probability that an edge is right: of a source `SEEN`, seen but of `UNDETERMINED` direction, `UNSEEN`.

    What the marginals rule out stays ruled out.

    >>> parent_probability(0.0, SEEN), 0.85 < parent_probability(1.0, SEEN) < 1.0
    (0.0, True)
    """
    return interpolated(_curves()[kind], marginal)


def interpolated(curve: Curve, at: float) -> float:
    """Return the height of a curve, straight between its knots and from 0 at 0 to the first."""
    places, heights = (0.0, *curve[0]), (0.0, *curve[1])
    above = bisect_right(places, at)
    if above == len(places):
        return heights[-1]
    left, right = places[above - 1], places[above]
    part = (at - left) / (right - left)
    return heights[above - 1] + part * (heights[above] - heights[above - 1])
