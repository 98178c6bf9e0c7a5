"""The corpus door: articles in, a report out.

articles -> blocks -> boilerplate aside -> fingerprints -> candidates -> exact check -> families
         -> evidence and clocks -> parents -> tree -> report
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from time import perf_counter

import numpy as np

from dedup.addresses import addresses_in
from dedup.article import Article, Skipped
from dedup.boilerplate import layout_of
from dedup.boilerplate.lines import Line
from dedup.errors import UsageError
from dedup.garbage import uncollected
from dedup.intake import Intake, Taken
from dedup.match import find_matches
from dedup.outlets import Directory, KnownOutlet
from dedup.provenance.families import trace_families
from dedup.provenance.residues import Residues, holders_of
from dedup.report.model import Report, Run, reported
from dedup.scheme import SCHEME_V1

# A pair counts when this share of the shorter body stands in the other.
THRESHOLD = 0.5

Progress = Callable[[str], None]


def scan(
    articles: Iterable[Article | Skipped],
    *,
    threshold: float = THRESHOLD,
    every_article: bool = False,
    memory: int | None = None,
    boilerplate: Sequence[Line] = (),
    outlets: Sequence[KnownOutlet] = (),
    progress: Progress = lambda stage: None,
) -> Report:
    """Return the report on a pile of articles: what was republished, by whom, from whom, with the evidence.

    The same articles in any order give the same report, but for its run block. What a reader had to skip passes
    through to the report. `threshold` is the share of the shorter body that must stand in the other for a pair to
    count; `every_article` lists unmatched articles too. About `memory` bytes are used, and
    beyond that temporary files; the answer is the same. What `boilerplate` says of lines goes before what is
    learned of them, and so does what `outlets` says of who is who. `progress` is called with the name of each stage.

    Raises UsageError if `threshold` is not above 0 and at most 1 or `memory` is below 0, and StorageError if temporary
    files are needed and cannot be written.

    >>> copy = "The harbour closed at dawn after the crane fell across the northern quay, and nobody was hurt."
    >>> report = scan([Article("a", copy, outlet="a.org", published="2021-03-01"),
    ...                Article("b", copy, outlet="b.org", published="2021-03-09")])
    >>> [(edge.source, edge.copy) for family in report.families for edge in family.republications]
    [('a', 'b')]
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"threshold {threshold}: give a share of the shorter body, above 0 and at most 1")
    if memory is not None and memory < 0:
        raise UsageError(f"memory {memory}: give a number of bytes, 0 or more")
    started, clock = datetime.now(UTC), perf_counter()
    progress("reading")
    intake = Intake.of(articles, memory)
    progress("boilerplate")
    intake.learn(boilerplate)
    progress("matching")
    matches = find_matches(intake.core, threshold)
    with uncollected():
        listed = np.arange(len(intake), dtype=np.uint32) if every_article else matches.touched()
        matched = [intake.article(place) for place in listed.tolist()]
        layout = layout_of(intake.core, listed)
        taken = intake.taken()
        directory = _directory(taken, matched, outlets)
        residues = Residues(layout, holders_of(intake, taken, layout, directory))
        del intake  # the memory of all articles, where only those that matched are left to be traced
        progress("provenance")
        traced = trace_families(matched, layout, matches.among(listed), directory, residues)
        progress("report")
        options = {
            "threshold": threshold,
            "every_article": every_article,
            "boilerplate": len(boilerplate),
            "outlets": len(outlets),
        }
        run = Run(SCHEME_V1.name, options, started, perf_counter() - clock)
        return reported(run, taken, matched, layout, traced, matches.capped)


def learned_boilerplate(
    articles: Iterable[Article | Skipped], *, memory: int | None = None, progress: Progress = lambda stage: None
) -> tuple[list[Line], tuple[Skipped, ...]]:
    """Return the lines that outlets repeat under different bodies, by outlet, and what could not be read.

    Raises StorageError if temporary files are needed and cannot be written.
    """
    progress("reading")
    intake = Intake.of(articles, memory)
    progress("boilerplate")
    intake.learn()
    return intake.learned(), tuple(intake.skipped)


def _directory(taken: Taken, matched: Sequence[Article], known: Sequence[KnownOutlet]) -> Directory:
    """Return which names and domains mean the same outlet. Where an outlet is known by name only, a domain that a page
    links to may be its own.
    """
    if all(domain is not None or name is None for (domain, name), _ in taken.sources):
        return Directory.of(taken.sources, known=known)
    texts = [article.text for article in matched]
    linked = {address.domain for found in addresses_in(texts) for address in found}
    return Directory.of(taken.sources, linked, known)
