"""Does a run that was killed give the same report when it is taken up again?

    python benchmarks/resumed.py [--pages 20000] [--extractor resiliparse] [--dry]

An invented WARC of so many pages is scanned with `--resume`, killed with SIGKILL once half of its pages are kept, and
taken up again; another run is left alone. The two reports must be equal but for when they began and how long they took.
Prints how long each took, and appends that to records/resumed.jsonl, but for --dry.
"""

import argparse
import gzip
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measuring
import orjson
from archives import warc_record

from dedup.extraction.checkpoints import CHUNK

WORDS = 160
COPIES = 20  # one of so many pages is the page before it, at another outlet
VOCABULARY = tuple(f"{start}{end}" for start in ("har", "fer", "quay", "tide", "mast") for end in range(400))


def build(path: Path, pages: int) -> None:
    """Write the archive."""
    source = random.Random(1)
    text = ""
    with path.open("wb") as out:
        for number in range(pages):
            is_copy = number % COPIES == COPIES - 1
            text = text if is_copy else " ".join(source.choices(VOCABULARY, k=WORDS))
            html = (
                f"<html lang=en><head><title>Story {number}</title><meta property='article:published_time' "
                f"content='2020-02-{1 + number % 28:02}T06:30:00Z'></head><body><nav><a href=/>Home</a></nav><article>"
                f"<h1>Story {number}</h1><p>{text}.</p>"
                f"{f'<p>Source: outlet{number % 50}.example</p>' if is_copy else ''}</article></body></html>"
            )
            answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}".encode()
            record = warc_record(answer, "response", number).replace(
                b"https://a.example", b"https://outlet%d.example" % (number % 50 + 50 * is_copy)
            )
            out.write(gzip.compress(record, compresslevel=1))


def without_clock(path: Path) -> object:
    report = orjson.loads(path.read_bytes())
    return report | {"run": report["run"] | {"started": None, "seconds": None}}


def main() -> None:
    """Build, kill, take up again, compare, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--extractor", default="resiliparse")
    parser.add_argument("--dry", action="store_true", help="record nothing")
    asked = parser.parse_args()
    measuring.refuse_debug_build()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "a.warc.gz", asked.pages)
        scan = [sys.executable, "-m", "dedup", "scan", "a.warc.gz", "--extractor", asked.extractor, "--quiet", "-o"]
        half = folder / "run" / f"pages-{asked.pages // CHUNK // 2:06}"
        begun = time.perf_counter()
        killed = subprocess.Popen([*scan, "resumed.json", "--resume", "run"], cwd=folder)
        while not half.exists():
            if killed.poll() is not None:
                raise SystemExit("the run ended before it was killed")
            time.sleep(0.02)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        if (folder / "resumed.json").exists():
            raise SystemExit("there is a report of a run that was killed")
        seconds = {"killed": time.perf_counter() - begun}
        for run, options in (("resumed", ["--resume", "run"]), ("alone", [])):
            begun = time.perf_counter()
            subprocess.run([*scan, f"{run}.json", *options], cwd=folder, check=True)
            seconds[run] = time.perf_counter() - begun
        summary = orjson.loads((folder / "alone.json").read_bytes())["summary"]
        if without_clock(folder / "resumed.json") != without_clock(folder / "alone.json"):
            raise SystemExit("the reports differ")
    figures = {key: summary[key] for key in ("articles", "families", "republications", "skipped")}
    print(f"equal: {figures}; seconds " + ", ".join(f"{run} {taken:.1f}" for run, taken in seconds.items()))
    if not asked.dry:
        measuring.record("resumed", {"extractor": asked.extractor, "pages": asked.pages, **figures, "seconds": seconds})


if __name__ == "__main__":
    main()
