"""Articles in the midst of what outlets set around them, with the truth about every block.

Beside ordinary pages there are those on which learning from repetition goes wrong: a story that one outlet runs fifty
times, a statement that two hundred articles quote, a long gallery of captions under short articles, outlets that were
seen once or twice, appeals without a paragraph of their own.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from synthesis.edits import republish
from synthesis.houses import TRENDING, TRENDING_PAGES, House, Line, houses
from synthesis.plan import sources
from synthesis.prose import Stream, Writer, lay_out
from synthesis.vocabulary import Tokens, vocabulary

PAGES_AN_OUTLET = 60
MEAN_WORDS, SPREAD, LEAST_WORDS, MOST_WORDS = 350, 0.6, 60, 4000
TOKENS_TO_A_WORD = 1.14
RERUNS = 50
QUOTING, STATEMENT_WORDS = 200, 60
GALLERY_PAGES, GALLERY_WORDS, GALLERY_BODY = 6, 926, 120
START, PACE = datetime(2022, 3, 7, 5, tzinfo=UTC), timedelta(minutes=7)
BODY = ""

# A piece of a page and its kind.
Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Furnished:
    """What is true of a page: where each kind of text stands (start, end, kind), and the first page of its story."""

    article: str
    spans: list[tuple[int, int, str]]
    story: str


def furnish(
    count: int, seed: int, *, republications: float = 0.1, script: str = "english"
) -> Iterator[tuple[dict[str, object], Furnished]]:
    """Yield so many pages, each with what is true of it: the same for the same arguments."""
    press = _Press(count, seed, script)
    copied = sources(count, republications, np.random.default_rng((seed, 0))).tolist()
    wanted = set(copied)
    kept: dict[int, _Story] = {}
    for place, source in enumerate(copied):
        story = press.edited(kept[source]) if source >= 0 else press.story(place)
        if place in wanted:
            kept[place] = story
        yield press.page(place, story)


@dataclass(frozen=True, slots=True)
class _Story:
    """A text and the first page that carries it; the outlet, where it is no matter of chance."""

    first: str
    tokens: Tokens
    house: House | None = None


class _Press:
    def __init__(self, count: int, seed: int, script: str) -> None:
        words = vocabulary(script)
        self._chooser = random.Random(seed)
        self._generator = np.random.default_rng((seed, 1))
        self._stream = Stream(words, np.random.default_rng((seed, 2)))
        self._writer = Writer(words)
        self._houses = houses(max(3, count // PAGES_AN_OUTLET), self._words, self._chooser)
        self._weights = np.cumsum(1 / np.arange(1, len(self._houses) + 1)).tolist()
        self._seed, self._digits = seed, len(str(count))
        self._rerun = lay_out(self._stream.take(400), self._generator)
        self._statement = " ".join(self._words(STATEMENT_WORDS)).capitalize() + "."
        self._gallery = ". ".join(" ".join(self._words(23)).capitalize() for _ in range(GALLERY_WORDS // 23)) + "."
        chosen = self._chooser.sample(range(count), min(count, RERUNS + QUOTING + GALLERY_PAGES))
        self._reruns = set(chosen[:RERUNS])
        self._quoting = set(chosen[RERUNS : RERUNS + QUOTING])
        self._galleries = set(chosen[RERUNS + QUOTING :])
        self._first_run = _Story("", self._rerun)

    def story(self, place: int) -> _Story:
        """Return a new story, or the one that is run again and again."""
        if place in self._reruns:
            if not self._first_run.first:
                self._first_run = _Story(self._id(place), self._rerun, self._houses[0])
            return self._first_run
        if place in self._galleries:
            return _Story(self._id(place), self._text(GALLERY_BODY), self._houses[2])
        words = self._chooser.lognormvariate(math.log(MEAN_WORDS) - SPREAD**2 / 2, SPREAD)
        return _Story(self._id(place), self._text(min(max(words, LEAST_WORDS), MOST_WORDS)))

    def edited(self, story: _Story) -> _Story:
        """Return what a copyist makes of a story."""
        return _Story(story.first, republish(story.tokens, self._stream, self._chooser)[0])

    def page(self, place: int, story: _Story) -> tuple[dict[str, object], Furnished]:
        """Return a page that carries a story."""
        house = story.house or self._chooser.choices(self._houses, cum_weights=self._weights)[0]
        title = " ".join(self._words(self._chooser.randint(5, 10))).capitalize()
        published = START + place * PACE
        id_ = self._id(place)
        body = [(text, BODY) for text in self._writer.text(story.tokens).split("\n\n")]
        if place in self._quoting:
            body.insert(len(body) // 2, (self._statement, BODY))
        half = len(body) // 2
        parts = self._set(house, house.head, published) + body[:half]
        parts += self._set(house, house.middle, published) + body[half:]
        glued = self._set(house, house.glued, published)
        if place in self._galleries:
            parts.append((self._gallery, "other"))
        text, spans = _joined(parts, glued, self._set(house, house.tail, published))
        self._turn(house, title)
        page: dict[str, object] = {
            "id": id_,
            "url": f"https://{house.domain}/{published:%Y/%m}/{id_}",
            "outlet": house.name,
            "title": title,
            "published": published.isoformat(),
            "text": text,
        }
        return page, Furnished(id_, spans, story.first)

    def _id(self, place: int) -> str:
        return f"{self._seed}-{place:0{self._digits}}"

    def _text(self, words: float) -> Tokens:
        return lay_out(self._stream.take(int(words * TOKENS_TO_A_WORD)), self._generator)

    def _set(self, house: House, lines: list[Line], published: datetime) -> list[Part]:
        """Return the lines that stand on this page, their slots filled."""
        author, bio = self._chooser.choice(house.authors)
        parts: list[Part] = []
        for line in lines:
            if self._chooser.random() >= line.share:
                continue
            if line.template == "{trending}":
                parts += [(title, line.kind) for title in house.trending]
                continue
            filled = line.template.format(
                author=author,
                bio=bio,
                person=" ".join(word.capitalize() for word in self._words(2)),
                number=self._chooser.randint(2, 9999),
                date=f"{published.day} {published:%B %Y}",
                time=f"{published:%H:%M}",
                address=f"https://{house.domain}/{self._words(1)[0]}/{self._chooser.randint(1, 99999)}",
            )
            parts.append((filled, line.kind))
        return parts

    def _turn(self, house: House, title: str) -> None:
        """Change the list of titles now and then."""
        house.pages += 1
        if house.pages % TRENDING_PAGES == 1:
            others = [self._words(self._chooser.randint(5, 9)) for _ in range(TRENDING - 1)]
            house.trending = [" ".join(words).capitalize() for words in others] + [title]

    def _words(self, count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            found += self._writer.plain(self._stream.take(max(count, 8)))
        return found[:count]


def _joined(parts: list[Part], glued: list[Part], tail: list[Part]) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the text of a page and where each kind of text stands. What is glued follows the last part at once."""
    pieces: list[tuple[str, str, str]] = [("\n\n", *part) for part in parts]
    pieces += [(" ", *part) for part in glued] + [("\n\n", *part) for part in tail]
    text, spans = "", []
    for between, piece, kind in pieces:
        text += between if text else ""
        spans.append((len(text), len(text) + len(piece), kind))
        text += piece
    return text, spans
