"""Every format that crawlers write gives the articles that stand in it, with what it says of them."""

import ast
import bz2
import csv
import gzip
import io
import json
import lzma
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from archives import FILES, PARTS, arc, arc_records, http, items, page, records, stories, story, table, warc
from places import shared_file
from pyarrow import parquet
from typer.testing import CliRunner

import dedup
from dedup.article import Article, Mark, Skipped
from dedup.cli import app
from dedup.errors import UsageError
from dedup.extraction import Page
from dedup.readers import OPENED, STREAMED, files, read
from dedup.readers.formats import FORMATS
from dedup.readers.records import Record
from dedup.readers.records import records as records_of
from dedup.readers.warc import look_ahead


def put(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only(path: Path) -> Article:
    (item,) = read([path])
    assert isinstance(item, Article), item
    return item


# Which format?


def test_every_format_has_a_reader() -> None:
    assert {*STREAMED, *OPENED, "warc"} == set(FORMATS)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_known_by_its_suffix_and_by_its_first_bytes(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "named").mkdir()
    assert stories(items(put(tmp_path / "named" / name, FILES[name]))) == [0, 1, 2, 3]
    if name != "a.csv":  # of which nothing but the suffix tells
        assert stories(items(put(tmp_path / "data", FILES[name]))) == [0, 1, 2, 3]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILES[name])))
        assert stories(items("-")) == [0, 1, 2, 3]


def test_a_format_may_be_forced(tmp_path: Path) -> None:
    file = put(tmp_path / "a.txt", FILES["a.csv"])
    assert stories(items(file, "csv")) == [0, 1, 2, 3]
    with pytest.raises(UsageError, match="there is no input format 'pdf'; choose from jsonl, json, text"):
        read([file], input_format="pdf")
    done = CliRunner().invoke(app, ["inspect", str(file), "--input-format", "csv", "--json"])
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 4)


def test_a_folder_stands_for_its_files_of_every_suffix_but_the_ambiguous(tmp_path: Path) -> None:
    for name, data in FILES.items():
        put(tmp_path / name, data)
    put(tmp_path / "sitemap.xml", "<urlset/>")
    names = {Path(item.path or "").name for item in read([tmp_path])}
    assert names == set(FILES) - {"a.json"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.warc", "a.csv", "a.rss"])
@pytest.mark.parametrize(
    ("ending", "pack"),
    [(".bz2", bz2.compress), (".xz", lzma.compress), (".gz", gzip.compress), (".zst", zstandard.compress)],
)
def test_packed_files_are_unpacked(tmp_path: Path, name: str, ending: str, pack: object) -> None:
    assert callable(pack)
    half = len(FILES[name]) // 2
    data = pack(FILES[name][:half]) + pack(FILES[name][half:])  # of several members, streams or frames
    assert stories(items(put(tmp_path / (name + ending), data))) == [0, 1, 2, 3]
    bare = name.removesuffix(Path(name).suffix) + ending
    if name != "a.csv":
        assert stories(items(put(tmp_path / bare, data))) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "module", "message"),
    [
        ("a.warc.gz", "fastwarc", r"WARC files need FastWARC: pip install 'dedup\[warc\]'"),
        ("a.parquet", "pyarrow", r"Parquet files need pyarrow: pip install 'dedup\[arrow\]'"),
        ("a.arrow", "pyarrow", r"Arrow files need pyarrow: pip install 'dedup\[arrow\]'"),
        ("a.feather", "pyarrow", r"Arrow files need pyarrow: pip install 'dedup\[arrow\]'"),
    ],
)
def test_a_missing_extra_is_named(
    tmp_path: Path, name: str, module: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(tmp_path / name, FILES[name])
    for known in [known for known in sys.modules if known.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, known)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=message):
        items(file)


# Lists


def test_a_list_names_files_folders_and_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt", "d/c.txt", "@e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        put(tmp_path / name, "Rain fell.")
    put(tmp_path / "list", "a.txt\r\n\n b.txt\n".replace(" ", "") + "d\n[a]*.txt\n@e.txt")
    assert files.expand(["@list"]) == ["@e.txt", "a.txt", "b.txt", "d/c.txt"]
    put(tmp_path / "bad", "a.txt\nnowhere.txt\n")
    with pytest.raises(UsageError, match=r"bad, line 2: nowhere\.txt: no such file or folder"):
        files.expand(["@bad"])
    put(tmp_path / "deep", "@list\n")
    with pytest.raises(UsageError, match="deep, line 1: @list: a list may not lead to another list"):
        files.expand(["@deep"])
    with pytest.raises(UsageError, match="@nothing: the list cannot be read"):
        files.expand(["@nothing"])


# Web archives

# Where summary.tsv, which a lenient reader wrote, and the files themselves say different things.
DAMAGED = {
    # The heads of its last three records promise 680 bytes, of which fewer are there.
    "archivesunleashed+aut/badexample.arc.gz": ({"warcinfo": 1, "response": 2}, 3),
    # Of the one record 75,207 of 88,275 bytes are there.
    "chatnoir-eu+chatnoir-resiliparse/clipped.warc.gz": ({}, 1),
    # lz4 is refused by name.
    "chatnoir-eu+chatnoir-resiliparse/block-sized-records.warc.lz4": ({}, 1),
    "chatnoir-eu+chatnoir-resiliparse/warcfile.warc.lz4": ({}, 1),
    # Lengths of -1 and "abc"; one of 1 is right.
    "webrecorder+pywb/bad.arc": ({"response": 1}, 2),
    "webrecorder+warcio/bad.arc": ({"response": 1}, 2),
    # One gzip member for the whole file: read, where the other reader refuses.
    "webrecorder+pywb/example-bad.warc.gz.bad": ({"warcinfo": 1, "response": 2, "request": 2, "revisit": 1}, 0),
    "webrecorder+warcio/example-bad.warc.gz.bad": ({"warcinfo": 1, "response": 2, "request": 2, "revisit": 1}, 0),
    "webrecorder+warcio/example-bad-non-chunked.warc.gz": (
        {"warcinfo": 2, "response": 1, "request": 2, "revisit": 1},
        0,
    ),
    # The length of a request is too small.
    "webrecorder+pywb/example.warc": ({"warcinfo": 1, "response": 2, "request": 1, "revisit": 1}, 1),
    # 1,579 bytes under a length of 1,591; 973 promised, fewer there.
    "webrecorder+warcio/example-space-in-url.arc": ({"warcinfo": 1}, 1),
    "webrecorder+warcio/example-trunc.warc": ({"warcinfo": 2, "request": 1}, 1),
    # The record after the one with the wrong chunks is read.
    "webrecorder+warcio/example-wrong-chunks.warc.gz": ({"response": 1, "request": 1}, 0),
}


def test_the_samples_hold_the_records_that_their_summary_counts() -> None:
    summary = shared_file("warc_samples/summary.tsv")
    with summary.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if not row["file"].endswith(".wacz")]
    assert len(rows) == 57
    for row in rows:
        path = summary.parent / row["file"]
        found = list(records_of(files.raw(str(path)), 0, look_ahead(str(path))))
        counted = Counter(item.type or "unknown" for item in found if isinstance(item, Record))
        damaged = sum(not isinstance(item, Record) for item in found)
        assert (counted, damaged) == DAMAGED.get(row["file"], (ast.literal_eval(row["types"]), 0)), row["file"]


def test_the_samples_give_their_pages_and_name_what_is_broken() -> None:
    folder = shared_file("warc_samples/summary.tsv").parent
    given = {path: items(path) for path in sorted(folder.rglob("*")) if ".arc" in path.name or ".wa" in path.name}
    pages = {
        str(path.relative_to(folder)): sum(isinstance(item, Page) for item in each) for path, each in given.items()
    }
    assert pages["archivesunleashed+aut/example.warc.gz"] == pages["archivesunleashed+aut/example.arc.gz"] == 94
    assert pages["chatnoir-eu+chatnoir-resiliparse/clueweb-quirk.warc.gz"] == 29
    assert pages["webrecorder+pywb/iana.warc.gz"] == 16
    assert pages["webrecorder+pywb/valid_example_1.wacz"] == 1
    broken = {
        str(path.relative_to(folder)) for path, each in given.items() if any(isinstance(i, Skipped) for i in each)
    }
    assert broken == {name for name, (_, damaged) in DAMAGED.items() if damaged} | {
        "webrecorder+pywb/invalid_example_1.wacz",  # without a web archive
        "archivesunleashed+aut/example.pdf.warc.gz",  # a page whose body is not packed as its head says
    }


def test_a_page_of_an_archive_is_known_by_its_address_and_the_time_it_was_fetched(tmp_path: Path) -> None:
    body = f"<html><body><p>{story(1)} Über den Fluß.</p></body></html>".encode("iso-8859-1")
    data = warc(http(body, "Content-Type: text/html; charset=ISO-8859-1"), url="<https://a.example/1>")
    article = only(put(tmp_path / "a.warc", data))
    assert (article.id, article.url, article.fetched) == (*["https://a.example/1"] * 2, "2020-02-11T00:00:00Z")
    assert article.text == f"{story(1)} Über den Fluß."
    old = only(put(tmp_path / "a.arc", b"".join(arc_records()[:2])))
    assert (old.url, old.fetched, old.text) == ("https://a.example/0", "2008-04-30T20:48:25Z", story(0))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (warc(page(1), "resource", kind="text/html"), [1]),
        (warc(b"{}", "resource", kind="application/json"), []),
        (warc(story(1).encode(), "conversion", kind="text/plain"), [1]),
        (warc(http(page(1)), "request"), []),
        (warc(http(page(1)), "revisit"), []),
        (warc(http(page(1), status="301 Moved")), []),
        (warc(http(page(1), status="404 Not Found")), []),
        (warc(http(page(1), status="206 Partial Content")), [1]),
        (warc(http(page(1), status="200")), [1]),
        (warc(http(page(1), status="200 ")), [1]),
        (warc(http(page(1))).replace(b"\r\n", b"\r\r\n", 7), [1]),  # the head went through another system
        (warc(http(page(1), "Content-Type: image/png")), []),
        (warc(http(page(1), "X: y")), []),
        (warc(http(page(1), "content-type:text/html\r\nContent-Encoding: gzip")), [1]),  # decoded, its head was kept
        (warc(http(gzip.compress(page(1)), "Content-Type: text/html\r\nContent-Encoding: gzip")), [1]),
        (warc(http(b"no chunk\r\n<p>", "Content-Type: text/html\r\nTransfer-Encoding: chunked")), "cannot be decoded"),
        (warc(http(page(1)).replace(b"\r", b"")), [1]),
        (warc(http(page(1)).replace(b"\r", b"")).replace(b"\r", b""), [1]),
        (warc(b""), []),
        (warc(b"\xff\xfe", "conversion", kind="text/plain"), "not UTF-8 at byte 1"),
        (warc(b"  ", "conversion", kind="text/plain"), "the text is empty"),
        (arc(http(page(1)), "https://a.example/with a blank.html"), [1]),
    ],
)
def test_which_records_are_articles(tmp_path: Path, record: bytes, expected: list[int] | str) -> None:
    given = items(put(tmp_path / "a.warc", record))
    if isinstance(expected, str):
        (skip,) = given
        assert isinstance(skip, Skipped)
        assert skip.reason.startswith("record at byte 0: ")
        assert expected in skip.reason
    else:
        assert stories(given) == expected
        assert len(given) == len(expected)


def test_one_record_is_read_by_its_place(tmp_path: Path) -> None:
    plain, members, whole = tmp_path / "a.warc", tmp_path / "b.warc.gz", tmp_path / "c.warc.gz"
    put(plain, FILES["a.warc"])
    put(members, FILES["a.warc.gz"])
    put(whole, gzip.compress(FILES["a.warc"]))
    second = len(records()[0])
    places = {plain: f"{second}", members: f"{len(PARTS['a.warc.gz'][0])}", whole: f"0+{second}"}
    for file, place in places.items():
        assert stories(items(f"{file}@{place}")) == [1]
    (skip,) = items(f"{plain}@5")
    assert skip == Skipped(str(plain), None, "record at byte 5: no record begins here")
    put(plain, warc(b"x", "request"))
    assert items(f"{plain}@0") == [Skipped(str(plain), None, "record at byte 0: no article: of type 'request'")]
    with pytest.raises(UsageError, match="only the records of WARC and ARC files are named by their byte"):
        items(f"{put(tmp_path / 'a.txt', 'Rain')}@0")
    done = CliRunner().invoke(app, ["inspect", f"{members}@{places[members]}", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["url"] == "https://a.example/1"


def test_a_page_without_an_address_is_inspected(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["inspect", str(put(tmp_path / "a.html", page(1))), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["text"]) == (0, story(1))


def test_records_without_an_address_are_named_by_their_byte(tmp_path: Path) -> None:
    data = warc(http(page(0)), url="") + warc(http(page(1)), url="")
    ids = [item.id for item in read([put(tmp_path / "a.warc", data)]) if isinstance(item, Article)]
    assert ids == [f"{tmp_path}/a.warc@0", f"{tmp_path}/a.warc@{len(data) // 2}"]


def test_a_scan_reads_archives(tmp_path: Path) -> None:
    for name in ("a.warc.gz", "a.csv"):
        put(tmp_path / name, FILES[name])
    report = dedup.scan(read([tmp_path]))
    assert (report.read, report.skipped) == (8, ())


def test_a_wacz_holds_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as out:
        out.writestr("archive/data.warc.gz", FILES["a.warc.gz"])
        out.writestr("archive/more.warc", FILES["a.warc"], zipfile.ZIP_DEFLATED)
        out.writestr("pages/pages.jsonl", "{}")
    given = items(tmp_path / "a.wacz")
    assert stories(given) == [0, 1, 2, 3] * 2
    assert isinstance(given[0], Page)
    assert given[0].place.path == f"{tmp_path}/a.wacz/archive/data.warc.gz"


# Tables


def test_columns_of_parquet_are_mapped(tmp_path: Path) -> None:
    now = datetime(2020, 2, 11, 14, 30, tzinfo=UTC)
    columns = {
        "body": pa.array([story(0)]),
        "url": pa.array(["https://a.example/"]),
        "authors": pa.array([["Ann Reed", "Bo Lind"]]),
        "date": pa.array([now], pa.timestamp("ns", "Europe/Paris")),
        "metadata": pa.array([{"language": "en", "url": "https://b.example/"}]),
        "embedding": pa.array([[0.5] * 8]),
    }
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    article = only(tmp_path / "a.parquet")
    assert (article.id, article.text, article.byline) == ("https://a.example/", story(0), "Ann Reed, Bo Lind")
    assert (article.published, article.language) == ("2020-02-11T14:30:00+00:00", "en")


def test_rows_of_parquet_that_give_no_article_are_named(tmp_path: Path) -> None:
    texts = pa.array([b"Rain fell.", b"", b"\xff", None], pa.binary())
    parquet.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    first, *skipped = items(tmp_path / "a.parquet")
    assert isinstance(first, Article)
    assert first.id == f"{tmp_path}/a.parquet:1"
    assert [skip.reason.split(";")[0] for skip in skipped if isinstance(skip, Skipped)] == [
        "record 2: the text is empty (field 'text')",
        "record 3: the text is not a string but bytes that are not UTF-8",
        "record 4: the text is empty (field 'text')",
    ]
    parquet.write_table(table().rename_columns(["story", "n"]), tmp_path / "a.parquet")
    assert "no text field; say --field text=NAME (fields seen: 'story', 'n')" in str(items(tmp_path / "a.parquet")[0])
    nested = pa.table({"doc": pa.array([{"body": story(1)}])})
    parquet.write_table(nested, tmp_path / "a.parquet")
    (article,) = read([tmp_path / "a.parquet"], fields={"text": "doc.body"})
    assert isinstance(article, Article)
    assert article.text == story(1)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_csv_of_any_delimiter(tmp_path: Path, sign: str) -> None:
    data = f'\ufeffurl{sign}text{sign}headline\r\nhttps://a.example/{sign}"Rain, it{sign}s ""on"".\r\nMore."{sign}T\r\n'
    article = only(put(tmp_path / "a.csv", data))
    assert (article.url, article.title, article.line) == ("https://a.example/", "T", 2)
    assert article.text == f'Rain, it{sign}s "on".\r\nMore.'


def test_rows_of_csv_are_named_by_their_line_and_never_repaired(tmp_path: Path) -> None:
    data = b'text,url\n"Rain\nfell.",u1\n\nshort\nlong,u,more\n"Sun""\nshone.",u2\n"open,u3\nFog.,u4\n"",u5\n'
    given = items(put(tmp_path / "a.csv", data + b"caf\xe9,u6\nHail.,u7\n"))
    assert [(item.text, item.line) for item in given if isinstance(item, Article)] == [
        ("Rain\nfell.", 2),
        ('Sun"\nshone.', 7),
        ("Fog.", 10),
        ("Hail.", 13),
    ]
    assert [(item.line, item.reason) for item in given if isinstance(item, Skipped)] == [
        (5, "1 columns where the first row has 2"),
        (6, "3 columns where the first row has 2"),
        (9, "invalid CSV: unexpected end of data; the next line was read as a row of its own"),
        (11, "the text is empty (field 'text')"),
        (12, "not UTF-8; convert the file: iconv -f ENCODING -t UTF-8"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no first row that names the columns"),
        (b"story,n\nRain,1\n", "no text column; say --field text=NAME (columns seen: 'story', 'n')"),
        (b"text,text\nRain,1\n", "the column 'text' stands twice; rename one"),
        ("text\nRain\n".encode("utf-16"), files.UTF16),
    ],
)
def test_a_csv_without_named_columns_is_refused_once(tmp_path: Path, data: bytes, reason: str) -> None:
    (skip,) = items(put(tmp_path / "a.csv", data))
    assert isinstance(skip, Skipped)
    assert skip.reason == reason


# GDELT: 27 columns of its knowledge graph, 16 of its mentions, 61 of its events, by the numbers of its codebooks.


def gdelt_line(width: int, **columns: str) -> str:
    line = [""] * width
    for number, value in columns.items():
        line[int(number[1:]) - 1] = value
    return "\t".join(line) + "\n"


EXTRAS = "<PAGE_PRECISEPUBTIMESTAMP>20200211143000</PAGE_PRECISEPUBTIMESTAMP><PAGE_TITLE>A &quot;B&#x2019;</PAGE_TITLE>"
PAGE_URL = "https://a.example/1"


@pytest.mark.parametrize(
    ("width", "columns", "expected"),
    [
        (
            27,
            {"c1": "20200211150000-T7", "c2": "20200211150000", "c3": "1", "c4": "a.example", "c5": PAGE_URL}
            | {"c27": EXTRAS},
            ("a.example", 'A "B’', "20200211143000", "20200211150000"),
        ),
        (
            16,
            {"c1": "9", "c2": "20200211000000", "c3": "20200211150000", "c4": "1", "c5": "a.example", "c6": PAGE_URL},
            ("a.example", None, None, "20200211150000"),
        ),
        (
            61,
            {"c1": "9", "c2": "20200211", "c3": "202002", "c4": "2020", "c5": "2020.1123"}
            | {"c60": "20200211150000", "c61": PAGE_URL},
            (None, None, None, "20200211150000"),
        ),
    ],
)
def test_tables_of_gdelt_name_no_columns(
    tmp_path: Path, width: int, columns: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    fetched = gdelt_line(width + 1, **columns, **{f"c{width + 1}": '"Rain" fell. 1" of it'})
    for name in ("20200211150000.gkg.csv", "20200211150000.export.CSV", "data"):
        article = only(put(tmp_path / name, fetched))
        assert (article.text, article.url) == ('"Rain" fell. 1" of it', PAGE_URL)
        assert (article.outlet, article.title, article.published, article.fetched) == expected
    bare = put(tmp_path / "a.tsv", gdelt_line(width, **columns) * 3)
    reason = f"GDELT's tables hold no text: fetch the pages, and put it into column {width + 1}"
    assert items(bare) == [Skipped(str(bare), 1, reason)]


# Feeds

FEED = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="2.0"><channel><title>C</title><language>de</language><atom:link href="x" rel="self"/>
<item><title>A &amp;amp; B&nbsp;</title><link>https://a.example/1</link><guid>g1</guid>
<dc:creator>Ann Reed</dc:creator><pubDate>Tue, 11 Feb 2020 14:30:00 GMT</pubDate>
<source url="https://s.example/feed">The Source</source><atom:link rel="via" href="https://v.example/"/>
<description>Teaser.</description>
<content:encoded><![CDATA[<p>Rain fell. <a href="https://s.example/1">Source</a></p>]]></content:encoded></item>
</channel></rss>"""


def test_an_item_of_rss(tmp_path: Path) -> None:
    (given,) = items(put(tmp_path / "a.rss", FEED))
    assert isinstance(given, Page)
    assert '<a href="https://s.example/1">' in str(given.html)
    article = only(tmp_path / "a.rss")
    assert (article.id, article.url, article.line) == ("https://a.example/1", "https://a.example/1", 4)
    assert (article.title, article.byline, article.language) == ("A &amp; B", "Ann Reed", "de")
    assert article.published == "Tue, 11 Feb 2020 14:30:00 GMT"
    assert "Rain fell." in article.text
    assert article.marks[:4] == (
        Mark("feed.id", "g1"),
        Mark("feed.source", "https://s.example/feed"),
        Mark("feed.source", "The Source"),
        Mark("feed.via", "https://v.example/"),
    )


def test_an_entry_of_atom(tmp_path: Path) -> None:
    data = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>C</title>
    <entry><id>tag:1</id><title>T</title>
    <author><name>Ann Reed</name><email>a@a.example</email></author><published>2020-02-11T14:30:00Z</published>
    <link href="https://a.example/1"/><link rel="related" href="https://r.example/"/>
    <source><title>The Source</title><link href="https://s.example/"/></source>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Rain &lt; <b>sun</b>.</p></div></content>
    </entry></feed>"""
    article = only(put(tmp_path / "a.atom", data))
    assert (article.url, article.byline, article.language) == ("https://a.example/1", "Ann Reed", "fr")
    assert "Rain <" in article.text
    assert [mark.value for mark in article.marks] == [
        *("tag:1", "https://s.example/", "The Source"),
        "https://r.example/",
    ]


def test_items_of_rdf_and_of_plain_text(tmp_path: Path) -> None:
    data = f"""<rdf:RDF xmlns:rdf="r"><channel rdf:about="c"><items><rdf:Seq/></items></channel>
    <item rdf:about="https://a.example/1"><description>{story(1)} AT&amp;amp;T</description></item>
    <item><guid>https://a.example/2</guid><description>{story(2)}</description></item>
    <item><guid>7</guid><description>{story(3)}</description></item><item/></rdf:RDF>"""
    first, second, third, last = items(put(tmp_path / "a.xml", data))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(third, Article)
    assert (first.text, first.url, second.url, third.url) == (
        *(f"{story(1)} AT&T", "https://a.example/1"),
        *("https://a.example/2", None),
    )
    assert third.id == "7"
    assert last == Skipped(f"{tmp_path}/a.xml", 4, "the text is empty")


def test_items_of_json_feed(tmp_path: Path) -> None:
    listed = [
        {"id": 1, "url": "u1", "external_url": "https://e.example/", "content_text": "Rain <fell>."}
        | {"authors": [{"name": "A"}]},
        {"id": "2", "content_html": "<p>Sun shone.</p>", "language": "fr"},
        {"id": "3"},
        "x",
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "language": "en", "items": listed}
    first, second, *skipped = read([put(tmp_path / "a.json", json.dumps(feed))])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.url, first.text, first.byline, first.language) == ("1", "u1", "Rain <fell>.", "A", "en")
    assert first.marks == (Mark("feed.related", "https://e.example/"),)
    assert (second.id, second.text, second.language) == ("2", "Sun shone.", "fr")
    assert [str(skip.reason) for skip in skipped if isinstance(skip, Skipped)] == [
        "record 3: the text is empty",
        "record 4: the item is not a JSON object",
    ]


# Records as crawlers write them: what each is, and url, outlet, published and fetched as we read them.

DIALECTS: dict[str, tuple[dict[str, object], tuple[str | None, ...]]] = {
    "scrapy": (
        {"body": "Rain.", "url": "https://a.example/1", "title": "T", "date": "2020-02-11"},
        ("https://a.example/1", None, "2020-02-11", None),
    ),
    "news-please": (
        {
            "maintext": "Rain.",
            "url": "https://a.example/1",
            "source_domain": "a.example",
            "date_publish": "2020-02-11 14:30:00",
            "date_download": "2020-02-12 00:00:00",
            "authors": ["Ann"],
            "localpath": None,
        },
        ("https://a.example/1", "a.example", "2020-02-11 14:30:00", "2020-02-12 00:00:00"),
    ),
    "trafilatura": (
        {
            "text": "Rain.",
            "raw_text": "Rain.",
            "source": "https://a.example/1",
            "source-hostname": "The A",
            "hostname": "a.example",
            "date": "2020-02-11",
        },
        ("https://a.example/1", "a.example", "2020-02-11", None),
    ),
    "webz.io": (
        {
            "uuid": "x",
            "text": "Rain.",
            "url": "https://a.example/1",
            "published": "2020-02-11T14:30:00.000+02:00",
            "crawled": "2020-02-11T15:00:00.000+02:00",
            "thread": {"site": "a.example", "site_full": "www.a.example", "url": "https://thread.example/"},
        },
        ("https://a.example/1", "a.example", "2020-02-11T14:30:00.000+02:00", "2020-02-11T15:00:00.000+02:00"),
    ),
    "nela-gt": (
        {
            "id": "a--1",
            "content": "Rain.",
            "source": "theA",
            "date": "2020-02-11",
            "published": "Tue, 11 Feb 2020 14:30:00 +0000",
            "published_utc": 1581431400,
            "collection_utc": 1581435000,
            "url": "https://a.example/1",
        },
        ("https://a.example/1", "theA", "Tue, 11 Feb 2020 14:30:00 +0000", "2020-02-11T15:30:00Z"),
    ),
    "media cloud": (
        {
            "stories_id": 7,
            "text": "Rain.",
            "url": "https://a.example/1",
            "media_name": "The A",
            "media_url": "https://a.example/",
            "publish_date": "2020-02-11",
            "indexed_date": "2020-02-12",
        },
        ("https://a.example/1", "The A", "2020-02-11", "2020-02-12"),
    ),
    "datatrove": (
        {
            "text": "Rain.",
            "id": "<urn:uuid:1>",
            "metadata": {"url": "https://a.example/1", "date": "2020-02-11T00:00:00Z", "file_path": "s3://x"},
        },
        ("https://a.example/1", None, "2020-02-11T00:00:00Z", None),
    ),
    "gdelt gkg": (
        {
            "text": "Rain.",
            "DocumentIdentifier": "https://a.example/1",
            "SourceCommonName": "a.example",
            "DATE": 20200211143000,
        },
        ("https://a.example/1", "a.example", None, "20200211143000"),
    ),
    "gdelt doc": (
        {"text": "Rain.", "url": "https://a.example/1", "domain": "a.example", "seendate": "20200211T143000Z"},
        ("https://a.example/1", "a.example", None, "20200211T143000Z"),
    ),
    "all the news": (
        {"article": "Rain.", "url": "https://a.example/1", "publication": "The A", "date": "2020-02-11"},
        ("https://a.example/1", "The A", "2020-02-11", None),
    ),
    "fundus": (
        {"body": "Rain.", "url": "https://a.example/1", "publisher": "TheA", "publishing_date": "2020-02-11 14:30:00"},
        ("https://a.example/1", "TheA", "2020-02-11 14:30:00", None),
    ),
    "c4": (
        {"text": "Rain.", "timestamp": "2019-04-25T12:57:54Z", "url": "https://a.example/1"},
        ("https://a.example/1", None, "2019-04-25T12:57:54Z", None),
    ),
    "an outlet by its address": (
        {"text": "Rain.", "source": "https://a.example/"},
        (None, "https://a.example/", None, None),
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_records_of_crawlers(tmp_path: Path, dialect: str) -> None:
    record, expected = DIALECTS[dialect]
    article = only(put(tmp_path / "a.jsonl", json.dumps(record)))
    assert (article.url, article.outlet, article.published, article.fetched) == expected
    assert article.text == "Rain."


def test_what_the_user_names_is_not_looked_for_in_containers(tmp_path: Path) -> None:
    file = put(tmp_path / "a.jsonl", json.dumps({"text": "Rain.", "metadata": {"url": "u", "title": "T"}}))
    (article,) = read([file], fields={"url": "address"})
    assert isinstance(article, Article)
    assert (article.url, article.title) == (None, "T")
