"""Which field of a record says what?

NAMES is the whole rule: for each thing we want to know, the field names that crawlers, feeds and news interfaces
use for it. The first name in the table's order that holds a usable value wins.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from dedup.errors import UsageError

NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id", "_id", "article_id", "doc_id", "uuid", "guid", "stories_id"),
        "text": (
            *("text", "body", "content", "article_text", "maintext", "articleBody"),
            *("plain_text", "cleaned_text", "raw_text", "raw_content", "full_text", "article_body", "article"),
        ),
        "html": ("html", "raw_html", "content_html"),
        "url": (
            *("url", "link", "canonical_url", "source_url", "page_url", "article_url", "webUrl"),
            *("DocumentIdentifier", "permalink", "final_url", "URL"),
        ),
        "outlet": (
            *("outlet", "source", "site", "site_name", "sitename", "domain", "source_domain"),
            *(
                "publisher",
                "media_name",
                "hostname",
                "source-hostname",
                "SourceCommonName",
                "publication",
                "source_name",
            ),
        ),
        "title": ("title", "headline", "webTitle"),
        "byline": ("byline", "author", "authors", "creator", "by"),
        "published": (
            *("published", "date", "date_publish", "published_at", "publish_date", "publication_date"),
            *("publishedAt", "datePublished", "pub_date", "pubDate", "timestamp", "created"),
            *("date_published", "webPublicationDate", "publishing_date", "published_date", "published_utc"),
        ),
        "modified": ("modified", "date_modify", "updated", "updated_at", "dateModified"),
        "fetched": (
            *("fetched", "crawled", "crawl_date", "date_download", "scraped", "retrieved"),
            *("fetch_time", "downloaded_at", "dateCrawled", "scraped_at", "fetched_at", "collection_utc"),
            *("indexed_date", "seendate", "DATE"),  # of GDELT: when it came to know the page
        ),
        "language": ("language", "lang"),
    }
)
# Objects in which some crawlers (datatrove, Webz.io) put what they know of a page. What stands beside the text goes
# first.
CONTAINERS: Final = ("metadata", "meta", "thread")
CONTAINED: Final = frozenset({"url", "outlet", "title", "byline", "published", "modified", "fetched", "language"})
PAGE_ADDRESS: Final = re.compile(r"https?://[^/?#]+[/?#]+[^/?#]", re.IGNORECASE)
CALENDAR: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
NAMES_SHOWN = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scalar(value: object) -> str | None:
    """Return a non-empty string as it stands, a number as a string, and None for anything else."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def name(value: object) -> str | None:
    """Return a name given bare, or as an object with a `name` or a `domain`."""
    if isinstance(value, dict):
        return scalar(value.get("name")) or scalar(value.get("domain"))
    return scalar(value)


def outlet(value: object) -> str | None:
    """Return the name or the domain of an outlet. The address of a page is neither: trafilatura calls it `source`.

    >>> outlet("https://ferry.example/"), outlet("https://ferry.example/rain.html")
    ('https://ferry.example/', None)
    """
    found = name(value)
    return None if found is None or PAGE_ADDRESS.match(found) else found


def names(value: object) -> str | None:
    """Return the names of a list joined by commas, or the one name.

    >>> names(["Ann Reed", {"name": "Bo Lind"}])
    'Ann Reed, Bo Lind'
    """
    if isinstance(value, list):
        return ", ".join(filter(None, map(name, value))) or None
    return name(value)


def moment(value: object) -> str | None:
    """Return a date as the source gives it; seconds or milliseconds since 1970 as ISO 8601 in UTC.

    Numbers too small for a time after 1973 are calendar forms such as 20200211 and stay as they are, as do those of
    fourteen digits that read as a day and a time.

    >>> moment(1581379200), moment(20200211)
    ('2020-02-11T00:00:00Z', '20200211')
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) < 1e8:
        return scalar(value)
    if isinstance(value, int) and CALENDAR.fullmatch(str(value)):
        return str(value)
    try:
        age = timedelta(milliseconds=value) if abs(value) >= 1e11 else timedelta(seconds=value)
        return (EPOCH + age).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return None


def _verbatim(value: object) -> object:
    """Keep whatever a text field holds, so that a text which is not a string is refused and not passed over."""
    return None if isinstance(value, str) and (not value or value.isspace()) else value


READ: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    dict.fromkeys(NAMES, scalar)
    | {"text": _verbatim, "html": _verbatim, "outlet": outlet, "byline": names}
    | {"published": moment, "modified": moment, "fetched": moment}
)

Meaning = tuple[str, int, Callable[[object], object]]


@dataclass(frozen=True, slots=True)
class Fields:
    """The field names of one run: the table, with the user's own names in place of some of its rows.

    `wanted` leads from a field name to what it may mean: the target, the name's rank in its row, and how it is read.
    `nested` holds the user's dotted names, which lead into nested objects, `contained` what is looked for in
    CONTAINERS, too: all but what the user named.
    """

    wanted: Mapping[str, tuple[Meaning, ...]]
    nested: tuple[tuple[str, str], ...] = ()
    contained: frozenset[str] = CONTAINED

    @classmethod
    def of(cls, own: Mapping[str, str]) -> "Fields":
        """Return the table with `own` names. Raises UsageError for a target that we do not know."""
        for target, field in own.items():
            if target not in NAMES:
                raise UsageError(f"--field {target}={field}: there is no {target!r}; choose from {', '.join(NAMES)}")
            if not field:
                raise UsageError(f"--field {target}=: name the field that holds it")
        rows = dict(NAMES) | {target: (field,) for target, field in own.items()}
        wanted: dict[str, tuple[Meaning, ...]] = {}
        for target, row in rows.items():
            for rank, field in enumerate(row):
                wanted[field] = (*wanted.get(field, ()), (target, rank, READ[target]))
        nested = tuple((target, field) for target, field in own.items() if "." in field)
        return cls(wanted, nested, CONTAINED - own.keys())

    def find(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return what `record` says, by target; targets without a usable value are missing.

        >>> Fields.of({}).find({"headline": "Rain", "title": "", "pages": 3})
        {'title': 'Rain'}
        """
        found = self._beside(record)
        for target, path in self.nested:
            read = READ[target](_follow(record, path))
            if read is not None:
                found.setdefault(target, read)
        for name in CONTAINERS:
            if isinstance(within := record.get(name), dict):
                found = {t: value for t, value in self._beside(within).items() if t in self.contained} | found
        if "url" not in found and (address := self._page_address(record)):
            found["url"] = address
        return found

    def _beside(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return what the fields of one object say."""
        found: dict[str, object] = {}
        ranks: dict[str, int] = {}
        for field, value in record.items():
            for target, rank, reader in self.wanted.get(field, ()):
                if target not in ranks or rank < ranks[target]:
                    read = reader(value)
                    if read is not None:
                        found[target], ranks[target] = read, rank
        return found

    def _page_address(self, record: Mapping[str, object]) -> str | None:
        """Return the address of a page that stands where an outlet's name should."""
        if "url" not in self.contained:
            return None
        for field, value in record.items():
            is_outlet = any(target == "outlet" for target, _, _ in self.wanted.get(field, ()))
            if is_outlet and isinstance(value, str) and PAGE_ADDRESS.match(value):
                return value
        return None

    def columns(self) -> frozenset[str]:
        """Return the names of all fields that may mean something."""
        return frozenset((*self.wanted, *CONTAINERS, *(path.partition(".")[0] for _, path in self.nested)))

    def text_columns(self) -> frozenset[str]:
        """Return the names of all fields that may hold a text, plain or in markup."""
        return frozenset(n for n, meanings in self.wanted.items() if any(m[0] in ("text", "html") for m in meanings))

    def without_text(self, record: Mapping[str, object]) -> str:
        """Return why `record` has no text: its text field is empty, or it has none."""
        empty = [field for field in record if any(target == "text" for target, _, _ in self.wanted.get(field, ()))]
        empty += [path for target, path in self.nested if target == "text" and _holds(record, path)]
        if empty:
            return f"the text is empty (field {empty[0]!r})"
        seen = ", ".join(repr(field[:40]) for field in list(record)[:NAMES_SHOWN]) or "none"
        more = f" and {len(record) - NAMES_SHOWN} more" if len(record) > NAMES_SHOWN else ""
        return f"no text field; say --field text=NAME (fields seen: {seen}{more})"


def _steps(record: Mapping[str, object], path: str) -> Iterator[object]:
    value: object = record
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
        yield value


def _holds(record: Mapping[str, object], path: str) -> bool:
    return len(list(_steps(record, path))) == path.count(".") + 1


def _follow(record: Mapping[str, object], path: str) -> object:
    return list(_steps(record, path))[-1] if _holds(record, path) else None
