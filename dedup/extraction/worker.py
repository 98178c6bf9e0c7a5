"""One process that reads pages: `python -m dedup.extraction.worker`.

It answers one page after the other until its input ends. A page may hang it or bring it down: it is then killed, and
costs nothing but that page.
"""

import os
import signal
import sys
from typing import Final

from dedup.errors import UsageError
from dedup.extraction.page import read_page
from dedup.extraction.wire import answered, page_of, receive, send

# Address space, of which an ordinary page takes a tenth.
MEMORY: Final = 4_000_000_000
READY: Final = b"ready"


def main() -> None:
    """Answer pages until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asked; he ends our input
    _bound_memory()
    # Whatever a library prints must not come between the answers.
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    try:
        send(answers, READY)
        while (question := receive(questions)) is not None:
            try:
                answer = answered(read_page(*page_of(question)))
            except UsageError as error:
                answer = answered(error)
            send(answers, answer)
    except BrokenPipeError:  # nobody listens any more
        os._exit(0)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))


if __name__ == "__main__":
    main()
