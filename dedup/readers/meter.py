"""How far has reading come?"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from dedup.readers.files import STDIN


@dataclass(slots=True)
class Meter:
    """What was read so far. `total` is the size of all files in bytes, None where one of them tells none.

    Whoever reads counts; whoever shows it looks in between, from any thread.
    """

    total: int | None
    read: int = 0
    articles: int = 0
    skipped: int = 0

    @classmethod
    def of(cls, paths: Sequence[str]) -> "Meter":
        """Return the meter of these files, of which nothing was read yet."""
        if STDIN in paths:
            return cls(None)
        total = 0
        for path in paths:
            with suppress(OSError):  # what cannot be read is named when its turn comes
                about = Path(path).stat()
                if not S_ISREG(about.st_mode):
                    return cls(None)
                total += about.st_size
        return cls(total)

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file as they stand in it."""
        for piece in pieces:
            self.read += len(piece)
            yield piece
