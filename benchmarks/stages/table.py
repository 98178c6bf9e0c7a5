"""How do the figures read? Rows of medians on their corpora, and all that a part of the benchmark found."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

OURS = "dedup"

Figures = dict[str, Any]
Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much a stage is given: articles, and the bytes of what it reads of them."""

    articles: int
    read: int


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs were found, which share of those in the truth, and which share of them is in the truth."""

    pairs: int
    recall: float
    precision: float


@dataclass(frozen=True, slots=True)
class Row:
    """One stage of one program on one corpus and so many cores: medians over the runs, and what was found.

    `grown` is by how many bytes an article the peak of memory rose, of a scan the whole peak; `peak_megabytes` is that
    of a whole process. `capped` and `skipped` count what a stage itself says it left out. None: it does not tell.
    """

    corpus: str
    program: str
    version: str
    stage: str
    cores: int
    seconds: float
    spread: float
    articles_per_second: float
    megabytes_per_second: float
    grown: float | None
    peak_megabytes: float | None
    pairs: int | None
    recall: float | None
    precision: float | None
    capped: int | None
    skipped: int | None


def row(name: tuple[str, str, str, int], runs: list[Figures], size: Size, found: Found | None = None) -> Row:
    """Return the row of a stage that was run several times; its name is corpus, program, stage, cores."""
    corpus, program, stage, cores = name
    taken = [run["seconds"] for run in runs]
    seconds = median(taken)
    return Row(
        corpus,
        program,
        str(runs[0].get("version", "")),
        stage,
        cores,
        seconds,
        (max(taken) - min(taken)) / seconds,
        size.articles / seconds,
        size.read / seconds / 1e6,
        _median(runs, "grown", size.articles),
        _median(runs, "peak", 1e6),
        found.pairs if found else None,
        found.recall if found else None,
        found.precision if found else None,
        runs[0].get("capped"),
        runs[0].get("skipped"),
    )


def _median(runs: list[Figures], name: str, unit: float) -> float | None:
    return median(run[name] for run in runs) / unit if name in runs[0] else None


def left_pairs(file: Path) -> Pairs:
    """Return the pairs that a process left in a file (see clock.write_pairs)."""
    return {(left, right) for left, right in np.fromfile(file, dtype=np.uint32).reshape(-1, 2).tolist()}


def against(pairs: Pairs, truth: Pairs) -> Found:
    """Return what was found, held against the truth."""
    right = len(pairs & truth)
    return Found(len(pairs), right / max(len(truth), 1), right / max(len(pairs), 1))


@dataclass(slots=True)
class Findings:
    """What a part of the benchmark found: rows, figures drawn from them by (name, unit), what is wrong with the
    results, what could not be measured and why, and what else is worth a line.
    """

    rows: list[Row] = field(default_factory=list)
    figures: dict[tuple[str, str], float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        """Take in what another part found."""
        self.rows += other.rows
        self.figures |= other.figures
        self.wrong += other.wrong
        self.missing |= other.missing
        self.notes += other.notes

    def as_record(self) -> dict[str, object]:
        """Return all of it as plain values, rounded for the record."""
        plain = ({key: value for key, value in asdict(row).items() if value is not None} for row in self.rows)
        rows = [{key: float(f"{v:.5g}") if isinstance(v, float) else v for key, v in each.items()} for each in plain]
        ratios = {name: round(value, 2) for (name, unit), value in self.figures.items() if unit == "x"}
        others = {f"{name}, {unit}": round(value, 3) for (name, unit), value in self.figures.items() if unit != "x"}
        return {"rows": rows, "ratios": ratios, "figures": others, "missing": self.missing, "notes": self.notes}

    def written(self) -> str:
        """Return the table as text: rows, what is missing, figures."""
        figures = (f"{value:10,.2f} {unit:3} {name}" for (name, unit), value in self.figures.items())
        missing = (f"{what}: {why}" for what, why in self.missing.items())
        return "\n".join([_rows(self.rows), *missing, *self.notes, "", *figures])


# Heading, width, how a value is written, the value.
_COLUMNS: list[tuple[str, str, str, Callable[[Row], object]]] = [
    ("corpus", "<32", "", lambda row: row.corpus),
    ("program", "<13", "", lambda row: row.program),
    ("stage", "<22", "", lambda row: row.stage),
    ("cores", ">5", "", lambda row: row.cores),
    ("seconds", ">8", ".3f", lambda row: row.seconds),
    ("docs/s", ">9", ",.0f", lambda row: row.articles_per_second),
    ("MB/s", ">7", ".1f", lambda row: row.megabytes_per_second),
    ("spread", ">6", ".0%", lambda row: row.spread),
    ("B/doc", ">7", ",.0f", lambda row: row.grown),
    ("peak MB", ">7", ",.0f", lambda row: row.peak_megabytes),
    ("pairs", ">7", "", lambda row: row.pairs),
    ("recall", ">7", ".4f", lambda row: row.recall),
    ("precision", ">9", ".4f", lambda row: row.precision),
    ("capped", ">7", "", lambda row: row.capped),
    ("skipped", ">7", "", lambda row: row.skipped),
]


def _rows(rows: Iterable[Row]) -> str:
    lines = [" ".join(f"{heading:{width}}" for heading, width, _, _ in _COLUMNS)]
    for each in rows:
        values = ((width, form, of(each)) for _, width, form, of in _COLUMNS)
        lines.append(
            " ".join(f"{'' if value is None else format(value, form):{width}}" for width, form, value in values)
        )
    return "\n".join(line.rstrip() for line in lines)
