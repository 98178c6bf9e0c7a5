"""How sure is it that a block is boilerplate?

By who says so. Shares of blocks that were rightly marked: those that were learned on made-up pages of which every block
is known (`benchmarks/boilerplate.py` prints them; English, Russian and Chinese, 28,000 pages), those known by cue alone
on pages that people marked (html_fundus: 109 of 114).
"""

from dedup.article import Block

BY_CUE = 0.956
BY_BOTH = 0.999
# What other outlets taught.
CARRIED = 0.99
# By so many pages of the outlet at most: where it alone repeats the line, and where others do, too. What stands under
# few bodies of several outlets may be a heading that they all like.
LEARNED = ((3, 0.975, 0.52), (4, 0.989, 0.6), (9, 0.998, 0.84))
LEARNED_OFTEN = (0.999, 0.94)


def confidence(block: Block) -> float | None:
    """Return the probability that a block is boilerplate, or None of one for which no source speaks: what is body, a
    page's own title, what people ruled.

    >>> from dedup.article import Kind, Span
    >>> confidence(Block(Span(0, 9), Kind.SHARE, ("en.share.this",))), confidence(Block(Span(0, 9), None))
    (0.956, None)
    >>> confidence(Block(Span(0, 9), Kind.OTHER, pages=3, outlets=1))
    0.975
    """
    learned = block.pages > 0 or block.outlets > 0
    if block.kind is None or not (learned or block.cues):
        return None
    if block.cues:
        return BY_BOTH if learned else BY_CUE
    if block.pages == 0:
        return CARRIED
    alone, shared = next((shares for most, *shares in LEARNED if block.pages <= most), LEARNED_OFTEN)
    return shared if block.outlets > 1 else alone
