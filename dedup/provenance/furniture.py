"""Which matches rest on what stands around articles, and not in them?

Furniture           where it stands
without_furniture   matches in; those that rest on furniture become pairs that share a passage and no more
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, Span
from dedup.fingerprint import Ranges
from dedup.match import PASSAGE_WORDS, Linked, Matches
from dedup.provenance.model import Figures, Passage
from dedup.provenance.pages import Pages, Shared, stands_in
from dedup.provenance.parents import Member
from dedup.provenance.passages import SharedPassages
from dedup.provenance.sharing import FAR

# For each article the parts of its body that are furniture.
Furniture = Mapping[int, Sequence[Span]]

# Bodies that hardly differ are one article, whatever it looks like.
_ONE_ARTICLE = 0.9
# Fewer headlines may be those of the article. A gallery is so many blocks, and no more than such a share of an article.
_HEADLINES, _GALLERY, _MOST_GALLERY = 4, 3, 0.7
# What a site sets around an article is no more than such a share of it.
_MOST_AROUND = 0.8
# Stand for the outlet of a body that no known outlet has, or several have.
_NOBODY, _SEVERAL = -1, -2
# So much of the shorter body must be shared beside the furniture. Shorter runs of words than these are phrases.
_OWN, _LEAST_WORDS = 0.5, 8


def without_furniture(
    articles: Sequence[Article], known: Mapping[int, Member], bodies: Ranges, matches: Matches
) -> tuple[Matches, Furniture]:
    """Return the matches without those that rest on lists of headlines or on galleries of one outlet, for all that is
    known, and what was found to be furniture. Those are among the linked pairs then. `known` holds all that matched.

    Blocks that only two pages of an outlet share are learned from nobody. Such pairs are few, and looked at one by one.
    """
    chosen = np.flatnonzero(_of_one_outlet(matches, known) & (_resemblance(matches) < _ONE_ARTICLE))
    pages = Pages(articles, known, bodies)
    furniture: dict[int, list[Span]] = {}
    for pair in _aligned(articles, bodies, matches, _suspected(pages, matches, chosen)):
        for passage in pair.passages:
            if _is_furniture(pages, pair, passage):
                furniture.setdefault(pair.left, []).append(passage.source)
                furniture.setdefault(pair.right, []).append(passage.copy)
    found = np.array(sorted(furniture), dtype=np.uint32)
    beside = chosen[np.isin(matches.left[chosen], found) | np.isin(matches.right[chosen], found)]
    kept = np.ones(len(matches.left), dtype=np.bool_)
    kept[beside] = [_holds(pair, furniture) for pair in _aligned(articles, bodies, matches, beside)]
    return _linked(matches, kept), furniture


def _of_one_outlet(matches: Matches, known: Mapping[int, Member]) -> NDArray[np.bool_]:
    """Return which pairs are of one outlet, for all that is known."""
    numbers: dict[str, int] = {}
    outlet = np.full(len(matches.group), _NOBODY)
    for index, member in known.items():
        if member.outlet is not None:
            body, number = matches.group[index], numbers.setdefault(member.outlet, len(numbers))
            outlet[body] = number if outlet[body] in (_NOBODY, number) else _SEVERAL
    one, other = outlet[matches.left], outlet[matches.right]
    are_known = (one != _NOBODY) & (other != _NOBODY)
    may_be: NDArray[np.bool_] = (one != _SEVERAL) & (other != _SEVERAL) & ((one == other) | ~are_known)
    return may_be


def _suspected(pages: Pages, matches: Matches, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return those of the chosen pairs that may share furniture at all, by their blocks and dates: aligning the others
    would cost more than all else.
    """
    sides = np.union1d(matches.left[chosen], matches.right[chosen]).tolist()
    listing = {side for side in sides if pages.has_headlines(side, _HEADLINES)}
    smaller = np.minimum(matches.left_size, matches.right_size)[chosen]
    are_part = (matches.shared[chosen] <= _MOST_AROUND * smaller).tolist()
    pairs = zip(matches.left[chosen].tolist(), matches.right[chosen].tolist(), strict=True)
    suspected = [
        listing.issuperset(pair) or (is_part and pages.are_far(*pair, FAR))
        for pair, is_part in zip(pairs, are_part, strict=True)
    ]
    return chosen[np.array(suspected, dtype=np.bool_)]


def _resemblance(matches: Matches) -> NDArray[np.float64]:
    shared = matches.shared.astype(np.float64)
    resemblance: NDArray[np.float64] = shared / (matches.left_size + matches.right_size - shared)
    return resemblance


def _aligned(articles: Sequence[Article], bodies: Ranges, matches: Matches, chosen: NDArray[np.intp]) -> list[Shared]:
    columns = matches.left, matches.right, matches.shared, matches.left_size, matches.right_size
    rows = list(zip(*(column[chosen].tolist() for column in columns), strict=True))
    indices = sorted({index for left, right, *_ in rows for index in (left, right)})
    place = {index: at for at, index in enumerate(indices)}
    texts = [articles[index].text for index in indices]
    wanted = [(place[left], place[right]) for left, right, *_ in rows]
    ranges = bodies.taken(np.array(indices, dtype=np.intp))
    shared = SharedPassages.of(texts, ranges, wanted, _LEAST_WORDS)
    told = shared.passages(texts[left] for left, _ in wanted)
    return [
        Shared(left, right, (left, right), Figures(*figures), passages)
        for (left, right, *figures), passages in zip(rows, told, strict=True)
    ]


def _is_furniture(pages: Pages, pair: Shared, passage: Passage) -> bool:
    """Say whether a passage is a list of headlines, or whole blocks that are shown long after, many or in a frame."""
    sides = (pair.left, passage.source), (pair.right, passage.copy)
    are_far = pages.are_far(pair.left, pair.right, FAR)
    # What is headlines takes longest to say, and is asked last.
    may_be = passage.words >= PASSAGE_WORDS and (are_far or all(pages.at_edge(*side) for side in sides))
    if may_be and all(pages.is_headlines(*side, _HEADLINES) for side in sides):
        return True
    if not are_far:
        return False
    if pages.are_framed(pair, passage):
        return True
    figures = pair.figures
    is_part = figures.shared <= _MOST_GALLERY * min(figures.source_size, figures.copy_size)
    return is_part and pages.are_whole(pair, passage, _GALLERY) and not pages.is_table(*sides[0])


def _holds(pair: Shared, furniture: Furniture) -> bool:
    """Say whether enough of the shorter body is shared beside what is furniture between either and any other."""
    around = 0
    for passage in pair.passages:
        sides = (pair.left, passage.source), (pair.right, passage.copy)
        if any(stands_in(span, furniture.get(index, ())) for index, span in sides):
            around += passage.words
    shared = pair.figures.shared - around
    return not around or shared >= _OWN * (min(pair.figures.source_size, pair.figures.copy_size) - around)


def _linked(matches: Matches, kept: NDArray[np.bool_]) -> Matches:
    """Return the matches with only those pairs, and the others among the linked ones."""
    columns = matches.left, matches.right, matches.shared, matches.left_size, matches.right_size
    left, right, shared, left_size, right_size = (column[kept] for column in columns)
    more = (np.concatenate((known, column[~kept])) for known, column in zip(matches.linked, columns, strict=True))
    return replace(
        matches,
        left=left,
        right=right,
        shared=shared,
        left_size=left_size,
        right_size=right_size,
        linked=Linked(*more),
    )
