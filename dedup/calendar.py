"""Which days are written in a text?

Written   a day or a month, and where it stands
written   all of them: month names of twelve languages, ISO dates, and Chinese year-month-day
days_without_year   the days of which the year is left to the reader
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from dedup.article import Span


@dataclass(frozen=True, slots=True)
class Written:
    """A day of the calendar, or a month where `day` is None. It need not exist: the 31st of June can be written."""

    year: int
    month: int
    day: int | None
    span: Span


@lru_cache(maxsize=4096)
def written(text: str) -> tuple[Written, ...]:
    """Return the days and months written in a text, in order. All-number dates count only where day and month cannot be
    confused.

    >>> [(found.year, found.month, found.day) for found in written("Kyiv, 3 March 2021; 04.05.2022; 6/7/2023")]
    [(2021, 3, 3), (2022, 5, 4)]
    """
    if "19" not in text and "20" not in text:
        return ()  # without a year there is no date, and most lines have none
    found = []
    for match in _pattern().finditer(text):
        parts = {name: part for name, part in match.groupdict().items() if part}
        year, day, month, name = (
            next((part for key, part in parts.items() if key[0] == kind), None) for kind in ("y", "d", "m", "n")
        )
        number = months()[month_key(name)] if name else int(month or 0)
        found.append(Written(int(year or 0), number, int(day) if day else None, Span(match.start(), match.end())))
    return tuple(found)


def days_without_year(text: str) -> tuple[tuple[int, int], ...]:
    """Return the days written in a text as month and day, in order, whether a year stands behind them or not.

    >>> days_without_year("BEIJING, Sept. 2"), days_without_year("МОСКВА, 10 фев"), days_without_year("北京9月12日电")
    (((9, 2),), ((2, 10),), ((9, 12),))
    """
    found = []
    for match in _yearless().finditer(text):
        day, name = match["d1"] or match["d2"] or match["d3"], match["n1"] or match["n2"]
        found.append((months()[month_key(name)] if name else int(match["m3"]), int(day)))
    return tuple(found)


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Return month names and abbreviations of twelve languages, case-folded, as numbers from 1 to 12."""
    months: dict[str, int] = {}
    for line in (files("dedup") / "months.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, *names = line.split("\t")
            months.update({month_key(name): int(number) for name in names})
    return months


def month_key(name: str) -> str:
    """Return a name in lower case: I, ı, İ and i are one letter to a pattern that ignores case."""
    return name.casefold().replace("\u0307", "").replace("ı", "i")


def _names() -> str:
    return "|".join(re.escape(n).replace("i", "[iı]\u0307?") for n in sorted(months(), key=lambda n: (-len(n), n)))


_OF = r"(?:\s+(?:de|del|di|of)\b)?"


@lru_cache(maxsize=1)
def _yearless() -> re.Pattern[str]:
    names = _names()
    return re.compile(
        rf"(?<!\w)(?P<d1>[0-3]?\d)(?:st|nd|rd|th|\.|º|er)?{_OF}\s+(?P<n1>{names})(?!\w)"
        rf"|(?<!\w)(?P<n2>{names})\.?\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?!\w)"
        r"|(?P<m3>[01]?\d)\s*月\s*(?P<d3>[0-3]?\d)\s*日",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names, of = _names(), _OF
    year = r"(?:19|20)\d{2}"
    return re.compile(
        rf"(?<!\w)(?P<d1>[0-3]?\d)(?:st|nd|rd|th|\.|º|er)?{of}\s+(?P<n1>{names})\.?{of},?\s+(?P<y1>{year})(?!\d)"
        rf"|(?<!\w)(?P<n2>{names})\.?\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y2>{year})(?!\d)"
        rf"|(?P<y3>{year})\s*年\s*(?P<m3>[01]?\d)\s*月(?:\s*(?P<d3>[0-3]?\d)\s*日)?"
        rf"|(?<!\d)(?P<y4>{year})-(?P<m4>[01]\d)-(?P<d4>[0-3]\d)(?!\d)"
        rf"|(?<!\d)(?P<d5>[0-3]?\d)\.(?P<m5>[01]?\d)\.(?P<y5>{year})(?!\d)"
        # With slashes Europe writes the day first and America the month: only a number above 12 tells.
        rf"|(?<!\d)(?P<d7>1[3-9]|2\d|3[01])/(?P<m7>0?[1-9]|1[0-2])/(?P<y7>{year})(?!\d)"
        rf"|(?<!\d)(?P<m8>0?[1-9]|1[0-2])/(?P<d8>1[3-9]|2\d|3[01])/(?P<y8>{year})(?!\d)"
        rf"|(?<!\w)(?P<n6>{names})\.?{of},?\s+(?P<y6>{year})(?!\d)",
        re.IGNORECASE,
    )
