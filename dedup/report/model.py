"""What did a scan find?

Report     the whole answer
Run        with what and when it was made
reported   put it together
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xxhash

from dedup.article import Article, Block, Skipped
from dedup.boilerplate import Layout
from dedup.garbage import uncollected
from dedup.intake import Taken
from dedup.provenance.evidence import Reading, read
from dedup.provenance.families import Traced
from dedup.provenance.model import Family, LatentSource, Republication
from dedup.report import shares
from dedup.report.shares import OutletShare

SCHEMA = "dedup.report/1"


@dataclass(frozen=True, slots=True)
class Run:
    """With what and when a report was made; the only part that differs between two runs."""

    scheme: str
    options: Mapping[str, object]
    started: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class InputCount:
    """How many articles a path gave, and how many of its records had to be skipped."""

    path: str
    articles: int
    skipped: int


class ReportedArticle(NamedTuple):
    """An article with what its page tells. `digest` is the xxh3-128 of its text: Spans refer to exactly that."""

    article: Article
    reading: Reading
    blocks: tuple[Block, ...]
    words: int

    @property
    def digest(self) -> str:
        """Return the xxh3-128 of the text's UTF-8 in hexadecimal."""
        return xxhash.xxh3_128_hexdigest(self.article.text.encode())


@dataclass(frozen=True)
class Report:
    """What a scan found.

    `articles` are those in a family or a link, or all if asked for; `read` counts all that were read, `matched` those
    in a family, so that read = matched + unmatched, and every input is either read or in `skipped`.
    `boilerplate_only` counts pairs that share nothing but boilerplate or the wording of a form.
    """

    run: Run
    inputs: tuple[InputCount, ...]
    read: int
    matched: int
    outlet_count: int
    articles: tuple[ReportedArticle, ...]
    families: tuple[Family, ...]
    links: tuple[Republication, ...]
    outlets: tuple[OutletShare, ...]
    skipped: tuple[Skipped, ...]
    capped: int
    boilerplate_only: int

    @cached_property
    def latent_sources(self) -> tuple[LatentSource, ...]:
        """Return the origins nobody gave us, of all families."""
        return tuple(latent for family in self.families for latent in family.latent_sources)

    def to_dict(self, *, with_text: bool = False) -> dict[str, object]:
        """Return the report as plain values under the keys of the schema `dedup schema` prints."""
        from dedup.report.document import report_document

        return report_document(self, with_text)

    @uncollected()
    def to_json(self, *, with_text: bool = False) -> bytes:
        """Return the report as UTF-8 JSON, indented, with a line break at the end."""
        return b"".join(self.json_pieces(with_text=with_text))

    def json_pieces(self, *, with_text: bool = False) -> Iterator[bytes]:
        """Yield the same piece by piece, for a report that need not be held as a whole."""
        from dedup.report.document import report_json

        return report_json(self, with_text)


def reported(
    run: Run, taken: Taken, articles: Sequence[Article], layout: Layout, traced: Traced, capped: int
) -> Report:
    """Put a report together from the results of each stage; `articles` are those it lists."""
    outlets = ((traced.directory.outlet_stated(*source), count) for source, count in taken.sources)
    by_outlet: Counter[str] = Counter()
    for outlet, count in outlets:
        if outlet is not None:
            by_outlet[outlet.key] += count
    return Report(
        run,
        _inputs(taken),
        taken.articles,
        sum(map(len, traced.members)),
        len(by_outlet),
        tuple(_articles(articles, layout, traced)),
        traced.families,
        traced.links.listed,
        shares.outlet_shares(traced, articles, by_outlet),
        taken.skipped,
        capped + sum(family.capped for family in traced.families) + traced.links.capped,
        traced.links.boilerplate_only,
    )


def _articles(articles: Sequence[Article], layout: Layout, traced: Traced) -> Iterator[ReportedArticle]:
    """Yield what is reported of each article."""
    offsets = layout.blocks.offsets.tolist()
    before = np.concatenate(([0], np.cumsum(layout.words, dtype=np.int64)))[layout.blocks.offsets]
    for index, (article, words) in enumerate(zip(articles, np.diff(before).tolist(), strict=True)):
        blocks, reading = traced.blocks.get(index), traced.readings.get(index)
        if blocks is None or reading is None:
            blocks = layout.of(index)
            counts = layout.words[offsets[index] : offsets[index + 1]].tolist()
            reading = read(article, blocks, counts, traced.directory)
        yield ReportedArticle(article, reading, tuple(blocks), words)


def _inputs(taken: Taken) -> tuple[InputCount, ...]:
    counts = {path: [articles, 0] for path, articles in taken.paths if articles}
    for item in taken.skipped:
        counts.setdefault(item.path, [0, 0])[1] += 1
    return tuple(InputCount(path, *counts[path]) for path in sorted(counts))
