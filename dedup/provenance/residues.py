"""Whose boilerplate did a copy carry along?

A block that was learned as the boilerplate of one outlet and stands on a page of another was carried there with the
text: hard to fake, and often the only trace of a middleman. Stock legal text is no trace: what several outlets use
belongs to none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from dedup.article import Article, Block
from dedup.boilerplate import Layout
from dedup.intake import Intake
from dedup.outlets import Directory
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
        self._outlets: dict[int, set[str]] = {}
        self._learned: dict[int, set[str]] = {}
        for key, outlet, learned in holders:
            self._outlets.setdefault(key, set()).add(outlet)
            if learned:
                self._learned.setdefault(key, set()).add(outlet)

    def boilerplate(self, index: int) -> frozenset[int]:
        """Return the keys of an article's boilerplate blocks that are not stock."""
        layout, (first, last) = self._layout, self._bounds(index)
        return frozenset(
            int(layout.key[place])
            for place in range(first, last)
            if layout.kind[place]
            and layout.words[place] >= _LEAST_WORDS
            and len(self._outlets.get(int(layout.key[place]), ())) < _STOCK_OUTLETS
        )

    def added_to(self, reading: Reading, article: Article, index: int, blocks: Sequence[Block]) -> Reading:
        """Return a reading with the blocks added that another outlet alone uses as its boilerplate."""
        first, _ = self._bounds(index)
        found = list(reading.evidence)
        for offset, block in enumerate(blocks):
            owners = self._learned.get(int(self._layout.key[first + offset]), set())
            if len(owners) != 1:
                continue
            (owner,) = owners
            if reading.host is None or not same_name(owner, reading.host):
                quote = block.span.of(article.text)
                found.append(
                    Evidence(
                        "residue.boilerplate",
                        Act.RESIDUE,
                        EvidenceClass.OBSERVED,
                        article.id,
                        owner,
                        _WEIGHT,
                        quote,
                        block.span,
                    )
                )
        return replace(reading, evidence=tuple(found))

    def _bounds(self, index: int) -> tuple[int, int]:
        offsets = self._layout.blocks.offsets
        return int(offsets[index]), int(offsets[index + 1])


def holders_of(intake: Intake, layout: Layout, directory: Directory) -> list[Holder]:
    """Return who holds the blocks of `layout`, of all articles taken in; of a stock block some of them."""
    keys = np.unique(layout.key[layout.words >= _LEAST_WORDS])
    outlets = [directory.outlet_stated(*source) for source, _ in intake.sources()]
    nobody = np.array([outlet is None for outlet in outlets], dtype=np.bool_)
    numbers = intake.source_numbers()
    found = []
    for at, place, learned in intake.core.holders(keys, _LEAST_WORDS, nobody, _STOCK_OUTLETS):
        outlet = outlets[int(numbers[place])]
        found.append((int(keys[at]), f"\0{place}" if outlet is None else outlet.key, learned))
    return found
