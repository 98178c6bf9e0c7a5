"""Pages read without processes of their own, for tests that read thousands of small files."""

from concurrent.futures import Future

from dedup.extraction.page import read_page
from dedup.extraction.wire import answered, page_of


class Inline:
    """Answers at once, as a worker would."""

    def __init__(self, workers: int, seconds: float) -> None:
        """Take what a pool takes."""

    def ask(self, question: bytes) -> "Future[bytes]":
        """Return the answer, which has come."""
        answer: Future[bytes] = Future()
        answer.set_result(answered(read_page(*page_of(question))))
        return answer

    def close(self) -> None:
        """Do nothing."""
