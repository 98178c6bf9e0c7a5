"""What does a copyist change? Runs of words replaced, inserted and deleted, and sometimes the end cut off."""

import random

import numpy as np
from numpy.typing import NDArray

from synthesis.prose import Stream, ended
from synthesis.vocabulary import FIRST_WORD, Tokens

LEAST_EDITED, MOST_EDITED = 0.02, 0.15
LONGEST_RUN = 12
ABRIDGED = 0.1
LEAST_LEFT, MOST_LEFT = 0.4, 0.8

SHINGLE = 5
_BASE = np.uint64(0x9E3779B97F4A7C15)


def republish(tokens: Tokens, stream: Stream, chooser: random.Random) -> tuple[Tokens, str]:
    """Return a copyist's version of an article, and what kind it is."""
    edited = edit(tokens, stream, chooser)
    if chooser.random() >= ABRIDGED:
        return edited, "reprint"
    left = max(SHINGLE, int(len(edited) * chooser.uniform(LEAST_LEFT, MOST_LEFT)))
    return ended(edited[:left]), "abridgement"


def edit(tokens: Tokens, stream: Stream, chooser: random.Random) -> Tokens:
    """Return tokens with a share of them replaced, inserted or deleted in runs. The first and the last stay."""
    budget = max(1, round(len(tokens) * chooser.uniform(LEAST_EDITED, MOST_EDITED)))
    lengths = []
    while budget:
        lengths.append(chooser.randint(1, min(LONGEST_RUN, budget)))
        budget -= lengths[-1]
    starts = sorted(chooser.sample(range(1, len(tokens) - 1), min(len(lengths), len(tokens) - 2)))
    pieces, place = [], 0
    for start, length in zip(starts, lengths, strict=False):
        start = max(start, place)
        pieces.append(tokens[place:start])
        change = chooser.randrange(3)
        if change:
            pieces.append(stream.take(length))
        place = start if change == 1 else min(start + length, len(tokens) - 1)
    return np.concatenate((*pieces, tokens[place:]))


def kept_share(copy: Tokens, source: Tokens) -> float:
    """Return the share of a copy's distinct runs of five words that its source holds too."""
    runs = _runs(copy)
    return len(np.intersect1d(runs, _runs(source), assume_unique=True)) / len(runs)


def _runs(tokens: Tokens) -> NDArray[np.uint64]:
    words = tokens[tokens >= FIRST_WORD].astype(np.uint64)
    width = min(SHINGLE, len(words))
    rolled = words[: len(words) - width + 1].copy()
    for place in range(1, width):
        rolled = rolled * _BASE + words[place : len(words) - width + 1 + place]
    rolled.sort()
    return rolled[np.concatenate(([True], rolled[1:] != rolled[:-1]))]
