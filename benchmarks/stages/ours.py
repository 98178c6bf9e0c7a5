"""One stage of ours in a process of its own: `python ours.py STAGE FOLDER CORES`, which prints its figures as JSON.

What a stage needs of the stages before it is made before the clock starts. `checked` is what the benchmark holds
against the truth: how many words were counted, or the number of articles; stages that give pairs leave them in FOLDER.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stages import clock

if __name__ == "__main__":
    clock.pin(int(sys.argv[3]))

import json
import resource
import subprocess
from collections.abc import Callable

import numpy as np
import orjson
from numpy.typing import NDArray

import dedup
from dedup import _core
from dedup.boilerplate import LEAST_BODIES, lay_out
from dedup.boilerplate.wording import cue_hits, load_cues
from dedup.fingerprint import Ranges, fingerprint
from dedup.match import BANDS, FAN_OUT, MOST_BODIES, PASSAGE_WORDS, ROWS, find_matches
from dedup.scheme import SCHEME_V1

LEAST_JACCARD = 0.7

Figures = dict[str, float]
Pairs = tuple[NDArray[np.uint32], NDArray[np.uint32]]


def _bodies(folder: Path) -> tuple[list[str], Ranges]:
    texts = [orjson.loads(line) for line in (folder / "bodies.jsonl").open("rb")]
    lengths = np.array([len(text) for text in texts], dtype=np.uint32)
    return texts, Ranges(np.arange(len(texts) + 1), np.zeros_like(lengths), lengths)


def _articles(folder: Path) -> list[dedup.Article]:
    return [item for item in dedup.read([str(folder / "corpus.jsonl")]) if isinstance(item, dedup.Article)]


def _outlets(articles: list[dedup.Article]) -> NDArray[np.uint32]:
    return np.unique([str(article.outlet) for article in articles], return_inverse=True)[1].astype(np.uint32)


def _leave(folder: Path, stage: str, pairs: Pairs) -> None:
    np.stack(pairs, axis=1).astype(np.uint32).tofile(folder / f"{stage}.pairs")


def parse(folder: Path) -> Figures:
    """A bare loop of orjson.loads over the file: the floor under everything that reads it."""
    with (folder / "corpus.jsonl").open("rb") as lines:
        figures, count = clock.timed(lambda: sum(1 for line in lines if orjson.loads(line)))
    return {**figures, "checked": count}


def read(folder: Path) -> Figures:
    """The file to Articles."""
    figures, articles = clock.timed(lambda: _articles(folder))
    return {**figures, "checked": len(articles)}


def words(folder: Path) -> Figures:
    """Words of the bodies, one call an article: the core has no call that splits a batch into words only."""
    texts, _ = _bodies(folder)
    figures, count = clock.timed(lambda: sum(len(_core.words(text)[0]) for text in texts))
    return {**figures, "checked": count}


def blocks(folder: Path) -> Figures:
    """Whole pages to blocks with their keys."""
    texts = [article.text for article in _articles(folder)]
    figures, found = clock.timed(lambda: _core.blocks(texts))
    return {**figures, "checked": len(found[0]) - 1}


def cues(folder: Path) -> Figures:
    """The cues that hold on blocks, the rules already compiled."""
    load_cues()
    texts = [article.text for article in _articles(folder)]
    offsets, starts, ends, counts, _ = _core.blocks(texts)
    figures, _ = clock.timed(lambda: cue_hits(texts, Ranges(offsets, starts, ends), counts))
    return {**figures, "checked": len(offsets) - 1}


def recurrence(folder: Path) -> Figures:
    """The blocks that recur under different bodies."""
    articles = _articles(folder)
    texts, outlets = [article.text for article in articles], _outlets(articles)
    offsets, starts, ends, _, keys = _core.blocks(texts)
    blocks = Ranges(offsets, starts, ends)
    figures, _ = clock.timed(lambda: _core.recurrence(texts, blocks, keys, outlets, LEAST_BODIES))
    return {**figures, "checked": len(offsets) - 1}


def layout(folder: Path) -> Figures:
    """All of boilerplate: blocks, cues, recurrence, headlines."""
    load_cues()
    articles = _articles(folder)
    outlets = _outlets(articles)
    figures, found = clock.timed(lambda: lay_out(articles, outlets))
    return {**figures, "checked": len(found.blocks.offsets) - 1}


def signature(folder: Path) -> Figures:
    """Bodies to signatures."""
    texts, whole = _bodies(folder)
    figures, prints = clock.timed(lambda: fingerprint(texts, whole))
    return {**figures, "checked": int(prints.words.sum())}


def bands(folder: Path) -> Figures:
    """Signatures to candidates."""
    prints = fingerprint(*_bodies(folder))
    figures, (left, right, capped) = clock.timed(lambda: _core.candidates(prints.signatures, BANDS, ROWS, FAN_OUT))
    _leave(folder, "bands", (left, right))
    return {**figures, "capped": capped}


def winnow(folder: Path) -> Figures:
    """Bodies to those that share a passage."""
    texts, whole = _bodies(folder)
    width = SCHEME_V1.width
    window = PASSAGE_WORDS - width + 1
    figures, (left, right, capped) = clock.timed(
        lambda: _core.passage_candidates(texts, whole, width, window, MOST_BODIES)
    )
    _leave(folder, "winnow", (left, right))
    return {**figures, "capped": capped}


def exact(folder: Path) -> Figures:
    """Candidates of the bands to exact counts, and those alike enough."""
    texts, whole = _bodies(folder)
    left, right, _ = _core.candidates(fingerprint(texts, whole).signatures, BANDS, ROWS, FAN_OUT)
    figures, pairs = clock.timed(lambda: _alike(texts, whole, left, right))
    _leave(folder, "exact", pairs)
    return figures


def pairs(folder: Path) -> Figures:
    """Bodies to verified pairs: signatures, bands, exact counts."""
    texts, whole = _bodies(folder)

    def work() -> tuple[Pairs, int]:
        left, right, capped = _core.candidates(fingerprint(texts, whole).signatures, BANDS, ROWS, FAN_OUT)
        return _alike(texts, whole, left, right), capped

    figures, (found, capped) = clock.timed(work)
    _leave(folder, "pairs", found)
    return {**figures, "capped": capped}


def _alike(texts: list[str], whole: Ranges, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> Pairs:
    shared, sizes = _core.count_shared(texts, whole, SCHEME_V1.width, left, right)
    kept = shared >= LEAST_JACCARD * (sizes[left].astype(np.int64) + sizes[right] - shared)
    return left[kept], right[kept]


def matches(folder: Path) -> Figures:
    """Bodies to all that `dedup scan` matches: bands and passages, half of the shorter body in the other."""
    texts, whole = _bodies(folder)
    figures, found = clock.timed(lambda: find_matches(texts, whole, fingerprint(texts, whole), 0.5))
    shared = found.shared.astype(np.int64)
    kept = shared >= LEAST_JACCARD * (found.left_size.astype(np.int64) + found.right_size - shared)
    _leave(folder, "matches", (found.left[kept], found.right[kept]))
    return {**figures, "capped": found.capped}


def _scan(folder: Path, name: str) -> Figures:
    """The command itself, file to report, start of the interpreter included."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "dedup", "scan", str(folder / name), "--quiet", "-o", str(report)]
    figures, _ = clock.timed(lambda: subprocess.run(command, check=True))
    document = orjson.loads(report.read_bytes())
    places = {orjson.loads(line)["id"]: at for at, line in enumerate((folder / "corpus.jsonl").open("rb"))}
    alike = (m for family in document["families"] for m in family["matches"] if m["resemblance"] >= LEAST_JACCARD)
    ends = np.array([sorted((places[m["left"]], places[m["right"]])) for m in alike], dtype=np.uint32).reshape(-1, 2)
    _leave(folder, f"scan {name.removeprefix('corpus')}", (ends[:, 0], ends[:, 1]))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"seconds": figures["seconds"], "grown": peak, "checked": document["summary"]["articles"]}


STAGES: dict[str, Callable[[Path], Figures]] = {
    "orjson.loads": parse,
    "read": read,
    "words": words,
    "blocks": blocks,
    "cues": cues,
    "recurrence": recurrence,
    "layout": layout,
    "signature": signature,
    "bands": bands,
    "winnow": winnow,
    "exact": exact,
    "pairs": pairs,
    "matches": matches,
    "scan .jsonl": lambda folder: _scan(folder, "corpus.jsonl"),
    "scan .jsonl.gz": lambda folder: _scan(folder, "corpus.jsonl.gz"),
    "scan .jsonl.zst": lambda folder: _scan(folder, "corpus.jsonl.zst"),
}
# Stages that read the file or its pages; the others are given the bodies.
OF_THE_FILE = ("orjson.loads", "read", "scan .jsonl", "scan .jsonl.gz", "scan .jsonl.zst")
OF_THE_PAGES = ("blocks", "cues", "recurrence", "layout")
COUNTING_WORDS = ("words", "signature")


if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](Path(sys.argv[2]))))
