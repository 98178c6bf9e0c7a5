"""What are the pages of many articles made of?

Parted       one page with the blocks of its text
part_pages   make them, from a layout's arrays
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.article import Article, Block
from dedup.boilerplate import Layout


class Parted(NamedTuple):
    """A page with the blocks of its text; `words` counts the words of each."""

    article: Article
    blocks: list[Block]
    words: list[int]


def part_pages(articles: Sequence[Article], layout: Layout, chosen: Sequence[int]) -> list[Parted]:
    """Return the chosen articles' pages."""
    places, offsets = layout.places(chosen)
    words = layout.words[places].tolist()
    counts = (words[begin:end] for begin, end in pairwise(offsets.tolist()))
    return list(map(Parted, (articles[index] for index in chosen), layout.parts(chosen), counts))
