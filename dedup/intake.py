"""What was given to a scan? Each article once, in an order that does not depend on the input's.

Intake   articles on their way into the core, and back out of it by their place in that order
Taken    what is known of all of them together
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.article import IN_MEMORY, Article, Elements, Skipped
from dedup.boilerplate import LEAST_BODIES, Layout, layout_of
from dedup.boilerplate.lines import Line
from dedup.boilerplate.wording import KIND_CODE, PRECEDENCE, load_cues
from dedup.domains import domain_of_host, host_of
from dedup.errors import storing
from dedup.extraction import Extraction
from dedup.outlets import Stated, stated
from dedup.packing import edges_of_main, packed, said_of, unpacked
from dedup.place import MAX_TEXT, Place, refusal
from dedup.readers import Reader
from dedup.readers.ahead import ahead
from dedup.readers.fields import CONTAINERS, NO_FIELDS, Fields
from dedup.readers.files import MAX_LINE, UTF16, UTF16_MARKS
from dedup.readers.jsonl import Lines, restore
from dedup.readers.meter import Meter
from dedup.readers.unpack import UnreadableError, peek

# Texts may take so much of the memory that is given, keys as much; the rest is for what stays in memory of every
# article, and for what matched. Where nothing is said they may take this many bytes.
_SHARE = 16
_UNSAID = 1_000_000_000
# So many articles go to the core together, or so many characters, or what comes in so many seconds.
_TOGETHER = 1000, 1 << 24, 0.5
_PLAIN = ("id", "text", "url", "outlet", "title")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of all articles when they themselves are let go of.

    `sources` holds what they state of who published them, and `paths` where they were read, each with the number of
    articles; `skipped` what could not be taken in.
    """

    articles: int
    sources: tuple[tuple[Stated, int], ...]
    paths: tuple[tuple[str, int], ...]
    skipped: tuple[Skipped, ...]


class Intake:
    """The articles of a scan. Taken in, sorted and learned from once; then read by their places.

    `core` holds them, `skipped` what could not be taken in.
    """

    def __init__(self, fields: Fields | None = None, memory: int | None = None, meter: Meter | None = None) -> None:
        """Take nothing in yet. `fields` reads records; about `memory` bytes are used before temporary files are; the
        `meter` counts what is taken in.
        """
        self._meter = meter or Meter(None)
        self._fields = fields or Fields.of(NO_FIELDS)
        self._renamed: dict[int, str] = {}
        self._sources: list[Stated] = []
        self.skipped: list[Skipped] = []
        plain = [
            (name, target, rank)
            for name, meanings in self._fields.wanted.items()
            for target, rank, _ in meanings
            if target in _PLAIN
        ]
        plain += [(name, "container", 0) for name in CONTAINERS]
        share = _UNSAID if memory is None else memory // _SHARE
        self.core = _core.Corpus(load_cues().core, plain, (MAX_LINE, MAX_TEXT), (share, share), _folder())

    @classmethod
    def of(cls, articles: Iterable[Article | Skipped], memory: int | None = None) -> "Intake":
        """Return all articles taken in and sorted. Whole files of JSON Lines are read by the core."""
        if not isinstance(articles, Reader):
            intake = cls(None, memory)
            intake._push_all(articles)
        else:
            intake = cls(articles.fields, memory, articles.meter)
            for part in articles.parts():
                if isinstance(part, Lines) and _is_plain(intake._fields):
                    intake._feed(part, articles.extraction)
                else:
                    intake._push_all(articles.extraction.articles(part))
            articles.extraction.close()
        intake.sort()
        return intake

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self.core)

    def push(self, items: Iterable[Article | Skipped]) -> None:
        """Take in what can be, and keep the reasons for the rest."""
        given = []
        for item in items:
            refused = _refused(item) if isinstance(item, Article) else None
            if isinstance(item, Skipped):
                self.skipped.append(item)
            elif refused is not None:
                path, reason = item.path or IN_MEMORY, f"article {item.id}: {refused}"
                self.skipped.append(Skipped(_writable(path), item.line, _writable(reason)))
            else:
                given.append(as_given(item))
        with storing():
            self.core.push(given)
        self._count()

    def _count(self) -> None:
        self._meter.articles, self._meter.skipped = len(self), len(self.skipped)

    def _push_all(self, items: Iterable[Article | Skipped]) -> None:
        for together in _portions(items):
            self.push(together)

    def _feed(self, lines: Lines, extraction: Extraction) -> None:
        """Have the core read the plain lines of a file; read the others here."""
        head, stream = peek(lines.stream)
        if head.startswith(UTF16_MARKS):
            self.skipped.append(Skipped(lines.path, None, UTF16))
            return
        self.core.open(lines.path)
        try:
            for piece in ahead(stream):
                with storing():
                    left = self.core.feed(piece)
                self.push(extraction.articles(lines.article(number, line) for number, line in left))
        except UnreadableError as broken:
            with storing():
                _, ended = self.core.close(whole=False)
            self.skipped.append(lines.broken(broken, ended))
        else:
            with storing():
                left, _ = self.core.close(whole=True)
            self.push(extraction.articles(lines.article(number, line) for number, line in left))

    def sort(self) -> None:
        """Put the articles in the order of their ids. Two different articles under one id are told apart by a suffix;
        the very same record twice is taken once.
        """
        with storing():
            runs = self.core.sort()
        if runs:
            chosen = np.arange(len(self), dtype=np.uint32)
            dropped = np.zeros(len(self), dtype=np.bool_)
            names: dict[int, str] = {}
            for first, end in runs:
                kept, new_names = self._told_apart(range(first, end))
                chosen[first : first + len(kept)] = kept
                dropped[first + len(kept) : end] = True
                names |= {first + offset: name for offset, name in new_names.items()}
            places = np.cumsum(~dropped) - 1
            self._renamed = {int(places[place]): name for place, name in names.items()}
            self.core.keep(chosen[~dropped])
        self._count()
        self.skipped.sort(key=lambda s: (s.path, s.line or 0, s.reason))
        self._sources = [
            stated(None if host is None else domain_of_host(host), outlet) for host, outlet in self.core.sources()
        ]

    def _told_apart(self, places: Iterable[int]) -> tuple[list[int], dict[int, str]]:
        """Return which of the places that share an id to keep, in the order of their contents, and new ids for all but
        the first of them, by their rank.
        """
        articles = {place: self.article(place) for place in places}
        keyed = sorted((_content(a), a.path or "", a.line or 0, place) for place, a in articles.items())
        kept: list[int] = []
        names: dict[int, str] = {}
        numbers = count(2)
        for at, (content, _, _, place) in enumerate(keyed):
            article = articles[place]
            if at and keyed[at - 1][0] == content:
                reason = f"article {article.id}: the same record stands at {_place(articles[keyed[at - 1][-1]])}"
                self.skipped.append(Skipped(article.path or IN_MEMORY, article.line, reason))
                continue
            if at:
                free = (f"{article.id}~{number}" for number in numbers)
                names[len(kept)] = next(name for name in free if not self.core.has_id(name))
            kept.append(place)
        return kept, names

    def learn(self, rulings: Sequence[Line] = ()) -> None:
        """Learn the boilerplate of each outlet. Articles of no known outlet are learned from together: what recurs
        among them under different bodies is boilerplate, whosever it is. `rulings` go before what is learned.
        """
        numbers, outlets = self._outlets()
        self.core.learn(outlets, LEAST_BODIES)
        known = [line for line in rulings if line.outlet in numbers]
        codes = [0 if line.kind is None else KIND_CODE[line.kind] for line in known]
        if known:
            pairs = zip(known, codes, strict=True)
            self.core.rule(outlets, [(numbers[line.outlet], line.text, code) for line, code in pairs])

    def learned(self) -> list[Line]:
        """Return the lines that were learned, by outlet; those on most pages first."""
        numbers, outlets = self._outlets()
        names = list(numbers)
        found = self.core.learned_lines(outlets)
        lines = [Line(names[outlet], PRECEDENCE[kind - 1], text, *taught) for outlet, text, kind, *taught in found]
        return sorted(lines, key=lambda line: line.outlet)

    def _outlets(self) -> tuple[dict[str, int], NDArray[np.uint32]]:
        """Return the number of each outlet, and that of each source's outlet."""
        numbers: dict[str, int] = {}
        keys = (domain or name or "" for domain, name in self._sources)
        return numbers, np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.uint32)

    def taken(self) -> Taken:
        """Return what is known of all articles together; the sources are in the order of their numbers."""
        counts = np.bincount(self.source_numbers(), minlength=len(self._sources)).tolist()
        sources = tuple(zip(self._sources, counts, strict=True))
        return Taken(len(self), sources, tuple(self.core.paths()), tuple(self.skipped))

    def source_numbers(self) -> NDArray[np.uint32]:
        """Return the number of the source of each article."""
        return self.core.source_numbers()

    def article(self, place: int) -> Article:
        """Return the article at a place."""
        id_, text, rest, is_line, path, line = self.core.article(place)
        article = restore(rest, text, Place(path, line), self._fields) if is_line else unpacked(id_, text, rest)
        name = self._renamed.get(place)
        return article if name is None else replace(article, id=name)


def layout_alone(article: Article) -> Layout:
    """Return the layout of one page, read without any other to learn from."""
    intake = Intake()
    intake.core.push([as_given(article)])  # blank pages too, which a scan refuses
    intake.sort()
    intake.learn()
    return layout_of(intake.core, np.zeros(1, dtype=np.uint32))


def _folder() -> str:
    """Return where temporary files go. A system without a place for them is no error until one is needed."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return os.environ.get("TMPDIR", os.curdir)


def _is_plain(fields: Fields) -> bool:
    """Say whether the core may read records. It takes their text away, which must mean nothing else, and it does not
    look into nested objects.
    """
    meant = ([target for target, _, _ in meanings] for meanings in fields.wanted.values())
    return not fields.nested and all(targets == ["text"] for targets in meant if "text" in targets)


def _portions(items: Iterable[Article | Skipped]) -> Iterator[list[Article | Skipped]]:
    together: list[Article | Skipped] = []
    size, since = 0, perf_counter()
    for item in items:
        together.append(item)
        size += len(item.text) if isinstance(item, Article) else 0
        if len(together) >= _TOGETHER[0] or size >= _TOGETHER[1] or perf_counter() - since > _TOGETHER[2]:
            yield together
            together, size, since = [], 0, perf_counter()
    yield together


def as_given(
    article: Article,
) -> tuple[str, str, str | None, str | None, str | None, list[int] | None, bytes, str]:
    """Return an article as the core takes it."""
    host = host_of(article.url) if article.url else None
    return (
        article.id, article.text, host, article.outlet, article.title, edges_of_main(article), packed(article),
        article.path or IN_MEMORY,
    )  # fmt: skip


def _writable(text: str) -> str:
    """Return a text with what is no character written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _refused(article: Article) -> str | None:
    """Return why an article cannot be scanned, or None if it can."""
    refused = refusal(article.text)
    if refused is None:
        try:
            "".join((*_content(article), article.path or "")).encode()
        except UnicodeEncodeError:
            return "it holds half a surrogate pair, which is no character; decode its source anew"
        end = 0
        for part in article.main or ():
            if not end <= part.start <= part.end <= len(article.text):
                return (
                    f"its main part {part.start} to {part.end} is no part of its text of {len(article.text)} characters"
                    " behind the one before"
                )
            end = part.end
    return refused


def _content(article: Article) -> tuple[str, ...]:
    """Return all that a source says of an article, in an order in which articles can be sorted."""
    marks = (text for mark in article.marks for text in (mark.name, mark.value))
    markup = Elements.of(article.elements).strings()
    return (article.id, article.text, *(text or "" for text in said_of(article)), *marks, *markup)


def _place(article: Article) -> str:
    return f"{article.path or IN_MEMORY}:{article.line}" if article.line else article.path or IN_MEMORY
