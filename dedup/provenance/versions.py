"""Which articles of a family are one and the same, published under several addresses?

folded     a family of which each article is there once: the AMP, print and mobile pages of an article, its mirrors, and
           what its outlet or its owner's other outlets carry word for word stand behind one of them
unfolded   what was found of it, with all of them

They fold into one before any edge: no outlet republishes itself. A later version whose text was changed stays an
article of its own, since copies were made of either.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from dedup.article import Article
from dedup.domains import registrable_domain
from dedup.outlets import Directory
from dedup.provenance.clocks import Date
from dedup.provenance.decision import Case
from dedup.provenance.evidence import Reading
from dedup.provenance.model import Family, Overlaps, Pair, Version, VersionReason

# How hosts and paths name a form of a page, and how a query does, and what a query may say besides without changing it.
_HOST_FORM = re.compile(r"^(?:(?:www\d?|m|mobile|amp|print|wap|touch|lite)\.)+")
_PATH_FORM = re.compile(
    r"(?:^|/)(?:amp|print|mobile|printable|printversion|print-version)(?=/|$)|(?:[._-](?:amp|print|mobile))(?=\.html?$|/?$)"
    r"|/index\.(?:html?|php)$|/$"
)
_QUERY_FORM = re.compile(
    r"^(?:amp|print|printable|mobile|output|outputtype|view|format|share|ref|source|utm_.*|fbclid|gclid)$"
)


@lru_cache(maxsize=65536)
def page_address(url: str) -> str:
    """Return an address without what only names the form of its page: scheme, www, AMP, print, mobile, tracking.

    >>> page_address("https://amp.example.org/2021/rain/amp/?utm_source=x") == page_address("http://example.org/2021/rain")
    True
    """
    parts = urlsplit(url if "://" in url else f"//{url}")
    path = parts.path
    while (shorter := _PATH_FORM.sub("", path)) != path:
        path = shorter
    kept = sorted((key, value) for key, value in parse_qsl(parts.query) if not _QUERY_FORM.match(key.lower()))
    query = "&".join(f"{key}={value}" for key, value in kept)
    return f"{_HOST_FORM.sub('', parts.netloc.lower())}{path}?{query}"


def folded(case: Case, bodies: Sequence[int], directory: Directory) -> tuple[Case, tuple[Version, ...], list[int]]:
    """Return a family of which each article is there once, its further versions, and the places of those kept.

    `bodies` numbers the bodies: equal ones alike. What stands for all versions is the one under the plainest address,
    the earliest of such, with the clock of the earliest and the evidence of all.
    """
    places = range(len(case.members))
    publishers = Counter(_publisher(reading, directory) for reading in case.readings)
    if max(publishers.values()) == 1 or publishers.keys() == {None}:
        return case, (), list(places)
    keys = [
        _keys(article, reading, body, directory) if publishers[_publisher(reading, directory)] > 1 else {}
        for article, reading, body in zip(case.articles, case.readings, bodies, strict=True)
    ]
    first: dict[object, int] = {}
    stands: dict[int, tuple[int, VersionReason]] = {}
    keyed = filter(keys.__getitem__, places)
    for place in sorted(keyed, key=lambda at: _rank(case.articles[at], case.members[at].clock)):
        found = next(((first[key], reason) for key, reason in keys[place].items() if key in first), None)
        if found is not None:
            stands[place] = found
        for key in keys[place]:
            first.setdefault(key, place if found is None else found[0])
    if not stands:
        return case, (), list(places)
    kept = [place for place in places if place not in stands]
    together: dict[int, list[int]] = {place: [place] for place in kept}
    for place, (of, _) in stands.items():
        together[of].append(place)
    ids = [member.id for member in case.members]
    versions = tuple(Version(ids[place], ids[of], reason) for place, (of, reason) in sorted(stands.items()))
    readings = [_merged([case.readings[at] for at in together[place]]) for place in kept]
    members = [
        case.members[place]._replace(
            clock=min(filter(None, (case.members[at].clock for at in together[place])), key=_ends, default=None),
            evidence=reading.evidence,
            boilerplate=frozenset().union(*(case.members[at].boilerplate for at in together[place])),
        )
        for place, reading in zip(kept, readings, strict=True)
    ]
    stand = {place: place for place in kept} | {place: of for place, (of, _) in stands.items()}
    overlaps = _reduced(case.overlaps, stand, kept)
    return (
        replace(
            case,
            articles=[case.articles[place] for place in kept],
            readings=readings,
            members=members,
            overlaps=overlaps,
        ),
        versions,
        kept,
    )


def unfolded(family: Family, versions: tuple[Version, ...], pairs: tuple[Pair, ...]) -> Family:
    """Return a family with the further versions of its articles, and the matching pairs of them all."""
    if not versions:
        return family
    articles = tuple(sorted((*family.articles, *(version.article for version in versions))))
    return replace(family, articles=articles, versions=versions, pairs=pairs)


def _publisher(reading: Reading, directory: Directory) -> str | None:
    """Return who owns the outlet of a page, or the outlet, if that is known: versions have one publisher."""
    outlet = reading.host
    return None if outlet is None or reading.host_inferred else directory.owner_of(outlet) or outlet


def _keys(article: Article, reading: Reading, body: int, directory: Directory) -> Mapping[object, VersionReason]:
    """Return what all versions of an article have in common, what tells surest first."""
    outlet = reading.host
    if outlet is None or reading.host_inferred:
        return {}
    addresses = [article.url, *(mark.value for mark in article.marks if mark.name == "canonical")]
    own = [url for url in addresses if url is not None and _is_of(url, outlet, directory)]
    keys: dict[object, VersionReason] = {(outlet, page_address(url)): VersionReason.ADDRESS for url in own}
    keys[outlet, body] = VersionReason.SAME_TEXT
    owner = directory.owner_of(outlet)
    if owner is not None:
        keys["owner", owner, body] = VersionReason.SAME_OWNER
    return keys


def _is_of(url: str, outlet: str, directory: Directory) -> bool:
    domain = registrable_domain(url)
    # The home page of an outlet stands for no article.
    return domain is not None and directory.key_of(domain) == outlet and bool(urlsplit(url).path.strip("/"))


def _rank(article: Article, clock: Date | None) -> tuple[bool, float, int, str]:
    parts = urlsplit(article.url or "")
    formed = bool(_HOST_FORM.match(parts.netloc.removeprefix("www."))) or bool(
        _PATH_FORM.search(parts.path.rstrip("/"))
    )
    earliest = clock.not_before.timestamp() if clock is not None else float("inf")
    return formed or bool(parts.query), earliest, len(page_address(article.url or "")), article.id


def _ends(clock: Date) -> tuple[datetime, datetime]:
    return clock.not_after, clock.not_before


def _merged(readings: Sequence[Reading]) -> Reading:
    """Return the reading of several versions together, each statement once."""
    if len(readings) == 1:
        return readings[0]
    evidence = {(item.rule, item.names): item for reading in reversed(readings) for item in reading.evidence}
    return readings[0]._replace(
        dates=tuple(dict.fromkeys(date for reading in readings for date in reading.dates)),
        evidence=tuple(evidence.values()),
    )


def _reduced(overlaps: Overlaps, stand: Mapping[int, int], kept: Sequence[int]) -> Overlaps:
    """Return how much the kept members share, each with all that its versions share."""
    at = {place: number for number, place in enumerate(kept)}
    sizes = [overlaps.sizes[place] for place in kept]
    shared: list[dict[int, int]] = [{} for _ in kept]
    for place, others in enumerate(overlaps.shared):
        one = at[stand[place]]
        for other, count in others.items():
            two = at[stand[other]]
            if one != two:
                most = min(max(count, shared[one].get(two, 0)), sizes[one], sizes[two])
                shared[one][two] = shared[two][one] = most
    return Overlaps(shared, sizes)
