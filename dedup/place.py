"""Where was it read? The one way in which readers make articles and skips.

Place     a file, a line of it, or a record of it
refusal   why a text cannot be an article
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dedup.article import Article, Element, Mark, Skipped, Span

MAX_TEXT: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A file, a line of it, or a record of it; both count from 1. `at` names a byte of an archive instead.

    >>> Place("a.jsonl", 3).skip("the text is empty")
    Skipped(path='a.jsonl', line=3, reason='the text is empty')
    """

    path: str
    line: int | None = None
    record: int | None = None
    at: str | None = None

    def skip(self, reason: str) -> Skipped:
        """Return the skip of what stands here."""
        if self.at is not None:
            reason = f"record at byte {self.at}: {reason}"
        return Skipped(self.path, self.line, f"record {self.record}: {reason}" if self.record else reason)

    def name(self) -> str:
        """Return the name of this place, by which what stands here is found again.

        >>> Place("a.warc.gz", at="1234").name()
        'a.warc.gz@1234'
        """
        number = self.line or self.record
        return f"{self.path}@{self.at}" if self.at is not None else f"{self.path}:{number}" if number else self.path

    def article(
        self,
        text: str,
        known: Mapping[str, str],
        marks: tuple[Mark, ...] = (),
        main: tuple[Span, ...] | None = None,
        elements: Sequence[Element] = (),
    ) -> Article:
        """Return the article that stands here. Its id is the one known, else its url, else this place."""
        return Article(
            id=known.get("id") or known.get("url") or self.name(),
            text=text,
            url=known.get("url"),
            outlet=known.get("outlet"),
            title=known.get("title"),
            byline=known.get("byline"),
            published=known.get("published"),
            modified=known.get("modified"),
            fetched=known.get("fetched"),
            language=known.get("language"),
            marks=marks,
            main=main,
            elements=elements,
            path=self.path,
            line=self.line,
        )


def refusal(text: str) -> str | None:
    """Return why a text cannot be an article, or None for one that can."""
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters; the limit is {MAX_TEXT:,}: split it into articles"
    return None if text and not text.isspace() else "the text is empty"
