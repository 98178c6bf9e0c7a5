"""What did a copy change?

Side       one article as its changes are told: its text, and where its body stands
changed_numbers   how many numbers differ
edits_of   the changes between a source and its copy, by the passages they share
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.article import Span
from dedup.provenance.model import Edit, EditKind, Edits, Passage

# So many changes are told of one copy; how many more there are is counted.
MOST_EDITS = 60
# What is new, or gone, and has so many words is told as a sentence.
_SENTENCE_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:[-'’.,:][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"”’»)\]]*\s+|[。！？]|\n\s*\n")
_EMPHASIS_NOTE = re.compile(r"\bemphas[ie]s\b.{0,30}\b(?:added|mine|ours?)\b", re.IGNORECASE)


class Side(NamedTuple):
    """An article's text, and the ranges of its body in it."""

    text: str
    body: Sequence[tuple[int, int]]


def edits_of(
    source: Side, copy: Side, passages: Sequence[Passage], headlines: tuple[str | None, str | None] = (None, None)
) -> Edits:
    """Return what a copy changed, in the order of its text; what it left out stands first.

    What is equal but for case and signs is no change, unless it was written in capitals for emphasis.
    """
    found = [*_headline(*headlines)]
    removed = _uncovered(source, [passage.source for passage in passages])
    inserted = _uncovered(copy, [passage.copy for passage in passages])
    found += [_lost(source.text, span) for span in removed]
    here = [_new(copy.text, span) for span in inserted]
    moved = _moved(passages)
    here += [Edit(EditKind.MOVED, p.source, p.copy, p.text, p.copy.of(copy.text)) for p in moved]
    for passage in passages:
        here += _within(source.text, copy.text, passage)
    here.sort(key=lambda edit: (edit.copy, edit.source or Span(0, 0)))
    found += here
    return Edits(tuple(found[:MOST_EDITS]), max(0, len(found) - MOST_EDITS))


def changed_numbers(edits: Edits) -> int:
    """Return how many numbers took the place of other numbers, not of words."""
    pairs = (
        (_WORD.findall(e.source_text), _WORD.findall(e.copy_text)) for e in edits.listed if e.kind is EditKind.NUMBER
    )
    return sum(1 for before, after in pairs if _numbers(before) and _numbers(after))


def _headline(before: str | None, after: str | None) -> Iterator[Edit]:
    if before and after and before != after:
        yield Edit(EditKind.HEADLINE, None, None, before, after)


def _lost(text: str, span: Span) -> Edit:
    kind = EditKind.SENTENCE_REMOVED if _is_sentence(span.of(text)) else EditKind.WORDS_REMOVED
    return Edit(kind, span, None, span.of(text), "")


def _new(text: str, span: Span) -> Edit:
    added = span.of(text)
    kind = EditKind.SENTENCE_INSERTED if _is_sentence(added) else EditKind.WORDS_INSERTED
    return Edit(EditKind.EMPHASIS if _EMPHASIS_NOTE.search(added) else kind, None, span, "", added)


def _is_sentence(text: str) -> bool:
    return sum(1 for _ in _WORD.finditer(text)) >= _SENTENCE_WORDS


def _uncovered(side: Side, covered: Iterable[Span]) -> Iterator[Span]:
    """Yield the sentences of a body, or what is left of them, that no passage covers."""
    taken = sorted(covered)
    at = 0
    for start, end in side.body:
        while at < len(taken) and taken[at].end <= start:
            at += 1
        place, here = start, at
        while here < len(taken) and taken[here].start < end:
            yield from _sentences(side.text, Span(place, max(place, taken[here].start)))
            place = max(place, taken[here].end)
            here += 1
        yield from _sentences(side.text, Span(place, max(place, end)))


def _sentences(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentences of a part of a text, without what stands around their words."""
    start = span.start
    for end in [*(found.end() for found in _SENTENCE_END.finditer(text, span.start, span.end)), span.end]:
        sentence = _trimmed(text, Span(start, end))
        if sentence is not None:
            yield sentence
        start = end


def _trimmed(text: str, span: Span) -> Span | None:
    """Return a part of a text from its first word to its last with the stop after it, or None if it has no word."""
    words = list(_WORD.finditer(text, span.start, span.end))
    if not words:
        return None
    end = words[-1].end()
    while end < span.end and text[end] in '.!?…。！？”"»':
        end += 1
    return Span(words[0].start(), end)


def _moved(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that stand in another order in the copy: all but those of most words that keep theirs."""
    ordered = sorted(passages, key=lambda passage: passage.source)
    before = [-1] * len(ordered)
    # Of the passages so far those that end a chain, by their place in the copy and by the words of it, both ascending.
    starts: list[int] = []
    words: list[int] = []
    ends: list[int] = []
    for at, passage in enumerate(ordered):
        place = bisect_left(starts, passage.copy.start)
        before[at] = ends[place - 1] if place else -1
        sum_of = passage.words + (words[place - 1] if place else 0)
        beaten = place
        while beaten < len(words) and words[beaten] <= sum_of:
            beaten += 1
        starts[place:beaten], words[place:beaten], ends[place:beaten] = [passage.copy.start], [sum_of], [at]
    kept: set[int] = set()
    last = ends[-1] if ends else -1
    while last >= 0:
        kept.add(last)
        last = before[last]
    return [passage for at, passage in enumerate(ordered) if at not in kept]


def _within(source: str, copy: str, passage: Passage) -> Iterator[Edit]:
    """Yield the changes inside one passage."""
    for (_, end, _, copy_end), (start, _, copy_start, _) in pairwise(passage.runs):
        gone = _trimmed_words(source, Span(end, start))
        new = _trimmed_words(copy, Span(copy_end, copy_start))
        if gone is None and new is not None:
            yield _new(copy, new)
        elif new is None and gone is not None:
            yield _lost(source, gone)._replace(copy=Span(copy_end, copy_end))
        elif gone is not None and new is not None:
            kind = _substituted(source, gone, copy, new)
            yield Edit(kind, gone, new, gone.of(source), new.of(copy))
    for start, end, copy_start, copy_end in passage.runs:
        if source[start:end] != copy[copy_start:copy_end]:
            yield from _emphasised(source, Span(start, end), copy, Span(copy_start, copy_end))


def _trimmed_words(text: str, span: Span) -> Span | None:
    words = list(_WORD.finditer(text, span.start, span.end))
    return Span(words[0].start(), words[-1].end()) if words else None


def _substituted(source: str, gone: Span, copy: str, new: Span) -> EditKind:
    """Return what kind of words took the place of others: numbers, names, or any."""
    before, after = _WORD.findall(gone.of(source)), _WORD.findall(new.of(copy))
    if _numbers(before) != _numbers(after) and (_numbers(before) or _numbers(after)):
        return EditKind.NUMBER
    if all(map(_is_name, (*before, *after))) and not (_opens(source, gone) and _opens(copy, new)):
        return EditKind.NAME
    return EditKind.WORDS_SUBSTITUTED


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(sign.isdigit() for sign in word)]


def _is_name(word: str) -> bool:
    return word[0].isupper()


def _opens(text: str, span: Span) -> bool:
    """Say whether a sentence opens here, where any word has a capital."""
    before = text[max(0, span.start - 4) : span.start].rstrip(" \"“”'«(")
    return not before or before[-1] in ".!?…:\n"


def _emphasised(source: str, span: Span, copy: str, its: Span) -> Iterator[Edit]:
    """Yield the words that only the copy writes in capitals."""
    before, after = list(_WORD.finditer(source, span.start, span.end)), list(_WORD.finditer(copy, its.start, its.end))
    if len(before) != len(after):
        return
    for one, other in zip(before, after, strict=True):
        shouted = other[0].isupper() and len(other[0]) > 2
        if shouted and not one[0].isupper():
            yield Edit(EditKind.EMPHASIS, Span(*one.span()), Span(*other.span()), one[0], other[0])
