"""The command line: parse, call one library function, print. No algorithm here.

Exit codes: 0 done, 1 matches found under --fail-on-match, 2 usage or configuration, 3 done but some input could not be
read, 130 interrupted.
"""

import logging
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from dedup import __version__
from dedup.errors import DedupError

if TYPE_CHECKING:
    from rich.console import Console


app = typer.Typer(
    name="dedup",
    help="Who published this text first, who reprinted it, through whom, and what did they change?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        help="Read all input as jsonl, json, text, html, csv, feed, warc, wacz, parquet or arrow; else it is sniffed.",
    ),
]
_EXIT_CODES = (
    "Exit codes: 0 done, 1 with --fail-on-match, 2 usage, 3 done but some input was unreadable, 130 interrupted."
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dedup {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    # What the libraries log of hostile pages is said in our own words, under `skipped`.
    logging.getLogger().addHandler(logging.NullHandler())


@app.command(epilog=_EXIT_CODES)
def scan(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files, folders, globs, @list.txt, or - for standard input."),
    ],
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the JSON report here; - for standard output."),
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=FIELD", help="Read NAME (text, url, outlet, …) from this field.")
    ] = None,
    input_format: _InputFormat = None,
    extractor: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Who says what the article of a web page is: trafilatura, or resiliparse (faster)."
        ),
    ] = "trafilatura",
    threshold: Annotated[
        float, typer.Option(metavar="SHARE", help="The share of the shorter body that must stand in the other.")
    ] = 0.5,
    every: Annotated[
        bool, typer.Option("--all", help="List every article in the report, not only those in a family.")
    ] = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Put the articles' texts into the report.")] = False,
    memory: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="Use about so much memory (500MB, 1GB), and beyond that temporary files."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Read web pages by so many processes (one for each core)."),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Keep what was read of web pages here; a run that was cut off goes on."),
    ] = None,
    fail_on_match: Annotated[
        bool, typer.Option("--fail-on-match", help="Exit with 1 if anything was republished.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print no summary.")] = False,
) -> None:
    """Find republished articles in a corpus and trace where they come from.

    The summary goes to standard error. The JSON report goes to FILE, or to standard output if that is not a terminal.
    """
    from dedup.corpus import scan as scan_articles
    from dedup.progress import Stages
    from dedup.readers import read

    if output is not None and output != "-":
        _refuse_unwritable(output)
    console = _console(stderr=True)
    try:
        articles = read(
            paths,
            fields=_fields(field),
            input_format=input_format,
            extractor=extractor,
            workers=workers,
            resume=resume,
        )
        with Stages(console, articles.meter, quiet) as show:
            report = scan_articles(
                articles,
                threshold=threshold,
                every_article=every,
                memory=None if memory is None else _bytes(memory),
                progress=show,
            )
    except DedupError as error:
        _refuse(error)
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        _write(report.json_pieces(with_text=with_text), output)
    if not quiet:
        from dedup.report.terminal import print_report

        print_report(report, console)
    if fail_on_match and report.families:
        raise typer.Exit(1)
    if report.skipped:
        raise typer.Exit(3)


@app.command()
def inspect(
    path: Annotated[
        str,
        typer.Argument(metavar="FILE", help="One page, a file of records, or one record: file.warc.gz@1234."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object (for a file of records, one a line).")
    ] = False,
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=FIELD", help="Read NAME (text, url, outlet, …) from this field.")
    ] = None,
    input_format: _InputFormat = None,
) -> None:
    """Show what dedup reads on one page: blocks, boilerplate, dates, evidence."""
    import orjson

    from dedup.article import Article
    from dedup.inspection import inspect as inspect_article
    from dedup.readers import read
    from dedup.report.document import page_document
    from dedup.report.terminal import print_page

    unreadable = False
    try:
        for item in read([path], fields=_fields(field), input_format=input_format):
            if not isinstance(item, Article):
                unreadable = True
                typer.echo(f"dedup: skipped {item.path}{f':{item.line}' if item.line else ''}: {item.reason}", err=True)
            elif as_json:
                _write([orjson.dumps(page_document(inspect_article(item)), option=orjson.OPT_APPEND_NEWLINE)], None)
            else:
                print_page(inspect_article(item), _console(stderr=False))
    except DedupError as error:
        _refuse(error)
    if unreadable:
        raise typer.Exit(3)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the report."""
    from dedup.report.schema import schema_json

    _write([schema_json()], None)


def _fields(options: list[str] | None) -> dict[str, str]:
    fields = {}
    for option in options or []:
        name, separator, field = option.partition("=")
        if not separator or not name or not field:
            raise typer.BadParameter(f"--field {option}: write NAME=FIELD, as in --field text=story")
        fields[name] = field
    return fields


def _bytes(size: str) -> int:
    """Return the bytes of a size as people write it."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", size.strip(), re.IGNORECASE)
    if found is None:
        raise typer.BadParameter(f"--memory {size}: write a size, as in 500MB or 1GB")
    return int(float(found[1]) * 1000 ** " KMGT".index(found[2].upper() or " "))


def _refuse(error: DedupError) -> NoReturn:
    typer.echo(f"dedup: {error}", err=True)
    raise typer.Exit(2)


def _write(pieces: Iterable[bytes], output: str | None) -> None:
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


def _refuse_unwritable(output: str) -> None:
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


def _console(stderr: bool) -> "Console":
    from rich.console import Console

    class QuietConsole(Console):
        def on_broken_pipe(self) -> None:  # rich itself would exit with 1, which says "matches found"
            _silence_stdout()
            raise typer.Exit

    return QuietConsole(stderr=stderr, highlight=False, soft_wrap=False)


def main() -> None:
    """Run the command line; Ctrl-C ends it with 130."""
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
