"""Which article is a copy of which? Few stories are copied at all, and a few of them very often."""

import numpy as np
from numpy.typing import NDArray

# So many copies of a story that is copied at all: k has a share of k ** -STEEPNESS.
STEEPNESS = 1.9
MOST_COPIES = 250
# The delay of a copy is a power of chance: most come soon.
HASTE = 3


def copy_counts(copies: int) -> NDArray[np.int64]:
    """Return how often each copied story is copied, most often first: `copies` in all, in proportions that stay."""
    shares = np.arange(1, MOST_COPIES + 1) ** -STEEPNESS
    reached = np.cumsum(shares / shares.sum())
    stories = round(copies / (MOST_COPIES - reached[:-1].sum()))
    counts = np.searchsorted(reached, (np.arange(stories)[::-1] + 0.5) / max(stories, 1)) + 1
    counts = np.diff(np.minimum(np.cumsum(counts), copies), prepend=0)
    once = np.ones(copies - counts.sum(), dtype=np.int64)
    return np.concatenate((counts[counts > 0], once))


def sources(articles: int, share: float, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return for each article the place of the earlier one it copies, or -1; a `share` of them are copies."""
    copies = min(round(articles * share), articles // 2)
    counts = copy_counts(copies)
    birth = generator.random(len(counts)) * 0.9
    story = np.repeat(np.arange(len(counts)), counts)
    delay = generator.random(copies) ** HASTE * (1 - birth[story])
    times = np.concatenate((birth, birth[story] + delay, generator.random(articles - copies - len(counts))))
    is_copy = np.zeros(articles, dtype=np.int8)
    is_copy[len(counts) : len(counts) + copies] = 1
    order = np.lexsort((is_copy, times))
    place = np.empty(articles, dtype=np.int64)
    place[order] = np.arange(articles)
    found = np.full(articles, -1, dtype=np.int64)
    found[place[len(counts) : len(counts) + copies]] = place[story]
    return found
