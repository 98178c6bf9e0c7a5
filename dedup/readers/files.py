"""Which files are meant, and what bytes stand in them?

expand     the paths a user gave -> the files to read, sorted, each once
raw        a file -> its bytes as they stand, in pieces of bounded size
chunks     a file -> its bytes, unpacked
seekable   a file -> the same, opened for reading to and fro
lines      the pieces -> lines of bounded length
whole      the pieces -> one string of bytes of bounded length

Nothing here holds more than one line or one page in memory, however far an archive expands.
"""

# Paths are reported as they were given, and pathlib drops the "./" that a user wrote.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH118, PTH123, PTH207

import glob
import itertools
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final

from dedup.errors import UsageError
from dedup.readers.ahead import BATCH
from dedup.readers.formats import FOLDER_SUFFIXES, suffix
from dedup.readers.unpack import PIECE, UnreadableError, unpacked

STDIN = "-"
MAX_LINE = 64 * 1024 * 1024
# `crawl.warc.gz@1234` is the record at byte 1234; with `+56` it starts so many bytes into what is unpacked from there.
OFFSET: Final = re.compile(r"(.+)@(\d{1,18})(?:\+(\d{1,18}))?", re.DOTALL)

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF16 = "the file is UTF-16; convert it to UTF-8: iconv -f UTF-16 -t UTF-8"


class TooLongError(Exception):
    """A file holds more bytes than its format may."""


def expand(paths: Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return the files that `paths` name, sorted, each once, whatever the order and overlap of the paths.

    A folder stands for the files of known suffixes below it, hidden ones excepted; a glob for what it matches
    (`**` crosses folders); `-` for standard input; `@list.txt` for the paths that stand in it, one a line, as they
    would be given here; `file@1234` for the record of an archive at that byte. Raises UsageError for a path that
    leads nowhere.
    """
    if isinstance(paths, (str, os.PathLike)):
        raise UsageError(f"paths must be a list: write [{os.fspath(paths)!r}]")
    files = sorted(itertools.chain.from_iterable(_files(os.fspath(path)) for path in paths))
    once = {file if file == STDIN else os.path.abspath(file): file for file in reversed(files)}
    return sorted(once.values())


def _files(path: str) -> Iterator[str]:
    if path == STDIN or os.path.lexists(path):
        yield from _below(path) if os.path.isdir(path) else [path]
        return
    if path.startswith("@"):
        yield from _listed(path[1:])
        return
    if (place := OFFSET.fullmatch(path)) and os.path.isfile(place[1]):
        yield path
        return
    if not glob.has_magic(path):
        raise UsageError(f"{path}: no such file or folder; check the spelling, or quote a glob")
    matches = glob.glob(path, recursive=True)
    if not matches:
        raise UsageError(f"{path}: the glob matches nothing; `**` crosses folders, hidden files need their dot")
    for match in matches:
        yield from _below(match) if os.path.isdir(match) else [match]


def _listed(list_path: str) -> Iterator[str]:
    """Yield the files of the paths that stand in a list. A list does not lead to further lists."""
    try:
        with open(list_path, encoding="utf-8-sig", errors="surrogateescape") as file:
            for number, line in enumerate(file, 1):
                path = line.rstrip("\r\n")
                try:
                    if path.startswith("@") and not os.path.lexists(path):
                        raise UsageError(f"{path}: a list may not lead to another list")
                    yield from _files(path) if path.strip() else ()
                except UsageError as error:
                    raise UsageError(f"{shown(list_path)}, line {number}: {error}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"@{shown(list_path)}: the list cannot be read ({reason})") from error


def place_in(path: str) -> tuple[str, int, int]:
    """Return the file that a path names, the byte at which to begin, and how much to pass over after unpacking.

    >>> place_in("no-such-file.warc.gz@1234+56")
    ('no-such-file.warc.gz', 1234, 56)
    """
    place = None if os.path.lexists(path) else OFFSET.fullmatch(path)
    return (place[1], int(place[2]), int(place[3] or 0)) if place else (path, 0, 0)


def _below(folder: str) -> Iterator[str]:
    closed: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = os.path.join(where, name)
            # A named pipe would block for ever; a broken link is kept, so that it is reported and not lost.
            plain = os.path.isfile(file) or not os.path.exists(file)
            if plain and not name.startswith(".") and suffix(name) in FOLDER_SUFFIXES:
                yield file
    for error in closed:
        if error.filename == folder:
            raise UsageError(f"{folder}: the folder cannot be listed ({error.strerror}); mend its permissions")
        yield str(error.filename)  # reading it fails too, is reported, and its neighbours go on


def shown(path: str) -> str:
    """Return `path` as reports spell it: POSIX separators, and bytes that are not UTF-8 escaped."""
    return os.fsencode(path.replace(os.sep, "/")).decode("utf-8", "backslashreplace")


def chunks(path: str) -> Iterator[bytes]:
    """Yield the bytes of `path`, unpacked if they begin as a packed file does, in pieces of bounded size.

    Raises UnreadableError, after everything before the break was yielded.
    """
    return unpacked(raw(path))


def raw(path: str, start: int = 0) -> Iterator[bytes]:
    """Yield the bytes of `path` from `start` on as they stand. Raises UnreadableError where they cannot be read."""
    try:
        if path == STDIN:
            yield from _pieces(sys.stdin.buffer)
        else:
            with open(path, "rb") as file:
                if start:
                    file.seek(start)
                yield from _pieces(file)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the pieces of a file. Those behind the first, which tells what it is, are handed on as they are."""
    size = PIECE
    while piece := file.read(size):
        yield piece
        size = BATCH


@contextmanager
def seekable(path: str, stream: Iterable[bytes]) -> Iterator[BinaryIO]:
    """Open `path` for reading to and fro; what no file holds goes from `stream` into a temporary one first.

    Raises UnreadableError where it cannot be read.
    """
    try:
        if path != STDIN and os.path.isfile(path):
            with open(path, "rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as copy:
            copy.writelines(stream)
            copy.seek(0)
            yield copy
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}") from error


def lines(stream: Iterable[bytes], limit: int = MAX_LINE) -> Iterator[bytes | int]:
    """Yield each line without its newline; for one of more than `limit` bytes, its length instead.

    >>> list(lines([b"a\\nlong", b"er\\nb"], limit=4))
    [b'a', 6, b'b']
    """
    held: list[bytes] = []
    size = 0
    for piece in stream:
        first, *others = piece.split(b"\n")
        size += len(first)
        if size <= limit:
            held.append(first)
        else:
            held.clear()
        for other in others:
            yield b"".join(held) if size <= limit else size
            held, size = [other], len(other)
    if size:
        yield b"".join(held) if size <= limit else size


def whole(stream: Iterable[bytes], limit: int) -> bytes:
    """Return all bytes of `stream`. Raises TooLongError as soon as there are more than `limit`."""
    held = bytearray()
    for piece in stream:
        held += piece
        if len(held) > limit:
            raise TooLongError(f"more than {limit:,} bytes")
    return bytes(held)
