"""Which blocks does their wording give away? The rules of `dedup/boilerplate/cues/*.toml`.

A rule holds an id, a kind, a pattern, `where` it counts ("any", or "edge": head or tail of an article), at most
`most_words` in the block, and the texts it must (`yes`) and must not (`no`) match.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from threading import Lock

from dedup import _core
from dedup.article import Kind
from dedup.rules import expand, load_tables, refusing

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


@dataclass(frozen=True, slots=True)
class Cues:
    """The shipped rules: their ids, and as the core applies them."""

    ids: tuple[str, ...]
    core: _core.Cues


# Whoever needs them while another thread compiles them waits, and does not do it again.
_LOADING = Lock()


def load_cues() -> Cues:
    """Return the shipped cue rules, read and compiled at the first call."""
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Cues:
    rules = list(load_tables(files("dedup.boilerplate") / "cues", "cue"))
    ids = [rule["id"] for rule in rules]
    with refusing(ids):
        core = _core.Cues(
            [expand(rule["pattern"]) for rule in rules],
            [KIND_CODE[Kind(rule["kind"])] for rule in rules],
            [rule["where"] == "edge" for rule in rules],
            [rule["most_words"] for rule in rules],
            (KIND_CODE[Kind.BYLINE], KIND_CODE[Kind.DATE]),
            KIND_CODE[Kind.OTHER],
        )
    return Cues(tuple(ids), core)
