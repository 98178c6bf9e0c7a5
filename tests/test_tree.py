"""The tree of sources: against an enumeration of all spanning arborescences."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import exp, isfinite, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.provenance.tree import Edge, best_tree, marginals

Tree = dict[int, int]


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
