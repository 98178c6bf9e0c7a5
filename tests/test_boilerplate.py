"""Boilerplate: blocks cover the text, what recurs under different bodies is learned, what is re-run is not."""

import random

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import body, paragraphs

from dedup.article import Article, Block, Kind, Span
from dedup.boilerplate import LEAST_BODIES, Layout, layout_of
from dedup.intake import Intake, as_given

# No cue knows these lines: they can only be learned.
FOOTER = "Larch and Linnet keeps the lamps of seven hamlets lit from dusk until the last wagon is home."
STRAP = "Seven hamlets, seven lamps, one larder of letters since the winter of the long thaw."
WHITE_AROUND = regex.compile(r"^\p{White_Space}|\p{White_Space}\Z")
# Lines that cues know, each alone on a page.
CUED = [
    ("Share this article on Facebook", Kind.SHARE),
    ("Subscribe to our newsletter", Kind.SUBSCRIBE),
    ("Donate now", Kind.DONATION),
    ("© 2021 Dry Herald. All rights reserved.", Kind.COPYRIGHT),
    ("Fair Use Notice: see our legal page.", Kind.FAIR_USE),
    ("The original source of this article is Northern Watch", Kind.CREDIT),
]


def laid_out(texts: list[str], outlets: list[int] | None = None, **known: object) -> Layout:
    """Return the layout of pages in the given order, each of the outlet of that number."""
    articles = [
        Article(f"{i:06}", text, outlet=f"outlet {number}", **known)  # type: ignore[arg-type]
        for i, (text, number) in enumerate(zip(texts, outlets or [0] * len(texts), strict=True))
    ]
    intake = Intake()
    intake.core.push([as_given(article) for article in articles])  # blank texts too, which a scan refuses
    intake.sort()
    intake.learn()
    return layout_of(intake.core, np.arange(len(texts), dtype=np.uint32))


def marked(text: str, blocks: list[Block]) -> dict[str, Kind]:
    """Return the boilerplate of a text with its kinds."""
    return {block.span.of(text): block.kind for block in blocks if block.kind is not None}


def pages_with(line: str, count: int) -> list[str]:
    return [f"{body(f'page {i}', 3)}\n\n{line}" for i in range(count)]


PIECES = [
    FOOTER,
    "Share this",
    "\n",
    "\n\n",
    " ",
    "\r\n",
    "\u2028",
    "By Jane Doe",
    "Rain fell.",
    "©",
    "\x00",
    "渡轮",
    "\t",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec="utf-8"), max_size=8)), max_size=30))
def test_blocks_stand_in_order_apart_and_hold_all_but_white_space(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    between = ""
    for block in laid_out([text]).of(0):
        assert end <= block.span.start < block.span.end <= len(text)
        between += text[end : block.span.start]
        end = block.span.end
        assert not WHITE_AROUND.search(block.span.of(text))
    assert not regex.search(r"\P{White_Space}", between + text[end:])


@given(st.lists(st.lists(st.sampled_from([*PIECES, body(1, 1), body(2, 1)]), max_size=8).map("\n".join), max_size=6))
def test_the_bodies_are_the_blocks_of_no_kind(texts: list[str]) -> None:
    layout = laid_out(texts)
    bodies = layout.bodies()
    for place in range(len(texts)):
        first, last = bodies.offsets[place], bodies.offsets[place + 1]
        spans = [Span(*ends) for ends in zip(bodies.starts[first:last].tolist(), bodies.ends[first:last].tolist(),
                                             strict=True)]  # fmt: skip
        assert spans == [block.span for block in layout.of(place) if block.kind is None]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        (" \n\t\n", []),
        ("Rain fell.", ["Rain fell."]),
        ("Rain fell.\nSnow lay.", ["Rain fell.", "Snow lay."]),
        ("  Rain fell. \r\n\r\n Snow\u2028lay.\u2029", ["Rain fell.", "Snow", "lay."]),
    ],
)
def test_blocks_of_short_texts(text: str, blocks: list[str]) -> None:
    assert [block.span.of(text) for block in laid_out([text]).of(0)] == blocks


def test_a_footer_under_different_bodies_is_learned() -> None:
    texts = pages_with(FOOTER, 5)
    layout = laid_out(texts)
    for place, text in enumerate(texts):
        *story, footer = layout.of(place)
        assert (footer.span.of(text), footer.kind, footer.cues, footer.pages) == (FOOTER, Kind.OTHER, (), 5)
        assert all(block.kind is None and block.pages == 0 for block in story)


def test_a_line_over_different_bodies_is_learned() -> None:
    texts = [f"{STRAP}\n\n{body(f'page {i}', 3)}" for i in range(4)]
    assert all(marked(text, laid_out(texts).of(i)) == {STRAP: Kind.OTHER} for i, text in enumerate(texts))


@pytest.mark.parametrize(("count", "learned"), [(LEAST_BODIES - 1, False), (LEAST_BODIES, True)])
def test_so_many_bodies_teach_a_block(count: int, learned: bool) -> None:
    texts = pages_with(FOOTER, count)
    assert (marked(texts[0], laid_out(texts).of(0)) == {FOOTER: Kind.OTHER}) is learned


def test_digits_do_not_tell_lines_apart() -> None:
    texts = [
        f"{body(f'page {i}', 3)}\n\nLarch and Linnet, lamp number {i * 37} of the seven hamlets." for i in range(4)
    ]
    layout = laid_out(texts)
    assert [len(marked(text, layout.of(i))) for i, text in enumerate(texts)] == [1, 1, 1, 1]


def test_a_table_is_told_apart_by_its_numbers() -> None:
    rows = [
        "Net profit {0},{1} vs loss {1},{0}",
        "Revs {0}.{1} mln vs {1}.{0} mln",
        "Harbour United {0} {1} {2} {0}",
        "Shares sold {2} vs {0} a year before",
    ]
    texts = []
    for i in range(5):
        figures = [str(100 + 7 * i + n) for n in range(3)]
        texts.append("\n\n".join([body(f"page {i}", 3), *(row.format(*figures) for row in rows)]))
    assert not laid_out(texts).kind.any()


def test_pages_of_different_outlets_teach_nothing() -> None:
    texts = pages_with(FOOTER, 6)
    layout = laid_out(texts, [0, 0, 1, 1, 2, 2])
    assert not layout.kind.any()


@pytest.mark.parametrize("changed", [0, 1], ids=["as it was", "with a new first paragraph"])
def test_a_story_run_fifty_times_is_no_boilerplate(changed: int) -> None:
    story = paragraphs("story", 8)
    texts = ["\n\n".join([*paragraphs(f"new {i}", changed), *story]) for i in range(50)]
    layout = laid_out(texts)
    assert not layout.kind.any()
    assert not layout.pages.any()


def test_a_rerun_story_keeps_its_body_and_loses_the_footer_others_teach() -> None:
    rerun = f"{body('story', 8)}\n\n{FOOTER}"
    texts = [rerun] * 50 + pages_with(FOOTER, 3)
    layout = laid_out(texts)
    assert all(marked(text, layout.of(i)) == {FOOTER: Kind.OTHER} for i, text in enumerate(texts))


def test_a_page_is_never_left_without_a_body() -> None:
    texts = [*pages_with(FOOTER, 5), FOOTER]
    assert [block.kind for block in laid_out(texts).of(5)] == [None]


def test_a_paragraph_in_the_middle_of_unrelated_bodies_is_no_boilerplate() -> None:
    quoted = body("quoted", 1)
    texts = ["\n\n".join([body(f"before {i}", 3), quoted, body(f"after {i}", 3)]) for i in range(5)]
    assert not laid_out(texts).kind.any()


def test_a_statement_that_two_hundred_articles_quote_is_no_boilerplate() -> None:
    statement = f"\u201c{body('statement', 1)}\u201d"
    chooser = random.Random(5)
    texts = []
    for i in range(200):
        story = paragraphs(f"story {i}", 6)
        story.insert(chooser.randint(1, 5), statement)
        texts.append("\n\n".join([*story, FOOTER]))
    layout = laid_out(texts)
    assert all(marked(text, layout.of(i)) == {FOOTER: Kind.OTHER} for i, text in enumerate(texts))


@pytest.mark.parametrize(("line", "kind"), CUED)
def test_a_corpus_of_one_article_comes_out_by_cues_alone(line: str, kind: Kind) -> None:
    text = f"{body('story')}\n\n{line}"
    (*story, last) = laid_out([text]).of(0)
    assert (last.span.of(text), last.kind, last.pages) == (line, kind, 0)
    assert last.cues
    assert [block.kind for block in story] == [None] * 4


def test_a_cue_names_the_kind_of_what_is_also_learned() -> None:
    line, kind = CUED[0]
    texts = pages_with(line, 4)
    last = laid_out(texts).of(0)[-1]
    assert (last.kind, last.pages) == (kind, 4)
    assert last.cues


@pytest.mark.parametrize(
    ("lines", "title", "kinds"),
    [
        (["The storm of the year", "BODY"], "The storm of the year", [Kind.OTHER, None]),
        (["THE STORM, of the year!", "BODY"], "The storm of the year", [Kind.OTHER, None]),
        (["News", "Weather", "The storm of the year", "BODY"], "The storm of the year", [None, None, Kind.OTHER, None]),
        (["BODY", "BODY", "BODY", "The storm of the year"], "The storm of the year", [None, None, None, None]),
        # Where no title is known, only a byline or a date right under it makes a line one.
        (["The storm of the year", "BODY", "BODY"], None, [None, None, None]),
        (["The storm of the year", "By Jane Doe", "BODY"], None, [Kind.OTHER, Kind.BYLINE, None]),
        (["The storm of the year", "March 3, 2021", "BODY"], None, [Kind.OTHER, Kind.DATE, None]),
        (["BODY", "By Jane Doe", "BODY"], None, [None, Kind.BYLINE, None]),
    ],
)
def test_headlines(lines: list[str], title: str | None, kinds: list[Kind | None]) -> None:
    text = "\n\n".join(body(f"paragraph {i}", 1) if line == "BODY" else line for i, line in enumerate(lines))
    assert [block.kind for block in laid_out([text], title=title).of(0)] == kinds


@pytest.mark.parametrize(
    ("first", "last", "kinds"),
    [
        (0, 3, [None, None, None]),
        (1, 3, [Kind.OTHER, None, None]),
        (1, 2, [Kind.OTHER, None, Kind.OTHER]),
        (0, 0, [Kind.OTHER, Kind.OTHER, Kind.OTHER]),
    ],
)
def test_what_stands_outside_the_main_part_is_no_body(first: int, last: int, kinds: list[Kind | None]) -> None:
    story = paragraphs("story", 3)
    text = "\n\n".join(story)
    start = len("\n\n".join(story[:first])) + 2 * bool(first)
    main = Span(start, len("\n\n".join(story[:last])) if last else 0)
    assert [block.kind for block in laid_out([text], main=(main,)).of(0)] == kinds


def test_the_body_is_what_stands_in_one_of_the_main_parts() -> None:
    story = paragraphs("story", 5)
    starts = [len("\n\n".join(story[:at])) + 2 * bool(at) for at in range(5)]
    spans = [Span(start, start + len(block)) for start, block in zip(starts, story, strict=True)]
    main = (Span(spans[0].start, spans[1].end), spans[3])
    kinds = [None, None, Kind.OTHER, None, Kind.OTHER]
    assert [block.kind for block in laid_out(["\n\n".join(story)], main=main).of(0)] == kinds


def test_a_main_part_changes_no_kind_that_is_known() -> None:
    text = f"{body('story', 2)}\n\nShare this article on Facebook"
    assert laid_out([text], main=(Span(0, 10),)).of(0)[-1].kind is Kind.SHARE


MIXED = [
    *(f"{STRAP}\n\n{body(f'strap {i}', 3)}\n\n{FOOTER}\n\nShare this article on Facebook" for i in range(4)),
    *([f"{body('rerun', 4)}\n\n{FOOTER}"] * 3),
    *pages_with("Another lamp of another hamlet burns here for whoever passes by at night.", 4),
    "",
    body("alone"),
]
OUTLETS = [0] * 7 + [1] * 4 + [2, 3]


@settings(max_examples=20)
@given(st.permutations(range(len(MIXED))))
def test_the_order_of_articles_changes_nothing(order: list[int]) -> None:
    straight = laid_out(MIXED, OUTLETS)
    shuffled = laid_out([MIXED[i] for i in order], [OUTLETS[i] for i in order])
    assert [straight.of(i) for i in order] == [shuffled.of(place) for place in range(len(order))]


def test_the_numbers_of_outlets_mean_nothing() -> None:
    numbers = list(range(4))
    random.Random(1).shuffle(numbers)
    straight, renamed = laid_out(MIXED, OUTLETS), laid_out(MIXED, [900 + numbers[outlet] for outlet in OUTLETS])
    assert [straight.of(i) for i in range(len(MIXED))] == [renamed.of(i) for i in range(len(MIXED))]
