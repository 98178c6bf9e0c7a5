"""How long does it take to start? Importing the package, and asking the command for help."""

from statistics import median

from stages import commands
from stages.table import Findings

RUNS = 5
STARTS = {"import dedup": (*commands.PYTHON, "-c", "import dedup"), "dedup --help": (*commands.DEDUP, "--help")}


def measure(cores: int) -> Findings:
    """Return the median of fresh processes of each, in milliseconds."""
    found = Findings()
    for name, command in STARTS.items():
        seconds = median(commands.run(cores, *command)["seconds"] for _ in range(RUNS))
        found.figures[name, "ms"] = seconds * 1000
    return found
