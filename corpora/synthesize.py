"""Write a corpus of made-up news articles of any size, and the truth about it.

    python corpora/synthesize.py --articles 20000 --seed 1 --republications 0.2 -o corpus.jsonl

writes `corpus.jsonl`, one article a line, and beside it `corpus.truth.jsonl`: for each article
{"article", "start", "end"}, the Span of its body in its text, and for each republication {"copy", "source", "kind",
"shared"}, where `shared` is the share of the copy's distinct runs of five words that the source's body holds too. The
same arguments write the same bytes. Copies of a story keep their distance from the source, not from each other.

    python corpora/synthesize.py --cascades 2000 --clocks noisy --missing 0.3 --seed 1 -o cascades.jsonl

writes so many stories that travel from outlet to outlet (synthesis/cascades.py), and for each article what is true of
it: {"article", "family", "parent", "ancestors", "origin", "latent", "named", "credit", "time"}.
"""

import argparse
from dataclasses import asdict
from itertools import starmap
from pathlib import Path

import orjson
from synthesis import SCRIPTS, Truth, synthesize
from synthesis.cascades import Plan, cascades
from synthesis.presses import CLOCKS

AT_ONCE = 1 << 20


def truth_path(corpus: Path) -> Path:
    """Return where the truth of a corpus stands."""
    return corpus.with_suffix(".truth.jsonl")


def write(corpus: Path, count: int, seed: int, *, republications: float = 0.2, script: str = "english") -> None:
    """Write a corpus and its truth."""
    made = synthesize(count, seed, republications=republications, script=script)
    with corpus.open("wb", AT_ONCE) as pages, truth_path(corpus).open("wb", AT_ONCE) as truths:
        for page, rows in starmap(_lines, made):
            pages.write(page)
            truths.write(rows)


def write_cascades(corpus: Path, plan: Plan) -> None:
    """Write a corpus of cascades and its truth."""
    with corpus.open("wb", AT_ONCE) as pages, truth_path(corpus).open("wb", AT_ONCE) as truths:
        for page, truth in cascades(plan):
            pages.write(orjson.dumps(page) + b"\n")
            truths.write(orjson.dumps(asdict(truth)) + b"\n")


def _lines(page: dict[str, object], truth: Truth) -> tuple[bytes, bytes]:
    rows: list[dict[str, object]] = [{"article": truth.article, "start": truth.start, "end": truth.end}]
    if truth.source is not None:
        rows.append({"copy": truth.article, "source": truth.source, "kind": truth.kind, "shared": truth.shared})
    return orjson.dumps(page) + b"\n", b"".join(orjson.dumps(row) + b"\n" for row in rows)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    many = parser.add_mutually_exclusive_group(required=True)
    many.add_argument("--articles", type=int)
    many.add_argument("--cascades", type=int, metavar="FAMILIES", help="stories that travel from outlet to outlet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--republications", type=float, default=0.2, help="the share of the articles that are copies")
    parser.add_argument("--script", choices=SCRIPTS, default="english")
    parser.add_argument("--clocks", choices=CLOCKS, default="noisy", help="with --cascades: how outlets keep time")
    parser.add_argument("--missing", type=float, default=0.0, help="with --cascades: share of copied articles left out")
    parser.add_argument("--no-credits", action="store_true", help="with --cascades: nobody credits anybody")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    if asked.cascades is not None:
        plan = Plan(asked.cascades, asked.seed, asked.clocks, asked.missing, credits=not asked.no_credits)
        write_cascades(asked.output, plan)
        return
    write(asked.output, asked.articles, asked.seed, republications=asked.republications, script=asked.script)


if __name__ == "__main__":
    main()
