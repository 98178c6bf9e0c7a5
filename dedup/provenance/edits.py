"""What did a copy change? Its edits, by the passages it shares with its source."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from dedup import _core
from dedup.article import Span, spans_between
from dedup.fingerprint import Ranges
from dedup.provenance.model import Edit, EditKind, Edits
from dedup.provenance.passages import SharedPassages

# So many changes are told of one copy; how many more there are is counted.
MOST_EDITS = 60
# As the core numbers them.
_KINDS = (
    EditKind.SENTENCE_REMOVED,
    EditKind.SENTENCE_INSERTED,
    EditKind.MOVED,
    EditKind.WORDS_REMOVED,
    EditKind.WORDS_INSERTED,
    EditKind.WORDS_SUBSTITUTED,
    EditKind.NUMBER,
    EditKind.NAME,
    EditKind.EMPHASIS,
)
# Both ends of a place that a change does not have.
_NOWHERE = 2**32 - 1
_EMPHASIS_NOTE = re.compile(r"\bemphas[ie]s\b.{0,30}\b(?:added|mine|ours?)\b", re.IGNORECASE)


def edits_of(
    texts: Sequence[str],
    bodies: Ranges,
    pairs: Sequence[tuple[int, int]],
    shared: SharedPassages,
    headlines: Iterable[tuple[str | None, str | None]],
) -> Iterator[Edits]:
    """Yield what the copy of each pair changed, in the order of its text; what it left out stands first.

    What is equal but for case and signs is no change, unless it was written in capitals for emphasis. `shared` holds
    the passages of these pairs, `headlines` the titles of their articles.
    """
    offsets, rows, counts = _core.edits(texts, bodies, pairs, shared, MOST_EDITS)
    kinds, starts, ends, copy_starts, copy_ends = rows.T.tolist()
    places = spans_between(starts, ends), spans_between(copy_starts, copy_ends)
    told = zip(map(_KINDS.__getitem__, kinds), *places, strict=True)
    listed = zip((offsets[1:] - offsets[:-1]).tolist(), counts.tolist(), strict=True)
    for (source, copy), titles, (here, count) in zip(pairs, headlines, listed, strict=True):
        edits = [*_headline(*titles), *(_edit(texts[source], texts[copy], *row) for row in islice(told, here))]
        more = count - here + len(edits[MOST_EDITS:])
        yield Edits(tuple(edits[:MOST_EDITS]), more)


def _headline(before: str | None, after: str | None) -> Iterator[Edit]:
    if before and after and before != after:
        yield Edit(EditKind.HEADLINE, None, None, before, after)


def _edit(source: str, copy: str, kind: EditKind, here: Span, there: Span) -> Edit:
    added = "" if there.start == _NOWHERE else copy[there.start : there.end]
    if here.start == _NOWHERE:
        return Edit(EditKind.EMPHASIS if _EMPHASIS_NOTE.search(added) else kind, None, there, "", added)
    return Edit(kind, here, None if there.start == _NOWHERE else there, source[here.start : here.end], added)
