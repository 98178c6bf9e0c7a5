"""What is an article?

Span      where something stands: half-open, in code points of the original text
Block     a paragraph-like unit of the text: body, or boilerplate of a kind
Mark      one statement of the page's markup
Element   the markup around one block of the page
Elements  those of a whole page
Article   one published page
Skipped   an input that could not be read, and why
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple, overload

# The path of an article that no file holds.
IN_MEMORY = "(memory)"


class Span(NamedTuple):
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


def spans_between(starts: Iterable[int], ends: Iterable[int]) -> Iterator[Span]:
    """Return the Spans from each start to each end, as many at a time as corpora have.

    >>> list(spans_between([0, 4], [3, 7]))
    [Span(start=0, end=3), Span(start=4, end=7)]
    """
    return map(_span, zip(starts, ends, strict=True))


# A pair made a Span takes half as long as a Span of two numbers.
_span = partial(tuple.__new__, Span)


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


class Block(NamedTuple):
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


# Start and end of a block, its path, its classes (or all in one, with blanks between them), and its links.
Row = tuple[int, int, str, str | tuple[str, ...], tuple[str, ...]]


class Elements(Sequence[Element]):
    """The elements of a page, in its order. Each is made where it is asked for: a page has hundreds, of which few are.

    >>> elements = Elements([(0, 4, "p", "", ())])
    >>> elements[0], elements == (Element(Span(0, 4), "p"),)
    (Element(span=Span(start=0, end=4), path='p', classes=(), links=()), True)
    """

    __slots__ = ("rows",)

    def __init__(self, rows: Sequence[Row]) -> None:
        """Take hold of rows that nobody changes."""
        self.rows = rows

    @classmethod
    def of(cls, elements: Iterable[Element]) -> "Elements":
        """Return elements that were made already as they are kept here."""
        if isinstance(elements, Elements):
            return elements
        return cls(
            [
                (int(e.span.start), int(e.span.end), str(e.path), tuple(map(str, e.classes)), tuple(map(str, e.links)))
                for e in elements
            ]
        )

    def strings(self) -> Iterator[str]:
        """Return all that is said of them, in order."""
        for _, _, path, classes, links in self.rows:
            yield from (path, *((classes,) if isinstance(classes, str) else classes), *links)

    @overload
    def __getitem__(self, at: int) -> Element: ...
    @overload
    def __getitem__(self, at: slice) -> "Elements": ...
    def __getitem__(self, at: int | slice) -> "Element | Elements":
        """Return one element, or some."""
        return Elements(self.rows[at]) if isinstance(at, slice) else _element(self.rows[at])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Element]:
        """Make one after the other."""
        return map(_element, self.rows)

    def __eq__(self, other: object) -> bool:
        """Say whether these are the same elements, also of a tuple of them."""
        return tuple(self) == tuple(other) if isinstance(other, (Elements, tuple)) else NotImplemented

    def __hash__(self) -> int:
        """Return the hash of the same elements in a tuple."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Show them."""
        return repr(tuple(self))


def _element(row: Row) -> Element:
    start, end, path, classes, links = row
    if isinstance(classes, str):
        classes = tuple(classes.split(" ")) if classes else ()
    return Element(Span(start, end), path, classes, links)


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
    elements: Sequence[Element] = ()
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
