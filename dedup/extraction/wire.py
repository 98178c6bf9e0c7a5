"""What goes between a reader and the processes that read its pages?

asked, page_of      a page -> bytes -> the same page
answered, item_of   what it gave -> bytes -> the same
send, receive       one message after the other through a pipe

The bytes are of one version of Python and of dedup: whoever keeps them notes both.
"""

import marshal
import struct
from typing import IO, Final

from dedup.article import Article, Mark, Skipped
from dedup.errors import UsageError
from dedup.extraction.given import Page
from dedup.packing import packed, unpacked
from dedup.place import Place

LENGTH: Final = struct.Struct("<Q")


def asked(page: Page, extractor: str) -> bytes:
    """Return a page as bytes, and by whom its article is to be found."""
    place = (page.place.path, page.place.line, page.place.record, page.place.at)
    marks = [(mark.name, mark.value) for mark in page.marks]
    return marshal.dumps((extractor, page.html, place, dict(page.known), page.charset, marks))


def page_of(question: bytes) -> tuple[Page, str]:
    """Return the page and the extractor of these bytes.

    >>> page_of(asked(Page("<p>Rain", Place("a.html"), {}), "trafilatura"))[0].html
    '<p>Rain'
    """
    extractor, html, place, known, charset, marks = marshal.loads(question)
    return Page(html, Place(*place), known, charset, tuple(Mark(*mark) for mark in marks)), extractor


def answered(item: Article | Skipped | UsageError) -> bytes:
    """Return what a page gave as bytes: its article, why it has none, or why no page can be read here."""
    if isinstance(item, Article):
        return marshal.dumps((item.id, item.text, packed(item)))
    if isinstance(item, Skipped):
        return marshal.dumps((item.path, item.line, item.reason))
    return marshal.dumps((str(item),))


def item_of(answer: bytes) -> Article | Skipped:
    """Return what a page gave. Raises UsageError where no page can be read here.

    >>> item_of(answered(Skipped("a.html", None, "the text is empty"))).reason
    'the text is empty'
    """
    first, *others = marshal.loads(answer)
    if not others:
        raise UsageError(first)
    return unpacked(first, *others) if isinstance(others[1], bytes) else Skipped(first, *others)


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write one message."""
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, or None where the other side has ended."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None
