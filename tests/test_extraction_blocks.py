"""Blocks of an article that their markup gives away: what goes, what stays in any case, and within which bounds."""

from importlib.resources import files

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.article import Article, Element, Span
from dedup.extraction import blocks
from dedup.extraction.extractors import TRAFILATURA, extract
from dedup.extraction.page import Page, read_page
from dedup.extraction.traits import shape_of, traits
from dedup.place import Place

PARAGRAPH = (
    "On {} the harbour board of Port Ellery met again, and the clerk wrote down that the dredging of the northern "
    "basin would cost {} hundred crowns more than had been promised to the islands in the spring."
)
STORY = [PARAGRAPH.format(day, cost) for day, cost in (("Monday", "two"), ("Tuesday", "three"), ("Friday", "five"))]


def laid_out(*rows: tuple[str, str, tuple[str, ...], tuple[str, ...]]) -> tuple[str, list[Element]]:
    """Return the text of blocks, each with its path, classes and links, and their elements."""
    elements = []
    at = 0
    for text, path, classes, links in rows:
        elements.append(Element(Span(at, at + len(text)), path, classes, links))
        at += len(text) + 2
    return "\n\n".join(row[0] for row in rows), elements


BODY = [(text, "main/article/div/p", ("entry-content",), ()) for text in STORY]
LISTED = [
    (title, "main/article/aside/ul/li/a", ("related-posts", "entry-content"), (f"/{number}",))
    for number, title in enumerate(("A New Ferry", "Tides of March", "The Wall Is Down", "Read More"))
]


def test_links_under_the_article_go_and_its_paragraphs_stay() -> None:
    text, elements = laid_out(*BODY, *LISTED)
    kept = blocks.judged(text, elements, range(len(elements)), blocks.load_weights())
    assert kept[:3] == [0, 1, 2]
    assert 6 not in kept


def test_paragraphs_and_the_headline_stay() -> None:
    text, elements = laid_out(("Share this", "main/h1/a", ("share", "related"), ("/x",)), *BODY)
    assert blocks.judged(text, elements, range(4), blocks.load_weights()) == [0, 1, 2, 3]
    assert blocks.bounded(text, elements, range(4), [9.0, 0.0, 0.0, 0.0], 1.0) == [0, 1, 2, 3]


def test_a_score_is_the_sum_of_what_holds() -> None:
    weights = blocks.Weights(-1.0, 0.5, {"tag a": 2.0, "start digit": -0.25})
    assert weights.score([("tag a", "start digit"), ("unheard of",)]) == 0.75
    assert weights.score([("tag a", "start digit"), ("tag a",)]) == 2.75


def test_a_block_is_judged_with_the_others_of_its_place() -> None:
    _, elements = laid_out(("a", "p", (), ()), ("b", "li", (), ()), ("c", "li", (), ()), ("d", "li", (), ()))
    assert blocks.with_kin([3.0, 1.0, 3.0, 5.0], elements, range(4)) == [3.0, 2.5, 3.0, 3.5]


def test_traits_tell_place_style_links_and_neighbours() -> None:
    text, elements = laid_out(*BODY, *LISTED)
    own = [trait for group in list(traits(text, elements, range(len(elements))))[3] for trait in group]
    assert {"tag a", "in aside", "class related", "class posts", "far under 1", "titled 6 2"} <= set(own)
    assert {"previous end stop", "next alike 2", "start upper", "from end 3"} <= set(own)
    assert "class entry" not in own  # what holds the whole article tells nothing


def test_traits_are_none_of_languages() -> None:
    japanese = shape_of("港湾委員会は月曜日に再び開かれた。" * 3, 0)
    assert (japanese.words, japanese.end, japanese.is_long) == (25, "stop", True)


def test_the_weights_are_small_and_say_how_they_were_learned() -> None:
    stored = files("dedup.extraction") / "blocks.json"
    assert len(stored.read_bytes()) <= 200_000
    weights = blocks.load_weights()
    assert orjson.loads(stored.read_bytes())["about"]["precision"] >= 0.7
    assert {name.partition(" ")[0] for name in weights.of} >= {"tag", "class", "links", "previous", "next", "far"}


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(-9, 9)), min_size=1, max_size=30), st.floats(-9, 9))
def test_what_goes_is_bounded(drawn: list[tuple[int, float]], threshold: float) -> None:
    text, elements = laid_out(*(("word " * (size - 1) + "word", "div/p", (), ()) for size, _ in drawn))
    scores = [score for _, score in drawn]
    main = range(len(drawn))
    kept = blocks.bounded(text, elements, main, scores, threshold)
    total, left = sum(size for size, _ in drawn), sum(drawn[number][0] for number in kept)
    assert kept == sorted(kept)
    assert left >= min(total, 30)
    assert left >= 0.6 * total
    assert all(scores[number] >= threshold for number in set(main) - set(kept))


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
