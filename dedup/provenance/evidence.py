"""What does a page say, and show, of where its text comes from?

Evidence   one fact on a page: rule, class, Span or mark, the outlet named, strength
Reading    all facts of one page, its dates, and the outlet whose page it is
read       read one page, or, with `read_all`, many at once
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dedup.addresses import addresses_in
from dedup.article import Article, Block, Kind, Span
from dedup.outlets import Directory
from dedup.provenance.anchors import OwnLinks, own_links
from dedup.provenance.blocks import Parted
from dedup.provenance.clocks import Date
from dedup.provenance.dating import DATE_LINE_WORDS, dateline_dates, own_clock, page_dates, text_date
from dedup.provenance.media import media_of
from dedup.provenance.names import Page, calls_itself, is_agency, same_name
from dedup.provenance.rulebook import Act, EvidenceClass, Hit, MarkRule, Rule, most_words, rule_book
from dedup.provenance.surroundings import distant, furniture
from dedup.provenance.zones import BODY, OPENING, SIGNATURE, TAIL, Zone, zones_of

# Evidence that weighs no more than this is weak: people who looked at such found it true of the text in fewer than
# nine cases of ten (benchmarks/evidence.py). It bears out what else is known, and settles nothing alone; a name that
# nobody knows for an outlet's weighs less still.
WEAK = 1.0
_APPEAL_WEIGHT = 2.5
_SHOWN_WEIGHT = 1.5
# Who signs a page and who holds its rights may be one person, who is no outlet: neither bears the other out.
_SIGNED = (Act.BYLINE, Act.COPYRIGHT)
_INSIDE, _BEHIND = (OPENING, BODY), (SIGNATURE, TAIL)
# A dateline takes no more than so many characters at the beginning of a block.
_DATELINE = 160
# What may end a name without being part of the statement that names it.
_NAME_ENDS = " \t\r\n(|<>,;:-–—"


class Evidence(NamedTuple):
    """One fact on a page that names another outlet.

    `weight` is a log-likelihood ratio in nats for "this page is a copy, near or far, of the outlet named", `borne` what
    it is where that outlet has the same text. `span` is None for a statement of the page's markup; `quote` is the text
    of the Span, or the statement's value.
    """

    rule: str
    act: Act
    evidence_class: EvidenceClass
    article: str
    names: str
    weight: float
    quote: str
    span: Span | None = None
    borne: float = 0.0


class Reading(NamedTuple):
    """What one page tells: whose it is, its dates with their owners, and the outlets it names as sources.

    `host` is None where neither the source nor the page itself says whose it is; `host_inferred` is true where only
    the page's own notices do.
    """

    host: str | None
    host_inferred: bool
    dates: tuple[Date, ...]
    evidence: tuple[Evidence, ...]

    @property
    def clock(self) -> Date | None:
        """Return when the page was published by its own outlet: as precisely as it says, or None."""
        return own_clock(self.dates, self.host)


def read(article: Article, blocks: list[Block], words: list[int], directory: Directory) -> Reading:
    """Return what a page tells of its origin; `words` counts the words of each block.

    The host is settled first: a statement that names the host itself says nothing. Exclusions run before rules.
    """
    return read_all([Parted(article, blocks, words)], directory)[0]


def read_all(pages: Sequence[Parted], directory: Directory) -> list[Reading]:
    """Return what `read` returns for each page. Rules and addresses are looked for on all pages together, and in a
    line that stands on many of them only once.
    """
    zones = [zones_of(page.blocks, page.words) for page in pages]
    lines = [
        {
            i: block.span.of(page.article.text)[: _DATELINE if zone is OPENING else None]
            for i, (block, zone) in enumerate(zip(page.blocks, named, strict=True))
            if (zone is not BODY or block.kind is not None) and i not in beside
        }
        for page, named, beside in zip(pages, zones, (furniture(p.article, p.blocks) for p in pages), strict=True)
    ]
    statements = rule_book().statements(line for judged in lines for line in judged.values())
    linked = addresses_in([page.article.text for page in pages])
    return [
        _read(
            parted,
            named,
            {i: statements[line] for i, line in judged.items() if line in statements},
            Page.holding(parted.article.text, found, directory),
        )
        for parted, named, judged, found in zip(pages, zones, lines, linked, strict=True)
    ]


def _read(parted: Parted, zones: Sequence[Zone], statements: Mapping[int, Sequence[Hit]], page: Page) -> Reading:
    article, blocks, words = parted.article, parted.blocks, parted.words
    outlet = page.directory.outlet_of(article)
    linked = {element.span.start: element.links for element in article.elements if element.links}
    slots = _rule_slots(parted, zones, statements, page, linked)
    host = outlet.key if outlet is not None else _own_name(blocks, words, page, {name for _, _, name in slots})
    stated: list[tuple[Rule | MarkRule, Evidence]] = [
        (rule, Evidence(rule.id, rule.act, rule.evidence_class, article.id, name, 0.0, span.of(article.text), span))
        for rule, span, name in slots
    ]
    appeals = _appeals(article, blocks, page, host)
    found = [*_weighed([*stated, *_marks(article, page)], appeals, page), *appeals]
    foreign = [e for e in found if _is_foreign(e, host)]
    apart = furniture(article, blocks) | distant(article, blocks)
    lines = [
        i
        for i, zone in enumerate(zones)
        if words[i] <= DATE_LINE_WORDS
        and zone not in _INSIDE
        and (zone not in _BEHIND or blocks[i].kind is not None)
        and i not in apart
    ]
    dates = page_dates(article, [blocks[i].span for i in lines], page, host)
    beside = apart.union(lines)
    body = [block.span for i, block in enumerate(blocks) if block.kind is None and i not in beside]
    own = own_links(article.text, body, linked, page)
    foreign += [] if host is None else _shown(article, page, host, {e.names for e in foreign}, own)
    foreign.sort(key=lambda e: (e.span or Span(-1, -1), e.rule, e.names))
    clock = own_clock(dates, host) or next((date for date in dates if date.source == "fetched"), None)
    datelines = [(e.quote, e.names, e.span) for e in foreign if e.act is Act.WIRE and e.span is not None]
    dates += dateline_dates(datelines, clock)
    last = text_date(article.text, body, clock)
    dates += [] if last is None else [last]
    return Reading(host, outlet is None and host is not None, tuple(dates), tuple(foreign))


def _rule_slots(
    parted: Parted,
    zones: Sequence[Zone],
    statements: Mapping[int, Sequence[Hit]],
    page: Page,
    links: Mapping[int, Sequence[str]],
) -> list[tuple[Rule, Span, str]]:
    naming = rule_book().naming
    found: list[tuple[Rule, Span, str]] = []
    for i, hits in statements.items():
        block, count, zone = parted.blocks[i], parted.words[i], zones[i]
        text = block.span.of(parted.article.text)
        # Rules of several languages may read one line alike ("Source: …"): the strongest speaks for all.
        read: dict[tuple[Act, str], tuple[Rule, Span, str]] = {}
        for hit in hits:
            rule = naming[hit.pattern]
            if hit.outlet is None or count > rule.most_words or not zone.counts(rule.where):
                continue
            start = block.span.start
            name = page.slot(start + hit.outlet[0], start + hit.outlet[1], agency=rule.act is not Act.COPYRIGHT)
            if rule.act is Act.COPYRIGHT and block.pages:
                continue  # a copyright line on all pages of an outlet is that outlet's own, whatever its company's name
            if name is None or ((rule.act, name) in read and read[rule.act, name][0].weight >= rule.weight):
                continue
            name = page.linked(name, links.get(start, ()))
            if name is None or (zone is OPENING and not page.knows(name)):
                continue
            end = max(hit.start + len(text[hit.start : hit.end].rstrip(_NAME_ENDS)), hit.outlet[1])
            read[rule.act, name] = rule, Span(start + hit.start, start + end), name
        found += read.values()
    return found


def _is_foreign(item: Evidence, host: str | None) -> bool:
    """Say whether evidence speaks of another than the host. Of a page that nobody knows the host of, its appeals and
    rights are most likely the host's own.
    """
    if host is None:
        return item.act is not Act.APPEAL and (item.act is not Act.COPYRIGHT or is_agency(item.names))
    return not (same_name(item.names, host) or calls_itself(host, item.names))


def _weighed(
    found: Sequence[tuple[Rule | MarkRule, Evidence]], appeals: Sequence[Evidence], page: Page
) -> list[Evidence]:
    """Return what was found with its weight.

    A name that the corpus does not know for an outlet's, no list for an agency's and no other statement of the page
    for a source's may be a person's, a firm's or a picture's: it weighs what the rule says of such.
    """
    told = []
    shown = [item.names for item in appeals]
    for rule, item in found:
        others = (
            other.names
            for by, other in found
            if other.act not in _SIGNED and (by.unknown == by.alone or other.act is not item.act)
        )
        known = page.knows(item.names) or any(same_name(item.names, name) for name in (*others, *shown))
        weight = rule.alone if known else rule.unknown
        if weight:
            act = Act.WIRE if page.directory.calls_agency(item.names) else item.act
            told.append(item._replace(weight=weight, borne=rule.weight, act=act))
    return told


def _own_name(blocks: Sequence[Block], words: Sequence[int], page: Page, credited: set[str]) -> str | None:
    """Return the outlet a page calls itself by, in notices only its own publisher writes, or None."""
    book = rule_book()
    votes: dict[str, float] = {}
    for block, count in zip(blocks, words, strict=True):
        start = block.span.start
        for hit in book.hosts.hits(block.span.of(page.text)):
            entry = book.hosts.entries[hit.pattern]
            fits = hit.outlet is not None and count <= most_words(entry)
            name = page.slot(start + hit.outlet[0], start + hit.outlet[1]) if hit.outlet and fits else None
            if name is not None and not any(same_name(name, other) for other in credited):
                known = next((other for other in votes if same_name(name, other)), name)
                votes[known] = votes.get(known, 0.0) + float(entry["weight"])
    return min(votes, key=lambda name: (-votes[name], name)) if votes else None


def _appeals(article: Article, blocks: Sequence[Block], page: Page, host: str | None) -> list[Evidence]:
    """Find appeals for money that name somebody else: neighbouring blocks of appeal are one."""
    found = []
    for span in _runs(blocks, Kind.DONATION):
        text = span.of(article.text)
        slots = [
            page.slot(span.start + h.outlet[0], span.start + h.outlet[1])
            for h in rule_book().appeals.hits(text)
            if h.outlet
        ]
        owners = [page.account(a) for a in page.addresses if span.holds(Span(a.start, a.end))] + slots
        named = sorted({owner for owner in owners if owner is not None})
        if host is not None and any(same_name(name, host) for name in named):
            continue
        known = [name for name in named if page.resolve(name) is not None]
        if known:
            found.append(
                Evidence(
                    "appeal.foreign",
                    Act.APPEAL,
                    EvidenceClass.OBSERVED,
                    article.id,
                    known[0],
                    _APPEAL_WEIGHT,
                    text,
                    span,
                )
            )
    return found


def _runs(blocks: Sequence[Block], kind: Kind) -> list[Span]:
    runs: list[Span] = []
    previous: Kind | None = None
    for block in blocks:
        if block.kind is kind:
            runs[-1:] = [Span(runs[-1].start, block.span.end)] if previous is kind else [*runs[-1:], block.span]
        previous = block.kind
    return runs


def _shown(article: Article, page: Page, host: str, named: set[str], own: OwnLinks | None) -> list[Evidence]:
    """Find what is another outlet's: media that it serves, and links by which a text gives itself away as its. Most
    media are of stores or there for a reason of their own: all this weighs where something else on the page names that
    outlet, or where it has the same text.
    """
    shown = [("media.foreign-host", Act.MEDIA, *medium) for medium in media_of(article, page)]
    shown += [] if own is None else [("links.own", Act.LINKS, own.outlet, own.quote, own.span)]
    found: dict[tuple[Act, str], Evidence] = {}
    for rule, act, domain, quote, span in shown:
        of_page = next((name for name in sorted(named) if same_name(name, domain)), None)
        known = of_page or (domain if page.directory.publishes(domain) else None)
        if known is None or (act, known) in found or same_name(known, host):
            continue
        weight = 0.0 if of_page is None else _SHOWN_WEIGHT
        facts = EvidenceClass.OBSERVED, article.id, known, weight, quote, span, _SHOWN_WEIGHT
        found[act, known] = Evidence(rule, act, *facts)
    return list(found.values())


def _marks(article: Article, page: Page) -> list[tuple[MarkRule, Evidence]]:
    """Read what the markup and the source's own fields name: an address, or a name that is an outlet's."""
    stated = [(mark.name, mark.value) for mark in article.marks]
    stated += [("byline", article.byline)] if article.byline else []
    found = []
    for rule in rule_book().marks if stated else ():
        for name, value in stated:
            key = page.resolve(value) if name == rule.name else None
            if key is not None and key not in rule_book().shared:
                found.append((rule, Evidence(rule.id, rule.act, rule.evidence_class, article.id, key, 0.0, value)))
    return found
