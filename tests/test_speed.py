"""What benchmarks/speed.py takes for the truth: all pairs that are alike, found another way."""

import random
import sys

import pytest
from places import ROOT

sys.path.append(str(ROOT / "benchmarks"))

from stages.exact import LEAST, alike


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def test_alike_is_what_comparing_every_pair_finds() -> None:
    chooser = random.Random(5)
    words = [f"word{number}" for number in range(30)]
    texts = [" ".join(chooser.choices(words, k=60)) for _ in range(20)]
    for text in texts[:10] * 6:
        copy = text.split()
        for _ in range(chooser.randint(0, 4)):
            copy[chooser.randrange(len(copy))] = chooser.choice(words)
        texts.append(" ".join(copy[: chooser.randint(40, 60)]))
    sets = [runs(text) for text in texts]
    places = [(left, right) for right in range(len(sets)) for left in range(right)]
    expected = {(a, b) for a, b in places if len(sets[a] & sets[b]) >= LEAST * len(sets[a] | sets[b])}
    assert 20 < len(expected) < len(places) / 2
    assert alike(texts) == expected


def test_a_text_without_a_run_is_refused() -> None:
    with pytest.raises(ValueError, match="a text of 2 words"):
        alike(["one two three four five six", "one two"])
