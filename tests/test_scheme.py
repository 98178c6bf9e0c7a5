"""Scheme v1: the core gives what the public recipe gives, on any text."""

import json
from pathlib import Path

import numpy as np
import oracle
import pytest
import regex
import unicodedata2
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.fingerprint import placed
from dedup.scheme import SCHEME_V1

TABLE = Path(__file__).parents[1] / "core" / "src" / "words.tsv"
GOLDEN = sorted((Path(__file__).parent / "golden").glob("scheme_v*.json"))

PIECES = [
    *["a", "É", "ß", "ğ", "İ", "ſ", "ᾳ", "й", "9", "٣", "Ⅷ", "ﬃ", "\U0001d401"],
    *["'", "’", "\u02bc", "\uff07", "\u05f3", " ", "-", ".", "\n", "👩", "\ue000", "\u0378"],
    *["\u00ad", "\u200b", "\u200d", "\ufe0f", "\ufeff", "\u0640", "\u115f", "\u3164", "\ufe70"],
    *["\u0301", "\u0345", "\u064b", "\u05b0", "\u20e3", "\u0483", "\u3099", "\u093f", "\u0951", "\u0e31", "\u0eb4"],
    *["中", "々", "〇", "か", "が", "カ", "ー", "ｶ", "ﾞ", "ヿ", "豈", "ก", "ำ", "ໝ", "ក", "្", "က", "င်္", "၂"],
    *["한", "하", "\u1112", "\u1161", "\u11ab", "ㄱ", "ﾡ", "ب", "ﷺ", "ש", "ि", "क", "ක", "ম", "ẛ"],
]
texts = st.one_of(
    st.text(st.characters(codec="utf-8")),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.characters(codec="utf-8")), max_size=60).map(" ".join),
)
widths = st.integers(min_value=1, max_value=8)
hash_lists = st.lists(st.integers(min_value=0, max_value=2**64 - 1), max_size=80)


def core_words(text: str) -> list[tuple[str, int, int]]:
    _, starts, ends = _core.words(text)
    return list(zip(_core.folded(text), starts.tolist(), ends.tolist(), strict=True))


def core_shingles(text: str, width: int) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in _core.shingles(text, width)), strict=True))


def core_signature(hashes: list[int]) -> np.ndarray:
    a, b = oracle.empty_sketch().permutations
    return _core.sign(np.array(hashes, dtype=np.uint64), a, b)


def test_table_and_oracle_are_of_one_unicode_version():
    assert f"Unicode {oracle.UNICODE} " in TABLE.read_text(encoding="utf-8").splitlines()[0]
    unassigned = regex.compile(r"\p{Cn}")
    assert not [
        hex(ord(c))
        for c in map(chr, range(0x110000))
        if bool(unassigned.match(c)) != (unicodedata2.category(c) == "Cn")
    ]


def test_every_code_point_alone_and_inside_a_word():
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for first in range(0, len(characters), 256):
        text = " ".join(f"{c} a{c}b" for c in characters[first : first + 256])
        assert core_words(text) == oracle.words(text)


@given(texts)
@example("a'\u00ad'b")
@example("ｶﾞ'ﾞa")
def test_words(text):
    assert core_words(text) == oracle.words(text)
    assert _core.words(text)[0].tolist() == [oracle.word_hash(word) for word, _, _ in oracle.words(text)]


@given(st.lists(st.sampled_from("aZ9éक"), min_size=1, max_size=600).map("".join))
def test_long_words(text):
    assert _core.words(text)[0].tolist() == [oracle.word_hash(word) for word, _, _ in oracle.words(text)]


@given(texts, widths)
def test_shingles(text, width):
    assert core_shingles(text, width) == oracle.shingles(text, width)


@given(texts, widths)
def test_the_text_of_a_shingle_has_that_shingle_alone(text, width):
    for value, start, end in core_shingles(text, width):
        assert core_shingles(text[start:end], width) == [(value, 0, end - start)]


@given(texts, texts, widths)
def test_appending_text_changes_no_earlier_shingle(text, more, width):
    if len(oracle.words(text)) >= width:
        before = core_shingles(text, width)
        assert core_shingles(f"{text} {more}", width)[: len(before)] == before


@given(hash_lists)
def test_signature(hashes):
    signature = core_signature(hashes)
    assert signature.dtype == np.uint32
    assert signature.tolist() == oracle.signature(hashes).tolist()


@given(hash_lists, hash_lists)
def test_signature_of_a_union_is_the_minimum(one, two):
    least = np.minimum(core_signature(one), core_signature(two))
    assert core_signature(one + two).tolist() == least.tolist()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_known_answers(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    for answer in golden["answers"]:
        text = answer["text"]
        found = core_shingles(text, golden["width"])
        assert [list(word) for word in core_words(text)] == answer["words"]
        assert [f"{value:016x}" for value in _core.words(text)[0].tolist()] == answer["word_hashes"]
        assert [[f"{value:016x}", start, end] for value, start, end in found] == answer["shingles"]
        signature = core_signature([value for value, _, _ in found])
        assert "".join(f"{value:08x}" for value in signature.tolist()) == answer["signature"]


def test_the_oracle_still_gives_the_known_answers():
    assert (Path(__file__).parent / "golden" / "scheme_v1.json").read_text(encoding="utf-8") == oracle.known_answers()


@given(st.lists(st.text(alphabet="ab c'\u0301é1-.", max_size=12), min_size=1, max_size=5), st.integers(1, 5))
def test_placed_shingles_run_over_the_gaps(parts: list[str], gap: int) -> None:
    text = ("." * gap).join(parts)
    starts = np.cumsum([0, *(len(part) + gap for part in parts[:-1])]).tolist()
    body = [(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    words = [
        (oracle.word_hash(folded), first + start, first + end)
        for first, last in body
        for folded, start, end in oracle.words(text[first:last])
    ]
    width = min(SCHEME_V1.width, len(words))
    windows = [words[at : at + width] for at in range(len(words) - width + 1)] if words else []
    found = placed(text, body)
    assert found.hashes.tolist() == [oracle.mix([word for word, _, _ in window]) for window in windows]
    assert found.starts.tolist() == [window[0][1] for window in windows]
    assert found.ends.tolist() == [window[-1][2] for window in windows]
