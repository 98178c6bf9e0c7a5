"""Rules of origin on real pages: how often is what they read true? Counted by hand.

Every page of four sets is read as a scan reads it; what the rules find on it is true if that outlet is, by this
statement or mark, a source, holder or sender of the page's own text, and false if it is anything else: the host under
another name, a picture's source, a chart's, a phrase. People look at the list of hits, at up to 30 of each rule, and
write what they saw into `records/evidence.tsv`: the set, the page, where the hit begins (-1: in the markup), the rule,
true or false, and why in a word. No third party's sentence stands there.

    python benchmarks/evidence.py [--check]  how many of the judged hits are true (--check: against floors)
    python benchmarks/evidence.py --list FILE  write all hits with the text around them
"""

import argparse
import collections
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import measuring

from dedup import scan
from dedup.provenance.evidence import WEAK, Evidence
from dedup.readers import read
from dedup.report.model import ReportedArticle

SETS = ("html_fundus", "html_postlight", "html_dates", "html_cleaning")
JUDGED = measuring.HERE / "records" / "evidence.tsv"
LOOKED_AT = 30
# What is not weak is true in so many cases; where a hit is weak is said behind its rule.
LEAST, WEAK_HITS = 0.9, " (weak)"
AROUND = 120


class Key(NamedTuple):
    """By what a hit is known again: its set and page, where it begins, and the rule."""

    set: str
    page: str
    start: int
    rule: str


def readings(name: str) -> Iterator[ReportedArticle]:
    """Yield the pages of a set with what is read on them."""
    path = measuring.SHARED / name / "documents.jsonl.gz"
    yield from scan(read([path], workers=1), every_article=True).articles


def hits(pages: Iterable[ReportedArticle], name: str) -> Iterator[tuple[Key, Evidence, ReportedArticle]]:
    """Yield what was found on the pages of a set."""
    for page in pages:
        for item in page.reading.evidence:
            yield Key(name, page.article.id, item.span.start if item.span else -1, item.rule), item, page


def judgements() -> dict[Key, bool]:
    """Return what people said of the hits they looked at."""
    with JUDGED.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return {Key(r["set"], r["page"], int(r["start"]), r["rule"]): r["verdict"] == "true" for r in rows}


def shown(key: Key, item: Evidence, page: ReportedArticle, verdict: bool | None) -> str:
    """Return a hit as people look at it."""
    text, span = page.article.text, item.span
    around = (
        f"{text[max(0, span.start - AROUND) : span.start]}>>>{item.quote}<<<{text[span.end : span.end + AROUND]}"
        if span
        else f"[markup] {item.quote}"
    )
    seen = {None: "?", True: "true", False: "false"}[verdict]
    head = "\t".join(map(str, (*key, seen)))
    return f"{head}\n  host {page.reading.host}  names {item.names}\n  {' '.join(around.split())}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    judged = judgements()
    found: dict[str, dict[Key, str]] = collections.defaultdict(dict)
    for name in SETS:
        for key, item, page in hits(readings(name), name):
            found[key.rule + (WEAK_HITS if item.weight <= WEAK else "")][key] = shown(key, item, page, judged.get(key))
    if options.list:
        options.list.write_text("\n".join(text for rule in sorted(found) for text in found[rule].values()))
    figures = {rule: counted(keyed, judged) for rule, keyed in sorted(found.items())}
    low = []
    for rule, figure in figures.items():
        share = figure["true"] / figure["judged"] if figure["judged"] else float("nan")
        print(f"{rule:48} {figure['hits']:4} hits {figure['judged']:4} judged  precision {share:.2f}")
        if share < LEAST and not rule.endswith(WEAK_HITS):
            low.append(
                f"{rule}: {share:.2f} of what people looked at is true, below {LEAST}; make it weak, or exclude more"
            )
        if figure["judged"] < min(LOOKED_AT, figure["hits"]):
            low.append(f"{rule}: {figure['hits']:.0f} hits, {figure['judged']:.0f} judged; look at them (--list)")
    print("\n".join(low))
    if not options.check:
        measuring.record("evidence", {"rules": figures})
    return min(1, len(low))


def counted(keyed: dict[Key, str], judged: dict[Key, bool]) -> dict[str, float]:
    """Return how many hits of a rule there are, how many were judged, and how many of these are true."""
    seen = [judged[key] for key in keyed if key in judged]
    return {"hits": len(keyed), "judged": len(seen), "true": sum(seen)}


if __name__ == "__main__":
    sys.exit(main())
