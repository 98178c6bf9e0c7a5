"""The readers against damaged, huge and malicious input: it is named, and its neighbours are read."""

import gzip
import json
import os
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from fuzz import MARKUP, PAGE, damaged, page_is_read, pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.article import Article, Skipped
from dedup.extraction import Page, page
from dedup.extraction.charset import decode
from dedup.extraction.extractors import EXTRACTORS
from dedup.place import MAX_TEXT, Place
from dedup.readers import files, read

# Thousands of small files are read here; what processes of their own do with pages is told elsewhere.
pytestmark = pytest.mark.usefixtures("inline")
FUZZ = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEBIBYTE = 1024 * 1024


def line(number: int) -> bytes:
    return json.dumps({"id": str(number), "text": f"Story {number} of the ferry. " * 5}).encode() + b"\n"


def split(path: Path) -> tuple[list[Article], list[Skipped]]:
    results = list(read([path]))
    articles = [result for result in results if isinstance(result, Article)]
    return articles, [result for result in results if isinstance(result, Skipped)]


def test_each_bad_line_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = {
        "truncated": (b'{"text": "half', "invalid JSON"),
        "latin-1": (b'{"text": "caf\xe9"}', "not UTF-8 at byte 14"),
        "utf-16": ('{"text": "Rain"}'.encode("utf-16"), "not UTF-8 at byte 1"),
        "empty": (b'{"text": ""}', "the text is empty"),
        "huge": (b'{"text": "' + b"a" * 50_000_000 + b'"}', "the text has 50,000,000 characters"),
        "nameless": (b'{"story": "Rain"}', "no text field; say --field text=NAME (fields seen: 'story')"),
        "binary": (bytes(range(11, 256)), "not UTF-8"),
        "overlong": (b"{" + b" " * files.MAX_LINE + b"}", "line longer than 67,108,864 bytes (67,108,866)"),
    }
    file = tmp_path / "crawl.jsonl"
    with file.open("wb") as out:
        for number, (data, _) in enumerate(bad.values()):
            out.write(line(number) + data + b"\n")
        out.write(line(len(bad)))
    articles, skipped = split(file)
    assert [article.line for article in articles] == list(range(1, 2 * len(bad) + 2, 2))
    assert [skip.line for skip in skipped] == list(range(2, 2 * len(bad) + 2, 2))
    for skip, (_, reason) in zip(skipped, bad.values(), strict=True):
        assert skip.reason.startswith(reason)


@FUZZ
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_between_good_lines_cost_no_neighbour(tmp_path: Path, first: bytes, second: bytes) -> None:
    file = tmp_path / "a.jsonl"
    data = line(1) + first + b"\n" + line(2) + second + b"\n" + line(3)
    file.write_bytes(data)
    articles, skipped = split(file)
    assert [article.id for article in articles if article.text.startswith("Story")] == ["1", "2", "3"]
    filled = [number for number, text in enumerate(data.split(b"\n"), 1) if text.strip()]
    assert sorted([article.line or 0 for article in articles] + [skip.line or 0 for skip in skipped]) == filled


@FUZZ
@given(st.lists(st.binary(max_size=12)), st.integers(0, 8))
def test_lines_are_those_of_the_joined_pieces(pieces: list[bytes], limit: int) -> None:
    expected = b"".join(pieces).split(b"\n")
    expected = expected if expected[-1] else expected[:-1]
    assert list(files.lines(pieces, limit)) == [text if len(text) <= limit else len(text) for text in expected]


def pack_gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=1)


def pack_zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


PACKERS = pytest.mark.parametrize("pack", [pack_gzip, pack_zstd])


@PACKERS
def test_a_truncated_archive_is_read_up_to_the_break(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = b"".join(map(line, range(20_000)))
    packed = pack(data)
    (tmp_path / "a.jsonl").write_bytes(packed[: len(packed) // 2])
    articles, (skip,) = split(tmp_path / "a.jsonl")
    assert 5_000 < len(articles) < 20_000
    assert [article.id for article in articles] == [str(number) for number in range(len(articles))]
    kind = pack.__name__.removeprefix("pack_")
    assert (skip.line, skip.reason) == (None, f"truncated {kind} after line {len(articles)}")


@PACKERS
def test_a_corrupt_archive_is_read_up_to_the_break(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = b"".join(map(line, range(20_000)))
    packed = bytearray(pack(data))
    packed[-6:] = bytes(byte ^ 0xFF for byte in packed[-6:])
    (tmp_path / "a.jsonl").write_bytes(packed)
    articles, (skip,) = split(tmp_path / "a.jsonl")
    assert len(articles) == (20_000 if pack is pack_gzip else len(articles))
    assert skip.reason.startswith("corrupt")
    assert skip.reason.endswith(f"after line {len(articles)}")


@pytest.mark.parametrize("cut", range(1, 40))
@pytest.mark.parametrize("data", [b"".join(map(line, range(3))), bytes(files.PIECE + 100)], ids=["lines", "zeros"])
def test_gzip_gives_what_zlib_can_give(tmp_path: Path, data: bytes, cut: int) -> None:
    packed = gzip.compress(data)[:-cut]
    (tmp_path / "a.gz").write_bytes(packed)
    pieces: list[bytes] = []
    with pytest.raises(files.UnreadableError, match="truncated gzip"):
        pieces.extend(files.chunks(str(tmp_path / "a.gz")))
    oracle = zlib.decompressobj(wbits=31)
    assert b"".join(pieces) == oracle.decompress(packed) + oracle.flush()


def test_bytes_after_an_archive_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line(1)) + b"trailing garbage")
    articles, (skip,) = split(tmp_path / "a.jsonl.gz")
    assert len(articles) == 1
    assert skip.reason.startswith("corrupt gzip")


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json"])
def test_a_truncated_article_is_no_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"<p>Rain fell on the harbour. " * 1000)[:-20])
    articles, (skip,) = split(tmp_path / name)
    assert (articles, skip.reason) == ([], "truncated gzip: nothing of it was read")


@pytest.fixture
def traced() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_of_one_line_is_counted_in_bounded_memory(
    tmp_path: Path, traced: Callable[[], int], suffix: str
) -> None:
    size = 300 * MEBIBYTE
    file = tmp_path / f"bomb.jsonl{suffix}"
    with gzip.open(file, "wb") if suffix == ".gz" else zstandard.open(file, "wb") as out:
        for _ in range(300):
            out.write(bytes(MEBIBYTE))
        out.write(b"\n" + line(7))
    assert file.stat().st_size < MEBIBYTE
    articles, (skip,) = split(file)
    assert [article.id for article in articles] == ["7"]
    assert (skip.line, skip.reason) == (1, f"line longer than {files.MAX_LINE:,} bytes ({size:,})")
    assert traced() < 2 * files.MAX_LINE


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.html", "the page is too long (more than 20,971,520 bytes)"),
        ("a.txt", "the file is too long for one article (more than 40,000,000 bytes): split it"),
        ("a.json", "more than 268,435,456 bytes; write it as JSON Lines, one record on each line"),
    ],
)
def test_files_of_one_article_are_bounded(tmp_path: Path, name: str, reason: str) -> None:
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as out:
        for _ in range(260):
            out.write(b"a" * MEBIBYTE)
    assert split(tmp_path / name) == ([], [Skipped(str(tmp_path / name), None, reason)])


def test_a_text_may_have_ten_million_characters_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ü" * MAX_TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("ü" * (MAX_TEXT + 1), encoding="utf-8")
    (article,), (skip,) = split(tmp_path)
    assert article.path == str(tmp_path / "a.txt")
    assert skip.reason.startswith("the text has 10,000,001 characters; the limit is 10,000,000")


def test_a_utf16_file_of_lines_is_named_once(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes('{"text": "Rain"}\n{"text": "Sun"}\n'.encode("utf-16"))
    assert split(file) == ([], [Skipped(str(file), None, files.UTF16)])


def test_a_file_that_vanishes_costs_only_itself(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        (tmp_path / name).write_bytes(line(1))
    results = read([tmp_path])
    (tmp_path / "b.jsonl").unlink()
    assert [type(result) for result in results] == [Article, Skipped, Article]


def test_a_name_that_is_not_utf8_is_escaped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"Rain.")
    ((article,), _) = split(tmp_path)
    assert article.id == article.path == f"{tmp_path}/caf\\xe9.txt"


def test_an_interrupt_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(page, "extract", interrupted)
    with pytest.raises(KeyboardInterrupt):
        page.read_page(Page(b"<p>Rain.", Place("a.html"), {}))


@pytest.mark.parametrize("error", [RecursionError("too deep"), ValueError("odd"), MemoryError()])
def test_what_a_parser_raises_is_named(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raising(*_: object) -> str:
        raise error

    monkeypatch.setattr(page, "extract", raising)
    skip = page.read_page(Page(b"<p>Rain.", Place("a.html"), {}))
    assert isinstance(skip, Skipped)
    assert skip.reason.startswith(f"the page cannot be parsed: {type(error).__name__}")


def nested(start: str, count: int) -> str:
    return f"<html><body>{start * count}{'Rain fell on the harbour. ' * 20}"


@pytest.mark.parametrize("start", ["<div>", "<DIV class=x>", "<b>", "<table><tr><td>", "<x-y/>", "<span></p>"])
def test_deep_pages_are_refused_before_they_are_parsed(start: str) -> None:
    skip = page.read_page(Page(nested(start, 100_000), Place("a.html"), {}))
    assert isinstance(skip, Skipped)
    assert skip.reason == "the page nests elements more than 10,000 deep, or leaves as many open"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(nested("<div>", 9_000), id="deep"),
        pytest.param(nested("<p>Rain fell.<br><li>", 20_000), id="end tags left out"),
        pytest.param(nested("<div>Rain.</div>", 20_000), id="wide"),
        pytest.param(nested("<div>", 300) + "<script type=application/ld+json>" + "[" * 900 + "]" * 900, id="json"),
        pytest.param("<" * 1_000_000, id="brackets"),
        pytest.param("<p>Rain.</p>" * 5 + "<a " + "b " * 200_000 + ">", id="attributes"),
        pytest.param("<meta charset=" * 100_000, id="charsets"),
        pytest.param("<p>\0\0\ufffe\x1b Rain</p>" * 50, id="control characters"),
    ],
)
def test_odd_pages_end_well(html: str) -> None:
    assert isinstance(page.read_page(Page(html, Place("a.html"), {})), (Article, Skipped))


@pytest.mark.parametrize("extractor", EXTRACTORS)
@settings(FUZZ, max_examples=60)
@given(data=pages() | MARKUP | damaged(PAGE))
def test_any_markup_gives_an_article_or_a_reason(tmp_path: Path, extractor: str, data: bytes) -> None:
    page_is_read(extractor)(tmp_path / "a.html", data)


@settings(FUZZ, max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_page_or_a_reason(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(data)
    assert len(list(read([file]))) == 1


@pytest.mark.parametrize(
    "label", ["zlib", "rot13", "idna", "punycode", "unicode_escape", "utf-7", "undefined", "x" * 40]
)
def test_a_page_cannot_choose_an_encoding_that_no_browser_knows(label: str) -> None:
    text = decode(f"<meta charset={label}>".encode() + "Überfahrt nach Süden für drei Gäste ".encode("cp1252") * 9)
    assert text is None or "berfahrt nach S" in text
