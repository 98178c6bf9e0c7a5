"""When was it published, and how sure is that?

A date is an interval with an owner, a precision and a source, never a bare point. One article precedes another
for certain only if its interval ends before the other's begins; everything softer is a probability.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from dedup.article import Span
from dedup.calendar import Written, written

# A calendar day without a zone begins 14 hours before and ends 12 hours after the day in UTC:
# the zones of the inhabited world run from +14 to -12.
_EARLIEST_ZONE = timedelta(hours=14)
_LATEST_ZONE = timedelta(hours=12)
_EARLIEST_SECONDS, _LATEST_SECONDS = _EARLIEST_ZONE.total_seconds(), _LATEST_ZONE.total_seconds()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# A day in microseconds.
DAY = timedelta(days=1) // _MICROSECOND
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
# Beyond this probability one date is surely before another.
SURELY = 0.99
# Of an interval as long as this only the ends say anything: nothing is spread evenly over years.
_OPEN = timedelta(days=400)
_DATED_PATH = re.compile(r"/((?:19|20)\d{2})(?:([/-])(\d{1,2})\2(\d{1,2})(?!\d)|/(\d{1,2})(?=/|$))")


class Precision(StrEnum):
    """How finely a date was given."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Date(NamedTuple):
    """An interval in UTC within which something happened.

    `owner` is the outlet whose date it is (None: nobody known), `source` says where it was read
    (`published`, `modified`, `fetched`, `page`, `url`, `media`, `dateline`, `text`), `span` where it stands in the
    text, if it does.
    """

    not_before: datetime
    not_after: datetime
    precision: Precision
    source: str
    owner: str | None = None
    span: Span | None = None
    zone_known: bool = False

    def bounds(self, same_clock: bool) -> tuple[float, float]:
        """Return both ends in seconds since 1970; against the same outlet's clock an unknown zone cancels out."""
        begin, end = self.not_before.timestamp(), self.not_after.timestamp()
        if same_clock and not self.zone_known:
            return begin + _EARLIEST_SECONDS, end - _LATEST_SECONDS
        return begin, end

    @property
    def middle(self) -> datetime:
        """Return the moment in the middle of the interval."""
        return self.not_before + (self.not_after - self.not_before) / 2

    @property
    def is_open(self) -> bool:
        """Say whether little more is known than that it lies before the interval's end."""
        return self.not_after - self.not_before > _OPEN

    def microseconds(self) -> tuple[int, int]:
        """Return both ends in microseconds since 1970."""
        return (self.not_before - _EPOCH) // _MICROSECOND, (self.not_after - _EPOCH) // _MICROSECOND


def before(end: Date, begin: Date | None) -> Date:
    """Return the time up to a date, from another on if that is known."""
    first = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC) if begin is None else begin.not_before
    return end._replace(not_before=min(first, end.not_before))


def day_interval(day: date, source: str, owner: str | None = None, span: Span | None = None) -> Date:
    """Return the interval of a calendar day in an unknown zone: 50 hours wide."""
    return Date(*_bounds_of(day), Precision.DAY, source, owner, span)


@lru_cache(maxsize=4096)
def _bounds_of(day: date) -> tuple[datetime, datetime]:
    """Return when a calendar day begins and ends in any zone: a corpus has few days, and each is on many pages."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight - _EARLIEST_ZONE, midnight + timedelta(days=1) + _LATEST_ZONE


def parse_stamp(stamp: str, source: str, owner: str | None = None) -> Date | None:
    """Return the interval of a machine-written date (ISO 8601, RFC 2822 and their like), or None if it is none.

    A time without a zone may be in any zone, so its interval is 26 hours wide.

    >>> parse_stamp("2020-02-11T09:30:00+02:00", "published").not_before.isoformat()
    '2020-02-11T07:30:00+00:00'
    """
    text = stamp.strip()
    exact = _exact_moment(text)
    if exact is not None:
        return Date(exact, exact + timedelta(minutes=1), Precision.MINUTE, source, owner, zone_known=True)
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}", text):
        year, month, day = re.findall(r"\d+", text) if not text.isdigit() else (text[:4], text[4:6], text[6:])
        return _checked_day(int(year), int(month), int(day), source, owner, None)
    month = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if month is not None:
        return _month_interval(int(month[1]), int(month[2]), source, owner, None)
    moment, timed = _moment(text), re.search(r"\d{1,2}:\d{2}|\dT\d{4}", text) is not None
    if moment is None or not timed:
        for found in find_dates(text):
            return found._replace(source=source, owner=owner, span=None)
        return _checked_day(moment.year, moment.month, moment.day, source, owner, None) if moment else None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if moment.tzinfo is None:
        loose = moment.replace(tzinfo=UTC)
        return Date(
            loose - _EARLIEST_ZONE, loose + _LATEST_ZONE + timedelta(minutes=1), Precision.MINUTE, source, owner
        )
    exact = moment.astimezone(UTC)
    return Date(exact, exact + timedelta(minutes=1), Precision.MINUTE, source, owner, zone_known=True)


# How nearly every source writes; all other ways cost a hundred times as much to read.
_USUAL_STAMP = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def _exact_moment(text: str) -> datetime | None:
    """Return the moment of a usual stamp in UTC, or None if it is none."""
    if _USUAL_STAMP.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


# Abbreviations of zones that mean one thing wherever news are written, in hours from UTC; others say nothing.
_ZONES = {"UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
          "МСК": 3, "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "PDT": -7, "PST": -8, "JST": 9, "KST": 9}  # fmt: skip


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None and abs(offset) < 86_400:
        return timezone(timedelta(seconds=offset))
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _moment(text: str) -> datetime | None:
    """Return the moment a stamp names, or None if it leaves the year, month or day to be guessed."""
    from dateutil import parser

    if re.fullmatch(r"\d{1,4}", text):
        return None
    try:
        return _possible(parser.isoparse(text))
    except ValueError:
        pass
    try:
        # What a stamp does not say would be taken from the default.
        first, other = (
            parser.parse(text, default=datetime(year, month, day), tzinfos=_zone)
            for year, month, day in ((2000, 1, 1), (2004, 3, 3))
        )
        return _possible(first) if first.date() == other.date() else None
    except (ValueError, OverflowError):
        return None


def _possible(moment: datetime) -> datetime | None:
    """Return a moment unless its zone is more than a day off or its year falls off the calendar."""
    offset = moment.utcoffset()  # raises ValueError where it is a day or more
    return moment if offset is None or 2 <= moment.year <= 9998 else None


def find_dates(text: str) -> tuple[Date, ...]:
    """Return the dates written in a text, in order, with their Spans: those of `calendar` that exist.

    >>> [d.not_after.date().isoformat() for d in find_dates("Kyiv, 3 March 2021")]
    ['2021-03-04']
    """
    dates = (_interval(found) for found in written(text))
    return tuple(date for date in dates if date is not None)


def _interval(found: Written) -> Date | None:
    if found.day is None:
        return _month_interval(found.year, found.month, "page", None, found.span)
    return _checked_day(found.year, found.month, found.day, "page", None, found.span)


def url_date(url: str, owner: str | None = None) -> Date | None:
    """Return the day (or month) written in the path of a URL, as in `/2020/02/11/`, or None."""
    path = _DATED_PATH.search(url)
    if path is None:
        return None
    if path[4]:
        return _checked_day(int(path[1]), int(path[3]), int(path[4]), "url", owner, None)
    return _month_interval(int(path[1]), int(path[5]), "url", owner, None)


def media_date(path: str) -> Date | None:
    """Return the day written into the name of a media file (`report_10_02_2020.mp4`), or None."""
    found = re.search(r"(?<!\d)(\d{2})[_.-](\d{2})[_.-](20\d{2})(?!\d)", path)
    if found is not None:
        return _checked_day(int(found[3]), int(found[2]), int(found[1]), "media", None, None)
    found = re.search(r"(?<!\d)(20\d{2})[_.-]?(\d{2})[_.-]?(\d{2})(?!\d)", path)
    return _checked_day(int(found[1]), int(found[2]), int(found[3]), "media", None, None) if found else None


def probability_before(first: Date | None, second: Date | None, same_clock: bool = False) -> float:
    """Return the probability that `first` lies before `second`, each spread evenly over its interval.

    An unknown date says nothing: .5. `same_clock` says that one outlet wrote both, so zones need not be known.
    """
    if first is None or second is None:
        return 0.5
    return spread_before(first.bounds(same_clock), second.bounds(same_clock))


def spread_before(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the probability that the first of two moments is the earlier, each spread evenly between its bounds. Where
    those are years apart it is not known how.
    """
    (a0, a1), (b0, b1) = first, second
    if (a0, a1) == (b0, b1):
        return 0.5
    if a1 <= b0:
        return 1.0
    if b1 <= a0:
        return 0.0
    if max(a1 - a0, b1 - b0) > _OPEN.total_seconds():
        return 0.5
    # P(A < B) = E over a of P(B > a), piecewise linear in a: exact by integrating over the three stretches.
    certain = max(0.0, min(a1, b0) - a0)
    low, high = max(a0, b0), min(a1, b1)
    shared = (high - low) * (b1 - (low + high) / 2) / (b1 - b0)
    return min(1.0, (certain + max(0.0, shared)) / (a1 - a0))


def _checked_day(year: int, month: int, day: int, source: str, owner: str | None, span: Span | None) -> Date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return day_interval(date(year, month, day), source, owner, span)
    except ValueError:
        return None


def _month_interval(year: int, month: int, source: str, owner: str | None, span: Span | None) -> Date | None:
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12):
        return None
    first = datetime(year, month, 1, tzinfo=UTC)
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return Date(first - _EARLIEST_ZONE, following + _LATEST_ZONE, Precision.MONTH, source, owner, span)
