"""Where do readers' comments on an article begin? Under a heading that says so: `comments.toml` knows some."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from dedup import _core
from dedup.article import Row
from dedup.extraction.extractors import LONG_LINE
from dedup.rules import compile_patterns, rule_file

HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Comments may be many times as long as the article. What stands under less than this share is the article itself.
LEAST_OVER: Final = 0.03


def comments_from(text: str, rows: Sequence[Row], main: Sequence[int]) -> int:
    """Return the number of the block that heads the comments on an article, or one behind the last block where none
    does. `main` are the numbers of the article's blocks among all `rows` of the page.
    """
    lengths = [rows[number][1] - rows[number][0] for number in main]
    first = next((number for number, length in zip(main, lengths, strict=True) if length >= LONG_LINE), main[-1])
    paths = {row[2] for row in rows[first + 1 : main[-1] + 1]}  # many blocks have one
    heading = {path for path in paths if not HEADINGS.isdisjoint(path.split("/"))}
    headed = [number for number in range(first + 1, main[-1] + 1) if rows[number][2] in heading]
    lines = [text[rows[number][0] : rows[number][1]] for number in headed]
    for at, *_ in headings().captures(lines, "") if lines else ():
        over = sum(length for number, length in zip(main, lengths, strict=True) if number < headed[at])
        if over >= LEAST_OVER * sum(lengths):
            return headed[at]
    return len(rows)


@lru_cache(maxsize=1)
def headings() -> _core.Patterns:
    """Return what the headings are known by, compiled at the first call."""
    known = rule_file(files("dedup.extraction") / "comments.toml")["heading"]
    return compile_patterns([heading["id"] for heading in known], [heading["pattern"] for heading in known])
