"""Boilerplate: how much of it is found, what does that cost the articles, and what does it do to the pairs?

Pages whose every block is known (corpora/synthesis/furnished.py) are marked by our own sources, each alone and
together, and by what others do: lines that stand on three pages of the corpus (CCNet, dolma), or on three pages of one
outlet. A block is boilerplate by truth if most of its words are. `damaged` is the share of articles that lose more than
30 % of their words. Pairs are those whose words, but for what is marked, resemble each other by half; a true one is of
one story.

    python benchmarks/boilerplate.py [--pages 12000] [--seed 1] [--script english] [--misses | --check]
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import measuring
import numpy as np

sys.path.append(str(measuring.HERE.parent / "corpora"))

from synthesis.furnished import BODY, Furnished, furnish

from dedup.article import Block
from dedup.boilerplate.confidence import confidence

LEAST_PAGES = 3
RESEMBLING = 0.5
DAMAGED = 0.3
DIGITS = re.compile(r"\d+")
SIZES = ((2, "1-2"), (9, "3-9"), (49, "10-49"), (10**9, "50 and more"))

Marks = list[list[bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as dedup splits pages: its text, how many of its words are body by truth, and how many it has."""

    text: str
    body: int
    words: int
    kind: str
    by_cue: bool
    learned: bool
    marked: bool
    source: float | None

    @property
    def is_boilerplate(self) -> bool:
        """Say what the truth says."""
        return 2 * self.body < self.words


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pages in pieces, with their outlets and the number of the story that each carries."""

    outlets: list[str]
    stories: list[int]
    pages: list[list[Piece]]


def made(count: int, seed: int, script: str) -> Corpus:
    """Return a corpus, marked by dedup."""
    from dedup.article import Article
    from dedup.boilerplate import layout_of
    from dedup.intake import Intake

    rows = list(furnish(count, seed, script=script))
    keys = ("id", "text", "url", "outlet", "title")
    given = [Article(**{key: str(page[key]) for key in keys}) for page, _ in rows]
    intake = Intake.of(given)
    intake.learn()
    layout = layout_of(intake.core, np.arange(count, dtype=np.uint32))
    place = {truth.article: at for at, (_, truth) in enumerate(rows)}
    stories = list(range(count))
    pages = []
    for at, (article, (_, truth)) in enumerate(zip(given, rows, strict=True)):
        stories[at] = place[truth.story]
        pages.append([_piece(block, article.text, truth) for block in layout.of(at)])
    return Corpus([str(page["outlet"]) for page, _ in rows], stories, pages)


def _piece(block: Block, text: str, truth: Furnished) -> Piece:
    inside = [
        (len(text[max(start, block.span.start) : min(end, block.span.end)].split()), kind)
        for start, end, kind in truth.spans
        if start < block.span.end and end > block.span.start
    ]
    body = sum(words for words, kind in inside if kind == BODY)
    named = max(inside)[1]
    own = block.span.of(text)
    return Piece(
        own, body, len(own.split()), named, bool(block.cues), block.pages > 0, block.kind is not None, confidence(block)
    )


def by_lines(corpus: Corpus, key: Callable[[str, str], object]) -> Marks:
    """Mark the lines whose key stands on LEAST_PAGES pages."""
    keys = [
        [key(outlet, piece.text) for piece in page] for outlet, page in zip(corpus.outlets, corpus.pages, strict=True)
    ]
    counts = Counter(one for page in keys for one in set(page))
    return [[counts[one] >= LEAST_PAGES for one in page] for page in keys]


def figures(corpus: Corpus, marks: Marks) -> dict[str, float]:
    """Return how well marked blocks agree with the truth."""
    found: Counter[str] = Counter()
    damaged = 0
    for page, flags in zip(corpus.pages, marks, strict=True):
        lost = sum(piece.body for piece, flag in zip(page, flags, strict=True) if flag)
        words = sum(piece.body for piece in page)
        damaged += lost > DAMAGED * words
        found["lost"] += lost
        found["words"] += words
        for piece, flag in zip(page, flags, strict=True):
            found[f"{'marked' if flag else 'kept'} {piece.is_boilerplate}"] += 1
    right = found["marked True"]
    return {
        "precision": right / max(1, right + found["marked False"]),
        "recall": right / max(1, right + found["kept True"]),
        "words_lost": found["lost"] / found["words"],
        "damaged": damaged / len(marks),
    } | pairs(corpus, marks)


def pairs(corpus: Corpus, marks: Marks) -> dict[str, float]:
    """Return how many of the pairs that are left to find are of one story, and how many of those are found."""
    import dedup

    def matched(kept: Callable[[Piece, bool], bool]) -> set[tuple[int, int]]:
        texts = [
            "\n\n".join(piece.text for piece, flag in zip(page, flags, strict=True) if kept(piece, flag))
            for page, flags in zip(corpus.pages, marks, strict=True)
        ]
        found = dedup.find_resembling(texts, RESEMBLING)
        return set(zip(found.left.tolist(), found.right.tolist(), strict=True))

    wanted = matched(lambda piece, _: not piece.is_boilerplate)
    found = matched(lambda _, flag: not flag)
    right = sum(corpus.stories[left] == corpus.stories[right] for left, right in found)
    return {"pair_precision": right / max(1, len(found)), "pair_recall": len(wanted & found) / max(1, len(wanted))}


def ways(corpus: Corpus) -> dict[str, Marks]:
    """Return what each way of telling boilerplate marks."""
    return {
        "nothing": [[False for _ in page] for page in corpus.pages],
        "lines on three pages": by_lines(corpus, lambda _, line: line),
        "lines on three pages of an outlet, digits masked": by_lines(
            corpus, lambda outlet, line: (outlet, DIGITS.sub("0", line))
        ),
        "our cues": [[piece.by_cue for piece in page] for page in corpus.pages],
        "learned by us": [[piece.learned for piece in page] for page in corpus.pages],
        "all of ours": [[piece.marked for piece in page] for page in corpus.pages],
    }


def print_confidence(corpus: Corpus) -> None:
    """Print for each confidence that is told of blocks how many of those are boilerplate."""
    counts: Counter[float] = Counter()
    right: Counter[float] = Counter()
    for piece in (piece for page in corpus.pages for piece in page if piece.source is not None):
        counts[piece.source] += 1
        right[piece.source] += piece.is_boilerplate
    for told, count in sorted(counts.items()):
        print(f"confidence {told:.3f}: {right[told] / count:.3f} of {count:,} blocks")


def print_misses(corpus: Corpus) -> None:
    """Print what of which kind was found at outlets of which size, and what was marked and should not have been."""
    sizes = Counter(corpus.outlets)
    counts: Counter[tuple[str, str, bool]] = Counter()
    wrong: Counter[str] = Counter()
    for outlet, page in zip(corpus.outlets, corpus.pages, strict=True):
        size = next(name for most, name in SIZES if sizes[outlet] <= most)
        for piece in page:
            if piece.is_boilerplate:
                counts[piece.kind or "behind the body", size, piece.marked] += 1
            elif piece.marked:
                wrong[piece.text[:100]] += 1
    for kind, size, _ in sorted({(kind, size, True) for kind, size, _ in counts}):
        right, missed = counts[kind, size, True], counts[kind, size, False]
        print(f"{kind:18}{size:>12} pages{right:8} found{missed:8} missed")
    for line, times in wrong.most_common(20):
        print(f"{times:5} wrong  {line}")


def main() -> None:
    """Measure, print the table, and record it or hold it against the floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--script", default="english")
    asks = parser.add_mutually_exclusive_group()
    asks.add_argument("--misses", action="store_true", help="show what was missed; no record")
    asks.add_argument("--check", action="store_true", help="no record, fail below the floors")
    asked = parser.parse_args()
    measuring.refuse_debug_build()
    corpus = made(asked.pages, asked.seed, asked.script)
    table = {name: figures(corpus, marks) for name, marks in ways(corpus).items()}
    print(f"{'':50}" + "".join(f"{key:>15}" for key in table["nothing"]))
    for name, row in table.items():
        print(f"{name:50}" + "".join(f"{value:15.4f}" for value in row.values()))
    print_confidence(corpus)
    if asked.misses:
        print_misses(corpus)
    elif asked.check:
        below = measuring.below("boilerplate", table["all of ours"])
        if below:
            raise SystemExit("\n".join(below))
    else:
        arguments = {"pages": asked.pages, "seed": asked.seed, "script": asked.script}
        measuring.record("boilerplate", arguments | {"table": table})


if __name__ == "__main__":
    main()
