"""What is an outlet called that nobody gave us? The same in all families.

Within a family `names.same_name` tells which names mean one outlet, by initials and domains too. What two initials mean
in one story says nothing of another: across families only spelling counts, and who the great agencies are.
"""

from collections.abc import Iterable, Sequence

from dedup.domains import looks_like_domain
from dedup.outlets import Directory, fold_name, is_article
from dedup.provenance.evidence import Reading
from dedup.provenance.names import agency_keys


def called_alike(readings: Sequence[Reading], directory: Directory) -> list[Reading]:
    """Return what pages tell, with one name for each outlet that they name. Domains stay as they are, and so do names
    that the `directory` knows.
    """
    names = {item.names for reading in readings for item in reading.evidence}
    called = one_name_each(
        name for name in names if not (looks_like_domain(name) or directory.publishes(name) or directory.is_known(name))
    )
    return [
        reading._replace(
            evidence=tuple(item._replace(names=called.get(item.names, item.names)) for item in reading.evidence)
        )
        if any(called.get(item.names, item.names) != item.names for item in reading.evidence)
        else reading
        for reading in readings
    ]


def one_name_each(names: Iterable[str]) -> dict[str, str]:
    """Return for each name the one by which its outlet is called: the longest of all that differ by their spelling or a
    leading article, or that one great agency goes by.

    >>> sorted(one_name_each(["AP", "The Associated Press", "Associated Press", "MPA"]).values())
    ['Associated Press', 'Associated Press', 'Associated Press', 'MPA']
    """
    called: dict[str, str] = {}
    by_spelling: dict[str, str] = {}
    by_agency: dict[str, str] = {}
    for name in sorted(set(names), key=lambda name: (-len(_without_article(name)), name)):
        keys = agency_keys(name)
        known = next((by_agency[key] for key in sorted(keys) if key in by_agency), name)
        called[name] = known = by_spelling.setdefault(fold_name(name), known)
        for key in keys:
            by_agency.setdefault(key, known)
    return called


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and is_article(first) else name
