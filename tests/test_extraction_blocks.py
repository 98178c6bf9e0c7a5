"""Blocks of an article that their markup gives away: what goes, what stays in any case, and within which bounds."""

from importlib.resources import files

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import _core
from dedup.article import Article
from dedup.extraction import blocks
from dedup.extraction.extractors import TRAFILATURA, extract
from dedup.extraction.given import Page
from dedup.extraction.page import read_page
from dedup.place import Place

PARAGRAPH = (
    "On {} the harbour board of Port Ellery met again, and the clerk wrote down that the dredging of the northern "
    "basin would cost {} hundred crowns more than had been promised to the islands in the spring."
)
STORY = [PARAGRAPH.format(day, cost) for day, cost in (("Monday", "two"), ("Tuesday", "three"), ("Friday", "five"))]


BODY = "<main><article class=entry-content><div>" + "".join(f"<p>{text}</p>" for text in STORY) + "</div>"
TITLES = ("A New Ferry", "Tides of March", "The Wall Is Down", "Read More")
LISTED = "".join(f"<li><a href=/{number}>{title}</a>" for number, title in enumerate(TITLES))
PAGE = f"{BODY}<aside class=related-posts><ul>{LISTED}</ul></aside></article></main>"


def kept_of(html: str) -> list[int]:
    """Return which blocks stay if the whole page is taken for the article."""
    page = _core.Page(html)
    return blocks.judged(page, page.rows, range(len(page.rows)), blocks.load_weights())


def test_links_under_the_article_go_and_its_paragraphs_stay() -> None:
    kept = kept_of(PAGE)
    assert kept[:3] == [0, 1, 2]
    assert 6 not in kept


def test_paragraphs_and_the_headline_stay() -> None:
    assert kept_of(f'<main class="share related"><h1><a href=/x>Share this</a></h1>{BODY}') == [0, 1, 2, 3]
    assert blocks.bounded([2, 40, 40, 40], [9.0, 0.0, 0.0, 0.0], {0}, 1.0) == set()
    assert blocks.bounded([2, 40, 40, 40], [9.0, 0.0, 0.0, 0.0], (), 1.0) == {0}


def test_a_score_is_the_sum_of_what_holds() -> None:
    page = _core.Page(PAGE)
    weights = _core.Weights(-1.0, {"tag a": 2.0, "start upper": -0.25, "tag p": 0.5, "unheard of": 9.0})
    assert [score for score, _, _ in page.weighed(range(7), weights)] == [-0.75] * 3 + [0.75] * 4
    assert [words for _, _, words in page.weighed(range(7), weights)] == [
        len(text.split()) for text in (*STORY, *TITLES)
    ]
    with pytest.raises(ValueError, match="there is no block 7: the page has 7"):
        page.weighed([7], weights)


def test_every_trait_weighs_what_is_written_down() -> None:
    page = _core.Page(PAGE)
    weights = blocks.load_weights()
    summed = [weights.bias + sum(weights.of.get(trait, 0.0) for trait in own) for own in page.traits(range(7))]
    assert [score for score, _, _ in page.weighed(range(7), weights.core)] == pytest.approx(summed)
    assert len({round(score, 6) for score in summed}) > 3


def test_a_block_is_judged_with_the_others_of_its_place() -> None:
    assert blocks.with_kin([3.0, 1.0, 3.0, 5.0], [0, 1, 1, 1]) == [3.0, 2.5, 3.0, 3.5]


def test_traits_tell_place_style_links_and_neighbours() -> None:
    own = _core.Page(PAGE).traits(range(7))[3]
    assert {"tag a", "in aside", "class related", "class posts", "far under 1", "titled 6 2"} <= set(own)
    assert {"previous end stop", "next alike 2", "start upper", "from end 3"} <= set(own)
    assert "class entry" not in own  # what holds the whole article tells nothing


def test_the_weights_are_small_and_say_how_they_were_learned() -> None:
    stored = files("dedup.extraction") / "blocks.json"
    assert len(stored.read_bytes()) <= 200_000
    weights = blocks.load_weights()
    assert orjson.loads(stored.read_bytes())["about"]["precision"] >= 0.7
    assert {name.partition(" ")[0] for name in weights.of} >= {"tag", "class", "links", "previous", "next", "far"}


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(-9, 9)), min_size=1, max_size=30), st.floats(-9, 9))
def test_what_goes_is_bounded(drawn: list[tuple[int, float]], threshold: float) -> None:
    sizes, scores = [size for size, _ in drawn], [score for _, score in drawn]
    gone = blocks.bounded(sizes, scores, (), threshold)
    total, left = sum(sizes), sum(size for at, size in enumerate(sizes) if at not in gone)
    assert left >= min(total, 30)
    assert left >= 0.3 * total - 1e-9
    assert all(scores[at] >= threshold for at in gone)


HTML = (
    "<html lang=en><title>The basin</title><main><article><h1>The basin</h1><div class=entry-content>"
    + "".join(f"<p>{text}</p>" for text in STORY)
    + "<p class=credit-line>Source: Northern Watch</p></div></article></main>"
)


def test_what_goes_is_still_read_as_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "load_weights", lambda: blocks.Weights(0.0, 1.0, {"class credit": 5.0}))
    article = read_page(Page(HTML, Place("a.html"), {"url": "https://harbourledger.example/basin"}))
    assert isinstance(article, Article)
    assert article.main is not None
    main = "\n".join(part.of(article.text) for part in article.main)
    assert all(text in main for text in STORY)
    assert "Northern Watch" not in main
    assert any("Northern Watch" in evidence.quote for evidence in dedup.inspect(article).reading.evidence)


def test_without_markup_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.extraction import page

    def refuse(*_: object) -> list[int]:
        raise AssertionError("a page that shows nothing of its article was judged")

    monkeypatch.setattr(blocks, "judged", refuse)
    monkeypatch.setattr(page, "extract", lambda *_: "\n".join(STORY))
    article = read_page(Page("<html lang=en><p>Rain fell on the town.", Place("a.html"), {}))
    assert isinstance(article, Article)
    assert article.main is not None
    assert article.text.endswith(STORY[-1])


def test_a_fragment_in_a_root_of_its_own_is_read() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in STORY)
    assert STORY[0] in extract(f"<text id=a><div>{paragraphs}</div></text>", TRAFILATURA, 500)


def test_a_menu_or_an_error_is_no_article_without_a_page_around_it() -> None:
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(20))
    assert extract(f"<text><nav><ul>{menu}</ul></nav></text>", TRAFILATURA, 0) == ""
