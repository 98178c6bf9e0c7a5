"""p(match) on pairs that people read: do both articles hold the same text, and how good is the probability told?

Of what a scan of each corpus reports a sample was read, of all corpora the same: so many republications and links of
each step of the probability that was stated before any was calibrated, and so many copies of sources that nobody gave
us, by the lot that a seed draws. `same` means that one was copied from the other, or both from a third, in whole or in
part: an agency's paragraph, a quoted statement, a corrected report. `not` are two fillings of one form, other news in
the same words, stock phrases, the furniture of a site. One reader judged them, by the rules just said; what was seen
stands in `records/matches.tsv`: the pair, the verdict, and why in a few words. No third party's sentence stands there.

    python benchmarks/matches.py [--check]   how good the probabilities are (--check: against bounds)
    python benchmarks/matches.py --list FILE   write the sample with what each pair shares, to be read

Every corpus weighs the same, and within it each pair as many as it stands for; what the reader was unsure of does not
count. The probabilities were fitted on these pairs: `calibrate_matches.py` says what they are worth on corpora that
they were not fitted on. The last line is of pairs of Reuters-21578 that another reader had labelled; two of them are
among ours, with the same verdicts.
"""

import argparse
import collections
import csv
import random
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import exp
from pathlib import Path
from typing import NamedTuple

import measuring
import numpy as np

from dedup import read, scan
from dedup.provenance.matched import known_of_match
from dedup.provenance.model import Republication
from dedup.provenance.passages import changed_numbers
from dedup.report.model import Report

CORPORA = (
    "reuters21578",
    "multilingual_news_cltls",
    "crawl_noise_2019",
    "fnc1_bodies",
    "ecbplus",
    "tgcontest_pairs",
    "mccormick_minhash2500",
    "reprints2018_dev",
)
JUDGED = measuring.HERE / "records" / "matches.tsv"
EDGE, LINK, UNSEEN = "republication", "link", "unseen source"
SEED, STEPS = 7, (0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
# So many of each stratum were read, at least. Of the links hardly any are no match, but for two corpora.
READ = {EDGE: 9, LINK: 4, UNSEEN: 21}
LINKS_READ_HERE = {"reuters21578": 12, "crawl_noise_2019": 12}
SAME, NOT, UNSURE = "same", "not", "unsure"
OTHERS_LABELS = {"reissue": SAME, "template": NOT, "table_update": NOT}
BINS = 10


class Key(NamedTuple):
    """By what a pair is known again: its corpus, and its ids in their order."""

    corpus: str
    one: str
    other: str


class Reported(NamedTuple):
    """A pair as a report has it: what it is, how probable a match it was called before and is called, by what."""

    key: Key
    kind: str
    before: float
    told: float
    known: dict[str, float]
    edge: Republication

    @property
    def stratum(self) -> tuple[str, str, int]:
        """Of what the pair was drawn: its corpus, its kind, and the step of the probability before."""
        return self.key.corpus, self.kind, bisect_right(STEPS, self.before)


class Judged(NamedTuple):
    """A pair that was read: whether it is a match, and for how much of a report it stands."""

    pair: Reported
    is_match: bool
    weight: float


def scanned(corpus: str) -> Report:
    """Return the report of a corpus, with all of its articles."""
    path = next((measuring.SHARED / corpus).glob("documents.jsonl*"))
    return scan(read([path], workers=1), every_article=True)


def reported(corpus: str, report: Report) -> Iterator[Reported]:
    """Yield what a report says of pairs."""
    texts = {page.article.id: page.article.text for page in report.articles}
    edges = [(edge, EDGE) for family in report.families for edge in family.republications]
    for edge, kind in [*edges, *((link, LINK) for link in report.links)]:
        if edge.figures is None:
            outlet, _, _ = edge.source.rpartition(":")  # the number of the family is not the same in every report
            yield Reported(Key(corpus, outlet, edge.copy), UNSEEN, 1.0, edge.p_match, {}, edge)
            continue
        numbers = changed_numbers(edge.passages, texts[edge.source], texts[edge.copy])
        key = Key(corpus, *sorted((edge.source, edge.copy)))
        before = stated(edge.figures.shared, numbers if kind == EDGE else 0)
        yield Reported(key, kind, before, edge.p_match, known_of_match(edge.figures, numbers), edge)


def stated(shared: int, numbers: int) -> float:
    """Return the probability as it was stated before it was calibrated; for links numbers were not looked at."""
    form = numbers * 50.0 / shared
    return (1.0 - exp(-shared / 8.0)) / (1.0 + form * form)


def drawn(pairs: Sequence[Reported]) -> list[Reported]:
    """Return the sample: of each stratum those that the lot falls on, which is the same whatever else is reported."""
    strata = collections.defaultdict(list)
    for pair in pairs:
        strata[pair.stratum].append(pair)
    sample = []
    for (corpus, kind, _), members in sorted(strata.items()):
        members.sort(key=lambda pair: random.Random("\t".join((str(SEED), *pair.key))).random())
        sample += members[: LINKS_READ_HERE.get(corpus, READ[LINK]) if kind == LINK else READ[kind]]
    return sample


def verdicts() -> dict[Key, str]:
    """Return what the reader said of each pair."""
    with JUDGED.open(encoding="utf-8", newline="") as table:
        return {Key(r["corpus"], r["one"], r["other"]): r["verdict"] for r in csv.DictReader(table, delimiter="\t")}


def judged(pairs: Sequence[Reported], said: dict[Key, str]) -> list[Judged]:
    """Return the pairs of the reports that were read, those of each corpus of the weight 1 together."""
    population = collections.Counter(pair.stratum for pair in pairs)
    known = [pair for pair in pairs if said.get(pair.key, UNSURE) != UNSURE]
    sampled = collections.Counter(pair.stratum for pair in known)
    stands_for = [population[pair.stratum] / sampled[pair.stratum] for pair in known]
    whole: dict[str, float] = collections.defaultdict(float)
    for pair, count in zip(known, stands_for, strict=True):
        whole[pair.key.corpus] += count
    return [
        Judged(pair, said[pair.key] == SAME, count / whole[pair.key.corpus])
        for pair, count in zip(known, stands_for, strict=True)
    ]


def reliability(told: Sequence[float], sample: Sequence[Judged]) -> dict[str, float]:
    """Return the Brier score and the expected calibration error over ten bins of equal weight."""
    if not sample:
        return {"brier": float("nan"), "ece": float("nan")}
    weights = np.array([item.weight for item in sample])
    weights /= weights.sum()
    off = np.array(told) - [float(item.is_match) for item in sample]
    order = np.argsort(told, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2
    bins = [order[np.minimum(middle * BINS, BINS - 1).astype(int) == number] for number in range(BINS)]
    gaps = [abs(float((weights[part] * off[part]).sum())) for part in bins]
    return {"brier": float((weights * off**2).sum()), "ece": sum(gaps)}


def by_another_reader(pairs: Sequence[Reported]) -> list[Judged]:
    """Return the pairs of Reuters-21578 as another reader labelled them."""
    with (measuring.SHARED / CORPORA[0] / "judged_pairs.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    labels = {Key(CORPORA[0], *sorted((row["id_a"], row["id_b"]))): OTHERS_LABELS[row["label"]] for row in rows}
    return [Judged(pair, labels[pair.key] == SAME, 1.0) for pair in pairs if pair.key in labels]


def line(name: str, sample: Sequence[Judged], counts: str = "") -> str:
    """Return a line of the table."""
    before, after = (
        reliability(told, sample)
        for told in ([item.pair.before for item in sample], [item.pair.told for item in sample])
    )
    figures = "".join(f"{both[key]:9.4f}" for key in ("brier", "ece") for both in (before, after))
    return f"{name:32}{counts:36}{figures}"


def print_table(pairs: Sequence[Reported], said: dict[Key, str], sample: Sequence[Judged]) -> None:
    """Print how many were read, what they are, and how good the probabilities are."""
    print(f"{'':32}{'reported':>9}{'same':>9}{'not':>9}{'unsure':>9}{'brier':>9}{'after':>9}{'ece':>9}{'after':>9}")
    every = (EDGE, LINK, UNSEEN)
    rows: list[tuple[str, Sequence[str], Sequence[str]]] = [
        (f"{corpus[:16]} {kind}", [corpus], [kind]) for corpus in CORPORA for kind in every
    ]
    rows += [*((f"all {kind}s", CORPORA, [kind]) for kind in every), ("all", CORPORA, every)]
    for name, corpora, kinds in rows:
        keys = [pair.key for pair in pairs if pair.key.corpus in corpora and pair.kind in kinds]
        seen = collections.Counter(said[key] for key in keys if key in said)
        if keys:
            counts = "".join(f"{count:9}" for count in (len(keys), seen[SAME], seen[NOT], seen[UNSURE]))
            print(line(name, [item for item in sample if item.pair.key in set(keys)], counts))
    other = by_another_reader(pairs)
    print(line("Reuters by another reader", other, f"{len(other):9}{sum(item.is_match for item in other):9}"))


def shown(pair: Reported, texts: dict[str, str], verdict: str) -> str:
    """Return a pair as people look at it."""
    edge, head = pair.edge, "\t".join((*pair.key, verdict))
    if edge.figures is None:
        text = texts[edge.copy]
        quotes = " | ".join(item.quote for item in edge.evidence)
        return f"{head}\n  {' '.join(text[:400].split())} ... {' '.join(text[-200:].split())}\n  {quotes}\n"
    starts = "\n".join(f"  {' '.join(texts[id_][:300].split())}" for id_ in (edge.source, edge.copy))
    passages = "\n".join(
        f"  {passage.words} words: {' '.join(texts[id_][max(0, span.start - 80) : span.start].split())}"
        f" >>>{' '.join(span.of(texts[id_])[:300].split())}<<<"
        for passage in edge.passages[:3]
        for id_, span in ((edge.source, passage.source), (edge.copy, passage.copy))
    )
    edits = "; ".join(f"{edit.source_text[:40]} > {edit.copy_text[:40]}" for edit in edge.edits.listed[:12])
    return f"{head}\n  {pair.kind}, {edge.kind}, {edge.figures}\n{starts}\n{passages}\n  {' '.join(edits.split())}\n"


def collected(listing: list[str] | None = None) -> list[Reported]:
    """Return the pairs of all reports; the sample to be read goes to `listing`."""
    pairs, said = [], verdicts()
    for corpus in CORPORA:
        measuring.say(corpus)
        report = scanned(corpus)
        here = list(reported(corpus, report))
        pairs += here
        if listing is not None:
            texts = {page.article.id: page.article.text for page in report.articles}
            listing += [shown(pair, texts, said.get(pair.key, "?")) for pair in drawn(here)]
    measuring.say("")
    return pairs


def main() -> int:
    """Measure, print, and record or check; or list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    listing: list[str] = []
    pairs, said = collected(listing), verdicts()
    if options.list:
        options.list.write_text("\n".join(listing), encoding="utf-8")
        return 0
    sample = judged(pairs, said)
    print_table(pairs, said, sample)
    gone = len(said) - sum(pair.key in said for pair in pairs)
    print(f"{gone} of the {len(said)} pairs that were read are reported no longer")
    figures = {"read": float(len(said) - gone)} | reliability([item.pair.told for item in sample], sample)
    if not options.check:
        measuring.record("matches", {key: round(value, 4) for key, value in figures.items()})
        return 0
    faults = measuring.below("matches", figures)
    print("\n".join(faults) or "no figure is beyond its bound")
    return min(1, len(faults))


if __name__ == "__main__":
    sys.exit(main())
