"""When was a page published, by its own markup?

Every date is a mark that names where it was read: `date.published.jsonld`, `date.published.meta.pubdate`,
`date.modified.item`, `date.published.line`, `date.published.htmldate`. One is chosen as the article's own.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from dedup.article import Mark

# Where a date was read, from the most trusted place to the least.
ORDER: Final = ("jsonld", "meta", "item", "url", "line", "time")
ISO: Final = re.compile(r"\s*((?:19[89]|20\d)\d)([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
# Written with dots or dashes, the day goes first wherever such dates are used.
DAY_FIRST: Final = re.compile(r"(?<![\d.-])(\d{1,2})([.-])\s?(\d{1,2})\2\s?((?:19[89]|20\d)\d)(?!\d)")
IN_PATH: Final = re.compile(r"/((?:19[89]|20\d)\d)(?:([/-])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d))(?=[/_-]|$)")
YEAR: Final = re.compile(r"(?:19[89]|20\d)\d")
TIME: Final = re.compile(r"\d{1,2}:\d{2}|\d[Tt]\d{4}")
ZONE: Final = re.compile(r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})\s*$")
MIDNIGHT: Final = re.compile(r"[Tt\s]00:00(?::00(?:\.0+)?)?(?!:)")
LONGEST: Final = 60
# The mark of a day that nothing else tells.
FALLBACK: Final = "date.published.htmldate"
# What a year alone is made into.
NEW_YEAR: Final = "-01-01"
DEFAULTS: Final = datetime(2000, 1, 1), datetime(2001, 2, 2)
DAY: Final = timedelta(days=1)
# A page states the same few stamps in many places, and of each is asked more than once.
REMEMBERED: Final = 256
# How far the clocks of the world are ahead of UTC.
ZONES: Final = frozenset(timedelta(minutes=minutes) for minutes in range(-12 * 60, 14 * 60 + 1, 15) if minutes)


def chosen(marks: Iterable[Mark], kind: str) -> str | None:
    """Return the page's own date of a kind (published, modified) as it is written, or None.

    The most trusted place says which day it was; any place that means the same day may give the minute. A moment in
    UTC is told by the page's own clock, where another of its dates gives that away: there its day may be another.

    >>> marks = Mark("date.published.jsonld", "2020-02-11"), Mark("date.published.time", "2020-02-11T06:30Z")
    >>> chosen(marks, "published")
    '2020-02-11T06:30Z'
    >>> chosen([*marks, Mark("date.published.line", "2020-02-10T22:30")], "published")
    '2020-02-10T22:30:00-08:00'
    """
    marks, prefix = tuple(marks), f"date.{kind}."
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
    best = max(same, key=_precision) if _precision(value) < 2 else value
    others = [mark for mark in marks if mark.name.startswith("date.")]
    return _by_own_clock(best, [m.value for m in others if m.name.startswith(prefix)], [m.value for m in others])


def _by_own_clock(stamp: str, same: Sequence[str], others: Sequence[str]) -> str:
    """Return a stamp in UTC as the clock of the page tells it: one of the `same` dates may tell the very moment by it,
    any of the `others` the zone.
    """
    moment = _moment(stamp)
    if moment is None or moment.utcoffset() != timedelta(0):
        return stamp
    for other in filter(None, map(_moment, same)):
        ahead, zone = other.replace(tzinfo=UTC) - moment, other.utcoffset()
        if ahead == timedelta(0) and zone != ahead:  # the page's clock is UTC, or it calls its own clock so
            return stamp
        if ahead in ZONES and zone in (None, ahead):
            return moment.astimezone(timezone(ahead)).isoformat()
    zones = (other.tzinfo for other in filter(None, map(_moment, others)) if other.utcoffset())
    own = next(zones, None)
    return stamp if own is None else moment.astimezone(own).isoformat()


@lru_cache(REMEMBERED)
def _moment(stamp: str) -> datetime | None:
    """Return the moment that a stamp names, if it names a minute."""
    day = day_of(stamp)
    if _precision(stamp) == 0 or day is None:
        return None
    try:
        return datetime.fromisoformat(stamp.strip())
    except ValueError:
        pass
    try:
        from dateutil import parser

        moment = parser.parse(stamp, tzinfos=_zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment.date() == day else None


def _zone(_: str | None, ahead: int | None) -> timezone | None:
    """Return a zone that is written as a number. Names of zones mean more than one thing."""
    return None if ahead is None else timezone(timedelta(seconds=ahead))


@lru_cache(REMEMBERED)
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


@lru_cache(REMEMBERED)
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
        return date(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6])).isoformat() if found else None
    except ValueError:
        return None


def fallback(html: str, url: str | None) -> Mark | None:
    """Return the day that htmldate finds for a page on which we find none, as a mark, or None. A year alone is none: it
    is mostly that of a copyright line.
    """
    from htmldate import find_date

    day = find_date(html, original_date=True, url=url)
    return None if day is None or day.endswith(NEW_YEAR) else Mark(FALLBACK, day)
