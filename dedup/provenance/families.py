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
from dedup.match import Matches
from dedup.outlets import Directory, fold_name
from dedup.provenance.decision import Case
from dedup.provenance.evidence import Reading, read
from dedup.provenance.model import Family, Figures, Passage
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


def trace_families(
    articles: Sequence[Article], layout: Layout, matches: Matches, directory: Directory, residues: Residues
) -> Traced:
    """Return the families that matches tie, each with its tree. `articles` must be in the order of their ids.

    Of a corpus only the articles that matched are needed: `directory` and `residues` know the rest.
    """
    members = _components(matches)
    involved = [index for family in members for index in family]
    blocks = {index: layout.of(index) for index in involved}
    readings = {}
    for index in involved:
        first, last = layout.blocks.offsets[index], layout.blocks.offsets[index + 1]
        reading = read(articles[index], blocks[index], layout.words[first:last].tolist(), directory)
        readings[index] = residues.added_to(reading, articles[index], index, blocks[index])
    figures = _figures(matches, members, articles)
    families = []
    bodies = layout.bodies()
    for number, family in enumerate(members, start=1):
        case = Case(
            f"f{number}",
            [articles[i] for i in family],
            [readings[i] for i in family],
            [_member(articles[i], blocks[i], readings[i], residues.boilerplate(i)) for i in family],
            figures[number - 1],
        )
        families.append(trace(case, _Aligner(articles, bodies, family)))
    return Traced(tuple(families), tuple(members), blocks, readings, directory)


def _components(matches: Matches) -> list[tuple[int, ...]]:
    """Return the connected groups of matching articles, each ascending, in the order of their first articles."""
    parent = np.arange(len(matches.group), dtype=np.int64)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = int(parent[node])
        return node

    for left, right in zip(matches.left.tolist(), matches.right.tolist(), strict=True):
        one, other = root(left), root(right)
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


def _figures(
    matches: Matches, members: Sequence[tuple[int, ...]], articles: Sequence[Article]
) -> list[dict[tuple[int, int], Figures]]:
    """Return the figures of each family's matching pairs, both ways, by place in the family.

    Of many equal bodies each is paired with the first few only, or a large family would cost its square.
    """
    home = {index: (number, place) for number, family in enumerate(members) for place, index in enumerate(family)}
    same: dict[int, list[int]] = {}
    for index in home:
        same.setdefault(int(matches.group[index]), []).append(index)
    found: list[dict[tuple[int, int], Figures]] = [{} for _ in members]

    def put(one: int, other: int, figures: Figures) -> None:
        number, place = home[one]
        _, other_place = home[other]
        found[number][place, other_place] = figures
        found[number][other_place, place] = figures.swapped()

    for first, equal in same.items():
        size = matches.size.get(first, 0)
        heads = sorted(equal, key=lambda i: (articles[i].published or "~", articles[i].id))[:MOST_SOURCES]
        for index in equal:
            for head in heads:
                if index != head:
                    put(head, index, Figures(size, size, size))
    rows = zip(
        matches.left.tolist(), matches.right.tolist(), matches.shared.tolist(),
        matches.left_size.tolist(), matches.right_size.tolist(), strict=True,
    )  # fmt: skip
    for left, right, shared, left_size, right_size in rows:
        for one in same[left][:MOST_SOURCES]:
            for other in same[right]:
                put(one, other, Figures(shared, left_size, right_size))
    return found


def _member(article: Article, blocks: Sequence[Block], reading: Reading, boilerplate: frozenset[int]) -> Member:
    headline = article.title or headline_in(article.text, blocks) or ""
    return Member(article.id, reading.host, fold_name(headline), reading.clock, reading.evidence, boilerplate)


class _Aligner:
    """Aligns two members of a family by their places in it."""

    def __init__(self, articles: Sequence[Article], bodies: Ranges, family: Sequence[int]) -> None:
        self._articles, self._bodies, self._family = articles, bodies, family

    def __call__(self, source: int, copy: int) -> tuple[Passage, ...]:
        """Return the runs of words both bodies hold, longest first."""
        pair = np.array([self._family[source], self._family[copy]], dtype=np.intp)
        texts = [self._articles[i].text for i in pair]
        rows = _core.passages(texts, self._bodies.taken(pair), SCHEME_V1.width, LEAST_PASSAGE_WORDS)
        found = [
            Passage(Span(a, a_end), Span(b, b_end), words, texts[0][a:a_end]) for a, a_end, b, b_end, words in rows
        ]
        return tuple(sorted(found, key=lambda passage: (-passage.words, passage.source)))
