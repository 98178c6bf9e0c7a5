"""How is a packed file unpacked, however far it expands and wherever it breaks?

unpacked   the pieces of a file -> its bytes, unpacked if they begin as gzip, zstd, bzip2 or xz do
packing    how a file is packed, by its first bytes
peek       the first bytes of a stream, without losing them

No step expands to more than a few megabytes at once.
"""

import bz2
import itertools
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from dedup.errors import needing

PIECE: Final = 256 * 1024
GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGICS: Final = (b"\x28\xb5\x2f\xfd", *(bytes([low, 0x2A, 0x4D, 0x18]) for low in range(0x50, 0x60)))
BZIP2_MAGIC: Final = b"BZh"
BZIP2_BLOCKS: Final = (b"1A", b"\x17r")  # how a block begins, and the end of a file of none
XZ_MAGIC: Final = b"\xfd7zXZ"
LZ4_MAGIC: Final = b"\x04\x22\x4d\x18"
ZSTD_STEP: Final = 1024  # one zstd block of 4 bytes may expand to 128 KiB: a step expands to 32 MiB at most
XZ_MEMORY: Final = 256 * 1024 * 1024  # `xz -9` takes 65 MB to read; a header may ask for 4 GB


class UnreadableError(Exception):
    """The rest of a file cannot be read; the message is the reason. What came before it is good."""


def peek(stream: Iterable[bytes], least: int = 4) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes of `stream` (`least` that are not white space, if it has them), and the whole stream."""
    stream = iter(stream)
    head = b""
    for piece in stream:
        head += piece
        if len(head.lstrip()) >= least or len(head) > PIECE:
            break
    return head, itertools.chain([head] if head else [], stream)


def unpacked(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked if they begin as a packed file does, in pieces of bounded size.

    Raises UnreadableError, after everything before the break was yielded.

    >>> b"".join(unpacked([bz2.compress(b"Rain")]))
    b'Rain'
    """
    head, stream = peek(stream, least=6)
    match packing(head):
        case "gzip":
            return gunzip(stream)
        case "zstd":
            return _unzstd(stream)
        case "bzip2":
            return _stepwise(stream, bz2.BZ2Decompressor, "bzip2")
        case "xz":
            return _stepwise(stream, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY), "xz")
        case "lz4":
            return _refused("lz4 is not read; unpack the file first: lz4 -d FILE")
    return stream


def _refused(reason: str) -> Iterator[bytes]:
    yield b""
    raise UnreadableError(reason)


def packing(head: bytes) -> str | None:
    """Return how a file is packed that begins with these bytes, six or more, or None if it is not.

    >>> packing(b"BZh91AY&SY"), packing(b"BZh is no archive")
    ('bzip2', None)
    """
    if head.startswith(BZIP2_MAGIC):
        return "bzip2" if head[3:4].isdigit() and head[4:6] in BZIP2_BLOCKS else None
    kinds = {"gzip": (GZIP_MAGIC,), "zstd": ZSTD_MAGICS, "xz": (XZ_MAGIC,), "lz4": (LZ4_MAGIC,)}
    return next((kind for kind, magic in kinds.items() if head.startswith(magic)), None)


def gunzip(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of all members. Raises UnreadableError where they break."""
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
                yield from bytewise(before, data)
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


def bytewise(member: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Yield what stands before the error in `data`: zlib drops the output of a call that fails."""
    for position in range(len(data)):
        try:
            yield member.decompress(data[position : position + 1])
        except zlib.error:
            return


def _unzstd(stream: Iterator[bytes]) -> Iterator[bytes]:
    with needing("zstd files", "the package zstandard", "zstandard"):
        import zstandard
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


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _stepwise(stream: Iterable[bytes], fresh: Callable[[], _Unpacker], kind: str) -> Iterator[bytes]:
    """Yield the bytes of all streams of a bzip2 or xz file, at most a piece at a step."""
    unpacker, started, streams = fresh(), False, 0
    for data in stream:
        while data or not unpacker.needs_input:
            if not started and streams:
                data = data.lstrip(b"\0")  # xz allows zeros after a stream
                if not data:
                    break
            started = True
            try:
                piece = unpacker.decompress(data, PIECE)
            except (OSError, lzma.LZMAError, EOFError, ValueError) as error:
                raise UnreadableError(f"corrupt {kind} ({error})") from error
            if piece:
                yield piece
            data = b""
            if unpacker.eof:
                data, started, streams = unpacker.unused_data, False, streams + 1
                unpacker = fresh()
    if started:
        raise UnreadableError(f"truncated {kind}")
