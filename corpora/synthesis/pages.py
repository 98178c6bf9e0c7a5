"""What stands on a page? The article with its title, date, outlet, and what is set around it."""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from synthesis.edits import kept_share, republish
from synthesis.outlets import OUTLETS, Outlet, outlets
from synthesis.plan import sources
from synthesis.prose import Stream, Writer, lay_out
from synthesis.vocabulary import Tokens, vocabulary

MEAN_WORDS, SPREAD = 450, 0.5
LEAST_WORDS, MOST_WORDS = 40, 6000
# Marks are tokens too: so many tokens make a word.
TOKENS_TO_A_WORD = 1.14

BYLINE, DATE_LINE, DATE_ONLY = 0.5, 0.3, 0.25
CREDIT, OTHER_TITLE = 0.3, 0.7
# Of the pages without boilerplate; about one in a hundred of all.
ASCII_ONLY = 0.02
_ASCII = str.maketrans("“”’–", '""\'-')

_START = datetime(2021, 1, 4, 6, tzinfo=UTC)
_PACE = timedelta(minutes=3)
_CREDITS = [
    "This article was first published by {name}.",
    "Source: {name}",
    "Originally published at {domain}",
    "Reposted with thanks to {name} ({domain}).",
]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of an article: its id, where its body stands, and, of a copy, the source, the kind and the share
    of its distinct runs of five words that the source's body holds too, rounded down.
    """

    article: str
    start: int
    end: int
    source: str | None = None
    kind: str | None = None
    shared: float | None = None


@dataclass(frozen=True, slots=True)
class _Story:
    id: str
    tokens: Tokens
    title: str
    outlet: Outlet


def articles(
    count: int, seed: int, *, republications: float = 0.2, script: str = "english"
) -> Iterator[dict[str, object]]:
    """Yield so many articles as a crawler would deliver them."""
    for article, _ in synthesize(count, seed, republications=republications, script=script):
        yield article


def synthesize(
    count: int, seed: int, *, republications: float = 0.2, script: str = "english"
) -> Iterator[tuple[dict[str, object], Truth]]:
    """Yield so many articles, each with what is true of it: the same for the same arguments.

    A copy comes after its source. Only stories that are yet to be copied are kept. Scripts other than English are for
    measuring words and hashes: their pages hold nothing but the body.
    """
    copied = sources(count, republications, np.random.default_rng((seed, 0)))
    copies_left = Counter(copied[copied >= 0].tolist())
    press = _Press(count, seed, script)
    kept: dict[int, _Story] = {}
    for place, source in enumerate(copied.tolist()):
        if source < 0:
            story, page, truth = press.original(place)
        else:
            page, truth = press.copy(place, kept[source])
            copies_left[source] -= 1
            if not copies_left[source]:
                del kept[source]
        if place in copies_left:
            kept[place] = story
        yield page, truth


class _Press:
    """Makes one page after the other; each draws on where the last one left off."""

    def __init__(self, count: int, seed: int, script: str) -> None:
        words = vocabulary(script)
        self._generator = np.random.default_rng((seed, 1))
        self._chooser = random.Random(seed)
        self._stream = Stream(words, np.random.default_rng((seed, 2)))
        self._writer = Writer(words)
        self._outlets = outlets(self._chooser)
        self._shares = np.cumsum(1 / np.arange(1, OUTLETS + 1)).tolist()
        self._bare = script != "english"
        self._seed = seed
        self._digits = len(str(count))

    def original(self, place: int) -> tuple[_Story, dict[str, object], Truth]:
        words = self._chooser.lognormvariate(math.log(MEAN_WORDS) - SPREAD**2 / 2, SPREAD)
        length = int(min(max(words, LEAST_WORDS), MOST_WORDS) * TOKENS_TO_A_WORD)
        tokens = lay_out(self._stream.take(length), self._generator)
        story = _Story(self._id(place), tokens, self._title(), self._outlet())
        page, start, end = self._page(place, story, None)
        return story, page, Truth(story.id, start, end)

    def copy(self, place: int, source: _Story) -> tuple[dict[str, object], Truth]:
        tokens, kind = republish(source.tokens, self._stream, self._chooser)
        outlet = self._outlet()
        while outlet is source.outlet:
            outlet = self._outlet()
        title = self._title() if self._chooser.random() < OTHER_TITLE else source.title
        copy = _Story(self._id(place), tokens, title, outlet)
        page, start, end = self._page(place, copy, source)
        shared = math.floor(kept_share(tokens, source.tokens) * 10_000) / 10_000
        return page, Truth(copy.id, start, end, source.id, kind, shared)

    def _page(self, place: int, story: _Story, source: _Story | None) -> tuple[dict[str, object], int, int]:
        chance, outlet = self._chooser.random, story.outlet
        body = self._writer.text(story.tokens)
        published = _START + place * _PACE
        head: list[str] = []
        tail: list[str] = []
        if not self._bare:
            if chance() < BYLINE:
                head.append(f"By {self._title(3)}")
            if chance() < DATE_LINE:
                head.append(f"{published.day} {published:%B %Y}")
            if source and chance() < CREDIT:
                credit = self._chooser.choice(_CREDITS)
                tail.append(credit.format(name=source.outlet.name, domain=source.outlet.domain))
            if chance() < outlet.habit:
                tail.append(outlet.boilerplate)
            elif chance() < ASCII_ONLY:
                body = body.translate(_ASCII)
        lead = "".join(line + "\n\n" for line in head)
        page = {
            "id": story.id,
            "url": f"https://{outlet.domain}/{published:%Y/%m}/{story.id}",
            "outlet": outlet.name,
            "title": story.title,
            "published": published.date().isoformat() if chance() < DATE_ONLY else published.isoformat(),
            "text": "\n\n".join((lead + body, *tail)),
        }
        return page, len(lead), len(lead) + len(body)

    def _id(self, place: int) -> str:
        return f"{self._seed}-{place:0{self._digits}}"

    def _outlet(self) -> Outlet:
        return self._chooser.choices(self._outlets, cum_weights=self._shares)[0]

    def _title(self, words: int = 0) -> str:
        found = self._writer.plain(self._stream.take(words or self._chooser.randint(6, 12)))
        return " ".join(found).title()
