"""In which encoding is a page written?"""

import codecs
import re
from typing import Final

DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE)
DECLARED_WITHIN: Final = 4096
SAMPLE: Final = 64 * 1024
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers understand by these labels.
WIDER: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
# Encodings of the web: Python knows others (punycode, utf-7, unicode_escape) that no page may choose.
OF_THE_WEB: Final = re.compile(r"utf-8|cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|gb18030|big5(?:hkscs)?|"
                               r"euc_jp|shift_jis|iso2022_jp|mac-(?:roman|cyrillic)|tis-620")  # fmt: skip


def decode(data: bytes, sent_as: str | None = None) -> str | None:
    """Return the page as text: by its byte order mark, in the encoding it was `sent_as`, as UTF-8, as it declares, or
    as its bytes suggest.

    Every attempt is strict, so a page that none of them fits gives None.

    >>> decode('<meta charset="windows-1251">Дождь'.encode("cp1251"))
    '<meta charset="windows-1251">Дождь'
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    sent = _of_the_web(sent_as) if sent_as else None
    text = _strictly(data, sent) if sent else None
    if text is None:
        text = _strictly(data, "utf-8")
    if text is None and (declared := _declared(data)):
        text = _strictly(data, declared)
    if text is None and (guessed := _guessed(data)):
        text = _strictly(data, guessed)
    return text


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _declared(data: bytes) -> str | None:
    label = DECLARED.search(data, 0, DECLARED_WITHIN)
    return None if label is None else _of_the_web(label[1].decode("ascii", "replace"))


def _of_the_web(label: str) -> str | None:
    """Return the encoding that browsers understand by a label, or None if it is none of theirs."""
    try:
        encoding = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    encoding = WIDER.get(encoding, encoding)
    return encoding if OF_THE_WEB.fullmatch(encoding) else None


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    return None if best is None else best.encoding
