"""Clocks: dates as they are written in some fifty languages, by machines, in addresses and in file names; and what
their intervals say about which came first.
"""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from math import log, log1p

import numpy as np
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Span
from dedup.provenance import parents
from dedup.provenance.clocks import (
    Date,
    Precision,
    day_interval,
    find_dates,
    media_date,
    parse_stamp,
    probability_before,
    url_date,
)

HOUR = timedelta(hours=1)

# Months in the form in which a date takes them, January to December.
MONTHS = {
    "english": "January February March April May June July August September October November December",
    "russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "french": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "german": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "arabic": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "turkish": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ukrainian": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
PATTERNS = {
    "english": ["{d} {m} {y}", "{m} {d}, {y}", "{d} {m}, {y}"],
    "french": ["le {d} {m} {y}"],
    "german": ["am {d}. {m} {y}"],
    "spanish": ["{d} de {m} de {y}", "{d} {m} {y}", "{d} de {m} del {y}"],
    "portuguese": ["{d} de {m} de {y}"],
    "russian": ["{d} {m} {y} года"],
    "polish": ["{d} {m} {y} r."],
}


def the_day(found: Date) -> date:
    """Return the calendar day an interval of unknown zone stands for: its 50 hours begin at 10:00 the day before."""
    assert found.not_after - found.not_before == 50 * HOUR
    assert found.precision is Precision.DAY
    return (found.not_before + 14 * HOUR).date()


def the_month(found: Date) -> tuple[int, int]:
    assert found.precision is Precision.MONTH
    first = found.not_before + 14 * HOUR
    assert (found.not_after - 12 * HOUR).month == first.month % 12 + 1
    return first.year, first.month


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_of_every_language(language: str) -> None:
    months = MONTHS[language].split()
    assert len(months) == 12
    for pattern in PATTERNS.get(language, ["{d} {m} {y}"]):
        for number, month in enumerate(months, start=1):
            line = "A: " + pattern.format(d=number + 7, m=month, y=2019) + " B"
            assert [the_day(found) for found in find_dates(line)] == [date(2019, number, number + 7)], line


# All whose long dates name the month by a word that means one month, or by its number. Left out: hr (its October is
# Poland's November), ms and fa (Mac, and their May, are other words), ky, ml and ne (the year first, and nothing else).
LOCALES = [
    "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr",
    "gl", "gu", "he", "hi", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "mr",
    "nb", "nl", "nn", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr_Cyrl", "sr_Latn", "sv", "sw", "ta",
    "te", "tg", "tr", "uk", "ur", "uz", "vi", "zh", "zh_Hant",
]  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_days_are_read_as_unicode_writes_them(locale: str) -> None:
    for day in (date(2019, month, month + 7) for month in range(1, 13)):
        line = format_date(day, "long", locale)
        assert [the_day(found) for found in find_dates(f"A: {line} B")] == [day], line


@pytest.mark.parametrize(
    ("locale", "zero"),
    [("ar", "ARABIC-INDIC"), ("ur", "EXTENDED ARABIC-INDIC"), ("hi", "DEVANAGARI"), ("bn", "BENGALI")],
)
def test_days_are_read_in_digits_of_other_scripts(locale: str, zero: str) -> None:
    digits = {ord("0") + digit: ord(unicodedata.lookup(f"{zero} DIGIT ZERO")) + digit for digit in range(10)}
    for day in (date(2019, month, month + 7) for month in range(1, 13)):
        line = f"A: {format_date(day, 'long', locale)} B".translate(digits)
        assert not any(sign in "0123456789" for sign in line)
        (found,) = find_dates(line)
        assert the_day(found) == day, line
        assert found.span is not None and found.span.of(line) in line[3:-2]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        # Days that both calendars are remembered by: a revolution, a war, a funeral, the fall of a city, new years.
        ("۲۲ بهمن ۱۳۵۷", "1979-02-11"),
        ("۳۱ شهریور ۱۳۵۹", "1980-09-22"),
        ("۱۴ خرداد ۱۳۶۸", "1989-06-04"),
        ("24 اسد 1400", "2021-08-15"),
        ("یکشنبه ۱ فروردین ماه ۱۴۰۰، ساعت ۱۰:۱۵", "2021-03-21"),
        ("۳۰ اسفند ۱۳۹۹", "2021-03-20"),
        ("1 فروردین 1403", "2024-03-20"),
        ("تاریخ انتشار: ۱۳۹۹/۱۲/۱۳", "2021-03-03"),
        ("٣ ارديبهشت ١٣٩٩", "2020-04-22"),
        ("۳۰ اسفند ۱۴۰۰", None),
        ("۳۲ تیر ۱۴۰۰", None),
        ("1399/12/13", None),
        ("١٤٤٢/٠٧/١٩ هـ", None),
        ("۱۴۰۰ نفر در ۱۳ شهر", None),
    ],
)
def test_days_of_the_iranian_calendar(line: str, day: str | None) -> None:
    assert [the_day(found).isoformat() for found in find_dates(line)] == ([] if day is None else [day])


@pytest.mark.parametrize("number", range(1, 13))
def test_chinese_months(number: int) -> None:
    (found,) = find_dates(f"新华社{2019}年{number}月{number + 7}日电")
    assert the_day(found) == date(2019, number, number + 7)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Feb. 10, 2020", ["2020-02-10"]),
        ("Sept 3rd, 2020", ["2020-09-03"]),
        ("FEBRUARY 1st 2020", ["2020-02-01"]),
        ("3\u00a0марта\u00a02021", ["2021-03-03"]),
        ("10 фев. 2020", ["2020-02-10"]),
        ("1er mars 2021", ["2021-03-01"]),
        ("1º de maio de 2021", ["2021-05-01"]),
        ("3 كانون الثاني 2021", ["2021-01-03"]),
        ("3 AOÛT 2021", ["2021-08-03"]),
        ("3rd of March 2021", ["2021-03-03"]),
        # Turkish has four letters i, and a pattern that ignores case takes them for one.
        ("10 KASIM 2021, 10 ARALIK 2021", ["2021-11-10", "2021-12-10"]),
        ("10 NİSAN 2021, 10 HAZİRAN 2021, 10 EKİM 2021", ["2021-04-10", "2021-06-10", "2021-10-10"]),
        ("10 NISAN 2021, 10 EKIM 2021", ["2021-04-10", "2021-10-10"]),
        ("on 3 Aprıl 2021", ["2021-04-03"]),
        ("2021 年 3 月 3 日", ["2021-03-03"]),
        ("2021-03-03T10:00", ["2021-03-03"]),
        ("입력 2021.03.03 10:15, 수정 2021. 3. 4.", ["2021-03-03", "2021-03-04"]),
        ("2021/03/04", ["2021-03-04"]),
        ("2021 m. kovo 3 d.", ["2021-03-03"]),
        ("Am 3.März 2021", ["2021-03-03"]),
        ("03-Mar-2021", ["2021-03-03"]),
        ("9. 1. 2021", ["2021-01-09"]),
        ("https://example.org/2021/03/04/ferry", []),
        ("release 2019.4.2.1", []),
        ("2021. The 3 ferries", []),
        ("die sie 2019 sahen", []),
        ("03.03.2021", ["2021-03-03"]),
        ("3.3.2021", ["2021-03-03"]),
        # A number above 12 tells the day from the month, and of two equal ones it makes no difference.
        ("03/03/2021", ["2021-03-03"]),
        ("13/03/2021", ["2021-03-13"]),
        ("03/13/2021", ["2021-03-13"]),
        ("03/04/2021", []),
        ("from 3 March 2021 to March 5, 2021", ["2021-03-03", "2021-03-05"]),
        ("Global Research, February 11, 2020\nSouth Front 10 February 2020", ["2020-02-11", "2020-02-10"]),
        # No such day, no such year, no date at all.
        ("31 June 2021", []),
        ("2021-02-30", []),
        ("2021-13-01", []),
        ("29 February 2021", []),
        ("29 February 2020", ["2020-02-29"]),
        ("3 March 1850", []),
        ("3 March 2150", []),
        ("12021-03-03", []),
        ("2021-03-031", []),
        ("March of 300 in 5 towns", []),
        ("Mayor 3 2021, Maybe 4, 2021", []),
        ("3 Mars bars", []),
        ("1.5 and 10:30", []),
        ("", []),
    ],
)
def test_dates_in_a_line(line: str, days: list[str]) -> None:
    assert [the_day(found).isoformat() for found in find_dates(line)] == days


@pytest.mark.parametrize(
    ("line", "month"),
    [("March 2021", (2021, 3)), ("décembre 2021", (2021, 12)), ("2021年3月", (2021, 3)), ("enero de 2021", (2021, 1))],
)
def test_months_without_a_day(line: str, month: tuple[int, int]) -> None:
    (found,) = find_dates(line)
    assert the_month(found) == month


WRITTEN = [
    "3 March 2021",
    "2021年3月3日",
    "13/03/2021",
    "May 2020",
    "Feb. 10, 2020",
    "3 марта 2021",
    "1",
    ".",
    " ",
    "de",
]


@given(st.lists(st.one_of(st.sampled_from(WRITTEN), st.text(st.characters(codec="utf-8"), max_size=6))))
def test_dates_stand_in_order_apart_and_are_found_again_in_their_spans(pieces: list[str]) -> None:
    line = "".join(pieces)
    end = 0
    for found in find_dates(line):
        assert found.span is not None
        assert end <= found.span.start < found.span.end <= len(line)
        end = found.span.end
        (again,) = find_dates(found.span.of(line))
        assert (again.not_before, again.not_after) == (found.not_before, found.not_after)
        assert again.span == Span(0, found.span.end - found.span.start)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2020-02-11T09:30:00Z", "2020-02-11T09:30:00+00:00"),
        ("2020-02-11T09:30:00+02:00", "2020-02-11T07:30:00+00:00"),
        ("2020-02-11T23:30:00-0500", "2020-02-12T04:30:00+00:00"),
        ("2020-02-11 09:30:00+05:30", "2020-02-11T04:00:00+00:00"),
        ("20200211T093000Z", "2020-02-11T09:30:00+00:00"),
        ("Tue, 11 Feb 2020 09:30:00 +0000", "2020-02-11T09:30:00+00:00"),
        ("Tue, 11 Feb 2020 09:30:00 GMT", "2020-02-11T09:30:00+00:00"),
        ("11 Feb 2020 09:30:00 -0800", "2020-02-11T17:30:00+00:00"),
        ("Tue Feb 11 09:30:00 +0100 2020", "2020-02-11T08:30:00+00:00"),
        ("  2020-02-11T09:30Z\n", "2020-02-11T09:30:00+00:00"),
    ],
)
def test_a_stamp_with_a_zone_is_one_minute(stamp: str, moment: str) -> None:
    found = parse_stamp(stamp, "published", "a.org")
    assert found == Date(
        datetime.fromisoformat(moment),
        datetime.fromisoformat(moment) + timedelta(minutes=1),
        Precision.MINUTE,
        "published",
        "a.org",
        zone_known=True,
    )


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2020-02-11T09:30", "2020-02-11T09:30"),
        ("2020-02-11 09:30:15", "2020-02-11T09:30:15"),
        ("2020-02-11T24:00:00", "2020-02-12T00:00"),
        ("Tue, 11 Feb 2020 09:30:00", "2020-02-11T09:30"),
        ("February 11, 2020 9:30 PM", "2020-02-11T21:30"),
        # In India, Ireland or Israel.
        ("2020-02-11T09:30:00 IST", "2020-02-11T09:30"),
        # No zone is a day off.
        ("2020-02-11T09:30:00+25:00", "2020-02-11T09:30"),
    ],
)
def test_a_stamp_without_a_zone_may_be_in_any(stamp: str, moment: str) -> None:
    found = parse_stamp(stamp, "modified")
    written = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert found is not None
    assert (found.not_before, found.not_after) == (written - 14 * HOUR, written + 12 * HOUR + timedelta(minutes=1))
    assert (found.precision, found.zone_known, found.source) == (Precision.MINUTE, False, "modified")


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2020-02-11", "2020-02-11"),
        ("20200211", "2020-02-11"),
        ("2020/2/11", "2020-02-11"),
        ("2020.02.11", "2020-02-11"),
        ("Tue, 11 Feb 2020", "2020-02-11"),
        ("11 Feb 2020", "2020-02-11"),
        ("2020-W07-2", "2020-02-11"),
        ("2020-042", "2020-02-11"),
        ("February 11, 2020", "2020-02-11"),
        ("11 февраля 2020, 10:30", "2020-02-11"),
        ("11 février 2020 à 10:30", "2020-02-11"),
        ("2020年2月11日 10:30", "2020-02-11"),
        ("13.02.2020", "2020-02-13"),
        ("Published: 11 Feb 2020 by our desk", "2020-02-11"),
    ],
)
def test_a_stamp_of_a_day(stamp: str, day: str) -> None:
    found = parse_stamp(stamp, "published")
    assert found is not None
    assert found.span is None
    assert the_day(found).isoformat() == day


def test_a_stamp_of_a_month() -> None:
    found = parse_stamp("2020-02", "published")
    assert found is not None
    assert the_month(found) == (2020, 2)


@pytest.mark.parametrize(
    "stamp",
    ["", " ", "junk", "now", "n/a", "null", "a b", "1581413400", "0000-00-00", "2020-02-30", "2020-02-30T10:00",
     "2020-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1899-12-31", "2100-01-01", "1 2 3 4 5",
     # What a stamp does not say is not taken from the day it is read on.
     "12", "5.", "-1", "10:30", "T10:30", "Monday", "March", "2020", "2020-1", "1" * 40, "\x00", "{{ date }}",
     "2020-02-11" * 3],
)  # fmt: skip
def test_what_is_no_date_of_the_web_is_none(stamp: str) -> None:
    assert parse_stamp(stamp, "published") is None


STAMPS = [
    "2020",
    "-02",
    "-11",
    "T",
    "09:30",
    ":00",
    "Z",
    "+02:00",
    "+25:00",
    " EST",
    " GMT",
    "Feb ",
    "11 ",
    ", ",
    "Mon",
]


@given(st.one_of(st.text(), st.text("0123456789-/.:TZ +"), st.lists(st.sampled_from(STAMPS)).map("".join)))
def test_any_stamp_is_a_date_of_our_centuries_or_none(stamp: str) -> None:
    found = parse_stamp(stamp, "published")
    assert found is None or 1899 <= found.not_before.year <= found.not_after.year <= 2100


@given(st.datetimes(datetime(1901, 1, 1), datetime(2098, 12, 31)), st.integers(-12 * 60, 14 * 60))
def test_any_iso_moment_with_a_zone_is_itself(moment: datetime, minutes: int) -> None:
    zone = timedelta(minutes=minutes)
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    found = parse_stamp(f"{moment.isoformat()}{sign}{hours:02}:{rest:02}", "published")
    assert found is not None
    assert found.not_before == moment.replace(tzinfo=UTC) - zone


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_any_iso_day_is_itself(day: date) -> None:
    found = parse_stamp(day.isoformat(), "published")
    assert found is not None
    assert the_day(found) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.org/2020/02/11/x", "2020-02-11"),
        ("https://a.org/2020/02/11", "2020-02-11"),
        ("https://a.org/2020/02/11?x=1", "2020-02-11"),
        ("https://a.org/news/2020/2/1/", "2020-02-01"),
        ("https://a.org/2020-02-11-storm", "2020-02-11"),
        ("https://a.org/x", None),
        ("https://a.org/2020/02/31/x", None),
        ("https://a.org/2020/13/01/x", None),
        ("https://a.org/1234/02/11/x", None),
        ("https://a.org/12020/02/11/x", None),
        ("https://a.org/p/5703412", None),
        ("https://a.org/2020-2021-budget", None),
        ("https://a.org/2020-10-ways-to-save", None),
        ("https://a.org/2020/025/x", None),
    ],
)
def test_days_in_addresses(url: str, day: str | None) -> None:
    found = url_date(url)
    assert (found and the_day(found).isoformat()) == day


def test_a_month_in_an_address() -> None:
    found = url_date("https://a.org/2020/02/storm-at-sea")
    assert found is not None
    assert the_month(found) == (2020, 2)
    assert found.source == "url"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/video/IMR_10_02_2020.mp4", "2020-02-10"),
        ("/x/map-2020-02-10.jpg", "2020-02-10"),
        ("/x/20200210.png", "2020-02-10"),
        ("/x/10.02.2020.pdf", "2020-02-10"),
        ("/wp-content/uploads/2020/02/storm.jpg", None),
        ("/x/31_02_2020.mp4", None),
        ("/x/02_31_2020.mp4", None),
        ("/x/1202002101.png", None),
        ("/x/2020_13_01.png", None),
        ("/x/99992020.png", None),
        ("", None),
    ],
)
def test_days_in_names_of_media(path: str, day: str | None) -> None:
    found = media_date(path)
    assert (found and the_day(found).isoformat()) == day
    assert found is None or found.source == "media"


def at(moment: str, zone_known: bool = True) -> Date:
    found = parse_stamp(f"2020-02-{moment}Z" if zone_known else f"2020-02-{moment}", "published")
    assert found is not None
    return found


def day(number: int) -> Date:
    return day_interval(date(2020, 2, number), "published")


@pytest.mark.parametrize(
    ("first", "second", "same_clock", "probability"),
    [
        (day(1), day(5), False, 1.0),
        (day(5), day(1), False, 0.0),
        (day(1), day(1), False, 0.5),
        # 50 hours each, the second 24 hours later: all but the triangle in which b lies before a, 26² / 2 of 50².
        (day(1), day(2), False, 1 - 26**2 / 2 / 50**2),
        (day(1), day(3), False, 1 - 2**2 / 2 / 50**2),
        # On one clock the zone is one too: a day is 24 hours.
        (day(1), day(2), True, 1.0),
        (day(2), day(1), True, 0.0),
        (day(1), day(1), True, 0.5),
        (at("01T10:00", False), at("01T11:00", False), True, 1.0),
        (at("01T10:00"), at("01T11:00"), False, 1.0),
        (at("01T11:00"), at("01T10:00"), False, 0.0),
        # A minute, 10:00 in Greenwich, that lies 24 hours into the 50.
        (at("01T10:00"), day(1), False, 1 - (24 * 60 + 0.5) / (50 * 60)),
        (at("01T10:00"), day(1), True, 1 - (10 * 60 + 0.5) / (24 * 60)),
        (None, day(1), False, 0.5),
        (day(1), None, True, 0.5),
        (None, None, False, 0.5),
    ],
)
def test_probability_before(first: Date | None, second: Date | None, same_clock: bool, probability: float) -> None:
    assert probability_before(first, second, same_clock) == pytest.approx(probability, abs=1e-12)


BEGIN = datetime(2020, 2, 1, tzinfo=UTC)
intervals = st.tuples(st.integers(0, 6000), st.integers(1, 4000)).map(
    lambda pair: Date(
        BEGIN + pair[0] * timedelta(minutes=1),
        BEGIN + (pair[0] + pair[1]) * timedelta(minutes=1),
        Precision.DAY,
        "published",
        zone_known=True,
    )
)


@given(intervals, intervals)
def test_probability_before_is_the_integral_over_both_intervals(first: Date, second: Date) -> None:
    width, steps = (first.not_after - first.not_before).total_seconds(), 4000
    moments = first.not_before.timestamp() + (np.arange(steps) + 0.5) * width / steps
    begin, end = second.not_before.timestamp(), second.not_after.timestamp()
    later = np.clip((end - moments) / (end - begin), 0.0, 1.0)
    assert probability_before(first, second) == pytest.approx(float(later.mean()), abs=1e-3)


@given(intervals, intervals, st.booleans())
def test_one_of_two_is_first(first: Date, second: Date, same_clock: bool) -> None:
    forth, back = (
        probability_before(first, second, same_clock),
        probability_before(second, first, same_clock),
    )
    assert 0.0 <= forth <= 1.0
    assert forth + back == pytest.approx(1.0)


@given(intervals, intervals)
def test_intervals_apart_leave_no_doubt(first: Date, second: Date) -> None:
    certain = first.not_after <= second.not_before
    assert (probability_before(first, second) == 1.0) == certain
    assert (probability_before(second, first) == 0.0) == certain


@given(intervals, intervals, st.integers(1, 5000))
def test_a_later_second_is_no_less_likely_later(first: Date, second: Date, minutes: int) -> None:
    wait = timedelta(minutes=minutes)
    moved = Date(second.not_before + wait, second.not_after + wait, Precision.DAY, "published", zone_known=True)
    assert probability_before(first, moved) >= probability_before(first, second) - 1e-12


@given(st.integers(1, 28), st.integers(1, 28))
def test_days_of_one_clock_are_in_the_order_of_the_calendar(one: int, other: int) -> None:
    assert probability_before(day(one), day(other), same_clock=True) == (0.5 if one == other else float(one < other))


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (day(1), day(5), 4.0),
        (day(5), day(1), -4.0),
        (day(1), day(1), 0.0),
        (at("01T00:00"), at("02T12:00"), 1.5),
        # The middle of a day of unknown zone is 11:00 in Greenwich.
        (at("01T10:59:30"), day(3), 2.0),
    ],
)
def test_days_between_middles(first: Date, second: Date, days: float) -> None:
    assert days_between(first, second) == pytest.approx(days)


def days_between(first: Date, second: Date) -> float:
    return (second.middle - first.middle) / timedelta(days=1)


DATES = st.one_of(st.none(), st.integers(1, 28).map(day), st.integers(0, 23).map(lambda hour: at(f"09T{hour:02}:30")))


@given(DATES, DATES, st.booleans())
def test_what_clocks_say_for_a_source(first: Date | None, second: Date | None, same: bool) -> None:
    said = parents._clock_term(parents._Clock.of(first), parents._Clock.of(second), same)
    if first is None or second is None:
        assert said == log(0.5)
    else:
        probable = probability_before(first, second, same)
        before = max(parents.LYING_CLOCK, probable)
        # A date that must be wrong is the less likely the farther off it would have to be.
        late = log1p(max(0.0, days_between(first, second) if probable else days_between(second, first)))
        assert said == pytest.approx(log(before) - min(parents.MOST_LAG, late))
