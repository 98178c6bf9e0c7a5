"""When was a page published, by what it shows? Over the text of most articles stands a line with the day."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dedup.article import Row
from dedup.calendar import Written, plain_digits, written

# Blocks over the text, at its beginning, and over its headline in which the line is looked for; and how many words it
# has at most.
OVER: Final = 20
BEGINNING: Final = 3
OVER_HEADLINE: Final = 2
WORDS: Final = 16
HEADLINE: Final = "h1"
CLOCK: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:h]([0-5]\d)(?!\d)(?:\s*([ap])\.?m)?", re.IGNORECASE)


def date_line(text: str, rows: Sequence[Row], first: int) -> str | None:
    """Return the day, and the time if it is told, of the line that dates an article in ISO 8601, or None without one.

    It is the line nearest to the headline that holds one day; `rows` are those of the page's blocks, `first` is the
    article's first.
    """
    begin, end = max(0, first - OVER), min(first + BEGINNING, len(rows))
    headlines = [at for at in range(begin, min(first + 2, end)) if HEADLINE in rows[at][2].split("/")]
    anchor = headlines[-1] if headlines else first
    begin = max(begin, anchor - OVER_HEADLINE) if headlines else begin
    for at in sorted(range(begin, end), key=lambda at: abs(at - anchor)):
        start, end, path, *_ = rows[at]
        line = text[start:end]
        # What is a link as a whole leads to another page, or to the pages of a day.
        if len(line.split()) <= WORDS and path.rpartition("/")[2] != "a":
            dates = [found for found in written(line) if found.day is not None]
            if len({(found.year, found.month, found.day) for found in dates}) == 1:
                return _stamp(line, dates[0])
    return None


def _stamp(line: str, found: Written) -> str | None:
    """Return the moment that a line tells with a date, or None where there was no such day."""
    try:
        day = datetime(found.year, found.month, found.day or 0)
    except ValueError:
        return None
    clock = CLOCK.search(plain_digits(line), found.span.end)
    if clock is None:
        return day.date().isoformat()
    hour, half = int(clock[1]), (clock[3] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return day.replace(hour=hour, minute=int(clock[2])).isoformat("T", "minutes")
