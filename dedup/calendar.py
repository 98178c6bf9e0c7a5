"""Which days are written in a text?

Written   a day or a month, and where it stands
written   all of them: month names of some fifty languages, ISO dates, year, month and day as in Chinese and Korean, and
          days of the Iranian calendar
days_without_year   the days of which the year is left to the reader
may_hold_a_year     whether it is worth while to look for days at all
plain_digits        the text with the digits that all this reads
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize

from dedup.article import Span
from dedup.iranian import MONTHS, gregorian

# Arabic, Persian, Hindi and Bengali are written with digits of their own, too, one for one.
_ZEROS = "٠۰०০"
_DIGITS = {ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_CENTURIES = tuple(
    chr(ord(zero) + first) + chr(ord(zero) + second)
    for zero in _ZEROS
    for first, second in ((1, 9), (2, 0), (1, 3), (1, 4))
)


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
    if not may_hold_a_year(text):
        return ()  # without a year there is no date, and most lines have none
    found, plain = [], plain_digits(text)
    for match in _pattern().finditer(plain):
        parts = {name: part for name, part in match.groupdict().items() if part}
        year, day, month, name = (
            next((part for key, part in parts.items() if key[0] == kind), None) for kind in ("y", "d", "m", "n")
        )
        number = months().get(month_key(name), 0) if name else int(month or 0)
        if number:
            found.append(Written(int(year or 0), number, int(day) if day else None, Span(match.start(), match.end())))
    if _ARABIC.search(text):
        found = sorted((*found, *_iranian(plain)), key=lambda date: date.span.start)
    return tuple(found)


def _iranian(text: str) -> list[Written]:
    """Return the days of the Iranian calendar that are written in a text of plain digits, as days of ours."""
    found = []
    for match in _IRANIAN.finditer(text):
        month = MONTHS[match["n"].replace("ي", "ی")] if match["n"] else int(match["m"])
        day = gregorian(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"]))
        if day is not None:
            found.append(Written(day.year, day.month, day.day, Span(match.start(), match.end())))
    return found


def days_without_year(text: str) -> tuple[tuple[int, int], ...]:
    """Return the days written in a text as month and day, in order, whether a year stands behind them or not.

    >>> days_without_year("BEIJING, Sept. 2"), days_without_year("МОСКВА, 10 фев"), days_without_year("北京9月12日电")
    (((9, 2),), ((2, 10),), ((9, 12),))
    """
    found = []
    for match in _yearless().finditer(plain_digits(text)):
        day, name = match["d1"] or match["d2"] or match["d3"], match["n"]
        if day is not None:
            found.append((months()[month_key(name)] if name else int(match["m3"]), int(day)))
    return tuple(found)


def may_hold_a_year(text: str) -> bool:
    """Say whether a year of the last or of this century, ours or Iran's, may be written in a text: a pattern takes
    twenty times as long to see that there is none.

    >>> may_hold_a_year("3 March 2021"), may_hold_a_year("۳ مارس ۲۰۲۱"), may_hold_a_year("3 March")
    (True, True, False)
    """
    if "19" in text or "20" in text:
        return True
    if text.isascii():
        return False
    # One of three letters stands in each month of the Iranian calendar, whose century this is.
    return any(century in text for century in _CENTURIES) or (
        ("13" in text or "14" in text) and ("ر" in text or "د" in text or "ن" in text)
    )


def plain_digits(text: str) -> str:
    """Return a text with the digits of Arabic, Persian, Hindi and Bengali as those of ASCII, each in its place.

    >>> plain_digits("۳ مارس ۲۰۲۱")
    '3 مارس 2021'
    """
    return text if text.isascii() else text.translate(_DIGITS)


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Return month names and abbreviations of some fifty languages, case-folded, as numbers from 1 to 12."""
    months: dict[str, int] = {}
    for line in (files("dedup") / "months.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, *names = line.split("\t")
            months.update({month_key(name): int(number) for name in names})
    return months


def month_key(name: str) -> str:
    """Return a name in lower case, with one space between its words: I, ı, İ and i are one letter to a pattern that
    ignores case.
    """
    folded = name.casefold().replace("\u0307", "").replace("ı", "i")
    # Of some letters the small one is written as three signs, which stand in no text.
    return " ".join(normalize("NFC", folded).split())


@lru_cache(maxsize=1)
def _names() -> str:
    return _any_of(sorted(months()))


def _any_of(words: Sequence[str]) -> str:
    """Return the pattern of these words, the longest that stands there first. It is written as a tree of their letters:
    a long row of choices would be tried one after the other at every place.
    """
    behind: dict[str, list[str]] = {}
    for word in filter(None, words):
        behind.setdefault(word[0], []).append(word[1:])
    if not behind:
        return ""
    choices = [_letter(first) + _any_of(rest) for first, rest in behind.items()]
    pattern = choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
    return f"(?:{pattern})?" if "" in words else pattern


def _letter(letter: str) -> str:
    return "[iı]\u0307?" if letter == "i" else r"\s+" if letter == " " else re.escape(letter)


# Many keyboards have the Arabic letter for the Persian ی.
_IRANIAN_MONTH = "|".join(sorted(MONTHS)).replace("ی", "[یي]")
# In the Islamic calendar, too, this century's years begin with 14, but it is forty years on.
_IRANIAN = re.compile(
    rf"(?<!\w)(?P<d1>[0-3]?\d)\s+(?P<n>{_IRANIAN_MONTH})(?:\s+ماه)?[,،]?\s+(?P<y1>13\d\d|14[01]\d)(?!\d)"
    r"|(?<![\d/-])(?P<y2>13\d\d|14[01]\d)[/-](?P<m>0?[1-9]|1[0-2])[/-](?P<d2>[0-3]?\d)(?![\d/-])"
)
_ARABIC = re.compile("[\u0600-\u06ff]")
_OF = r"(?:\s+(?:de|del|di|of|năm)\b)?"
# What stands between a day and its month: 3rd of March, 3. März, 3 d’abril, 3-Mar.
_AFTER_DAY = rf"(?:\.\s*|(?:st|nd|rd|th|º|er)?(?:{_OF}\s+|\s+d['’]|-))"


@lru_cache(maxsize=1)
def _yearless() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:(?P<d1>[0-3]?\d){_AFTER_DAY})?(?P<n>{_names()})(?:\.?\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?)?(?!\w)"
        r"|(?P<m3>[01]?\d)\s*[月월]\s*(?P<d3>[0-3]?\d)\s*[日일]",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    # The names stand in it once: they take longest to compile.
    year = r"(?:19|20)\d{2}"
    behind = rf"{_OF}[,،]?\s+|-|\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?,?\s+"
    return re.compile(
        rf"(?<!\w)(?:(?P<d1>[0-3]?\d){_AFTER_DAY})?(?P<n1>{_names()})\.?(?:{behind})(?P<y1>{year})(?!\d)"
        rf"|(?P<y3>{year})\s*年\s*(?P<m3>[01]?\d)\s*月(?:\s*(?P<d3>[0-3]?\d)\s*日)?"
        rf"|(?P<y4>{year})\s*년\s*(?P<m4>[01]?\d)\s*월(?:\s*(?P<d4>[0-3]?\d)\s*일)?"
        rf"|(?<!\d)(?P<y5>{year})-(?P<m5>[01]\d)-(?P<d5>[0-3]\d)(?!\d)"
        rf"|(?<![\d.])(?P<y6>{year})\.\s?(?P<m6>0?[1-9]|1[0-2])\.\s?(?P<d6>[0-3]?\d)(?!\.?\d)"
        rf"|(?<![\d/])(?P<y7>{year})/(?P<m7>0?[1-9]|1[0-2])/(?P<d7>[0-3]?\d)(?![\d/])"
        rf"|(?<!\d)(?P<d8>[0-3]?\d)\.\s?(?P<m8>[01]?\d)\.\s?(?P<y8>{year})(?!\d)"
        # With slashes Europe writes the day first and America the month: a number above 12 tells, and two equal ones.
        rf"|(?<!\d)(?P<d9>1[3-9]|2\d|3[01])/(?P<m9>0?[1-9]|1[0-2])/(?P<y9>{year})(?!\d)"
        rf"|(?<!\d)(?P<m10>0?[1-9]|1[0-2])/(?P<d10>1[3-9]|2\d|3[01])/(?P<y10>{year})(?!\d)"
        rf"|(?<!\d)(?P<d13>0?[1-9]|1[0-2])/(?P<m13>(?P=d13))/(?P<y13>{year})(?!\d)"
        # As in Latvian and Kazakh, Hungarian, Lithuanian and Armenian: 2021. gada 3. marts, 2021. március 3.
        rf"|(?<!\d)(?P<y11>{year})(?:\.\s*gada|\s+ж\.)\s+(?P<d11>[0-3]?\d)\.?\s+(?P<n11>[^\W\d_]{{3,15}})(?!\w)"
        rf"|(?<!\d)(?P<y12>{year})(?:\.|\s+m\.|\s+թ\.)\s+(?P<n12>[^\W\d_]{{3,15}})\.?\s+(?P<d12>[0-3]?\d)(?!\d)",
        re.IGNORECASE,
    )
