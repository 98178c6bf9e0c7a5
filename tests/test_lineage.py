"""benchmarks/lineage.py: the figures of claims that were scored by hand."""

import sys
from math import isnan

import pytest
from places import ROOT

sys.path += [str(ROOT / "benchmarks"), str(ROOT / "corpora")]

import lineage
from synthesis.cascades import CascadeTruth

# a -> b -> c, a -> d; and e, f from an agency that e names; n is nobody's copy.
TRUTHS = {
    truth.article: truth
    for truth in (
        CascadeTruth("a", "s0", origin="a"),
        CascadeTruth("b", "s0", "a", ("a",), "a", credit="credited"),
        CascadeTruth("c", "s0", "b", ("b", "a"), "a", credit="middleman"),
        CascadeTruth("d", "s0", "a", ("a",), "a", credit="uncredited"),
        CascadeTruth("e", "s1", "x", (), None, "Salt Press Agency", True, "latent"),
        CascadeTruth("f", "s1", "x", (), None, "Salt Press Agency", False, "uncredited"),
        CascadeTruth("n", None),
    )
}


def test_all_right() -> None:
    claims = lineage.Claims({"b": "a", "c": "b", "d": "a"}, dict.fromkeys("abcd", "a") | dict.fromkeys("ef", "SPA"))
    figures = lineage.score(claims, TRUTHS)
    assert set(figures.values()) == {1.0}


def test_some_wrong() -> None:
    # c hangs one too high, and f hangs from e.
    claims = lineage.Claims(
        {"b": "a", "c": "a", "d": "a", "f": "e"}, dict.fromkeys("abcd", "a") | dict.fromkeys("ef", "e")
    )
    figures = lineage.score(claims, TRUTHS)
    assert figures["parent"] == pytest.approx(3 / 5)  # b, d, e of b, c, d, e, f
    assert figures["parent_seen"] == pytest.approx(2 / 3)
    assert figures["ancestor_f1"] == pytest.approx(2 * 3 / (4 + 4))
    assert (figures["root"], figures["root_seen"], figures["root_latent"], figures["named_latent"]) == (
        0.5,
        1.0,
        0.0,
        0.0,
    )


def test_what_hangs_in_a_circle_has_an_end() -> None:
    assert lineage.Claims({"a": "b", "b": "a"}).ancestors("a") == ["b"]


def test_reliability() -> None:
    sure = [(0.8, True)] * 8 + [(0.8, False)] * 2
    assert lineage.reliability(sure)["brier"] == pytest.approx(0.16)
    assert lineage.reliability([(1.0, False)] * 10) == {"brier": 1.0, "ece": 1.0}
    assert isnan(lineage.reliability([])["ece"])


def test_risk_coverage() -> None:
    judged = [(0.9 - at / 100, at < 5) for at in range(10)]
    figures = lineage.risk_coverage(judged)
    assert (figures["risk_at_50"], figures["risk_at_80"]) == (0.0, pytest.approx(3 / 8))
