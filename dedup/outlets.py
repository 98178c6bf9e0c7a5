"""Who published it?

fold_name            a site name without case, spaces, marks and script, to be compared with domains
Outlet               key and name of who published an article
Directory            which names and domains mean the same outlet, learned from a corpus
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from dedup.article import Article
from dedup.domains import label_names, looks_like_domain, registrable_domain

_ARTICLES = frozenset(
    ("the", "de", "het", "le", "la", "les", "el", "los", "las", "il", "lo", "der", "die", "das", "o", "a", "os", "as")
)
# Arabic writes what an outlet is before its name, or leaves it out.
_KINDS_OF_OUTLET = frozenset(("صحيفة", "جريدة", "مجلة", "موقع", "وكالة", "شبكة", "مدونة", "قناة", "بوابة"))
# Two forms of one word begin with at least so many equal letters, and have at most so many others.
_STEM, _ENDING = 4, 3
# Alone, a word has more of its like: Bundesamt is no form of Bundesrat.
_LONE_ENDING = 2
# So many names are remembered with what they mean.
_MOST_SOUGHT = 1 << 16
_LETTERS, _REPEATED = re.compile("[a-z0-9]+"), re.compile(r"(.)\1+")
_GERMAN_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def is_article(word: str) -> bool:
    """Say whether a word is an article, with which many a name begins."""
    return word.lower() in _ARTICLES


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """Return a site name in ASCII letters and digits only, without its leading article.

    Other scripts are romanised, so that a Cyrillic name meets its Latin domain. Doubled letters count once,
    because romanisations disagree about them.

    >>> fold_name("The South-Front") == fold_name("southfront")
    True
    """
    spelt = name.replace("&", " and ")
    ascii_words = _LETTERS.findall((spelt if spelt.isascii() else anyascii(spelt)).lower().replace("'", ""))
    if len(ascii_words) > 1 and is_article(ascii_words[0]):
        ascii_words = ascii_words[1:]
    letters = "".join(ascii_words).replace("y", "i").replace("j", "i")
    return _REPEATED.sub(lambda run: run[1], letters)


@lru_cache(maxsize=65536)
def name_keys(name: str) -> frozenset[str]:
    """Return every folded form under which a site name may be looked up."""
    kind, _, own = name.partition(" ")
    spelt = {name, name.translate(_GERMAN_UMLAUTS)} | ({own} if kind in _KINDS_OF_OUTLET and own else set())
    keys = {fold_name(form) for form in spelt} | {fold_name("".join(form.split())) for form in spelt}
    return frozenset(key for key in keys if len(key) >= 2)


def same_but_endings(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two folded names are forms of one: German, Slavic and other languages inflect them.

    >>> same_but_endings(("ahrenfelder", "bote"), ("ahrenfelder", "boten"))
    True
    >>> same_but_endings(("daily", "mail"), ("daily", "mall")), same_but_endings(("bundesamt",), ("bundesrat",))
    (False, False)
    """
    if len(one) != len(other):
        return False
    most = _ENDING if len(one) > 1 else _LONE_ENDING
    for word, form in zip(one, other, strict=True):
        equal = next(
            (place for place, (a, b) in enumerate(zip(word, form, strict=False)) if a != b),
            len(min(word, form, key=len)),
        )
        if word != form and (equal < _STEM or max(len(word), len(form)) - equal > most):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who published: `key` is the registrable domain, or the name where no domain is known."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownOutlet:
    """What people say of an outlet: its domains, the first of which is its key (mirrors and former homes are the same
    outlet), its names, the first of which is the usual one, the group that owns it, and whether it is a news agency.
    """

    domains: tuple[str, ...]
    names: tuple[str, ...] = ()
    owner: str | None = None
    agency: bool = False

    @property
    def key(self) -> str:
        """Return the key of the outlet: its first domain, its name where it has none."""
        return (*self.domains, *self.names)[0]


# The registrable domain and the site name that a source gives for an article, None for what it does not.
Stated = tuple[str | None, str | None]


class Directory:
    """Which names and domains mean the same outlet.

    Learned from a corpus: an article with an address and a site name ties the two; a name whose folded form is
    the label of a known domain means that domain ("South Front" = southfront.org). What people say goes before.
    """

    def __init__(
        self, articles: Iterable[Article], domains: Iterable[str] = (), known: Sequence[KnownOutlet] = ()
    ) -> None:
        """Learn from articles; `domains` are those their pages link to, for outlets known by name only, and `known` is
        what people say.
        """
        self._learn([(_stated(article), 1) for article in articles], domains, known)

    @classmethod
    def of(
        cls,
        sources: Iterable[tuple[Stated, int]],
        domains: Iterable[str] = (),
        known: Sequence[KnownOutlet] = (),
    ) -> "Directory":
        """Return a directory learned from what articles state, each with the number of articles."""
        directory = cls.__new__(cls)
        directory._learn(sources, domains, known)
        return directory

    def _learn(
        self, sources: Iterable[tuple[Stated, int]], domains: Iterable[str], known: Sequence[KnownOutlet]
    ) -> None:
        self._keys: dict[str, str] = {}
        self._words: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {}
        self._sought: dict[str, tuple[str | None, str | None]] = {}
        self._key_of_domain = {domain: outlet.key for outlet in known for domain in outlet.domains}
        self._known = {outlet.key: outlet for outlet in known}
        for outlet in known:
            for alias in outlet.names:
                self._tie(alias, outlet.key)
        names: dict[str, Counter[str]] = {}
        nameless: Counter[str] = Counter()
        for (domain, name), count in sources:
            if domain is not None:
                names.setdefault(self._key_of_domain.get(domain, domain), Counter())[name or domain] += count
            elif name is not None:
                nameless[name] += count
        self._names = {domain: _usual(counted) for domain, counted in names.items()}
        for domain in sorted(names):
            for alias in (*sorted(names[domain]), *label_names(domain)):
                self._tie(alias, domain)
        linked = sorted(set(domains))
        for name in sorted(nameless, key=lambda n: (-nameless[n], n)):
            if self.key_of(name) is None:
                key = self.key_of(name, linked) or name
                self._names[key] = name
                self._tie(name, key)

    def _tie(self, alias: str, outlet: str) -> None:
        for key in name_keys(alias):
            self._keys.setdefault(key, outlet)
        words = _folded_words(alias)
        self._words.setdefault(_stems(words), {}).setdefault(words, outlet)
        self._sought.clear()

    def key_of(self, name: str, domains: Iterable[str] = ()) -> str | None:
        """Return the key of the outlet a name or address means, or None.

        `domains` are further domains it may mean, such as those a page links to.
        """
        sought = self._sought.get(name)
        if sought is None:
            if len(self._sought) >= _MOST_SOUGHT:
                self._sought.clear()
            sought = self._sought[name] = self._seek(name)
        surely, perhaps = sought
        if surely is not None:
            return surely
        for domain in domains:
            if not name_keys(name).isdisjoint(key for label in label_names(domain) for key in name_keys(label)):
                return domain
        return perhaps

    def _seek(self, name: str) -> tuple[str | None, str | None]:
        """Return the outlet a name surely means, and the one it means if no other does."""
        if looks_like_domain(name):
            domain = registrable_domain(name)
            return self._key_of_domain.get(domain or "", domain), None
        for key in sorted(name_keys(name)):
            if key in self._keys:
                return self._keys[key], None
        return None, self._inflected(name)

    def _inflected(self, name: str) -> str | None:
        """Return the only outlet whose name differs from this one in the endings of its words, or None."""
        words = _folded_words(name)
        if sum(map(len, words)) < 2 * _STEM:
            return None
        near = self._words.get(_stems(words), {})
        found = {outlet for known, outlet in near.items() if same_but_endings(known, words)}
        return found.pop() if len(found) == 1 else None

    def outlet_of(self, article: Article) -> Outlet | None:
        """Return the outlet that published an article by its address and site name, or None if both are missing."""
        return self.outlet_stated(*_stated(article))

    def outlet_stated(self, domain: str | None, name: str | None) -> Outlet | None:
        """Return the outlet of a stated domain and site name, or None if both are missing."""
        key = self._key_of_domain.get(domain, domain) if domain else name and (self.key_of(name) or name)
        return None if key is None else Outlet(key, self.name_of(key))

    def publishes(self, key: str) -> bool:
        """Say whether the corpus holds an article of this outlet."""
        return key in self._names

    def name_of(self, key: str) -> str:
        """Return the name an outlet usually goes by, or the key itself."""
        said = self._known.get(key)
        return said.names[0] if said is not None and said.names else self._names.get(key, key)

    def owner_of(self, key: str) -> str | None:
        """Return the group that owns an outlet, if people say so."""
        said = self._known.get(key)
        return None if said is None else said.owner

    def is_known(self, key: str) -> bool:
        """Say whether people say anything of an outlet."""
        return key in self._known

    def calls_agency(self, key: str) -> bool:
        """Say whether people call an outlet a news agency."""
        return key in self._known and self._known[key].agency


def _folded_words(name: str) -> tuple[str, ...]:
    return tuple(fold_name(word) for word in name.split())


def _stems(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word[:_STEM] for word in words)


def stated(domain: str | None, outlet: str | None) -> Stated:
    """Return what is stated of who published, from the domain of an address and an outlet as the source gives it."""
    name = outlet.strip() or None if outlet else None
    if name is not None and looks_like_domain(name):
        return domain or registrable_domain(name), None
    return domain, name


def _stated(article: Article) -> Stated:
    return stated(registrable_domain(article.url) if article.url else None, article.outlet)


def _usual(counted: Counter[str]) -> str:
    proper = {name: count for name, count in counted.items() if not looks_like_domain(name)} or dict(counted)
    return min(proper, key=lambda name: (-proper[name], name))
