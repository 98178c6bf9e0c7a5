"""How does a family look in a terminal? Each copy below its source, with what it changed and what speaks for it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text
from rich.tree import Tree

from dedup.article import Article
from dedup.provenance.clocks import Date
from dedup.provenance.model import EditKind, Edits, Family, FurtherSource, Republication
from dedup.report.model import ReportedArticle

# A terminal shows so many articles of a family; the JSON holds all.
MOST_ARTICLES = 40
# Of copies that are told of in the same words it shows so many, and counts the others.
_SHOWN_ALIKE = 2
# Of the versions of an article, and other places where it stands.
_SHOWN_BEHIND = 3
_QUOTE = 90
# Of an outlet that took from others in fewer families it cannot be said what it usually does.
_HABITUAL = 5
# What stands for the outlet of an unseen text that nobody names.
UNNAMED = "a text that nobody names"

# Where a republication leads, and it.
_Way = tuple[str, Republication]


def family_tree(family: Family, articles: Mapping[str, ReportedArticle]) -> Tree:
    """Return a family drawn as a tree: each article once, below its source; an edge without a direction may be walked
    either way.
    """
    drawing = _Drawing(family, articles)
    top = Tree(Text(f"Family {family.id}: {len(family.articles)} articles", style="bold"), guide_style="dim")
    pending: list[tuple[Tree, str, Republication | None]] = [(top, start, None) for start in reversed(drawing.starts)]
    lines = 0
    while pending:
        branch, node, edge = pending.pop()
        if node in drawing.drawn:
            continue
        if lines == MOST_ARTICLES:
            top.add(Text(f"… and {len(drawing.starts) - len(drawing.drawn)} more, all in the JSON report"))
            break
        grown = branch.add(drawing.line(node, edge))
        lines += 1
        pending += [(grown, copy, way) for copy, way in reversed(drawing.onward(node))]
    return top


class _Drawing:
    """A family while it is drawn: `starts` is all there is to draw, beginning with the origin; `drawn` is what was
    drawn, or counted in the line of another that is like it.
    """

    def __init__(self, family: Family, articles: Mapping[str, ReportedArticle]) -> None:
        self._family, self._articles = family, articles
        self._beside: dict[str, list[_Way]] = {}
        for found in family.republications:
            self._beside.setdefault(found.source, []).append((found.copy, found))
            if not found.determined:
                self._beside.setdefault(found.copy, []).append((found.source, found))
        sources = {found.source for found in family.republications}
        self._unseen = {one.id: one.outlet or UNNAMED for one in family.latent_sources if one.id in sources}
        self._behind: dict[str, list[str]] = {}
        for version in family.versions:
            place = articles[version.article].article.url or version.article
            self._behind.setdefault(version.of, []).append(place)
        shown = set(family.articles) - {version.article for version in family.versions}
        self.starts = sorted(
            (*self._unseen, *shown), key=lambda node: (node != family.origin, node not in family.roots, node)
        )
        self.drawn: set[str] = set()
        self._more: dict[str, int] = {}

    def line(self, node: str, edge: Republication | None) -> Text:
        """Return what is told of a node and of the edge that leads to it. From then on it counts as drawn."""
        self.drawn.add(node)
        if node in self._unseen:
            line = Text.assemble((self._unseen[node], "magenta"), " (not in the corpus)")
        else:
            page = self._articles[node]
            line = _article_line(page.article, page.reading.clock, page.reading.host)
        if node == self._family.origin:
            line.append(f"  earliest known, p {self._family.p_origin:.2f}", style="green")
        behind = self._behind.get(node, [])
        counted = behind[_SHOWN_BEHIND:]
        if len(counted) > 1:
            behind = [*behind[:_SHOWN_BEHIND], f"in {len(counted)} more places"]
        line.append("".join(f"\nalso {place}" for place in behind), style="dim")
        if edge is not None:
            line.append("\n").append(_edge_line(edge))
            told = (_further_line(further, self._articles) for further in edge.further)
            line.append("".join(f"\n{one}" for one in told), style="dim")
        return line.append(f"\n… and {self._more[node]} more like it" if node in self._more else "", style="dim")

    def onward(self, node: str) -> list[_Way]:
        """Return where it goes on from a node. Copies of which the same would be told are counted behind the first."""
        onward = [(copy, way) for copy, way in self._beside.get(node, []) if copy not in self.drawn]
        for alike in self._alike(onward):
            shown, counted = alike[:_SHOWN_ALIKE], alike[_SHOWN_ALIKE:]
            if len(counted) > 1:
                self.drawn.update(counted)
                self._more[shown[-1]] = len(counted)
        return onward

    def _alike(self, onward: Sequence[_Way]) -> Iterable[list[str]]:
        """Return the copies from which nobody took it on, those together whose lines say the same but for the title."""
        found: dict[tuple[str, ...], list[str]] = {}
        for copy, way in onward:
            back = 0 if way.determined else 1
            if len(self._beside.get(copy, ())) == back and copy not in self._unseen:
                page = self._articles[copy]
                whose = page.reading.host or page.article.outlet or ""
                found.setdefault((whose, _when(page.reading.clock), _edge_line(way).plain), []).append(copy)
        return found.values()


def _article_line(article: Article, clock: Date | None, host: str | None) -> Text:
    whose = host or article.outlet or "unknown outlet"
    return Text.assemble((whose, "cyan"), f"  {_when(clock)}  ", (article.title or article.id, "italic"))


def _when(clock: Date | None) -> str:
    return "undated" if clock is None else moment(clock)


def moment(date: Date) -> str:
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
        line.append(f"\n{item.evidence_class}: “{cropped(item.quote)}”", style="dim")
    return line


def cropped(text: str) -> str:
    quote = " ".join(text.split())
    return quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"


def _further_line(further: FurtherSource, articles: Mapping[str, ReportedArticle]) -> str:
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
