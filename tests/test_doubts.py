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
