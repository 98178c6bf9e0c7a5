"""dedup: who published this text first, who reprinted it, through whom, and what did they change?"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Comparison",
    "Report",
    "Resembling",
    "Skipped",
    "__version__",
    "compare",
    "find_resembling",
    "inspect",
    "read",
    "scan",
]

if TYPE_CHECKING:
    from dedup.article import Article, Skipped
    from dedup.comparison import Comparison, compare
    from dedup.corpus import scan
    from dedup.inspection import inspect
    from dedup.match import Resembling, find_resembling
    from dedup.readers import read
    from dedup.report.model import Report

_HOMES = {
    "Article": "dedup.article",
    "Skipped": "dedup.article",
    "Resembling": "dedup.match",
    "Comparison": "dedup.comparison",
    "compare": "dedup.comparison",
    "find_resembling": "dedup.match",
    "inspect": "dedup.inspection",
    "read": "dedup.readers",
    "Report": "dedup.report.model",
    "scan": "dedup.corpus",
}


def __getattr__(name: str) -> object:
    # Public names load at their first use, so that `import dedup` and `dedup --help` stay quick.
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
