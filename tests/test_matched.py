"""Whether two articles hold the same text: what p(match) goes by, in pairs and in reports, and what was read of it."""

import random
import sys
from math import log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT
from prose import body, paragraphs

import dedup
from dedup.article import Article
from dedup.comparison import compare
from dedup.provenance.calibration import MATCH, MATCH_UNSEEN, coefficients
from dedup.provenance.matched import known_of_match, p_match, p_match_unseen
from dedup.provenance.model import Figures, Republication
from dedup.provenance.passages import changed_numbers

sys.path.append(str(ROOT / "benchmarks"))

import lineage
import matches

SIZES = st.integers(0, 3000)


@given(SIZES, SIZES, SIZES, st.integers(0, 500))
def test_it_is_a_probability(shared: int, more: int, other: int, numbers: int) -> None:
    assert 0.0 < p_match(Figures(shared, shared + more + 1, shared + other + 1), numbers) < 1.0


@given(st.integers(1, 3000), SIZES, SIZES, st.integers(0, 60))
def test_it_falls_with_each_number_that_differs(shared: int, more: int, other: int, numbers: int) -> None:
    figures = Figures(shared, shared + more, shared + other)
    assert p_match(figures, numbers + 1) < p_match(figures, numbers)


@given(st.integers(0, 3000), SIZES, SIZES, st.integers(0, 60))
def test_it_grows_with_what_the_same_bodies_share(shared: int, more: int, other: int, numbers: int) -> None:
    less, most = (Figures(both, shared + more + 1, shared + other + 1) for both in (shared, shared + 1))
    assert p_match(less, numbers) < p_match(most, numbers)


@given(SIZES, SIZES, SIZES, st.integers(0, 60))
def test_it_is_the_same_both_ways(shared: int, more: int, other: int, numbers: int) -> None:
    sizes = shared + more + 1, shared + other + 1
    assert p_match(Figures(shared, *sizes), numbers) == p_match(Figures(shared, *reversed(sizes)), numbers)


# What such pairs were, read in Reuters-21578 and in crawled pages: a report, a quotation in two stories, a weekly count
# in the words of the week before, a dividend, a dialogue box of a site.
@pytest.mark.parametrize(
    ("figures", "numbers", "least", "most"),
    [
        (Figures(420, 540, 500), 0, 0.97, 1.0),
        (Figures(420, 540, 500), 3, 0.95, 0.995),
        (Figures(30, 540, 330), 0, 0.9, 0.97),
        (Figures(37, 124, 132), 2, 0.0, 0.3),
        (Figures(6, 11, 11), 0, 0.0, 0.1),
        (Figures(30, 30, 30), 0, 0.1, 0.5),
    ],
)
def test_pairs_of_real_kinds(figures: Figures, numbers: int, least: float, most: float) -> None:
    assert least <= p_match(figures, numbers) <= most


def test_what_is_known_of_a_pair() -> None:
    known = known_of_match(Figures(25, 100, 400), 2)
    assert known == {"shared": log1p(25), "longer": log1p(400), "numbers": log1p(4.0)}
    assert {name for weighed in coefficients()[MATCH] for name in weighed.of} == set(known)


def numbers_between(source: str, copy: str) -> int:
    found = compare(Article("a", source), Article("b", copy))
    return changed_numbers(found.passages, source, copy)


def test_numbers_that_took_the_place_of_numbers_are_counted() -> None:
    form = (
        "Certificated stocks deliverable on the exchange as of March {} were reported at {} bales, the keeper of the "
        "warehouse said, and there were no bales that awaited review but {} bales that awaited decertification."
    )
    assert numbers_between(form.format(31, "36,659", 985), form.format(31, "36,659", 985)) == 0
    assert numbers_between(form.format(31, "36,659", 985), form.format(30, "35,082", 985)) == 2
    # A number that was put into words is no other number.
    assert numbers_between(form.format(31, "36,659", 985), form.format(31, "36,659", "some")) == 0


def linked(middle: str, other: str) -> Republication:
    """Return the link of two articles that hold a paragraph each, and nothing else in common."""
    pages = [
        Article(name, "\n\n".join([*paragraphs(name, 4, 60), passage, *paragraphs(f"{name} more", 4, 60)]))
        for name, passage in (("one", middle), ("two", other))
    ]
    (link,) = dedup.scan(pages).links
    return link


def test_numbers_speak_against_a_link_too() -> None:
    words = body("form", 1, 48).split()
    first, second = ([*words[:16], str(n), *words[16:32], str(2 * n), *words[32:]] for n in (71, 85))
    form, copied = linked(" ".join(first), " ".join(second)), linked(" ".join(first), " ".join(first))
    assert form.p_match < 0.7 < 0.9 < copied.p_match


def test_of_an_unseen_source_it_is_how_often_that_was_true() -> None:
    (weight,) = coefficients()[MATCH_UNSEEN]
    assert not weight.of
    report = dedup.scan(dedup.read([str(ROOT / "corpora" / "tiny")]))
    unseen = [e for family in report.families for e in family.republications if e.figures is None]
    assert unseen and {edge.p_match for edge in unseen} == {p_match_unseen()}
    assert 0.9 < p_match_unseen() < 1.0


def pair(at: int, before: float = 0.5) -> matches.Reported:
    return matches.Reported(matches.Key("corpus", f"a{at}", f"b{at}"), matches.EDGE, before, before, {}, None)  # type: ignore[arg-type]


def test_the_lot_falls_on_the_same_pairs_whatever_else_is_reported() -> None:
    pairs = [pair(at) for at in range(100)]
    chosen = {p.key for p in matches.drawn(pairs)}
    assert len(chosen) == matches.READ[matches.EDGE]
    fewer = [p for p in pairs if p.key in chosen or p.key.one.endswith("7")]
    random.Random(1).shuffle(fewer)
    assert {p.key for p in matches.drawn(fewer)} == chosen


def test_each_pair_stands_for_its_part_of_the_report() -> None:
    pairs = [pair(at, 0.95) for at in range(30)] + [pair(at, 0.2) for at in range(30, 40)]
    said = {pairs[0].key: "same", pairs[1].key: "not", pairs[2].key: "unsure", pairs[30].key: "not"}
    weights = {item.pair.key: item.weight for item in matches.judged(pairs, said)}
    assert weights == pytest.approx({pairs[0].key: 15 / 40, pairs[1].key: 15 / 40, pairs[30].key: 10 / 40})


def test_reliability_of_equal_weights_is_the_plain_one() -> None:
    told = [at / 200 for at in range(200)]
    right = [random.Random(at).random() < p for at, p in enumerate(told)]
    sample = [matches.Judged(pair(at), true, 0.5) for at, true in enumerate(right)]
    assert matches.reliability(told, sample) == pytest.approx(lineage.reliability(list(zip(told, right, strict=True))))


def test_what_weighs_twice_counts_as_two() -> None:
    told = [0.1, 0.4, 0.6, 0.9]
    once = [matches.Judged(pair(at), at > 1, 2.0 if at == 3 else 1.0) for at in range(4)]
    twice = [*once[:3], matches.Judged(pair(3), True, 1.0), matches.Judged(pair(3), True, 1.0)]
    assert matches.reliability(told, once)["brier"] == pytest.approx(matches.reliability([*told, 0.9], twice)["brier"])


def test_the_records_hold_each_pair_once() -> None:
    lines = matches.JUDGED.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    assert len({tuple(row[:3]) for row in rows}) == len(rows) > 400
    assert {row[3] for row in rows} <= {"same", "not", "unsure"}
    assert {row[0] for row in rows} == set(matches.CORPORA)
    assert all(one <= other or one.startswith("latent:") for _, one, other, *_ in rows)
    assert all(row[4] and len(row[4]) < 60 for row in rows)
