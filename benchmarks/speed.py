"""How fast is each stage, beside bare parsing and beside the peers? One table, all of it measured in one run.

    python benchmarks/speed.py [--articles 20000] [--seed 1]

Each figure is the median of three interleaved runs, each in a fresh process, on one core and on all; `spread` is how
far apart the runs were. Peers that use one core whatever they are given are run on one only. Recall and precision are
held against the exact truth: all pairs of bodies whose folded runs of five words have a Jaccard of at least .7. Peers
get the words already folded (see stages/peers.py). MB are those of the file for what reads the file, of the pages for
boilerplate, of the bodies for the rest, peers too, before folding. `B/doc` is by how much the peak of resident memory
rose over the stage, for a scan the whole peak of its process.

A result that is wrong ends the run: a count of words or articles that is not the truth's, a verified pair that is
none, or recall below .98. Prints the table and the ratios, and appends both to records/speed.jsonl.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import measuring
from stages import ours, table
from stages.corpus import Corpus, build
from stages.environments import REQUIREMENTS, NotInstalled, environment

STAGES = measuring.HERE / "stages"
BUILD = measuring.HERE.parent / "build"
RUNS = 3
PEER_STAGES = ("signature", "16x8", "25x5", "32x4")
ON_ONE_CORE_ONLY = ("datasketch", "text-dedup")
VERIFIED = ("exact", "pairs", "matches")
LEAST_RECALL = 0.98

Task = tuple[str, str, int]


def tasks(peers: dict[str, Path]) -> list[Task]:
    """Return (program, stage, cores) of all that is measured."""
    all_cores = len(os.sched_getaffinity(0))
    found = [(table.OURS, stage, cores) for cores in sorted({1, all_cores}) for stage in ours.STAGES]
    for peer in peers:
        several = {1} if peer in ON_ONE_CORE_ONLY else {1, all_cores}
        found += [(peer, stage, cores) for cores in sorted(several) for stage in PEER_STAGES]
    return found


def run(task: Task, corpus: Corpus, peers: dict[str, Path]) -> table.Figures:
    """Return the figures of one task, run once."""
    program, stage, cores = task
    if program == table.OURS:
        return measuring.in_fresh_process(STAGES / "ours.py", stage, str(corpus.folder), str(cores))
    arguments = (program, stage, str(corpus.folder), str(cores))
    return measuring.in_fresh_process(STAGES / "peers.py", *arguments, python=peers[program])


def size_read(task: Task, corpus: Corpus) -> int:
    """Return how many bytes a task reads."""
    program, stage, _ = task
    if program == table.OURS and stage in ours.OF_THE_FILE:
        return corpus.file_bytes
    return corpus.page_bytes if program == table.OURS and stage in ours.OF_THE_PAGES else corpus.body_bytes


def faults(task: Task, runs: list[table.Figures], row: table.Row, corpus: Corpus) -> list[str]:
    """Return what is wrong with the results of one of our stages."""
    program, stage, cores = task
    if program != table.OURS:
        return []
    found = []
    expected = corpus.words if stage in ours.COUNTING_WORDS else corpus.articles
    if any(run.get("checked", expected) != expected for run in runs):
        found.append(f"{stage} on {cores}: counted {[run['checked'] for run in runs]}, and the truth is {expected}")
    if stage in VERIFIED and row.precision != 1:
        found.append(f"{stage} on {cores}: precision {row.precision}")
    if stage in VERIFIED and (row.recall or 0) < LEAST_RECALL:
        found.append(f"{stage} on {cores}: recall {row.recall}")
    return found


def install() -> tuple[dict[str, Path], dict[str, str]]:
    """Return the interpreters of the peers, and why those that could not be installed could not."""
    peers, missing = {}, {}
    for peer in REQUIREMENTS:
        try:
            peers[peer] = environment(BUILD / "peers", peer)
        except NotInstalled as reason:
            missing[peer] = f"not installed: {reason}"
    return peers, missing


def measure(corpus: Corpus, peers: dict[str, Path], missing: dict[str, str]) -> dict[Task, list[table.Figures]]:
    """Return the figures of all runs. A peer that fails is named among the missing with the end of its error."""
    found: dict[Task, list[table.Figures]] = {}
    for number in range(RUNS):
        for task in tasks(peers):
            program, stage, cores = task
            if f"{program} {stage}" in missing:
                continue
            print(f"\rrun {number + 1}: {program} {stage} on {cores}".ljust(60), end="", file=sys.stderr, flush=True)
            try:
                found.setdefault(task, []).append(run(task, corpus, peers))
            except subprocess.CalledProcessError as failure:
                if program == table.OURS:
                    raise SystemExit(failure.stderr) from failure
                missing[f"{program} {stage}"] = f"failed: {failure.stderr.strip().splitlines()[-1]}"
    print("\r".ljust(61), file=sys.stderr)
    return {task: runs for task, runs in found.items() if f"{task[0]} {task[1]}" not in missing}


def main() -> None:
    """Build, measure, check, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    measuring.refuse_debug_build()
    peers, missing = install()
    corpus = build(BUILD / "speed", asked.articles, asked.seed)
    for old in corpus.folder.glob("*.pairs"):
        old.unlink()
    measured = measure(corpus, peers, missing)
    rows, wrong = [], []
    for task, runs in measured.items():
        program, stage, _ = task
        left = corpus.folder / f"{stage if program == table.OURS else f'{program} {stage}'}.pairs"
        rows.append(table.row(*task, runs, (corpus, size_read(task, corpus)), left))
        wrong += faults(task, runs, rows[-1], corpus)
    print(f"{corpus.articles:,} articles, {corpus.file_bytes / 1e6:.1f} MB, {len(corpus.alike):,} pairs alike\n")
    print(table.written(rows))
    for peer, reason in missing.items():
        print(f"{peer:31} {reason}")
    ratios = {f"{name}, {cores} core{'s' * (cores > 1)}": ratio for cores in sorted({row.cores for row in rows})
              for name, ratio in table.ratios(rows, cores).items()}  # fmt: skip
    print("\n" + "\n".join(f"{ratio:8.2f} x  {name}" for name, ratio in ratios.items()))
    if wrong:
        raise SystemExit("\n".join(["", *wrong]))
    sizes = {"articles": corpus.articles, "seed": asked.seed, "bytes": corpus.file_bytes, "alike": len(corpus.alike)}
    kept = {name: round(ratio, 2) for name, ratio in ratios.items()}
    measuring.record("speed", {**sizes, "rows": table.as_record(rows), "ratios": kept, "missing": missing})


if __name__ == "__main__":
    main()
