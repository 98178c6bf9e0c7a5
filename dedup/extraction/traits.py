"""What do blocks of an article look like, and what stands around them?

shape_of   what one block looks like by itself
traits     what can be said of each block without knowing its language: a trait holds on it, or does not
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from dedup.article import Element

# A block of as many words that ends as sentences do is likely to be a paragraph of the article.
LONG: Final = 20
# How a block is written shows in so many of its words.
SEEN: Final = 30
# Words of more letters are of a script that does not part words; there so many letters make one.
LONGEST_WORD: Final = 16
LETTERS: Final = 2
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

# So many groups of traits of each kind are remembered.
MADE: Final = 16_384

Traits = tuple[str, ...]
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
    count = count_words(text, words)
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


def count_words(text: str, words: Sequence[str]) -> int:
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

    def ranges(self, total: int, elsewhere: int) -> tuple[int, ...]:
        """Return how many there are and what they look like, and how many others stand outside the article."""
        return (
            bisect_right(_SHARES, self.words / total),
            bisect_right(_SIZES, self.words / self.blocks),
            bisect_right(_COUNTS, self.blocks),
            bisect_right(_SHARES, self.linked / self.blocks),
            bisect_right(_SHARES, self.long / self.blocks),
            bisect_right(_SHARES, elsewhere / (elsewhere + self.blocks)),
        )


def traits(text: str, elements: Sequence[Element], main: Sequence[int]) -> Iterator[tuple[Traits, ...]]:
    """Yield the traits of each block of an article; `main` are their numbers among all `elements` of the page.

    They come in groups that depend on few ranges each, so that most groups are made and weighed once for many blocks.
    """
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
    own_kin = {place: known.ranges(total, everywhere[place] - known.blocks) for place, known in kin.items()}
    zones, where = _positions(shapes)
    around = _surroundings(shapes)
    for at, (shape, place) in enumerate(zip(shapes, places, strict=True)):
        size = min(shape.size, _LARGE)
        yield (
            _looks(shape.size, shape.start, shape.end, shape.titled, shape.digits, shape.links, zones[at]),
            where[at],
            _likeness(size, own_kin[place]),
            _labels(*place, common),
            around[at],
            _beside("previous", at - 1, at, shapes, places, main),
            _beside("next", at + 1, at, shapes, places, main),
        )


@lru_cache(maxsize=MADE)
def _looks(size: int, start: str, end: str, titled: int, digits: int, links: int, zone: str) -> Traits:
    least = min(size, _LARGE)
    return (
        f"size {size} {zone}",
        f"end {end} {size}",
        f"end {end} {zone}",
        f"start {start}",
        f"titled {titled} {least}",
        f"digits {digits}",
        f"links {links} {least}",
        f"links {links} {zone}",
    )


@lru_cache(maxsize=MADE)
def _likeness(size: int, kin: tuple[int, ...]) -> Traits:
    """Return what it says of a block of this size that others are made like it, here and outside the article."""
    like, kin_size, count, linked, long, elsewhere = kin
    return (
        f"like {like} {size}",
        f"kin size {kin_size} {size}",
        f"kin {count} {size}",
        f"kin links {linked}",
        f"kin long {long} {size}",
        f"kin elsewhere {elsewhere} {size}",
    )


def _positions(shapes: Sequence[Shape]) -> tuple[list[str], list[Traits]]:
    """Return of each block whether it stands over, in or under the paragraphs, and where between the ends."""
    sums = [0, *accumulate(shape.words for shape in shapes)]
    long = [at for at, shape in enumerate(shapes) if shape.is_long]
    first, last = (long[0], long[-1]) if long else (len(shapes), -1)
    count = bisect_right(_COUNTS, len(shapes))
    zones, found = [], []
    for at in range(len(shapes)):
        zone, far = ("over", first - at) if at < first else ("under", at - last) if at > last else ("in", 0)
        zones.append(zone)
        found.append(
            _where(
                bisect_right(_COUNTS, at),
                bisect_right(_COUNTS, len(shapes) - 1 - at),
                bisect_right(_RESTS, sums[at] / sums[-1]),
                bisect_right(_RESTS, 1 - sums[at + 1] / sums[-1]),
                count,
                f"{zone} {bisect_right(_COUNTS, far)}",
            )
        )
    return zones, found


@lru_cache(maxsize=MADE)
def _where(at: int, from_end: int, before: int, behind: int, blocks: int, far: str) -> Traits:
    return (
        f"at {at}", f"from end {from_end}", f"before {before}", f"behind {behind}", f"blocks {blocks}", f"far {far}"
    )  # fmt: skip


def _surroundings(shapes: Sequence[Shape]) -> list[Traits]:
    """Return of each block how long the blocks near it are, and how many of them link."""
    words = [0, *accumulate(shape.words for shape in shapes)]
    linked = [0, *accumulate(shape.links > 0 for shape in shapes)]
    found = []
    for at, shape in enumerate(shapes):
        ranges = []
        for reach in _REACHES:
            start, end = max(0, at - reach), min(len(shapes), at + reach + 1)
            others = (words[end] - words[start] - shape.words) / (end - start)
            ranges.append(bisect_right(_SIZES, others))
            ranges.append(bisect_right(_SHARES, (linked[end] - linked[start]) / (end - start)))
        found.append(_around(min(shape.size, _LARGE), tuple(ranges)))
    return found


@lru_cache(maxsize=MADE)
def _around(size: int, ranges: tuple[int, ...]) -> Traits:
    return tuple(
        trait
        for reach, words, links in zip(_REACHES, ranges[::2], ranges[1::2], strict=True)
        for trait in (f"around {reach} {words} {size}", f"around links {reach} {links}")
    )


def _beside(
    side: str, near: int, at: int, shapes: Sequence[Shape], places: Sequence[Place], main: Sequence[int]
) -> Traits:
    """Return what a neighbour in the article, if there is one, says of a block."""
    if not 0 <= near < len(shapes):
        return (f"{side} none",)
    shape = shapes[near]
    alike = min(shape.size, shapes[at].size, _LARGE) if places[near] == places[at] else None
    return _neighbour(
        side, shape.size, shape.links, shape.end, bisect_right(_COUNTS, abs(main[near] - main[at]) - 1), alike
    )


@lru_cache(maxsize=MADE)
def _neighbour(side: str, size: int, links: int, end: str, gap: int, alike: int | None) -> Traits:
    likeness = () if alike is None else (f"{side} alike {alike}",)
    return (f"{side} size {size}", f"{side} links {links}", f"{side} end {end}", f"{side} gap {gap}", *likeness)


def _common(kin: Mapping[Place, _Kin]) -> frozenset[str]:
    """Return the elements and the labels that hold most of the article's words: they tell none of its blocks apart."""
    held: Counter[str] = Counter()
    for (path, classes), known in kin.items():
        for label in {*classes, *path.split("/")}:
            held[label] += known.words
    half = sum(known.words for known in kin.values()) / 2
    return frozenset(label for label, words in held.items() if words > half)


@lru_cache(maxsize=4096)
def _labels(path: str, classes: tuple[str, ...], common: frozenset[str]) -> Traits:
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
