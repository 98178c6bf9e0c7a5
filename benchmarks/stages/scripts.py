"""How fast are the scripts, each beside curly-quote English? Stages of the core on corpora of one script each."""

from pathlib import Path

import measuring
import orjson
import synthesize

from stages import core
from stages.table import OURS, Findings, Size, row

# What the synthesis calls them, and what they are; curly-quote English is what the others stand beside.
SCRIPTS = {
    "english": "curly English",
    "ascii": "ASCII English",
    "russian": "Russian",
    "arabic": "Arabic",
    "chinese": "Chinese",
}
BESIDE = "english"
STAGES = ("words", "text to verified pairs", "scan: read and lay out")
ARTICLES = 4000


def measure(folder: Path, articles: int, seed: int, tools: tuple[Path, Path], runs: int) -> Findings:
    """Return the rows of each script on one core, its runs interleaved with the others', and each rate as a share of
    that of curly English. `tools` are the core's example and its cues.
    """
    folder.mkdir(parents=True, exist_ok=True)
    example, cues = tools
    corpora = {script: folder / f"{script}.jsonl" for script in SCRIPTS}
    for script, path in corpora.items():
        synthesize.write(path, articles, seed, script=script)
    found = Findings()
    taken: dict[tuple[str, str], list[core.Figures]] = {(script, stage): [] for script in SCRIPTS for stage in STAGES}
    for _ in range(runs):
        for script, path in corpora.items():
            measuring.say(f"stages inside the core on {SCRIPTS[script]}")
            stages = core.run(example, path, cues, 1)
            read = stages["scan: read and lay out"]["checked"]
            if read != articles:
                found.wrong.append(f"{SCRIPTS[script]}: {read} of {articles} articles were read")
            for stage in STAGES:
                taken[script, stage].append(stages[stage])
    for script, path in corpora.items():
        pages = sum(len(orjson.loads(line)["text"].encode()) for line in path.read_bytes().splitlines())
        for stage in STAGES:
            size = Size(articles, path.stat().st_size if stage in core.OF_THE_FILE else pages)
            found.rows.append(row((SCRIPTS[script], OURS, stage, 1), taken[script, stage], size))
    rates = {(each.corpus, each.stage): each.megabytes_per_second for each in found.rows}
    shares = {
        f"{stage}, {script} / {SCRIPTS[BESIDE]}": rate / rates[SCRIPTS[BESIDE], stage]
        for (script, stage), rate in rates.items()
        if script != SCRIPTS[BESIDE]
    }
    slowest = min(shares, key=lambda name: shares[name])
    found.figures |= {(name, "x"): share for name, share in shares.items()}
    found.figures[f"slowest script's share ({slowest})", "x"] = shares[slowest]
    return found
