"""Which words could there be? Pseudo-words, letter by letter, with the letter statistics of the project's own text."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import orjson

TINY = Path(__file__).resolve().parents[1] / "tiny"

SHORTEST, LONGEST = 4, 14
# A word's rank grows with its length, but loosely.
RANK_NOISE = 8

MARKED = {"a": "áäàâå", "e": "éèêë", "i": "íîï", "o": "óöôø", "u": "úüû", "c": "çč", "s": "šś", "n": "ñń", "z": "žż"}
ARABIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابصدعفقحيجكلمنوبقرستضوثخيز", strict=True))
FIRST_HAN, HAN = 0x4E00, 3500


def own_bodies(sign: str) -> list[str]:
    """Return the bodies of those articles of `corpora/tiny` that hold this sign of their language."""
    spans = orjson.loads((TINY / "truth.json").read_bytes())["bodies"]
    records = map(orjson.loads, (TINY / "articles.jsonl").read_bytes().splitlines())
    bodies = [record["text"][slice(*spans[record["id"]])] for record in records]
    return [body for body in bodies if sign in body]


def pseudo_words(script: str, count: int) -> list[str]:
    """Return so many different lower-case words of a script, the same ones each time, likely words first."""
    chooser = random.Random(script)
    source = {"chinese": han_words(chooser), "russian": spelled(" и ", chooser)}.get(script) or spelled(
        " the ", chooser
    )
    if script == "latin":
        source = (marked(word, chooser) for word in source)
    if script == "arabic":
        source = ("".join(ARABIC[letter] for letter in word) for word in source)
    found: dict[str, float] = {}
    while len(found) < count:
        word = next(source)
        if word not in found:
            found[word] = len(word) + chooser.gauss(0, RANK_NOISE)
    return sorted(found, key=lambda word: (found[word], word))


def spelled(sign: str, chooser: random.Random) -> Iterator[str]:
    """Yield words whose every letter follows the two before it as in the texts that hold a sign."""
    following: dict[str, list[str]] = defaultdict(list)
    for word in re.findall(r"[^\W\d_]+", " ".join(own_bodies(sign)).lower()):
        if len(word) >= SHORTEST:
            for place, letter in enumerate(word + "."):
                following[("  " + word)[place : place + 2]].append(letter)
    while True:
        word, letter = "", ""
        while letter != "." and len(word) <= LONGEST:
            word += letter
            letter = chooser.choice(following[("  " + word)[-2:]])
        if SHORTEST <= len(word) <= LONGEST and word.isalpha():
            yield word


def marked(word: str, chooser: random.Random) -> str:
    """Return a word with marks on some of its letters."""
    return "".join(chooser.choice(MARKED[c]) if c in MARKED and chooser.random() < 0.25 else c for c in word)


def han_words(chooser: random.Random) -> Iterator[str]:
    """Yield words of one or two Han characters, a few of which are in most words."""
    while True:
        length = 1 if chooser.random() < 0.1 else 2
        yield "".join(chr(FIRST_HAN + int(HAN ** chooser.random()) * 5) for _ in range(length))
