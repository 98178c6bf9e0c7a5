"""What reads while something else computes?

ahead   the pieces of a stream, read by another thread and joined into larger ones
"""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread

# A batch is worth handing over at this size, and so many may wait.
BATCH = 4 * 1024 * 1024
WAITING = 3
# How long a full queue is waited for before asking whether anybody still listens.
PATIENCE = 0.1


def ahead(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of `stream` in pieces of about BATCH, read and inflated by a thread of their own.

    What `stream` raises is raised here, after all that came before it.

    >>> b"".join(ahead(iter([b"ab", b"c"])))
    b'abc'
    """
    queue: Queue[bytes | BaseException | None] = Queue(WAITING)
    left = Event()
    Thread(target=_work, args=(stream, queue, left), name="dedup-read", daemon=True).start()
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        left.set()


def _work(stream: Iterator[bytes], queue: "Queue[bytes | BaseException | None]", left: Event) -> None:
    try:
        end = _pass_on(stream, queue, left)
    except BaseException as error:
        end = error
    # Whatever happens, who waits is told that nothing more will come.
    _put(end, queue, left)


def _pass_on(
    stream: Iterator[bytes], queue: "Queue[bytes | BaseException | None]", left: Event
) -> BaseException | None:
    """Put all pieces into the queue; return what the stream raised, which comes after them."""
    held: list[bytes] = []
    size = 0
    end: BaseException | None = None
    try:
        for piece in stream:
            held.append(piece)
            size += len(piece)
            if size >= BATCH:
                if not _put(b"".join(held), queue, left):
                    return None
                held, size = [], 0
    except BaseException as error:
        end = error
    _put(b"".join(held), queue, left)
    return end


def _put(item: bytes | BaseException | None, queue: "Queue[bytes | BaseException | None]", left: Event) -> bool:
    """Wait for room; say whether anybody still listens."""
    while not left.is_set():
        try:
            queue.put(item, timeout=PATIENCE)
        except Full:
            continue
        return True
    return False
