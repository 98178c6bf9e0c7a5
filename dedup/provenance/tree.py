"""Which tree of sources fits best?

Nodes are numbered; node 0 is the root ("no source is known"). Scores are log-likelihoods of "child took it from
parent", by child and then by parent; pairs without a score cannot be edges, and the root has no parent.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

Scores = Sequence[Mapping[int, float]]
# A parent and its child.
_Edge = tuple[int, int]
# A way into a node: what it costs, its parent and its child.
_Way = tuple[int, int, int]

ROOT = 0

# Scores are compared as whole numbers of so many to a nat. Trees that are equally good are so however their scores are
# added up, and whatever the last bits of a logarithm are on a machine.
_UNITS = 2.0**30


def best_tree(scores: Scores) -> dict[int, int]:
    """Return the parent of each node but the root in the spanning arborescence of greatest total score (Chu and Liu
    1965, Edmonds 1967): each node's best edge is taken, circles are drawn together into one node, and so on until
    there is none. Every node must be reachable from the root; of equal trees the one of lower parents is returned.
    """
    nodes = len(scores)
    circles = _Circles(scores)
    settled = [True] + [False] * (2 * nodes)
    for start in range(1, nodes):
        path: list[int] = []
        open_path: set[int] = set()
        node = circles.top(start)
        while not settled[node]:
            if node in open_path:
                circle = [path.pop()]
                while circle[-1] != node:
                    circle.append(path.pop())
                open_path.difference_update(circle)
                node = circles.drawn_together(circle)
            path.append(node)
            open_path.add(node)
            node = circles.top(circles.entry[node][0])
        for node in path:
            settled[node] = True
    return circles.opened()


class _Circles:
    """Nodes and the circles they were drawn together into, which are nodes too: `entry` is the best edge into each.

    The ways into a circle are the heaps of its nodes made one, the smaller put into the larger (Tarjan 1977), and
    each costs what it costs more than the edge it would replace.
    """

    def __init__(self, scores: Scores) -> None:
        self._costs = [{parent: round(-score * _UNITS) for parent, score in into.items()} for into in scores]
        self.entry: list[_Edge] = [(ROOT, ROOT)]
        for child in range(1, len(scores)):
            into = self._costs[child]
            _, parent = min(zip(into.values(), into, strict=True))
            self.entry.append((parent, child))
        self._ways: dict[int, list[_Way]] = {}
        self._top = list(range(len(scores)))
        self._members: dict[int, list[int]] = {}
        self._home: dict[int, int] = {}

    def top(self, node: int) -> int:
        """Return the outermost circle a node is in, or the node itself."""
        top = self._top
        while top[node] != node:
            top[node] = node = top[top[node]]
        return node

    def drawn_together(self, circle: list[int]) -> int:
        """Return the new node that stands for a circle of outermost nodes."""
        made = len(self._top)
        self._top.append(made)
        self._members[made] = circle
        for node in circle:
            self._top[node] = self._home[node] = made
        heaps = sorted((self._heap(node) for node in circle), key=len)
        ways = heaps.pop()
        best = ways[0][0]
        for heap in heaps:
            dearer = best - heap[0][0]
            for cost, parent, child in heap:
                heappush(ways, (cost + dearer, parent, child))
        while self.top(ways[0][1]) == made:
            heappop(ways)
        self._ways[made] = ways
        self.entry.append((ways[0][1], ways[0][2]))
        return made

    def _heap(self, node: int) -> list[_Way]:
        """Return the ways into a node, the cheapest first; those of a circle are handed over."""
        if node in self._ways:
            return self._ways.pop(node)
        ways = [(cost, parent, node) for parent, cost in self._costs[node].items()]
        heapify(ways)
        return ways

    def opened(self) -> dict[int, int]:
        """Return the parents of all nodes but the root: each circle is opened where its entry leads into it."""
        parents = {}
        pending = [node for node in range(1, len(self._top)) if node not in self._home]
        while pending:
            outer = pending.pop()
            parent, node = self.entry[outer]
            parents[node] = parent
            while node != outer:
                circle = self._home[node]
                pending += [other for other in self._members[circle] if other != node]
                node = circle
        return parents
