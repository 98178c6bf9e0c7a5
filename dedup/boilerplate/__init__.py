"""Which blocks are not the article?

Two sources speak, and each block keeps which one did: *cues*, by wording, on a single page; and *recurrence*, blocks
that stand on several pages of one outlet under different bodies. Boilerplate is marked, never deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Article, Block, Kind, spans_between
from dedup.boilerplate.wording import PRECEDENCE, load_cues
from dedup.fingerprint import Ranges

# A block is learned from at least this many different bodies of one outlet.
LEAST_BODIES = 3

_KINDS = (None, *PRECEDENCE)

# A tuple made a Block takes a third of the time of a Block of its parts.
_block = partial(tuple.__new__, Block)

# Where the core marks a headline, it is among so many blocks.
HEADLINE_AMONG = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of many articles, as arrays.

    `words` counts a block's words, `key` hashes them with digits masked, `kind` is 0 for body, else a code of
    `PRECEDENCE`; `pages` and `outlets` count who taught it; `cue_block` and `cue_rule` pair blocks with the cues that
    hold on them, in ascending order of the block.
    """

    blocks: Ranges
    words: NDArray[np.uint32]
    key: NDArray[np.uint64]
    kind: NDArray[np.uint8]
    pages: NDArray[np.uint32]
    outlets: NDArray[np.uint32]
    cue_block: NDArray[np.int64]
    cue_rule: NDArray[np.int64]

    def bodies(self) -> Ranges:
        """Return the ranges of the blocks that are body."""
        return self.blocks.chosen(self.kind == 0)

    def of(self, article: int) -> list[Block]:
        """Return the blocks of one article."""
        return self.parts([article])[0]

    def places(self, articles: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of the articles' blocks, one article after the other, and where each article's begin."""
        chosen = np.array(articles, dtype=np.intp)
        first = self.blocks.offsets[chosen]
        offsets = np.concatenate(([0], np.cumsum(self.blocks.offsets[chosen + 1] - first)))
        places = np.repeat(first - offsets[:-1], np.diff(offsets)) + np.arange(offsets[-1])
        return places, offsets

    def parts(self, articles: Sequence[int]) -> list[list[Block]]:
        """Return the blocks of each of these articles."""
        places, offsets = self.places(articles)
        codes = self.kind[places]
        spans = spans_between(self.blocks.starts[places].tolist(), self.blocks.ends[places].tolist())
        kinds = [_KINDS[code] for code in codes.tolist()]
        taught = self.pages[places].tolist(), self.outlets[places].tolist()
        blocks = list(map(_block, zip(spans, kinds, repeat(()), *taught, strict=False)))
        ids = load_cues().ids
        first, last = (np.searchsorted(self.cue_block, places, side=side) for side in ("left", "right"))
        known = np.flatnonzero((codes > 0) & (first < last))
        cues = [ids[rule] for rule in self.cue_rule.tolist()]
        for at, begin, end in zip(known.tolist(), first[known].tolist(), last[known].tolist(), strict=True):
            block = blocks[at]
            blocks[at] = Block(block.span, block.kind, tuple(cues[begin:end]), block.pages, block.outlets)
        return [blocks[begin:end] for begin, end in pairwise(offsets.tolist())]


def layout_of(core: _core.Corpus, places: NDArray[np.uint32]) -> Layout:
    """Return the layout of the articles at these places of a corpus that has learned."""
    ranges, words, key, kind, taught, (cue_block, cue_rule) = core.layout(places)
    return Layout(Ranges(*ranges), words, key, kind, *taught, cue_block, cue_rule)


def headline_of(article: Article, blocks: Sequence[Block]) -> Block | None:
    """Return the headline that stands over an article's text, or None if none was marked."""
    first = islice((block for block in blocks if article.in_main(block.span)), HEADLINE_AMONG)
    is_headline = (block for block in first if block.kind is Kind.OTHER and not block.cues and not block.pages)
    return next(is_headline, None)


def headline_in(article: Article, blocks: Sequence[Block]) -> str | None:
    """Return what the headline over an article's text says, or None if none was marked."""
    headline = headline_of(article, blocks)
    return None if headline is None else headline.span.of(article.text)
