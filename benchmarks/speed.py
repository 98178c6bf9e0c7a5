"""How fast is it? Beside bare parsing, beside the peers, in other scripts, at scale, and on what is uneven.

    python benchmarks/speed.py [--articles 20000] [--seed 1] [--no-peers] [--scale [SHARE]]

One table, all of it measured in one run. Each figure is the median of three interleaved runs, each in a fresh process,
on one core and on all; `spread` is how far apart the runs were. What uses one core whatever it is given is run on one
only. Stages inside the core are timed by core/examples/stages.rs, which cargo compiles at the start. Recall and
precision are held against the exact truth: all pairs of bodies whose folded runs of five words have a Jaccard of at
least .7. Peers get the words already folded (see stages/peers.py). MB are those of the file for what reads the file, of
the pages for the stages inside the core, of the bodies for the rest, peers too, before folding. `B/doc` is by how much
the peak of resident memory rose over the stage, for a scan the whole peak of its process.

--scale adds corpora of up to a million articles (see stages/scale.py) and uneven ones (see stages/skewed.py): 9 GB in
build/, which are kept for the next run, and an hour or so. With a SHARE all of them are that much smaller, for trying
it out.

A result that is wrong ends the run: a count of words or articles that is not the truth's, a verified pair that is
none, recall below .98, a report that a bound of memory changes. Prints the table and the ratios, and appends both to
records/speed.jsonl.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import measuring
from stages import core, programs, scale, scripts, skewed, start
from stages.corpus import build
from stages.environments import REQUIREMENTS, NotInstalled, environment
from stages.table import Findings

BUILD = measuring.HERE.parent / "build"
RUNS = 3


def install(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Return the interpreters of the peers, and why those that could not be installed could not."""
    peers, missing = {}, {}
    for peer in REQUIREMENTS:
        measuring.say(f"installing {peer}")
        try:
            peers[peer] = environment(folder, peer)
        except NotInstalled as reason:
            missing[peer] = f"not installed: {reason}"
    return peers, missing


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, measure, check, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument(
        "--scale", type=float, nargs="?", const=1.0, metavar="SHARE", help="large and uneven corpora too"
    )
    asked = parser.parse_args(arguments)
    measuring.refuse_debug_build()
    example = core.build()
    peers, missing = ({}, {}) if asked.no_peers else install(BUILD / "peers")
    found, cores = Findings(missing=missing), len(os.sched_getaffinity(0))
    measuring.say("making the corpus and its truth")
    corpus = build(BUILD / "speed", asked.articles, asked.seed)
    cues = core.write_cues(BUILD / "speed" / "cues.json")
    found.add(programs.measure(corpus, programs.Programs(example, cues, peers), cores, RUNS))
    found.add(
        scripts.measure(BUILD / "scripts", min(asked.articles, scripts.ARTICLES), asked.seed, (example, cues), RUNS)
    )
    found.add(start.measure(cores))
    if asked.scale:
        found.add(scale.measure(BUILD / "scale", asked.seed, asked.scale, cores))
        found.add(skewed.measure(BUILD / "skew", asked.seed, asked.scale, cores))
    measuring.say("")
    print(f"{corpus.articles:,} articles, {corpus.file_bytes / 1e6:.1f} MB, {len(corpus.alike):,} pairs alike\n")
    print(found.written())
    if found.wrong:
        raise SystemExit("\n".join(["", *found.wrong]))
    sizes = {"articles": corpus.articles, "seed": asked.seed, "bytes": corpus.file_bytes, "alike": len(corpus.alike)}
    measuring.record("speed", {**sizes, "scale": asked.scale, **found.as_record()})


if __name__ == "__main__":
    main()
