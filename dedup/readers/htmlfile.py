"""What page stands in a saved HTML file?"""

from collections.abc import Iterable, Iterator

from dedup.article import Skipped
from dedup.extraction import Page
from dedup.extraction.given import MAX_PAGE
from dedup.place import Place
from dedup.readers.files import TooLongError, whole
from dedup.readers.unpack import UnreadableError


def read_html(stream: Iterable[bytes], path: str) -> Iterator[Page | Skipped]:
    """Yield the page of one file, or the reason why it gives none."""
    place = Place(path)
    try:
        yield Page(whole(stream, MAX_PAGE), place, {})
    except TooLongError as error:
        yield place.skip(f"the page is too long ({error})")
    except UnreadableError as broken:
        yield place.skip(f"{broken}: nothing of it was read")
