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
        if self is OPENING:
            return where == "opening"
        return where == "any" or self in _READ[where]


# Each by a name of its own: to look a member up in its class takes ten times as long, and every block is asked for.
HEAD, OPENING, BODY, SIGNATURE, TAIL, EDGE = Zone
_READ = {
    "head": (HEAD, EDGE),
    "opening": (HEAD, EDGE),
    "signature": (HEAD, SIGNATURE, EDGE),
    "tail": (SIGNATURE, TAIL, EDGE),
    "edge": (HEAD, SIGNATURE, TAIL, EDGE),
}


def zones_of(blocks: Sequence[Block], words: Sequence[int]) -> list[Zone]:
    """Return the part of the page each block stands in; `words` counts the words of each block.

    Boilerplate near either end is at the edge even where a long notice that nobody knew for one stands behind it.
    """
    full = [i for i, block in enumerate(blocks) if words[i] >= _PARAGRAPH_WORDS and block.kind is None]
    first, last = (full[0], full[-1]) if full else (len(blocks), -1)
    running, total = 0, sum(words)
    zones = []
    for i, (block, count) in enumerate(zip(blocks, words, strict=True)):
        if first < i < last:
            if block.kind is None:
                zones.append(OPENING if running <= _OPENING * total else BODY)
            else:
                near = running <= _HEAD_WORDS or total - running - count <= _TAIL_WORDS
                zones.append(EDGE if near else BODY)
        elif first >= i >= last:
            zones.append(EDGE)
        else:
            zones.append(HEAD if i <= first else SIGNATURE if i == last + 1 else TAIL)
        running += count
    return zones
