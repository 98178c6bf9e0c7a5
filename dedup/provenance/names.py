"""Which outlet does a slot on a page name?

Names resolve against the corpus first, then against the domains the page itself links to, so that "South Front" on a
page that links southfront.org means southfront.org even where no article of South Front was read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedup.addresses import Address, addresses
from dedup.calendar import month_key, months
from dedup.domains import label_names, looks_like_domain, registrable_domain
from dedup.outlets import Directory, fold_name, is_article
from dedup.provenance.rulebook import rule_book

_LINK = re.compile(r"\]?\s*\(\s*(https?://[^\s)]{3,300})\)")
_STOPS = re.compile(
    r"\s(?:on|in|at|and|under|with|for|as|by|via|from|is|was|where|which|the|und|et|y|e|am|im|le|el|bajo|sous|unter"
    r"|en|il|в|на|и|под)\s|\s(?=\d)|[,،，、]\s?|[;|]"
)
_TRIMMED = " \t\n\r.,:;!?*_[]()<>\"'“”„«»‘’|·-–—©®™"
_MOST_NAME_WORDS, _LEAST_LABEL = 6, 3
# Anna Müller/dpa: behind the slash stands whose the picture is.
_PICTURE = re.compile(r"^[^/:]{2,40}?\s?/\s?[^/]{2,}$")
# What stands before a full stop that does not end a name: Dr. Dobb's Journal, U.S. Library of Congress.
_BROKEN_OFF = frozenset(("DR", "MR", "MRS", "ST", "U.S", "U.K", "E.U", "U.N", "PROF", "NO", "VOL"))
# What an outlet may be called beside its name: "Time Magazine" is time.com.
_MEDIUM = re.compile(r"(?:\s+(?:magazine|magazin|online|website|blog|staff)|网)$", re.IGNORECASE)


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
        name = name.strip(_TRIMMED)
        known = self.directory.key_of(name, self.domains)
        # 北方守望网 is 北方守望 where that is an outlet.
        short = _MEDIUM.sub("", name) if known is None else name
        return known if short == name else self.directory.key_of(short, self.domains)

    def slot(self, start: int, end: int, *, agency: bool = False) -> str | None:
        """Return the outlet named in a slot of the text, or None if it holds no outlet's name.

        A link behind the name decides; else the longest beginning of the slot that is known; else, for a slot that
        looks like a name, the name itself as it stands. Where an `agency` is expected, a known one without a capital
        (dpa) is a name too.
        """
        link = _LINK.match(self.text, end)
        if link is not None:
            domain = registrable_domain(link[1])
            if domain is not None and domain not in rule_book().shared:
                return self.directory.key_of(domain) or domain
        words = self.text[start:end].strip(_TRIMMED).split()
        for length in range(min(len(words), _MOST_NAME_WORDS), 0, -1):
            if length < len(words) and words[length][0].isupper() and words[length - 1][-1].isalnum():
                continue  # the beginning of a longer name is another name
            known = self.resolve(" ".join(words[:length]))
            if known is not None:
                return None if known in rule_book().shared else known
        slot = self.text[start:end]
        name = plain_name(slot, agency=agency)
        if name is None or name in rule_book().shared or fold_name(name) in rule_book().no_outlets:
            return None
        if _PICTURE.search(slot) is None or looks_like_domain(name) or is_agency(name):
            return name
        # A name before a slash that nobody knows for an outlet's is a person's, who made the picture.
        return self.resolve(name)

    def linked(self, name: str, links: Sequence[str]) -> str | None:
        """Return the outlet of a name in a block with these links: its domain, if one of them leads there, and None if
        that is a place that belongs to everybody.
        """
        domains = (registrable_domain(link) for link in links)
        domain = next((domain for domain in domains if domain is not None and same_name(name, domain)), None)
        if domain in rule_book().shared:
            return None
        return name if domain is None else self.directory.key_of(domain) or domain

    def knows(self, key: str) -> bool:
        """Say whether a name is surely an outlet's: the corpus holds articles of it, or it is a news agency."""
        return self.directory.publishes(key) or self.directory.is_known(key) or is_agency(key)

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

    A news `agency` may be written without a capital.

    >>> plain_name("the Meridian Press Agency on 3 March"), plain_name("monday"), plain_name("1975")
    ('Meridian Press Agency', None, None)
    """
    slot = slot.strip(_TRIMMED)
    article, _, rest = slot.partition(" ")
    if article.islower() and is_article(article):  # from the Northern Watch
        slot = rest.strip(_TRIMMED)
    name = _STOPS.split(slot + " ", maxsplit=1)[0].strip(_TRIMMED)
    if looks_like_domain(name):
        return registrable_domain(name)
    if _is_day(slot):
        return None
    words = name.split("/")[0].split()
    if not words or len(words) > _MOST_NAME_WORDS or len(fold_name(name)) < 2:
        return None
    if len(words) == 1 and words[0].upper() in _BROKEN_OFF:
        return None
    first = words[0][0]
    cased = first.lower() != first.upper()
    if first.isdigit() or (cased and first.islower() and not (agency and is_agency(words[0]))):
        return None
    return " ".join(words)


def _is_day(slot: str) -> bool:
    """Say whether a slot begins with a day or a month, in full or before a number: "Tuesday", "Nov 9"."""
    first, _, rest = slot.partition(" ")
    key = month_key(first.strip(_TRIMMED))
    if key not in rule_book().days and key not in months():
        return False
    # An abbreviation may be a name: the Sun, Mar.
    return rest[:1].isdigit() or (len(key) > 4 and not rest) or _is_day(rest)


@lru_cache(maxsize=65536)
def same_name(one: str, other: str) -> bool:
    """Say whether two outlet keys mean the same outlet: equal when folded, or one is the initials of the other.

    >>> same_name("Meridian Press Agency", "MPA"), same_name("South Front", "southfront.org")
    (True, True)
    >>> same_name("The Associated Press", "AP"), same_name("Xinhua News Agency", "Xinhua")
    (True, True)
    """
    first, second = _bare(one), _bare(other)
    if _abbreviates(first, other) or _abbreviates(second, one):
        return True
    return not {fold_name(name) for name in first}.isdisjoint(fold_name(name) for name in second)


def calls_itself(host: str, name: str) -> bool:
    """Say whether a name is the host's by a word of it, in which its domain is written: what belongs to an outlet is
    named after it, and so are its departments.

    >>> calls_itself("kron4.com", "KRON"), calls_itself("mdr.de", "MDR Thüringen"), calls_itself("post.com", "The Post")
    (True, True, True)
    """
    words = [fold_name(word) for word in re.findall(r"\w+", name)]
    labels = {fold_name(label.rstrip("0123456789")) for label in _bare(host)}
    return any(len(label) >= _LEAST_LABEL and label in (words[0], words[-1]) for label in labels if words)


def _bare(key: str) -> tuple[str, ...]:
    if looks_like_domain(key):
        return label_names(key)
    short = (_MEDIUM.sub("", key), _agency_in(key))
    return (key, *(name for name in short if name is not None and name != key and len(fold_name(name)) > 1))


def _agency_in(name: str) -> str | None:
    """Return the listed agency that is called by its name and by what it is: Xinhua News Agency."""
    book = rule_book()
    words = name.split()
    while len(words) > 1 and words[-1].casefold() in book.press_words | book.agency_words:
        words.pop()
    own = " ".join(words)
    return own if own != name and fold_name(own) in _listed_agencies() else None


def _abbreviates(short: Sequence[str], long: str) -> bool:
    # Two letters are the initials of too many: DW is not the Daily Wire. Agencies are known by theirs (AP).
    known = {initials for initials in _initials(long) if len(initials) > 2 or is_agency(long)}
    return not known.isdisjoint(name.upper() for name in short)


def _initials(name: str) -> set[str]:
    """Return the initials of a name's capitalised words, with a leading article and without it."""
    words = [part for word in name.split() for part in word.split("-") if part[:1].isupper()]
    letters = "".join(word[0] for word in words)
    return {some for some in (letters, letters[is_article(name.split()[0]) :]) if len(some) >= 2} if words else set()


@lru_cache(maxsize=4096)
def is_agency(name: str) -> bool:
    """Say whether an outlet is a news agency, by the shipped list or by the words of its name.

    >>> is_agency("Meridian Press Agency"), is_agency("tass.ru"), is_agency("Environment Agency")
    (True, True, False)
    """
    book = rule_book()
    if any(fold_name(part) in _listed_agencies() for part in _bare(name)):
        return True
    words = [word.casefold() for word in re.findall(r"\w+", name)]
    if not book.newswires.isdisjoint(words):
        return True
    # There are agencies of many kinds: for the environment, of employment.
    of_news = not book.press_words.isdisjoint(words) or (len(words) == 2 and words[0] in book.agency_words)
    return of_news and not book.agency_words.isdisjoint(words)


@lru_cache(maxsize=4096)
def agency_keys(name: str) -> frozenset[str]:
    """Return what a news agency of the shipped list is known by, folded: its name and the initials of it. Any other
    name gives none.

    >>> sorted(agency_keys("The Associated Press")), sorted(agency_keys("AP")), agency_keys("Meridian Press Agency")
    (['ap', 'asociatedpres'], ['ap'], frozenset())
    """
    forms = {fold_name(form) for form in _bare(name)}
    if looks_like_domain(name) or forms.isdisjoint(_listed_agencies()):
        return frozenset()
    own = name.split(maxsplit=1)[1] if is_article(name.split()[0]) else name
    return frozenset(forms | {fold_name(initials) for initials in _initials(own)})


@lru_cache(maxsize=1)
def _listed_agencies() -> frozenset[str]:
    return frozenset(fold_name(agency) for agency in rule_book().agencies)
