"""How are rules written down? As TOML files of patterns, each with the lines it must and must not match.

Patterns are searched in a block's original text by the core's linear-time engine (no look-around, no
back-references, so no page can make one slow). So that they read like the sentences they match, a space stands
for any white space, an apostrophe or a quotation mark for each of its typographic forms, `^` also passes over
Markdown in front of the words. `{outlet}` catches a name, linked or not, that ends where a name can end: at
punctuation or at the block's end; `{name}` catches one that the pattern's next words end.
"""

import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

from dedup import _core
from dedup.errors import RuleError

_NAME = r"[\[\"“”„«»*_'‘’<\s]*(?P<outlet>[^\n\]\[()«»\"“”„*_|<>]{2,70}?)"
_SLOTS = {
    "\0": _NAME + r"(?:[\]»\"“”*_|>(]|,|;|[.:](?:\s|$)|$|\s[-–—]\s)",
    "\1": _NAME + r"[\]»\"“”*_>]*(?:\([^)\s]*\))?",
}
_REPLACED = {" ": r"\s+", "'": "['’‘ʼ]", '"': '["“”„«»]'}


def expand(pattern: str) -> str:
    """Return a pattern of a rule file as the engine's regular expression."""
    in_class = escaped = False
    out = []
    for sign in pattern.replace("{outlet}", "\0").replace("{name}", "\1"):
        if sign in _SLOTS:
            out.append(_SLOTS[sign])
        elif escaped or in_class or sign not in _REPLACED:
            out.append(r"^[\s*_#>\[]*" if sign == "^" and not escaped and not in_class else sign)
        else:
            out.append(_REPLACED[sign])
        in_class = not escaped and (sign == "[" or (in_class and sign != "]"))
        escaped = sign == "\\" and not escaped
    return "".join(out)


def compile_patterns(names: list[str], patterns: list[str]) -> _core.Patterns:
    """Compile rule patterns together; `names` are the rules' ids, in the same order.

    Raises RuleError naming the rule whose pattern the engine refuses.
    """
    try:
        return _core.Patterns([expand(pattern) for pattern in patterns])
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
        for rule in tomllib.loads(entry.read_text(encoding="utf-8")).get(table, []):
            if rule["id"] in seen:
                raise RuleError(f"{entry.name}: the id {rule['id']} is used twice")
            seen.add(rule["id"])
            yield rule
