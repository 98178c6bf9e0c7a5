"""When need nobody look for garbage?

uncollected   while values are built that all stay, and none of which refers back to itself
left_at_exit  when the process ends, and all that it holds with it
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the cyclic garbage collector back, in the whole process; what nothing refers to is freed as ever.

    Looking through a corpus's objects again and again costs as much as a quarter of tracing them. What was built counts
    as old afterwards: the collector would begin with what is new, which is all of it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.unfreeze()  # into the oldest generation
            gc.enable()


def left_at_exit() -> None:
    """Have the interpreter not look through all that is left when it ends, as it does three times. What nothing refers
    to any more is freed, and what was to be done at the exit is done, as ever.
    """
    atexit.register(gc.freeze)
