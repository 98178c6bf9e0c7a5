"""The weights by which blocks of an article are judged: learned, measured on sites they do not know, written down.

Pages of html_cleaning and html_fundus are read without any judgement of their blocks. A block is the article's if half
of its words stand in the marked text, in order, so that a line which is repeated counts once. The parsers that made the
marked text of html_fundus leave out headings: there a heading over article text, and a headline, is neither article nor
boilerplate. Sites are dealt into five folds, each of which is judged by weights learned on the other four. The
threshold is the least at which PRECISION of what scores as much is boilerplate, on pages of news and blogs: those of
html_fundus, and of html_cleaning without CleanEval, which takes whole pages of other kinds for articles. Then the
weights are learned on all pages.

`f1` is that of the words kept against the marked ones, averaged over pages. `lines` and `words` are the shares of what
is kept that is boilerplate, `lost` that of the article's words which goes, `gone` how many blocks go, and `precision`
how many of them are boilerplate. `learned` takes both sets for one corpus.

Kept is what `dedup.boilerplate.kept` calls so: bylines and date lines known by their wording stay. The heading over the
comments on an article is a cue for all that stands under it; the classifier alone does not know it.

    python benchmarks/train_blocks.py [--measure]     --measure: do not write the weights

It needs scikit-learn (dependency group `train`), which nothing else imports.
"""

import argparse
import collections
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from multiprocessing import Pool
from pathlib import Path

import measuring
import numpy as np
from extraction import rows, trafilatura_alone
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from dedup import _core
from dedup.article import Article, Block, Elements, Row, Span
from dedup.boilerplate import layout_of
from dedup.boilerplate.kept import is_of_article
from dedup.domains import registrable_domain
from dedup.extraction import blocks, extractors, markup, page
from dedup.extraction.comments import comments_from
from dedup.intake import Intake

SETS = ("html_fundus", "html_cleaning")
WEIGHTS = Path(blocks.__file__).with_name("blocks.json")
SEED = 1
FOLDS = 5
LEAST_SITES = 3  # that a trait stands on
STRENGTH = 0.3  # the inverse of the regularisation
PRECISION = 0.82  # lower ones cost html_cleaning more of its articles than what goes is worth
# A page of html_fundus counts as much as several of html_cleaning: there are fewer, and they are of these years.
TIMES = {"html_fundus": 6.0, "html_cleaning": 1.0}
# Where less of what is marked was extracted, the extractor took another part of the page: there is nothing to learn.
# How much of what was extracted is marked says nothing of that: under a short article, comments hold most of the words.
LEAST_FOUND = 0.5
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True)
class Judged:
    """One page: by block of its article, what it says, what it is by truth, and who takes it for boilerplate."""

    id: str
    set: str
    site: str
    marked: list[str]
    alone: list[str]
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    main: list[int] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    boilerplate: list[bool] = field(default_factory=list)
    unknown: list[bool] = field(default_factory=list)
    traits: list[list[str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    comments: int | None = None
    cues: list[bool] = field(default_factory=list)
    learned: list[bool] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def teaches(self) -> bool:
        """Say whether there is anything to learn from it."""
        return sum(self.right) >= LEAST_FOUND * max(1, len(self.marked))

    def gone(self, threshold: float) -> list[bool]:
        """Return which blocks the classifier takes away."""
        if not self.traits:
            return [False for _ in self.main]
        headlines = {at for at, number in enumerate(self.main) if blocks.HEADLINE in self.rows[number][2].split("/")}
        gone = blocks.bounded(self.sizes, self.scores, headlines, threshold)
        return [at in gone for at in range(len(self.main))]


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def judged(task: tuple[str, dict[str, str]]) -> Judged:
    """Read one page, and say what each block of its article is by truth."""
    name, row = task
    shown = _core.Page(row["html"])
    extracted = extractors.extract(shown.slim, extractors.TRAFILATURA, shown.in_paragraphs)
    one = Judged(row["id"], name, row["id"], words_of(row["gold_text"]), words_of(trafilatura_alone(row)))
    if not extracted.strip():
        return one
    one.text, one.rows, one.main = page.text_of(shown, extracted)
    own = [one.rows[number] for number in one.main]
    one.site = site_of(row, shown, one)
    one.words = [words_of(one.text[start:end]) for start, end, *_ in own]
    one.right = in_order(one.words, one.marked)
    one.boilerplate = [2 * right < max(1, len(words)) for words, right in zip(one.words, one.right, strict=True)]
    one.unknown = unmarked_headings(own, one.boilerplate) if name == "html_fundus" else [False for _ in own]
    if own[0][2] != page.UNSHOWN:
        one.comments = comments_from(one.text, one.rows, one.main)
        one.traits = shown.traits(one.main)
        weighed = shown.weighed(one.main, _core.Weights(0.0, {}))
        one.places, one.sizes = [place for _, place, _ in weighed], [words for _, _, words in weighed]
    return one


def in_order(blocks_words: Sequence[Sequence[str]], marked: Sequence[str]) -> list[int]:
    """Return how many words of each block stand in the marked text, in order."""
    flat = [word for words in blocks_words for word in words]
    found = np.zeros(len(flat) + 1, dtype=np.int64)
    for start, _, size in SequenceMatcher(None, flat, marked, autojunk=False).get_matching_blocks():
        found[start + 1 : start + size + 1] = 1
    sums = np.cumsum(found)
    ends = np.cumsum([len(words) for words in blocks_words])
    return [int(sums[end] - sums[end - len(words)]) for end, words in zip(ends, blocks_words, strict=True)]


def unmarked_headings(own: Sequence[Row], boilerplate: Sequence[bool]) -> list[bool]:
    """Return which blocks are headlines, or headings over text that is the article's."""
    unknown = [False for _ in own]
    over_article = False
    for at in reversed(range(len(own))):
        names = set(own[at][2].split("/"))
        if boilerplate[at] and names & HEADINGS and (over_article or blocks.HEADLINE in names):
            unknown[at] = True
        else:
            over_article = not boilerplate[at]
    return unknown


def site_of(row: dict[str, str], shown: _core.Page, one: Judged) -> str:
    """Return the site of a page: of its address, of the one it states, else the one it links to most."""
    stated = markup.read_markup(shown.statements, (one.main[0], one.main[-1]), None).marks
    addresses = [row.get("url") or "", *(mark.value for mark in stated if mark.name == "canonical")]
    linked = [link for *_, links in one.rows for link in links if link.startswith("http")]
    counted = collections.Counter(filter(None, map(registrable_domain, linked)))
    known = [*filter(None, map(registrable_domain, addresses)), *(site for site, _ in counted.most_common(1))]
    return known[0] if known else row["id"]


def mark(pages: Sequence[Judged]) -> None:
    """Say of each block whether a cue takes it out of the kept text, its own or that of the heading over comments, and
    whether it is learned from all pages.
    """
    read = [one for one in pages if one.main]
    articles = [
        Article(
            str(number), one.text, outlet=one.site, elements=Elements(one.rows),
            main=tuple(Span(*one.rows[block][:2]) for block in one.main),
        )
        for number, one in enumerate(read)
    ]  # fmt: skip
    intake = Intake.of(articles)
    intake.learn()
    layout = layout_of(intake.core, np.arange(len(intake), dtype=np.uint32))
    for one in read:
        one.cues = one.learned = [False for _ in one.main]
    for place in range(len(intake)):
        one = read[int(intake.article(place).id)]
        known = {block.span: block for block in layout.of(place)}
        own = [known.get(span, Block(span)) for span in (Span(*one.rows[number][:2]) for number in one.main)]
        one.learned = [block.pages > 0 for block in own]
        one.cues = [
            (bool(block.cues) and not is_of_article(block)) or (one.comments is not None and number >= one.comments)
            for number, block in zip(one.main, own, strict=True)
        ]


def score(weights: blocks.Weights, own: Sequence[str]) -> float:
    """Return the logarithm of the odds that a block of these traits is boilerplate."""
    return weights.bias + sum(weights.of.get(trait, 0.0) for trait in own)


class Fit:
    """Weights learned on some pages."""

    def __init__(self, pages: Sequence[Judged]) -> None:
        stands: dict[str, set[str]] = collections.defaultdict(set)
        for one in pages:
            for trait in {trait for own in one.traits for trait in own}:
                stands[trait].add(one.site)
        known = sorted(trait for trait, sites in stands.items() if len(sites) >= LEAST_SITES)
        self.column = {trait: at for at, trait in enumerate(known)}
        # Long blocks count more, those of long pages less; what is neither does not count.
        importance = [
            (0.0 if unknown else 1 + min(len(words), 60) / 10) * TIMES[one.set] / max(10, len(one.main)) ** 0.5
            for one in pages
            for words, unknown in zip(one.words, one.unknown, strict=True)
        ]
        rows = [own for one in pages for own in one.traits]
        truth = [is_boilerplate for one in pages for is_boilerplate in one.boilerplate]
        weight = np.array(importance) / np.mean(importance)
        self.model = LogisticRegression(C=STRENGTH, max_iter=400, solver="liblinear", random_state=SEED)
        self.model.fit(self.matrix(rows), np.array(truth), sample_weight=weight)

    def matrix(self, rows: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        columns = [[self.column[trait] for trait in own if trait in self.column] for own in rows]
        ends = np.cumsum([0, *map(len, columns)])
        flat = [column for own in columns for column in own]
        return sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(self.column)))

    def weights(self, threshold: float) -> blocks.Weights:
        of = zip(self.column, self.model.coef_[0].tolist(), strict=True)
        rounded = {trait: round(weight, 4) for trait, weight in of if round(weight, 4)}
        return blocks.Weights(round(float(self.model.intercept_[0]), 4), round(threshold, 4), rounded)

    def check(self, rows: Sequence[Sequence[str]], weights: blocks.Weights) -> None:
        """Refuse weights that do not say what scikit-learn says, but for rounding."""
        apart = np.abs(self.model.decision_function(self.matrix(rows)) - [score(weights, own) for own in rows])
        if apart.max() > 0.01:
            raise SystemExit(f"the weights are {apart.max():.4f} apart from what was learned")


def score_by_folds(pages: Sequence[Judged]) -> None:
    """Score the blocks of each page by weights learned on other sites."""
    sites = sorted({one.site for one in pages})
    random.Random(SEED).shuffle(sites)
    fold = {site: at % FOLDS for at, site in enumerate(sites)}
    for held in range(FOLDS):
        measuring.say(f"fold {held + 1} of {FOLDS}")
        fit = Fit([one for one in pages if fold[one.site] != held and one.traits and one.teaches()])
        weights = fit.weights(0.0)
        for one in pages:
            if fold[one.site] == held:
                one.scores = blocks.with_kin([score(weights, own) for own in one.traits], one.places)
    measuring.say("")


def threshold_for(pages: Sequence[Judged]) -> float:
    """Return the least score from which on PRECISION of the blocks are boilerplate."""
    scored = sorted(
        (
            (score, is_boilerplate)
            for one in pages
            if not one.id.startswith("cleaneval")
            for score, is_boilerplate, unknown in zip(one.scores, one.boilerplate, one.unknown, strict=False)
            if not unknown
        ),
        reverse=True,
    )
    right = np.cumsum([is_boilerplate for _, is_boilerplate in scored])
    enough = np.flatnonzero(right >= PRECISION * np.arange(1, len(scored) + 1))
    return scored[int(enough[-1])][0]


def f1(marked: Sequence[str], kept: Sequence[str]) -> float:
    wanted, found = collections.Counter(marked), collections.Counter(kept)
    return 2 * (wanted & found).total() / (wanted.total() + found.total()) if wanted or found else 1.0


def figures(pages: Sequence[Judged], marks: Callable[[Judged], Sequence[bool]]) -> dict[str, float]:
    """Return what is left of some pages if the marked blocks go."""
    count: collections.Counter[str] = collections.Counter()
    scores = []
    for one in pages:
        gone = marks(one)
        scores.append(f1(one.marked, [w for words, go in zip(one.words, gone, strict=True) if not go for w in words]))
        for words, right, is_boilerplate, unknown, go in zip(
            one.words, one.right, one.boilerplate, one.unknown, gone, strict=True
        ):
            count["article"] += right
            count["lost"] += right if go else 0
            if unknown:
                count["headings"] += 1
                count["headings lost"] += go
                continue
            state = "gone" if go else "kept"
            count[f"lines {state}"] += 1
            count[f"words {state}"] += len(words)
            count[f"boilerplate lines {state}"] += is_boilerplate
            count[f"boilerplate words {state}"] += len(words) - right if is_boilerplate else 0
    return {
        "f1": float(np.mean(scores)),
        "lines": count["boilerplate lines kept"] / count["lines kept"],
        "words": count["boilerplate words kept"] / count["words kept"],
        "lost": count["lost"] / count["article"],
        "gone": count["lines gone"],
        "precision": count["boilerplate lines gone"] / max(1, count["lines gone"]),
        "headings_lost": count["headings lost"] / max(1, count["headings"]),
    }


def ways(threshold: float) -> dict[str, Callable[[Judged], list[bool]]]:
    def both(one: Judged) -> list[bool]:
        return [any(said) for said in zip(one.cues, one.learned, one.gone(threshold), strict=True)]

    return {
        "nothing goes": lambda one: [False for _ in one.main],
        "learned": lambda one: one.learned,
        "cues": lambda one: one.cues,
        "classifier": lambda one: one.gone(threshold),
        "all three": both,
        "the truth": lambda one: one.boilerplate,
    }


def parts(pages: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Return the pages that are measured together."""
    return {
        "html_fundus": [one for one in pages if one.set == "html_fundus"],
        "html_cleaning": [one for one in pages if one.set == "html_cleaning"],
        "html_cleaning but CleanEval": [
            one for one in pages if one.set == "html_cleaning" and not one.id.startswith("cleaneval")
        ],
    }


def read_all() -> list[Judged]:
    """Return the pages of both sets that have marked text."""
    tasks = [(name, row) for name in SETS for row in rows(name, 1) if row.get("gold_text")]
    with Pool() as processes:
        pages = processes.map(judged, tasks, chunksize=8)
    mark(pages)
    return pages


def measured(pages: Sequence[Judged], threshold: float) -> dict[str, object]:
    """Print and return what each source does to the pages."""
    tables: dict[str, object] = {}
    for name, of_part in parts(pages).items():
        alone = float(np.mean([f1(one.marked, one.alone) for one in of_part]))
        table = {way: figures(of_part, marks) for way, marks in ways(threshold).items()}
        print(f"\n{name}: {len(of_part)} pages of {len({one.site for one in of_part})} sites; trafilatura {alone:.4f}")
        print(f"{'':14}" + "".join(f"{key:>15}" for key in table["cues"]))
        for way, row in table.items():
            print(f"{way:14}" + "".join(f"{value:15.4f}" for value in row.values()))
        rounded = {way: {key: round(value, 4) for key, value in row.items()} for way, row in table.items()}
        tables[name] = {"pages": len(of_part), "f1_trafilatura": round(alone, 4), **rounded}
    return tables


def write(pages: Sequence[Judged], threshold: float, tables: dict[str, object]) -> None:
    """Learn from all pages, and write and record what was learned."""
    teaching = [one for one in pages if one.traits and one.teaches()]
    fit = Fit(teaching)
    weights = fit.weights(threshold)
    fit.check([own for one in teaching for own in one.traits], weights)
    about = {"sets": SETS, "pages": len(teaching), "folds": FOLDS, "seed": SEED, "precision": PRECISION}
    stored = {
        "about": about, "measured": tables, "bias": weights.bias, "threshold": weights.threshold, "weights": weights.of
    }  # fmt: skip
    WEIGHTS.write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")
    print(f"\n{len(weights.of):,} weights, {WEIGHTS.stat().st_size:,} bytes, threshold {weights.threshold}")
    measuring.record("train_blocks", {"threshold": weights.threshold, **about, "tables": tables})


def main() -> None:
    """Read, learn by folds, measure, and write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--measure", action="store_true", help="do not write the weights")
    chosen = options.parse_args()
    measuring.refuse_debug_build()
    pages = read_all()
    score_by_folds(pages)
    threshold = threshold_for(pages)
    tables = measured(pages, threshold)
    if not chosen.measure:
        write(pages, threshold, tables)


if __name__ == "__main__":
    main()
