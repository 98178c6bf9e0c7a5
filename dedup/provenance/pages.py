"""Where do passages stand on their pages, and what do they look like there?

Shared   two articles and the passages they share
Pages    knows where passages stand on their pages
covered, stands_in   how much of a Span others cover, whether one of them holds it
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile

import numpy as np

from dedup.article import Article, Span, spans_between
from dedup.fingerprint import Ranges
from dedup.provenance.model import Figures, Passage
from dedup.provenance.parents import Member

# So much of a passage must lie in another for both to be the same one.
SAME = 0.8
# The head and the tail of a body are such a share of it.
_EDGE = 0.15
# Lists of headlines stand beside articles: so many blocks, each of so many characters at most, of which none ends as a
# sentence does. Headlines that are cut short end in dots. Where more of the words hold digits it is a table.
_HEADLINES, _LONGEST_HEADLINE, _MOST_FIGURES, _MOST_GO_ON = 2, 250, 0.1, 0.2
_SENTENCE_ENDS, _CUT, _CLOSING = tuple(".!?。！？।۔؟:;,"), ("..", "…"), " \t\n\"'”’»)]」』"
# Where such a share of the blocks is cut short, all are teasers of other articles.
_LEAST_CUT = 0.25
# Galleries, teasers and notices come as whole blocks, with hardly a word changed, or show what another article begins
# with: within this share of it.
_MOST_RUNS, _BEGINNING = 2, 0.03
# What stands behind so many characters of an article that is not shared, between lines that are known for boilerplate
# and the same on both pages, is part of what they frame; and so is what stands behind so many of them, which are tools
# to share and print the article.
_ARTICLE, _TOOLS = 500, 3
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Shared:
    """Two articles by index, of different units, and what they share; passages have the left one as their source."""

    left: int
    right: int
    units: tuple[int, int]
    figures: Figures
    passages: tuple[Passage, ...]

    @cached_property
    def words(self) -> int:
        return sum(passage.words for passage in self.passages)

    def spans(self, article: int) -> list[Span]:
        """Return where the passages stand in one of the two."""
        return [passage.source if article == self.left else passage.copy for passage in self.passages]


class Pages:
    """Knows where passages stand on their pages, each of which is read when it is first asked for."""

    def __init__(self, articles: Sequence[Article], known: Mapping[int, Member], bodies: Ranges) -> None:
        self._known = known
        self._articles = articles
        self._bodies = bodies
        self._read: dict[int, list[Span]] = {}
        self._lines: dict[int, list[Span]] = {}

    def is_headlines(self, index: int, span: Span, least: int = _HEADLINES) -> bool:
        """Say whether a passage is a list of headlines: so many short blocks that are no sentences."""
        text = self._articles[index].text
        lines = [block for block in self._headlines(index) if _part(block, span) >= SAME]
        # Lines that go on in small letters are prose, set in a column.
        if sum(block.of(text)[0].islower() for block in lines) > _MOST_GO_ON * len(lines):
            return False
        return len(lines) >= least and self._are_all(index, span, lines) and not self.is_table(index, span)

    def has_headlines(self, index: int, least: int) -> bool:
        """Say whether an article has so many short blocks that are no sentences."""
        bodies = self._bodies
        first, last = bodies.offsets[index], bodies.offsets[index + 1]
        short = bodies.ends[first:last] - bodies.starts[first:last] <= _LONGEST_HEADLINE
        return int(np.count_nonzero(short)) >= least and len(self._headlines(index)) >= least

    def _blocks(self, index: int) -> list[Span]:
        """Return the blocks of an article's body."""
        found = self._read.get(index)
        if found is None:
            first, last = self._bodies.offsets[index], self._bodies.offsets[index + 1]
            starts, ends = self._bodies.starts[first:last], self._bodies.ends[first:last]
            found = self._read[index] = list(spans_between(starts.tolist(), ends.tolist()))
        return found

    def _headlines(self, index: int) -> list[Span]:
        """Return the short blocks of an article that are no sentences."""
        found = self._lines.get(index)
        if found is None:
            text = self._articles[index].text
            short = [block for block in self._blocks(index) if block.end - block.start <= _LONGEST_HEADLINE]
            found = self._lines[index] = [block for block in short if not _is_sentence(block.of(text))]
        return found

    def _are_all(self, index: int, span: Span, blocks: Sequence[Span]) -> bool:
        """Say whether some blocks make up a passage. Between its blocks may stand what is no body."""
        held = sum(_common(span, block) for block in self._blocks(index))
        return sum(block.end - block.start for block in blocks) >= SAME * held

    def is_table(self, index: int, span: Span) -> bool:
        """Say whether a passage, or all of the body around it, has so many numbers that they are what it says."""
        return any(_is_table(part.of(self._articles[index].text)) for part in (span, self._body(index)))

    def are_teasers(self, index: int, span: Span) -> bool:
        """Say whether a passage is whole blocks of which many are cut short."""
        text, whole = self._articles[index].text, self.whole(index, span)
        cut = sum(block.of(text).rstrip(_CLOSING).endswith(_CUT) for block in whole)
        return cut >= max(_HEADLINES, _LEAST_CUT * len(whole)) and self._are_all(index, span, whole)

    def are_whole(self, pair: Shared, passage: Passage, least: int) -> bool:
        """Say whether a passage is at least so many whole blocks in both, with hardly a word changed."""
        sides = (pair.left, passage.source), (pair.right, passage.copy)
        wholes = [(*side, self.whole(*side)) for side in sides]
        is_whole = all(len(whole) >= least and self._are_all(index, span, whole) for index, span, whole in wholes)
        return is_whole and self._runs(pair, passage) <= _MOST_RUNS

    def _runs(self, pair: Shared, passage: Passage) -> int:
        """Return how many runs of words make up a passage, but for numbers that differ between them."""
        one, other = self._articles[pair.left].text, self._articles[pair.right].text
        between = pairwise(passage.runs)
        parts = ((one[end:start], other[last:first]) for (_, end, _, last), (start, _, first, _) in between)
        return 1 + sum(not all(map(_is_number, part.split())) for part in map(" ".join, parts))

    def are_framed(self, pair: Shared, passage: Passage) -> bool:
        """Say whether a passage is whole blocks that stand in both between the same lines of known boilerplate, or
        between such a line and the end, or right behind several, and all that behind an article that is not shared.
        """
        sides = (pair.left, passage.source), (pair.right, passage.copy)
        if not self.are_whole(pair, passage, 1) or not all(self._is_behind(pair, *side) for side in sides):
            return False
        (over, under), (over_too, under_too) = (self._frame(*side) for side in sides)
        lines = zip(reversed(over), reversed(over_too), strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], lines))
        return alike >= _TOOLS or (alike > 0 and under is not None and under == under_too)

    def _is_behind(self, pair: Shared, index: int, span: Span) -> bool:
        """Say whether a passage stands behind an article of which nothing is shared."""
        before = [block for block in self._blocks(index) if block.end <= span.start]
        shared = pair.spans(index)
        return sum(block.end - block.start for block in before if not covered(block, shared)) >= _ARTICLE

    def _frame(self, index: int, span: Span) -> tuple[list[str], str | None]:
        """Return the lines of known boilerplate right before whole blocks and the first right behind them, but for
        their numbers. That is empty at the end of the body, and None where the body goes on.
        """
        text, blocks, whole = self._articles[index].text, self._blocks(index), self.whole(index, span)
        first, behind = blocks.index(whole[0]), blocks.index(whole[-1]) + 1
        over = _lines(text[blocks[first - 1].end : whole[0].start]) if first else []
        if behind == len(blocks):
            return over, ""
        return over, next(iter(_lines(text[whole[-1].end : blocks[behind].start])), None)

    def begins(self, index: int, span: Span) -> bool:
        """Say whether a passage stands at the beginning of an article."""
        whole = self._body(index)
        return span.start <= whole.start + _BEGINNING * (whole.end - whole.start)

    def whole(self, index: int, span: Span) -> list[Span]:
        """Return the blocks that stand in a passage whole, but for a few signs."""
        return [block for block in self._blocks(index) if _part(block, span) >= SAME]

    def at_edge(self, index: int, span: Span) -> bool:
        """Say whether a passage stands at the head or the tail of a body."""
        whole = self._body(index)
        return span.start <= whole.start + _EDGE * (whole.end - whole.start) or self.at_tail(index, span)

    def at_tail(self, index: int, span: Span) -> bool:
        """Say whether a passage stands at the tail of a body."""
        whole = self._body(index)
        return span.end >= whole.end - _EDGE * (whole.end - whole.start)

    def _body(self, index: int) -> Span:
        """Return all of an article from the beginning of its body to its end."""
        bodies = self._bodies
        return Span(int(bodies.starts[bodies.offsets[index]]), int(bodies.ends[bodies.offsets[index + 1] - 1]))

    def are_far(self, one: int, other: int, days: int) -> bool:
        """Say whether two articles were published more than so many days apart, for all that is known."""
        first, second = self._known[one].clock, self._known[other].clock
        if first is None or second is None:
            return False
        return abs((first.not_before - second.not_before).days) > days


def _is_sentence(block: str) -> bool:
    block = block.rstrip(_CLOSING)
    return block.endswith(_SENTENCE_ENDS) and not block.endswith(_CUT)


def _is_number(word: str) -> bool:
    """Say whether a word holds a digit, or nothing but signs."""
    return not any(map(str.isalpha, word)) or any(map(str.isdigit, word))


def _lines(text: str) -> list[str]:
    """Return the lines of a text that are not empty, without what tells them apart by number only."""
    return [_DIGITS.sub("0", line) for line in map(str.strip, text.casefold().splitlines()) if line]


def _is_table(text: str) -> bool:
    words = text.split()
    return sum(any(map(str.isdigit, word)) for word in words) > _MOST_FIGURES * len(words)


def covered(span: Span, others: Iterable[Span]) -> float:
    """Return the share of a span that others cover, which do not overlap."""
    return sum(_common(span, other) for other in others) / (span.end - span.start)


def _common(span: Span, other: Span) -> int:
    """Return how many code points stand in both spans."""
    return max(0, min(span.end, other.end) - max(span.start, other.start))


def _part(span: Span, other: Span) -> float:
    """Return the share of a span that stands in another."""
    return _common(span, other) / (span.end - span.start)


def stands_in(span: Span, others: Iterable[Span]) -> bool:
    """Say whether a span is part of one of the others, but for a few signs."""
    return any(_part(span, other) >= SAME for other in others)
