"""In which format is a file written?

FORMATS     the names of the formats, and the suffixes of their files
suffix      the suffix of a file that tells its format
format_of   the format of a file, by its suffix, else by its first bytes
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from dedup.readers import gdelt

FORMATS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "jsonl": frozenset({".jsonl", ".ndjson", ".jl"}),
        "json": frozenset({".json"}),
        "text": frozenset({".txt", ".md", ".markdown"}),
        "html": frozenset({".html", ".htm", ".xhtml"}),
        "csv": frozenset({".csv", ".tsv"}),
        "feed": frozenset({".rss", ".atom", ".xml"}),
        "warc": frozenset({".warc", ".arc", ".wet"}),
        "wacz": frozenset({".wacz"}),
        "parquet": frozenset({".parquet"}),
        "arrow": frozenset({".arrow", ".arrows", ".feather"}),
    }
)
PACKED_SUFFIXES: Final = frozenset({".gz", ".zst", ".bz2", ".xz", ".lz4"})
# In folders such files mostly hold other things: settings, sitemaps, the truth of a test. Named outright they are read.
AMBIGUOUS_SUFFIXES: Final = frozenset({".json", ".xml"})
FOLDER_SUFFIXES: Final = frozenset().union(*FORMATS.values()) - AMBIGUOUS_SUFFIXES

# Asked in this order of what no suffix tells, after white space and a byte order mark.
_BEGINNINGS: Final = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (rb"WARC/\d|filedesc:", "warc"),
        (rb"\x04\x22\x4d\x18", "warc"),  # lz4, in which nothing else is packed that we read
        (rb"PK\x03\x04", "wacz"),
        (rb"PAR1", "parquet"),
        (rb"ARROW1|\xff\xff\xff\xff", "arrow"),
        (rb"\{\s*\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed", "json"),
        (rb"\{", "jsonl"),
        (rb"(?:<\?[^>]*>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE\s[^>\[]{0,200}>\s*){0,9}<(?:rss|feed|rdf:RDF)[\s>]", "feed"),
        (rb"<", "html"),
        (b"|".join(table.beginning.pattern.encode() for table in gdelt.TABLES), "csv"),
    )
)


def suffix(path: str) -> str:
    """Return the lower-case suffix that tells the format: `.jsonl` for `a.JSONL.gz`.

    >>> suffix("crawl/2020.jsonl.zst")
    '.jsonl'
    """
    name = PurePath(path)
    inner = name.with_suffix("") if name.suffix.lower() in PACKED_SUFFIXES else name
    return inner.suffix.lower()


def format_of(path: str, head: bytes) -> str:
    """Return the name of a file's format: that of its suffix if we know it, else what its first bytes show.

    >>> format_of("crawl.bin", b"WARC/1.0\\r\\n"), format_of("a.md", b"{"), format_of("-", b"Rain fell.")
    ('warc', 'text', 'text')
    """
    ending = suffix(path)
    for name, suffixes in FORMATS.items():
        if ending in suffixes:
            return name
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((name for pattern, name in _BEGINNINGS if pattern.match(beginning)), "text")
