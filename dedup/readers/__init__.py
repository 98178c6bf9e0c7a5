"""Where do articles come from? One file for each format.

read      the articles of any mix of files, folders, globs and standard input, and what could not be read
Reader    what it returns: an iterator, which a scan may also ask for whole files of JSON Lines
expand    the files that such paths name
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby

from dedup.article import Article, Skipped
from dedup.extraction import Extraction, Page
from dedup.extraction.checkpoints import Checkpoints
from dedup.readers import files
from dedup.readers.fields import NO_FIELDS, Fields
from dedup.readers.files import expand
from dedup.readers.htmlfile import read_html
from dedup.readers.jsonl import Lines, read_json
from dedup.readers.meter import Meter
from dedup.readers.textfile import read_text

__all__ = ["Reader", "expand", "read"]


def read(
    paths: Sequence[str | os.PathLike[str]],
    *,
    fields: Mapping[str, str] = NO_FIELDS,
    workers: int | None = None,
    resume: str | os.PathLike[str] | None = None,
) -> "Reader":
    """Return an iterator over every article that `paths` hold, and a Skipped for everything that could not be read.

    Files are read one after the other in the order of `expand`, and nothing is kept, so a corpus may be larger
    than memory. `fields` names the record fields that hold a thing: `{"text": "story.body"}`. Web pages are read by
    `workers` processes, if not said as many as there are cores. `resume` names a folder where what was read of pages is
    kept until all is done: where a run was cut off, the same call takes it up again.

    All of this is checked at once: raises UsageError for a path that leads nowhere, for a field we do not know and for
    a folder that holds another run, StorageError for one that cannot be written.

    >>> [article.title for article in read(["corpus/", "more/*.jsonl.gz"])]  # doctest: +SKIP
    ['Rain over the ferry']
    """
    table, found = Fields.of(fields), expand(paths)
    checkpoints = Checkpoints(os.fspath(resume), {"fields": dict(fields)}, found) if resume is not None else None
    return Reader(found, table, Extraction(workers, checkpoints=checkpoints))


Items = Iterator[Article | Skipped | Page]


class Reader(Iterator[Article | Skipped]):
    """The articles of some files, one after the other.

    `fields` is the table by which records are read, `extraction` reads the pages among them, `meter` tells how far
    all of this has come.
    """

    def __init__(self, paths: Sequence[str], fields: Fields, extraction: Extraction) -> None:
        """Read these files, in this order."""
        self.fields = fields
        self.extraction = extraction
        self.meter = Meter.of(paths)
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
            yield self._part(path, files.shown(path))

    def _part(self, path: str, shown: str) -> "Lines | Items":
        try:
            head, stream = files.peek(files.chunks(path, self.meter.counted))
        except files.UnreadableError as broken:
            return iter([Skipped(shown, None, str(broken))])
        kind = _kind(path, head)
        if kind in files.PAGE_SUFFIXES:
            return read_html(stream, shown)
        if kind in files.TEXT_SUFFIXES:
            return read_text(stream, shown, self.fields)
        if kind == ".json":
            return read_json(stream, shown, self.fields)
        return Lines(stream, shown, self.fields)


def _kind(path: str, head: bytes) -> str:
    """Return the suffix of the format: the file's own if we know it, else that which the first character shows."""
    known = files.suffix(path)
    if known in files.FOLDER_SUFFIXES or known == ".json":
        return known
    first = head.removeprefix(files.UTF8_MARK).lstrip()[:1]
    return {b"{": ".jsonl", b"<": ".html"}.get(first, ".txt")
