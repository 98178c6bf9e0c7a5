"""Which records stand in a web archive?

records   the raw bytes of a WARC or ARC file -> its records, and the places at which they are damaged
Record    one record: what its head says, and its bytes
Damage    what cannot be read, and why

Both formats say of each record how long it is. Whether that is true shows where the record ends: there stand the
newlines of the format, or the next one begins, or nothing. After a record of which it is not true the next beginning is
looked for, so that a wrong length costs no neighbour. FastWARC's own iterator ends at the first damage, and reads no
ARC.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dedup.readers.stretches import Glimpse, Stretch, stretches

MAX_HEAD: Final = 64 * 1024
# Records up to so many bytes are held; of a longer one only how it begins. No page and no text that we read is longer.
MAX_RECORD: Final = 64 * 1024 * 1024
LOOK: Final = 8192  # bytes in which the next beginning must show
ARC_LINE: Final = rb"[a-z][a-z0-9+.-]{1,15}:[^\r\n]{0,4000} \d{8,14} [^\r\n]{0,400} ?\d{1,12}\r?\n"
BEGINS: Final = re.compile(rb"WARC/\d|" + ARC_LINE)
NEXT: Final = re.compile(rb"WARC/\d\.\d+\r{0,2}\n[A-Za-z-]{4,40}:|(?<=\n)" + ARC_LINE)
NEXT_WIDTH: Final = 8192
# Files that went through a system which ends lines by two signs have a carriage return too many.
HEAD_END: Final = re.compile(rb"\r{0,2}\n\r{0,2}\n")
NEWLINES: Final = b"\r\n"
WARC_ENDS: Final = (b"\r\n\r\n", b"\n\n")
ARC_ENDS: Final = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `place` names its byte in the file, `fields` holds its head by lower-case names, and `type` is what
    a WARC calls it: response, request, conversion. The bytes are those of its block; of one that `is_long` only the
    first.
    """

    place: str
    type: str
    fields: Mapping[str, str]
    block: bytes
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Damage:
    """What cannot be read: where it begins, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a record: where it begins, where its block begins and ends, and by which newlines that is known."""

    start: int
    block: int
    end: int
    type: str
    fields: Mapping[str, str]
    newlines: tuple[bytes, ...]


def records(raw: Iterable[bytes], start: int = 0, glimpse: Glimpse | None = None) -> Iterator[Record | Damage]:
    """Yield the records that stand from byte `start` on; `glimpse` looks at bytes far ahead, where there is a file.

    >>> block = b"WARC/1.0\\r\\nWARC-Type: metadata\\r\\nContent-Length: 4\\r\\n\\r\\nrain\\r\\n\\r\\n"
    >>> [(record.place, record.block) for record in records([block, block])]
    [('0', b'rain'), ('60', b'rain')]
    """
    for stretch in stretches(raw, start, lambda shown: BEGINS.match(shown) is not None, glimpse):
        yield from _Framing(stretch).records()


class _Framing:
    """The records of one stretch. Places are counted from where it begins; what was read is forgotten."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._pieces = iter(stretch)
        self._held = bytearray()
        self._base = 0

    def records(self) -> Iterator[Record | Damage]:
        at = 0
        while (at := self._past_newlines(at)) < self._fill(at + 1):
            self._forget(at)
            head = self._head(at)
            if head is None:
                yield self._damage(at, "no record begins here")
                at = self._next(at + 1)
            else:
                item, at = self._record(head)
                yield item
        if at == 0 and self._stretch.broken:
            yield self._damage(0, "nothing of it can be read")

    def _record(self, head: _Head) -> tuple[Record | Damage, int]:
        """Return the record of a head, or what is wrong with it, and where to go on."""
        is_long = head.end - head.block > MAX_RECORD
        if is_long and not self._may_end(head.end):
            return self._damage(head.start, "its length is wrong"), self._next(head.block)
        if is_long:
            self._fill(head.block + MAX_HEAD)
        begun = self._bytes(head.block, head.block + MAX_HEAD) if is_long else b""
        have = self._pass_over(head.end) if is_long else self._fill(head.end)
        if have < head.end:
            reason = f"truncated: {have - head.block:,} of its {head.end - head.block:,} bytes are there"
            return self._damage(head.start, reason), self._next(head.block)
        after = self._past_newlines(head.end)
        follows = self._fill(after + LOOK) > after
        if follows and not self._begins(after) and not self._ends(head, after):
            return self._damage(head.start, "its length is wrong"), self._next(head.block)
        if after >= self._fill(after + 1) and self._stretch.broken:
            return self._damage(head.start, ""), after
        block = begun or self._bytes(head.block, head.end)
        return Record(self._stretch.place(head.start), head.type, head.fields, block, is_long), after

    def _ends(self, head: _Head, after: int) -> bool:
        """Say whether a record ends where it should, though what comes after the newlines is no other."""
        block = (
            None if head.block < self._base else NEXT.search(self._held, head.block - self._base, after - self._base)
        )
        return block is None and self._bytes(head.end, after).startswith(head.newlines)

    def _begins(self, at: int) -> bool:
        return BEGINS.match(self._bytes(at, at + LOOK)) is not None

    def _damage(self, at: int, reason: str) -> Damage:
        reasons = filter(None, (self._stretch.broken, reason))
        return Damage(self._stretch.place(at), ": ".join(reasons))

    def _may_end(self, end: int) -> bool:
        """Say whether a long record may end where it says: looked up where the file allows it, else believed."""
        if self._stretch.glimpse is None:
            return True
        place = self._stretch.start + end
        if not self._stretch.glimpse(place - 1, 1):
            return False
        after = self._stretch.glimpse(place, LOOK).lstrip(NEWLINES)
        return not after or BEGINS.match(after) is not None

    def _next(self, at: int) -> int:
        """Return where the next record begins from `at` on, or where the stretch ends."""
        at = max(at, self._base)
        while True:
            end = self._fill(at + 8 * NEXT_WIDTH)
            found = NEXT.search(self._held, at - self._base, end - self._base)
            if found:
                return self._base + found.start()
            if self._fill(end + 1) == end:
                return end
            at = end - NEXT_WIDTH
            self._forget(at - 1)

    def _past_newlines(self, at: int) -> int:
        while self._fill(at + 1) > at and self._held[at - self._base] in NEWLINES:
            at += 1
        return at

    def _pass_over(self, end: int) -> int:
        """Let go of the bytes before `end`; return how far they go."""
        have = self._base + len(self._held)
        while have < end and self._fill(have + 1) > have:
            have = self._base + len(self._held)
            self._forget(min(have, end))
        return min(have, end)

    def _fill(self, end: int) -> int:
        """Have the bytes before `end`, if the stretch goes so far; return how far they go, `end` or less."""
        while self._base + len(self._held) < end:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        return min(end, self._base + len(self._held))

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(memoryview(self._held)[start - self._base : end - self._base])

    def _forget(self, before: int) -> None:
        del self._held[: max(0, before - self._base)]
        self._base = max(self._base, before)

    def _head(self, at: int) -> _Head | None:
        """Return the head that stands at `at`, or None if none does."""
        self._fill(at + MAX_HEAD)
        head = self._bytes(at, at + MAX_HEAD)
        return _warc_head(head, at) if head.startswith(b"WARC/") else _arc_head(head, at)


def _warc_head(head: bytes, at: int) -> _Head | None:
    end = HEAD_END.search(head)
    if end is None or NEXT.search(head, 1, end.start()):
        return None
    fields: dict[str, str] = {}
    for line in head[: end.start()].decode("utf-8", "replace").splitlines()[1:]:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) <= 18):
        return None
    block = at + end.end()
    return _Head(at, block, block + int(length), fields.get("warc-type", "").lower(), fields, WARC_ENDS)


def _arc_head(head: bytes, at: int) -> _Head | None:
    """Read a line such as `https://a.example/ 192.0.2.1 20080430204825 text/html 1234`; an address may hold blanks.

    Version 2 has five more columns before the length, of which none holds a blank.
    """
    end = head.find(b"\n") + 1
    if not end or not BEGINS.match(head):
        return None
    columns = head[:end].decode("utf-8", "replace").split()
    date = next((at for at in range(len(columns) - 2, 1, -1) if re.fullmatch(r"\d{8,14}", columns[at])), None)
    if date is None or not columns[-1].isascii() or not columns[-1].isdigit():
        return None
    address = " ".join(columns[: date - 1])
    fields = {
        "warc-target-uri": address,
        "warc-date": columns[date],
        "content-type": columns[date + 1] if date + 2 < len(columns) else "",
    }
    type_ = "warcinfo" if address.startswith("filedesc:") else "response"
    return _Head(at, at + end, at + end + int(columns[-1]), type_, fields, ARC_ENDS)
