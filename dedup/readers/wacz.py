"""What articles stand in a WACZ, the zip in which browsers pack their archives?

Only the members `archive/*.warc` and `archive/*.warc.gz` are read. They stream: nothing is written to disk, so that no
member's name can lead anywhere.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from dedup.article import Article, Skipped
from dedup.extraction import Page
from dedup.readers.unpack import PIECE, UnreadableError
from dedup.readers.warc import read_warc

ARCHIVED: Final = re.compile(r"archive/[^/]+\.warc(?:\.gz)?", re.IGNORECASE)
MAX_DIRECTORY: Final = 64 * 1024 * 1024  # the list of members is held in memory; this is half a million of them
MOST_RATIO: Final = 100  # a gzip file packed once more does not shrink; one that does is made of nothing
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def read_wacz(file: BinaryIO, path: str) -> Iterator[Article | Skipped | Page]:
    """Yield the pages of the archives in a WACZ, or the reason why a member, or all of it, cannot be read."""
    try:
        if _directory_size(file) > MAX_DIRECTORY:
            yield Skipped(path, None, f"its list of members is longer than {MAX_DIRECTORY:,} bytes")
            return
        members = zipfile.ZipFile(file)
    except BROKEN as error:
        yield Skipped(path, None, f"not a whole zip file ({error})")
        return
    with members:
        named = [member for member in members.infolist() if _may_be_meant(member.filename)]
        if not named:
            yield Skipped(path, None, "no web archive in it: a WACZ holds archive/*.warc.gz")
        if sum(member.compress_size for member in members.infolist()) > file.seek(0, 2):
            yield Skipped(path, None, "its members overlap: it unpacks to more than it holds")
            return
        for member in named:
            shown = f"{path}/{member.filename}"
            reason = _refused(member)
            if reason:
                yield Skipped(shown, None, reason)
            else:
                yield from read_warc(_pieces(members, member), shown)


def _may_be_meant(name: str) -> bool:
    return re.search(r"\.warc(?:\.gz)?$", name, re.IGNORECASE) is not None


def _refused(member: zipfile.ZipInfo) -> str | None:
    """Return why a member is not read, or None if it is."""
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts or ":" in name[:3]:
        return "its name leads out of the archive"
    if not ARCHIVED.fullmatch(name):
        return "not read: a WACZ keeps its web archives in archive/"
    if member.flag_bits & 1:
        return "it is encrypted"
    if name.lower().endswith(".gz") and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        return "packed twice, and made of nothing: a bomb"
    return None


def _pieces(members: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with members.open(member) as opened:
            while piece := opened.read(PIECE):
                yield piece
    except BROKEN as error:
        raise UnreadableError(f"corrupt zip ({error})") from error


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes the list of members takes, as the end of the file says; 0 if it says nothing."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 16 > len(tail):
        return 0
    (said,) = struct.unpack_from("<L", tail, at + 12)
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if said == 0xFFFFFFFF and large >= 0 and large + 48 <= len(tail):
        (said,) = struct.unpack_from("<Q", tail, large + 40)
    return int(said)
