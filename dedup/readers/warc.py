"""What articles stand in a web archive: WARC, ARC or WET?

Pages are read of the records that hold an answer of status 2xx or a resource, in HTML; texts of the conversions that
make up a WET. All other records (requests, redirects, errors, pictures, revisits) hold no article and are no error.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, Literal

from dedup.article import Article, Skipped
from dedup.errors import needing
from dedup.extraction import Page
from dedup.extraction.given import MAX_PAGE
from dedup.place import Place, refusal
from dedup.readers.records import Damage, Record, records
from dedup.readers.stretches import Glimpse

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

HTML: Final = ("text/html", "application/xhtml+xml")
CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
ARC_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")


def read_warc(raw: Iterable[bytes], path: str, glimpse: Glimpse | None = None) -> Iterator[Article | Skipped | Page]:
    """Yield the pages and texts of an archive of which `raw` holds the bytes, still packed.

    A record that is damaged, or a page that is too long, gives the reason and its byte in the file. Raises UsageError
    where FastWARC is not installed.
    """
    _need_fastwarc()
    for record in records(raw, 0, glimpse):
        place = Place(path, at=record.place)
        item = place.skip(record.reason) if isinstance(record, Damage) else _item(record, place)
        if item is not None:
            yield item


def read_record_at(raw: Iterable[bytes], path: str, at: tuple[int, int]) -> Iterator[Article | Skipped | Page]:
    """Yield what one record gives, or why it gives nothing: that at byte `at[0]` of the file, where `raw` begins, or
    `at[1]` bytes into what is unpacked from there.
    """
    _need_fastwarc()
    start, inner = at
    named = f"{start}+{inner}" if inner else str(start)
    place = Place(path, at=named)
    for record in records(raw, start):
        if record.place == named:
            nothing = f"no article: of type {record.type!r}" if isinstance(record, Record) else record.reason
            item = _item(record, place) if isinstance(record, Record) else None
            yield item or place.skip(nothing)
            return
        if not inner:
            break
    yield place.skip("no record begins here")


def _need_fastwarc() -> None:
    with needing("WARC files", "FastWARC", "'dedup[warc]'"):
        import fastwarc  # noqa: F401


def look_ahead(path: str) -> Glimpse:
    """Return what looks at a few bytes far ahead in the file `path`."""

    def glimpse(place: int, size: int) -> bytes:
        with open(path, "rb") as file:  # noqa: PTH123
            if place >= file.seek(0, 2):  # farther than any file goes, a place could not even be sought
                return b""
            file.seek(place)
            return file.read(size)

    return glimpse


def _item(record: Record, place: Place) -> Article | Skipped | Page | None:
    """Return what a record holds, or None where it is nothing of which articles are made."""
    kind = record.fields.get("content-type", "").lower()
    if record.type == "conversion" and kind.startswith("text/plain"):
        return _text(record, place)
    if record.type == "resource" and kind.startswith(HTML):
        return _page(record.block, place, record, CHARSET.search(kind))
    if record.type == "response":
        return _answer(record, place)
    return None


def _known(record: Record) -> dict[str, str]:
    known = {}
    # Some versions of wget put the address into brackets, as the standard once asked for.
    if url := record.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">"):
        known["url"] = url
    if date := record.fields.get("warc-date"):
        arc = ARC_DATE.match(date)
        known["fetched"] = "{}-{}-{}T{}:{}:{}Z".format(*arc.groups()) if arc else date
    return known


def _text(record: Record, place: Place) -> Article | Skipped:
    if record.is_long:
        return place.skip("the text is too long for one article")
    try:
        text = record.block.decode()
    except UnicodeDecodeError as error:
        return place.skip(f"not UTF-8 at byte {error.start + 1} of the record")
    reason = refusal(text)
    return place.skip(reason) if reason else place.article(text, _known(record))


def _answer(record: Record, place: Place) -> Skipped | Page | None:
    """Return the page of an HTTP answer, or None where it gives none."""
    try:
        answer = _http(record.block, "none")
        status, kind = answer.http_headers.status_code, answer.http_headers.get("Content-Type") or ""
    except (OSError, ValueError) as error:
        return place.skip(f"its HTTP head cannot be read ({str(error)[:60]!r})")
    if status is None or not 200 <= status < 300 or not kind.lower().lstrip().startswith(HTML):
        return None
    if record.is_long:
        return _page(record.block, place, record, None)
    try:
        html = _http(record.block, "all").reader.read(MAX_PAGE + 1)
    except (OSError, ValueError) as error:
        # Some archivers keep the head of an encoded answer over the decoded body: markup shows that it is none.
        html = answer.reader.read(MAX_PAGE + 1)
        if not html.lstrip().startswith(b"<"):
            return place.skip(f"its HTTP body cannot be decoded ({str(error)[:60]!r})")
    return _page(html, place, record, CHARSET.search(kind))


def _http(block: bytes, decode: Literal["none", "all"]) -> "WarcRecord":
    """Return an HTTP answer taken apart, its body decoded while it is read. Raises OSError where it cannot be."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    answer = WarcRecord()
    answer.init_headers(WarcRecordType.response, content_length=len(block))
    answer.set_bytes_content(block)
    answer.is_http = True
    # Old servers end the lines of their heads with a newline alone.
    answer.parse_http(decode, quirks_mode=b"\r" not in block[: block.find(b"\n") + 1])
    return answer


def _page(html: bytes, place: Place, record: Record, charset: "re.Match[str] | None") -> Skipped | Page:
    if record.is_long or len(html) > MAX_PAGE:
        return place.skip(f"the page is too long (more than {MAX_PAGE:,} bytes)")
    return Page(html, place, _known(record), charset[1] if charset else None)
