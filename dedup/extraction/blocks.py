"""Which blocks of what an extractor took for the article does their markup give away as something else?

shape_of   what one block looks like by itself
traits     what can be said of each block without knowing its language: a trait holds on it, or does not
judged     which blocks of the article stay

What each trait weighs was learned from pages whose text was marked by hand, by logistic regression. The weights stand
in `blocks.json`; `benchmarks/train_blocks.py` writes it, and measures what they do to pages of sites they do not know.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final

import orjson

from dedup.article import Element

# At most this share of the article's words goes, and so many stay at least.
MOST_REMOVED: Final = 0.4
LEAST_KEPT: Final = 30
# A block of as many words that ends as sentences do is likely to be a paragraph of the article.
LONG: Final = 20
# How a block is written shows in so many of its words.
SEEN: Final = 30
# Words of more letters are of a script that does not part words; there so many letters make one.
LONGEST_WORD: Final = 16
LETTERS: Final = 2
# A headline is what a reprint changes, whatever its markup looks like: it stays where the extractor put it.
HEADLINE: Final = "h1"
# Figures count by the range they fall into; each list holds where the next range begins.
_SIZES: Final = (2, 3, 4, 6, 9, 13, 20, 35, 60, 100)
_SHARES: Final = (0.01, 0.2, 0.4, 0.6, 0.8, 0.99)
_RESTS: Final = (0.001, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
_COUNTS: Final = (1, 2, 3, 5, 8)
# From this range of sizes on, sizes are told apart no more where they are told together with something else.
_LARGE: Final = 6
_REACHES: Final = (3, 8)
_PIECES: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_ENDS: Final = {
    **dict.fromkeys(".!?…。！？؟।", "stop"),
    **dict.fromkeys("\"'”’»“›」』", "quote"),
    **dict.fromkeys(":：", "colon"),
    **dict.fromkeys(",;、，؛،", "comma"),
    **dict.fromkeys(")]）", "bracket"),
    **dict.fromkeys(">→|", "arrow"),
}

# What holds a block: its path and its classes.
Place = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one block looks like by itself. But for `words`, figures are numbers of ranges."""

    words: int
    size: int
    start: str
    end: str
    titled: int
    digits: int
    links: int

    @property
    def is_long(self) -> bool:
        """Say whether it looks like a paragraph of the article."""
        return self.words >= LONG and self.end in ("stop", "quote")


def shape_of(text: str, links: int) -> Shape:
    """Return what a block looks like that links to so many places."""
    words = text.split()
    count = _count(text, words)
    initials = [word[0] for word in words[:SEEN]]
    seen = max(1, len(initials))
    return Shape(
        words=count,
        size=bisect_right(_SIZES, count),
        start=_sort_of(text[:1]),
        end=_ENDS.get(text[-1:]) or _sort_of(text[-1:]),
        titled=bisect_right(_SHARES, sum(map(str.isupper, initials)) / seen),
        digits=bisect_right(_SHARES, sum(map(str.isdigit, initials)) / seen),
        links=bisect_right(_SHARES, links / count) + 1 if links else 0,
    )


def _count(text: str, words: Sequence[str]) -> int:
    return max(1, len(words) if len(text) <= LONGEST_WORD * len(words) else len(text) // LETTERS)


def _sort_of(character: str) -> str:
    if character.isalpha():
        return "upper" if character.isupper() else "letter"
    return "digit" if character.isdigit() else "sign"


@dataclass(slots=True)
class _Kin:
    """The blocks of the article that stand in the same place of the markup, in figures."""

    words: int = 0
    blocks: int = 0
    linked: int = 0
    long: int = 0

    def take(self, shape: Shape) -> None:
        self.words += shape.words
        self.blocks += 1
        self.linked += shape.links > 0
        self.long += shape.is_long

    def traits(self, size: int, total: int, elsewhere: int) -> tuple[str, ...]:
        """Return what it says of a block of this size that others are made like it, here and outside the article."""
        return (
            f"like {bisect_right(_SHARES, self.words / total)} {size}",
            f"kin size {bisect_right(_SIZES, self.words / self.blocks)} {size}",
            f"kin {bisect_right(_COUNTS, self.blocks)} {size}",
            f"kin links {bisect_right(_SHARES, self.linked / self.blocks)}",
            f"kin long {bisect_right(_SHARES, self.long / self.blocks)} {size}",
            f"kin elsewhere {bisect_right(_SHARES, elsewhere / (elsewhere + self.blocks))} {size}",
        )


def traits(text: str, elements: Sequence[Element], main: Sequence[int]) -> Iterator[list[str]]:
    """Yield the traits of each block of an article; `main` are their numbers among all `elements` of the page."""
    own = [elements[number] for number in main]
    shapes = [shape_of(element.span.of(text), len(element.links)) for element in own]
    places: list[Place] = [(element.path, element.classes) for element in own]
    kin: dict[Place, _Kin] = {}
    for place, shape in zip(places, shapes, strict=True):
        kin.setdefault(place, _Kin()).take(shape)
    paths = {path for path, _ in kin}
    everywhere = Counter((element.path, element.classes) for element in elements if element.path in paths)
    total = sum(shape.words for shape in shapes)
    common = _common(kin)
    position = _positions(shapes)
    around = _surroundings(shapes)
    for at, (shape, place) in enumerate(zip(shapes, places, strict=True)):
        zone, where = position[at]
        size = min(shape.size, _LARGE)
        like = kin[place]
        yield [
            *_looks(shape, zone, size),
            *where,
            *like.traits(size, total, everywhere[place] - like.blocks),
            *_labels(*place, common),
            *around[at],
            *_beside("previous", at - 1, at, shapes, places, main),
            *_beside("next", at + 1, at, shapes, places, main),
        ]


def _looks(shape: Shape, zone: str, size: int) -> tuple[str, ...]:
    return (
        f"size {shape.size} {zone}",
        f"end {shape.end} {shape.size}",
        f"end {shape.end} {zone}",
        f"start {shape.start}",
        f"titled {shape.titled} {size}",
        f"digits {shape.digits}",
        f"links {shape.links} {size}",
        f"links {shape.links} {zone}",
    )


def _positions(shapes: Sequence[Shape]) -> list[tuple[str, tuple[str, ...]]]:
    """Return of each block whether it stands over, in or under the paragraphs, and where between the ends."""
    sums = [0, *accumulate(shape.words for shape in shapes)]
    long = [at for at, shape in enumerate(shapes) if shape.is_long]
    first, last = (long[0], long[-1]) if long else (len(shapes), -1)
    found: list[tuple[str, tuple[str, ...]]] = []
    for at in range(len(shapes)):
        zone, far = ("over", first - at) if at < first else ("under", at - last) if at > last else ("in", 0)
        where = (
            f"at {bisect_right(_COUNTS, at)}",
            f"from end {bisect_right(_COUNTS, len(shapes) - 1 - at)}",
            f"before {bisect_right(_RESTS, sums[at] / sums[-1])}",
            f"behind {bisect_right(_RESTS, 1 - sums[at + 1] / sums[-1])}",
            f"blocks {bisect_right(_COUNTS, len(shapes))}",
            f"far {zone} {bisect_right(_COUNTS, far)}",
        )
        found.append((zone, where))
    return found


def _surroundings(shapes: Sequence[Shape]) -> list[list[str]]:
    """Return of each block how long the blocks near it are, and how many of them link."""
    words = [0, *accumulate(shape.words for shape in shapes)]
    linked = [0, *accumulate(shape.links > 0 for shape in shapes)]
    found = []
    for at, shape in enumerate(shapes):
        own = []
        for reach in _REACHES:
            start, end = max(0, at - reach), min(len(shapes), at + reach + 1)
            others = (words[end] - words[start] - shape.words) / (end - start)
            own.append(f"around {reach} {bisect_right(_SIZES, others)} {min(shape.size, _LARGE)}")
            own.append(f"around links {reach} {bisect_right(_SHARES, (linked[end] - linked[start]) / (end - start))}")
        found.append(own)
    return found


def _beside(
    side: str, near: int, at: int, shapes: Sequence[Shape], places: Sequence[Place], main: Sequence[int]
) -> tuple[str, ...]:
    """Return what a neighbour in the article, if there is one, says of a block."""
    if not 0 <= near < len(shapes):
        return (f"{side} none",)
    shape = shapes[near]
    alike = (f"{side} alike {min(shape.size, shapes[at].size, _LARGE)}",) if places[near] == places[at] else ()
    return (
        f"{side} size {shape.size}",
        f"{side} links {shape.links}",
        f"{side} end {shape.end}",
        f"{side} gap {bisect_right(_COUNTS, abs(main[near] - main[at]) - 1)}",
        *alike,
    )


def _common(kin: Mapping[Place, _Kin]) -> frozenset[str]:
    """Return the elements and the labels that hold most of the article's words: they tell none of its blocks apart."""
    held: Counter[str] = Counter()
    for (path, classes), known in kin.items():
        for label in {*classes, *path.split("/")}:
            held[label] += known.words
    half = sum(known.words for known in kin.values()) / 2
    return frozenset(label for label, words in held.items() if words > half)


@lru_cache(maxsize=4096)
def _labels(path: str, classes: tuple[str, ...], common: frozenset[str]) -> tuple[str, ...]:
    *outer, inmost = path.split("/")
    pieces = {piece for label in classes if label not in common for piece in pieces_of(label)}
    inside = {name for name in outer if name not in common}
    return (f"tag {inmost}", *(f"in {name}" for name in sorted(inside)), *(f"class {one}" for one in sorted(pieces)))


@lru_cache(maxsize=16384)
def pieces_of(label: str) -> tuple[str, ...]:
    """Return the words of which the name of a class is made.

    >>> pieces_of("relatedPosts--small2")
    ('related', 'posts', 'small')
    """
    return tuple(piece.lower() for piece in _PIECES.findall(label))


@dataclass(frozen=True, slots=True)
class Weights:
    """What each trait weighs. Blocks whose traits weigh `threshold` or more, with `bias`, are taken for boilerplate."""

    bias: float
    threshold: float
    of: Mapping[str, float]

    def score(self, own: Sequence[str]) -> float:
        """Return the logarithm of the odds that a block of these traits is boilerplate."""
        weigh = self.of.get
        return self.bias + sum([weigh(trait, 0.0) for trait in own])


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the shipped weights, read at the first call."""
    stored = orjson.loads((files("dedup.extraction") / "blocks.json").read_bytes())
    return Weights(stored["bias"], stored["threshold"], stored["weights"])


def judged(text: str, elements: Sequence[Element], main: Sequence[int], weights: Weights) -> list[int]:
    """Return the numbers of the blocks that stay of an article, of which `main` are the numbers."""
    scores = [weights.score(own) for own in traits(text, elements, main)]
    return bounded(text, elements, main, scores, weights.threshold)


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
    words = {number: _count(block, block.split()) for number, block in texts.items()}
    total = sum(words.values())
    most = min(MOST_REMOVED * total, total - LEAST_KEPT)
    gone: set[int] = set()
    removed = 0
    for _, number in suspect:
        if removed + words[number] <= most:
            removed += words[number]
            gone.add(number)
    return [number for number in main if number not in gone]
