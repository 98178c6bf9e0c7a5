"""What does an outlet set around its articles? Lines made up once, with slots that change from page to page.

Half of the outlets speak in words that a rule may know, the others in words that nobody has seen: only that they come
back under other articles gives them away.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from synthesis import outlets as english

AUTHORS = 12
TRENDING = 4
# A list of titles stands under so many articles before it changes.
TRENDING_PAGES = 20
GLUED = 0.2
SLOTTED = 0.5
TOWNS = 400

Words = Callable[[int], list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an outlet: its kind, its words with slots, and on which share of the pages it stands."""

    kind: str
    template: str
    share: float


@dataclass(slots=True)
class House:
    """An outlet: its name and domain, the lines over, in and under its articles, and what fills their slots."""

    name: str
    domain: str
    head: list[Line]
    middle: list[Line]
    tail: list[Line]
    glued: list[Line]
    authors: list[tuple[str, str]]
    trending: list[str] = field(default_factory=list)
    pages: int = 0


def houses(count: int, words: Words, chooser: random.Random) -> list[House]:
    """Return so many outlets, the busiest first. `words` gives words that were not given before."""
    stock = [" ".join(words(chooser.randint(40, 70))).capitalize() + "." for _ in range(4)]
    return [_house(number, words, stock, chooser) for number in range(count)]


def _house(number: int, words: Words, stock: Sequence[str], chooser: random.Random) -> House:
    first, second, owner = (word.capitalize() for word in words(3))
    name = f"{first} {second}"
    domain = f"{first}{second}{number}.example".lower()
    speaks = _english(name, domain, owner, chooser) if number % 2 else _own(words, chooser)
    authors = [(_person(words), _plain(words, chooser, 12, 30)) for _ in range(AUTHORS)]
    tail = [
        Line("donation", speaks["donation"], 0.6),
        Line("share", speaks["share"], 0.7),
        Line("subscribe", speaks["subscribe"], 0.5),
        Line("bio", "{author}: {bio}", 0.4),
        Line("contact", speaks["contact"], 0.3),
        Line("comments", "{number} " + " ".join(words(2)), 0.3),
        Line("related", "{trending}", 0.5),
        Line("copyright", speaks["copyright"], 0.7),
    ]
    chooser.shuffle(tail)
    if chooser.random() < 0.5:
        tail.append(Line("fair_use", f"{chooser.choice(stock)} {name}.", 0.6))
    glued = [Line("donation", _sentence(words, chooser, 12, 25), 0.7)] if chooser.random() < GLUED else []
    head = [Line("byline", f"{words(1)[0].capitalize()} {{author}}", 0.6), Line("date", "{date}, {time}", 0.5)]
    middle = [Line("advertising", " ".join(words(2)).capitalize(), 0.2)]
    return House(name, domain, head, middle, tail, glued, authors)


def _english(name: str, domain: str, owner: str, chooser: random.Random) -> dict[str, str]:
    """Return lines that tell what they are."""
    slots = {"name": name, "domain": domain, "a": owner, "b": owner}
    lines = {
        "donation": english.APPEAL,
        "share": english.SHARE,
        "subscribe": ["Subscribe to the letter of {name}: {domain}/letter. {{number}} readers did so on {{date}}."],
        "contact": english.HOUSE,
        "copyright": english.COPYRIGHT,
    }
    return {kind: chooser.choice(these).format(**slots) for kind, these in lines.items()}


def _own(words: Words, chooser: random.Random) -> dict[str, str]:
    """Return lines that nobody knows."""
    lengths = {"donation": (20, 45), "share": (4, 10), "subscribe": (8, 20), "contact": (10, 20), "copyright": (5, 12)}
    return {kind: _sentence(words, chooser, *length) for kind, length in lengths.items()}


def _sentence(words: Words, chooser: random.Random, least: int, most: int) -> str:
    """Return a sentence, half of them with something in it that changes from page to page."""
    said = words(chooser.randint(least, most))
    said[0] = said[0].capitalize()
    if chooser.random() < SLOTTED:
        said.insert(chooser.randint(1, len(said) - 1), chooser.choice(["{number}", "{date}", "{person}", "{address}"]))
    return " ".join(said) + "."


def _plain(words: Words, chooser: random.Random, least: int, most: int) -> str:
    return " ".join(words(chooser.randint(least, most))).capitalize() + "."


def _person(words: Words) -> str:
    return " ".join(word.capitalize() for word in words(2))
