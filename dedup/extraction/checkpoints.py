"""What was read before a run was cut off?

Checkpoints   the answers to the pages of one run, in their order, in a folder that outlives the run

Answers are kept in chunks. A chunk is written beside its place and renamed into it, so that a kill at any moment leaves
whole chunks; each carries a digest of itself, and of each page the digest of what was asked. Pages that were answered
are not read again, everything else of a run is done anew: it takes seconds where reading pages takes hours.
"""

import marshal
import os
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import orjson
import xxhash

from dedup import __version__
from dedup.errors import StorageError, UsageError

MANIFEST: Final = "run.json"
PARTIAL: Final = ".partial"
CHUNK: Final = 256  # pages: about ten seconds of work
FORMAT: Final = 1
# What decides, beside our own code, what is read of a page.
LIBRARIES: Final = ("htmldate", "py3langid", "resiliparse", "trafilatura")

Entry = tuple[bytes, bytes]


class Checkpoints:
    """The answers of one run, taken up where the last attempt ended."""

    def __init__(self, folder: str, options: Mapping[str, object], paths: Sequence[str]) -> None:
        """Open the folder of a run, or begin one. Raises UsageError if it holds a run of other inputs or options, and
        StorageError if it cannot be written.
        """
        self._folder = Path(folder)
        self._held: list[Entry] = []
        self._any_new = False
        self._chunk = 0
        try:
            manifest = {
                "format": FORMAT,
                "dedup": __version__,
                "libraries": {name: _version(name) for name in LIBRARIES},
                "python": ".".join(map(str, sys.version_info[:2])),
                "options": dict(options),
                "inputs": [_stamp(path) for path in paths],
            }
            self._folder.mkdir(parents=True, exist_ok=True)
            self._begin(manifest)
        except OSError as error:
            raise StorageError(f"{folder}: the run cannot be kept there ({error.strerror})") from error
        self._stored = self._entries()

    def _begin(self, manifest: Mapping[str, object]) -> None:
        file = self._folder / MANIFEST
        if not file.exists():
            if any(path.suffix != PARTIAL for path in self._folder.iterdir()):
                raise UsageError(f"{self._folder}: this is no folder of a run; name one that is new or empty")
            _write(file, orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
            return
        try:
            stored = orjson.loads(file.read_bytes())
            differing = [key for key in manifest if stored.get(key) != manifest[key]]
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise UsageError(f"{file}: not the manifest of a run ({error}); name another folder") from error
        if differing:
            raise UsageError(
                f"{self._folder}: it holds a run with other {' and '.join(differing)} (see {MANIFEST});"
                " name another folder to begin anew"
            )

    def recall(self, question: bytes) -> bytes | None:
        """Return the answer that the next page got before, or None if it has to be asked for.

        Raises UsageError if another page was asked for then.
        """
        stored = next(self._stored, None)
        if stored is None:
            return None
        digest, answer = stored
        if digest != xxhash.xxh3_128_digest(question):
            raise UsageError(f"{self._folder}: the pages are not those of the run it holds; name another folder")
        return answer

    def keep(self, question: bytes, answer: bytes, *, new: bool) -> None:
        """Note the answer to the next page. Raises StorageError if it cannot be written."""
        self._held.append((xxhash.xxh3_128_digest(question), answer))
        self._any_new |= new
        if len(self._held) == CHUNK:
            self.flush()
            self._chunk += 1
            self._held, self._any_new = [], False

    def flush(self) -> None:
        """Write what was noted since the last whole chunk."""
        if not self._any_new:
            return
        kept = zlib.compress(marshal.dumps(self._held), 1)
        try:
            _write(self._path(self._chunk), xxhash.xxh3_128_digest(kept) + kept)
        except OSError as error:
            raise StorageError(f"{self._folder}: the run cannot be kept there ({error.strerror})") from error
        self._any_new = False

    def _entries(self) -> Iterator[Entry]:
        """Yield what was stored, up to the first chunk that is missing, damaged or not full."""
        entries: list[Entry] = []
        number = 0
        while number == 0 or len(entries) == CHUNK:
            try:
                data = self._path(number).read_bytes()
            except OSError:
                return
            digest, kept = data[:16], data[16:]
            if xxhash.xxh3_128_digest(kept) != digest:
                return
            entries = marshal.loads(zlib.decompress(kept))
            yield from entries
            number += 1

    def _path(self, chunk: int) -> Path:
        return self._folder / f"pages-{chunk:06}"


def _write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all, so that it outlives a loss of power."""
    partial = path.with_name(path.name + PARTIAL)
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _version(library: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # a tenth of the time that all readers take to import

    try:
        return version(library)
    except PackageNotFoundError:  # it is optional
        return None


def _stamp(path: str) -> dict[str, object]:
    """Return by what an input is known again."""
    if path == "-":
        raise UsageError("standard input cannot be read again: --resume needs files")
    about = Path(path).stat()
    return {"path": path, "bytes": about.st_size, "modified": about.st_mtime_ns}
