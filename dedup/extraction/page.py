"""What article stands on an HTML page?

Its text is all that the page shows, block by block, so that every credit line can be read as evidence. An extractor
says which of the blocks are the article, and their markup which of these are boilerplate after all: what is left is
matched.
"""

from collections.abc import Sequence
from typing import Final

from dedup import _core
from dedup.article import Article, Elements, Row, Skipped, Span
from dedup.errors import DedupError
from dedup.extraction import blocks, dates
from dedup.extraction.charset import decode
from dedup.extraction.comments import comments_from
from dedup.extraction.dateline import date_line
from dedup.extraction.extractors import TRAFILATURA, extract
from dedup.extraction.given import MAX_PAGE, Page
from dedup.extraction.language import language_of
from dedup.extraction.markup import read_markup
from dedup.extraction.undated import likely_day
from dedup.place import refusal

MAX_DEPTH: Final = 10_000  # an extractor's time grows with the square of the depth: 100,000 <div> take it half a minute
BETWEEN: Final = "\n\n"
# An extract of which less than this share stands in blocks was read elsewhere, such as in a script.
LEAST_SHOWN: Final = 0.5
# The path of a block that the page does not show.
UNSHOWN: Final = "script"


def read_page(page: Page, extractor: str = TRAFILATURA) -> Article | Skipped:
    """Return the article of one page, or why it has none.

    Raises UsageError where the library of the extractor is not installed.
    """
    place = page.place
    if len(page.html) > MAX_PAGE:
        return place.skip(f"the page is too long (more than {MAX_PAGE:,} characters)")
    html = decode(page.html, page.charset) if isinstance(page.html, bytes) else page.html
    if html is None:
        return place.skip("the page's encoding cannot be told; convert it to UTF-8")
    try:
        return _read(html, page, extractor)
    except DedupError:
        raise
    except Exception as error:  # hostile markup makes extractors raise anything; it is named, and the next page read
        return place.skip(f"the page cannot be parsed: {type(error).__name__}: {error}")


def _read(html: str, page: Page, extractor: str) -> Article | Skipped:
    shown = _core.Page(html, extractor)
    if shown.deepest > MAX_DEPTH:
        return page.place.skip(f"the page nests elements more than {MAX_DEPTH:,} deep, or leaves as many open")
    extracted = extract(shown.slim, extractor, shown.in_paragraphs)
    if not extracted or extracted.isspace():
        return page.place.skip("no article text found in the page")
    text, rows, main = text_of(shown, extracted)
    reason = refusal(text)
    if reason:
        return page.place.skip(reason)
    line = date_line(text, rows, main[0])
    markup = read_markup(shown.statements, (main[0], main[-1]), page.known.get("url"), line)
    known, marks = {**markup.known, **page.known}, (*page.marks, *markup.marks)
    if "published" not in known:
        day = likely_day(text, rows, (main[0], main[-1]), known.get("language"), html)
        if day is None and extractor == TRAFILATURA:  # it takes as long as that
            day = dates.fallback(html, known.get("url"))
        if day is not None:
            known["published"] = day.value
            marks = (*marks, day)
    if "language" not in known and (language := language_of(extracted)) is not None:
        known["language"] = language
    if rows[main[0]][2] != UNSHOWN:  # of what a page does not show there is no markup to judge by
        begin = comments_from(text, rows, main)
        kept = blocks.judged(shown, rows, main, blocks.load_weights())
        main = [number for number in kept if number < begin] or [number for number in main if number < begin]
    return page.place.article(text, known, marks, _spans(rows, main), Elements(rows))


def text_of(shown: _core.Page, extracted: str) -> tuple[str, list[Row], list[int]]:
    """Return all that a page shows, the row of each of its blocks, and which blocks are the article.

    What was extracted from a place that shows nothing (the article of many pages stands in a script, to be shown
    later) follows behind all else.
    """
    rows = shown.rows
    main, found, letters = shown.main(extracted)
    if main and found >= LEAST_SHOWN * letters:
        return shown.text, rows, main
    text = shown.text
    main = []
    for line in filter(None, (" ".join(line.split()) for line in extracted.splitlines())):
        text = text + BETWEEN + line if text else line
        main.append(len(rows))
        rows.append((len(text) - len(line), len(text), UNSHOWN, "", ()))
    return text, rows, main


def _spans(rows: Sequence[Row], main: Sequence[int]) -> tuple[Span, ...]:
    """Return the parts of the text that neighbouring blocks of the article make up."""
    spans: list[Span] = []
    previous = -2
    for number in main:
        start, end = rows[number][:2]
        if number == previous + 1:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
        previous = number
    return tuple(spans)
