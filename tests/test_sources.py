"""What speaks for a source, how the tree is chosen, and how often an edge of such a probability is right."""

import json
from itertools import pairwise

import pytest
from places import ROOT
from prose import body

import dedup
from dedup.article import Article
from dedup.provenance import calibration
from dedup.provenance.calibration import SEEN, UNDETERMINED, UNSEEN, interpolated, parent_probability
from dedup.provenance.evidence import Evidence
from dedup.provenance.model import Overlaps
from dedup.provenance.parents import NAMED_AS_SOURCE, Member, Scale, Terms
from dedup.provenance.rulebook import Act, EvidenceClass

KNOTS = json.loads((ROOT / "dedup" / "provenance" / "calibration.json").read_text(encoding="utf-8"))["p_parent"]
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
    assert [scale.weigh(place).none.declared for place in range(3)] == [2 * NAMED_AS_SOURCE, 0.0, 0.0]


@pytest.mark.parametrize("kind", [SEEN, UNDETERMINED, UNSEEN])
def test_a_surer_edge_is_never_called_less_probable(kind: str) -> None:
    told = [parent_probability(marginal / 100, kind) for marginal in range(101)]
    assert told[0] == 0.0
    assert all(one <= other for one, other in pairwise(told))
    assert told[-1] < 1.0


@pytest.mark.parametrize("kind", KNOTS)
def test_the_knots_are_met(kind: str) -> None:
    for marginal, came_true in zip(KNOTS[kind]["marginal"], KNOTS[kind]["came_true"], strict=True):
        assert parent_probability(marginal, kind) == pytest.approx(came_true)


def test_between_the_knots_it_is_straight() -> None:
    curve = ([0.2, 0.6], [0.4, 0.8])
    assert [interpolated(curve, at) for at in (0.0, 0.1, 0.2, 0.4, 0.6, 1.0)] == pytest.approx(
        [0.0, 0.2, 0.4, 0.6, 0.8, 0.8]
    )


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
    assert set(KNOTS) == {SEEN, UNDETERMINED, UNSEEN}
    fitted = json.loads((ROOT / "dedup" / "provenance" / "calibration.json").read_text(encoding="utf-8"))["fitted"]
    assert (ROOT / fitted["script"]).exists()
    assert calibration.__doc__ is not None
