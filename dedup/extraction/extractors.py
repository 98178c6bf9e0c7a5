"""Which text of a page is the article, by whose judgement?

EXTRACTORS   the names of those who judge
extract      what one of them takes for the article, line by line
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

# An extract of fewer characters, or of a smaller share of what stands in paragraphs, is tried again with more care.
SHORT: Final = 250
LEAST_SHARE: Final = 0.5
# A line of as many characters is a paragraph.
LONG_LINE: Final = 80
TRAFILATURA: Final = "trafilatura"
_HTML: Final = re.compile(r"<(?:html|body)\b", re.IGNORECASE)


def extract(html: str, extractor: str, in_paragraphs: int) -> str:
    """Return the text that an extractor takes for the article; `in_paragraphs` characters of the page stand in <p>.

    Raises UsageError where its library is not installed.
    """
    try:
        return EXTRACTORS[extractor](html, in_paragraphs)
    except ImportError as error:  # also where a part of one is missing: no fault of the page
        package = "'dedup[fast]'" if extractor != TRAFILATURA else TRAFILATURA
        raise UsageError(f"HTML pages need the package {extractor} ({error}): pip install {package}") from error


def _trafilatura(html: str, in_paragraphs: int) -> str:
    from trafilatura import extract

    def attempt(html: str, *, fast: bool) -> str:
        return extract(html, fast=fast, include_comments=False, output_format="txt") or ""

    quick = attempt(html, fast=True)
    if len(quick) >= SHORT and len(quick) >= LEAST_SHARE * in_paragraphs:
        return quick
    careful = max(attempt(html, fast=False), quick, key=len)
    if careful or _HTML.search(html):
        return careful
    # A fragment in a root of its own name is no page to the library. In a page, it would take a bare menu too.
    wrapped = attempt(f"<html><body>{html}</body></html>", fast=False)
    told = sum(len(line) for line in wrapped.splitlines() if len(line) >= LONG_LINE)
    return wrapped if told >= SHORT else ""


def _resiliparse(html: str, _: int) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    # What it would skip for want of these three is not in the page that it gets: it need not look for it.
    return extract_plain_text(
        html,
        main_content=True,
        comments=False,
        post_meta=False,
        alt_texts=True,
        form_fields=True,
        noscript=True,
        list_bullets=False,
    )


EXTRACTORS: Final[Mapping[str, "Callable[[str, int], str]"]] = MappingProxyType(
    {TRAFILATURA: _trafilatura, "resiliparse": _resiliparse}
)
