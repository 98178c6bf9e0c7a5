"""Passages: every shared run of 25 words makes a pair a candidate and is listed, whatever else the bodies hold."""

import re

import numpy as np
import oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from places import shared_file

import dedup
from dedup.article import Article
from dedup.boilerplate import layout_of
from dedup.intake import Intake
from dedup.match import PASSAGE_WORDS, find_matches
from dedup.provenance.passages import SharedPassages

# No cue knows them, and no two fold to one.
VOCABULARY = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Return two texts of few different words, of which one may hold runs of the other, in any order."""
    words = st.sampled_from(VOCABULARY[: draw(st.integers(4, len(VOCABULARY)))])
    source = draw(st.lists(words, min_size=30, max_size=160))
    copy: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        copy += draw(st.lists(words, max_size=40))
        start = draw(st.integers(0, len(source) - 1))
        copy += source[start : start + draw(st.integers(20, 60))]
    return source, copy + draw(st.lists(words, min_size=1, max_size=40))


def says_something(words: list[str], run: tuple[int, int, int]) -> bool:
    """Say whether half as many shingles of a run differ as 25 words have: "ha ha ha" is no passage."""
    first, _, length = run
    shingles = {tuple(words[at : at + 5]) for at in range(first, first + length - 4)}
    return len(shingles) >= (PASSAGE_WORDS - 5) // 2


def longest_gap(run: range, taken: set[int]) -> int:
    """Return the most words of a run on end of which none is taken."""
    marks = "".join("x" if at in taken else "." for at in run)
    return max(map(len, marks.split("x")))


@settings(max_examples=200, deadline=None)
@given(pairs())
def test_every_shared_run_is_a_candidate_and_listed(pair: tuple[list[str], list[str]]) -> None:
    texts = [" ".join(words) for words in pair]
    runs = [run for run in oracle.shared_runs(*pair, PASSAGE_WORDS) if says_something(pair[0], run)]
    articles = [Article(str(at), text, outlet=f"{at}.org") for at, text in enumerate(texts)]
    intake = Intake.of(articles)
    intake.learn()
    matches = find_matches(intake.core, 1.0)
    same = len({*matches.group.tolist()}) == 1
    assert same or not runs or len(matches.left) + len(matches.linked.left) == 1

    layout = layout_of(intake.core, np.arange(2, dtype=np.uint32))
    assert not layout.kind.any()
    (passages,) = SharedPassages.of(texts, layout.bodies(), [(0, 1)], PASSAGE_WORDS).passages(texts[:1])
    starts = [[found.start() for found in re.finditer(r"\S+", text)] for text in texts]
    taken: tuple[set[int], set[int]] = (set(), set())
    for passage in passages:
        for side, ends in enumerate((passage.source, passage.copy)):
            taken[side].update(at for at, start in enumerate(starts[side]) if ends.start <= start < ends.end)
    for first, second, length in runs:
        # Runs that overlap in either text share it out; what one of them is left may be too short to be listed.
        sides = (range(first, first + length), range(second, second + length))
        assert min(longest_gap(side, words) for side, words in zip(sides, taken, strict=True)) < PASSAGE_WORDS
    if runs:
        longest = max(length for _, _, length in runs)
        assert max(passage.words for passage in passages) >= longest


def test_the_pairs_of_textreuse_are_found_and_no_other_law() -> None:
    path = shared_file("textreuse_r/documents.jsonl.gz")
    rows = (line.split("\t") for line in path.with_name("pairs.tsv").read_text().splitlines()[1:])
    wanted = {frozenset(row[:2]): row[2] for row in rows}
    report = dedup.scan(dedup.read([str(path)]))
    found = {frozenset((pair.left, pair.right)) for family in report.families for pair in family.pairs}
    assert {pair: pair in found for pair in wanted} == {pair: label != "none" for pair, label in wanted.items()}
