"""What do two articles share that is no boilerplate?

House    knows which passages are boilerplate
is_quotation   whether passages are quotations
"""

from collections.abc import Mapping, Sequence

from dedup.article import Article, Span
from dedup.fingerprint import Ranges
from dedup.provenance.model import Passage
from dedup.provenance.pages import SAME, Pages, Shared, covered
from dedup.provenance.parents import Member
from dedup.provenance.passages import Quotations

# A quotation has at most so many words, and stands between quotation marks but for who said it.
_QUOTATION_WORDS, _QUOTED = 60, 0.7
# Boilerplate that no rule knew and no outlet repeated often enough to be learned stands at the head or the tail of
# bodies, under so many that have nothing else in common, or so many days apart: a story is taken up while it is new.
_STOCK, FAR = 3, 60
# Galleries, teasers and notices stay for so many days; if it is one block only, for longer.
_OLD = 28


def is_quotation(passages: Sequence[Passage], source: Quotations, copy: Quotations) -> bool:
    """Say whether all passages together are short and stand between quotation marks in both articles."""
    return sum(passage.words for passage in passages) <= _QUOTATION_WORDS and all(
        source.share_of(passage.source) >= _QUOTED and copy.share_of(passage.copy) >= _QUOTED for passage in passages
    )


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
        if self._pages.are_framed(pair, passage):
            return True
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


def _overlap(span: Span, other: Span) -> float:
    """Return the share of the longer of two spans in which both stand."""
    both = min(span.end, other.end) - max(span.start, other.start)
    return both / max(span.end - span.start, other.end - other.start)
