"""How does an answer get out? Whole or not at all, and without a word too many."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console


def write(pieces: Iterable[bytes], output: str | None) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    if output is None or output == "-":
        _print(pieces)
        return
    target = Path(output)
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:  # a rename would put a plain file in the place of a device or a pipe
                file.writelines(pieces)
            return
        target = target.resolve()  # of a link, what it points to is replaced and not the link
        partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        try:
            with partial.open("wb") as file:
                file.writelines(pieces)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        _cannot_write(output, error.strerror)


def _print(pieces: Iterable[bytes]) -> None:
    """Write to standard output; a reader who has seen enough is no error."""
    if sys.stdout is None:
        _cannot_write("standard output", "it is closed")
    try:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        _cannot_write("standard output", error.strerror)


def _silence_stdout() -> None:
    # Python flushes standard output once more when it ends, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _cannot_write(place: str, reason: str | None) -> NoReturn:
    typer.echo(f"dedup: cannot write {place}: {reason}; choose another place with -o", err=True)
    raise typer.Exit(2)


def refuse_unwritable(output: str) -> None:
    """Refuse a place that cannot be written before hours of work, not after."""
    target = Path(output)
    try:
        place = target.resolve().parent if target.is_file() or not target.exists() else target
        if target.is_dir():
            _cannot_write(output, "it is a folder")
        if not place.exists():
            _cannot_write(output, "there is no such folder")
        if not os.access(place, os.W_OK):
            _cannot_write(output, "permission denied")
    except OSError as error:
        _cannot_write(output, error.strerror)


def console(stderr: bool) -> "Console":
    """Return where people read, on standard error or standard output."""
    from rich.console import Console

    class QuietConsole(Console):
        def on_broken_pipe(self) -> None:  # rich itself would exit with 1, which says "matches found"
            _silence_stdout()
            raise typer.Exit

    return QuietConsole(stderr=stderr, highlight=False, soft_wrap=False)
