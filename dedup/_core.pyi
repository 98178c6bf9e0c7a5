from collections.abc import Sequence
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint import Ranges

__all__ = [
    "BUILD",
    "Patterns",
    "blocks",
    "candidates",
    "count_shared",
    "fingerprint",
    "folded",
    "passage_candidates",
    "passages",
    "recurrence",
    "shingles",
    "sign",
    "words",
]

BUILD: Final[str]

def words(text: str) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]: ...
def folded(text: str) -> list[str]: ...
def shingles(text: str, width: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]: ...
def sign(
    shingles: NDArray[np.uint64], multipliers: NDArray[np.uint32], addends: NDArray[np.uint32]
) -> NDArray[np.uint32]: ...
def blocks(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]: ...
def recurrence(
    texts: Sequence[str],
    ranges: Ranges,
    keys: NDArray[np.uint64],
    outlets: NDArray[np.uint32],
    least_contents: int,
) -> NDArray[np.uint32]: ...
def fingerprint(
    texts: Sequence[str],
    ranges: Ranges,
    width: int,
    multipliers: NDArray[np.uint32],
    addends: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]: ...
def candidates(
    signatures: NDArray[np.uint32], bands: int, rows: int, fan_out: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], int]: ...
def passage_candidates(
    texts: Sequence[str],
    ranges: Ranges,
    width: int,
    window: int,
    most_texts: int,
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], int]: ...
def count_shared(
    texts: Sequence[str],
    ranges: Ranges,
    width: int,
    left: NDArray[np.uint32],
    right: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]: ...
def passages(
    texts: Sequence[str],
    ranges: Ranges,
    width: int,
    least: int,
) -> list[tuple[int, int, int, int, int]]: ...

@final
class Patterns:
    def __new__(cls, patterns: Sequence[str]) -> Patterns: ...
    def find(
        self,
        texts: Sequence[str],
        ranges: Ranges,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
    def captures(self, text: str, group: str) -> list[tuple[int, int, int, int, int]]: ...
