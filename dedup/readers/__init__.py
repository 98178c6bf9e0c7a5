"""Where do articles come from? One file for each format.

read      the articles of any mix of files, folders, globs and standard input, and what could not be read
expand    the files that such paths name
"""

import os
from collections.abc import Iterator, Mapping, Sequence

from dedup.article import Article, Skipped
from dedup.readers import files
from dedup.readers.fields import NO_FIELDS, Fields
from dedup.readers.files import expand
from dedup.readers.jsonl import read_json, read_lines
from dedup.readers.page import read_html
from dedup.readers.textfile import read_text

__all__ = ["expand", "read"]


def read(
    paths: Sequence[str | os.PathLike[str]], *, fields: Mapping[str, str] = NO_FIELDS
) -> Iterator[Article | Skipped]:
    """Yield every article that `paths` hold, and a Skipped for everything that could not be read.

    Files are read one after the other in the order of `expand`, and nothing is kept, so a corpus may be larger
    than memory. `fields` names the record fields that hold a thing: `{"text": "story.body"}`. Paths and fields are
    checked at once: raises UsageError for a path that leads nowhere and for a field we do not know.

    >>> [article.title for article in read(["corpus/", "more/*.jsonl.gz"])]  # doctest: +SKIP
    ['Rain over the ferry']
    """
    table = Fields.of(fields)
    return _read(expand(paths), table)


def _read(paths: list[str], fields: Fields) -> Iterator[Article | Skipped]:
    for path in paths:
        yield from _read_file(path, files.shown(path), fields)


def _read_file(path: str, shown: str, fields: Fields) -> Iterator[Article | Skipped]:
    try:
        head, stream = files.peek(files.chunks(path))
    except files.UnreadableError as broken:
        yield Skipped(shown, None, str(broken))
        return
    kind = _kind(path, head)
    if kind in files.PAGE_SUFFIXES:
        yield from read_html(stream, shown)
    elif kind in files.TEXT_SUFFIXES:
        yield from read_text(stream, shown, fields)
    elif kind == ".json":
        yield from read_json(stream, shown, fields)
    else:
        yield from read_lines(stream, shown, fields)


def _kind(path: str, head: bytes) -> str:
    """Return the suffix of the format: the file's own if we know it, else that which the first character shows."""
    known = files.suffix(path)
    if known in files.FOLDER_SUFFIXES or known == ".json":
        return known
    first = head.removeprefix(files.UTF8_MARK).lstrip()[:1]
    return {b"{": ".jsonl", b"<": ".html"}.get(first, ".txt")
