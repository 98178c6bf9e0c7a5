"""What are the pages of many articles made of?

Parted       one page with the blocks of its text
part_pages   make them, from a layout's arrays
places_of    where the blocks of some articles stand in those arrays
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, Block, Span
from dedup.boilerplate import Layout
from dedup.boilerplate.wording import PRECEDENCE, load_cues

_KINDS = (None, *PRECEDENCE)


@dataclass(frozen=True, slots=True)
class Parted:
    """A page with the blocks of its text; `words` counts the words of each."""

    article: Article
    blocks: list[Block]
    words: list[int]


def places_of(layout: Layout, articles: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the articles' blocks, one article after the other, and where each article's begin."""
    chosen = np.array(articles, dtype=np.intp)
    first = layout.blocks.offsets[chosen]
    offsets = np.concatenate(([0], np.cumsum(layout.blocks.offsets[chosen + 1] - first)))
    places = np.repeat(first - offsets[:-1], np.diff(offsets)) + np.arange(offsets[-1])
    return places, offsets


def part_pages(articles: Sequence[Article], layout: Layout, chosen: Sequence[int]) -> list[Parted]:
    """Return the chosen articles' pages."""
    places, offsets = places_of(layout, chosen)
    kinds = layout.kind[places]
    ids = load_cues().ids
    blocks = [
        Block(Span(start, end), _KINDS[kind], (), pages)
        for start, end, kind, pages in zip(
            layout.blocks.starts[places].tolist(),
            layout.blocks.ends[places].tolist(),
            kinds.tolist(),
            layout.pages[places].tolist(),
            strict=True,
        )
    ]
    first, last = (np.searchsorted(layout.cue_block, places, side=side) for side in ("left", "right"))
    for at in np.flatnonzero((kinds > 0) & (first < last)).tolist():
        block, rules = blocks[at], layout.cue_rule[first[at] : last[at]].tolist()
        blocks[at] = Block(block.span, block.kind, tuple(ids[rule] for rule in rules), block.pages)
    words = layout.words[places].tolist()
    bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    return [
        Parted(articles[index], blocks[begin:end], words[begin:end])
        for index, (begin, end) in zip(chosen, bounds, strict=True)
    ]
