"""Reuters-21578: is every near-copy found, is every figure exact, and what does the scan cost beside bare parsing?

Recall is that of the corpus's own list of exact pairs (Jaccard of lower-cased word 5-grams of the whole text at least
.7): a pair is found if it is among the verified matches of a family. Every figure of every match is compared with the
oracle's, which splits words and counts shingles in plain Python over the same bodies. Seconds and peak memory are those
of fresh processes, reading the same compressed file.

    python benchmarks/reuters.py [--check]     --check: no record, fail below the floors
"""

import gzip
import sys
import time
from pathlib import Path

import measuring
import orjson

sys.path.append(str(measuring.HERE.parent / "tests"))

CORPUS = measuring.SHARED / "reuters21578" / "documents.jsonl.gz"
PAIRS = measuring.SHARED / "reuters21578" / "exact_pairs.tsv.gz"
LEAST_JACCARD = 0.7
WIDTH = 5


def parse_only() -> None:
    """Time a bare loop of orjson.loads over the file."""
    started = time.perf_counter()
    with gzip.open(CORPUS, "rb") as lines:
        count = sum(1 for line in lines if orjson.loads(line))
    measuring.report_process(started, articles=count)


def scan(target: str) -> None:
    """Time file to report, and leave the report behind."""
    started = time.perf_counter()
    import dedup

    report = dedup.scan(dedup.read([str(CORPUS)]))
    Path(target).write_bytes(report.to_json(with_text=True))
    measuring.report_process(started, articles=report.read, families=len(report.families))


def wanted_pairs() -> set[frozenset[str]]:
    """Return the pairs that must be found."""
    with gzip.open(PAIRS, "rt", encoding="utf-8") as rows:
        next(rows)
        split = (row.split("\t") for row in rows)
        return {frozenset(row[:2]) for row in split if float(row[2]) >= LEAST_JACCARD}


def body_shingles(article: dict[str, object]) -> set[int]:
    """Return the shingles of an article's body by the oracle: its text without the boilerplate the report marks."""
    import oracle

    text, hashes, start = article["text"], [], 0
    for block in [*article["boilerplate"], {"start": len(text), "end": len(text)}]:
        hashes += [oracle.word_hash(word) for word, _, _ in oracle.words(text[start : block["start"]])]
        start = block["end"]
    width = min(WIDTH, len(hashes))
    return {oracle.mix(hashes[at : at + width]) for at in range(len(hashes) - width + 1)} if width else set()


def wrong_figures(report: dict[str, object]) -> tuple[int, int]:
    """Return how many matches the report holds, and how many of them have a figure that is not the exact one."""
    sets = {article["id"]: body_shingles(article) for article in report["articles"]}
    matches = [match for family in report["families"] for match in family["matches"]]
    wrong = 0
    for match in matches:
        left, right = sets[match["left"]], sets[match["right"]]
        shared = len(left & right)
        exact = (shared / len(left | right), shared / len(left), shared / len(right))
        told = (match["resemblance"], match["containment_of_left"], match["containment_of_right"])
        wrong += exact != told
    return len(matches), wrong


def main() -> None:
    """Measure, print, and record or check."""
    measuring.refuse_debug_build()
    target = measuring.HERE.parent / "build" / "reuters-report.json"
    target.parent.mkdir(exist_ok=True)
    parsing = measuring.in_fresh_process(Path(__file__), "parse")
    scanning = measuring.in_fresh_process(Path(__file__), "scan", str(target))
    report = orjson.loads(target.read_bytes())
    found = {frozenset((m["left"], m["right"])) for family in report["families"] for m in family["matches"]}
    wanted = wanted_pairs()
    matches, wrong = wrong_figures(report)
    figures = {
        "articles": scanning["articles"],
        "families": scanning["families"],
        "recall": len(wanted & found) / len(wanted),
        "matches": matches,
        "exact_figures": 1 - wrong / matches,
        "parse_seconds": round(parsing["seconds"], 3),
        "scan_seconds": round(scanning["seconds"], 3),
        "scan_to_parse": round(scanning["seconds"] / parsing["seconds"], 2),
        "parse_peak_mb": round(parsing["peak_mb"]),
        "scan_peak_mb": round(scanning["peak_mb"]),
    }
    for name, value in figures.items():
        print(f"{name:16} {value}")
    if "--check" not in sys.argv:
        measuring.record("reuters", dict(figures))
        return
    faults = measuring.below_floor("reuters21578", figures, CORPUS)
    print("\n".join(faults) or "no figure is below its floor")
    sys.exit(bool(faults))


if __name__ == "__main__":
    if sys.argv[1:2] == ["parse"]:
        parse_only()
    elif sys.argv[1:2] == ["scan"]:
        scan(sys.argv[2])
    else:
        main()
