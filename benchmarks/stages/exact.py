"""Which bodies are alike? All pairs whose runs of five words have a Jaccard of at least .7, exactly, with no hash.

Runs get numbers by what they are. Of two sets with a Jaccard of at least t, each of size n has one of their shared
runs among its n - ceil(t * n) + 1 rarest (prefix filtering; Chaudhuri, Ganti and Kaushik 2006), so only sets that
share such a run are counted, and no pair is missed.
"""

import math
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

LEAST = Fraction(7, 10)
WIDTH = 5

Pairs = set[tuple[int, int]]


def alike(texts: list[str]) -> Pairs:
    """Return the pairs of places, the lesser first, of folded texts (words with one space between) that are alike."""
    sets = _run_sets(texts)
    candidates: Pairs = set()
    holders: dict[int, list[int]] = {}
    for place, runs in enumerate(sets):
        for run in runs[: len(runs) - math.ceil(LEAST * len(runs)) + 1].tolist():
            holders.setdefault(run, []).append(place)
    for places in holders.values():
        candidates.update(combinations(places, 2))
    held = {place: set(sets[place].tolist()) for place in {place for pair in candidates for place in pair}}
    return {(left, right) for left, right in candidates if _are_alike(held[left], held[right])}


def _are_alike(left: set[int], right: set[int]) -> bool:
    shared = len(left & right)
    return shared >= LEAST * (len(left) + len(right) - shared)


def _run_sets(texts: list[str]) -> list[NDArray[np.int64]]:
    """Return the distinct runs of each text as numbers: the rarer in all texts, the smaller."""
    numbers: dict[str, int] = {}
    words = [[numbers.setdefault(word, len(numbers)) for word in text.split()] for text in texts]
    flat = np.array([word for of_text in words for word in of_text], dtype=np.int64)
    twos = _numbered(flat[:-1], flat[1:])
    fours = _numbered(twos[:-2], twos[2:])
    fives = _numbered(fours[:-1], flat[4:])
    starts = np.concatenate(([0], np.cumsum([len(of_text) for of_text in words])))
    least = min(map(len, words))
    if least < WIDTH:
        raise ValueError(f"a text of {least} words: give texts of at least {WIDTH}")
    distinct = [np.unique(fives[start : end - WIDTH + 1]) for start, end in pairwise(starts)]
    counts = np.bincount(np.concatenate(distinct))
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    return [np.sort(rank[runs]) for runs in distinct]


def _numbered(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each pair of numbers one number: equal for equal pairs, and only for them."""
    return np.unique(left * (right.max(initial=0) + 1) + right, return_inverse=True)[1]
