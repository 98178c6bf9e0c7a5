"""Where do the peers live? Each in an environment of its own under build/peers, made from PyPI's wheels.

What cannot be installed is named with pip's reason. `fire`, `pybloom-live` and `pyspark`, which text-dedup needs,
have no wheels; they are plain Python.
"""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = {
    "datasketch": ["datasketch>=2,<3", "xxhash"],
    "rensa": ["rensa>=0.5"],
    "fastsketchlsh": ["FastSketchLSH>=1"],
    "gaoya": ["gaoya>=0.2"],
    "daft": ["daft>=0.7", "pyarrow"],
    "text-dedup": ["text-dedup>=0.4", "--no-binary=fire,pybloom-live,pyspark"],
}
# Says only which versions were passed over, before the error itself.
_REMARK = "ERROR: Ignored the following"


class NotInstalled(Exception):
    """A peer cannot be installed here; the message is pip's."""


def environment(root: Path, peer: str) -> Path:
    """Return the interpreter of a peer's environment, made if it is not there yet, or raise NotInstalled."""
    home = root / peer
    interpreter, done = home / "bin" / "python", home / "installed"
    if done.exists():
        return interpreter
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    tried = subprocess.run([*pip, *REQUIREMENTS[peer]], capture_output=True, text=True, check=False)
    if tried.returncode:
        reasons = (line for line in tried.stderr.splitlines() if not line.startswith(_REMARK))
        raise NotInstalled(next(reasons, "pip gave no reason"))
    done.touch()
    return interpreter
