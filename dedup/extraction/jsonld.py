"""What does a page's JSON-LD state of its article?"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final

import orjson

Node = Mapping[str, object]

MAX_NODES: Final = 2_000
ARTICLES: Final = ("Article", "Posting", "Report", "Review")  # NewsArticle, BlogPosting, ReportageNewsArticle ...
PAGES: Final = ("WebPage",)
AROUND: Final = re.compile(
    r"^\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?|(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*$"
)
STRING: Final = re.compile(r'("(?:[^"\\]|\\.)*")', re.DOTALL)
CONTROL: Final = re.compile(r"[\x00-\x1f]")
ESCAPE: Final = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})|\\")
LAST_COMMA: Final = re.compile(r",\s*([}\]])")
BETWEEN_OBJECTS: Final = re.compile(r"}[\s;]*{")
# What of an article names somebody, and the mark it becomes.
NAMED: Final = (
    *("sourceOrganization", "provider", "copyrightHolder", "contributor", "producer", "sponsor"),
    *("creditText", "copyrightNotice", "license", "acquireLicensePage", "isAccessibleForFree", "dateline"),
)
SOURCES: Final = ("isBasedOn", "isBasedOnUrl", "translationOfWork", "archivedAt")


def json_ld(script: str) -> Iterator[tuple[str, str]]:
    """Yield the statements of one script, by mark name. A script that is not JSON, even when mended, states nothing.

    Only the page's own article is read, not those it lists; where there is none, the page itself. References
    to other nodes of the graph (`{"@id": ...}`) are followed.

    >>> list(json_ld('{"@type": "NewsArticle", "publisher": {"name": "The Ferry"}, "datePublished": "2020-02-11"}'))
    [('date.published.jsonld', '2020-02-11'), ('jsonld.publisher', 'The Ferry')]
    """
    document = loaded(script)
    if document is None:
        return
    nodes = _nodes(document)
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 1}
    own = [node for node in nodes if _is(node, ARTICLES)] or [node for node in nodes if _is(node, PAGES)]
    for node in own[:1]:
        yield from _article(node, by_id)


def loaded(script: str) -> object | None:
    """Return what a script holds, mended if it has one of the usual faults, or None."""
    document = _loaded(script)
    return _loaded(mended(script)) if document is None else document


def _loaded(text: str) -> object | None:
    try:
        document: object = orjson.loads(text.encode())
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    return document


def mended(script: str) -> str:
    """Return a script without the faults that sites leave in JSON: comments around it, line breaks and lone
    backslashes in strings, commas before a closing bracket, several objects one after the other.

    Nothing is guessed at: what is no JSON after that is none.

    >>> mended('<!-- {"a": [1, 2,],} {"b": 3}; -->')
    '[{"a": [1, 2]},{"b": 3}]'
    """
    bare = AROUND.sub("", script)
    if '"' not in bare:
        bare = bare.replace("&quot;", '"').replace("&amp;", "&")
    parts = STRING.split(bare)
    parts[1::2] = [ESCAPE.sub(_whole_escape, CONTROL.sub(_escaped, part)) for part in parts[1::2]]
    # A string cannot stand between the two signs of any of these faults.
    objects = 0
    for number in range(0, len(parts), 2):
        parts[number], joined = BETWEEN_OBJECTS.subn("},{", LAST_COMMA.sub(r"\1", parts[number]))
        objects += joined
    whole = "".join(parts).strip().rstrip(";").rstrip()
    return f"[{whole}]" if objects else whole


def _whole_escape(escape: re.Match[str]) -> str:
    return "\\\\" if escape[0] == "\\" else escape[0]


def _escaped(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04x}"


def _nodes(document: object) -> list[Node]:
    """Return the nodes the script is about: the top one or ones, their graph, and their main entities."""
    found: list[Node] = []
    waiting = [document]
    while waiting and len(found) < MAX_NODES:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:MAX_NODES]
        elif isinstance(value, dict):
            found.append(value)
            waiting[:0] = [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    return found


def _is(node: Node, types: tuple[str, ...]) -> bool:
    return any(isinstance(kind, str) and kind.endswith(types) for kind in _list(node.get("@type")))


def _article(node: Node, by_id: Mapping[object, Node]) -> Iterator[tuple[str, str]]:
    yield from _strings("date.published.jsonld", node.get("datePublished"))
    yield from _strings("date.created.jsonld", node.get("dateCreated"))
    yield from _strings("date.modified.jsonld", node.get("dateModified"))
    yield from _strings("jsonld.headline", node.get("headline"))
    authors = [name for author in _list(node.get("author")) for name in _named(author, by_id, "name")]
    if authors:
        yield "jsonld.author", ", ".join(authors)
    for publisher in _list(node.get("publisher")):
        yield from (("jsonld.publisher", name) for name in _named(publisher, by_id, "name"))
        yield from (("jsonld.publisher.url", url) for url in _named(publisher, by_id, "url") if publisher != url)
    for key in NAMED:
        for value in _list(node.get(key)):
            yield from ((f"jsonld.{key}", name) for name in _named(value, by_id, "name", "url")[:1])
    for key in SOURCES:
        for value in _list(node.get(key)):
            yield from (("jsonld.isBasedOn" if "Based" in key else f"jsonld.{key}", name)
                        for name in _named(value, by_id, "url", "@id", "name")[:1])  # fmt: skip


def _named(value: object, by_id: Mapping[object, Node], *keys: str) -> list[str]:
    """Return a bare string, or the strings under `keys` of the node that is given or referred to."""
    if isinstance(value, dict):
        reference = value.get("@id")
        target = by_id.get(reference, value) if isinstance(reference, str) else value
        return [text for key in keys for _, text in _strings(key, value.get(key) or target.get(key))]
    return [text for _, text in _strings("", value)]


def _strings(name: str, value: object) -> Iterator[tuple[str, str]]:
    for item in _list(value):
        text = str(item).lower() if isinstance(item, bool) else item
        if isinstance(text, str) and (tidy := " ".join(unescape(text).split())):
            yield name, tidy


def _list(value: object) -> list[object]:
    return value[:MAX_NODES] if isinstance(value, list) else [value]
