"""Which fingerprints may be compared? Those of one scheme.

Scheme      everything that changes a fingerprint, with a name
SCHEME_V1   the only scheme so far; its recipe is in DESIGN-level detail in core/src/{words,shingles,minhash}.rs
"""

import struct
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import orjson
import xxhash
from numpy.typing import NDArray

from dedup.errors import SchemeMismatch

_MAGIC = b"dedup\x00"
_FORMAT = 1
_HEADER = struct.Struct("<6sH16s")


@dataclass(frozen=True)
class Scheme:
    """Everything that changes a fingerprint.

    `words` names the recipe that splits and folds words, `unicode` the version of its table, `width` the words in a
    shingle, `permutations` and `seed` the MinHash signature (datasketch's `affine32`).

    >>> SCHEME_V1.id
    'dedup-1'
    """

    id: str
    words: str
    unicode: str
    word_hash: str
    shingle_hash: str
    width: int
    signature: str
    permutations: int
    seed: int

    @cached_property
    def digest(self) -> bytes:
        """Return 16 bytes that differ whenever any part of the scheme differs."""
        return xxhash.xxh3_128_digest(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS))

    @property
    def name(self) -> str:
        """Return the id with the first digits of the digest, as reports and error messages show it."""
        return f"{self.id}-{self.digest.hex()[:12]}"

    @cached_property
    def coefficients(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the multipliers (odd) and addends of the permutations, drawn exactly as datasketch 2 draws them.

        numpy keeps the stream of RandomState frozen, so the values never change.
        """
        generator = np.random.RandomState(self.seed)
        multipliers = generator.randint(0, 1 << 31, self.permutations, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
        addends = generator.randint(0, 1 << 32, self.permutations, dtype=np.uint32)
        return multipliers, addends

    def header(self) -> bytes:
        """Return the 24 bytes every stored file of fingerprints begins with: magic, format version, digest."""
        return _HEADER.pack(_MAGIC, _FORMAT, self.digest)

    def check_header(self, stored: bytes) -> None:
        """Accept the first 24 bytes of a stored file, or raise SchemeMismatch naming both schemes."""
        if len(stored) < _HEADER.size:
            raise SchemeMismatch("(no header)", self.name)
        magic, version, digest = _HEADER.unpack(stored[: _HEADER.size])
        if magic != _MAGIC:
            raise SchemeMismatch("(no dedup file)", self.name)
        if version != _FORMAT or digest != self.digest:
            raise SchemeMismatch(f"{digest.hex()[:12]} in format {version}", f"{self.name} in format {_FORMAT}")


SCHEME_V1 = Scheme(
    id="dedup-1",
    words="folded-runs-1",
    unicode="18.0.0",
    word_hash="xxh3-64",
    shingle_hash="polynomial-64-avalanche",
    width=5,
    signature="datasketch-affine32",
    permutations=128,
    seed=1,
)
