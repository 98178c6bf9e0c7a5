"""Web pages: blocks as a browser's tree has them, credit lines wherever they stand, dates, and broken JSON-LD."""

import gzip
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import shared_file
from selectolax.lexbor import LexborHTMLParser, LexborNode

import dedup
from dedup import _core
from dedup.article import Article, Block, Element, Mark, Span
from dedup.extraction.dates import chosen, day_of, fallback, of_address
from dedup.extraction.extractors import extract
from dedup.extraction.given import Page
from dedup.extraction.jsonld import json_ld, mended
from dedup.extraction.language import language_of
from dedup.extraction.markup import read_markup
from dedup.extraction.page import read_page
from dedup.extraction.undated import likely_day
from dedup.place import Place
from dedup.provenance.evidence import Act
from dedup.provenance.surroundings import distant, furniture
from dedup.report.model import ReportedArticle

# The oracle: a walk through lexbor's tree.

UNSEEN = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "canvas"),
        *("select", "button", "textarea", "datalist", "noembed", "noframes", "-comment"),
    )
)
INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr", "embed", "nobr", "ruby", "rb", "rp", "rt", "rtc", "input", "link", "meta"),
        *("source", "track", "area", "base", "param"),
    )
)
NOTHING = frozenset("\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def hides(node: LexborNode) -> bool:
    attributes = node.attributes
    style = "".join((attributes.get("style") or "").split()).lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


def steps(node: LexborNode, body: LexborNode) -> Iterator[str | None]:
    """Yield the texts below a node, and None where a line ends."""
    tag = node.tag or ""
    if tag == "-text":
        yield (node.text_content or "").replace("\0", "")
    elif tag not in UNSEEN and (node == body or not hides(node)):
        edge = [None] if tag not in INLINE else []
        yield from edge
        child = node.first_child
        while child is not None:
            yield from steps(child, body)
            child = child.next
        yield from edge


def lines_of(html: str) -> list[str]:
    body = LexborHTMLParser(html).body
    lines, pieces = [], []
    for step in (*steps(body, body), None) if body is not None else ():
        if step is not None:
            pieces.append(step)
            continue
        line = " ".join("".join(pieces).split())
        if any(c not in NOTHING and not (ord(c) < 32 or 127 <= ord(c) < 160) for c in line):
            lines.append(line)
        pieces = []
    return lines


def blocks_of(html: str) -> list[str]:
    page = _core.Page(html)
    return [page.text[start:end] for start, end, *_ in page.rows]


OPEN = ("p", "div", "ul", "li", "b", "a", "span", "h2", "h3", "blockquote", "section", "em", "dl", "dt", "dd")
TEXTS = ("rain", "the ferry ", " &amp; ", "&eacute;t&eacute", "5 < 6", " \n ", "\u2028", "ü", "&#8212;", "&nbsp;", "")
WELL_NESTED = st.recursive(
    st.sampled_from(
        (*TEXTS, "<br>", "<img src=x>", "<hr>", "<!-- a > b -->", "<script>'<p>'</script>", "<div hidden>x</div>")
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag} class='a b'>{''.join(parts)}</{tag}>",
        st.sampled_from(OPEN),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
LOOSE = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(("p", "div", "li", "ul", "h2", "section", "blockquote")).map(lambda tag: f"<{tag}>"),
        st.sampled_from(("p", "div", "li", "ul", "h2", "section", "blockquote", "td", "body")).map(
            lambda tag: f"</{tag}>"
        ),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(WELL_NESTED, LOOSE.map("".join)))
def test_blocks_are_the_lines_of_the_tree(html: str) -> None:
    assert blocks_of(html) == lines_of(html)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="<>/!-=\"' apbr\n&;#x1é\0", max_size=80))
def test_any_markup_gives_blocks_that_the_text_splits_into(html: str) -> None:
    page = _core.Page(html)
    spans = [(start, end) for start, end, *_ in page.rows]
    article = Article("a", page.text)
    if spans:
        assert [(b.span.start, b.span.end) for b in dedup.inspect(article).blocks] == spans


def resiliparse_alone(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(
        html, main_content=True, comments=False, post_meta=False, alt_texts=False, list_bullets=False
    )


def test_resiliparse_says_of_what_it_gets_what_it_says_of_the_page() -> None:
    from collections import Counter

    alike = all_lines = 0
    with gzip.open(shared_file("html_fundus/documents.jsonl.gz"), "rt", encoding="utf-8") as rows:
        for _, row in zip(range(60), rows, strict=False):
            html = json.loads(row)["html"]
            given, whole = _core.Page(html, "resiliparse").slim, _core.Page(html).slim
            ours = Counter(line.strip() for line in extract(given, "resiliparse", 0).splitlines())
            theirs = Counter(line.strip() for line in resiliparse_alone(whole).splitlines())
            alike += 2 * (ours & theirs).total()
            all_lines += ours.total() + theirs.total()
    assert alike >= 0.98 * all_lines


# Texts of three bytes are icons to resiliparse, wherever they stand by themselves.
LINES = st.sampled_from(("rain ", " ferry", "the harbour board met again", "north, north-west", "é" * 6, "basin " * 70))
ATTRIBUTES = st.sampled_from(
    (
        "",
        "",
        " class=mb-4",
        " class=article",
        " class='next x'",
        " class=post-content",
        " class=menu",
        " id=q hidden",
        " rel=tag",
        " role=main",
        " style='display: none'",
    )
)
NAMES = st.sampled_from(
    ("div", "div", "section", "p", "ul", "nav", "aside", "footer", "article", "span", "b", "a", "time", "x-y")
)
NESTED = st.recursive(
    LINES | st.just("<br>"),
    lambda inner: st.builds(
        lambda name, attributes, held: f"<{name}{attributes}>{''.join(held)}</{name}>",
        NAMES,
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=40,
)


@settings(deadline=None, max_examples=200)
@given(st.lists(NESTED, max_size=4).map("".join), st.integers(0, 6))
def test_resiliparse_says_the_same_of_what_it_gets(html: str, depth: int) -> None:
    page = "<!doctype html><body>" + "<div>" * depth + html + "</div>" * depth
    given = extract(_core.Page(page, "resiliparse").slim, "resiliparse", 0)
    assert "".join(given.split()) == "".join(resiliparse_alone(page).split())


def test_only_known_extractors_are_given_a_page() -> None:
    with pytest.raises(ValueError, match="there is no extractor"):
        _core.Page("<p>Rain", "rain")


@pytest.mark.parametrize("name", ["html_fundus", "html_postlight"])
def test_real_pages_give_the_lines_of_their_tree(name: str) -> None:
    from collections import Counter

    found = wanted = differing = 0
    with gzip.open(shared_file(f"{name}/documents.jsonl.gz"), "rt", encoding="utf-8") as rows:
        for _, row in zip(range(60), rows, strict=False):
            html = json.loads(row)["html"]
            page, tree = Counter(blocks_of(html)), Counter(lines_of(html))
            found, wanted = found + page.total(), wanted + tree.total()
            differing += (page - tree).total() + (tree - page).total()
    # Elements of a site's own are lines here only outside paragraphs; the tree's walk takes all of them for lines.
    assert differing <= 0.005 * (found + wanted)


# A credit line in twelve places

PLACES = {
    "last paragraph": "<p>{}</p>",
    "emphasis": "<p><em>{}</em></p>",
    "small print": "<p><small>{}</small></p>",
    "behind a break": "<br>{}",
    "quotation": "<blockquote>{}</blockquote>",
    "div.copyright": '<div class="copyright">{}</div>',
    "div.post-source": '<div class="post-source">{}</div>',
    "first paragraph": '<p class="syndication-note">{}</p>',
    "div.article-footer": '<div class="article-footer">{}</div>',
    "footer of the article": "<footer>{}</footer>",
    "aside": '<aside class="republish">{}</aside>',
    "behind the article": "<div>{}</div>",
}
CREDIT = 'The original source of this article is <a href="https://northernwatch.example/mast">Northern Watch</a>'
STORY = "".join(
    f"<p>On {day} the harbour board of Port Ellery met again, and the clerk wrote down that the dredging of the "
    f"northern basin would cost {cost} hundred crowns more than had been promised to the islands in the spring.</p>"
    for day, cost in (("Monday", "two"), ("Tuesday", "three"), ("Wednesday", "five"), ("Thursday", "eight"))
)


def page_of(html: str) -> ReportedArticle:
    article = read_page(Page(html, Place("a.html"), {"url": "https://harbourledger.example/basin"}))
    assert isinstance(article, Article), article
    return dedup.inspect(article)


@pytest.mark.parametrize("place", PLACES)
def test_a_credit_line_is_evidence_and_no_body_wherever_it_stands(place: str) -> None:
    line = PLACES[place].format(CREDIT)
    before, after = (line, "") if place == "first paragraph" else ("", line)
    inside, behind = ("", after) if place == "behind the article" else (after, "")
    page = page_of(
        "<html lang=en><title>The basin</title><nav><ul><li><a href=/>Home</a><li><a href=/b>News</a></ul></nav><main>"
        f"<article><h1>The basin</h1><div class=entry-content>{before}{STORY}{inside}</div></article>{behind}</main>"
        "<footer>© 2021 The Harbour Ledger</footer>"
    )
    credited = [e for e in page.reading.evidence if e.act is Act.CREDIT]
    assert {e.names for e in credited} == {"northernwatch.example"}
    body = [block.span.of(page.article.text) for block in page.blocks if block.kind is None]
    assert len(body) == 4
    assert not any("original source" in block for block in body)


@pytest.mark.parametrize(
    "beside",
    [
        "<nav><p>Source: Northern Watch</p></nav>",
        "<footer><p>© 2021 Northern Watch</p></footer>",
        "<ul class='related-posts'><li>Source: Northern Watch</li></ul>",
        "<ol class=comment-list><li><p>Source: Northern Watch</p></li></ol>",
        "<p><a href=/copyright>© Northern Watch</a></p>",
    ],
)
def test_what_stands_beside_an_article_gives_no_credit(beside: str) -> None:
    page = page_of(f"<html lang=en><main><article><h1>The basin</h1>{STORY}</article></main>{beside}")
    assert "Northern Watch" in page.article.text
    assert page.reading.evidence == ()


def test_a_date_far_from_the_article_is_not_its_date() -> None:
    teasers = "".join(f"<div>{day} March 2019</div><div>Other news</div>" for day in range(1, 28))
    page = page_of(f"<html lang=en><article><p>3 May 2021</p>{STORY}</article><section>{teasers}</section>")
    days = {date.not_after.date().isoformat()[:7] for date in page.reading.dates if date.source == "page"}
    assert "2021-05" in days
    assert len([d for d in page.reading.dates if d.not_after.year == 2019]) < 10


def test_without_markup_nothing_stands_beside_an_article() -> None:
    article = Article("a", "Home\n\nRain fell.", main=(Span(6, 16),))
    blocks = [Block(Span(0, 4)), Block(Span(6, 16))]
    assert furniture(article, blocks) == frozenset() == distant(article, blocks)
    marked = Article("a", "Home\n\nRain fell.", main=(Span(6, 16),), elements=(Element(Span(0, 4), "nav/ul/li"),))
    assert furniture(marked, blocks) == {0}


# JSON-LD

ARTICLE = '{"@type": "NewsArticle", "headline": "Rain"}'


@pytest.mark.parametrize(
    "script",
    [
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/*<![CDATA[*/ {ARTICLE} /*]]>*/",
        ARTICLE.replace("Rain", "Ra\n\t in").replace("Ra\n\t in", "Rain\n"),
        ARTICLE.replace('"Rain"', '"Rain",'),
        f"[{ARTICLE},]",
        f"{ARTICLE}\n{ARTICLE}",
        f"{ARTICLE};",
        ARTICLE.replace('"', "&quot;"),
    ],
)
def test_json_with_the_usual_faults_is_mended(script: str) -> None:
    assert ("jsonld.headline", "Rain") in list(json_ld(script))


@pytest.mark.parametrize("script", ["", "{", '{"a": }', "{'a': 1}", '{"a": "b"c"}', "[" * 5000, "\ud800", "var a = {}"])
def test_what_is_no_json_states_nothing(script: str) -> None:
    assert list(json_ld(script)) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
)


@given(VALUES)
def test_mending_leaves_json_without_faults_as_it_is(value: object) -> None:
    text = json.dumps({"value": value, "quoted": True}, ensure_ascii=False)
    assert json.loads(mended(text)) == json.loads(text)


def test_what_an_article_states_of_its_origin() -> None:
    node = {
        "@type": "Article",
        "creditText": "Meridian",
        "copyrightHolder": {"@type": "Organization", "name": "Northern Watch"},
        "provider": [{"name": "Wire"}],
        "license": "https://licence.example/by",
        "isAccessibleForFree": False,
        "isBasedOnUrl": "https://origin.example/1",
        "dateCreated": "2020-01-01",
    }
    assert set(json_ld(json.dumps(node))) == {
        ("jsonld.creditText", "Meridian"),
        ("jsonld.copyrightHolder", "Northern Watch"),
        ("jsonld.provider", "Wire"),
        ("jsonld.license", "https://licence.example/by"),
        ("jsonld.isAccessibleForFree", "false"),
        ("jsonld.isBasedOn", "https://origin.example/1"),
        ("date.created.jsonld", "2020-01-01"),
    }


# Marks and dates


def marks_of(html: str, main: tuple[int, int] = (0, 0)) -> list[Mark]:
    return list(read_markup(_core.Page(html).statements, main, None).marks)


def test_feeds_amp_licences_and_pixels_are_marks() -> None:
    marks = marks_of(
        "<link rel=amphtml href=/amp><link rel=alternate type=application/rss+xml href=/feed>"
        "<link rel=alternate hreflang=fr href=/fr>"
        "<a rel='license nofollow' href=//licence.example>x</a><img src='https://a.example/?republication-pixel=true&amp;post=7'>"
        "<script src=https://counter.b.example/content/113886/count.js></script><img src=/content/x/count.gif>"
    )
    assert [(mark.name, mark.value) for mark in marks if mark.name != "media"] == [
        ("amphtml", "/amp"),
        ("feed", "/feed"),
        ("license", "//licence.example"),
        ("pixel", "https://a.example/?republication-pixel=true&post=7"),
        ("pixel", "https://counter.b.example/content/113886/count.js"),
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((("jsonld", "2020-02-11"), ("meta.date", "2020-02-13T06:00Z")), "2020-02-11"),
        ((("time", "2020-02-11 06:30"), ("jsonld", "2020-02-11")), "2020-02-11 06:30"),
        ((("jsonld", "2020-02-11T00:00:00Z"), ("meta.x", "2020-02-11T06:30+01:00")), "2020-02-11T06:30+01:00"),
        ((("meta.date", "2020"), ("item", "11.02.2020")), "11.02.2020"),
        ((("url", "2020-02-11"), ("time", "2009-04-11T08:00Z")), "2020-02-11"),
        # The same moment by another clock, the zone of another date, and a clock that calls itself UTC.
        ((("jsonld", "2020-02-12T03:28:35Z"), ("meta.date", "2020-02-11 22:28:35")), "2020-02-11T22:28:35-05:00"),
        ((("jsonld", "2020-02-11T23:30Z"), ("line", "2020-02-12T00:30")), "2020-02-12T00:30:00+01:00"),
        ((("meta.date", "2020-02-11T22:04Z"), ("time", "2020-02-15T08:00:00+02:00")), "2020-02-12T00:04:00+02:00"),
        ((("jsonld", "2020-02-11T20:00:00Z"), ("time", "2020-02-11T20:00:00+09:00")), "2020-02-11T20:00:00Z"),
        ((("jsonld", "2020-02-11T20:00:00Z"), ("line", "2020-02-11T20:07")), "2020-02-11T20:00:00Z"),
        ((("time", "yesterday"),), None),
        ((), None),
    ],
)
def test_one_date_is_chosen(stated: tuple[tuple[str, str], ...], expected: str | None) -> None:
    assert chosen([Mark(f"date.published.{place}", value) for place, value in stated], "published") == expected


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2020-02-11T23:30:00-08:00", "2020-02-11"),
        ("20200211", "2020-02-11"),
        ("Di., 11.02.2020 - 14:45", "2020-02-11"),
        ("01-11-2023 10:29", "2023-11-01"),
        ("Feb 11, 2020", "2020-02-11"),
        ("2020-13-45", None),
        ("February 2020", None),
        ("1/0/2020" * 20, None),
    ],
)
def test_days(stamp: str, expected: str | None) -> None:
    found = day_of(stamp)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2020/02/11/rain", "2020-02-11"),
        ("https://a.example/news/20200211-rain", "2020-02-11"),
        ("https://a.example/2020/02/rain", None),
        ("https://a.example/2020/13/41/rain", None),
        ("https://a.example/news/2039026", None),
    ],
)
def test_days_of_addresses(url: str, expected: str | None) -> None:
    assert of_address(url) == expected


def test_the_nearest_time_over_the_text_is_its_own() -> None:
    html = (
        "<time>1 May 2001</time>"
        + "<p>a</p>" * 20
        + "<time datetime=2020-02-11>x</time><p>b</p><time>2 May 2002</time>"
    )
    times = [mark for mark in marks_of(html, (22, 22)) if mark.name.startswith("date.")]
    assert times == [Mark("date.published.time", "2020-02-11")]


def test_of_the_dates_of_comments_none_is_the_articles() -> None:
    html = "<time>11 February 2020</time><p>a</p>" + "".join(
        f"<p>c</p><time itemprop=datePublished datetime=2020-02-{day}>x</time>" for day in (12, 13)
    )
    dates = [mark for mark in marks_of(html, (1, 5)) if mark.name.startswith("date.")]
    assert dates == [Mark("date.published.time", "11 February 2020")]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ("<p>Posted on 11 February 2020</p>", "2020-02-11"),
        ("<h1>Rain</h1><p>By Ann Example</p><p>Published Feb. 11, 2020 at 10:28 p.m.</p>", "2020-02-11T22:28"),
        ("<h1>Rain</h1><p>Опубликовано 11 февраля 2020, 00:04</p>", "2020-02-11T00:04"),
        # Another story over the headline; a link to the stories of a day; a day that never was; a period.
        (
            "<aside><p>12.02.2020</p><p>Sun</p><p>More</p></aside>"
            "<h1>Rain</h1><p>By Ann</p><p>Photo: B</p><p>11.02.2020</p>",
            "2020-02-11",
        ),
        ("<p>11.02.2020</p><h1>Rain</h1><p><a href=/archive>12.02.2020</a></p>", "2020-02-11"),
        ("<p>31.02.2020</p>", None),
        ("<p>From 11.02.2020 to 13.02.2020</p>", None),
    ],
)
def test_the_line_that_dates_an_article(over: str, expected: str | None) -> None:
    article = read_page(Page(f"<html lang=en><body>{over}<div class=x>{STORY}</div>", Place("a.html"), {}))
    assert isinstance(article, Article)
    assert [mark.value for mark in article.marks if mark.name == "date.published.line"] == (
        [expected] if expected else []
    )
    assert expected is None or article.published == expected


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        # Under the text, or in a sidebar before it; the line that says so goes before the one that does not.
        ("{story}<p>Posted on 11 February 2020</p>", "2020-02-11"),
        ("{story}<p>12.02.2020</p><p>Erschienen am: 11.02.2020</p>", "2020-02-11"),
        ("{story}<p>12.02.2020</p><p class=post-date>11.02.20</p>", "2020-02-11"),
        ("{story}<p>Last modified: 12 February 2020</p><p>Published: 11 February 2020</p>", "2020-02-11"),
        ("<aside class=widget>12.02.2020</aside>{menu}{story}<p>11 | 02 | 2020</p>", "2020-02-11"),
        # What a link leads to, a comment and a licence do not tell the day; another day of the text does, for want.
        ("{story}<div class=comments><p>Posted 12 February 2020</p></div><p>2020/02/11</p>", "2020-02-11"),
        ("{story}<p>© 12.02.2020 The Ferry</p>", None),
        ("{story}<p>From 11.02.2020 to 13.02.2020</p><p>31.02.2020</p><p>Call 11.02.19.99</p>", None),
        ("{story}<div class=comments><p>12 February 2020</p></div>", "2020-02-12"),
        # Data of a script, but not of any kind.
        ("{story}<script>x = {{'until': '2021-01-01', \"published_at\": '2020-02-11T08:00'}}</script>", "2020-02-11"),
        ("{story}<script>x = {{'until': '2021-01-01'}}</script>", None),
    ],
)  # fmt: skip
def test_the_likely_day_of_a_page_that_states_none(around: str, expected: str | None) -> None:
    menu = "<ul>" + "<li><a href=/a>Rain and sun</a>" * 30 + "</ul>"
    body = around.format(story=f"{STORY}<p>{'x ' * 20}</p>", menu=menu)
    # With the other extractor htmldate is asked, too.
    article = read_page(Page(f"<html lang=en><title>Rain</title><body>{body}", Place("a.html"), {}), "resiliparse")
    assert isinstance(article, Article)
    assert article.published == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-GB", "2020-02-03"), ("fr", "2020-02-03"), ("en", None), ("en-US", None), (None, None)],
)
def test_slashes_tell_a_day_where_the_language_does(language: str | None, expected: str | None) -> None:
    line = "Posted 03/02/2020"
    day = likely_day(line, [(0, len(line), "p", "", ())], (0, 0), language, "")
    assert (day and day.value) == expected


def test_languages() -> None:
    assert language_of("Der Rat tagte am Montag bis tief in die Nacht und beschloss nichts.") == "de"
    assert language_of("5 + 6") is None


def test_a_year_alone_is_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    import htmldate

    for found, expected in (("2019-01-01", None), ("2019-03-02", "2019-03-02"), (None, None)):
        monkeypatch.setattr(htmldate, "find_date", lambda *_, found=found, **__: found)
        mark = fallback("<p>Copyright 2019</p>", None)
        assert (mark and mark.value) == expected
