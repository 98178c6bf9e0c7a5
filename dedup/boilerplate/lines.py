"""Which lines does an outlet repeat, and what do people say of them?

Line             one line of an outlet: its kind, on how many pages it stands, how many outlets have it, how it reads
lines_as_toml    lines -> a file that people may edit
lines_of_toml    such a file -> lines
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from dedup.article import Kind
from dedup.errors import UsageError
from dedup.tables import tables_of

BODY = "body"
HEAD = f"""\
# Lines that outlets set around their articles. Edit this file and give it to `dedup scan --boilerplate`: what it says
# goes before what is learned. `kind` is "{BODY}" for what belongs to the article after all, else one of
# {", ".join(Kind)}.
# A line is known again by its words, whatever numbers, names and addresses stand between them; `pages`
# and `outlets` are not read.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an outlet, as it reads on one of its pages.

    `outlet` is its domain, its name where no domain is known, and empty where neither is. `kind` is None for what is
    the article's own. `outlets` says how many outlets repeat it under different bodies.
    """

    outlet: str
    kind: Kind | None
    text: str
    pages: int = 0
    outlets: int = 0


def lines_as_toml(lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield a file that holds these lines.

    >>> b"".join(lines_as_toml([Line("a.org", Kind.SHARE, "Pass it on!", 7, 2)])).decode().splitlines()[-6:-1]
    ['[[line]]', 'outlet = "a.org"', 'kind = "share"', 'pages = 7', 'outlets = 2']
    """
    yield HEAD.encode()
    for line in lines:
        kind = BODY if line.kind is None else line.kind
        pairs = (
            ("outlet", line.outlet),
            ("kind", str(kind)),
            ("pages", line.pages),
            ("outlets", line.outlets),
            ("text", line.text),
        )
        # JSON's strings and numbers are TOML's, but for one sign.
        rows = b"\n".join(key.encode() + b" = " + orjson.dumps(value) for key, value in pairs)
        yield b"\n[[line]]\n" + rows.replace(b"\x7f", rb"\u007f") + b"\n"


def lines_of_toml(data: bytes, path: str) -> list[Line]:
    """Return the lines of a file. Raises UsageError naming the place where it says what no such file says."""
    return [_line(table, where) for where, table in tables_of(data, path, "line")]


def _line(table: object, where: str) -> Line:
    if not isinstance(table, dict) or not all(isinstance(table.get(key), str) for key in ("outlet", "kind", "text")):
        raise UsageError(f"{where}: give it an outlet, a kind and a text, each in quotation marks")
    kind = table["kind"]
    if kind != BODY and kind not in list(Kind):
        raise UsageError(f"{where}: there is no kind {kind!r}; choose from {BODY}, {', '.join(Kind)}")
    return Line(table["outlet"], None if kind == BODY else Kind(kind), table["text"])
