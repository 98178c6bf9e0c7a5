"""One family while it is decided: its nodes, what speaks for each edge, and the tree chosen.

Node 0 is "no source is known", then come the family's members, then the outlets that are named but not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedup.article import Article
from dedup.provenance.evidence import Reading
from dedup.provenance.model import Figures
from dedup.provenance.names import same_name
from dedup.provenance.parents import Candidates, Member, Terms, weigh
from dedup.provenance.tree import ROOT, Edge, best_tree, marginals


@dataclass(frozen=True, slots=True)
class Case:
    """What is given: a family's members in the order of their ids, and the figures of all matching pairs among them,
    as (source, copy), in both directions.
    """

    family: str
    articles: Sequence[Article]
    readings: Sequence[Reading]
    members: Sequence[Member]
    figures: Mapping[Edge, Figures]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the best tree, the terms of every edge that was weighed, and each edge's probability.

    `sources` gives for each node all that were weighed as its source, ascending.
    """

    case: Case
    unseen: tuple[str, ...]
    parents: Mapping[int, int]
    terms: Mapping[Edge, Terms]
    shares: Mapping[Edge, float]
    sources: Mapping[int, Sequence[int]]
    capped: int

    def id_of(self, node: int) -> str:
        """Return an article's id, or that of a LatentSource."""
        if self.is_unseen(node):
            return f"latent:{self.outlet_of(node)}:{self.case.family}"
        return self.case.members[node - 1].id

    def is_unseen(self, node: int) -> bool:
        """Say whether a node is an outlet named but not seen."""
        return node > len(self.case.members)

    def outlet_of(self, node: int) -> str | None:
        """Return the outlet of a node, if it is known."""
        count = len(self.case.members)
        return self.unseen[node - 1 - count] if node > count else self.case.members[node - 1].outlet

    def ancestors(self, node: int) -> list[int]:
        """Return the sources above a node, nearest first."""
        above = []
        while self.parents[node] != ROOT:
            node = self.parents[node]
            above.append(node)
        return above

    def copies(self) -> list[int]:
        """Return the members that have a source."""
        return [node for node in range(1, len(self.case.members) + 1) if self.parents[node] != ROOT]

    def roots(self) -> list[int]:
        """Return the members without a source, and the unseen outlets that are somebody's source."""
        used = set(self.parents.values())
        members = range(1, len(self.case.members) + 1)
        unseen = range(len(self.case.members) + 1, len(self.case.members) + 1 + len(self.unseen))
        return [node for node in members if self.parents[node] == ROOT] + [node for node in unseen if node in used]


def decide(case: Case) -> Decision:
    """Return the best tree of a family with the probabilities of its edges."""
    matched: list[list[int]] = [[] for _ in case.members]
    for source, copy in case.figures:
        matched[copy].append(source)
    weighed = [weigh(case.members, copy, matched[copy], case.figures) for copy in range(len(case.members))]
    unseen = _unseen(weighed)
    count = 1 + len(case.members) + len(unseen)
    terms = _edges(len(case.members), unseen, weighed)
    scores = {edge: term.total for edge, term in terms.items()}
    sources: dict[int, list[int]] = {}
    for source, copy in sorted(terms):
        sources.setdefault(copy, []).append(source)
    return Decision(
        case,
        unseen,
        best_tree(count, scores),
        terms,
        marginals(count, scores),
        sources,
        sum(candidates.capped for candidates in weighed),
    )


def _unseen(weighed: Sequence[Candidates]) -> tuple[str, ...]:
    """Return the unseen outlets' names, each outlet once, by its domain or its longest name."""
    found: list[str] = []
    for name in sorted({name for c in weighed for name in c.unseen}, key=lambda n: ("." not in n, -len(n), n)):
        if not any(same_name(name, known) for known in found):
            found.append(name)
    return tuple(found)


def _edges(members: int, unseen: Sequence[str], weighed: Sequence[Candidates]) -> dict[Edge, Terms]:
    edges = {(ROOT, members + 1 + place): Terms() for place in range(len(unseen))}
    for child, candidates in enumerate(weighed, start=1):
        edges[ROOT, child] = candidates.none
        for source, term in candidates.seen.items():
            edges[source + 1, child] = term
        for name, term in candidates.unseen.items():
            place = next(i for i, known in enumerate(unseen) if same_name(name, known))
            edges[members + 1 + place, child] = term
    return edges
