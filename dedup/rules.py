"""How are rules written down? As TOML files of patterns, each with the lines it must and must not match.

Patterns are searched in a block's original text by the core's linear-time engine (no look-around, no
back-references, so no page can make one slow). So that they read like the sentences they match, a space stands for
any white space (and a space with `?` for none too), an apostrophe or a quotation mark for each of its typographic
forms, and `^` also passes over Markdown in front of the words. `{outlet}` catches a name, linked or not, that ends
where a name can end: at punctuation or at the block's end; `{name}` catches one that the pattern's next words end.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

import orjson

from dedup import _core
from dedup.errors import RuleError

_NAME = r"[\[\"“”„«»*_'‘’<\s]*(?P<outlet>https?://[^\s)\]>]+|[^\n\]\[()«»\"“”„*_|<>]{2,70}?)"
_OUTSIDE = {
    "\0": _NAME + r"(?:[\]»\"“”*_|>()]|[,;،؛，。；、।]|[.:](?:\s|$)|$|\s[-–—]\s)",
    "\1": _NAME + r"[\]»\"“”*_>]*(?:\([^)\s]*\))?",
    "\2": r"\s*",
    " ": r"\s+",
    "'": "['’‘ʼ]",
    '"': '["“”„«»]',
    "^": r"^[\s*_#>\[]*",
}
# What a pattern is read by: an escaped sign, a class, or a sign that stands for something else.
_PART = re.compile(r"\\.|\[(?:\\.|[^\]])*\]?|[\0\1\2 '\"^]", re.DOTALL)


def expand(pattern: str) -> str:
    """Return a pattern of a rule file as the engine's regular expression."""
    return _PART.sub(_expanded, pattern.replace("{outlet}", "\0").replace("{name}", "\1").replace(" ?", "\2"))


def _expanded(part: re.Match[str]) -> str:
    return part[0].replace("\2", " ?") if part[0].startswith("[") else _OUTSIDE.get(part[0], part[0])


def compile_patterns(names: list[str], patterns: list[str]) -> _core.Patterns:
    """Compile rule patterns together; `names` are the rules' ids, in the same order.

    Raises RuleError naming the rule whose pattern the engine refuses.
    """
    with refusing(names):
        return _core.Patterns([expand(pattern) for pattern in patterns])


@contextmanager
def refusing(names: list[str]) -> Iterator[None]:
    """Raise RuleError, naming the rule, where the engine refuses one of the patterns it is given."""
    try:
        yield
    except ValueError as error:
        index, _, reason = str(error).partition(": ")
        raise RuleError(f"rule {names[int(index)]}: {reason}") from None


def load_tables(folder: Traversable, table: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of one kind from all rule files of a folder, file by file in name order.

    Raises RuleError if two entries share an id.
    """
    seen: set[str] = set()
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".toml"):
            continue
        for rule in rule_file(entry).get(table, []):
            if rule["id"] in seen:
                raise RuleError(f"{entry.name}: the id {rule['id']} is used twice")
            seen.add(rule["id"])
            yield rule


def rule_file(entry: Traversable) -> dict[str, Any]:
    """Return what a rule file says."""
    return _document(entry.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _document(text: str) -> dict[str, Any]:
    """Return what a rule file says. The files of one folder are kept: they are asked for one kind of entry after the
    other.
    """
    document: dict[str, Any] = orjson.loads(_core.toml_as_json(text))
    return document
