"""How fast does a web archive stream, and in how much memory?

    python benchmarks/archives.py [--megabytes 1000] [--dry]

An invented WARC of so many megabytes (unpacked), a gzip member for each record, is written to a temporary folder: pages
of 60 KB beside requests, pictures of 5 MB, and now and then a broken member. One fresh process frames all of its
records, one hands on its pages unread; each ends with its seconds and its peak of resident memory. A count that is not
that of the truth, or a peak of 1 GB, ends the run with an error. Prints the figures, and appends them to
records/archives.jsonl, but for --dry.
"""

import argparse
import gzip
import random
import sys
import tempfile
import time
from pathlib import Path

import measuring

PAGE, PICTURE = 60_000, 5_000_000
PICTURES = 50  # every so many pages a picture, a broken member after it
MOST_MB = 1024
WORDS = ("rain", "fell", "on", "the", "harbour", "while", "a", "ferry", "did", "not", "sail", "and", "nobody", "knew")


def warc_record(block: bytes, kind: str, number: int) -> bytes:
    """Return one record."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Date: 2020-02-11T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def build(path: Path, size: int) -> tuple[int, int, int]:
    """Write an archive of about `size` bytes; return how many records, pages and broken members it holds."""
    source = random.Random(1)
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + source.randbytes(PICTURE)
    written = found = pages = broken = 0
    with path.open("wb") as out:
        while written < size:
            text = " ".join(source.choices(WORDS, k=PAGE // 6))
            page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>{pages} {text}</p></body></html>"
            blocks = [(page.encode(), "response"), (b"GET / HTTP/1.1\r\n\r\n", "request")]
            blocks += [(picture, "response")] if pages % PICTURES == 0 else []
            for block, kind in blocks:
                out.write(gzip.compress(warc_record(block, kind, pages), compresslevel=1))
                written += len(block)
                found += 1
            if pages % PICTURES == 0:
                out.write(gzip.compress(warc_record(page.encode(), "response", pages), compresslevel=1)[:-40])
                broken += 1
            pages += 1
    return found, pages, broken


def stage(name: str, path: Path) -> None:
    """Read the archive in this process, and print what that took."""
    from dedup.article import Skipped
    from dedup.readers import files, read
    from dedup.readers.records import Damage, records

    started = time.perf_counter()
    good = bad = 0
    given = records(files.raw(str(path))) if name == "records" else (i for part in read([path]).parts() for i in part)
    for item in given:
        bad += isinstance(item, (Damage, Skipped))
        good += not isinstance(item, (Damage, Skipped))
    measuring.report_process(started, good=good, bad=bad)


def main() -> None:
    """Build, measure, check, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="record nothing")
    asked = parser.parse_args()
    figures: dict[str, object] = {"megabytes": asked.megabytes}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc.gz"
        found, pages, broken = build(path, asked.megabytes * 1_000_000)
        print(f"{asked.megabytes} MB: {found} records, {pages} pages, {broken} broken members")
        for name, good in (("records", found), ("pages", pages)):
            got = measuring.in_fresh_process(Path(__file__), "--stage", name, str(path))
            if (got["good"], got["bad"]) != (good, broken) or got["peak_mb"] >= MOST_MB:
                raise SystemExit(f"{name}: {got}, expected {good} and {broken} in less than {MOST_MB} MB")
            speed = asked.megabytes / got["seconds"]
            print(f"{name:8} {good / got['seconds']:9,.0f}/s {speed:7,.0f} MB/s   peak {got['peak_mb']:.0f} MB")
            figures[name] = {"per_second": good / got["seconds"], "mb_per_second": speed, "peak_mb": got["peak_mb"]}
    if not asked.dry:
        measuring.record("archives", figures)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        stage(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
