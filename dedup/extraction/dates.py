"""When was a page published, by its own markup?

Every date is a mark that names where it was read: `date.published.jsonld`, `date.published.meta.pubdate`,
`date.modified.item`, `date.published.time`, `date.published.htmldate`. One is chosen as the article's own.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from dedup.article import Mark

# Where a date was read, from the most trusted place to the least.
ORDER: Final = ("jsonld", "meta", "item", "url", "time")
ISO: Final = re.compile(r"\s*((?:19[89]|20\d)\d)([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
# Written with dots or dashes, the day goes first wherever such dates are used.
DAY_FIRST: Final = re.compile(r"(?<![\d.-])(\d{1,2})([.-])\s?(\d{1,2})\2\s?((?:19[89]|20\d)\d)(?!\d)")
IN_PATH: Final = re.compile(r"/((?:19[89]|20\d)\d)([/-]?)(\d{1,2})\2(\d{1,2})(?=[/_-]|$)")
YEAR: Final = re.compile(r"(?:19[89]|20\d)\d")
TIME: Final = re.compile(r"\d{1,2}:\d{2}|\d[Tt]\d{4}")
ZONE: Final = re.compile(r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})\s*$")
MIDNIGHT: Final = re.compile(r"[Tt\s]00:00(?::00(?:\.0+)?)?(?!:)")
LONGEST: Final = 60
DEFAULTS: Final = datetime(2000, 1, 1), datetime(2001, 2, 2)
# The mark of a day that no markup states.
FALLBACK: Final = "date.published.htmldate"
DAY: Final = timedelta(days=1)


def chosen(marks: Iterable[Mark], kind: str) -> str | None:
    """Return the page's own date of a kind (published, modified) as it is written, or None.

    The most trusted place says which day it was; any place that means the same day may give the minute.

    >>> marks = Mark("date.published.jsonld", "2020-02-11"), Mark("date.published.time", "2020-02-11T06:30Z")
    >>> chosen(marks, "published")
    '2020-02-11T06:30Z'
    """
    prefix = f"date.{kind}."
    stated = [
        (ORDER.index(mark.name[len(prefix) :].partition(".")[0]), mark.value)
        for mark in marks
        if mark.name.startswith(prefix)
    ]
    stated.sort(key=lambda item: item[0])
    days = [(value, day) for _, value in stated if (day := day_of(value)) is not None]
    if not days:
        return None
    value, first = days[0]
    same = [other for other, day in days if abs(day - first) <= DAY]
    return max(same, key=_precision) if _precision(value) < 2 else value


def day_of(stamp: str) -> date | None:
    """Return the calendar day a stamp names, or None if it names none.

    >>> day_of("2020-02-11T09:30:00+02:00"), day_of("Tue, 11 Feb 2020 06:00:00 GMT").day, day_of("2020")
    (datetime.date(2020, 2, 11), 11, None)
    """
    iso, day_first = ISO.match(stamp), DAY_FIRST.search(stamp)
    try:
        if iso is not None:
            return date(int(iso[1]), int(iso[3]), int(iso[4]))
        if day_first is not None:
            return date(int(day_first[4]), int(day_first[3]), int(day_first[1]))
        if len(stamp) > LONGEST or not YEAR.search(stamp):
            return None
        from dateutil import parser

        # What a stamp leaves open is taken from the default: one that names its day gives the same with any.
        one, other = (parser.parse(stamp, ignoretz=True, default=default).date() for default in DEFAULTS)
    except (ValueError, OverflowError):
        return None
    return one if one == other else None


def _precision(stamp: str) -> int:
    """Return how finely a stamp tells the time: 0 by the day, 1 without a zone, 2 with one."""
    if TIME.search(stamp) is None or MIDNIGHT.search(stamp) is not None:
        return 0
    return 2 if ZONE.search(stamp) else 1


def of_address(url: str) -> str | None:
    """Return the day that an address names, or None.

    >>> of_address("https://example.org/2020/02/11/rain")
    '2020-02-11'
    """
    found = IN_PATH.search(url)
    try:
        return date(int(found[1]), int(found[3]), int(found[4])).isoformat() if found else None
    except ValueError:
        return None


def fallback(html: str, url: str | None) -> str | None:
    """Return the day that htmldate finds for a page whose markup states none, or None."""
    from htmldate import find_date

    return find_date(html, original_date=True, url=url)
