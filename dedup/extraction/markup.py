"""What does a page's markup state?

Statements are kept as marks, word for word and unweighed: two that contradict each other are both kept. What one
article needs (its url, title, dates ...) is the first usable statement in the order of CHOICES.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from dedup.article import Mark
from dedup.domains import registrable_domain
from dedup.extraction.dates import chosen, day_of, of_address
from dedup.extraction.jsonld import json_ld

# Kind, name, value, and how many blocks of the page stand before it, as the core gives them.
Statement = tuple[str, str, str, int]

# Names of <meta> elements, in lower case, and the marks they become; of a date, the names in the order of their trust.
META: Final[Mapping[str, str]] = MappingProxyType(
    {
        "og:url": "og:url",
        "og:site_name": "og:site_name",
        "og:title": "og:title",
        "twitter:title": "twitter:title",
        "author": "author",
        "byl": "author",
        "dc.creator": "author",
        "parsely-author": "author",
        "sailthru.author": "author",
        "citation_author": "author",
        "article:publisher": "article:publisher",
        "application-name": "application-name",
        "parsely-link": "parsely-link",
        "twitter:url": "twitter:url",
        "al:web:url": "al:web:url",
        "syndication-source": "syndication-source",
        "original-source": "original-source",
        "dc.source": "dc.source",
        "dcterms.source": "dc.source",
        "dc.publisher": "dc.publisher",
        "dc.rightsholder": "dc.rightsholder",
        "citation_publisher": "dc.publisher",
        "copyright": "copyright",
        "robots": "robots",
    }
)
PUBLISHED: Final = (
    *("article:published_time", "article:published", "og:published_time", "og:article:published_time"),
    *("datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime"),
    *("date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "published"),
    *(
        "dc.date.issued",
        "dc.date",
        "dc.date.created",
        "dc.created",
        "dcterms.created",
        "dcterms.date",
        "dcterms.issued",
    ),
    *("citation_publication_date", "citation_date", "article.published", "article_date_original", "displaydate"),
    *(
        "originalpublicationdate",
        "ptime",
        "iso-8601-publish-date",
        "article:post_date",
        "datecreated",
        "article.created",
    ),
    *("date_published", "rnews:datepublished", "rbpubdate", "shareaholic:article_published_time", "vr:published_time"),
    *("bt:pubdate", "dateissued", "created", "creation_date", "time", "timestamp", "docdate", "date.release"),
    *("dc:date", "dc:created", "bepress_citation_date", "og:pubdate", "og:publish_date", "og:datepublished"),
    *("publish_time", "published-date", "published_date", "publisheddate", "published_time", "pdate", "doc_date"),
    *("date_created", "dateposted", "article:published_date", "article:publicationdate", "og:article:published"),
)
MODIFIED: Final = (
    *("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "article:updated"),
    *("dcterms.modified", "dc.date.modified", "dc.modified", "parsely-updated-date", "modified", "revised"),
)
# Of each name of a <meta>, where it stands in these tables, and its mark.
METAS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        name: (place, mark)
        for place, (name, mark) in enumerate(
            [
                *META.items(),
                *((name, f"date.published.meta.{name}") for name in PUBLISHED),
                *((name, f"date.modified.meta.{name}") for name in MODIFIED),
            ]
        )
    }
)
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "url": ("canonical", "og:url"),
        "title": ("og:title", "jsonld.headline", "twitter:title", "title"),
        "outlet": ("og:site_name", "jsonld.publisher", "application-name"),
        "byline": ("jsonld.author", "author"),
        "language": ("language",),
    }
)
UNMARKED: Final = frozenset({"title", "twitter:title", "robots"})  # they say nothing of an origin
LINKS: Final = MappingProxyType(
    {"canonical": "canonical", "amphtml": "amphtml", "license": "license", "syndication": "syndication-source"}
)
FEED: Final = re.compile(r"\balternate\b.*\bapplication/(?:rss|atom|feed)\+")
# Pictures and scripts that an outlet puts into its text so that it can count the copies: the tools' own words, or the
# number of the article under `/content/`.
PIXEL: Final = re.compile(
    r"[?&]republication-pixel=|[?&]distributor=republish|/content/\d+/count(?:[./?]|$)|//pixel\.propublica\."
)
# One of these stands in every such address.
IN_PIXEL: Final = ("republication-pixel=", "distributor=republish", "/count", "//pixel.propublica.")
ITEMS: Final = MappingProxyType(
    {
        "published": ("datepublished", "pubdate"),
        "created": ("datecreated",),
        "modified": ("datemodified", "dateupdated"),
    }
)
MAX_VALUE: Final = 2_000
MAX_LISTED: Final = 200
HEAD_BEFORE: Final = 2  # blocks between the picture over an article and its text
TIME_BEFORE: Final = 12  # blocks between the time of a page and its text


@dataclass(frozen=True, slots=True)
class Markup:
    """The statements of one page, and what they say of its article by target."""

    marks: tuple[Mark, ...]
    known: Mapping[str, str]


def read_markup(
    statements: Sequence[Statement], main: tuple[int, int], url: str | None, line: str | None = None
) -> Markup:
    """Return what the markup of a page states; each statement once, in a fixed order.

    `main` are the first and the last block of its article, `url` is the page's address where its source knows that,
    `line` the date that it shows.
    """
    stated = dict.fromkeys(
        Mark(name, value) for name, value in _statements(statements, main) if len(value) <= MAX_VALUE
    )
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
    marks = tuple(mark for mark in stated if mark.name not in UNMARKED)
    in_address = of_address(url or known.get("url", ""))
    if in_address is not None:
        marks = (*marks, Mark("date.published.url", in_address))
    if line is not None:
        marks = (*marks, Mark("date.published.line", line))
    for target in ("published", "modified"):
        day = chosen(marks, target)
        if day is not None:
            known[target] = day
    return Markup(marks, known)


def _statements(statements: Sequence[Statement], main: tuple[int, int]) -> Iterator[tuple[str, str]]:
    by_kind: dict[str, list[Statement]] = {}
    for statement in statements:
        by_kind.setdefault(statement[0], []).append(statement)
    yield from _linked(by_kind.get("link", ()))
    for _, _, script, _ in by_kind.get("json", ()):
        yield from json_ld(script)
    yield from _meta(by_kind.get("meta", ()))
    yield from _times(by_kind, main)
    for kind, mark in (("title", "title"), ("lang", "language")):
        yield from ((mark, value) for _, _, value, _ in by_kind.get(kind, ())[:1])
    media = [(value, before) for _, _, value, before in by_kind.get("media", ())]
    counted = [*(value for value, _ in media), *(value for _, _, value, _ in by_kind.get("script", ()))]
    joined = "\n".join(counted)
    if any(part in joined for part in IN_PIXEL):
        yield from (("pixel", value) for value in counted if PIXEL.search(value))
    # Relative addresses name no other host; logos, buttons and teasers stand around the article.
    near = (value for value, before in media if main[0] - HEAD_BEFORE <= before <= main[1] + 1)
    absolute = (value for value in near if value.startswith(("http://", "https://", "//")))
    yield from (("media", value) for value in islice(dict.fromkeys(absolute), MAX_LISTED))


def _linked(statements: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    for _, relation, address, _ in statements:
        if "alternate" in relation and FEED.search(relation):
            yield "feed", address
        yield from ((LINKS[word], address) for word in relation.split() if word in LINKS)


def _meta(statements: Sequence[Statement]) -> list[tuple[str, str]]:
    """Return the statements of the <meta> elements, in the order of the tables: a thing's first name is its best."""
    stated = [(*METAS[name], content) for _, name, content, _ in statements if name in METAS]
    stated.sort(key=itemgetter(0))
    return [(mark, content) for _, mark, content in stated]


def _times(by_kind: Mapping[str, Sequence[Statement]], main: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the dates that elements of the page state, the nearest to its text first: those that say of what, and of
    the others the one over the text.
    """
    stated = [*by_kind.get("item", ()), *by_kind.get("time", ())]
    stated.sort(key=lambda statement: abs(main[0] - statement[3]))
    near = [statement for statement in stated if main[0] - TIME_BEFORE <= statement[3] <= main[1] + 1]
    kinds = [_kind_of(name) for _, name, _, _ in near or stated]
    days = {day_of(value) for (_, _, value, _), kind in zip(near or stated, kinds, strict=True) if kind == "published"}
    unnamed = bool(near)
    for (_, _, value, _), kind in zip(near or stated, kinds, strict=True):
        # Where several days are named, comments or other articles are among them: the nearest is the article's.
        if kind is not None and (kind != "published" or len(days) == 1):
            yield f"date.{kind}.item", value
        elif unnamed:
            unnamed = False
            yield "date.published.time", value


def _kind_of(name: str) -> str | None:
    """Return of what an element of this name states the date, or None if it does not say."""
    return next((kind for kind, words in ITEMS.items() if any(word in name for word in words)), None)
