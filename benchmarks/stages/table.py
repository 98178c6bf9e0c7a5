"""How do the figures read? Rows of medians, held against the truth, and the ratios that matter."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from stages.corpus import Corpus

OURS = "dedup"
ENOUGH_RECALL = 0.99

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One stage of one program on so many cores: medians over the runs, and what was found; None: it gives no pairs.

    `grown` is by how many bytes an article the peak of memory rose, of a scan the whole peak. `capped` counts what a
    stage itself says it left out.
    """

    program: str
    version: str
    stage: str
    cores: int
    seconds: float
    spread: float
    articles_per_second: float
    megabytes_per_second: float
    grown: float
    pairs: int | None
    recall: float | None
    precision: float | None
    capped: int | None


def row(program: str, stage: str, cores: int, runs: list[Figures], size: tuple[Corpus, int], found: Path) -> Row:
    """Return the row of a stage that was run several times; `size` is the corpus and how much of it the stage reads."""
    corpus, read = size
    seconds = median(run["seconds"] for run in runs)
    pairs = None
    if found.exists():
        ends = np.fromfile(found, dtype=np.uint32).reshape(-1, 2).tolist()
        pairs = {(left, right) for left, right in ends}
    right = len(pairs & corpus.alike) if pairs is not None else 0
    return Row(
        program,
        str(runs[0].get("version", "")),
        stage,
        cores,
        seconds,
        (max(run["seconds"] for run in runs) - min(run["seconds"] for run in runs)) / seconds,
        corpus.articles / seconds,
        read / seconds / 1e6,
        median(run["grown"] for run in runs) / corpus.articles,
        len(pairs) if pairs is not None else None,
        right / max(len(corpus.alike), 1) if pairs is not None else None,
        right / max(len(pairs), 1) if pairs is not None else None,
        int(runs[0]["capped"]) if "capped" in runs[0] else None,
    )


def as_record(rows: Iterable[Row]) -> list[dict[str, object]]:
    """Return rows as plain values, rounded for the record."""
    plain = ({key: value for key, value in asdict(row).items() if value is not None} for row in rows)
    return [{key: float(f"{v:.5g}") if isinstance(v, float) else v for key, v in each.items()} for each in plain]


def written(rows: Iterable[Row]) -> str:
    """Return the table as text."""
    head = (
        f"{'program':14} {'stage':16} {'cores':>5} {'docs/s':>9} {'MB/s':>7} {'spread':>6} {'B/doc':>7} "
        f"{'pairs':>7} {'recall':>7} {'precision':>9} {'capped':>7}"
    )
    return "\n".join([head, *map(_line, rows)])


def _line(row: Row) -> str:
    figures = (
        f"{row.program:14} {row.stage:16} {row.cores:5} {row.articles_per_second:9,.0f} "
        f"{row.megabytes_per_second:7.1f} {row.spread:6.0%} {row.grown:7,.0f}"
    )
    pairs = f" {row.pairs:7} {row.recall:7.4f} {row.precision:9.4f}" if row.pairs is not None else " " * 26
    return figures + pairs + (f" {row.capped:7}" if row.capped is not None else "")


def ratios(rows: list[Row], cores: int) -> dict[str, float]:
    """Return how many times as fast ours is as the fastest peer, and how many times a bare parse a scan takes."""
    ours = {row.stage: row for row in rows if row.program == OURS and row.cores == cores}
    peers = [row for row in rows if row.program != OURS and row.cores == cores]
    found = {}
    for name, stage, rivals in (
        ("signature / fastest peer", "signature", [row for row in peers if row.stage == "signature"]),
        (
            f"verified pairs / fastest peer's candidates of recall {ENOUGH_RECALL}",
            "pairs",
            [row for row in peers if (row.recall or 0) >= ENOUGH_RECALL],
        ),
        ("verified pairs / fastest peer's candidates", "pairs", [row for row in peers if row.recall is not None]),
    ):
        if rivals:
            best = min(rivals, key=lambda row: row.seconds)
            found[f"{name} ({best.program}{'' if best.stage == stage else ' ' + best.stage})"] = (
                best.seconds / ours[stage].seconds
            )
    for stage in ("scan .jsonl", "scan .jsonl.gz", "scan .jsonl.zst"):
        found[f"{stage} / orjson.loads"] = ours[stage].seconds / ours["orjson.loads"].seconds
    return found
