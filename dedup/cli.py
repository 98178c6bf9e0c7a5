"""The command line: parse, call one library function, print. No algorithm here.

Exit codes: 0 done, 1 matches found under --fail-on-match, 2 usage or configuration, 3 done but some input could not be
read, 130 interrupted.
"""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from dedup import __version__
from dedup.errors import DedupError, UsageError
from dedup.garbage import left_at_exit
from dedup.options import bytes_of, fields_of
from dedup.output import console, refuse_unwritable, write

if TYPE_CHECKING:
    from dedup.article import Skipped
    from dedup.boilerplate.lines import Line
    from dedup.outlets import KnownOutlet


app = typer.Typer(
    name="dedup",
    help="Who published this text first, who reprinted it, through whom, and what did they change?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_Field = Annotated[
    list[str] | None, typer.Option(metavar="NAME=FIELD", help="Read NAME (text, url, outlet, …) from this field.")
]
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
    field: _Field = None,
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
    lines: Annotated[
        str | None,
        typer.Option("--boilerplate", metavar="FILE", help="What this file says of lines goes before what is learned."),
    ] = None,
    outlets: Annotated[str | None, typer.Option(metavar="FILE", help="Who is who: domains, owners, agencies.")] = None,
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
    from dedup.beside import begin
    from dedup.boilerplate.wording import load_cues
    from dedup.provenance.rulebook import compile_rules

    begin(load_cues, compile_rules)
    from dedup.corpus import scan as scan_articles
    from dedup.garbage import uncollected
    from dedup.progress import Stages
    from dedup.readers import read

    if output is not None and output != "-":
        refuse_unwritable(output)
    screen = console(stderr=True)
    try:
        articles = read(
            paths,
            fields=fields_of(field),
            input_format=input_format,
            extractor=extractor,
            workers=workers,
            resume=resume,
        )
        with Stages(screen, articles.meter, quiet) as show:
            report = scan_articles(
                articles,
                threshold=threshold,
                boilerplate=_lines(lines),
                outlets=_outlets(outlets),
                every_article=every,
                memory=None if memory is None else bytes_of(memory),
                progress=show,
            )
    except DedupError as error:
        _refuse(error)
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        with uncollected():
            write(report.json_pieces(with_text=with_text), output)
    if not quiet:
        from dedup.report.terminal import print_report

        print_report(report, screen)
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
    field: _Field = None,
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
        for item in read([path], fields=fields_of(field), input_format=input_format):
            if not isinstance(item, Article):
                unreadable = True
                _tell_skipped(item)
            elif as_json:
                write([orjson.dumps(page_document(inspect_article(item)), option=orjson.OPT_APPEND_NEWLINE)], None)
            else:
                print_page(inspect_article(item), console(stderr=False))
    except DedupError as error:
        _refuse(error)
    if unreadable:
        raise typer.Exit(3)


@app.command(epilog=_EXIT_CODES)
def boilerplate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, @LIST, or - for standard input.")
    ],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the lines here; - for standard output.")
    ] = None,
    field: _Field = None,
    input_format: _InputFormat = None,
) -> None:
    """List the lines that outlets repeat around their articles, as a file to edit for `dedup scan --boilerplate`."""
    from dedup.boilerplate.lines import lines_as_toml
    from dedup.corpus import learned_boilerplate
    from dedup.progress import Stages
    from dedup.readers import read

    if output is not None and output != "-":
        refuse_unwritable(output)
    try:
        articles = read(paths, fields=fields_of(field), input_format=input_format)
        with Stages(console(stderr=True), articles.meter, quiet=False) as show:
            lines, skipped = learned_boilerplate(articles, progress=show)
    except DedupError as error:
        _refuse(error)
    write(lines_as_toml(lines), output)
    if skipped:
        raise typer.Exit(3)


@app.command()
def compare(
    source: Annotated[
        str, typer.Argument(metavar="A", help="A file of one article, or one record: file.warc.gz@1234.")
    ],
    copy: Annotated[str, typer.Argument(metavar="B", help="Another one, taken for the copy of A.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    field: _Field = None,
    input_format: _InputFormat = None,
) -> None:
    """Show two articles side by side: which passages they share, and what the second changes."""
    from dedup import comparison
    from dedup.article import Article
    from dedup.readers import read
    from dedup.report.beside import print_comparison
    from dedup.report.document import comparison_json

    articles = []
    try:
        for path in (source, copy):
            item = comparison.only(read([path], fields=fields_of(field), input_format=input_format), path)
            if not isinstance(item, Article):
                _tell_skipped(item)
                raise typer.Exit(3)
            articles.append(item)
    except DedupError as error:
        _refuse(error)
    found = comparison.compare(*articles)
    if as_json:
        write([comparison_json(found)], None)
    else:
        print_comparison(found, console(stderr=False))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the report."""
    from dedup.report.schema import schema_json

    write([schema_json()], None)


def _tell_skipped(item: "Skipped") -> None:
    typer.echo(f"dedup: skipped {item.path}{f':{item.line}' if item.line else ''}: {item.reason}", err=True)


def _lines(path: str | None) -> "list[Line]":
    from dedup.boilerplate.lines import lines_of_toml

    return [] if path is None else lines_of_toml(_bytes_of(path), path)


def _outlets(path: str | None) -> "list[KnownOutlet]":
    from dedup.register import known_outlets

    return [] if path is None else known_outlets(_bytes_of(path), path)


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error


def _refuse(error: DedupError) -> NoReturn:
    typer.echo(f"dedup: {error}", err=True)
    raise typer.Exit(2)


def main() -> None:
    """Run the command line; Ctrl-C ends it with 130."""
    # numpy's algebra, of which nothing is used here, would have its threads wait for work in a loop.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    left_at_exit()
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
