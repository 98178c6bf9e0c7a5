"""Which articles belong together, and what is the provenance of each family?

trace_families   verified matches in, traced families out
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from dedup.article import Article, Block
from dedup.boilerplate import Layout, headline_in
from dedup.fingerprint import Placed, Ranges, placed
from dedup.match import PASSAGE_WORDS, Matches
from dedup.outlets import Directory, fold_name
from dedup.provenance.bearing import borne_out
from dedup.provenance.blocks import Parted, part_pages
from dedup.provenance.callings import called_alike
from dedup.provenance.decision import Case, Decision, decide
from dedup.provenance.doubts import clock_of
from dedup.provenance.edges import Edge, edges_of
from dedup.provenance.edits import edits_of
from dedup.provenance.evidence import Reading, read_all
from dedup.provenance.furniture import without_furniture
from dedup.provenance.further import candidates, further_sources
from dedup.provenance.habits import with_habits
from dedup.provenance.links import Links, find_links
from dedup.provenance.model import Edits, Family, LatentSource, Overlaps, Passage
from dedup.provenance.parents import Member
from dedup.provenance.passages import SharedPassages
from dedup.provenance.rather import rather_unseen
from dedup.provenance.residues import Residues
from dedup.provenance.standing import Standing
from dedup.provenance.texts import MOST_SOURCES
from dedup.provenance.trace import pairs_of, trace
from dedup.provenance.unnamed import Body, Conflict, find_conflicts, unnamed_source, with_unnamed
from dedup.provenance.versions import folded, unfolded

# Shorter runs of common words are phrases, not passages.
LEAST_PASSAGE_WORDS = 8
# Families are traced together until they hold so many articles: what is weighed for each is let go of afterwards.
_TOGETHER = 4096


@dataclass(frozen=True, slots=True)
class Traced:
    """The families of a corpus, the links between them, and what their articles' pages tell.

    `blocks`, `readings` are by article index, for articles in a family or a link only.
    """

    families: tuple[Family, ...]
    members: tuple[tuple[int, ...], ...]
    links: Links
    blocks: dict[int, list[Block]]
    readings: dict[int, Reading]
    directory: Directory


def trace_families(
    articles: Sequence[Article], layout: Layout, matches: Matches, directory: Directory, residues: Residues
) -> Traced:
    """Return the families that matches tie, each with its tree, and the links between them. `articles` must be in the
    order of their ids.

    Of a corpus only the articles that matched are needed: `directory` and `residues` know the rest.
    """
    involved = matches.touched().tolist()
    pages = part_pages(articles, layout, involved)
    told = called_alike(residues.added_to(read_all(pages, directory), pages, involved), directory)
    readings = dict(zip(involved, told, strict=True))
    singular = {
        index: _member(page, readings[index], boilerplate)
        for index, page, boilerplate in zip(involved, pages, residues.boilerplate(involved), strict=True)
    }
    bodies = layout.bodies()
    matches, furniture = without_furniture(articles, singular, bodies, matches)
    members = _components(matches)
    overlaps = _overlaps(matches, members, articles)
    cases, kept, versions, pairs = [], [], [], []
    for number, family in enumerate(members, start=1):
        of_family = [articles[i] for i in family], [readings[i] for i in family], [singular[i] for i in family]
        case = Case(f"f{number}", *of_family, overlaps[number - 1])
        whole = case
        case, further, places = folded(case, matches.group[list(family)].tolist(), directory)
        pairs.append(pairs_of(whole) if further else ())
        cases.append(_borne(case))
        kept.append(tuple(family[place] for place in places))
        versions.append(further)
    families: list[Family] = []
    for first, last in _parts(kept):
        together = [index for family in kept[first:last] for index in family]
        texts = [articles[index].text for index in together]
        families += _traced(cases[first:last], texts, bodies.taken(np.array(together, dtype=np.intp)))
    families = list(map(unfolded, families, versions, pairs))
    outlets = {articles[index].id: readings[index].host for family in members for index in family}
    return Traced(
        tuple(with_habits(families, outlets)),
        tuple(members),
        find_links(articles, singular, bodies, matches, members, furniture, directory),
        {index: page.blocks for index, page in zip(involved, pages, strict=True)},
        readings,
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
        if parent[left] != parent[right]:
            one, other = root(left), root(right)
            parent[max(one, other)] = min(one, other)
    grouped: dict[int, list[int]] = {}
    for index in matches.involved().tolist():
        grouped.setdefault(root(int(matches.group[index])), []).append(index)
    return sorted(tuple(group) for group in grouped.values() if len(group) > 1)


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
        others = same[right]
        for one in same[left][:MOST_SOURCES]:
            of_one, at = shared[one], place[one]
            for other in others:
                of_one[place[other]] = shared[other][at] = both
    sizes = {index: size[first] for first, equal in same.items() for index in equal}
    return [Overlaps([shared[i] for i in family], [sizes[i] for i in family]) for family in members]


def _member(page: Parted, reading: Reading, boilerplate: frozenset[int]) -> Member:
    article = page.article
    headline = article.title or headline_in(article, page.blocks) or ""
    evidence = borne_out(reading.evidence, frozenset())
    return Member(article.id, reading.host, fold_name(headline), clock_of(reading), evidence, boilerplate)


def _borne(case: Case) -> Case:
    """Return a family with the weight that its articles' evidence has where the outlets named hold the text."""
    if not any(reading.evidence for reading in case.readings):
        return case
    holders = frozenset(member.outlet for member in case.members if member.outlet is not None)
    readings = [r._replace(evidence=borne_out(r.evidence, holders)) if r.evidence else r for r in case.readings]
    members = [m._replace(evidence=r.evidence) for m, r in zip(case.members, readings, strict=True)]
    return replace(case, readings=readings, members=members)


def _parts(members: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Yield from which to which family is traced together."""
    first = size = 0
    for at, family in enumerate(members):
        size += len(family)
        if size >= _TOGETHER or at + 1 == len(members):
            yield first, at + 1
            first, size = at + 1, 0


class _Decided(NamedTuple):
    """A family as it was decided, what is known of its claims, and the unseen texts that nobody names."""

    decision: Decision
    standing: Standing
    unnamed: tuple[LatentSource, ...]


def _traced(cases: Sequence[Case], texts: Sequence[str], bodies: Ranges) -> Iterator[Family]:
    """Yield the families of these cases. The texts are those of their articles, in their order."""
    # The nodes of a tree are numbered from 1.
    firsts = list(accumulate((len(case.members) for case in cases[:-1]), initial=-1))

    def body(first: int, node: int) -> Placed:
        return placed(texts[first + node], bodies.of(first + node))

    decisions = [rather_unseen(decide(case)) if len(case.members) > 1 else None for case in cases]
    conflicts = find_conflicts(decisions, firsts, texts, bodies)
    decided = [
        None if decision is None else _decided(decision, found, cache(partial(body, first)))
        for decision, found, first in zip(decisions, conflicts, firsts, strict=True)
    ]
    edges = [[] if known is None else edges_of(known.decision, known.standing) for known in decided]
    pairs = [
        (first + edge.source, first + edge.copy)
        for first, of_family in zip(firsts, edges, strict=True)
        for edge in of_family
        if edge.copy
    ]
    shared = SharedPassages.of(texts, bodies, pairs, LEAST_PASSAGE_WORDS)
    passages = shared.passages(texts[source] for source, _ in pairs)
    titles = [article.title for case in cases for article in case.articles]
    edits = edits_of(texts, bodies, pairs, shared, ((titles[source], titles[copy]) for source, copy in pairs))
    others = _compared(cases, decided, edges, firsts, texts, bodies)
    for case, known, of_family in zip(cases, decided, edges, strict=True):
        told = []
        for edge in of_family:
            explained, changes = (next(passages), next(edits)) if edge.copy else ((), Edits())
            told.append((explained, changes, further_sources(explained, next(others))))
        yield (
            _alone(case.family, case.members[0].id)
            if known is None
            else trace(known.decision, known.standing, of_family, told, known.unnamed)
        )


def _compared(
    cases: Sequence[Case],
    decided: Sequence[_Decided | None],
    edges: Sequence[Sequence[Edge]],
    firsts: Sequence[int],
    texts: Sequence[str],
    bodies: Ranges,
) -> Iterator[list[tuple[str, tuple[Passage, ...]]]]:
    """Yield for each edge who may be a further source of its copy, by id, and the passages that both share."""
    nodes = [
        [] if known is None else candidates(known.decision, edge)
        for known, of_family in zip(decided, edges, strict=True)
        for edge in of_family
    ]
    copies = [
        (case, first, edge.copy) for case, first, found in zip(cases, firsts, edges, strict=True) for edge in found
    ]
    pairs = [
        (first + node, first + copy) for (_, first, copy), found in zip(copies, nodes, strict=True) for node in found
    ]
    shared = SharedPassages.of(texts, bodies, pairs, PASSAGE_WORDS).passages(texts[source] for source, _ in pairs)
    for (case, _, _), found in zip(copies, nodes, strict=True):
        yield [(case.members[node - 1].id, next(shared)) for node in found]


def _decided(decision: Decision, conflicts: Sequence[Conflict], body: Body) -> _Decided:
    decision = with_unnamed(decision, conflicts)
    return _Decided(decision, Standing(decision), tuple(unnamed_source(decision, found, body) for found in conflicts))


def _alone(family: str, article: str) -> Family:
    """Return a family of one article, of which all others are versions."""
    return Family(family, (article,), article, 1.0, (article,), (), (), (), (), 0)
