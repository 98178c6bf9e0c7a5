"""Which text did several articles have before them that nobody gave us, and nobody names?

Of a source and two of its copies, let each two agree in wording that the third lacks. Then none of the three is the
source of the other two, whoever came first: all have their text from a fourth (Maas, Textual Criticism, 1958).

Agreed         what two articles hold and a third lacks
Conflict       three that agree so by twos, and who else goes with them
find_conflicts   all of a family's
with_unnamed   the family where its origin is such an unseen text
unnamed_source   what is told of one
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import exp
from typing import NamedTuple

import numpy as np

from dedup import _core
from dedup.article import Span
from dedup.fingerprint import Placed, Ranges
from dedup.provenance.clocks import SURELY, probability_before
from dedup.provenance.decision import Decision
from dedup.provenance.model import Agreement, LatentSource
from dedup.provenance.names import same_name
from dedup.provenance.parents import Terms
from dedup.provenance.texts import SHARED_SHINGLE
from dedup.provenance.tree import ROOT
from dedup.scheme import SCHEME_V1

# One changed word spoils five shingles. Two copyists may change one alike; where each two of three agree in so many
# shingles, an unseen text was behind them in 28 of 28 cases of made-up cascades (in five and more, in 75 of 78).
LEAST_AGREEMENT = 8
# Of many copies of one source those are compared that hold most of what it lacks.
_MOST_COMPARED = 8

# The shingles of a node's body.
Body = Callable[[int], Placed]
# Two of the texts compared, by their places among them, and on how many shingles each two of three agree.
_Found = tuple[int, int, Sequence[int]]


class Agreed(NamedTuple):
    """So many shingles two articles hold and a third lacks, by their nodes."""

    one: int
    other: int
    lacking: int
    shingles: int


class Conflict(NamedTuple):
    """An article and those that were taken for its copies, of which the `agreements` say that it is not their source,
    or not alone. `is_above` says that it may have its own text from where they have it, too; else the unseen text is a
    copy of it, which the others were made from.
    """

    source: int
    copies: tuple[int, ...]
    agreements: tuple[Agreed, Agreed, Agreed]
    is_above: bool

    @property
    def least(self) -> int:
        """Return in how many shingles each two agree at least."""
        return _least(self.agreements)


def find_conflicts(
    decisions: Sequence[Decision | None], firsts: Sequence[int], texts: Sequence[str], bodies: Ranges
) -> list[list[Conflict]]:
    """Return the conflicts of each family, at most one for each source, by its node; of one that was not decided none.
    The texts of a family are those behind its place in `firsts`, in the order of its nodes.

    Bodies are read only where counts allow for a conflict. Three of which two are of one outlet are no witnesses:
    outlets revise their own texts.
    """
    suspected = [[] if decision is None else list(_suspected(decision)) for decision in decisions]
    groups = [
        [first + node for node in nodes] for first, found in zip(firsts, suspected, strict=True) for nodes in found
    ]
    agreed = iter(_core.agreements(texts, bodies, groups, SCHEME_V1.width, LEAST_AGREEMENT))
    found: list[list[Conflict]] = []
    for decision, of_family in zip(decisions, suspected, strict=True):
        told = [_conflict(decision, nodes, next(agreed)) for nodes in of_family if decision is not None]
        found.append([conflict for conflict in told if conflict is not None])
    return found


def _suspected(decision: Decision) -> Iterator[list[int]]:
    """Yield each source with two or more copies that differ enough from it to be in conflict with it."""
    copies: dict[int, list[int]] = {}
    for copy in decision.copies():
        copies.setdefault(decision.parents[copy], []).append(copy)
    for source, below in sorted(copies.items()):
        if len(below) > 1 and not decision.is_unseen(source) and decision.outlet_of(source) is not None:
            differing = _differing(decision, source, below)
            if len(differing) > 1:
                yield [source, *differing]


def with_unnamed(decision: Decision, conflicts: Sequence[Conflict]) -> Decision:
    """Return a family with an unseen text as the source of all that are in a conflict which is above its origin.

    How much likelier that makes it than the tree decided on follows from what each two agree in, as from all that
    articles share.
    """
    for conflict in conflicts:
        if not conflict.is_above or decision.parents[conflict.source] != ROOT:
            continue
        node = len(decision.scores)
        gained = SHARED_SHINGLE * conflict.least
        share = 1.0 / (1.0 + exp(-gained))
        parents, scores = dict(decision.parents), [dict(into) for into in decision.scores]
        terms, shares = [dict(into) for into in decision.terms], [dict(into) for into in decision.shares]
        parents[node] = ROOT
        for child in (conflict.source, *conflict.copies):
            before = parents[child]
            terms[child][node] = terms[child][before]._replace(text=terms[child][before].text + gained)
            scores[child][node] = scores[child][before] + gained
            shares[child] = {other: part * (1.0 - share) for other, part in shares[child].items()} | {node: share}
            parents[child] = node
        name = unnamed_name(decision, conflict)
        decision = replace(
            decision,
            unseen=(*decision.unseen, name),
            unnamed=decision.unnamed + 1,
            parents=parents,
            terms=[*terms, {ROOT: Terms()}],
            scores=[*scores, {ROOT: 0.0}],
            shares=[*shares, {ROOT: 1.0}],
        )
    return decision


def unnamed_name(decision: Decision, conflict: Conflict) -> str:
    """Return what the unseen text of a conflict is called in ids: after the article that was taken for the source."""
    return f"unnamed behind {decision.id_of(conflict.source)}"


def unnamed_source(decision: Decision, conflict: Conflict, body: Body) -> LatentSource:
    """Return what is told of an unseen text: how each two agree, and what helps to find it: it was out before the first
    of those that have their text from there, and may have the title of one of them.
    """
    case = decision.case
    below = [node for node in (conflict.source, *conflict.copies) if conflict.is_above or node != conflict.source]
    hints = {("title", title) for node in below if (title := case.articles[node - 1].title)}
    ends = [clock.not_after for node in below if (clock := case.members[node - 1].clock) is not None]
    hints |= {("not_after", min(ends).date().isoformat())} if ends else set()
    return LatentSource(
        decision.latent_id(unnamed_name(decision, conflict)),
        None,
        (),
        tuple(sorted(hints)),
        tuple(_quoted(decision, agreed, body) for agreed in conflict.agreements),
        None if conflict.is_above else decision.id_of(conflict.source),
    )


def _quoted(decision: Decision, agreed: Agreed, body: Body) -> Agreement:
    """Return an agreement with the longest run of words of which all shingles are held by both and not by the third."""
    mine = body(agreed.one)
    held = np.isin(mine.hashes, body(agreed.other).hashes) & ~np.isin(mine.hashes, body(agreed.lacking).hashes)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], held, [False]))))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    span = Span(int(mine.starts[starts[longest]]), int(mine.ends[ends[longest] - 1]))
    one, other, lacking = map(decision.id_of, (agreed.one, agreed.other, agreed.lacking))
    text = span.of(decision.case.articles[agreed.one - 1].text)
    return Agreement(one, other, lacking, agreed.shingles, span, text)


def _differing(decision: Decision, source: int, copies: Sequence[int]) -> list[int]:
    """Return the copies that differ enough from their source, either way, those with most of their own first."""
    overlaps = decision.case.overlaps
    whole = overlaps.sizes[source - 1]
    own = {}
    for copy in copies:
        both = overlaps.shared[source - 1][copy - 1]
        new = overlaps.sizes[copy - 1] - both
        if min(new, whole - both) >= LEAST_AGREEMENT and decision.outlet_of(copy) is not None:
            own[copy] = new
    return sorted(own, key=lambda copy: (-own[copy], copy))[:_MOST_COMPARED]


def _conflict(decision: Decision, nodes: Sequence[int], agreed: Sequence[_Found]) -> Conflict | None:
    """Return the conflict of the first of some nodes with those of the others that agree so."""
    source = nodes[0]
    found: dict[frozenset[int], tuple[Agreed, Agreed, Agreed]] = {}
    for one, other, between, of_one, of_other in sorted(_by_node(nodes, agreed)):
        if len({decision.outlet_of(node) for node in (source, one, other)}) == 3:
            found[frozenset((one, other))] = (
                Agreed(one, other, source, between),
                Agreed(source, one, other, of_one),
                Agreed(source, other, one, of_other),
            )
    if not found:
        return None
    told = max(found.values(), key=_least)
    witnesses = {told[0].one, told[0].other}
    # Who is in conflict with the source and one of the two goes with them.
    taken = tuple(sorted(witnesses.union(*(pair for pair in found if pair & witnesses))))
    return Conflict(source, taken, told, not any(_precedes(decision, source, copy) for copy in taken))


def _by_node(nodes: Sequence[int], agreed: Sequence[_Found]) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield who agrees by nodes, the lower first, on how many shingles with each other, and either with the source."""
    for first, second, (between, of_first, of_second) in agreed:
        one, other = nodes[first], nodes[second]
        yield (one, other, between, of_first, of_second) if one < other else (other, one, between, of_second, of_first)


def _least(agreements: Sequence[Agreed]) -> int:
    return min(agreement.shingles for agreement in agreements)


def _precedes(decision: Decision, source: int, copy: int) -> bool:
    """Say whether an article was surely before another, or is named by it: then it is its ancestor, near or far."""
    members = decision.case.members
    if probability_before(members[source - 1].clock, members[copy - 1].clock) >= SURELY:
        return True
    outlet = decision.outlet_of(source)
    return outlet is not None and any(same_name(e.names, outlet) for e in decision.case.readings[copy - 1].evidence)
