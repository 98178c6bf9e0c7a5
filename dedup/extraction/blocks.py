"""Which blocks of what an extractor took for the article do their traits give away as something else?

What each trait weighs was learned from pages whose text was marked by hand, by logistic regression. The weights stand
in `blocks.json`; `benchmarks/train_blocks.py` writes it, and measures what they do to pages of sites they do not know.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

import orjson

from dedup import _core
from dedup.article import Row

# At most this share of the article's words goes, and so many stay at least.
MOST_REMOVED: Final = 0.7
LEAST_KEPT: Final = 30
# How much the verdict on a block is that on the others of its place.
KIN: Final = 0.5
# A headline is what a reprint changes, whatever its markup looks like: it stays where the extractor put it.
HEADLINE: Final = "h1"


@dataclass(frozen=True)
class Weights:
    """What each trait weighs. Blocks whose traits weigh `threshold` or more, with `bias`, are taken for boilerplate."""

    bias: float
    threshold: float
    of: Mapping[str, float]

    @cached_property
    def core(self) -> _core.Weights:
        """The same, as the core takes them."""
        return _core.Weights(self.bias, dict(self.of))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the shipped weights, read at the first call."""
    stored = orjson.loads((files("dedup.extraction") / "blocks.json").read_bytes())
    return Weights(stored["bias"], stored["threshold"], stored["weights"])


def judged(page: _core.Page, rows: Sequence[Row], main: Sequence[int], weights: Weights) -> list[int]:
    """Return the numbers of the blocks that stay of an article, of which `main` are the numbers; `rows` are those of
    all blocks of the page.
    """
    weighed = page.weighed(main, weights.core)
    scores = with_kin([score for score, _, _ in weighed], [place for _, place, _ in weighed])
    if max(scores) < weights.threshold:
        return list(main)
    headlines = {at for at, number in enumerate(main) if HEADLINE in rows[number][2].split("/")}
    gone = bounded([words for _, _, words in weighed], scores, headlines, weights.threshold)
    return [number for at, number in enumerate(main) if at not in gone]


def with_kin(scores: Sequence[float], places: Sequence[int]) -> list[float]:
    """Return the scores of blocks drawn towards the mean of the others that stand in the same place of the markup: what
    a page is made of is of one kind as a whole.
    """
    kin: dict[int, list[float]] = {}
    for place, score in zip(places, scores, strict=True):
        kin.setdefault(place, []).append(score)
    sums = {place: (sum(of), len(of) - 1) for place, of in kin.items()}
    drawn = []
    for place, score in zip(places, scores, strict=True):
        total, others = sums[place]
        drawn.append(score + KIN * ((total - score) / others - score) if others else score)
    return drawn


def bounded(words: Sequence[int], scores: Sequence[float], headlines: Collection[int], threshold: float) -> set[int]:
    """Return which of some blocks of so many words go: those that score highest, as long as enough is left."""
    total = sum(words)
    most = min(MOST_REMOVED * total, total - LEAST_KEPT)
    gone: set[int] = set()
    removed = 0
    for at in sorted(range(len(words)), key=lambda at: -scores[at]):
        if scores[at] >= threshold and at not in headlines and removed + words[at] <= most:
            removed += words[at]
            gone.add(at)
    return gone
