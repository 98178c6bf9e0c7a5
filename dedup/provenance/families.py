"""Which articles belong together, and what is the provenance of each family?

trace_families   verified matches in, traced families out
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Article, Block, Span
from dedup.boilerplate import Layout, headline_in
from dedup.fingerprint import Ranges
from dedup.garbage import uncollected
from dedup.match import Matches
from dedup.outlets import Directory, fold_name
from dedup.provenance.blocks import Parted, part_pages
from dedup.provenance.decision import Case
from dedup.provenance.evidence import Reading, read_all
from dedup.provenance.model import Family, Overlaps, Passage
from dedup.provenance.parents import MOST_SOURCES, Member
from dedup.provenance.residues import Residues
from dedup.provenance.trace import trace
from dedup.scheme import SCHEME_V1

# Shorter runs of common words are phrases, not passages.
LEAST_PASSAGE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Traced:
    """The families of a corpus, and what their articles' pages tell.

    `blocks`, `readings` are by article index, for articles in a family only.
    """

    families: tuple[Family, ...]
    members: tuple[tuple[int, ...], ...]
    blocks: dict[int, list[Block]]
    readings: dict[int, Reading]
    directory: Directory


@uncollected()
def trace_families(
    articles: Sequence[Article], layout: Layout, matches: Matches, directory: Directory, residues: Residues
) -> Traced:
    """Return the families that matches tie, each with its tree. `articles` must be in the order of their ids.

    Of a corpus only the articles that matched are needed: `directory` and `residues` know the rest.
    """
    members = _components(matches)
    involved = [index for family in members for index in family]
    pages = part_pages(articles, layout, involved)
    readings = residues.added_to(read_all(pages, directory), pages, involved)
    singular = [
        _member(page, reading, boilerplate)
        for page, reading, boilerplate in zip(pages, readings, residues.boilerplate(involved), strict=True)
    ]
    overlaps = _overlaps(matches, members, articles)
    families = []
    bodies = layout.bodies()
    offsets = bodies.offsets.tolist()
    begin = 0
    for number, family in enumerate(members, start=1):
        here = slice(begin, begin + len(family))
        begin = here.stop
        case = Case(f"f{number}", [articles[i] for i in family], readings[here], singular[here], overlaps[number - 1])
        families.append(trace(case, _Aligner(articles, bodies, offsets, family)))
    return Traced(
        tuple(families),
        tuple(members),
        {index: page.blocks for index, page in zip(involved, pages, strict=True)},
        dict(zip(involved, readings, strict=True)),
        directory,
    )


def _components(matches: Matches) -> list[tuple[int, ...]]:
    """Return the connected groups of matching articles, each ascending, in the order of their first articles."""
    parent = list(range(len(matches.group)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for left, right in zip(matches.left.tolist(), matches.right.tolist(), strict=True):
        one, other = root(left), root(right)
        if one != other:
            parent[max(one, other)] = min(one, other)
    with_words = np.flatnonzero(matches.group >= 0)
    grouped: dict[int, list[int]] = {}
    for index in with_words[_in_company(matches, with_words)].tolist():
        grouped.setdefault(root(int(matches.group[index])), []).append(index)
    return sorted(tuple(group) for group in grouped.values() if len(group) > 1)


def _in_company(matches: Matches, with_words: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Say which articles share their body with another or are in a matching pair."""
    group = matches.group[with_words]
    sizes = np.bincount(group, minlength=len(matches.group))
    paired = np.zeros(len(matches.group), dtype=np.bool_)
    paired[matches.left] = paired[matches.right] = True
    return (sizes[group] > 1) | paired[group]


def _overlaps(matches: Matches, members: Sequence[tuple[int, ...]], articles: Sequence[Article]) -> list[Overlaps]:
    """Return how much the matching pairs of each family share, by place in the family.

    Of many equal bodies each is paired with the first few only, or a large family would cost its square.
    """
    place = {index: place for family in members for place, index in enumerate(family)}
    same: dict[int, list[int]] = {}
    for index, group in zip(place, matches.group[list(place)].tolist(), strict=True):
        same.setdefault(group, []).append(index)
    shared: dict[int, dict[int, int]] = {index: {} for index in place}
    size: dict[int, int] = {}
    for first, equal in same.items():
        if len(equal) == 1:
            continue
        size[first] = matches.size[first]
        heads = sorted(equal, key=lambda i: (articles[i].published or "~", articles[i].id))[:MOST_SOURCES]
        for index in equal:
            for head in heads:
                if index != head:
                    shared[head][place[index]] = shared[index][place[head]] = size[first]
    rows = zip(
        matches.left.tolist(), matches.right.tolist(), matches.shared.tolist(),
        matches.left_size.tolist(), matches.right_size.tolist(), strict=True,
    )  # fmt: skip
    for left, right, both, left_size, right_size in rows:
        size[left], size[right] = left_size, right_size
        for one in same[left][:MOST_SOURCES]:
            for other in same[right]:
                shared[one][place[other]] = shared[other][place[one]] = both
    sizes = {index: size[first] for first, equal in same.items() for index in equal}
    return [Overlaps([shared[i] for i in family], [sizes[i] for i in family]) for family in members]


def _member(page: Parted, reading: Reading, boilerplate: frozenset[int]) -> Member:
    article = page.article
    headline = article.title or headline_in(article.text, page.blocks) or ""
    return Member(article.id, reading.host, fold_name(headline), reading.clock, reading.evidence, boilerplate)


class _Aligner:
    """Aligns two members of a family by their places in it."""

    def __init__(
        self, articles: Sequence[Article], bodies: Ranges, offsets: Sequence[int], family: Sequence[int]
    ) -> None:
        self._articles, self._bodies, self._offsets, self._family = articles, bodies, offsets, family

    def __call__(self, source: int, copy: int) -> tuple[Passage, ...]:
        """Return the runs of words both bodies hold, longest first."""
        pair = self._family[source], self._family[copy]
        texts = [self._articles[i].text for i in pair]
        bounds = [slice(self._offsets[i], self._offsets[i + 1]) for i in pair]
        counts = [bound.stop - bound.start for bound in bounds]
        both = Ranges(
            np.array([0, counts[0], sum(counts)]),
            np.concatenate([self._bodies.starts[bound] for bound in bounds]),
            np.concatenate([self._bodies.ends[bound] for bound in bounds]),
        )
        rows = _core.passages(texts, both, SCHEME_V1.width, LEAST_PASSAGE_WORDS)
        found = [
            Passage(Span(a, a_end), Span(b, b_end), words, texts[0][a:a_end]) for a, a_end, b, b_end, words in rows
        ]
        return tuple(sorted(found, key=lambda passage: (-passage.words, passage.source)) if len(found) > 1 else found)
