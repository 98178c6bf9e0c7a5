"""What does a page's markup state?

Statements are kept as marks, word for word and unweighed: two that contradict each other are both kept. What one
article needs (its url, title, dates ...) is the first usable statement in the order of CHOICES.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dedup.article import Mark
from dedup.extraction.jsonld import json_ld
from dedup.outlets import registrable_domain

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Names of <meta> elements, in lower case, and the marks they become.
META: Final[Mapping[str, str]] = MappingProxyType(
    {
        "og:url": "og:url",
        "og:site_name": "og:site_name",
        "og:title": "og:title",
        "author": "author",
        "byl": "author",
        "dc.creator": "author",
        "parsely-author": "author",
        "syndication-source": "syndication-source",
        "original-source": "original-source",
    }
    | dict.fromkeys(
        (
            *("article:published_time", "article:published", "og:published_time", "datepublished", "date"),
            *("pubdate", "publishdate", "publish-date", "publish_date", "dc.date", "dc.date.issued"),
            *("dc.date.created", "dcterms.created", "dcterms.date", "sailthru.date", "parsely-pub-date"),
            "cxenseparse:recs:publishtime",
        ),
        "date.published",
    )
    | dict.fromkeys(
        (
            *("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified"),
            *("dcterms.modified", "dc.date.modified"),
        ),
        "date.modified",
    )
)
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "url": ("canonical", "og:url"),
        "title": ("og:title", "jsonld.headline", "title"),
        "outlet": ("og:site_name", "jsonld.publisher"),
        "byline": ("jsonld.author", "author"),
        "published": ("date.published",),
        "modified": ("date.modified",),
        "language": ("language",),
    }
)
UNMARKED: Final = frozenset({"title", "language"})  # read for the article only; they say nothing of an origin
MEDIA: Final = "img[src], video[src], source[src], audio[src], iframe[src]"
MAX_VALUE: Final = 2_000
MAX_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Markup:
    """The statements of one page, and what they say of its article by target."""

    marks: tuple[Mark, ...]
    known: Mapping[str, str]


def read_markup(tree: "LexborHTMLParser") -> Markup:
    """Return what the markup of a parsed page states; each statement once, in a fixed order."""
    stated = dict.fromkeys(Mark(name, value) for name, value in _statements(tree) if len(value) <= MAX_VALUE)
    first: dict[str, str] = {}
    for mark in stated:
        first.setdefault(mark.name, mark.value)
    known: dict[str, str] = {}
    for target, sources in CHOICES.items():
        values = [first[source] for source in sources if source in first]
        if target == "url":
            values = [value for value in values if value.startswith(("http://", "https://"))]
            # A copy that names its source as canonical still gives its own address to those who share it.
            values = values[-1:] if len({registrable_domain(value) for value in values}) > 1 else values
        if values:
            known[target] = values[0]
    return Markup(tuple(mark for mark in stated if mark.name not in UNMARKED), known)


def _statements(tree: "LexborHTMLParser") -> Iterator[tuple[str, str]]:
    for node in tree.css("link[rel~=canonical i][href]"):
        yield from _stated("canonical", node.attributes.get("href"))
    for script in tree.css('script[type="application/ld+json" i]'):
        yield from json_ld(script.text())
    yield from _meta(tree)
    for node in tree.css("time[itemprop=datePublished], time[pubdate]"):
        yield from _stated("date.published", node.attributes.get("datetime"))
    for node in tree.css("head > title")[:1]:
        yield from _stated("title", node.text())
    for node in tree.css("html[lang]")[:1]:
        yield from _stated("language", node.attributes.get("lang"))
    yield from _addresses("media", tree.css(MEDIA), "src")
    yield from _addresses("link", tree.css("body a[href]"), "href")


def _meta(tree: "LexborHTMLParser") -> Iterator[tuple[str, str]]:
    """Yield the statements of the <meta> elements, in the order of META: its first name for a thing is its best."""
    contents: dict[str, list[str | None]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        contents.setdefault(name.strip().lower(), []).append(attributes.get("content"))
    for name, mark in META.items():
        for content in contents.get(name, ()):
            yield from _stated(mark, content)


def _stated(name: str, value: str | None) -> Iterator[tuple[str, str]]:
    if value and (tidy := " ".join(value.split())):
        yield name, tidy


def _addresses(name: str, nodes: "list[LexborNode]", attribute: str) -> Iterator[tuple[str, str]]:
    """Yield the absolute addresses, at most MAX_LISTED different ones: relative ones name no other host."""
    seen: set[str] = set()
    for node in nodes:
        address = (node.attributes.get(attribute) or "").strip()
        if address.startswith(("http://", "https://", "//")) and address not in seen:
            seen.add(address)
            yield name, address
        if len(seen) == MAX_LISTED:
            return
