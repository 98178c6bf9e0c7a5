"""How do a report and a page look in a terminal?"""

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from dedup.article import Article
from dedup.provenance.clocks import Date
from dedup.provenance.doubts import doubts_of
from dedup.provenance.model import Agreement, Credit, EditKind, Edits, Family, FurtherSource, Republication
from dedup.report.model import Report, ReportedArticle

# A terminal shows the first so many families, articles of each, and outlets; the JSON holds all.
MOST_FAMILIES = 25
MOST_ARTICLES = 40
MOST_OUTLETS = 15
_QUOTE = 90
# An outlet's name takes so many characters of a line.
_SHORTEST_OUTLET, _LONGEST_OUTLET = 18, 40
_OUTLET_FIGURES = (
    "arti-\ncles",
    "first",
    "bor-\nrowed",
    "lent",
    "credited\n(95 %)",
    "mis-\ncre-\ndited",
    "un-\ncre-\ndited",
)
# Of an outlet that took from others in fewer families it cannot be said what it usually does.
_HABITUAL = 5
# What stands for the outlet of an unseen text that nobody names.
UNNAMED = "a text that nobody names"


def print_report(report: Report, console: Console) -> None:
    """Print what was found: families with their chains as trees, outlets, and what could not be read."""
    articles = {reported.article.id: reported for reported in report.articles}
    families = sorted(report.families, key=lambda family: -len(family.articles))
    for family in families[:MOST_FAMILIES]:
        console.print(_family_tree(family, articles))
        console.print()
    if len(families) > MOST_FAMILIES:
        console.print(f"… and {len(families) - MOST_FAMILIES} more families, all in the JSON report\n")
    if report.links:
        console.print(Group(Text("Links", style="bold"), *_link_lines(report)))
        console.print()
    if report.latent_sources:
        console.print(Group(Text("Not in the corpus", style="bold"), *_latent_lines(report)))
        console.print()
    if report.outlets:
        console.print(_outlet_table(report))
    console.print(_totals(report))
    for item in report.skipped[:MOST_OUTLETS]:
        place = f"{item.path}:{item.line}" if item.line else item.path
        console.print(Text(f"skipped {place}: {item.reason}", style="yellow"))
    if len(report.skipped) > MOST_OUTLETS:
        console.print(Text(f"… and {len(report.skipped) - MOST_OUTLETS} more skipped", style="yellow"))


def _totals(report: Report) -> Text:
    edges = sum(len(family.republications) for family in report.families)
    parts = [
        f"{report.read:,} articles read",
        f"{report.matched:,} in {len(report.families):,} families",
        f"{edges:,} republications",
        f"{sum(len(family.roots) for family in report.families):,} independent origins",
        f"{len(report.links):,} link{'' if len(report.links) == 1 else 's'}",
        f"{len(report.skipped):,} skipped",
    ]
    if report.capped:
        parts.append(f"{report.capped:,} pairs not compared (buckets too full)")
    return Text(" · ".join(parts) + f" · {report.run.seconds:.1f} s", style="bold")


def _family_tree(family: Family, articles: dict[str, ReportedArticle]) -> Tree:
    """Draw each article once, below its source; an edge without a direction may be walked either way."""
    beside: dict[str, list[tuple[str, Republication]]] = {}
    for found in family.republications:
        beside.setdefault(found.source, []).append((found.copy, found))
        if not found.determined:
            beside.setdefault(found.copy, []).append((found.source, found))
    sources = {found.source for found in family.republications}
    unseen = {latent.id: latent.outlet or UNNAMED for latent in family.latent_sources if latent.id in sources}
    top = Tree(Text(f"Family {family.id}: {len(family.articles)} articles", style="bold"), guide_style="dim")

    def label(node: str) -> Text:
        if node in unseen:
            return Text.assemble((unseen[node], "magenta"), " (not in the corpus)")
        return _article_line(articles[node].article, articles[node].reading.clock, articles[node].reading.host)

    behind = _behind(family, articles)
    shown = set(family.articles) - {version.article for version in family.versions}
    starts = sorted((*unseen, *shown), key=lambda node: (node != family.origin, node not in family.roots, node))
    pending: list[tuple[Tree, str, Republication | None]] = [(top, start, None) for start in reversed(starts)]
    drawn: set[str] = set()
    while pending:
        branch, node, edge = pending.pop()
        if node in drawn:
            continue
        if len(drawn) == MOST_ARTICLES:
            left = len(shown) + len(unseen) - MOST_ARTICLES
            top.add(Text(f"… and {left} more, all in the JSON report"))
            break
        drawn.add(node)
        line = label(node)
        if node == family.origin:
            line.append(f"  earliest known, p {family.p_origin:.2f}", style="green")
        line.append("".join(f"\nalso {place}" for place in behind.get(node, ())), style="dim")
        if edge is not None:
            line.append("\n").append(_edge_line(edge))
            line.append("".join(f"\n{_further_line(further, articles)}" for further in edge.further), style="dim")
        grown = branch.add(line)
        pending += [(grown, onward, way) for onward, way in reversed(beside.get(node, []))]
    return top


def _behind(family: Family, articles: dict[str, ReportedArticle]) -> dict[str, list[str]]:
    """Return by article where else it stands."""
    behind: dict[str, list[str]] = {}
    for version in family.versions:
        behind.setdefault(version.of, []).append(articles[version.article].article.url or version.article)
    return behind


def _article_line(article: Article, clock: Date | None, host: str | None) -> Text:
    when = _moment(clock) if clock is not None else "undated"
    return Text.assemble(
        (host or article.outlet or "unknown outlet", "cyan"), f"  {when}  ", (article.title or article.id, "italic")
    )


def _moment(date: Date) -> str:
    return f"{date.middle:%Y-%m-%d %H:%M}" if date.precision == "minute" else f"{date.middle:%Y-%m-%d}"


def _edge_line(edge: Republication) -> Text:
    kind = edge.kind.replace("_", " ")
    if not edge.determined and edge.figures is not None:
        return Text.assemble(
            (f"{kind}, direction undetermined", "bold"), f" · resemblance {edge.figures.resemblance:.0%}"
        )
    share = f" · {edge.figures.containment_of_source:.0%} of the source stands in it" if edge.figures else ""
    line = Text.assemble((kind, "bold"), f" · p {edge.p_parent:.2f} · {edge.credit}{share}")
    edits = edits_line(edge.edits)
    if edits:
        line.append(f"\n{edits}", style="dim")
    if edge.habit is not None and edge.habit.families >= _HABITUAL:
        line.append(f"\ntook from it in {edge.habit.taken} of {edge.habit.families} other families", style="dim")
    for item in sorted(edge.evidence, key=lambda item: -item.weight)[:2]:
        line.append(f"\n{item.evidence_class}: “{_cropped(item.quote)}”", style="dim")
    return line


def _cropped(text: str) -> str:
    quote = " ".join(text.split())
    return quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"


def _further_line(further: FurtherSource, articles: dict[str, ReportedArticle]) -> str:
    words = sum(passage.words for passage in further.passages)
    return f"{words} more words as in {articles[further.source].reading.host or further.source}"


def edits_line(edits: Edits) -> str:
    """Return in a line how many changes there are of each kind, those told most of first."""
    counts = Counter(edit.kind for edit in edits.listed)
    told = [_counted(count, kind) for kind, count in counts.items() if kind is not EditKind.HEADLINE]
    headline = ["new headline"] if counts[EditKind.HEADLINE] else []
    more = [f"{edits.left_out} more edits"] if edits.left_out else []
    return ", ".join([*headline, *told, *more])


# How each kind of change is counted: for one, and for more.
_TOLD = {
    EditKind.SENTENCE_INSERTED: ("sentence added", "sentences added"),
    EditKind.SENTENCE_REMOVED: ("sentence cut", "sentences cut"),
    EditKind.MOVED: ("passage moved", "passages moved"),
    EditKind.WORDS_INSERTED: ("insertion", "insertions"),
    EditKind.WORDS_REMOVED: ("deletion", "deletions"),
    EditKind.WORDS_SUBSTITUTED: ("wording changed", "wordings changed"),
    EditKind.NUMBER: ("number changed", "numbers changed"),
    EditKind.NAME: ("name changed", "names changed"),
    EditKind.EMPHASIS: ("emphasis added", "emphases added"),
}


def _counted(count: int, kind: EditKind) -> str:
    one, more = _TOLD[kind]
    return f"{count} {one if count == 1 else more}"


def _link_lines(report: Report) -> Iterator[Text]:
    """Yield a line for each of the links that share most words."""
    hosts = {reported.article.id: reported.reading.host for reported in report.articles}
    ranked = sorted(report.links, key=lambda link: (-_shared_words(link), link.source, link.copy))
    for link in ranked[:MOST_OUTLETS]:
        way = "→" if link.determined else "–"
        places = (hosts.get(link.source) or link.source, hosts.get(link.copy) or link.copy)
        told = f"  {link.kind.replace('_', ' ')} of {_shared_words(link)} words · {link.credit}"
        yield Text.assemble((f"{places[0]} {way} {places[1]}", "cyan"), told)
    if len(ranked) > MOST_OUTLETS:
        yield Text(f"… and {len(ranked) - MOST_OUTLETS} more links, all in the JSON report")


def _shared_words(link: Republication) -> int:
    return sum(passage.words for passage in link.passages)


def _outlet_table(report: Report) -> Table:
    table = Table(title="Outlets", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    # Only names may give way: narrow headings leave them most of the line.
    table.add_column("outlet", min_width=_SHORTEST_OUTLET, max_width=_LONGEST_OUTLET, vertical="bottom")
    for heading in _OUTLET_FIGURES:
        table.add_column(heading, justify="right", no_wrap=True)
    ranked = sorted(report.outlets, key=lambda share: (-(share.borrowed + share.lent), share.outlet))
    for share in ranked[:MOST_OUTLETS]:
        credited = share.credited_share
        told = "" if credited is None else f"{credited.value:.0%} ({100 * credited.low:.0f}–{100 * credited.high:.0f})"
        counts = (share.articles, share.first, share.borrowed, share.lent)
        untold = (share.credits.get(label, 0) for label in (Credit.MISCREDITED, Credit.UNCREDITED))
        name = Text(share.outlet, no_wrap=True, overflow="ellipsis")
        table.add_row(name, *map(str, counts), told, *map(str, untold))
    return table


def _latent_lines(report: Report) -> Iterator[Text]:
    """Yield a line for each of the unseen sources that most articles name: what is known of it, to look for it."""
    ranked = sorted(report.latent_sources, key=lambda latent: (-len(latent.named_by), latent.id))
    hosts = {article.article.id: article.reading.host for article in report.articles}
    for latent in ranked[:MOST_OUTLETS]:
        hints = ", ".join(f"{kind} {value}" for kind, value in latent.crawl_hints if kind != "outlet")
        told = f"  named by {_counted_pages(len(latent.named_by))}"
        if latent.outlet is None:
            told = "".join(f"\n  {_agreement_line(agreed, hosts)}" for agreed in latent.agreements)
        yield Text.assemble((latent.outlet or UNNAMED, "magenta"), told, (f"; {hints}" if hints else "", "dim"))
    if len(ranked) > MOST_OUTLETS:
        yield Text(f"… and {len(ranked) - MOST_OUTLETS} more, all in the JSON report")


def _agreement_line(agreed: Agreement, hosts: Mapping[str, str | None]) -> str:
    one, other, lacking = (hosts[article] or article for article in (agreed.one, agreed.other, agreed.lacking))
    return f"{one} and {other}, not {lacking}: “{_cropped(agreed.text)}”"


def _counted_pages(count: int) -> str:
    return f"{count} page{'' if count == 1 else 's'}"


def print_page(page: ReportedArticle, console: Console) -> None:
    """Print what was read on one page: whose it is, dates, evidence, and its blocks with their roles."""
    reading = page.reading
    whose = reading.host or "unknown"
    inferred = " (by the page's own notices)" if reading.host_inferred else ""
    body = [block for block in page.blocks if block.kind is None]
    console.print(Text.assemble(("outlet    ", "bold"), whose, inferred))
    console.print(
        Text.assemble(
            ("text      ", "bold"),
            f"{page.words} words in {len(page.blocks)} blocks, {len(body)} of them body, xxh3-128 {page.digest}",
        )
    )
    for date in reading.dates:
        console.print(
            Text.assemble(
                ("date      ", "bold"),
                f"{_moment(date)} ({date.precision}) of ",
                (date.owner or "nobody named", "cyan"),
                f", from {date.source}",
            )
        )
    for doubt in doubts_of(reading):
        told = f"{doubt.reason.replace('_', ' ')} by {doubt.days} days ({_moment(doubt.by)})"
        console.print(Text.assemble(("doubtful  ", "bold"), (told, "yellow")))
    for item in reading.evidence:
        console.print(
            Text.assemble(
                ("evidence  ", "bold"),
                (item.names, "cyan"),
                f"  {item.evidence_class}, {item.rule}, weight {item.weight}\n",
                (f"          “{' '.join(item.quote.split())}”", "dim"),
            )
        )
    console.print(_block_table(page))


def _block_table(page: ReportedArticle) -> RenderableType:
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column("span", no_wrap=True)
    table.add_column("role", no_wrap=True)
    table.add_column("text", overflow="ellipsis", no_wrap=True, ratio=1)
    for block in page.blocks:
        text = " ".join(block.span.of(page.article.text).split())
        role = Text("body") if block.kind is None else Text(str(block.kind), style="yellow")
        table.add_row(f"{block.span.start}–{block.span.end}", role, Text(text[:400]))
    return Group(Text("blocks", style="bold"), table)
