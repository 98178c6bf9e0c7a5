"""To whose pages does a text link, as only its own outlet does?

An outlet leads its readers to its own earlier reports, and who takes the text over mostly leaves those links in. One or
two links are a citation; it is their number that tells, beside the other links of the text.

OwnLinks    whose text it is by that, and one of the links
own_links   find them
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from dedup.article import Span
from dedup.domains import registrable_domain
from dedup.provenance.media import is_media
from dedup.provenance.names import Page
from dedup.provenance.rulebook import rule_book

# So many pages of one outlet, from so many blocks of the text, and at least half of all that the text links to.
_LEAST_PAGES, _LEAST_BLOCKS = 3, 2
_LEAST_SHARE = 0.5


class OwnLinks(NamedTuple):
    """The outlet that a text links to as that outlet itself would, and the first of those links: how it reads, and
    where in the text, if it does.
    """

    outlet: str
    quote: str
    span: Span | None


class _Link(NamedTuple):
    domain: str
    path: str
    block: int
    span: Span | None


def own_links(text: str, body: Sequence[Span], linked: Mapping[int, Sequence[str]], page: Page) -> OwnLinks | None:
    """Return whose pages the `body` of a text links to as its own, which may be the host's; or None. `linked` gives
    what the markup links to, by where the block begins. More links to one page are one.
    """
    if not (page.addresses or linked):
        return None
    pages: dict[tuple[str, str], _Link] = {}
    for link in _links(body, linked, page):
        pages.setdefault((link.domain, link.path), link)
    by_outlet: dict[str, list[_Link]] = {}
    for link in pages.values():
        by_outlet.setdefault(page.directory.key_of(link.domain) or link.domain, []).append(link)
    outlet = max(by_outlet, key=lambda name: (len(by_outlet[name]), name), default=None)
    found = by_outlet[outlet] if outlet is not None else []
    several = len(found) >= _LEAST_PAGES and len({link.block for link in found}) >= _LEAST_BLOCKS
    if outlet is None or not several or len(found) < _LEAST_SHARE * len(pages):
        return None
    first = found[0]
    return OwnLinks(outlet, first.domain + first.path if first.span is None else first.span.of(text), first.span)


def _links(body: Sequence[Span], linked: Mapping[int, Sequence[str]], page: Page) -> Iterator[_Link]:
    """Yield the links of the body: those of its text, then those of its markup. Home pages, files and what belongs to
    everybody are left out.
    """
    shared = rule_book().shared
    starts = [block.start for block in body]
    for address in page.addresses:
        block = bisect_right(starts, address.start) - 1
        inside = block >= 0 and address.start < body[block].end and address.mailbox is None
        if inside and address.domain not in shared and _is_page(address.path):
            yield _Link(address.domain, address.path, block, Span(address.start, address.end))
    for number, start in enumerate(starts):
        for link in linked.get(start, ()):
            domain, path = registrable_domain(link), urlsplit(link).path
            if domain is not None and domain not in shared and _is_page(path):
                yield _Link(domain, path, number, None)


def _is_page(path: str) -> bool:
    return bool(path.strip("/")) and not is_media(path)
