"""Which columns has a table of GDELT, whose files name none?

known    the table of which a line is, by its fields
extras   what the knowledge graph adds of a page, as a record

GDELT tells of pages and holds none of their text: whoever fetched them puts it into one more column, the last.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final

EXTRAS: Final = "V2EXTRASXML"
TEXT: Final = "text"
_EXTRA: Final = re.compile(r"<(PAGE_TITLE|PAGE_AUTHORS|PAGE_PRECISEPUBTIMESTAMP)>([^<]+)</\1>")
_FIELDS: Final = {"PAGE_TITLE": "title", "PAGE_AUTHORS": "author", "PAGE_PRECISEPUBTIMESTAMP": "published"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of version 2: how many columns it has, how its lines begin, and which columns say something to us."""

    width: int
    beginning: re.Pattern[str]
    meant: Mapping[int, str]

    def names(self, width: int) -> list[str]:
        """Return the names of so many columns, as GDELT's own codebooks have them where that says something to us."""
        named = {**self.meant, self.width: TEXT}
        return [named.get(number, f"column {number + 1}") for number in range(width)]


TABLES: Final = (
    Table(
        27,
        re.compile(r"\d{14}-T?\d+\t\d{14}\t\d\t"),  # the knowledge graph
        {1: "DATE", 3: "SourceCommonName", 4: "DocumentIdentifier", 26: EXTRAS},
    ),
    Table(
        16,
        re.compile(r"\d+\t\d{14}\t\d{14}\t\d\t"),  # mentions
        {2: "DATE", 4: "SourceCommonName", 5: "DocumentIdentifier"},
    ),
    Table(61, re.compile(r"\d+\t\d{8}\t\d{6}\t\d{4}\t\d{4}\.\d+\t"), {59: "DATE", 60: "DocumentIdentifier"}),  # events
)


def known(line: str) -> Table | None:
    """Return the table of which `line` is, with or without one more column, or None.

    >>> known("20200211143000-7\\t20200211143000\\t1" + 24 * "\\t").names(28)[-1]
    'text'
    """
    width = line.count("\t") + 1
    for table in TABLES:
        if width in (table.width, table.width + 1) and table.beginning.match(line):
            return table
    return None


def extras(record: Mapping[str, str]) -> dict[str, str]:
    """Return the title, the authors and the time that the knowledge graph read on a page.

    >>> extras({EXTRAS: "<PAGE_TITLE>Rain &amp; sun</PAGE_TITLE>"})
    {'title': 'Rain & sun'}
    """
    return {_FIELDS[name]: unescape(value) for name, value in _EXTRA.findall(record.get(EXTRAS, ""))}
