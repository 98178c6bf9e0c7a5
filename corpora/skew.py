"""Write a corpus that is as uneven as a corpus can be: one of the kinds that `KINDS` names.

    python corpora/skew.py one-wire-story --size 10000 --seed 1 -o corpus.jsonl

The size is a number of articles, or the characters of the one huge article. The same arguments write the same bytes.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
from synthesis import articles
from synthesis.edits import republish
from synthesis.outlets import Outlet, outlets
from synthesis.prose import Stream, Writer, lay_out
from synthesis.vocabulary import vocabulary

SCRIPT = "ascii"
STORY_WORDS = 450
FOOTER_WORDS, FOOTER_BLOCKS = 200, 4
MOST_SHORT_WORDS = 4
# The huge article stands between so many others, and is written in pieces of so many words.
AROUND, PIECE = 100, 1 << 17

AT_ONCE = 1 << 20
_START = datetime(2021, 1, 4, 6, tzinfo=UTC)

Lines = Iterator[bytes]


def one_outlet(count: int, seed: int) -> Lines:
    """Yield pages of one outlet: other bodies, and under all of them the same boilerplate of FOOTER_WORDS words."""
    words = _words(seed, FOOTER_WORDS)
    length = FOOTER_WORDS // FOOTER_BLOCKS
    footer = "".join(f"\n\n{' '.join(words[at : at + length]).capitalize()}." for at in range(0, FOOTER_WORDS, length))
    outlet = outlets(random.Random(seed))[0]
    for place, article in enumerate(articles(count, seed, republications=0, script=SCRIPT)):
        yield _line(place, outlet, str(article["title"]), f"{article['text']}{footer}")


def one_wire_story(count: int, seed: int) -> Lines:
    """Yield copies of one story, each edited for itself."""
    chooser, stream, writer = random.Random(seed), _stream(seed), Writer(vocabulary(SCRIPT))
    story = lay_out(stream.take(STORY_WORDS), np.random.default_rng((seed, 3)))
    carriers = outlets(chooser)
    for place in range(count):
        tokens, _ = republish(story, stream, chooser)
        yield _line(place, chooser.choice(carriers), "A wire story", writer.text(tokens))


def shorter_than_a_shingle(count: int, seed: int) -> Lines:
    """Yield articles of one to MOST_SHORT_WORDS words."""
    chooser = random.Random(seed)
    words = _words(seed, count * MOST_SHORT_WORDS)
    carriers = outlets(chooser)
    for place in range(count):
        at = place * MOST_SHORT_WORDS
        text = " ".join(words[at : at + chooser.randint(1, MOST_SHORT_WORDS)])
        yield _line(place, chooser.choice(carriers), "A short one", text)


def one_huge_article(characters: int, seed: int) -> Lines:
    """Yield AROUND plain articles and in their midst one of so many characters, in a line of its own."""
    others = [orjson.dumps(article) + b"\n" for article in articles(AROUND, seed, republications=0, script=SCRIPT)]
    yield from others[: AROUND // 2]
    yield from _huge_line(characters, seed)
    yield from others[AROUND // 2 :]


KINDS: dict[str, Callable[[int, int], Lines]] = {
    "one-outlet": one_outlet,
    "one-wire-story": one_wire_story,
    "shorter-than-a-shingle": shorter_than_a_shingle,
    "one-huge-article": one_huge_article,
}


def _stream(seed: int) -> Stream:
    """Return text that is not that of the articles made from the same seed."""
    return Stream(vocabulary(SCRIPT), np.random.default_rng((seed, 4)))


def _words(seed: int, count: int) -> list[str]:
    """Return so many words of running text, without its marks."""
    stream, writer = _stream(seed), Writer(vocabulary(SCRIPT))
    found: list[str] = []
    while len(found) < count:
        found += writer.plain(stream.take(min(2 * count, PIECE)))
    return found[:count]


def _line(place: int, outlet: Outlet, title: str, text: str) -> bytes:
    identity = f"skew-{place:07}"
    page = {
        "id": identity,
        "url": f"https://{outlet.domain}/{identity}",
        "outlet": outlet.name,
        "title": title,
        "published": (_START + place * timedelta(minutes=1)).isoformat(),
        "text": text,
    }
    return orjson.dumps(page) + b"\n"


def _huge_line(characters: int, seed: int) -> Lines:
    stream, writer, left = _stream(seed), Writer(vocabulary(SCRIPT)), characters
    generator = np.random.default_rng((seed, 3))
    yield b'{"id":"huge","outlet":"Huge Herald","title":"A huge one","published":"2021-01-04T06:00:00+00:00","text":"'
    while left:
        piece = writer.text(lay_out(stream.take(min(PIECE, left + 2)), generator))[: left - 1] + "\n"
        yield orjson.dumps(piece)[1:-1]
        left -= len(piece)
    yield b'"}\n'


def write(target: Path, kind: str, size: int, seed: int) -> None:
    """Write a corpus of one kind."""
    with target.open("wb", AT_ONCE) as file:
        file.writelines(KINDS[kind](size, seed))


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    write(asked.output, asked.kind, asked.size, asked.seed)


if __name__ == "__main__":
    main()
