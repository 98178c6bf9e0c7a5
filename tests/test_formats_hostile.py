"""Every format against damage, bombs and malice: it is named, its neighbours are read, in bounded time and memory."""

import bz2
import gzip
import io
import lzma
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from archives import FILES, PARTS, Items, http, items, records, stories, warc
from fuzz import any_bytes, costs_no_neighbour, damaged, is_read_to_its_end, part_with_story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ROOT
from pyarrow import parquet

from dedup.article import Skipped
from dedup.extraction.given import MAX_PAGE
from dedup.readers import files

FUZZ = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEBIBYTE = 1024 * 1024


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def reasons(given: Items) -> list[str]:
    return [item.reason for item in given if isinstance(item, Skipped)]


@pytest.fixture
def traced() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


# Any damage


@pytest.mark.parametrize("name", FILES)
@FUZZ
@given(st.data())
def test_a_damaged_file_is_read_to_its_end(tmp_path: Path, name: str, data: st.DataObject) -> None:
    is_read_to_its_end(tmp_path / name, data.draw(damaged(FILES[name])))


@pytest.mark.parametrize("name", FILES)
@FUZZ
@given(st.data())
def test_any_bytes_are_read_to_their_end(tmp_path: Path, name: str, data: st.DataObject) -> None:
    is_read_to_its_end(tmp_path / name, data.draw(any_bytes(name)))


@pytest.mark.parametrize("name", PARTS)
@FUZZ
@given(st.data())
def test_damage_in_one_part_costs_no_neighbour(tmp_path: Path, name: str, data: st.DataObject) -> None:
    costs_no_neighbour(tmp_path / name, data.draw(damaged(PARTS[name][part_with_story(name, 2)])))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.arc", "a.arc.gz"])
@pytest.mark.parametrize("at", range(0, 420, 3))
def test_an_archive_cut_anywhere_keeps_what_comes_before(tmp_path: Path, name: str, at: int) -> None:
    parts = PARTS[name]
    cut = b"".join(parts[:-1]) + parts[-1][:at]
    given = items(put(tmp_path / name, cut))
    assert stories(given)[:3] == [0, 1, 2]
    if 0 < at < len(parts[-1]) - 4:
        assert len(reasons(given)) == 1


def test_each_damaged_record_is_named_with_its_byte(tmp_path: Path) -> None:
    first, second, third, fourth = records()
    long = second.replace(b"Content-Length: ", b"Content-Length: 9")
    huge = second.replace(b"Content-Length: ", b"Content-Length: 999999999999")
    short = second.replace(b"Content-Length: 1", b"Content-Length: ")
    none = second.replace(b"Content-Length: ", b"Content-Length: x")
    for broken, reason in (
        (long, "truncated"),
        (huge, "its length is wrong"),
        (short, "its length is wrong"),
        (none, "no record begins here"),
    ):
        given = items(put(tmp_path / "a.warc", first + broken + third + fourth))
        assert stories(given) == [0, 2, 3]
        (said,) = reasons(given)
        assert said.startswith(f"record at byte {len(first)}: {reason}")


def test_a_broken_member_is_named_and_the_next_is_found(tmp_path: Path) -> None:
    members = list(PARTS["a.warc.gz"])
    torn = bytearray(members[1])
    torn[len(torn) // 2] ^= 0xFF
    for broken in (bytes(torn), members[1][:-3], members[1][:20], b"\x1f\x8b\x08\x00junk", b"\x1f\x8b", b"junk"):
        given = items(put(tmp_path / "a.warc.gz", members[0] + broken + members[2] + members[3]))
        assert stories(given) == [0, 2, 3]
        assert reasons(given)[0].startswith(f"record at byte {len(members[0])}: corrupt gzip")


def test_what_looks_like_members_does_not_take_for_ever(tmp_path: Path) -> None:
    data = PARTS["a.warc.gz"][0] + b"\x1f\x8b\x08\x1f" * (MEBIBYTE // 4)
    given = items(put(tmp_path / "a.warc.gz", data))
    assert stories(given) == [0]


def test_feeds_go_on_behind_an_item_that_is_no_xml(tmp_path: Path) -> None:
    head, first, second, third, *rest = PARTS["a.rss"]
    for broken in (
        second.replace(b"Story", b"&nbsp;&nosuch; Story &"),
        second.replace(b"</link>", b""),
        second.replace(b"<link>", b"<![CDATA["),
        second.replace(b"<link>", b"<!--"),
        second.replace(b"</item>", b"</items>"),
        second.replace(b"Story", b"\xff Story"),
    ):
        given = items(put(tmp_path / "a.rss", b"".join([head, first, broken, third, *rest])))
        assert stories(given) == [0, 2, 3]
        (skip,) = [item for item in given if isinstance(item, Skipped)]
        assert skip.reason.startswith("invalid XML: ")


def test_rows_go_on_behind_an_open_quotation_mark(tmp_path: Path) -> None:
    head, *rows = PARTS["a.csv"]
    rows[1] = rows[1].replace(b'too"', b"too")
    given = items(put(tmp_path / "a.csv", head + b"".join(rows) * 2))
    assert [number for number in stories(given) if number != 1] == [0, 2, 3] * 2


def test_open_quotation_marks_do_not_take_for_ever(tmp_path: Path) -> None:
    # Each of these lines opens a field that none of the others closes.
    data = b"text,url\n" + b'z","\n' * 400_000
    assert len(items(put(tmp_path / "a.csv", data))) >= 1


# Bombs


PACKERS: dict[str, Callable[..., io.BufferedIOBase]] = {
    ".gz": partial(gzip.open, mode="wb", compresslevel=1),
    ".bz2": partial(bz2.open, mode="wb", compresslevel=1),
    ".xz": partial(lzma.open, mode="wb", preset=0),
    ".zst": partial(zstandard.open, mode="wb"),
}


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.warc", "a.csv", "a.rss"])
def test_a_bomb_is_passed_over_in_bounded_memory(
    tmp_path: Path, name: str, ending: str, traced: Callable[[], int]
) -> None:
    size = 200 * MEBIBYTE
    file = tmp_path / (name + ending)
    head = warc(b"").replace(b"Content-Length: 0", b"Content-Length: %d" % size).rstrip() + b"\r\n\r\n"
    with PACKERS[ending](file) as out:
        out.write(head if name == "a.warc" else PARTS[name][0])
        for _ in range(size // MEBIBYTE):
            out.write(bytes(MEBIBYTE))
    assert file.stat().st_size < 2 * MEBIBYTE
    assert stories(items(file)) in ([], [0])
    assert traced() < 4 * files.MAX_LINE


@pytest.mark.parametrize("ending", PACKERS)
def test_packed_files_that_are_cut_give_what_comes_before(tmp_path: Path, ending: str) -> None:
    with PACKERS[ending](tmp_path / f"a.jsonl{ending}") as out:
        for number in range(50_000):
            out.write(PARTS["a.jsonl"][number % 4].replace(b"Story", b"%d" % number))
    whole = (tmp_path / f"a.jsonl{ending}").read_bytes()
    *articles, skip = items(put(tmp_path / f"a.jsonl{ending}", whole[: len(whole) // 2]))
    assert len(articles) > 1_000
    assert isinstance(skip, Skipped)
    assert skip.reason.startswith("truncated")
    torn = bytearray(whole)
    torn[len(torn) // 2] ^= 0xFF
    torn_reasons = reasons(items(put(tmp_path / f"a.jsonl{ending}", bytes(torn))))
    # Zstandard files need not carry a checksum; without one only the JSON tells.
    assert any("corrupt" in reason for reason in torn_reasons) or ending == ".zst"


def test_xz_that_asks_for_gigabytes_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 28}]
    (skip,) = items(put(tmp_path / "a.jsonl.xz", lzma.compress(FILES["a.jsonl"], filters=filters)))
    assert "Memory usage limit exceeded" in str(skip)


def test_a_bomb_in_an_answer_is_named(tmp_path: Path, traced: Callable[[], int]) -> None:
    packed = gzip.compress(bytes(300 * MEBIBYTE), compresslevel=1)
    head = "Content-Type: text/html\r\nContent-Encoding: gzip"
    file = put(tmp_path / "a.warc", records()[0] + warc(http(packed, head)) + records()[1])
    tracemalloc.reset_peak()
    given = items(file)
    assert stories(given) == [0, 1]
    (said,) = reasons(given)
    assert said == f"record at byte {len(records()[0])}: the page is too long (more than {MAX_PAGE:,} bytes)"
    assert traced() < 4 * MAX_PAGE


def test_records_of_gigabytes_are_passed_over(tmp_path: Path, traced: Callable[[], int]) -> None:
    size = 500 * MEBIBYTE
    page_head, picture_head = http(b"<html>"), http(b"", "Content-Type: image/png")
    first, last = records()[:2]
    with (tmp_path / "a.warc").open("wb") as out:
        out.write(first)
        for head in (page_head, picture_head):
            out.write(warc(head).replace(f": {len(head)}\r".encode(), b": %d\r" % size)[:-4])
            out.seek(size - len(head), io.SEEK_CUR)  # a hole: the file takes no room
            out.write(b"\r\n\r\n")
        out.write(last)
    given = items(tmp_path / "a.warc")
    assert stories(given) == [0, 1]
    assert reasons(given) == [f"record at byte {len(first)}: the page is too long (more than {MAX_PAGE:,} bytes)"]
    assert traced() < 3 * files.MAX_LINE


def test_many_wrong_lengths_do_not_take_for_ever(tmp_path: Path) -> None:
    # Each says that it goes on to the end of the file.
    lengths = "Content-Length: 50000000"
    data = b"".join(warc(b"x").replace(b"Content-Length: 1", lengths.encode()) for _ in range(100_000))
    given = items(put(tmp_path / "a.warc", data + records()[0]))
    assert stories(given) == [0]
    assert len(reasons(given)) == 100_000


# WACZ


def wacz(path: Path, *members: tuple[str, bytes], packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as out:
        for name, data in members:
            out.writestr(zipfile.ZipInfo(name), data, packing)
    return path


def test_names_that_lead_out_of_a_wacz_are_refused(tmp_path: Path) -> None:
    names = ["../evil.warc", "/etc/evil.warc", "archive/../../evil.warc", "archive\\..\\evil.warc", "C:/evil.warc"]
    (tmp_path / "in").mkdir()
    bad = [(name, records()[1]) for name in names]
    file = wacz(tmp_path / "in" / "a.wacz", *bad, ("other/a.warc", b""), ("archive/a.warc", FILES["a.warc"]))
    given = items(file)
    assert stories(given) == [0, 1, 2, 3]
    assert reasons(given) == ["its name leads out of the archive"] * 5 + [
        "not read: a WACZ keeps its web archives in archive/"
    ]
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.wacz"]


def test_a_zip_bomb_is_refused(tmp_path: Path, traced: Callable[[], int]) -> None:
    inner = gzip.compress(bytes(100 * MEBIBYTE), compresslevel=1) * 20
    file = wacz(tmp_path / "a.wacz", ("archive/a.warc.gz", inner), packing=zipfile.ZIP_DEFLATED)
    assert reasons(items(file)) == ["packed twice, and made of nothing: a bomb"]
    with (
        zipfile.ZipFile(tmp_path / "b.wacz", "w", zipfile.ZIP_DEFLATED) as out,
        out.open("archive/a.warc", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(MEBIBYTE))
    tracemalloc.reset_peak()
    assert reasons(items(tmp_path / "b.wacz")) == ["record at byte 0: no record begins here"]
    assert traced() < 64 * MEBIBYTE


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    data = wacz(tmp_path / "a.wacz", ("archive/a.warc", FILES["a.warc"] * 50)).read_bytes()
    at = data.rindex(b"PK\x01\x02")
    entry, end = data[at : data.rindex(b"PK\x05\x06")], data[data.rindex(b"PK\x05\x06") :]
    more = end[:8] + struct.pack("<HHL", 100, 100, 100 * len(entry)) + end[16:]
    given = items(put(tmp_path / "a.wacz", data[:at] + entry * 100 + more))
    assert reasons(given) == ["its members overlap: it unpacks to more than it holds"]


def test_a_wacz_that_is_damaged_or_locked_is_named(tmp_path: Path) -> None:
    whole = wacz(tmp_path / "a.wacz", ("archive/a.warc", FILES["a.warc"])).read_bytes()
    long = wacz(tmp_path / "b.wacz", ("archive/a.warc", FILES["a.warc"] * 1_000)).read_bytes()
    given = items(put(tmp_path / "b.wacz", long.replace(b"Story 3", b"Story X")))
    assert stories(given)[:6] == [0, 1, 2, 0, 1, 2]
    assert "corrupt zip (Bad CRC-32" in reasons(given)[-1]
    assert reasons(items(put(tmp_path / "a.wacz", whole[:-30])))[0].startswith("not a whole zip file")
    locked = bytearray(whole)
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert reasons(items(put(tmp_path / "a.wacz", bytes(locked)))) == ["it is encrypted"]
    (said,) = reasons(items(put(tmp_path / "a.wacz", whole[:-22] + whole[-22:].replace(
        whole[-10:-6], b"\xff\xff\xff\x7f"))))  # fmt: skip
    assert said.startswith("its list of members is longer than")


# Feeds


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE rss [<!ENTITY a "ha">]><rss><channel/></rss>', "it defines entities"),
        (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "it defines entities"),
        (b'<!DOCTYPE rss [<!ENTITY % a SYSTEM "https://a.example/">%a;]><rss/>', "it defines entities"),
        (b"<rss>" + b"<a>" * 1_000_000, "it nests elements more than 1,000 deep"),
        (b"<rss><channel><item>" + b"<a>" * 1_000_000, "it nests elements more than 1,000 deep"),
        (b"<item>" * 1_000_000, "not a feed but <item>"),
        (b"<rss>" + b"<item>" * 1_000_000, "it nests elements more than 1,000 deep"),
        (b'<rss a="' + b"x" * (3 * MAX_PAGE), "a tag or a comment is longer than"),
        (b"<rss>" + b"<a/>" * (MAX_PAGE // 2), "no item in its first"),
        (b"<urlset/>", "not a feed but <urlset>"),
        (b'<?xml version="1.0" encoding="gb2312"?><rss/>', "convert the file to UTF-8"),
        (b"", "invalid XML: no element found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_feeds_made_to_harm_are_refused(tmp_path: Path, data: bytes, reason: str, traced: Callable[[], int]) -> None:
    tracemalloc.reset_peak()
    (said,) = reasons(items(put(tmp_path / "a.rss", data)))
    assert reason in said
    assert traced() < 5 * MAX_PAGE


def test_a_bomb_of_entities_behind_good_items_costs_nothing_before_it(tmp_path: Path) -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    data = (
        b'<!DOCTYPE rss [<!ENTITY l0 "ha">'
        + laughs
        + b"]><rss><channel><item><title>&l9;</title></item></channel></rss>"
    )
    assert reasons(items(put(tmp_path / "a.rss", data)))[0].startswith("it defines entities")


def test_items_that_are_too_long_are_named(tmp_path: Path, traced: Callable[[], int]) -> None:
    head, first, second, *rest = PARTS["a.rss"]
    long = second.replace(b"Story", b"&amp;x" * MAX_PAGE)
    file = put(tmp_path / "a.rss", b"".join([head, first, long, *rest]))
    del long
    tracemalloc.reset_peak()
    given = items(file)
    assert (stories(given), len(reasons(given))) == ([0, 2, 3], 1)
    assert "the item is too long" in reasons(given)[0]
    assert traced() < 8 * MAX_PAGE


def test_items_that_never_end_do_not_take_for_ever(tmp_path: Path) -> None:
    data = b"<rss><channel>" + b"<item><![CDATA[ x" * 500_000
    assert len(items(put(tmp_path / "a.rss", data))) < 1_000


def test_deep_json_is_named(tmp_path: Path) -> None:
    for name, data in (
        ("a.json", b"[" * 1_000_000),
        ("a.jsonl", b'{"text": "Rain", "metadata": ' + b'{"a":' * 1_000_000 + b"\n" + PARTS["a.jsonl"][0]),
    ):
        given = items(put(tmp_path / name, data))
        assert reasons(given)[0].startswith("invalid JSON")
        assert stories(given) == ([0] if name == "a.jsonl" else [])


def test_tables_that_repeat_one_long_text_are_read_in_bounded_memory(tmp_path: Path) -> None:
    text = "Rain fell on the harbour. " * 40_000
    rows = pa.table({"text": pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), [text])})
    parquet.write_table(rows, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < MEBIBYTE
    probe = (
        "import sys, resource; from dedup.readers import read\n"
        "n = sum(1 for _ in read([sys.argv[1]]))\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, str(tmp_path / "a.parquet")],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    count, peak = map(int, done.stdout.split())
    assert count == 2_000
    assert peak < 1_200


def test_an_archive_streams(tmp_path: Path) -> None:
    benchmark = ROOT / "benchmarks" / "archives.py"
    done = subprocess.run(
        [sys.executable, str(benchmark), "--megabytes", "60", "--dry"], capture_output=True, text=True, check=True
    )
    assert "60 MB" in done.stdout
