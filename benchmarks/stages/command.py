"""One command in a process of its own: `python command.py CORES COMMAND...`, which prints what it took as JSON.

`seconds` from start to end, `peak` of its resident memory in bytes, its exit `code`, what it `printed` and `said` on
standard error. The peak the system tells of a child is at least that of the process that started it, so this one
stays small: it imports the standard library only.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stages import clock

if __name__ == "__main__":
    clock.pin(int(sys.argv[1]))

import json
import resource
import subprocess
import time

# What takes longer is ended, and has failed.
MOST_SECONDS = 3600


def taken(command: list[str]) -> dict[str, object]:
    """Run a command and return what it took."""
    started = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS)
        code, printed, said = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        code, printed, said = 124, "", f"it had not ended after {MOST_SECONDS} s"
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"seconds": seconds, "peak": peak, "code": code, "printed": printed, "said": said}


if __name__ == "__main__":
    print(json.dumps(taken(sys.argv[2:])))
