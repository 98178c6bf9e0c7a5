"""What article stands on an HTML page?

The main text is what trafilatura takes for it. Since every extractor drops credit lines, the short lines that the
page shows before and after the main text are put back around it; telling those that are boilerplate is not done
here. When the engine reads blocks of whole pages, `_text` is the one function to replace.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dedup.article import Article, Mark, Skipped, Span
from dedup.errors import UsageError
from dedup.extraction.charset import decode
from dedup.extraction.lines import Line, lines_of
from dedup.extraction.markup import read_markup
from dedup.place import Place, refusal

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_PAGE: Final = 20 * 1024 * 1024
MAX_DEPTH: Final = 10_000  # a parser's time grows with the square of the depth: 100,000 <div> take it half a minute
SHORT: Final = 250  # an extract of fewer characters is tried again with more care
MAX_EDGE: Final = 600  # characters of a line around the text: about 80 words
NEAR: Final = 10  # lines kept on each side of the text; a page's last lines hold its copyright and its appeals
FOOT: Final = 5
MAX_EDGED: Final = 1_000_000
GRAM: Final = 16
REPEATS: Final = 8
TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that hold nothing, or that end by themselves where the next one begins.
UNNESTED: Final = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *("html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup"),
        *("option", "optgroup"),
    )
)


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as it was fetched: its bytes, or its markup where that was decoded already.

    What is `known` of it by target (url, fetched ...) goes before what the page says of itself. `charset` is the
    encoding that whoever sent the page declared beside it, `marks` what it stated of it.
    """

    html: bytes | str
    place: Place
    known: Mapping[str, str]
    charset: str | None = None
    marks: tuple[Mark, ...] = ()


def read_page(page: Page) -> Article | Skipped:
    """Return the article of one page, or why it has none.

    Raises UsageError where the libraries that read pages are not installed.
    """
    place = page.place
    if len(page.html) > MAX_PAGE:
        return place.skip(f"the page is too long (more than {MAX_PAGE:,} characters)")
    html = decode(page.html, page.charset) if isinstance(page.html, bytes) else page.html
    if html is None:
        return place.skip("the page's encoding cannot be told; convert it to UTF-8")
    if _nests_deeply(html):
        return place.skip(f"the page nests elements more than {MAX_DEPTH:,} deep, or leaves as many open")
    try:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(html)
        text, main = _text(html, tree)
        markup = read_markup(tree)
    except ImportError as error:  # also where a part of one is missing: no fault of the page
        raise UsageError(f"HTML pages need two packages ({error}): pip install trafilatura selectolax") from error
    except Exception as error:  # hostile markup makes the parsers raise anything; it is named, and the next page read
        return place.skip(f"the page cannot be parsed: {type(error).__name__}: {error}")
    if not text:
        return place.skip("no article text found in the page")
    reason = refusal(text)
    marks = (*page.marks, *markup.marks)
    return place.skip(reason) if reason else place.article(text, {**markup.known, **page.known}, marks, main)


def _nests_deeply(html: str) -> bool:
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for tag in TAG.finditer(html):
        if tag[2].lower() not in UNNESTED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def _text(html: str, tree: "LexborHTMLParser") -> tuple[str, tuple[Span, ...]]:
    """Return the text of a page, and the part of it that the extractor takes for the article."""
    main = _main(html)
    if not main or tree.body is None or len(main) > MAX_EDGED:
        return main, (Span(0, len(main)),)
    head, tail = edges(main.split("\n"), lines_of(tree.body))
    start = sum(len(line) + 1 for line in head)
    return "\n".join([*head, main, *tail]), (Span(start, start + len(main)),)


def _main(html: str) -> str:
    from trafilatura import extract

    texts = (
        extract(html, fast=fast, include_comments=False, favor_precision=False, output_format="txt") or ""
        for fast in (True, False)
    )
    quick = next(texts)
    return quick if len(quick) >= SHORT else max(next(texts), quick, key=len)


def edges(main: list[str], page: list[Line]) -> tuple[list[str], list[str]]:
    """Return the short lines of the page that stand before the main text, and those after it, in their order.

    Lines that repeat the main text, or one another, are left out. Only those near the text and those at the page's
    foot are returned: on a test of 248 news pages, what stands between is teasers of other articles.
    """
    keys = [_key(line) for line in main]
    stands: dict[str, list[int]] = {}
    for number, line in enumerate(page):
        stands.setdefault(_key(line.text), []).append(number)
    matches = [stands[key][:REPEATS] for key in keys if key and key in stands]
    last = _chain_end(matches)
    if last is None:
        return [], []
    first = -(_chain_end([[-number for number in reversed(found)] for found in reversed(matches)]) or 0)
    seen = set(keys)
    whole_key = "".join(keys)
    head = [line.text for line in page[:first] if _is_new(line, seen, whole_key)]
    tail = [line.text for line in page[last + 1 :] if _is_new(line, seen, whole_key)]
    return head[-NEAR:], tail[:NEAR] + tail[NEAR:][-FOOT:]


def _chain_end(matches: list[list[int]]) -> int | None:
    """Return the smallest number at which a longest rising chain, at most one number of each list, can end.

    >>> _chain_end([[7], [1, 9], [2, 8]])
    2
    """
    ends: list[int] = []
    for numbers in matches:
        for number in reversed(numbers):
            at = bisect_left(ends, number)
            ends[at : at + 1] = [number]
    return ends[-1] if ends else None


def _is_new(line: Line, seen: set[str], main: str) -> bool:
    key = _key(line.text)
    if not key or len(line.text) > MAX_EDGE or key in seen:
        return False
    seen.add(key)
    grams = [key[start : start + GRAM] for start in range(0, len(key) - GRAM + 1, GRAM)]
    return not grams or 2 * sum(gram in main for gram in grams) < len(grams)


def _key(line: str) -> str:
    return "".join(filter(str.isalnum, line)).casefold()
