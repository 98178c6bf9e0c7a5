"""The stages of benchmarks/speed.py. What makes corpora up can be imported beside them.

Peers run some of them under their own interpreters, so the standard library must do here.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "corpora"))
