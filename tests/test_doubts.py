"""Doubtful dates: what a page shows that its own date contradicts, and how outlets date."""

import pytest
from prose import body

import dedup
from dedup.article import Article
from dedup.provenance.doubts import doubts_of

STORY = body("story", 5)
LINK = "[Northern Watch](https://northernwatch.org/a)"


def doubts(published: str | None, text: str = STORY, **known: str) -> list[tuple[str, int]]:
    known = {"url": "https://dryherald.org/a", "outlet": "Dry Herald"} | known
    reading = dedup.inspect(Article("a", text, published=published, **known)).reading  # type: ignore[arg-type]
    return [(str(doubt.reason), doubt.days) for doubt in doubts_of(reading)]


@pytest.mark.parametrize(
    ("published", "text", "known", "found"),
    [
        # A minute of a known zone against a day of an unknown one, which begins fourteen hours before it in UTC:
        # from 2021-03-01 12:01 to 2021-03-09 10:00 are 7 days, from 2021-03-01 12:01 to 2021-03-04 10:00 are 2.
        ("2021-03-01T12:00:00Z", f"{STORY}\n\nhttps://dryherald.org/film_10_03_2021.mp4", {}, [("media_later", 7)]),
        ("2021-03-01T12:00:00Z", STORY, {"url": "https://dryherald.org/2021/03/05/a"}, [("address_later", 2)]),
        # From 2020-03-06 12:00 to 2021-03-09 10:00, in UTC.
        ("2021-03-10", STORY, {"url": "https://dryherald.org/2020/03/05/a"}, [("address_earlier", 367)]),
        ("2021-03-10T12:00:00Z", STORY, {"fetched": "2021-03-08T12:00:00Z"}, [("fetched_earlier", 1)]),
        ("2021-03-01", f"{LINK}, 9 March 2021\n\n{STORY}\n\nSource: {LINK}", {}, [("source_later", 5)]),
        # Nothing contradicts: the same day, a day in another zone, a few weeks from draft to publication, no date.
        ("2021-03-10", f"{STORY}\n\nhttps://dryherald.org/film_10_03_2021.mp4", {}, []),
        ("2021-03-09T20:00:00Z", STORY, {"url": "https://dryherald.org/2021/03/10/a"}, []),
        ("2021-03-20", STORY, {"url": "https://dryherald.org/2021/03/05/a"}, []),
        ("2021-03-10T12:00:00Z", STORY, {"fetched": "2021-03-10T12:00:30Z"}, []),
        (None, STORY, {"url": "https://dryherald.org/2021/03/05/a"}, []),
        ("2021-03-12", f"{LINK}, 9 March 2021\n\n{STORY}\n\nSource: {LINK}", {}, []),
    ],
)
def test_doubts(published: str | None, text: str, known: dict[str, str], found: list[tuple[str, int]]) -> None:
    assert doubts(published, text, **known) == found


@pytest.mark.parametrize(
    ("text", "url", "certain"),
    [
        (STORY, "https://dryherald.org/a", True),
        # Of the first of March, or of the tenth: the ninth lies between.
        (f"{STORY}\n\nhttps://dryherald.org/film_10_03_2021.mp4", "https://dryherald.org/a", False),
        (STORY, "https://dryherald.org/2021/03/10/a", False),
        # Of the second, it is still the earlier.
        (f"{STORY}\n\nhttps://dryherald.org/film_02_03_2021.mp4", "https://dryherald.org/a", True),
    ],
)
def test_a_doubtful_date_orders_nothing(text: str, url: str, certain: bool) -> None:
    herald = Article("herald", text, url=url, outlet="Dry Herald", published="2021-03-01T00:00:00Z")
    watch = Article("watch", STORY, url="https://northernwatch.org/a", published="2021-03-09T12:00:00Z")
    (family,) = dedup.scan([herald, watch]).families
    (edge,) = family.republications
    assert edge.determined is certain
    assert not certain or (edge.source, edge.copy) == ("herald", "watch")


def test_how_outlets_date() -> None:
    def article(number: int, published: str | None, url: str) -> Article:
        return Article(f"h{number}", body(number, 5), url=url, outlet="Dry Herald", published=published)

    own = [
        article(1, "2021-03-01T12:00:00Z", "https://dryherald.org/2021/03/05/a"),
        article(2, "2021-03-01T12:00:00", "https://dryherald.org/b"),
        article(3, "2021-03-01", "https://dryherald.org/c"),
        article(4, None, "https://dryherald.org/d"),
    ]
    copies = [Article(f"c{a.id}", a.text, url=f"https://rainpost.net/{a.id}", published="2021-04-01") for a in own]
    document = dedup.scan([*own, *copies]).to_dict()
    herald = next(outlet for outlet in document["outlets"] if outlet["outlet"] == "dryherald.org")  # type: ignore[attr-defined]
    assert herald["clock"] == {
        "articles": 4, "minute": 2, "coarser": 1, "undated": 1, "zone_known": 1, "doubted": 1,
    }  # fmt: skip
    (doubted,) = [a for a in document["articles"] if a["clock_doubts"]]  # type: ignore[attr-defined]
    assert (doubted["id"], doubted["clock_doubts"][0]["reason"]) == ("h1", "address_later")
    assert [date["zone"] for date in doubted["dates"]] == ["known", "unknown"]


@pytest.mark.parametrize(
    ("fetched", "found"),
    [
        # The undated page was there before the other was published, so that it is no copy of it.
        ("2021-03-01T12:00:00Z", {("herald", "watch")}),
        # It was fetched later: it may have been published before the other or after it.
        ("2021-03-20T12:00:00Z", set()),
    ],
)
def test_an_undated_page_was_published_before_it_was_fetched(fetched: str, found: set[tuple[str, str]]) -> None:
    herald = Article("herald", STORY, url="https://dryherald.org/a", outlet="Dry Herald", fetched=fetched)
    watch = Article("watch", STORY, url="https://northernwatch.org/a", published="2021-03-09T12:00:00Z")
    (family,) = dedup.scan([herald, watch]).families
    assert {(edge.source, edge.copy) for edge in family.republications if edge.determined} == found


def dates(text: str, published: str | None, **known: str) -> list[tuple[str, str, str | None]]:
    known = {"url": "https://dryherald.org/a", "outlet": "Dry Herald"} | known
    reading = dedup.inspect(Article("a", text, published=published, **known)).reading  # type: ignore[arg-type]
    middles = [
        (date.source, date.not_before + (date.not_after - date.not_before) / 2, date.owner) for date in reading.dates
    ]
    return [
        (source, middle.date().isoformat(), owner)
        for source, middle, owner in middles
        if source in ("dateline", "text")
    ]


@pytest.mark.parametrize(
    ("dateline", "published", "day"),
    [
        ("BEIJING, Sept. 2 (Xinhua) -- ", "2021-09-04", "2021-09-02"),
        ("LONDON, March 3, 2019 (Reuters) - ", "2021-09-04", "2019-03-03"),
        ("МОСКВА, 10 фев — ТАСС. ", "2021-02-10", "2021-02-10"),
        ("新华社北京9月12日电 ", "2021-09-13", "2021-09-12"),
        # The last one of that name: of the year before, of the last leap year, or a few days ahead of a page's date.
        ("BEIJING, Dec. 30 (Xinhua) -- ", "2021-01-02", "2020-12-30"),
        ("BEIJING, Feb. 29 (Xinhua) -- ", "2023-01-02", "2020-02-29"),
        ("BEIJING, Sept. 9 (Xinhua) -- ", "2021-09-04", "2021-09-09"),
    ],
)
def test_the_day_of_a_dateline(dateline: str, published: str, day: str) -> None:
    ((source, found, owner),) = [date for date in dates(dateline + STORY, published) if date[0] == "dateline"]
    assert (source, found) == ("dateline", day)
    assert owner in ("Xinhua", "Reuters", "ТАСС", "新华社", "xinhuanet.com", "reuters.com", "tass.ru")


def test_nobody_knows_the_year_of_a_dateline_on_an_undated_page() -> None:
    assert dates("BEIJING, Sept. 2 (Xinhua) -- " + STORY, None) == []


def test_a_page_from_before_its_own_dateline_is_doubtful() -> None:
    assert doubts("2021-09-04", "BEIJING, Sept. 9 (Xinhua) -- " + STORY) == [("source_later", 2)]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("The pier burnt down on 3 March 2021 and was not rebuilt.", "2021-03-03"),
        ("It burnt on 3 March 2021, and before that on 11 May 2020.", "2021-03-03"),
        # What is announced is to come.
        ("It burnt on 3 March 2021 and opens again on 1 June 2021.", "2021-03-03"),
        ("Мост открыли 2 марта 2021 года после ремонта.", "2021-03-02"),
        ("It opens on 1 June 2021.", None),
        ("It has been closed since 2019, and since March 2021 it is for sale.", None),
    ],
)
def test_the_latest_day_that_a_text_speaks_of(sentence: str, day: str | None) -> None:
    found = dates(STORY.replace(". ", f". {sentence} ", 1), "2021-03-20")
    assert found == ([] if day is None else [("text", day, None)])
    assert dates(STORY.replace(". ", f". {sentence} ", 1), None) == []
