"""A tree as it is drawn: on which row each node lies, what it hangs from, what stands behind its leaves.

A figure of this kind has matrices with a row for each level and a column for each place. The first says at which place
of the level above a node has its parent, -1 where there is no node; what it says in the first level is of no matter.
The second has the numbers that are written at the nodes, the third those that are written behind the leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.numbers import brief

NOTHING = -1
MOST_LEVELS = 100
MOST_NODES = 1_000
_NODE = "o"  # where there is nothing to write at a node


@dataclass(frozen=True)
class Node:
    """A node: its level and its row, what is written at it, and the rows of its children, from top to bottom.

    `above`: the row of its parent, None for a root; `last`: no child of its parent lies below it.
    """

    level: int
    row: int
    text: str
    children: tuple[int, ...]
    above: int | None
    last: bool


@dataclass(frozen=True)
class TreeChart:
    """A tree from left to right: each leaf has a row, and each other node lies on the row of its first child.

    `ends` has for each row what stands behind its leaf, and `leaves` the nodes from the root to it.
    """

    title: str
    nodes: tuple[Node, ...]
    ends: tuple[str, ...]
    leaves: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        """How many rows, or leaves, there are."""
        return len(self.ends)

    @property
    def levels(self) -> int:
        """How many levels have nodes."""
        return max((node.level + 1 for node in self.nodes), default=0)


def fault(parents: Array) -> str:
    """Return what keeps a matrix from being the parents of a tree, as a sentence; "" where nothing does."""
    count = int((parents >= 0).sum())
    if len(parents) > MOST_LEVELS or count > MOST_NODES:
        return (
            f"A tree has at most {MOST_LEVELS} levels and {MOST_NODES:,} nodes; this has {len(parents)} and {count:,}."
        )
    for level, row in enumerate(parents):
        for place, parent in enumerate(row):
            at = f"[{level}, {place}]"
            if not np.isfinite(parent) or parent % 1 or parent < NOTHING:
                return (
                    f"At {at} is {brief(float(parent))}; expected the place of a parent, or -1 where there is no node."
                )
            if level and parent >= 0 and (parent >= len(row) or parents[level - 1, int(parent)] < 0):
                return f"At {at} is {int(parent)}, and there is no node at that place of the level above."
    return ""


def tree_chart(figure: Figure) -> TreeChart:
    """Return how a tree is drawn; its first item has no fault."""
    parents = figure.items[0].values
    texts, ends = (figure.items[at].values if len(figure.items) > at else None for at in (1, 2))
    children = _children(parents)
    nodes: list[Node] = []
    behind: list[str] = []
    paths: list[tuple[str, ...]] = []

    def put(level: int, place: int, above: int | None, last: bool, path: tuple[str, ...]) -> int:
        row = len(behind)
        text = _NODE if texts is None else brief(float(texts[level, place]))
        path = (*path, text)
        below = children.get((level, place), [])
        at = len(nodes)
        nodes.append(Node(level, row, text, (), above, last))
        rows = tuple(put(level + 1, child, row, child == below[-1], path) for child in below)
        nodes[at] = Node(level, row, text, rows, above, last)
        if not below:
            behind.append("" if ends is None else brief(float(ends[level, place])))
            paths.append(path)
        return row

    for place in _nodes(parents[0]) if len(parents) else ():
        put(0, place, None, True, ())
    return TreeChart(figure.title, tuple(nodes), tuple(behind), tuple(paths))


def _nodes(row: Array) -> Sequence[int]:
    return [place for place, parent in enumerate(row) if parent >= 0]


def _children(parents: Array) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for level in range(1, len(parents)):
        for place in _nodes(parents[level]):
            found.setdefault((level - 1, int(parents[level, place])), []).append(place)
    return found
