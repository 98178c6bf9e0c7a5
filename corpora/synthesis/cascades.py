"""Stories that travel: each copy made from an earlier one, with the truth about every link.

A story is born at an outlet, or at an agency whose pages nobody has. Each copy is made by an outlet with habits
(`presses.py`) from one of the articles that are out by then: more likely from a much-read one, a new one, a partner's.
What a copyist changes, its own copies inherit; what it leaves in of the page it copied (appeals, footers, credits),
they may leave in too. Some articles that were copied are missing from the corpus. Beside the stories stand articles
that are no copies of each other: one event told twice, one template filled twice, one statement quoted twice.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from synthesis.edits import SHINGLE
from synthesis.presses import LAPSE, Press, agencies, presses
from synthesis.prose import Stream, Writer, ended, lay_out
from synthesis.vocabulary import FIRST_WORD, STOP, Tokens, vocabulary

ENGLISH = 0.5
WIRES, AGENCIES = 0.15, 6
DATELINE = 0.7
MEAN_WORDS, SPREAD, LEAST_WORDS, MOST_WORDS = 260, 0.4, 90, 1200
TOKENS_TO_A_WORD = 1.14
# Sizes of families: lognormal, at the median 4.
MOST_COPIES = 60
# Hours from one copy to the next: a sixth within four minutes, some after days.
HOURS, HASTE = 0.5, 2.0
PARTNER = 4.0
# An agency sends its story to everybody at once: as likely a source as so many much-read articles that are new.
AGENCY = 3.0
# Of more articles a copyist has come across so many.
MOST_WEIGHED = 200
VERBATIM, ABRIDGED, SAME_TITLE = 0.3, 0.08, 0.5
# So many articles that are nobody's copies for each story, in threes: an event, a template, a statement.
ALONE = 0.5
STATEMENT_WORDS = 20
_START = datetime(2022, 2, 1, 5, tzinfo=UTC)
_SEASON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make up: how many stories, how clocks are kept, which share of the copied articles is missing, whether
    anybody gives credit. `size` gives all families one size.
    """

    families: int
    seed: int
    clocks: str = "noisy"
    missing: float = 0.0
    credits: bool = True
    size: int | None = None


@dataclass(frozen=True, slots=True)
class CascadeTruth:
    """What is true of an article. `family` is None for what was not copied and is no copy.

    `parent` is the id of the article it was made from, seen or not, or None for an origin; `ancestors` are those that
    are in the corpus, nearest first; `latent` names the outlet or agency of the origin if that is not in the corpus,
    and `named` says whether the page names it; `credit` is what the page says of its origin, None for an origin.
    """

    article: str
    family: str | None
    parent: str | None = None
    ancestors: tuple[str, ...] = ()
    origin: str | None = None
    latent: str | None = None
    named: bool = False
    credit: str | None = None
    time: str = ""


@dataclass(slots=True)
class _Copy:
    """One article while its family grows. `says` are credit and copyright lines with the name each gives."""

    id: str
    press: Press | None
    name: str
    tokens: Tokens
    title: str
    time: datetime
    parent: "_Copy | None" = None
    dateline: str = ""
    lines: list[str] = field(default_factory=list)
    says: list[tuple[str, str]] = field(default_factory=list)
    copies: int = 0

    def above(self) -> "list[_Copy]":
        return [] if self.parent is None else [self.parent, *self.parent.above()]


def cascades(plan: Plan) -> Iterator[tuple[dict[str, object], CascadeTruth]]:
    """Yield the articles of a plan, each with what is true of it: the same for the same plan."""
    desk = _Desk(plan)
    for number in range(plan.families):
        yield from desk.family(number)
        if desk.chooser.random() < ALONE:
            yield from desk.unrelated()


class _Desk:
    def __init__(self, plan: Plan) -> None:
        self.chooser = random.Random(plan.seed)
        self._plan = plan
        self._presses = presses(self.chooser, plan.clocks)
        self._agencies = agencies(self.chooser, AGENCIES)
        self._generator = np.random.default_rng((plan.seed, 7))
        self._scripts: dict[str, tuple[Stream, Writer]] = {}
        self._used: set[str] = set()

    def family(self, number: int) -> list[tuple[dict[str, object], CascadeTruth]]:
        """Return the articles of one story that are in the corpus."""
        chance = self.chooser.random
        copiers = self._copiers(self._language(), self._size())
        first = self._story(None if chance() < WIRES else copiers.pop(0), copiers[0])
        grown = [first]
        now = first.time
        for press in copiers:
            now += timedelta(hours=self.chooser.lognormvariate(math.log(HOURS), HASTE))
            grown.append(self._copy(press, self._source(press, grown, now), now))
        seen = {c.id for c in grown if c.press and not (c.copies and chance() < self._plan.missing)}
        return [(self._page(c), _truth(c, f"s{number}", seen)) for c in grown if c.id in seen]

    def unrelated(self) -> Iterator[tuple[dict[str, object], CascadeTruth]]:
        """Yield two articles that look alike and are not copies: one trap of the three."""
        trap = self.chooser.randrange(3)
        one, other = self._copiers(self._language(), 2)
        first, second = self._story(one, one), self._story(other, other)
        second.time = first.time + timedelta(hours=3)
        if trap == 0:  # one event: the same headline over other words
            second.title = first.title
        elif trap == 1:  # one template of one outlet: every fourth or fifth word is another
            second.press, second.name = first.press, first.name
            kept = first.tokens.copy()
            for at in range(1, len(kept) - 1, 4):
                kept[at] = self._words(one, 1)[0]
            second.tokens = kept
        else:  # one statement, quoted by both
            said = self._words(one, STATEMENT_WORDS)
            for story in (first, second):
                half = _ends(story.tokens)[len(_ends(story.tokens)) // 2] + 1
                stop = np.array([STOP], dtype=np.uint16)
                story.tokens = np.concatenate((story.tokens[:half], said, stop, story.tokens[half:]))
        for story in (first, second):
            yield self._page(story), CascadeTruth(story.id, None, time=story.time.isoformat())

    def _language(self) -> str:
        others = [language for language in self._presses if language != "en"]
        return "en" if self.chooser.random() < ENGLISH else self.chooser.choice(others)

    def _size(self) -> int:
        if self._plan.size is not None:
            return self._plan.size
        return 2 + min(MOST_COPIES, int(self.chooser.lognormvariate(math.log(2.5), 0.8)))

    def _copiers(self, language: str, count: int) -> list[Press]:
        """Return the outlets that carry a story, each once as long as there are others; big ones more often."""
        pool = self._presses[language]
        ranked = sorted(pool, key=lambda press: self.chooser.random() ** (1 / math.sqrt(press.weight)), reverse=True)
        return [ranked[at % len(ranked)] for at in range(count)] if count > len(ranked) else ranked[:count]

    def _script(self, press: Press) -> tuple[Stream, Writer]:
        script = press.phrases.script
        if script not in self._scripts:
            words = vocabulary(script)
            generator = np.random.default_rng((self._plan.seed, 11, len(self._scripts)))
            self._scripts[script] = Stream(words, generator), Writer(words)
        return self._scripts[script]

    def _words(self, press: Press, count: int) -> Tokens:
        """Return so many words that nobody wrote before."""
        found = self._script(press)[0].take(2 * count + 8)
        return found[found >= FIRST_WORD][:count]

    def _title(self, press: Press) -> str:
        stream, writer = self._script(press)
        return " ".join(writer.plain(stream.take(self.chooser.randint(7, 12)))).capitalize()

    def _id(self) -> str:
        """Return an id that tells nothing of when or where."""
        while True:
            made = f"{self._plan.seed}-{self.chooser.getrandbits(40):010x}"
            if made not in self._used:
                self._used.add(made)
                return made

    def _story(self, press: Press | None, speaker: Press) -> _Copy:
        """Return a new story of an outlet, or of an agency in the language of `speaker`."""
        words = self.chooser.lognormvariate(math.log(MEAN_WORDS), SPREAD)
        length = int(min(max(words, LEAST_WORDS), MOST_WORDS) * TOKENS_TO_A_WORD)
        tokens = lay_out(self._script(speaker)[0].take(length), self._generator)
        time = _START + self.chooser.random() * _SEASON
        name = press.name if press else self.chooser.choice(self._agencies)
        story = _Copy(self._id(), press, name, tokens, self._title(speaker), time)
        if press:
            self._sign(story, press)
        return story

    def _sign(self, story: _Copy, press: Press) -> None:
        """Set an outlet's own lines under its page."""
        if self.chooser.random() < press.shows:
            *lines, copyright_line = press.lines
            story.lines += lines
            story.says.append((copyright_line, press.name))

    def _source(self, press: Press, grown: Sequence[_Copy], now: datetime) -> _Copy:
        """Choose what to copy: a much-read article, a new one, a partner's. An agency serves everybody."""
        if len(grown) > MOST_WEIGHED:
            grown = [grown[0], *self.chooser.sample(grown[1:], MOST_WEIGHED - 1)]
        weights = []
        for article in grown:
            if article.press is None:
                weights.append(AGENCY)
                continue
            hours = (now - article.time) / timedelta(hours=1)
            new = math.sqrt(article.press.weight / (1 + hours))
            weights.append(new * (PARTNER if article.name in press.partners else 1))
        return self.chooser.choices(grown, weights)[0]

    def _copy(self, press: Press, source: _Copy, now: datetime) -> _Copy:
        """Return what an outlet makes of its source."""
        source.copies += 1
        tokens = self._edited(source.tokens, press)
        title = source.title if self.chooser.random() < SAME_TITLE else self._title(press)
        copy = _Copy(self._id(), press, press.name, tokens, title, now, source)
        left = [line for line in source.lines if self.chooser.random() < press.leaves]
        said = [line for line in source.says if self.chooser.random() < press.leaves]
        self._credit(copy, press, source)
        copy.lines += left
        copy.says += said
        self._sign(copy, press)
        return copy

    def _edited(self, tokens: Tokens, press: Press) -> Tokens:
        """Return a text with an outlet's own edits: runs replaced, sentences dropped or put in, the end cut off."""
        chance = self.chooser.random
        if chance() < VERBATIM:
            return tokens
        for _ in range(1 + min(5, int(self.chooser.expovariate(0.6)))):
            ends = _ends(tokens)
            kind = chance()
            at = self.chooser.randrange(len(ends) - 1) if len(ends) > 4 else -1
            if kind < 0.55 or at < 0:
                start, length = self.chooser.randrange(1, len(tokens) - 6), self.chooser.randint(1, 4)
                made = self._words(press, self.chooser.randint(1, 4))
                tokens = np.concatenate((tokens[:start], made, tokens[start + length :]))
            elif kind < 0.8:
                tokens = np.concatenate((tokens[: ends[at] + 1], tokens[ends[at + 1] + 1 :]))
            else:
                made = np.append(self._words(press, self.chooser.randint(7, 20)), np.uint16(STOP))
                tokens = np.concatenate((tokens[: ends[at] + 1], made, tokens[ends[at] + 1 :]))
        if chance() < ABRIDGED:
            tokens = ended(tokens[: max(SHINGLE, int(len(tokens) * self.chooser.uniform(0.55, 0.85)))])
        return ended(tokens)

    def _credit(self, copy: _Copy, press: Press, source: _Copy) -> None:
        """Write what the copy says of its source: the dateline it keeps, and the name its outlet likes to give."""
        chance = self.chooser.random
        if not self._plan.credits:
            return
        if source.press is None:
            copy.dateline = _dateline(source.name, press, chance() < DATELINE)
        elif chance() > LAPSE:
            copy.dateline = source.dateline
        habit = press.credit
        if chance() < LAPSE:
            habit = "nobody"
        if habit == "nobody" or (source.press is None and copy.dateline and chance() < 0.5):
            return
        *_, origin = copy.above()
        # Who copies a copy knows only the origin that it names.
        known = source is origin or any(name == origin.name for _, name in source.says) or bool(source.dateline)
        named = origin if habit == "origin" and known else source
        name, domain = named.name, named.press.domain if named.press else ""
        if habit == "another":
            other = self.chooser.choice([p for p in self._presses[press.language] if p is not press])
            name, domain = other.name, other.domain
        usable = [line for line in press.phrases.credits if domain or "{domain}" not in line]
        line = self.chooser.choice(usable).format(name=name, domain=domain, title=source.title)
        copy.says.append((line, name))

    def _page(self, article: _Copy) -> dict[str, object]:
        press = article.press
        assert press is not None
        body = article.dateline + self._script(press)[1].text(article.tokens)
        page: dict[str, object] = {
            "id": article.id,
            "url": f"https://{press.domain}/{article.id}",
            "outlet": press.name,
            "title": article.title,
            "text": "\n\n".join((body, *(line for line, _ in article.says), *article.lines)),
        }
        stamp = self._stamp(press, article.time)
        return page | {"published": stamp} if stamp else page

    def _stamp(self, press: Press, time: datetime) -> str | None:
        """Return when the outlet says that it published."""
        local = time.astimezone(timezone(timedelta(hours=press.zone))).replace(microsecond=0)
        astray = self.chooser.random() < 0.5
        if press.clock == "day":
            return local.date().isoformat()
        if press.clock == "zoneless":
            return local.replace(tzinfo=None).isoformat()
        if press.clock == "undated" and astray:
            return None
        if press.clock == "updated" and astray:
            local += timedelta(hours=self.chooser.lognormvariate(math.log(8), 1))
        if press.clock == "backdated" and astray:
            local -= timedelta(hours=self.chooser.uniform(6, 120))
        return local.replace(microsecond=0).isoformat()


def _ends(tokens: Tokens) -> list[int]:
    found: list[int] = np.flatnonzero((tokens >= STOP) & (tokens < FIRST_WORD)).tolist()
    return found


def _dateline(agency: str, press: Press, kept: bool) -> str:
    """Return an agency's dateline as an outlet keeps it; the languages without capitals have none here."""
    initials = "".join(word[0] for word in agency.split())
    place = min(press.partners).split()[0]
    return f"{place} ({initials}) — " if kept and press.phrases.script in ("english", "latin") else ""


def _truth(copy: _Copy, family: str, seen: set[str]) -> CascadeTruth:
    above = copy.above()
    origin = above[-1] if above else copy
    latent = origin.name if origin.id not in seen else None
    names = {name for _, name in copy.says} - {copy.name}
    named = latent is not None and (latent in names or bool(copy.dateline))
    return CascadeTruth(
        copy.id,
        family,
        above[0].id if above else None,
        tuple(c.id for c in above if c.id in seen),
        origin.id if latent is None else None,
        latent,
        named,
        _label(names, above, seen, bool(copy.dateline)) if above else None,
        copy.time.isoformat(),
    )


def _label(names: set[str], above: Sequence[_Copy], seen: set[str], dateline: bool) -> str:
    """Return what a page says of its origin, by the names in its credit and copyright lines and in its dateline."""
    *between, origin = above
    if origin.name in names or dateline:
        return "credited" if origin.id in seen else "latent"
    told = [c for c in between if c.name in names]
    if told:
        return "middleman" if any(c.id in seen for c in told) else "latent"
    return "miscredited" if names else "uncredited"
