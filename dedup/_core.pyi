from collections.abc import Mapping, Sequence
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from dedup.article import Row
from dedup.fingerprint import Ranges

__all__ = [
    "BUILD",
    "Corpus",
    "Cues",
    "Method",
    "Page",
    "Patterns",
    "Weights",
    "agreements",
    "edits",
    "fingerprint",
    "folded",
    "groups",
    "marginals",
    "passages",
    "resembling",
    "shingles",
    "sign",
    "toml_as_json",
    "words",
]

BUILD: Final[str]

# id, text, host, outlet, title, edges of the main parts, all else, path
_Given = tuple[str, str, str | None, str | None, str | None, Sequence[int] | None, bytes, str]
_Pairs = tuple[NDArray[np.uint32], NDArray[np.uint32]]
_Counts = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]

def words(text: str) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]: ...
def folded(text: str) -> list[str]: ...
def shingles(text: str, width: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]: ...
def sign(
    shingles: NDArray[np.uint64], multipliers: NDArray[np.uint32], addends: NDArray[np.uint32]
) -> NDArray[np.uint32]: ...
def toml_as_json(toml: str) -> bytes: ...
def fingerprint(
    texts: Sequence[str],
    ranges: Ranges,
    width: int,
    multipliers: NDArray[np.uint32],
    addends: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]: ...
def resembling(
    texts: Sequence[str], method: Method, least: float
) -> tuple[NDArray[np.int64], _Pairs, tuple[NDArray[np.uint32], NDArray[np.uint32]], int]: ...
def passages(
    texts: Sequence[str],
    ranges: Ranges,
    pairs: Sequence[tuple[int, int]],
    width: int,
    least: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32]]: ...
def edits(
    texts: Sequence[str],
    ranges: Ranges,
    pairs: Sequence[tuple[int, int]],
    passages: tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32]],
    most: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]: ...
def agreements(
    texts: Sequence[str], ranges: Ranges, groups: Sequence[Sequence[int]], width: int, least: int
) -> list[list[tuple[int, int, list[int]]]]: ...
def marginals(scores: list[Mapping[int, float]]) -> list[dict[int, float]]: ...
def groups(scores: list[Mapping[int, float]]) -> list[list[int]]: ...

@final
class Patterns:
    def __new__(cls, patterns: Sequence[str]) -> Patterns: ...
    def captures(self, texts: Sequence[str], group: str) -> list[tuple[int, int, int, int, int, int]]: ...

@final
class Page:
    def __new__(cls, html: str, extractor: str = "trafilatura") -> Page: ...
    @property
    def text(self) -> str: ...
    @property
    def rows(self) -> list[Row]: ...
    @property
    def statements(self) -> list[tuple[str, str, str, int]]: ...
    @property
    def slim(self) -> str: ...
    @property
    def in_paragraphs(self) -> int: ...
    @property
    def deepest(self) -> int: ...
    def main(self, extract: str) -> tuple[list[int], int, int]: ...
    def weighed(self, main: Sequence[int], weights: Weights) -> list[tuple[float, int, int]]: ...
    def traits(self, main: Sequence[int]) -> list[list[str]]: ...

@final
class Weights:
    def __new__(cls, bias: float, of: Mapping[str, float]) -> Weights: ...

@final
class Cues:
    def __new__(
        cls,
        patterns: Sequence[str],
        kinds: Sequence[int],
        edge_only: Sequence[bool],
        most_words: Sequence[int],
        under_headline: tuple[int, int],
        other: int,
    ) -> Cues: ...

@final
class Method:
    def __new__(
        cls,
        width: int,
        banding: tuple[int, int],
        short_banding: tuple[int, int],
        short_words: int,
        fan_out: int,
        passage_width: int,
        window: int,
        most_bodies: int,
        most_partners: int,
    ) -> Method: ...

@final
class Corpus:
    def __new__(
        cls,
        cues: Cues,
        fields: Sequence[tuple[str, str, int]],
        limits: tuple[int, int],
        bounds: tuple[int, int],
        folder: str,
    ) -> Corpus: ...
    def __len__(self) -> int: ...
    def open(self, path: str) -> None: ...
    def feed(self, piece: bytes) -> list[tuple[int, bytes | int]]: ...
    def close(self, whole: bool) -> tuple[list[tuple[int, bytes | int]], int]: ...
    def push(self, articles: Sequence[_Given]) -> None: ...
    def sources(self) -> list[tuple[str | None, str | None]]: ...
    def sort(self) -> list[tuple[int, int]]: ...
    def has_id(self, name: str) -> bool: ...
    def keep(self, places: NDArray[np.uint32]) -> None: ...
    def article(self, place: int) -> tuple[str, str, bytes, bool, str, int]: ...
    def source_numbers(self) -> NDArray[np.uint32]: ...
    def paths(self) -> list[tuple[str, int]]: ...
    def learn(self, outlets: NDArray[np.uint32], least_contents: int) -> None: ...
    def learned_lines(self, outlets: NDArray[np.uint32]) -> list[tuple[int, str, int, int, int]]: ...
    def rule(self, outlets: NDArray[np.uint32], rulings: Sequence[tuple[int, str, int]]) -> list[int]: ...
    def matches(
        self, method: Method, threshold: float, least: int
    ) -> tuple[NDArray[np.int64], _Pairs, _Counts, _Pairs, _Pairs, _Counts, int]: ...
    def layout(
        self, places: NDArray[np.uint32]
    ) -> tuple[
        tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]],
        NDArray[np.uint32],
        NDArray[np.uint64],
        NDArray[np.uint8],
        tuple[NDArray[np.uint32], NDArray[np.uint32]],
        tuple[NDArray[np.int64], NDArray[np.int64]],
    ]: ...
    def holders(
        self, keys: NDArray[np.uint64], least_words: int, nobody: NDArray[np.bool_], most: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.bool_]]: ...
