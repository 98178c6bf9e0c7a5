"""Two articles: which passages they share, what the second changed, and how that is told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prose import body, paragraphs
from typer.testing import CliRunner

import dedup
from dedup.article import Article
from dedup.cli import app
from dedup.provenance.edits import MOST_EDITS
from dedup.provenance.model import EditKind, RepublicationKind

STORY = (
    "The ferry Patience left the harbour of Lower Ardmoyle at 7 in the morning with 140 people on board.\n\n"
    "Captain Hetty Obuya said that she had never seen such fog on the loch. Nobody was hurt when the ferry struck the"
    " old mole. The passengers were taken ashore in rowing boats before noon.\n\n"
    "The harbour board will hear witnesses on Thursday. It closed the mole after a similar accident in 1987."
)


def edits(before: str, after: str) -> list[tuple[str, str, str]]:
    found = dedup.compare(Article("a", STORY), Article("b", STORY.replace(before, after)))
    return [(str(edit.kind), edit.source_text, edit.copy_text) for edit in found.edits.listed]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("140", "215", ("number", "140", "215")),
        ("Hetty Obuya", "Dorrit Pask", ("name", "Hetty Obuya", "Dorrit Pask")),
        ("taken ashore", "brought to land", ("words_substituted", "taken ashore", "brought to land")),
        ("old mole", "mole", ("words_removed", "old", "")),
        ("the mole", "the stone mole", ("words_inserted", "", "stone")),
        ("never", "NEVER", ("emphasis", "never", "NEVER")),
        ("such fog", "such fog (emphasis added)", ("emphasis", "", "emphasis added")),
        (" Nobody was hurt when the ferry struck the old mole.", "",
         ("sentence_removed", "Nobody was hurt when the ferry struck the old mole", "")),
        ("before noon.", "before noon. A dog was found two days later.",
         ("sentence_inserted", "", "A dog was found two days later")),
    ],
)  # fmt: skip
def test_each_kind_of_edit(before: str, after: str, expected: tuple[str, str, str]) -> None:
    (told,) = edits(before, after)
    assert (told[0], told[1].rstrip("."), told[2].rstrip(".")) == expected


def test_a_moved_paragraph_is_told_once() -> None:
    first, second, third = STORY.split("\n\n")
    found = dedup.compare(Article("a", STORY), Article("b", "\n\n".join((third, first, second))))
    (edit,) = found.edits.listed
    assert (edit.kind, edit.source_text) == (EditKind.MOVED, third.rstrip("."))
    assert len(found.passages) == 2


def test_the_same_words_have_no_edits() -> None:
    found = dedup.compare(Article("a", STORY), Article("b", STORY.replace("\n\n", " ").replace(".", " !")))
    assert found.edits.listed == ()
    assert [passage.verbatim for passage in found.passages] == [True]


def test_headlines_are_compared() -> None:
    found = dedup.compare(Article("a", STORY, title="Fog"), Article("b", STORY, title="Ferry runs aground"))
    (edit,) = found.edits.listed
    assert (edit.kind, edit.source_text, edit.copy_text) == (EditKind.HEADLINE, "Fog", "Ferry runs aground")


def test_edits_beyond_the_bound_are_counted() -> None:
    words = body("many", 30).split()
    changed = " ".join("new" if at % 9 == 4 else word for at, word in enumerate(words))
    found = dedup.compare(Article("a", " ".join(words)), Article("b", changed)).edits
    assert len(found.listed) == MOST_EDITS
    assert found.left_out == len(range(4, len(words), 9)) - MOST_EDITS


@given(st.lists(st.integers(0, 7), max_size=10), st.integers(0, 3))
def test_every_edit_quotes_both_texts(order: list[int], own: int) -> None:
    story = paragraphs("story", 8, 30)
    source = "\n\n".join(story)
    copy = "\n\n".join([*(story[at].replace("the", "a") for at in order), *paragraphs("own", own, 30)])
    found = dedup.compare(Article("a", source), Article("b", copy))
    for edit in found.edits.listed:
        assert edit.source_text == (edit.source.of(source) if edit.source else "")
        assert edit.copy_text == (edit.copy.of(copy) if edit.copy else "")
        assert edit.source is not None or edit.copy is not None


QUOTE = (
    "“We will not leave this valley while one of us can still carry a stone, and whoever wants the water must first"
    " carry all of us down to the sea,” she told the board."
)


@pytest.mark.parametrize(
    ("shared", "kind"),
    [
        ("", None),
        (QUOTE, RepublicationKind.QUOTATION),
        (QUOTE.replace("“", "").replace("”", ""), RepublicationKind.EXCERPT),
        (body("a long one", 2, 60), RepublicationKind.EXCERPT),
    ],
)
def test_kinds_of_what_is_shared(shared: str, kind: RepublicationKind | None) -> None:
    texts = ["\n\n".join([*paragraphs(f"own {side}", 6, 60)[:3], shared, *paragraphs(f"own {side}", 6, 60)[3:]])
             for side in "ab"]  # fmt: skip
    assert dedup.compare(Article("a", texts[0]), Article("b", texts[1])).kind is kind
    links = dedup.scan([Article("a", texts[0], outlet="a.org"), Article("b", texts[1], outlet="b.org")]).links
    assert [link.kind for link in links] == ([] if kind is None else [kind])


def test_an_article_without_words() -> None:
    found = dedup.compare(Article("a", "..."), Article("b", STORY))
    assert (found.kind, found.figures, found.passages) == (None, None, ())


def test_compare_on_the_command_line(tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    files[0].write_text(STORY)
    files[1].write_text(STORY.replace("140", "215"))
    runner = CliRunner()
    shown = runner.invoke(app, ["compare", *map(str, files)])
    assert shown.exit_code == 0
    assert "1 number changed" in shown.stdout
    told = runner.invoke(app, ["compare", *map(str, files), "--json"])
    document = json.loads(told.stdout)
    assert [(edit["kind"], edit["copy_text"]) for edit in document["edits"]] == [("number", "215")]
    assert STORY[document["edits"][0]["source"]["start"] :].startswith("140")


@pytest.mark.parametrize(
    ("content", "code"), [('{"id": "a", "text": "Rain."}\n{"id": "b", "text": "Snow."}\n', 2), ("{broken\n", 3)]
)
def test_what_is_not_one_article_is_refused(tmp_path: Path, content: str, code: int) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.jsonl").write_text(content)
    told = CliRunner().invoke(app, ["compare", str(tmp_path / "a.txt"), str(tmp_path / "b.jsonl")])
    assert told.exit_code == code
    assert "b.jsonl" in told.stderr
