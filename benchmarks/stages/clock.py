"""What does a piece of work take? Seconds and memory of this process, on so many cores.

Peers run it under their own interpreters, so it imports the standard library only.
"""

import gc
import os
import time
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def pin(cores: int) -> None:
    """Keep this process, its threads and its children on so many cores. To be called before any other import."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(cores)


def timed(work: Callable[[], Result]) -> tuple[dict[str, float], Result]:
    """Return the seconds some work took and by how many bytes the peak of resident memory rose, and its result."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak back to what is resident now
    before = _resident("VmRSS")
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "grown": max(_resident("VmHWM") - before, 0)}, result


def _resident(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


def write_pairs(target: Path, pairs: Iterable[tuple[int, int]]) -> None:
    """Write pairs of places, each as two unsigned 32-bit numbers, for the benchmark to hold against the truth."""
    with target.open("wb") as file:
        array("I", (place for pair in pairs for place in pair)).tofile(file)
