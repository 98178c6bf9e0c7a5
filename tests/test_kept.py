"""The text of an article on a page, for people to read: without the comments on it, with its byline and its date."""

from importlib.resources import files

import pytest

import dedup
from dedup.article import Article, Block, Kind, Span
from dedup.boilerplate.kept import is_of_article, kept
from dedup.extraction.comments import comments_from, headings
from dedup.extraction.given import Page
from dedup.extraction.page import read_page
from dedup.place import Place
from dedup.report.document import page_document
from dedup.rules import rule_file

PARAGRAPH = (
    "On {} the harbour board of Port Ellery met again, and the clerk wrote down that the dredging of the northern "
    "basin would cost {} hundred crowns more than had been promised to the islands in the spring."
)
STORY = [PARAGRAPH.format(day, cost) for day, cost in (("Monday", "two"), ("Tuesday", "three"), ("Friday", "five"))]
REMARKS = [f"I have fished there for {years} years and never saw a dredger that came on time, {who}." for years, who in
           ((20, "said nobody"), (31, "mark my words"), (44, "so there"))]  # fmt: skip
HEADINGS = rule_file(files("dedup.extraction") / "comments.toml")["heading"]


@pytest.mark.parametrize("rule", HEADINGS, ids=lambda rule: rule["id"])
def test_a_rule_knows_itsheadings_and_no_others(rule):
    told = {HEADINGS[hit[1]]["id"] for hit in headings().captures(rule["yes"], "")}
    assert rule["id"] in told
    assert len({hit[0] for hit in headings().captures(rule["yes"], "")}) == len(rule["yes"]) >= 2
    assert headings().captures(rule["no"], "") == []


def page(*blocks: tuple[str, str]) -> tuple[str, list[tuple[int, int, str, str, tuple[str, ...]]]]:
    """Return a text of blocks, each given with the element it stands in, and their rows."""
    text, rows = "", []
    for element, line in blocks:
        start = len(text) + 2 if text else 0
        text = text + "\n\n" + line if text else line
        rows.append((start, start + len(line), f"div/{element}", "", ()))
    return text, rows


def begin(*blocks: tuple[str, str]) -> int:
    text, rows = page(*blocks)
    return comments_from(text, rows, range(len(rows)))


def test_comments_stand_under_a_heading_behind_a_paragraph():
    story, remarks = [("p", line) for line in STORY], [("p", line) for line in REMARKS]
    assert begin(*story, ("h3", "2 Comments"), *remarks) == 3
    assert begin(*story, ("h3/span", "Kommentare"), *remarks) == 3
    assert begin(*story, ("p", "Comments"), *remarks) == 7  # no heading
    assert begin(*story, ("h3", "Comment"), *remarks) == 7  # may head an opinion
    assert begin(("h3", "Comments"), *story) == 4  # over the text
    assert begin(*story[:1], ("h3", "Comments"), *story, *story * 40) == 125  # hardly anything stands over it


HTML = (
    "<html lang=en><title>The basin</title><main><article><h1>The basin</h1><p class=author>By Ann Lee</p>"
    + "".join(f"<p>{text}</p>" for text in STORY)
    + "<p>Share this article</p><h2>Comments</h2>"
    + "".join(f"<p>{text}</p>" for text in REMARKS)
    + "</article></main>"
)


def test_comments_are_read_and_no_part_of_the_article(monkeypatch):
    monkeypatch.setattr("dedup.extraction.page.extract", lambda *_: "\n".join(("By Ann Lee", *STORY, *REMARKS)))
    article = read_page(Page(HTML, Place("a.html"), {}))
    assert isinstance(article, Article)
    assert article.main is not None
    main = "\n".join(part.of(article.text) for part in article.main)
    assert all(line in main for line in STORY)
    assert not any(line in main for line in REMARKS)
    assert all(line in article.text for line in REMARKS)
    blocks = page_document(dedup.inspect(article))["blocks"]
    assert isinstance(blocks, list)
    of = {article.text[block["start"] : block["end"]]: block for block in blocks}
    assert (of["By Ann Lee"]["kind"], of["By Ann Lee"]["role"], of["By Ann Lee"]["kept"]) == (
        "byline", "boilerplate", True,
    )  # fmt: skip
    assert [of[line]["kept"] for line in (STORY[0], "Share this article", REMARKS[0])] == [True, False, False]


def test_a_headline_is_kept_and_a_line_that_the_outlet_repeats_is_not():
    article = Article("a", "Storm at sea\n\nBy Ann Lee\n\nRain fell.\n\nRead more")
    headline, byline, body = (
        Block(Span(0, 12), Kind.OTHER),
        Block(Span(14, 24), Kind.BYLINE, ("x",)),
        Block(Span(26, 36)),
    )
    related = Block(Span(38, 47), Kind.RELATED, ("y",))
    assert kept(article, [headline, byline, body, related]) == [True, True, True, False]
    repeated = byline._replace(pages=4, outlets=1)
    assert kept(article, [headline, repeated, body, related]) == [True, False, True, False]
    assert not is_of_article(byline._replace(kind=Kind.CREDIT))
