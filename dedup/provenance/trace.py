"""Who had it first, and who took it from whom?

trace      one family as it was decided in, its Family out
pairs_of   which of its articles match
"""

from collections.abc import Mapping, Sequence
from functools import partial

from dedup.article import Article
from dedup.provenance.decision import Case, Decision
from dedup.provenance.edges import UNDECIDED, Edge, contradicted, republication
from dedup.provenance.evidence import Reading
from dedup.provenance.model import Edits, Family, FurtherSource, LatentSource, Pair, Passage, Republication
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import Act
from dedup.provenance.standing import Standing
from dedup.provenance.tree import ROOT

# What may give an address of the source: of its article, its pictures, or the image that counts the readers of copies.
_ADDRESSED = (Act.MEDIA, Act.CREDIT, Act.RESIDUE)
# A tuple made a Pair takes a third of the time of a Pair of its parts, and a large family has many.
_pair = partial(tuple.__new__, Pair)
# What has fewer letters is no headline.
_HEADLINE_LETTERS = 8


def trace(
    decision: Decision,
    standing: Standing,
    edges: Sequence[Edge],
    told: Sequence[tuple[tuple[Passage, ...], Edits, tuple[FurtherSource, ...]]],
    unnamed: Sequence[LatentSource] = (),
) -> Family:
    """Return a family as it was decided: each copy's most likely source, with what speaks for it and what against.

    `told` says what source and copy of each edge share, what the copy changed, and whom else it has text from;
    `unnamed` are the unseen texts that nobody names.
    """
    case = decision.case
    republications = tuple(republication(decision, edge, *what) for edge, what in zip(edges, told, strict=True))
    roots = decision.roots()
    origin, share = origin_of(decision, roots)
    p_origin = standing.p_origin(origin, share)
    copies = (
        [] if decision.is_unseen(origin) else [copy for copy in decision.copies() if decision.parents[copy] == origin]
    )
    if any(contradicted(decision, origin, copy) for copy in copies):
        p_origin = min(p_origin, UNDECIDED)
    return Family(
        case.family,
        tuple(member.id for member in case.members),
        decision.id_of(origin),
        p_origin,
        tuple(decision.id_of(root) for root in roots),
        pairs_of(case),
        republications,
        (
            *(
                _latent_source(decision, root)
                for root in roots
                if decision.outlet_of(root) and decision.is_unseen(root)
            ),
            *unnamed,
        ),
        _chains(republications),
        decision.capped,
    )


def pairs_of(case: Case) -> tuple[Pair, ...]:
    """Return the matching pairs of a family."""
    ids = [member.id for member in case.members]
    sizes = case.overlaps.sizes
    return tuple(
        _pair((ids[left], ids[right], shared[right], sizes[left], sizes[right]))
        for left, shared in enumerate(case.overlaps.shared)
        for right in sorted([other for other in shared if other > left])
    )


def _descendants(parents: Mapping[int, int]) -> dict[int, int]:
    """Count the nodes below each node."""
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)
    order = [ROOT]
    for node in order:
        order += children.get(node, ())
    counts = dict.fromkeys(order, 0)
    for node in reversed(order[1:]):
        counts[parents[node]] += counts[node] + 1
    return counts


def origin_of(decision: Decision, roots: Sequence[int]) -> tuple[int, float]:
    """Return the root most of the family goes back to, and what the marginals say for its having no source itself."""
    below = _descendants(decision.parents)

    def rank(root: int) -> tuple[int, float, str]:
        clock = None if decision.is_unseen(root) else decision.case.members[root - 1].clock
        earliest = clock.not_before.timestamp() if clock is not None else 0.0
        return -below[root], earliest, decision.id_of(root)

    best = min(roots, key=rank)
    if decision.is_unseen(best):
        children = [child for child, parent in decision.parents.items() if parent == best]
        return best, max(decision.shares[child][best] for child in children)
    return best, decision.shares[best][ROOT]


def _latent_source(decision: Decision, node: int) -> LatentSource:
    outlet = decision.outlet_of(node) or ""  # it has a name: those that have none are told of by what agrees
    case = decision.case
    naming = [i for i, reading in enumerate(case.readings) if any(same_name(e.names, outlet) for e in reading.evidence)]
    return LatentSource(
        decision.id_of(node),
        outlet,
        tuple(case.members[i].id for i in naming),
        tuple(sorted(_crawl_hints(outlet, [(case.articles[i], case.readings[i]) for i in naming]))),
    )


def _crawl_hints(outlet: str, naming: Sequence[tuple[Article, Reading]]) -> set[tuple[str, str]]:
    """Return what helps to find the unseen article: its outlet, its date as copies give it, titles, addresses."""
    hints = {("outlet", outlet)}
    for article, reading in naming:
        if article.title and _is_headline(article.title, reading):
            hints.add(("title", article.title))
        for date in reading.dates:
            if date.owner is not None and same_name(date.owner, outlet):
                hints.add(("date", date.middle.date().isoformat()))
        for item in reading.evidence:
            if not same_name(item.names, outlet):
                continue
            if item.act in _ADDRESSED and "://" in item.quote:
                hints.add(("address", item.quote))
            if ".rss-tail." in item.rule:
                hints.add(("feed_tail", item.quote))  # it holds the title that the article has there
    return hints


def _is_headline(title: str, reading: Reading) -> bool:
    """Say whether a title helps to find an article: what stands in its place on some pages is a date, a byline or the
    label of a button.
    """
    letters = sum(1 for sign in title if sign.isalpha())
    return letters >= _HEADLINE_LETTERS and all(title not in item.quote for item in reading.evidence)


def _chains(republications: Sequence[Republication]) -> tuple[tuple[str, ...], ...]:
    """Return every path from an earliest known publication to a leaf, over determined edges."""
    below: dict[str, list[str]] = {}
    for edge in republications:
        if edge.determined:
            below.setdefault(edge.source, []).append(edge.copy)
    copies = {copy for children in below.values() for copy in children}
    paths: list[tuple[str, ...]] = [(start,) for start in sorted(set(below) - copies)]
    found = []
    while paths:
        path = paths.pop()
        onward = below.get(path[-1], [])
        paths += [(*path, child) for child in onward]
        found += [] if onward else [path]
    return tuple(sorted(found))
