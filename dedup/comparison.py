"""The pair door: what do two articles share, and what does the second change?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dedup import _core
from dedup.article import Article, Skipped
from dedup.errors import UsageError
from dedup.fingerprint import Ranges
from dedup.intake import layout_alone
from dedup.match import PASSAGE_WORDS
from dedup.outlets import Directory
from dedup.provenance.edges import kind_of
from dedup.provenance.edits import edits_of
from dedup.provenance.families import LEAST_PASSAGE_WORDS
from dedup.provenance.model import Edits, Figures, Passage, RepublicationKind
from dedup.provenance.passages import Quotations, SharedPassages
from dedup.provenance.sharing import is_quotation
from dedup.scheme import SCHEME_V1

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two articles share, the first taken for the source and the second for the copy, whichever was first.

    `kind` is None where they share less than half of the shorter body and no passage of PASSAGE_WORDS words; then the
    passages are phrases. `figures` is None if either has no words.
    """

    source: Article
    copy: Article
    kind: RepublicationKind | None
    figures: Figures | None
    passages: tuple[Passage, ...]
    edits: Edits


def compare(source: Article, copy: Article) -> Comparison:
    """Return what two articles share, and what the second changes. Boilerplate is known by its wording only.

    >>> rain = "Rain fell on the old ferry all night long, and by dawn the two villages had lost their only boat."
    >>> found = compare(Article("a", rain), Article("b", rain.replace("two villages", "three hamlets")))
    >>> [(passage.words, passage.verbatim) for passage in found.passages]
    [(18, False)]
    >>> [(str(edit.kind), edit.source_text, edit.copy_text) for edit in found.edits.listed]
    [('words_substituted', 'two villages', 'three hamlets')]
    """
    texts = [source.text, copy.text]
    bodies = _together([layout_alone(article).bodies() for article in (source, copy)])
    shared = SharedPassages.of(texts, bodies, [(0, 1)], LEAST_PASSAGE_WORDS)
    (passages,) = shared.passages(texts[:1])
    (edits,) = edits_of(texts, bodies, [(0, 1)], shared, [(source.title, copy.title)])
    one, other = (_shingles(text, body) for text, body in zip(texts, bodies.spans(), strict=True))
    if not one or not other:
        return Comparison(source, copy, None, None, passages, edits)
    figures = Figures(len(one & other), len(one), len(other))
    directory = Directory([source, copy])
    outlets = [outlet.key for a in (source, copy) if (outlet := directory.outlet_of(a)) is not None]
    kind = None
    if figures.shared >= _HALF * min(figures.source_size, figures.copy_size):
        kind = kind_of(figures, len(outlets) == 2 and outlets[0] == outlets[1])
    elif any(passage.words >= PASSAGE_WORDS for passage in passages):
        quoted = is_quotation(passages, Quotations(source.text), Quotations(copy.text))
        kind = RepublicationKind.QUOTATION if quoted else RepublicationKind.EXCERPT
    return Comparison(source, copy, kind, figures, passages, edits)


def only(items: Iterable[Article | Skipped], path: str) -> Article | Skipped:
    """Return the one article that was read of a path, or why it could not be read.

    Raises UsageError if there are several, or none.
    """
    found = list(islice(items, 2))
    if len(found) != 1:
        raise UsageError(f"{path} holds {'several articles' if found else 'no article'}; give a file of one")
    return found[0]


def _together(bodies: Sequence[Ranges]) -> Ranges:
    """Return the ranges of texts one after the other."""
    offsets = np.cumsum([0, *(len(body.starts) for body in bodies)])
    return Ranges(offsets, np.concatenate([b.starts for b in bodies]), np.concatenate([b.ends for b in bodies]))


def _shingles(text: str, body: Sequence[tuple[int, int]]) -> set[int]:
    hashes, _, _ = _core.shingles("\n\n".join(text[start:end] for start, end in body), SCHEME_V1.width)
    return set(hashes.tolist())
