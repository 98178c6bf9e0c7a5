"""One peer in a process and an environment of its own: `python peers.py PEER STAGE FOLDER CORES`.

STAGE is `signature`, or `BANDSxROWS` for text to candidates. Each peer is called in the fastest way it offers. It is
given the words of the bodies already folded, one space between them, so that its own splitting finds the same words as
ours and need not be paid for folding. Its clock stops at what it gives, neighbours or buckets; these are made into
pairs afterwards.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stages import clock

if __name__ == "__main__":
    clock.pin(int(sys.argv[4]))

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from itertools import combinations
from typing import Any

WIDTH = 5
HASHES = 128
SEED = 1

Buckets = Iterable[Iterable[int]]
Pairs = Iterator[tuple[int, int]]


def shingles(text: str) -> list[str]:
    """Return the runs of five words of a folded text as strings, made in the fastest way Python has."""
    words = text.split(" ")
    return [" ".join(run) for run in zip(*(words[place:] for place in range(WIDTH)), strict=False)] or [text]


def of_buckets(buckets: Buckets) -> Pairs:
    """Yield the pairs inside each bucket."""
    for bucket in buckets:
        yield from combinations(sorted(set(bucket)), 2)


def of_neighbours(neighbours: Buckets) -> Pairs:
    """Yield the pairs that an article is in with each of its neighbours."""
    for place, found in enumerate(neighbours):
        yield from ((place, other) for other in found if other > place)


def _datasketch_signatures(texts: list[str], hashes: int) -> Any:
    import xxhash
    from datasketch import MinHash

    runs = ([run.encode() for run in shingles(text)] for text in texts)
    return MinHash.bulk(runs, num_perm=hashes, seed=SEED, hashfunc=xxhash.xxh32_intdigest)


def _datasketch(texts: list[str], bands: int, rows: int) -> Any:
    from datasketch import MinHashLSH

    index = MinHashLSH(num_perm=bands * rows, params=(bands, rows))
    signatures = _datasketch_signatures(texts, bands * rows)
    for place, signature in enumerate(signatures):
        index.insert(place, signature, check_duplication=False)
    return [index.query(signature) for signature in signatures]


def _rensa_signatures(texts: list[str], hashes: int) -> Any:
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets(map(shingles, texts), hashes, SEED)


def _rensa(texts: list[str], bands: int, rows: int) -> Any:
    from rensa import RMinHash, RMinHashLSH

    signatures = RMinHash.from_token_sets(map(shingles, texts), bands * rows, SEED)
    index = RMinHashLSH(0.5, bands * rows, bands)
    index.insert_many(signatures)
    return index.query_all(signatures)


def _fastsketch_signatures(texts: list[str], hashes: int) -> Any:
    from FastSketchLSH import FastSimilaritySketch

    return FastSimilaritySketch(hashes, SEED).batch([shingles(text) for text in texts])


def _fastsketch(texts: list[str], bands: int, rows: int) -> Any:
    from FastSketchLSH import LSH

    signatures = _fastsketch_signatures(texts, bands * rows)
    index = LSH(bands * rows, bands)
    index.insert(signatures)
    return index.query(signatures, format="csr")


def _fastsketch_pairs(found: Any) -> Pairs:
    flat, offsets = (part.tolist() for part in found)
    return of_neighbours(flat[offsets[at] : offsets[at + 1]] for at in range(len(offsets) - 1))


def _gaoya_signatures(texts: list[str], hashes: int) -> Any:
    return _gaoya_index(texts, 16, hashes // 16)


def _gaoya_index(texts: list[str], bands: int, rows: int) -> Any:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.7, bands, rows, bands * rows, "word", False, (WIDTH, WIDTH), "smallvec")
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    return index


def _gaoya(texts: list[str], bands: int, rows: int) -> Any:
    return _gaoya_index(texts, bands, rows).par_bulk_query(texts)


def _daft_frame(texts: list[str], hashes: int) -> Any:
    import daft
    from daft.functions import minhash

    frame = daft.from_pydict({"place": list(range(len(texts))), "text": texts})
    signature = minhash(daft.col("text"), num_hashes=hashes, ngram_size=WIDTH, seed=SEED, hash_function="xxhash3_64")
    return frame.select("place", signature.alias("signature"))


def _daft_signatures(texts: list[str], hashes: int) -> Any:
    return _daft_frame(texts, hashes).collect()


def _daft(texts: list[str], bands: int, rows: int) -> Any:
    import daft
    from daft.functions import chunk, list_agg, list_count

    rows_of = _daft_frame(texts, bands * rows).select(
        "place", chunk(daft.col("signature"), rows).alias("key"), daft.lit(list(range(bands))).alias("band")
    )
    buckets = rows_of.explode("key", "band").groupby("band", "key").agg(list_agg(daft.col("place")).alias("places"))
    return buckets.where(list_count(daft.col("places")) > 1).select("places").to_pydict()["places"]


def _textdedup_signatures(texts: list[str], hashes: int, rows: int = 8) -> Any:
    import numpy as np
    from text_dedup.minhash import SIGNATURE_COLUMN, embed_func
    from text_dedup.utils.hashfunc import xxh3_32hash

    generator = np.random.RandomState(SEED)
    prime, most = np.uint32((1 << 32) - 5), np.uint32((1 << 32) - 1)
    permutations = (
        generator.randint(1, prime, size=hashes, dtype=np.uint32),
        generator.randint(0, prime, size=hashes, dtype=np.uint32),
    )
    options = {
        "num_perm": hashes,
        "ngram_size": WIDTH,
        "min_length": 0,
        "hashranges": [(at, at + rows) for at in range(0, hashes, rows)],
        "permutations": permutations,
        "hash_func": xxh3_32hash,
        "dtype": np.uint32,
        "max_hash": most,
        "modulo_prime": prime,
    }
    return [embed_func(text, place, **options)[SIGNATURE_COLUMN] for place, text in enumerate(texts)]


def _textdedup(texts: list[str], bands: int, rows: int) -> Any:
    tables: list[dict[bytes, set[int]]] = [defaultdict(set) for _ in range(bands)]
    for place, keys in enumerate(_textdedup_signatures(texts, bands * rows, rows)):
        for table, key in zip(tables, keys, strict=True):
            table[key].add(place)
    return [bucket for table in tables for bucket in table.values()]


# The distribution, how it signs, how it finds candidates, how what it found is made into pairs.
PEERS: dict[str, tuple[str, Callable[..., Any], Callable[..., Any], Callable[[Any], Pairs]]] = {
    "datasketch": ("datasketch", _datasketch_signatures, _datasketch, of_neighbours),
    "rensa": ("rensa", _rensa_signatures, _rensa, of_neighbours),
    "fastsketchlsh": ("FastSketchLSH", _fastsketch_signatures, _fastsketch, _fastsketch_pairs),
    "gaoya": ("gaoya", _gaoya_signatures, _gaoya, of_neighbours),
    "daft": ("daft", _daft_signatures, _daft, of_buckets),
    "text-dedup": ("text-dedup", _textdedup_signatures, _textdedup, of_buckets),
}


def main(peer: str, stage: str, folder: Path) -> dict[str, object]:
    """Return the figures of one stage of one peer, and leave its pairs in the folder."""
    os.environ |= {"DO_NOT_TRACK": "1", "DAFT_PROGRESS_BAR": "0", "HF_HUB_OFFLINE": "1"}
    distribution, sign, find, as_pairs = PEERS[peer]
    texts = [json.loads(line) for line in (folder / "folded.jsonl").open(encoding="utf-8")]
    if stage == "signature":
        sign(texts[:1], HASHES)  # imports are no part of the time
        figures, _ = clock.timed(lambda: sign(texts, HASHES))
    else:
        bands, rows = map(int, stage.split("x"))
        find(texts[:1], bands, rows)
        figures, found = clock.timed(lambda: find(texts, bands, rows))
        clock.write_pairs(folder / f"{peer} {stage}.pairs", sorted(set(as_pairs(found))))
    return {**figures, "version": metadata.version(distribution)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
