"""Links: what ties articles that share a passage and no more, and what is boilerplate only."""

import pytest
from prose import body, paragraphs

import dedup
from dedup.article import Article
from dedup.provenance.model import RepublicationKind


def article(name: str, parts: list[str], day: str) -> Article:
    return Article(name, "\n\n".join(parts), outlet=f"{name}.org", url=f"https://{name}.org/{name}", published=day)


def around(name: str, middle: str) -> list[str]:
    own = paragraphs(name, 6, 60)
    return [*own[:3], middle, *own[3:]]


def test_two_that_quote_a_third_are_told_so() -> None:
    middle = body("taken", 1, 60)
    report = dedup.scan([
        article("first", around("first", middle), "2021-03-01"),
        article("second", around("second", middle), "2021-03-08"),
        article("third", around("third", middle), "2021-03-09"),
    ])  # fmt: skip
    kinds = {(link.source, link.copy): (link.kind, link.determined) for link in report.links}
    assert kinds == {
        ("first", "second"): (RepublicationKind.EXCERPT, True),
        ("first", "third"): (RepublicationKind.EXCERPT, True),
        ("second", "third"): (RepublicationKind.SHARED_SOURCE, False),
    }


def test_what_stands_at_the_end_of_many_pages_is_boilerplate() -> None:
    tail = body("house", 1, 40)
    days = ["2019-01-01", "2019-06-01", "2020-01-01", "2020-06-01", "2021-01-01"]
    pages = [article(f"page{at}", [*paragraphs(f"own {at}", 5, 60), tail], day) for at, day in enumerate(days)]
    report = dedup.scan(pages)
    assert report.links == ()
    assert report.boilerplate_only == 10


def test_between_two_families_there_is_one_link() -> None:
    middle = body("taken", 1, 60)
    source, copy = around("source", middle), around("copy", middle)
    report = dedup.scan([
        article("source1", source, "2021-03-01"),
        article("source2", source[:-1], "2021-03-02"),
        article("copy1", copy, "2021-03-03"),
        article("copy2", [*copy, body("more", 1, 20)], "2021-03-04"),
    ])  # fmt: skip
    assert [family.articles for family in report.families] == [("copy1", "copy2"), ("source1", "source2")]
    assert [(link.source, link.copy) for link in report.links] == [("source1", "copy1")]


def test_a_name_beside_the_passage_is_a_credit() -> None:
    middle = body("taken", 1, 60)
    parts = around("second", middle)
    parts[2] += " So wrote first.org last week:"
    report = dedup.scan(
        [article("first", around("first", middle), "2021-03-01"), article("second", parts, "2021-03-08")]
    )
    (link,) = report.links
    assert (link.credit, [item.quote for item in link.evidence]) == ("credited", ["first.org"])


def page(name: str, parts: list[str], day: str, outlet: str | None) -> Article:
    return Article(name, "\n\n".join(parts), outlet=outlet, published=day)


GALLERY = [body(f"picture {at}", 1, 30) for at in range(3)]
TEASERS = [part.replace(".", "…") if at < 2 else part for at, part in enumerate(paragraphs("teaser", 5, 20))]
HEADLINES = [body(f"headline {at}", 1, 12).rstrip(".") for at in range(4)]


@pytest.mark.parametrize(
    ("taken", "outlets", "day", "links"),
    [
        (GALLERY, (None, None), "2021-04-20", 0),
        (GALLERY, ("one.org", "one.org"), "2021-04-20", 0),
        # Two outlets that are known for two have no gallery in common, and a story is taken up while it is new.
        (GALLERY, ("one.org", "two.org"), "2021-04-20", 1),
        (GALLERY, (None, None), "2021-03-03", 1),
        (HEADLINES, ("one.org", "two.org"), "2021-03-03", 0),
        (TEASERS, ("one.org", "two.org"), "2021-03-03", 0),
    ],
)
def test_what_stands_beside_articles_is_no_passage(
    taken: list[str], outlets: tuple[str | None, str | None], day: str, links: int
) -> None:
    first, second = paragraphs("first", 6, 60), paragraphs("second", 8, 60)
    report = dedup.scan([
        page("first", [*first[:3], *taken, *first[3:]], "2021-03-01", outlets[0]),
        page("second", [*second[:4], *taken, *second[4:]], day, outlets[1]),
    ])  # fmt: skip
    assert (len(report.links), report.boilerplate_only) == (links, 1 - links)


def test_a_teaser_is_the_beginning_of_another_article() -> None:
    first, second = ["What the lamps of seven hamlets cost", *paragraphs("first", 8, 60)], paragraphs("second", 8, 60)
    given = [
        page("first", first, "2021-03-01", None),
        page("second", [*second[:5], *first[:2], *second[5:]], "2021-03-03", None),
    ]
    report = dedup.scan(given)
    assert (len(report.links), report.boilerplate_only) == (0, 1)


def test_a_form_filled_in_twice_is_counted() -> None:
    """Runs of the same words are short: 26 words, then every fifth word differs. Six a run is the least."""
    words = body("form", 1, 110).split()
    pages = []
    for name, day in (("first", "2021-03-01"), ("second", "2021-03-02")):
        own = iter(body(f"{name} fills", 1, 40).split())
        filled = [next(own) if at > 26 and at % 5 == 2 else word for at, word in enumerate(words)]
        parts = paragraphs(name, 6, 60)
        pages.append(article(name, [*parts[:3], " ".join(filled), *parts[3:]], day))
    report = dedup.scan(pages)
    assert (len(report.links), report.boilerplate_only) == (0, 1)


LIST = [body(f"story {at}", 1, 12).rstrip(".") for at in range(6)]
SERIES = [body(f"picture {at}", 1, 25) for at in range(4)]
ROWS = [
    f"{word} 4{at}71 up 1{at} of 2{at}00 lots at 10:3{at}"
    for at, word in enumerate(["Tin", "Lead", "Zinc", "Wool"] * 2)
]
VERSE = [body(f"line {at}", 1, 12).rstrip(".").lower() for at in range(6)]


@pytest.mark.parametrize(
    ("shared", "own", "outlets", "day", "families"),
    [
        (LIST, 40, (None, None), "2021-03-02", 0),
        (LIST, 40, ("one.org", "two.org"), "2021-03-02", 1),
        (SERIES, 80, ("one.org", "one.org"), "2021-07-01", 0),
        (SERIES, 80, ("one.org", "one.org"), "2021-03-02", 1),
        (SERIES, 80, ("one.org", "two.org"), "2021-07-01", 1),
        # Of which so little is not shared that it is one article.
        (SERIES, 8, (None, None), "2021-07-01", 1),
        # No lists of headlines: numbers, and lines that go on.
        (ROWS, 40, (None, None), "2021-03-02", 1),
        (VERSE, 40, (None, None), "2021-03-02", 1),
    ],
)
def test_what_stands_beside_articles_makes_no_family(
    shared: list[str], own: int, outlets: tuple[str | None, str | None], day: str, families: int
) -> None:
    report = dedup.scan([
        page("first", [*paragraphs("first", 1, own), *shared], "2021-03-01", outlets[0]),
        page("second", [*paragraphs("second", 1, own), *shared], day, outlets[1]),
    ])  # fmt: skip
    assert (len(report.families), report.boilerplate_only) == (families, 1 - families)


BIO = body("bio", 1, 40)
NOTHING, COMMENT, SHARE = ("", ""), ("Leave a comment",) * 2, ("Share this article",) * 2
TWO_TOOLS = ("Print this page\n\nShare this article",) * 2
TOOLS = ("Print this page\n\nEmail this article\n\nShare this article",) * 2


@pytest.mark.parametrize(
    ("over", "under", "behind", "first", "outlets", "links"),
    [
        (COMMENT, SHARE, 3, 3, (None, None), 0),
        (COMMENT, SHARE, 3, 3, ("one.org", "one.org"), 0),
        # Each outlet has frames of its own.
        (COMMENT, SHARE, 3, 3, ("one.org", "two.org"), 1),
        # The end of the text is a frame, too; what is not the same on both pages is none.
        (COMMENT, NOTHING, 0, 3, (None, None), 0),
        (COMMENT, NOTHING, 3, 3, (None, None), 1),
        (COMMENT, ("Share this article", "Share this story"), 3, 3, (None, None), 1),
        (NOTHING, SHARE, 3, 3, (None, None), 1),
        # What stands right behind several lines needs none behind it.
        (TOOLS, NOTHING, 3, 3, (None, None), 0),
        (TOOLS, ("", "Leave a comment"), 3, 3, (None, None), 0),
        (TWO_TOOLS, NOTHING, 3, 3, (None, None), 1),
        ((TOOLS[0], TWO_TOOLS[0]), NOTHING, 3, 3, (None, None), 1),
        (TOOLS, NOTHING, 3, 0, (None, None), 1),
        # An article may stand in a frame: nothing else stands over this one.
        (COMMENT, SHARE, 3, 0, (None, None), 1),
    ],
)
def test_what_two_pages_frame_alike_behind_their_articles_is_boilerplate(
    over: tuple[str, str],
    under: tuple[str, str],
    behind: int,
    first: int,
    outlets: tuple[str | None, str | None],
    links: int,
) -> None:
    """On each page stand so many paragraphs of its own first, a line, the passage, a line, and so many paragraphs."""
    pages = []
    for at, (name, day) in enumerate((("first", "2021-03-01"), ("second", "2021-03-03"))):
        parts = paragraphs(name, 8, 60)
        blocks = [*parts[:first], over[at], BIO, under[at], *parts[first : first + behind]]
        pages.append(page(name, [block for block in blocks if block], day, outlets[at]))
    report = dedup.scan(pages)
    assert (len(report.links), report.boilerplate_only) == (links, 1 - links)


@pytest.mark.parametrize(("changed", "links"), [("numbers", 0), ("words", 1)])
def test_a_notice_with_other_numbers_is_the_same_notice(changed: str, links: int) -> None:
    """Shown by one site months apart, in the midst of other text, with four changes."""
    words = body("notice", 1, 60).split()
    pages = []
    for name, day in (("first", "2021-03-01"), ("second", "2021-07-01")):
        own = iter(body(f"{name} fills", 1, 40).split())
        fill = [str(3 + len(name) * 7 + at) if changed == "numbers" else next(own) for at in range(4)]
        notice = [fill[at // 12] if at % 12 == 6 and at < 48 else word for at, word in enumerate(words)]
        parts = paragraphs(name, 6, 60)
        pages.append(page(name, [*parts[:3], " ".join(notice), *parts[3:]], day, None))
    report = dedup.scan(pages)
    assert (len(report.links), report.boilerplate_only) == (links, 1 - links)
