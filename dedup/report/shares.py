"""How much does each outlet take from others, and give to them?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedup.article import Article
from dedup.provenance.families import Traced
from dedup.provenance.model import Credit

# An article is counted as the earliest known of its family if that is more likely than not.
LEAST_ORIGIN = 0.5


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
    own, `borrowed` its republications of others, `lent` those of its articles by others; `credited_share` is the
    share of `borrowed` that name an ancestor, None where nothing was borrowed. Undetermined directions do not count.
    """

    outlet: str
    name: str
    articles: int
    first: int
    borrowed: int
    lent: int
    credited_share: float | None
    partners: tuple[Partner, ...]


def outlet_shares(traced: Traced, articles: Sequence[Article], by_outlet: Mapping[str, int]) -> tuple[OutletShare, ...]:
    """Return the shares of every outlet with an article in a family, in the order of their keys.

    `by_outlet` counts all articles of each outlet.
    """
    hosts = {articles[index].id: reading.host for index, reading in traced.readings.items()}
    unseen = {latent.id: latent.outlet for family in traced.families for latent in family.latent_sources}
    surely = [family.origin for family in traced.families if family.p_origin > LEAST_ORIGIN]
    first = Counter(host for origin in surely if (host := hosts.get(origin)) is not None)
    taken: Counter[tuple[str, str]] = Counter()
    credited: Counter[str] = Counter()
    for family in traced.families:
        for edge in family.republications:
            source, copy = hosts.get(edge.source) or unseen.get(edge.source), hosts.get(edge.copy)
            if edge.determined and source is not None and copy is not None and source != copy:
                taken[copy, source] += 1
                credited[copy] += edge.credit in (Credit.CREDITED, Credit.MIDDLEMAN, Credit.LATENT)
    borrowings: dict[str, dict[str, int]] = {}
    lendings: dict[str, dict[str, int]] = {}
    for (copy, source), count in taken.items():
        borrowings.setdefault(copy, {})[source] = count
        lendings.setdefault(source, {})[copy] = count
    found = []
    for outlet in sorted({host for host in hosts.values() if host is not None}):
        borrowed, lent = borrowings.get(outlet, {}), lendings.get(outlet, {})
        total = sum(borrowed.values())
        found.append(
            OutletShare(
                outlet,
                traced.directory.name_of(outlet),
                by_outlet.get(outlet, 0),
                first[outlet],
                total,
                sum(lent.values()),
                credited[outlet] / total if total else None,
                tuple(Partner(p, borrowed.get(p, 0), lent.get(p, 0)) for p in sorted({*borrowed, *lent})),
            )
        )
    return tuple(found)
