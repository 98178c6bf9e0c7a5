"""How much does each outlet take from others, give to them, and tell of it?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from dedup.article import Article
from dedup.provenance.clocks import Precision
from dedup.provenance.doubts import doubts_of
from dedup.provenance.evidence import Reading
from dedup.provenance.families import Traced
from dedup.provenance.model import Credit, Republication

# An article is counted as the earliest known of its family if that is more likely than not.
LEAST_ORIGIN = 0.5
# What a copy that names an origin, or anyone between, says.
_TOLD = (Credit.CREDITED, Credit.MIDDLEMAN, Credit.LATENT)
# The quantile of the normal distribution for an interval of 95 %.
_Z = 1.959964


class Share(NamedTuple):
    """A share, and the limits within which it is expected to be with a confidence of 95 %."""

    value: float
    low: float
    high: float


class ClockProfile(NamedTuple):
    """How an outlet dates its articles that are in families or links: how many there are, to the minute, to a day or a
    month only, not at all, with a zone, and how many whose dates contradict each other.
    """

    articles: int
    minute: int
    coarser: int
    undated: int
    zone_known: int
    doubted: int


@dataclass(frozen=True, slots=True)
class Partner:
    """How many articles an outlet took from another, and gave to it."""

    outlet: str
    borrowed: int
    lent: int


@dataclass(frozen=True, slots=True)
class OutletShare:
    """One outlet's part in all families.

    `articles` counts all of its articles that were read, `first` the families whose earliest known article is its
    own, `borrowed` its republications of others, `lent` those of its articles by others; `credits` counts what
    these say of their origin, and its copies of its own texts as `self`. Undetermined directions do not count.

    `borrowed_share` and `lent_share` are shares of its articles: those with a source at another outlet, and those with
    a copy there. `credited_share` is the share of `borrowed` that names an ancestor, None where nothing was borrowed.
    """

    outlet: str
    name: str
    articles: int
    first: int
    borrowed: int
    lent: int
    credits: Mapping[Credit, int]
    borrowed_share: Share | None
    lent_share: Share | None
    credited_share: Share | None
    clock: ClockProfile
    partners: tuple[Partner, ...]


def share_of(count: int, total: int, perhaps: int = 0) -> Share | None:
    """Return a share of `total` with its interval (Wilson 1927), or None of nothing.

    `perhaps` more cases may count: the interval reaches from its lower limit without them to the upper with them.

    >>> [round(limit, 3) for limit in share_of(1, 4)]
    [0.25, 0.046, 0.699]
    """
    if total == 0:
        return None
    return Share(count / total, _wilson(count, total, -1), _wilson(count + perhaps, total, 1))


def _wilson(count: int, total: int, side: int) -> float:
    square = _Z * _Z / total
    share = count / total
    spread = sqrt(share * (1 - share) * square + square * square / 4)
    return min(1.0, max(0.0, (share + square / 2 + side * spread) / (1 + square)))


def _profile(readings: Sequence[Reading]) -> ClockProfile:
    clocks = [reading.clock for reading in readings]
    minute = sum(clock is not None and clock.precision is Precision.MINUTE for clock in clocks)
    undated = clocks.count(None)
    zoned = sum(clock is not None and clock.zone_known for clock in clocks)
    doubted = sum(bool(doubts_of(reading)) for reading in readings)
    return ClockProfile(len(clocks), minute, len(clocks) - minute - undated, undated, zoned, doubted)


class _Ledger:
    """Who took what from whom, by outlet."""

    def __init__(self, hosts: Mapping[str, str | None], republications: Iterable[Republication]) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()
        self.credits: dict[str, Counter[Credit]] = defaultdict(Counter)
        self.copies: dict[str, set[str]] = defaultdict(set)
        self.sources: dict[str, set[str]] = defaultdict(set)
        self.perhaps: dict[str, set[str]] = defaultdict(set)
        for edge in republications:
            source, copy = hosts.get(edge.source), hosts.get(edge.copy)
            if source is None or copy is None:
                continue
            if not edge.determined:
                # Either may be the copy.
                if edge.figures is not None:
                    self.perhaps[source].add(edge.source)
                self.perhaps[copy].add(edge.copy)
                continue
            if source != copy or edge.credit is Credit.SELF:
                self.credits[copy][edge.credit] += 1
            if source != copy:
                self.taken[copy, source] += 1
                self.copies[copy].add(edge.copy)
                if edge.figures is not None:  # an article that nobody gave us is none of those counted
                    self.sources[source].add(edge.source)

    def told(self, outlet: str) -> int:
        """Return how many of an outlet's copies name an ancestor."""
        return sum(self.credits[outlet][label] for label in _TOLD)


def outlet_shares(traced: Traced, articles: Sequence[Article], by_outlet: Mapping[str, int]) -> tuple[OutletShare, ...]:
    """Return the shares of every outlet with an article in a family, in the order of their keys.

    `by_outlet` counts all articles of each outlet.
    """
    hosts = {articles[index].id: reading.host for index, reading in traced.readings.items()}
    unseen = {latent.id: latent.outlet for family in traced.families for latent in family.latent_sources}
    surely = [family.origin for family in traced.families if family.p_origin > LEAST_ORIGIN]
    first = Counter(host for origin in surely if (host := hosts.get(origin)) is not None)
    ledger = _Ledger({**unseen, **hosts}, (edge for family in traced.families for edge in family.republications))
    borrowings: dict[str, dict[str, int]] = defaultdict(dict)
    lendings: dict[str, dict[str, int]] = defaultdict(dict)
    for (copy, source), count in ledger.taken.items():
        borrowings[copy][source] = count
        lendings[source][copy] = count
    read: dict[str, list[Reading]] = defaultdict(list)
    for reading in traced.readings.values():
        if reading.host is not None:
            read[reading.host].append(reading)
    found = []
    for outlet in sorted({host for host in hosts.values() if host is not None}):
        borrowed, lent = borrowings.get(outlet, {}), lendings.get(outlet, {})
        total, count = sum(borrowed.values()), by_outlet.get(outlet, 0)
        copies, sources, perhaps = (by.get(outlet, set()) for by in (ledger.copies, ledger.sources, ledger.perhaps))
        found.append(
            OutletShare(
                outlet,
                traced.directory.name_of(outlet),
                count,
                first[outlet],
                total,
                sum(lent.values()),
                ledger.credits[outlet],
                share_of(len(copies), count, len(perhaps - copies)),
                share_of(len(sources), count, len(perhaps - sources)),
                share_of(ledger.told(outlet), total),
                _profile(read[outlet]),
                tuple(Partner(p, borrowed.get(p, 0), lent.get(p, 0)) for p in sorted({*borrowed, *lent})),
            )
        )
    return tuple(found)
