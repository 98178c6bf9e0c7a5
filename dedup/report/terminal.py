"""How do a report and a page look in a terminal?"""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dedup.provenance.doubts import doubts_of
from dedup.provenance.model import Agreement, Credit, LatentSource, Republication
from dedup.report.model import Report, ReportedArticle
from dedup.report.tree import UNNAMED, cropped, family_tree, moment

# A terminal shows the first so many families and outlets; the JSON holds all.
MOST_FAMILIES = 25
MOST_OUTLETS = 15
# Of an unseen outlet with articles in many families it tells what is known of so many.
_MOST_HINTED = 3
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


def print_report(report: Report, console: Console) -> None:
    """Print what was found: families with their chains as trees, outlets, and what could not be read."""
    articles = {reported.article.id: reported for reported in report.articles}
    families = sorted(report.families, key=lambda family: -len(family.articles))
    for family in families[:MOST_FAMILIES]:
        console.print(family_tree(family, articles))
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
    """Yield for each of the unseen outlets that most articles name what is known of its articles, to look for them; and
    the texts that nobody names.
    """
    hosts = {article.article.id: article.reading.host for article in report.articles}
    by_outlet: dict[str, list[LatentSource]] = {}
    for latent in report.latent_sources:
        by_outlet.setdefault(latent.outlet or latent.id, []).append(latent)
    ranked = sorted(by_outlet.items(), key=lambda found: (-sum(len(one.named_by) for one in found[1]), found[0]))
    for _, found in ranked[:MOST_OUTLETS]:
        yield _latent_text(found, hosts)
    if len(ranked) > MOST_OUTLETS:
        yield Text(f"… and {len(ranked) - MOST_OUTLETS} more, all in the JSON report")


def _latent_text(found: Sequence[LatentSource], hosts: Mapping[str, str | None]) -> Text:
    outlet = found[0].outlet
    if outlet is None:
        agreed = "".join(f"\n  {_agreement_line(agreed, hosts)}" for one in found for agreed in one.agreements)
        return Text.assemble((UNNAMED, "magenta"), agreed)
    told = f"  named by {_counted_pages(len({page for one in found for page in one.named_by}))}"
    told += f" of {len(found)} families" if len(found) > 1 else ""
    line = Text.assemble((outlet, "magenta"), told)
    hinted = [hints for one in found if (hints := _hints(one))]
    if len(found) == 1:
        return line.append(f"; {hinted[0]}" if hinted else "", style="dim")
    line.append("".join(f"\n  {hints}" for hints in hinted[:_MOST_HINTED]), style="dim")
    left = len(hinted) - _MOST_HINTED
    return line.append(f"\n  … and what is known of {left} more" if left > 0 else "", style="dim")


def _hints(latent: LatentSource) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in latent.crawl_hints if kind != "outlet")


def _agreement_line(agreed: Agreement, hosts: Mapping[str, str | None]) -> str:
    one, other, lacking = (hosts[article] or article for article in (agreed.one, agreed.other, agreed.lacking))
    return f"{one} and {other}, not {lacking}: “{cropped(agreed.text)}”"


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
                f"{moment(date)} ({date.precision}) of ",
                (date.owner or "nobody named", "cyan"),
                f", from {date.source}",
            )
        )
    for doubt in doubts_of(reading):
        told = f"{doubt.reason.replace('_', ' ')} by {doubt.days} days ({moment(doubt.by)})"
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
