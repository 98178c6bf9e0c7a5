"""What article stands in a text or Markdown file?

The file is the text. If it begins with front matter (`key: value` lines between two `---` lines), the fields we
know are read from it and the text is what follows; front matter of any other form stays part of the text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dedup.article import Article, Skipped
from dedup.place import MAX_TEXT, Place, refusal
from dedup.readers.fields import Fields
from dedup.readers.files import UTF8_MARK, UTF16, UTF16_MARKS, TooLongError, whole
from dedup.readers.unpack import UnreadableError

MAX_TEXT_FILE: Final = 4 * MAX_TEXT  # no code point takes more than four bytes
MAX_HEADER_LINES: Final = 100
FENCE: Final = "---"
PAIR: Final = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?")
QUOTED: Final = re.compile(r"\"[^\"\\]*\"|'[^']*'")
NOT_PLAIN: Final = tuple("[{|>&*!\"'")


def read_text(stream: Iterable[bytes], path: str, fields: Fields) -> Iterator[Article | Skipped]:
    """Yield the article of one text file, or the reason why it gives none."""
    try:
        data = whole(stream, MAX_TEXT_FILE)
    except TooLongError as error:
        yield Skipped(path, None, f"the file is too long for one article ({error}): split it")
        return
    except UnreadableError as broken:
        yield Skipped(path, None, f"{broken}: nothing of it was read")
        return
    yield _article(data, Place(path), fields)


def _article(data: bytes, place: Place, fields: Fields) -> Article | Skipped:
    if data.startswith(UTF16_MARKS):
        return place.skip(UTF16)
    try:
        content = data.removeprefix(UTF8_MARK).decode()
    except UnicodeDecodeError as error:
        return place.skip(f"not UTF-8 at byte {error.start + 1}; convert it to UTF-8: iconv -f ENCODING -t UTF-8")
    header, text = front_matter(content)
    reason = refusal(text)
    if reason:
        return place.skip(reason)
    known = {target: value for target, value in fields.find(header).items() if isinstance(value, str)}
    return place.article(text, {"id": place.path} | known)


def front_matter(content: str) -> tuple[dict[str, str], str]:
    """Return the pairs of the front matter and the text after it, or no pairs and the whole content.

    >>> front_matter("---\\ntitle: Rain\\n---\\nIt rained.")
    ({'title': 'Rain'}, 'It rained.')
    """
    pairs: dict[str, str] = {}
    end = content.find("\n") + 1
    if content[:end].rstrip() != FENCE:
        return {}, content
    for _ in range(MAX_HEADER_LINES):
        start, end = end, content.find("\n", end) + 1
        line = content[start : end or None].rstrip()
        if line == FENCE:
            return pairs, content[end:] if end else ""
        pair = PAIR.fullmatch(line)
        if not end or not pair:
            break
        pairs[pair[1]] = _plain(pair[2] or "")
    return {}, content


def _plain(value: str) -> str:
    """Return a plain or simply quoted value; lists, blocks and other YAML give an empty one, which says nothing."""
    value = value.strip()
    if QUOTED.fullmatch(value):
        return value[1:-1]
    return "" if value.startswith(NOT_PLAIN) else value
