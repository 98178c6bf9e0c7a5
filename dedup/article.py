"""What is an article?

Span      where something stands: half-open, in code points of the original text
Block     a paragraph-like unit of the text: body, or boilerplate of a kind
Mark      one statement of the page's markup
Element   the markup around one block of the page
Article   one published page
Skipped   an input that could not be read, and why
"""

from dataclasses import dataclass
from enum import StrEnum

# The path of an article that no file holds.
IN_MEMORY = "(memory)"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in an article's original text.

    >>> Span(4, 7).of("The cat sat")
    'cat'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the part of `text` the span covers."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Say whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Kind(StrEnum):
    """What a block of boilerplate is for. The words are part of the report's contract."""

    DONATION = "donation"
    SHARE = "share"
    SUBSCRIBE = "subscribe"
    FAIR_USE = "fair_use"
    COPYRIGHT = "copyright"
    LICENCE = "licence"
    CREDIT = "credit"
    BYLINE = "byline"
    DATE = "date"
    RELATED = "related"
    CONTACT = "contact"
    COMMENTS = "comments"
    NAVIGATION = "navigation"
    ADVERTISING = "advertising"
    BIO = "bio"
    DISCLAIMER = "disclaimer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like unit of an article's text.

    `kind` is None for the body. `cues` are the ids of the rules that knew it for boilerplate, `pages` the
    number of pages of the same outlet on which it stands under different bodies, `outlets` the number of outlets where
    it does so. Both are 0 where nothing was learned; where others taught it and this one did not, `pages` is.
    """

    span: Span
    kind: Kind | None = None
    cues: tuple[str, ...] = ()
    pages: int = 0
    outlets: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One statement of a page's markup, such as its canonical address or the host of a video."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Element:
    """The markup around one block of a web page.

    `path` names the elements that hold it, from the outermost on (`article/div/p`), `classes` their classes and ids,
    each once, `links` the addresses that the block links to, as the page writes them.
    """

    span: Span
    path: str
    classes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One published page: its text, and what is known of it exactly as the source gave it.

    `outlet` is a site name or a domain; `published`, `modified` and `fetched` are unparsed. Nothing is repaired.
    `main` holds the parts of the text that an extractor took for the article, None where nothing was extracted: what
    stands outside them is read as evidence, and never matched. They ascend, and do not overlap. `elements` tell of the
    markup around the blocks of a web page.

    >>> Article(id="a", text="Rain fell.", url="https://example.org/rain").outlet is None
    True
    """

    id: str
    text: str
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    modified: str | None = None
    fetched: str | None = None
    language: str | None = None
    marks: tuple[Mark, ...] = ()
    main: tuple[Span, ...] | None = None
    elements: tuple[Element, ...] = ()
    path: str | None = None
    line: int | None = None

    def in_main(self, span: Span) -> bool:
        """Say whether `span` lies in a part that an extractor took for the article, or nothing was extracted."""
        return self.main is None or any(part.holds(span) for part in self.main)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that could not be read: where it stands, and why. `line` counts from 1."""

    path: str
    line: int | None
    reason: str
