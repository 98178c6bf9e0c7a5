"""Which dates of a page contradict each other?

A page may be dated back, or anew. What it shows beside its date, a dated address, a picture's name, the date of the
source it names, the day it was fetched, cannot be later than the day it was published: where one is, its date is
doubtful. A doubt is a fact about the page; which of its dates is wrong is not known.

doubts_of   what contradicts a page's date
clock_of    when it was published, as far as its dates agree
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dedup.provenance.clocks import Date, before
from dedup.provenance.evidence import Reading

# An address that is dated long before its page is that of a text posted anew.
_ANEW, _NONE = timedelta(days=31), timedelta(0)


class DoubtReason(StrEnum):
    """Why a date of publication is doubtful: a file of the page, its address, or the source it names is of a later day;
    its address is of a much earlier one; or it was fetched before it was published.
    """

    MEDIA_LATER = "media_later"
    ADDRESS_LATER = "address_later"
    SOURCE_LATER = "source_later"
    ADDRESS_EARLIER = "address_earlier"
    FETCHED_EARLIER = "fetched_earlier"


_LATER = {
    "media": DoubtReason.MEDIA_LATER,
    "url": DoubtReason.ADDRESS_LATER,
    "dateline": DoubtReason.SOURCE_LATER,
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One contradiction: why, by how many whole days at least, and the date that contradicts."""

    reason: DoubtReason
    days: int
    by: Date


def doubts_of(reading: Reading) -> tuple[Doubt, ...]:
    """Return what contradicts the date a page says it was published on, the surest first. Intervals that touch do not:
    a day in an unknown zone is fifty hours wide.
    """
    stated = [d for d in reading.dates if d.owner == reading.host and d.source in ("published", "page")]
    if not stated:
        return ()
    clock = min(stated, key=lambda d: (d.source != "published", d.not_after - d.not_before))
    found = [doubt for date in reading.dates if (doubt := _doubt(clock, date, reading.host)) is not None]
    return tuple(sorted(found, key=lambda doubt: (-doubt.days, doubt.reason)))


def clock_of(reading: Reading) -> Date | None:
    """Return when a page was published by its own outlet, or None. Where other dates of the page contradict what it
    says, that is all the time between the earliest and the latest of them. A page without a date was published before
    it was fetched, and not before the day of its agency's dateline.
    """
    clock = reading.clock
    if clock is None:
        fetched = (date for date in reading.dates if date.source == "fetched")
        dateline = (date for date in reading.dates if date.source == "dateline")
        end = min(fetched, key=lambda date: date.not_after, default=None)
        return None if end is None else before(end, max(dateline, key=lambda date: date.not_before, default=None))
    doubts = doubts_of(reading) if len(reading.dates) > 1 else ()
    if clock is None or not doubts:
        return clock
    dates = [clock, *(doubt.by for doubt in doubts)]
    return clock._replace(not_before=min(d.not_before for d in dates), not_after=max(d.not_after for d in dates))


def _doubt(clock: Date, date: Date, host: str | None) -> Doubt | None:
    if date.source == "fetched":
        before = clock.not_before - date.not_after
        return Doubt(DoubtReason.FETCHED_EARLIER, before.days, date) if before > _NONE else None
    reason = _LATER.get(date.source)
    if date.source == "url":
        before = clock.not_before - date.not_after
        if before > _ANEW:
            return Doubt(DoubtReason.ADDRESS_EARLIER, before.days, date)
    elif date.source == "page" and date.owner not in (None, host):
        reason = DoubtReason.SOURCE_LATER
    if reason is None:
        return None
    after = date.not_before - clock.not_after
    return Doubt(reason, after.days, date) if after > _NONE else None
