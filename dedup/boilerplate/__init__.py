"""Which blocks are not the article?

Two sources speak, and each block keeps which one did: *cues*, by wording, on a single page; and *recurrence*, blocks
that stand on several pages of one outlet under different bodies. Boilerplate is marked, never deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Block, Kind, Span
from dedup.boilerplate.wording import PRECEDENCE, load_cues
from dedup.fingerprint import Ranges

# A block is learned from at least this many different bodies of one outlet.
LEAST_BODIES = 3

# Where the core marks a headline, it is among so many blocks.
HEADLINE_AMONG = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of many articles, as arrays.

    `words` counts a block's words, `key` hashes them with digits masked, `kind` is 0 for body, else a code of
    `PRECEDENCE`; `pages` counts the pages that taught it; `cue_block` and `cue_rule` pair blocks with the cues that
    hold on them, in ascending order of the block.
    """

    blocks: Ranges
    words: NDArray[np.uint32]
    key: NDArray[np.uint64]
    kind: NDArray[np.uint8]
    pages: NDArray[np.uint32]
    cue_block: NDArray[np.int64]
    cue_rule: NDArray[np.int64]

    def bodies(self) -> Ranges:
        """Return the ranges of the blocks that are body."""
        return self.blocks.chosen(self.kind == 0)

    def of(self, article: int) -> list[Block]:
        """Return the blocks of one article."""
        ids = load_cues().ids
        first, last = self.blocks.offsets[article], self.blocks.offsets[article + 1]
        found = []
        for i in range(first, last):
            low, high = np.searchsorted(self.cue_block, (i, i + 1))
            code = int(self.kind[i])
            found.append(
                Block(
                    Span(int(self.blocks.starts[i]), int(self.blocks.ends[i])),
                    PRECEDENCE[code - 1] if code else None,
                    tuple(ids[rule] for rule in self.cue_rule[low:high]) if code else (),
                    int(self.pages[i]),
                )
            )
        return found


def layout_of(core: _core.Corpus, places: NDArray[np.uint32]) -> Layout:
    """Return the layout of the articles at these places of a corpus that has learned."""
    ranges, words, key, kind, pages, (cue_block, cue_rule) = core.layout(places)
    return Layout(Ranges(*ranges), words, key, kind, pages, cue_block, cue_rule)


def headline_in(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the headline that stands over a text, or None if none was marked."""
    for block in blocks[:HEADLINE_AMONG]:
        if block.kind is Kind.OTHER and not block.cues and not block.pages:
            return block.span.of(text)
    return None
