"""Whose boilerplate did a copy carry along?

A block that was learned as the boilerplate of one outlet and stands on a page of another was carried there with the
text: hard to fake, and often the only trace of a middleman. Stock legal text is no trace: what several outlets use
belongs to none of them.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.boilerplate import Layout
from dedup.intake import Intake, Taken
from dedup.outlets import Directory
from dedup.provenance.blocks import Parted
from dedup.provenance.evidence import Evidence, Reading
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import Act, EvidenceClass
from dedup.provenance.surroundings import distant, furniture

_WEIGHT = 2.0
# Shorter blocks ("Share this story") stand on pages everywhere.
_LEAST_WORDS = 6
# A block that stands on pages of this many outlets is stock.
_STOCK_OUTLETS = 4


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds blocks, as arrays: the block's key, the number of who published the page (an outlet, or an article of
    no known outlet), and whether that outlet repeats the block under different bodies.

    `names` are the outlets' by number.
    """

    keys: NDArray[np.uint64]
    outlets: NDArray[np.int64]
    learned: NDArray[np.bool_]
    names: list[str]


class Residues:
    """The blocks of a corpus that tell whose page a text has passed through."""

    def __init__(self, layout: Layout, holders: Holders) -> None:
        """Take who holds the blocks of `layout`, in all of the corpus."""
        self._layout = layout
        self._keys, self._key_of_block = np.unique(layout.key, return_inverse=True)
        keys, learned = np.searchsorted(self._keys, holders.keys), holders.learned
        self._names = holders.names
        self._users, _ = self._counted(keys, holders.outlets)
        teachers, teacher = self._counted(keys[learned], holders.outlets[learned])
        self._owner = np.where(teachers == 1, teacher, -1)

    def _counted(
        self, keys: NDArray[np.int64], outlets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each key how many outlets it is paired with, and one of them."""
        many = int(outlets.max(initial=0)) + 1
        key, outlet = np.divmod(np.unique(keys * many + outlets), many)
        one = np.full(len(self._keys), -1)
        one[key] = outlet
        return np.bincount(key, minlength=len(self._keys)), one

    def boilerplate(self, involved: Sequence[int]) -> list[frozenset[int]]:
        """Return for each article the keys of its boilerplate blocks that are not stock."""
        layout, (places, offsets) = self._layout, self._layout.places(involved)
        keys = layout.key[places]
        users = self._users[self._key_of_block[places]]
        kept = (layout.kind[places] > 0) & (layout.words[places] >= _LEAST_WORDS) & (users < _STOCK_OUTLETS)
        bounds = np.concatenate(([0], np.cumsum(kept)))[offsets].tolist()
        values = keys[kept].tolist()
        return [frozenset(values[begin:end]) for begin, end in itertools.pairwise(bounds)]

    def added_to(self, readings: Sequence[Reading], pages: Sequence[Parted], involved: Sequence[int]) -> list[Reading]:
        """Return the readings with the blocks added that another outlet alone uses as its boilerplate."""
        places, offsets = self._layout.places(involved)
        owners = self._owner[self._key_of_block[places]]
        owned = np.flatnonzero(owners >= 0)
        on_page = np.searchsorted(offsets, owned, side="right") - 1
        carried: dict[int, list[Evidence]] = {}
        for page, block, owner in zip(
            on_page.tolist(), (owned - offsets[on_page]).tolist(), owners[owned].tolist(), strict=True
        ):
            host, name = readings[page].host, self._names[owner]
            if (host is None or not same_name(name, host)) and _came_along(pages[page], block):
                carried.setdefault(page, []).append(_residue(pages[page], block, name))
        return [
            reading._replace(evidence=(*reading.evidence, *carried[page])) if page in carried else reading
            for page, reading in enumerate(readings)
        ]


def _came_along(page: Parted, number: int) -> bool:
    """Say whether a block can have come with the text: it stands near it, and is more than a date or a counter, which
    say the same everywhere once their numbers are set aside.
    """
    words = page.blocks[number].span.of(page.article.text).split()
    worded = sum(any(map(str.isalpha, word)) for word in words) >= _LEAST_WORDS
    return worded and number not in furniture(page.article, page.blocks) | distant(page.article, page.blocks)


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


def holders_of(intake: Intake, taken: Taken, layout: Layout, directory: Directory) -> Holders:
    """Return who holds the blocks of `layout`, of all articles taken in; of a stock block some of them."""
    keys = np.unique(layout.key[layout.words >= _LEAST_WORDS])
    numbers: dict[str, int] = {}
    outlets = [directory.outlet_stated(*source) for source, _ in taken.sources]
    of_source = np.array(
        [-1 if outlet is None else numbers.setdefault(outlet.key, len(numbers)) for outlet in outlets], dtype=np.int64
    )
    at, places, learned = intake.core.holders(keys, _LEAST_WORDS, of_source < 0, _STOCK_OUTLETS)
    outlet = of_source[intake.source_numbers()[places]]
    # An article of no known outlet is one by itself. Nobody learns from it, so it needs no name.
    return Holders(
        keys[at], np.where(outlet < 0, len(numbers) + places.astype(np.int64), outlet), learned, list(numbers)
    )
