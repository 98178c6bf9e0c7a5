"""Which marks of origin are known? The rules of `dedup/provenance/rules/*.toml`, compiled once.

A rule file holds entries of six kinds:

[[rule]]       a line that names an outlet: `act` (credit, byline, copyright, wire), `class` (declared, observed,
               inferred), `where` on the page it counts (head; opening: head, or in the first half a name that is
               surely an outlet's; signature: head, or right behind the text; tail; edge: head or tail; any), `weight`
               (a log-likelihood ratio, in nats, for a copy of the named outlet; if they differ, `alone` is what it is
               worth on a page of which no match with that outlet is known, and `unknown` where nobody knows the name
               for an outlet's), at most `most_words` in the block, `pattern` with `{outlet}`, or with `{agency}` for a
               listed agency
[[exclusion]]  a block that must not be read as a credit: outbound notices, picture credits
[[host]]       a line by which a page names its own outlet, read where nothing else says whose page it is
[[appeal]]     how an appeal names the outlet it begs for
[[mark]]       a statement of the page's markup, or the byline of a record, that names an outlet
[shared]       domains and names that belong to everybody or to no outlet, and the news agencies

Every entry with a pattern carries `yes` (a text and the name it must yield) and `no` (texts it must not match).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from dedup import _core
from dedup.calendar import month_key
from dedup.outlets import fold_name
from dedup.rules import compile_patterns, load_tables, rule_file

_FOLDER = files("dedup.provenance") / "rules"
# A block with more words than this is judged by no entry that does not say otherwise.
_MOST_WORDS = 200


class Act(StrEnum):
    """What kind of statement names the outlet. Statements of one act are one vote."""

    CREDIT = "credit"
    BYLINE = "byline"
    COPYRIGHT = "copyright"
    WIRE = "wire"
    APPEAL = "appeal"
    MEDIA = "media"
    RESIDUE = "residue"
    LINKS = "links"


class EvidenceClass(StrEnum):
    """How a fact was come by: the page says it, the page shows it, or we conclude it."""

    DECLARED = "declared"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that names an outlet, and what it is worth."""

    id: str
    act: Act
    evidence_class: EvidenceClass
    where: str
    weight: float
    alone: float
    unknown: float
    most_words: int


@dataclass(frozen=True, slots=True)
class MarkRule:
    """A statement of markup that names an outlet, and what it is worth."""

    id: str
    name: str
    act: Act
    evidence_class: EvidenceClass
    weight: float
    alone: float
    unknown: float


class Hit(NamedTuple):
    """A pattern found in a text: which, where, and where its outlet stands (code points of that text)."""

    pattern: int
    start: int
    end: int
    outlet: tuple[int, int] | None


def most_words(entry: dict[str, Any]) -> int:
    """Return how many words a block may have that an entry judges."""
    return int(entry.get("most_words", _MOST_WORDS))


class Book:
    """Entries of one kind, in the order of their files, compiled when they are first looked for."""

    def __init__(self, kind: str) -> None:
        self.entries: list[dict[str, Any]] = list(load_tables(_FOLDER, kind))

    @cached_property
    def patterns(self) -> _core.Patterns:
        """The patterns of all entries together, compiled at the first call."""
        patterns = [entry["pattern"].replace("{agency}", _any_agency()) for entry in self.entries]
        return compile_patterns([entry["id"] for entry in self.entries], patterns)

    def hits(self, text: str) -> list[Hit]:
        """Return every match of every pattern in a text."""
        return self.hits_in([text]).get(text, [])

    def hits_in(self, texts: Iterable[str]) -> dict[str, list[Hit]]:
        """Return every match by text, each distinct text searched once; texts without one are left out."""
        distinct = list(dict.fromkeys(texts))
        found: dict[str, list[Hit]] = {}
        if not distinct:
            return found
        for place, pattern, start, end, named, named_end in self.patterns.captures(distinct, "outlet"):
            hit = Hit(pattern, start, end, None if named < 0 else (named, named_end))
            found.setdefault(distinct[place], []).append(hit)
        return found


@lru_cache(maxsize=1)
def _any_agency() -> str:
    """Return the pattern of a listed agency's name, as it is spelt there."""
    names = sorted(rule_file(_FOLDER / "any.toml")["shared"]["agencies"], key=lambda name: (-len(name), name))
    return rf"(?P<outlet>(?-i:{'|'.join(map(re.escape, names))}))"


@dataclass(frozen=True)
class RuleBook:
    """All rules of origin."""

    rules: Book
    exclusions: Book
    hosts: Book
    appeals: Book
    marks: tuple[MarkRule, ...]
    platforms: frozenset[str]
    mail: frozenset[str]
    stores: frozenset[str]
    no_outlets: frozenset[str]
    days: frozenset[str]
    agencies: frozenset[str]
    newswires: frozenset[str]
    agency_words: frozenset[str]
    press_words: frozenset[str]

    @cached_property
    def naming(self) -> tuple[Rule, ...]:
        """The rules that name an outlet, by the index a Hit gives."""
        return tuple(
            Rule(
                entry["id"],
                Act(entry["act"]),
                EvidenceClass(entry["class"]),
                entry["where"],
                entry["weight"],
                entry.get("alone", entry["weight"]),
                entry.get("unknown", entry.get("alone", entry["weight"])),
                most_words(entry),
            )
            for entry in self.rules.entries
        )

    @cached_property
    def shared(self) -> frozenset[str]:
        """Domains at which an address does not name an outlet."""
        return self.platforms | self.mail | self.stores

    def statements(self, lines: Iterable[str]) -> dict[str, list[Hit]]:
        """Return what the rules find in each distinct line; a line that an exclusion closes is left out."""
        found = self.rules.hits_in(lines)
        closed = self.exclusions.hits_in(found)
        return {line: hits for line, hits in found.items() if line not in closed}


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """Return the shipped rules, read at the first call."""
    marks = tuple(
        MarkRule(
            m["id"],
            m["name"],
            Act(m["act"]),
            EvidenceClass(m["class"]),
            m["weight"],
            m.get("alone", m["weight"]),
            m.get("unknown", m.get("alone", m["weight"])),
        )
        for m in load_tables(_FOLDER, "mark")
    )
    shared = rule_file(_FOLDER / "any.toml")["shared"]
    return RuleBook(
        Book("rule"),
        Book("exclusion"),
        Book("host"),
        Book("appeal"),
        marks,
        frozenset(shared["platforms"]),
        frozenset(shared["mail"]),
        frozenset(shared["stores"]),
        frozenset(fold_name(name) for name in shared["no_outlets"]),
        frozenset(month_key(day) for day in shared["days"]),
        frozenset(shared["agencies"]),
        frozenset(shared["newswires"]),
        frozenset(shared["agency_words"]),
        frozenset(shared["press_words"]),
    )


def compile_rules() -> None:
    """Read and compile all rules, as is done else when they are first looked for."""
    book = rule_book()
    for kind in (book.rules, book.exclusions, book.hosts, book.appeals):
        _ = kind.patterns
