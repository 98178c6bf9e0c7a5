"""Which families, and which articles outside them, share a passage and no more?

A link is an excerpt or a quotation: it joins nothing. Between two families, or articles of none, there is one, that of
the two articles that share most words: copies of either share the passage too, and say nothing new.

Links        what was found, and what was not followed
find_links   pairs that share a passage in, links out
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from dedup.article import Article, Span
from dedup.fingerprint import Ranges
from dedup.match import PASSAGE_WORDS, Matches
from dedup.outlets import Directory
from dedup.provenance.clocks import probability_before
from dedup.provenance.edges import DIRECTION_CLAIMED, UNDECIDED
from dedup.provenance.evidence import Evidence
from dedup.provenance.furniture import Furniture
from dedup.provenance.matched import p_match
from dedup.provenance.model import Credit, Edits, Figures, Passage, Republication, RepublicationKind
from dedup.provenance.names import same_name
from dedup.provenance.pages import SAME, Shared, covered
from dedup.provenance.parents import LYING_CLOCK, Member
from dedup.provenance.passages import LEAST_RUN, SharedPassages, changed_numbers
from dedup.provenance.rulebook import Act, EvidenceClass
from dedup.provenance.sharing import House

# Of the pairs between two families those that share most are aligned, at most so many.
_MOST_ALIGNED = 4
# An article has at most so many links of those that share most words; the rest is counted.
MOST_LINKS = 24
# A page that takes an excerpt names its source so many characters before the passage or behind it.
_BEFORE, _BEHIND = 500, 300
_NAMED, _NAMED_WEIGHT = "excerpt.named", 2.0


@dataclass(frozen=True, slots=True)
class Links:
    """Links in the order of their ids. `boilerplate_only` counts pairs of which all that they share is boilerplate
    or the wording of a form, `capped` links left out because an article has too many.
    """

    listed: tuple[Republication, ...] = ()
    boilerplate_only: int = 0
    capped: int = 0


def find_links(
    articles: Sequence[Article],
    known: Mapping[int, Member],
    bodies: Ranges,
    matches: Matches,
    families: Sequence[tuple[int, ...]],
    furniture: Furniture,
    directory: Directory,
) -> Links:
    """Return the links between families and articles of none; `known` holds all of them."""
    pairs = _aligned(articles, bodies, _chosen(matches, known, families))
    house = House(pairs, articles, known, bodies, furniture)
    kept = [cleaned for pair in pairs if (cleaned := house.cleaned(pair)) is not None]
    best: dict[tuple[int, int], Shared] = {}
    for pair in kept:
        held = best.get(pair.units)
        if held is None or _rank(pair, known) < _rank(held, known):
            best[pair.units] = pair
    chosen, capped = _bounded(sorted(best.values(), key=lambda pair: (-pair.words, pair.left, pair.right)))
    thirds = _Thirds(chosen, known)
    found = []
    for pair in chosen:
        kind = RepublicationKind.EXCERPT
        if house.is_quoted(pair):
            kind = RepublicationKind.QUOTATION
        elif thirds.explain(pair):
            kind = RepublicationKind.SHARED_SOURCE
        found.append(_link(pair, kind, articles, known, directory))
    found.sort(key=lambda link: (link.source, link.copy))
    return Links(tuple(found), len({pair.units for pair in pairs} - best.keys()), capped)


def _chosen(
    matches: Matches, known: Mapping[int, Member], families: Sequence[tuple[int, ...]]
) -> list[tuple[int, int, tuple[int, int], Figures]]:
    """Return the pairs to align: of the linked bodies those between different units. A unit is a family, or an article
    of none.
    """
    unit = {index: number for number, family in enumerate(families) for index in family}
    first: dict[int, list[int]] = {}
    for index in known:
        first.setdefault(int(matches.group[index]), []).append(index)
    # Of equal bodies the earliest known stands for all.
    standing = {body: min(equal, key=lambda index: _earliest(known[index])) for body, equal in first.items()}
    between: dict[tuple[int, int], list[tuple[int, int, Figures]]] = {}
    for left, right, *counts in zip(*(column.tolist() for column in matches.linked), strict=True):
        one, other = standing[left], standing[right]
        # A unit that is no family has a number of its own behind all of those.
        units = unit.get(one, len(families) + one), unit.get(other, len(families) + other)
        if units[0] < units[1]:
            between.setdefault(units, []).append((one, other, Figures(*counts)))
        elif units[0] > units[1]:
            shared, one_size, other_size = counts
            between.setdefault(units[::-1], []).append((other, one, Figures(shared, other_size, one_size)))
    chosen = []
    for units, pairs in between.items():
        pairs.sort(key=lambda pair: (-pair[2].shared, pair[:2]))
        chosen += [(one, other, units, figures) for one, other, figures in pairs[:_MOST_ALIGNED]]
    return chosen


def _earliest(member: Member) -> tuple[float, str]:
    return member.clock.not_before.timestamp() if member.clock else float("inf"), member.id


def _aligned(
    articles: Sequence[Article], bodies: Ranges, chosen: Sequence[tuple[int, int, tuple[int, int], Figures]]
) -> list[Shared]:
    indices = sorted({index for one, other, *_ in chosen for index in (one, other)})
    place = {index: at for at, index in enumerate(indices)}
    texts = [articles[index].text for index in indices]
    ranges = bodies.taken(np.array(indices, dtype=np.intp))
    wanted = [(place[one], place[other]) for one, other, *_ in chosen]
    shared = SharedPassages.of(texts, ranges, wanted, PASSAGE_WORDS)
    passages = shared.passages(texts[source] for source, _ in wanted)
    # A pair of forms keeps no passage, and is counted with those that share only boilerplate.
    return [
        Shared(*row, tuple(p for p in both if p.words >= LEAST_RUN * len(p.runs)))
        for row, both in zip(chosen, passages, strict=True)
        if both
    ]


def _rank(pair: Shared, known: Mapping[int, Member]) -> tuple[int, tuple[tuple[float, str], ...]]:
    """Return by what one of the pairs between two units stands for all: most words, then the earliest articles."""
    return -pair.words, tuple(sorted((_earliest(known[pair.left]), _earliest(known[pair.right]))))


def _bounded(pairs: Sequence[Shared]) -> tuple[list[Shared], int]:
    """Return the pairs, of each article no more than MOST_LINKS, and how many are left out."""
    counts: dict[int, int] = {}
    kept = []
    for pair in pairs:
        if all(counts.get(index, 0) < MOST_LINKS for index in (pair.left, pair.right)):
            kept.append(pair)
            for index in (pair.left, pair.right):
                counts[index] = counts.get(index, 0) + 1
    return kept, len(pairs) - len(kept)


class _Thirds:
    """Says which pairs both hold text of a third article."""

    def __init__(self, pairs: Sequence[Shared], known: Mapping[int, Member]) -> None:
        self._known = known
        self._of: dict[int, dict[int, Shared]] = {}
        for pair in pairs:
            self._of.setdefault(pair.left, {})[pair.right] = pair
            self._of.setdefault(pair.right, {})[pair.left] = pair

    def explain(self, pair: Shared) -> bool:
        """Say whether a third article holds all that two share, and is surely the earlier of all or shares more with
        each of them than they with each other.
        """
        one, other = self._of[pair.left], self._of[pair.right]
        return any(
            self._holds(pair.left, pair, one[third])
            and self._holds(pair.right, pair, other[third])
            and (self._before(third, pair) or min(one[third].words, other[third].words) > pair.words)
            for third in one.keys() & other.keys()
        )

    def _holds(self, article: int, pair: Shared, with_third: Shared) -> bool:
        wide = with_third.spans(article)
        return all(covered(span, wide) >= SAME for span in pair.spans(article))

    def _before(self, third: int, pair: Shared) -> bool:
        clock = self._known[third].clock
        return all(
            probability_before(clock, self._known[index].clock) >= DIRECTION_CLAIMED
            for index in (pair.left, pair.right)
        )


def _link(
    pair: Shared,
    kind: RepublicationKind,
    articles: Sequence[Article],
    known: Mapping[int, Member],
    directory: Directory,
) -> Republication:
    left, right = known[pair.left], known[pair.right]
    numbers = changed_numbers(pair.passages, articles[pair.left].text, articles[pair.right].text)
    supporting = (
        _supporting(left, right, articles[pair.left].text, pair.spans(pair.left), directory),
        _supporting(right, left, articles[pair.right].text, pair.spans(pair.right), directory),
    )
    told = 0.0
    if kind is RepublicationKind.EXCERPT:  # others both may have from a third, whichever was first
        before = probability_before(left.clock, right.clock)
        told = log(max(before, LYING_CLOCK)) - log(max(1.0 - before, LYING_CLOCK))
    told += _declared(supporting[1]) - _declared(supporting[0])
    direction = 1.0 / (1.0 + exp(-told))
    backward = direction < UNDECIDED or (direction == UNDECIDED and _earliest(right) < _earliest(left))
    source, copy, evidence, figures, passages = left, right, supporting[1], pair.figures, pair.passages
    if backward:
        source, copy, evidence, direction = right, left, supporting[0], 1.0 - direction
        figures = Figures(figures.shared, figures.copy_size, figures.source_size)
        passages = tuple(_turned(passage, articles[pair.right].text) for passage in passages)
    return Republication(
        source=source.id,
        copy=copy.id,
        kind=kind,
        figures=figures,
        determined=direction >= DIRECTION_CLAIMED,
        p_match=p_match(figures, numbers),
        p_direction=direction,
        p_parent=direction,
        credit=Credit.CREDITED if _declared(evidence) else Credit.UNCREDITED,
        passages=passages,
        evidence=evidence,
        alternatives=(),
        flips_if=(),
        edits=Edits(),
    )


def _turned(passage: Passage, text: str) -> Passage:
    """Return a passage with the copy as its source."""
    runs = tuple((start, end, first, last) for first, last, start, end in passage.runs)
    return Passage(passage.copy, passage.source, passage.words, passage.copy.of(text), runs)


def _supporting(
    copy: Member, source: Member, text: str, passages: Sequence[Span], directory: Directory
) -> tuple[Evidence, ...]:
    """Return what a page has that names another's outlet, a name beside the passages included."""
    if source.outlet is None or source.outlet == copy.outlet:
        return ()
    found = [e for e in copy.evidence if same_name(e.names, source.outlet)]
    named_by = directory.name_of(source.outlet), source.outlet
    names = re.compile("|".join(rf"\b{re.escape(n)}\b" for n in named_by), re.IGNORECASE)
    for span in passages:
        before, behind = (max(0, span.start - _BEFORE), span.start), (span.end, span.end + _BEHIND)
        named = next((hit for part in (before, behind) for hit in names.finditer(text, *part)), None)
        if named is not None:
            place, quote = Span(*named.span()), named[0]
            found.append(
                Evidence(
                    "excerpt.named",
                    Act.CREDIT,
                    EvidenceClass.DECLARED,
                    copy.id,
                    source.outlet,
                    _NAMED_WEIGHT,
                    quote,
                    place,
                )
            )
            break
    return tuple(found)


def _declared(evidence: Sequence[Evidence]) -> float:
    """Return what a page declares for having its text from another's outlet."""
    return max((e.weight for e in evidence if e.evidence_class is EvidenceClass.DECLARED), default=0.0)
