"""Which sources may a copy have had, and how well does each explain it?

Every article of a family is a node; so is every outlet that is named as a source but has no article there, and so is
"no source known". Each possible edge gets a score in nats, a sum of terms that are kept apart so that the report can
say what decided. The weights stand here; how far the probabilities they give can be trusted is for `calibration.py`.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import expm1, log, log1p
from typing import NamedTuple

from dedup.provenance.clocks import DAY, Date, spread_before
from dedup.provenance.evidence import Evidence
from dedup.provenance.model import Overlaps
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import Act, EvidenceClass
from dedup.provenance.texts import MOST_SOURCES, SHARED_SHINGLE, Texts
from dedup.provenance.votes import Vote, bounded, votes_of

# About two dates in a hundred are wrong so that an order is turned round: misread, changed at an update, set back.
# Most of those are off by hours or days and few by years, so that the share falls with the distance. Stories are copied
# while they are new: the share still to come falls about as one over the days gone by, down to what is copied for other
# reasons than its news.
LYING_CLOCK = 0.02
MOST_LAG = 3.0
# Evidence names an ancestor, seldom surely the parent: a page that names the same outlet may have passed it on. What
# it only shows (an appeal, a video) goes on with the text by itself, what it says is sometimes left out.
PASSED_ON = 0.6
PASSED_ON_WIRE = 0.4
HOLDS_THE_TEXT = 0.12
# An unseen source must be named by more than this much evidence to be preferred over none. The more pages name it, the
# less each has to bring: it was missed only once. An agency sends its text to everybody, so that it was not seen is no
# surprise.
UNSEEN_SOURCE = 2.5
UNSEEN_WIRE = 0.0
# Who took from an agency, or from an outlet that so many others name, does not always say so.
SILENT_OF_WIRE = 0.3
SILENT_OF_OUTLET = 1.3
LEAST_NAMING, MOST_WITNESSES = 2, 8
# Most credits go to the origin and few to a middleman: whoever others name is the likelier to have had it from nobody.
NAMED_AS_SOURCE = 0.5
MOST_NAMED = 1.5
# An origin has no source to name.
NAMES_A_SOURCE = 1.5
# A later version of an article at its own outlet is most likely made from the earlier one.
SAME_OUTLET = 2.0
SAME_HEADLINE = 2.0
RESIDUE_BLOCK = 1.5
MOST_RESIDUE = 3.0
# After so many microseconds the lag is as great as it gets.
_MOST_GAP = DAY * expm1(MOST_LAG)
_UNKNOWN_CLOCK, _SURELY_LATER = log(0.5), log(LYING_CLOCK)


class Member(NamedTuple):
    """One article of a family, as far as the choice of its source goes."""

    id: str
    outlet: str | None
    headline: str
    clock: Date | None
    evidence: tuple[Evidence, ...]
    boilerplate: frozenset[int]


class Terms(NamedTuple):
    """What speaks for one edge, in nats."""

    text: float = 0.0
    clock: float = 0.0
    declared: float = 0.0
    observed: float = 0.0
    outlet: float = 0.0


# A tuple made Terms takes a third of the time of Terms of five numbers, and every edge has some.
_terms = partial(tuple.__new__, Terms)


@dataclass(slots=True)
class Candidates:
    """The possible sources of one copy: none, those seen by member index, and outlets not seen by name."""

    none: Terms
    seen: dict[int, Terms] = field(default_factory=dict)
    unseen: dict[str, Terms] = field(default_factory=dict)
    capped: int = 0


class _Missing(NamedTuple):
    """An outlet that others name and nobody gave us: who names it, and what it costs a page to be silent of it."""

    name: str
    naming: frozenset[int]
    silence: float


class Scale:
    """Weighs the possible sources of a family's members; what all weighings need is worked out once."""

    def __init__(self, members: Sequence[Member], overlaps: Overlaps) -> None:
        self._members, self._overlaps = members, overlaps
        self._texts = Texts(overlaps)
        self._clocks = [_Clock.of(member.clock) for member in members]
        wires = {e.names for member in members for e in member.evidence if e.act is Act.WIRE}
        # What each member's page says and shows of the outlets it names.
        self._votes = [votes_of(member.evidence, wires) if member.evidence else {} for member in members]
        self._by_outlet: dict[str, set[int]] = {}
        for place, member in enumerate(members):
            if member.outlet is not None:
                self._by_outlet.setdefault(member.outlet, set()).add(place)
        self._holders: dict[str, set[int]] = {}
        self._grants: dict[tuple[int, str], tuple[float, float]] = {}
        self._named_by, self._missing = self._counted()

    def weigh(self, copy: int) -> Candidates:
        """Return every source that member `copy` may have had, each with its terms."""
        texts = self._texts.of[copy]
        kept, best = list(texts), self._texts.best(copy)
        unexplained = self._texts.unexplained(copy)
        named = min(MOST_NAMED, NAMED_AS_SOURCE * self._named_by.get(copy, 0))
        found = Candidates(Terms(text=unexplained, declared=named), capped=self._texts.capped[copy])
        votes = self._votes[copy]
        if any(vote.declared for vote in votes.values()):
            found.none = found.none._replace(declared=named - NAMES_A_SOURCE)
        found.seen = self._seen(copy, votes)
        for name, vote in votes.items():
            if self._holding(name):
                continue
            others = [s for s in kept if any(same_name(e.names, name) for e in self._members[s].evidence)]
            shared = max(self._of_unseen(copy, others[:MOST_WITNESSES])) - best if others else unexplained
            price = UNSEEN_WIRE if vote.wire else UNSEEN_SOURCE / (1 + len(others))
            shown = bounded(vote.shown.values())
            found.unseen[name] = Terms(text=shared - price, declared=vote.declared, observed=shown)
        for name, naming, silence in self._missing:
            told = [] if copy in naming else [s for s in kept if s in naming][:MOST_WITNESSES]
            if not all(self._is_later(s, copy) for s in told):
                # What the closest of them has in common with the copy may be its own: the others tell.
                common = self._of_unseen(copy, told)
                found.unseen[name] = Terms(text=max(common[1:] or common) - best, declared=-silence)
        return found

    def _of_unseen(self, copy: int, witnesses: Sequence[int]) -> list[float]:
        """Return what each of some copies of an unseen source tells that it explains of another's text."""
        return [
            self._texts.of[copy][witness] + SHARED_SHINGLE * self._texts.unlike(witness, copy, witnesses)
            for witness in witnesses
        ]

    def _is_later(self, one: int, other: int) -> bool:
        """Say whether one member came surely after another: then the other does not need what it names."""
        first, second = self._clocks[one], self._clocks[other]
        return first is not None and second is not None and second.wide[1] <= first.wide[0]

    def _counted(self) -> tuple[Mapping[int, int], Sequence[_Missing]]:
        """Return how many other outlets declare each member's outlet as their source, for members that any does, and
        the outlets that are named and not here, so that any member may have taken its text from them.
        """
        naming: dict[int, set[str | None]] = {}
        missing: dict[str, set[int]] = {}
        wires: set[str] = set()
        for place, member in enumerate(self._members):
            for name, vote in self._votes[place].items():
                for holder in self._holding(name) if vote.declared else ():
                    if self._members[holder].outlet != member.outlet:
                        naming.setdefault(holder, set()).add(member.outlet)
                if not self._holding(name):
                    known = next((other for other in missing if same_name(other, name)), name)
                    missing.setdefault(known, set()).add(place)
                    wires |= {known} if vote.wire else set()
        found = [
            _Missing(name, frozenset(places), SILENT_OF_WIRE if name in wires else SILENT_OF_OUTLET)
            for name, places in sorted(missing.items())
            if name in wires or len({self._members[place].outlet for place in places}) >= LEAST_NAMING
        ]
        return {holder: len(outlets) for holder, outlets in naming.items()}, found

    def _holding(self, name: str) -> set[int]:
        """Return the members whose outlet a name means."""
        if name not in self._holders:
            same = [places for outlet, places in self._by_outlet.items() if same_name(outlet, name)]
            self._holders[name] = set().union(*same)
        return self._holders[name]

    def _seen(self, copy: int, votes: Mapping[str, Vote]) -> dict[int, Terms]:
        """Return what speaks for each source that is weighed."""
        members, clocks, best = self._members, self._clocks, self._texts.best(copy)
        me, clock = members[copy], clocks[copy]
        seen = {}
        for source, text in self._texts.of[copy].items():
            it = members[source]
            same_outlet = it.outlet is not None and it.outlet == me.outlet
            text -= best
            if it.headline and it.headline == me.headline:
                text += SAME_HEADLINE
            declared, observed = self._told(source, votes) if votes else (0.0, 0.0)
            if not same_outlet:
                if not it.boilerplate.isdisjoint(me.boilerplate):
                    observed += min(MOST_RESIDUE, RESIDUE_BLOCK * len(it.boilerplate & me.boilerplate))
                for name in self._votes[source]:
                    if copy in self._holding(name):
                        # A page that names this one's outlet would have to be its ancestor and its descendant.
                        granted = self._granted(source, name)
                        declared, observed = declared - granted[0], observed - granted[1]
            came = _clock_term(clocks[source], clock, same_outlet)
            seen[source] = _terms((text, came, declared, observed, SAME_OUTLET if same_outlet else 0.0))
        return seen

    def _told(self, source: int, votes: Mapping[str, Vote]) -> tuple[float, float]:
        """Return what a copy's page declares of a source, and what it shows."""
        declared = observed = 0.0
        for name, vote in votes.items():
            said, shown = self._explains(source, name, vote)
            declared += said * vote.declared
            if vote.shown:
                observed += bounded(weight * shown[act] for act, weight in vote.shown.items())
        return declared, observed

    def _granted(self, place: int, name: str) -> tuple[float, float]:
        """Return what another source than the one it names may explain of a page's evidence for that outlet, declared
        and observed: it does only as long as that outlet is not below the page itself.
        """
        key = (place, name)
        if key not in self._grants:
            vote, holders = self._votes[place][name], self._holding(name)
            shared = self._overlaps.shared[place]
            others = heapq.nlargest(MOST_SOURCES, shared.keys() - holders, key=lambda at: (shared[at], -at))
            told = [self._explains(other, name, vote) for other in others]
            said = max((said for said, _ in told), default=0.0)
            shown = [bounded(weight * part[act] for act, weight in vote.shown.items()) for _, part in told]
            self._grants[key] = said * vote.declared, max(shown, default=0.0)
        return self._grants[key]

    def _explains(self, source: int, name: str, vote: Vote) -> tuple[float, Mapping[Act, float]]:
        """Return how far taking the text from `source` explains that the copy declares an outlet, and each act in
        which it shows it.
        """
        holders = self._holding(name)
        if source in holders:
            return 1.0, dict.fromkeys(vote.shown, 1.0)
        held = 0.0 if holders.isdisjoint(self._overlaps.shared[source].keys()) else HOLDS_THE_TEXT
        told = [e for e in self._members[source].evidence if same_name(e.names, name)]
        if not told:
            return held, dict.fromkeys(vote.shown, held)
        passed_on = PASSED_ON_WIRE if vote.wire else PASSED_ON
        declares = any(e.evidence_class is EvidenceClass.DECLARED for e in told)
        shown = {act: 1.0 if any(e.act is act for e in told) else held for act in vote.shown}
        return passed_on if declares else held, shown


class _Clock(NamedTuple):
    """A date as numbers: its bounds against any other clock and against the same outlet's, its middle in
    microseconds, and whether only its end is known.
    """

    wide: tuple[float, float]
    narrow: tuple[float, float]
    middle: float
    is_open: bool

    @classmethod
    def of(cls, date: Date | None) -> "_Clock | None":
        if date is None:
            return None
        wide = date.bounds(False)
        return cls(wide, wide if date.zone_known else date.bounds(True), sum(date.microseconds()) / 2, date.is_open)


def _clock_term(first: _Clock | None, second: _Clock | None, same_outlet: bool) -> float:
    """Return what two clocks say for the first's being the source: nothing where either is unknown."""
    if first is None or second is None:
        return _UNKNOWN_CLOCK
    one, other = (first.narrow, second.narrow) if same_outlet else (first.wide, second.wide)
    is_later = other[1] <= one[0]
    if first.is_open or second.is_open:
        return _SURELY_LATER if is_later else _UNKNOWN_CLOCK
    gap = first.middle - second.middle if is_later else second.middle - first.middle
    late = MOST_LAG if gap >= _MOST_GAP else log1p(gap / DAY) if gap > 0.0 else 0.0
    if is_later:
        return _SURELY_LATER - late
    return 0.0 - late if one[1] <= other[0] else log(max(spread_before(one, other), LYING_CLOCK)) - late
