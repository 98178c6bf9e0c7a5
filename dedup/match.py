"""How alike are two bodies?

METHOD         how bodies are made into keys
Matches        verified pairs of a corpus, as arrays
Linked         pairs that share a passage and no more
find_matches   candidates by bands of their sketches and by shared passages, then exact counts
Resembling     verified pairs of plain texts, as arrays
find_resembling   find them
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.errors import UsageError, storing
from dedup.scheme import SCHEME_V1

# P(candidate) = 1 - (1 - J^5)^25: .55 at J = .5, .99 at .7, above .9999 at .8 (Leskovec, Rajaraman, Ullman,
# Mining of Massive Datasets, 3.4).
BANDING = 25, 5

# A short body has few shingles, and with some edits J falls far while half of it still stands in the other: these are
# cut into smaller bands as well, which find .91 of J = .38 and .997 of J = .5. And they keep every shingle of passages:
# half of 40 words may stand in another body in runs of a dozen.
SHORT_BANDING = 42, 3
SHORT_WORDS = 120

# Bands are blind to a short body inside a long one, so bodies that share a run of this many words are candidates too
# (winnowing, Schleimer, Wilkerson and Aiken 2003). What stands in more bodies than MOST_BODIES is a stock phrase and
# not followed. The shingles by which such runs are found are longer than the scheme's: unrelated bodies share many a
# run of five words, hardly one of nine.
PASSAGE_WORDS = 25
PASSAGE_SHINGLE = 9
MOST_BODIES = 64

# A bucket with more bodies than this pairs each with its first members only, and a body is paired with at most so many
# of those before it, the ones it shares most with; what is left out is counted.
FAN_OUT = 64
MOST_PARTNERS = 64
_ALL = 2**32 - 1


@lru_cache(maxsize=2)
def method(*, passages: bool) -> _core.Method:
    """Return how bodies are made into keys: by bands, and with `passages` by shared runs of words too."""
    window = PASSAGE_WORDS - PASSAGE_SHINGLE + 1 if passages else 0
    return _core.Method(
        SCHEME_V1.width, BANDING, SHORT_BANDING, SHORT_WORDS if passages else 0, FAN_OUT, PASSAGE_SHINGLE, window,
        MOST_BODIES, MOST_PARTNERS if passages else _ALL,
    )  # fmt: skip


class Linked(NamedTuple):
    """Pairs of bodies below the threshold that share a passage of PASSAGE_WORDS words; figures as in Matches."""

    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    shared: NDArray[np.uint32]
    left_size: NDArray[np.uint32]
    right_size: NDArray[np.uint32]


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
    linked: Linked
    capped: int

    def involved(self) -> NDArray[np.uint32]:
        """Return the articles that share their body with another or are in a matching pair, ascending."""
        alone = np.ones(len(self.group), dtype=np.bool_)
        alone[self.left] = alone[self.right] = False
        alone[np.fromiter(self.size, dtype=np.int64, count=len(self.size))] = False
        return np.flatnonzero((self.group >= 0) & ~alone[self.group]).astype(np.uint32)

    def touched(self) -> NDArray[np.uint32]:
        """Return the articles that are involved or have the body of a linked pair, ascending."""
        linked = np.zeros(len(self.group) + 1, dtype=np.bool_)
        linked[self.linked.left] = linked[self.linked.right] = True
        touched = linked[self.group]
        touched[self.involved()] = True
        return np.flatnonzero(touched).astype(np.uint32)

    def among(self, chosen: NDArray[np.uint32]) -> "Matches":
        """Return the same matches with articles numbered by their place among `chosen`, which hold all touched."""
        place = np.full(len(self.group) + 1, -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        return Matches(
            place[self.group[chosen]],
            {int(place[first]): size for first, size in self.size.items()},
            place[self.left].astype(np.uint32),
            place[self.right].astype(np.uint32),
            self.shared,
            self.left_size,
            self.right_size,
            self.linked._replace(
                left=place[self.linked.left].astype(np.uint32), right=place[self.linked.right].astype(np.uint32)
            ),
            self.capped,
        )


def find_matches(core: _core.Corpus, threshold: float) -> Matches:
    """Return all pairs of a corpus that has learned of which at least `threshold` of the shorter body stands in the
    other, and those that share a passage of PASSAGE_WORDS equal words. Two that share less than six shingles share a
    phrase, and match only if that is all there is of both.

    Candidates may miss a pair (see BANDING); a returned pair is never an estimate.
    """
    with storing():
        found = core.matches(method(passages=True), threshold, PASSAGE_WORDS)
    group, pairs, counts, (several, sizes), linked, link_counts, capped = found
    size = dict(zip(several.tolist(), sizes.tolist(), strict=True))
    return Matches(group, size, *pairs, *counts, Linked(*linked, *link_counts), capped)


@dataclass(frozen=True, slots=True)
class Resembling:
    """Verified pairs of texts.

    `group[i]` is the index of the first text with the words of text `i` (-1 where it has none). `left` < `right` are
    such first texts, `resemblance` is the exact Jaccard of their shingles, `capped` counts pairs never compared
    because too many texts hold the same.
    """

    group: NDArray[np.int64]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    resemblance: NDArray[np.float64]
    capped: int


def find_resembling(texts: Sequence[str], resemblance: float = 0.7) -> Resembling:
    """Return all pairs of plain texts whose resemblance (Jaccard of their shingles, Broder 1997) is at least so much.

    Nothing is stripped and nothing is traced: this is for cleaning corpora. Of pairs with a resemblance of .7 one in a
    hundred may be missed, of those above .8 hardly any (see BANDING); a returned pair is never an estimate.

    Raises UsageError if `resemblance` is not above 0 and at most 1.

    >>> texts = ["Rain fell on the old ferry all night long.", "rain fell on the old ferry all night long", "Fog."]
    >>> find_resembling(texts).group.tolist()
    [0, 0, 2]
    """
    if not 0 < resemblance <= 1:
        raise UsageError(f"resemblance {resemblance}: give a share of all shingles, above 0 and at most 1")
    group, (left, right), (shared, all_of_both), capped = _core.resembling(texts, method(passages=False), resemblance)
    return Resembling(group, left, right, shared / all_of_both, capped)
