"""Which web and mail addresses stand in a text?

Address        one of them, with its place
addresses      those of a text
addresses_in   those of many texts
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup import _core
from dedup.domains import registrable_domain

_DOT = re.compile(r"\.\w")
_BLANK = re.compile("[ \n]")
# The core's engine is linear in the text, whatever a page holds.
_ADDRESS = _core.Patterns(
    [
        r"(?:[a-z]{2,9}://)?(?:[a-z0-9_.+-]+@)?(?P<host>(?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}{2,24})"
        r"(?:(?::[0-9]+)?/[^\s)\]>\"']*)?"
    ]
)


class Address(NamedTuple):
    """A web or mail address found in a text, with its place in code points."""

    start: int
    end: int
    domain: str
    mailbox: str | None
    path: str


def addresses(text: str) -> list[Address]:
    """Return the web and mail addresses of a text in order; what has no public suffix is no address.

    >>> [a.domain for a in addresses("see southfront.org/donate or mail x@list.ru")]
    ['southfront.org', 'list.ru']
    """
    return addresses_in([text])[0]


def addresses_in(texts: Sequence[str]) -> list[list[Address]]:
    """Return the addresses of each of many texts, as `addresses` does."""
    found: list[list[Address]] = [[] for _ in texts]
    runs = [(place, start, run) for place, text in enumerate(texts) for start, run in _dotted_runs(text)]
    for at, _, start, end, host, host_end in _ADDRESS.captures([run for _, _, run in runs], "host"):
        place, offset, run = runs[at]
        host_name, before = run[host:host_end], run[start:host]
        domain = registrable_domain(host_name)
        # "the end.So" is two sentences, not a host in Somalia.
        sure = bool(before) or host_end < end or host_name.isupper() or host_name.rpartition(".")[2].islower()
        if domain is not None and sure:
            mailbox = before.rpartition("//")[2].removesuffix("@") or None
            path = run[host_end:end].rstrip(".,;:!?…")
            found[place].append(Address(offset + start, offset + host_end + len(path), domain, mailbox, path))
    return found


def _dotted_runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the runs between blanks that hold a dot before a letter, with their places: no address stands elsewhere."""
    end = -1
    for dot in _DOT.finditer(text):
        at = dot.start()
        if at < end:
            continue
        start = 1 + max(end, text.rfind(" ", end + 1, at), text.rfind("\n", end + 1, at))
        blank = _BLANK.search(text, at)
        end = blank.start() if blank is not None else len(text)
        yield start, text[start:end]
