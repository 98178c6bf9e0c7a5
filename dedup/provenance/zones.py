"""In which part of a page does a block stand?

Zone       the parts of a page, and what a rule that reads one of them counts in
zones_of   the part each block stands in
"""

from collections.abc import Sequence
from enum import StrEnum

from dedup.article import Block

# A block with at least this many words of body ends the head of a page and begins its tail.
_PARAGRAPH_WORDS = 25
# Boilerplate before or after this many words stands at the edge of a page.
_HEAD_WORDS, _TAIL_WORDS = 80, 250
# A story may open behind captions and summaries: within this share of a page's words.
_OPENING = 0.5


class Zone(StrEnum):
    """A part of a page: its head, up to the first full paragraph; the paragraphs in which a story may still open; the
    rest of the body; the line right behind the last full paragraph, that paragraph and all behind it; or its edge,
    which is head and tail at once.
    """

    HEAD = "head"
    OPENING = "opening"
    BODY = "body"
    SIGNATURE = "signature"
    TAIL = "tail"
    EDGE = "edge"

    def counts(self, where: str) -> bool:
        """Say whether a rule that reads some part of a page reads a block in this one. In the midst of the text only
        an opening is looked for.
        """
        if self is Zone.OPENING:
            return where == "opening"
        return where == "any" or self in _READ[where]


_READ = {
    "head": (Zone.HEAD, Zone.EDGE),
    "opening": (Zone.HEAD, Zone.EDGE),
    "signature": (Zone.HEAD, Zone.SIGNATURE, Zone.EDGE),
    "tail": (Zone.SIGNATURE, Zone.TAIL, Zone.EDGE),
    "edge": (Zone.HEAD, Zone.SIGNATURE, Zone.TAIL, Zone.EDGE),
}


def zones_of(blocks: Sequence[Block], words: Sequence[int]) -> list[Zone]:
    """Return the part of the page each block stands in; `words` counts the words of each block.

    Boilerplate near either end is at the edge even where a long notice that nobody knew for one stands behind it.
    """
    full = [i for i, block in enumerate(blocks) if block.kind is None and words[i] >= _PARAGRAPH_WORDS]
    first, last = (full[0], full[-1]) if full else (len(blocks), -1)
    running, total = 0, sum(words)
    zones = []
    for i, block in enumerate(blocks):
        near = running <= _HEAD_WORDS or total - running - words[i] <= _TAIL_WORDS
        if first >= i >= last or (block.kind is not None and near and first < i < last):
            zones.append(Zone.EDGE)
        elif first < i < last:
            zones.append(Zone.OPENING if block.kind is None and running <= _OPENING * total else Zone.BODY)
        else:
            zones.append(Zone.HEAD if i <= first else Zone.SIGNATURE if i == last + 1 else Zone.TAIL)
        running += words[i]
    return zones
