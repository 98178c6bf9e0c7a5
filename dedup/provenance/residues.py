"""Whose boilerplate did a copy carry along?

A block that was learned as the boilerplate of one outlet and stands on a page of another was carried there with the
text: hard to fake, and often the only trace of a middleman. Stock legal text is no trace: what several outlets use
belongs to none of them.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate import Layout
from dedup.intake import Intake
from dedup.outlets import Directory
from dedup.provenance.blocks import Parted, places_of
from dedup.provenance.evidence import Evidence, Reading
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import Act, EvidenceClass

_WEIGHT = 2.0
# Shorter blocks ("Share this story") stand on pages everywhere.
_LEAST_WORDS = 6
# A block that stands on pages of this many outlets is stock.
_STOCK_OUTLETS = 4


# One holder of a block: the block's key, who published the page (an outlet, or an article of no known outlet), and
# whether that outlet repeats the block under different bodies.
Holder = tuple[int, str, bool]


class Residues:
    """The blocks of a corpus that tell whose page a text has passed through."""

    def __init__(self, layout: Layout, holders: Iterable[Holder]) -> None:
        """Take who holds the blocks of `layout`, in all of the corpus."""
        self._layout = layout
        self._keys = np.unique(layout.key)
        held = list(holders)
        numbers: dict[str, int] = {}
        outlets = np.array([numbers.setdefault(outlet, len(numbers)) for _, outlet, _ in held], dtype=np.int64)
        keys = np.searchsorted(self._keys, np.array([key for key, _, _ in held], dtype=np.uint64))
        learned = np.array([learned for _, _, learned in held], dtype=np.bool_)
        self._names = list(numbers)
        self._users, _ = self._counted(keys, outlets)
        teachers, teacher = self._counted(keys[learned], outlets[learned])
        self._owner = np.where(teachers == 1, teacher, -1)

    def _counted(
        self, keys: NDArray[np.int64], outlets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each key how many outlets it is paired with, and one of them."""
        pairs = np.unique(keys * max(len(self._names), 1) + outlets)
        key, outlet = np.divmod(pairs, max(len(self._names), 1))
        one = np.full(len(self._keys), -1)
        one[key] = outlet
        return np.bincount(key, minlength=len(self._keys)), one

    def boilerplate(self, involved: Sequence[int]) -> list[frozenset[int]]:
        """Return for each article the keys of its boilerplate blocks that are not stock."""
        layout, (places, offsets) = self._layout, places_of(self._layout, involved)
        keys = layout.key[places]
        users = self._users[np.searchsorted(self._keys, keys)]
        kept = (layout.kind[places] > 0) & (layout.words[places] >= _LEAST_WORDS) & (users < _STOCK_OUTLETS)
        bounds = np.concatenate(([0], np.cumsum(kept)))[offsets].tolist()
        values = keys[kept].tolist()
        return [frozenset(values[begin:end]) for begin, end in itertools.pairwise(bounds)]

    def added_to(self, readings: Sequence[Reading], pages: Sequence[Parted], involved: Sequence[int]) -> list[Reading]:
        """Return the readings with the blocks added that another outlet alone uses as its boilerplate."""
        places, offsets = places_of(self._layout, involved)
        owners = self._owner[np.searchsorted(self._keys, self._layout.key[places])]
        owned = np.flatnonzero(owners >= 0)
        on_page = np.searchsorted(offsets, owned, side="right") - 1
        carried: dict[int, list[Evidence]] = {}
        for page, block, owner in zip(
            on_page.tolist(), (owned - offsets[on_page]).tolist(), owners[owned].tolist(), strict=True
        ):
            host, name = readings[page].host, self._names[owner]
            if host is None or not same_name(name, host):
                carried.setdefault(page, []).append(_residue(pages[page], block, name))
        return [
            replace(reading, evidence=(*reading.evidence, *carried[page])) if page in carried else reading
            for page, reading in enumerate(readings)
        ]


def _residue(page: Parted, block: int, owner: str) -> Evidence:
    span = page.blocks[block].span
    return Evidence(
        "residue.boilerplate",
        Act.RESIDUE,
        EvidenceClass.OBSERVED,
        page.article.id,
        owner,
        _WEIGHT,
        span.of(page.article.text),
        span,
    )


def holders_of(intake: Intake, layout: Layout, directory: Directory) -> list[Holder]:
    """Return who holds the blocks of `layout`, of all articles taken in; of a stock block some of them."""
    keys = np.unique(layout.key[layout.words >= _LEAST_WORDS])
    outlets = [directory.outlet_stated(*source) for source, _ in intake.taken().sources]
    nobody = np.array([outlet is None for outlet in outlets], dtype=np.bool_)
    numbers = intake.source_numbers()
    found = []
    for at, place, learned in intake.core.holders(keys, _LEAST_WORDS, nobody, _STOCK_OUTLETS):
        outlet = outlets[int(numbers[place])]
        found.append((int(keys[at]), f"\0{place}" if outlet is None else outlet.key, learned))
    return found
