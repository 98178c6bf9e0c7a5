"""How does a scan grow? Corpora of a few copies at three sizes, each beside a bare parse of the same file.

What an article in a family costs is what the scan takes longer than that of a corpus of the same size in which nothing
was copied. At the largest size the scan is run once more within a bound of memory, and must give the same report.
Exact truth of that many articles does not fit in memory: recall is that of the copies that the synthesis planted and
that share enough with their source, and a match is right if both ends are of one story.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import measuring
import orjson
import synthesize

from stages import commands, made
from stages.table import OURS, Figures, Findings, Found, Row, Size, row

SIZES = (20_000, 200_000, 1_000_000)
COPIED = 0.02
MEMORY = "1GB"
# The largest corpus is scanned once, the others so often.
RUNS = 3
LEAST_SHARED = 0.8
LEAST_RECALL = 0.98


@dataclass(frozen=True, slots=True)
class _At:
    """One size: its corpus, its twin without copies, and on how many cores they are scanned."""

    size: int
    runs: int
    copied: Path
    alone: Path
    cores: int

    def name(self, folder: Path) -> str:
        return f"{self.size:,}, {COPIED if folder == self.copied else 0:.0%} copies"


def measure(folder: Path, seed: int, share: float, cores: int) -> Findings:
    """Return the rows of all sizes and the figures drawn from them; a `share` of the sizes for trying out."""
    sizes = [round(size * share) for size in SIZES]
    places = []
    recipes: dict[Path, made.Recipe] = {}
    for size in sizes:
        runs = 1 if size == sizes[-1] else RUNS
        places.append(_At(size, runs, folder / f"{size}-{seed}", folder / f"{size}-{seed}-alone", cores))
        recipes[places[-1].copied] = _recipe(size, seed, COPIED)
        recipes[places[-1].alone] = _recipe(size, seed, 0)
    measuring.say("writing the large corpora")
    made.make(recipes)
    found = Findings()
    scans = []
    for place in places:
        try:
            scans.append(_one_size(place, found))
        except commands.Failed as failure:
            found.missing[f"scans of {place.size:,} articles"] = f"failed: {failure}"
            return found
    small, large = scans[0], scans[-1]
    name = f"time per document, {sizes[-1]:,} / {sizes[0]:,} articles"
    found.figures[name, "x"] = small.articles_per_second / large.articles_per_second
    _bounded(places[-1], large, found)
    return found


def _recipe(size: int, seed: int, copied: float) -> made.Recipe:
    asked = ("--articles", size, "--seed", seed, "--republications", copied)
    return ("synthesize.py", *map(str, asked))


def _one_size(at: _At, found: Findings) -> Row:
    """Add what is found at one size, and return the row of the scan of its copied corpus."""
    parses: list[Figures] = []
    scans: list[Figures] = []
    alone: list[Figures] = []
    for _ in range(at.runs):
        measuring.say(f"orjson.loads of {at.name(at.copied)}")
        ours = measuring.HERE / "stages" / "ours.py"
        measuring.in_memory(at.copied / "corpus.jsonl")
        parses.append(measuring.in_fresh_process(ours, "orjson.loads", str(at.copied), str(at.cores)))
        alone.append(_scan(at, at.alone))
        scans.append(_scan(at, at.copied))
    truth = recalled(at.copied / "report.json", at.copied / "corpus.jsonl")
    parse = _row(at, at.copied, "orjson.loads", parses)
    scan = _row(at, at.copied, "scan .jsonl", scans, truth)
    twin = _row(at, at.alone, "scan .jsonl", alone)
    found.rows += [parse, scan, twin]
    for figures in (*scans, *alone):
        counted = figures["articles"] + figures["skipped"]
        if counted != at.size:
            found.wrong.append(f"scan of {at.size:,}: {counted} articles were taken or skipped")
    if truth.recall < LEAST_RECALL:
        found.wrong.append(f"scan of {at.size:,}: recall {truth.recall} of the planted copies")
    in_a_family = (scan.seconds - twin.seconds) / max(scans[-1]["matched"], 1)
    found.figures |= {
        (f"scan .jsonl / orjson.loads, {at.size:,} articles", "x"): scan.seconds / parse.seconds,
        (f"peak of scan .jsonl, {at.size:,} articles", "MB"): scan.peak_megabytes or 0,
        (f"cost of each article in a family, {at.size:,} articles", "ms"): in_a_family * 1000,
    }
    return scan


def _bounded(at: _At, unbounded: Row, found: Findings) -> None:
    """Add what a scan within a bound of memory takes, and whether its report is the same."""
    report = at.copied / "report-bounded.json"
    stage = f"scan --memory {MEMORY}"
    try:
        figures = commands.scan(at.copied / "corpus.jsonl", report, at.cores, "--memory", MEMORY)
    except commands.Failed as failure:
        found.missing[f"{stage} of {at.size:,}"] = f"failed: {failure}"
        return
    bounded = _row(at, at.copied, stage, [figures])
    found.rows.append(bounded)
    found.figures[f"{stage} / scan, {at.size:,} articles", "x"] = bounded.seconds / unbounded.seconds
    found.figures[f"peak of {stage}, {at.size:,} articles", "MB"] = bounded.peak_megabytes or 0
    if digest_without_run(report) != digest_without_run(at.copied / "report.json"):
        found.wrong.append(f"{stage} of {at.size:,}: the report is another one than without a bound")


def _scan(at: _At, folder: Path) -> Figures:
    measuring.say(f"scan of {at.name(folder)}")
    return commands.scan(folder / "corpus.jsonl", folder / "report.json", at.cores)


def _row(at: _At, folder: Path, stage: str, runs: list[Figures], truth: Found | None = None) -> Row:
    size = Size(at.size, (folder / "corpus.jsonl").stat().st_size)
    return row((at.name(folder), OURS, stage, at.cores), runs, size, truth)


def recalled(report: Path, corpus: Path) -> Found:
    """Return which share of the planted copies stands in one family with the source, and which share of the matches
    is of one story.
    """
    families = orjson.loads(report.read_bytes())["families"]
    family_of = {article: number for number, family in enumerate(families) for article in family["articles"]}
    story_of: dict[str, str] = {}
    planted = recovered = 0
    for copy, source, shared in _copies(corpus):
        story_of[copy] = source
        if shared >= LEAST_SHARED:
            planted += 1
            recovered += copy in family_of and family_of[copy] == family_of.get(source)
    matches = [match for family in families for match in family["matches"]]
    ends = ((story_of.get(m["left"], m["left"]), story_of.get(m["right"], m["right"])) for m in matches)
    right = sum(left == right for left, right in ends)
    return Found(len(matches), recovered / max(planted, 1), right / max(len(matches), 1))


def _copies(corpus: Path) -> Iterator[tuple[str, str, float]]:
    with synthesize.truth_path(corpus).open("rb") as lines:
        for line in lines:
            truth = orjson.loads(line)
            if "copy" in truth:
                yield truth["copy"], truth["source"], truth["shared"]


def digest_without_run(report: Path) -> str:
    """Return the SHA-256 of a report but for its run block, which tells when and for how long."""
    digest, inside = hashlib.sha256(), False
    with report.open("rb") as lines:
        for line in lines:
            inside = inside or line == b'  "run": {\n'
            if not inside:
                digest.update(line)
            inside = inside and line != b"  },\n"
    return digest.hexdigest()
