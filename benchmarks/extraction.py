"""Pages: is the article found, are its evidence lines kept, are its dates right, and what does that cost?

Main text: precision, recall and F1 of 4-word runs, averaged over pages, for ours (trafilatura, or resiliparse with
`--extractor`), and for both libraries alone. Titles, authors, site names and addresses are compared folded. Dates are
right to the minute, or by the day as written; `day_anywhere` also takes a moment for right that falls on that day
somewhere on earth, since a stamp in UTC does not tell the outlet's own day. Evidence lines are lines of all that a
page shows, by another parser, which this script's own patterns take for an attribution, an agency's mark or a
copyright notice; kept are those that a block of the article's text holds. Seconds are processor time of this process,
each reader over the same pages, in turns.

    python benchmarks/extraction.py [--check] [--every N]     --check: no record, fail below the floors
                                                              --every N: only each Nth page of each set
"""

import argparse
import collections
import gzip
import json
import re
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import measuring

from dedup.article import Article
from dedup.extraction.dates import day_of
from dedup.extraction.given import Page
from dedup.extraction.page import read_page
from dedup.place import Place

SETS = ("html_fundus", "html_postlight", "html_dates", "html_cleaning")
FLOORED = ("html_fundus", "html_dates")
TURNS = 3
TIMED = 150  # pages of each set that are timed
NEWLINE_TAGS = ("p", "div", "li", "br", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
                "footer",
                "header", "nav", "aside", "figcaption", "figure", "ul", "ol", "dl", "dt", "dd", "blockquote", "table",
                "address", "main", "form", "pre", "center")  # fmt: skip
UNSEEN = ["script", "style", "noscript", "template", "svg", "iframe", "select", "button", "textarea", "object", "title",
          "math", "canvas"]  # fmt: skip
HIDDEN = "[hidden], [style*='display:none' i], [style*='display: none' i]"
EVIDENCE = {
    "attribution": re.compile(
        r"(?i)\b(?:originally (?:published|appeared)|first (?:published|appeared)|republished|reposted|reprinted"
        r"|original source|zuerst erschienen|initialement publié|publicado originalmente)\b"
        r"|^(?:source|quelle|fuente|fonte)\s*:"
    ),
    "agency": re.compile(
        r"\((?:Reuters|AP|AFP|dpa|EFE|ANSA|TASS|Xinhua)\)|\b(?:Associated Press|Agence France-Presse|dpa-infocom)\b"
        r"|(?:©|\bmit|\bavec|\bcon|\bwith) (?:Reuters|AP|AFP|dpa|EFE)\b|\bdpa[:-]\w+"
    ),
    "copyright": re.compile(r"(?i)©|\(c\) ?(?:19|20)\d\d|\bcopyright\b|alle rechte vorbehalten|all rights reserved"),
}
LONGEST_LINE = 300


def rows(name: str, every: int) -> list[dict[str, str]]:
    """Return the pages of a set. The marked text of five in html_cleaning is UTF-16 that was read as Latin-1: without
    its zeros it can be read.
    """
    with gzip.open(measuring.SHARED / name / "documents.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for number, line in enumerate(lines) if number % every == 0]
    for page in pages:
        if page.get("gold_text"):
            page["gold_text"] = page["gold_text"].replace("\0", "")
    return pages


def runs(text: str) -> collections.Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return collections.Counter(tuple(words[at : at + 4]) for at in range(max(len(words) - 3, min(len(words), 1))))


def overlap(texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return F1, precision and recall of texts against what they should be."""
    precisions, recalls = [], []
    for gold, text in texts:
        wanted, found = runs(gold), runs(text)
        shared = (wanted & found).total()
        precisions.append(shared / found.total() if found else float(not wanted))
        recalls.append(shared / wanted.total() if wanted else 1.0)
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return {"f1": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall}


def ours(extractor: str) -> Callable[[dict[str, str]], Article | None]:
    def one(row: dict[str, str]) -> Article | None:
        known = {"url": row["url"]} if row.get("url") else {}
        article = read_page(Page(row["html"], Place(row["id"]), known), extractor)
        return article if isinstance(article, Article) else None

    return one


def main_text(article: Article | None) -> str:
    return "\n".join(span.of(article.text) for span in article.main or ()) if article else ""


def trafilatura_alone(row: dict[str, str]) -> str:
    from trafilatura import extract

    return extract(row["html"], include_comments=False) or ""


def resiliparse_alone(row: dict[str, str]) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(row["html"], main_content=True, comments=False, post_meta=False, alt_texts=False)


def folded(text: str | None) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text or ""))).casefold()


def evidence_lines(html: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each evidence line that a page shows, by lexbor's reading of it."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    tree.strip_tags(UNSEEN)
    while (hidden := tree.css_first(HIDDEN)) is not None:
        hidden.decompose()
    for tag in NEWLINE_TAGS:
        for node in tree.css(tag):
            node.insert_before("\n")
            node.insert_after("\n")
    for line in (tree.body.text() if tree.body else "").split("\n"):
        tidy = " ".join(line.split())
        if 0 < len(tidy) <= LONGEST_LINE:
            yield from ((kind, tidy) for kind, pattern in EVIDENCE.items() if pattern.search(tidy))


def retention(pages: list[dict[str, str]], articles: list[Article | None]) -> dict[str, tuple[int, int]]:
    """Return by kind how many evidence lines stand in a block of their page's text, of how many."""
    kept: collections.Counter[str] = collections.Counter()
    total: collections.Counter[str] = collections.Counter()
    for row, article in zip(pages, articles, strict=True):
        blocks = "\n".join(map(folded, article.text.split("\n\n"))) if article else ""
        for kind, line in evidence_lines(row["html"]):
            total[kind] += 1
            kept[kind] += folded(line) in blocks
    return {kind: (kept[kind], total[kind]) for kind in EVIDENCE}


def moment(stamp: str) -> datetime | None:
    from dateutil import parser

    try:
        return parser.parse(stamp)
    except (ValueError, OverflowError):
        return None


def same_minute(gold: str, stamp: str | None) -> bool:
    one, other = moment(gold), moment(stamp) if stamp else None
    if one is None or other is None or not re.search(r"\d:\d\d|T\d{4}", stamp or ""):
        return False
    if one.tzinfo and other.tzinfo:
        return abs(one - other) < timedelta(minutes=1)
    return one.replace(tzinfo=None, second=0, microsecond=0) == other.replace(tzinfo=None, second=0, microsecond=0)


def day_somewhere(gold: str, stamp: str | None) -> bool:
    """Say whether a moment falls on a day somewhere from the easternmost to the westernmost zone."""
    found = moment(stamp) if stamp else None
    if found is None or found.tzinfo is None:
        return stamp is not None and str(day_of(stamp)) == gold[:10]
    midnight = datetime.fromisoformat(gold[:10]).replace(tzinfo=UTC)
    return midnight - timedelta(hours=14) <= found < midnight + timedelta(hours=36)


def share(right: Iterable[bool]) -> float:
    return statistics.mean(right)


def quality(name: str, pages: list[dict[str, str]], extractor: str) -> dict[str, float]:
    """Return the figures of one set."""
    articles = list(map(ours(extractor), pages))
    figures: dict[str, float] = {"pages": len(pages), "read": sum(article is not None for article in articles)}
    both = list(zip(pages, articles, strict=True))
    golden = [(row, article) for row, article in both if row.get("gold_text")]
    if golden:
        for reader, texts in (
            ("ours", [main_text(article) for _, article in golden]),
            ("trafilatura", [trafilatura_alone(row) for row, _ in golden]),
            ("resiliparse", [resiliparse_alone(row) for row, _ in golden]),
        ):
            scores = overlap((row["gold_text"], text) for (row, _), text in zip(golden, texts, strict=True))
            figures |= {f"{key}_{reader}": value for key, value in scores.items()}
    known = [(row, article) for row, article in both if article is not None]
    if titled := [(row["title"], article.title) for row, article in known if row.get("title")]:
        figures["title"] = share(bool(t) and (folded(g) in folded(t) or folded(t) in folded(g)) for g, t in titled)
    if authored := [(row["authors"], article.byline) for row, article in known if row.get("authors")]:
        figures["author"] = share(any(a and a in folded(b) for a in map(folded, listed(g))) for g, b in authored)
    if name != "html_cleaning":
        figures["site_name"] = share(bool(article.outlet) for _, article in known)
        figures["canonical"] = share(any(mark.name == "canonical" for mark in article.marks) for _, article in known)
    dated = [
        (row["published"], article.published if article else None) for row, article in both if row.get("published")
    ]
    if dated:
        # A gold date at midnight names a day only. Pages without a finer one are no test of minutes.
        timed = [pair for pair in dated if re.search(r"\d:\d\d", pair[0]) and not re.search(r"[ T]00:00:00", pair[0])]
        if timed:
            figures |= {"minute": share(same_minute(gold, stamp) for gold, stamp in timed), "minute_of": len(timed)}
        # A moment that is right to the minute is on the right day, whatever zone it is written in.
        figures["day"] = share(
            bool(stamp) and (str(day_of(stamp)) == gold[:10] or same_minute(gold, stamp)) for gold, stamp in dated
        )
        figures["day_anywhere"] = share(day_somewhere(gold, stamp) for gold, stamp in dated)
    lines = retention(pages, articles)
    figures |= {f"kept_{kind}": kept / total for kind, (kept, total) in lines.items() if total}
    figures |= {f"lines_{kind}": total for kind, (_, total) in lines.items()}
    return figures


def listed(authors: str | list[str]) -> list[str]:
    return authors if isinstance(authors, list) else [authors]


def speed(pages: list[dict[str, str]]) -> dict[str, float]:
    """Return the milliseconds of processor time per page of each reader: the median of some turns."""
    step = max(1, len(pages) // TIMED)
    chosen = pages[::step]
    readers = {
        "ours": ours("trafilatura"),
        "trafilatura": trafilatura_alone,
        "ours_resiliparse": ours("resiliparse"),
        "resiliparse": resiliparse_alone,
    }
    taken: dict[str, list[float]] = {reader: [] for reader in readers}
    for turn in range(TURNS + 1):
        for reader, read in readers.items():
            begun = time.process_time()
            for row in chosen:
                read(row)
            if turn:  # the first loads libraries and models
                taken[reader].append((time.process_time() - begun) / len(chosen) * 1000)
    figures = {f"ms_{reader}": statistics.median(times) for reader, times in taken.items()}
    figures["time_to_trafilatura"] = figures["ms_ours"] / figures["ms_trafilatura"]
    figures["resiliparse_pages_per_second"] = 1000 / figures["ms_ours_resiliparse"]
    return figures


PLACES = {
    "last p": "<p>{}</p>", "em": "<p><em>{}</em></p>", "small": "<p><small>{}</small></p>", "after br": "<br>{}",
    "blockquote": "<blockquote>{}</blockquote>", "copyright": '<div class="copyright">{}</div>',
    "post-source": '<div class="post-source">{}</div>', "first p": '<p class="syndication-note">{}</p>',
    "article-footer": '<div class="article-footer">{}</div>', "footer": "<footer>{}</footer>",
    "aside": '<aside class="republish">{}</aside>', "after article": "<div>{}</div>",
}  # fmt: skip
CREDIT = 'The original source of this article is <a href="https://northernwatch.example/mast">Northern Watch</a>'


def places() -> dict[str, int]:
    """Return in how many of twelve places of a page a credit line is seen as evidence, and in how many as body."""
    import dedup

    seen = in_body = 0
    story = "".join(
        f"<p>On day {day} the harbour board of Port Ellery met again, and the clerk wrote down that the dredging of "
        f"the northern basin would cost {day} hundred crowns more than had been promised in the spring.</p>"
        for day in ("one", "two", "three", "four", "five")
    )
    for place, markup in PLACES.items():
        line = markup.format(CREDIT)
        inside = f"{line}{story}" if place == "first p" else story if place == "after article" else f"{story}{line}"
        html = (
            "<html lang=en><head><title>Basin</title></head><body><nav><ul><li><a href=/>Home</a><li><a href=/a>A</a>"
            f"</ul></nav><main><article><h1>The basin</h1><div class=entry-content>{inside}</div></article>"
            f"{line if place == 'after article' else ''}</main><footer>© 2021 The Harbour Ledger</footer></body></html>"
        )
        article = read_page(Page(html, Place(place), {"url": "https://harbourledger.example/basin"}))
        page = dedup.inspect(article) if isinstance(article, Article) else None
        if page is not None:
            seen += any("original source" in e.quote for e in page.reading.evidence)
            body = [block.span.of(page.article.text) for block in page.blocks if block.kind is None]
            in_body += any("original source" in block for block in body)
    return {"places_seen": seen, "places_in_body": in_body}


def main() -> None:
    """Measure, print, and record or check."""
    options = argparse.ArgumentParser()
    options.add_argument("--check", action="store_true")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--extractor", default="trafilatura")
    options.add_argument("--sets", nargs="*", default=SETS)
    chosen = options.parse_args()
    measuring.refuse_debug_build()
    seen = places()
    figures: dict[str, object] = {"extractor": chosen.extractor, "every": chosen.every, **seen}
    print(f"{'places':16} seen {figures['places_seen']} of {len(PLACES)}, in the body {figures['places_in_body']}")
    faults: list[str] = []
    for name in chosen.sets:
        measuring.say(f"reading {name}")
        pages = rows(name, chosen.every)
        of_set = {**quality(name, pages, chosen.extractor), **({} if chosen.check else speed(pages))}
        figures[name] = {key: round(value, 4) for key, value in of_set.items()}
        measuring.say("")
        print(name, *(f"  {key:32} {value:.4g}" for key, value in of_set.items()), sep="\n")
        if chosen.check and name in FLOORED:
            corpus = measuring.SHARED / name / "documents.jsonl.gz"
            faults += measuring.below_floor(f"extraction of {name}", {**of_set, **seen}, corpus)
    if not chosen.check:
        measuring.record("extraction", figures)
        return
    print("\n".join(faults) or "no figure is below its floor")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
