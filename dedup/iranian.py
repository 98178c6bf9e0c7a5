"""Which day of ours is a day of the Iranian calendar, by which papers of Iran and Afghanistan are dated?

gregorian   the same day in our calendar
MONTHS      the months of a year by the names of both countries
"""

from datetime import date, timedelta

# In Iran and, after the signs of the zodiac, in Afghanistan.
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "فروردین حمل",
            "اردیبهشت ثور",
            "خرداد جوزا",
            "تیر سرطان",
            "مرداد امرداد اسد",
            "شهریور سنبله",
            "مهر میزان",
            "آبان عقرب",
            "آذر قوس",
            "دی جدی",
            "بهمن دلو",
            "اسفند حوت",
        ),
        start=1,
    )
    for name in names.split()
}
# The first day of 1400, and which of thirty-three years have 366 days.
_FIRST_DAY, _FIRST_YEAR = date(2021, 3, 21), 1400
_CYCLE, _LONGER = 33, (1, 5, 9, 13, 17, 22, 26, 30)
# As long as that holds; the equinox, on which a year begins, moves.
_YEARS = range(1244, 1473)


def gregorian(year: int, month: int, day: int) -> date | None:
    """Return the day in the Gregorian calendar, or None if there is none, or not between 1244 and 1472 (1865 and 2094).

    Six months have 31 days, five 30 and the last 29, or 30 in eight of thirty-three years (Borkowski 1996).

    >>> gregorian(1399, 12, 13), gregorian(1400, 12, 30)
    (datetime.date(2021, 3, 3), None)
    """
    last = 31 if month <= 6 else 30 if month <= 11 or _is_longer(year) else 29
    if year not in _YEARS or not (1 <= month <= 12 and 1 <= day <= last):
        return None
    between = range(min(year, _FIRST_YEAR), max(year, _FIRST_YEAR))
    days = sum(365 + _is_longer(each) for each in between)
    before = 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return _FIRST_DAY + timedelta(days=before + (days if year > _FIRST_YEAR else -days))


def _is_longer(year: int) -> bool:
    return year % _CYCLE in _LONGER
