"""Who republishes, and how? Outlets with habits: whom they copy and credit, what they leave in, how they date."""

import random
from dataclasses import dataclass

from synthesis.letters import pseudo_words
from synthesis.phrases import LANGUAGES, Phrases

# English is the language of so many outlets, each other one of fewer.
ENGLISH_OUTLETS, OTHER_OUTLETS = 36, 8
PARTNERS = 3
_KINDS = ("Courier", "Herald", "Watch", "Dispatch", "Observer", "Review", "Post", "Monitor", "Ledger", "Current")
_ENDINGS = ("com", "org", "net", "info")

# How an outlet dates its articles, by how much clocks are to be trusted: shares of the outlets.
CLOCKS = {
    "clean": {"exact": 1.0},
    "noisy": {"exact": 0.30, "day": 0.38, "zoneless": 0.14, "updated": 0.09, "backdated": 0.05, "undated": 0.04},
    "lying": {"exact": 0.15, "day": 0.30, "zoneless": 0.10, "updated": 0.15, "backdated": 0.25, "undated": 0.05},
}
# Whom an outlet names as its source, most of the time.
CREDITS = {"origin": 0.4, "parent": 0.25, "nobody": 0.3, "another": 0.05}
# Even an outlet of habits forgets them so often.
LAPSE = 0.15


@dataclass(frozen=True, slots=True)
class Press:
    """An outlet: who it is, how many read it, and its habits.

    `lines` are its appeal, its house line and its copyright line, set under a share `shows` of its articles; `leaves`
    is the chance that a line of the page it copies from stays in, `zone` its hours from UTC.
    """

    name: str
    domain: str
    language: str
    weight: float
    zone: int
    clock: str
    credit: str
    leaves: float
    shows: float
    lines: tuple[str, ...]
    partners: frozenset[str]

    @property
    def phrases(self) -> Phrases:
        """Return how its language puts things."""
        return LANGUAGES[self.language]


def presses(chooser: random.Random, clocks: str) -> dict[str, list[Press]]:
    """Return the outlets of each language, the biggest first."""
    words = [word.capitalize() for word in pseudo_words("english", 20_000) if len(word) > 5]
    chooser.shuffle(words)
    taken = iter(words)
    found = {}
    for language in LANGUAGES:
        count = ENGLISH_OUTLETS if language == "en" else OTHER_OUTLETS
        names = [f"{next(taken)} {chooser.choice(_KINDS)}" for _ in range(count)]
        found[language] = [_press(at, names, language, next(taken), chooser, clocks) for at in range(count)]
    return found


def agencies(chooser: random.Random, count: int) -> list[str]:
    """Return the names of so many agencies that nobody has an article of."""
    words = [word.capitalize() for word in pseudo_words("english", 4_000) if len(word) > 5]
    return [f"{word} Press Agency" for word in chooser.sample(words, count)]


def _press(at: int, names: list[str], language: str, place: str, chooser: random.Random, clocks: str) -> Press:
    name = names[at]
    domain = f"{name.replace(' ', '').lower()}.{chooser.choice(_ENDINGS)}"
    phrases = LANGUAGES[language]
    said = (chooser.choice(phrases.appeals), chooser.choice(phrases.houses), phrases.copyright)
    return Press(
        name,
        domain,
        language,
        1 / (at + 1),
        chooser.randint(-8, 10),
        _drawn(CLOCKS[clocks], chooser),
        _drawn(CREDITS, chooser),
        chooser.choice((0.0, 0.0, 0.15, 0.5)),
        chooser.uniform(0.6, 1.0),
        tuple(line.format(name=name, domain=domain, place=place) for line in said),
        frozenset(chooser.sample([other for other in names if other != name], PARTNERS)),
    )


def _drawn(shares: dict[str, float], chooser: random.Random) -> str:
    return chooser.choices(list(shares), list(shares.values()))[0]
