"""How alike are two bodies?

Matches        verified pairs, as arrays
find_matches   candidates by bands of their signatures and by shared passages, then exact counts
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.fingerprint import Fingerprints, Ranges

# P(candidate) = 1 - (1 - J^5)^25: .55 at J = .5, .99 at .7, above .9999 at .8 (Leskovec, Rajaraman, Ullman,
# Mining of Massive Datasets, 3.4).
BANDS, ROWS = 25, 5

# Bands are blind to a short body inside a long one, so bodies that share a run of this many words are candidates too
# (winnowing, Schleimer, Wilkerson and Aiken 2003). What stands in more bodies than MOST_BODIES is a stock phrase and
# not followed.
PASSAGE_WORDS = 25
MOST_BODIES = 64

# A bucket with more bodies than this pairs each with its first members only; what is left out is counted.
FAN_OUT = 64


@dataclass(frozen=True, slots=True)
class Matches:
    """Verified pairs of bodies.

    Bodies with the same words fold into one group first: `group[i]` is the index of the first article with the body
    of article `i` (itself where it is alone, -1 where it has no words), `size` gives the distinct shingles of such a
    first article whose body several have. `left` < `right` are such first articles;
    `shared`, `left_size`, `right_size` count distinct shingles, so every figure is exact. `capped` counts pairs that
    were never compared because a bucket held too many, and passages not followed because too many bodies hold them.
    """

    group: NDArray[np.int64]
    size: Mapping[int, int]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    shared: NDArray[np.uint32]
    left_size: NDArray[np.uint32]
    right_size: NDArray[np.uint32]
    capped: int


def find_matches(texts: Sequence[str], bodies: Ranges, prints: Fingerprints, threshold: float) -> Matches:
    """Return all pairs of which at least `threshold` of the shorter body stands in the other.

    Candidates may miss a pair (see BANDS); a returned pair is never an estimate.
    """
    group = _same_bodies(prints)
    first = np.flatnonzero(group == np.arange(len(group)))
    left, right, capped = _candidates(texts, bodies, prints, first)
    several = np.flatnonzero(np.bincount(group[group >= 0], minlength=len(group))[first] > 1)
    involved, places = np.unique(np.concatenate((left, right, several)), return_inverse=True)
    chosen = first[involved]
    left_place, right_place = places[: len(left)].astype(np.uint32), places[len(left) : 2 * len(left)].astype(np.uint32)
    shared, sizes = _core.count_shared(
        [texts[i] for i in chosen], bodies.taken(chosen), prints.scheme.width, left_place, right_place
    )
    left_size, right_size = sizes[left_place], sizes[right_place]
    kept = shared >= threshold * np.minimum(left_size, right_size)
    return Matches(
        group,
        dict(zip(chosen.tolist(), sizes.tolist(), strict=True)),
        first[left[kept]].astype(np.uint32),
        first[right[kept]].astype(np.uint32),
        shared[kept],
        left_size[kept],
        right_size[kept],
        capped,
    )


def _candidates(
    texts: Sequence[str], bodies: Ranges, prints: Fingerprints, first: NDArray[np.intp]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], int]:
    """Return pairs of places in `first` whose bodies may match, and how much was left out where too many agree."""
    alike = _core.candidates(prints.signatures[first], BANDS, ROWS, FAN_OUT)
    width = prints.scheme.width
    quoting = _core.passage_candidates(
        [texts[i] for i in first], bodies.taken(first), width, PASSAGE_WORDS - width + 1, MOST_BODIES
    )
    # One number a pair makes both lists one.
    pairs = np.unique(np.concatenate([left.astype(np.uint64) << 32 | right for left, right, _ in (alike, quoting)]))
    return (pairs >> 32).astype(np.uint32), (pairs & 0xFFFFFFFF).astype(np.uint32), alike[2] + quoting[2]


def _same_bodies(prints: Fingerprints) -> NDArray[np.int64]:
    group = np.full(len(prints.words), -1, dtype=np.int64)
    with_words = np.flatnonzero(prints.words)
    _, first, places = np.unique(prints.bodies[with_words], axis=0, return_index=True, return_inverse=True)
    group[with_words] = with_words[first][places.reshape(-1)]
    return group
