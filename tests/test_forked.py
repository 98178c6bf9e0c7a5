"""A crawler forks its workers: what they ask must come back from a process that its parent's threads did not follow."""

import multiprocessing
import sys

import pytest

from dedup import Article, find_resembling, scan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing forks on Windows")

SECONDS = 60
STORIES = [
    f"The harbour of port {number} closed at dawn after crane {number} fell across the northern quay, and nobody of "
    f"the crew of {number} was hurt, the master of the port said on quay {number}."
    for number in range(300)
]


def pairs(stories: list[str]) -> list[tuple[int, int]]:
    found = find_resembling([*stories, *(story + " It opened again at noon." for story in stories)], 0.7)
    return sorted(zip(found.left.tolist(), found.right.tolist(), strict=True))


def families(stories: list[str]) -> list[tuple[str, ...]]:
    sides = ("a", stories), ("b", [story + " It opened again at noon." for story in stories])
    articles = [Article(f"{side}{at}", text, outlet=f"{side}.org") for side, of in sides for at, text in enumerate(of)]
    return [family.articles for family in scan(articles).families]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forked_children_find_what_their_parent_finds() -> None:
    here = pairs(STORIES), families(STORIES)
    assert all(here)
    with multiprocessing.get_context("fork").Pool(2) as children:
        there = [children.map_async(find, [STORIES] * 4) for find in (pairs, families)]
        for expected, found in zip(here, there, strict=True):
            assert found.get(SECONDS) == [expected] * 4


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_of_a_child_does_too() -> None:
    here = pairs(STORIES)
    fork = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[list[tuple[int, int]]] = fork.SimpleQueue()

    def grandchild() -> None:
        answers.put(pairs(STORIES))

    def child() -> None:
        answers.put(pairs(STORIES))
        below = fork.Process(target=grandchild)
        below.start()
        below.join(SECONDS)

    process = fork.Process(target=child)
    process.start()
    process.join(2 * SECONDS)
    process.kill()
    assert process.exitcode == 0
    assert [answers.get(), answers.get()] == [here, here]
