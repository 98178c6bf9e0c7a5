"""What article stands on a web page?

Page         a page as it was fetched
Extraction   reads pages: articles in their place, whatever else comes along untouched
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from dedup.article import Article, Skipped
from dedup.errors import UsageError
from dedup.extraction.checkpoints import Checkpoints
from dedup.extraction.extractors import EXTRACTORS, TRAFILATURA
from dedup.extraction.given import Page
from dedup.extraction.pool import DiedError, Pool
from dedup.extraction.wire import answered, asked, item_of

__all__ = ["Extraction", "Page"]

PAGE_SECONDS: Final = 30.0
# So many items are held that wait for a page before them, or so many bytes of pages.
AHEAD: Final = 512
AHEAD_BYTES: Final = 64 * 1024 * 1024

Item = Article | Skipped | Page


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A page that was asked for; `answer` is what it gave before, or will give."""

    page: Page
    question: bytes
    answer: "bytes | Future[bytes]"

    def ready(self) -> bool:
        return isinstance(self.answer, bytes) or self.answer.done()


class Extraction:
    """How pages are read: by processes of their own, so that one which hangs or brings its reader down costs only
    itself, side by side, in order.
    """

    def __init__(
        self,
        extractor: str = TRAFILATURA,
        *,
        workers: int | None = None,
        seconds: float = PAGE_SECONDS,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        """Read pages by so many processes (as many as there are cores, if not said), each in so many seconds at most.
        `extractor` names who says which blocks of a page are the article. What `checkpoints` hold is not read again.

        Raises UsageError for an extractor that we do not know.
        """
        if extractor not in EXTRACTORS:
            raise UsageError(f"there is no extractor {extractor!r}: choose from {', '.join(EXTRACTORS)}")
        self._extractor = extractor
        self._pool = Pool(workers or _cores(), seconds)
        self._checkpoints = checkpoints

    def articles(self, items: Iterable[Item]) -> Iterator[Article | Skipped]:
        """Yield the items in their order, and in place of each page its article, or why it has none.

        Raises UsageError where the libraries that read pages are not installed.
        """
        waiting: deque[Article | Skipped | _Waiting] = deque()
        size = 0
        for item in items:
            if isinstance(item, Page):
                begun = self._begin(item)
                size += len(begun.question)
                waiting.append(begun)
            elif waiting:
                waiting.append(item)
            else:
                yield item
            while waiting and (_is_ready(waiting[0]) or len(waiting) > AHEAD or size > AHEAD_BYTES):
                first = waiting.popleft()
                size -= len(first.question) if isinstance(first, _Waiting) else 0
                yield self._end(first)
        yield from map(self._end, waiting)

    def close(self) -> None:
        """Let the processes end, and keep what was read."""
        self._pool.close()
        if self._checkpoints is not None:
            self._checkpoints.flush()

    def _begin(self, page: Page) -> _Waiting:
        question = asked(page, self._extractor)
        known = self._checkpoints.recall(question) if self._checkpoints is not None else None
        return _Waiting(page, question, self._pool.ask(question) if known is None else known)

    def _end(self, item: Article | Skipped | _Waiting) -> Article | Skipped:
        if not isinstance(item, _Waiting):
            return item
        try:
            answer = item.answer if isinstance(item.answer, bytes) else item.answer.result()
        except DiedError as died:
            answer = answered(item.page.place.skip(f"the page cannot be read: {died}"))
        given = item_of(answer)
        if self._checkpoints is not None:
            self._checkpoints.keep(item.question, answer, new=item.answer is not answer)
        return given


def _is_ready(item: Article | Skipped | _Waiting) -> bool:
    return not isinstance(item, _Waiting) or item.ready()


def _cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
