"""What all benchmarks share: a fresh process for each figure, refusal of debug builds, floors and records."""

import hashlib
import json
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "data"


def refuse_debug_build() -> None:
    """End with a message if the core was not compiled for speed."""
    from dedup import _core

    if _core.BUILD != "release":
        raise SystemExit("this is a debug build of the core; install with `make demo` and measure again")


def in_fresh_process(script: Path, *arguments: str, python: Path | str = sys.executable) -> dict[str, float]:
    """Run a script of this folder in a process of its own and return the JSON object it prints."""
    done = subprocess.run([str(python), str(script), *arguments], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def in_memory(path: Path) -> None:
    """Read a file, so that what is timed next need not wait for the disk: what nobody read for a while is dropped."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def report_process(started: float, **figures: float) -> None:
    """Print what a fresh process has to say: seconds since `started`, peak memory in MB, and its own figures."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - started, "peak_mb": peak, **figures}))


def say(what: str) -> None:
    """Show on a terminal what is under way, in place of what was before."""
    if sys.stderr.isatty():
        print(f"\r{what:78}", end="" if what else "\r", file=sys.stderr, flush=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, by which a floor knows its corpus."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(name: str, figures: dict[str, object]) -> None:
    """Append a dated line with the machine to `records/<name>.jsonl`."""
    line = {
        "when": datetime.now(UTC).date().isoformat(),
        "machine": {"cpu": _processor(), "python": platform.python_version()},
        **figures,
    }
    with (HERE / "records" / f"{name}.jsonl").open("a", encoding="utf-8") as records:
        records.write(json.dumps(line) + "\n")


def _processor() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{len(models)} x {models[0].partition(': ')[2]}" if models else platform.processor()


def below(name: str, figures: dict[str, float]) -> list[str]:
    """Return which figures of a made-up corpus are beyond the bounds of `floors.json`."""
    bounds = json.loads((HERE / "floors.json").read_text())[name]
    low = [(key, "below", least) for key, least in bounds["least"].items() if figures[key] < least]
    high = [(key, "above", most) for key, most in bounds["most"].items() if figures[key] > most]
    return [f"{key} is {figures[key]:.5f}, {beyond} its bound of {bound}" for key, beyond, bound in low + high]


def below_floor(name: str, figures: dict[str, float], corpus: Path) -> list[str]:
    """Return what fell below the floors of `floors.json`, or a note if the corpus is another one."""
    floors = json.loads((HERE / "floors.json").read_text())[name]
    if floors["sha256"] != sha256(corpus):
        return [f"{corpus.name} is not the corpus the floors were set on"]
    return [
        f"{key} is {figures[key]:.5f}, below its floor of {floor}"
        for key, floor in floors["least"].items()
        if figures[key] < floor
    ]
