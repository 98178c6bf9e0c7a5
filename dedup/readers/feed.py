"""What articles stand in a feed: RSS, Atom or JSON Feed?

An item's text is markup or plain. Markup is handed on as a page of its own, so that what it links to stays visible;
what the item states of its origin (the feed it was taken from, its permanent id, related addresses) becomes marks.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dedup.article import Article, Mark, Skipped
from dedup.extraction import Page
from dedup.extraction.given import MAX_PAGE
from dedup.place import Place, refusal
from dedup.readers.feedxml import Item, items
from dedup.readers.fields import names
from dedup.readers.unpack import UnreadableError

TAG: Final = re.compile(r"<[a-zA-Z/!][^>]*>")
BLOCK: Final = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|article|section|blockquote)[\s>]", re.IGNORECASE)
# The elements that hold a text, the fullest first.
TEXTS: Final = ("content:encoded", "content", "description", "summary")
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "url": ("link", "rdf:about"),
    "title": ("title",),
    "byline": ("dc:creator", "author.name", "author"),
    "published": ("published", "pubDate", "dc:date", "issued"),
    "modified": ("updated", "modified"),
    "language": ("language", "dc:language", "feed.language"),
}
# What an item states of its origin, by the element that states it.
MARKS: Final = MappingProxyType(
    {
        "feed.id": ("guid", "id"),
        "feed.source": ("source", "source.link", "source.name", "source.title"),
        "feed.via": ("link.via",),
        "feed.related": ("link.related",),
        "feed.canonical": ("link.canonical",),
    }
)


def read_feed(stream: Iterable[bytes], path: str) -> Iterator[Article | Skipped | Page]:
    """Yield the articles of an RSS or Atom feed, or the reason why an item, or all of it, gives none."""
    number = 0
    try:
        for item in items(stream):
            if isinstance(item, Item):
                number += 1
                yield _article(item, Place(path, item.line))
            else:
                line, reason = item
                yield Skipped(path, line, reason)
    except UnreadableError as broken:
        yield Skipped(path, None, f"{broken} after item {number}")


def _article(item: Item, place: Place) -> Article | Skipped | Page:
    if item.is_long:
        return place.skip(f"the item is too long (more than {MAX_PAGE:,} characters)")
    said = {target: item.first(*elements) for target, elements in KNOWN.items()}
    known = {target: value for target, value in said.items() if value is not None}
    # A permanent id that is no address is unique in its own feed only.
    permanent = item.first("guid", "id")
    if permanent and "url" not in known:
        known["url" if permanent.startswith(("http://", "https://")) else "id"] = permanent
    marks = tuple(Mark(name, value) for name, elements in MARKS.items() for e in elements for value in item.all(e))
    return from_markup(item.first(*TEXTS) or "", place, known, marks)


def from_markup(text: str, place: Place, known: Mapping[str, str], marks: tuple[Mark, ...]) -> Article | Skipped | Page:
    """Return the page of which a text in markup is the article, or the article where it holds no markup."""
    if not TAG.search(text):
        text = html.unescape(text)
        reason = refusal(text)
        return place.skip(reason) if reason else place.article(text, known, marks)
    body = text if BLOCK.search(text) else f"<p>{text}</p>"
    return Page(f"<html><body><article>{body}</article></body></html>", place, known, None, marks)


def read_json_feed(feed: Mapping[str, object], path: str) -> Iterator[Article | Skipped | Page]:
    """Yield the articles of a JSON Feed that was decoded."""
    listed = feed.get("items")
    for number, item in enumerate(listed if isinstance(listed, list) else [], 1):
        place = Place(path, record=number)
        if not isinstance(item, dict):
            yield place.skip("the item is not a JSON object")
            continue
        known = {
            "id": item.get("id"),
            "url": item.get("url"),
            "title": item.get("title"),
            "byline": names(item.get("authors")) or names(item.get("author")),
            "published": item.get("date_published"),
            "modified": item.get("date_modified"),
            "language": item.get("language") or feed.get("language"),
        }
        said = {target: str(value) for target, value in known.items() if isinstance(value, (str, int)) and value}
        elsewhere = item.get("external_url")
        marks = (Mark("feed.related", elsewhere),) if isinstance(elsewhere, str) and elsewhere else ()
        texts = (item.get("content_html"), item.get("content_text"), item.get("summary"))
        text = next((text for text in texts if isinstance(text, str) and text.strip()), "")
        if text and text is not item.get("content_html"):
            reason = refusal(text)
            yield place.skip(reason) if reason else place.article(text, said, marks)
        else:
            yield from_markup(text, place, said, marks)
