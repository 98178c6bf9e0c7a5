"""Which large corpora were made before? Each is written once, and again when what writes it has changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORPORA = Path(__file__).resolve().parents[2] / "corpora"

# A program of corpora/ and its arguments, but for where it writes.
Recipe = tuple[str, ...]


def make(recipes: Mapping[Path, Recipe]) -> None:
    """Write `corpus.jsonl` into each folder by its recipe, on all cores, if it does not stand there already."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        for _ in workers.map(_make, recipes.keys(), recipes.values()):
            pass


def _make(folder: Path, recipe: Recipe) -> None:
    done, stamp = folder / "made-by", _stamp(recipe)
    if done.exists() and done.read_text() == stamp:
        return
    folder.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    program, *arguments = recipe
    command = [sys.executable, str(CORPORA / program), *arguments, "-o", str(folder / "corpus.jsonl")]
    subprocess.run(command, check=True)
    done.write_text(stamp)


def _stamp(recipe: Recipe) -> str:
    """Return what a corpus is made from: its recipe and all that the synthesis reads."""
    sources = sorted([*CORPORA.rglob("*.py"), *CORPORA.rglob("*.json*")])
    content = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    return " ".join((*recipe, content))
