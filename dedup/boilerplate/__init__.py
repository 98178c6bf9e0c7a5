"""Which blocks are not the article?

Two sources speak, and each block keeps which one did: *cues*, by wording, on a single page; and *recurrence*, blocks
that stand on several pages of one outlet under different bodies. Boilerplate is marked, never deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Article, Block, Kind, Span
from dedup.boilerplate.wording import KIND_CODE, PRECEDENCE, cue_hits, load_cues
from dedup.fingerprint import Ranges

# A block is learned from at least this many different bodies of one outlet.
LEAST_BODIES = 3

# A title is looked for among so many blocks, and where none is known, a block of at most so many words may be one.
HEADLINE_AMONG = 3
MOST_HEADLINE_WORDS = 30
LEAST_BODY_WORDS = 20


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


def lay_out(articles: Sequence[Article], outlets: NDArray[np.uint32]) -> Layout:
    """Return the blocks of each article's text with the boilerplate among them marked.

    `outlets` gives each article's outlet as a number; those whose outlet is unknown share one. A title
    that stands over the text is no part of the body: it is what a reprint changes first. Nor is what stands outside
    the part that an extractor took for the article.
    """
    texts = [article.text for article in articles]
    offsets, starts, ends, words, key = _core.blocks(texts)
    blocks = Ranges(offsets, starts, ends)
    cue_block, cue_rule = cue_hits(texts, blocks, words)
    by_cue = np.full(len(words), len(PRECEDENCE) + 1, dtype=np.uint8)
    np.minimum.at(by_cue, cue_block, load_cues().kinds[cue_rule])
    cued = by_cue <= len(PRECEDENCE)
    pages = _core.recurrence(texts, blocks, key, outlets, LEAST_BODIES)
    kind = np.where(cued, by_cue, np.where(pages > 0, KIND_CODE[Kind.OTHER], 0)).astype(np.uint8)
    outside = _outside_main(blocks, articles)
    kind[outside[kind[outside] == 0]] = KIND_CODE[Kind.OTHER]
    headlines = _headlines(blocks, words, key, kind, articles)
    kind[headlines[kind[headlines] == 0]] = KIND_CODE[Kind.OTHER]
    return Layout(blocks, words, key, kind, pages, cue_block, cue_rule)


def headline_in(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the headline that stands over a text, or None if none was marked."""
    for block in blocks[:HEADLINE_AMONG]:
        if block.kind is Kind.OTHER and not block.cues and not block.pages:
            return block.span.of(text)
    return None


def _headlines(
    blocks: Ranges,
    words: NDArray[np.uint32],
    key: NDArray[np.uint64],
    kind: NDArray[np.uint8],
    articles: Sequence[Article],
) -> NDArray[np.intp]:
    """Return the blocks that are headlines: the article's title among its first blocks, or, where no title is known,
    a short first block with a byline or a date line right under it. A title over nearly nothing is the article.
    """
    offsets, _, _, _, title_keys = _core.blocks([article.title or "" for article in articles])
    titled = np.diff(offsets) == 1
    title_key = np.zeros(len(articles), dtype=np.uint64)
    title_key[titled] = title_keys[offsets[:-1][titled]]
    found = []
    first, counts = blocks.offsets[:-1], np.diff(blocks.offsets)
    for place in range(HEADLINE_AMONG):
        held = titled & (counts > place)
        here = first[held] + place
        found.append(here[key[here] == title_key[held]])
    over = first[~titled & (counts > 2)]
    under = np.isin(kind[over + 1], (KIND_CODE[Kind.BYLINE], KIND_CODE[Kind.DATE]))
    found.append(over[under & (words[over] <= MOST_HEADLINE_WORDS)])
    headlines = np.concatenate(found)
    running = np.concatenate(([0], np.cumsum(np.where(kind == 0, words, 0), dtype=np.int64)))
    owner = np.searchsorted(blocks.offsets, headlines, side="right") - 1
    body = running[blocks.offsets[owner + 1]] - running[blocks.offsets[owner]]
    return headlines[body - np.where(kind[headlines] == 0, words[headlines], 0) >= LEAST_BODY_WORDS]


def _outside_main(blocks: Ranges, articles: Sequence[Article]) -> NDArray[np.intp]:
    extracted = [place for place, article in enumerate(articles) if article.main is not None]
    found = [np.zeros(0, dtype=np.intp)]
    for place in extracted:
        main = articles[place].main or Span(0, 0)
        here = np.arange(blocks.offsets[place], blocks.offsets[place + 1])
        found.append(here[(blocks.starts[here] < main.start) | (blocks.ends[here] > main.end)])
    return np.concatenate(found)
