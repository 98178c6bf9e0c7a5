"""When was a page published that does not say so?

Some line of it may hold a day, and some of these say of what; or the data in its scripts do. A day that is found so is
no more than likely, and only looked for where nothing states one.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from dedup.article import Mark, Row
from dedup.calendar import written

# A line is what a block begins with: so many words, and characters, at most.
WORDS: Final = 16
LONGEST: Final = 200
# A line of so few words holds little but a day.
SHORT: Final = 6
EARLIEST: Final = 1995
# What a day looks like from afar; a pattern that begins with a digit is quickly looked for.
DATED: Final = re.compile(r"\d(?:[^\d\n]{1,25}(?:19|20)\d\d|[./-]\d\d?[./-]\d\d|(?:(?<=1)9|(?<=2)0)\d\d[^\d\n]{1,3}\d)")
BEGINS_WITH_ONE: Final = re.compile(r"\W?\d")
# What the calendar of all texts leaves out: two digits for the year, and slashes that may be read either way.
NUMBERS: Final = re.compile(r"(?<![\d./-])(\d\d?) ?([./|-]) ?(\d\d?) ?\2 ?((?:19|20)?\d\d)(?![./-]?\d)")
YEAR_FIRST: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?!\d)")
CENTURY: Final = 2000
# Where English is written with the day first; in other languages that is so everywhere.
DAY_FIRST: Final = re.compile(r"(?!en\b)[a-z]{2,3}\b|en[-_](?:gb|uk|au|nz|ie|in|za)\b", re.IGNORECASE)
# Elements that hold the date of a text are named so, and lines that tell it say so.
NAMED: Final = re.compile(
    r"date|datum|time|publish|post|meta|byline|author|autor|submitted|info|fecha|parution", re.IGNORECASE
)
PUBLISHED: Final = re.compile(
    r"publi|posted|erstellt|erschienen|veröff|geschrieben|verfasst|geplaatst|julkaistu|udgivet|megjelen|опубл|објавље"
    r"|публик|發布|发布|公開|配信|입력",
    re.IGNORECASE,
)
CHANGED: Final = re.compile(
    r"updated|modified|edited|aktuali[sz]|actualiz|änderung|geändert|\bstand\b|mis à jour|aggiornat|atualiz|bijgewerkt"
    r"|gewijzigd|uppdater|oppdater|opdater|päivite|frissít|güncel|обновл|оновл|ажурир|更新|修正|수정",
    re.IGNORECASE,
)
# Elements of other texts than the article, and lines that tell of something else.
OTHERS: Final = re.compile(
    r"comment|reply|related|sidebar|widget|teaser|recent|popular|profile|archive|calendar|event|nav|menu", re.IGNORECASE
)
OTHERWISE: Final = re.compile(r"regist|joined|©|copyright|\bborn\b|geboren|mitglied", re.IGNORECASE)
# So many blocks around an article still belong to it.
NEAR: Final = 3
# The days of a script's data, the first of them, and what stands before the one of a publication.
STAMP: Final = re.compile(r"20\d\d-\d\d-\d\d")
MOST_STAMPS: Final = 50
KEY: Final = re.compile(r"(?:publish|creat|post|date)[\w-]{0,20}(?:[\\\"': =]|&quot;){1,12}\Z", re.IGNORECASE)
KEY_WITHIN: Final = 60

# Whether it stands in another text; how much gives it away, the most for 0; how many blocks it is from the article; its
# block; what it says.
Line = tuple[bool, int, int, int, str]


def likely_day(text: str, rows: Sequence[Row], main: tuple[int, int], language: str | None, html: str) -> Mark | None:
    """Return the day on which a page was published as far as can be told, as a mark that says where it was read.

    `rows` are those of the page's blocks, `main` the first and the last block of its article.
    """
    day_first = DAY_FIRST.match(language or "") is not None
    lines = sorted(_lines(text, rows, main))
    own = sum(not elsewhere for elsewhere, *_ in lines)
    if (day := _first_day(lines[:own], day_first)) is not None:
        return Mark("date.published.shown", day)
    if (day := _in_scripts(html)) is not None:
        return Mark("date.published.script", day)
    day = _first_day(lines[own:], day_first)
    return None if day is None else Mark("date.published.shown", day)


def _lines(text: str, rows: Sequence[Row], main: tuple[int, int]) -> Iterator[Line]:
    """Yield the lines of a page that may tell its day, the likeliest the least: in the article's own elements, where
    most gives it away, near the article, early.
    """
    first, last = main
    starts = [row[0] for row in rows]
    for at in sorted({bisect_right(starts, found.start()) - 1 for found in DATED.finditer(text)}):
        start, end, path, labels, _ = rows[at]
        classes = labels if isinstance(labels, str) else " ".join(labels)
        line = text[start : min(end, start + LONGEST)]
        words = line.split(None, WORDS)
        line = " ".join(words[:WORDS])
        telling = _telling(line, classes, len(words))
        elsewhere = path.rpartition("/")[2] == "a" or OTHERS.search(classes) is not None
        far = max(first - NEAR - at, at - last - NEAR, 0)
        if telling is not None:
            yield elsewhere, telling, far, at, line


def _telling(line: str, classes: str, words: int) -> int | None:
    """Return how much gives away that a line dates its text, the most for 0, or None where it cannot be."""
    if OTHERWISE.search(line):
        return None
    if PUBLISHED.search(line):
        return 0
    if CHANGED.search(line):
        return 1
    if words > WORDS and not BEGINS_WITH_ONE.match(line):
        return None
    if NAMED.search(classes):
        return 1
    return 2 if words <= SHORT else 3


def _first_day(lines: Iterable[Line], day_first: bool) -> str | None:
    """Return the day of the first line that holds one day."""
    for *_, line in lines:
        days = _days(line, day_first)
        if len(days) == 1:
            return days.pop().isoformat()
    return None


def _days(line: str, day_first: bool) -> set[date]:
    """Return the days that a line names."""
    named = [(found.year, found.month, found.day) for found in written(line) if found.day is not None]
    named += [(int(year), int(month), int(day)) for year, month, day in YEAR_FIRST.findall(line)]
    for one, sign, other, year in NUMBERS.findall(line):
        if sign != "/" or day_first or one == other:
            named.append((int(year) if len(year) == 4 else CENTURY + int(year), int(other), int(one)))
    days = set()
    for year, month, day in named:
        try:
            days.add(date(year, month, day))
        except ValueError:
            continue
    return {day for day in days if day.year >= EARLIEST}


def _in_scripts(html: str) -> str | None:
    """Return the first day that data in a page name as that of a publication."""
    for _, found in zip(range(MOST_STAMPS), STAMP.finditer(html), strict=False):
        if KEY.search(html, max(0, found.start() - KEY_WITHIN), found.start()):
            try:
                return date.fromisoformat(found[0]).isoformat()
            except ValueError:
                continue
    return None
