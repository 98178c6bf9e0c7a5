"""Which blocks does their wording give away? The rules of `dedup/boilerplate/cues/*.toml`.

A rule holds an id, a kind, a pattern, `where` it counts ("any", or "edge": head or tail of an article), at most
`most_words` in the block, and the texts it must (`yes`) and must not (`no`) match.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import Kind
from dedup.fingerprint import Ranges
from dedup.rules import compile_patterns, load_tables

# Where two cues of different kinds match one block, the earlier kind names it: the rarer, more telling one.
PRECEDENCE = (
    Kind.FAIR_USE,
    Kind.LICENCE,
    Kind.DONATION,
    Kind.CREDIT,
    Kind.COPYRIGHT,
    Kind.BYLINE,
    Kind.DATE,
    Kind.SUBSCRIBE,
    Kind.COMMENTS,
    Kind.SHARE,
    Kind.RELATED,
    Kind.CONTACT,
    Kind.ADVERTISING,
    Kind.DISCLAIMER,
    Kind.NAVIGATION,
    Kind.BIO,
    Kind.OTHER,
)
KIND_CODE = {kind: code for code, kind in enumerate(PRECEDENCE, start=1)}

# The head of an article is what stands before this share (or number) of its words, the tail what stands after.
_HEAD_WORDS, _HEAD_SHARE = 80, 0.15
_TAIL_WORDS, _TAIL_SHARE = 350, 0.3


@dataclass(frozen=True, slots=True)
class Cues:
    """The shipped rules: compiled patterns, and for each of them its id, kind code, reach and largest block."""

    patterns: _core.Patterns
    ids: tuple[str, ...]
    kinds: NDArray[np.uint8]
    edge_only: NDArray[np.bool_]
    most_words: NDArray[np.uint32]


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Return the shipped cue rules, read and compiled at the first call."""
    rules = list(load_tables(files("dedup.boilerplate") / "cues", "cue"))
    ids = [rule["id"] for rule in rules]
    return Cues(
        compile_patterns(ids, [rule["pattern"] for rule in rules]),
        tuple(ids),
        np.array([KIND_CODE[Kind(rule["kind"])] for rule in rules], dtype=np.uint8),
        np.array([rule["where"] == "edge" for rule in rules], dtype=np.bool_),
        np.array([rule["most_words"] for rule in rules], dtype=np.uint32),
    )


def cue_hits(
    texts: Sequence[str], blocks: Ranges, words: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the (block, rule) pairs of all rules that hold, by block and then by rule."""
    cues = load_cues()
    block, rule = cues.patterns.find(texts, blocks)
    allowed = words[block] <= cues.most_words[rule]
    allowed &= ~cues.edge_only[rule] | _at_edge(blocks, words)[block]
    return block[allowed], rule[allowed]


def _at_edge(blocks: Ranges, words: NDArray[np.uint32]) -> NDArray[np.bool_]:
    running = np.concatenate(([0], np.cumsum(words, dtype=np.int64)))
    counts = np.diff(blocks.offsets)
    begin = np.repeat(running[blocks.offsets[:-1]], counts)
    end = np.repeat(running[blocks.offsets[1:]], counts)
    total = end - begin
    before, after = running[:-1] - begin, end - running[1:]
    in_head: NDArray[np.bool_] = before <= np.maximum(_HEAD_WORDS, _HEAD_SHARE * total)
    in_tail: NDArray[np.bool_] = after <= np.maximum(_TAIL_WORDS, _TAIL_SHARE * total)
    at_edge: NDArray[np.bool_] = in_head | in_tail
    return at_edge
