"""Which text of a page is the article, by whose judgement?

EXTRACTORS   the names of those who judge
extract      what one of them takes for the article, line by line
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

# An extract of fewer characters, or of a smaller share of what stands in paragraphs, is tried again with more care.
SHORT: Final = 250
LEAST_SHARE: Final = 0.5
TRAFILATURA: Final = "trafilatura"


def extract(html: str, extractor: str, in_paragraphs: int) -> str:
    """Return the text that an extractor takes for the article; `in_paragraphs` characters of the page stand in <p>.

    Raises UsageError where its library is not installed.
    """
    try:
        return EXTRACTORS[extractor](html, in_paragraphs)
    except ImportError as error:  # also where a part of one is missing: no fault of the page
        package = "dedup[fast]" if extractor != TRAFILATURA else TRAFILATURA
        raise UsageError(f"HTML pages need the package {extractor} ({error}): pip install {package}") from error


def _trafilatura(html: str, in_paragraphs: int) -> str:
    from trafilatura import extract

    def attempt(*, fast: bool) -> str:
        return extract(html, fast=fast, include_comments=False, output_format="txt") or ""

    quick = attempt(fast=True)
    if len(quick) >= SHORT and len(quick) >= LEAST_SHARE * in_paragraphs:
        return quick
    return max(attempt(fast=False), quick, key=len)


def _resiliparse(html: str, _: int) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(
        html, main_content=True, comments=False, post_meta=False, alt_texts=False, list_bullets=False
    )


EXTRACTORS: Final[Mapping[str, "Callable[[str, int], str]"]] = MappingProxyType(
    {TRAFILATURA: _trafilatura, "resiliparse": _resiliparse}
)
