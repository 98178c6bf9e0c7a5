"""The way into a scan: the core reads what the readers read, however it comes and wherever it is kept."""

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import oracle
import orjson
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from places import ROOT, TINY
from prose import WORDS, body
from typer.testing import CliRunner

import dedup
from dedup import _core
from dedup.article import Article, Element, Mark, Skipped, Span
from dedup.boilerplate import layout_of
from dedup.boilerplate.wording import load_cues
from dedup.cli import app
from dedup.domains import host_of
from dedup.errors import StorageError, UsageError
from dedup.intake import Intake
from dedup.match import FAN_OUT, MOST_PARTNERS, PASSAGE_WORDS, Matches, find_matches, find_resembling
from dedup.place import MAX_TEXT
from dedup.readers import ahead as reading_ahead
from dedup.readers import files, read
from dedup.readers.ahead import ahead
from dedup.readers.fields import NAMES
from dedup.report.model import Report

sys.path.append(str(ROOT / "corpora"))

from synthesis import articles as synthesized

# Thousands of small files are read here; what processes of their own do with pages is told elsewhere.
pytestmark = pytest.mark.usefixtures("inline")
FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
STORIES = [body("intake", 2, 30), body("intake", 2, 30) + "\n\n" + body("more", 1, 20), body("another", 2, 30), "Rain."]
READER_THREAD = "dedup-read"


def told(report: Report) -> bytes:
    """Return the whole report but for its run block, of which the inputs stay."""
    document = orjson.loads(report.to_json(with_text=True))
    inputs = document.pop("run")["inputs"]
    return orjson.dumps([document, inputs])


def taken(intake: Intake) -> list[object]:
    """Return all that a scan asks of what was taken in, for comparison."""
    intake.learn()
    everything = np.arange(len(intake), dtype=np.uint32)
    layout = intake.core.layout(everything)
    matches = find_matches(intake.core, 0.3)
    return [
        [intake.article(place) for place in range(len(intake))],
        intake.skipped,
        [intake.taken().sources[number] for number in intake.source_numbers()],
        sorted(entry for entry in intake.core.paths() if entry[1]),
        orjson.dumps([layout[0], *layout[1:5], layout[5]], option=orjson.OPT_SERIALIZE_NUMPY),
        orjson.dumps([matches.group, matches.left, matches.right, matches.shared], option=orjson.OPT_SERIALIZE_NUMPY),
        (matches.size, matches.capped),
    ]


def both_ways(paths: Sequence[Path], fields: Mapping[str, str] | None = None) -> tuple[list[object], list[object]]:
    """Return what the core takes in of files, and what it takes in of the articles that the readers make of them."""
    natively = Intake.of(read(paths, fields=fields or {}))
    return taken(natively), taken(Intake.of(list(read(paths, fields=fields or {}))))


# Values as they stand in a line: usual ones, odd ones, and some that are no JSON at all.

ODD = [
    *("null", "true", "false", "0", "7", "-0", "-0.0", "-1", "1.5", "1E5", "1e-400", "1e400", "-1e400", "20210301"),
    *("1614556800", "1614556800000", "18446744073709551615", "18446744073709551616", "-9223372036854775808"),
    *("-9223372036854775809", "9" * 5000, "1" + "0" * 400, "0." + "0" * 400 + "1", "01", "1.", "+1", ".5", "-"),
    *("NaN", "Infinity", "0e999999", "1" * 400 + "e-390", '""', '" "', '"\\u2003"', '"\\u001c\\u001f"'),
    *(
        '"\x1c"',
        '"\u2003\u00a0"',
        '"\\u0085"',
        '"\\u200b"',
        '"\\ufeff"',
        '"\ufeff"',
        '"\u200b"',
        '"\\n\\t"',
        '"\\u0000"',
    ),
    *('"a\\u0000b"', '"a\x00b"', '"a\tb"', '"\x7f"', '"\x80"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"'),
    *('"\\ud83d"', '"a\\ud83dx"', '"\\uD83D\\uDE00"', '"\\x41"', '"\\/"', '"\\u00e9"', '"\\ufffe"', '"😀"', '"é"'),
    *('"unended', "'single'", '"\\', "[]", "{}", '["a"]', '["a", {"name": "Bo"}]', '{"name": "N"}', '{"name": 5}'),
    *(
        '{"domain": "d.org"}',
        '{"a": "\\ud800"}',
        '{"a": {"b": 1e400}}',
        '{"name": "A", "name": "B"}',
        "[1,]",
        "{,}",
    ),
    *("[" * 120 + "]" * 120, "[" * 126 + "]" * 126, "[" * 127 + "]" * 127, "[" * 200 + "]" * 200),
    *("[" * 1030 + "]" * 1030, '{"a":' * 130 + "1" + "}" * 130, '{"name": ' * 126 + '"x"' + "}" * 126, "[[[[", ""),
]
RAW_ODD = st.sampled_from(ODD)
RAW_NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
RAW_TEXT = st.builds(json.dumps, st.sampled_from(STORIES) | st.text(max_size=20), ensure_ascii=st.booleans())
URLS = st.sampled_from(
    [
        *(
            "https://a.test/1",
            "http://www.b.test",
            "//b.test/x",
            "b.test/2",
            "https://user:pw@a.test:8080/1",
            "a@b.test",
        ),
        *("http://a.test.", "https://", "http:///x", "//", "/", "?q", "#", "mailto:x@a.test", "https://bücher.test/ä"),
        *(
            "HTTP://A.TEST/",
            "https://xn--bcher-kva.test",
            "https://a b.test/",
            " https://a.test/ ",
            "https://a.test\\b",
        ),
        *(
            "1http://a.test/",
            "a//b.test",
            "https:/a.test",
            "https://[::1]:80/",
            "http://127.0.0.1/",
            "ftp+x.y-z://a.test",
        ),
        *(
            "https://a.test?x=//b.test",
            "https://a.test#@b.test",
            "http:a.test",
            "https://@a.test",
            "https://a.test@",
            "..",
        ),
        *("\tjavascript:x", "https://a.test\u3002cn/", "https://a.test/\n", "https://co.uk/", "https://a.test//x//y"),
    ]
) | st.text(alphabet="htps:/?#@.-+a0 []%\\ü\t", max_size=14)
IDS = st.sampled_from(["a", "a", "b", "a~2", "https://a.test/1", "7"])
ANY_NAME = st.sampled_from(
    [*(name for row in NAMES.values() for name in row), "te\\u0078t", "more", "story", "a.b", ""]
)
PAIR = (
    st.tuples(ANY_NAME, RAW_ODD | RAW_NUMBER | RAW_TEXT)
    | st.tuples(st.sampled_from(["text", "body", "content"]), RAW_ODD | RAW_TEXT)
    | st.tuples(st.sampled_from(["url", "link"]), st.builds(json.dumps, URLS, ensure_ascii=st.booleans()))
    | st.tuples(st.sampled_from(["source", "hostname"]), st.builds(json.dumps, URLS, ensure_ascii=st.booleans()))
    | st.tuples(
        st.sampled_from(["metadata", "meta", "thread"]),
        RAW_ODD
        | st.sampled_from(['{"url": "https://m.test/1", "site": "M", "text": "no"}', '{"title": "T", "id": "i"}']),
    )
    | st.tuples(st.sampled_from(["id", "guid"]), st.builds(json.dumps, IDS) | st.just("7"))
    | st.tuples(st.just("html"), st.just('"<html><title>T</title><p>Rain fell on the harbour all night.</p>"'))
)


def object_of(pairs: Sequence[tuple[str, str]], space: str, end: str) -> bytes:
    inner = f",{space}".join(f'"{name}":{space}{raw}' for name, raw in pairs)
    return ("{" + inner + "}" + end).encode()


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """Draw a line that holds a record, or nearly one."""
    pairs = draw(st.lists(PAIR, max_size=4))
    if draw(st.integers(0, 3)):
        pairs.insert(draw(st.integers(0, len(pairs))), ("text", json.dumps(draw(st.sampled_from(STORIES)))))
    ends = st.sampled_from([""] * 6 + [" ", "\t", "x", "}", ",", "\x0b", "\u00a0", "{}", "\r", "\x00"])
    line = object_of(pairs, draw(st.sampled_from(["", " ", "\t"])), draw(ends))
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(line)))
        line = (
            line[:at] + draw(st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00", b"\xef\xbb\xbf"])) + line[at:]
        )
    return line.replace(b"\n", b" ")


BLANKS = st.sampled_from([b"", b" ", b"\t", b"\r", b"\x0b\x0c", b"\x1c", b"\xc2\xa0", b"\xe2\x80\x83", b"\xef\xbb\xbf"])
JUNK = st.sampled_from([b"[]", b"5", b'"x"', b"null", b"{", b"}", b"\x00", b'{"text": "a"} {"text": "b"}', b"[{}]"])
LINES = st.lists(records() | records() | records() | BLANKS | JUNK, max_size=8)
FIELDS: list[dict[str, str]] = [
    *({}, {}, {}, {"text": "story"}, {"text": "content", "title": "content"}, {"text": "more.text"}, {"html": "body"}),
    *({"byline": "text"}, {"published": "content"}, {"language": "title"}, {"id": "text"}, {"url": "id", "id": "url"}),
    *({"outlet": "url"}, {"modified": "text", "text": "text"}, {"title": "a.b"}, {"html": "text"}, {"text": "a.b"}),
]


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a file of lines."""
    lines = draw(LINES)
    lines += draw(st.lists(st.sampled_from(lines), max_size=2)) if lines else []
    end = draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    return draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + end.join(lines) + draw(st.sampled_from([b"", end]))


@settings(FILES, max_examples=400 if os.environ.get("CI") else 200)
@given(contents(), st.sampled_from(FIELDS))
@example(b'{"text": "Rain.", "body": "\\ud800"}', {})
@example(b'{"body": "\\ud800", "text": "Rain."}\n{"text": "Sun."}', {})
@example(b'{"text": "Rain."}', {"byline": "text"})
@example(
    b'{"text": "Rain.", "url": "https://a.test"}\n{"text": "Rain.", "url": "https://a.test"}', {"published": "text"}
)
def test_the_core_reads_what_the_reader_reads(tmp_path: Path, content: bytes, fields: dict[str, str]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(content)
    natively, by_readers = both_ways([file], fields)
    assert natively == by_readers


@pytest.mark.parametrize("first", [True, False])
def test_every_odd_value_of_every_field_is_read_as_the_reader_reads_it(tmp_path: Path, first: bool) -> None:
    names = [*(name for row in NAMES.values() for name in row[:2]), "te\\u0078t", "more"]
    lines = []
    for name in names:
        for raw in ODD:
            # Alone, beside texts of better and of worse names, and twice.
            for usual in ([], [("text", '"Rain."')], [("raw_text", '"Sun."')], [(name, '"Fog."'), ("body", '"Fog."')]):
                pairs = [(name, raw), *usual] if first else [*usual, (name, raw)]
                lines.append(object_of(pairs, "", "\n"))
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"".join(lines))
    natively, by_readers = Intake.of(read([file])), Intake.of(list(read([file])))
    assert natively.skipped == by_readers.skipped
    assert [natively.article(at) for at in range(len(natively))] == [
        by_readers.article(at) for at in range(len(by_readers))
    ]
    assert len(natively) + len(natively.skipped) == len(lines)


@settings(FILES, max_examples=40)
@given(st.lists(contents(), min_size=1, max_size=3), st.sampled_from(FIELDS))
def test_a_scan_says_the_same_of_files_and_of_their_articles(
    tmp_path: Path, piles: list[bytes], fields: dict[str, str]
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jsonl").write_bytes(piles[number] if number < len(piles) else b"")
    natively = dedup.scan(read([tmp_path], fields=fields), every_article=True)
    by_readers = dedup.scan(list(read([tmp_path], fields=fields)), every_article=True)
    assert told(natively) == told(by_readers)
    assert natively.skipped == by_readers.skipped
    assert natively.read + len(natively.skipped) == len(list(read([tmp_path], fields=fields)))


def new_core(
    limits: tuple[int, int] = (files.MAX_LINE, MAX_TEXT),
    memory: tuple[int, int] = (1 << 30, 1 << 30),
    folder: str | None = None,
) -> _core.Corpus:
    """Return an empty corpus that knows the plain names of the table."""
    names = ((target, rank, name) for target, row in NAMES.items() for rank, name in enumerate(row))
    plain = [(name, target, rank) for target, rank, name in names if target in ("id", "text", "url", "outlet", "title")]
    return _core.Corpus(load_cues().core, plain, limits, memory, folder or tempfile.gettempdir())


Fed = tuple[list[tuple[object, ...]], list[tuple[int, bytes | int]], int]


def fed(pieces: Sequence[bytes], limits: tuple[int, int] = (files.MAX_LINE, MAX_TEXT), whole: bool = True) -> Fed:
    """Return the articles that the core reads of the pieces, the lines it leaves, and their number."""
    core = new_core(limits)
    core.open("a.jsonl")
    left = [entry for piece in pieces for entry in core.feed(piece)]
    last, count = core.close(whole)
    core.sort()
    return [core.article(place) for place in range(len(core))], left + last, count


def cut(data: bytes, at: Sequence[int]) -> list[bytes]:
    """Return the data in pieces."""
    places = sorted({min(place, len(data)) for place in at})
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


@given(contents(), st.lists(st.integers(0, 400), max_size=12), st.sampled_from([files.MAX_LINE, 0, 1, 20, 60, 200]))
def test_where_a_file_is_cut_changes_nothing(content: bytes, at: list[int], limit: int) -> None:
    limits = (limit, MAX_TEXT)
    assert fed(cut(content, at), limits) == fed([content], limits)
    assert fed([content[at : at + 1] for at in range(len(content))], limits) == fed([content], limits)


@given(
    st.lists(st.binary(max_size=12) | st.just(b'{"text":"a"}'), max_size=8),
    st.lists(st.integers(0, 80)),
    st.integers(0, 13),
)
def test_long_lines_are_counted_and_cost_no_neighbour(lines: list[bytes], at: list[int], limit: int) -> None:
    content = b"\n".join(lines)
    articles, left, count = fed(cut(content, at), (limit, MAX_TEXT))
    expected = list(enumerate(files.lines([content], limit), 1))
    assert count == len(expected)
    assert [entry for entry in left if isinstance(entry[1], int)] == [
        (number, line) for number, line in expected if isinstance(line, int)
    ]
    assert [number for number, _ in left] == sorted({number for number, _ in left})
    short = {number: line for number, line in expected if isinstance(line, bytes)}
    for number, line in left:
        if isinstance(line, bytes):
            bare = short[number].removeprefix(files.UTF8_MARK) if number == 1 else short[number]
            assert line == bare
    plain = [number for number, line in short.items() if line == b'{"text":"a"}']
    assert sorted(article[5] for article in articles) == plain


@pytest.mark.parametrize("limit", [99, 100, 101, 102, 103])
@pytest.mark.parametrize("step", [1, 7, 100, 101, 102, 1000])
def test_a_line_of_just_the_limit_is_read(limit: int, step: int) -> None:
    line = b'{"text": "' + b"a" * 89 + b'"}'
    assert len(line) == 101
    content = b"\n".join([b'{"text": "b"}', line, b'{"text": "c"}'])
    articles, left, count = fed([content[at : at + step] for at in range(0, len(content), step)], (limit, MAX_TEXT))
    assert count == 3
    assert left == ([] if limit >= 101 else [(2, 101)])
    assert sorted(article[5] for article in articles) == ([1, 2, 3] if limit >= 101 else [1, 3])


def test_what_a_file_holds_before_it_breaks_is_read_and_its_last_line_is_not() -> None:
    content = b'{"text": "a"}\nnothing\n{"text": "b"}'
    articles, left, count = fed([content[:20], content[20:]], whole=False)
    assert [article[1] for article in articles] == ["a"]
    assert (left, count) == ([(2, b"nothing")], 2)


SIGNED = st.builds("{}{}".format, st.sampled_from("aZ0é!"), st.text(max_size=12))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=5,
)  # fmt: skip
PLAIN = st.fixed_dictionaries(
    {"text": SIGNED},
    optional={
        **dict.fromkeys(("body", "title", "headline", "outlet", "source"), SIGNED),
        "id": SIGNED | st.integers(-(2**63), 2**64 - 1),
        "url": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
        **dict.fromkeys(("published", "author", "html", "more"), VALUES),
    },
)


@given(st.lists(PLAIN, max_size=5), st.booleans())
def test_plain_records_are_not_left_to_the_reader(plain: list[dict[str, object]], escaped: bool) -> None:
    content = "".join(json.dumps(record, ensure_ascii=escaped) + "\n" for record in plain).encode()
    articles, left, count = fed([content])
    assert (left, count) == ([], len(plain))
    assert [text for _, text, *_ in sorted(articles, key=lambda article: article[5])] == [
        record["text"] for record in plain
    ]


KNOWN = st.none() | st.sampled_from(["Rain", "x.test", "2021-03-01"])
SIMPLE = st.fixed_dictionaries(
    {"text": st.sampled_from(STORIES)},
    optional={
        **dict.fromkeys(("site", "headline", "by", "date", "updated", "crawled", "lang"), KNOWN),
        "id": IDS,
        "url": st.sampled_from(["https://a.test/1", "//b.test/"]),
        "pages": st.integers(),
    },
)


@settings(FILES)
@given(st.lists(SIMPLE, max_size=5))
def test_simple_lines_say_what_they_say(tmp_path: Path, lines: list[dict[str, str | None]]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    expected = [
        Article(
            line.get("id") or line.get("url") or f"{file}:{number}", line["text"] or "", line.get("url"),
            line.get("site"), line.get("headline"), line.get("by"), line.get("date"), line.get("updated"),
            line.get("crawled"), line.get("lang"), path=str(file), line=number,
        )
        for number, line in enumerate(lines, 1)
    ]  # fmt: skip
    intake = Intake.of(read([file]))
    articles = sorted((intake.article(place) for place in range(len(intake))), key=lambda article: article.line or 0)
    given = {article.line: article for article in expected}
    repeated = [skip.line for skip in intake.skipped]
    assert all("the same record stands at" in skip.reason for skip in intake.skipped)
    assert sorted([article.line for article in articles] + repeated) == sorted(given)
    for article in articles:
        said = given[article.line]
        assert article.id == said.id or article.id.startswith(f"{said.id}~")
        assert article == Article(article.id, *(getattr(said, name) for name in Article.__slots__[1:]))
    distinct = {replace(article, line=None) for article in expected}
    assert len(articles) == len(distinct)


@settings(max_examples=300)
@given(st.lists(URLS, min_size=1, max_size=20))
def test_hosts_are_those_of_the_reader(urls: list[str]) -> None:
    urls = [url for url in urls if url and not url.isspace()]
    lines = [
        object_of([("text", '"Rain."'), ("url", json.dumps(url)), ("id", f'"{at:03}"')], "", "\n")
        for at, url in enumerate(urls)
    ]
    core = new_core()
    core.open("a.jsonl")
    left = {number - 1 for line in lines for number, _ in core.feed(line)}
    core.sort()
    hosts = [core.sources()[number][0] for number in core.source_numbers()]
    assert hosts == [host_of(url) for at, url in enumerate(urls) if at not in left]


def line(number: int) -> bytes:
    return json.dumps({"id": f"{number:06}", "text": f"Story {number} of the ferry. " * 5}).encode() + b"\n"


MANY = b"".join(map(line, range(3000)))
SHAPES: dict[str, bytes] = {
    "gzip": gzip.compress(MANY),
    "two gzip members": gzip.compress(MANY[:1000]) + gzip.compress(MANY[1000:]),
    "truncated gzip": gzip.compress(MANY)[:-2000],
    "gzip without its check": gzip.compress(MANY)[:-8],
    "gzip with another check": gzip.compress(MANY)[:-8] + bytes(8),
    "gzip and garbage": gzip.compress(line(1)) + b"garbage",
    "gzip cut in its header": gzip.compress(MANY)[:5],
    "gzip cut early": gzip.compress(MANY)[:40],
    "zstd": zstandard.compress(MANY),
    "truncated zstd": zstandard.compress(MANY)[:-5],
    "two zstd frames, the second truncated": zstandard.compress(MANY) + zstandard.compress(b'{"text": "b"}\n')[:-1],
    "utf-16": '{"text": "Rain"}\n{"text": "Sun"}\n'.encode("utf-16"),
    "empty": b"",
    "blank": b"\n \n\t\r\n",
    "a mark alone": files.UTF8_MARK,
    "no last newline": line(1) + line(2)[:-1],
    "a broken last line": line(1) + line(2)[:-3],
    "one line of nothing but a brace": b"{",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("source", ["file", "standard input"])
def test_every_kind_of_file_is_read_as_the_readers_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, source: str
) -> None:
    path = "-" if source == "standard input" else str(tmp_path / "a.jsonl")
    (tmp_path / "a.jsonl").write_bytes(SHAPES[shape])
    (tmp_path / "b.jsonl").write_bytes(line(999_999))

    def readers() -> dedup.readers.Reader:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(SHAPES[shape])))
        return read([path, str(tmp_path / "b.jsonl")])

    natively, by_readers = dedup.scan(readers(), every_article=True), dedup.scan(list(readers()), every_article=True)
    assert told(natively) == told(by_readers)
    assert natively.skipped == by_readers.skipped
    assert [entry.articles for entry in natively.inputs if entry.path.endswith("b.jsonl")] == [1]


@pytest.mark.parametrize("shape", ["truncated gzip", "truncated zstd", "gzip with another check"])
def test_a_broken_archive_is_scanned_up_to_the_break(tmp_path: Path, shape: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(SHAPES[shape])
    report = dedup.scan(read([tmp_path]), every_article=True)
    (skip,) = report.skipped
    assert skip.reason.endswith(f"after line {report.read}")
    assert [entry.article.id for entry in report.articles] == [f"{number:06}" for number in range(report.read)]
    assert (report.read > 0) or shape == "truncated zstd"


def test_a_disk_that_fails_in_the_middle_costs_the_rest_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(file: io.BufferedIOBase) -> Iterator[bytes]:
        yield file.read(len(MANY) // 2)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "_pieces", failing)
    (tmp_path / "a.jsonl").write_bytes(MANY)
    natively, by_readers = dedup.scan(read([tmp_path])), dedup.scan(list(read([tmp_path])))
    assert told(natively) == told(by_readers)
    (skip,) = natively.skipped
    assert skip.reason == f"cannot be read: Input/output error after line {natively.read}"


def test_long_lines_are_named_as_the_readers_name_them(tmp_path: Path) -> None:
    long = b'{"text": "' + b"a" * files.MAX_LINE + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(
        line(1) + long + line(2) + b'{"text": "' + b"b" * (MAX_TEXT + 1) + b'"}\n' + line(3)
    )
    natively, by_readers = dedup.scan(read([tmp_path])), dedup.scan(list(read([tmp_path])))
    assert natively.skipped == by_readers.skipped
    assert [skip.line for skip in natively.skipped] == [2, 4]
    assert (natively.read, by_readers.read) == (3, 3)


def test_a_reader_that_was_begun_is_scanned_from_where_it_stands(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(line(ord(name) * 1000 + at) for at in range(3)))
    reader = read([tmp_path])
    first = next(reader)
    assert isinstance(first, Article)
    report = dedup.scan(reader, every_article=True)
    assert [entry.article.id for entry in report.articles] == [
        f"{number:06}" for number in (97001, 97002, 98000, 98001, 98002)
    ]
    assert list(reader) == []


# Reading ahead


def ended() -> bool:
    """Wait for the threads that read ahead to end; say whether they did."""
    until = time.monotonic() + 3
    while any(thread.name == READER_THREAD for thread in threading.enumerate()):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@given(st.lists(st.binary(max_size=9)), st.integers(1, 20))
def test_reading_ahead_changes_no_byte(pieces: list[bytes], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading_ahead, "BATCH", batch)
        assert b"".join(ahead(iter(pieces))) == b"".join(pieces)


@pytest.mark.parametrize("error", [files.UnreadableError("broken"), OSError(5, "x"), KeyboardInterrupt(), ValueError()])
@pytest.mark.parametrize("before", [0, 1, 2, 9, 100])
def test_what_a_stream_raises_comes_after_what_it_gave(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, before: int
) -> None:
    monkeypatch.setattr(reading_ahead, "BATCH", 4)

    def stream() -> Iterator[bytes]:
        yield from (b"%03d" % at for at in range(before))
        raise error

    got = []
    with pytest.raises(type(error)) as raised:
        got.extend(ahead(stream()))
    assert raised.value is error
    assert b"".join(got) == b"".join(b"%03d" % at for at in range(before))
    assert ended()


def test_a_consumer_may_leave_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "BATCH", 1)
    endless = iter(lambda: b"x", None)
    pieces = ahead(endless)
    assert next(pieces) == b"x"
    pieces.close()
    assert ended()


def test_a_scan_that_fails_leaves_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "BATCH", 1)
    (tmp_path / "a.jsonl").write_bytes(b"unusual\n" * 3 * files.PIECE)

    def refuse(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Intake, "push", refuse)
    with pytest.raises(KeyboardInterrupt):
        dedup.scan(read([tmp_path]))
    assert ended()


# Bounded memory


def made(count: int) -> bytes:
    return b"".join(orjson.dumps(article) + b"\n" for article in synthesized(count, 5, republications=0.2))


def test_the_seed_corpus_is_told_the_same_in_little_memory() -> None:
    reports = [dedup.scan(read([TINY]), every_article=True, **known) for known in ({}, {"memory": 0})]
    assert told(reports[0]) == told(reports[1])


def test_thousands_of_articles_are_told_the_same_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").write_bytes(made(3000))
    reports = [dedup.scan(read([tmp_path]), **known) for known in ({}, {"memory": 0}, {"memory": 64 << 20})]
    assert reports[0].matched > 600
    assert told(reports[0]) == told(reports[1]) == told(reports[2])


def matched(matches: Matches) -> list[object]:
    columns = (matches.group, matches.left, matches.right, matches.shared, matches.left_size, matches.right_size)
    return [*(column.tolist() for column in columns), matches.size, matches.capped]


def test_keys_that_go_to_a_file_match_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each short body has 25 and 42 keys, so that these have more than there is room for even at the least bound.
    chooser = random.Random(4)
    texts = [" ".join(chooser.choices(WORDS, k=12)) for _ in range(30_000)]
    texts += [text if at % 3 else f"{text} {chooser.choice(WORDS)}" for at, text in enumerate(texts)]
    content = b"".join(b'{"id": "%06d", "text": "%s"}\n' % (at, text.encode()) for at, text in enumerate(texts))
    found = []
    for folder, keys in ((None, 1 << 30), (None, 0), ("/no/such/folder", 0)):
        core = new_core((files.MAX_LINE, MAX_TEXT), (1 << 30, keys), folder)
        core.open("a.jsonl")
        assert core.feed(content) == []
        core.close(True)
        core.sort()
        core.learn(np.zeros(len(core.sources()), dtype=np.uint32), 1 << 30)  # so much that nothing is learned
        if folder:
            with pytest.raises(StorageError, match=folder):
                find_matches(core, 0.5)
        else:
            found.append(find_matches(core, 0.5))
    assert matched(found[0]) == matched(found[1])
    assert len(found[0].size) == 20_000


PILES = st.lists(
    st.builds(
        Article,
        st.sampled_from("abcdef"),
        st.sampled_from(STORIES) | st.text(min_size=1, max_size=30),
        st.none() | st.sampled_from(["https://a.test/1", "https://b.test/2"]),
        title=st.none() | st.text(max_size=5),
        published=st.none() | st.just("2021-03-01"),
    ),
    max_size=8,
)


@settings(max_examples=30)
@given(PILES)
def test_any_pile_is_told_the_same_in_little_memory(pile: list[Article]) -> None:
    reports = [dedup.scan(pile, every_article=True, **known) for known in ({}, {"memory": 0})]
    assert told(reports[0]) == told(reports[1])


LARGE = [Article(f"{at:04}", body(at), url=f"https://o{at}.test/1") for at in range(1500)]


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    with pytest.raises(StorageError, match=r"/no/such/folder.*TMPDIR"):
        dedup.scan(LARGE, memory=0)


def test_little_needs_no_folder_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert dedup.scan(LARGE[:3]).read == 3


def test_the_command_line_refuses_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    (tmp_path / "a.jsonl").write_bytes(made(400))
    result = CliRunner().invoke(app, ["scan", str(tmp_path), "--memory", "0"])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert str(tmp_path / "gone") in result.stderr
    assert "TMPDIR" in result.stderr


SPILL = """
import sys, dedup
from dedup.article import Article
from dedup.errors import DedupError
articles = [Article(str(at), f"story {at} " * 500, url=f"https://o{at}.test/") for at in range(500)]
def progress(stage):
    if stage == sys.argv[1]:
        print(stage, flush=True)
        sys.stdin.read()
"""


def test_a_full_disk_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))\n"
    after = "try: dedup.scan(articles, memory=0)\nexcept DedupError as error: print(error)\n"
    command = [sys.executable, "-c", limit + SPILL + after]
    done = subprocess.run(
        command, env=os.environ | {"TMPDIR": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(tmp_path) in done.stdout
    assert "TMPDIR" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stage", ["boilerplate", "provenance"])
def test_nothing_is_left_of_a_scan_that_is_killed(tmp_path: Path, stage: str) -> None:
    command = [sys.executable, "-c", SPILL + "dedup.scan(articles, memory=0, progress=progress)", stage]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline().decode().strip() == stage
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_scan_that_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert dedup.scan(LARGE, memory=0).read == len(LARGE)
    assert list(tmp_path.iterdir()) == []


# Matching


def shingle_set(text: str) -> set[int]:
    return {value for value, _, _ in oracle.shingles(text)}


def share_a_run(one: str, other: str) -> bool:
    """Say whether so many words stand in both that they are a passage for certain."""
    runs = [
        {words[at : at + PASSAGE_WORDS] for at in range(len(words) - PASSAGE_WORDS + 1)}
        for words in (words_of(one), words_of(other))
    ]
    return bool(runs[0] & runs[1])


def words_of(text: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in oracle.words(text))


@st.composite
def piles(draw: st.DrawFn) -> list[str]:
    """Draw texts of a few stories: whole, edited, in another case, cut short, and some without words."""
    stories = [body(draw(st.integers(0, 3)), 2, 30) for _ in range(draw(st.integers(1, 2)))]
    texts = []
    for _ in range(draw(st.integers(0, 9))):
        words = draw(st.sampled_from(stories)).split()
        for place in draw(st.lists(st.integers(0, len(words) - 1), max_size=3)):
            words[place] = draw(st.sampled_from(WORDS[:4]))
        start = draw(st.sampled_from([0, 0, 0, 10]))
        words = words[start : draw(st.sampled_from([1, 2, 4, 5, 30, 60, 60, 60]))]
        text = draw(st.sampled_from([" ", "\n", "\n\n"])).join(words)
        texts.append(draw(st.sampled_from([text, text, text.upper(), f" {text} …", "… !", "\u200b", "x"])))
    return texts


def check_groups(group: Sequence[int], texts: Sequence[str]) -> None:
    """Assert that a group is named by the first text of the same words, and texts without words are in none."""
    words = [words_of(text) for text in texts]
    assert list(group) == [words.index(own) if own else -1 for own in words]


@given(piles(), st.sampled_from([0.01, 0.3, 0.7, 0.9, 1.0]))
def test_resembling_texts_are_those_of_the_oracle(texts: list[str], least: float) -> None:
    found = find_resembling(texts, least)
    check_groups(found.group.tolist(), texts)
    pairs = dict(
        zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.resemblance.tolist(), strict=True)
    )
    assert len(pairs) == len(found.left)
    firsts = sorted(set(found.group.tolist()) - {-1})
    for left, right in pairs:
        assert left < right
        assert left in firsts and right in firsts
    for left, right in combinations(firsts, 2):
        resemblance = oracle.jaccard(shingle_set(texts[left]), shingle_set(texts[right]))
        if (left, right) in pairs:
            assert pairs[left, right] == resemblance
            assert resemblance >= least
        else:
            assert resemblance < max(least, 0.9)
    assert found.capped == 0


@given(piles().flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(range(len(texts))))))
def test_the_order_of_texts_changes_nothing(shuffled: tuple[list[str], list[int]]) -> None:
    texts, order = shuffled
    other = [texts[at] for at in order]

    def said(texts: list[str]) -> set[tuple[frozenset[tuple[str, ...]], float]]:
        found = find_resembling(texts, 0.3)
        sides = zip(found.left.tolist(), found.right.tolist(), found.resemblance.tolist(), strict=True)
        return {(frozenset([words_of(texts[a]), words_of(texts[b])]), resemblance) for a, b, resemblance in sides}

    assert said(texts) == said(other)


# Bodies that share fewer shingles share a phrase, unless that is all there is of both.
PHRASE = 6


def matches_of(texts: Sequence[str], threshold: float, memory: int = 8 << 30) -> Matches:
    """Return the matches of texts, each of an outlet of its own and under an id of its place."""
    given = [Article(f"{at:05}", text, url=f"https://o{at}.test/1") for at, text in enumerate(texts)]
    intake = Intake.of(given, memory)
    assert len(intake) == len(texts)
    intake.learn()
    return find_matches(intake.core, threshold)


@given(piles(), st.sampled_from([0.01, 0.5, 1.0]))
def test_matching_bodies_are_those_of_the_oracle(texts: list[str], threshold: float) -> None:
    texts = [text for text in texts if text.strip()]
    found = matches_of(texts, threshold)
    check_groups(found.group.tolist(), texts)
    sets = [shingle_set(text) for text in texts]
    figures = zip(found.shared.tolist(), found.left_size.tolist(), found.right_size.tolist(), strict=True)
    pairs = dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), figures, strict=True))
    assert len(pairs) == len(found.left)
    firsts = sorted(set(found.group.tolist()) - {-1})
    for left, right in combinations(firsts, 2):
        shared, (smaller, larger) = len(sets[left] & sets[right]), sorted((len(sets[left]), len(sets[right])))
        alike = shared >= threshold * smaller and shared >= min(PHRASE, larger)
        if (left, right) in pairs:
            assert pairs.pop((left, right)) == (shared, len(sets[left]), len(sets[right]))
            assert alike
        else:
            sure = oracle.jaccard(sets[left], sets[right]) >= 0.9 or share_a_run(texts[left], texts[right])
            assert not (alike and sure)
    assert pairs == {}
    members = Counter(found.group.tolist())
    assert found.size == {first: len(sets[first]) for first in firsts if members[first] > 1}
    involved = {at for at, first in enumerate(found.group.tolist()) if first in found.size}
    sides = {*found.left.tolist(), *found.right.tolist()}
    assert set(found.involved().tolist()) == involved | {
        at for at, first in enumerate(found.group.tolist()) if first in sides
    }


def copies(count: int) -> list[str]:
    """Return so many copies of a story, each with another word changed to one of its own."""
    words = body("family", 5, 60).split()
    return [" ".join([*words[: at % 290], f"w{at}own", *words[at % 290 + 1 :]]) for at in range(count)]


def connected(count: int, left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many parts so many bodies fall into by their pairs."""
    parts = list(range(count))

    def part(at: int) -> int:
        while parts[at] != at:
            at = parts[at]
        return at

    for one, other in zip(left, right, strict=True):
        parts[part(one)] = part(other)
    return len({part(at) for at in range(count)})


def test_of_many_copies_each_keeps_some_partners_and_the_rest_are_counted() -> None:
    texts = copies(200)
    found = matches_of(texts, 0.5)
    partners = Counter(found.right.tolist())
    assert max(partners.values()) == MOST_PARTNERS == FAN_OUT
    assert set(partners) == set(range(1, 200))
    assert len(found.left) + found.capped >= 200 * 199 // 2
    assert connected(200, found.left.tolist(), found.right.tolist()) == 1
    few = matches_of(texts[:40], 0.5)
    assert (len(few.left), few.capped) == (40 * 39 // 2, 0)


def test_a_family_of_two_hundred_copies_is_one_family() -> None:
    items = [Article(f"{at:03}", text, url=f"https://o{at}.test/1") for at, text in enumerate(copies(200))]
    reports = [dedup.scan(pile) for pile in (items, items[::-1])]
    assert [sorted(family.articles) for family in reports[0].families] == [[item.id for item in items]]
    assert reports[0].capped > 0
    assert told(reports[0]) == told(reports[1])


def test_one_enormous_text_among_small_ones_is_matched_with_what_it_holds() -> None:
    small = [body(f"small {at}", 1, 40) for at in range(5)]
    around = [body(f"around {at}", 1, 20_000) for at in range(6)]
    enormous = "\n\n".join(part for pair in zip(around, [*small, ""], strict=True) for part in pair)
    texts = [*small, enormous, "rain", "Rain!", "…"]
    found = matches_of(texts, 0.9)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(at, 5) for at in range(5)]
    assert found.shared.tolist() == [36] * 5
    assert found.right_size.tolist() == [len(shingle_set(enormous))] * 5
    assert found.group.tolist() == [0, 1, 2, 3, 4, 5, 6, 6, -1]


# Articles that a program gives


@st.composite
def any_article(draw: st.DrawFn) -> Article:
    text = draw(st.text(min_size=1, max_size=60).filter(lambda text: not text.isspace()))
    known = st.none() | st.just("") | st.text(max_size=12) | URLS
    edges = st.lists(st.integers(0, len(text)), max_size=6).map(sorted)
    words = st.lists(st.text(max_size=5), max_size=2).map(tuple)
    spans = st.builds(Span, st.integers(0, 9), st.integers(0, 9))
    return Article(
        draw(st.text(max_size=8)), text, *(draw(known) for _ in range(8)),
        tuple(draw(st.lists(st.builds(Mark, st.text(max_size=4), st.text(max_size=9)), max_size=3))),
        draw(st.none() | edges.map(lambda edges: tuple(map(Span, edges[::2], edges[1::2])))),
        tuple(draw(st.lists(st.builds(Element, spans, st.text(max_size=5), words, words), max_size=2))),
        draw(st.none() | st.text(max_size=5)),
        draw(st.none() | st.integers(0, 2**32 - 1)),
    )  # fmt: skip


@given(st.lists(any_article(), max_size=6, unique_by=lambda article: article.id), st.sampled_from([0, 8 << 30]))
def test_articles_come_back_as_they_were_given(given: list[Article], memory: int) -> None:
    intake = Intake.of(given, memory)
    assert [intake.article(place) for place in range(len(intake))] == sorted(given, key=lambda article: article.id)
    assert intake.skipped == []
    intake.learn()
    layout_of(intake.core, np.arange(len(intake), dtype=np.uint32))


class Words(str):
    """Text as some libraries give it: of a class of their own."""

    __slots__ = ()


@pytest.mark.parametrize("kind", [Words, np.str_])
def test_texts_of_other_classes_are_texts(kind: Callable[[str], str]) -> None:
    known = ["a", "Rain fell.", "https://a.test/1", "Rain Post", "Storm", "By Bo", "2021", "2022", "2023", "en"]
    marks = (("canonical", "https://b.test/1"),)
    given = Article(
        *map(kind, known),
        tuple(Mark(kind(a), kind(b)) for a, b in marks),
        (Span(np.int64(0), np.int64(4)),),
        (Element(Span(np.int64(0), np.int64(4)), kind("p"), (kind("c"),), (kind("l"),)),),
        kind("x.csv"),
        np.int64(3),
    )  # type: ignore[arg-type]
    plain = Article(
        *known,
        tuple(Mark(a, b) for a, b in marks),
        (Span(0, 4),),
        (Element(Span(0, 4), "p", ("c",), ("l",)),),
        "x.csv",
        3,
    )  # type: ignore[arg-type]
    assert Intake.of([given]).article(0) == plain


@pytest.mark.parametrize(
    "main",
    [
        (Span(0, 11),),
        (Span(5, 3),),
        (Span(-1, 3),),
        (Span(11, 12),),
        (Span(4, 6), Span(2, 3)),
        (Span(0, 4), Span(3, 6)),
    ],
)
def test_a_main_part_outside_its_text_is_named_and_nothing_else_is_lost(main: tuple[Span, ...]) -> None:
    report = dedup.scan([Article("a", "Rain fell.", main=main, path="a.csv", line=4), Article("b", "Rain fell.")])
    (skip,) = report.skipped
    assert (skip.path, skip.line) == ("a.csv", 4)
    assert skip.reason.startswith("article a: ")
    assert report.read == 1


@pytest.mark.parametrize("sign", ["a", "ü", "\U0001f469"])
def test_a_text_that_is_too_long_is_refused_as_a_reader_refuses_it(tmp_path: Path, sign: str) -> None:
    text = sign * (MAX_TEXT + 1)
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps({"text": text}))
    (of_reader,) = list(read([tmp_path]))
    assert isinstance(of_reader, Skipped)
    report = dedup.scan([Article("long", text, path="x.jsonl", line=2), Article("just", text[1:])])
    assert report.skipped == (Skipped("x.jsonl", 2, f"article long: {of_reader.reason}"),)
    assert report.read == 1


@pytest.mark.parametrize("memory", [-1, -(1 << 40)])
def test_less_memory_than_none_is_refused(memory: int) -> None:
    with pytest.raises(UsageError, match="memory"):
        dedup.scan(LARGE[:2], memory=memory)


def test_articles_go_to_the_core_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.intake._TOGETHER", (4, 100, 60.0))
    pushed: list[list[int]] = []
    push = Intake.push

    def counted(intake: Intake, items: list[Article | Skipped]) -> None:
        pushed.append([len(item.text) for item in items if isinstance(item, Article)])
        push(intake, items)

    monkeypatch.setattr(Intake, "push", counted)
    sizes = [10, 10, 10, 10, 10, 99, 99, 300, 1, 1]
    given = [Article(f"{at}", "a" * size) for at, size in enumerate(sizes)]
    assert len(Intake.of([*given, Skipped("x", None, "y")])) == len(given)
    assert pushed == [[10, 10, 10, 10], [10, 99], [99, 300], [1, 1]]
