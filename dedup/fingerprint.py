"""Which shingles does a body hold? Batches of texts in, arrays out; all work is done in the core.

Ranges         parts of many texts, as arrays
Fingerprints   what the bodies of many articles are known by
fingerprint    make them
store, load    keep them in a file that names their scheme
Placed         the shingles of one body, and where they stand
placed         find them
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.scheme import SCHEME_V1, Scheme

_ROWS = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Spans in many texts: those of text `i` are `starts[offsets[i]:offsets[i + 1]]` and the same of `ends`.

    Positions are code points; the Spans of a text ascend and never overlap.
    """

    offsets: NDArray[np.int64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]

    def chosen(self, kept: NDArray[np.bool_]) -> "Ranges":
        """Return the ranges for which `kept` is true, text by text."""
        counts = np.concatenate(([0], np.cumsum(kept)))
        return Ranges(counts[self.offsets].astype(np.int64), self.starts[kept], self.ends[kept])

    def of(self, text: int) -> list[tuple[int, int]]:
        """Return the start and end of each range of one text."""
        places = slice(self.offsets[text], self.offsets[text + 1])
        return list(zip(self.starts[places].tolist(), self.ends[places].tolist(), strict=True))

    def spans(self) -> Iterator[list[tuple[int, int]]]:
        """Yield the start and end of each range of each text."""
        both = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        for count in np.diff(self.offsets).tolist():
            yield list(islice(both, count))

    def taken(self, texts: NDArray[np.intp]) -> "Ranges":
        """Return the ranges of the texts with these indices, in their order."""
        counts = self.offsets[texts + 1] - self.offsets[texts]
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        places = np.repeat(self.offsets[texts] - offsets[:-1], counts) + np.arange(offsets[-1])
        return Ranges(offsets, self.starts[places], self.ends[places])


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the bodies of many articles are known by.

    `signatures` is one row of `scheme.permutations` uint32 for each body, bit for bit datasketch 2's `affine32`
    MinHash of its shingles; `words` counts its words (0: no fingerprint, never a match); `bodies` is a 128-bit
    digest of its words as two uint64: equal digests are equal bodies.
    """

    scheme: Scheme
    signatures: NDArray[np.uint32]
    words: NDArray[np.uint32]
    bodies: NDArray[np.uint64]


def fingerprint(texts: Sequence[str], bodies: Ranges, scheme: Scheme = SCHEME_V1) -> Fingerprints:
    """Return the fingerprints of the given ranges of each text, read as one run of words.

    Shingles reach over the gaps between ranges, so that a line of boilerplate in mid-article leaves no trace.

    >>> whole = Ranges(np.array([0, 1]), np.array([0], np.uint32), np.array([11], np.uint32))
    >>> int(fingerprint(["Rain fell on"], whole).words[0])
    3
    """
    multipliers, addends = scheme.coefficients
    signatures, words, digests = _core.fingerprint(texts, bodies, scheme.width, multipliers, addends)
    return Fingerprints(scheme, signatures, words, digests)


def store(signatures: NDArray[np.uint32], path: Path, scheme: Scheme = SCHEME_V1) -> None:
    """Write signatures to a file: the scheme's header, then little-endian rows. Old or new file, never a part."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(scheme.header() + np.ascontiguousarray(signatures, dtype=_ROWS).tobytes())
    partial.replace(path)


def load(path: Path, scheme: Scheme = SCHEME_V1) -> NDArray[np.uint32]:
    """Return the signatures of a stored file, or raise SchemeMismatch if another scheme made them."""
    stored = path.read_bytes()
    scheme.check_header(stored)
    rows = np.frombuffer(stored, dtype=_ROWS, offset=len(scheme.header()))
    return rows.reshape(-1, scheme.permutations).astype(np.uint32)


class Placed(NamedTuple):
    """The shingles of one body in their order: the hash of each, and where its first word starts and its last one ends,
    in code points of the text.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]


def placed(text: str, body: Sequence[tuple[int, int]], scheme: Scheme = SCHEME_V1) -> Placed:
    """Return the shingles of the given ranges of a text, read as one run of words.

    >>> found = placed("Rain fell. (Advertisement) The old ferry sank.", [(0, 10), (27, 46)])
    >>> found.starts.tolist(), found.ends.tolist()
    ([0, 5], [40, 45])
    """
    hashes, starts, ends = _core.shingles("\n".join(text[start:end] for start, end in body), scheme.width)
    # Where each range begins in what was joined, and how much farther on it begins in the text.
    begins = np.cumsum([0, *(end - start + 1 for start, end in body[:-1])])
    shifts = np.array([start for start, _ in body] or [0]) - begins
    starts, ends = (
        (places + shifts[np.searchsorted(begins, places, "right") - 1]).astype(np.uint32) for places in (starts, ends)
    )
    return Placed(hashes, starts, ends)
