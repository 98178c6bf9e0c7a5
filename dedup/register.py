"""What do people say of outlets? A file of names, domains, owners and kinds, read before a corpus is learned from.

known_outlets   such a file -> KnownOutlet
"""

from collections.abc import Iterable
from typing import Final

from dedup.domains import registrable_domain
from dedup.errors import UsageError
from dedup.outlets import KnownOutlet, fold_name
from dedup.tables import tables_of

FIELDS: Final = ("name", "aliases", "domain", "domains", "owner", "kind")
AGENCY: Final = "agency"
KINDS: Final = ("outlet", AGENCY)


def known_outlets(data: bytes, path: str) -> list[KnownOutlet]:
    """Return the outlets of a file. Raises UsageError naming the place where it says what no such file says.

    >>> known_outlets(b'[[outlet]]\\nname = "South Front"\\ndomains = ["southfront.org", "southfront.press"]', "o.toml")
    [KnownOutlet(domains=('southfront.org', 'southfront.press'), names=('South Front',), owner=None, agency=False)]
    """
    found = [_outlet(table, where) for where, table in tables_of(data, path, "outlet")]
    _refuse_twice(found, path)
    return found


def _outlet(table: object, where: str) -> KnownOutlet:
    if not isinstance(table, dict):
        raise UsageError(f"{where}: write each outlet under [[outlet]]")
    for field in table:
        if field not in FIELDS:
            raise UsageError(f"{where}: there is no field {field!r}; choose from {', '.join(FIELDS)}")
    names = (*_texts(table, "name", where), *_texts(table, "aliases", where))
    domains = (*_texts(table, "domain", where), *_texts(table, "domains", where))
    if not names and not domains:
        raise UsageError(f"{where}: give it a name or a domain")
    keys = []
    for written in domains:
        domain = registrable_domain(written)
        if domain is None:
            raise UsageError(f"{where}: {written!r} is no domain; write it as in example.org")
        keys.append(domain)
    (kind,) = _texts(table, "kind", where) or (KINDS[0],)
    if kind not in KINDS:
        raise UsageError(f"{where}: there is no kind {kind!r}; choose from {', '.join(KINDS)}")
    (owner,) = _texts(table, "owner", where) or (None,)
    return KnownOutlet(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(names)), owner, kind == AGENCY)


def _texts(table: dict[str, object], field: str, where: str) -> tuple[str, ...]:
    """Return the texts of a field: one, or a list of them where its name is a plural."""
    if field not in table:
        return ()
    value, several = table[field], field.endswith("s")
    found = value if several else [value]
    texts = [text.strip() for text in found if isinstance(text, str)] if isinstance(found, list) else []
    if not isinstance(found, list) or len(texts) < len(found) or not all(texts):
        form = "a list of texts" if several else "a text"
        raise UsageError(f"{where}: {field} must be {form}, each in quotation marks")
    return tuple(texts)


def _refuse_twice(outlets: Iterable[KnownOutlet], path: str) -> None:
    """Raise UsageError where two outlets claim one domain or one name."""
    first: dict[str, int] = {}
    for number, outlet in enumerate(outlets, 1):
        for claim in (*outlet.domains, *{fold_name(name): name for name in outlet.names}.values()):
            other = first.setdefault(fold_name(claim) if claim in outlet.names else claim, number)
            if other != number:
                raise UsageError(
                    f"{path}: outlets {other} and {number} both claim {claim!r}; leave it with one of them"
                )
