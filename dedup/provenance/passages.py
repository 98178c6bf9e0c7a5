"""Which passages do two articles share?

SharedPassages    those of many pairs of articles
changed_numbers   how many numbers differ in those of one
Quotations        which parts of a text stand between quotation marks
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Span
from dedup.fingerprint import Ranges
from dedup.provenance.model import Passage
from dedup.scheme import SCHEME_V1

# In an edited passage so many words stand together on average; what is changed more often is a form filled in twice.
LEAST_RUN = 6
_NUMBER = re.compile(r"\d")
# Straight marks open and close alike, and are paired within a paragraph only.
_QUOTED = re.compile(r"“[^“”]{1,4000}”|„[^„“”]{1,4000}[“”]|«[^«»]{1,4000}»|\"[^\"\n]{1,4000}\"|「[^「」]{1,4000}」")


class SharedPassages(NamedTuple):
    """The passages of many pairs of texts, as the core tells them.

    Those of pair `i` are `rows[offsets[i]:offsets[i + 1]]`: start and end in the source and in the copy, and the number
    of equal words. The runs of equal words of passage `j` are `runs[run_offsets[j]:run_offsets[j + 1]]`.
    """

    offsets: NDArray[np.int64]
    rows: NDArray[np.uint32]
    run_offsets: NDArray[np.int64]
    runs: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Sequence[str], bodies: Ranges, pairs: Sequence[tuple[int, int]], least: int) -> "SharedPassages":
        """Find what both bodies of each pair hold of at least `least` equal words."""
        return cls(*_core.passages(texts, bodies, pairs, SCHEME_V1.width, least))

    def passages(self, sources: Iterable[str]) -> Iterator[tuple[Passage, ...]]:
        """Yield the passages of each pair, the longest first. `sources` are the texts of the pairs' first articles."""
        runs = map(tuple, self.runs.tolist())
        places = zip(self.rows.tolist(), np.diff(self.run_offsets).tolist(), strict=True)
        for text, count in zip(sources, np.diff(self.offsets).tolist(), strict=True):
            yield tuple(
                Passage(
                    Span(start, end), Span(copy_start, copy_end), words, text[start:end], tuple(islice(runs, run_count))
                )
                for (start, end, copy_start, copy_end, words), run_count in islice(places, count)
            )


def changed_numbers(passages: Iterable[Passage], source: str, copy: str) -> int:
    """Return how many numbers took the place of other numbers in passages of these texts."""
    return sum(
        1
        for passage in passages
        for (_, end, _, copy_end), (start, _, copy_start, _) in pairwise(passage.runs)
        if _NUMBER.search(source, end, start) and _NUMBER.search(copy, copy_end, copy_start)
    )


class Quotations:
    """The parts of a text that stand between quotation marks."""

    def __init__(self, text: str) -> None:
        """Find them."""
        self._spans = [Span(*found.span()) for found in _QUOTED.finditer(text)]

    def share_of(self, span: Span) -> float:
        """Return which share of a part of the text is quoted."""
        quoted = sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in self._spans)
        return quoted / (span.end - span.start)
