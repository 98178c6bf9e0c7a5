"""Which blocks of a web page stand beside the article, not with it?

furniture   blocks of menus, page footers, comments and lists of other articles, by their markup
distant     blocks far before or behind the article
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from dedup.article import Article, Block, Element, Kind
from dedup.domains import registrable_domain

# What belongs to the text stands within so many blocks of it: a page's own parts (teasers, menus) stand farther off.
NEAR: Final = 12
MENUS: Final = frozenset(("nav", "menu"))
# Words of which the names of classes and ids are made.
_BESIDE: Final = re.compile(
    r"(?:^|[-_])(?:navigation|navbar|menu|breadcrumbs?|comments?|commentlist|kommentare?|commentaires?|comentarios|disqus"
    r"|replies|related|recommended|recommendations|trending|popular|sidebar)(?:$|[-_\d])",
    re.IGNORECASE,
)


def furniture(article: Article, blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of the blocks outside the article that are furniture of the page. Without markup none is."""
    if not article.elements or article.main is None:
        return frozenset()
    host = registrable_domain(article.url) if article.url else None
    elements = {element.span.start: element for element in article.elements}
    return frozenset(
        number
        for number, block in enumerate(blocks)
        if (element := elements.get(block.span.start)) is not None
        and not article.in_main(block.span)
        and _is_furniture(element, host, block.kind)
    )


def _is_furniture(element: Element, host: str | None, kind: Kind | None) -> bool:
    names = element.path.split("/")
    footer_of_page = "footer" in names and "article" not in names and "main" not in names
    # A line that is nothing but a link is an entry of a menu, unless it leads to another site, or says who wrote the
    # article: then it may be a credit.
    entry = (
        names[-1] == "a"
        and kind is not Kind.BYLINE
        and all(registrable_domain(link) in (None, host) for link in element.links)
    )
    return footer_of_page or entry or not MENUS.isdisjoint(names) or any(map(_is_beside, element.classes))


@lru_cache(maxsize=65536)
def _is_beside(label: str) -> bool:
    return _BESIDE.search(label) is not None


def distant(article: Article, blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of the blocks that stand far from the article. Where nothing was extracted none does."""
    if article.main is None:
        return frozenset()
    main = [number for number, block in enumerate(blocks) if article.in_main(block.span)]
    if not main:
        return frozenset()
    near = range(main[0] - NEAR, main[-1] + NEAR + 1)
    return frozenset(number for number in range(len(blocks)) if number not in near)
