"""What speaks for a source, how the tree is chosen, and how often an edge of such a probability is right."""

import json
from collections import defaultdict
from itertools import pairwise
from math import log

import pytest
from places import ROOT
from prose import body

import dedup
from dedup.article import Article
from dedup.provenance.calibration import (
    DIRECTION,
    KINDS,
    SEEN,
    UNDETERMINED,
    UNSEEN,
    Coefficient,
    calibrated,
    probability,
)
from dedup.provenance.evidence import Evidence
from dedup.provenance.model import Overlaps
from dedup.provenance.parents import NAMED_AS_SOURCE, NAMES_A_SOURCE, Member, Scale, Terms
from dedup.provenance.rulebook import Act, EvidenceClass

STORY = body("sources", 4, 40)


def member(outlet: str, *credited: str) -> Member:
    """Return an article of an outlet whose page credits others."""
    evidence = tuple(
        Evidence("en.credit", Act.CREDIT, EvidenceClass.DECLARED, outlet, name, 3.0, f"Source: {name}")
        for name in credited
    )
    return Member(outlet, outlet, "", None, evidence, frozenset())


def weighed(*members: Member) -> list[dict[str, Terms]]:
    """Return what speaks for each source of each member, all of whose bodies are the same."""
    count = len(members)
    shared = [{other: 100 for other in range(count) if other != place} for place in range(count)]
    scale = Scale(members, Overlaps(shared, [100] * count))
    found = []
    for place in range(count):
        candidates = scale.weigh(place)
        found.append({members[at].id: terms for at, terms in candidates.seen.items()} | candidates.unseen)
    return found


def test_who_names_an_outlet_as_its_source_is_none_of_it() -> None:
    watch, herald, ledger = weighed(member("watch.org"), member("herald.org", "watch.org"), member("ledger.org"))
    # A third article explains some of what the Herald says, but not if the Watch itself goes back to the Herald.
    assert herald["ledger.org"].declared > 0
    assert watch["herald.org"].declared == pytest.approx(-herald["ledger.org"].declared)
    assert watch["ledger.org"].declared == ledger["watch.org"].declared == 0.0


def test_of_two_articles_a_credit_counts_once() -> None:
    watch, herald = weighed(member("watch.org"), member("herald.org", "watch.org"))
    assert herald["watch.org"].declared == 3.0
    assert watch["herald.org"].declared == 0.0


def test_an_unseen_source_was_missed_only_once() -> None:
    alone, _ = weighed(member("herald.org", "unseen.org"), member("ledger.org"))
    one, other, third = weighed(*(member(f"{name}.org", "unseen.org") for name in ("herald", "ledger", "post")))
    assert one["unseen.org"] == other["unseen.org"] == third["unseen.org"]
    assert one["unseen.org"].text > alone["unseen.org"].text


def test_whom_others_name_had_it_from_nobody_the_likelier() -> None:
    members = member("watch.org"), member("herald.org", "watch.org"), member("ledger.org", "watch.org")
    scale = Scale(members, Overlaps([{1: 9, 2: 9}, {0: 9, 2: 9}, {0: 9, 1: 9}], [9, 9, 9]))
    assert [scale.weigh(place).none.declared for place in range(3)] == [
        2 * NAMED_AS_SOURCE,
        -NAMES_A_SOURCE,
        -NAMES_A_SOURCE,
    ]


@pytest.mark.parametrize("kind", [SEEN, UNDETERMINED, UNSEEN])
@pytest.mark.parametrize("to_the_minute", [0.0, 1.0])
@pytest.mark.parametrize("naming", [0.0, 1.0])
def test_what_the_tree_is_surer_of_is_called_more_probable(kind: str, to_the_minute: float, naming: float) -> None:
    known = defaultdict(float, {"to the minute": to_the_minute, "naming": naming})
    shares = []
    for odds in range(-6, 7):
        known["odds"] = odds
        shares.append(calibrated(kind, known))
    assert all(one < other for one, other in pairwise(shares))


def test_of_directions_none_is_preferred() -> None:
    assert calibrated(DIRECTION, {"odds": 0.0}) == 0.5
    assert 0.5 < calibrated(DIRECTION, {"odds": 1.0}) == pytest.approx(1.0 - calibrated(DIRECTION, {"odds": -1.0}))


def test_log_odds_are_added_up() -> None:
    weighed = [Coefficient(["size"], 0.5), Coefficient(["size", "naming"], -2.0), Coefficient([], log(3))]
    assert probability(weighed, {"size": 2.0, "naming": 0.25}) == pytest.approx(0.75)


def test_a_source_and_its_alternatives_share_one_probability() -> None:
    pages = [
        Article(f"{name}-1", STORY, url=f"https://{name}.org/1", outlet=name, published=f"2021-03-0{day}")
        for name, day in (("watch", 1), ("herald", 1), ("ledger", 4), ("post", 4))
    ]
    (family,) = dedup.scan(pages).families
    for edge in family.republications:
        whole = edge.p_parent + sum(share for _, share in edge.alternatives)
        assert 0.0 < whole <= 1.0 + 1e-9
        assert edge.source not in {source for source, _ in edge.alternatives}


def test_what_is_shipped_says_how_it_was_fitted() -> None:
    shipped = json.loads((ROOT / "dedup" / "provenance" / "calibration.json").read_text(encoding="utf-8"))
    assert set(shipped["log_odds"]) == set(KINDS)
    assert shipped["fitted"] and all((ROOT / script).exists() for script in shipped["fitted"])


@pytest.mark.parametrize("credited", [True, False])
def test_what_would_flip_a_source_does_so_when_it_is_gone(credited: bool) -> None:
    credit = "\n\nThis article was originally published by [Herald](https://herald.org/1)." if credited else ""
    pages = [
        Article(f"{name}-1", text, url=f"https://{name}.org/1", outlet=name, published=f"2021-03-{day}T09:00:00Z")
        for name, text, day in (("herald", STORY, "01"), ("watch", STORY, "05"), ("ledger", STORY + credit, "06"))
    ]
    (family,) = dedup.scan(pages).families
    (edge,) = (edge for edge in family.republications if edge.copy == "ledger-1")
    told = ("herald-1", (("declared", "watch-1"),)) if credited else ("watch-1", ())
    assert (edge.source, edge.flips_if) == told
