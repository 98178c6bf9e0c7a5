"""Matches: every reported figure is that of the oracle, and what must be found is found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import oracle
import pytest
import xxhash
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import WORDS, body, paragraphs

import dedup
from dedup.article import Article
from dedup.errors import SchemeMismatch
from dedup.fingerprint import Fingerprints, Ranges, fingerprint, load, store
from dedup.match import find_resembling
from dedup.provenance.model import Figures
from dedup.report.model import Report
from dedup.scheme import SCHEME_V1

# A run of so many common words makes two bodies candidates for certain.
SURE_WORDS = 25


def corpus(texts: list[str]) -> list[Article]:
    """Return an article for each text, each of another outlet."""
    return [Article(f"a{i}", text, url=f"https://outlet{i}.test/a") for i, text in enumerate(texts)]


def figures_of(report: Report) -> dict[tuple[str, str], Figures]:
    return {(pair.left, pair.right): pair.figures for family in report.families for pair in family.pairs}


def shingle_set(text: str) -> set[int]:
    return {value for value, _, _ in oracle.shingles(text)}


def smaller_containment(one: str, other: str) -> float:
    """Return the share of the smaller of two sets of shingles that is in the other."""
    small, large = sorted((shingle_set(one), shingle_set(other)), key=len)
    return oracle.containment(small, large)


def share_a_run(one: str, other: str) -> bool:
    runs = [
        {tuple(words[i : i + SURE_WORDS]) for i in range(len(words) - SURE_WORDS + 1)}
        for words in ([word for word, _, _ in oracle.words(text)] for text in (one, other))
    ]
    return bool(runs[0] & runs[1])


@st.composite
def edited_copies(draw: st.DrawFn) -> list[str]:
    """Draw a corpus of two stories and copies of them: words changed, paragraphs dropped, moved and added."""
    stories = [paragraphs(name, 4, 40) for name in draw(st.lists(st.integers(0, 50), min_size=2, max_size=2))]
    texts = ["\n\n".join(story) for story in stories]
    for number in range(draw(st.integers(1, 4))):
        copy = list(draw(st.permutations(draw(st.sampled_from(stories)))))[: draw(st.integers(1, 4))]
        copy += paragraphs(f"own {number}", draw(st.integers(0, 4)), 40)
        words = " ".join(copy).split()
        for place in draw(st.lists(st.integers(0, len(words) - 1), max_size=12)):
            words[place] = draw(st.sampled_from(WORDS))
        texts.append(" ".join(words))
    return texts


@settings(max_examples=25)
@given(edited_copies(), st.sampled_from([0.3, 0.5, 0.8]))
def test_figures_are_those_of_the_oracle(texts: list[str], threshold: float) -> None:
    report = dedup.scan(corpus(texts), threshold=threshold)
    sets = {f"a{i}": shingle_set(text) for i, text in enumerate(texts)}
    for (left, right), figures in figures_of(report).items():
        one, other = sets[left], sets[right]
        assert figures == Figures(len(one & other), len(one), len(other))
        assert figures.resemblance == pytest.approx(oracle.jaccard(one, other))
        assert figures.containment_of_source == pytest.approx(oracle.containment(one, other))
        assert figures.containment_of_copy == pytest.approx(oracle.containment(other, one))


@settings(max_examples=25)
@given(edited_copies(), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_pairs_above_the_threshold_are_found_and_none_below(texts: list[str], threshold: float) -> None:
    found = set(figures_of(dedup.scan(corpus(texts), threshold=threshold)))
    for (i, one), (j, other) in combinations(enumerate(texts), 2):
        alike = smaller_containment(one, other) >= threshold
        assert ((f"a{i}", f"a{j}") not in found) or alike
        assert ((f"a{i}", f"a{j}") in found) or not (alike and share_a_run(one, other))


@settings(max_examples=10)
@given(edited_copies())
def test_passages_quote_both_sides_word_by_word(texts: list[str]) -> None:
    report = dedup.scan(corpus(texts))
    edges = [edge for family in report.families for edge in family.republications if edge.figures]
    for edge in edges:
        source, copy = (texts[int(id_[1:])] for id_ in (edge.source, edge.copy))
        for passage in edge.passages:
            assert passage.text == passage.source.of(source)
            equal = 0
            for start, end, copy_start, copy_end in passage.runs:
                words = [
                    [word for word, _, _ in oracle.words(text)]
                    for text in (source[start:end], copy[copy_start:copy_end])
                ]
                assert words[0] == words[1]
                equal += len(words[0])
            assert equal == passage.words
            ends = passage.runs[0], passage.runs[-1]
            assert (ends[0][0], ends[1][1]) == (passage.source.start, passage.source.end)
            assert (ends[0][2], ends[1][3]) == (passage.copy.start, passage.copy.end)


@pytest.mark.parametrize(
    "change",
    [str.upper, str.casefold, lambda t: t.replace(" ", "  \t"), lambda t: t.replace(" ", "\n"),
     lambda t: t.replace("\n\n", " "), lambda t: f"\n\n {t}\r\n", lambda t: t.replace(".", "!"),
     lambda t: t.replace("a", "a\u00ad")],
    ids=["upper", "lower", "spaces", "lines", "one paragraph", "around", "signs", "soft hyphens"],
)  # fmt: skip
def test_the_same_words_are_one_body(change: object) -> None:
    text = body("same")
    changed = change(text)  # type: ignore[operator]
    assert changed != text
    (figures,) = figures_of(dedup.scan(corpus([text, changed]))).values()
    assert (figures.resemblance, figures.containment_of_source, figures.containment_of_copy) == (1.0, 1.0, 1.0)
    assert figures.shared == len(shingle_set(text))


@pytest.mark.parametrize("paragraphs_around", [1, 10, 100, 400])
def test_a_short_body_inside_a_long_one_is_found(paragraphs_around: int) -> None:
    short = body("short", 1, 40)
    around = paragraphs("long", paragraphs_around, 60)
    middle = len(around) // 2
    long = "\n\n".join([*around[:middle], short, *around[middle:]])
    (figures,) = figures_of(dedup.scan(corpus([long, short]))).values()
    assert (figures.shared, figures.containment_of_copy) == (36, 1.0)
    assert figures.source_size == len(shingle_set(long))


@settings(max_examples=25)
@given(st.data())
def test_every_shared_run_of_so_many_words_is_told(data: st.DataObject) -> None:
    texts = [body(f"host {i}", data.draw(st.integers(3, 6)), 60).split() for i in range(6)]
    own = body("shared", 1, SURE_WORDS + data.draw(st.integers(0, 20))).split()
    holders = sorted(data.draw(st.sets(st.integers(0, 5), min_size=2, max_size=2)))
    for index in holders:
        place = data.draw(st.integers(30, 120))
        texts[index][place:place] = own
    report = dedup.scan(corpus([" ".join(text) for text in texts]))
    (link,) = report.links
    assert {link.source, link.copy} == {f"a{index}" for index in holders}
    assert max(passage.words for passage in link.passages) >= len(own)
    assert report.families == ()


@pytest.mark.parametrize("words", [SURE_WORDS, SURE_WORDS + 5])
def test_every_run_of_so_many_words_is_found(words: int) -> None:
    shorts = [body(f"short {i}", 1, words) for i in range(60)]
    long = "\n\n".join(f"{short}\n\n{body(f'between {i}', 1, 40)}" for i, short in enumerate(shorts))
    found = figures_of(dedup.scan(corpus([long, *shorts])))
    assert set(found) == {("a0", f"a{i}") for i in range(1, 61)}
    assert {figures.containment_of_copy for figures in found.values()} == {1.0}


def test_a_pair_is_found_among_many_others() -> None:
    texts = [body(f"other {i}", 3) for i in range(300)]
    texts[250] = texts[20] + "\n\n" + body("more", 1)
    assert set(figures_of(dedup.scan(corpus(texts)))) == {("a20", "a250")}


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        # Fewer than five words are one shingle of them all.
        (["Rain fell", "RAIN  fell.", "Rain fell today"], {("a0", "a1"): Figures(1, 1, 1)}),
        (["Rain", "rain!", "snow"], {("a0", "a1"): Figures(1, 1, 1)}),
        (["one two three four", "one two three four five"], {}),
        (["one two three four five", "One two three four five."], {("a0", "a1"): Figures(1, 1, 1)}),
        # A phrase is no match, though it is half of both; six shingles are.
        (["See all 18 photos of this article", "See all 9 photos of this article"], {}),
        (["a b c d e f g h i", "a b c d e f g h i k"], {}),
        (["a b c d e f g h i k", "a b c d e f g h i k l"], {("a0", "a1"): Figures(6, 6, 7)}),
        # No words, no fingerprint, no match, not even with itself.
        (["...", "...", "— !", "👩"], {}),
        (["...", "Rain fell", "..."], {}),
    ],
)
def test_short_texts(texts: list[str], pairs: dict[tuple[str, str], Figures]) -> None:
    report = dedup.scan(corpus(texts))
    assert figures_of(report) == pairs
    assert report.read == len(texts)


def prints_of(texts: list[str]) -> Fingerprints:
    """Return the fingerprints of whole texts."""
    lengths = np.array([len(text) for text in texts], dtype=np.uint32)
    whole = Ranges(np.arange(len(texts) + 1, dtype=np.int64), np.zeros(len(texts), dtype=np.uint32), lengths)
    return fingerprint(texts, whole)


@settings(max_examples=30)
@given(st.lists(st.one_of(st.text(st.characters(codec="utf-8")), st.integers().map(body)), max_size=5))
def test_fingerprints_are_those_of_the_oracle(texts: list[str]) -> None:
    prints = prints_of(texts)
    assert prints.words.tolist() == [len(oracle.words(text)) for text in texts]
    for row, text in zip(prints.signatures, texts, strict=True):
        assert row.tolist() == oracle.signature([value for value, _, _ in oracle.shingles(text)]).tolist()


@given(
    st.lists(st.sampled_from(["Rain fell", "rain FELL!", "rain-fell", "rainfell", "fell rain", "", "..."]), max_size=6)
)
def test_bodies_are_equal_when_their_words_are(texts: list[str]) -> None:
    digests = [tuple(row) for row in prints_of(texts).bodies.tolist()]
    words = [tuple(word for word, _, _ in oracle.words(text)) for text in texts]
    for i, j in combinations(range(len(texts)), 2):
        assert (digests[i] == digests[j]) == (words[i] == words[j])


def test_many_texts_of_every_width_keep_their_order() -> None:
    widths = ["", " Straße", " “Łódź”", " 東京 \U0001f680"]
    texts = [f"{body(at)}{widths[at % 4]}" for at in range(200)]
    prints = prints_of(texts)
    for at in range(0, 200, 7):
        alone = prints_of([texts[at]])
        assert prints.signatures[at].tolist() == alone.signatures[0].tolist()
        assert prints.bodies[at].tolist() == alone.bodies[0].tolist()
    assert find_resembling([*texts, *texts]).group.tolist() == [*range(200), *range(200)]


@pytest.mark.parametrize("call", [prints_of, find_resembling])
def test_half_a_surrogate_pair_is_refused(call: Callable[[list[str]], object]) -> None:
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        call(["Rain fell on the town.", "Rain \ud83d fell."])


def test_several_threads_find_the_same() -> None:
    texts = [f"{body(at // 2)} “{at}”" for at in range(300)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_resembling(texts).left.tolist(), range(8)))
    assert found == [found[0]] * 8


def test_shingles_reach_over_a_gap() -> None:
    text = "Rain fell on the Advertisement harbour town"
    gap = text.index("Advertisement")
    parts = Ranges(
        np.array([0, 2], dtype=np.int64),
        np.array([0, gap + 13], dtype=np.uint32),
        np.array([gap, len(text)], dtype=np.uint32),
    )
    expected = [value for value, _, _ in oracle.shingles("Rain fell on the harbour town")]
    assert fingerprint([text], parts).signatures[0].tolist() == oracle.signature(expected).tolist()


def sketch(row: np.ndarray) -> MinHash:
    return MinHash(num_perm=128, seed=1, scheme="affine32", hashvalues=row)


def test_signatures_load_into_datasketch_and_find_each_other() -> None:
    texts = [body(0, 8), body(0, 8) + " More rain fell.", body(1, 8), body(2, 8)]
    rows = prints_of(texts).signatures
    index = MinHashLSH(threshold=0.7, num_perm=128)
    for number in (0, 2, 3):
        index.insert(number, sketch(rows[number]))
    assert index.query(sketch(rows[1])) == [0]
    estimate = sketch(rows[0]).jaccard(sketch(rows[1]))
    # 128 permutations: a standard error of at most sqrt(J (1 - J) / 128) < .045; four of them.
    assert estimate == pytest.approx(oracle.jaccard(shingle_set(texts[0]), shingle_set(texts[1])), abs=0.18)


def test_datasketch_goes_on_where_a_stored_signature_ends() -> None:
    rows = prints_of(["Rain fell on the town", "Snow lay on the hills"]).signatures
    merged = sketch(rows[0])
    merged.merge(sketch(rows[1]))
    assert merged.hashvalues.tolist() == prints_of_union("Rain fell on the town", "Snow lay on the hills")


def prints_of_union(one: str, other: str) -> list[int]:
    return oracle.signature([value for text in (one, other) for value, _, _ in oracle.shingles(text)]).tolist()


def test_coefficients_are_datasketchs_own() -> None:
    multipliers, addends = SCHEME_V1.coefficients
    theirs = oracle.empty_sketch().permutations
    assert [multipliers.tolist(), addends.tolist()] == [list(map(int, row)) for row in theirs]


@given(st.lists(st.integers(0, 2**32 - 1), min_size=128, max_size=128), st.integers(0, 3))
def test_stored_signatures_come_back(tmp_path_factory: pytest.TempPathFactory, row: list[int], count: int) -> None:
    path = tmp_path_factory.mktemp("store") / "signatures"
    rows = np.array([row] * count, dtype=np.uint32).reshape(count, 128)
    store(rows, path)
    assert np.array_equal(load(path), rows)
    assert [entry.name for entry in path.parent.iterdir()] == ["signatures"]


def test_a_stored_file_is_its_header_and_little_endian_rows(tmp_path: Path) -> None:
    path = tmp_path / "signatures"
    store(np.arange(128, dtype=np.uint32).reshape(1, 128), path)
    stored = path.read_bytes()
    assert stored[:8] == b"dedup\x00\x01\x00"
    assert stored[24:] == b"".join(number.to_bytes(4, "little") for number in range(128))


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: b"",
        lambda stored: stored[:23],
        lambda stored: b"DEDUP\x00" + stored[6:],
        lambda stored: stored[:6] + b"\x02\x00" + stored[8:],
        lambda stored: stored[:23] + bytes([stored[23] ^ 1]) + stored[24:],
        lambda stored: stored[24:],
    ],
    ids=["empty", "truncated", "foreign", "format", "digest", "headless"],
)
def test_a_file_of_another_scheme_is_refused_by_name(tmp_path: Path, change: object) -> None:
    path = tmp_path / "signatures"
    store(np.ones((2, 128), dtype=np.uint32), path)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(SchemeMismatch, match=SCHEME_V1.name):
        load(path)


@pytest.mark.parametrize(
    "change", [{"width": 4}, {"permutations": 64}, {"seed": 2}, {"unicode": "17.0.0"}, {"words": "x"}, {"id": "x"}]
)
def test_whatever_changes_a_fingerprint_changes_the_scheme(tmp_path: Path, change: dict[str, object]) -> None:
    other = replace(SCHEME_V1, **change)
    path = tmp_path / "signatures"
    store(np.ones((1, other.permutations), dtype=np.uint32), path, other)
    with pytest.raises(SchemeMismatch) as refused:
        load(path)
    assert refused.value.running.startswith(SCHEME_V1.name)
    assert other.digest.hex()[:12] in refused.value.stored


def test_the_scheme_keeps_its_golden_values() -> None:
    # The scheme as it was written down for version 1; a new recipe is a new scheme.
    written = (
        '{"id":"dedup-1","permutations":128,"seed":1,"shingle_hash":"polynomial-64-avalanche",'
        '"signature":"datasketch-affine32","unicode":"18.0.0","width":5,"word_hash":"xxh3-64","words":"folded-runs-1"}'
    )
    assert SCHEME_V1.digest == xxhash.xxh3_128_digest(written.encode())
    assert SCHEME_V1.name == "dedup-1-b8fbd286c4f9"
    assert SCHEME_V1.header().hex() == "6465647570000100b8fbd286c4f956ad5b3b4bb66da3ff10"
    # 1791095845 is the first number of MT19937 with seed 1.
    assert int(SCHEME_V1.coefficients[0][0]) == 1791095845 * 2 + 1
