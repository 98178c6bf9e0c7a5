"""What is known of a web page before anybody reads it?

Page   its bytes, and what came with them

Who hands pages on to the processes that read them needs no more than this, and need not load what reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dedup.article import Mark
from dedup.place import Place

MAX_PAGE: Final = 20 * 1024 * 1024


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
