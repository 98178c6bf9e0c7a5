"""Which items stand in the XML of a feed?

items   the bytes of a feed -> its items, and where it is damaged
Item    the texts of one item by the names of their elements

Expat takes a feed of any size piece by piece. Entities that a document defines are refused with the document, external
ones are never fetched. An item that is no XML is given up, and the next is read by a new parser, for which all that
stands before the first item opens the elements around it. Elements are known by the prefixes that everybody gives them:
feeds that forget to declare one are common.
"""

import html.entities
import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers import expat

from dedup.extraction.given import MAX_PAGE

MAX_DEPTH: Final = 1000
MAX_VALUES: Final = 1000  # texts of an item; no feed has so many
MAX_HELD: Final = 2 * MAX_PAGE  # bytes that are kept of what is under way
REREAD: Final = 4 * MAX_HELD  # bytes that are parsed anew in all; the time this takes is bounded by it
NEXT_ITEM: Final = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
ITEMS: Final = frozenset({"item", "entry"})
ROOTS: Final = frozenset({"rss", "feed", "rdf:RDF", "RDF"})
# Elements of which the parts count and not the whole: <author><name>, <source><title>.
STRUCTURED: Final = frozenset({"author", "source"})
STEP: Final = 64 * 1024

Fault = tuple[int, str]


class Item:
    """The texts of one item, by the names of their elements, in the order in which they stand; `line` is its first."""

    def __init__(self, line: int) -> None:
        """Begin an item."""
        self.line = line
        self.is_long = False
        self._texts: dict[str, list[str]] = {}
        self._size = 0

    def add(self, name: str, text: str) -> None:
        """Keep a text, unless the item holds too much already."""
        text = text.strip()
        self._size += len(text) + 1
        self.is_long = self.is_long or self._size > MAX_PAGE
        if text and not self.is_long and self._size and sum(map(len, self._texts.values())) < MAX_VALUES:
            self._texts.setdefault(name, []).append(text)

    def all(self, name: str) -> list[str]:
        """Return the texts of an element."""
        return self._texts.get(name, [])

    def first(self, *names: str) -> str | None:
        """Return the first text of the first of these elements that has one, or None."""
        return next((text for name in names for text in self.all(name)), None)


def items(stream: Iterable[bytes]) -> Iterator[Item | Fault]:
    """Yield the items; for one that is no XML its line and the reason, and then the items after it.

    >>> [item.first("title") for item in items([b"<rss><channel><item><title>Rain</title></item></channel></rss>"])]
    ['Rain']
    """
    document = _Document()
    for piece in stream:
        for start in range(0, len(piece), STEP):
            yield from document.feed(piece[start : start + STEP])
            if document.is_over:
                return
    yield from document.feed(b"", is_last=True)


class _Document:
    """A feed while it is read, by one parser after another."""

    def __init__(self) -> None:
        self.is_over = False
        self._parser: _Parser | None = _Parser(1)
        self._before: bytes | None = None  # what stands before the first item
        self._held = bytearray()  # the bytes since the item under way began
        self._base, self._line = 0, 1  # the place in the file of the first of them
        self._tried = -1  # where the last parser but the first began
        self._shift = 0  # from the places of the parser to those of the file
        self._budget = REREAD

    def feed(self, data: bytes, is_last: bool = False) -> Iterator[Item | Fault]:
        """Yield the items that end in `data`."""
        self._held += data
        if len(self._held) > MAX_HELD and self._before is None:
            yield self._line, f"no item in its first {MAX_HELD:,} bytes"
            self.is_over = True
            return
        fresh = max(0, len(self._held) - len(data) - 32)
        if self._before is None and (found := NEXT_ITEM.search(self._held, fresh)):
            self._before = bytes(self._held[: found.start()])
        if self._parser is None:
            data = self._start_anew(0)
        while self._parser is not None:
            fault = self._parser.feed(data, is_last)
            yield from self._parser.take()
            if fault is None:
                if self._before is not None:
                    self._let_go(self._parser.under_way() + self._shift)
                break
            yield fault
            if self._before is None or self._parser.is_refused:
                self.is_over = True
                return
            # At the same place no second parser is tried: it would end at the same fault.
            place = max(self._parser.under_way() + self._parser.is_within + self._shift, self._tried + 1)
            data = self._start_anew(max(0, place - self._base))

    def _start_anew(self, start: int) -> bytes:
        """Put a new parser before the next item from `start` on of what is held; return what it is to read."""
        self._parser = None
        found = NEXT_ITEM.search(self._held, start)
        self._let_go(self._base + (found.start() if found else max(start, len(self._held) - 32)))
        if found is None or len(self._held) > self._budget or self._before is None:
            return b""
        self._budget -= len(self._held)
        self._tried = self._base
        self._parser = _Parser(self._line - self._before.count(b"\n"))
        self._parser.feed(self._before, is_last=False)
        self._shift = self._base - len(self._before)
        return bytes(self._held)

    def _let_go(self, before: int) -> None:
        before = max(before, self._base + len(self._held) - MAX_HELD)
        gone = max(0, before - self._base)
        self._line += self._held.count(b"\n", 0, gone)
        del self._held[:gone]
        self._base += gone


class _Parser:
    """One parser, and the item under way."""

    def __init__(self, first_line: int) -> None:
        self.is_refused = False
        self._first_line = first_line
        self._done: list[Item] = []
        self._item: Item | None = None
        self._item_at = 0
        self._item_depth = 0
        self._path: list[str] = []
        self._text: list[str] = []
        self._language = ""
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.UseForeignDTD(True)  # so that &nbsp; and its like are asked for here and are no fault
        self._parser.ExternalEntityRefHandler = lambda *_: 1
        self._parser.EntityDeclHandler = self._refuse_entities
        self._parser.SkippedEntityHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, data: bytes, is_last: bool) -> Fault | None:
        """Read on; return the line and the reason where this goes no further."""
        self._fed += len(data)
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            return self._line(), f"invalid XML: {expat.ErrorString(error.code)}"
        except _RefusedError as error:
            self.is_refused = True
            return self._line(), str(error)
        except ValueError as error:  # an encoding that Python cannot read byte by byte
            self.is_refused = True
            return self._line(), f"{error}; convert the file to UTF-8"
        if self._fed - max(0, self._parser.CurrentByteIndex) > MAX_PAGE:
            self.is_refused = True
            return self._line(), f"a tag or a comment is longer than {MAX_PAGE:,} bytes"
        return None

    @property
    def is_within(self) -> bool:
        """Say whether an item is under way."""
        return self._item is not None

    def take(self) -> list[Item]:
        """Return the items that ended, once."""
        done, self._done = self._done, []
        return done

    def under_way(self) -> int:
        """Return where what is under way began: the item, or what comes after the last."""
        return self._item_at if self._item is not None else max(0, self._parser.CurrentByteIndex)

    def _line(self) -> int:
        return self._first_line + self._parser.CurrentLineNumber - 1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.removeprefix("atom:").removeprefix("rss:")
        if len(self._path) >= MAX_DEPTH:
            raise _RefusedError(f"it nests elements more than {MAX_DEPTH:,} deep")
        if not self._path and name not in ROOTS:
            raise _RefusedError(f"not a feed but <{name[:40]}>")
        self._path.append(name)
        if self._item is None:
            if name in ITEMS:
                self._begin(attributes)
            elif len(self._path) == 1:
                self._language = attributes.get("xml:lang", "")
            self._text.clear()
            return
        depth = len(self._path) - self._item_depth
        if name == "link" and "href" in attributes:
            self._link(attributes, "source." if depth == 2 and self._path[-2] == "source" else "")
        elif name == "source" and "url" in attributes:
            self._item.add("source", attributes["url"])
        if depth == 1 or (depth == 2 and self._path[-2] in STRUCTURED):
            self._text.clear()
        else:
            given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
            self._text.append(f"<{name.rpartition(':')[2]}{given}>")

    def _begin(self, attributes: dict[str, str]) -> None:
        self._item = Item(self._line())
        self._item_at = self._parser.CurrentByteIndex
        self._item_depth = len(self._path)
        self._item.add("rdf:about", attributes.get("rdf:about", ""))
        self._item.add("feed.language", attributes.get("xml:lang", self._language))

    def _link(self, attributes: dict[str, str], of: str) -> None:
        relation = attributes.get("rel", "alternate")
        if self._item is not None:
            self._item.add(f"{of}link" if relation == "alternate" else f"{of}link.{relation[:20]}", attributes["href"])

    def _end(self, name: str) -> None:
        name = self._path.pop()
        if self._item is None:
            if name == "language" and len(self._path) <= 2:
                self._language = "".join(self._text)
            return
        depth = len(self._path) + 1 - self._item_depth
        if depth == 0:
            self._done.append(self._item)
            self._item = None
        elif depth == 1:
            self._item.add(f"{name}.name" if name == "source" else name, "".join(self._text))
            self._text.clear()
        elif depth == 2 and self._path[-1] in STRUCTURED:
            self._item.add(f"{self._path[-1]}.{name}", "".join(self._text))
            self._text.clear()
        else:
            self._text.append(f"</{name.rpartition(':')[2]}>")

    def _characters(self, text: str) -> None:
        depth = len(self._path) - self._item_depth
        within = self._item is not None and depth > 1 and not (depth == 2 and self._path[-2] in STRUCTURED)
        self._text.append(html.escape(text, quote=False) if within else text)

    def _entity(self, name: str, is_parameter: bool) -> None:
        self._text.append(html.entities.html5.get(f"{name};", f"&{name};"))

    def _refuse_entities(self, name: str, *_: object) -> None:
        raise _RefusedError("it defines entities, which no feed needs and bombs are made of")


class _RefusedError(Exception):
    """The document holds what no feed needs; nothing more of it is read."""
