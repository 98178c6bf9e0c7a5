"""Credit honesty: what an outlet takes, gives and tells, by cases worked out by hand."""

import json

import pytest
from prose import body

import dedup
from dedup.article import Article, Mark
from dedup.provenance.model import Credit
from dedup.report.model import Report
from dedup.report.shares import OutletShare, share_of

DOMAINS = {
    "Northern Watch": "northernwatch.org",
    "Dry Herald": "dryherald.org",
    "Harbour Ledger": "harbourledger.com",
    "Rain Post": "rainpost.net",
}


def article(outlet: str, story: str, day: int, credit: str = "", **known: object) -> Article:
    text = f"{body(story, 5)}\n\n{credit}".strip()
    url = f"https://{DOMAINS[outlet]}/{story}-{day}"
    published = f"2021-03-{day:02d}"
    return Article(f"{outlet} {story}", text, url=url, outlet=outlet, published=published, **known)  # type: ignore[arg-type]


# By whom, which story, on which day of March, with which credit, and what that is.
WATCH, HERALD, LEDGER, POST = DOMAINS
PAGES = [
    *(article(WATCH, story, 1) for story in ("a", "b", "c", "d")),
    article(HERALD, "a", 5, "Originally published by Northern Watch"),
    article(HERALD, "b", 5),
    article(HERALD, "c", 5, "Originally published by Rain Post"),
    article(HERALD, "e", 1),
    article(HERALD, "f", 1),
    article(LEDGER, "a", 9, "Originally published by Dry Herald"),
    article(LEDGER, "e", 9, "Originally published by Dry Herald"),
    article(POST, "z", 1),
]


@pytest.fixture(scope="module")
def report() -> Report:
    return dedup.scan(PAGES)


def shares(report: Report) -> dict[str, OutletShare]:
    return {share.name: share for share in report.outlets}


def labels(share: OutletShare) -> dict[str, int]:
    return {str(label): count for label, count in share.credits.items() if count}


def test_what_each_outlet_says_of_its_sources(report: Report) -> None:
    found = shares(report)
    assert labels(found[HERALD]) == {"credited": 1, "uncredited": 1, "miscredited": 1}
    assert sum(labels(found[LEDGER]).values()) == 2
    assert labels(found[LEDGER])["credited"] >= 1
    assert labels(found[WATCH]) == {}


def test_shares_are_of_articles(report: Report) -> None:
    found = shares(report)
    assert (found[WATCH].articles, found[WATCH].borrowed, found[WATCH].lent, found[WATCH].first) == (4, 0, 3 + 0, 3)
    assert found[WATCH].lent_share is not None and found[WATCH].lent_share.value == 3 / 4
    assert found[WATCH].borrowed_share is not None and found[WATCH].borrowed_share.value == 0
    assert found[HERALD].borrowed_share is not None and found[HERALD].borrowed_share.value == 3 / 5
    assert found[HERALD].credited_share is not None and found[HERALD].credited_share.value == 1 / 3
    assert found[WATCH].credited_share is None


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # From tables of the Wilson interval at 95 %.
    [
        (0, 10, 0.0, 0.2775),
        (1, 4, 0.0456, 0.6994),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_intervals(count: int, total: int, low: float, high: float) -> None:
    share = share_of(count, total)
    assert share is not None
    assert (share.value, share.low, share.high) == pytest.approx((count / total, low, high), abs=5e-5)


def test_what_is_undetermined_widens_the_interval_upwards() -> None:
    sure, wide = share_of(2, 10), share_of(2, 10, perhaps=3)
    assert sure is not None and wide is not None
    assert (wide.value, wide.low) == (sure.value, sure.low)
    assert wide.high == pytest.approx(share_of(5, 10).high)  # type: ignore[union-attr]
    assert share_of(0, 0) is None


def test_an_undetermined_direction_counts_for_neither_and_widens_both() -> None:
    report = dedup.scan([article(HERALD, "a", 1), article(LEDGER, "a", 2)])
    (edge,) = report.families[0].republications
    assert not edge.determined
    for share in report.outlets:
        assert (share.borrowed, share.lent, labels(share)) == (0, 0, {})
        assert share.borrowed_share is not None and share.lent_share is not None
        # Its one article may be the copy: the upper limit is that of 1 of 1, by tables 1.
        assert (share.borrowed_share.low, share.borrowed_share.high) == pytest.approx((0.0, 1.0))


def test_an_outlet_that_carries_its_own_text_again() -> None:
    again = article(WATCH, "a", 20, body("more", 1))
    again = Article("again", again.text, url=again.url, outlet=WATCH, published=again.published)
    report = dedup.scan([article(WATCH, "a", 1), again, article(HERALD, "a", 5)])
    watch = shares(report)[WATCH]
    assert labels(watch) == {"self": 1}
    assert (watch.borrowed, watch.lent) == (0, 1)


def test_a_borrowed_text_that_is_carried_again_is_borrowed_once() -> None:
    credit = "Originally published by Northern Watch"
    again = article(HERALD, "a", 20, f"{body('more', 1)}\n\n{credit}")
    again = Article("again", again.text, url=again.url, outlet=HERALD, published=again.published)
    report = dedup.scan([article(WATCH, "a", 1), article(HERALD, "a", 5, credit), again])
    herald = shares(report)[HERALD]
    assert (herald.borrowed, labels(herald)) == (1, {"credited": 1})
    assert herald.credited_share is not None and herald.credited_share.value == 1


def test_a_chart_s_source_is_no_wrong_credit() -> None:
    report = dedup.scan([article(WATCH, "a", 1), article(HERALD, "a", 5, "Source: Office of Bridges")])
    assert labels(shares(report)[HERALD]) == {"uncredited": 1}


def test_the_report_counts_credits_and_names_independent_origins(report: Report) -> None:
    document = json.loads(report.to_json())
    assert document["summary"]["credits"]["miscredited"] == 1
    assert sum(document["summary"]["credits"].values()) == document["summary"]["republications"] == 5
    origins = [origin for family in document["families"] for origin in family["independent_origins"]]
    assert len(origins) == document["summary"]["independent_origins"]
    assert {"Northern Watch a", "Northern Watch b", "Northern Watch c", "Dry Herald e"} <= set(origins)
    herald = next(outlet for outlet in document["outlets"] if outlet["name"] == HERALD)
    assert herald["shares"]["credited"] == {"value": 0.333333, "low": 0.061492, "high": 0.79234}
    assert herald["shares"]["credited"]["value"] == herald["credited_share"]


def test_habits_are_those_of_other_families(report: Report) -> None:
    found = {(edge.source, edge.copy): edge.habit for family in report.families for edge in family.republications}
    # The Herald took three stories from the Watch and the Ledger two from the Herald, each in a family of its own.
    assert {pair: habit and tuple(habit) for pair, habit in found.items()} == {
        ("Northern Watch a", "Dry Herald a"): (2, 2),
        ("Northern Watch b", "Dry Herald b"): (2, 2),
        ("Northern Watch c", "Dry Herald c"): (2, 2),
        ("Dry Herald a", "Harbour Ledger a"): (1, 1),
        ("Dry Herald e", "Harbour Ledger e"): (1, 1),
    }


def test_a_family_does_not_bear_itself_out() -> None:
    alone = dedup.scan([page for page in PAGES if page.id.endswith(" b")])
    (edge,) = alone.families[0].republications
    assert edge.habit == (0, 0)


def test_a_latent_source_comes_with_what_helps_to_find_it() -> None:
    pixel = "https://counter.meridian-wire.org/content/113886/count.gif"
    tail = "The post The crane fell appeared first on [Meridian Wire](https://meridian-wire.org)."
    report = dedup.scan(
        [
            article(HERALD, "a", 5, tail, marks=(Mark("pixel", pixel),)),
            article(LEDGER, "a", 5, tail, marks=(Mark("pixel", pixel),)),
        ]
    )
    hints = {hint for latent in report.latent_sources for hint in latent.crawl_hints}
    assert ("address", pixel) in hints
    assert any(kind == "feed_tail" and "The crane fell" in value for kind, value in hints)
    assert ("outlet", "meridian-wire.org") in hints


def test_an_agency_is_one_by_its_name_and_by_its_initials() -> None:
    report = dedup.scan(
        [
            article(HERALD, "a", 5, "Copyright 2021 The Associated Press.", title="The Associated Press"),
            article(LEDGER, "a", 5, "Source: AP", title="March 5"),
        ]
    )
    (latent,) = report.latent_sources
    assert set(latent.named_by) == {copy.copy for copy in report.families[0].republications}
    assert {kind for kind, _ in latent.crawl_hints} == {"outlet"}, "a byline and a day are no headlines"


def test_an_outlet_s_unseen_articles_are_not_counted_among_its_own() -> None:
    seen = [article(WATCH, "a", 1), article(HERALD, "a", 5, "Originally published by Northern Watch")]
    unseen = [article(outlet, story, 5, "Originally published by Northern Watch")
              for story in "efg" for outlet in (HERALD, LEDGER, POST)]  # fmt: skip
    report = dedup.scan([*seen, *unseen])
    assert sum(latent.outlet in (WATCH, DOMAINS[WATCH]) for latent in report.latent_sources) == 3
    watch = shares(report)[WATCH]
    assert (watch.articles, watch.lent) == (1, 10), "all copies count"
    assert watch.lent_share is not None
    assert watch.lent_share.value == 1.0, "of its one article that is here, one was taken"


def test_every_credit_has_a_place_in_the_schema() -> None:
    from dedup.report.schema import schema_json

    schema = json.loads(schema_json())
    assert set(schema["$defs"]["republication"]["properties"]["credit"]["enum"]) == {str(label) for label in Credit}
