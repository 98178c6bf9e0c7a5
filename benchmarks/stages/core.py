"""What does each stage inside the core take? `core/examples/stages.rs` tells: nothing else can stop between them."""

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import measuring

from dedup.article import Kind
from dedup.boilerplate.wording import KIND_CODE
from dedup.rules import expand, load_tables
from stages import commands
from stages.commands import Figures

MANIFEST = measuring.HERE.parent / "core" / "Cargo.toml"
EXAMPLE = "stages"

OF_THE_FILE = ("read", "scan: read and lay out", "scan: sort", "scan: learn", "scan: match")
OF_THE_PAGES = (
    *("blocks", "words", "blocks, words and keys", "cues"),
    *("shingles", "shingles and signature", "shingles and winnowing", "text to verified pairs"),
)
# The other stages are plain loops in the example, on one core whatever they are given.
ON_ALL_CORES = ("text to verified pairs", *OF_THE_FILE[1:])


def build(profile: str = "release") -> Path:
    """Return the compiled example, compiled if it is not up to date; end with a message where that cannot be done."""
    if shutil.which("cargo") is None:
        raise SystemExit("cargo is not on the PATH: the stages inside the core are timed by a Rust program, so install"
                         " Rust 1.89 or later and measure again")  # fmt: skip
    command = ["cargo", "build", "--quiet", "--profile", profile, "--example", EXAMPLE]
    command += ["--manifest-path", str(MANIFEST), "--message-format", "json-render-diagnostics"]
    built = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        raise SystemExit(f"cargo could not compile core/examples/{EXAMPLE}.rs; its reasons stand above")
    messages = map(json.loads, built.stdout.splitlines())
    return next(Path(m["executable"]) for m in messages if m.get("executable") and m["target"]["name"] == EXAMPLE)


def write_cues(target: Path) -> Path:
    """Write the cue rules as the example reads them, just as dedup.boilerplate.wording hands them to the core."""
    rules = list(load_tables(files("dedup.boilerplate") / "cues", "cue"))
    cues = {
        "patterns": [expand(rule["pattern"]) for rule in rules],
        "kinds": [KIND_CODE[Kind(rule["kind"])] for rule in rules],
        "edge_only": [int(rule["where"] == "edge") for rule in rules],
        "most_words": [rule["most_words"] for rule in rules],
        "under_headline": [KIND_CODE[Kind.BYLINE], KIND_CODE[Kind.DATE]],
        "other": KIND_CODE[Kind.OTHER],
    }
    target.write_text(json.dumps(cues), encoding="utf-8")
    return target


def run(example: Path, corpus: Path, cues: Path, cores: int) -> dict[str, Figures]:
    """Return the figures of each stage of a corpus, in their order; `checked` is what was counted, where it was."""
    told = json.loads(commands.run(cores, str(example), str(corpus), str(cues))["printed"])
    stages = (OF_THE_FILE[0], *OF_THE_PAGES, *OF_THE_FILE[1:])
    figures: dict[str, Figures] = {stage: {"seconds": told["seconds"][stage]} for stage in stages}
    for stage, count in (("words", "words"), ("scan: read and lay out", "articles"), ("scan: match", "pairs")):
        figures[stage]["checked"] = told["counted"][count]
    return figures
