"""What articles stand in JSON Lines, or in one JSON file?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from dedup.article import Article, Skipped
from dedup.extraction import Page
from dedup.place import Place, refusal
from dedup.readers.feed import read_json_feed
from dedup.readers.fields import Fields
from dedup.readers.files import (
    MAX_LINE,
    UTF8_MARK,
    UTF16,
    UTF16_MARKS,
    TooLongError,
    lines,
    whole,
)
from dedup.readers.unpack import UnreadableError, peek

MAX_JSON: Final = 256 * 1024 * 1024
JSON_FEED: Final = ("https://jsonfeed.org/", "http://jsonfeed.org/")


@dataclass(frozen=True, slots=True)
class Lines:
    """One file of JSON Lines: iterate for its articles, or take its bytes and have the core read the plain lines.

    An article for each line, or the reason why the line gives none; blank lines are ignored.
    """

    stream: Iterable[bytes]
    path: str
    fields: Fields

    def __iter__(self) -> Iterator[Article | Skipped | Page]:
        """Yield the articles."""
        number = 0
        try:
            head, stream = peek(self.stream)
            if head.startswith(UTF16_MARKS):
                yield Skipped(self.path, None, UTF16)
                return
            for number, line in enumerate(lines(stream), 1):
                if number == 1 and isinstance(line, bytes):
                    line = line.removeprefix(UTF8_MARK)
                if isinstance(line, int) or (line and not line.isspace()):
                    yield self.article(number, line)
        except UnreadableError as broken:
            yield self.broken(broken, number)

    def article(self, number: int, line: bytes | int) -> Article | Skipped | Page:
        """Return the article of a line; of one that was too long to be held, its length is given."""
        place = Place(self.path, number)
        if isinstance(line, int):
            return place.skip(f"line longer than {MAX_LINE:,} bytes ({line:,})")
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return place.skip(_invalid(line, error))
        return read_record(record, place, self.fields)

    def broken(self, reason: UnreadableError, after: int) -> Skipped:
        """Return the skip of what comes after so many lines."""
        return Skipped(self.path, None, f"{reason} after line {after}")


def restore(line: bytes, text: str, place: Place, fields: Fields) -> Article:
    """Return the article of a line that was read already; `text` is its text, which the line need not hold."""
    return place.article(text, _strings(fields.find(orjson.loads(line))))


def read_json(stream: Iterable[bytes], path: str, fields: Fields) -> Iterator[Article | Skipped | Page]:
    """Yield the articles of one JSON file: an object is a record or a JSON Feed, an array holds records."""
    try:
        data = whole(stream, MAX_JSON)
        if data.startswith(UTF16_MARKS):
            yield Skipped(path, None, UTF16)
            return
        document = orjson.loads(data.removeprefix(UTF8_MARK))
    except TooLongError as error:
        yield Skipped(path, None, f"{error}; write it as JSON Lines, one record on each line")
    except UnreadableError as broken:
        yield Skipped(path, None, f"{broken}: nothing of it was read")
    except orjson.JSONDecodeError as error:
        reason = _invalid(data, error)
        yield Skipped(path, None, f"{reason}; a file with one record on each line must be named .jsonl")
    else:
        if isinstance(document, dict) and str(document.get("version")).startswith(JSON_FEED):
            yield from read_json_feed(document, path)
            return
        if not isinstance(document, list):
            yield read_record(document, Place(path), fields)
            return
        for number, record in enumerate(document, 1):
            yield read_record(record, Place(path, record=number), fields)


def _invalid(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8 at byte {wrong.start + 1}; convert it to UTF-8"
    where = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
    return f"invalid JSON: {error.msg} at {where}"


def read_record(record: object, place: Place, fields: Fields) -> Article | Skipped | Page:
    """Return the article of one decoded record, or the page where it holds one and no text."""
    if not isinstance(record, dict):
        return place.skip(f"not a JSON object but {_kind(record)}")
    found = fields.find(record)
    text = found.get("text")
    if text is None and isinstance(page := found.get("html"), (str, bytes)):
        return Page(page, place, _strings(found))
    if text is None:
        return place.skip(fields.without_text(record))
    if not isinstance(text, str):
        return place.skip(f"the text is not a string but {_kind(text)}; say --field text=NAME (or NAME.NAME)")
    reason = refusal(text)
    return place.skip(reason) if reason else place.article(text, _strings(found))


def _strings(found: Mapping[str, object]) -> dict[str, str]:
    return {target: value for target, value in found.items() if isinstance(value, str)}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    kinds = {
        bytes: "bytes that are not UTF-8",
        str: "a string",
        int: "a number",
        float: "a number",
        list: "an array",
        dict: "an object",
    }
    return kinds.get(type(value), "null")
