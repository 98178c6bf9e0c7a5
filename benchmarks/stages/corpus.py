"""What is measured on? A made-up corpus in all the shapes that the stages read, and the truth about it.

In the folder: `corpus.jsonl`, `.gz` and `.zst`; `bodies.jsonl`, the articles' bodies as JSON strings; `folded.jsonl`,
their words folded in plain Python, one space between them.
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import orjson
import synthesize
import zstandard

from stages.exact import Pairs, alike

_APOSTROPHES = re.compile("['’]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk: its size, in articles, words of the bodies and of the pages, and bytes of file, pages and
    bodies; and the pairs of bodies that are alike.
    """

    folder: Path
    articles: int
    words: int
    page_words: int
    file_bytes: int
    page_bytes: int
    body_bytes: int
    alike: Pairs


def folded(body: str) -> str:
    """Return the words of an English text in lower case, one space between them.

    >>> folded("“Don’t wait,” he said.")
    'dont wait he said'
    """
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", body).lower()))


def build(folder: Path, articles: int, seed: int) -> Corpus:
    """Write a corpus into a folder and return it with its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "corpus.jsonl"
    synthesize.write(path, articles, seed)
    data = path.read_bytes()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(data, 6))
    (folder / "corpus.jsonl.zst").write_bytes(zstandard.compress(data, 3))
    pages = [orjson.loads(line)["text"] for line in data.splitlines()]
    truth = [orjson.loads(line) for line in synthesize.truth_path(path).read_bytes().splitlines()]
    spans = [(row["start"], row["end"]) for row in truth if "article" in row]
    bodies = [page[start:end] for page, (start, end) in zip(pages, spans, strict=True)]
    words = [folded(body) for body in bodies]
    for name, texts in (("bodies", bodies), ("folded", words)):
        (folder / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(text) + b"\n" for text in texts))
    return Corpus(
        folder,
        articles,
        sum(len(text.split()) for text in words),
        sum(len(folded(page).split()) for page in pages),
        len(data),
        sum(len(page.encode()) for page in pages),
        sum(len(body.encode()) for body in bodies),
        alike(words),
    )
