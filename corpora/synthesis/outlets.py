"""Who publishes? Outlets, with the boilerplate that each sets under its articles in the same words every time."""

import random
from dataclasses import dataclass

from synthesis.letters import pseudo_words

OUTLETS = 48
LEAST_WORDS, MOST_WORDS = 25, 60

_KINDS = ["Courier", "Herald", "Watch", "Dispatch", "Observer", "Review", "Post", "Monitor", "Ledger", "Current"]
_ENDINGS = ["com", "org", "net", "info"]
SHARE = [
    "Share this article with your friends.",
    "Share on social media, or send this page by e-mail.",
    "Tell others: share this story and follow {name} on every channel.",
    "Like what you read? Pass it on, and follow us.",
    "Print this page. Share this report.",
]
APPEAL = [
    "{name} depends on its readers. Please support our work with a donation today, however small.",
    "We take no advertising and no grants; help {name} go on by giving a few crowns each month.",
    "If you value independent reporting from {name}, please donate at {domain}/support.",
    "Subscribe to our weekly letter at {domain}/letter, and never miss a story again.",
    "Our reporting is free to read and costly to make. Become a member of {name} at {domain}/join.",
]
HOUSE = [
    "The {a} {b} desk of {name} welcomes corrections at desk@{domain}.",
    "{name} is published in {a} by the {b} Foundation.",
    "Views held by authors are their own and need not be those of {name} or of the {b} Trust in {a}.",
    "Readers in {a} can hear {name} each morning on Radio {b}.",
]
COPYRIGHT = [
    "© {name}. All rights reserved.",
    "Copyright © {name} – {domain}",
    "© {name}, {a}. No part of this page may be copied without leave.",
]
LEGAL = [
    "This page may hold material whose use its owners have not expressly allowed. It is offered here without profit to "
    "those who have shown an interest in it for research and learning, which we hold to be fair use.",
    "The information above is given as it is, without promise of any kind. Nobody should act on it alone, and the "
    "publisher answers for no loss that may follow from reading it.",
    "Articles on this site may be reposted in full for purposes other than gain, so long as the text is not altered "
    "and the address of the source stands in a visible place.",
]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: its name, its domain, its boilerplate, and how many of its articles stand over it."""

    name: str
    domain: str
    boilerplate: str
    habit: float


def outlets(chooser: random.Random) -> list[Outlet]:
    """Return OUTLETS different outlets, the busiest first."""
    names = [word.capitalize() for word in pseudo_words("english", 20_000) if len(word) > 5]
    made = [_outlet(chooser.sample(names, 3), chooser) for _ in range(OUTLETS)]
    unique = {outlet.domain: outlet for outlet in made}
    while len(unique) < OUTLETS:
        outlet = _outlet(chooser.sample(names, 3), chooser)
        unique[outlet.domain] = outlet
    return list(unique.values())


def _outlet(words: list[str], chooser: random.Random) -> Outlet:
    place, owner, first = words
    name = f"{first} {chooser.choice(_KINDS)}"
    domain = f"{name.replace(' ', '').lower()}.{chooser.choice(_ENDINGS)}"
    slots = {"name": name, "domain": domain, "a": place, "b": owner}
    length = 0
    while not LEAST_WORDS <= length <= MOST_WORDS:
        lines = [chooser.choice(these).format(**slots) for these in (SHARE, APPEAL, HOUSE, COPYRIGHT)]
        length = len(" ".join(lines).split())
    if chooser.random() < 0.4:
        lines.insert(3, chooser.choice(LEGAL))
    return Outlet(name, domain, "\n\n".join(lines), chooser.uniform(0.5, 0.6))
