"""How fast is each stage, ours beside the peers'? On one corpus, each figure in a fresh process, runs interleaved."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import measuring
import orjson

from stages import commands, core, ours, ratios, table
from stages.corpus import Corpus
from stages.table import OURS, Figures, Findings, Found, Pairs, Size

STAGES = measuring.HERE / "stages"
CORE = "stages inside the core"
PEER_STAGES = ("signature", "16x8", "25x5", "32x4")
ON_ONE_CORE_ONLY = ("datasketch", "text-dedup")
LEAST_RECALL = 0.98

Task = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Programs:
    """What is measured: the core's example with its cues, and the interpreters of the peers."""

    example: Path
    cues: Path
    peers: dict[str, Path]


def measure(corpus: Corpus, programs: Programs, cores: int, runs: int) -> Findings:
    """Return the rows of all stages on one core and on all. A peer that fails is named with the end of its error."""
    found = Findings()
    for old in corpus.folder.glob("*.pairs"):
        old.unlink()
    taken: dict[Task, list[Figures]] = {}
    for number in range(runs):
        for task in _tasks(programs, cores):
            program, stage, on = task
            if f"{program} {stage}" in found.missing:
                continue
            measuring.say(f"run {number + 1}: {program} {stage} on {on}")
            try:
                for part, figures in _run(task, corpus, programs):
                    taken.setdefault((program, part, on), []).append(figures)
            except (subprocess.CalledProcessError, commands.Failed) as failure:
                reason = failure.stderr if isinstance(failure, subprocess.CalledProcessError) else str(failure)
                if program == OURS:
                    raise SystemExit(reason) from failure
                found.missing[f"{program} {stage}"] = f"failed: {reason.strip().splitlines()[-1]}"
    for task, figures in taken.items():
        if f"{task[0]} {task[1]}" not in found.missing:
            held = _held(task, corpus)
            row = table.row((f"English {corpus.articles:,}", *task), figures, _size(task, corpus), held)
            found.rows.append(row)
            found.wrong += _faults(task, figures, held, corpus)
    found.figures |= ratios.of_stages(found.rows)
    return found


def _tasks(programs: Programs, all_cores: int) -> list[Task]:
    """Return (program, stage, cores) of all that is measured."""
    stages = (*ours.STAGES, CORE, *ratios.SCANS)
    found = [(OURS, stage, cores) for cores in sorted({1, all_cores}) for stage in stages]
    for peer in programs.peers:
        several = {1} if peer in ON_ONE_CORE_ONLY else {1, all_cores}
        found += [(peer, stage, cores) for cores in sorted(several) for stage in PEER_STAGES]
    return found


def _run(task: Task, corpus: Corpus, programs: Programs) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of one task, run once; those of the core by their stages."""
    program, stage, cores = task
    if program != OURS:
        arguments = (program, stage, str(corpus.folder), str(cores))
        yield stage, measuring.in_fresh_process(STAGES / "peers.py", *arguments, python=programs.peers[program])
    elif stage == CORE:
        figures = core.run(programs.example, corpus.folder / "corpus.jsonl", programs.cues, cores)
        yield from ((part, each) for part, each in figures.items() if cores == 1 or part in core.ON_ALL_CORES)
    elif stage in ours.STAGES:
        yield stage, measuring.in_fresh_process(STAGES / "ours.py", stage, str(corpus.folder), str(cores))
    else:
        suffix = stage.removeprefix("scan ")
        yield stage, commands.scan(corpus.folder / f"corpus{suffix}", _report(stage, corpus), cores)


def _report(stage: str, corpus: Corpus) -> Path:
    return corpus.folder / f"{stage}.report.json"


def _size(task: Task, corpus: Corpus) -> Size:
    """Return how much a task reads."""
    program, stage, _ = task
    if program == OURS and stage in (*core.OF_THE_FILE, *ratios.SCANS, ratios.PARSE):
        return Size(corpus.articles, corpus.file_bytes)
    of_the_pages = program == OURS and stage in core.OF_THE_PAGES
    return Size(corpus.articles, corpus.page_bytes if of_the_pages else corpus.body_bytes)


def _held(task: Task, corpus: Corpus) -> Found | None:
    """Return what the pairs that a stage found are worth, if it gives any."""
    program, stage, _ = task
    if program == OURS and stage in ratios.SCANS:
        return table.against(_reported(_report(stage, corpus), corpus), corpus.alike)
    file = corpus.folder / f"{stage if program == OURS else f'{program} {stage}'}.pairs"
    return table.against(table.left_pairs(file), corpus.alike) if file.exists() else None


def _reported(report: Path, corpus: Corpus) -> Pairs:
    """Return the pairs of a report that are alike enough, by the places of the articles in the corpus."""
    lines = (corpus.folder / "corpus.jsonl").read_bytes().splitlines()
    places = {orjson.loads(line)["id"]: at for at, line in enumerate(lines)}
    families = orjson.loads(report.read_bytes())["families"]
    alike = (m for family in families for m in family["matches"] if m["resemblance"] >= ours.LEAST_JACCARD)
    ends = (sorted((places[match["left"]], places[match["right"]])) for match in alike)
    return {(left, right) for left, right in ends}


def _faults(task: Task, runs: list[Figures], held: Found | None, corpus: Corpus) -> list[str]:
    """Return what is wrong with the results of one of our stages."""
    program, stage, cores = task
    if program != OURS:
        return []
    name, found = f"{stage} on {cores}", []
    expected = {"words": corpus.page_words, "signature": corpus.words}.get(stage, corpus.articles)
    counted = [run["checked"] for run in runs if "checked" in run]
    if stage == "scan: match":
        # It finds pairs of which half of the shorter body stands in the other; those alike are among them.
        if min(counted) < LEAST_RECALL * len(corpus.alike):
            found.append(f"{name}: {counted} pairs, and {len(corpus.alike)} are alike")
    elif any(count != expected for count in counted):
        found.append(f"{name}: counted {counted}, and the truth is {expected}")
    if stage in ratios.SCANS and any(run["articles"] + run["skipped"] != corpus.articles for run in runs):
        found.append(f"{name}: articles and skipped are not the {corpus.articles} that were given")
    if stage == "pairs" and held and (held.precision != 1 or held.recall < LEAST_RECALL):
        found.append(f"{name}: precision {held.precision}, recall {held.recall}")
    return found
