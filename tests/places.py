"""Where the tests find things: the project, and the real corpora beside it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "corpora" / "tiny"
SHARED = ROOT.parent / "shared" / "data"


def shared_file(name: str) -> Path:
    """Return a file of the real corpora; where they are absent, skip, but fail in CI, which has them."""
    path = SHARED / name
    if not path.exists():
        reason = f"the corpus {name} is not beside the project (../shared/data); it may not be copied into it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
