"""Which outlet does a slot on a page name?

Names resolve against the corpus first, then against the domains the page itself links to, so that "South Front" on a
page that links southfront.org means southfront.org even where no article of South Front was read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedup.addresses import Address, addresses
from dedup.outlets import Directory, fold_name, label_names, looks_like_domain, registrable_domain
from dedup.provenance.rulebook import rule_book

_LINK = re.compile(r"\]?\s*\(\s*(https?://[^\s)]{3,300})\)")
_STOPS = re.compile(
    r"\s(?:on|in|at|and|under|with|for|as|by|via|from|is|was|where|which|the|und|et|y|e|am|im|le|el|bajo|sous|unter"
    r"|en|il|в|на|и|под)\s|\s(?=\d)|[,،，、]\s?|[;|]"
)
_TRIMMED = " \t\n\r.,:;!?*_[]()<>\"'“”„«»‘’|·-–—"
_MOST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Page:
    """What a page's slots may mean: the corpus's directory, and the outlets' domains the page links to."""

    directory: Directory
    text: str
    addresses: tuple[Address, ...]
    domains: tuple[str, ...]

    @classmethod
    def of(cls, text: str, directory: Directory) -> "Page":
        """Read the addresses of a text."""
        return cls.holding(text, addresses(text), directory)

    @classmethod
    def holding(cls, text: str, found: Sequence[Address], directory: Directory) -> "Page":
        """Return the page of a text with these addresses; domains that belong to everybody do not count."""
        domains = {address.domain for address in found} - rule_book().shared if found else ()
        return cls(directory, text, tuple(found), tuple(sorted(domains)))

    def resolve(self, name: str) -> str | None:
        """Return the key of the outlet a name means, or None if neither corpus nor page knows it."""
        return self.directory.key_of(name.strip(_TRIMMED), self.domains)

    def slot(self, start: int, end: int, *, agency: bool = False) -> str | None:
        """Return the outlet named in a slot of the text, or None if it holds no outlet's name.

        A link behind the name decides; else the longest beginning of the slot that is known; else, for a slot that
        looks like a name, the name itself as it stands. Where an `agency` is expected, one word without a capital
        (dpa) is a name too.
        """
        link = _LINK.match(self.text, end)
        if link is not None:
            domain = registrable_domain(link[1])
            if domain is not None and domain not in rule_book().shared:
                return self.directory.key_of(domain) or domain
        words = self.text[start:end].strip(_TRIMMED).split()
        for length in range(min(len(words), _MOST_NAME_WORDS), 0, -1):
            if length == 1 < len(words) and words[1][0].isupper():
                break  # one word of a longer name is another name
            known = self.resolve(" ".join(words[:length]))
            if known is not None:
                return None if known in rule_book().shared else known
        name = plain_name(self.text[start:end], agency=agency)
        nobodys = name is not None and (name in rule_book().shared or fold_name(name) in rule_book().no_outlets)
        return None if nobodys else name

    def linked(self, name: str, links: Sequence[str]) -> str:
        """Return the outlet of a name in a block with these links: its domain, if one of them leads there."""
        domains = (registrable_domain(link) for link in links)
        domain = next((domain for domain in domains if domain is not None and same_name(name, domain)), None)
        return name if domain is None else self.directory.key_of(domain) or domain

    def account(self, address: Address) -> str | None:
        """Return the outlet an address belongs to: its domain's, or on a shared platform its account's, if known."""
        book = rule_book()
        if address.domain not in book.shared:
            return self.directory.key_of(address.domain) or address.domain
        if address.domain in book.stores:
            return None
        handle = address.mailbox or address.path.strip("/").split("/")[0].lstrip("@")
        return self.resolve(handle) if handle else None


def plain_name(slot: str, *, agency: bool = False) -> str | None:
    """Return the name at the beginning of a slot, or None if what stands there is no name: a date, a sentence.

    An `agency` may be one word without a capital.

    >>> plain_name("Meridian Press Agency on 3 March"), plain_name("monday"), plain_name("1975")
    ('Meridian Press Agency', None, None)
    """
    name = _STOPS.split(slot.strip(_TRIMMED) + " ", maxsplit=1)[0].strip(_TRIMMED)
    if looks_like_domain(name):
        return registrable_domain(name)
    words = name.split()
    if not words or len(words) > _MOST_NAME_WORDS or len(fold_name(name)) < 2:
        return None
    first = words[0][0]
    cased = first.lower() != first.upper()
    if first.isdigit() or (cased and first.islower() and not (agency and len(words) == 1)):
        return None
    return " ".join(words)


@lru_cache(maxsize=65536)
def same_name(one: str, other: str) -> bool:
    """Say whether two outlet keys mean the same outlet: equal when folded, or one is the initials of the other.

    >>> same_name("Meridian Press Agency", "MPA"), same_name("South Front", "southfront.org")
    (True, True)
    """
    first, second = _bare(one), _bare(other)
    if _abbreviates(first, other) or _abbreviates(second, one):
        return True
    return not {fold_name(name) for name in first}.isdisjoint(fold_name(name) for name in second)


def _bare(key: str) -> tuple[str, ...]:
    return label_names(key) if looks_like_domain(key) else (key,)


def _abbreviates(short: Sequence[str], long: str) -> bool:
    initials = _initials(long)
    # Two letters are the initials of too many: DW is not the Daily Wire. Agencies are known by theirs (AP).
    return initials in {name.upper() for name in short} and (len(initials or "") > 2 or is_agency(long))


def _initials(name: str) -> str | None:
    words = [word for word in name.split() if word[0].isupper()]
    return "".join(word[0] for word in words) if len(words) >= 2 else None


@lru_cache(maxsize=4096)
def is_agency(name: str) -> bool:
    """Say whether an outlet is a news agency, by the shipped list or by a word of its name.

    >>> is_agency("Meridian Press Agency"), is_agency("tass.ru"), is_agency("South Front")
    (True, True, False)
    """
    book = rule_book()
    words = {word.casefold() for part in _bare(name) for word in re.findall(r"\w+", part)}
    known = {fold_name(agency) for agency in book.agencies}
    return bool(words & book.agency_words) or any(fold_name(part) in known for part in _bare(name))
