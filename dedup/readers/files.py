"""Which files are meant, and what bytes stand in them?

expand     the paths a user gave -> the files to read, sorted, each once
chunks     a file -> its bytes, decompressed, in pieces of bounded size
peek       the first bytes of such a stream, without losing them
lines      the pieces -> lines of bounded length
whole      the pieces -> one string of bytes of bounded length

Nothing here holds more than one line or one page in memory, however far an archive expands.
"""

# Paths are reported as they were given, and pathlib drops the "./" that a user wrote.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH118, PTH123, PTH207

import glob
import itertools
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import BinaryIO

from dedup.errors import UsageError

STDIN = "-"
MAX_LINE = 64 * 1024 * 1024
PIECE = 256 * 1024

LINE_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jl"})
TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown"})
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
ARCHIVE_SUFFIXES = frozenset({".gz", ".zst"})
FOLDER_SUFFIXES = LINE_SUFFIXES | TEXT_SUFFIXES | PAGE_SUFFIXES

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGICS = (b"\x28\xb5\x2f\xfd", *(bytes([low, 0x2A, 0x4D, 0x18]) for low in range(0x50, 0x60)))
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF16 = "the file is UTF-16; convert it to UTF-8: iconv -f UTF-16 -t UTF-8"

ZSTD_STEP = 1024  # one zstd block of 4 bytes may expand to 128 KiB: a step expands to 32 MiB at most


class UnreadableError(Exception):
    """The rest of a file cannot be read; the message is the reason. What came before it is good."""


class TooLongError(Exception):
    """A file holds more bytes than its format may."""


def suffix(path: str) -> str:
    """Return the lower-case suffix that tells the format: `.jsonl` for `a.JSONL.gz`.

    >>> suffix("crawl/2020.jsonl.zst")
    '.jsonl'
    """
    name = PurePath(path)
    inner = name.with_suffix("") if name.suffix.lower() in ARCHIVE_SUFFIXES else name
    return inner.suffix.lower()


def expand(paths: Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return the files that `paths` name, sorted, each once, whatever the order and overlap of the paths.

    A folder stands for the files of known suffixes below it, hidden ones excepted; a glob for what it matches
    (`**` crosses folders); `-` for standard input. Raises UsageError for a path that leads nowhere.
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
    if not glob.has_magic(path):
        raise UsageError(f"{path}: no such file or folder; check the spelling, or quote a glob")
    matches = glob.glob(path, recursive=True)
    if not matches:
        raise UsageError(f"{path}: the glob matches nothing; `**` crosses folders, hidden files need their dot")
    for match in matches:
        yield from _below(match) if os.path.isdir(match) else [match]


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


def chunks(path: str, through: Callable[[Iterator[bytes]], Iterator[bytes]] = iter) -> Iterator[bytes]:
    """Yield the bytes of `path`, decompressed if they begin as gzip or zstd do, in pieces of bounded size. As they are
    in the file, the pieces go `through` a function.

    Raises UnreadableError, after everything before the break was yielded.
    """
    head, stream = peek(through(_raw(path)))
    if head.startswith(GZIP_MAGIC):
        return _gunzip(stream)
    if head.startswith(ZSTD_MAGICS):
        return _unzstd(stream)
    return stream


def peek(stream: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes of `stream` (four that are not white space, if it has them), and the whole stream."""
    stream = iter(stream)
    head = b""
    for piece in stream:
        head += piece
        if len(head.lstrip()) >= 4 or len(head) > PIECE:
            break
    return head, itertools.chain([head] if head else [], stream)


def _raw(path: str) -> Iterator[bytes]:
    try:
        if path == STDIN:
            yield from _pieces(sys.stdin.buffer)
        else:
            with open(path, "rb") as file:
                yield from _pieces(file)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _gunzip(stream: Iterator[bytes]) -> Iterator[bytes]:
    member, started, members = zlib.decompressobj(wbits=31), False, 0
    for data in stream:
        while data:
            if not started and members:
                data = data.lstrip(b"\0")  # gzip allows zeros after a member, tapes and dd leave them there
            started = started or bool(data)
            before = member.copy()
            try:
                piece = member.decompress(data, PIECE)
            except zlib.error as error:
                yield from _bytewise(before, data)
                raise UnreadableError(f"corrupt gzip ({error})") from error
            if piece:
                yield piece
            data = member.unconsumed_tail
            if member.eof:
                data, started, members = member.unused_data, False, members + 1
                member = zlib.decompressobj(wbits=31)
    if started:
        yield member.flush()
        raise UnreadableError("truncated gzip")


def _bytewise(member: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Yield what stands before the error in `data`: zlib drops the output of a call that fails."""
    for position in range(len(data)):
        try:
            yield member.decompress(data[position : position + 1])
        except zlib.error:
            return


def _unzstd(stream: Iterator[bytes]) -> Iterator[bytes]:
    try:
        import zstandard
    except ModuleNotFoundError as error:
        raise UsageError("zstd files need the package zstandard: pip install zstandard") from error
    # A decompressor object and not the stream reader, which takes a truncated frame for a finished one.
    frame, started = zstandard.ZstdDecompressor().decompressobj(), False
    for data in stream:
        steps = [data[start : start + ZSTD_STEP] for start in range(0, len(data), ZSTD_STEP)]
        for step in steps:
            while step:
                started = True
                try:
                    piece = frame.decompress(step)
                except zstandard.ZstdError as error:
                    raise UnreadableError(f"corrupt zstd ({error})") from error
                yield from (piece[start : start + PIECE] for start in range(0, len(piece), PIECE))
                step = b""
                if frame.eof:
                    step, started = frame.unused_data, False
                    frame = zstandard.ZstdDecompressor().decompressobj()
    if started:
        raise UnreadableError("truncated zstd")


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
