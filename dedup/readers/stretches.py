"""Which bytes of an archive stand together? Damage in one stretch costs no other.

stretches   the raw bytes of an archive -> stretches, each of which begins with a record
Stretch     bytes that follow each other without a gap, and how they end

An archive that is gzipped as the standard asks holds a member for each record: each is a stretch of its own, and after
a broken one the next is looked for. A file that is plain, or packed in any other way, is one stretch.
"""

import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final

from dedup.readers.unpack import PIECE, UnreadableError, bytewise, packing, unpacked

MEMBER: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
STEP: Final = 16 * 1024  # so much goes to zlib at once, which copies what it does not take
KEPT: Final = 32 * 1024 * 1024  # bytes of a broken member that are searched for the next one
TRIES: Final = 10_000  # places that look like a member and are none, before the rest of a file is given up
SHOWN: Final = 4096  # bytes in which the beginning of a record must show
PROBED: Final = 8 * SHOWN  # raw bytes in which these must be packed

Begins = Callable[[bytes], bool]
Glimpse = Callable[[int, int], bytes]


class Stretch:
    """Bytes that follow each other without a gap.

    Iterate for the pieces; then `broken` says why they end too early, if they do. `start` is the byte of the file at
    which they begin. `is_packed` says that places in the stretch are counted after unpacking. `glimpse` looks at bytes
    far ahead, where the file allows it.
    """

    def __init__(self, start: int, pieces: Iterable[bytes], is_packed: bool, glimpse: Glimpse | None = None) -> None:
        """Begin at byte `start` of the file."""
        self.start = start
        self.is_packed = is_packed
        self.glimpse = glimpse
        self.broken: str | None = None
        self._pieces = iter(pieces)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces."""
        try:
            yield from self._pieces
        except UnreadableError as broken:
            self.broken = str(broken)

    def place(self, at: int) -> str:
        """Return how the byte `at` of this stretch is named: `1234`, or `1234+56` where it is counted after unpacking.

        >>> Stretch(1234, [], is_packed=True).place(56)
        '1234+56'
        """
        if self.is_packed:
            return f"{self.start}+{at}" if at else str(self.start)
        return str(self.start + at)


def stretches(raw: Iterable[bytes], start: int, begins: Begins, glimpse: Glimpse | None = None) -> Iterator[Stretch]:
    """Yield the stretches of the bytes that stand from `start` on; each is over when the next is asked for.

    `begins` says whether bytes are the beginning of a record.
    """
    source = _Raw(raw, start)
    kind = packing(source.at(start, 8))
    if kind == "gzip":
        yield from _Members(source, start, begins).stretches()
    else:
        yield Stretch(start, unpacked(source.rest()), kind is not None, None if kind else glimpse)


class _Raw:
    """The raw bytes of a file by their place in it, of which those behind are forgotten when told to be."""

    def __init__(self, raw: Iterable[bytes], start: int) -> None:
        self._pieces = iter(raw)
        self._held = bytearray()
        self._start = start

    def at(self, place: int, size: int) -> bytes:
        """Return `size` bytes from `place` on; fewer where the file ends."""
        while self._start + len(self._held) < place + size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        return bytes(memoryview(self._held)[place - self._start : place - self._start + size])

    def search(self, pattern: "re.Pattern[bytes]", place: int, width: int) -> int | None:
        """Return where a pattern of `width` bytes next matches from `place` on, forgetting what comes before."""
        place = max(place, self._start)
        while len(self.at(place, PIECE)) >= width:
            found = pattern.search(self._held, place - self._start)
            if found:
                return self._start + found.start()
            place = self._start + len(self._held) - width + 1
            self.forget(place)
        return None

    def forget(self, before: int) -> None:
        del self._held[: max(0, before - self._start)]
        self._start = max(self._start, before)

    def rest(self) -> Iterator[bytes]:
        """Yield all bytes that are left."""
        held, self._held = bytes(self._held), bytearray()
        if held:
            yield held
        yield from self._pieces


class _Members:
    """The members of a gzip file."""

    def __init__(self, raw: _Raw, start: int, begins: Begins) -> None:
        self._raw = raw
        self._begins = begins
        self._next: int | None = start
        self._tries = 0

    def stretches(self) -> Iterator[Stretch]:
        while (at := self._next) is not None and self._raw.at(at, 1):
            stretch = Stretch(at, self._pieces(at), is_packed=True)
            yield stretch
            for _ in stretch:
                pass

    def _pieces(self, start: int) -> Iterator[bytes]:
        """Yield the bytes of the member at `start`, and of those after it that go on where it ends."""
        while True:
            end = yield from self._member(start)
            while self._raw.at(end, 1) == b"\0":  # zeros may follow a member
                end += 1
            self._raw.forget(end)
            self._next = end
            if not self._raw.at(end, 1) or not self._goes_on(end):
                return
            start = end

    def _member(self, start: int) -> Generator[bytes, None, int]:
        """Yield the bytes of one member, return where it ends."""
        member, place, data = zlib.decompressobj(wbits=31), start, b""
        while not member.eof:
            if not data:
                if place - start > KEPT:
                    self._raw.forget(place)
                data = self._raw.at(place, STEP)
                place += len(data)
            if not data:
                self._search(start)
                yield member.flush()
                raise UnreadableError("truncated gzip")
            before = member.copy()
            try:
                piece = member.decompress(data, PIECE)
            except zlib.error as error:
                yield from bytewise(before, data)
                self._search(start)
                raise UnreadableError(f"corrupt gzip ({error})") from error
            if piece:
                yield piece
            data = member.unconsumed_tail
        return place - len(member.unused_data)

    def _goes_on(self, start: int) -> bool:
        """Say whether the member at `start` goes on with what the one before it held, and begins with no record."""
        shown = self._shown(start)
        return shown is not None and not self._begins(shown)

    def _shown(self, start: int) -> bytes | None:
        """Return the first bytes that the member at `start` holds, or None if there are none to be had."""
        member, shown, place = zlib.decompressobj(wbits=31), b"", start
        try:
            while len(shown) < SHOWN and not member.eof and place - start < PROBED:
                data = self._raw.at(place, SHOWN)
                if not data:
                    break
                shown += member.decompress(data, SHOWN)
                place += len(data)
        except zlib.error:
            return shown or None
        return shown if shown or member.eof else None

    def _search(self, broken: int) -> None:
        """Find the next member that begins with a record behind the one that broke, as far as its bytes were kept."""
        self._next = broken
        while self._next is not None and self._tries < TRIES:
            self._next = self._raw.search(MEMBER, self._next + 1, width=4)
            shown = None if self._next is None else self._shown(self._next)
            if shown and self._begins(shown):
                return
            self._tries += 1
        self._next = None
