"""The lines that outlets repeat: as a file that people edit, and what they say of them goes before what was learned."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prose import body
from typer.testing import CliRunner

from dedup.article import Article, Block, Kind
from dedup.boilerplate import layout_of
from dedup.boilerplate.lines import Line, lines_as_toml, lines_of_toml
from dedup.cli import app
from dedup.errors import UsageError
from dedup.intake import Intake

HOUSE = "Whoever values the lamps of the hamlet brings {number} candles to {name} on the quay before the ferry leaves."
PLAIN = "Every lamp of the hamlet burns for whoever passes by at night."
GLUED = "Give what you can to the lamp fund of the hamlet."
NAMES = ["Ann Reed", "Bo Lind", "Cy Falk", "Di Marsh", "Ed Stone"]


def pages(outlet: str = "lamp.org") -> list[Article]:
    texts = [
        f"{body(f'story {at} of {outlet}', 3)} {GLUED}\n\n{HOUSE.format(number=at + 3, name=NAMES[at])}\n\n{PLAIN}"
        for at in range(5)
    ]
    return [Article(f"{outlet} {at}", text, url=f"https://{outlet}/{at}") for at, text in enumerate(texts)]


def laid_out(rulings: list[Line]) -> tuple[str, list[Block]]:
    """Return the text of one page and its blocks, after learning from all."""
    given = pages()
    intake = Intake.of(given)
    intake.learn(rulings)
    return given[2].text, layout_of(intake.core, np.arange(5, dtype=np.uint32)).of(2)


def tail(rulings: list[Line]) -> list[tuple[str, Kind | None]]:
    text, blocks = laid_out(rulings)
    return [(block.span.of(text), block.kind) for block in blocks[-3:]]


OF_PAGE = HOUSE.format(number=5, name="Cy Falk")


def test_lines_are_learned_whatever_changes_in_them_and_wherever_they_stand() -> None:
    assert tail([]) == [(GLUED, Kind.OTHER), (OF_PAGE, Kind.OTHER), (PLAIN, Kind.OTHER)]
    _, blocks = laid_out([])
    assert [block.pages for block in blocks[-3:]] == [5, 5, 5]


def test_what_one_outlet_repeats_is_boilerplate_at_the_end_of_any_page() -> None:
    other = f"{body('elsewhere', 3)}\n\n{HOUSE.format(number=99, name='Hal Orne')}\n\n{PLAIN}"
    inside = f"{PLAIN}\n\n{body('within', 3)}"
    given = [*pages(), Article("x", other, url="https://sea.org/1"), Article("y", inside, url="https://sea.org/2")]
    intake = Intake.of(given)
    intake.learn()
    layout = layout_of(intake.core, np.arange(7, dtype=np.uint32))
    assert [block.kind for block in layout.of(5)[-2:]] == [Kind.OTHER, Kind.OTHER]
    assert [(block.pages, block.outlets) for block in layout.of(5)[-2:]] == [(0, 1), (0, 1)]
    assert layout.of(6)[0].kind is None


def test_what_was_learned_is_listed_once() -> None:
    intake = Intake.of(pages())
    intake.learn()
    assert sorted((line.outlet, line.kind, line.pages, line.text) for line in intake.learned()) == sorted(
        ("lamp.org", Kind.OTHER, 5, text) for text in (GLUED, HOUSE.format(number=3, name="Ann Reed"), PLAIN)
    )


def test_a_line_says_how_many_outlets_taught_it() -> None:
    outlets = ("fog.org", "lamp.org", "sea.org")
    intake = Intake.of([page for outlet in outlets for page in pages(outlet)])
    intake.learn()
    assert {(line.outlet, line.pages, line.outlets) for line in intake.learned()} == {
        (outlet, 5, 3) for outlet in outlets
    }
    layout = layout_of(intake.core, np.arange(15, dtype=np.uint32))
    assert {(block.pages, block.outlets) for i in range(15) for block in layout.of(i) if block.kind} == {(5, 3)}


def test_an_article_with_little_else_keeps_what_its_own_outlet_repeats() -> None:
    news = "The ferry ran aground on Monday and nobody was hurt, the harbour master said in a note to all."
    other = "Seven hamlets, seven lamps, one larder of letters since the winter of the long thaw."
    texts = [*(body(f"story {at}", 3) for at in range(5)), news]
    house = [Article(str(at), f"{text}\n\n{other}\n\n{PLAIN}", outlet="lamp.org") for at, text in enumerate(texts)]
    intake = Intake.of(house)
    intake.learn()
    layout = layout_of(intake.core, np.arange(6, dtype=np.uint32))
    assert [block.kind for block in layout.of(4)[-2:]] == [Kind.OTHER] * 2
    assert [block.kind for block in layout.of(5)] == [None] * 3


def test_rulings_go_before_what_was_learned() -> None:
    said = HOUSE.format(number=77, name="Gus Vane")
    assert tail([Line("lamp.org", Kind.DONATION, said)])[1:] == [(OF_PAGE, Kind.DONATION), (PLAIN, Kind.OTHER)]
    assert tail([Line("lamp.org", None, said), Line("lamp.org", None, PLAIN)])[1:] == [(OF_PAGE, None), (PLAIN, None)]
    whole = tail([Line("lamp.org", None, GLUED)])
    assert whole[0][0].endswith(GLUED)
    assert whole[0][1] is None
    assert whole[0][0] != GLUED
    assert tail([Line("other.org", None, PLAIN)]) == tail([])
    first = body("story 2 of lamp.org", 3).split("\n\n")[0]
    _, blocks = laid_out([Line("lamp.org", Kind.RELATED, first)])
    assert blocks[0].kind is Kind.RELATED


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
lines = st.builds(Line, texts, st.none() | st.sampled_from(Kind), texts)


@given(st.lists(lines, max_size=5))
def test_a_file_gives_back_its_lines(given: list[Line]) -> None:
    assert lines_of_toml(b"".join(lines_as_toml(given)), "lines.toml") == given


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[[line]\n", "not a file of lines"),
        (b"\xff", "not a file of lines"),
        (b"line = 3", "each line under"),
        (b'[[line]]\noutlet = "a.org"\nkind = "share"\n', "line 1: give it an outlet"),
        (b'[[line]]\noutlet = "a.org"\nkind = "spam"\ntext = "x"\n', "no kind 'spam'"),
        (b"line = [3]", "line 1: give it"),
    ],
)
def test_a_file_that_says_something_else_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        lines_of_toml(data, "lines.toml")


def test_the_command_lists_lines_and_scan_reads_them(tmp_path: Path) -> None:
    corpus, file = tmp_path / "pages.jsonl", tmp_path / "lines.toml"
    import orjson

    corpus.write_bytes(b"".join(orjson.dumps({"id": a.id, "url": a.url, "text": a.text}) + b"\n" for a in pages()))
    run = CliRunner().invoke
    assert run(app, ["boilerplate", str(corpus), "-o", str(file)]).exit_code == 0
    written = lines_of_toml(file.read_bytes(), "lines.toml")
    assert {line.text for line in written} >= {GLUED, PLAIN}
    file.write_text(file.read_text().replace('kind = "other"', 'kind = "donation"'))
    scanned = run(app, ["scan", str(corpus), "--all", "--quiet", "--boilerplate", str(file), "-o", str(tmp_path / "r")])
    assert scanned.exit_code == 0
    report = orjson.loads((tmp_path / "r").read_bytes())
    assert {block["kind"] for article in report["articles"] for block in article["boilerplate"]} >= {"donation"}
    assert run(app, ["scan", str(corpus), "--boilerplate", str(tmp_path / "none")]).exit_code == 2
