"""Which words stand where? Words by rank, and what follows what, as in the project's own English text.

Text is kept as tokens, unsigned 16-bit numbers: marks first, then function words, then content words. A token of
STOPS ends a sentence; the bits above STOP say whether it closes a quotation, ends a paragraph, and whether the next
sentence opens a quotation.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synthesis.letters import own_bodies, pseudo_words

Tokens = NDArray[np.uint16]

COMMA, DASH, STOP = 0, 1, 2
CLOSES, BREAKS, OPENS = 1, 2, 4
STOPS = range(STOP, STOP + 8)
FIRST_WORD = STOPS.stop

FUNCTION_WORDS = 150
CONTENT_WORDS = 40_000
# Zipf and Mandelbrot: the content word of rank r has a share of 1 / (r + MANDELBROT), for function words come first.
MANDELBROT = 30
DRAWS = 1 << 20
SUCCESSORS = 1 << 10
PARTNERS = 4


@dataclass(frozen=True, slots=True)
class Signs:
    """How one script writes marks."""

    space: str
    comma: str
    dash: str
    stop: str
    opening: str
    closing: str


SCRIPTS = {
    "english": Signs(" ", ",", " –", ".", "“", "”"),
    "ascii": Signs(" ", ",", " -", ".", '"', '"'),
    "latin": Signs(" ", ",", " –", ".", "„", "“"),
    "russian": Signs(" ", ",", " —", ".", "«", "»"),
    "arabic": Signs(" ", "،", " –", ".", "«", "»"),
    "chinese": Signs("", "，", "——", "。", "「", "」"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one script and how they follow each other.

    `words` are all of them by token, empty for marks. `next_class` gives for each function word or mark, and last for
    all content words together, SUCCESSORS equally likely followers of that kind; `draws` holds content words as often
    as they are likely; `partners` the content words that stick to each content word.
    """

    signs: Signs
    words: list[str]
    next_class: Tokens
    draws: Tokens
    partners: Tokens

    @property
    def content(self) -> int:
        """Return the first content word, which as a class stands for all of them."""
        return len(self.next_class) - 1


@cache
def vocabulary(script: str) -> Vocabulary:
    """Return the vocabulary of a script: the same for every seed."""
    sequence = _own_sequence()
    common = Counter(item for item in sequence if isinstance(item, str)).most_common(FUNCTION_WORDS)
    made = pseudo_words(script, CONTENT_WORDS + FUNCTION_WORDS)
    function_words = made[:FUNCTION_WORDS]
    if script in ("english", "ascii"):
        function_words = [str(word) for word, _ in common]
    made = [word for word in made if word not in set(function_words)]
    words = [""] * FIRST_WORD + function_words + made[:CONTENT_WORDS]
    content = FIRST_WORD + FUNCTION_WORDS
    ranks = np.arange(CONTENT_WORDS)
    shares = np.cumsum(1 / (ranks + MANDELBROT))
    draws = np.searchsorted(shares / shares[-1], (np.arange(DRAWS) + 0.5) / DRAWS) + content
    sticking = np.random.default_rng(0).integers(0, DRAWS, (CONTENT_WORDS, PARTNERS))
    draws = draws.astype(np.uint16)
    signs = SCRIPTS[script]
    if script == "english":
        words = [word.replace("'", "’") for word in words]
    return Vocabulary(signs, words, _next_classes(sequence, common, content), draws, draws[sticking])


def _own_sequence() -> list[str | int]:
    """Return the project's own English as words and marks, paragraphs ended by a STOP."""
    tokens = re.findall(r"[a-z]+(?:'[a-z]+)*|[.,;:?!]|\n\n", "\n\n".join(own_bodies(" the ")).lower())
    marks = {",": COMMA, ";": DASH, ":": DASH}
    sequence: list[str | int] = [STOP]
    for token in tokens:
        item = token if token[0].isalpha() else marks.get(token, STOP)
        if isinstance(item, str) or isinstance(sequence[-1], str):
            sequence.append(item)
    return sequence


def _next_classes(sequence: list[str | int], common: list[tuple[str | int, int]], content: int) -> Tokens:
    place = {word: FIRST_WORD + at for at, (word, _) in enumerate(common)}
    classes = [item if isinstance(item, int) else place.get(item, content) for item in sequence]
    following: list[Counter[int]] = [Counter() for _ in range(content + 1)]
    for before, after in pairwise(classes):
        following[before][after] += 1
    chooser = random.Random(0)
    rows = [list(row.items()) or [(content, 1)] for row in following]
    chosen = [chooser.choices([c for c, _ in row], [n for _, n in row], k=SUCCESSORS) for row in rows]
    return np.array(chosen, dtype=np.uint16)
