"""Where do articles come from? One file for each format.

read      the articles of any mix of files, folders, globs and standard input, and what could not be read
Reader    what it returns: an iterator, which a scan may also ask for whole files of JSON Lines
expand    the files that such paths name
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from types import MappingProxyType
from typing import BinaryIO, Final, NoReturn

from dedup.article import Article, Skipped
from dedup.errors import UsageError
from dedup.extraction import Extraction, Page
from dedup.extraction.checkpoints import Checkpoints
from dedup.extraction.extractors import TRAFILATURA
from dedup.readers import files
from dedup.readers.csvfile import read_csv
from dedup.readers.feed import read_feed
from dedup.readers.fields import NO_FIELDS, Fields
from dedup.readers.files import expand
from dedup.readers.formats import FORMATS, format_of
from dedup.readers.htmlfile import read_html
from dedup.readers.jsonl import Lines, read_json
from dedup.readers.meter import Meter
from dedup.readers.table import read_arrow, read_parquet
from dedup.readers.textfile import read_text
from dedup.readers.unpack import UnreadableError, packing, peek, unpacked
from dedup.readers.wacz import read_wacz
from dedup.readers.warc import look_ahead, read_record_at, read_warc

__all__ = ["Reader", "expand", "read"]

Items = Iterator[Article | Skipped | Page]

# How each format is read: by its bytes, unpacked, from the first to the last; or to and fro in the file as it stands.
STREAMED: Final[Mapping[str, Callable[[Iterable[bytes], str, Fields], "Lines | Items"]]] = MappingProxyType(
    {
        "jsonl": Lines,
        "json": read_json,
        "text": read_text,
        "html": lambda stream, path, _: read_html(stream, path),
        "csv": read_csv,
        "feed": lambda stream, path, _: read_feed(stream, path),
    }
)
OPENED: Final[Mapping[str, Callable[[BinaryIO, str, Fields], Items]]] = MappingProxyType(
    {"wacz": lambda file, path, _: read_wacz(file, path), "parquet": read_parquet, "arrow": read_arrow}
)
SNIFFED: Final = 512  # bytes by which a format is known


def read(
    paths: Sequence[str | os.PathLike[str]],
    *,
    fields: Mapping[str, str] = NO_FIELDS,
    input_format: str | None = None,
    extractor: str = TRAFILATURA,
    workers: int | None = None,
    resume: str | os.PathLike[str] | None = None,
) -> "Reader":
    """Return an iterator over every article that `paths` hold, and a Skipped for everything that could not be read.

    Files are read one after the other in the order of `expand`, and nothing is kept, so a corpus may be larger
    than memory. `fields` names the record fields that hold a thing: `{"text": "story.body"}`. All files are taken for
    `input_format` where one is given, else each for what its suffix or its first bytes say. `extractor` says which part
    of a web page is the article; pages are read by `workers` processes, if not said as many as there are cores.
    `resume` names a folder where what was read of pages is kept until all is done: where a run was cut off, the same
    call takes it up again.

    All of this is checked at once: raises UsageError for a path that leads nowhere, for a field, a format or an
    extractor we do not know and for a folder that holds another run, StorageError for one that cannot be written. Where
    a format needs a package that is not installed, the first file of it raises UsageError.

    >>> [article.title for article in read(["corpus/", "more/*.jsonl.gz"])]  # doctest: +SKIP
    ['Rain over the ferry']
    """
    if input_format is not None and input_format not in FORMATS:
        raise UsageError(f"there is no input format {input_format!r}; choose from {', '.join(FORMATS)}")
    table, found = Fields.of(fields), expand(paths)
    options = {"fields": dict(fields), "input_format": input_format, "extractor": extractor}
    checkpoints = Checkpoints(os.fspath(resume), options, found) if resume is not None else None
    return Reader(found, table, Extraction(extractor, workers=workers, checkpoints=checkpoints), input_format)


class Reader(Iterator[Article | Skipped]):
    """The articles of some files, one after the other.

    `fields` is the table by which records are read, `extraction` reads the pages among them, `meter` tells how far
    all of this has come.
    """

    def __init__(
        self, paths: Sequence[str], fields: Fields, extraction: Extraction, input_format: str | None = None
    ) -> None:
        """Read these files, in this order, all in this format if one is given."""
        self.fields = fields
        self.extraction = extraction
        self.meter = Meter.of(paths)
        self._format = input_format
        self._paths = iter(paths)
        self._begun: Iterator[Article | Skipped] | None = None

    def __next__(self) -> Article | Skipped:
        """Return what comes next."""
        if self._begun is None:
            self._begun = self._all()
        return next(self._begun)

    def parts(self) -> Iterator["Lines | Items"]:
        """Yield the articles and pages of each file of JSON Lines as Lines, and those of all files between two such."""
        if self._begun is not None:
            yield self._begun
        for are_lines, parts in groupby(self._files(), key=lambda part: isinstance(part, Lines)):
            if are_lines:
                yield from parts
            else:
                yield chain.from_iterable(parts)

    def _all(self) -> Iterator[Article | Skipped]:
        yield from self.extraction.articles(chain.from_iterable(self._files()))
        self.extraction.close()

    def _files(self) -> Iterator["Lines | Items"]:
        for path in self._paths:
            yield self._part(path)

    def _part(self, path: str) -> "Lines | Items":
        file, start, inner = files.place_in(path)
        shown = files.shown(file)
        try:
            head, raw = peek(self.meter.counted(files.raw(file, start)), SNIFFED)
            if packing(head) and not (head := _beginning(head)):
                head, raw = peek(unpacked(raw), SNIFFED)
            name = self._format or format_of(file, head)
            if path != file:
                return read_record_at(raw, shown, (start, inner)) if name == "warc" else _no_place(path)
            if name == "warc":
                return read_warc(raw, shown, None if path == files.STDIN else look_ahead(path))
            if name in OPENED:
                return _opened(path, raw, name, self.fields)
        except UnreadableError as broken:
            return iter([Skipped(shown, None, str(broken))])
        return STREAMED[name](unpacked(raw), shown, self.fields)


def _beginning(raw_head: bytes) -> bytes:
    """Return the first bytes that are packed in the first raw bytes of a file, if so many tell."""
    try:
        return next(unpacked([raw_head]), b"")
    except UnreadableError:
        return b""


def _opened(path: str, raw: Iterator[bytes], name: str, fields: Fields) -> Items:
    shown = files.shown(path)
    try:
        with files.seekable(path, raw) as file:
            yield from OPENED[name](file, shown, fields)
    except UnreadableError as broken:
        yield Skipped(shown, None, str(broken))


def _no_place(path: str) -> NoReturn:
    raise UsageError(f"{path}: only the records of WARC and ARC files are named by their byte")
