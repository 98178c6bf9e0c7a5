"""The readers, rule by rule: which files are read, which fields are recognised, what a page says."""

import gzip
import io
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard

from dedup.article import Article, Mark, Skipped, Span
from dedup.errors import UsageError
from dedup.readers import expand, read
from dedup.readers.fields import NAMES

PROSE = "The ferry left the harbour at six in the morning, two hours late, with forty passengers on board. "
PARAGRAPHS = [f"Paragraph {number}. " + PROSE * 3 for number in ("one", "two", "three")]


def write(path: Path, *records: object) -> str:
    path.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    return str(path)


def only(path: str | Path, **fields: str) -> Article:
    (article,) = read([path], fields=fields)
    assert isinstance(article, Article), article
    return article


def reason(path: str | Path, **fields: str) -> str:
    (skipped,) = read([path], fields=fields)
    assert isinstance(skipped, Skipped), skipped
    return skipped.reason


# Paths


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = (
        *("b.jsonl", "a.txt", "c.JSONL.GZ", "d.html.zst", "e.markdown", "sub/f.ndjson", "sub/deep/g.jl.zst"),
        *("truth.json", "notes.pdf", ".hidden.txt", ".git/h.txt", "sub/.i.jsonl", "data.gz"),
    )
    for name in names:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


IN_FOLDER = ["a.txt", "b.jsonl", "c.JSONL.GZ", "d.html.zst", "e.markdown", "sub/deep/g.jl.zst", "sub/f.ndjson"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["."], [f"./{name}" for name in IN_FOLDER], id="folder"),
        pytest.param(["./sub/"], ["./sub/deep/g.jl.zst", "./sub/f.ndjson"], id="folder with a slash"),
        pytest.param(["b.jsonl", "a.txt"], ["a.txt", "b.jsonl"], id="sorted"),
        pytest.param(["a.txt", "a.txt", "./a.txt"], ["./a.txt"], id="each once"),
        pytest.param(["*.txt"], ["a.txt"], id="glob"),
        pytest.param(["**/*.j*l*"], ["b.jsonl", "sub/deep/g.jl.zst"], id="glob across folders"),
        pytest.param(["s?b"], ["sub/deep/g.jl.zst", "sub/f.ndjson"], id="glob that matches a folder"),
        pytest.param(["truth.json", "notes.pdf"], ["notes.pdf", "truth.json"], id="named files of any kind"),
        pytest.param([".hidden.txt"], [".hidden.txt"], id="a named hidden file"),
        pytest.param(["-", "a.txt", "-"], ["-", "a.txt"], id="standard input"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_expand(corpus: Path, paths: list[str], expected: list[str]) -> None:
    assert expand(paths) == expected
    assert expand(list(reversed(paths))) == expected


def test_a_file_name_may_look_like_a_glob(corpus: Path) -> None:
    (corpus / "a[1].txt").write_text("x")
    assert expand(["a[1].txt"]) == ["a[1].txt"]


@pytest.mark.parametrize("path", ["missing.jsonl", "missing/*.txt", "**/*.parquet"])
def test_a_path_that_leads_nowhere_is_refused_at_once(corpus: Path, path: str) -> None:
    with pytest.raises(UsageError, match=r"missing|parquet"):
        read([path])


def test_a_bare_string_is_not_a_list_of_paths() -> None:
    with pytest.raises(UsageError, match="must be a list"):
        expand("corpus")


def test_a_folder_that_cannot_be_listed_is_refused(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(UsageError, match="cannot be listed"):
        expand(["."])


def test_a_folder_below_that_cannot_be_listed_is_reported_and_nothing_else_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open.txt").write_text("Rain fell on the ferry.", encoding="utf-8")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def denied(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    items = {item.path: item for item in read([str(tmp_path)])}
    assert isinstance(items[f"{tmp_path}/closed"], Skipped)
    assert isinstance(items[f"{tmp_path}/open.txt"], Article)


def test_a_broken_link_is_reported_and_a_pipe_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path) == "cannot be read: No such file or directory"


def test_paths_are_reported_as_given(corpus: Path) -> None:
    (corpus / "sub" / "f.ndjson").write_text('{"text": "Rain."}\n')
    assert [(article.path, article.line) for article in read(["sub"])] == [("sub/f.ndjson", 1)]


# Formats


RECORD = {"id": "r", "text": "Rain fell."}
LINE = json.dumps(RECORD).encode() + b"\n"
PAGE = f"<html><body><article><p>{'</p><p>'.join(PARAGRAPHS)}</p></article></body></html>".encode()


@pytest.mark.parametrize(
    ("name", "data", "start"),
    [
        ("x.jsonl", LINE, "Rain"),
        ("x.bin", LINE, "Rain"),
        ("x.bin", b"\xef\xbb\xbf \n\n" + LINE, "Rain"),
        ("x.bin", b"Rain on its own.", "Rain"),
        ("noname", b"\n  " + PAGE, "Paragraph one."),
        ("x.json", json.dumps(RECORD, indent=2).encode(), "Rain"),
        ("x.json", b"\xef\xbb\xbf" + json.dumps([RECORD]).encode(), "Rain"),
        ("x.txt", b"{ Rain in braces }", "{ Rain"),
        ("x.HTM", PAGE, "Paragraph one."),
        ("x.md", b"# Rain", "# Rain"),
    ],
)
@pytest.mark.parametrize("archive", ["", ".gz", ".zst", "magic"])
def test_the_format_is_known_by_suffix_or_first_character(
    tmp_path: Path, name: str, data: bytes, start: str, archive: str
) -> None:
    packed = {"": data, ".gz": gzip.compress(data), ".zst": zstandard.compress(data), "magic": gzip.compress(data)}
    file = tmp_path / (name + archive.removeprefix("magic"))
    file.write_bytes(packed[archive])
    assert only(file).text.startswith(start)


def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch) -> None:
    for data, expected in ((LINE, ("r", 1)), (b"Rain.", ("-", None)), (gzip.compress(LINE), ("r", 1))):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        (article,) = read(["-"])
        assert isinstance(article, Article)
        assert (article.id, article.line, article.path) == (*expected, "-")


def test_archives_of_many_members_are_read_to_the_end(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    for name, data in (
        ("a.jsonl.gz", gzip.compress(LINE) + gzip.compress(b"") + gzip.compress(LINE) + b"\0" * 512),
        ("b.jsonl.zst", zstandard.compress(LINE) + skippable + zstandard.compress(LINE)),
    ):
        (tmp_path / name).write_bytes(data)
        assert [type(result) for result in read([tmp_path / name])] == [Article, Article]


def test_a_json_file_names_its_records(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text(json.dumps([{"text": "Rain."}, {"text": ""}, 7, {"text": "Sun.", "url": "https://a.example/"}]))
    results = list(read([file]))
    assert [result.id for result in results if isinstance(result, Article)] == [f"{file}:1", "https://a.example/"]
    assert [result.reason for result in results if isinstance(result, Skipped)] == [
        "record 2: the text is empty (field 'text')",
        "record 3: not a JSON object but a number",
    ]


# Records


class Field(NamedTuple):
    target: str
    value: Any
    expected: str | None


@pytest.mark.parametrize(
    ("target", "name"),
    [(target, name) for target in NAMES if target not in ("text", "html") for name in NAMES[target]],
)
def test_every_name_of_the_table_is_recognised(tmp_path: Path, target: str, name: str) -> None:
    article = only(write(tmp_path / "a.jsonl", {"text": "Rain.", name: "value"}))
    assert asdict(article)[target] == "value"


@pytest.mark.parametrize("name", NAMES["text"])
def test_every_name_of_a_text_is_recognised(tmp_path: Path, name: str) -> None:
    assert only(write(tmp_path / "a.jsonl", {name: "Rain."})).text == "Rain."


@pytest.mark.parametrize(
    "case",
    [
        Field("title", 2020, "2020"),
        Field("title", True, None),
        Field("title", ["a"], None),
        Field("title", "  ", None),
        Field("title", " kept ", " kept "),
        Field("outlet", {"id": None, "name": "The Ferry"}, "The Ferry"),
        Field("outlet", {"id": "ferry", "domain": "ferry.example"}, "ferry.example"),
        Field("outlet", {"id": "ferry"}, None),
        Field("byline", ["Ann Reed", {"name": "Bo Lind"}, None, ""], "Ann Reed, Bo Lind"),
        Field("byline", [], None),
        Field("byline", {"name": "Ann Reed"}, "Ann Reed"),
        Field("published", "11 Feb 2020, early", "11 Feb 2020, early"),
        Field("published", 1581379200, "2020-02-11T00:00:00Z"),
        Field("published", 1581379200.5, "2020-02-11T00:00:00.500000Z"),
        Field("published", 1581379200250, "2020-02-11T00:00:00.250000Z"),
        Field("published", 20200211, "20200211"),
        Field("published", 1e300, None),
        Field("fetched", 1581379200, "2020-02-11T00:00:00Z"),
        Field("id", 17, "17"),
    ],
    ids=str,
)
def test_values(tmp_path: Path, case: Field) -> None:
    file = write(tmp_path / "a.jsonl", {"text": "Rain.", case.target: case.value})
    assert asdict(only(file))[case.target] == case.expected


def test_the_first_usable_name_of_a_row_wins_in_any_order(tmp_path: Path) -> None:
    pairs = {"headline": "second", "title": None, "webTitle": "third", "body": "Rain.", "text": " ", "content": "x"}
    for record in (pairs, dict(reversed(pairs.items()))):
        article = only(write(tmp_path / "a.jsonl", record))
        assert (article.title, article.text) == ("second", "Rain.")


def test_ids_fall_back_to_url_and_place(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", {"text": "a", "id": "x", "url": "u"}, {"text": "b", "url": "u"}, {"text": "c"})
    assert [article.id for article in read([file]) if isinstance(article, Article)] == ["x", "u", f"{file}:3"]


def test_own_field_names(tmp_path: Path) -> None:
    record = {"text": "no", "story": {"body": "Rain."}, "site": "no", "paper": "The Ferry", "when.seen": "2020"}
    file = write(tmp_path / "a.jsonl", record)
    article = only(file, text="story.body", outlet="paper", fetched="when.seen")
    assert (article.text, article.outlet, article.fetched) == ("Rain.", "The Ferry", "2020")
    assert reason(file, text="story.missing").startswith("no text field; say --field text=NAME")
    assert only(file, title="text", text="paper").title == "no"


@pytest.mark.parametrize("fields", [{"txt": "story"}, {"text": ""}])
def test_unknown_targets_and_empty_names_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"choose from id, text, html|name the field"):
        read([], fields=fields)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"text": "a"', "invalid JSON: "),
        (b'{"text": "\\ud800"}', "invalid JSON: "),
        (b'{"text": NaN}', "invalid JSON: "),
        (b'{"text": "caf\xe9"}', "not UTF-8 at byte 14; convert it to UTF-8"),
        (b"[" * 5000, "invalid JSON: "),
        (b'["text"]', "not a JSON object but an array"),
        (b"null", "not a JSON object but null"),
        (b'{"story": "a", "n": 1}', "no text field; say --field text=NAME (fields seen: 'story', 'n')"),
        (b"{}", "no text field; say --field text=NAME (fields seen: none)"),
        (b'{"text": {"rendered": "a"}}', "the text is not a string but an object; say --field text=NAME"),
        (b'{"text": 5, "body": "a"}', "the text is not a string but a number"),
        (b'{"body": " \\n\\t\\u00a0"}', "the text is empty (field 'body')"),
        (b'{"text": null}', "the text is empty (field 'text')"),
    ],
)
def test_lines_that_give_no_article(tmp_path: Path, line: bytes, expected: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(LINE + b"\r\n  \n" + line + b"\n" + LINE)
    first, skipped, last = read([file])
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(skipped, Skipped)
    assert (skipped.path, skipped.line) == (str(file), 4)
    assert skipped.reason.startswith(expected)


def test_a_record_without_text_is_read_from_its_page(tmp_path: Path) -> None:
    html = PAGE.decode().replace(
        "<html>", "<html lang=en><title>Page</title><link rel=canonical href=https://a.example/1>"
    )
    article = only(
        write(tmp_path / "a.jsonl", {"raw_html": html, "text": "", "headline": "Record", "site": "The Ferry"})
    )
    assert (article.title, article.url, article.id) == ("Record", "https://a.example/1", "https://a.example/1")
    assert (article.outlet, article.language, article.line) == ("The Ferry", "en", 1)
    assert article.text.startswith("Paragraph one.")


# Text


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("---\ntitle: Rain\ndate: 2020-02-11\n---\nIt rained.", "Rain", "It rained."),
        ('---\r\ntitle: "Rain: a story"\r\n---\r\nIt rained.\r\n', "Rain: a story", "It rained.\r\n"),
        ("---\ntitle: Rain\ntags: [a, b]\nempty:\n---\nIt rained.", "Rain", "It rained."),
        ("---\ntitle: [Rain]\n---\nIt rained.", None, "It rained."),
        ("---\ntitle: Rain\ntags:\n  - a\n---\nIt rained.", None, None),
        ("---\ntitle: Rain\nIt never ends.", None, None),
        ("---\n" + "k: v\n" * 200 + "---\nIt rained.", None, None),
        ("---", None, None),
        ("It rained.\n---\ntitle: Rain\n---\n", None, None),
        ("# Rain\n", None, None),
    ],
)
def test_front_matter(tmp_path: Path, content: str, title: str | None, text: str | None) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"\xef\xbb\xbf" + content.encode())
    article = only(file)
    assert (article.title, article.text, article.id) == (title, content if text is None else text, str(file))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"caf\xe9", "not UTF-8 at byte 4; convert it to UTF-8: iconv -f ENCODING -t UTF-8"),
        ("Rain".encode("utf-16"), "the file is UTF-16; convert it to UTF-8: iconv -f UTF-16 -t UTF-8"),
        (b" \n", "the text is empty"),
        (b"", "the text is empty"),
        (b"---\ntitle: Rain\n---\n", "the text is empty"),
    ],
)
def test_texts_that_give_no_article(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert reason(tmp_path) == expected


# Pages


FULL_PAGE = f"""<!doctype html><html lang="de-AT"><head><title>Title</title>
<link rel="Canonical" href="https://origin.example/rain">
<meta property="og:url" content="https://host.example/rain"><meta property="og:title" content="OG title">
<meta name="DATE" content="2020-02-12"><meta property="article:published_time" content="2020-02-11T06:00:00Z">
<meta property="article:modified_time" content="2020-02-13"><meta name="byl" content="By Ann Reed">
<meta name="syndication-source" content="https://wire.example/1"><meta name="original-source" content="Wire">
<script type="application/ld+json">{{broken</script>
<script type="application/ld+json">{{"@graph": [
 {{"@type": "WebPage", "datePublished": "1999-01-01"}},
 {{"@type": ["NewsArticle"], "headline": "LD title", "datePublished": "2020-02-11T07:00:00+01:00",
   "author": [{{"@id": "#ann"}}, "Bo Lind"], "publisher": {{"@id": "#ferry"}}, "articleBody": "ignored",
   "isBasedOn": ["https://origin.example/rain"], "sourceOrganization": {{"name": "Wire Service"}}}},
 {{"@type": "NewsArticle", "datePublished": "2011-11-11"}},
 {{"@id": "#ann", "name": "Ann  Reed"}}, {{"@id": "#ferry", "name": "The Ferry", "url": "https://ferry.example"}}]}}</script>
</head><body><nav><a href="/">Home</a> menu line</nav>
<ul><li><a href="/a">World</a></li><li><a href="/b">Sport</a></li><li><a href="/c">Rain</a></li></ul>
<p>By <a href="https://ferry.example/ann">Ann Reed</a></p>
<article><p>{"</p><aside>Subscribe to our letter</aside><p>".join(PARAGRAPHS)}</p></article>
<img src="https://media.example/a.jpg"><img src="/local.jpg"><video src="//video.example/b.mp4"></video>
<img src="https://media.example/a.jpg"><script>var hidden = "hidden";</script>
<div class="copyright">The original source of this article is <a href="https://wire.example/1">Wire</a></div>
<footer>Copyright © Wire<br>By Ann Reed<br>Paragraph one. {PROSE * 3}</footer></body></html>"""


def test_what_a_page_says(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(FULL_PAGE, encoding="utf-8")
    article = only(tmp_path)
    assert (article.id, article.url) == ("https://host.example/rain",) * 2
    assert (article.title, article.outlet, article.byline) == ("OG title", "The Ferry", "Ann Reed, Bo Lind")
    assert (article.published, article.modified) == ("2020-02-11T07:00:00+01:00", "2020-02-13")
    assert (article.language, article.path, article.line) == ("de-AT", str(tmp_path / "page.html"), None)
    assert article.marks == tuple(
        Mark(*pair)
        for pair in (
            ("canonical", "https://origin.example/rain"),
            ("date.published.jsonld", "2020-02-11T07:00:00+01:00"),
            ("jsonld.headline", "LD title"),
            ("jsonld.author", "Ann Reed, Bo Lind"),
            ("jsonld.publisher", "The Ferry"),
            ("jsonld.publisher.url", "https://ferry.example"),
            ("jsonld.sourceOrganization", "Wire Service"),
            ("jsonld.isBasedOn", "https://origin.example/rain"),
            ("og:url", "https://host.example/rain"),
            ("og:title", "OG title"),
            ("author", "By Ann Reed"),
            ("syndication-source", "https://wire.example/1"),
            ("original-source", "Wire"),
            ("date.published.meta.article:published_time", "2020-02-11T06:00:00Z"),
            ("date.published.meta.date", "2020-02-12"),
            ("date.modified.meta.article:modified_time", "2020-02-13"),
            ("language", "de-AT"),
            ("media", "https://media.example/a.jpg"),
            ("media", "//video.example/b.mp4"),
        )
    )


def test_all_that_a_page_shows_is_its_text_and_the_article_its_main_part(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(FULL_PAGE, encoding="utf-8")
    article = only(tmp_path)
    story = [paragraph.strip() for paragraph in PARAGRAPHS]
    letter = "Subscribe to our letter"
    assert article.text.split("\n\n") == [
        *("Home menu line", "World", "Sport", "Rain", "By Ann Reed", story[0], letter, story[1], letter, story[2]),
        *("The original source of this article is Wire", "Copyright © Wire", "By Ann Reed"),
        f"Paragraph one. {(PROSE * 3).strip()}",
    ]
    assert [span.of(article.text) for span in article.main or ()] == story
    assert [element.span.of(article.text) for element in article.elements] == article.text.split("\n\n")
    around = {element.span.of(article.text): element for element in article.elements}
    assert around["World"].path == "ul/li/a"
    assert around["By Ann Reed"].path in ("p", "footer")
    credit = around["The original source of this article is Wire"]
    assert (credit.path, credit.classes, credit.links) == ("div", ("copyright",), ("https://wire.example/1",))


def test_an_article_that_stands_in_a_script_follows_behind_what_is_shown(tmp_path: Path) -> None:
    body = " ".join(PARAGRAPHS)
    html = (
        '<body><p>Rain Post</p><script type="application/ld+json">'
        f"{json.dumps({'@type': 'NewsArticle', 'articleBody': body})}</script>"
    )
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    article = only(tmp_path)
    assert article.text.startswith("Rain Post\n\nParagraph one.")
    assert [element.path for element in article.elements] == ["p", "script"]
    assert [span.of(article.text) for span in article.main or ()] == [" ".join(body.split())]


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
def test_extractors_agree_on_a_plain_page(tmp_path: Path, extractor: str) -> None:
    pytest.importorskip(extractor)
    (tmp_path / "a.html").write_bytes(PAGE)
    (article,) = read([tmp_path], extractor=extractor)
    assert isinstance(article, Article)
    assert article.main == (Span(0, len(article.text)),)


def test_an_unknown_extractor_is_refused() -> None:
    with pytest.raises(UsageError, match="choose from trafilatura, resiliparse"):
        read([], extractor="telepathy")


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-8", '<meta charset="windows-1251">'),
        ("cp1251", '<meta charset="windows-1251">'),
        ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("cp1251", '<meta charset="punycode">'),
        ("cp1251", ""),
    ],
)
def test_charsets(tmp_path: Path, encoding: str, head: str) -> None:
    prose = "Паром вышел из гавани в шесть утра с опозданием на два часа, на борту было сорок пассажиров. " * 4
    html = f"<html><head>{head}</head><body><article><p>{prose}</p><p>{prose}</p></article></body></html>"
    (tmp_path / "a.html").write_bytes(html.encode(encoding))
    assert only(tmp_path).text.startswith("Паром вышел из гавани")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no article text found in the page"),
        (b"<html><body><script>x</script></body></html>", "no article text found in the page"),
        (b"\xef\xbb\xbf\xff<p>x", "the page's encoding cannot be told; convert it to UTF-8"),
    ],
)
def test_pages_that_give_no_article(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "a.html").write_bytes(data)
    assert reason(tmp_path) == expected


def test_json_lines_load_no_html_library(tmp_path: Path) -> None:
    import subprocess

    file = write(tmp_path / "a.jsonl", RECORD)
    heavy = "trafilatura", "lxml", "selectolax", "charset_normalizer", "zstandard"
    code = f"import sys, dedup.readers as r; list(r.read([{file!r}])); print([m for m in {heavy} if m in sys.modules])"
    # In a folder of its own: Python would import the sources beside the tests, which hold no compiled core.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "[]\n"
