"""What can go wrong, as one tree.

DedupError
├── UsageError          a path, an option or a field mapping that cannot be used (exit code 2)
├── SchemeMismatch      two fingerprints made by different schemes
├── StorageError        temporary files cannot be written or read
└── RuleError           a rule file that does not say what it must
"""

from collections.abc import Iterator
from contextlib import contextmanager


class DedupError(Exception):
    """Anything dedup refuses to do; the message says what and how to mend it."""


class UsageError(DedupError):
    """A path, an option or a field mapping that cannot be used."""


class SchemeMismatch(DedupError):
    """Two fingerprints, or a stored one and the running code, follow different schemes."""

    def __init__(self, stored: str, running: str) -> None:
        super().__init__(
            f"fingerprints of scheme {stored} cannot be compared with those of scheme {running};"
            " fingerprint the articles' texts again with the scheme that is running"
        )
        self.stored = stored
        self.running = running


class StorageError(DedupError):
    """Temporary files cannot be written or read."""


@contextmanager
def storing() -> Iterator[None]:
    """Tell what goes wrong with temporary files as a StorageError; the core says where, and how to mend it."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"temporary files: {error}") from error


@contextmanager
def needing(what: str, library: str, package: str) -> Iterator[None]:
    """Tell that a library is not installed as a UsageError which says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(f"{what} need {library}: pip install {package}") from error


class RuleError(DedupError):
    """A rule file lacks a key, or a pattern in it does not compile."""
