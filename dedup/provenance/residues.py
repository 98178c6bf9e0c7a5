"""Whose boilerplate did a copy carry along?

A block that was learned as the boilerplate of one outlet and stands on a page of another was carried there with the
text: hard to fake, and often the only trace of a middleman. Stock legal text is no trace: what several outlets use
belongs to none of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dedup.article import Article, Block
from dedup.boilerplate import Layout
from dedup.outlets import Directory
from dedup.provenance.evidence import Evidence, Reading
from dedup.provenance.names import same_name
from dedup.provenance.rulebook import Act, EvidenceClass

_WEIGHT = 2.0
# Shorter blocks ("Share this story") stand on pages everywhere.
_LEAST_WORDS = 6
# A block that stands on pages of this many outlets is stock.
_STOCK_OUTLETS = 4


class Residues:
    """The blocks of a corpus that tell whose page a text has passed through."""

    def __init__(
        self, articles: Sequence[Article], layout: Layout, directory: Directory, involved: Sequence[int]
    ) -> None:
        self._layout = layout
        wanted = np.unique(np.concatenate([self._keys(index) for index in involved] or [np.zeros(0, np.uint64)]))
        places = np.flatnonzero((layout.words >= _LEAST_WORDS) & np.isin(layout.key, wanted))
        owners = np.searchsorted(layout.blocks.offsets, places, side="right") - 1
        self._outlets: dict[int, set[str]] = {}
        self._learned: dict[int, set[str]] = {}
        outlets = {index: directory.outlet_of(articles[index]) for index in np.unique(owners).tolist()}
        for place, index in zip(places.tolist(), owners.tolist(), strict=True):
            outlet = outlets[index]
            name = outlet.key if outlet is not None else articles[index].id
            key = int(layout.key[place])
            self._outlets.setdefault(key, set()).add(name)
            if outlet is not None and layout.pages[place]:
                self._learned.setdefault(key, set()).add(name)

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

    def _keys(self, index: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
        first, last = self._bounds(index)
        return self._layout.key[first:last]
