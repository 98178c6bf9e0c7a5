"""The tree of sources: against an enumeration of all spanning arborescences."""

import random
from collections.abc import Iterator, Mapping
from itertools import product
from math import exp, isfinite, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.provenance import marginals as bounded
from dedup.provenance import tree as trees

Tree = dict[int, int]
Edge = tuple[int, int]


def by_child(nodes: int, scores: Mapping[Edge, float]) -> list[dict[int, float]]:
    """Return scores as the package takes them: of each child, by parent."""
    return [{parent: score for (parent, c), score in scores.items() if c == child} for child in range(nodes)]


def best_tree(nodes: int, scores: Mapping[Edge, float]) -> Tree:
    return trees.best_tree(by_child(nodes, scores))


def marginals(nodes: int, scores: Mapping[Edge, float]) -> dict[Edge, float]:
    shares = _core.marginals(by_child(nodes, scores))
    return {(parent, child): share for child, into in enumerate(shares) for parent, share in into.items()}


def all_trees(nodes: int, scores: Mapping[Edge, float]) -> Iterator[Tree]:
    """Yield every choice of parents from which each node's path leads to the root."""
    for chosen in product(range(nodes), repeat=nodes - 1):
        parents = dict(enumerate(chosen, start=1))
        if all((parent, child) in scores for child, parent in parents.items()):
            above = set(parents)
            for _ in range(nodes):
                above = {parents[node] for node in above if node}
            if not above - {0}:
                yield parents


def total(tree: Tree, scores: Mapping[Edge, float]) -> float:
    return sum(scores[parent, child] for child, parent in tree.items())


def enumerated(nodes: int, scores: Mapping[Edge, float]) -> dict[Edge, float]:
    """Return each edge's share of the weight of all trees, by adding them up."""
    trees = [(tree, total(tree, scores)) for tree in all_trees(nodes, scores)]
    top = max(score for _, score in trees)
    whole = sum(exp(score - top) for _, score in trees)
    return {edge: sum(exp(score - top) for tree, score in trees if tree[edge[1]] == edge[0]) / whole for edge in scores}


@st.composite
def graphs(draw: st.DrawFn, most: int = 5, spread: float = 10.0) -> tuple[int, dict[Edge, float]]:
    """Draw a graph in which the root reaches every node, as it does in a family."""
    nodes = draw(st.integers(2, most))
    score = st.floats(-spread, spread)
    kept = {(0, child): draw(score) for child in range(1, nodes)}
    for parent, child in product(range(1, nodes), repeat=2):
        if parent != child and draw(st.booleans()):
            kept[parent, child] = draw(score)
    return nodes, kept


def test_the_enumeration_finds_cayleys_count() -> None:
    # (n + 1)^(n - 1) trees on n labelled nodes and a root (Cayley 1889).
    for nodes in range(2, 6):
        scores = {(p, c): 0.0 for p, c in product(range(nodes), range(1, nodes)) if p != c}
        assert len(list(all_trees(nodes, scores))) == nodes ** (nodes - 2)


@pytest.mark.parametrize(
    ("nodes", "scores", "tree"),
    [
        (1, {}, {}),
        (2, {(0, 1): -5.0}, {1: 0}),
        (3, {(0, 1): 0.0, (0, 2): 0.0, (1, 2): 1.0}, {1: 0, 2: 1}),
        # Each is the other's best source: the circle opens where it costs least.
        (3, {(0, 1): 0.0, (0, 2): 1.0, (1, 2): 5.0, (2, 1): 5.0}, {1: 2, 2: 0}),
        (3, {(0, 1): 0.0, (0, 2): 1.0, (1, 2): 9.0, (2, 1): 5.0}, {1: 0, 2: 1}),
        # A circle of three, entered from outside by way of a fourth.
        (
            5,
            {
                (0, 1): -9.0,
                (0, 2): -9.0,
                (0, 3): -9.0,
                (0, 4): 0.0,
                (4, 2): -1.0,
                (1, 2): 3.0,
                (2, 3): 3.0,
                (3, 1): 3.0,
            },
            {4: 0, 2: 4, 3: 2, 1: 3},
        ),
    ],
)
def test_best_tree(nodes: int, scores: dict[Edge, float], tree: Tree) -> None:
    assert best_tree(nodes, scores) == tree


@given(graphs())
def test_no_tree_is_better_than_the_best(graph: tuple[int, dict[Edge, float]]) -> None:
    nodes, scores = graph
    tree = best_tree(nodes, scores)
    assert tree in list(all_trees(nodes, scores))
    assert total(tree, scores) == pytest.approx(max(total(t, scores) for t in all_trees(nodes, scores)))


@given(graphs(spread=300.0))
def test_the_best_tree_of_far_apart_scores(graph: tuple[int, dict[Edge, float]]) -> None:
    nodes, scores = graph
    best = max(total(t, scores) for t in all_trees(nodes, scores))
    assert total(best_tree(nodes, scores), scores) == pytest.approx(best)


@given(graphs())
def test_marginals_are_shares_of_all_trees(graph: tuple[int, dict[Edge, float]]) -> None:
    assert marginals(*graph) == pytest.approx(enumerated(*graph), abs=1e-6)


@given(graphs(spread=30.0))
def test_marginals_of_circles_that_hardly_anything_leaves(graph: tuple[int, dict[Edge, float]]) -> None:
    assert marginals(*graph) == pytest.approx(enumerated(*graph), abs=1e-6)


@given(graphs(spread=350.0))
def test_marginals_stay_finite_however_far_scores_are_apart(graph: tuple[int, dict[Edge, float]]) -> None:
    nodes, scores = graph
    shares = marginals(nodes, scores)
    assert all(0.0 <= share <= 1.0 for share in shares.values())
    for child in range(1, nodes):
        assert sum(share for (_, c), share in shares.items() if c == child) == pytest.approx(1.0)


@given(graphs(most=9))
def test_the_marginals_of_a_child_sum_to_one(graph: tuple[int, dict[Edge, float]]) -> None:
    nodes, scores = graph
    found = marginals(nodes, scores)
    assert all(0.0 <= share <= 1.0 for share in found.values())
    for child in range(1, nodes):
        assert sum(share for (_, c), share in found.items() if c == child) == pytest.approx(1.0, abs=1e-6)


@given(graphs(), st.integers(1, 4), st.floats(-40.0, 40.0))
def test_what_holds_for_all_sources_of_a_child_changes_no_share(
    graph: tuple[int, dict[Edge, float]], child: int, more: float
) -> None:
    nodes, scores = graph
    moved = {edge: score + more * (edge[1] == child) for edge, score in scores.items()}
    assert marginals(nodes, moved) == pytest.approx(marginals(nodes, scores), abs=1e-6)


@pytest.mark.parametrize(
    ("scores", "edge", "share"),
    [
        ({(0, 1): 3.0}, (0, 1), 1.0),
        ({(0, 1): 0.0, (0, 2): 0.0, (1, 2): log(3)}, (1, 2), 0.75),
        # Three trees of equal weight; in one of them 1 comes from 2.
        ({(0, 1): 0.0, (0, 2): 0.0, (1, 2): 0.0, (2, 1): 0.0}, (2, 1), 1 / 3),
        # Each is by 60 nats the other's best source: which of them has none is decided by 2 to 1.
        ({(0, 1): log(2), (0, 2): 0.0, (1, 2): 60.0, (2, 1): 60.0}, (1, 2), 2 / 3),
        # Without a circle a single best source is all but sure.
        ({(0, 1): 0.0, (0, 2): -60.0, (1, 2): 0.0}, (1, 2), 1.0),
        ({(0, 1): 0.0, (0, 2): 0.0, (1, 2): -700.0}, (1, 2), 0.0),
    ],
)
def test_marginals(scores: dict[Edge, float], edge: Edge, share: float) -> None:
    assert marginals(max(child for _, child in scores) + 1, scores)[edge] == pytest.approx(share, abs=1e-9)


@given(st.lists(st.floats(-700.0, 700.0), min_size=3, max_size=8), st.data())
def test_far_apart_scores_without_circles_stay_finite(roots: list[float], data: st.DataObject) -> None:
    scores = {(0, child): score for child, score in enumerate(roots, start=1)}
    scores |= {
        (parent, child): data.draw(st.floats(-700.0, 700.0))
        for parent, child in product(range(1, len(roots) + 1), repeat=2)
        if parent < child
    }
    shares = marginals(len(roots) + 1, scores)
    assert all(isfinite(share) for share in shares.values())
    for child in range(1, len(roots) + 1):
        options = {parent: scores[parent, child] for parent in range(child)}
        top = max(options.values())
        whole = sum(exp(score - top) for score in options.values())
        assert shares[0, child] == pytest.approx(exp(options[0] - top) / whole, abs=1e-6)


def test_a_long_circle_costs_no_more_than_its_edges() -> None:
    # Each node's best source is the next one, and every circle but the last is entered through another.
    nodes = 20_000
    scores = [{0: -50.0 - child % 7, child % (nodes - 1) + 1: -1.0, (child - 2) % (nodes - 1) + 1: -1.5}
              if child else {} for child in range(nodes)]  # fmt: skip
    tree = trees.best_tree(scores)
    assert sorted(tree) == list(range(1, nodes))
    assert sum(parent == 0 for parent in tree.values()) == 1


@given(graphs())
def test_groups_are_what_reaches_each_other(graph: tuple[int, dict[Edge, float]]) -> None:
    nodes, scores = graph
    reached = {(p, c) for p, c in scores if p} | {(node, node) for node in range(1, nodes)}
    for via, one, other in product(range(1, nodes), repeat=3):
        if (one, via) in reached and (via, other) in reached:
            reached.add((one, other))
    expected = {frozenset(o for o in range(1, nodes) if {(n, o), (o, n)} <= reached) for n in range(1, nodes)}
    assert {frozenset(group) for group in _core.groups(by_child(nodes, scores))} == expected


def large_family(nodes: int) -> list[dict[int, float]]:
    """Return scores of a family in which everybody may have taken it from twelve others, most likely earlier ones."""
    chooser = random.Random(7)
    scores: list[dict[int, float]] = [{}]
    for child in range(1, nodes):
        others = set(chooser.sample(range(1, nodes), 12)) - {child}
        found = {0: chooser.uniform(-14.0, -8.0)}
        scores.append(found | {p: chooser.uniform(-5.0, 0.0) - 7.0 * (p > child) for p in sorted(others)})
    return scores


def test_a_family_that_is_too_large_is_weighed_nearly_as_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = large_family(300)
    tree = trees.best_tree(scores)
    right, none = bounded.bounded_marginals(scores, tree)
    assert none == 0
    assert right == _core.marginals(scores)
    monkeypatch.setattr(bounded, "MOST_TOGETHER", 50)
    near, aside = bounded.bounded_marginals(scores, tree)
    assert 0 < aside < sum(map(len, scores))
    assert [sorted(into) for into in near] == [sorted(into) for into in scores]
    assert all(sum(into.values()) == pytest.approx(1.0) for into in near[1:])
    off = [abs(right[child][p] - share) for child, into in enumerate(near) for p, share in into.items()]
    assert sum(off) / len(off) < 0.005


def test_marginals_are_those_of_the_inverse() -> None:
    # Koo et al. 2007, equation 9: by the inverse of the Laplacian that has the weights of the root on its diagonal.
    scores = large_family(120)
    weights = np.zeros((len(scores), len(scores)))
    for child, into in enumerate(scores):
        for parent, score in into.items():
            weights[parent, child] = exp(score)
    laplacian = np.diag(weights.sum(axis=0)[1:]) - weights[1:, 1:]
    inverse = np.linalg.inv(laplacian)
    for child, into in enumerate(_core.marginals(scores)[1:], start=1):
        for parent, share in into.items():
            back = inverse[child - 1, parent - 1] if parent else 0.0
            told = weights[parent, child] * (inverse[child - 1, child - 1] - back)
            assert share == pytest.approx(told, abs=1e-8)


def test_equally_likely_sources_are_equal_to_the_last_bit() -> None:
    # Three copies that nothing tells apart, each from any of the others or from a fourth.
    names = range(1, 5)
    scores = [{}, *({0: -3.1} | {parent: 0.7 for parent in names if parent != child} for child in names)]
    shares = _core.marginals(scores)
    assert len({share for into in shares[1:] for parent, share in into.items() if parent}) == 1


@given(graphs(spread=3.0), st.data())
def test_last_bits_of_scores_choose_no_tree(graph: tuple[int, dict[Edge, float]], data: st.DataObject) -> None:
    nodes, scores = graph
    whole = {edge: float(round(score)) for edge, score in scores.items()}
    blurred = {edge: score + data.draw(st.floats(-1e-13, 1e-13)) for edge, score in whole.items()}
    assert best_tree(nodes, blurred) == best_tree(nodes, whole)
