"""Who reads pages, and what if one of them never ends?

Pool   processes that read pages side by side; one that hangs or dies costs its page, and nothing else

A library's pool would do, were there one that kills a single worker at its deadline and does not run the caller's
main module again in each of them.
"""

import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Event, Thread, Timer
from typing import Final

from dedup.errors import UsageError
from dedup.extraction.wire import receive, send

COMMAND: Final = ("-P", "-m", "dedup.extraction.worker")
# Libraries that read pages lose memory over time; a new process has it back.
PAGES_EACH: Final = 2_000

Question = tuple[bytes, "Future[bytes]"]


class DiedError(Exception):
    """A worker ended over a question; the message says how."""


class Pool:
    """Workers, each started when there is work for it."""

    def __init__(self, workers: int, seconds: float, command: Sequence[str] = COMMAND) -> None:
        """Have at most so many workers, and let a page take so many seconds. `command` is what each runs in Python."""
        self._most, self._seconds, self._command = workers, seconds, command
        self._questions: SimpleQueue[Question | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def ask(self, question: bytes) -> "Future[bytes]":
        """Return the answer that will come. It raises DiedError where a worker ended over the question, and UsageError
        where workers do not start.
        """
        answer: Future[bytes] = Future()
        if not self._threads or (len(self._threads) < self._most and not self._questions.empty()):
            thread = Thread(
                target=_serve, args=(self._questions, self._seconds, self._command), name="dedup-pages", daemon=True
            )
            self._threads.append(thread)
            thread.start()
        self._questions.put((question, answer))
        return answer

    def close(self) -> None:
        """End the workers when they have answered what was asked. The pool may be asked again."""
        for _ in self._threads:
            self._questions.put(None)
        self._threads = []


def _serve(questions: "SimpleQueue[Question | None]", seconds: float, command: Sequence[str]) -> None:
    """Have one worker after the other answer questions."""
    worker: _Worker | None = None
    while (asked := questions.get()) is not None:
        question, answer = asked
        try:
            if worker is None or worker.answers == PAGES_EACH:
                if worker is not None:
                    worker.end()
                worker = _Worker(command)
            answer.set_result(worker.ask(question, seconds))
        except BaseException as error:
            if worker is not None:
                worker.end()
            worker = None
            answer.set_exception(error)
    if worker is not None:
        worker.end()


class _Worker:
    """One process."""

    def __init__(self, command: Sequence[str]) -> None:
        self.answers = 0
        path = {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
        self._process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **path},
        )
        weakref.finalize(self, self._process.kill)
        if self._receive() is None:
            self.end()
            line = " ".join((sys.executable, *command))
            raise UsageError(f"the processes that read pages do not start; `{line}` tells why")

    def ask(self, question: bytes, seconds: float) -> bytes:
        late = Event()
        timer = Timer(seconds, self._kill, [late])
        timer.start()  # before the question is sent, since a worker may hang over that
        try:
            assert self._process.stdin is not None
            send(self._process.stdin, question)
            answer = self._receive()
        except OSError:  # it ended before it had read the question
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            code = self._process.wait()
            raise DiedError(
                f"it took longer than {seconds:g} seconds" if late.is_set() else f"its reader ended with {code}"
            )
        self.answers += 1
        return answer

    def _kill(self, late: Event) -> None:
        late.set()
        self._process.kill()

    def _receive(self) -> bytes | None:
        assert self._process.stdout is not None
        return receive(self._process.stdout)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not yet written has nobody to read it
                    continue
