"""Passages: which words were copied, exactly; which pairs are found by them; and how templates differ from reprints.

Splices: runs of 30 to 200 words of one made-up article stand in another, as they are and with 5 % of their words edited
(replaced, dropped, put in). Precision and recall count words on both sides, granularity how many passages tell of one
splice (Potthast and others 2010). Recall is also that of `dedup.scan` over all pages, and of real corpora: the share of
their exact pairs of which half the shorter text stands in the other. The judged pairs of Reuters-21578 are shown with
the kind they are told as, and how many of their numbers differ.

    python benchmarks/passages.py [--check]     --check: no record, only what has bounds, fail beyond them
"""

import csv
import gzip
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import measuring
import numpy as np

sys.path.append(str(measuring.HERE.parent / "corpora"))

import dedup
from dedup.article import Article, Span
from dedup.comparison import compare
from dedup.fingerprint import Ranges
from dedup.intake import Intake
from dedup.match import find_matches
from dedup.provenance.families import LEAST_PASSAGE_WORDS
from dedup.provenance.matched import p_match
from dedup.provenance.model import EditKind
from dedup.provenance.passages import SharedPassages, changed_numbers

PAIRS, SEED = 1500, 11
LEAST, MOST = 30, 200
EDITED = 0.05
WORD = re.compile(r"\w+")
BOUNDED = ("fnc1_bodies", "ecbplus", "reuters21578")
REAL = (*BOUNDED, "multilingual_news_cltls", "crawl_noise_2019")


class Splice(NamedTuple):
    """Two texts, and which words of each were copied: their indices, splice by splice."""

    source: str
    copy: str
    in_source: list[range]
    in_copy: list[range]


def spliced(share: float) -> Iterator[Splice]:
    """Yield pairs of texts with one to three splices, in any order, of which a share of the words is edited."""
    from synthesis import synthesize

    chooser = random.Random(SEED)
    bodies = []
    for page, truth in synthesize(4 * PAIRS, SEED, republications=0.0):
        words = page["text"][truth.start : truth.end].split()
        if len(words) >= LEAST + 20:
            bodies.append(words)
    chooser.shuffle(bodies)
    for source, host in list(zip(bodies[::2], bodies[1::2], strict=False))[:PAIRS]:
        parts: list[range] = []
        at = 0
        for _ in range(chooser.randint(1, 3)):
            start = at + chooser.randint(20, 60)
            end = start + chooser.randint(LEAST, MOST)
            if end > len(source):
                break
            parts.append(range(start, end))
            at = end
        if not parts:
            continue
        chooser.shuffle(parts)
        places = sorted(chooser.sample(range(len(host) + 1), len(parts)))
        copy, in_copy, before = [], [], 0
        for part, place in zip(parts, places, strict=True):
            copy += host[before:place]
            before = place
            own = _edited([source[at] for at in part], share, host, chooser)
            in_copy.append(range(len(copy), len(copy) + len(own)))
            copy += own
        copy += host[before:]
        yield Splice(" ".join(source), " ".join(copy), parts, in_copy)


def _edited(words: list[str], share: float, others: list[str], chooser: random.Random) -> list[str]:
    """Return words with a share of them replaced, dropped or followed by another; the ends stay."""
    edited: list[str] = []
    for at, word in enumerate(words):
        change = chooser.randrange(3) if 0 < at < len(words) - 1 and chooser.random() < share else None
        edited += [] if change == 1 else [chooser.choice(others)] if change == 0 else [word]
        edited += [chooser.choice(others)] if change == 2 else []
    return edited


def _indices(text: str, span: Span, places: dict[int, int]) -> set[int]:
    """Return which of the words between spaces a Span touches."""
    words = (found.span() for found in re.finditer(r"\S+", text))
    return {places[start] for start, end in words if start < span.end and end > span.start}


def word_figures(share: float) -> dict[str, float]:
    """Return how well the words of splices are told."""
    cases = list(spliced(share))
    texts = [text for case in cases for text in (case.source, case.copy)]
    lengths = np.array([len(text) for text in texts], dtype=np.uint32)
    whole = Ranges(np.arange(len(texts) + 1, dtype=np.int64), np.zeros(len(texts), dtype=np.uint32), lengths)
    pairs = [(2 * at, 2 * at + 1) for at in range(len(cases))]
    started = time.process_time()
    shared = SharedPassages.of(texts, whole, pairs, LEAST_PASSAGE_WORDS)
    found = list(shared.passages(texts[source] for source, _ in pairs))
    seconds = time.process_time() - started
    right = told = true = detections = detected = 0
    for case, passages in zip(cases, found, strict=True):
        for text, parts, spans in (
            (case.source, case.in_source, [p.source for p in passages]),
            (case.copy, case.in_copy, [p.copy for p in passages]),
        ):
            starts = {match.start(): at for at, match in enumerate(re.finditer(r"\S+", text))}
            words = [_indices(text, span, starts) for span in spans]
            wanted = {at for part in parts for at in part}
            union = set().union(*words) if words else set()
            right, told, true = right + len(wanted & union), told + len(union), true + len(wanted)
            for part in parts:
                hits = sum(1 for some in words if not some.isdisjoint(part))
                detections, detected = detections + hits, detected + (hits > 0)
    precision, recall = right / told, right / true
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "granularity": detections / detected,
        "pairs_per_second": len(cases) / seconds,
    }


def link_recall(share: float) -> float:
    """Return which share of the spliced pairs a scan over all of them tells."""
    cases = list(spliced(share))
    articles = [
        Article(f"{at}-{side}", text, outlet=f"o{at}{side}.org")
        for at, case in enumerate(cases)
        for side, text in (("a", case.source), ("b", case.copy))
    ]
    report = dedup.scan(articles)
    found = {frozenset((link.source, link.copy)) for link in report.links}
    found |= {frozenset(pair[:2]) for family in report.families for pair in family.pairs}
    return sum(frozenset((f"{at}-a", f"{at}-b")) in found for at in range(len(cases))) / len(cases)


def pair_recall(name: str) -> tuple[float, float]:
    """Return which share of the exact pairs with containment of at least half is verified, and which is reported."""
    folder = measuring.SHARED / name
    path = next(folder.glob("documents.jsonl*"))
    with gzip.open(folder / "exact_pairs.tsv.gz", "rt", encoding="utf-8") as rows:
        wanted = {frozenset((row["id_a"], row["id_b"])) for row in csv.DictReader(rows, delimiter="\t")
                  if float(row["contain5"]) >= 0.5}  # fmt: skip
    intake = Intake.of(dedup.read([str(path)]))
    intake.learn()
    matches = find_matches(intake.core, 0.5)
    ids = [intake.article(place).id for place in range(len(intake))]
    same = defaultdict(list)
    for at, group in enumerate(matches.group.tolist()):
        same[group].append(ids[at])
    found = {frozenset((one, other)) for group in same.values() for one in group for other in group}
    for left, right in ((matches.left, matches.right), (matches.linked.left, matches.linked.right)):
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            found |= {frozenset((a, b)) for a in same[one] for b in same[other]}
    report = dedup.scan(dedup.read([str(path)]))
    family = {id_: family.id for family in report.families for id_ in family.articles}
    links = {frozenset(family.get(id_, id_) for id_ in (link.source, link.copy)) for link in report.links}
    units = (frozenset(family.get(id_, id_) for id_ in pair) for pair in wanted)
    told = sum(unit in links or (len(unit) == 1 and next(iter(unit)) in family.values()) for unit in units)
    return len(wanted & found) / len(wanted), told / len(wanted)


def judged() -> list[dict[str, object]]:
    """Return the judged pairs of Reuters-21578 with what is told of them."""
    folder = measuring.SHARED / "reuters21578"
    with (folder / "judged_pairs.tsv").open(encoding="utf-8") as rows:
        pairs = list(csv.DictReader(rows, delimiter="\t"))
    wanted = {row[key] for row in pairs for key in ("id_a", "id_b")}
    read = (item for item in dedup.read([str(folder / "documents.jsonl.gz")]) if isinstance(item, Article))
    articles = {article.id: article for article in read if article.id in wanted}
    table = []
    for row in pairs:
        found = compare(articles[row["id_a"]], articles[row["id_b"]])
        kinds = [edit.kind for edit in found.edits.listed]
        changed = changed_numbers(found.passages, found.source.text, found.copy.text)
        table.append({
            "label": row["label"],
            "kind": found.kind,
            "jaccard": float(row["jaccard5"]),
            "words": sum(passage.words for passage in found.passages),
            "numbers": kinds.count(EditKind.NUMBER),
            "names": kinds.count(EditKind.NAME),
            "sentences": sum(kind.startswith("sentence") for kind in kinds),
            "edits": len(kinds),
            "p_match": p_match(found.figures, changed) if found.figures else 0.0,
            "title": row["title_a"],
        })  # fmt: skip
    return table


def main() -> None:
    """Measure, print, and record or check."""
    measuring.refuse_debug_build()
    figures: dict[str, float] = {}
    for name, share in (("verbatim", 0.0), ("edited", EDITED)):
        for key, value in word_figures(share).items():
            figures[f"{name}_{key}"] = round(value, 4)
        figures[f"{name}_link_recall"] = round(link_recall(share), 4)
    for name in BOUNDED if "--check" in sys.argv else REAL:
        verified, told = pair_recall(name)
        figures[f"{name}_recall"], figures[f"{name}_told"] = round(verified, 4), round(told, 4)
    for name, value in figures.items():
        print(f"{name:34} {value}")
    print(f"{'label':14}{'kind':13}jaccard  words numbers names sentences edits p(match)")
    for row in sorted(judged(), key=lambda row: (row["label"], -row["numbers"])):
        print(
            f"{row['label']:14}{row['kind'] or '-':13}{row['jaccard']:7.2f}{row['words']:7}{row['numbers']:8}"
            f"{row['names']:6}{row['sentences']:10}{row['edits']:6}{row['p_match']:9.2f}  {row['title'][:44]}"
        )
    if "--check" not in sys.argv:
        measuring.record("passages", dict(figures))
        return
    faults = measuring.below("passages", figures)
    print("\n".join(faults) or "no figure is beyond its bound")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
