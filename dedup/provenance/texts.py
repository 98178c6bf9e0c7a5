"""How well does each source explain the text of a copy, and how well does none?

What two bodies share must have been written once, so that of all trees the one whose edges share most in sum is the
likeliest by text alone, and it has no direction: rooted anywhere it shares as much. Two things give it a little. Who
copies leaves out more than it puts in; and what an origin wrote is in most of the copies, what a copyist wrote only in
those made from its own (a source stands in the middle of what came of it: Shah and Zaman 2011).
"""

from collections.abc import Mapping, Sequence

from dedup.provenance.model import Overlaps

# A shared shingle speaks for an edge, one that the copy would have had to drop speaks a little against it; dropping is
# cheap, so that cost is bounded.
MATCHED = 3.0
SHARED_SHINGLE = 0.2
DROPPED_SHINGLE = 0.06
MOST_DROPPED = 1.5
# That none of those seen is the source costs as much as the best would explain beyond what the family's articles have
# in common anyhow, and so much more.
UNEXPLAINED_TEXT = 4.0
# What an article has in common with the others more than they have among each other speaks for its having no source.
COMMON_SHINGLE = 0.045
MOST_COMMON = 3.0
# At most this many sources are weighed for each copy, the best by text; how many were left out is counted.
MOST_SOURCES = 24


class Texts:
    """What the texts of a family say, in nats.

    `of[copy]` holds for each source that is weighed what it explains of the copy's text, the best first;
    `capped[copy]` counts those left out.
    """

    def __init__(self, overlaps: Overlaps) -> None:
        """Weigh the sources of all members; of equally good ones the first is the best."""
        self._shared, self._sizes = overlaps.shared, overlaps.sizes
        self.of: list[dict[int, float]] = []
        self.capped: list[int] = []
        self._common: list[float] = []
        lowest = 0.0
        for shared in overlaps.shared:
            texts = _texts(shared, overlaps.sizes)
            sources = sorted(texts)
            sources.sort(key=texts.__getitem__, reverse=True)
            kept = {source: texts[source] for source in sources[:MOST_SOURCES]}
            self.of.append(kept)
            self.capped.append(len(texts) - len(kept))
            farther = sorted(map(shared.__getitem__, kept))[: (len(kept) + 1) // 2]
            self._common.append(sum(farther) / len(farther))
            lowest += texts[sources[len(kept) - 1]]
        # One level for all, or the root would go by it.
        self._level = lowest / len(self.of)
        self._usual = sum(self._common) / len(self.of)

    def best(self, copy: int) -> float:
        """Return what the source that explains most of a copy's text explains of it."""
        return next(iter(self.of[copy].values()))

    def unexplained(self, copy: int) -> float:
        """Return what its text says for a member's having no source."""
        common = COMMON_SHINGLE * (self._common[copy] - self._usual)
        best = self.best(copy)
        return self._level - best - min(UNEXPLAINED_TEXT, self._level) + min(max(common, -MOST_COMMON), MOST_COMMON)

    def unlike(self, source: int, copy: int, witnesses: Sequence[int]) -> float:
        """Return how many shingles that `source` lacks the copy may have from where both have their text.

        A third witness tells: what only copy and witness have, and what only the source has, are the old and the new
        wording of what the source changed.
        """
        mine, its = self._shared[copy], self._shared[source]
        lost, new = self._sizes[source] - its[copy], self._sizes[copy] - its[copy]
        left = [lost - its[witness] + mine[witness] for witness in witnesses if witness != source and witness in its]
        return max(0.0, min(min(left) / 2, new)) if left else 0.0


def _texts(shared: Mapping[int, int], sizes: Sequence[int]) -> dict[int, float]:
    return {
        source: MATCHED
        + SHARED_SHINGLE * count
        - (dropped if (dropped := DROPPED_SHINGLE * (sizes[source] - count)) < MOST_DROPPED else MOST_DROPPED)
        for source, count in shared.items()
    }
