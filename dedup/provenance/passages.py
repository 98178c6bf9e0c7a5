"""Which passages do two articles share?

shared_passages   those of many pairs of articles
Quotations        which parts of a text stand between quotation marks
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from dedup import _core
from dedup.article import Span
from dedup.fingerprint import Ranges
from dedup.provenance.model import Passage
from dedup.scheme import SCHEME_V1

# Straight marks open and close alike, and are paired within a paragraph only.
_QUOTED = re.compile(r"“[^“”]{1,4000}”|„[^„“”]{1,4000}[“”]|«[^«»]{1,4000}»|\"[^\"\n]{1,4000}\"|「[^「」]{1,4000}」")


def shared_passages(
    texts: Sequence[str], bodies: Ranges, pairs: Sequence[tuple[int, int]], least: int
) -> Iterator[tuple[Passage, ...]]:
    """Yield the passages of at least `least` equal words that both bodies of each pair hold, the longest first."""
    offsets, rows, run_offsets, run_rows = _core.passages(texts, bodies, pairs, SCHEME_V1.width, least)
    runs = map(tuple, run_rows.tolist())
    places = zip(rows.tolist(), np.diff(run_offsets).tolist(), strict=True)
    for (source, _), count in zip(pairs, np.diff(offsets).tolist(), strict=True):
        text = texts[source]
        yield tuple(
            Passage(
                Span(start, end), Span(copy_start, copy_end), words, text[start:end], tuple(islice(runs, run_count))
            )
            for (start, end, copy_start, copy_end, words), run_count in islice(places, count)
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
