"""The corpus door: articles in, a report out.

articles -> blocks -> boilerplate aside -> fingerprints -> candidates -> exact check -> families
         -> evidence and clocks -> parents -> tree -> report
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from dedup.article import IN_MEMORY, Article, Skipped
from dedup.boilerplate import lay_out
from dedup.errors import UsageError
from dedup.fingerprint import fingerprint
from dedup.match import find_matches
from dedup.outlets import registrable_domain
from dedup.provenance.families import trace_families
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
    progress: Progress = lambda stage: None,
) -> Report:
    """Return the report on a pile of articles: what was republished, by whom, from whom, with the evidence.

    The same articles in any order give the same report, but for its run block. What a reader had to skip passes
    through to the report. `threshold` is the share of the shorter body that must stand in the other for a pair to
    count; `every_article` lists unmatched articles too. `progress` is called with the name of each stage.

    Raises UsageError if `threshold` is not above 0 and at most 1.

    >>> copy = "The harbour closed at dawn after the crane fell across the northern quay, and nobody was hurt."
    >>> report = scan([Article("a", copy, outlet="a.org", published="2021-03-01"),
    ...                Article("b", copy, outlet="b.org", published="2021-03-09")])
    >>> [(edge.source, edge.copy) for family in report.families for edge in family.republications]
    [('a', 'b')]
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"threshold {threshold}: give a share of the shorter body, above 0 and at most 1")
    started, clock = datetime.now(UTC), perf_counter()
    progress("reading")
    taken, skipped = _take(articles)
    texts = [article.text for article in taken]
    progress("boilerplate")
    layout = lay_out(taken, _outlet_numbers(taken))
    bodies = layout.bodies()
    progress("fingerprints")
    prints = fingerprint(texts, bodies)
    progress("matching")
    matches = find_matches(texts, bodies, prints, threshold)
    progress("provenance")
    traced = trace_families(taken, layout, matches)
    progress("report")
    run = Run(
        SCHEME_V1.name,
        {"threshold": threshold, "every_article": every_article},
        started,
        perf_counter() - clock,
    )
    return reported(run, taken, skipped, layout, traced, matches.capped, every_article)


def _take(articles: Iterable[Article | Skipped]) -> tuple[list[Article], list[Skipped]]:
    """Part the read from the skipped, and put both in an order that does not depend on the input's.

    Two different articles under one id are told apart by a suffix; the very same record twice is read once.
    """
    taken: list[Article] = []
    skipped: list[Skipped] = []
    for item in articles:
        refused = _refused(item) if isinstance(item, Article) else None
        if isinstance(item, Skipped):
            skipped.append(item)
        elif refused is not None:
            skipped.append(Skipped(item.path or IN_MEMORY, item.line, f"article {item.id}: {refused}"))
        else:
            taken.append(item)
    keyed = sorted(
        (_content(article), article.path or "", article.line or 0, place) for place, article in enumerate(taken)
    )
    unique: list[Article] = []
    ids = {article.id for article in taken}
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    for before, this in zip([None, *keyed], keyed, strict=False):
        article = taken[this[-1]]
        if before is not None and before[0] == this[0]:
            reason = f"article {article.id}: the same record stands at {_place(taken[before[-1]])}"
            skipped.append(Skipped(article.path or IN_MEMORY, article.line, reason))
        elif before is not None and taken[before[-1]].id == article.id:
            free = next(name for number in numbers[article.id] if (name := f"{article.id}~{number}") not in ids)
            unique.append(replace(article, id=free))
        else:
            unique.append(article)
    skipped.sort(key=lambda s: (s.path, s.line or 0, s.reason))
    return unique, skipped


def _refused(article: Article) -> str | None:
    """Return why an article cannot be scanned, or None if it can."""
    if not article.text.strip():
        return "the text is empty"
    try:
        "".join(_content(article)).encode()
    except UnicodeEncodeError:
        return "it holds half a surrogate pair, which is no character; decode its source anew"
    return None


def _content(article: Article) -> tuple[str, ...]:
    """Return all that a source says of an article, in an order in which articles can be sorted."""
    stated = (article.url, article.outlet, article.title, article.byline, article.published, article.modified,
              article.fetched, article.language)  # fmt: skip
    marks = (text for mark in article.marks for text in (mark.name, mark.value))
    return (article.id, article.text, *(text or "" for text in stated), *marks)


def _place(article: Article) -> str:
    return f"{article.path or IN_MEMORY}:{article.line}" if article.line else article.path or IN_MEMORY


def _outlet_numbers(articles: list[Article]) -> NDArray[np.uint32]:
    """Number the outlets for learning: by domain, else by name. Articles of no known outlet are learned from
    together: what recurs among them under different bodies is boilerplate, whosever it is.
    """
    numbers: dict[str, int] = {}
    keys = ((registrable_domain(a.url) if a.url else None) or a.outlet or "" for a in articles)
    return np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), dtype=np.uint32, count=len(articles))
