"""What does a corpus cost that is as uneven as a corpus can be? Each kind of corpora/skew.py, at two sizes."""

from pathlib import Path

import measuring
import orjson
import skew

from stages import commands, made
from stages.table import OURS, Findings, Size, row

# The smaller of the two sizes; the other is twice that.
SIZES = {
    "one-outlet": 50_000,
    "one-wire-story": 10_000,
    "shorter-than-a-shingle": 100_000,
    "one-huge-article": 200_000_000,
}
# So many of the reasons for which articles were skipped are shown.
MOST_REASONS = 2


def measure(folder: Path, seed: int, share: float, cores: int) -> Findings:
    """Return the rows of all kinds and how far each grows at twice the size; a `share` of the sizes for trying out."""
    folders = {
        (kind, size): folder / f"{kind}-{size}-{seed}"
        for kind, least in SIZES.items()
        for size in (round(least * share), 2 * round(least * share))
    }
    made.make({at: ("skew.py", kind, "--size", str(size), "--seed", str(seed)) for (kind, size), at in folders.items()})
    found = Findings()
    for kind in SIZES:
        (least, first), (most, second) = ((size, at) for (of, size), at in folders.items() if of == kind)
        found.add(_grown(kind, _scanned(kind, least, first, cores), _scanned(kind, most, second, cores)))
    return found


def given(kind: str, size: int) -> int:
    """Return how many articles a corpus holds."""
    return skew.AROUND + 1 if kind == "one-huge-article" else size


def _scanned(kind: str, size: int, folder: Path, cores: int) -> Findings:
    corpus, name, found = folder / "corpus.jsonl", f"{kind} {size:,}", Findings()
    measuring.say(f"scan of {name}")
    try:
        figures = commands.scan(corpus, folder / "report.json", cores)
    except commands.Failed as failure:
        found.missing[name] = f"failed: {failure}"
        return found
    counted, expected = figures["articles"] + figures["skipped"], given(kind, size)
    if counted != expected:
        found.wrong.append(f"{name}: {counted} articles were taken or skipped, and {expected} were given")
    read = Size(expected, corpus.stat().st_size)
    found.rows.append(row((name, OURS, "scan .jsonl", cores), [figures], read))
    skipped = orjson.loads((folder / "report.json").read_bytes())["skipped"]
    found.notes += [f"{name}, skipped: {item['reason']}" for item in skipped[:MOST_REASONS]]
    return found


def _grown(kind: str, least: Findings, most: Findings) -> Findings:
    found = Findings()
    found.add(least)
    found.add(most)
    if least.rows and most.rows:
        (small,), (large,) = least.rows, most.rows
        found.figures[f"seconds of {large.corpus} / {small.corpus}", "x"] = large.seconds / small.seconds
        found.figures[f"peak of {large.corpus} / {small.corpus}", "x"] = large.peak_megabytes / small.peak_megabytes
    return found
