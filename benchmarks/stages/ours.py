"""One stage of ours that Python calls, in a process of its own: `python ours.py STAGE FOLDER CORES`.

Prints its figures as JSON. What a stage needs of the stages before it is made before the clock starts. `checked` is
what the benchmark holds against the truth: how many words were counted, or the number of articles; stages that give
pairs leave them in FOLDER.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stages import clock

if __name__ == "__main__":
    clock.pin(int(sys.argv[3]))

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, product

import numpy as np
import orjson

from dedup.fingerprint import Ranges, fingerprint
from dedup.match import Resembling, find_resembling

LEAST_JACCARD = 0.7

Figures = dict[str, float]


def _bodies(folder: Path) -> list[str]:
    return [orjson.loads(line) for line in (folder / "bodies.jsonl").read_bytes().splitlines()]


def parse(folder: Path) -> Figures:
    """A bare loop of orjson.loads over the file: the floor under everything that reads it."""
    with (folder / "corpus.jsonl").open("rb") as lines:
        figures, count = clock.timed(lambda: sum(1 for line in lines if orjson.loads(line)))
    return {**figures, "checked": count}


def signature(folder: Path) -> Figures:
    """Bodies to signatures."""
    texts = _bodies(folder)
    lengths = np.array([len(text) for text in texts], dtype=np.uint32)
    whole = Ranges(np.arange(len(texts) + 1), np.zeros_like(lengths), lengths)
    figures, prints = clock.timed(lambda: fingerprint(texts, whole))
    return {**figures, "checked": int(prints.words.sum())}


def pairs(folder: Path) -> Figures:
    """Bodies to verified pairs: signatures, bands, exact counts."""
    texts = _bodies(folder)
    figures, found = clock.timed(lambda: find_resembling(texts, LEAST_JACCARD))
    clock.write_pairs(folder / "pairs.pairs", sorted(all_pairs(found)))
    return {**figures, "capped": found.capped}


def all_pairs(found: Resembling) -> Iterator[tuple[int, int]]:
    """Yield every pair of texts, the lesser place first: those with the same words fold into one group, and a pair of
    groups stands for all pairs between them.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for place, first in enumerate(found.group.tolist()):
        if first >= 0:
            members[first].append(place)
    for places in members.values():
        yield from combinations(places, 2)
    for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True):
        yield from ((min(pair), max(pair)) for pair in product(members[left], members[right]))


STAGES: dict[str, Callable[[Path], Figures]] = {"orjson.loads": parse, "signature": signature, "pairs": pairs}


if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](Path(sys.argv[2]))))
