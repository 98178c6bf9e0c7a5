"""What article stands on a web page?

Page         a page as it was fetched
Extraction   reads pages: articles in their place, whatever else comes along untouched
"""

from collections.abc import Iterable, Iterator

from dedup.article import Article, Skipped
from dedup.extraction.page import Page, read_page

__all__ = ["Extraction", "Page"]


class Extraction:
    """How pages are read."""

    def articles(self, items: Iterable[Article | Skipped | Page]) -> Iterator[Article | Skipped]:
        """Yield the items in their order, and in place of each page its article, or why it has none."""
        for item in items:
            yield read_page(item) if isinstance(item, Page) else item
