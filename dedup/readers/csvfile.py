"""What articles stand in a CSV file?

The first row names the columns, but for the tables of GDELT. Fields may hold newlines. A quotation mark that is never
closed would swallow the rows after it: where a row of several lines is not right, only its first line is given up, and
the next is read anew.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from dedup.article import Article, Skipped
from dedup.extraction import Page
from dedup.place import MAX_TEXT, Place
from dedup.readers import gdelt
from dedup.readers.fields import Fields
from dedup.readers.files import UTF8_MARK, UTF16, UTF16_MARKS, lines
from dedup.readers.jsonl import read_record
from dedup.readers.unpack import UnreadableError, peek

DELIMITERS: Final = ",;\t|"
MAX_FIELD: Final = 2 * MAX_TEXT
MAX_ROW: Final = 8 * MAX_TEXT  # bytes of a row that are kept to be read anew
REREAD: Final = 64 * 1024 * 1024  # bytes of a file that are read anew in all; the time this takes is bounded by it


def read_csv(stream: Iterable[bytes], path: str, fields: Fields) -> Iterator[Article | Skipped | Page]:
    """Yield the article of each row, or the reason why it gives none; lines are counted as they stand in the file."""
    head, stream = peek(stream)
    if head.startswith(UTF16_MARKS):
        yield Skipped(path, None, UTF16)
        return
    # The limit is the process's, not the reader's; whoever set a higher one keeps it.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD))
    source = _Lines(stream)
    try:
        yield from _Table(source, path, fields).rows()
    except UnreadableError as broken:
        yield Skipped(path, None, f"{broken} after line {source.number}")


class _Lines:
    """The lines of a file, counted; those of the row under way are kept, and may be read anew."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._lines = lines(stream, MAX_ROW)
        self._again: deque[str] = deque()
        self._budget = REREAD
        self.row: list[str] = []
        self.first = 1  # the number of the first line of the row under way
        self.number = 0

    def first_line(self) -> str:
        """Return the first line, which is read all the same; nothing, where there is none."""
        self._again.extend(line for line in [next(self, "")] if line)
        self.number = 0
        return "".join(self._again)

    def begin(self) -> None:
        """Begin a row."""
        self.row = []
        self.first = self.number + 1

    def read_anew(self) -> bool:
        """Have all lines of the row but its first read anew, if there are any and not too many."""
        again = self.row[1:]
        size = sum(map(len, again))
        if not again or size > self._budget:
            return False
        self._budget -= size
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        return True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._fresh()
        self.number += 1
        self.row.append(line)
        return line

    def _fresh(self) -> str:
        line = next(self._lines)
        if isinstance(line, int):  # it is counted, and is no row
            return "\0" * 3 + "\n"
        if not self.number:
            line = line.removeprefix(UTF8_MARK)
        return line.decode("utf-8", "surrogateescape") + "\n"


class _Table:
    """The rows of a file as records."""

    def __init__(self, source: _Lines, path: str, fields: Fields) -> None:
        self._source = source
        self._path = path
        self._fields = fields

    def rows(self) -> Iterator[Article | Skipped | Page]:
        first = self._source.first_line()
        if not first.strip():
            yield Skipped(self._path, None, "no first row that names the columns")
            return
        if (table := gdelt.known(first)) is not None:
            yield from self._of_gdelt(table, first)
            return
        delimiter = max(DELIMITERS, key=lambda sign: self._known(first, sign))
        reader = csv.reader(self._source, delimiter=delimiter, strict=True)
        names = self._next(reader)
        if not isinstance(names, list) or not self._fields.text_columns() & set(names):
            seen = ", ".join(repr(name[:40]) for name in names[:20]) if isinstance(names, list) else names
            reason = f"no text column; say --field text=NAME (columns seen: {seen})"
            yield Skipped(self._path, 1, reason.encode("utf-8", "backslashreplace").decode())
            return
        twice = next((name for name in names if name in self._fields.columns() and names.count(name) > 1), None)
        if twice is not None:
            yield Skipped(self._path, 1, f"the column {twice!r} stands twice; rename one")
            return
        while (row := self._row(reader, names)) is not None:
            yield row

    def _of_gdelt(self, table: gdelt.Table, first: str) -> Iterator[Article | Skipped | Page]:
        names = table.names(first.count("\t") + 1)
        if not self._fields.text_columns() & set(names):
            reason = f"GDELT's tables hold no text: fetch the pages, and put it into column {table.width + 1}"
            yield Skipped(self._path, 1, reason)
            return
        reader = csv.reader(self._source, delimiter="\t", quoting=csv.QUOTE_NONE)
        while (row := self._row(reader, names)) is not None:
            yield row

    def _row(self, reader: Iterator[list[str]], names: list[str]) -> Article | Skipped | Page | None:
        """Return what the next row gives, or None where there is none left."""
        row: list[str] | str | None = []
        while row == []:
            self._source.begin()
            row = self._next(reader)
        place = Place(self._path, self._source.first)
        if row is None:
            return None
        if isinstance(row, list) and len(row) != len(names):
            row = f"{len(row)} columns where the first row has {len(names)}"
        if isinstance(row, str):
            again = "; the next line was read as a row of its own" if self._source.read_anew() else ""
            return place.skip(row + again)
        if any(not field.isascii() and any("\ud800" <= sign <= "\udfff" for sign in field) for field in row):
            return place.skip("not UTF-8; convert the file: iconv -f ENCODING -t UTF-8")
        record = dict(zip(names, row, strict=True))
        return read_record(record | gdelt.extras(record), place, self._fields)

    def _next(self, reader: Iterator[list[str]]) -> list[str] | str | None:
        """Return the next row, why it is none, or None at the end."""
        try:
            return next(reader, None)
        except csv.Error as error:
            return f"invalid CSV: {error}"

    def _known(self, first: str, sign: str) -> tuple[int, int]:
        """Return how many columns of a known name a first row has with this delimiter, and how many of any name."""
        try:
            names = next(csv.reader([first], delimiter=sign), [])
        except csv.Error:
            return 0, 0
        return sum(name in self._fields.columns() for name in names), len(names)
