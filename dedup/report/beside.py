"""How do two articles look side by side in a terminal?"""

from collections.abc import Iterator
from itertools import pairwise

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dedup.article import Span
from dedup.comparison import Comparison
from dedup.provenance.model import Edit, EditKind, Passage
from dedup.report.tree import edits_line

# Each passage has a colour, and its own again on the other side.
_COLOURS = ("green", "cyan", "magenta", "blue", "yellow")
_GONE, _NEW = "red strike", "bold yellow underline"
# What no passage covers is shortened to so many characters.
_MOST_PLAIN = 600
# What closes the sentence before it is not shown by itself.
_CLOSING = ' \t\n.,;:!?…”"»)'


def print_comparison(found: Comparison, console: Console) -> None:
    """Print both articles beside each other, what was copied in colour and what was changed marked in it."""
    table = Table(expand=True, box=None, padding=(0, 2, 0, 0))
    for article, share in zip((found.source, found.copy), _shares(found), strict=True):
        heading = Text(article.title or article.id, style="bold")
        table.add_column(Text.assemble(heading, (f"\n{article.outlet or article.id}{share}", "dim")), ratio=1)
    rows = sorted(found.passages, key=lambda passage: passage.copy)
    source_ends = {passage: before for before, passage in _before(sorted(p.source for p in rows))}
    copy_ends = {passage: before for before, passage in _before(sorted(p.copy for p in rows))}
    for number, passage in enumerate(rows):
        colour = _COLOURS[number % len(_COLOURS)]
        table.add_row(
            _plain(found.source.text, Span(source_ends[passage.source], passage.source.start)),
            _plain(found.copy.text, Span(copy_ends[passage.copy], passage.copy.start)),
        )
        table.add_row(*_passage(found, passage, colour))
    ends = (max((p.source.end for p in rows), default=0), max((p.copy.end for p in rows), default=0))
    table.add_row(
        _plain(found.source.text, Span(ends[0], len(found.source.text))),
        _plain(found.copy.text, Span(ends[1], len(found.copy.text))),
    )
    console.print(Group(table, _summary(found)))


def _before(spans: list[Span]) -> Iterator[tuple[int, Span]]:
    """Yield each Span with the end of the one before it."""
    yield from ((left.end, right) for left, right in pairwise([Span(0, 0), *spans]))


def _shares(found: Comparison) -> tuple[str, str]:
    if found.figures is None:
        return "", ""
    shares = found.figures.containment_of_source, found.figures.containment_of_copy
    one, other = (f" · {share:.0%} of it stands in the other" for share in shares)
    return one, other


def _plain(text: str, span: Span) -> Text:
    said = span.of(text).lstrip(_CLOSING).strip()
    shortened = said if len(said) <= _MOST_PLAIN else f"{said[:_MOST_PLAIN].rstrip()} …"
    return Text(shortened, style="dim")


def _passage(found: Comparison, passage: Passage, colour: str) -> tuple[Text, Text]:
    """Return how a passage reads on either side, equal words in its colour."""
    source, copy = Text(), Text()
    place, its = passage.source.start, passage.copy.start
    for start, end, copy_start, copy_end in passage.runs:
        source.append(found.source.text[place:start], _GONE).append(found.source.text[start:end], colour)
        copy.append(found.copy.text[its:copy_start], _NEW).append(found.copy.text[copy_start:copy_end], colour)
        place, its = end, copy_end
    for edit in _of_kind(found, EditKind.EMPHASIS):
        if edit.copy is not None and passage.copy.holds(edit.copy):
            copy.stylize(_NEW, edit.copy.start - passage.copy.start, edit.copy.end - passage.copy.start)
    return source, copy


def _of_kind(found: Comparison, kind: EditKind) -> Iterator[Edit]:
    return (edit for edit in found.edits.listed if edit.kind is kind)


def _summary(found: Comparison) -> RenderableType:
    if found.kind is None:
        told = "no republication: they share less than half of the shorter and no passage of 25 words"
    else:
        told = found.kind.replace("_", " ")
    parts = [told]
    if found.figures is not None:
        parts.append(f"resemblance {found.figures.resemblance:.0%}")
    words = sum(passage.words for passage in found.passages)
    parts.append(f"{words:,} words in {len(found.passages)} passages")
    lines = Text(" · ".join(parts), style="bold")
    edits = edits_line(found.edits)
    return lines.append(f"\n{edits}", style="not bold") if edits else lines
