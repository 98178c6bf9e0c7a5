"""Which lines does a page show, from top to bottom?

A line is what stands between two breaks: the edges of block elements, and `<br>`. Menus are left out: `<nav>`,
`role=navigation`, and lines that are nothing but links where three or more of them stand close together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TEXT: Final = "-text"
UNSEEN: Final = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "canvas"),
        *("select", "button", "textarea", "nav", "-comment"),
    )
)
INLINE: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr"),
    )
)
MENU_LINES: Final = 3
MENU_GAP: Final = 3  # from one link to the next, so that dates and teasers between the links do not part a menu


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, white space collapsed; `linked` if all of it is the text of links."""

    text: str
    linked: bool


class _Page:
    """The lines read so far, and the pieces of the line that is being read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.linked = True
        self.links = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.linked = self.linked and (self.links > 0 or text.isspace())

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        if text:
            self.lines.append(Line(text, self.linked))
        self.pieces, self.linked = [], True


def lines_of(body: "LexborNode") -> list[Line]:
    """Return the lines below `body` in their order. The walk keeps its own stack, so depth costs no recursion."""
    page = _Page()
    for node, entering in _walk(body):
        tag = node.tag or ""
        if tag == TEXT:
            page.add(node.text_content or "")
        elif tag == "a":
            page.links += 1 if entering else -1
        elif tag not in INLINE:
            page.end_line()
    page.end_line()
    return without_menus(page.lines)


def without_menus(lines: list[Line]) -> list[Line]:
    """Return the lines that are not the links of a menu.

    >>> without_menus([Line(name, linked=True) for name in ("Home", "World", "Sport")] + [Line("Rain", False)])
    [Line(text='Rain', linked=False)]
    """
    menus: list[list[int]] = []
    for number, line in enumerate(lines):
        if line.linked and menus and number - menus[-1][-1] <= MENU_GAP:
            menus[-1].append(number)
        elif line.linked:
            menus.append([number])
    dropped = {number for menu in menus if len(menu) >= MENU_LINES for number in menu}
    return [line for number, line in enumerate(lines) if number not in dropped]


def _walk(root: "LexborNode") -> Iterator[tuple["LexborNode", bool]]:
    """Yield each node when it is entered, and each element once more when it is left."""
    waiting = [(root, True)]
    while waiting:
        node, entering = waiting.pop()
        if entering and node.tag in UNSEEN:
            continue
        if entering and node.tag != TEXT and node.attributes.get("role") == "navigation":
            continue
        yield node, entering
        if entering and node.tag != TEXT:
            waiting.append((node, False))
            child = node.last_child
            while child is not None:
                waiting.append((child, True))
                child = child.prev
