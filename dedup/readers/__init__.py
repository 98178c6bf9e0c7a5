"""Where do articles come from? One file for each format.

read      the articles of any mix of files, folders, globs and standard input, and what could not be read
Reader    what it returns: an iterator, which a scan may also ask for whole files of JSON Lines
expand    the files that such paths name
"""

import os
from collections.abc import Iterator, Mapping, Sequence

from dedup.article import Article, Skipped
from dedup.extraction import Extraction, Page
from dedup.readers import files
from dedup.readers.fields import NO_FIELDS, Fields
from dedup.readers.files import expand
from dedup.readers.htmlfile import read_html
from dedup.readers.jsonl import Lines, read_json
from dedup.readers.textfile import read_text

__all__ = ["Reader", "expand", "read"]


def read(paths: Sequence[str | os.PathLike[str]], *, fields: Mapping[str, str] = NO_FIELDS) -> "Reader":
    """Return an iterator over every article that `paths` hold, and a Skipped for everything that could not be read.

    Files are read one after the other in the order of `expand`, and nothing is kept, so a corpus may be larger
    than memory. `fields` names the record fields that hold a thing: `{"text": "story.body"}`. Paths and fields are
    checked at once: raises UsageError for a path that leads nowhere and for a field we do not know.

    >>> [article.title for article in read(["corpus/", "more/*.jsonl.gz"])]  # doctest: +SKIP
    ['Rain over the ferry']
    """
    table = Fields.of(fields)
    return Reader(expand(paths), table)


Items = Iterator[Article | Skipped | Page]


class Reader(Iterator[Article | Skipped]):
    """The articles of some files, one after the other.

    `fields` is the table by which records are read, `extraction` reads the pages among them.
    """

    def __init__(self, paths: Sequence[str], fields: Fields) -> None:
        """Read these files, in this order."""
        self.fields = fields
        self.extraction = Extraction()
        self._paths = iter(paths)
        self._begun: Iterator[Article | Skipped] = iter(())

    def __next__(self) -> Article | Skipped:
        """Return what comes next."""
        while (item := next(self._begun, None)) is None:
            path = next(self._paths)
            self._begun = self.extraction.articles(self._part(path, files.shown(path)))
        return item

    def parts(self) -> Iterator["Lines | Items"]:
        """Yield the articles left of a file that was begun, and the articles and pages of each file after it: as Lines
        where they stand in JSON Lines.
        """
        yield self._begun
        for path in self._paths:
            yield self._part(path, files.shown(path))

    def _part(self, path: str, shown: str) -> "Lines | Items":
        try:
            head, stream = files.peek(files.chunks(path))
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
