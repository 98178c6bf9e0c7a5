"""Pages with all that outlets set around articles: the same for the same seed, and a truth that the text bears out."""

import sys
from collections import Counter, defaultdict

import pytest
from places import ROOT

sys.path.append(str(ROOT / "corpora"))

from synthesis import furnished
from synthesis.furnished import BODY, Furnished, furnish

Made = list[tuple[dict[str, object], Furnished]]


@pytest.fixture(scope="module")
def made() -> Made:
    return list(furnish(2000, 3))


def words_of(page: dict[str, object], truth: Furnished, kind: str) -> list[str]:
    return [str(page["text"])[start:end] for start, end, of in truth.spans if of == kind]


def test_the_same_seed_makes_the_same_pages(made: Made) -> None:
    assert list(furnish(2000, 3)) == made
    assert [page for page, _ in furnish(50, 4)] != [page for page, _ in furnish(50, 5)]


def test_every_sign_of_a_page_is_accounted_for(made: Made) -> None:
    for page, truth in made:
        text, end = str(page["text"]), 0
        for start, stop, _ in truth.spans:
            assert text[end:start] in (("",) if not end else ("\n\n", " "))
            end = stop
        assert end == len(text)
        assert "{" not in text


def test_what_learning_stumbles_over_is_there(made: Made) -> None:
    runs = Counter((truth.story, page["outlet"]) for page, truth in made)
    assert runs.most_common(1)[0][1] >= 40
    bodies = [set(words_of(page, truth, BODY)) for page, truth in made]
    lines = Counter(line for body in bodies for line in body if len(line.split()) == furnished.STATEMENT_WORDS)
    assert lines.most_common(1)[0][1] >= 190
    galleries = [words_of(page, truth, "other") for page, truth in made]
    assert sum(map(bool, galleries)) == furnished.GALLERY_PAGES
    assert all(len(gallery[0].split()) > 900 for gallery in galleries if gallery)
    glued = sum(str(page["text"])[start - 1] == " " for page, truth in made for start, _, _ in truth.spans[1:])
    assert glued > 50
    sizes = Counter(page["outlet"] for page, _ in made)
    assert min(sizes.values()) < 30 < max(sizes.values())


def test_lines_come_back_under_other_articles_and_their_slots_change(made: Made) -> None:
    lines: dict[tuple[object, str], list[str]] = defaultdict(list)
    for page, truth in made:
        for kind in ("share", "donation", "bio"):
            lines[page["outlet"], kind] += words_of(page, truth, kind)
    often = [found for found in lines.values() if len(found) > 20]
    assert often
    assert any(len(set(found)) == 1 for found in often)
    assert any(len(set(found)) == len(found) for found in often)
