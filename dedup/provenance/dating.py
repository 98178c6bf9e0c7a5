"""Which dates does a page carry, and whose are they?

A reprint carries two: its own, and its source's. All are kept, each with its owner.
"""

from collections.abc import Sequence
from dataclasses import replace

from dedup.article import Article, Span
from dedup.provenance.clocks import Date, find_dates, media_date, parse_stamp, url_date
from dedup.provenance.media import is_media
from dedup.provenance.names import Page

# A line that dates a page is not longer than this.
DATE_LINE_WORDS = 16


def page_dates(article: Article, lines: Sequence[Span], page: Page, host: str | None) -> list[Date]:
    """Return every date of a page: what its source states, those of its date `lines`, its URL's, its media files'."""
    stated = (
        (article.published, "published", host),
        (article.modified, "modified", host),
        (article.fetched, "fetched", None),
    )
    read = [parse_stamp(stamp, source, owner) for stamp, source, owner in stated if stamp]
    found = [date for date in read if date is not None]
    for span in lines:
        found += _of_line(article.text, span, page, host)
    in_path = url_date(article.url, host) if article.url else None
    found += [in_path] if in_path is not None else []
    for address in page.addresses:
        dated = media_date(address.path) if is_media(address.path) else None
        if dated is not None:
            found.append(replace(dated, owner=page.account(address), span=Span(address.start, address.end)))
    return found


def _of_line(text: str, line: Span, page: Page, host: str | None) -> list[Date]:
    """Read the dates of a short line; an outlet named in the same line owns them, else the host does."""
    written = line.of(text)
    dates = find_dates(written)
    if not dates:
        return []
    placed = [(date, date.span) for date in dates if date.span is not None]
    before, after = written[: placed[0][1].start], written[placed[-1][1].end :]
    owner = page.resolve(_label(before)) or page.resolve(_label(after)) or host
    return [
        replace(date, owner=owner, span=Span(line.start + span.start, line.start + span.end)) for date, span in placed
    ]


def _label(part: str) -> str:
    return part.split("](")[0].strip(" \t[]()*_#,.:;|·-–—\"'“”«»")
