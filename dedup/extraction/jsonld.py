"""What does a page's JSON-LD state of its article?"""

from collections.abc import Iterator, Mapping
from typing import Final

import orjson

Node = Mapping[str, object]

MAX_NODES: Final = 2_000
ARTICLES: Final = ("Article", "Posting", "Report", "Review")  # NewsArticle, BlogPosting, ReportageNewsArticle ...
PAGES: Final = ("WebPage",)


def json_ld(script: str) -> Iterator[tuple[str, str]]:
    """Yield the statements of one script, by mark name. A script that is not JSON states nothing.

    Only the page's own article is read, not those it lists; where there is none, the page itself. References
    to other nodes of the graph (`{"@id": ...}`) are followed.

    >>> list(json_ld('{"@type": "NewsArticle", "publisher": {"name": "The Ferry"}, "datePublished": "2020-02-11"}'))
    [('date.published', '2020-02-11'), ('jsonld.publisher', 'The Ferry')]
    """
    try:
        document = orjson.loads(script.encode())
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return
    nodes = _nodes(document)
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 1}
    own = [node for node in nodes if _is(node, ARTICLES)] or [node for node in nodes if _is(node, PAGES)]
    for node in own[:1]:
        yield from _article(node, by_id)


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
    yield from _strings("date.published", node.get("datePublished"))
    yield from _strings("date.modified", node.get("dateModified"))
    yield from _strings("jsonld.headline", node.get("headline"))
    authors = [name for author in _list(node.get("author")) for name in _named(author, by_id, "name")]
    if authors:
        yield "jsonld.author", ", ".join(authors)
    for publisher in _list(node.get("publisher")):
        yield from (("jsonld.publisher", name) for name in _named(publisher, by_id, "name"))
        yield from (("jsonld.publisher.url", url) for url in _named(publisher, by_id, "url") if publisher != url)
    for organization in _list(node.get("sourceOrganization")):
        yield from (("jsonld.sourceOrganization", name) for name in _named(organization, by_id, "name"))
    for source in _list(node.get("isBasedOn")):
        yield from (("jsonld.isBasedOn", name) for name in _named(source, by_id, "url", "@id", "name")[:1])


def _named(value: object, by_id: Mapping[object, Node], *keys: str) -> list[str]:
    """Return a bare string, or the strings under `keys` of the node that is given or referred to."""
    if isinstance(value, dict):
        reference = value.get("@id")
        target = by_id.get(reference, value) if isinstance(reference, str) else value
        return [text for key in keys for _, text in _strings(key, value.get(key) or target.get(key))]
    return [text for _, text in _strings("", value)]


def _strings(name: str, value: object) -> Iterator[tuple[str, str]]:
    for item in _list(value):
        if isinstance(item, str) and (tidy := " ".join(item.split())):
            yield name, tidy


def _list(value: object) -> list[object]:
    return value[:MAX_NODES] if isinstance(value, list) else [value]
