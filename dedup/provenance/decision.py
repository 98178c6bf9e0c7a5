"""One family while it is decided: its nodes, what speaks for each edge, and the tree chosen.

Node 0 is "no source is known", then come the family's members, then the outlets that are named but not seen, then the
texts that nobody gave us and nobody names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedup.article import Article
from dedup.provenance.evidence import Reading
from dedup.provenance.marginals import MOST_TOGETHER, bounded_marginals
from dedup.provenance.model import Overlaps
from dedup.provenance.names import same_name
from dedup.provenance.parents import Candidates, Member, Scale, Terms
from dedup.provenance.tree import ROOT, Scores, best_tree

# Of trees that agree with most as well as each other, that of fewer origins: equal texts were not written twice. Only a
# member that is so much likelier to have no source than to have one has none.
_INDEPENDENT = 0.05


@dataclass(frozen=True, slots=True)
class Case:
    """What is given: a family's members in the order of their ids, and how much their bodies share."""

    family: str
    articles: Sequence[Article]
    readings: Sequence[Reading]
    members: Sequence[Member]
    overlaps: Overlaps


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the tree, and for every node the terms, score and probability of each that was weighed
    as its source. `unseen` names the nodes behind the members, of which the last `unnamed` are nobody's that is known.
    `bounded` says that the family was too large for exact probabilities.
    """

    case: Case
    unseen: tuple[str, ...]
    parents: Mapping[int, int]
    terms: Sequence[Mapping[int, Terms]]
    scores: Scores
    shares: Sequence[Mapping[int, float]]
    bounded: bool
    capped: int
    unnamed: int = 0

    def id_of(self, node: int) -> str:
        """Return an article's id, or that of a LatentSource."""
        if self.is_unseen(node):
            return self.latent_id(self.unseen[node - 1 - len(self.case.members)])
        return self.case.members[node - 1].id

    def latent_id(self, name: str) -> str:
        """Return the id of a LatentSource of the family."""
        return f"latent:{name}:{self.case.family}"

    def is_unseen(self, node: int) -> bool:
        """Say whether a node is one that nobody gave us."""
        return node > len(self.case.members)

    def outlet_of(self, node: int) -> str | None:
        """Return the outlet of a node, if it is known."""
        count = len(self.case.members)
        if node <= count:
            return self.case.members[node - 1].outlet
        named = self.unseen[: len(self.unseen) - self.unnamed]
        return named[node - 1 - count] if node <= count + len(named) else None

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
    """Return the tree of a family whose edges are most probable in sum, with their probabilities.

    The single tree of the greatest score may rest on one unlikely edge; among all trees most may agree on another. Of a
    family too large for exact probabilities the tree of the greatest score is returned.
    """
    scale = Scale(case.members, case.overlaps)
    weighed = [scale.weigh(copy) for copy in range(len(case.members))]
    unseen = _unseen(weighed)
    terms = _edges(len(case.members), unseen, weighed)
    scores = [
        {node: text + clock + declared + observed + outlet for node, (text, clock, declared, observed, outlet) in into}
        for into in (into.items() for into in terms)
    ]
    tree = best_tree(scores) if len(scores) > MOST_TOGETHER else {}
    shares, left_out = bounded_marginals(scores, tree)
    if not left_out:
        tree = best_tree([into | {ROOT: into[ROOT] - _INDEPENDENT} if into else into for into in shares])
    capped = left_out + sum(candidates.capped for candidates in weighed)
    return Decision(case, unseen, tree, terms, scores, shares, left_out > 0, capped)


def _unseen(weighed: Sequence[Candidates]) -> tuple[str, ...]:
    """Return the unseen outlets' names, each outlet once, by its domain or its longest name."""
    found: list[str] = []
    for name in sorted({name for c in weighed for name in c.unseen}, key=lambda n: ("." not in n, -len(n), n)):
        if not any(same_name(name, known) for known in found):
            found.append(name)
    return tuple(found)


def _edges(members: int, unseen: Sequence[str], weighed: Sequence[Candidates]) -> list[dict[int, Terms]]:
    """Return for each node the terms of all its possible sources, ascending."""
    terms: list[dict[int, Terms]] = [{}]
    for candidates in weighed:
        into = {ROOT: candidates.none}
        into |= {source + 1: candidates.seen[source] for source in sorted(candidates.seen)}
        named = {}
        for name, term in candidates.unseen.items():
            place = next(i for i, known in enumerate(unseen) if same_name(name, known))
            named[members + 1 + place] = term
        terms.append(into | dict(sorted(named.items())))
    return terms + [{ROOT: Terms()} for _ in unseen]
