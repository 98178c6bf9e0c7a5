"""Which blocks of what an extractor took for the article do their traits give away as something else?

What each trait weighs was learned from pages whose text was marked by hand, by logistic regression. The weights stand
in `blocks.json`; `benchmarks/train_blocks.py` writes it, and measures what they do to pages of sites they do not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import orjson

from dedup.article import Element
from dedup.extraction.traits import MADE, Place, Traits, count_words, traits

# At most this share of the article's words goes, and so many stay at least.
MOST_REMOVED: Final = 0.4
LEAST_KEPT: Final = 30
# How much the verdict on a block is that on the others of its place.
KIN: Final = 0.5
# A headline is what a reprint changes, whatever its markup looks like: it stays where the extractor put it.
HEADLINE: Final = "h1"


@dataclass(slots=True)
class Weights:
    """What each trait weighs. Blocks whose traits weigh `threshold` or more, with `bias`, are taken for boilerplate."""

    bias: float
    threshold: float
    of: Mapping[str, float]
    _sums: dict[Traits, float] = field(default_factory=dict)

    def score(self, own: Iterable[Traits]) -> float:
        """Return the logarithm of the odds that a block of these groups of traits is boilerplate."""
        return self.bias + sum([self._sum(group) for group in own])

    def _sum(self, group: Traits) -> float:
        known = self._sums.get(group)
        if known is None:
            if len(self._sums) == MADE:
                self._sums.clear()
            known = self._sums[group] = sum([self.of.get(trait, 0.0) for trait in group])
        return known


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the shipped weights, read at the first call."""
    stored = orjson.loads((files("dedup.extraction") / "blocks.json").read_bytes())
    return Weights(stored["bias"], stored["threshold"], stored["weights"])


def judged(text: str, elements: Sequence[Element], main: Sequence[int], weights: Weights) -> list[int]:
    """Return the numbers of the blocks that stay of an article, of which `main` are the numbers."""
    scores = with_kin([weights.score(own) for own in traits(text, elements, main)], elements, main)
    return bounded(text, elements, main, scores, weights.threshold)


def with_kin(scores: Sequence[float], elements: Sequence[Element], main: Sequence[int]) -> list[float]:
    """Return the scores of blocks drawn towards the mean of the others that stand in the same place of the markup: what
    a page is made of is of one kind as a whole.
    """
    places = [(elements[number].path, elements[number].classes) for number in main]
    kin: dict[Place, list[float]] = {}
    for place, score in zip(places, scores, strict=True):
        kin.setdefault(place, []).append(score)
    sums = {place: (sum(of), len(of) - 1) for place, of in kin.items()}
    drawn = []
    for place, score in zip(places, scores, strict=True):
        total, others = sums[place]
        drawn.append(score + KIN * ((total - score) / others - score) if others else score)
    return drawn


def bounded(
    text: str, elements: Sequence[Element], main: Sequence[int], scores: Sequence[float], threshold: float
) -> list[int]:
    """Return the blocks that stay if those go which score highest, as long as enough of the article is left."""
    suspect = sorted(
        (-score, number)
        for score, number in zip(scores, main, strict=True)
        if score >= threshold and HEADLINE not in elements[number].path.split("/")
    )
    if not suspect:
        return list(main)
    texts = {number: elements[number].span.of(text) for number in main}
    words = {number: count_words(block, block.split()) for number, block in texts.items()}
    total = sum(words.values())
    most = min(MOST_REMOVED * total, total - LEAST_KEPT)
    gone: set[int] = set()
    removed = 0
    for _, number in suspect:
        if removed + words[number] <= most:
            removed += words[number]
            gone.add(number)
    return [number for number in main if number not in gone]
