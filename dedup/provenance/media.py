"""Whose media does a page show?

is_media    whether an address is one of a picture, a sound, a film
media_of    all of a page, by the domain they come from
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from dedup.article import Article, Span
from dedup.domains import registrable_domain
from dedup.provenance.names import Page
from dedup.provenance.rulebook import rule_book

_SUFFIXES = (".mp4", ".webm", ".m4v", ".mov", ".mp3", ".ogg", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf")


def is_media(path: str) -> bool:
    """Say whether a path names a picture, a sound, a film or a printable file."""
    return path.lower().endswith(_SUFFIXES)


def media_of(article: Article, page: Page) -> Iterator[tuple[str, str, Span | None]]:
    """Yield the domain of each medium with its address, or how the text has it and where; first those of the text. A
    store of files is nobody's.
    """
    for address in page.addresses:
        if is_media(address.path) and address.domain not in rule_book().shared:
            span = Span(address.start, address.end)
            yield address.domain, span.of(article.text), span
    # What counts a page's readers is no picture to look at.
    pixels = {mark.value for mark in article.marks if mark.name == "pixel"}
    for mark in article.marks:
        domain = registrable_domain(mark.value) if mark.name == "media" and mark.value not in pixels else None
        if domain is not None and domain not in rule_book().shared and is_media(urlsplit(mark.value).path):
            yield domain, mark.value, None
