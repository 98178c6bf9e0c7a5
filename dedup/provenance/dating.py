"""Which dates does a page carry, and whose are they?

A reprint carries two: its own, and its source's. All are kept, each with its owner.

page_dates      what a page states, shows in a line of its own, and has in its addresses
dateline_dates  the days of the datelines of agencies, before which nobody had the text
text_date       the latest day that the text speaks of and that was over when the page was published
own_clock       which of a page's dates is its own
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dedup.article import Article, Span
from dedup.calendar import days_without_year, may_hold_a_year, plain_digits
from dedup.provenance.clocks import Date, Precision, day_interval, find_dates, media_date, parse_stamp, url_date
from dedup.provenance.media import is_media
from dedup.provenance.names import Page

# A line that dates a page is not longer than this.
DATE_LINE_WORDS = 16
# The dates that may be a page's own, of equally precise ones the first.
_OWN = {"published": 0, "page": 1, "url": 2}
# In a text dates are looked for around years only: a day takes no more characters before one, or behind it.
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_BEFORE_YEAR, _BEHIND_YEAR = 32, 12
# A page whose clock is farther behind than this has the dateline of a year before.
_SLOW_CLOCK = timedelta(days=31)
# Nine years hold a leap year, also around 1900.
_LEAP_YEARS = 9


def page_dates(article: Article, lines: Sequence[Span], page: Page, host: str | None) -> list[Date]:
    """Return every date of a page: what its source states, those of its date `lines`, its URL's, its media files'."""
    stated = (
        (article.published, "published", host),
        (article.modified, "modified", host),
        (article.fetched, "fetched", None),
    )
    read = [parse_stamp(stamp, source, owner) for stamp, source, owner in stated if stamp]
    found = [date for date in read if date is not None]
    for span in lines:
        found += _of_line(article.text, span, page, host)
    in_path = url_date(article.url, host) if article.url else None
    found += [in_path] if in_path is not None else []
    for address in page.addresses:
        dated = media_date(address.path) if is_media(address.path) else None
        if dated is not None:
            found.append(dated._replace(owner=page.account(address), span=Span(address.start, address.end)))
    return found


def own_clock(dates: Iterable[Date], host: str | None) -> Date | None:
    """Return the date on which a page was published by its own outlet: as precisely as it says, or None."""
    own = [date for date in dates if date.source in _OWN and date.owner == host]
    return min(own, key=lambda d: (d.not_after - d.not_before, _OWN[d.source], d.not_before), default=None)


def dateline_dates(datelines: Iterable[tuple[str, str, Span]], clock: Date | None) -> list[Date]:
    """Return the days of datelines, each given as its text, its agency and its Span. A year is seldom written: it is
    the last that does not put the day long after the page's own `clock`, or after the day it was fetched.
    """
    found = []
    for text, agency, span in datelines:
        date = next((date for date in find_dates(text) if date.precision is Precision.DAY), None)
        if date is None and clock is not None:
            named = days_without_year(text)
            date = _last(*named[0], clock.middle + _SLOW_CLOCK) if named else None
        found += [] if date is None else [date._replace(source="dateline", owner=agency, span=span)]
    return found


def text_date(text: str, body: Iterable[Span], clock: Date | None) -> Date | None:
    """Return the latest day written with its year in the `body` of a text that was over when the page was published, or
    fetched where nobody knows that: the text was not written before it. Later days are those of what is to come.
    """
    if clock is None or not may_hold_a_year(text):
        return None
    over: list[Date] = []
    for part in body:
        written = part.of(text)
        if not may_hold_a_year(written):
            continue
        for year in _YEAR.finditer(plain_digits(written)):
            first = max(0, year.start() - _BEFORE_YEAR)
            for date in find_dates(written[first : year.end() + _BEHIND_YEAR]):
                if date.span is not None and date.precision is Precision.DAY and date.not_before <= clock.not_before:
                    start = part.start + first
                    over.append(date._replace(source="text", span=Span(start + date.span.start, start + date.span.end)))
    return max(over, key=lambda date: (date.not_before, -(date.span or Span(0, 0)).start), default=None)


def _last(month: int, day: int, moment: datetime) -> Date | None:
    """Return the last day of that name up to a moment, or None if there is no such day."""
    for year in range(moment.year, moment.year - _LEAP_YEARS, -1):
        try:
            found = moment.date().replace(year, month, day)
        except ValueError:
            continue  # the 29th of February is not in every year
        if found <= moment.date():
            return day_interval(found, "dateline")
    return None


def _of_line(text: str, line: Span, page: Page, host: str | None) -> list[Date]:
    """Read the dates of a short line; an outlet named in the same line owns them, else the host does."""
    written = line.of(text)
    dates = find_dates(written) if may_hold_a_year(written) else ()
    if not dates:
        return []
    placed = [(date, date.span) for date in dates if date.span is not None]
    before, after = written[: placed[0][1].start], written[placed[-1][1].end :]
    owner = page.resolve(_label(before)) or page.resolve(_label(after)) or host
    return [
        date._replace(owner=owner, span=Span(line.start + span.start, line.start + span.end)) for date, span in placed
    ]


def _label(part: str) -> str:
    return part.split("](")[0].strip(" \t[]()*_#,.:;|·-–—\"'“”«»")
