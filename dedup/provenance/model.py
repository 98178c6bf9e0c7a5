"""The answers: who had it first, who took it from whom.

Pair            two articles that match
Passage         what stands in both of two articles
Edit            what the copy changed
FurtherSource   who else a copy has passages from
Habit           how often an outlet took from another
Republication   one directed edge, source -> copy (or an undirected one, where direction is undetermined)
LatentSource    a text nobody gave us, with the Agreements that tell of one that nobody names
Family          articles tied by matches, their republications and chains
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dedup.article import Span
from dedup.provenance.evidence import Evidence


class RepublicationKind(StrEnum):
    """What a copy did with its source."""

    REPRINT = "reprint"
    ABRIDGEMENT = "abridgement"
    EXCERPT = "excerpt"
    REVISION = "revision"
    QUOTATION = "quotation"
    SHARED_SOURCE = "shared_source"


class Credit(StrEnum):
    """What a copy itself says of its origin: that is named, another ancestor, nobody, somebody else, or an origin that
    nobody gave us. Where the origin is of the copy's own outlet it need not be named.
    """

    CREDITED = "credited"
    MIDDLEMAN = "middleman"
    UNCREDITED = "uncredited"
    MISCREDITED = "miscredited"
    LATENT = "latent"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How much the bodies of a family share, by place in the family: exact counts of distinct shingles.

    `shared[i]` holds for each member that matches member `i` how many they share, `sizes[i]` is how many `i` has.
    """

    shared: Sequence[Mapping[int, int]]
    sizes: Sequence[int]

    def figures(self, source: int, copy: int) -> "Figures":
        """Return the figures of a matching pair."""
        return Figures(self.shared[copy][source], self.sizes[source], self.sizes[copy])


class Figures(NamedTuple):
    """How much two bodies share, by exact counts of distinct shingles."""

    shared: int
    source_size: int
    copy_size: int

    @property
    def resemblance(self) -> float:
        """Jaccard: shared over all (Broder 1997)."""
        return self.shared / (self.source_size + self.copy_size - self.shared)

    @property
    def containment_of_source(self) -> float:
        """The share of the source that stands in the copy (Broder 1997)."""
        return self.shared / self.source_size

    @property
    def containment_of_copy(self) -> float:
        """The share of the copy that stands in the source."""
        return self.shared / self.copy_size


class Passage(NamedTuple):
    """What stands in both articles, with its Span in each, and how it reads in the source.

    `words` counts the equal words. `runs` are the runs of them, by start and end in the source and in the copy: one
    where the passage is verbatim, and between two of them something was edited.
    """

    source: Span
    copy: Span
    words: int
    text: str
    runs: tuple[tuple[int, int, int, int], ...]

    @property
    def verbatim(self) -> bool:
        """Say whether all words are equal."""
        return len(self.runs) == 1


class EditKind(StrEnum):
    """What a copy changed."""

    HEADLINE = "headline"
    SENTENCE_INSERTED = "sentence_inserted"
    SENTENCE_REMOVED = "sentence_removed"
    MOVED = "moved"
    WORDS_INSERTED = "words_inserted"
    WORDS_REMOVED = "words_removed"
    WORDS_SUBSTITUTED = "words_substituted"
    NUMBER = "number"
    NAME = "name"
    EMPHASIS = "emphasis"


class Edit(NamedTuple):
    """One change between a source and its copy: where it stands in each, if it does, and how it reads there.

    A headline has no Span: it is what the articles are titled.
    """

    kind: EditKind
    source: Span | None
    copy: Span | None
    source_text: str
    copy_text: str


class Edits(NamedTuple):
    """The changes of one copy in the order of its text, and how many more there are."""

    listed: tuple[Edit, ...] = ()
    left_out: int = 0


class FurtherSource(NamedTuple):
    """An earlier article that holds passages of a copy which its source lacks."""

    source: str
    passages: tuple[Passage, ...]


class Habit(NamedTuple):
    """In how many other families the copy's outlet took from the source's, and in how many from anybody."""

    taken: int
    families: int


class Republication(NamedTuple):
    """One edge. `source` is an article's or a LatentSource's id.

    `p_match` is the probability that the two hold the same text at all, `p_direction` that the copy is not the
    source, `p_parent` that this source, of all candidates, is the immediate one. Where `determined` is false no
    direction is claimed and the earlier date stands first. `figures` is None for a LatentSource: its text is unseen.
    `habit` is told of two outlets that are known, and decides nothing.
    """

    source: str
    copy: str
    kind: RepublicationKind
    figures: Figures | None
    determined: bool
    p_match: float
    p_direction: float
    p_parent: float
    credit: Credit
    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    alternatives: tuple[tuple[str, float], ...]
    flips_if: tuple[tuple[str, str], ...]
    edits: Edits
    further: tuple[FurtherSource, ...] = ()
    habit: Habit | None = None


class Pair(NamedTuple):
    """Two articles whose bodies match, whichever took it from whom: verified, with exact counts of shingles."""

    left: str
    right: str
    shared: int
    left_size: int
    right_size: int

    @property
    def figures(self) -> Figures:
        """How much they share, as if the left were the source."""
        return Figures(self.shared, self.left_size, self.right_size)


class VersionReason(StrEnum):
    """Why two articles are one: they have one address, one text at one outlet, or one text at one owner's outlets."""

    ADDRESS = "address"
    SAME_TEXT = "same_text"
    SAME_OWNER = "same_owner"


class Version(NamedTuple):
    """One more form of an article: its id, that of the article it stands behind, and why."""

    article: str
    of: str
    reason: VersionReason


class Agreement(NamedTuple):
    """So many shingles that two articles hold and a third lacks; the longest run of them, as it reads in the first."""

    one: str
    other: str
    lacking: str
    shingles: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class LatentSource:
    """A text that nobody gave us: the outlet named, the articles that name it, and hints for what to crawl.

    Where nobody names it, `outlet` is None and `agreements` tell how it is known that there was one. `copy_of` is the
    article that it was made from itself, where that is known.
    """

    id: str
    outlet: str | None
    named_by: tuple[str, ...]
    crawl_hints: tuple[tuple[str, str], ...]
    agreements: tuple[Agreement, ...] = ()
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Articles tied by matches. `origin` is an article's or LatentSource's id: the earliest known publication.

    `roots` are all nodes without a known source: more than one means independent origins. A chain runs from a root
    to an article nobody is known to have copied, over determined republications only. `versions` are articles that
    were folded into others before all this.
    """

    id: str
    articles: tuple[str, ...]
    origin: str
    p_origin: float
    roots: tuple[str, ...]
    pairs: tuple[Pair, ...]
    republications: tuple[Republication, ...]
    latent_sources: tuple[LatentSource, ...]
    chains: tuple[tuple[str, ...], ...]
    capped: int
    versions: tuple[Version, ...] = ()
