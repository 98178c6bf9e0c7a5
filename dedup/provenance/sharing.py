"""What do two articles share that is no boilerplate?

Shared   two articles and the passages they share
Pages    knows where passages stand on their pages
House    knows which passages are boilerplate
is_quotation   whether passages are quotations
covered, stands_in   how much of a Span others cover, whether one of them holds it
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dedup.article import Article, Span, spans_between
from dedup.fingerprint import Ranges
from dedup.provenance.model import Figures, Passage
from dedup.provenance.parents import Member
from dedup.provenance.passages import Quotations

# A quotation has at most so many words, and stands between quotation marks but for who said it.
_QUOTATION_WORDS, _QUOTED = 60, 0.7
# Boilerplate that no rule knew and no outlet repeated often enough to be learned stands at the head or the tail of
# bodies (this share of them), under so many that have nothing else in common, or so many days apart: a story is taken
# up while it is new.
_STOCK, _EDGE, FAR = 3, 0.15, 60
# So much of a passage must lie in another for both to be the same one.
SAME = 0.8
# Lists of headlines stand beside articles: so many blocks, each of so many characters at most, of which none ends as a
# sentence does. Headlines that are cut short end in dots. Where more of the words hold digits it is a table.
_HEADLINES, _LONGEST_HEADLINE, _MOST_FIGURES, _MOST_GO_ON = 2, 250, 0.1, 0.2
_SENTENCE_ENDS, _CUT, _CLOSING = tuple(".!?。！？।۔؟:;,"), ("..", "…"), " \t\n\"'”’»)]」』"
# Where such a share of the blocks is cut short, all are teasers of other articles.
_LEAST_CUT = 0.25
# Galleries, teasers and notices come as whole blocks, with hardly a word changed. They stay for so many days (if it is
# one block only, for longer), or show what another article begins with: within this share of it.
_OLD, _MOST_RUNS, _BEGINNING = 28, 2, 0.03


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


def is_quotation(passages: Sequence[Passage], source: Quotations, copy: Quotations) -> bool:
    """Say whether all passages together are short and stand between quotation marks in both articles."""
    return sum(passage.words for passage in passages) <= _QUOTATION_WORDS and all(
        source.share_of(passage.source) >= _QUOTED and copy.share_of(passage.copy) >= _QUOTED for passage in passages
    )


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
        return len(passage.runs) <= _MOST_RUNS and is_whole

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


class House:
    """Knows which passages are boilerplate: they stand under bodies that have nothing else in common."""

    def __init__(
        self,
        pairs: Sequence[Shared],
        articles: Sequence[Article],
        known: Mapping[int, Member],
        bodies: Ranges,
        furniture: Mapping[int, Sequence[Span]],
    ) -> None:
        """Look at all pairs together. `furniture` gives parts of bodies that are boilerplate for sure."""
        indices = {index for pair in pairs for index in (pair.left, pair.right)}
        self._known = known
        self._pages = Pages(articles, known, bodies)
        self._quoted = {index: Quotations(articles[index].text) for index in indices}
        self._held: dict[int, list[tuple[Span, int, int]]] = {}
        self._own: dict[int, list[Span]] = {index: list(spans) for index, spans in furniture.items()}
        for pair in pairs:
            of_one_outlet = known[pair.left].outlet is not None and known[pair.left].outlet == known[pair.right].outlet
            sides = (pair.left, pair.right), (pair.right, pair.left)
            for (index, other), unit in zip(sides, reversed(pair.units), strict=True):
                spans = pair.spans(index)
                self._held.setdefault(index, []).extend((span, unit, other) for span in spans)
            if of_one_outlet:
                for passage in pair.passages:
                    if self._at_tail(pair, passage):
                        self._own.setdefault(pair.left, []).append(passage.source)
                        self._own.setdefault(pair.right, []).append(passage.copy)

    def cleaned(self, pair: Shared) -> Shared | None:
        """Return a pair with the passages that are none, or None if it has none of these."""
        own = tuple(passage for passage in pair.passages if not self._is_boilerplate(pair, passage))
        return Shared(pair.left, pair.right, pair.units, pair.figures, own) if own else None

    def is_quoted(self, pair: Shared) -> bool:
        """Say whether all that two articles share is short and stands between quotation marks in both."""
        return is_quotation(pair.passages, self._quoted[pair.left], self._quoted[pair.right])

    def _is_boilerplate(self, pair: Shared, passage: Passage) -> bool:
        places = (pair.left, passage.source), (pair.right, passage.copy)
        if any(covered(span, self._own.get(index, ())) >= SAME for index, span in places):
            return True
        if self._quoted[pair.left].share_of(passage.source) >= _QUOTED:
            return False
        pages = self._pages
        if all(pages.at_edge(*place) for place in places) and pages.are_far(pair.left, pair.right, FAR):
            return True
        if any(pages.is_headlines(*place) or pages.are_teasers(*place) for place in places):
            return True
        if self._is_widget(pair, passage):
            return True
        return all(self._is_stock(*place) for place in places)

    def _is_widget(self, pair: Shared, passage: Passage) -> bool:
        """Say whether a passage is whole blocks that one outlet, for all that is known, shows weeks apart, or the
        beginning of one article beside the other.
        """
        outlets = self._known[pair.left].outlet, self._known[pair.right].outlet
        if None not in outlets and outlets[0] != outlets[1]:
            return False
        begin = [self._pages.begins(pair.left, passage.source), self._pages.begins(pair.right, passage.copy)]
        is_teaser = any(begin) and not all(begin)
        if not (is_teaser or self._pages.are_far(pair.left, pair.right, _OLD)):
            return False
        least = 1 if self._pages.are_far(pair.left, pair.right, FAR) else 2
        return self._pages.are_whole(pair, passage, least)

    def _is_stock(self, index: int, span: Span) -> bool:
        holders = [(unit, other) for held, unit, other in self._held[index] if _overlap(span, held) >= SAME]
        if len({unit for unit, _ in holders}) < _STOCK:
            return False
        return self._pages.at_edge(index, span) or any(self._pages.are_far(index, other, FAR) for _, other in holders)

    def _at_tail(self, pair: Shared, passage: Passage) -> bool:
        return self._pages.at_tail(pair.left, passage.source) and self._pages.at_tail(pair.right, passage.copy)


def _is_sentence(block: str) -> bool:
    block = block.rstrip(_CLOSING)
    return block.endswith(_SENTENCE_ENDS) and not block.endswith(_CUT)


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


def _overlap(span: Span, other: Span) -> float:
    """Return the share of the longer of two spans in which both stand."""
    both = min(span.end, other.end) - max(span.start, other.start)
    return both / max(span.end - span.start, other.end - other.start)
