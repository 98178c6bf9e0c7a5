"""Small files of every format, written by hand, each with some stories in it."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc, parquet

from dedup.article import Article, Skipped
from dedup.extraction import Page
from dedup.readers import read

Items = list[Article | Skipped | Page]


def items(path: Path | str, input_format: str | None = None) -> Items:
    """Return what a file gives, its pages unread."""
    return [item for part in read([path], input_format=input_format).parts() for item in part]


def story(number: int) -> str:
    return f"Story {number} of the ferry that did not sail."


def stories(given: Items) -> list[int]:
    """Return the numbers of the stories in what a file gave, in their order."""
    texts = [item.text if isinstance(item, Article) else item.html for item in given if not isinstance(item, Skipped)]
    told = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
    return [number for text in told for number in range(20) if story(number) in text]


def page(number: int) -> bytes:
    return f"<html><head><title>T{number}</title></head><body><p>{story(number)}</p></body></html>".encode()


def http(body: bytes, head: str = "Content-Type: text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body


def warc(
    block: bytes, type_: str = "response", url: str = "https://a.example/", kind: str = "application/http"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {type_}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-02-11T00:00:00Z\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def arc(block: bytes, url: str = "https://a.example/") -> bytes:
    return f"{url} 192.0.2.1 20080430204825 text/html {len(block)}\n".encode() + block + b"\n"


def records() -> list[bytes]:
    return [warc(http(page(number)), url=f"https://a.example/{number}") for number in range(4)]


def arc_records() -> list[bytes]:
    about = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://a.arc 0.0.0.0 20080430204825 text/plain {len(about)}\n".encode() + about + b"\n"
    return [head, *(arc(http(page(number)), f"https://a.example/{number}") for number in range(4))]


def csv_rows() -> list[bytes]:
    rows = [f'https://a.example/{n},"{story(n)}\nIts ""second"" line, too",2020-02-1{n}\n'.encode() for n in range(4)]
    return [b"url,text,date\n", *rows]


def rss() -> list[bytes]:
    head = b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>The Ferry</title>\n'
    each = [
        f"<item><title>T{n}</title><link>https://a.example/{n}</link><description>{story(n)}</description></item>\n"
        for n in range(4)
    ]
    return [head, *(item.encode() for item in each), b"</channel></rss>\n"]


def atom() -> list[bytes]:
    each = [
        f'<entry><id>tag:{n}</id><link href="https://a.example/{n}"/><content type="html">&lt;p&gt;{story(n)}&lt;/p&gt;'
        "</content></entry>\n"
        for n in range(4)
    ]
    return [b'<feed xmlns="http://www.w3.org/2005/Atom">\n', *(item.encode() for item in each), b"</feed>"]


def table() -> pa.Table:
    return pa.table({"text": [story(n) for n in range(4)], "url": [f"https://a.example/{n}" for n in range(4)]})


def parquet_bytes() -> bytes:
    out = io.BytesIO()
    parquet.write_table(table(), out, row_group_size=1)
    return out.getvalue()


def arrow_bytes(open_writer: Callable[..., ipc.RecordBatchStreamWriter] = ipc.new_file) -> bytes:
    out = io.BytesIO()
    with open_writer(out, table().schema) as writer:
        writer.write_table(table(), max_chunksize=1)
    return out.getvalue()


def json_feed() -> bytes:
    listed = [{"id": str(n), "url": f"https://a.example/{n}", "content_html": f"<p>{story(n)}</p>"} for n in range(4)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": listed}).encode()


# What stands in a file of each format: parts that each hold one story, but perhaps for the first and the last.
PARTS: dict[str, list[bytes]] = {
    "a.warc": records(),
    "a.warc.gz": [gzip.compress(record, mtime=0) for record in records()],
    "a.arc": arc_records(),
    "a.arc.gz": [gzip.compress(record, mtime=0) for record in arc_records()],
    "a.csv": csv_rows(),
    "a.rss": rss(),
    "a.atom": atom(),
    "a.jsonl": [json.dumps({"text": story(n), "url": f"https://a.example/{n}"}).encode() + b"\n" for n in range(4)],
}
WHOLE: dict[str, bytes] = {
    "a.parquet": parquet_bytes(),
    "a.feather": arrow_bytes(),
    "a.arrow": arrow_bytes(ipc.new_stream),
    "a.json": json_feed(),
}
FILES = {name: b"".join(parts) for name, parts in PARTS.items()} | WHOLE
