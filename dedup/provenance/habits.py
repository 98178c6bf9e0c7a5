"""How often did an outlet take from another in other families?

Partners take from each other again and again. That is shown beside each edge and decides none: two that reprint each
other would bear each other out, and each wrong edge the next. The family at hand never counts for itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dedup.provenance.model import Family, Habit, Republication


def with_habits(families: Sequence[Family], outlets: Mapping[str, str | None]) -> list[Family]:
    """Return the families, each edge between two outlets with the Habit that the other families show. `outlets` gives
    that of each article; those of latent sources their families know.
    """
    known = {**outlets, **{latent.id: latent.outlet for family in families for latent in family.latent_sources}}
    of_family = [_takings(family, known) for family in families]
    pairs = Counter(pair for taken in of_family for pair in taken)
    copies = Counter(outlet for taken in of_family for outlet in _takers(taken))
    return [
        replace(
            family,
            republications=tuple(_with_habit(edge, known, (pairs, copies), taken) for edge in family.republications),
        )
        for family, taken in zip(families, of_family, strict=True)
    ]


def _takings(family: Family, outlets: Mapping[str, str | None]) -> set[tuple[str, str]]:
    """Return who took from whom in a family: pairs of the copy's outlet and its source's, of edges with a direction."""
    pairs = ((outlets.get(e.copy), outlets.get(e.source)) for e in family.republications if e.determined)
    return {(copy, source) for copy, source in pairs if copy is not None and source is not None and copy != source}


def _takers(taken: set[tuple[str, str]]) -> set[str]:
    return {copy for copy, _ in taken}


def _with_habit(
    edge: Republication,
    outlets: Mapping[str, str | None],
    counted: tuple[Counter[tuple[str, str]], Counter[str]],
    here: set[tuple[str, str]],
) -> Republication:
    copy, source = outlets.get(edge.copy), outlets.get(edge.source)
    if copy is None or source is None or copy == source:
        return edge
    pairs, copies = counted
    taken = pairs[copy, source] - ((copy, source) in here)
    return edge._replace(habit=Habit(taken, copies[copy] - (copy in _takers(here))))
