"""Every reader against any damage, for as long as one likes: `make fuzz`, or `python tests/fuzz.py --minutes 5`.

The readers take turns: each gets as much time as the others, those of web pages, on which most bytes are hostile, PAGES
times as much. An example fails that raises what its reader does
not name, that loses a neighbour of what is damaged, or that takes more than SECONDS of processor time. What failed is
shown, its law is tried no more, and at the end it is told how many examples each reader met.

The laws are those of the test suite, which tries each some hundred times.
"""

import argparse
import bz2
import faulthandler
import gzip
import io
import lzma
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import zstandard
from archives import FILES, PARTS, items, stories, story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.article import Article, Skipped
from dedup.extraction import Page
from dedup.extraction.extractors import EXTRACTORS
from dedup.extraction.page import read_page
from dedup.place import Place

TURN = 100
PAGES = 10
SECONDS = 20.0
# Longer than any example may take however busy the machine is: native code that never comes back is killed.
LONGEST_TURN = 3600


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw bytes with some flipped, cut out, or others put between."""
    for _ in range(draw(st.integers(1, 3))):
        at, end = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        match draw(st.sampled_from(["flip", "cut", "splice", "end", "repeat"])):
            case "flip" if at < len(data):
                data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
            case "cut":
                data = data[:at] + data[min(end, at + 40) :]
            case "splice":
                data = data[:at] + draw(st.binary(max_size=20)) + data[at:]
            case "end":
                data = data[:at]
            case "repeat":
                data = data[:end] + data[at:]
    return data


def any_bytes(name: str) -> st.SearchStrategy[bytes]:
    """Draw bytes that begin as a file of this name does."""
    heads = st.integers(0, 40).map(lambda length: FILES[name][:length])
    return st.builds(bytes.__add__, heads, st.binary(max_size=400))


def is_read_to_its_end(path: Path, data: bytes) -> None:
    """Any bytes are articles, pages and reasons, and have an end."""
    path.write_bytes(data)
    for item in items(path):
        assert isinstance(item, (Article, Page, Skipped))


FULL = {name: [gzip.decompress(p) if name.endswith(".gz") else p for p in parts] for name, parts in PARTS.items()}


def part_with_story(name: str, number: int) -> int:
    """Return which part of the file of this name tells a story."""
    return next(at for at, part in enumerate(FULL[name]) if story(number).encode() in part)


def costs_no_neighbour(path: Path, broken: bytes) -> None:
    """Whatever stands in place of the third story of a file, the others are read."""
    name = path.name
    parts = list(PARTS[name])
    if name in ("a.jsonl", "a.csv", "a.arc"):  # where a newline ends a record, the damage must not take it away
        broken = broken.rstrip(b"\n") + b"\n"
    parts[part_with_story(name, 2)] = broken
    path.write_bytes(b"".join(parts))
    told = stories(items(path))
    if b"<!--" not in broken and b"<![CDATA[" not in broken:
        assert {0, 1, 3} <= set(told)


# Web pages

PAGE = (
    b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The ferry</title><base href="/x/">'
    b'<meta property="og:title" content="The ferry &amp; the tide"><link rel="canonical" href="https://a.example/f">'
    b'<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2020-02-11T06:30Z", '
    b'"author": [{"@id": "#b"}]}, {"@id": "#b", "name": "B"}]}</script><style>p { color: red }</style></head><body>'
    b"<nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav><article class=story><h1>The ferry</h1>"
    b'<time datetime="2020-02-11">11 February 2020</time>'
    + b"".join(b"<p>%s Nobody on the quay was told why, and <b>no other</b> was sent.</p>" % story(n).encode()
               for n in range(6))
    + b'<table><tr><td>1<td>2</table><blockquote>"It sank."</blockquote><svg><text>x</text></svg>'
    b'<p class="credit">Source: <a href="https://b.example/">B</a></p></article><footer>&copy; 2020 A</footer></body>'
)  # fmt: skip
TAGS = st.sampled_from(
    (
        *("<p>", "</p>", "<div>", "</div>", "<a href=//x.example>", "</a>", "<script>", "<style>", "<!--", "-->"),
        *("<table>", "<tr>", "<td>", "<ul>", "<li>", "<template>", "<svg>", "<math>", "<title>", "</title>", "<body>"),
        *("</body>", "<noscript>", "<select>", "<html lang=x>", "<meta name=date content=1>", "<![CDATA[", "&#0;"),
        *("&amp", "<br>", "<p hidden>", "<plaintext>", "<frameset>", "<form>", "<option>", "<h1>", "<article>"),
        '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":[[]]}]}</script>',
    )
)


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """Draw a web page with tags where they do not belong, and damage."""
    data = PAGE
    for tag in draw(st.lists(TAGS | st.text(max_size=20), max_size=6)):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + tag.encode() + data[at:]
    return draw(damaged(data)) if draw(st.booleans()) else data


MARKUP = st.lists(TAGS | st.text(max_size=40), max_size=40).map(lambda pieces: " ".join(pieces).encode())


def page_is_read(extractor: str) -> Callable[[Path, bytes], None]:
    """Return the law that a page has a reason, or an article that is its blocks, with parts that stand in order."""

    def holds(path: Path, data: bytes) -> None:
        article = read_page(Page(data, Place(str(path)), {"url": "https://a.example/f"}), extractor)
        if isinstance(article, Skipped):
            assert article.reason
            assert not article.reason.startswith("the page cannot be parsed")
            return
        ends = [0, *(end for span in article.main or () for end in (span.start, span.end)), len(article.text)]
        assert ends == sorted(ends)
        blocks = [element.span.of(article.text) for element in article.elements]
        assert all(blocks)
        assert article.text == "\n\n".join(blocks)

    return holds


# All of it together

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
}


def wacz_bytes() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number, name in enumerate(("a.warc", "a.warc.gz")):
            file.writestr(f"archive/{number}-{name}", FILES[name])
    return out.getvalue()


@dataclass
class Law:
    """What must hold of the file of a name, whatever is drawn, and how long and how often it held."""

    reader: str
    draw: st.SearchStrategy[bytes]
    holds: Callable[[Path, bytes], None]
    share: int = 1
    seconds: float = 0.0
    examples: int = 0
    failed: bool = False


def laws() -> list[Law]:
    """Return what must hold of each reader."""
    found = [Law(name, damaged(data), is_read_to_its_end) for name, data in FILES.items()]
    found += [Law(name, any_bytes(name), is_read_to_its_end) for name in FILES]
    found += [Law(name, damaged(parts[part_with_story(name, 2)]), costs_no_neighbour) for name, parts in PARTS.items()]
    for ending, pack in PACKERS.items():
        found.append(Law(f"a.jsonl{ending}", damaged(pack(FILES["a.jsonl"])), is_read_to_its_end))
    found.append(Law("a.wacz", damaged(wacz_bytes()), is_read_to_its_end))
    found.append(Law("a.txt", st.binary(max_size=400), is_read_to_its_end))
    for extractor in EXTRACTORS:
        drawn = st.one_of(pages(), MARKUP, damaged(PAGE), st.binary(max_size=400))
        found.append(Law(f"a.html ({extractor})", drawn, page_is_read(extractor), share=PAGES))
    return found


def turn(law: Law, folder: Path) -> None:
    """Try a law on some more examples. Raises what the first that fails raises."""

    @settings(max_examples=TURN, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(law.draw)
    def one(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            law.holds(folder / law.reader.partition(" ")[0], data)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        law.examples += 1

    begun = time.process_time()
    faulthandler.dump_traceback_later(LONGEST_TURN, exit=True)
    try:
        one()
    finally:
        faulthandler.cancel_dump_traceback_later()
        law.seconds += time.process_time() - begun


def too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {SECONDS:g} seconds")


def main() -> None:
    """Try all laws until the time is over, tell what happened, and fail if one was broken."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--only", default="", help="only the readers whose names begin so, such as a.html")
    chosen = options.parse_args()
    until = time.monotonic() + 60 * chosen.minutes
    signal.signal(signal.SIGVTALRM, too_long)
    tried = [law for law in laws() if law.reader.startswith(chosen.only)]
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < until and (left := [law for law in tried if not law.failed]):
            law = min(left, key=lambda law: law.seconds / law.share)
            try:
                turn(law, Path(folder))
            except Exception:
                law.failed = True
                print(f"{law.reader} broke a law:", file=sys.stderr)
                traceback.print_exc()
    for reader in dict.fromkeys(law.reader for law in tried):
        own = [law for law in tried if law.reader == reader]
        broken = "  BROKEN" if any(law.failed for law in own) else ""
        print(f"{reader:24}{sum(law.examples for law in own):10,} examples{broken}")
    sys.exit(any(law.failed for law in tried))


if __name__ == "__main__":
    main()
