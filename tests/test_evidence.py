"""Evidence: what one page says and shows of its origin, and what must not be read as such."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import body, paragraphs

import dedup
from dedup import _core
from dedup.article import Article, Mark, Span
from dedup.provenance.evidence import Act, Evidence, EvidenceClass, Reading
from dedup.provenance.names import same_name

STORY = body("story")
HERALD = {"url": "https://dryherald.org/a", "outlet": "Dry Herald"}
LINK = "[Northern Watch](https://northernwatch.org/a-story)"
APPEAL = "Support Northern Watch in its work. Every crown counts."


def reading(text: str, **known: object) -> Reading:
    """Return what a page of the Dry Herald tells."""
    return dedup.inspect(Article("a", text, **(HERALD | known))).reading  # type: ignore[arg-type]


def page(head: str = "", tail: str = "", story: str = STORY) -> str:
    return "\n\n".join(part for part in ("A Storm at Port Alden", head, story, tail) if part)


def facts(found: Reading) -> set[tuple[Act, EvidenceClass, str]]:
    return {(item.act, item.evidence_class, item.names) for item in found.evidence}


DECLARED, OBSERVED = EvidenceClass.DECLARED, EvidenceClass.OBSERVED


@pytest.mark.parametrize(
    ("text", "fact", "phrase"),
    [
        (
            page(tail="This article was originally published by Northern Watch."),
            (Act.CREDIT, DECLARED, "Northern Watch"),
            "This article was originally published by Northern Watch.",
        ),
        (
            page(tail=f"The original source of this article is {LINK}."),
            (Act.CREDIT, DECLARED, "northernwatch.org"),
            "The original source of this article is [Northern Watch]",
        ),
        (
            page(head="Source: Northern Watch"),
            (Act.CREDIT, DECLARED, "Northern Watch"),
            "Source: Northern Watch",
        ),
        (
            page(tail=f"The post {LINK} appeared first on [Northern Watch](https://northernwatch.org)."),
            (Act.CREDIT, DECLARED, "northernwatch.org"),
            "appeared first on [Northern Watch]",
        ),
        (
            page(head=f"By {LINK}", tail=f"Source: {LINK}"),
            (Act.BYLINE, DECLARED, "northernwatch.org"),
            "By [Northern Watch]",
        ),
        (page(head="By Meridian Press Agency"), (Act.BYLINE, DECLARED, "Meridian Press Agency"), "By Meridian"),
        (
            page(tail="© 2021 Meridian Press Agency"),
            (Act.COPYRIGHT, DECLARED, "Meridian Press Agency"),
            "© 2021 Meridian Press Agency",
        ),
        (
            page(head=f"Source: {LINK}", tail=f"Copyright © {LINK}, {LINK}, 2021"),
            (Act.COPYRIGHT, DECLARED, "northernwatch.org"),
            "Copyright © [Northern Watch]",
        ),
        (
            page(story=f"PORT ALDEN (MPA) — {STORY}"),
            (Act.WIRE, DECLARED, "MPA"),
            "PORT ALDEN (MPA)",
        ),
        (
            page(tail="With files from Meridian Press Agency"),
            (Act.WIRE, DECLARED, "Meridian Press Agency"),
            "With files from Meridian Press Agency",
        ),
        (
            page(head=f"Source: {LINK}", tail="Watch the film at https://northernwatch.org/film/storm.mp4."),
            (Act.MEDIA, OBSERVED, "northernwatch.org"),
            "https://northernwatch.org/film/storm.mp4",
        ),
        (page(head=f"See {LINK}.", tail=APPEAL), (Act.APPEAL, OBSERVED, "northernwatch.org"), APPEAL),
        (
            page(head=f"See {LINK}.", tail="Please donate today: https://www.patreon.com/northernwatch"),
            (Act.APPEAL, OBSERVED, "northernwatch.org"),
            "Please donate today: https://www.patreon.com/northernwatch",
        ),
        (
            page(head=f"See {LINK}.", tail="Please donate today via PayPal: northernwatch@list.ru"),
            (Act.APPEAL, OBSERVED, "northernwatch.org"),
            "Please donate today via PayPal: northernwatch@list.ru",
        ),
        (
            page(head=f"Source: {LINK}", tail="https://northernwatch.org/film/storm.mp4"),
            (Act.MEDIA, OBSERVED, "northernwatch.org"),
            "https://northernwatch.org/film/storm.mp4",
        ),
    ],
)
def test_acts(text: str, fact: tuple[Act, EvidenceClass, str], phrase: str) -> None:
    found = reading(text)
    assert fact in facts(found)
    assert fact[2] in {names for _, _, names in facts(found)} <= {"northernwatch.org", fact[2]}
    assert any(phrase in item.quote for item in found.evidence if item.act is fact[0])


@pytest.mark.parametrize(
    "text",
    [
        page(head="By Jane Doe"),
        page(head="By Jane Doe and John Roe"),
        # An outlet that neither corpus nor page knows may be a person, whose own page is linked and whose own rights
        # they are, or the host's company.
        page(head="By Northern Watch"),
        page(head=f"By {LINK}"),
        page(head=f"By {LINK}", tail=f"© 2021 {LINK}"),
        page(tail="© 2021 Northern Watch"),
        # Whoever reads may take it: notices to others.
        page(tail="Feel free to repost our stories with a link to the original Northern Watch article."),
        page(tail=f"You may freely republish our articles with a link to the original article on {LINK}."),
        page(tail="Republishing our work requires a clear link to the original source: Northern Watch"),
        page(tail="Photo: Northern Watch"),
        page(tail="Featured image is from Northern Watch"),
        page(tail="Chart reprinted with permission from Northern Watch."),
        page(tail="Originally published in 1975"),
        page(tail="This article was originally published on March 3, 2021"),
        page(tail="First published on Monday"),
        # The host speaks of itself.
        page(tail="Source: Dry Herald"),
        page(tail="Source: dryherald.org"),
        page(tail="Source: https://www.dryherald.org/a"),
        page(tail="The original source of this article is [Dry Herald](https://dryherald.org)."),
        page(tail="This article was originally published by The Dry Herald."),
        page(head="By Dry Herald", tail="© 2021 Dry Herald. All rights reserved."),
        page(tail="Copyright © Dry Herald, 2021"),
        page(head="By [Dry Herald](https://dryherald.org)"),
        page(tail="Support Dry Herald in its work. Donate: https://paypal.me/dryherald"),
        page(tail="https://dryherald.org/film/storm.mp4"),
        # Nobody knows whose these are.
        page(tail="Please donate today: https://www.patreon.com/northernwatch"),
        page(tail="https://cdnstore.net/film/storm.mp4"),
        page(head=f"See {LINK}."),
        page(head=f"See {LINK}.", tail="Please donate today: https://www.patreon.com/somebodyelse"),
        STORY,
        "",
    ],
)
def test_what_names_no_source(text: str) -> None:
    assert facts(reading(text)) == set()


QUOTED = [
    "The memo was originally published by Northern Watch in its annual collection of letters from the coast.",
    "This report was originally published by Northern Watch.",
    "Source: Northern Watch",
    "© 2021 Northern Watch",
    "The original source of this document is Northern Watch",
    "By [Northern Watch](https://northernwatch.org)",
]


@pytest.mark.parametrize("line", QUOTED)
def test_a_quoted_document_inside_a_paragraph_is_no_credit(line: str) -> None:
    before, after = paragraphs("before", 8), paragraphs("after", 12)
    story = "\n\n".join([*before, f"{paragraphs('in', 1)[0]} “{line}” {paragraphs('out', 1)[0]}", *after])
    assert facts(reading(story)) == set()


@pytest.mark.parametrize("line", QUOTED[:1])
def test_a_document_quoted_at_the_edge_is_no_credit(line: str) -> None:
    assert facts(reading(page(tail=line))) == facts(reading(page(head=line))) == set()


def test_one_line_may_be_said_and_shown_by_several_acts() -> None:
    text = page(head=f"By {LINK}", tail=f"{APPEAL}\n\nhttps://northernwatch.org/x.mp4\n\nSource: {LINK}")
    found = reading(text)
    assert {act for act, _, _ in facts(found)} == {Act.BYLINE, Act.APPEAL, Act.MEDIA, Act.CREDIT}
    assert {names for _, _, names in facts(found)} == {"northernwatch.org"}


def test_neighbouring_blocks_of_an_appeal_are_one() -> None:
    account = "Please donate today: https://paypal.me/northernwatch"
    found = reading(page(head=f"See {LINK}.", tail=f"{APPEAL}\n\n{account}"))
    assert [item.quote for item in found.evidence] == [f"{APPEAL}\n\n{account}"]


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        (Mark("canonical", "https://www.northernwatch.org/a-story"), {"northernwatch.org"}),
        (Mark("jsonld.isBasedOn", "https://northernwatch.org/a-story"), {"northernwatch.org"}),
        (Mark("canonical", "https://dryherald.org/a"), set()),
        (Mark("syndication-source", "https://m.dryherald.org/a"), set()),
        # A shop window of everybody's.
        (Mark("canonical", "https://medium.com/@somebody/a"), set()),
        (Mark("canonical", "/a"), set()),
        (Mark("og:site_name", "Northern Watch"), set()),
        (Mark("pixel", "https://northernwatch.org/?republication-pixel=true&post=12"), {"northernwatch.org"}),
        (Mark("feed.source", "https://northernwatch.org/feed"), {"northernwatch.org"}),
        (Mark("feed.canonical", "https://northernwatch.org/a"), {"northernwatch.org"}),
        (Mark("feed.via", "https://northernwatch.org/a"), {"northernwatch.org"}),
        (Mark("jsonld.copyrightHolder", "northernwatch.org"), {"northernwatch.org"}),
        (Mark("jsonld.copyrightHolder", "Ann Reed"), set()),
        (Mark("feed.source", "https://dryherald.org/feed"), set()),
    ],
)
def test_markup(mark: Mark, names: set[str]) -> None:
    found = reading(STORY, marks=(mark,))
    assert {item.names for item in found.evidence} == names
    seen = {"pixel": OBSERVED}.get(mark.name, DECLARED)
    assert all((item.span, item.quote, item.evidence_class) == (None, mark.value, seen) for item in found.evidence)


@pytest.mark.parametrize(
    ("tail", "host", "inferred"),
    [
        ("", None, False),
        ("Become a Member of Dry Herald", "Dry Herald", True),
        ("dryherald.org may contain copyrighted material. It is shown without profit.", "dryherald.org", True),
        ("Permission to cross-post Dry Herald articles is granted as long as the link stays.", "Dry Herald", True),
        # A credit names somebody else, whatever else is said of it.
        (f"You may cross-post Northern Watch articles.\n\nThe original source of this article is {LINK}.", None, False),
    ],
)  # fmt: skip
def test_a_page_of_nobody_tells_whose_it_is(tail: str, host: str | None, inferred: bool) -> None:
    found = reading(page(tail=tail), url=None, outlet=None)
    assert (found.host, found.host_inferred) == (host, inferred)


def test_what_the_source_says_of_the_host_is_not_inferred_anew() -> None:
    found = reading(page(tail="Become a Member of Northern Watch"))
    assert (found.host, found.host_inferred) == ("dryherald.org", False)
    named = reading(STORY, url=None, outlet="South Front")
    assert (named.host, named.host_inferred) == ("South Front", False)


def the_days(found: Reading) -> list[tuple[str, str | None, str]]:
    """Return source, owner and middle day of each date."""
    middles = [(date, date.not_before + (date.not_after - date.not_before) / 2) for date in found.dates]
    return sorted((date.source, date.owner or "", middle.date().isoformat()) for date, middle in middles)


@pytest.mark.parametrize(
    ("head", "days"),
    [
        ("March 3, 2021", [("page", "dryherald.org", "2021-03-03")]),
        ("Dry Herald, March 3, 2021", [("page", "dryherald.org", "2021-03-03")]),
        (
            f"Dry Herald, March 3, 2021\n\n{LINK} 2 March 2021",
            [("page", "dryherald.org", "2021-03-03"), ("page", "northernwatch.org", "2021-03-02")],
        ),
        (f"2 March 2021 {LINK}", [("page", "northernwatch.org", "2021-03-02")]),
        ("3 марта 2021", [("page", "dryherald.org", "2021-03-03")]),
        ("2021年3月3日", [("page", "dryherald.org", "2021-03-03")]),
        ("By Jane Doe", []),
    ],
)
def test_dates_of_the_page_have_owners(head: str, days: list[tuple[str, str, str]]) -> None:
    assert the_days(reading(page(head=head))) == days


def test_dates_of_the_source_the_address_and_the_media() -> None:
    found = reading(
        page(tail="https://northernwatch.org/film/storm_28_02_2021.mp4"),
        url="https://dryherald.org/2021/03/02/storm",
        published="2021-03-02",
        modified="2021-03-05",
        fetched="2021-04-01",
    )
    assert the_days(found) == [
        ("fetched", "", "2021-04-01"),
        ("media", "northernwatch.org", "2021-02-28"),
        ("modified", "dryherald.org", "2021-03-05"),
        ("published", "dryherald.org", "2021-03-02"),
        ("url", "dryherald.org", "2021-03-02"),
    ]


def test_dates_in_the_middle_of_the_story_are_not_the_pages() -> None:
    dated = f"{paragraphs('in', 1)[0]} On 3 March 2021 the storm rose. {paragraphs('out', 1)[0]}"
    assert reading("\n\n".join([*paragraphs("before", 5), dated, *paragraphs("after", 5)])).dates == ()


@pytest.mark.parametrize(
    ("known", "head", "width"),
    [
        # The most precise of the host's own dates is its clock, never a copied one.
        ({"published": "2021-03-02T10:00:00Z"}, "March 3, 2021", timedelta(minutes=1)),
        ({"published": "2021-03-02"}, f"{LINK} 1 March 2021", timedelta(hours=50)),
        ({"url": "https://dryherald.org/2021/03/x"}, "", timedelta(days=31, hours=26)),
        ({"fetched": "2021-03-02T10:00:00Z"}, f"{LINK} 1 March 2021", None),
        ({"modified": "2021-03-02T10:00:00Z"}, "", None),
        ({"published": "soon"}, "", None),
    ],
)
def test_the_clock_is_the_hosts_own(known: dict[str, str], head: str, width: timedelta | None) -> None:
    clock = reading(page(head=head), **known).clock
    assert (clock and clock.not_after - clock.not_before) == width


LINES = [
    "This article was originally published by Northern Watch.",
    f"The original source of this article is {LINK}.",
    "Source: Dry Herald",
    "Источник: Северный дозор",
    "© 2021 Northern Watch",
    f"By {LINK}",
    "PORT ALDEN (MPA) — Dockers voted on Monday.",
    APPEAL,
    "Please donate today: https://paypal.me/northernwatch",
    "https://northernwatch.org/film/storm_28_02_2021.mp4",
    "Photo: Northern Watch",
    "March 3, 2021",
    "新华社北京9月12日电",
    "\u200b渡轮 👩‍👩‍👧 https://северный.рф/x",
    "www.dryherald.org contains copyrighted material the use of which has not been authorised.",
    *paragraphs("lines", 3),
]


def quotes_its_span(item: Evidence, text: str) -> bool:
    return item.span is not None and item.quote == item.span.of(text) != ""


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(st.characters(codec="utf-8"), max_size=12)), max_size=14),
    st.sampled_from(["\n", "\n\n", " \r\n\u2028"]),
    st.sampled_from([HERALD, {}]),
)
def test_every_quote_is_the_text_of_its_span(lines: list[str], between: str, known: dict[str, str]) -> None:
    text = between.join(lines)
    found = dedup.inspect(Article("a", text, **known)).reading  # type: ignore[arg-type]
    assert all(quotes_its_span(item, text) for item in found.evidence)
    assert all(item.article == "a" and item.names.strip() and item.weight > 0 for item in found.evidence)
    whole = Span(0, len(text))
    assert all(date.span is None or whole.holds(date.span) for date in found.dates)
    assert all(date.not_before < date.not_after for date in found.dates)


@given(st.text(max_size=200))
def test_no_text_whatever_is_refused(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    found = dedup.inspect(Article("a", text, title=text, byline=text, published=text, url=text, outlet=text))
    assert found.article.text == text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Источник: Северный дозор", "Северный дозор"),
        ("Quelle: Nordwacht", "Nordwacht"),
        ("Fuente: El Faro del Norte", "El Faro del Norte"),
        ("Source : La Vigie du Nord", "La Vigie du Nord"),
        ("Fuente: efe", "EFE"),
        ("Quelle: dpa", "dpa"),
        ("来源：北方观察", "北方观察"),
        ("المصدر: مرصد الشمال", "مرصد الشمال"),
    ],
)
def test_credits_in_other_languages(line: str, names: str) -> None:
    found = reading(page(tail=line)).evidence
    assert found
    assert all(same_name(item.names, names) and item.act is Act.CREDIT for item in found)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("(Quelle: Anna Hafner/MBD)", None),
        ("Source: Anna Hafner / Meridian Pictures", None),
        (f"Source: Northern Watch/Meridian\n\n{LINK}", "northernwatch.org"),
        ("Quelle: AFP/Nordwacht", "AFP"),
        ("Quelle: dpa/mbd", "dpa"),
        ("Source: portledger.example/2021/a-story", "portledger.example"),
    ],
)
def test_whoever_stands_before_a_slash_took_the_picture_unless_he_is_known(line: str, names: str | None) -> None:
    found = reading(page(tail=line)).evidence
    assert [item.names for item in found] == ([] if names is None else [names])


def test_a_record_may_name_an_outlet_as_its_author() -> None:
    linked = page(tail=f"Originally published at {LINK}.")
    named = reading(linked, byline="Northern Watch")
    assert (Act.BYLINE, DECLARED, "northernwatch.org") in facts(named)
    (item,) = [e for e in named.evidence if e.act is Act.BYLINE]
    assert (item.span, item.quote) == (None, "Northern Watch")
    assert not any(e.act is Act.BYLINE for e in reading(linked, byline="Anna Vale").evidence)
    assert not any(e.act is Act.BYLINE for e in reading(linked, byline="Dry Herald").evidence)
    assert not facts(reading(page(tail=f"Read more at {LINK}."), byline="Northern Watch"))


def test_a_label_weighs_less_where_nobody_knows_the_name() -> None:
    # On real pages four of five such labels name a chart's, a picture's or the news' source, not the text's.
    def weight(tail: str) -> float:
        return max(item.weight for item in reading(page(tail=tail)).evidence if item.act is Act.CREDIT)

    assert weight("Source: Northern Watch") == 0.5
    assert weight("Source: Meridian Press Agency") == 1.0
    assert weight(f"Source: {LINK}\n\n{APPEAL}") == 1.0
    corpus = [
        Article("a", page(tail="Source: Northern Watch"), published="2021-03-04", **HERALD),  # type: ignore[arg-type]
        Article("w", STORY, url="https://northernwatch.org/1", outlet="Northern Watch", published="2021-03-01"),
    ]
    (family,) = dedup.scan(corpus).families
    assert [item.weight for item in family.republications[0].evidence] == [2.0]


def test_captures_are_by_text_and_pattern_and_count_code_points() -> None:
    patterns = _core.Patterns([r"by (?P<outlet>\w+)(?: (?P<year>\d+))?", r"Идлиб|x*"])
    texts = ["é by Гудок, é by Rain 2020", "", "Идлиб by É"]
    found = patterns.captures(texts, "year")
    named = [(text, start, year) for text, pattern, start, _, year, _ in found if pattern == 0]
    assert named == [(0, 2, -1), (0, 14, 22), (2, 6, -1)]
    assert [texts[text][start:end] for text, pattern, start, end, _, _ in found if pattern == 1 and end > start] == [
        "Идлиб"
    ]
    assert found == [(place, *row[1:]) for place, text in enumerate(texts) for row in patterns.captures([text], "year")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Associated Press", "AP", True),
        ("apnews.com", "The Associated Press", True),
        ("Agence France-Presse", "AFP", True),
        ("Xinhua News Agency", "Xinhua", True),
        ("The New York Times", "NYT", True),
        ("Los Angeles Times", "LAT", True),
        # Two letters are the initials of too many.
        ("Los Angeles Times", "AT", False),
        ("Daily Wire", "DW", False),
    ],
)
def test_names_and_initials(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same_name(other, one) is same
