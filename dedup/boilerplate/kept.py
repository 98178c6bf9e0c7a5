"""What of a page is the text of its article, for people to read?

More than its body, which is what is matched: the headline, a byline and a date line are the article's own. Their kind
is known, and a reprint changes them, so they are evidence and never matched.
"""

from collections.abc import Sequence

from dedup.article import Article, Block, Kind
from dedup.boilerplate import headline_of

# Kinds of lines that belong to one article. All others are of its site, or of its source.
OF_ARTICLE = (Kind.BYLINE, Kind.DATE)


def kept(article: Article, blocks: Sequence[Block]) -> list[bool]:
    """Return which blocks of a page are the text of its article.

    >>> from dedup.article import Span
    >>> page = Article("a", "By Ann Lee\\n\\nRain fell.\\n\\nShare this")
    >>> byline, share = Block(Span(0, 10), Kind.BYLINE, ("en.byline.by",)), Block(Span(24, 34), Kind.SHARE)
    >>> kept(page, [byline, Block(Span(12, 22)), share])
    [True, True, False]
    """
    headline = headline_of(article, blocks)
    return [
        article.in_main(block.span) and (block.kind is None or block is headline or is_of_article(block))
        for block in blocks
    ]


def is_of_article(block: Block) -> bool:
    """Say whether a block is known by its wording alone for a line that belongs to one article."""
    return block.kind in OF_ARTICLE and block.pages == 0 == block.outlets
