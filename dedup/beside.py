"""What can be done while something else is under way?

begin   do some work in a thread of its own
"""

from collections.abc import Callable
from threading import Thread


def begin(*works: Callable[[], object]) -> None:
    """Begin to do some works, one after the other, such as to compile rules: that needs no interpreter, which has other
    things to do. The process does not end before they are done.
    """

    def work() -> None:
        for one in works:
            one()

    Thread(target=work, name="dedup-beside").start()
